"""Pages of trips: who sees which part, what each button writes, what the papers hold."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from fourdoors.accounts.models import Deed, Officer
from fourdoors.accounts.rules import Duty
from fourdoors.employment.models import Spell
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.kernel.identity import masked_name
from fourdoors.store.scope import Scope, set_scope
from fourdoors.store.vault import vault
from fourdoors.travel.models import Handover, HealthCheck, Leg, Pass, Passage, Seat, Trip
from fourdoors.travel.rules import Door, Side, TripState
from fourdoors.travel.selectors import tasks_of, trips_to_lead
from fourdoors.travel.services import open_handover, pass_door, sign_handover
from tests.makers.accounts import DANGCHANG, make_officer
from tests.makers.travel import (
    PLANNED_AT,
    make_approved_trip,
    make_carrier,
    make_departed_trip,
    make_health_officer,
    make_leader,
    make_planned_trip,
    make_receiver,
    make_riders,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
EVERYWHERE = Scope(territory=range_of(GANSU))
JUST_BEFORE = PLANNED_AT - timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _on_the_day_after_the_plan(db: None, settings: Settings) -> None:
    settings.DEMONSTRATION_DAY = date(2020, 3, 6)
    set_scope(EVERYWHERE)


def as_officer(officer: Officer, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(officer, backend=BACKEND)
    return client


def again() -> None:
    """Look at the tables again: a request ends with the scope of who asked."""
    set_scope(EVERYWHERE)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return answer.content.decode()


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


def strangers(trip: Trip) -> list[Officer]:
    return [
        make_officer(username="dangchang", division=DANGCHANG),
        make_officer(username="other town", duty=Duty.TOWNSHIP, division=621226_101000),
        make_officer(username="other police", duty=Duty.POLICE, division=DANGCHANG),
        make_leader(trip.carrier_id + 1),
        make_officer(username="shanghai", duty=Duty.STATION, division=310000_000000),
        make_receiver(trip.employer_id),  # has a page of its own
    ]


def test_owner_colleague_and_stranger_on_list_and_trip() -> None:
    trip = make_approved_trip()
    for name, officer in offices(trip).items():
        client = as_officer(officer)
        assert trip.number in text(client, "/trips/"), name
        assert "Four departments" in text(client, f"/trips/{trip.pk}/"), name
    for officer in strangers(trip):
        client = as_officer(officer)
        assert trip.number not in client.get("/trips/").content.decode()
        assert client.get(f"/trips/{trip.pk}/").status_code == 404
        for page in ("manifest.pdf", "cards.pdf", "handover.pdf", "health/"):
            assert client.get(f"/trips/{trip.pk}/{page}").status_code == 404
    assert Client().get("/trips/").status_code == 302


def test_each_duty_sees_its_own_columns() -> None:
    trip = make_approved_trip(riders=2)
    shown = {name: text(as_officer(officer), f"/trips/{trip.pk}/") for name, officer in offices(trip).items()}
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
    page = text(as_officer(offices(trip)["township"]), f"/trips/{trip.pk}/")
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
    shown = {name: text(as_officer(officer), f"/trips/{trip.pk}/") for name, officer in offices(trip).items()}
    for button, who in buttons.items():
        assert {name for name, page in shown.items() if button in page} == who, button


def test_a_county_plans_looks_over_approves_and_issues() -> None:
    people = make_riders("马一", "马二")
    carrier = make_carrier()
    leader = make_leader(carrier.pk)
    client = as_officer(make_officer())
    assert "2 people" in text(client, "/trips/plan/")
    group = f"{people[0].employer_id}/2020-03-09"
    planned = client.post("/trips/plan/", {"group": group, "carrier": carrier.pk})
    again()
    trip = Trip.objects.get()
    assert planned["Location"] == f"/trips/{trip.pk}/"
    assert "1 coach is planned" in text(client, f"/trips/{trip.pk}/")

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
    assert "No seat free: " in text(client, "/trips/")


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
    assert "Nobody waits for a seat" in text(as_officer(make_officer()), "/trips/plan/")
    assert "No trip yet" in text(as_officer(make_officer()), "/trips/")


def test_a_department_does_its_task_and_departure_waits_for_all_of_them() -> None:
    trip = make_approved_trip()
    task = tasks_of(trip).get(kind="charter_filed")
    address = f"/trips/{trip.pk}/tasks/{task.pk}/"
    assert as_officer(make_officer(username="p", duty=Duty.POLICE)).post(address).status_code == 302
    again()
    assert tasks_of(trip).get(pk=task.pk).done_at is None

    roads = as_officer(make_officer(username="roads", duty=Duty.TRANSPORT))
    roads.post(address, {"note": "甘运包〔2020〕7号"})
    page = text(roads, f"/trips/{trip.pk}/")
    assert "甘运包〔2020〕7号" in page
    again()
    county = as_officer(make_officer(), "zh-hans")
    county.post(f"/trips/{trip.pk}/depart/")
    assert "线路和时间报备" in text(county, f"/trips/{trip.pk}/")  # each open task is named
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
    page = text(client, f"/trips/{trip.pk}/health/")
    assert seat.shown_name in page
    assert not re.search(rf"\b{seat.identity_tail}\b", page)
    assert "青岛" not in page
    client.post(f"/trips/{trip.pk}/health/", {"seat": seat.pk, "answer": "fit"})
    client.post(f"/trips/{trip.pk}/health/", {"seat": other.pk, "answer": "refer"})
    page = text(client, f"/trips/{trip.pk}/health/")
    assert "2 of 2 checked" in page
    assert "nobody else is told why" in page
    assert client.post(f"/trips/{trip.pk}/health/", {"seat": seat.pk, "answer": "ill"}).status_code == 404
    again()
    assert dict(HealthCheck.objects.values_list("seat", "fit")) == {seat.pk: True, other.pk: False}
    county = as_officer(make_officer())
    assert county.get(f"/trips/{trip.pk}/health/").status_code == 404
    page = text(county, f"/trips/{trip.pk}/")
    assert "Travels another day" in page
    assert not any(word in page for word in ("Fit", "Referred", "refer"))


def test_a_rider_is_given_up_and_gets_a_new_pass_on_the_riders_page() -> None:
    trip = make_approved_trip(riders=2)
    seat, other = Seat.objects.order_by("number")
    code = Pass.objects.get(seat=seat).short_code
    client = as_officer(make_officer())
    address = f"/trips/{trip.pk}/seats/{seat.pk}/"
    page = text(client, address)
    assert code in page
    assert "<svg" in page
    client.post(f"{address}pass/")
    assert code not in text(client, address)
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


def arrived(riders: int = 3) -> tuple[Trip, Handover]:
    trip = make_departed_trip(riders=riders)
    for seat in Seat.objects.order_by("number")[1:]:
        for door in Door:
            pass_door(
                seat=seat, door=door, device=f"s{seat.pk}", device_sequence=door, device_at=JUST_BEFORE,
                scanned_by=None, at=PLANNED_AT,
            )  # fmt: skip
    return trip, open_handover(trip=trip, by=make_officer(), at=PLANNED_AT)


def test_the_employer_sees_who_comes_and_signs() -> None:
    trip, _handover = arrived()
    client = as_officer(make_receiver(trip.employer_id))
    assert trip.number in text(client, "/employer/arrivals/")
    page = text(client, f"/employer/arrivals/{trip.pk}/")
    assert "2 of 3 are inside" in page
    assert "Did not leave home" in page
    client.post(f"/trips/{trip.pk}/handover/sign/", {"side": "receiver"})
    again()
    assert Handover.objects.get().received_by == make_receiver(trip.employer_id)
    other = as_officer(make_receiver(trip.employer_id + 1))
    assert other.get(f"/employer/arrivals/{trip.pk}/").status_code == 404
    assert trip.number not in text(other, "/employer/arrivals/")
    assert "Nobody is on the way to you" in text(other, "/employer/arrivals/")
    assert as_officer(make_officer()).get("/employer/arrivals/").status_code == 404


def test_a_side_cannot_sign_for_another() -> None:
    trip, handover = arrived()
    client = as_officer(make_receiver(trip.employer_id))
    answer = client.post(f"/trips/{trip.pk}/handover/sign/", {"side": "sender"}, follow=True)
    assert "Another office does this." in answer.content.decode()
    again()
    handover.refresh_from_db()
    assert handover.sent_at is None


def test_after_the_third_signature_names_are_gone_and_the_paper_stays() -> None:
    trip, handover = arrived()
    again()
    names = set(Seat.objects.values_list("shown_name", flat=True))
    officers = {
        Side.SENDER: make_officer(),
        Side.CARRIER: make_leader(trip.carrier_id),
        Side.RECEIVER: make_receiver(trip.employer_id),
    }
    for side, officer in officers.items():
        handover = sign_handover(handover=handover, side=side, by=officer, at=PLANNED_AT)
    for officer in officers.values():
        client = as_officer(officer)
        address = f"/employer/arrivals/{trip.pk}/" if officer.duty == Duty.EMPLOYER else f"/trips/{trip.pk}/"
        page = text(client, address)
        assert not any(name in page for name in names)
        assert "Did not leave home" in page
        paper = client.get(f"/trips/{trip.pk}/handover.pdf")
        assert paper.content.startswith(b"%PDF")


# --- doors ---


def scan(client: Client, trip: Trip, door: Door, code: str, sequence: int = 1, **headers: str) -> str:
    answer = client.post(
        f"/gate/{trip.pk}/{int(door)}/", {"code": code, "sequence": sequence}, headers=headers or None
    )
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_gate_works_without_scripts_and_says_colour_sign_and_word() -> None:
    trip = make_approved_trip(riders=2)
    held = Pass.objects.order_by("seat__number")[0]
    client = as_officer(make_leader(trip.carrier_id))
    assert "Waiting for a code" in text(client, f"/gate/{trip.pk}/1/")
    page = scan(client, trip, Door.LEAVE_HOME, held.short_code)
    assert 'class="verdict go"' in page
    assert f"{masked_name(held.seat.shown_name)} · seat {held.seat.number}" in page
    assert "<!doctype html>" in page
    part = scan(client, trip, Door.LEAVE_HOME, held.short_code, 2, **{"HX-Request": "true"})
    assert 'class="verdict look"' in part
    assert "<!doctype html>" not in part
    stop = scan(client, trip, Door.LEAVE_HOME, "K7QF-29MB", 3)
    assert 'class="verdict stop"' in stop
    assert "not a short code" in stop
    again()
    assert Passage.objects.count() == 2


def test_the_same_form_sent_twice_is_one_scan() -> None:
    trip = make_approved_trip(riders=1)
    client = as_officer(make_leader(trip.carrier_id))
    code = Pass.objects.get().short_code
    for _ in range(2):
        assert 'class="verdict go"' in scan(client, trip, Door.LEAVE_HOME, code, 77)
    again()
    assert Passage.objects.count() == 1


def test_the_gate_of_another_trip_is_not_there() -> None:
    trip = make_approved_trip()
    for officer in (*strangers(trip)[:5], make_receiver(trip.employer_id + 1)):
        client = as_officer(officer)
        assert client.get(f"/gate/{trip.pk}/2/").status_code == 404
        assert client.post(f"/gate/{trip.pk}/2/", {"code": "x", "sequence": 1}).status_code == 404
    police = as_officer(make_officer(username="police", duty=Duty.POLICE))
    assert police.get(f"/gate/{trip.pk}/2/").status_code == 404
    leader = as_officer(make_leader(trip.carrier_id))
    assert leader.get(f"/gate/{trip.pk}/5/").status_code == 404
    assert leader.post(f"/gate/{trip.pk}/2/", {"code": "x", "sequence": "x"}).status_code == 404


def test_a_planned_or_closed_trip_has_no_gate() -> None:
    trip = make_planned_trip()
    client = as_officer(make_leader(trip.carrier_id))
    assert client.get(f"/gate/{trip.pk}/2/").status_code == 404
    assert "No coach waits at a door" in text(client, "/gate/")
    again()
    Trip.objects.update(state=TripState.CLOSED)
    assert client.get(f"/gate/{trip.pk}/2/").status_code == 404


def test_the_leader_sees_the_missing_by_name_and_the_factory_no_phone() -> None:
    trip = make_departed_trip(riders=2)
    seat = Seat.objects.order_by("number")[0]
    Seat.objects.update(phone_cipher=vault().seal("phone", "10000000042"))
    leader = text(as_officer(make_leader(trip.carrier_id)), f"/gate/{trip.pk}/3/")
    factory = text(as_officer(make_receiver(trip.employer_id)), f"/gate/{trip.pk}/4/")
    assert seat.shown_name in leader
    assert "tel:10000000042" in leader
    assert seat.shown_name in factory
    assert "tel:" not in factory


def test_the_factory_door_opens_the_work() -> None:
    trip = make_departed_trip(riders=1)
    code = Pass.objects.get().short_code
    page = scan(as_officer(make_receiver(trip.employer_id)), trip, Door.ENTER_FACTORY, code)
    assert 'class="verdict look"' in page  # three doors were missed, and the work begins all the same
    again()
    spell = Spell.objects.get()
    assert (spell.trip, spell.grade) == (trip, "A")


def test_wasm_is_allowed_on_the_gate_alone() -> None:
    trip = make_approved_trip()
    client = as_officer(make_officer())
    assert "'wasm-unsafe-eval'" in client.get(f"/gate/{trip.pk}/1/")["Content-Security-Policy"]
    assert "wasm" not in client.get(f"/trips/{trip.pk}/")["Content-Security-Policy"]


# --- what a newcomer stumbled over ---


def test_a_coach_approved_without_a_leader_gets_one_before_it_leaves() -> None:
    trip = make_approved_trip()
    leader, other = make_leader(trip.carrier_id), make_leader(trip.carrier_id + 1)
    client = as_officer(make_officer())
    assert f"/trips/{trip.pk}/leader/" in text(client, f"/trips/{trip.pk}/")
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
    page = text(client, f"/trips/{trip.pk}/")
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
    page = text(as_officer(make_leader(trip.carrier_id)), "/gate/")
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
    assert "Road Traffic Safety Law" in text(as_officer(make_officer()), f"/trips/{trip.pk}/")
    chinese = text(as_officer(make_officer(), "zh-hans"), f"/trips/{trip.pk}/")
    assert "Road Traffic Safety Law" not in chinese


# --- cost ---


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
