"""Pages of a trip: who sees which part of it, from the plan to the papers."""

import re

import pytest
from django.test import Client

from fourdoors.accounts.models import Deed, Officer
from fourdoors.accounts.rules import Duty
from fourdoors.travel.models import HealthCheck, Leg, Pass, Seat, Trip
from fourdoors.travel.rules import TripState
from fourdoors.travel.selectors import tasks_of
from tests.makers.accounts import DANGCHANG, make_officer
from tests.makers.travel import (
    PLANNED_AT,
    make_approved_trip,
    make_carrier,
    make_health_officer,
    make_leader,
    make_riders,
)
from tests.web.officers import again, as_officer, text_of
from tests.web.travelling import strangers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day_after_the_plan")]


def offices(trip: Trip) -> dict[str, Officer]:
    return {
        "county": make_officer(),
        "colleague": make_officer(username="colleague"),
        "prefecture": make_officer(username="longnan", duty=Duty.PREFECTURE, division=621200_000000),
        "township": make_officer(username="town", duty=Duty.TOWNSHIP, division=621226_100000),
        "auditor": make_officer(username="auditor", duty=Duty.AUDITOR),
        "carrier": make_leader(trip.carrier_id),
        "station": make_officer(username="qingdao", duty=Duty.STATION, division=370200_000000),
        "health": make_health_officer(),
        "transport": make_officer(username="roads", duty=Duty.TRANSPORT),
        "police": make_officer(username="police", duty=Duty.POLICE),
    }


def test_owner_colleague_and_stranger_on_list_and_trip() -> None:
    trip = make_approved_trip()
    for name, officer in offices(trip).items():
        client = as_officer(officer)
        assert trip.number in text_of(client, "/trips/"), name
        assert "Four departments" in text_of(client, f"/trips/{trip.pk}/"), name
    for officer in strangers(trip):
        client = as_officer(officer)
        assert trip.number not in client.get("/trips/").content.decode()
        assert client.get(f"/trips/{trip.pk}/").status_code == 404
        for page in ("manifest.pdf", "cards.pdf", "handover.pdf", "health/"):
            assert client.get(f"/trips/{trip.pk}/{page}").status_code == 404
    assert Client().get("/trips/").status_code == 302


def test_each_duty_sees_its_own_columns() -> None:
    trip = make_approved_trip(riders=2)
    shown = {
        name: text_of(as_officer(officer), f"/trips/{trip.pk}/") for name, officer in offices(trip).items()
    }
    again()
    name = Seat.objects.order_by("number")[0].shown_name
    with_names = {"county", "colleague", "prefecture", "township", "auditor", "carrier", "station"}
    assert {who for who, page in shown.items() if name in page} == with_names
    assert {who for who, page in shown.items() if "Last door" in page} == {*with_names, "transport"}
    assert all("甘K·A" in page for page in shown.values())  # the coach is everybody's business
    assert "Referred" not in "".join(shown.values())


def test_a_township_sees_its_own_riders_by_name() -> None:
    trip = make_approved_trip(riders=2)
    mine, other = Seat.objects.order_by("number")
    Seat.objects.filter(pk=mine.pk).update(shown_name="本乡人")
    Seat.objects.filter(pk=other.pk).update(shown_name="外乡人", village=621226_101201)
    page = text_of(as_officer(offices(trip)["township"]), f"/trips/{trip.pk}/")
    assert "本乡人" in page
    assert "外乡人" not in page


def test_every_office_finds_its_own_buttons_alone() -> None:
    trip = make_approved_trip()
    buttons = {
        "Issue the passes": {"county", "colleague"},
        "The coach leaves": {"county", "colleague", "carrier"},
        "Cancel the trip": {"county", "colleague"},
        "Open the doors": {"county", "colleague", "township", "carrier", "station"},
        "Passes to print": {"county", "colleague", "carrier"},
        "Number or note": {"county", "colleague", "health", "transport", "police"},
    }
    shown = {
        name: text_of(as_officer(officer), f"/trips/{trip.pk}/") for name, officer in offices(trip).items()
    }
    for button, who in buttons.items():
        assert {name for name, page in shown.items() if button in page} == who, button


def test_a_county_plans_looks_over_approves_and_issues() -> None:
    people = make_riders("马一", "马二")
    carrier = make_carrier()
    leader = make_leader(carrier.pk)
    client = as_officer(make_officer())
    assert "2 people" in text_of(client, "/trips/plan/")
    group = f"{people[0].employer_id}/2020-03-09"
    planned = client.post("/trips/plan/", {"group": group, "carrier": carrier.pk})
    again()
    trip = Trip.objects.get()
    assert planned["Location"] == f"/trips/{trip.pk}/"
    assert "1 coach is planned" in text_of(client, f"/trips/{trip.pk}/")

    client.post(f"/trips/{trip.pk}/approve/", {"leader": leader.pk})
    client.post(f"/trips/{trip.pk}/passes/")
    again()
    trip.refresh_from_db()
    assert (trip.state, Leg.objects.get().leader, Pass.objects.count()) == (TripState.APPROVED, leader, 2)


def test_who_is_left_out_of_a_plan_is_named() -> None:
    people = make_riders("坐得下", "坐不下一", "坐不下二", "四", "五", "六", "七", "八")
    client = as_officer(make_officer())
    carrier = make_carrier(coaches=(6,))
    client.post("/trips/plan/", {"group": f"{people[0].employer_id}/2020-03-09", "carrier": carrier.pk})
    assert "No seat free: " in text_of(client, "/trips/")


