"""Answers: what a yes makes, what a no does not, and the way out at any moment."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fourdoors.accounts.models import Deed
from fourdoors.accounts.rules import Duty
from fourdoors.accounts.selectors import scope_of
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.placements.models import Offer, Placement
from fourdoors.placements.rules import OfferState
from fourdoors.placements.services import (
    NoConsentError,
    OfferGoneError,
    PlacedAlreadyError,
    VacancyFullError,
    accept_offer,
    answer_as_employer,
    decline_offer,
    expire_offers,
    withdraw_move,
)
from fourdoors.recruitment.models import Vacancy
from fourdoors.recruitment.rules import Asked, RequirementKind
from fourdoors.register.models import Consent
from fourdoors.register.rules import HowGiven, Purpose
from fourdoors.register.services import withdraw_consent
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import make_officer
from tests.makers.placements import MATCHED_AT, make_placement, make_round, make_willing_worker
from tests.makers.recruitment import make_draft, make_vacancy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _province() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def make_offer(**draft: Any) -> Offer:
    make_willing_worker()
    make_vacancy(draft=make_draft(**draft))
    make_round()
    return Offer.objects.get(state=OfferState.MADE)


def accept(offer: Offer) -> Offer:
    return accept_offer(offer=offer, how=HowGiven.SELF, at=MATCHED_AT)


def take(offer: Offer) -> Placement | None:
    return answer_as_employer(offer=offer, takes=True, at=MATCHED_AT, by=make_officer())


def test_a_yes_is_a_consent_to_this_very_move() -> None:
    offer = accept(make_offer())
    consent = Consent.objects.get(purpose=Purpose.MOVE)
    assert (consent.worker, consent.move, offer.state) == (offer.worker, f"offer:{offer.pk}", "accepted")


def test_a_proxy_gives_a_name() -> None:
    offer = make_offer()
    with pytest.raises(RuleError):
        accept_offer(offer=offer, how=HowGiven.PROXY, at=MATCHED_AT)
    accept_offer(offer=offer, how=HowGiven.PROXY, proxy_name="马父", at=MATCHED_AT)
    assert Consent.objects.get(purpose=Purpose.MOVE).proxy_name == "马父"


def test_a_no_changes_the_offer_and_nothing_else() -> None:
    offer = make_offer()
    before = counts()
    decline_offer(offer=offer, how=HowGiven.SELF, at=MATCHED_AT, words="想在家附近")
    assert {**counts(), "accounts.Deed": 0} == {**before, "accounts.Deed": 0}
    offer.refresh_from_db()
    assert offer.state == OfferState.DECLINED


def test_a_declined_vacancy_is_not_offered_to_the_same_worker_again() -> None:
    offer = make_offer()
    decline_offer(offer=offer, how=HowGiven.SELF, at=MATCHED_AT)
    make_round()
    assert not Offer.objects.filter(state=OfferState.MADE).exists()


def test_an_offer_ends_on_its_day_and_not_before() -> None:
    offer = make_offer()
    assert expire_offers(on=offer.expires_on - timedelta(days=1), at=MATCHED_AT) == 0
    with pytest.raises(OfferGoneError):
        accept_offer(offer=offer, how=HowGiven.SELF, at=MATCHED_AT + timedelta(days=3))
    assert expire_offers(on=offer.expires_on, at=MATCHED_AT) == 1
    assert not Consent.objects.filter(purpose=Purpose.MOVE).exists()


def test_the_employer_makes_the_placement_with_the_terms_as_offered() -> None:
    placement = take(accept(make_offer(wage=(4200, 5500))))
    assert placement is not None
    assert (placement.wage_low_yuan, placement.wage_high_yuan) == (4200, 5500)
    assert placement.consent.purpose == Purpose.MOVE
    assert Deed.objects.filter(action="placements.placed").count() == 1


def test_the_employer_answers_under_its_own_scope_and_sees_no_more_afterwards() -> None:
    offer = accept(make_offer())
    officer = make_officer(username="hr", duty=Duty.EMPLOYER, organisation=offer.employer_id)
    set_scope(scope_of(officer))
    placement = answer_as_employer(offer=offer, takes=True, at=MATCHED_AT, by=officer)
    assert placement is not None
    assert not Consent.objects.exists()
    assert Placement.objects.count() == 1


def test_an_employers_no_ends_the_consent_to_the_move() -> None:
    offer = accept(make_offer())
    assert answer_as_employer(offer=offer, takes=False, at=MATCHED_AT, by=make_officer()) is None
    assert not Consent.objects.filter(purpose=Purpose.MOVE, withdrawn_at=None).exists()
    assert not Placement.objects.exists()


def test_an_offer_the_worker_has_not_accepted_cannot_be_taken() -> None:
    with pytest.raises(OfferGoneError):
        take(make_offer())
    assert not Placement.objects.exists()


def test_a_withdrawn_consent_stops_the_placement() -> None:
    offer = accept(make_offer())
    withdraw_consent(consent=Consent.objects.get(purpose=Purpose.MOVE), at=MATCHED_AT)
    with pytest.raises(NoConsentError):
        take(offer)
    assert not Placement.objects.exists()


def test_the_database_itself_refuses_a_placement_on_a_withdrawn_consent() -> None:
    placement = make_placement(offer=make_offer())
    withdraw_consent(consent=placement.consent, at=MATCHED_AT)
    placement.delete()
    placement.pk = None
    with pytest.raises(IntegrityError, match="no live consent"), transaction.atomic():
        placement.save(force_insert=True)


def test_the_last_opening_is_taken_once_and_closes_the_vacancy() -> None:
    first = make_offer(openings=1)
    make_placement(offer=first)
    vacancy = Vacancy.objects.get()
    assert vacancy.filled_at is not None
    worker = make_willing_worker(name="第二人")
    second = Offer.objects.create(
        **{
            field.attname: getattr(first, field.attname)
            for field in Offer._meta.fields
            if field.attname not in {"id", "worker_id", "state", "round_id"}
        },
        worker=worker,
        state=OfferState.ACCEPTED,
    )
    Consent.objects.create(
        worker=worker,
        village=worker.village,
        county=worker.county,
        purpose=Purpose.MOVE,
        move=f"offer:{second.pk}",
        how=HowGiven.SELF,
        given_at=MATCHED_AT,
    )
    with pytest.raises(VacancyFullError):
        take(second)
    assert Placement.objects.count() == 1


def test_a_worker_holds_one_open_placement() -> None:
    offer = make_offer()
    placement = make_placement(offer=offer)
    second = Offer.objects.get(pk=offer.pk)
    second.pk, second.round, second.state = None, None, OfferState.MADE
    second.save()
    with pytest.raises(PlacedAlreadyError):
        accept(second)
    assert Placement.objects.get() == placement


def test_a_placement_that_needs_a_certificate_says_which() -> None:
    offer = make_offer(requirements=(Asked(RequirementKind.CERTIFICATE, "6-05-01-03"),))
    assert make_placement(offer=offer).certificate_needed == "6-05-01-03"


def counts() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model.__module__.startswith("fourdoors.")
    }


def content(*, without: set[str]) -> dict[str, list[tuple[Any, ...]]]:
    return {
        model._meta.label: sorted(model._default_manager.values_list(), key=str)
        for model in apps.get_models()
        if model.__module__.startswith("fourdoors.") and model._meta.label not in without
    }


STATES: dict[str, Callable[[Offer], object]] = {
    "offered": lambda offer: offer,
    "accepted": accept,
    "placed": lambda offer: make_placement(offer=offer),
}
OF_THE_MOVE = {
    "placements.Offer",
    "placements.Placement",
    "register.Consent",
    "accounts.Deed",
    "accounts.DeedChain",
}


@pytest.mark.parametrize("state", STATES)
def test_withdrawing_is_one_step_and_touches_nothing_but_the_move(state: str) -> None:
    offer = make_offer()
    STATES[state](offer)
    before = content(without=OF_THE_MOVE)
    withdraw_move(offer=offer, at=MATCHED_AT + timedelta(days=1))
    assert content(without=OF_THE_MOVE) == before
    assert not Consent.objects.filter(purpose=Purpose.MOVE, withdrawn_at=None).exists()
    assert not Placement.objects.filter(closed_on=None).exists()
    assert Consent.objects.filter(purpose=Purpose.MATCHING, withdrawn_at=None).count() == 1


DEEDS: dict[str, Callable[[Offer], object]] = {
    "accept": accept,
    "decline": lambda offer: decline_offer(offer=offer, how=HowGiven.SELF, at=MATCHED_AT),
    "take": take,
    "refuse": lambda offer: answer_as_employer(offer=offer, takes=False, at=MATCHED_AT, by=make_officer()),
    "withdraw": lambda offer: withdraw_move(offer=offer, at=MATCHED_AT),
    "expire": lambda offer: expire_offers(on=offer.expires_on, at=MATCHED_AT),
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.sampled_from(sorted(DEEDS)), min_size=1, max_size=7))
def test_in_no_order_of_deeds_is_there_an_open_placement_without_a_live_consent(order: list[str]) -> None:
    with transaction.atomic():
        offer = make_offer()
        for deed in order:
            try:
                with transaction.atomic():
                    DEEDS[deed](Offer.objects.get(pk=offer.pk))
            except RuleError:
                continue
        for placement in Placement.objects.filter(closed_on=None):
            assert placement.consent.withdrawn_at is None
            assert placement.consent.move == f"offer:{placement.offer_id}"
        transaction.set_rollback(True)
