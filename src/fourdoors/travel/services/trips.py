"""A trip from its plan to its departure: approval, tasks of four departments, health."""

from datetime import date, datetime, timedelta
from typing import NoReturn

from django.db import IntegrityError, transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import Duty
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.divisions import county_of
from fourdoors.travel.models import HealthCheck, Leg, Pass, Seat, Task, Trip
from fourdoors.travel.rules import (
    CHECK_DAYS,
    CHINA,
    Department,
    GiveUpReason,
    TaskKind,
    TripState,
    health_deleted_on,
)
from fourdoors.travel.selectors import seats_without_consent, unchecked_seats
from fourdoors.travel.services.errors import (
    CheckTooEarlyError,
    ConsentWithdrawnError,
    NoPassError,
    RidersUncheckedError,
    SeatGivenUpError,
    TaskDoneError,
    TasksOpenError,
    WrongStateError,
)
from fourdoors.travel.services.rights import DUTY_OF, need_of_trip
from fourdoors.travel.services.seats import free_seat, locked_seat
from fourdoors.travel.services.telling import tell_change


@transaction.atomic
def approve_trip(*, trip: Trip, by: Officer | None, at: datetime, leader: Officer | None = None) -> Trip:
    """Approve a planned trip: its passes may be issued, the employer and the station see it come.

    Args:
        trip: a planned one.
        by: a county officer of the county that sends.
        at: the moment of the deed.
        leader: who leads the coach (领队), if that is known.

    Raises:
        NotYourDutyError, WrongStateError
    """
    need_of_trip(by, {Duty.COUNTY}, trip)
    trip = locked_trip(trip, TripState.PLANNED)
    trip.state = TripState.APPROVED
    trip.save(update_fields=["state"])
    if leader is not None:
        Leg.objects.filter(trip=trip).update(leader=leader)
    _record(trip, "travel.trip_approved", by, at)
    return trip


@transaction.atomic
def appoint_leader(*, trip: Trip, leader: Officer, by: Officer | None, at: datetime) -> Trip:
    """Name who leads an approved coach, or somebody else in their place, until it leaves.

    Raises:
        NotYourDutyError, WrongStateError
    """
    need_of_trip(by, {Duty.COUNTY}, trip)
    trip = locked_trip(trip, TripState.APPROVED)
    Leg.objects.filter(trip=trip).update(leader=leader)
    _record(trip, "travel.leader_appointed", by, at, leader=leader.pk)
    return trip


@transaction.atomic
def cancel_trip(*, trip: Trip, by: Officer | None, at: datetime) -> Trip:
    """Cancel a trip that has not left; its people keep their placements and can be planned anew.

    Raises:
        NotYourDutyError, WrongStateError
    """
    need_of_trip(by, {Duty.COUNTY}, trip)
    trip = locked_trip(trip, TripState.PLANNED, TripState.APPROVED)
    held = Seat.objects.select_for_update(of=("self",)).select_related("trip")
    for seat in held.filter(trip=trip, given_up_at=None).order_by("pk"):
        tell_change(seat, GiveUpReason.CANCELLED, at)
        free_seat(seat, GiveUpReason.CANCELLED, at)
    trip.state = TripState.CANCELLED
    trip.save(update_fields=["state"])
    _record(trip, "travel.trip_cancelled", by, at)
    return trip


@transaction.atomic
def complete_task(*, task: Task, by: Officer | None, at: datetime, note: str = "") -> Task:
    """Say that a department's task is done; only an officer of that department can.

    Raises:
        NotYourDutyError: another department, or another county's.
        TaskDoneError: it is done already; who did it first stays.
        RidersUncheckedError: the health task while a rider has no check.
        NoPassError: the task of passes while a rider has none.
        WrongStateError: the trip has left or was cancelled.
    """
    department = Department(task.department)
    need_of_trip(by, {DUTY_OF[department]}, task.trip)
    trip = locked_trip(task.trip, TripState.PLANNED, TripState.APPROVED)
    task = Task.objects.select_for_update(of=("self",)).select_related("done_by").get(pk=task.pk)
    if task.done_at is not None:
        raise TaskDoneError(done_by=str(task.done_by or ""))
    _refuse_unfounded(task, trip)
    task.done_at, task.done_by, task.note = at, by, note
    task.save(update_fields=["done_at", "done_by", "note"])
    _record(trip, "travel.task_done", by, at, task=task.kind, department=task.department)
    return task


def _refuse_unfounded(task: Task, trip: Trip) -> None:
    """Let nobody tick what the rows say is not done."""
    if task.kind == TaskKind.RIDERS_CHECKED and (count := unchecked_seats(trip).count()):
        raise RidersUncheckedError(riders=count)
    if task.kind == TaskKind.PASSES_ISSUED:
        held = Pass.objects.filter(trip=trip, revoked_at=None).values("seat")
        if without := Seat.objects.filter(trip=trip, given_up_at=None).exclude(pk__in=held).first():
            raise NoPassError(seat=without.number)


