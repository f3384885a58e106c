"""Reads of trips, seats and doors. Every list of trips begins with who asks."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Prefetch, Q, QuerySet

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import DEPARTMENTAL, TERRITORIAL, Duty
from fourdoors.engines.passes.keys import VerifyingKey
from fourdoors.kernel.divisions import Range
from fourdoors.partners.models import Employer
from fourdoors.placements.models import Placement
from fourdoors.register.models import Worker
from fourdoors.store.scope import aboard
from fourdoors.store.vault import vault
from fourdoors.travel.models import (
    Carrier,
    HealthCheck,
    Leg,
    LegStop,
    Pass,
    Passage,
    PassKey,
    Seat,
    Task,
    Trip,
)
from fourdoors.travel.rules import (
    CHINA,
    OPEN_STATES,
    PASSING,
    SHOWN_AFAR,
    Department,
    Door,
    TripState,
    missing,
)

LATE_AFTER = timedelta(hours=6)  # after the planned arrival a rider who did not alight is looked for


def trips_visible_to(officer: Officer) -> QuerySet[Trip]:
    """Return the trips an officer may see, the next one first.

    The county that sends (and what holds it), a township with riders of its own villages, departments of that
    county, the carrier's own, the employer's and the destination's own once they are approved; to all others
    none.
    """
    return Trip.objects.filter(_reach(officer)).order_by("-report_on", "number")


def _reach(officer: Officer) -> Q:
    lo, hi, organisation = officer.lo, officer.hi, officer.organisation or 0
    match Duty(officer.duty):
        case Duty.TOWNSHIP:
            own = Seat.objects.filter(trip=OuterRef("pk"), village__gte=lo, village__lt=hi)
            return Q(Exists(own))
        case duty if duty in TERRITORIAL | DEPARTMENTAL:
            return Q(home__gte=lo, home__lt=hi)
        case Duty.CARRIER:
            return Q(carrier=organisation)
        case Duty.EMPLOYER:
            return Q(employer=organisation, state__in=SHOWN_AFAR)
        case Duty.STATION:
            return Q(place__gte=lo, place__lt=hi, state__in=SHOWN_AFAR)
        case _:
            return Q(pk=None)


def for_a_list(trips: QuerySet[Trip]) -> QuerySet[Trip]:
    """Add what a list shows: employer, carrier, the coach with its times, open tasks. Two more queries."""
    legs = Leg.objects.select_related("vehicle", "leader").prefetch_related("drivers")
    open_tasks = Count("tasks", filter=Q(tasks__done_at=None, tasks__mandatory=True))
    return (
        trips.select_related("employer", "carrier")
        .prefetch_related(Prefetch("legs", queryset=legs))
        .annotate(open_tasks=open_tasks)
    )


def seats_taken(trips: Collection[Trip]) -> dict[int, int]:
    """Return how many riders each trip has, of the seats that the scope shows; one query."""
    held = Seat.objects.filter(trip__in=trips, given_up_at=None)
    return dict(held.values_list("trip").annotate(riders=Count("pk")).order_by())


def leg_of(trip: Trip) -> Leg:
    """Return the coach of a trip, with its driver's names and leader."""
    legs = Leg.objects.select_related("vehicle", "leader", "trip").prefetch_related("drivers")
    return legs.get(trip=trip, number=1)


def stops_of(trip: Trip) -> QuerySet[LegStop]:
    """Return the stops of a trip in order."""
    return LegStop.objects.filter(leg__trip=trip).order_by("order")


def tasks_of(trip: Trip) -> QuerySet[Task]:
    """Return the tasks of a trip, by deadline."""
    return Task.objects.filter(trip=trip).select_related("done_by").order_by("due_at", "pk")


def leaders_for(trip: Trip) -> QuerySet[Officer]:
    """Return who may lead the coach: officers of its carrier."""
    return Officer.objects.filter(duty=Duty.CARRIER, organisation=trip.carrier_id).order_by("full_name")


