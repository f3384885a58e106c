"""From open placements of one employer and day to coaches with stops, seats, drivers and tasks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import Duty
from fourdoors.accounts.services import record_deed
from fourdoors.engines.routing.check import check
from fourdoors.engines.routing.plan import plan
from fourdoors.engines.routing.problem import Coach, CoachPlan, DriverRule, Plan, Problem, Rider
from fourdoors.engines.routing.problem import LoadRule as EngineLoadRule
from fourdoors.engines.routing.times import GreatCircle, Place, TravelTimes
from fourdoors.kernel.divisions import county_of, point_of, range_of
from fourdoors.partners.models import Employer
from fourdoors.placements.models import Placement
from fourdoors.register.models import Certificate, Consent, Membership, Worker
from fourdoors.register.rules import Purpose
from fourdoors.store.copying import reserve_ids
from fourdoors.travel.models import Carrier, Driver, Leg, LegStop, Seat, Task, Trip, Vehicle
from fourdoors.travel.rules import CHINA, LoadRule, TripState, driver_hours_for, load_rule_for, task_rules_on
from fourdoors.travel.services.errors import (
    NobodyToCarryError,
    NoCoachError,
    PlaceUnknownError,
    PlanFaultyError,
    TooFewDriversError,
    TooLateToArriveError,
)
from fourdoors.travel.services.rights import need
from fourdoors.travel.services.roads import travel_times

GATHER = time(7, 0)  # at the county seat, unless the desk says otherwise
REPORT = time(18, 0)  # at the factory gate on the day of reporting, at the latest
MOST_DAYS_ON_THE_WAY = 4


@dataclass(frozen=True)
class TravelPlan:
    """What a planning made, and whom it left out.

    Attributes:
        trips: one coach each, planned and not yet approved.
        waiting: placements that wait for a certificate.
        without_seat: placements for which the carrier has no seat free.
    """

    trips: tuple[Trip, ...]
    waiting: tuple[Placement, ...] = ()
    without_seat: tuple[Placement, ...] = ()


@dataclass(frozen=True)
class _Order:
    """One factory and the people who are to be there on the day."""

    home: int
    employer: Employer
    place: int
    report_on: date
    carrier: Carrier
    risk_zone: bool
    placements: Sequence[Placement] = field(repr=False)

    @property
    def codes(self) -> list[int]:
        """Every place that the coaches go through."""
        return sorted({self.home, self.place} | {placement.village for placement in self.placements})

    def gathers_at(self, days_before: int) -> datetime:
        """Return when the coaches leave the county seat, so many days before reporting."""
        return datetime.combine(self.report_on - timedelta(days=days_before), GATHER, CHINA)

    @property
    def reports_by(self) -> datetime:
        """The last moment at the gate."""
        return datetime.combine(self.report_on, REPORT, CHINA)

    def load_rule(self, departs_on: date) -> LoadRule:
        """Return how full a coach may be."""
        return load_rule_for(
            departs_on=departs_on, home=self.home, place=self.place, risk_zone=self.risk_zone
        )


@transaction.atomic
def plan_trips(
    *,
    home: int,
    employer: Employer,
    report_on: date,
    carrier: Carrier,
    by: Officer | None,
    at: datetime,
    risk_zone: bool = False,
) -> TravelPlan:
    """Plan the coaches that bring a county's people to one employer for one day.

    The placements are locked, in order of number: two desks cannot seat the same person. Who has no live
    consent is not seen at all, and the database refuses a seat without one. Every plan passes the second,
    independent look of ``engines.routing.check`` before a row is written.

    Args:
        home: 12-digit county that sends.
        employer: to whom; people of different work places go in different coaches.
        report_on: the day they report; the coach is there by 18:00.
        carrier: whose coaches and drivers are free is looked up.
        by: the county officer who plans.
        at: the moment of the deed; no coach gathers before it.
        risk_zone: either end is an area of medium or high risk (dated load rules ask it).

    Returns:
        The trips, and by name who waits for a certificate or finds no seat.

    Raises:
        NotYourDutyError: ``by`` is no county officer of this county.
        NobodyToCarryError: no open placement with a consent waits for a seat.
        NoCoachError, TooFewDriversError: the carrier's fleet.
        TooLateToArriveError: no coach that gathers after ``at`` arrives in time.
        PlaceUnknownError: the county or the factory has no position.
        RoadsBrokenError, RoadsIncompleteError: the source of travel times.
        PlanFaultyError: the second look found a breach.
    """
    need(by, {Duty.COUNTY}, home=home)
    open_placements = _waiting_for_a_seat(home, employer, report_on)
    waiting = without_certificate(open_placements)
    ready = [placement for placement in open_placements if placement not in waiting]
    if not ready:
        raise NobodyToCarryError(employer=employer.name, report_on=report_on, waiting=len(waiting))
    trips: list[Trip] = []
    left: list[Placement] = []
    for place, people in groupby(sorted(ready, key=_by_place), key=place_of):
        order = _Order(home, employer, place, report_on, carrier, risk_zone, list(people))
        problem, answer = _planned(order, at)
        trips += [_write_trip(order, problem, ride, by, at) for ride in answer.coaches]
        left += [placement for placement in order.placements if placement.pk in answer.left_behind]
    return TravelPlan(tuple(trips), tuple(waiting), tuple(left))


def _waiting_for_a_seat(home: int, employer: Employer, report_on: date) -> list[Placement]:
    within = range_of(home)
    seated = Seat.objects.filter(given_up_at=None).values("placement")
    found: QuerySet[Placement] = (
        Placement.objects.select_for_update(of=("self",))
        .filter(employer=employer, starts_on=report_on, closed_on=None, consent__withdrawn_at=None)
        .filter(village__gte=within.lo, village__lt=within.hi)
        .exclude(pk__in=seated)
        .select_related("employer")
        .order_by("pk")
    )
    return list(found)


def without_certificate(placements: Iterable[Placement]) -> list[Placement]:
    """Return the placements that wait for a certificate."""
    asked = [placement for placement in placements if placement.certificate_needed]
    workers = [placement.worker_id for placement in asked]
    held = set(Certificate.objects.filter(worker__in=workers).values_list("worker", "occupation"))
    return [p for p in asked if (p.worker_id, p.certificate_needed) not in held]


def place_of(placement: Placement) -> int:
    """Return the factory's place of a placement.

    Raises:
        PlaceUnknownError: nobody said where the work is.
    """
    place = placement.place or placement.employer.place
    if place is None:
        raise PlaceUnknownError(place=placement.employer.name)
    return place


def _by_place(placement: Placement) -> tuple[int, int]:
    return place_of(placement), placement.pk


def _planned(order: _Order, at: datetime) -> tuple[Problem, Plan]:
    """Return the plan that gathers latest and still arrives in time, after the second look at it."""
    times = travel_times([_point(code) for code in order.codes], source=settings.ROADS)
    for days_before in range(MOST_DAYS_ON_THE_WAY + 1):
        gather_at = order.gathers_at(days_before)
        if gather_at <= at:
            break
        problem = _problem(order, gather_at, times)
        answer = plan(problem)
        if all(ride.arrives_at <= order.reports_by for ride in answer.coaches):
            return problem, checked(problem, answer)
    raise TooLateToArriveError(report_on=order.report_on)


def checked(problem: Problem, answer: Plan) -> Plan:
    """Return the plan if the second, independent look finds nothing.

    Raises:
        PlanFaultyError: it found a breach; nobody rides on such a plan.
    """
    if faults := check(problem, answer):
        raise PlanFaultyError(faults=", ".join(sorted({fault.code for fault in faults})))
    return answer


def _problem(order: _Order, gather_at: datetime, times: TravelTimes) -> Problem:
    rule = order.load_rule(gather_at.date())
    gather, factory = _point(order.home), _point(order.place)
    villages = sorted({placement.village for placement in order.placements})
    fleet = _free_coaches(order, gather_at)
    if not fleet:
        raise NoCoachError(carrier=order.carrier.name, report_on=order.report_on)
    return Problem(
        riders=tuple(_riders(order.placements)),
        villages=tuple(_point(village) for village in villages),
        fleet=tuple(Coach(key=vehicle.pk, seats=vehicle.seats) for vehicle in fleet),
        rule=EngineLoadRule(
            from_on=rule.from_on,
            to_on=rule.to_on,
            seat_share=rule.seat_share,
            isolation_rows=rule.isolation_rows,
            source=rule.source,
        ),
        gather=gather,
        gather_at=gather_at,
        trunk_road_km=times.road_km(gather, factory),
        trunk_drive_minutes=None if isinstance(times, GreatCircle) else times.minutes(gather, factory),
        times=times,
        driver_rule=DriverRule(**asdict(driver_hours_for(departs_on=gather_at.date()))),
    )


def _point(code: int) -> Place:
    position = point_of(code)
    if position is None:
        raise PlaceUnknownError(place=code)
    return Place(code=code, lon_degrees=position[0], lat_degrees=position[1])


def _riders(placements: Sequence[Placement]) -> Iterator[Rider]:
    workers = [placement.worker_id for placement in placements]
    members = Membership.objects.filter(worker__in=workers, to_on=None)
    house = dict(members.values_list("worker", "household"))
    for placement in placements:
        yield Rider(key=placement.pk, village=placement.village, household=house.get(placement.worker_id))


def _free_coaches(order: _Order, gather_at: datetime) -> list[Vehicle]:
    away = _away(order.carrier.pk, gather_at, order.reports_by)
    return list(Vehicle.objects.filter(carrier=order.carrier).exclude(pk__in=away.values("vehicle")))


def _away(carrier: int, from_at: datetime, to_at: datetime) -> QuerySet[Leg]:
    """Return the legs whose coach and drivers are away then; the way back takes as long as the way."""
    legs = Leg.objects.filter(trip__carrier=carrier).exclude(trip__state=TripState.CANCELLED)
    back_at = F("arrives_at") + (F("arrives_at") - F("departs_at"))
    return legs.alias(back_at=back_at).filter(back_at__gt=from_at, departs_at__lt=to_at + (to_at - from_at))


def _write_trip(order: _Order, problem: Problem, ride: CoachPlan, by: Officer | None, at: datetime) -> Trip:
    rule = order.load_rule(problem.gather_at.date())
    (number,) = reserve_ids(table=Trip._meta.db_table, count=1)
    trip = Trip.objects.create(
        pk=number,
        number=f"{county_of(order.home)}-{problem.gather_at:%m%d}-{number}",
        employer=order.employer,
        carrier=order.carrier,
        home=order.home,
        place=order.place,
        report_on=order.report_on,
        load_rule={
            "seat_share": rule.seat_share,
            "isolation_rows": rule.isolation_rows,
            "from": rule.from_on.isoformat(),
            "source": rule.source,
        },
        state=TripState.PLANNED,
        planned_at=at,
    )
    leg = _write_leg(trip, problem, ride)
    _write_seats(trip, leg, order, ride)
    _write_tasks(trip, problem.gather_at)
    record_deed(
        officer=by, action="travel.trip_planned", at=at, county=county_of(order.home), object_id=trip.pk,
        employer=order.employer.pk, riders=len(ride.seat_of), seat_share=rule.seat_share,
    )  # fmt: skip
    return trip


def _write_leg(trip: Trip, problem: Problem, ride: CoachPlan) -> Leg:
    leg = Leg.objects.create(
        trip=trip,
        number=1,
        vehicle_id=ride.coach,
        departs_at=problem.gather_at,
        arrives_at=ride.arrives_at,
    )
    leg.drivers.set(_free_drivers(leg, ride.drivers))
    calls = [(stop.village, stop.arrives_at, True) for stop in ride.stops]
    calls += [(trip.home, problem.gather_at, True), (trip.place, ride.arrives_at, False)]
    LegStop.objects.bulk_create(
        LegStop(leg=leg, order=order, division=division, at=at, boards=boards)
        for order, (division, at, boards) in enumerate(calls, start=1)
    )
    return leg


def _free_drivers(leg: Leg, needed: int) -> list[Driver]:
    away = _away(leg.trip.carrier_id, leg.departs_at, leg.arrives_at).exclude(drivers=None)
    free = Driver.objects.filter(carrier=leg.trip.carrier_id).exclude(pk__in=away.values("drivers"))
    drivers = list(free.order_by("pk")[:needed])
    if len(drivers) < needed:
        raise TooFewDriversError(needed=needed, free=len(drivers))
    return drivers


def _write_seats(trip: Trip, leg: Leg, order: _Order, ride: CoachPlan) -> None:
    people = [placement for placement in order.placements if placement.pk in ride.seat_of]
    phones = phones_to_call(people)
    Seat.objects.bulk_create(
        Seat(
            village=placement.village,
            county=placement.county,
            trip=trip,
            leg=leg,
            carrier_id=trip.carrier_id,
            employer_id=trip.employer_id,
            worker_id=placement.worker_id,
            placement=placement,
            consent_id=placement.consent_id,
            place=trip.place,
            number=ride.seat_of[placement.pk],
            shown_name=placement.shown_name,
            identity_tail=placement.identity_tail,
            phone_cipher=phones.get(placement.worker_id),
        )
        for placement in people
    )


def phones_to_call(people: Iterable[Placement]) -> dict[int, Any]:
    """Return the sealed phones of those who agreed to be called."""
    workers = [placement.worker_id for placement in people]
    agreed = Consent.objects.filter(worker__in=workers, purpose=Purpose.CONTACT.value, withdrawn_at=None)
    phones = Worker.objects.filter(pk__in=agreed.values("worker"), phone_cipher__isnull=False)
    return dict(phones.values_list("pk", "phone_cipher"))


def _write_tasks(trip: Trip, departs_at: datetime) -> None:
    Task.objects.bulk_create(
        Task(
            trip=trip,
            department=rule.department.value,
            kind=rule.kind.value,
            mandatory=rule.mandatory,
            due_at=rule.due_at(departs_at),
        )
        for rule in task_rules_on(departs_at.astimezone(CHINA).date())
    )
