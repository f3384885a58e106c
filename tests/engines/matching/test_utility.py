"""Every soft term at its edge; points add up to the score."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from fourdoors.engines.matching.problem import Problem, Weights
from fourdoors.engines.matching.utility import TERMS, Utility
from tests.engines.matching.instances import make_county, make_lines, make_workers


def points(worker: dict[str, Any], line: dict[str, Any], **settings: Any) -> dict[str, int]:
    problem = Problem(
        workers=make_workers(worker), vacancies=make_lines(line), weights=Weights(lot=0), **settings
    )
    row = Utility(problem).terms(np.array([0]), np.array([0]))[0]
    return {name: int(number) for name, number in zip(TERMS, row, strict=True) if number}


@pytest.mark.parametrize(
    ("worker", "line", "expected"),
    [
        ({}, {}, {}),
        ({}, {"wage_yuan_per_month": 3009}, {}),
        ({}, {"wage_yuan_per_month": 3010}, {"wage": 1}),
        ({}, {"wage_yuan_per_month": 6010}, {"wage": 300}),
        ({}, {"wage_yuan_per_month": 2000}, {}),
        ({"occupations": (5, 6, 7)}, {"occupation": 5}, {"occupation": 200}),
        ({"occupations": (5, 6, 7)}, {"occupation": 6}, {"occupation": 150}),
        ({"occupations": (5, 6, 7)}, {"occupation": 7}, {"occupation": 100}),
        ({"occupations": (5, 5, 7)}, {"occupation": 5}, {"occupation": 200}),
        ({"occupations": (-1, -1, -1)}, {"occupation": -1}, {}),
        ({"skills": 0b110}, {"skills": 0b011}, {"skill": 150}),
        ({"skills": 0b100}, {"skills": 0b011}, {}),
        ({"first_destination": 3}, {"region": 3}, {"destination": 150}),
        ({"near_home": True}, {"lon_degrees": 105.0, "lat_degrees": 34.449}, {"near_home": 100}),
        ({"near_home": True}, {"lon_degrees": 105.0, "lat_degrees": 34.450}, {"near_home": 60}),
        ({"near_home": True}, {"lon_degrees": 105.0, "lat_degrees": 35.0}, {"near_home": 30}),
        ({"near_home": True}, {"lon_degrees": 105.0, "lat_degrees": 36.0}, {}),
        ({"near_home": False}, {"lon_degrees": 105.0, "lat_degrees": 34.0}, {}),
        ({"near_home": True, "lon_degrees": float("nan")}, {"lon_degrees": 105.0, "lat_degrees": 34.0}, {}),
        ({}, {"lodging": True}, {"lodging": 40}),
    ],
)
def test_each_term_at_its_edge(
    worker: dict[str, Any], line: dict[str, Any], expected: dict[str, int]
) -> None:
    assert points(worker, line) == expected


def test_an_application_and_village_companions_give_points() -> None:
    assert points({"key": 7}, {"key": 8}, applied=[[7, 8]]) == {"applied": 200}
    assert points({}, {"employer": 4}, links=[[621226101201, 4]]) == {"companions": 80}
    assert points({}, {"employer": 4}, links=[[621226101202, 4], [621226101201, 5]]) == {}


def test_terms_add_up_to_the_score_of_the_block() -> None:
    problem = make_county(seed=5, people=30, lines=11, openings=20)
    rows, columns = (index.ravel() for index in np.indices((30, 11)))

    terms = Utility(problem).terms(rows, columns)

    assert np.array_equal(terms.sum(axis=1).reshape(30, 11), Utility(problem).block(np.s_[:]))
    assert (terms >= 0).all()
    assert (terms.max(axis=0) <= [getattr(problem.weights, name) for name in TERMS]).all()
    assert (terms.max(axis=0) > 0).all(), "a term that never gives points is not tested"


def lots(problem: Problem) -> Any:
    rows, columns = np.indices((len(problem.workers), len(problem.vacancies)))
    terms = Utility(problem).terms(rows.ravel(), columns.ravel())
    return terms[:, list(TERMS).index("lot")].reshape(rows.shape)


def test_the_lot_follows_the_seed_and_the_keys_not_the_order_of_rows() -> None:
    problem = make_county(seed=5, people=40, lines=10, openings=20)
    drawn = lots(problem)

    assert set(drawn.ravel().tolist()) == set(range(8))
    assert np.array_equal(lots(replace(problem, workers=problem.workers.at(np.s_[::-1]))), drawn[::-1])
    assert not np.array_equal(lots(replace(problem, seed=6)), drawn)
