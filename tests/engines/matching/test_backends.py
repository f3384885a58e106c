"""Backends: one face, and the one that a round gets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourdoors.engines.matching.assign import assign, deferred
from fourdoors.engines.matching.backends import Auction, Backend, Deferred, Exact, Greedy, choose, prepare
from fourdoors.engines.matching.eligibility import Eligibility
from fourdoors.engines.matching.problem import UNPLACED
from fourdoors.engines.matching.utility import Utility
from fourdoors.engines.matching.verify import verify
from tests.engines.matching.instances import make_county


@pytest.mark.parametrize("backend", [Exact(), Auction(), Greedy(), Deferred()])
def test_every_backend_makes_a_plan_that_passes_the_second_look(backend: Backend) -> None:
    problem = make_county(seed=6, people=120, lines=15, openings=90)
    answer = backend.solve(problem)

    assert verify(problem, answer).faults == ()
    assert answer.value <= assign(problem).value <= answer.bound


def test_small_rounds_are_solved_exactly_and_larger_ones_by_the_auction() -> None:
    problem = make_county(seed=6, people=30, lines=10, openings=20)

    assert choose(problem) == Exact()
    assert choose(problem, exact_pairs=300) == Exact()
    assert choose(problem, exact_pairs=299) == Auction()


def test_preparing_compiles_all_that_a_round_needs() -> None:
    prepare()


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**32), openings=st.integers(0, 40))
def test_no_worker_and_line_would_both_rather_have_each_other(seed: int, openings: int) -> None:
    problem = make_county(seed=seed, people=40, lines=8, openings=openings)
    chosen = deferred(problem).assignment
    possible, points = Eligibility(problem).reasons(np.s_[:]) == 0, Utility(problem).block(np.s_[:])
    rank = points - 10_000 * problem.workers.tier[:, None].astype(np.int64)
    taken = np.bincount(chosen[chosen != UNPLACED], minlength=8)

    for worker, line in np.argwhere(possible):
        own = points[worker, chosen[worker]] if chosen[worker] != UNPLACED else -1
        if points[worker, line] <= own:
            continue
        held = np.flatnonzero(chosen == line)
        assert taken[line] == problem.vacancies.openings[line]
        assert not len(held) or rank[held, line].min() >= rank[worker, line]