def planning_employers(officer: Officer, *, on: date) -> list[tuple[Employer, date, int]]:
    """Return employer, day and how many placements of the officer's county wait for a seat, from ``on``."""
    seated = Seat.objects.filter(given_up_at=None, placement=OuterRef("pk"))
    waiting = Placement.objects.filter(
        Q(village__gte=officer.lo, village__lt=officer.hi),
        closed_on=None,
        starts_on__gte=on,
        consent__withdrawn_at=None,
    ).filter(~Exists(seated))
    rows = waiting.values_list("employer", "starts_on").annotate(people=Count("pk"))
    employers = Employer.objects.in_bulk([employer for employer, _, _ in rows])
    return [(employers[pk], day, people) for pk, day, people in rows.order_by("starts_on", "employer")]


def carriers() -> list[tuple[Carrier, int]]:
    """Return every carrier, by name, with how many coaches it has."""
    found = Carrier.objects.annotate(coaches=Count("vehicles")).order_by("name")
    return [(carrier, carrier.coaches) for carrier in found]


@dataclass(frozen=True)
class Line:
    """One rider of a manifest (乘车名单).

    Attributes:
        seat: the seat; its number is None once given up.
        boards_at: when the coach is at the rider's village.
        doors: passed so far.
        phone: only where the rider agreed to be called; blank else.
        code: the short code of the live pass, or blank.
        token: the live pass itself, for its QR code, or blank.
    """

    seat: Seat
    boards_at: datetime | None
    doors: frozenset[Door]
    phone: str = ""
    post: str = ""
    code: str = ""
    token: str = ""
    pass_ends_at: datetime | None = None

    @property
    def last_door(self) -> Door | None:
        """The last door that was passed."""
        return max(self.doors, default=None)


def manifest(trip: Trip, *, given_up: bool = False, within: Range | None = None) -> list[Line]:
    """Return the riders of a trip by seat. The number of queries does not grow with them.

    Args:
        trip: one that the caller has found among the officer's own.
        given_up: also the seats that were given up, at the end.
        within: only riders of these home villages: a township escorts its own.
    """
    with aboard(trip.pk):
        seats = Seat.objects.filter(trip=trip).select_related("trip", "leg").order_by("number", "pk")
        if within is not None:
            seats = seats.filter(village__gte=within.lo, village__lt=within.hi)
        found = list(seats if given_up else seats.filter(given_up_at=None))
        doors, passes = _doors(trip), _live_passes(trip)
    posts = Placement.objects.filter(pk__in=[seat.placement_id for seat in found])
    post_of = dict(posts.values_list("pk", "vacancy__title"))  # none where the scope shows no placement
    calls = {stop.division: stop.at for stop in stops_of(trip) if stop.boards}
    return [
        Line(
            seat=seat,
            boards_at=calls.get(seat.village),
            doors=doors[seat.pk],
            phone=vault().open("phone", seat.phone_cipher) if seat.phone_cipher else "",
            post=post_of.get(seat.placement_id, ""),
            code=passes[seat.pk].short_code if seat.pk in passes else "",
            token=passes[seat.pk].token if seat.pk in passes else "",
            pass_ends_at=passes[seat.pk].expires_at if seat.pk in passes else None,
        )
        for seat in found
    ]


def _doors(trip: Trip) -> defaultdict[int, frozenset[Door]]:
    found: defaultdict[int, frozenset[Door]] = defaultdict(frozenset)
    passings = Passage.objects.filter(trip=trip, verdict__in=PASSING)
    for seat, door in passings.values_list("seat", "door"):
        found[seat] |= {Door(door)}
    return found


def _live_passes(trip: Trip) -> dict[int, Pass]:
    return {held.seat_id: held for held in Pass.objects.filter(trip=trip, revoked_at=None)}


