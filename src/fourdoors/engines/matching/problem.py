"""The two doors of the matching engine: a problem in, an answer out."""

import hashlib
from dataclasses import astuple, dataclass, field, fields
from enum import IntEnum
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.columns import DAY, Promise, Table, checked

MINIMUM_AGE_YEARS = 16  # Labour Law of the People's Republic of China, article 15
NO_AGE_LIMIT = 127
ANYWHERE = 2**64 - 1
UNPLACED = -1

PAIRS = Promise("int64", width=2)

Key = Annotated[NDArray[np.int64], Promise("int64", 0, unique=True)]  # the caller's own id
Code = Annotated[NDArray[np.int64], Promise("int64", 0)]
County = Annotated[NDArray[np.int32], Promise("int32", 0)]  # six-digit division code
Occupation = Annotated[NDArray[np.int32], Promise("int32", -1)]  # the caller's code; -1 none
Wishes = Annotated[NDArray[np.int32], Promise("int32", -1, width=3)]
Bits = Annotated[NDArray[np.uint64], Promise("uint64")]  # one bit for each name of a list of the caller
Flags = Annotated[NDArray[np.bool_], Promise("bool")]
Days = Annotated[NDArray[np.datetime64], Promise(DAY)]
Yuan = Annotated[NDArray[np.int32], Promise("int32", 0, 10**6)]
Years = Annotated[NDArray[np.int8], Promise("int8", MINIMUM_AGE_YEARS, NO_AGE_LIMIT)]
Basis = Annotated[NDArray[np.int16], Promise("int16", 0)]  # index into Problem.bases
Longitude = Annotated[NDArray[np.float64], Promise("float64", -180, 180)]  # nan when unknown
Latitude = Annotated[NDArray[np.float64], Promise("float64", -90, 90)]
Tier = Annotated[NDArray[np.int8], Promise("int8", 0)]
Openings = Annotated[NDArray[np.int32], Promise("int32", 0, 10**6)]
SexColumn = Annotated[NDArray[np.int8], Promise("int8", 0, 2)]
CapacityColumn = Annotated[NDArray[np.int8], Promise("int8", 0, 3)]
Education = Annotated[NDArray[np.int8], Promise("int8", 0, 6)]  # 0 none, 1 primary, 2 junior, 3 senior, 4...
Region = Annotated[NDArray[np.int8], Promise("int8", 0, 63)]
WishedRegion = Annotated[NDArray[np.int8], Promise("int8", -1, 63)]


class Sex(IntEnum):
    """Sex as the identity number says it; ``ANY`` in a vacancy means no limit."""

    ANY = 0
    MALE = 1
    FEMALE = 2


class Capacity(IntEnum):
    """Labour capacity (劳动能力) of the poverty register, weakest first."""

    NONE = 0  # 丧失劳动力、无劳动力
    HALF = 1  # 弱劳动力或半劳动力
    ORDINARY = 2  # 普通劳动力
    SKILLED = 3  # 技能劳动力


@dataclass(frozen=True, kw_only=True)
class Workers(Table):
    """The people of a round: columns of one length, one row each."""

    key: Key
    tier: Tier  # index into Problem.tiers; 0 is served first
    consents: Flags  # agreed to be matched in this round
    born_on: Days
    sex: SexColumn  # Sex
    capacity: CapacityColumn  # Capacity
    education: Education
    certificates: Bits  # held
    skills: Bits  # recorded
    occupations: Wishes  # three wishes a row, dearest first; -1 none
    destinations: Bits  # regions accepted; ANYWHERE for all of them
    first_destination: WishedRegion  # the region wished most; -1 none
    stays_in_county: Flags  # cannot leave the county of home
    county: County  # of home
    village: Code  # twelve-digit division code of home
    wage_floor_yuan_per_month: Yuan
    earliest_on: Days  # first day on which the worker can begin
    near_home: Flags  # would rather work near home
    lon_degrees: Longitude  # of home
    lat_degrees: Latitude


