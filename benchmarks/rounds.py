"""Invented rounds of any size: three kinds of labour market, all hard rules and all soft terms at work."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.problem import ANYWHERE, NO_AGE_LIMIT, Problem, Vacancies, Workers

PROVINCE_WORKERS, PROVINCE_LINES = 5_260_000, 300_000
PLACES_SHARE = 0.95  # openings for each worker
VILLAGE_PEOPLE = 330
COUNTIES = 86
DAY = np.datetime64("2020-03-01")
DAYS = "timedelta64[D]"
ONE = np.uint64(1)

Draw = np.random.Generator
Array = NDArray[Any]


@dataclass(frozen=True)
class Family:
    """What one kind of labour market looks like.

    Attributes:
        regions: provinces of work; the first is home.
        occupations: that are offered.
        own_occupations: of them a region offers so many, or all of them when None.
        wage_spread_yuan: standard deviation of wages.
        lines_an_employer: on average.
        spread: standard deviation of the logarithm of openings.
        second_region: share of workers who accept a second province.
        anywhere: share of workers who accept any.
        certified: share of lines that need a certificate.
    """

    regions: int
    occupations: int
    own_occupations: int | None
    wage_spread_yuan: int
    lines_an_employer: float
    spread: float
    second_region: float
    anywhere: float
    certified: float


FAMILIES = {
    "overlap": Family(17, 40, None, 300, 3.5, 1.4, 0.6, 0.05, 0.12),
    "specialists": Family(31, 200, 12, 700, 3.5, 1.4, 0.3, 0.02, 0.30),
    "huge": Family(17, 40, None, 500, 3000, 2.2, 0.6, 0.05, 0.12),
}


def make_round(family: str, *, workers: int, seed: int = 1) -> Problem:
    """Invent a round of one family; lines and openings grow with the workers.

    Args:
        family: a key of FAMILIES.
        workers: how many.
        seed: of the draws.
    """
    draw, kind = np.random.default_rng(seed), FAMILIES[family]
    count = max(60, workers * PROVINCE_LINES // PROVINCE_WORKERS)
    villages = max(3, workers // VILLAGE_PEOPLE)
    trades = _trades(draw, kind)
    lines = _lines(draw, kind, count, int(workers * PLACES_SHARE), trades)
    people = _workers(draw, kind, workers, villages, trades)
    employers = int(lines.employer.max()) + 1
    links = np.stack(
        [np.repeat(_village(np.arange(villages)), 4), draw.integers(0, employers, villages * 4)], 1
    )
    return Problem(
        workers=people,
        vacancies=lines,
        bases=("", "an invented limit"),
        applied=_pairs(draw, workers // 20, workers, count),
        declined=_pairs(draw, workers // 50, workers, count),
        links=links,
        seed=seed,
    )


def _village(number: Array) -> Array:
    return 620_000_000_000 + number


def _falling(count: int, power: float) -> Array:
    shares = 1 / np.arange(1, count + 1) ** power
    scaled: Array = shares / shares.sum()
    return scaled


def _trades(draw: Draw, kind: Family) -> Array:
    """Return for each region the occupations that it offers."""
    own = kind.own_occupations or kind.occupations
    return np.stack([draw.permutation(kind.occupations)[:own] for _ in range(kind.regions)])


def _region(draw: Draw, kind: Family, count: int) -> Array:
    shares = np.append(0.3, 0.7 * _falling(kind.regions - 1, 0.6))
    return draw.choice(kind.regions, count, p=shares).astype(np.int8)


def _trade(draw: Draw, trades: Array, region: Array) -> Array:
    place = draw.choice(trades.shape[1], len(region), p=_falling(trades.shape[1], 0.7))
    return trades[region, place].astype(np.int32)


def _some(draw: Draw, count: int, share: float, choices: int) -> Array:
    """Return one bit of ``choices`` for a share of rows, none for the others."""
    bits = ONE << draw.integers(0, choices, count).astype(np.uint64)
    return np.where(draw.random(count) < share, bits, np.uint64(0))


def _lines(draw: Draw, kind: Family, count: int, openings: int, trades: Array) -> Vacancies:
    employers = max(3, round(count / kind.lines_an_employer))
    employer = np.sort(draw.integers(0, employers, count))
    region = _region(draw, kind, employers)[employer]
    occupation = _trade(draw, trades, region)
    education = draw.choice(6, count, p=[0.25, 0.30, 0.30, 0.10, 0.04, 0.01])
    wage = (
        3200
        + 200 * education
        + np.where(region > 0, 700, 0)
        + kind.wage_spread_yuan * draw.normal(size=count)
    )
    weights = np.exp(draw.normal(1.6, kind.spread, count))
    limited = draw.random(count) < 0.3
    oldest = draw.choice([45, 50, 55, 60], count, p=[0.1, 0.3, 0.4, 0.2])
    west = np.where(region == 0, 100.0, 104.0 + region)
    return Vacancies.of(
        key=np.arange(count) + 1000,
        openings=np.maximum(1, np.floor(weights * openings / weights.sum() + draw.random(count))).astype(int),
        employer=employer,
        region=region,
        county=np.where(
            region == 0, 620_100 + draw.integers(0, COUNTIES, count), 100_000 + region.astype(np.int32)
        ),
        occupation=occupation,
        wage_yuan_per_month=np.clip(wage // 50 * 50, 1820, 20_000).astype(np.int32),
        starts_on=DAY + 7 * draw.integers(0, 16, count).astype(DAYS),
        age_min_years=np.where(limited, 18, 16),
        age_max_men_years=np.where(limited, oldest, NO_AGE_LIMIT),
        age_max_women_years=np.where(limited, np.minimum(oldest, 55), NO_AGE_LIMIT),
        age_basis=limited.astype(np.int16),
        sex=draw.choice(3, count, p=[0.95, 0.025, 0.025]),
        sex_basis=np.ones(count, np.int16),
        capacity=draw.choice(4, count, p=[0.03, 0.12, 0.75, 0.10]),
        education=education,
        certificates=_some(draw, count, kind.certified, 12),
        skills=ONE << (occupation % 40).astype(np.uint64),
        lodging=draw.random(count) < 0.7,
        lon_degrees=west + 4 * draw.random(count),
        lat_degrees=32 + 6 * draw.random(count),
    )


def _workers(draw: Draw, kind: Family, count: int, villages: int, trades: Array) -> Workers:
    village = np.sort(draw.integers(0, villages, count))
    habit = _region(draw, kind, villages)
    first = np.where(draw.random(count) < 0.45, habit[village], _region(draw, kind, count)).astype(np.int8)
    education = draw.choice(6, count, p=[0.06, 0.22, 0.44, 0.17, 0.08, 0.03])
    wishes = np.stack([_trade(draw, trades, first) for _ in range(3)], 1)
    wishes[draw.random(count) < 0.4, 2] = -1
    floor = 2400 + 180 * education + 400 * draw.normal(size=count)
    lon, lat = 100 + 4 * draw.random(villages), 32 + 6 * draw.random(villages)
    return Workers.of(
        key=np.arange(count) + 10,
        tier=draw.choice(3, count, p=[0.30, 0.06, 0.64]),
        consents=draw.random(count) < 0.98,
        born_on=DAY - draw.integers(16 * 365, 62 * 365, count, np.int32).astype(DAYS),
        sex=np.where(draw.random(count) < 0.42, 2, 1),
        capacity=draw.choice(4, count, p=[0.02, 0.08, 0.78, 0.12]),
        education=education,
        certificates=_some(draw, count, 0.3, 12) | _some(draw, count, 0.05, 12),
        skills=_some(draw, count, 0.6, 40) | (ONE << (wishes[:, 0] % 40).astype(np.uint64)),
        occupations=wishes,
        destinations=_accepted(draw, kind, first),
        first_destination=first,
        stays_in_county=(draw.random(count) < 0.05) & (first == 0),
        county=(620_100 + village * COUNTIES // villages).astype(np.int32),
        village=_village(village),
        wage_floor_yuan_per_month=np.clip(floor // 50 * 50, 1500, 8000).astype(np.int32),
        earliest_on=DAY + 7 * draw.integers(0, 12, count, np.int32).astype(DAYS),
        near_home=draw.random(count) < 0.1,
        lon_degrees=lon[village],
        lat_degrees=lat[village],
    )


def _accepted(draw: Draw, kind: Family, first: Array) -> Array:
    mask = ONE << first.astype(np.uint64)
    second = ONE << _region(draw, kind, len(first)).astype(np.uint64)
    mask |= np.where(draw.random(len(first)) < kind.second_region, second, np.uint64(0))
    return np.where(draw.random(len(first)) < kind.anywhere, np.uint64(ANYWHERE), mask)


def _pairs(draw: Draw, count: int, workers: int, lines: int) -> Array:
    return np.stack([10 + draw.integers(0, workers, count), 1000 + draw.integers(0, lines, count)], 1)
