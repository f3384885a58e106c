"""Envy, blocking pairs and waste, counted by hand and beside plain loops."""

from dataclasses import replace

import numpy as np
import pytest

from fourdoors.engines.matching.assign import assign, greedy
from fourdoors.engines.matching.eligibility import Eligibility
from fourdoors.engines.matching.fairness import by_group, fairness_of
from fourdoors.engines.matching.problem import UNPLACED, Problem
from fourdoors.engines.matching.utility import Utility
from tests.engines.matching.instances import make_county


def by_hand(problem: Problem, assignment: np.ndarray) -> tuple[list[bool], list[int], list[bool]]:
    """The three measures, one pair after the other."""
    plain = replace(problem, weights=replace(problem.weights, lot=0))
    rows = np.arange(len(plain.workers))
    points = Utility(plain).block(rows)
    possible = Eligibility(plain).reasons(rows) == 0
    tier, openings = plain.workers.tier, plain.vacancies.openings
    envious, blocking, wasting = [], [], []
    for worker in rows:
        own = points[worker, assignment[worker]] if assignment[worker] != UNPLACED else -1
        envy = block = waste = 0
        for line in range(len(openings)):
            if not possible[worker, line] or points[worker, line] <= own:
                continue
            held = [one for one in rows if assignment[one] == line]
            if len(held) < openings[line]:
                waste += 1
                continue
            envy += any(tier[one] > tier[worker] for one in held)
            block += any(
                (tier[one], -points[one, line]) > (tier[worker], -points[worker, line]) for one in held
            )
        envious.append(envy > 0)
        blocking.append(block)
        wasting.append(waste > 0)
    return envious, blocking, wasting


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("plan", [assign, greedy])
def test_the_measures_are_those_of_plain_loops(seed: int, plan: type) -> None:
    problem = make_county(seed=seed, people=30, lines=8, openings=20)
    assignment = plan(problem).assignment
    found = fairness_of(problem, assignment)
    envious, blocking, wasting = by_hand(problem, assignment)
    assert found.envious.tolist() == envious
    assert found.blocking.tolist() == blocking
    assert found.wasting.tolist() == wasting


@pytest.mark.parametrize("seed", range(4))
def test_the_best_plan_wastes_no_opening_that_somebody_without_a_place_could_take(seed: int) -> None:
    problem = make_county(seed=seed, people=40, lines=6, openings=26)
    assignment = assign(problem).assignment
    found = fairness_of(problem, assignment)
    assert not found.wasting[assignment == UNPLACED].any()


def test_a_plan_that_places_nobody_wastes_for_everybody_who_could_be_placed() -> None:
    problem = make_county(seed=1, people=20, lines=5, openings=13)
    nobody = np.full(20, UNPLACED, np.int32)
    found = fairness_of(problem, nobody)
    possible = (Eligibility(problem).reasons(np.arange(20)) == 0) & (problem.vacancies.openings > 0)
    assert found.wasting.tolist() == possible.any(axis=1).tolist()
    assert not found.envious.any()
    assert found.points.sum() == 0


def test_groups_add_up_to_the_whole() -> None:
    problem = make_county(seed=2, people=50, lines=9, openings=33)
    assignment = assign(problem).assignment
    found = fairness_of(problem, assignment)
    groups = by_group(found, problem.workers.tier.astype(np.int64))
    assert sum(group.people for group in groups) == 50
    assert sum(group.placed for group in groups) == (assignment != UNPLACED).sum()
    assert sum(group.blocking for group in groups) == found.blocking.sum()
    for group in groups:
        here = problem.workers.tier == group.code
        held = found.points[here & found.placed]
        assert group.mean_points == pytest.approx(held.mean() if len(held) else 0)
        assert group.placed_share == pytest.approx(found.placed[here].mean())
