"""From plan to the road: tasks, approval, passes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from fourdoors.accounts.models import Deed, Officer
from fourdoors.accounts.rules import Duty
from fourdoors.notices.models import Notice
from fourdoors.store.vault import vault
from fourdoors.travel.models import Leg, Pass, PassKey, Seat, Task, Trip
from fourdoors.travel.rules import Department, TaskKind, TripState
from fourdoors.travel.selectors import tasks_of
from fourdoors.travel.services import (
    NoPassError,
    NotYourDutyError,
    RidersUncheckedError,
    TaskDoneError,
    TasksOpenError,
    WrongStateError,
    approve_trip,
    cancel_trip,
    complete_task,
    depart,
    issue_passes,
    make_pass_key,
    read_code,
    record_health,
    reissue_pass,
)
from tests.makers.accounts import DANGCHANG, QINGDAO_JIAOZHOU, make_officer
from tests.makers.travel import (
    PLANNED_AT,
    make_approved_trip,
    make_departed_trip,
    make_health_officer,
    make_leader,
    make_planned_trip,
)
from tests.travel.departing import (
    LATER,
    a_seat,
)

pytestmark = pytest.mark.django_db
DUTIES = {
    Department.HUMAN_RESOURCES: Duty.COUNTY,
    Department.HEALTH: Duty.HEALTH,
    Department.TRANSPORT: Duty.TRANSPORT,
    Department.POLICE: Duty.POLICE,
}


def task(trip: Trip, kind: TaskKind) -> Task:
    return tasks_of(trip).get(kind=kind)


def officer_for(department: str) -> Officer:
    duty = DUTIES[Department(department)]
    return make_officer(username=f"of {department}", duty=duty)


def test_a_trip_goes_from_plan_to_the_road_only_with_every_mandatory_task_done() -> None:
    trip = make_approved_trip(riders=2)
    for seat in Seat.objects.all():
        record_health(seat=seat, fit=True, by=make_health_officer(), at=LATER)
    open_tasks = tasks_of(trip).filter(done_at=None)
    for waits in open_tasks.filter(mandatory=True):
        with pytest.raises(TasksOpenError) as refusal:
            depart(trip=trip, by=make_officer(), at=LATER)
        assert TaskKind(waits.kind) in refusal.value.values["tasks"]  # type: ignore[operator]
        complete_task(task=waits, by=officer_for(waits.department), at=LATER)

    assert depart(trip=trip, by=make_officer(), at=LATER).state == TripState.DEPARTED
    assert Trip.objects.get().departed_at == LATER
    assert [kept.kind for kept in tasks_of(trip).filter(done_at=None)] == [TaskKind.ESCORT_READY]
    assert Deed.objects.filter(action="travel.trip_departed").count() == 1


def test_a_refused_departure_writes_nothing() -> None:
    trip = make_approved_trip()
    deeds = Deed.objects.count()
    with pytest.raises(TasksOpenError):
        depart(trip=trip, by=make_officer(), at=LATER)
    trip.refresh_from_db()
    assert (trip.state, trip.departed_at, Deed.objects.count()) == (TripState.APPROVED, None, deeds)


@pytest.mark.parametrize("department", Department)
def test_a_task_is_done_by_an_officer_of_its_department_alone(department: Department) -> None:
    trip = make_planned_trip()
    wanted = (
        tasks_of(trip).filter(department=department).exclude(kind__in=["riders_checked", "passes_issued"])
    )
    waits = wanted.first() or tasks_of(trip).get(kind="riders_checked")
    for other in set(DUTIES.values()) - {DUTIES[department]}:
        with pytest.raises(NotYourDutyError):
            complete_task(task=waits, by=make_officer(username=other, duty=other), at=LATER)
    sibling = make_officer(username="sibling", duty=DUTIES[department], division=DANGCHANG)
    with pytest.raises(NotYourDutyError):
        complete_task(task=waits, by=sibling, at=LATER)
    assert Task.objects.get(pk=waits.pk).done_at is None


def test_the_first_to_do_a_task_stays_its_name() -> None:
    trip = make_planned_trip()
    waits = task(trip, TaskKind.CHARTER_FILED)
    first = make_officer(username="first", duty=Duty.TRANSPORT)
    complete_task(task=waits, by=first, at=LATER, note="备案号 12")
    with pytest.raises(TaskDoneError):
        complete_task(task=waits, by=make_officer(username="second", duty=Duty.TRANSPORT), at=LATER)
    waits.refresh_from_db()
    assert (waits.done_by, waits.note) == (first, "备案号 12")


def test_nobody_ticks_what_the_rows_say_is_not_done() -> None:
    trip = make_planned_trip(riders=2)
    with pytest.raises(RidersUncheckedError) as refusal:
        complete_task(task=task(trip, TaskKind.RIDERS_CHECKED), by=make_health_officer(), at=LATER)
    assert refusal.value.values["riders"] == 2
    with pytest.raises(NoPassError):
        complete_task(task=task(trip, TaskKind.PASSES_ISSUED), by=make_officer(), at=LATER)


def test_tasks_are_shut_once_the_coach_has_left() -> None:
    trip = make_approved_trip()
    tasks_of(trip).filter(mandatory=True).update(done_at=PLANNED_AT)
    depart(trip=trip, by=make_officer(), at=LATER)
    escort = task(trip, TaskKind.ESCORT_READY)
    with pytest.raises(WrongStateError):
        complete_task(task=escort, by=make_officer(username="p", duty=Duty.POLICE), at=LATER)


@pytest.mark.parametrize("deed", [approve_trip, cancel_trip, depart])
def test_a_county_moves_its_own_trips_alone(deed: Callable[..., Trip]) -> None:
    trip = make_planned_trip() if deed is approve_trip else make_approved_trip()
    for stranger in (
        make_officer(username="sibling", division=DANGCHANG),
        make_officer(username="station", duty=Duty.STATION, division=QINGDAO_JIAOZHOU),
        make_leader(trip.carrier_id + 1, username="other coach"),
    ):
        with pytest.raises(NotYourDutyError):
            deed(trip=trip, by=stranger, at=LATER)


def test_a_trip_is_approved_once_with_its_leader() -> None:
    trip = make_planned_trip()
    leader = make_leader(trip.carrier_id)
    approve_trip(trip=trip, by=make_officer(), at=PLANNED_AT, leader=leader)
    assert Leg.objects.get().leader == leader
    with pytest.raises(WrongStateError):
        approve_trip(trip=trip, by=make_officer(), at=PLANNED_AT)


def test_a_trip_on_the_road_is_not_cancelled() -> None:
    trip = make_departed_trip()
    with pytest.raises(WrongStateError):
        cancel_trip(trip=trip, by=make_officer(), at=LATER)


def test_passes_are_issued_once_and_tick_the_task() -> None:
    trip = make_planned_trip(riders=2)
    with pytest.raises(WrongStateError):
        issue_passes(trip=trip, by=make_officer(), at=PLANNED_AT)
    approve_trip(trip=trip, by=make_officer(), at=PLANNED_AT)
    assert len(issue_passes(trip=trip, by=make_officer(), at=PLANNED_AT)) == 2
    assert issue_passes(trip=trip, by=make_officer(), at=LATER) == []
    assert task(trip, TaskKind.PASSES_ISSUED).done_at == PLANNED_AT
    assert PassKey.objects.count() == 1  # drawn with the first pass


def test_a_pass_holds_no_name_and_ends_five_days_after_arrival() -> None:
    make_approved_trip(riders=1)
    held = Pass.objects.select_related("seat", "leg").get()
    assert held.seat.shown_name not in held.token
    assert held.expires_at == held.leg.arrives_at + timedelta(days=5)
    assert len(held.short_code) == 9


def test_a_rider_is_told_by_sms_where_that_was_agreed_and_on_paper_else() -> None:
    trip = make_planned_trip(riders=2)
    called, other = Seat.objects.order_by("number")
    Seat.objects.filter(pk=called.pk).update(phone_cipher=vault().seal("phone", "10000000042"))
    approve_trip(trip=trip, by=make_officer(), at=PLANNED_AT)
    issue_passes(trip=trip, by=make_officer(), at=PLANNED_AT)
    told = {notice.worker_id: notice for notice in Notice.objects.all()}
    assert (told[called.worker_id].way, told[other.worker_id].way) == ("sms", "paper")
    assert told[called.worker_id].values["code"] == Pass.objects.get(seat=called).short_code
    assert called.shown_name not in str(told[called.worker_id].values)


def test_a_new_pass_revokes_the_old_one_and_the_database_allows_one_alive() -> None:
    trip = make_approved_trip(riders=1)
    old = Pass.objects.get()
    new = reissue_pass(seat=a_seat(trip), by=make_officer(), at=LATER)
    old.refresh_from_db()
    assert (old.revoked_at, new.revoked_at) == (LATER, None)
    assert new.pass_number != bytes(old.pass_number)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pass.objects.filter(pk=old.pk).update(revoked_at=None)


def test_passes_of_an_older_key_stay_good() -> None:
    trip = make_approved_trip(riders=1)
    make_pass_key(at=LATER)
    held = Pass.objects.get()
    assert read_code(trip=trip, text=held.token, at=LATER) == held
