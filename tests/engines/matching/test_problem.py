"""The doors of the matching engine: a bad value is refused and named."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from fourdoors.engines.matching.problem import Problem, Weights, Workers
from tests.engines.matching.instances import make_county, make_lines, make_workers


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"key": -1}, "Workers.key"),
        ({"tier": -1}, "Workers.tier"),
        ({"sex": 3}, "Workers.sex"),
        ({"capacity": 4}, "Workers.capacity"),
        ({"education": 7}, "Workers.education"),
        ({"consents": 1}, "Workers.consents"),  # a number is not a consent
        ({"born_on": None}, "Workers.born_on"),
        ({"first_destination": 64}, "Workers.first_destination"),
        ({"wage_floor_yuan_per_month": 1_000_001}, "Workers.wage_floor_yuan_per_month"),
        ({"wage_floor_yuan_per_month": 3000.5}, "Workers.wage_floor_yuan_per_month"),
        ({"occupations": (-2, -1, -1)}, "Workers.occupations"),
        ({"occupations": (1, 2)}, "Workers.occupations"),
        ({"lat_degrees": 91}, "Workers.lat_degrees"),
    ],
)
def test_a_worker_that_cannot_be_is_refused_by_name(row: dict[str, Any], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        make_workers(row)


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"openings": -1}, "Vacancies.openings"),
        ({"age_min_years": 15}, "Vacancies.age_min_years"),  # a year under the law
        ({"region": 64}, "Vacancies.region"),
        ({"starts_on": None}, "Vacancies.starts_on"),
    ],
)
def test_a_line_that_cannot_be_is_refused_by_name(row: dict[str, Any], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        make_lines(row)


def test_keys_are_unique() -> None:
    with pytest.raises(ValueError, match=r"Workers\.key: a key occurs twice"):
        make_workers({"key": 5}, {"key": 5})


def test_columns_have_one_length() -> None:
    whole = make_workers({}, {})
    columns = {name: getattr(whole, name) for name in Workers.__annotations__}
    with pytest.raises(ValueError, match=r"Workers\.county: 1 rows, but Workers\.key has 2"):
        Workers.of(**(columns | {"county": [621226]}))


def test_columns_are_copies_closed_for_writing() -> None:
    mine = np.array([0, 1], np.int8)
    columns = {name: getattr(make_workers({}, {}), name) for name in Workers.__annotations__}
    workers = Workers.of(**(columns | {"tier": mine}))
    mine[0] = 2

    assert workers.tier.tolist() == [0, 1]
    with pytest.raises(ValueError, match="read-only"):
        workers.tier[0] = 1


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"sex": 2}, "Vacancies.sex_basis"),
        ({"age_max_women_years": 50}, "Vacancies.age_basis"),
        ({"age_max_men_years": 60}, "Vacancies.age_basis"),
        ({"age_min_years": 18}, "Vacancies.age_basis"),
    ],
)
def test_a_limit_of_sex_or_age_without_a_legal_basis_is_refused(row: dict[str, Any], name: str) -> None:
    with pytest.raises(ValueError, match=f"{name}: vacancy 100"):
        Problem(workers=make_workers({}), vacancies=make_lines(row))

    basis = {name.removeprefix("Vacancies."): 1}
    bases = (
        "",
        "Special Rules on the Labour Protection of Female Employees (State Council 619, 2012), annex",
    )
    Problem(workers=make_workers({}), vacancies=make_lines(row | basis), bases=bases)


def test_an_empty_text_is_no_basis() -> None:
    with pytest.raises(ValueError, match=r"Vacancies\.sex_basis"):
        Problem(workers=make_workers({}), vacancies=make_lines({"sex": 2, "sex_basis": 1}), bases=("", ""))


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"tiers": ("only",)}, "Workers.tier"),
        ({"tier_points": (3, 2)}, "tier_points"),
        ({"tier_points": (1, 2, 3)}, "tier_points"),
        ({"tier_points": (2, 1, 0)}, "tier_points"),
        ({"bases": ("", "one")}, "Vacancies.sex_basis"),
        ({"seed": -1}, "seed"),
        ({"applied": [[1, 2, 3]]}, "applied"),
        ({"links": [1, 2]}, "links"),
    ],
)
def test_a_setting_out_of_range_is_refused_by_name(settings: dict[str, Any], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        replace(make_county(seed=1, people=20, lines=5, openings=9), **settings)


@pytest.mark.parametrize("points", [-1, 1001])
def test_a_weight_out_of_range_is_refused_by_name(points: int) -> None:
    with pytest.raises(ValueError, match=r"Weights\.wage"):
        Weights(wage=points)


def test_one_more_place_outweighs_all_soft_points_together() -> None:
    problem = make_county(seed=1, people=20, lines=5, openings=9)

    assert problem.place_points == 9 * problem.weights.most + 1
    assert problem.points_by_tier.tolist() == [step * problem.place_points for step in (3, 2, 1)]
