"""Hard rules: which rule keeps which worker from which vacancy."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntFlag
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.pairs import PairSet
from fourdoors.engines.matching.problem import Problem, Sex, Vacancies, Workers

PAIRS_PER_BLOCK = 500_000

Mask = NDArray[np.bool_]


class Rule(IntFlag):
    """A reason why a pair is not possible; a pair may have several."""

    CONSENT = 1  # the worker did not agree to be matched in this round
    DECLINED = 2  # one side said no to this very pair
    AGE = 4  # under 16, or a limit with a legal basis
    SEX = 8  # a limit with a legal basis
    CAPACITY = 16
    EDUCATION = 32
    CERTIFICATE = 64
    DESTINATION = 128  # a region that the worker does not accept
    COUNTY = 256  # the worker cannot leave the county
    WAGE = 512  # under the worker's floor
    DAY = 1024  # begins before the worker can


def full_years(born_on: NDArray[np.datetime64], day: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Return the full years of age (周岁) on ``day``; a 29 February birth counts on 1 March."""
    born_year, born_rest = _year_and_rest(born_on)
    year, rest = _year_and_rest(day)
    return year - born_year - (rest < born_rest)


def _year_and_rest(days: NDArray[np.datetime64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    months = days.astype("datetime64[M]")
    number = months.astype(np.int64)
    day_of_month = (days - months.astype("datetime64[D]")).astype(np.int64)
    return number // 12, number % 12 * 32 + day_of_month


def _age(workers: Workers, lines: Vacancies) -> Mask:
    years = full_years(workers.born_on, lines.starts_on)
    men, women = lines.age_max_men_years, lines.age_max_women_years
    most = np.where(
        workers.sex == Sex.MALE, men, np.where(workers.sex == Sex.FEMALE, women, np.minimum(men, women))
    )
    return (years < lines.age_min_years) | (years > most)


RULES: dict[Rule, Callable[[Workers, Vacancies], Mask]] = {
    Rule.CONSENT: lambda worker, line: ~worker.consents | np.zeros_like(line.lodging),
    Rule.AGE: _age,
    Rule.SEX: lambda worker, line: (line.sex != Sex.ANY) & (line.sex != worker.sex),
    Rule.CAPACITY: lambda worker, line: worker.capacity < line.capacity,
    Rule.EDUCATION: lambda worker, line: worker.education < line.education,
    Rule.CERTIFICATE: lambda worker, line: (line.certificates & ~worker.certificates) != 0,
    Rule.DESTINATION: lambda worker, line: (
        (worker.destinations >> line.region.astype(np.uint64) & np.uint64(1)) == 0
    ),
    Rule.COUNTY: lambda worker, line: worker.stays_in_county & (worker.county != line.county),
    Rule.WAGE: lambda worker, line: line.wage_yuan_per_month < worker.wage_floor_yuan_per_month,
    Rule.DAY: lambda worker, line: line.starts_on < worker.earliest_on,
}


class Eligibility:
    """The hard rules of one problem, asked block by block."""

    def __init__(self, problem: Problem) -> None:
        self._workers = problem.workers
        self._vacancies = problem.vacancies
        self._declined = PairSet(problem.declined)

    def reasons(self, rows: Any) -> NDArray[np.uint16]:
        """Return the broken rules of ``rows`` of the workers with every vacancy.

        Args:
            rows: a slice or an array of worker rows.

        Returns:
            uint16, one row for each worker, one column for each vacancy; bits of :class:`Rule`, 0 where the
            pair is possible.
        """
        workers = self._workers.at(rows).at(np.s_[:, None])
        lines = self._vacancies.at(np.s_[None, :])
        declined = self._declined.holds(workers.key, lines.key)
        found = np.where(declined, np.uint16(Rule.DECLINED), np.uint16(0))
        for rule, breaks in RULES.items():
            found |= np.where(breaks(workers, lines), np.uint16(rule), np.uint16(0))
        return found

    def blocks(
        self, rows: NDArray[np.intp] | None = None
    ) -> Iterator[tuple[NDArray[np.intp], NDArray[np.uint16]]]:
        """Yield worker rows and their reasons, a bounded number of pairs at a time."""
        rows = np.arange(len(self._workers)) if rows is None else rows
        step = max(1, PAIRS_PER_BLOCK // max(1, len(self._vacancies)))
        for start in range(0, len(rows), step):
            part = rows[start : start + step]
            yield part, self.reasons(part)


@dataclass(frozen=True)
class RuleCosts:
    """What each rule took away: columns in the order of :class:`Rule`.

    ``touched`` counts the pairs that break the rule, perhaps with others; ``alone`` counts those that break
    no other rule, so that they would open if this one were met.
    """

    touched: NDArray[np.int32]
    alone: NDArray[np.int32]
    possible: NDArray[np.int32]  # pairs that break none


def costs_to_workers(problem: Problem, rows: NDArray[np.intp] | None = None) -> RuleCosts:
    """Count for each worker of ``rows`` (all of them when None) how many vacancies each rule cost."""
    parts = [_count(reasons, axis=1) for _, reasons in Eligibility(problem).blocks(rows)]
    return (
        RuleCosts(*(np.concatenate(column) for column in zip(*parts, strict=True))) if parts else _nothing()
    )


def costs_to_vacancies(problem: Problem, rows: NDArray[np.intp] | None = None) -> RuleCosts:
    """Count for each vacancy how many workers of ``rows`` (all of them when None) each rule cost."""
    size = len(problem.vacancies)
    totals = [np.zeros(shape, np.int32) for shape in ((size, len(Rule)), (size, len(Rule)), (size,))]
    for _, reasons in Eligibility(problem).blocks(rows):
        for number, part in enumerate(_count(reasons, axis=0)):
            totals[number] += part
    return RuleCosts(*totals)


def _count(reasons: NDArray[np.uint16], *, axis: int) -> tuple[NDArray[np.int32], ...]:
    touched = [((reasons & rule) != 0).sum(axis=axis, dtype=np.int32) for rule in Rule]
    alone = [(reasons == rule).sum(axis=axis, dtype=np.int32) for rule in Rule]
    possible = (reasons == 0).sum(axis=axis, dtype=np.int32)
    return np.stack(touched, axis=-1), np.stack(alone, axis=-1), possible


def _nothing() -> RuleCosts:
    empty = np.zeros((0, len(Rule)), np.int32)
    return RuleCosts(empty, empty, np.zeros(0, np.int32))
