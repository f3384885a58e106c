"""Approval, tasks of four departments, health, seats given up, departure."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from fourdoors.accounts.models import Deed, DeedChain, Officer
from fourdoors.accounts.rules import Duty
from fourdoors.console.tasks import delete_health
from fourdoors.kernel.divisions import range_of
from fourdoors.notices.models import Notice
from fourdoors.placements.models import Placement
from fourdoors.register.models import Consent
from fourdoors.register.services import withdraw_consent
from fourdoors.store.scope import Scope, set_scope
from fourdoors.store.vault import vault
from fourdoors.travel.models import HealthCheck, Leg, Pass, PassKey, Seat, Task, Trip
from fourdoors.travel.rules import Department, GiveUpReason, TaskKind, TripState
from fourdoors.travel.selectors import alarms, health_list, tasks_of, trips_visible_to
from fourdoors.travel.services import (
    CheckTooEarlyError,
    NoPassError,
    NotYourDutyError,
    RidersUncheckedError,
    SeatGivenUpError,
    TaskDoneError,
    TasksOpenError,
    WrongStateError,
    approve_trip,
    cancel_trip,
    complete_task,
    delete_old_health,
    depart,
    give_up_seat,
    issue_passes,
    make_pass_key,
    read_code,
    record_health,
    reissue_pass,
    withdraw_from_move,
)
from tests.makers.accounts import DANGCHANG, LI_COUNTY, QINGDAO_JIAOZHOU, make_officer
from tests.makers.register import make_wish
from tests.makers.travel import (
    PLANNED_AT,
    make_approved_trip,
    make_departed_trip,
    make_health_officer,
    make_leader,
    make_planned_trip,
    make_receiver,
)

pytestmark = pytest.mark.django_db
LATER = PLANNED_AT + timedelta(days=2)
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


def a_seat(trip: Trip) -> Seat:
    return Seat.objects.filter(trip=trip, given_up_at=None).order_by("number")[0]


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


# --- health ---


def test_health_is_recorded_by_health_duty_and_read_by_health_duty() -> None:
    trip = make_planned_trip(riders=2)
    doctor, county = make_health_officer(), make_officer()
    for stranger in (county, make_health_officer(username="sibling", division=DANGCHANG)):
        with pytest.raises(NotYourDutyError):
            record_health(seat=a_seat(trip), fit=True, by=stranger, at=LATER)
    assert not HealthCheck.objects.exists()

    record_health(seat=a_seat(trip), fit=True, by=doctor, at=LATER)
    assert [line.fit for line in health_list(trip, doctor)] == [True, None]
    for duty in set(Duty) - {Duty.HEALTH}:
        officer = make_officer(username=duty, duty=duty, organisation=trip.carrier_id)
        assert health_list(trip, officer) == []


def test_a_referred_rider_frees_the_seat_and_nobody_else_moves_or_learns_why() -> None:
    trip = make_approved_trip(riders=3)
    seat = a_seat(trip)
    others = list(Seat.objects.exclude(pk=seat.pk).order_by("pk").values())
    before = Deed.objects.count()
    record_health(seat=seat, fit=False, by=make_health_officer(), at=LATER)

    seat.refresh_from_db()
    assert (seat.number, seat.given_up_reason) == (None, GiveUpReason.POSTPONED)
    assert Pass.objects.get(seat=seat).revoked_at == LATER
    assert list(Seat.objects.exclude(pk=seat.pk).order_by("pk").values()) == others
    assert Placement.objects.get(pk=seat.placement_id).closed_on is None  # can be planned for another day
    told, checked = Deed.objects.order_by("pk")[before:]
    assert (told.action, checked.action) == ("notices.put", "travel.health_checked")
    assert checked.values == {"seat": seat.pk}  # not what was found
    notice = Notice.objects.get(worker_id=seat.worker_id, kind="trip_changed")
    assert notice.values == {"trip": trip.number, "change": "postponed"}


def test_a_check_counts_three_days_and_no_longer() -> None:
    trip = make_planned_trip(riders=1)
    departs_at = Leg.objects.get().departs_at
    with pytest.raises(CheckTooEarlyError) as refusal:
        record_health(
            seat=a_seat(trip), fit=True, by=make_health_officer(), at=departs_at - timedelta(days=4)
        )
    assert refusal.value.values["first_on"] == date(2020, 3, 5)
    record_health(seat=a_seat(trip), fit=True, by=make_health_officer(), at=departs_at - timedelta(days=3))
    assert HealthCheck.objects.get().delete_on == date(2020, 3, 19)


def test_a_second_look_replaces_the_first_and_a_given_up_seat_is_not_checked() -> None:
    trip = make_planned_trip(riders=1)
    seat = a_seat(trip)
    record_health(seat=seat, fit=True, by=make_health_officer(), at=LATER)
    record_health(seat=seat, fit=False, by=make_health_officer(), at=LATER)
    assert HealthCheck.objects.get().fit is False
    with pytest.raises(SeatGivenUpError):
        record_health(seat=seat, fit=True, by=make_health_officer(), at=LATER)


def test_old_answers_are_deleted_on_their_day() -> None:
    trip = make_planned_trip(riders=1)
    record_health(seat=a_seat(trip), fit=True, by=make_health_officer(), at=LATER)
    day = HealthCheck.objects.get().delete_on
    assert delete_old_health(on=day - timedelta(days=1), at=LATER) == 0
    assert delete_old_health(on=day, at=LATER) == 1
    assert not HealthCheck.objects.exists()
    assert Deed.objects.filter(action="travel.health_deleted").count() == 1


def test_the_nightly_task_deletes_what_is_overdue_whatever_the_scope() -> None:
    trip = make_planned_trip(riders=1)
    record_health(seat=a_seat(trip), fit=True, by=make_health_officer(), at=LATER)  # in 2020: long overdue
    set_scope(Scope())
    delete_health(timestamp=0)
    set_scope(Scope(territory=range_of(LI_COUNTY)))
    assert not HealthCheck.objects.exists()


# --- seats and consents ---


def test_a_no_show_is_one_step_and_keeps_the_placement() -> None:
    trip = make_approved_trip(riders=2)
    seat, leader = a_seat(trip), make_leader(trip.carrier_id)
    for _ in range(2):
        give_up_seat(seat=seat, reason=GiveUpReason.NO_SHOW, by=leader, at=LATER)
    seat.refresh_from_db()
    assert (seat.number, seat.given_up_reason, seat.given_up_at) == (None, "no_show", LATER)
    assert Deed.objects.filter(action="travel.seat_given_up").count() == 1
    assert Placement.objects.get(pk=seat.placement_id).closed_on is None
    with pytest.raises(NotYourDutyError):
        give_up_seat(
            seat=a_seat(trip), reason=GiveUpReason.NO_SHOW, by=make_receiver(trip.employer_id), at=LATER
        )


def every_row() -> dict[tuple[str, Any], dict[str, Any]]:
    """Return every row of the house but the trail's, by table and number."""
    return {
        (model.__name__, row[model._meta.pk.name]): row
        for model in apps.get_models()
        if model.__module__.startswith("fourdoors.") and model not in (Deed, DeedChain)
        for row in model._default_manager.values()
    }


