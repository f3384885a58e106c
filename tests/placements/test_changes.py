"""A round beside the one before it: who is new, changed or gone, and the first reason that holds."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.placements.models import Change, Offer, Round
from fourdoors.placements.rules import Before, ChangeKind, ChangeWhy, change_of
from fourdoors.placements.services import accept_offer, decline_offer, exclude_pair
from fourdoors.recruitment.models import Vacancy
from fourdoors.register.models import Consent, Wish, Worker
from fourdoors.register.rules import HowGiven
from fourdoors.register.services import withdraw_consent
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import make_officer
from tests.makers.placements import MATCHED_AT, make_placement, make_round, make_willing_worker
from tests.makers.recruitment import make_draft, make_vacancy
from tests.makers.register import make_wish

pytestmark = pytest.mark.django_db
LATER = MATCHED_AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _province() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def changes(made: Round) -> dict[str, tuple[str, str]]:
    rows = Change.objects.filter(round=made).select_related("worker")
    return {one.worker.name: (one.kind, one.why) for one in rows}


def test_the_first_round_of_a_place_is_compared_with_nothing() -> None:
    make_willing_worker()
    make_vacancy()
    made = make_round(publish=False)
    assert (made.report["changes"], changes(made)) == ({}, {})


def test_who_has_the_same_post_as_before_is_counted_and_not_listed() -> None:
    make_willing_worker()
    make_vacancy()
    first = make_round(publish=False)
    second = make_round(publish=False)
    assert changes(second) == {}
    assert (second.report["changes"]["round"], second.report["changes"]["same"]) == (first.pk, 1)


def test_who_agreed_since_is_new() -> None:
    make_willing_worker(name="甲")
    make_vacancy()
    make_round(publish=False)
    make_willing_worker(name="乙")
    assert changes(make_round(publish=False)) == {"乙": ("new", "newcomer")}


def offered_then(name: str = "甲") -> tuple[Worker, Vacancy]:
    """Match one worker to the one post there is."""
    worker, vacancy = make_willing_worker(name=name), make_vacancy(draft=make_draft(openings=1))
    make_round(publish=False)
    return worker, vacancy


def test_an_earlier_post_that_closed_is_the_reason() -> None:
    _worker, vacancy = offered_then()
    make_vacancy(draft=make_draft(title="另一岗"))
    Vacancy.objects.filter(pk=vacancy.pk).update(withdrawn_at=MATCHED_AT)
    assert changes(make_round(publish=False)) == {"甲": ("moved", "closed")}


def test_a_wish_that_changed_is_the_reason() -> None:
    worker, _vacancy = offered_then()
    wish = make_wish(worker=worker, at=LATER)
    Wish.objects.filter(pk=wish.pk).update(wage_floor_yuan=9000)
    assert changes(make_round(publish=False)) == {"甲": ("lost", "wish")}


def test_a_post_verified_since_is_the_reason() -> None:
    worker, _vacancy = offered_then()
    Wish.objects.filter(worker=worker).update(wage_floor_yuan=4000)
    better = make_vacancy(draft=make_draft(title="高薪岗", wage=(9000, 9500)))
    Vacancy.objects.filter(pk=better.pk).update(verified_at=LATER)
    assert changes(make_round(publish=False)) == {"甲": ("moved", "new_vacancy")}


def test_others_who_come_first_are_the_reason() -> None:
    worker, _vacancy = offered_then()
    Wish.objects.filter(worker=worker).update(wage_floor_yuan=4000)
    rival = make_willing_worker(name="乙")
    Wish.objects.filter(worker=rival).update(wage_floor_yuan=0)
    assert changes(make_round(publish=False))["甲"] == ("lost", "contested")


def test_a_no_and_a_word_of_the_county_are_the_reasons() -> None:
    said_no, _vacancy = offered_then()
    Offer.objects.all().delete()
    Change.objects.all().delete()
    make_round()
    decline_offer(offer=Offer.objects.get(worker=said_no), how=HowGiven.SELF, at=MATCHED_AT)
    assert changes(make_round(publish=False)) == {"甲": ("lost", "said_no")}


def test_a_pair_kept_apart_is_the_reason() -> None:
    worker, vacancy = offered_then()
    exclude_pair(worker=worker, vacancy=vacancy, reason="本人要求", by=make_officer(), at=MATCHED_AT)
    assert changes(make_round(publish=False)) == {"甲": ("lost", "override")}


def test_an_opening_that_became_free_is_the_reason() -> None:
    make_willing_worker(name="甲")
    vacancy = make_vacancy(draft=make_draft(openings=1))
    make_willing_worker(name="乙")
    make_round(publish=False)
    Vacancy.objects.filter(pk=vacancy.pk).update(openings=2)
    assert list(changes(make_round(publish=False)).values()) == [("offered", "freed")]


@pytest.mark.parametrize("why", ["placed", "waiting", "withdrawn", "stays", "elsewhere"])
def test_who_is_gone_is_listed_with_the_reason(why: str) -> None:
    worker = make_willing_worker(name="甲")
    make_willing_worker(name="乙")
    make_vacancy()
    make_round()
    offer = Offer.objects.get(worker=worker)
    Offer.objects.exclude(pk=offer.pk).update(state="expired")
    deeds: dict[str, Callable[[], object]] = {
        "placed": lambda: make_placement(offer=offer),
        "waiting": lambda: accept_offer(offer=offer, how=HowGiven.SELF, at=MATCHED_AT),
        "withdrawn": lambda: withdraw_consent(consent=Consent.objects.get(worker=worker), at=MATCHED_AT),
        "stays": lambda: make_wish(worker=worker, wants_to_go=False, at=LATER),
        "elsewhere": lambda: Worker.objects.filter(pk=worker.pk).update(
            merged_into=Worker.objects.get(name="乙")
        ),
    }
    deeds[why]()
    Offer.objects.filter(pk=offer.pk, state="made").update(state="expired")
    assert changes(make_round(publish=False)) == {"甲": ("gone", why)}


def test_the_number_of_queries_does_not_grow_with_the_people_that_changed() -> None:
    make_willing_worker()
    make_vacancy(draft=make_draft(openings=30))
    make_round(publish=False)
    make_willing_worker()
    with CaptureQueriesContext(connection) as few:
        make_round(publish=False)
    for number in range(9):
        make_willing_worker(name=f"工{number}")
    with CaptureQueriesContext(connection) as many:
        made = make_round(publish=False)
    assert len(many) <= len(few)
    assert made.report["changes"]["new"] == 9


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (Before(was=1, now=1, wish_changed=True), None),
        (Before(was=None, now=None), None),
        (Before(was=1, now=2), ("moved", "plan")),
        (Before(was=1, now=2, still_open=False, is_new=True, is_full=True), ("moved", "closed")),
        (Before(was=1, now=2, is_new=True, is_full=True), ("moved", "new_vacancy")),
        (Before(was=1, now=None, is_new=True, is_full=True), ("lost", "contested")),
        (Before(was=None, now=2, still_open=False, is_full=True), ("offered", "freed")),
        (Before(was=1, now=2, said_no=True, wish_changed=True), ("moved", "said_no")),
        (Before(was=1, now=2, overridden=True, said_no=True), ("moved", "override")),
    ],
)
def test_the_first_reason_that_holds_is_the_one_that_is_said(
    one: Before, said: tuple[ChangeKind, ChangeWhy] | None
) -> None:
    assert change_of(one) == said
