"""Passes: one lives for each seat, a new one revokes the old."""

from datetime import datetime, timedelta

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import Duty
from fourdoors.accounts.services import record_deed
from fourdoors.engines.passes.keys import SigningKey
from fourdoors.engines.passes.short_code import short_code
from fourdoors.engines.passes.token import PassClaims, new_pass_id, sign_pass
from fourdoors.kernel.divisions import county_of
from fourdoors.kernel.identity import masked_name
from fourdoors.travel.models import Pass, Seat, Task, Trip
from fourdoors.travel.rules import CHINA, PASS_DAYS_AFTER_ARRIVAL, TaskKind, TripState
from fourdoors.travel.services.errors import SeatGivenUpError
from fourdoors.travel.services.keys import Signs, signing_key
from fourdoors.travel.services.rights import need_of_trip
from fourdoors.travel.services.seats import locked_seat
from fourdoors.travel.services.telling import tell_seat
from fourdoors.travel.services.trips import locked_trip

ISSUER = "fourdoors"


@transaction.atomic
def issue_passes(*, trip: Trip, by: Officer | None, at: datetime) -> list[Pass]:
    """Issue a pass to every rider who has none, tell them, and tick the department's task.

    The trip is locked: two clicks issue once. A pass is good until five days after the planned arrival.

    Returns:
        The new passes.

    Raises:
        NotYourDutyError: not the county that sends.
        WrongStateError: the trip is not approved, or gone.
    """
    need_of_trip(by, {Duty.COUNTY}, trip)
    trip = locked_trip(trip, TripState.APPROVED)
    held = Pass.objects.filter(trip=trip, revoked_at=None).values("seat")
    seats = Seat.objects.filter(trip=trip, given_up_at=None).exclude(pk__in=held)
    key, taken = (
        signing_key(signs=Signs.PASSES, at=at),
        set(Pass.objects.filter(trip=trip).values_list("short_code", flat=True)),
    )
    with_coach = seats.select_related("leg__vehicle", "trip").order_by("number")
    made = [_pass(seat, key, taken, at) for seat in with_coach]
    Pass.objects.bulk_create(made)
    for one in made:
        tell_seat(one, at)
    Task.objects.filter(trip=trip, kind=TaskKind.PASSES_ISSUED, done_at=None).update(done_at=at, done_by=by)
    record_deed(
        officer=by, action="travel.passes_issued", at=at, county=county_of(trip.home), object_id=trip.pk,
        passes=len(made),
    )  # fmt: skip
    return made


@transaction.atomic
def reissue_pass(*, seat: Seat, by: Officer | None, at: datetime) -> Pass:
    """Give a rider a new pass; the lost one opens no door from this moment.

    Raises:
        NotYourDutyError: not the county that sends.
        WrongStateError: the trip is not approved, or handed over.
        SeatGivenUpError: the rider does not travel.
    """
    need_of_trip(by, {Duty.COUNTY}, seat.trip)
    locked_trip(seat.trip, TripState.APPROVED, TripState.DEPARTED)
    seat = locked_seat(seat)
    if seat.given_up_at is not None:
        raise SeatGivenUpError(seat=seat.shown_name)
    Pass.objects.filter(seat=seat, revoked_at=None).update(revoked_at=at)
    taken = set(Pass.objects.filter(trip=seat.trip_id).values_list("short_code", flat=True))
    made = _pass(seat, signing_key(signs=Signs.PASSES, at=at), taken, at)
    made.save(force_insert=True)
    record_deed(
        officer=by, action="travel.pass_reissued", at=at, county=seat.county, object_id=seat.trip_id,
        seat=seat.pk,
    )  # fmt: skip
    return made


def _pass(seat: Seat, key: SigningKey, taken: set[str], at: datetime) -> Pass:
    pass_id = new_pass_id()
    while short_code(pass_id) in taken:
        pass_id = new_pass_id()
    taken.add(short_code(pass_id))
    first, end = at.replace(microsecond=0), _end(seat)
    claims = PassClaims(
        issuer=ISSUER,
        not_before_at=first,
        expires_at=end,
        pass_id=pass_id,
        trip=seat.trip_id,
        leg=seat.leg.number,
        seat=str(seat.number),
        name=_masked(seat.shown_name),
    )
    return Pass(
        village=seat.village,
        county=seat.county,
        seat=seat,
        trip_id=seat.trip_id,
        leg_id=seat.leg_id,
        pass_number=pass_id,
        short_code=short_code(pass_id),
        token=sign_pass(claims, key),
        issued_at=at,
        expires_at=end,
    )


def _end(seat: Seat) -> datetime:
    arrival = seat.leg.arrives_at.astimezone(CHINA).replace(microsecond=0)
    return arrival + timedelta(days=PASS_DAYS_AFTER_ARRIVAL)


def _masked(name: str) -> str:
    """Return the name as a pass may show it: never whole, at most 16 characters."""
    masked = masked_name(name)[:16]
    return masked if "*" in masked else f"{masked[:15]}*"
