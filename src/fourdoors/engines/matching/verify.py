"""A second look at a plan: rules and points written again, row by row, with nothing shared but the doors."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.problem import UNPLACED, Answer, Problem

MASK = 2**64 - 1


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

    Every worker is looked at with every vacancy, so the bound holds over all possible pairs, whatever the
    solver was shown. None of the solver's code is used.
    """
    chosen, prices = answer.assignment, answer.prices
    if chosen.shape != (len(problem.workers),) or prices.shape != (len(problem.vacancies),):
        return Verdict((Fault("shape"),), 0, 0, 0)
    if len(chosen) and not UNPLACED <= chosen.min() <= chosen.max() < len(prices):
        return Verdict((Fault("shape"),), 0, 0, 0)
    rows, faults = _Rows(problem), []
    worth = utility = bound = 0
    for worker, line in enumerate(chosen.tolist()):
        allowed, points = rows.allowed(worker), rows.points(worker)
        tier = int(problem.points_by_tier[problem.workers.tier[worker]])
        bound += max(0, int((points + tier - prices)[allowed].max(initial=0)))
        if line == UNPLACED:
            continue
        worth, utility = worth + tier + int(points[line]), utility + int(points[line])
        if not allowed[line]:
            faults.append(Fault("breach", int(problem.workers.key[worker]), int(problem.vacancies.key[line])))
    openings = problem.vacancies.openings.tolist()
    bound += sum(price * places for price, places in zip(prices.tolist(), openings, strict=True))
    faults += _faults_of_lines(problem, answer)
    said = {
        "value": (answer.value, worth),
        "utility": (answer.utility, utility),
        "bound": (answer.bound, bound),
    }
    faults += [Fault(code) for code, (stated, found) in said.items() if stated != found]
    return Verdict(tuple(faults), worth, utility, bound)


def _faults_of_lines(problem: Problem, answer: Answer) -> list[Fault]:
    taken = [0] * len(problem.vacancies)
    for line in answer.assignment.tolist():
        if line != UNPLACED:
            taken[line] += 1
    keys, openings = problem.vacancies.key.tolist(), problem.vacancies.openings.tolist()
    faults = [
        Fault("over_capacity", vacancy=key)
        for key, used, places in zip(keys, taken, openings, strict=True)
        if used > places
    ]
    return faults + [
        Fault("price", vacancy=key)
        for key, price in zip(keys, answer.prices.tolist(), strict=True)
        if price < 0
    ]


class _Rows:
    """One worker against all vacancies."""

    def __init__(self, problem: Problem) -> None:
        self.workers, self.lines, self.weights = problem.workers, problem.vacancies, problem.weights
        self.seed = problem.seed
        self.born, self.starts = _eight_digits(self.workers.born_on), _eight_digits(self.lines.starts_on)
        self.row_of = {key: row for row, key in enumerate(self.lines.key.tolist())}
        self.declined, self.applied = _by_left(problem.declined), _by_left(problem.applied)
        self.links = _by_left(problem.links)

    def allowed(self, worker: int) -> NDArray[np.bool_]:
        people, lines = self.workers, self.lines
        age = (self.starts - self.born[worker]) // 10_000
        limits = {1: [lines.age_max_men_years], 2: [lines.age_max_women_years]}
        both = [lines.age_max_men_years, lines.age_max_women_years]
        sex = int(people.sex[worker])
        good = np.full(len(lines), bool(people.consents[worker]))
        good &= age >= lines.age_min_years
        for limit in limits.get(sex, both):
            good &= age <= limit
        good &= (lines.sex == 0) | (lines.sex == sex)
        good &= lines.capacity <= people.capacity[worker]
        good &= lines.education <= people.education[worker]
        good &= (lines.certificates | people.certificates[worker]) == people.certificates[worker]
        accepted = int(people.destinations[worker])
        good &= np.array([accepted >> region & 1 for region in range(64)], bool)[lines.region]
        if people.stays_in_county[worker]:
            good &= lines.county == people.county[worker]
        good &= people.wage_floor_yuan_per_month[worker] <= lines.wage_yuan_per_month
        good &= people.earliest_on[worker] <= lines.starts_on
        for key in self.declined.get(int(people.key[worker]), ()):
            if key in self.row_of:
                good[self.row_of[key]] = False
        return good

    def points(self, worker: int) -> NDArray[np.int64]:
        people, lines, weights = self.workers, self.lines, self.weights
        total = np.zeros(len(lines), np.int64)
        for key in self.applied.get(int(people.key[worker]), ()):
            if key in self.row_of:
                total[self.row_of[key]] += weights.applied
        over = (lines.wage_yuan_per_month - people.wage_floor_yuan_per_month[worker]) // 10
        total += np.minimum(np.maximum(over, 0), weights.wage)
        wish = np.zeros(len(lines), np.int64)
        for share, occupation in zip(
            (50, 75, 100), reversed(people.occupations[worker].tolist()), strict=True
        ):
            if occupation >= 0:
                wish[lines.occupation == occupation] = weights.occupation * share // 100
        total += wish
        total[(lines.skills & people.skills[worker]) > 0] += weights.skill
        total[lines.region == people.first_destination[worker]] += weights.destination
        if people.near_home[worker]:
            total += self._near(worker)
        helpful = list(self.links.get(int(people.village[worker]), ()))
        total[np.isin(lines.employer, helpful)] += weights.companions
        total[lines.lodging] += weights.lodging
        return total + self._lots(worker)

    def _near(self, worker: int) -> NDArray[np.int64]:
        people, lines = self.workers, self.lines
        flat = np.cos(np.radians(people.lat_degrees[worker]))
        east = (lines.lon_degrees - people.lon_degrees[worker]) * flat
        distance = np.hypot(east, lines.lat_degrees - people.lat_degrees[worker]) * 111.195
        most = self.weights.near_home
        rings = [most, most * 60 // 100, most * 30 // 100]
        return np.select([distance <= 50, distance <= 100, distance <= 200], rings, 0)

    def _lots(self, worker: int) -> NDArray[np.int64]:
        start = (int(self.workers.key[worker]) * 0x9E3779B97F4A7C15 + self.seed) & MASK
        mixed = np.uint64(start) ^ (self.lines.key.astype(np.uint64) * np.uint64(0xBF58476D1CE4E5B9))
        mixed = (mixed ^ mixed >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ mixed >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
        return (mixed % np.uint64(self.weights.lot + 1)).astype(np.int64)


def _eight_digits(days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Write days as numbers like 20200301: their difference, divided by 10,000, is the full years between."""
    return np.array([int(day.isoformat().replace("-", "")) for day in days.tolist()], np.int64)


def _by_left(pairs: NDArray[np.int64]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for left, right in pairs.tolist():
        found.setdefault(left, set()).add(right)
    return found
