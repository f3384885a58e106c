"""Pages of rounds: who sees them, who runs and publishes one, what is said of who got nothing."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test import Client

from fourdoors.accounts.rules import Duty
from fourdoors.console import tasks
from fourdoors.kernel.divisions import GANSU
from fourdoors.placements.models import Offer, Round
from fourdoors.placements.rules import OfferState, RoundState
from fourdoors.recruitment.rules import Asked, RequirementKind
from fourdoors.register.models import Wish
from tests.makers.accounts import DANGCHANG, LI_COUNTY, LONGNAN, make_officer
from tests.makers.placements import (
    make_round,
    make_willing_worker,
)
from tests.makers.recruitment import make_draft, make_vacancy
from tests.web.officers import again, as_officer, county, text_of
from tests.web.placing import an_offer, auditor, stranger, township

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_march")]


def test_owner_colleague_and_stranger_at_a_round() -> None:
    offer = an_offer()
    number = offer.round_id
    colleagues = (
        make_officer(username="second"),
        make_officer(username="longnan", duty=Duty.PREFECTURE, division=LONGNAN),
        auditor(),
    )
    for officer in (county(), *colleagues):
        client = as_officer(officer)
        assert f"Round {number}" in text_of(client, "/rounds/")
        assert "proved best" in text_of(client, f"/rounds/{number}/")
    for officer in (stranger(), township()):
        client = as_officer(officer)
        assert client.get(f"/rounds/{number}/").status_code == 404
        assert client.get(f"/rounds/{number}/unplaced/").status_code == 404
    client = as_officer(stranger())
    assert "No round yet" in text_of(client, "/rounds/")
    assert client.post(f"/rounds/{number}/set-aside/").status_code == 404


def test_people_without_an_account_and_of_other_duties_see_no_round() -> None:
    assert Client().get("/rounds/").status_code == 302
    for duty in (Duty.EMPLOYER, Duty.STATION, Duty.HEALTH):
        client = as_officer(make_officer(username=duty.value, duty=duty, organisation=7))
        for address in ("/rounds/", "/offers/", "/placements/"):
            assert client.get(address).status_code == 404


def asked(starts_on: str, *, division: int = LI_COUNTY) -> dict[str, str]:
    """Return what the form of a round sends."""
    return {"starts_on": starts_on, "seed": "0", "division": str(division), "dial": "placement_first"}


def test_a_county_runs_a_round_and_only_another_officer_publishes_it() -> None:
    make_willing_worker()
    make_vacancy()
    client = as_officer(county())
    assert "<b>1</b>" in text_of(client, "/rounds/new/")
    ran = client.post("/rounds/new/", asked("2020-03-09"))
    again()
    made = Round.objects.get()
    assert made.policy["dial"] == "placement_first"
    assert ran["location"] == f"/rounds/{made.pk}/"
    assert "Waits for the queue" in text_of(client, f"/rounds/{made.pk}/")
    work_the_queue()
    assert "another officer of the county" in text_of(client, f"/rounds/{made.pk}/")

    refused = client.post(f"/rounds/{made.pk}/publish/", follow=True).content.decode()
    assert f"You ran round {made.pk} yourself" in refused
    again()
    assert Round.objects.get().state == RoundState.READY

    second = as_officer(make_officer(username="second"))
    assert (
        "The workers can answer now"
        in second.post(f"/rounds/{made.pk}/publish/", follow=True).content.decode()
    )
    again()
    assert Round.objects.get().published_by == make_officer(username="second")


def test_a_round_that_is_set_aside_takes_its_offers_with_it() -> None:
    offer = an_offer(publish=False)
    client = as_officer(county())
    assert client.post(f"/rounds/{offer.round_id}/set-aside/").status_code == 302
    again()
    assert Round.objects.get().state == RoundState.SET_ASIDE
    assert Offer.objects.get().state == OfferState.OBSOLETE
    assert client.post(f"/rounds/{offer.round_id}/burn/").status_code == 404


@pytest.mark.parametrize("duty", [Duty.PROVINCE, Duty.PREFECTURE, Duty.AUDITOR])
def test_who_only_reads_cannot_run_or_publish(duty: Duty) -> None:
    offer = an_offer(publish=False)
    client = as_officer(make_officer(username="reader", duty=duty, division=GANSU))
    assert client.get("/rounds/new/").status_code == 404
    assert client.post(f"/rounds/{offer.round_id}/publish/").status_code == 404
    assert "Publish<" not in text_of(client, f"/rounds/{offer.round_id}/")
    again()
    assert Round.objects.get().state == RoundState.READY


def test_a_round_for_a_day_that_is_over_or_for_nobody_is_explained() -> None:
    client = as_officer(county())
    late = client.post("/rounds/new/", asked("2020-03-02"))
    assert late.status_code == 422
    assert "This day is over" in late.content.decode()
    stranger = client.post("/rounds/new/", asked("2020-03-09", division=DANGCHANG))
    assert stranger.status_code == 422
    assert not Round.objects.exists()
    client.post("/rounds/new/", asked("2020-03-03"))
    work_the_queue()
    number = Round.objects.get().pk
    assert "There is nothing to match: 0 workers" in text_of(client, f"/rounds/{number}/")
    assert "Came to nothing" in text_of(client, "/rounds/")
    again()
    assert not Offer.objects.exists()


def work_the_queue() -> None:
    """Do what the queue's worker would do with the rounds that were asked for."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'placements.round' RETURNING args")
        asked = [row[0] for row in cursor.fetchall()]
    for arguments in asked:
        values = json.loads(arguments) if isinstance(arguments, str) else arguments
        tasks.match(**values)
    again()


