"""The doors: lock the seat, decide, write, so that every scan is kept and each door is passed once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.engines.passes.errors import PassError, WrongTripError
from fourdoors.engines.passes.short_code import read_short_code
from fourdoors.engines.passes.token import PREFIX, read_pass
from fourdoors.kernel.divisions import county_of
from fourdoors.kernel.errors import RuleError
from fourdoors.store.scope import aboard
from fourdoors.travel.models import Pass, Passage, Seat, Trip
from fourdoors.travel.rules import BLANKS, PASSING, Door, ScanFacts, TripState, Verdict, verdict_of
from fourdoors.travel.selectors import verifying_keys
from fourdoors.travel.services.errors import NoPassError, PassUnknownError, ScanNumberReusedError
from fourdoors.travel.services.rights import AT_DOORS, need_of_trip
from fourdoors.travel.services.seats import locked_seat


@dataclass(frozen=True)
class Scan:
    """What a door answers to a code.

    Attributes:
        verdict: None where the code could not be read at all.
        passage: the row that was written (or was there); None where the code belongs to no seat of the trip.
        refusal: why there is no row.
    """

    verdict: Verdict | None
    passage: Passage | None = None
    refusal: RuleError | None = None


@transaction.atomic
def scan(  # noqa: PLR0913 (what a scan is, and who answers it)
    *,
    trip: Trip,
    door: Door,
    text: str,
    device: str,
    device_sequence: int,
    device_at: datetime,
    scanned_by: Officer | None,
    at: datetime,
    through: Callable[..., Passage] | None = None,
) -> Scan:
    """Read a code at a door of a trip and answer it; a code that is refused leaves a deed in the trail.

    The signature is verified before anything in the pass is believed; a short code is looked up among the
    passes of this trip alone. What a door answers is never an error: the person stands there.

    Args:
        trip: at whose door it is; the caller has found it among the officer's own.
        door: which one.
        text: what the camera read or the leader typed.
        device: name of the device, up to 40 characters.
        device_sequence: number of the scan on this device; the same one twice is one scan.
        device_at: when it was made, by the device's clock.
        scanned_by: who holds the device.
        at: when it reached us.
        through: what lets the rider through instead of ``pass_door``, with the same arguments: a later step
            does more at its door (``employment.services.enter_factory`` at the fourth).

    Raises:
        NotYourDutyError: the doors of this trip are not this officer's.
        ScanNumberReusedError: the device gave this number to another scan.
    """
    need_of_trip(scanned_by, AT_DOORS, trip)
    try:
        carried = read_code(trip=trip, text=text, at=min(device_at, at))
    except (PassError, PassUnknownError) as refusal:
        record_deed(
            officer=scanned_by, action="travel.scan_refused", at=at, county=county_of(trip.home),
            object_id=trip.pk, door=int(door), code=refusal.code, device=device, sequence=device_sequence,
        )  # fmt: skip
        wrong = Verdict.WRONG_TRIP if isinstance(refusal, WrongTripError) else None
        return Scan(verdict=wrong, refusal=refusal)
    passage = (through or pass_door)(
        seat=carried.seat, door=door, device=device, device_sequence=device_sequence, device_at=device_at,
        scanned_by=scanned_by, at=at, carried=carried,
    )  # fmt: skip
    return Scan(verdict=Verdict(passage.verdict), passage=passage)


def read_code(*, trip: Trip, text: str, at: datetime) -> Pass:
    """Return the pass that a code names, live or revoked.

    Raises:
        PassError: not one of our codes, forged, out of its time, or of another trip.
        PassUnknownError: a good code, but no pass of this trip.
    """
    typed = text.strip(BLANKS)
    if typed.startswith(PREFIX):
        claims = read_pass(typed, keys=verifying_keys(), trip=trip.pk, at=at)
        named: dict[str, object] = {"pass_number": claims.pass_id}
    else:
        named = {"short_code": read_short_code(typed)}
    with aboard(trip.pk):
        found = Pass.objects.select_related("seat").filter(trip=trip, **named).first()
    if found is None or at >= found.expires_at:
        raise PassUnknownError(trip=trip.number)
    return found


@transaction.atomic
def pass_door(  # noqa: PLR0913 (what a scan is, and who answers it)
    *,
    seat: Seat,
    door: Door,
    device: str,
    device_sequence: int,
    device_at: datetime,
    scanned_by: Officer | None,
    at: datetime,
    carried: Pass | None = None,
    is_uploaded: bool = False,
) -> Passage:
    """Answer a rider at a door, and keep the answer as a row whatever it is.

    The seat is locked before anything is decided: of two devices at the same moment one records the passing,
    the other hears that the rider was scanned before. A scan sent twice is one row, with its first answer.
    Everything is judged as it was when the scan was made, so that late and unordered scans end in one state.

    Args:
        seat: whose pass it is.
        door: which door.
        device: name of the device.
        device_sequence: number of the scan on this device.
        device_at: when it was made, by the device's clock; never later than ``at``.
        scanned_by: who holds the device.
        at: when it reached us.
        carried: the very pass that was shown; else the newest of the seat.
        is_uploaded: a phone without a network has let the rider pass: a departure that was not written down
            is the desk's omission, and keeps nobody outside.

    Returns:
        The row; ``Verdict(row.verdict).passes`` tells whether the door is passed by it.

    Raises:
        NoPassError: the rider was never given a pass.
        ScanNumberReusedError: the device gave this number to a scan of another rider or door.
    """
    made_at = min(device_at, at)
    with aboard(seat.trip_id):
        seat = locked_seat(seat)
        known = Passage.objects.filter(device=device, device_sequence=device_sequence).first()
        if known is not None:
            return _the_same(known, seat, door)
        shown = carried or Pass.objects.filter(seat=seat).order_by("-issued_at", "-pk").first()
        if shown is None:
            raise NoPassError(seat=seat.number)
        passage = Passage(
            village=seat.village, county=seat.county, trip_id=seat.trip_id, leg_id=seat.leg_id, seat=seat,
            carried_by=shown, door=door, verdict=verdict_of(_facts(seat, shown, door, made_at, is_uploaded)),
            device=device, device_sequence=device_sequence, device_at=made_at, received_at=at,
            scanned_by=scanned_by,
        )  # fmt: skip
        written = _written(passage)
        record_deed(
            officer=scanned_by, action="travel.door_passed", at=at, county=seat.county,
            object_id=seat.trip_id, seat=seat.pk, door=int(door), verdict=written.verdict,
        )  # fmt: skip
        return written


def _facts(seat: Seat, shown: Pass, door: Door, made_at: datetime, is_uploaded: bool) -> ScanFacts:  # noqa: FBT001 (a fact among facts)
    trip = seat.trip
    passings = Passage.objects.filter(seat=seat, verdict__in=PASSING)
    fresh = Pass.objects.get(pk=shown.pk)  # read again under the lock: it may have been revoked since
    return ScanFacts(
        door=door,
        passed=frozenset(map(Door, passings.values_list("door", flat=True))),
        state=_state_at(trip, made_at),
        right_leg=shown.leg_id == seat.leg_id,
        seat_held=_is_before(made_at, seat.given_up_at) and _consent_holds(seat, made_at),
        pass_live=_is_before(made_at, fresh.revoked_at),
        after_departure=trip.departed_at is not None and made_at > trip.departed_at,
        state_certain=not is_uploaded,
    )


def _is_before(made_at: datetime, ended_at: datetime | None) -> bool:
    return ended_at is None or made_at < ended_at


def _state_at(trip: Trip, made_at: datetime) -> TripState:
    """Return the state of a trip when a scan was made: what ended later had not ended then."""
    if trip.state == TripState.CLOSED and _is_before(made_at, trip.closed_at):
        return TripState.DEPARTED
    return TripState(trip.state)


def _consent_holds(seat: Seat, made_at: datetime) -> bool:
    """Ask the database, which answers yes or no: nobody at a door reads the register."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT travel_consent_holds(%s, %s)", [seat.consent_id, made_at])
        (holds,) = cursor.fetchone() or (False,)
    return bool(holds)


def _written(passage: Passage) -> Passage:
    """Insert the row, or find that the same scan was quicker on another connection."""
    Passage.objects.bulk_create([passage], ignore_conflicts=True)
    named = Passage.objects.filter(device=passage.device, device_sequence=passage.device_sequence)
    row = named.filter(seat=passage.seat_id, door=passage.door).first()
    if row is None:
        raise ScanNumberReusedError(device=passage.device, number=passage.device_sequence)
    return row


def _the_same(known: Passage, seat: Seat, door: Door) -> Passage:
    if (known.seat_id, known.door) != (seat.pk, door):
        raise ScanNumberReusedError(device=known.device, number=known.device_sequence)
    return known
