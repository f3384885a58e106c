"""The exact plan: equal to trying all, never a rule for points, the same in any order."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourdoors.engines.matching import assign as engine
from fourdoors.engines.matching.assign import assign, greedy, most_placeable
from fourdoors.engines.matching.eligibility import Eligibility
from fourdoors.engines.matching.problem import UNPLACED, Answer, Problem, answer_hash
from fourdoors.engines.matching.verify import verify
from tests.engines.matching.instances import best_by_trying_all, make_county, make_lines, make_workers

SEEDS = st.integers(0, 2**32)
TIER_POINTS = st.sampled_from([None, (3000, 2000, 1000), (500, 250, 1), (1, 1, 1)])


def placed_by_key(problem: Problem, answer: Answer) -> dict[int, int]:
    return {
        int(problem.workers.key[worker]): int(problem.vacancies.key[line])
        for worker, line in enumerate(answer.assignment)
        if line != UNPLACED
    }


@settings(deadline=None, max_examples=80)
@given(
    seed=SEEDS,
    people=st.integers(0, 6),
    lines=st.integers(0, 3),
    openings=st.integers(0, 6),
    tier_points=TIER_POINTS,
)
def test_the_plan_is_as_good_as_trying_all(
    seed: int, people: int, lines: int, openings: int, tier_points: tuple[int, ...] | None
) -> None:
    problem = make_county(seed=seed, people=people, lines=lines, openings=openings, tier_points=tier_points)

    answer = assign(problem)

    assert answer.value == best_by_trying_all(problem)
    assert answer.gap == 0
    assert verify(problem, answer).faults == ()


@settings(deadline=None, max_examples=60)
@given(seed=SEEDS, openings=st.integers(0, 60))
def test_the_poorest_tier_gets_all_the_places_that_any_plan_could_give_it(seed: int, openings: int) -> None:
    problem = make_county(seed=seed, people=50, lines=9, openings=openings)

    placed = np.cumsum(assign(problem).statistics.placed_by_tier)

    assert placed.tolist() == [most_placeable(problem, tiers=tiers) for tiers in (1, 2, 3)]


@settings(deadline=None, max_examples=60)
@given(seed=SEEDS, tier_points=TIER_POINTS)
def test_no_points_buy_a_hard_rule(seed: int, tier_points: tuple[int, ...] | None) -> None:
    everyone_asked = [[10 + person, 1000 + line] for person in range(40) for line in range(8)]
    problem = make_county(
        seed=seed, people=40, lines=8, openings=30, tier_points=tier_points, applied=everyone_asked
    )

    for answer in (assign(problem), greedy(problem)):
        reasons = Eligibility(problem).reasons(np.s_[:])
        placed = np.flatnonzero(answer.assignment != UNPLACED)
        assert not reasons[placed, answer.assignment[placed]].any()
        taken = np.bincount(answer.assignment[placed], minlength=8)
        assert (taken <= problem.vacancies.openings).all()
        assert problem.workers.consents[placed].all()


@settings(deadline=None, max_examples=40)
@given(seed=SEEDS)
def test_the_order_of_rows_changes_nothing_that_counts(seed: int) -> None:
    problem = make_county(seed=seed, people=40, lines=8, openings=30)
    draw = np.random.default_rng(seed)
    shuffled = replace(
        problem,
        workers=problem.workers.at(draw.permutation(40)),
        vacancies=problem.vacancies.at(draw.permutation(8)),
    )

    first, second = assign(problem), assign(shuffled)

    assert (first.value, first.utility, first.bound) == (second.value, second.utility, second.bound)
    assert first.statistics.placed_by_tier == second.statistics.placed_by_tier
    assert first.prices.sum() == second.prices.sum()  # the lowest prices do not depend on the plan
    if placed_by_key(problem, first) == placed_by_key(shuffled, second):
        assert answer_hash(problem, first) == answer_hash(shuffled, second)


def test_the_same_problem_gives_the_same_hash_and_another_seed_another() -> None:
    problem = make_county(seed=4, people=200, lines=20, openings=150)
    again = make_county(seed=4, people=200, lines=20, openings=150)

    assert answer_hash(problem, assign(problem)) == answer_hash(again, assign(again))
    other = replace(problem, seed=99)
    assert answer_hash(other, assign(other)) != answer_hash(problem, assign(problem))


def test_the_hash_changes_when_two_people_change_places() -> None:
    problem = make_county(seed=4, people=200, lines=20, openings=150)
    answer = assign(problem)
    changed = answer.assignment.copy()
    one, two = np.flatnonzero(changed != UNPLACED)[[0, -1]]
    changed[[one, two]] = changed[[two, one]]

    assert answer_hash(problem, replace(answer, assignment=changed)) != answer_hash(problem, answer)


@settings(deadline=None, max_examples=40)
@given(seed=SEEDS, line=st.integers(0, 5))
def test_a_price_is_what_one_more_opening_would_add(seed: int, line: int) -> None:
    problem = make_county(seed=seed, people=25, lines=6, openings=14, tier_points=(3000, 2000, 1000))
    answer = assign(problem)
    openings = problem.vacancies.openings.copy()
    openings[line] += 1
    wider = replace(problem, vacancies=replace(problem.vacancies, openings=openings))

    assert assign(wider).value - answer.value == answer.prices[line]


def test_a_line_with_a_free_opening_costs_nothing() -> None:
    problem = make_county(seed=8, people=60, lines=12, openings=90)
    answer = assign(problem)
    taken = np.bincount(answer.assignment[answer.assignment != UNPLACED], minlength=12)

    free = taken < problem.vacancies.openings
    assert free.any()
    assert not answer.prices[free].any()
    assert answer.statistics.filled_vacancies == ((taken > 0) & ~free).sum()


def test_a_place_goes_to_the_poorer_even_when_the_other_has_more_points() -> None:
    workers = make_workers({"tier": 2, "skills": 1}, {"tier": 0})
    problem = Problem(workers=workers, vacancies=make_lines({"skills": 1}))

    assert assign(problem).assignment.tolist() == [UNPLACED, 0]


def test_two_places_beat_one_better_one() -> None:
    workers = make_workers({"skills": 1}, {"destinations": 0b01})
    lines = make_lines({"skills": 1, "wage_yuan_per_month": 9000}, {"region": 1})
    problem = Problem(workers=workers, vacancies=lines)

    assert assign(problem).assignment.tolist() == [1, 0]
    assert greedy(problem).assignment.tolist() == [0, UNPLACED]


@settings(deadline=None, max_examples=30)
@given(seed=SEEDS)
def test_the_queue_is_a_plan_and_never_better(seed: int) -> None:
    problem = make_county(seed=seed, people=40, lines=8, openings=30)
    queue = greedy(problem)

    assert queue.value <= assign(problem).value <= queue.bound
    assert verify(problem, queue).faults == ()


def test_a_problem_too_large_for_the_exact_solver_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MOST_PAIRS", 99)
    with pytest.raises(ValueError, match="10 x 10 pairs are more than 99"):
        assign(make_county(seed=1, people=10, lines=10, openings=10))


def test_a_plan_that_is_not_the_best_has_no_prices() -> None:
    problem = Problem(workers=make_workers({"skills": 1}, {}), vacancies=make_lines({"skills": 1}, {}))
    values = engine.values_of(problem)

    with pytest.raises(ArithmeticError, match="not the best"):
        engine._lowest_prices(values, np.array([1, 0], np.int32))