@transaction.atomic
def depart(*, trip: Trip, by: Officer | None, at: datetime) -> Trip:
    """Let the coach leave the county seat (发车).

    A seat whose rider has withdrawn is given up first; the database refuses the departure if one withdraws
    at this very moment. From now on doors 1 and 2 are shut, doors 3 and 4 open.

    Raises:
        NotYourDutyError: neither the county nor the carrier of the trip.
        WrongStateError: not approved, or gone already.
        TasksOpenError: mandatory tasks are not done; each is named.
        ConsentWithdrawnError: a rider withdrew at this moment; once more, and the coach leaves without them.
    """
    need_of_trip(by, {Duty.COUNTY, Duty.CARRIER}, trip)
    trip = locked_trip(trip, TripState.APPROVED)
    undone = Task.objects.filter(trip=trip, mandatory=True, done_at=None).order_by("due_at", "pk")
    if tasks := list(undone):
        raise TasksOpenError(tasks=[TaskKind(task.kind) for task in tasks], count=len(tasks))
    for seat in seats_without_consent(trip).select_for_update():
        free_seat(seat, GiveUpReason.WITHDRAWN, at)
    try:
        with transaction.atomic():
            trip.state, trip.departed_at = TripState.DEPARTED, at
            trip.save(update_fields=["state", "departed_at"])
    except IntegrityError:
        raise ConsentWithdrawnError(trip=trip.number) from None
    riders = Seat.objects.filter(trip=trip, given_up_at=None).count()
    _record(trip, "travel.trip_departed", by, at, riders=riders)
    return trip


@transaction.atomic
def record_health(*, seat: Seat, fit: bool, by: Officer, at: datetime) -> None:
    """Record that a rider is fit, or was referred; only health duty can, and only health duty can read it.

    A referred rider's seat is given up under a reason that says nothing of health, the rider hears of it
    kindly, and nobody else moves. The answer carries the day on which it is deleted; the trail says only that
    a check was made.

    Raises:
        NotYourDutyError: not an officer of health duty of this county.
        SeatGivenUpError: the rider does not travel.
        CheckTooEarlyError: more than three days before departure.
        WrongStateError: the trip has left or was cancelled.
    """
    need_of_trip(by, {Duty.HEALTH}, seat.trip)
    trip = locked_trip(seat.trip, TripState.PLANNED, TripState.APPROVED)
    seat = locked_seat(seat)
    if seat.given_up_at is not None:
        raise SeatGivenUpError(seat=seat.shown_name)
    first_on = (seat.leg.departs_at - timedelta(days=CHECK_DAYS)).astimezone(CHINA).date()
    day = at.astimezone(CHINA).date()
    if day < first_on:
        raise CheckTooEarlyError(first_on=first_on)
    HealthCheck.objects.update_or_create(
        seat=seat,
        defaults={
            "village": seat.village, "county": seat.county, "trip": trip, "fit": fit,
            "checked_at": at, "checked_by": by, "delete_on": health_deleted_on(day),
        },
    )  # fmt: skip
    if not fit:
        tell_change(seat, GiveUpReason.POSTPONED, at)
        free_seat(seat, GiveUpReason.POSTPONED, at)
    _record(trip, "travel.health_checked", by, at, seat=seat.pk)


@transaction.atomic
def delete_old_health(*, on: date, at: datetime) -> int:
    """Delete every answer whose ``delete_on`` is ``on`` or before, and return how many."""
    count, _ = HealthCheck.objects.filter(delete_on__lte=on).delete()
    if count:
        record_deed(officer=None, action="travel.health_deleted", at=at, answers=count)
    return count


@transaction.atomic
def record_print(*, trip: Trip, paper: str, by: Officer, at: datetime) -> None:
    """Write to the trail that somebody printed a paper of a trip: it carries names out of the house."""
    _record(trip, "travel.printed", by, at, paper=paper)


def locked_trip(trip: Trip, *states: TripState) -> Trip:
    """Return the trip, locked, if it is in one of these states.

    Raises:
        WrongStateError: it is in another.
    """
    trip = Trip.objects.select_for_update(of=("self",)).get(pk=trip.pk)
    if trip.state not in states:
        _refuse_state(trip)
    return trip


def _refuse_state(trip: Trip) -> NoReturn:
    raise WrongStateError(trip=trip.number, state=TripState(trip.state))


def _record(trip: Trip, action: str, by: Officer | None, at: datetime, **values: object) -> None:
    record_deed(officer=by, action=action, at=at, county=county_of(trip.home), object_id=trip.pk, **values)
