"""The whole province at its true size, county by county in arrays: memory is that of the largest county.

What is real: the divisions, the census figures that share the workers out over the counties, and the
marginals of ``people`` and ``work``. What is invented: every person. They are others than those of the way.

Source:
    ``census2020.csv``: Seventh National Population Census, 1 November 2020, counties of Gansu (中国人口普查
    分县资料—2020): persons, persons aged 15 to 59, persons in villages.
"""

import csv
import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.random import Generator

from fourdoors.console.demo.people import (
    AGE_BANDS,
    AT_RISK_SHARE,
    BORN_BEFORE,
    CAPACITY,
    EDUCATION,
    FEMALE_SHARE,
    GIVEN_FEMALE,
    GIVEN_MALE,
    MEMBERS,
    PREFECTURE_WEIGHTS,
    REGISTERED_POOR_SHARE,
    SURNAMES,
    village_weights,
)
from fourdoors.kernel.identity import invented_identity
from fourdoors.kernel.terms import RelationToHead, Sex

Array = np.ndarray[Any, Any]
MOST_WORKERS = 9_900_000  # identity numbers that can be invented: two neighbours share an order number
TWO_GIVEN_SHARE = 0.75  # names of three characters; invented
_MARRIED_FROM_DAYS = 20 * 366
_RELATIONS = np.array(
    [RelationToHead.HEAD, RelationToHead.SPOUSE, RelationToHead.SON, RelationToHead.DAUGHTER]
)


@dataclass(frozen=True)
class County:
    """The invented households and workers of one county, one array a column.

    Attributes:
        code: 6-digit code.
        first: number of its first worker and household in the province.
        villages: of each household, in ascending order.
        poor: whether each household is in the poverty register.
        at_risk: whether it is watched.
        household: of each worker, as its place in ``villages``.
        names, sexes, births, educations, capacities, relations: of each worker.
    """

    code: int
    first: int
    villages: Array
    poor: Array
    at_risk: Array
    household: Array
    names: list[str]
    sexes: list[Sex]
    births: list[datetime.date]
    educations: list[str]
    capacities: list[str]
    relations: list[str]

    def identity(self, place: int) -> str:
        """Return the identity number of a worker, 18 characters beginning with 99."""
        return invented_identity(
            sequence=(self.first + place) // 2, born_on=self.births[place], sex=self.sexes[place]
        )

    def household_number(self, place: int) -> str:
        """Return the invented number of a household: 16 digits that begin with its county."""
        return f"{self.code}{self.first + place:010d}"


def workers_by_county(workers: int) -> dict[int, int]:
    """Share workers out over the counties: a prefecture's by its villagers of working age."""
    weights = _county_weights()
    exact = {county: workers * weight for county, weight in weights.items()}
    counts = {county: int(share) for county, share in exact.items()}
    rests = sorted(exact, key=lambda county: counts[county] - exact[county])
    for county in rests[: workers - sum(counts.values())]:
        counts[county] += 1
    return {county: count for county, count in sorted(counts.items()) if count}


