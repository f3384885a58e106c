"""What a newcomer stumbled over on the pages of a trip, and how often they ask the database."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from fourdoors.accounts.models import Deed, Officer
from fourdoors.travel.models import Leg, Pass, Trip
from fourdoors.travel.rules import Door, TripState
from fourdoors.travel.selectors import trips_to_lead
from tests.makers.accounts import make_officer
from tests.makers.travel import (
    make_approved_trip,
    make_departed_trip,
    make_health_officer,
    make_leader,
)
from tests.web.officers import again, as_officer, text_of
from tests.web.travelling import scan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day_after_the_plan")]


def test_a_coach_approved_without_a_leader_gets_one_before_it_leaves() -> None:
    trip = make_approved_trip()
    leader, other = make_leader(trip.carrier_id), make_leader(trip.carrier_id + 1)
    client = as_officer(make_officer())
    assert f"/trips/{trip.pk}/leader/" in text_of(client, f"/trips/{trip.pk}/")
    for chosen in ("", str(other.pk)):
        refused = client.post(f"/trips/{trip.pk}/leader/", {"leader": chosen}, follow=True)
        assert "Choose the leader from the list" in refused.content.decode()
    again()
    assert Leg.objects.get(trip=trip).leader is None
    assert "The leader is named" in (
        client.post(f"/trips/{trip.pk}/leader/", {"leader": leader.pk}, follow=True).content.decode()
    )
    assert as_officer(leader).post(f"/trips/{trip.pk}/leader/", {"leader": leader.pk}).status_code == 404
    again()
    assert Leg.objects.get(trip=trip).leader == leader
    assert Deed.objects.filter(action="travel.leader_appointed").count() == 1


def test_a_leader_of_a_coach_that_has_left_stays() -> None:
    trip = make_departed_trip()
    leader = make_leader(trip.carrier_id)
    assert (
        as_officer(make_officer()).post(f"/trips/{trip.pk}/leader/", {"leader": leader.pk}).status_code == 302
    )
    again()
    assert Leg.objects.get(trip=trip).leader is None


def test_a_cancelled_trip_asks_for_nothing_more() -> None:
    trip = make_approved_trip()
    client = as_officer(make_officer())
    client.post(f"/trips/{trip.pk}/cancel/")
    page = text_of(client, f"/trips/{trip.pk}/")
    assert "Cancelled" in page
    for gone in ("Four departments", "Handover", "/depart/"):
        assert gone not in page


def test_only_coaches_that_are_still_to_come_are_counted_for_their_carrier() -> None:
    trip = make_approved_trip()
    leader, on = make_leader(trip.carrier_id), date(2020, 3, 6)
    assert list(trips_to_lead(leader, on=on)) == [trip]
    assert not trips_to_lead(make_leader(trip.carrier_id + 1), on=on).exists()
    assert not trips_to_lead(leader, on=trip.report_on + timedelta(days=1)).exists()
    Trip.objects.update(state=TripState.CANCELLED.value)
    assert not trips_to_lead(leader, on=on).exists()


def test_the_list_of_doors_says_how_many_ride_and_leads_to_the_door_that_is_open() -> None:
    trip = make_departed_trip(riders=2)
    page = text_of(as_officer(make_leader(trip.carrier_id)), "/gate/")
    assert "2 riders" in page
    assert "On the way" in page
    assert f"/gate/{trip.pk}/3/" in page


def test_a_mistyped_code_stays_to_be_mended_and_a_right_one_makes_room_for_the_next() -> None:
    trip = make_approved_trip(riders=1)
    client = as_officer(make_leader(trip.carrier_id))
    assert 'value="K7QF-29MB"' in scan(client, trip, Door.LEAVE_HOME, "K7QF-29MB")
    again()
    held = Pass.objects.get().short_code
    assert f'value="{held}"' not in scan(client, trip, Door.LEAVE_HOME, held, 2)


def test_papers_behind_a_rule_are_named_in_the_readers_language() -> None:
    trip = make_approved_trip()
    assert "Road Traffic Safety Law" in text_of(as_officer(make_officer()), f"/trips/{trip.pk}/")
    chinese = text_of(as_officer(make_officer(), "zh-hans"), f"/trips/{trip.pk}/")
    assert "Road Traffic Safety Law" not in chinese


@pytest.mark.parametrize(
    ("address", "who", "most"),
    [
        ("/trips/", make_officer, 20),
        ("/trips/{trip}/", make_officer, 31),
        ("/gate/{trip}/2/", make_officer, 30),
        ("/trips/{trip}/health/", make_health_officer, 20),
    ],
)
def test_a_page_asks_as_often_for_twenty_riders_as_for_two(
    address: str,
    who: Callable[[], Officer],
    most: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    counts = []
    for riders in (2, 20):
        again()
        trip = make_approved_trip(riders=riders)
        client = as_officer(who())
        with django_assert_max_num_queries(most) as asked:
            assert client.get(address.format(trip=trip.pk)).status_code == 200
        counts.append(len(asked.captured_queries))
    assert counts[0] == counts[1]
