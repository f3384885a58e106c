"""A second look at a plan: rules and points written again, row by row, with nothing shared but the doors."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.problem import UNPLACED, Answer, Problem

PAIRS_A_BLOCK = 400_000  # some 50 MB while they are looked at


@dataclass(frozen=True)
class Fault:
    """Something that the plan says or does and must not."""

    code: str  # shape, price, breach, over_capacity, value, utility, bound
    worker: int | None = None  # key
    vacancy: int | None = None  # key


@dataclass(frozen=True)
class Verdict:
    """What the second look found; ``gap`` is proved by the prices of the plan alone."""

    faults: tuple[Fault, ...]
    value: int
    utility: int
    bound: int

    @property
    def gap(self) -> int:
        """How far the plan may be from the best, in points."""
        return self.bound - self.value


def verify(problem: Problem, answer: Answer) -> Verdict:
    """Check a plan against its problem: hard rules, consent, openings, value, and the bound from its prices.

    Every worker is looked at with every vacancy of an accepted region, so the bound holds over all possible
    pairs, whatever the solver was shown; a block of pairs at a time, whatever the size of the round. None of
    the solver's code is used.
    """
    found = verify_pairs(problem, answer)
    if Fault("shape") in found.faults:
        return found
    rows, bound = _Rows(problem), 0
    prices = answer.prices.astype(np.int64)
    by_tier = problem.points_by_tier
    for people, lines in rows.blocks():
        pair = people[:, None], lines[None, :]
        worth = rows.points(*pair) + by_tier[problem.workers.tier[people]][:, None] - prices[lines]
        bound += int(np.where(rows.allowed(*pair), worth, 0).max(axis=1, initial=0).sum())
    bound += sum(
        price * places
        for price, places in zip(prices.tolist(), problem.vacancies.openings.tolist(), strict=True)
    )
    wrong = () if answer.bound == bound else (Fault("bound"),)
    return Verdict(found.faults + wrong, found.value, found.utility, bound)


def verify_pairs(problem: Problem, answer: Answer) -> Verdict:
    """Check all but the bound, in one look at each placed pair; the bound is returned as it was stated."""
    chosen, prices = answer.assignment, answer.prices
    if chosen.shape != (len(problem.workers),) or prices.shape != (len(problem.vacancies),):
        return Verdict((Fault("shape"),), 0, 0, 0)
    if len(chosen) and not UNPLACED <= chosen.min() <= chosen.max() < len(prices):
        return Verdict((Fault("shape"),), 0, 0, 0)
    rows, faults = _Rows(problem), []
    placed = np.flatnonzero(chosen != UNPLACED)
    utility = 0
    for start in range(0, len(placed), PAIRS_A_BLOCK):
        people = placed[start : start + PAIRS_A_BLOCK]
        lines = chosen[people].astype(np.intp)
        utility += int(rows.points(people, lines).sum())
        breach = np.flatnonzero(~rows.allowed(people, lines))
        faults += [
            Fault("breach", int(problem.workers.key[people[one]]), int(problem.vacancies.key[lines[one]]))
            for one in breach.tolist()
        ]
    by_tier = np.bincount(problem.workers.tier[placed], minlength=len(problem.tiers)).tolist()
    points = problem.points_by_tier.tolist()
    worth = utility + sum(count * tier for count, tier in zip(by_tier, points, strict=True))
    faults += _faults_of_lines(problem, answer)
    said = {"value": (answer.value, worth), "utility": (answer.utility, utility)}
    faults += [Fault(code) for code, (stated, counted) in said.items() if stated != counted]
    return Verdict(tuple(faults), worth, utility, answer.bound)


def _faults_of_lines(problem: Problem, answer: Answer) -> list[Fault]:
    taken = np.bincount(answer.assignment[answer.assignment != UNPLACED], minlength=len(problem.vacancies))
    keys, openings = problem.vacancies.key.tolist(), problem.vacancies.openings.tolist()
    faults = [
        Fault("over_capacity", vacancy=key)
        for key, used, places in zip(keys, taken.tolist(), openings, strict=True)
        if used > places
    ]
    return faults + [
        Fault("price", vacancy=key)
        for key, price in zip(keys, answer.prices.tolist(), strict=True)
        if price < 0
    ]


class _Rows:
    """Workers against vacancies, by arrays of their rows that fit each other: pairs, or whole blocks."""

    def __init__(self, problem: Problem) -> None:
        self.workers, self.lines, self.weights = problem.workers, problem.vacancies, problem.weights
        self.seed = problem.seed
        self.born, self.starts = _eight_digits(self.workers.born_on), _eight_digits(self.lines.starts_on)
        men, women = (
            limit.astype(np.int64) for limit in (self.lines.age_max_men_years, self.lines.age_max_women_years)
        )
        self.oldest = np.stack([np.minimum(men, women), men, women])  # by sex; of unknown sex the lower one
        self.declined = _Pairs(problem.declined, self.workers.key, self.lines.key)
        self.applied = _Pairs(problem.applied, self.workers.key, self.lines.key)
        self.links = _Pairs(problem.links, self.workers.village, self.lines.employer)

    def blocks(self) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """Yield people who accept the same regions, with the lines there, some pairs at a time."""
        order = np.argsort(self.workers.destinations, kind="stable")
        order = order[self.workers.consents[order]]
        kinds, first = np.unique(self.workers.destinations[order], return_index=True)
        for kind, people in zip(kinds.tolist(), np.split(order, first)[1:], strict=True):
            accepted = np.array([kind >> region & 1 for region in range(64)], bool)
            lines = np.flatnonzero(accepted[self.lines.region])
            step = max(1, PAIRS_A_BLOCK // max(1, len(lines)))
            for start in range(0, len(people), step):
                yield people[start : start + step], lines

    def allowed(self, worker: NDArray[np.intp], line: NDArray[np.intp]) -> NDArray[np.bool_]:
        people, lines = self.workers, self.lines
        age = (self.starts[line] - self.born[worker]) // 10_000
        good: NDArray[np.bool_] = people.consents[worker] & (age >= lines.age_min_years[line])
        good &= age <= self.oldest[people.sex[worker], line]
        good &= (lines.sex[line] == 0) | (lines.sex[line] == people.sex[worker])
        good &= lines.capacity[line] <= people.capacity[worker]
        good &= lines.education[line] <= people.education[worker]
        held = people.certificates[worker]
        good &= (lines.certificates[line] | held) == held
        good &= (
            np.left_shift(np.uint64(1), lines.region.astype(np.uint64))[line] & people.destinations[worker]
            > 0
        )
        good &= ~people.stays_in_county[worker] | (lines.county[line] == people.county[worker])
        good &= people.wage_floor_yuan_per_month[worker] <= lines.wage_yuan_per_month[line]
        good &= people.earliest_on[worker] <= lines.starts_on[line]
        return good & ~self.declined.hold(worker, line)

    def points(self, worker: NDArray[np.intp], line: NDArray[np.intp]) -> NDArray[np.int64]:
        people, lines, weights = self.workers, self.lines, self.weights
        total = self.applied.hold(worker, line) * np.int64(weights.applied)
        over = (lines.wage_yuan_per_month[line] - people.wage_floor_yuan_per_month[worker]) // 10
        total += np.minimum(np.maximum(over, 0), weights.wage)
        wish = np.zeros(total.shape, np.int64)
        for share, place in ((50, 2), (75, 1), (100, 0)):
            occupation = people.occupations[worker, place]
            wish[(occupation >= 0) & (lines.occupation[line] == occupation)] = (
                weights.occupation * share // 100
            )
        total += wish
        total[(lines.skills[line] & people.skills[worker]) > 0] += weights.skill
        total[lines.region[line] == people.first_destination[worker]] += weights.destination
        total += self._near(worker, line)
        total += self.links.hold(worker, line) * np.int64(weights.companions)
        total += np.where(lines.lodging[line], weights.lodging, 0)
        total += self._lots(worker, line)
        return np.asarray(total, np.int64)

    def _near(self, worker: NDArray[np.intp], line: NDArray[np.intp]) -> NDArray[np.int64]:
        people, lines = self.workers, self.lines
        if not people.near_home[worker].any():
            return np.zeros(np.broadcast_shapes(worker.shape, line.shape), np.int64)
        flat = np.cos(np.radians(people.lat_degrees))[worker]
        east = (lines.lon_degrees[line] - people.lon_degrees[worker]) * flat
        distance = np.hypot(east, lines.lat_degrees[line] - people.lat_degrees[worker]) * 111.195
        most = self.weights.near_home
        rings = [most, most * 60 // 100, most * 30 // 100]
        points = np.select([distance <= 50, distance <= 100, distance <= 200], rings, 0)
        return np.asarray(points * people.near_home[worker], np.int64)

    def _lots(self, worker: NDArray[np.intp], line: NDArray[np.intp]) -> NDArray[np.int64]:
        start = self.workers.key[worker].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        start += np.uint64(self.seed)
        mixed = start ^ (self.lines.key[line].astype(np.uint64) * np.uint64(0xBF58476D1CE4E5B9))
        mixed = (mixed ^ mixed >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ mixed >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
        return np.asarray(mixed % np.uint64(self.weights.lot + 1), np.int64)


class _Pairs:
    """Pairs of names, asked for by the rows that bear them: one sorted list of row names multiplied out."""

    def __init__(self, pairs: NDArray[np.int64], left: NDArray[np.int64], right: NDArray[np.int64]) -> None:
        lefts, rights = sorted(set(pairs[:, 0].tolist())), sorted(set(pairs[:, 1].tolist()))
        self.width = len(rights)
        self.left, self.right = _place(lefts, left), _place(rights, right)
        self.known = np.unique(_place(lefts, pairs[:, 0]) * self.width + _place(rights, pairs[:, 1]))

    def hold(self, worker: NDArray[np.intp], line: NDArray[np.intp]) -> NDArray[np.bool_]:
        left, right = self.left[worker], self.right[line]
        shape = np.broadcast_shapes(left.shape, right.shape)
        if not self.width or not (left >= 0).any():
            return np.zeros(shape, bool)
        code = left * self.width + right
        near = np.minimum(np.searchsorted(self.known, code), len(self.known) - 1)
        held = (self.known[near] == code) & (left >= 0) & (right >= 0)
        return np.asarray(held, bool)


def _place(names: list[int], asked: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place of each number in a sorted list, -1 where it is not there."""
    if not names:
        return np.full(len(asked), -1, np.int64)
    known = np.array(names, np.int64)
    place = np.searchsorted(known, asked).clip(max=len(known) - 1)
    return np.where(known[place] == asked, place, -1)


def _eight_digits(days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Write days as numbers like 20200301: their difference, divided by 10,000, is the full years between."""
    distinct, place = np.unique(days, return_inverse=True)
    written = [int(day.isoformat().replace("-", "")) for day in distinct.tolist()]
    return np.array(written, np.int64)[place.ravel()]
