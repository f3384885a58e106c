"""The second look: it agrees with the engine on every pair, and it sees what was bent."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourdoors.engines.matching import verify as second
from fourdoors.engines.matching.assign import assign
from fourdoors.engines.matching.eligibility import Eligibility
from fourdoors.engines.matching.problem import UNPLACED, Answer, Problem
from fourdoors.engines.matching.utility import Utility
from fourdoors.engines.matching.verify import _Rows, verify
from tests.engines.matching.instances import make_county


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**32))
def test_both_writings_of_rules_and_points_agree_on_every_pair(seed: int) -> None:
    problem = make_county(seed=seed, people=40, lines=30, openings=30)
    allowed, points, rows = Eligibility(problem).reasons(np.s_[:]) == 0, Utility(problem), _Rows(problem)

    pair = np.arange(40)[:, None], np.arange(30)[None, :]
    assert np.array_equal(rows.allowed(*pair), allowed)
    assert np.array_equal(rows.points(*pair), points.block(np.s_[:]))


def test_every_possible_pair_is_in_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second, "PAIRS_A_BLOCK", 50)
    problem = make_county(seed=3, people=60, lines=20, openings=30)
    seen = np.zeros((60, 20), int)
    for people, lines in _Rows(problem).blocks():
        seen[people[:, None], lines] += 1

    assert (seen[Eligibility(problem).reasons(np.s_[:]) == 0] == 1).all()
    assert verify(problem, assign(problem)).gap == 0


@pytest.fixture
def problem() -> Problem:
    return make_county(seed=11, people=80, lines=12, openings=50)


@pytest.fixture
def answer(problem: Problem) -> Answer:
    return assign(problem)


def move(problem: Problem, answer: Answer, worker: int, line: int) -> Answer:
    changed = answer.assignment.copy()
    changed[worker] = line
    return replace(answer, assignment=changed)


def test_a_good_plan_has_no_fault_and_a_proof(problem: Problem, answer: Answer) -> None:
    verdict = verify(problem, answer)

    assert (verdict.faults, verdict.gap) == ((), 0)
    assert (verdict.value, verdict.utility) == (answer.value, answer.utility)


def test_a_worker_without_consent_in_the_plan_is_seen(problem: Problem, answer: Answer) -> None:
    worker = int(np.flatnonzero(~problem.workers.consents)[0])
    line = int(np.flatnonzero(problem.vacancies.openings)[0])

    faults = verify(problem, move(problem, answer, worker, line)).faults

    assert ("breach", problem.workers.key[worker]) in {(fault.code, fault.worker) for fault in faults}


def test_one_person_too_many_is_seen(problem: Problem, answer: Answer) -> None:
    full = int(answer.assignment[answer.assignment != UNPLACED][0])
    unplaced = int(np.flatnonzero(answer.assignment == UNPLACED)[0])
    crowded = answer
    for worker in (unplaced, *np.flatnonzero(answer.assignment != full)[:50].tolist()):
        crowded = move(problem, crowded, worker, full)

    codes = {(fault.code, fault.vacancy) for fault in verify(problem, crowded).faults}
    assert ("over_capacity", problem.vacancies.key[full]) in codes


@pytest.mark.parametrize(
    ("bend", "code"),
    [
        (lambda answer: replace(answer, value=answer.value + 1), "value"),
        (lambda answer: replace(answer, utility=answer.utility - 1), "utility"),
        (lambda answer: replace(answer, bound=answer.bound - 1), "bound"),
        (lambda answer: replace(answer, prices=answer.prices - 1), "price"),
        (lambda answer: replace(answer, assignment=answer.assignment[1:]), "shape"),
        (lambda answer: replace(answer, assignment=answer.assignment + 99), "shape"),
        (lambda answer: replace(answer, assignment=answer.assignment - 1), "shape"),
    ],
)
def test_a_bent_answer_is_seen(
    problem: Problem, answer: Answer, bend: Callable[[Answer], Answer], code: str
) -> None:
    assert code in {fault.code for fault in verify(problem, bend(answer)).faults}


def test_a_worse_plan_cannot_claim_a_proof(problem: Problem, answer: Answer) -> None:
    worker = int(np.flatnonzero(answer.assignment != UNPLACED)[0])
    worse = move(problem, answer, worker, UNPLACED)

    verdict = verify(problem, worse)

    assert verdict.gap > 0
    assert {fault.code for fault in verdict.faults} == {"value", "utility"}