def test_the_page_of_a_round_that_waits_asks_again_until_it_is_ready() -> None:
    make_willing_worker()
    make_vacancy()
    client = as_officer(county())
    client.post("/rounds/new/", asked("2020-03-09"))
    again()
    number = Round.objects.get().pk
    page = text_of(client, f"/rounds/{number}/")
    assert f'hx-get="/rounds/{number}/state/"' in page
    assert "Reading wishes and posts" in page
    waiting = client.get(f"/rounds/{number}/state/")
    assert "HX-Refresh" not in waiting
    again()
    work_the_queue()
    assert client.get(f"/rounds/{number}/state/")["HX-Refresh"] == "true"
    stranger_s = as_officer(stranger())
    assert stranger_s.get(f"/rounds/{number}/state/").status_code == 404


def test_a_round_that_waits_is_cancelled_by_a_county_officer_alone() -> None:
    client = as_officer(county())
    client.post("/rounds/new/", asked("2020-03-09"))
    again()
    number = Round.objects.get().pk
    twice = client.post("/rounds/new/", asked("2020-03-09"))
    assert f"Round {number} of the same people is under way" in twice.content.decode()
    reader = as_officer(make_officer(username="reader", duty=Duty.PREFECTURE, division=LONGNAN))
    assert "Cancel the round" not in text_of(reader, f"/rounds/{number}/")
    assert reader.post(f"/rounds/{number}/cancel/").status_code == 404
    assert as_officer(stranger()).post(f"/rounds/{number}/cancel/").status_code == 404
    said = client.post(f"/rounds/{number}/cancel/", follow=True).content.decode()
    assert "An officer cancelled it" in said
    work_the_queue()
    assert Round.objects.get().state == RoundState.CANCELLED


def test_a_round_shows_its_picture_its_fill_its_promise_and_who_is_left_over() -> None:
    make_willing_worker()
    make_willing_worker(name="未满十六", born_on=date(2006, 1, 1))
    make_vacancy(draft=make_draft(openings=3, requirements=(Asked(RequirementKind.AGE_MIN, "18"),)))
    made = make_round(publish=False)
    page = text_of(as_officer(county()), f"/rounds/{made.pk}/")
    assert "<svg" in page
    assert "Shandong" in page
    assert "No plan could offer more: 0" in page
    assert "50.0% of those who agreed" in page
    assert f"/rounds/{made.pk}/unplaced/?rule=AGE" in page
    assert "Age: 1 kept out, 1 of them for this reason alone" in page
    assert made.answer_hash in page
    for points in made.policy["weights"].values():
        assert f'<td class="n">{points}</td>' in page


def test_who_got_nothing_is_told_why_rule_by_rule() -> None:
    make_willing_worker(name="未满十六", born_on=date(2006, 1, 1))
    poor = make_willing_worker(name="要价高")
    Wish.objects.filter(worker=poor).update(wage_floor_yuan=9000)
    make_vacancy()
    made = make_round()
    client = as_officer(county(), "zh-hans")
    everybody = text_of(client, f"/rounds/{made.pk}/unplaced/")
    assert "工资低于本人期望：排除 1 个岗位，其中 1 个仅因这一条" in everybody
    narrowed = text_of(client, f"/rounds/{made.pk}/unplaced/?rule=AGE")
    assert "未满十六" in narrowed
    assert "要价高" not in narrowed
