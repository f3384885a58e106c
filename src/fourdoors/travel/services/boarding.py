"""A rider more on a coach that is planned: the seat is given one by one, with everything a plan asks."""

from datetime import date, datetime

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import Duty
from fourdoors.accounts.services import record_deed
from fourdoors.engines.routing.problem import Coach
from fourdoors.engines.routing.problem import LoadRule as EngineLoadRule
from fourdoors.engines.routing.seats import benches
from fourdoors.kernel.divisions import range_of
from fourdoors.placements.models import Placement
from fourdoors.register.models import Worker
from fourdoors.travel.models import Leg, Seat, Trip
from fourdoors.travel.rules import TripState
from fourdoors.travel.services.errors import (
    CertificateAwaitedError,
    CoachFullError,
    NoPlacementError,
    OtherTripError,
    SeatNotForUseError,
    SeatTakenError,
)
from fourdoors.travel.services.planning import phones_to_call, place_of, without_certificate
from fourdoors.travel.services.rights import need_of_trip
from fourdoors.travel.services.trips import locked_trip


def placement_for(*, trip: Trip, worker: Worker) -> Placement:
    """Return the agreement that brings a worker to the factory and day of a trip, locked.

    Raises:
        NoPlacementError: none is open, or the consent to this move was withdrawn.
        CertificateAwaitedError: it waits for a certificate.
    """
    home = range_of(trip.home)
    found = (
        Placement.objects.select_for_update(of=("self",))
        .filter(worker=worker, employer=trip.employer_id, starts_on=trip.report_on, closed_on=None)
        .filter(consent__withdrawn_at=None, village__gte=home.lo, village__lt=home.hi)
        .select_related("employer")
        .order_by("pk")
    )
    placement = next((one for one in found if place_of(one) == trip.place), None)
    if placement is None:
        raise NoPlacementError(trip=trip.number)
    if without_certificate([placement]):
        raise CertificateAwaitedError(trip=trip.number)
    return placement


@transaction.atomic
def take_seat(
    *, trip: Trip, placement: Placement, number: int | None, by: Officer | None, at: datetime
) -> Seat:
    """Give a rider a seat on the first leg of a planned trip; who lives at no stop boards at the county seat.

    The trip is locked: two desks cannot give one seat twice. The database refuses a seat without a live
    consent to this move.

    Args:
        trip: one that is planned and not yet approved.
        placement: as ``placement_for`` returned it.
        number: of the seat; None for the first that is free, on a bench of its own while there is one.
        by: a county officer of the county that sends.
        at: the moment of the deed.

    Raises:
        NotYourDutyError, WrongStateError
        OtherTripError: the rider has a seat already, on another trip.
        CoachFullError: as many ride as the load rule of the day permits.
        SeatNotForUseError: the coach has no such seat, or it is kept free for isolation.
        SeatTakenError: somebody else has it.
    """
    need_of_trip(by, {Duty.COUNTY}, trip)
    trip = locked_trip(trip, TripState.PLANNED)
    held = Seat.objects.filter(placement=placement, given_up_at=None).select_related("trip").first()
    if held is not None:
        raise OtherTripError(trip=held.trip.number)
    leg = Leg.objects.select_related("vehicle").filter(trip=trip).earliest("number")
    seat = Seat.objects.create(
        village=placement.village, county=placement.county, trip=trip, leg=leg, carrier_id=trip.carrier_id,
        employer_id=trip.employer_id, worker_id=placement.worker_id, placement=placement,
        consent_id=placement.consent_id, place=trip.place, number=_free(trip, leg, number),
        shown_name=placement.shown_name, identity_tail=placement.identity_tail,
        phone_cipher=phones_to_call([placement]).get(placement.worker_id),
    )  # fmt: skip
    _record(seat, "travel.seat_taken", by, at)
    return seat


@transaction.atomic
def change_seat(*, seat: Seat, number: int, by: Officer | None, at: datetime) -> Seat:
    """Give a rider of a planned trip another seat; the passes come later.

    Raises:
        NotYourDutyError, WrongStateError, SeatNotForUseError, SeatTakenError
    """
    need_of_trip(by, {Duty.COUNTY}, seat.trip)
    trip = locked_trip(seat.trip, TripState.PLANNED)
    seat.number = None
    seat.save(update_fields=["number"])
    leg = Leg.objects.select_related("vehicle").get(pk=seat.leg_id)
    seat.number = _checked(leg, number, _usable(trip, leg))
    seat.save(update_fields=["number"])
    _record(seat, "travel.seat_changed", by, at)
    return seat


def _usable(trip: Trip, leg: Leg) -> list[tuple[int, ...]]:
    return benches(Coach(key=leg.vehicle_id, seats=leg.vehicle.seats), _rule(trip))


def _rule(trip: Trip) -> EngineLoadRule:
    said = trip.load_rule
    return EngineLoadRule(
        from_on=date.fromisoformat(said["from"]), to_on=None, seat_share=said["seat_share"],
        isolation_rows=said["isolation_rows"], source=said["source"],
    )  # fmt: skip


def _free(trip: Trip, leg: Leg, number: int | None) -> int:
    coach, usable, taken = Coach(key=leg.vehicle_id, seats=leg.vehicle.seats), _usable(trip, leg), _taken(leg)
    if len(taken) >= coach.permitted(_rule(trip)):
        raise CoachFullError(trip=trip.number, permitted=coach.permitted(_rule(trip)))
    if number is not None:
        return _checked(leg, number, usable)
    empty = [seat for bench in usable if not taken.intersection(bench) for seat in bench]
    return next(seat for seat in (*empty, *(it for bench in usable for it in bench)) if seat not in taken)


def _checked(leg: Leg, number: int, usable: list[tuple[int, ...]]) -> int:
    if not any(number in bench for bench in usable):
        raise SeatNotForUseError(seat=number)
    if number in _taken(leg):
        raise SeatTakenError(seat=number)
    return number


def _taken(leg: Leg) -> set[int]:
    numbers = Seat.objects.filter(leg=leg, given_up_at=None).values_list("number", flat=True)
    return {number for number in numbers if number is not None}


def _record(seat: Seat, action: str, by: Officer | None, at: datetime) -> None:
    record_deed(
        officer=by, action=action, at=at, county=seat.county, object_id=seat.trip_id, seat=seat.pk,
        number=seat.number,
    )  # fmt: skip
