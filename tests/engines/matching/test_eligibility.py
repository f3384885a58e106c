"""Every hard rule at its edge, and what it is said to have cost."""

from typing import Any

import numpy as np
import pytest

from fourdoors.engines.matching.eligibility import (
    Eligibility,
    Rule,
    costs_to_vacancies,
    costs_to_workers,
)
from fourdoors.engines.matching.problem import Problem
from tests.engines.matching.instances import make_county, make_lines, make_workers

BASES = ("", "a law", "another law")
OK = Rule(0)


def broken(worker: dict[str, Any], line: dict[str, Any], **settings: Any) -> Rule:
    problem = Problem(workers=make_workers(worker), vacancies=make_lines(line), bases=BASES, **settings)
    return Rule(int(Eligibility(problem).reasons(np.s_[:])[0, 0]))


@pytest.mark.parametrize(
    ("worker", "line", "rule"),
    [
        ({}, {}, OK),
        ({"consents": False}, {}, Rule.CONSENT),
        ({"born_on": "2004-03-10"}, {"starts_on": "2020-03-10"}, OK),  # sixteen on the very day
        ({"born_on": "2004-03-11"}, {"starts_on": "2020-03-10"}, Rule.AGE),
        ({"born_on": "2004-02-29"}, {"starts_on": "2020-02-29", "wage_yuan_per_month": 3000}, Rule.DAY),
        ({"born_on": "2002-03-11"}, {"age_min_years": 18, "age_basis": 1}, Rule.AGE),
        ({"born_on": "1959-03-11"}, {"age_max_men_years": 60, "age_basis": 1}, OK),
        ({"born_on": "1959-03-10"}, {"age_max_men_years": 60, "age_basis": 1}, Rule.AGE),
        ({"born_on": "1959-03-10", "sex": 2}, {"age_max_men_years": 60, "age_basis": 1}, OK),
        ({"born_on": "1969-03-10", "sex": 2}, {"age_max_women_years": 50, "age_basis": 1}, Rule.AGE),
        ({"born_on": "1969-03-10", "sex": 0}, {"age_max_women_years": 50, "age_basis": 1}, Rule.AGE),
        ({"sex": 1}, {"sex": 2, "sex_basis": 1}, Rule.SEX),
        ({"sex": 2}, {"sex": 2, "sex_basis": 1}, OK),
        ({"sex": 0}, {"sex": 2, "sex_basis": 1}, Rule.SEX),
        ({"capacity": 1}, {"capacity": 2}, Rule.CAPACITY),
        ({"capacity": 2}, {"capacity": 2}, OK),
        ({"education": 1}, {"education": 2}, Rule.EDUCATION),
        ({"certificates": 0b01}, {"certificates": 0b11}, Rule.CERTIFICATE),  # all are needed
        ({"certificates": 0b111}, {"certificates": 0b011}, OK),
        ({"destinations": 0b0100}, {"region": 3}, Rule.DESTINATION),
        ({"destinations": 0b1000}, {"region": 3}, OK),
        ({"destinations": 1 << 63}, {"region": 63}, OK),
        ({"stays_in_county": True}, {"county": 440300}, Rule.COUNTY),
        ({"stays_in_county": True}, {}, OK),
        ({"wage_floor_yuan_per_month": 3001}, {"wage_yuan_per_month": 3000}, Rule.WAGE),
        ({"earliest_on": "2020-03-10"}, {"starts_on": "2020-03-10"}, OK),
        ({"earliest_on": "2020-03-11"}, {"starts_on": "2020-03-10"}, Rule.DAY),
        ({"capacity": 0, "consents": False}, {"capacity": 1}, Rule.CONSENT | Rule.CAPACITY),
    ],
)
def test_each_rule_at_its_edge(worker: dict[str, Any], line: dict[str, Any], rule: Rule) -> None:
    assert broken(worker, line) == rule


def test_what_either_side_declined_is_not_proposed_again() -> None:
    assert broken({"key": 7}, {"key": 8}, declined=[[7, 8]]) == Rule.DECLINED
    assert broken({"key": 7}, {"key": 8}, declined=[[8, 7], [7, 9]]) == OK


def test_costs_count_what_a_rule_touches_and_what_it_alone_keeps_out() -> None:
    lines = make_lines({"wage_yuan_per_month": 2000}, {"wage_yuan_per_month": 2000, "capacity": 3}, {})
    problem = Problem(workers=make_workers({}, {"consents": False}), vacancies=lines)
    wage, capacity, consent = (list(Rule).index(rule) for rule in (Rule.WAGE, Rule.CAPACITY, Rule.CONSENT))

    costs = costs_to_workers(problem)
    assert costs.touched[:, wage].tolist() == [2, 2]
    assert costs.alone[:, wage].tolist() == [1, 0]
    assert costs.touched[:, capacity].tolist() == [1, 1]
    assert costs.alone[:, consent].tolist() == [0, 1]
    assert costs.possible.tolist() == [1, 0]

    assert costs_to_vacancies(problem).possible.tolist() == [0, 0, 1]
    assert costs_to_vacancies(problem, np.array([0])).alone[:, wage].tolist() == [1, 0, 0]


def test_both_ways_of_counting_agree_whatever_the_size_of_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = make_county(seed=3, people=60, lines=17, openings=30)
    whole = costs_to_workers(problem)
    monkeypatch.setattr("fourdoors.engines.matching.eligibility.PAIRS_PER_BLOCK", 40)

    parts, lines = costs_to_workers(problem), costs_to_vacancies(problem)
    assert np.array_equal(parts.touched, whole.touched)
    assert np.array_equal(parts.alone.sum(axis=0), lines.alone.sum(axis=0))
    assert parts.possible.sum() == lines.possible.sum()


def test_nobody_and_nothing_cost_nothing() -> None:
    problem = make_county(seed=3, people=0, lines=4, openings=4)
    assert costs_to_workers(problem).possible.tolist() == []
    assert costs_to_vacancies(problem).possible.tolist() == [0, 0, 0, 0]