@cache
def _county_weights() -> dict[int, float]:
    text = (files("fourdoors.console.demo") / "census2020.csv").read_text(encoding="ascii")
    villagers = {
        int(row["county"]): int(row["rural_persons"]) * int(row["persons_15_to_59"]) / int(row["persons"])
        for row in csv.DictReader(text.splitlines())
    }
    of_prefecture: dict[int, float] = defaultdict(float)
    for county, count in villagers.items():
        of_prefecture[county // 100 * 100] += count
    total = sum(PREFECTURE_WEIGHTS.values())
    return {
        county: PREFECTURE_WEIGHTS[county // 100 * 100] / total * count / of_prefecture[county // 100 * 100]
        for county, count in villagers.items()
    }


def draw_county(*, code: int, workers: int, first: int, seed: int) -> County:
    """Return the people of one county; the same arguments give the same people."""
    draw = np.random.default_rng((seed, code))
    sizes = pick(draw, [size for size, _ in MEMBERS], [share for _, share in MEMBERS], workers)
    ends = np.cumsum(sizes)
    households = int(np.searchsorted(ends, workers)) + 1
    household = np.repeat(np.arange(households), sizes[:households])[:workers]
    place = np.arange(workers) - (ends - sizes)[household]
    status = draw.random(households)
    female, born = _women_and_births(draw, household, place)
    sexes = [Sex.FEMALE if one else Sex.MALE for one in female.tolist()]
    relation = np.where(place == 2, np.where(female, 3, 2), place)
    return County(
        code=code,
        first=first,
        villages=np.sort(draw.choice(_villages()[code], households)),
        poor=status < REGISTERED_POOR_SHARE,
        at_risk=(status >= REGISTERED_POOR_SHARE) & (status < REGISTERED_POOR_SHARE + AT_RISK_SHARE),
        household=household,
        names=_names(draw, household, place, female),
        sexes=sexes,
        births=_days(_apart(born, female, first)),
        educations=_terms(draw, EDUCATION, workers),
        capacities=_terms(draw, CAPACITY, workers),
        relations=_RELATIONS[relation].tolist(),
    )


@cache
def _villages() -> dict[int, Array]:
    codes, _ = village_weights()
    counties = codes // 1_000_000
    return {int(county): codes[counties == county] for county in np.unique(counties)}


def _women_and_births(draw: Generator, household: Array, place: Array) -> tuple[Array, Array]:
    """Return who is a woman, and births in days before ``BORN_BEFORE``; a couple is of an age."""
    workers = len(household)
    female = draw.random(workers) < FEMALE_SHARE
    heads = np.flatnonzero(place == 0)[household]
    spouse, child = place == 1, place == 2
    female[spouse] = ~female[heads[spouse]]
    bands = np.array([band for band, _ in AGE_BANDS])
    band = pick(draw, range(len(AGE_BANDS)), [share for _, share in AGE_BANDS], workers)
    youngest, oldest = bands[band].T
    youngest, oldest = np.where(child, 16, youngest), np.where(child, 25, oldest)
    born = draw.integers(youngest * 366, (oldest + 1) * 365)
    near = born[heads] + draw.integers(-1500, 1500, workers)
    return female, np.where(spouse, np.maximum(near, _MARRIED_FROM_DAYS), born)


def _apart(born: Array, female: Array, first: int) -> Array:
    """Move the birthday of a worker who would have the identity number of the one before."""
    pair = (np.arange(len(born)) + first) % 2 == 1
    same = pair.copy()
    same[0] = False
    same[1:] &= (born[1:] == born[:-1]) & (female[1:] == female[:-1])
    apart: Array = born + same
    return apart


def _days(before: Array) -> list[datetime.date]:
    days: list[datetime.date] = (np.datetime64(BORN_BEFORE) - before).astype(datetime.date).tolist()
    return days


def _names(draw: Generator, household: Array, place: Array, female: Array) -> list[str]:
    """Return names: head and children share the surname of the household."""
    surnames = np.array(list(SURNAMES))
    families = draw.integers(len(surnames), size=household[-1] + 1)[household]
    families = np.where(place == 1, draw.integers(len(surnames), size=len(place)), families)
    given = [_given(draw, letters, len(place)) for letters in (GIVEN_MALE, GIVEN_FEMALE)]
    names: list[str] = np.char.add(surnames[families], np.where(female, given[1], given[0])).tolist()
    return names


def _given(draw: Generator, letters: str, count: int) -> Array:
    signs = np.array(list(letters))
    second = np.where(draw.random(count) < TWO_GIVEN_SHARE, signs[draw.integers(len(signs), size=count)], "")
    return np.char.add(signs[draw.integers(len(signs), size=count)], second)


def _terms(draw: Generator, table: Sequence[tuple[Any, float]], count: int) -> list[str]:
    values = np.array([term.value for term, _ in table])
    picked: list[str] = pick(draw, values, [share for _, share in table], count).tolist()
    return picked


def pick(draw: Generator, values: Any, shares: Sequence[float], count: int) -> Array:
    """Return ``count`` of the values by their shares (which need not add up to one)."""
    running = np.cumsum(shares) / np.sum(shares)
    picked: Array = np.asarray(values)[np.searchsorted(running, draw.random(count), side="right")]
    return picked