@dataclass(frozen=True, kw_only=True)
class Vacancies(Table):
    """The vacancy lines of a round: columns of one length, one row each."""

    key: Key
    openings: Openings
    employer: Code  # the caller's id of the employer
    region: Region  # destination region, the number of its bit in Workers.destinations
    county: County  # of the place of work
    occupation: Occupation
    wage_yuan_per_month: Yuan  # the lower end of what is offered
    starts_on: Days
    age_min_years: Years  # full years on starts_on, included; MINIMUM_AGE_YEARS when there is no limit
    age_max_men_years: Years  # included; NO_AGE_LIMIT when there is none
    age_max_women_years: Years
    age_basis: Basis  # the law that allows the limit; 0 when there is no limit
    sex: SexColumn  # Sex.ANY unless the law allows a limit
    sex_basis: Basis
    capacity: CapacityColumn  # the least Capacity
    education: Education  # the least
    certificates: Bits  # all of them are needed on the first day
    skills: Bits  # any of them helps
    lodging: Flags  # a bed is given
    lon_degrees: Longitude  # of the place of work
    lat_degrees: Latitude


@dataclass(frozen=True, kw_only=True)
class Weights:
    """The most points that each soft term can give; whole points, 0 to 1,000, 0 switches it off."""

    applied: int = 200  # the worker asked for this very vacancy
    wage: int = 300  # one point for each 10 yuan a month over the worker's floor
    occupation: int = 200  # first wish; the second gives three quarters, the third a half
    skill: int = 150  # the worker has a skill that helps
    destination: int = 150  # the region wished most
    near_home: int = 100  # for who asks for it: within 50 km; 60 % within 100 km, 30 % within 200 km
    companions: int = 80  # people of the village work for this employer
    lodging: int = 40  # a bed is given
    lot: int = 7  # drawn from the seed, so that no order of rows decides a tie

    def __post_init__(self) -> None:
        for item in fields(self):
            if not 0 <= getattr(self, item.name) <= 1000:
                raise ValueError(f"Weights.{item.name}: {getattr(self, item.name)} is outside 0..1000")

    @property
    def most(self) -> int:
        """The most points that any pair can have."""
        return int(sum(astuple(self)))


