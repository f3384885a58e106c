"""Pages of what-ifs and of places that became free: asked, looked into by the queue, shown to who may see."""

import json
from typing import Any

import pytest
from django.db import connection

from fourdoors.accounts.rules import Duty
from fourdoors.console import tasks
from fourdoors.placements.models import Offer, Round
from fourdoors.placements.rules import OfferState, RoundState
from fourdoors.placements.services import accept_offer
from fourdoors.recruitment.models import Vacancy
from fourdoors.register.models import Worker
from fourdoors.register.rules import HowGiven
from fourdoors.register.services import make_worker_link
from tests.makers.accounts import LI_COUNTY, make_officer
from tests.makers.placements import MATCHED_AT, make_round, make_willing_worker
from tests.makers.recruitment import make_draft, make_vacancy
from tests.web.officers import again, as_officer, county, text_of
from tests.web.placing import auditor, stranger, township

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_march")]
JOBS: dict[str, Any] = {"placements.round": tasks.match, "placements.refill": tasks.refill}


def work_the_queue() -> int:
    """Do what the queue's worker would do, and return how many jobs there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE task_name LIKE 'placements.%%' RETURNING task_name, args"
        )
        jobs = cursor.fetchall()
    for name, arguments in jobs:
        JOBS[name](**(json.loads(arguments) if isinstance(arguments, str) else arguments))
    again()
    return len(jobs)


def asked(about: str, more: int, dial: str = "placement_first") -> dict[str, str]:
    return {"about": about, "more": str(more), "dial": dial, "starts_on": "2020-03-09"}


def two_for_one() -> Vacancy:
    make_willing_worker(name="甲某")
    make_willing_worker(name="乙某")
    return make_vacancy(draft=make_draft(openings=1))


@pytest.mark.parametrize("kind", ["post", "kind"])
def test_a_county_asks_and_reads_who_would_gain(kind: str) -> None:
    vacancy = two_for_one()
    client = as_officer(county())
    place = (vacancy.place or 0) // 10**10 * 10**10
    about = {"post": f"post:{vacancy.pk}", "kind": f"kind:{vacancy.occupation}@{place}"}[kind]
    went = client.post("/rounds/what-if/", asked(about, 5))
    again()
    number = Round.objects.get().pk
    assert went["location"] == f"/rounds/{number}/"
    assert work_the_queue() == 1
    page = text_of(client, f"/rounds/{number}/")
    assert "5 more openings" in page
    assert "<b>+1</b>" in page
    assert ("甲某" in page) != ("乙某" in page)
    assert "No round yet" in text_of(client, "/rounds/")
    assert "5 more openings" in text_of(client, "/rounds/what-if/")
    again()
    assert Round.objects.get().state == RoundState.TRIED
    assert not Offer.objects.exists()


@pytest.mark.parametrize(("about", "more"), [("", 5), ("post", 0)])
def test_a_post_and_a_number_belong_together(about: str, more: int) -> None:
    vacancy = two_for_one()
    answer = as_officer(county()).post("/rounds/what-if/", asked(f"post:{vacancy.pk}" if about else "", more))
    assert answer.status_code == 422
    assert "Name a post and a number from 1 on, or neither" in answer.content.decode()
    again()
    assert not Round.objects.exists()


def test_owner_colleague_and_stranger_at_a_what_if() -> None:
    two_for_one()
    client = as_officer(county())
    client.post("/rounds/what-if/", asked("", 0, "own_first"))
    again()
    number = Round.objects.get().pk
    work_the_queue()
    for officer in (make_officer(username="second"), auditor()):
        colleague = as_officer(officer)
        assert "Policy: The wishes of the registered poor" in text_of(colleague, "/rounds/what-if/")
        assert "Only tried out" in text_of(colleague, f"/rounds/{number}/")
    assert "Nothing was asked yet" in text_of(as_officer(stranger()), "/rounds/what-if/")
    assert as_officer(stranger()).get(f"/rounds/{number}/").status_code == 404
    assert as_officer(township()).get("/rounds/what-if/").status_code == 404
    reader = as_officer(make_officer(username="a2", duty=Duty.AUDITOR, division=LI_COUNTY))
    reader.post("/rounds/what-if/", asked("", 0))
    again()
    assert Round.objects.count() == 1
    assert client.post(f"/rounds/{number}/publish/").status_code == 404


def offered_of_two() -> Offer:
    two_for_one()
    make_round()
    return Offer.objects.get()


def test_a_no_on_the_worker_s_own_page_offers_the_place_to_the_next_with_the_reason() -> None:
    offer = offered_of_two()
    secret = make_worker_link(worker=offer.worker, at=MATCHED_AT)
    client = as_officer(county())
    client.post(f"/my/{secret}/offers/{offer.pk}/decline/", {"words": ""})
    again()
    assert work_the_queue() == 1
    made = Offer.objects.get(replaces=offer)
    assert made.worker == Worker.objects.exclude(pk=offer.worker_id).get()
    assert "first said no" in text_of(client, f"/offers/{made.pk}/")
    again()
    theirs = make_worker_link(worker=made.worker, at=MATCHED_AT)
    page = text_of(client, f"/my/{theirs}/offers/")
    assert "The place became free" in page
    assert offer.shown_name not in page


@pytest.mark.parametrize("deed", ["decline", "withdraw", "employer"])
def test_an_end_written_down_by_an_officer_frees_the_place_too(deed: str) -> None:
    offer = offered_of_two()
    if deed == "employer":
        accept_offer(offer=offer, how=HowGiven.SELF, at=MATCHED_AT)
    said = {"decline": {"how": "phone", "words": ""}, "withdraw": {}, "employer": {"takes": "no"}}[deed]
    if deed == "decline":
        said = {"how": next(iter(HowGiven)).value, "words": ""}
    as_officer(county()).post(f"/offers/{offer.pk}/{deed}/", said)
    again()
    assert work_the_queue() == 1
    assert Offer.objects.get(replaces=offer).state == OfferState.MADE


def test_a_yes_frees_nothing_and_a_no_that_is_refused_neither() -> None:
    offer = offered_of_two()
    client = as_officer(county())
    client.post(f"/offers/{offer.pk}/accept/", {"how": HowGiven.SELF.value, "proxy_name": ""})
    again()
    client.post(f"/offers/{offer.pk}/decline/", {"how": HowGiven.SELF.value, "words": ""})
    again()
    assert work_the_queue() == 0
    assert Offer.objects.get().state == OfferState.ACCEPTED


def test_offers_past_their_day_end_by_night_and_their_places_are_filled(settings: Any) -> None:
    settings.DEMONSTRATION_DAY = None
    offer = offered_of_two()
    tasks.expire(0)
    again()
    offer.refresh_from_db()
    assert offer.state == OfferState.EXPIRED
    assert work_the_queue() == 1


def test_a_demonstration_keeps_its_own_days(settings: Any) -> None:
    settings.DEMONSTRATION = True
    offer = offered_of_two()
    tasks.expire(0)
    again()
    offer.refresh_from_db()
    assert offer.state == OfferState.MADE