def doors_of_riders(trip: Trip) -> dict[int, frozenset[Door]]:
    """Return, by seat number, the doors that each rider has passed; given-up seats are left out."""
    doors = _doors(trip)
    held = Seat.objects.filter(trip=trip, given_up_at=None)
    return {number: doors[pk] for pk, number in held.values_list("pk", "number") if number is not None}


def door_counts(trip: Trip) -> tuple[int, dict[Door, int]]:
    """Return how many riders are expected, and how many of them passed each door. Two queries."""
    with aboard(trip.pk):
        riders = doors_of_riders(trip)
    counts = Counter(door for doors in riders.values() for door in doors)
    return len(riders), {door: counts[door] for door in Door}


def missing_riders(trip: Trip, door: Door, *, within: Range | None = None) -> list[Line]:
    """Return who is expected at a door and has not passed it, by seat."""
    lines = {line.seat.pk: line for line in manifest(trip, within=within)}
    passed = {pk for pk, line in lines.items() if door in line.doors}
    gone = sorted(missing(lines, passed), key=lambda pk: (lines[pk].seat.number or 0, pk))
    return [lines[pk] for pk in gone]


def verifying_keys() -> list[VerifyingKey]:
    """Return every key whose passes are good, the retired ones too: a pass ends by its own day."""
    keys = PassKey.objects.filter(signs="passes").order_by("-made_at")
    return [VerifyingKey(kid=bytes(key.kid), public=bytes(key.public)) for key in keys]


def seats_without_consent(trip: Trip) -> QuerySet[Seat]:
    """Return the held seats whose riders have withdrawn; the database answers, past the policy."""
    holds = Func(F("consent_id"), function="travel_consent_holds", output_field=BooleanField())
    return Seat.objects.filter(trip=trip, given_up_at=None).alias(holds=holds).filter(holds=False)


def unchecked_seats(trip: Trip) -> QuerySet[Seat]:
    """Return the held seats without a check of health."""
    checked = HealthCheck.objects.filter(trip=trip).values("seat")
    return Seat.objects.filter(trip=trip, given_up_at=None).exclude(pk__in=checked).order_by("number")


@dataclass(frozen=True)
class HealthLine:
    """One rider on the health desk: name and seat, and what was answered; nothing else."""

    seat: int
    number: int | None
    name: str
    fit: bool | None


def health_list(trip: Trip, officer: Officer) -> list[HealthLine]:
    """Return the riders with their checks, to an officer of health duty; to any other nothing at all."""
    if officer.duty != Duty.HEALTH:
        return []
    checks = dict(HealthCheck.objects.filter(trip=trip).values_list("seat", "fit"))
    seats = Seat.objects.filter(trip=trip).filter(Q(given_up_at=None) | Q(pk__in=checks))
    rows = seats.order_by("number", "pk").values_list("pk", "number", "shown_name")
    return [HealthLine(pk, number, name, checks.get(pk)) for pk, number, name in rows]


def seat_of(trip: Trip, seat_id: int) -> Seat | None:
    """Return a seat of a trip, with the trip, if the scope shows it."""
    return Seat.objects.select_related("trip").filter(trip=trip, pk=seat_id).first()


def rides_of(worker: Worker) -> QuerySet[Seat]:
    """Return the seats of a worker, the newest first, with trip, coach and leader."""
    seats = Seat.objects.filter(worker=worker)
    return seats.select_related("trip", "employer", "leg__vehicle", "leg__leader").order_by("-pk")


def pass_of(seat: Seat) -> Pass | None:
    """Return the live pass of a seat."""
    return Pass.objects.filter(seat=seat, revoked_at=None).first()


@dataclass(frozen=True)
class OnTheWay:
    """The four doors on one day (四道门).

    Attributes:
        trips: coaches under way on that day.
        expected: riders who have a seat on them.
        passed: how many passed each door so far.
    """

    trips: int
    expected: int
    passed: dict[Door, int]

    @property
    def not_boarded(self) -> int:
        """Left home, but did not board."""
        return max(0, self.passed[Door.LEAVE_HOME] - self.passed[Door.BOARD])

    @property
    def not_received(self) -> int:
        """Alighted, but not yet inside the factory."""
        return max(0, self.passed[Door.ALIGHT] - self.passed[Door.ENTER_FACTORY])


