"""Health of riders: who records it, who reads it, when it is deleted."""

from datetime import date, timedelta

import pytest

from fourdoors.accounts.models import Deed
from fourdoors.accounts.rules import Duty
from fourdoors.console.tasks import delete_health
from fourdoors.kernel.divisions import range_of
from fourdoors.notices.models import Notice
from fourdoors.placements.models import Placement
from fourdoors.store.scope import Scope, set_scope
from fourdoors.travel.models import HealthCheck, Leg, Pass, Seat
from fourdoors.travel.rules import GiveUpReason
from fourdoors.travel.selectors import health_list
from fourdoors.travel.services import (
    CheckTooEarlyError,
    NotYourDutyError,
    SeatGivenUpError,
    delete_old_health,
    record_health,
)
from tests.makers.accounts import DANGCHANG, LI_COUNTY, make_officer
from tests.makers.travel import (
    make_approved_trip,
    make_health_officer,
    make_planned_trip,
)
from tests.travel.departing import (
    LATER,
    a_seat,
)

pytestmark = pytest.mark.django_db


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
