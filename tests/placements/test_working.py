"""A round in the queue: asked for, worked on in steps, cancelled, killed, refused; nothing half done."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction

from fourdoors.accounts.models import Deed
from fourdoors.kernel.divisions import GANSU, Level, ancestor_of, range_of
from fourdoors.placements.models import Offer, Round, Unplaced
from fourdoors.placements.rules import MOST_ATTEMPTS, OfferState, Phase, Policy, RoundState, may_become
from fourdoors.placements.selectors import expected_seconds
from fourdoors.placements.services import (
    NobodyToMatchError,
    RoundCancelledError,
    RoundOverError,
    RoundStuckError,
    RoundUnderWayError,
    ask_for_round,
    cancel_round,
    fail_round,
    publish_round,
    work_round,
)
from fourdoors.placements.services.working import Within
from fourdoors.register.models import Wish
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import DANGCHANG, LI_COUNTY, make_officer
from tests.makers.placements import MATCHED_AT, STARTS_ON, make_round, make_willing_worker
from tests.makers.recruitment import make_draft, make_vacancy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _province() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def ask(division: int = LI_COUNTY) -> Round:
    return ask_for_round(
        division=division, starts_on=STARTS_ON, by=make_officer(username="runner"), at=MATCHED_AT
    )


def work(asked: Round, within: Within = transaction.atomic) -> Round:
    return work_round(round_id=asked.pk, at=MATCHED_AT, within=within)


class Killed(BaseException):
    """The process is gone: nothing in it can say so any more."""


def killed_at(phase: Phase) -> Within:
    """Open transactions until the one in which a phase begins is committed, then die."""

    @contextmanager
    def within() -> Iterator[None]:
        with transaction.atomic():
            yield
        if Round.objects.get().phase == phase:
            raise Killed

    return within


def test_a_round_that_is_asked_for_reads_nothing_and_offers_nothing() -> None:
    make_willing_worker()
    make_vacancy()
    asked = ask()
    assert (asked.state, asked.workers, asked.attempts) == (RoundState.ASKED, 0, 0)
    assert not Offer.objects.exists()
    assert Deed.objects.get(action="placements.round_asked").object_id == asked.pk


def test_the_queue_makes_the_plan_and_says_how_long_each_step_took() -> None:
    make_willing_worker()
    make_vacancy()
    made = work(ask())
    made.refresh_from_db()
    assert (made.state, made.offered, made.attempts) == (RoundState.READY, 1, 1)
    assert set(made.seconds) == {Phase.READING, Phase.PLANNING, Phase.CHECKING}
    assert Offer.objects.get().round == made
    assert not Deed.objects.filter(action="placements.round_published").exists()


@pytest.mark.parametrize("phase", [Phase.READING, Phase.PLANNING, Phase.CHECKING, Phase.KEEPING])
def test_a_worker_killed_in_any_step_leaves_a_round_that_the_next_one_begins_anew(phase: Phase) -> None:
    make_willing_worker(name="甲")
    make_willing_worker(name="乙")
    make_vacancy(draft=make_draft(openings=1))
    asked = ask()
    with pytest.raises(Killed):
        work(asked, killed_at(phase))
    asked.refresh_from_db()
    assert (asked.state, asked.phase) == (RoundState.RUNNING, phase)
    assert not Offer.objects.exists()

    made = work(asked)

    assert (made.state, made.attempts) == (RoundState.READY, 2)
    assert (Offer.objects.count(), Unplaced.objects.count()) == (1, 1)


def test_a_round_that_kills_its_worker_each_time_is_not_begun_for_ever() -> None:
    make_willing_worker()
    make_vacancy()
    asked = ask()
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(Killed):
            work(asked, killed_at(Phase.PLANNING))
    with pytest.raises(RoundStuckError) as refusal:
        work(asked)
    fail_round(round_id=asked.pk, at=MATCHED_AT, refusal=refusal.value)
    asked.refresh_from_db()
    assert (asked.state, asked.failure["code"]) == (RoundState.FAILED, "round_stuck")
    assert asked.failure["values"]["attempts"] == MOST_ATTEMPTS


def test_a_task_that_comes_twice_finds_the_round_ready_and_leaves_it() -> None:
    make_willing_worker()
    make_vacancy()
    made = work(ask())
    again = work(made)
    assert again.state == RoundState.READY
    assert (Offer.objects.count(), Deed.objects.filter(action="placements.round_run").count()) == (1, 1)


def cancelled_in(asked: Round, phase: Phase) -> Within:
    @contextmanager
    def within() -> Iterator[None]:
        with transaction.atomic():
            yield
        if Round.objects.filter(pk=asked.pk, state=RoundState.RUNNING, phase=phase).exists():
            cancel_round(round_id=asked.pk, by=make_officer(), at=MATCHED_AT)

    return within


@pytest.mark.parametrize("phase", [Phase.READING, Phase.PLANNING, Phase.CHECKING, Phase.KEEPING])
def test_a_round_cancelled_in_any_step_keeps_nothing(phase: Phase) -> None:
    make_willing_worker()
    make_vacancy()
    asked = ask()
    with pytest.raises(RoundCancelledError):
        work(asked, cancelled_in(asked, phase))
    fail_round(round_id=asked.pk, at=MATCHED_AT)
    asked.refresh_from_db()
    assert asked.state == RoundState.CANCELLED
    assert not Offer.objects.exists()
    assert work(asked).state == RoundState.CANCELLED


def test_a_round_that_waits_can_be_cancelled_and_one_that_is_ready_cannot() -> None:
    make_willing_worker()
    make_vacancy()
    first = ask()
    cancel_round(round_id=first.pk, by=make_officer(), at=MATCHED_AT)
    made = work(ask())
    with pytest.raises(RoundOverError):
        cancel_round(round_id=made.pk, by=make_officer(), at=MATCHED_AT)
    made.refresh_from_db()
    assert made.state == RoundState.READY
    assert Offer.objects.get().state == OfferState.MADE


def test_a_form_pressed_twice_asks_for_one_round() -> None:
    asked = ask()
    with pytest.raises(RoundUnderWayError) as refusal:
        ask()
    assert refusal.value.values == {"round": asked.pk}
    with pytest.raises(RoundUnderWayError):
        ask(ancestor_of(make_willing_worker().village, Level.TOWNSHIP))
    ask(DANGCHANG)
    assert Round.objects.count() == 2


def test_a_refused_round_leaves_the_one_that_waits_to_be_published_alone() -> None:
    make_willing_worker()
    make_vacancy()
    ready = make_round(publish=False)
    Wish.objects.update(wants_to_go=False)
    asked = ask()
    with pytest.raises(NobodyToMatchError) as refusal:
        work(asked)
    fail_round(round_id=asked.pk, at=MATCHED_AT, refusal=refusal.value)
    asked.refresh_from_db()
    ready.refresh_from_db()
    assert asked.failure == {"code": "nobody_to_match", "values": {"workers": 0, "vacancies": 1}}
    assert (asked.state, ready.state) == (RoundState.FAILED, RoundState.READY)
    assert Offer.objects.get().state == OfferState.MADE


def test_who_withdraws_while_the_plan_is_made_is_not_in_it() -> None:
    stays, goes = make_willing_worker(name="留下"), make_willing_worker(name="退出")
    make_vacancy(draft=make_draft(openings=1))
    asked = ask()

    @contextmanager
    def within() -> Iterator[None]:
        with transaction.atomic():
            yield
        if Round.objects.get(pk=asked.pk).phase == Phase.KEEPING:
            Wish.objects.filter(worker=goes).update(wants_to_go=False)

    made = work(asked, within)

    assert (made.workers, Offer.objects.get().worker) == (1, stays)
    assert not Unplaced.objects.exists()


def test_how_long_it_takes_is_judged_from_a_round_that_was_or_not_at_all() -> None:
    make_willing_worker()
    make_vacancy()
    asked = ask()
    Round.objects.filter(pk=asked.pk).update(workers=30, vacancies=10)
    asked.refresh_from_db()
    assert expected_seconds(asked) is None
    judge = make_judge()
    assert expected_seconds(asked) == (60.0, judge.pk)
    asked.workers = 0
    assert expected_seconds(asked) is None


def make_judge() -> Round:
    return Round.objects.create(
        division=DANGCHANG, starts_on=STARTS_ON, engine="exact-1", seed=0, state=RoundState.PUBLISHED,
        workers=10, vacancies=5, seconds={"reading": 1, "planning": 9}, run_at=MATCHED_AT,
    )  # fmt: skip


def test_only_what_the_order_of_states_allows_comes_next() -> None:
    allowed = {(a, b) for a in RoundState for b in RoundState if may_become(a, b)}
    assert {b for a, b in allowed if a is RoundState.READY} == {RoundState.PUBLISHED, RoundState.SET_ASIDE}
    ended = {RoundState.PUBLISHED, RoundState.SET_ASIDE, RoundState.CANCELLED, RoundState.FAILED}
    assert not {a for a, _ in allowed} & ended


def test_a_policy_that_was_kept_is_read_as_it_was() -> None:
    policy = Policy(train_to_order=False)
    assert Policy.of(policy.as_json()) == policy


def test_the_days_to_answer_of_a_round_from_the_queue_begin_when_it_is_published() -> None:
    make_willing_worker()
    make_vacancy()
    made = work(ask())
    publish_round(round_id=made.pk, by=make_officer(username="publisher"), at=MATCHED_AT + timedelta(1))
    assert Offer.objects.get().expires_on == (MATCHED_AT + timedelta(4)).date()
