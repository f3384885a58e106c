"""Offers on the pages of those who answer them: the employer, and the worker without an account."""

import pytest
from django.test import Client

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import Duty
from fourdoors.placements.models import Offer, Placement
from fourdoors.placements.rules import OfferState
from fourdoors.register.models import Consent
from fourdoors.register.rules import Purpose
from fourdoors.register.services import make_worker_link
from tests.makers.accounts import make_officer
from tests.makers.placements import (
    MATCHED_AT,
    make_willing_worker,
)
from tests.web.officers import again, as_officer, county, text_of
from tests.web.placing import an_offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_march")]


def employer_of(offer: Offer) -> Officer:
    return make_officer(username=f"e{offer.employer_id}", duty=Duty.EMPLOYER, organisation=offer.employer_id)


def test_an_employer_sees_by_name_who_said_yes_and_nothing_of_the_register() -> None:
    offer = an_offer()
    employer = as_officer(employer_of(offer))
    assert "马小兰" not in text_of(employer, "/employer/joining/")
    as_officer(county()).post(f"/offers/{offer.pk}/accept/", {"how": "self"})
    page = text_of(employer, "/employer/joining/")
    assert "马小兰" in page
    assert f"…{offer.identity_tail}" in page
    assert "Li County" not in page

    other = as_officer(make_officer(username="other", duty=Duty.EMPLOYER, organisation=999_999))
    assert "马小兰" not in text_of(other, "/employer/joining/")
    assert other.post(f"/employer/joining/{offer.pk}/answer/", {"takes": "yes"}).status_code == 404
    assert as_officer(county()).get("/employer/joining/").status_code == 404
    again()
    assert not Placement.objects.exists()


@pytest.mark.parametrize(("takes", "state"), [("yes", OfferState.PLACED), ("no", OfferState.NOT_TAKEN)])
def test_an_employer_takes_a_person_or_not_by_name(takes: str, state: OfferState) -> None:
    offer = an_offer()
    as_officer(county()).post(f"/offers/{offer.pk}/accept/", {"how": "self"})
    employer = as_officer(employer_of(offer))
    assert employer.post(f"/employer/joining/{offer.pk}/answer/", {"takes": ""}).status_code == 404
    said = employer.post(f"/employer/joining/{offer.pk}/answer/", {"takes": takes}, follow=True)
    assert {"yes": "马小兰 is taken", "no": "马小兰 is not taken"}[takes] in said.content.decode()
    again()
    assert Offer.objects.get().state == state
    assert ("马小兰" in text_of(employer, "/employer/joining/")) is (takes == "yes")
    assert employer.post(f"/employer/joining/{offer.pk}/answer/", {"takes": takes}).status_code == 404


def test_a_worker_sees_own_offers_with_reasons_and_nobody_elses() -> None:
    offer = an_offer()
    other = make_willing_worker(name="李二")
    secret, others = (make_worker_link(worker=one, at=MATCHED_AT) for one in (offer.worker, other))
    anybody = Client(headers={"accept-language": "en"})
    page = text_of(anybody, f"/my/{secret}/offers/")
    assert "Pays 900 yuan a month more" in page
    assert "Yes, I want to go" in page
    assert "缝纫工" in text_of(anybody, f"/my/{secret}/")
    assert "Nothing is offered to you now" in text_of(anybody, f"/my/{others}/offers/")
    assert anybody.post(f"/my/{others}/offers/{offer.pk}/accept/").status_code == 404
    assert anybody.get("/my/not-a-secret/offers/").status_code == 404
    again()
    assert Offer.objects.get().state == OfferState.MADE


def test_an_offer_that_is_not_published_is_not_shown_to_the_worker() -> None:
    offer = an_offer(publish=False)
    secret = make_worker_link(worker=offer.worker, at=MATCHED_AT)
    assert "Nothing is offered to you now" in text_of(
        Client(headers={"accept-language": "en"}), f"/my/{secret}/offers/"
    )
    assert Client().post(f"/my/{secret}/offers/{offer.pk}/accept/").status_code == 404


def test_a_worker_says_yes_and_takes_it_back_without_an_account() -> None:
    offer = an_offer()
    address = f"/my/{make_worker_link(worker=offer.worker, at=MATCHED_AT)}/offers/"
    client = Client(headers={"accept-language": "en"})
    assert "Your yes is recorded" in client.post(f"{address}{offer.pk}/accept/", follow=True).content.decode()
    again()
    assert Consent.objects.get(purpose=Purpose.MOVE).how == "self"
    assert (
        "can no longer be answered"
        in client.post(f"{address}{offer.pk}/decline/", follow=True).content.decode()
    )
    assert "It is taken back" in client.post(f"{address}{offer.pk}/withdraw/", follow=True).content.decode()
    again()
    assert Offer.objects.get().state == OfferState.WITHDRAWN
    assert client.post(f"{address}{offer.pk}/eat/").status_code == 404
    assert client.get(f"{address}{offer.pk}/accept/").status_code == 405


@pytest.mark.parametrize("words", ["", "孩子小", "x" * 300])
def test_a_worker_says_no_with_or_without_a_word(words: str) -> None:
    offer = an_offer()
    address = f"/my/{make_worker_link(worker=offer.worker, at=MATCHED_AT)}/offers/"
    Client().post(f"{address}{offer.pk}/decline/", {"words": words})
    again()
    found = Offer.objects.get()
    assert (found.state, found.decline_words) == (OfferState.DECLINED, words[:200])
