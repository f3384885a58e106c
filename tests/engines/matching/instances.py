"""Invented rounds of matching: one worker, one line with lawful defaults, and whole counties from a seed."""

from dataclasses import fields
from itertools import product
from typing import Any

import numpy as np

from fourdoors.engines.matching.eligibility import Eligibility
from fourdoors.engines.matching.problem import ANYWHERE, NO_AGE_LIMIT, UNPLACED, Problem, Vacancies, Workers
from fourdoors.engines.matching.utility import Utility

LI_COUNTY = 621226  # Li County (礼县), Longnan, Gansu

ONE_WORKER: dict[str, Any] = {
    "tier": 0, "consents": True, "born_on": "1990-05-01", "sex": 1, "capacity": 2, "education": 2,
    "certificates": 0, "skills": 0, "occupations": (-1, -1, -1), "destinations": ANYWHERE,
    "first_destination": -1, "stays_in_county": False, "county": LI_COUNTY, "village": 621226101201,
    "wage_floor_yuan_per_month": 3000, "earliest_on": "2020-03-01", "near_home": False,
    "lon_degrees": 105.0, "lat_degrees": 34.0,
}  # fmt: skip
ONE_LINE: dict[str, Any] = {
    "openings": 1, "employer": 1, "region": 0, "county": LI_COUNTY, "occupation": -1,
    "wage_yuan_per_month": 3000, "starts_on": "2020-03-10", "age_min_years": 16,
    "age_max_men_years": NO_AGE_LIMIT, "age_max_women_years": NO_AGE_LIMIT, "age_basis": 0, "sex": 0,
    "sex_basis": 0, "capacity": 0, "education": 0, "certificates": 0, "skills": 0, "lodging": False,
    "lon_degrees": 120.0, "lat_degrees": 30.0,
}  # fmt: skip
BITS = {"certificates", "skills", "destinations"}


def column_of(name: str, values: list[Any]) -> Any:
    return np.array(values, np.uint64) if name in BITS else values


def make_workers(*rows: dict[str, Any]) -> Workers:
    """One row for each dict; what it leaves out is lawful and plain."""
    full = [{"key": 10 + number} | ONE_WORKER | row for number, row in enumerate(rows)]
    names = [item.name for item in fields(Workers)]
    return Workers.of(**{name: column_of(name, [row[name] for row in full]) for name in names})


def make_lines(*rows: dict[str, Any]) -> Vacancies:
    full = [{"key": 100 + number} | ONE_LINE | row for number, row in enumerate(rows)]
    names = [item.name for item in fields(Vacancies)]
    return Vacancies.of(**{name: column_of(name, [row[name] for row in full]) for name in names})


def make_county(*, seed: int, people: int, lines: int, openings: int, **settings: Any) -> Problem:
    """A county from a seed: every rule breaks somewhere, every term gives points somewhere."""
    draw = np.random.default_rng(seed)
    day, days = np.datetime64("2020-03-01"), "timedelta64[D]"
    bit = np.uint64(1)
    workers = Workers.of(
        key=np.arange(people) + 10,
        tier=draw.choice(3, people, p=[0.36, 0.07, 0.57]),
        consents=draw.random(people) < 0.9,
        born_on=day - draw.integers(15 * 366, 63 * 365, people).astype(days),
        sex=draw.integers(1, 3, people),
        capacity=draw.choice(4, people, p=[0.02, 0.08, 0.8, 0.1]),
        education=draw.choice(5, people, p=[0.05, 0.2, 0.5, 0.17, 0.08]),
        certificates=draw.integers(0, 8, people).astype(np.uint64),
        skills=bit << draw.integers(0, 6, people).astype(np.uint64),
        occupations=draw.integers(-1, 8, (people, 3)),
        destinations=np.where(
            draw.random(people) < 0.3,
            np.uint64(ANYWHERE),
            bit << draw.integers(0, 4, people).astype(np.uint64) | bit,
        ),
        first_destination=draw.integers(-1, 4, people),
        stays_in_county=draw.random(people) < 0.1,
        county=np.full(people, LI_COUNTY),
        village=621226101200 + draw.integers(0, 20, people),
        wage_floor_yuan_per_month=draw.integers(10, 45, people) * 100,
        earliest_on=day - 10 + draw.integers(0, 20, people).astype(days),
        near_home=draw.random(people) < 0.3,
        lon_degrees=np.where(draw.random(people) < 0.9, 105 + draw.random(people), np.nan),
        lat_degrees=34 + draw.random(people) / 2,
    )
    region = draw.integers(0, 4, lines)
    limited = draw.random(lines) < 0.1
    vacancies = Vacancies.of(
        key=np.arange(lines) + 1000,
        openings=draw.multinomial(openings, draw.dirichlet(np.full(lines, 0.7))) if lines else [],
        employer=draw.integers(1, lines // 3 + 2, lines),
        region=region,
        county=np.where(region == 0, LI_COUNTY, 440300),
        occupation=draw.integers(0, 8, lines),
        wage_yuan_per_month=draw.integers(25, 70, lines) * 100,
        starts_on=day + draw.integers(0, 40, lines).astype(days),
        age_min_years=np.where(limited, 18, 16),
        age_max_men_years=np.where(limited, 60, NO_AGE_LIMIT),
        age_max_women_years=np.where(limited, 50, NO_AGE_LIMIT),
        age_basis=limited.astype(int),
        sex=draw.choice(3, lines, p=[0.94, 0.02, 0.04]),
        sex_basis=np.full(lines, 2),
        capacity=draw.choice(4, lines, p=[0.05, 0.2, 0.7, 0.05]),
        education=draw.choice(4, lines, p=[0.3, 0.3, 0.3, 0.1]),
        certificates=np.where(draw.random(lines) < 0.2, 1, 0).astype(np.uint64),
        skills=bit << draw.integers(0, 6, lines).astype(np.uint64),
        lodging=draw.random(lines) < 0.6,
        lon_degrees=105 + draw.random(lines) * 3,
        lat_degrees=33 + draw.random(lines) * 3,
    )
    pairs = people * lines // 10
    some = {
        "bases": ("", "construction age limits of a city, invented", "mines and the like, invented"),
        "applied": random_pairs(draw, pairs, people, lines),
        "declined": random_pairs(draw, pairs // 2, people, lines),
        "links": np.stack([621226101200 + draw.integers(0, 20, 9), draw.integers(1, lines // 3 + 2, 9)], 1),
        "seed": seed,
    }
    return Problem(workers=workers, vacancies=vacancies, **(some | settings))


def random_pairs(draw: np.random.Generator, count: int, people: int, lines: int) -> Any:
    if not count:
        return np.empty((0, 2), np.int64)
    return np.stack([10 + draw.integers(0, people, count), 1000 + draw.integers(0, lines + 3, count)], 1)


def best_by_trying_all(problem: Problem) -> int:
    """The largest value of any plan, found by trying every one of them."""
    rows = np.arange(len(problem.workers))
    possible = Eligibility(problem).reasons(rows) == 0
    points = Utility(problem).block(rows) + problem.points_by_tier[problem.workers.tier][:, None]
    choices = [[UNPLACED, *np.flatnonzero(row).tolist()] for row in possible]
    best = 0
    for plan in product(*choices):
        taken = np.bincount([line for line in plan if line != UNPLACED], minlength=len(problem.vacancies))
        if (taken <= problem.vacancies.openings).all():
            best = max(best, sum(int(points[row, line]) for row, line in enumerate(plan) if line != UNPLACED))
    return best