def no_pairs() -> NDArray[np.int64]:
    """Return an empty list of pairs."""
    return np.empty((0, 2), np.int64)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One round of matching.

    Hard rules filter pairs and never enter the value, so no number of points can buy a breach. What is
    maximised is the sum over the placed of ``tier_points[tier]`` and the soft points of the pair.

    Args:
        workers: the people.
        vacancies: the lines.
        tiers: names of the tiers, first served first.
        weights: most points of each soft term.
        tier_points: points for placing one person of each tier, never growing from tier to tier; None for
            placement first (see :attr:`place_points`).
        applied: (worker key, vacancy key) rows: the worker asked for it.
        declined: (worker key, vacancy key) rows: either side said no; never proposed again.
        links: (village, employer) rows: people of the village work there.
        bases: legal bases of age and sex limits with source and date; ``bases[0]`` is the empty one.
        seed: draws the lots.

    Raises:
        ValueError: a value breaks what its column promises, or a limit has no legal basis; it is named.
    """

    workers: Workers
    vacancies: Vacancies
    tiers: tuple[str, ...] = ("registered_poor", "at_risk", "other")
    weights: Weights = field(default_factory=Weights)
    tier_points: tuple[int, ...] | None = None
    applied: NDArray[np.int64] = field(default_factory=no_pairs)
    declined: NDArray[np.int64] = field(default_factory=no_pairs)
    links: NDArray[np.int64] = field(default_factory=no_pairs)
    bases: tuple[str, ...] = ("",)
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("applied", "declined", "links"):
            object.__setattr__(self, name, checked(name, getattr(self, name), PAIRS))
        self._check_tiers()
        self._check_bases()
        if not 0 <= self.seed < 2**63:
            raise ValueError(f"seed: {self.seed} is outside 0..2**63-1")

    def _check_tiers(self) -> None:
        if len(self.workers) and self.workers.tier.max() >= len(self.tiers):
            raise ValueError(f"Workers.tier: {self.workers.tier.max()} is none of the tiers {self.tiers}")
        points = self.tier_points
        if points is None:
            return
        if len(points) != len(self.tiers) or list(points) != sorted(points, reverse=True) or min(points) < 1:
            raise ValueError(
                f"tier_points: {points} must be one number from 1 for each tier, none above an earlier"
            )

    def _check_bases(self) -> None:
        lines = self.vacancies
        limited = (lines.age_min_years > MINIMUM_AGE_YEARS) | (
            np.minimum(lines.age_max_men_years, lines.age_max_women_years) < NO_AGE_LIMIT
        )
        for name, where in (("age", limited), ("sex", lines.sex != Sex.ANY)):
            basis = getattr(lines, f"{name}_basis")
            if len(basis) and basis.max() >= len(self.bases):
                raise ValueError(
                    f"Vacancies.{name}_basis: {basis.max()} is none of the {len(self.bases)} bases"
                )
            bare = where & (np.array([not text for text in self.bases], bool)[basis])
            if bare.any():
                raise ValueError(
                    f"Vacancies.{name}_basis: vacancy {lines.key[bare][0]} has a limit without one"
                )

    @property
    def place_points(self) -> int:
        """Points that outweigh every soft point of the whole plan together: one more place is worth more."""
        places = min(len(self.workers), int(self.vacancies.openings.sum()))
        return places * self.weights.most + 1

    @property
    def points_by_tier(self) -> NDArray[np.int64]:
        """Points for placing one person of each tier.

        Placement first: the last tier gets ``place_points``, the one before it twice that, and so on. The
        sets of workers that can be placed together form a matroid, so strictly falling weights give the
        largest number of the first tier, then of the second and so on, and with it the largest number in
        all; the step outweighs all soft points, so that these decide only among such plans.
        """
        if self.tier_points is not None:
            return np.array(self.tier_points, np.int64)
        return self.place_points * np.arange(len(self.tiers), 0, -1, dtype=np.int64)


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """Counts of a plan; all of them people, lines or pairs, no share."""

    workers: int
    consenting: int
    placed: int
    placed_by_tier: tuple[int, ...]
    vacancies: int
    openings: int
    filled_vacancies: int
    feasible_pairs: int | None  # None where the solver had no need to count them
    workers_without_feasible_vacancy: int  # among the consenting


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A plan, with what is needed to check it without trust in the solver.

    ``prices`` are dual prices in points: what one more opening of the line would add to the value. ``bound``
    is the value that no plan can exceed, computed from them over **all** feasible pairs; ``gap`` is
    ``bound - value``, 0 when the plan is proved best.
    """

    assignment: NDArray[np.int32]  # per worker: row of the vacancy, or UNPLACED
    prices: NDArray[np.int64]  # per vacancy, points, >= 0
    value: int  # tier points and soft points of the placed
    utility: int  # soft points alone
    bound: int
    statistics: Statistics
    method: str

    @property
    def gap(self) -> int:
        """How far the plan may be from the best, in points."""
        return self.bound - self.value


def answer_hash(problem: Problem, answer: Answer) -> str:
    """Return the SHA-256 of who is placed where, in hexadecimal.

    It is made from the sorted keys and the seed: the same plan has the same hash whatever the order of rows.
    """
    placed = np.flatnonzero(answer.assignment != UNPLACED)
    pairs = np.stack(
        [problem.workers.key[placed], problem.vacancies.key[answer.assignment[placed]]], axis=1
    ).astype("<i8")
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    return hashlib.sha256(b"FD-plan-1" + problem.seed.to_bytes(8, "little") + pairs.tobytes()).hexdigest()


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return the array, closed for writing."""
    array.setflags(write=False)
    return array