@pytest.mark.parametrize("make", [make_planned_trip, make_approved_trip, make_departed_trip])
def test_withdrawing_at_any_moment_changes_the_moves_own_rows_alone(make: Callable[..., Trip]) -> None:
    trip = make(riders=3)
    seat = a_seat(trip)
    make_wish(worker=seat.worker)
    own = {
        ("Seat", seat.pk),
        ("Placement", seat.placement_id),
        ("Offer", seat.placement.offer_id),
        ("Consent", seat.consent_id),
        *(("Pass", held.pk) for held in Pass.objects.filter(seat=seat)),
    }
    before = every_row()
    assert withdraw_from_move(offer=seat.placement.offer, at=LATER) == seat
    after = every_row()
    assert {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)} == own

    seat.refresh_from_db()
    assert (seat.given_up_reason, seat.number, seat.phone_cipher) == ("withdrawn", None, None)
    assert Consent.objects.get(pk=seat.consent_id).withdrawn_at == LATER
    assert Placement.objects.get(pk=seat.placement_id).closed_on == LATER.date()
    assert not Pass.objects.filter(seat=seat, revoked_at=None).exists()


def test_the_leader_at_the_stop_takes_the_riders_word_in_one_step() -> None:
    trip = make_approved_trip(riders=2)
    leader = make_leader(trip.carrier_id)
    set_scope(Scope(carrier=trip.carrier_id))
    seat = a_seat(trip)
    give_up_seat(seat=seat, reason=GiveUpReason.WITHDRAWN, by=leader, at=LATER)
    assert not Consent.objects.exists()  # the leader still sees nobody's register

    set_scope(Scope(territory=range_of(LI_COUNTY)))
    assert Consent.objects.get(pk=seat.consent_id).withdrawn_at == LATER
    assert Pass.objects.get(seat=seat).revoked_at == LATER


