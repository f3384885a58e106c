"""What if: what would be different is said, and nothing is kept."""

from typing import Any

import pytest

from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.placements.models import Line, Offer, Round, Unplaced
from fourdoors.placements.rules import Dial, OfferState, Question, RoundState
from fourdoors.placements.services import (
    NoSuchPostError,
    RoundNotReadyError,
    RoundUnderWayError,
    ask_for_round,
    ask_what_if,
    publish_round,
    work_round,
)
from fourdoors.recruitment.models import Vacancy
from fourdoors.register.models import Wish
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import LI_COUNTY, make_officer
from tests.makers.placements import MATCHED_AT, STARTS_ON, make_round, make_willing_worker
from tests.makers.recruitment import make_draft, make_vacancy
from tests.makers.register import make_household, make_membership, make_status

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _province() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def ask(question: Question) -> Round:
    by = make_officer(username="runner")
    return ask_what_if(division=LI_COUNTY, starts_on=STARTS_ON, question=question, by=by, at=MATCHED_AT)


def tried(**question: Any) -> Round:
    return work_round(round_id=ask(Question(**question)).pk, at=MATCHED_AT)


def three_for_one() -> Vacancy:
    for name in ("甲", "乙", "丙"):
        make_willing_worker(name=name)
    return make_vacancy(draft=make_draft(openings=1))


@pytest.mark.parametrize(("more", "gain"), [(1, 1), (2, 2), (50, 2)])
def test_more_openings_place_so_many_more_and_no_more_than_there_are(more: int, gain: int) -> None:
    vacancy = three_for_one()
    made = tried(more=more, vacancy=vacancy.pk)
    assert (made.state, made.report["vacancy"]) == (RoundState.TRIED, vacancy.pk)
    assert made.report["before"]["placed"] == 1
    assert made.report["after"]["placed"] == 1 + gain
    assert (len(made.report["gain"]), made.report["lose"]) == (gain, [])


def test_nothing_is_kept_and_a_round_that_waits_is_left_alone() -> None:
    vacancy = three_for_one()
    ready = make_round(publish=False)
    before = (Offer.objects.count(), Unplaced.objects.count(), Line.objects.count())
    made = tried(more=2, vacancy=vacancy.pk)
    assert made.report["before"]["placed"] == 1
    assert (Offer.objects.count(), Unplaced.objects.count(), Line.objects.count()) == before
    assert Offer.objects.get().state == OfferState.MADE  # read as if it were set aside, and taken back
    ready.refresh_from_db()
    vacancy.refresh_from_db()
    assert (ready.state, vacancy.openings) == (RoundState.READY, 1)
    with pytest.raises(RoundNotReadyError):
        publish_round(round_id=made.pk, by=make_officer(username="publisher"), at=MATCHED_AT)


def test_what_is_said_to_be_gained_is_what_a_round_with_the_openings_gains() -> None:
    vacancy = three_for_one()
    made = tried(more=1, vacancy=vacancy.pk)
    Vacancy.objects.update(openings=2)
    real = make_round(publish=False)
    assert real.offered == made.report["after"]["placed"]
    gained = set(Offer.objects.filter(round=real).values_list("worker", flat=True))
    assert set(made.report["gain"]) <= gained


def test_openings_of_an_occupation_go_to_the_post_where_one_more_is_worth_most() -> None:
    make_willing_worker(name="甲")
    make_willing_worker(name="乙")
    Wish.objects.update(wage_floor_yuan=4000)
    make_vacancy(draft=make_draft(title="没人能去", wage=(3000, 3100), openings=5))
    wanted = make_vacancy(draft=make_draft(title="抢手", wage=(4200, 5000), openings=1))
    assert wanted.place is not None
    made = tried(more=1, occupation=wanted.occupation, province=wanted.place // 10**10 * 10**10)
    assert made.report["vacancy"] == wanted.pk
    assert made.report["after"]["placed"] == 2


def test_a_kind_of_work_that_nobody_offers_is_refused() -> None:
    three_for_one()
    with pytest.raises(NoSuchPostError):
        tried(more=1, occupation="1-01-01-01", province=620000_000000)


def test_another_policy_is_tried_beside_that_of_placement_first() -> None:
    household = make_household()
    make_status(household=household)
    poor = make_willing_worker(name="贫困户")
    make_membership(worker=poor, household=household)
    other = make_willing_worker(name="一般户")
    Wish.objects.filter(worker=poor).update(wage_floor_yuan=3000)
    Wish.objects.filter(worker=other).update(wage_floor_yuan=5000)
    make_vacancy(draft=make_draft(title="好岗", wage=(6000, 7000), openings=1))
    make_vacancy(draft=make_draft(title="次岗", wage=(3000, 3500), openings=1))
    made = tried(dial=Dial.OWN_FIRST.value)
    assert (made.report["before"]["placed"], made.report["after"]["placed"]) == (2, 1)
    assert (made.report["lose"], made.report["gain"], made.report["moved"]) == ([other.pk], [], 1)


def test_a_question_does_not_stand_in_the_way_of_a_round_but_of_another_question() -> None:
    asked = ask(Question(more=1, vacancy=three_for_one().pk))
    ask_for_round(division=LI_COUNTY, starts_on=STARTS_ON, by=make_officer(), at=MATCHED_AT)
    with pytest.raises(RoundUnderWayError) as refusal:
        ask(Question(dial=Dial.OWN_FIRST.value))
    assert refusal.value.values == {"round": asked.pk}


def test_a_what_if_that_was_done_is_not_done_again() -> None:
    made = tried(more=1, vacancy=three_for_one().pk)
    Vacancy.objects.update(openings=9)
    assert work_round(round_id=made.pk, at=MATCHED_AT).report == made.report