def test_a_refused_plan_says_why_and_how_to_mend_it() -> None:
    people = make_riders("马一")
    carrier = make_carrier(drivers=0)
    client = as_officer(make_officer(), "zh-hans")
    answer = client.post(
        "/trips/plan/", {"group": f"{people[0].employer_id}/2020-03-09", "carrier": carrier.pk}
    )
    assert answer.status_code == 422
    assert "请换一家承运企业或改期" in answer.content.decode()
    again()
    assert not Trip.objects.exists()


def test_nobody_to_plan_for_is_an_empty_state() -> None:
    assert "Nobody waits for a seat" in text_of(as_officer(make_officer()), "/trips/plan/")
    assert "No trip yet" in text_of(as_officer(make_officer()), "/trips/")


def test_a_department_does_its_task_and_departure_waits_for_all_of_them() -> None:
    trip = make_approved_trip()
    task = tasks_of(trip).get(kind="charter_filed")
    address = f"/trips/{trip.pk}/tasks/{task.pk}/"
    assert as_officer(make_officer(username="p", duty=Duty.POLICE)).post(address).status_code == 302
    again()
    assert tasks_of(trip).get(pk=task.pk).done_at is None

    roads = as_officer(make_officer(username="roads", duty=Duty.TRANSPORT))
    roads.post(address, {"note": "甘运包〔2020〕7号"})
    page = text_of(roads, f"/trips/{trip.pk}/")
    assert "甘运包〔2020〕7号" in page
    again()
    county = as_officer(make_officer(), "zh-hans")
    county.post(f"/trips/{trip.pk}/depart/")
    assert "线路和时间报备" in text_of(county, f"/trips/{trip.pk}/")  # each open task is named
    again()
    assert Trip.objects.get().state == TripState.APPROVED
    tasks_of(trip).filter(mandatory=True).update(done_at=PLANNED_AT)
    county.post(f"/trips/{trip.pk}/depart/")
    again()
    assert Trip.objects.get().state == TripState.DEPARTED


def test_the_health_desk_shows_name_and_seat_and_takes_one_word() -> None:
    trip = make_approved_trip(riders=2)
    client = as_officer(make_health_officer())
    again()
    seat, other = Seat.objects.order_by("number")
    page = text_of(client, f"/trips/{trip.pk}/health/")
    assert seat.shown_name in page
    assert not re.search(rf"\b{seat.identity_tail}\b", page)
    assert "青岛" not in page
    client.post(f"/trips/{trip.pk}/health/", {"seat": seat.pk, "answer": "fit"})
    client.post(f"/trips/{trip.pk}/health/", {"seat": other.pk, "answer": "refer"})
    page = text_of(client, f"/trips/{trip.pk}/health/")
    assert "2 of 2 checked" in page
    assert "nobody else is told why" in page
    assert client.post(f"/trips/{trip.pk}/health/", {"seat": seat.pk, "answer": "ill"}).status_code == 404
    again()
    assert dict(HealthCheck.objects.values_list("seat", "fit")) == {seat.pk: True, other.pk: False}
    county = as_officer(make_officer())
    assert county.get(f"/trips/{trip.pk}/health/").status_code == 404
    page = text_of(county, f"/trips/{trip.pk}/")
    assert "Travels another day" in page
    assert not any(word in page for word in ("Fit", "Referred", "refer"))


def test_a_rider_is_given_up_and_gets_a_new_pass_on_the_riders_page() -> None:
    trip = make_approved_trip(riders=2)
    seat, other = Seat.objects.order_by("number")
    code = Pass.objects.get(seat=seat).short_code
    client = as_officer(make_officer())
    address = f"/trips/{trip.pk}/seats/{seat.pk}/"
    page = text_of(client, address)
    assert code in page
    assert "<svg" in page
    client.post(f"{address}pass/")
    assert code not in text_of(client, address)
    client.post(f"/trips/{trip.pk}/seats/{other.pk}/give-up/", {"reason": "withdrawn"})
    again()
    assert Seat.objects.get(pk=other.pk).given_up_reason == "withdrawn"
    assert client.post(f"{address}give-up/", {"reason": "sick"}).status_code == 404
    stranger = as_officer(make_officer(username="dangchang", division=DANGCHANG))
    for end, method in (("", stranger.get), ("give-up/", stranger.post), ("pass/", stranger.post)):
        assert method(f"{address}{end}").status_code == 404
    again()
    elsewhere = make_approved_trip(riders=1)
    assert client.get(f"/trips/{elsewhere.pk}/seats/{seat.pk}/").status_code == 404


@pytest.mark.parametrize(
    "deed", ["approve", "leader", "cancel", "passes", "depart", "handover", "handover/sign"]
)
def test_buttons_of_another_countys_trip_are_not_there(deed: str) -> None:
    trip = make_approved_trip()
    stranger = as_officer(make_officer(username="dangchang", division=DANGCHANG))
    assert stranger.post(f"/trips/{trip.pk}/{deed}/").status_code == 404
    assert stranger.get(f"/trips/{trip.pk}/{deed}/").status_code == 405


@pytest.mark.parametrize(("paper", "least"), [("manifest", 10_000), ("cards", 10_000)])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_papers_are_printed_in_both_languages_and_the_trail_knows(
    paper: str, least: int, language: str
) -> None:
    trip = make_approved_trip(riders=3)
    client = as_officer(make_leader(trip.carrier_id))
    answer = client.get(f"/trips/{trip.pk}/{paper}.pdf?language={language}")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert len(answer.content) > least
    assert Deed.objects.filter(action="travel.printed", values__paper=paper).count() == 1
    police = as_officer(make_officer(username="police", duty=Duty.POLICE))
    assert police.get(f"/trips/{trip.pk}/{paper}.pdf").status_code == 404