def test_a_withdrawal_that_nobody_passed_on_is_found_at_departure() -> None:
    trip = make_approved_trip(riders=2)
    tasks_of(trip).update(done_at=PLANNED_AT)
    seat = a_seat(trip)
    withdraw_consent(consent=seat.consent, at=PLANNED_AT)  # on the worker's own page
    depart(trip=trip, by=make_officer(), at=LATER)
    seat.refresh_from_db()
    assert seat.given_up_reason == "withdrawn"
    assert Seat.objects.filter(given_up_at=None).count() == 1


def test_the_database_refuses_a_departure_with_a_withdrawn_consent() -> None:
    trip = make_approved_trip(riders=1)
    withdraw_consent(consent=a_seat(trip).consent, at=PLANNED_AT)
    with pytest.raises(IntegrityError, match="consent is withdrawn"), transaction.atomic():
        Trip.objects.update(state=TripState.DEPARTED, departed_at=LATER)


# --- who sees which trip ---


def test_each_office_sees_its_own_trips() -> None:
    trip = make_approved_trip()
    seen = {
        "county": make_officer(),
        "prefecture": make_officer(username="p", duty=Duty.PREFECTURE, division=621200_000000),
        "township": make_officer(username="t", duty=Duty.TOWNSHIP, division=621226_100000),
        "police": make_officer(username="o", duty=Duty.POLICE),
        "carrier": make_leader(trip.carrier_id),
        "employer": make_receiver(trip.employer_id),
        "station": make_officer(username="s", duty=Duty.STATION, division=370200_000000),
    }
    unseen = {
        "sibling": make_officer(username="x", division=DANGCHANG),
        "township": make_officer(username="y", duty=Duty.TOWNSHIP, division=621226_101000),
        "health": make_health_officer(division=DANGCHANG),
        "carrier": make_leader(trip.carrier_id + 1, username="z"),
        "employer": make_receiver(trip.employer_id + 1, username="v"),
        "station": make_officer(username="w", duty=Duty.STATION, division=310000_000000),
        "trainer": make_officer(username="u", duty=Duty.TRAINER, organisation=trip.carrier_id),
    }
    assert {who for who, officer in seen.items() if trip in trips_visible_to(officer)} == set(seen)
    assert not {who for who, officer in unseen.items() if trip in trips_visible_to(officer)}


def test_a_plan_is_not_shown_afar_before_it_is_approved() -> None:
    trip = make_planned_trip()
    assert trip not in trips_visible_to(make_receiver(trip.employer_id))
    station = make_officer(username="s", duty=Duty.STATION, division=370200_000000)
    assert trip not in trips_visible_to(station)
    assert trip in trips_visible_to(make_leader(trip.carrier_id))


def test_a_task_past_its_hour_is_an_alarm() -> None:
    make_planned_trip()
    county = make_officer()
    assert alarms(county, at=PLANNED_AT) == []
    hour_before: datetime = Leg.objects.get().departs_at - timedelta(hours=1)
    (alarm,) = alarms(county, at=hour_before)
    assert (alarm.kind, alarm.count) == ("task_late", 8)  # the escort is not asked for
