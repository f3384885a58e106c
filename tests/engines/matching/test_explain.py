"""Why: four facts at most, and they add up."""

import numpy as np
import pytest

from fourdoors.engines.matching.assign import assign
from fourdoors.engines.matching.eligibility import Rule
from fourdoors.engines.matching.explain import (
    MOST_FACTS,
    REST,
    PointFact,
    Price,
    Why,
    explain_placed,
    explain_unfilled,
    explain_unplaced,
    point_facts,
    price_of,
)
from fourdoors.engines.matching.problem import UNPLACED, Problem, Weights
from fourdoors.engines.matching.utility import TERMS
from tests.engines.matching.instances import make_county, make_lines, make_workers


def test_every_worker_and_every_open_line_is_explained_once() -> None:
    problem = make_county(seed=21, people=120, lines=20, openings=70)
    answer = assign(problem)

    placed, unplaced = explain_placed(problem, answer), explain_unplaced(problem, answer)

    told = [reason.worker for reason in placed] + [reason.worker for reason in unplaced]
    assert sorted(told) == list(range(120))
    assert sum(reason.score for reason in placed) == answer.utility
    for reason in placed:
        assert len(reason.facts) <= MOST_FACTS
        assert sum(fact.points for fact in reason.facts) == reason.score
    assert all(len(reason.rules) <= MOST_FACTS for reason in unplaced)
    assert {reason.why for reason in unplaced} == {Why.NO_CONSENT, Why.NOTHING_FITS, Why.WANTED_BY_MORE}
    taken = np.bincount(answer.assignment[answer.assignment != UNPLACED], minlength=20)
    free = problem.vacancies.openings - taken
    assert {reason.vacancy: reason.free for reason in explain_unfilled(problem, answer)} == {
        line: places for line, places in enumerate(free.tolist()) if places
    }


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({}, ()),
        ({"skill": 150, "wage": 10}, (("skill", 150), ("wage", 10))),
        (
            {"wage": 9, "skill": 8, "lodging": 7, "lot": 1},
            (("wage", 9), ("skill", 8), ("lodging", 7), ("lot", 1)),
        ),
        (
            {"wage": 9, "skill": 8, "lodging": 7, "lot": 1, "companions": 6},
            (("wage", 9), ("skill", 8), ("lodging", 7), (REST, 7)),
        ),
    ],
)
def test_small_points_are_summed_into_the_fourth_fact(
    terms: dict[str, int], expected: tuple[tuple[str, int], ...]
) -> None:
    row = np.array([terms.get(term, 0) for term in TERMS], np.int32)

    assert point_facts(row) == tuple(PointFact(*pair) for pair in expected)


def test_who_is_left_over_reads_how_many_could_take_the_best_place_and_what_one_more_would_do() -> None:
    workers = make_workers({"tier": 0}, {"tier": 1, "skills": 1}, {"tier": 2})
    problem = Problem(
        workers=workers, vacancies=make_lines({"skills": 1}, {"capacity": 3}), weights=Weights(lot=0)
    )
    answer = assign(problem)

    second, third = explain_unplaced(problem, answer)

    assert (second.worker, second.why, second.possible) == (1, Why.WANTED_BY_MORE, 1)
    assert (second.best, second.best_score) == (0, 150)
    assert (second.best_openings, second.best_could_take) == (1, 3)
    assert second.best_price == Price(tier="at_risk", points=150)
    assert third.worker == 2


def test_who_fits_nothing_reads_the_rules_that_cost_most() -> None:
    lines = make_lines(*[{"wage_yuan_per_month": 2500}] * 3, {"capacity": 3}, {"capacity": 3, "education": 5})
    problem = Problem(workers=make_workers({}, {"consents": False}), vacancies=lines)

    nobody, silent = explain_unplaced(problem, assign(problem))

    assert nobody.why is Why.NOTHING_FITS
    assert [(fact.rule, fact.touched, fact.alone) for fact in nobody.rules] == [
        (Rule.WAGE, 3, 3),
        (Rule.CAPACITY, 2, 1),
        (Rule.EDUCATION, 1, 0),
    ]
    assert (silent.why, silent.rules, silent.best) == (Why.NO_CONSENT, (), UNPLACED)


def test_an_open_line_reads_which_rule_keeps_those_out_who_are_left_over() -> None:
    lines = make_lines({"certificates": 1, "openings": 5})
    problem = Problem(workers=make_workers({"certificates": 1}, {}, {}, {"consents": False}), vacancies=lines)

    (reason,) = explain_unfilled(problem, assign(problem))

    assert (reason.why, reason.free, reason.possible, reason.left_over) == (Why.NOTHING_FITS, 4, 1, 2)
    assert [(fact.rule, fact.touched, fact.alone) for fact in reason.rules] == [(Rule.CERTIFICATE, 2, 2)]


def test_an_open_line_when_everybody_has_a_place() -> None:
    problem = Problem(workers=make_workers({}), vacancies=make_lines({"openings": 2}))

    (reason,) = explain_unfilled(problem, assign(problem))

    assert (reason.why, reason.free, reason.rules) == (Why.NOBODY_LEFT, 1, ())


def test_a_price_names_the_person_that_one_more_opening_would_place() -> None:
    problem = make_county(seed=2, people=9, lines=3, openings=5)
    step = problem.place_points

    assert price_of(problem, 0) == Price(None, 0)
    assert price_of(problem, 212) == Price(None, 212)
    assert price_of(problem, step + 7) == Price("other", 7)
    assert price_of(problem, 3 * step - 7) == Price("registered_poor", -7)
    chosen = make_county(seed=2, people=9, lines=3, openings=5, tier_points=(9, 5, 1))
    assert price_of(chosen, step + 7) == Price(None, step + 7)


def test_no_lines_and_no_people_are_explained_too() -> None:
    for people, lines in ((3, 0), (0, 3), (0, 0)):
        problem = make_county(seed=2, people=people, lines=lines, openings=lines)
        answer = assign(problem)
        assert len(explain_unplaced(problem, answer)) == people
        assert len(explain_unfilled(problem, answer)) == np.count_nonzero(problem.vacancies.openings)
        assert explain_placed(problem, answer) == []
