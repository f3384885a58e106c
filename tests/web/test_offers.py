"""Pages of offers: who sees them, the answers that are recorded, the reasons in sentences."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from fourdoors.placements.models import Offer, Placement
from fourdoors.placements.rules import OfferState
from fourdoors.recruitment.rules import Asked, RequirementKind
from fourdoors.register.models import Consent
from fourdoors.register.rules import Purpose
from tests.makers.placements import (
    MATCHED_AT,
    make_placement,
    make_round,
    make_willing_worker,
)
from tests.makers.recruitment import make_draft, make_vacancy
from tests.web.officers import again, as_officer, county, text_of
from tests.web.placing import an_offer, auditor, stranger, township

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_march")]


def test_owner_colleague_and_stranger_at_an_offer() -> None:
    offer = an_offer()
    for officer in (county(), township(), auditor()):
        client = as_officer(officer)
        assert "马小兰" in text_of(client, "/offers/")
        assert "4,200–5,500" in text_of(client, f"/offers/{offer.pk}/")
    client = as_officer(stranger())
    assert "马小兰" not in text_of(client, "/offers/")
    assert client.get(f"/offers/{offer.pk}/").status_code == 404
    for deed in ("accept", "decline", "withdraw", "employer"):
        assert client.post(f"/offers/{offer.pk}/{deed}/", {"how": "self"}).status_code == 404
    again()
    assert Offer.objects.get().state == OfferState.MADE


def test_a_township_sees_an_offer_only_once_it_is_published() -> None:
    offer = an_offer(publish=False)
    client = as_officer(township())
    assert client.get(f"/offers/{offer.pk}/").status_code == 404
    assert "nobody can answer yet" in text_of(as_officer(county()), f"/offers/{offer.pk}/")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Pays 900 yuan a month more"), ("zh-hans", "工资比期望每月高 900 元")]
)
def test_the_reasons_of_an_offer_are_sentences_whose_points_add_up(language: str, said: str) -> None:
    offer = an_offer()
    page = text_of(as_officer(county(), language), f"/offers/{offer.pk}/")
    assert said in page
    assert "+90<" in page
    assert f'<td class="n">{offer.points}</td>' in page


def test_an_offer_says_that_its_certificate_comes_with_a_free_class() -> None:
    make_willing_worker()
    make_vacancy(draft=make_draft(requirements=(Asked(RequirementKind.CERTIFICATE, "6-05-01-03"),)))
    make_round()
    page = text_of(as_officer(county()), f"/offers/{Offer.objects.get().pk}/")
    assert "goes to a class first. It is free." in page


def test_a_wish_without_a_least_pay_is_not_called_more_than_was_asked_for() -> None:
    make_willing_worker()
    make_vacancy()
    make_round()
    page = text_of(as_officer(county()), f"/offers/{Offer.objects.get().pk}/")
    assert "no least pay was asked for" in page
    assert "more than was asked for" not in page


def test_offers_are_narrowed_by_round_state_and_name() -> None:
    offer = an_offer()
    client = as_officer(county())
    assert "马小兰" in text_of(client, f"/offers/?round={offer.round_id}&state=made&name=小")
    for query in ("state=placed", "round=999999", "name=李", "round=x&name=李"):
        assert "No offer fits" in text_of(client, f"/offers/?{query}")


def test_a_yes_through_a_relative_needs_the_name_of_the_relative() -> None:
    offer = an_offer()
    client = as_officer(township())
    nameless = client.post(f"/offers/{offer.pk}/accept/", {"how": "proxy", "proxy_name": ""})
    assert nameless.status_code == 422
    again()
    assert Offer.objects.get().state == OfferState.MADE
    assert not Consent.objects.filter(purpose=Purpose.MOVE).exists()

    named = client.post(f"/offers/{offer.pk}/accept/", {"how": "proxy", "proxy_name": "马大山"})
    assert named.status_code == 302
    again()
    consent = Consent.objects.get(purpose=Purpose.MOVE)
    assert (consent.how, consent.proxy_name, consent.recorded_by) == ("proxy", "马大山", township())
    assert Offer.objects.get().state == OfferState.ACCEPTED


def test_a_no_is_recorded_with_or_without_a_word_and_is_not_asked_twice() -> None:
    offer = an_offer()
    client = as_officer(county())
    client.post(f"/offers/{offer.pk}/decline/", {"how": "paper", "words": "母亲生病"})
    again()
    assert (Offer.objects.get().state, Offer.objects.get().decline_words) == ("declined", "母亲生病")
    assert "母亲生病" in text_of(client, f"/offers/{offer.pk}/")
    twice = client.post(f"/offers/{offer.pk}/decline/", {"how": "paper", "words": ""})
    assert twice.status_code == 422
    assert "can no longer be answered" in twice.content.decode()


def test_the_last_day_of_an_offer_is_shown_and_kept(settings: Settings) -> None:
    offer = an_offer()
    client = as_officer(county())
    settings.DEMONSTRATION_DAY = MATCHED_AT.date() + timedelta(days=2)
    assert "Record the yes" in text_of(client, f"/offers/{offer.pk}/")
    settings.DEMONSTRATION_DAY = MATCHED_AT.date() + timedelta(days=3)
    page = text_of(client, f"/offers/{offer.pk}/")
    assert "Record the yes" not in page
    assert "Not answered" in page
    assert client.post(f"/offers/{offer.pk}/accept/", {"how": "self"}).status_code == 422


@pytest.mark.parametrize("placed", [False, True])
def test_a_worker_is_taken_out_of_a_move_at_any_state_in_one_step(placed: bool) -> None:  # noqa: FBT001
    offer = an_offer()
    client = as_officer(county())
    if placed:
        make_placement(offer=offer)
    assert client.post(f"/offers/{offer.pk}/withdraw/").status_code == 302
    again()
    assert Offer.objects.get().state == OfferState.WITHDRAWN
    assert not Placement.objects.filter(closed_on=None).exists()
    assert not Consent.objects.filter(purpose=Purpose.MOVE, withdrawn_at=None).exists()
    assert Consent.objects.filter(purpose=Purpose.MATCHING, withdrawn_at=None).exists()
    assert client.post(f"/offers/{offer.pk}/withdraw/").status_code == 302


def test_the_employers_answer_is_recorded_on_the_employers_word() -> None:
    offer = an_offer()
    client = as_officer(county())
    early = client.post(f"/offers/{offer.pk}/employer/", {"takes": "yes"}, follow=True)
    assert "can no longer be answered" in early.content.decode()
    client.post(f"/offers/{offer.pk}/accept/", {"how": "self"})
    assert client.post(f"/offers/{offer.pk}/employer/", {"takes": "perhaps"}).status_code == 404
    assert as_officer(township()).post(f"/offers/{offer.pk}/employer/", {"takes": "yes"}).status_code == 404
    client.post(f"/offers/{offer.pk}/employer/", {"takes": "yes"})
    again()
    assert Placement.objects.get().offer == offer
