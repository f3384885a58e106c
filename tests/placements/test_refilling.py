"""A freed place goes to the next person of the round: whose turn it is, once, and never against a rule."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from fourdoors.accounts.models import Deed
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.placements.models import Offer, Unplaced
from fourdoors.placements.rules import FREES_A_PLACE, OfferState
from fourdoors.placements.selectors import offers_past, unplaced
from fourdoors.placements.services import (
    accept_offer,
    answer_as_employer,
    decline_offer,
    exclude_pair,
    expire_offers,
    fill_freed_place,
    lock_pair,
    withdraw_move,
)
from fourdoors.recruitment.models import Vacancy
from fourdoors.register.models import Consent, Wish, Worker
from fourdoors.register.rules import HowGiven
from fourdoors.register.services import withdraw_consent
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import make_officer
from tests.makers.placements import MATCHED_AT, make_round, make_willing_worker
from tests.makers.recruitment import make_draft, make_vacancy
from tests.makers.register import make_household, make_membership, make_status, make_wish

pytestmark = pytest.mark.django_db
LATER = MATCHED_AT + timedelta(days=1)


@pytest.fixture(autouse=True)
def _province() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def one_of_three(*, publish: bool = True) -> Offer:
    """Offer one opening to the first of three; the second asks for less pay than the third."""
    for name, floor in (("甲", 2000), ("乙", 3000), ("丙", 4000)):
        worker = make_willing_worker(name=name)
        Wish.objects.filter(worker=worker).update(wage_floor_yuan=floor)
    make_vacancy(draft=make_draft(openings=1, wage=(4200, 5500)))
    make_round(publish=publish)
    offer = Offer.objects.get()
    assert offer.shown_name == "甲"
    return offer


def declined(offer: Offer) -> Offer:
    return decline_offer(offer=offer, how=HowGiven.SELF, at=MATCHED_AT)


def fill(offer: Offer) -> Offer | None:
    return fill_freed_place(offer_id=offer.pk, at=LATER)


def test_the_place_goes_to_the_one_with_most_points_with_new_days_and_the_reason() -> None:
    offer = one_of_three()
    made = fill(declined(offer))
    assert made is not None
    assert (made.shown_name, made.state, made.replaces) == ("乙", OfferState.MADE, offer)
    assert (made.round, made.vacancy) == (offer.round, offer.vacancy)
    assert made.expires_on == (LATER + timedelta(days=3)).date()
    assert made.reasons["freed"] == "declined"
    assert (made.reasons["tier"], made.reasons["price"]) == (offer.reasons["tier"], offer.reasons["price"])
    assert sum(points for _, points in made.reasons["facts"]) == made.points == made.reasons["score"]
    deed = Deed.objects.get(action="placements.place_filled_again")
    assert (deed.object_id, deed.values["replaces"]) == (made.pk, offer.pk)


def test_an_earlier_tier_comes_before_more_points() -> None:
    offer, household = one_of_three(), make_household()
    make_status(household=household)
    make_membership(worker=Worker.objects.get(name="丙"), household=household)
    made = fill(declined(offer))
    assert made is not None
    assert made.shown_name == "丙"


def test_a_pair_held_together_comes_first() -> None:
    offer = one_of_three()
    third = Worker.objects.get(name="丙")
    lock_pair(worker=third, vacancy=offer.vacancy, how=HowGiven.PAPER, by=make_officer(), at=MATCHED_AT)
    made = fill(declined(offer))
    assert made is not None
    assert made.worker == third


def test_who_said_no_is_never_asked_twice_and_the_place_is_filled_once() -> None:
    offer = one_of_three()
    first = fill(declined(offer))
    assert first is not None
    assert fill(offer) is None
    declined(first)
    assert fill(offer) is None  # its place is the replacement's to give on
    second = fill(first)
    assert second is not None
    assert second.shown_name == "丙"
    assert fill(declined(second)) is None
    assert [one.shown_name for one in Offer.objects.order_by("pk")] == ["甲", "乙", "丙"]


def test_who_said_no_to_a_freed_place_is_not_asked_about_another_one_of_the_round() -> None:
    for name, floor in (("甲", 2000), ("乙", 3000), ("丙", 3900)):
        Wish.objects.filter(worker=make_willing_worker(name=name)).update(wage_floor_yuan=floor)
    for title in ("岗一", "岗二"):
        make_vacancy(draft=make_draft(title=title, openings=1, wage=(4200, 5500)))
    make_round()
    first, second = Offer.objects.order_by("shown_name", "pk")
    left = Unplaced.objects.get().worker
    freed = fill(declined(first))
    assert freed is not None
    assert freed.worker == left
    assert fill(declined(second)) is None
    declined(freed)
    assert fill(second) is None
    assert fill(freed) is None
    assert Offer.objects.count() == 3


def test_who_was_offered_the_freed_place_is_not_on_the_list_of_those_left_over() -> None:
    offer = one_of_three()
    assert offer.round_id is not None
    assert {one.worker.name for one in unplaced(round_id=offer.round_id)} == {"乙", "丙"}
    fill(declined(offer))
    assert {one.worker.name for one in unplaced(round_id=offer.round_id)} == {"丙"}
    assert Unplaced.objects.count() == 2


@pytest.mark.parametrize("state", ["made", "accepted", "placed"])
def test_a_place_that_is_held_is_not_given_away(state: str) -> None:
    offer = one_of_three()
    if state != "made":
        offer = accept_offer(offer=offer, how=HowGiven.SELF, at=MATCHED_AT)
    if state == "placed":
        answer_as_employer(offer=offer, takes=True, at=MATCHED_AT, by=make_officer())
    assert fill(offer) is None
    assert Offer.objects.count() == 1


def _refused(offer: Offer) -> None:
    accepted = accept_offer(offer=offer, how=HowGiven.SELF, at=MATCHED_AT)
    answer_as_employer(offer=accepted, takes=False, at=MATCHED_AT, by=make_officer())


ENDS: dict[str, Callable[[Offer], object]] = {
    "declined": declined,
    "expired": lambda offer: expire_offers(on=offer.expires_on, at=MATCHED_AT),
    "not_taken": _refused,
    "withdrawn": lambda offer: withdraw_move(offer=offer, at=MATCHED_AT),
    "obsolete": lambda offer: Offer.objects.filter(pk=offer.pk).update(state="obsolete"),
}


@pytest.mark.parametrize("end", [state.value for state in sorted(FREES_A_PLACE)])
def test_every_end_of_an_offer_frees_its_place(end: str) -> None:
    offer = one_of_three()
    ENDS[end](offer)
    made = fill(offer)
    assert made is not None
    assert (made.shown_name, made.reasons["freed"]) == ("乙", end)


def _out(name: str) -> Worker:
    return Worker.objects.get(name=name)


OUT: dict[str, Callable[[Offer], object]] = {
    "consent": lambda _: withdraw_consent(consent=Consent.objects.get(worker=_out("乙")), at=MATCHED_AT),
    "wish": lambda _: make_wish(worker=_out("乙"), wants_to_go=False, at=LATER),
    "floor": lambda _: Wish.objects.filter(worker=_out("乙")).update(wage_floor_yuan=4201),
    "apart": lambda offer: exclude_pair(
        worker=_out("乙"), vacancy=offer.vacancy, reason="本人要求", by=make_officer(), at=MATCHED_AT
    ),
}


@pytest.mark.parametrize("why", list(OUT))
def test_who_can_no_longer_take_it_is_passed_over(why: str) -> None:
    offer = one_of_three()
    OUT[why](offer)
    made = fill(declined(offer))
    assert made is not None
    assert made.shown_name == "丙"


@pytest.mark.parametrize(
    "change", [{"withdrawn_at": MATCHED_AT}, {"filled_at": MATCHED_AT}, {"expires_on": LATER.date()}]
)
def test_a_post_that_is_full_or_closed_by_now_is_offered_to_nobody(change: dict[str, object]) -> None:
    offer = one_of_three()
    Vacancy.objects.update(**change)
    assert fill(declined(offer)) is None


def test_a_round_that_nobody_has_seen_fills_nothing_again() -> None:
    offer = one_of_three(publish=False)
    Offer.objects.update(state="declined")
    assert fill(offer) is None


def test_offers_whose_day_is_over_are_found_on_that_day_and_not_before() -> None:
    offer = one_of_three()
    assert offers_past(on=offer.expires_on - timedelta(days=1)) == []
    assert offers_past(on=offer.expires_on) == [(offer.pk, offer.county)]