def on_the_way(officer: Officer, *, on: date) -> OnTheWay:
    """Return the counts of the four doors for an officer's trips under way on a day. Three queries.

    A trip is under way from the day of departure to the day of its handover, or of its planned arrival where
    that is later.
    """
    midnight = datetime.combine(on, time(), CHINA)
    running = Leg.objects.filter(departs_at__lt=midnight + timedelta(days=1)).filter(
        Q(trip__closed_at__gte=midnight) | Q(trip__closed_at=None, trip__state=TripState.DEPARTED)
        | Q(arrives_at__gte=midnight, trip__state__in=SHOWN_AFAR)
    )  # fmt: skip
    trips = trips_visible_to(officer).filter(pk__in=running.values("trip")).order_by()
    held = Seat.objects.filter(trip__in=trips, given_up_at=None)
    passings = Passage.objects.filter(trip__in=trips, verdict__in=PASSING, seat__given_up_at=None)
    counts = dict(passings.values_list("door").annotate(riders=Count("pk")).order_by())
    return OnTheWay(trips.count(), held.count(), {door: counts.get(door, 0) for door in Door})


@dataclass(frozen=True)
class Alarm:
    """Something about a trip that somebody must look at now.

    ``kind``: ``not_alighted`` (aboard, long after arrival), ``not_entered``, ``task_late``, ``not_signed``.
    """

    kind: str
    trip: Trip
    count: int


def alarms(officer: Officer, *, at: datetime) -> list[Alarm]:
    """Return what is overdue on an officer's open trips: riders not seen again, tasks, receipts."""
    trips = trips_visible_to(officer).filter(state__in=OPEN_STATES)
    late_tasks = Count("tasks", filter=Q(tasks__done_at=None, tasks__mandatory=True, tasks__due_at__lt=at))
    found = [
        Alarm("task_late", trip, trip.late)
        for trip in trips.exclude(state=TripState.DEPARTED).annotate(late=late_tasks).filter(late__gt=0)
    ]
    arrived = trips.filter(state=TripState.DEPARTED, legs__arrives_at__lt=at - LATE_AFTER)
    for trip in arrived:
        with aboard(trip.pk):
            riders = doors_of_riders(trip).values()
        aboard_still = sum(Door.BOARD in doors and Door.ALIGHT not in doors for doors in riders)
        outside = sum(Door.ALIGHT in doors and Door.ENTER_FACTORY not in doors for doors in riders)
        counted = (("not_alighted", aboard_still), ("not_entered", outside), ("not_signed", 1))
        found += [Alarm(kind, trip, count) for kind, count in counted if count]
    return found


def trips_with_open_tasks(officer: Officer, *, department: Department | None = None) -> QuerySet[Trip]:
    """Return the officer's trips that may not leave yet, of one department where one is named."""
    still = Task.objects.filter(trip=OuterRef("pk"), done_at=None, mandatory=True)
    if department:
        still = still.filter(department=department.value)
    waiting = (TripState.PLANNED, TripState.APPROVED)
    return trips_visible_to(officer).filter(Exists(still), state__in=waiting)


def trips_to_lead(officer: Officer, *, on: date) -> QuerySet[Trip]:
    """Return the carrier's trips that are still to leave or on the road, of today and later."""
    ahead = (TripState.PLANNED, TripState.APPROVED, TripState.DEPARTED)
    return trips_visible_to(officer).filter(report_on__gte=on, state__in=ahead)


def trips_to_receive(officer: Officer) -> QuerySet[Trip]:
    """Return the officer's trips that are on the road or arrived, and not handed over yet."""
    return trips_visible_to(officer).filter(state=TripState.DEPARTED)
