"""Seats and consents: a no-show, a withdrawal at any moment, and who sees which trip."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from fourdoors.accounts.models import Deed, DeedChain
from fourdoors.accounts.rules import Duty
from fourdoors.kernel.divisions import range_of
from fourdoors.placements.models import Placement
from fourdoors.register.models import Consent
from fourdoors.register.services import withdraw_consent
from fourdoors.store.scope import Scope, set_scope
from fourdoors.travel.models import Leg, Pass, Seat, Trip
from fourdoors.travel.rules import GiveUpReason, TripState
from fourdoors.travel.selectors import alarms, tasks_of, trips_visible_to
from fourdoors.travel.services import (
    NotYourDutyError,
    depart,
    give_up_seat,
    withdraw_from_move,
)
from tests.makers.accounts import DANGCHANG, LI_COUNTY, make_officer
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
from tests.travel.departing import (
    LATER,
    a_seat,
)

pytestmark = pytest.mark.django_db


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
