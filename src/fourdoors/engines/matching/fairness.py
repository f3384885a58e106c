"""Whom a plan serves how well: envy, blocking pairs and waste for each worker, added up for any group.

Counted over all possible pairs, a block at a time, beside the solver: nothing here decides anything. The lot
is left out: nobody prefers a vacancy for a number that was drawn.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.eligibility import Eligibility
from fourdoors.engines.matching.problem import UNPLACED, Problem
from fourdoors.engines.matching.utility import Utility

Assignment = NDArray[np.int32]
NOTHING = -1  # points of having no place: any possible vacancy is better


@dataclass(frozen=True)
class Fairness:
    """One row for each worker.

    Attributes:
        placed: has a place.
        points: soft points of the place, without the lot; 0 for none.
        envious: would rather have a full vacancy that holds somebody of a later tier (justified envy).
        blocking: vacancies the worker would rather have, and that hold somebody of a later tier, or of the
            same tier with fewer points there: pairs that would both gain by breaking the plan.
        wasting: would rather have a vacancy with a free opening.
    """

    placed: NDArray[np.bool_]
    points: NDArray[np.int32]
    envious: NDArray[np.bool_]
    blocking: NDArray[np.int32]
    wasting: NDArray[np.bool_]


@dataclass(frozen=True)
class Group:
    """Workers of one group, added up."""

    code: int
    people: int
    placed: int
    mean_points: float  # of the placed; 0 where nobody is
    envious: int  # people
    blocking: int  # pairs
    wasting: int  # people

    @property
    def placed_share(self) -> float:
        """The share placed, in [0, 1]."""
        return self.placed / self.people if self.people else 0.0


def fairness_of(problem: Problem, assignment: Assignment) -> Fairness:
    """Compare every worker's place with every vacancy possible for that worker.

    Args:
        problem: the whole problem.
        assignment: per worker the row of the vacancy, or UNPLACED.
    """
    plain = replace(problem, weights=replace(problem.weights, lot=0))
    points = _points_held(plain, assignment)
    tier_held, points_held, has_free = _weakest(plain, assignment, points)
    size = len(problem.workers)
    envious, wasting = np.zeros(size, bool), np.zeros(size, bool)
    blocking = np.zeros(size, np.int32)
    for rows, worth in _worth(plain):
        better = worth > points[rows, None]
        tier = problem.workers.tier[rows, None]
        later = better & (tier_held > tier)
        envious[rows] = (later & ~has_free).any(axis=1)
        weaker = later | (better & (tier_held == tier) & (points_held < worth))
        blocking[rows] = (weaker & ~has_free).sum(axis=1)
        wasting[rows] = (better & has_free).any(axis=1)
    placed = assignment != UNPLACED
    return Fairness(placed, np.where(placed, points, 0).astype(np.int32), envious, blocking, wasting)


def by_group(fairness: Fairness, codes: NDArray[np.int64]) -> list[Group]:
    """Add the workers of each code up, in the order of codes.

    Args:
        fairness: of a plan.
        codes: one for each worker: a sex, a band of ages, a tier, a division.
    """
    groups, of = np.unique(codes, return_inverse=True)
    columns = (
        np.ones(len(codes)), fairness.placed, fairness.points, fairness.envious, fairness.blocking,
        fairness.wasting,
    )  # fmt: skip
    sums = [np.bincount(of, weights=column, minlength=len(groups)).astype(np.int64) for column in columns]
    return [
        Group(int(code), people, placed, points / placed if placed else 0.0, envious, blocking, wasting)
        for code, people, placed, points, envious, blocking, wasting in zip(
            groups, *(column.tolist() for column in sums), strict=True
        )
    ]


def _worth(problem: Problem) -> Iterator[tuple[NDArray[np.intp], NDArray[np.int32]]]:
    """Yield worker rows and their points with every vacancy, less than NOTHING where a rule is broken."""
    utility = Utility(problem)
    for rows, reasons in Eligibility(problem).blocks():
        yield rows, np.where(reasons == 0, utility.block(rows), np.int32(NOTHING - 1))


def _points_held(problem: Problem, assignment: Assignment) -> NDArray[np.int64]:
    points = np.full(len(assignment), NOTHING, np.int64)
    placed = np.flatnonzero(assignment != UNPLACED)
    points[placed] = Utility(problem).terms(placed, assignment[placed]).sum(axis=1)
    return points


def _weakest(
    problem: Problem, assignment: Assignment, points: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return for each vacancy the latest tier it holds, the fewest points of that tier, and free openings."""
    lines = len(problem.vacancies)
    placed = np.flatnonzero(assignment != UNPLACED)
    held, tiers = assignment[placed], problem.workers.tier[placed].astype(np.int64)
    latest = np.full(lines, -1, np.int64)
    np.maximum.at(latest, held, tiers)
    fewest = np.full(lines, np.iinfo(np.int64).max)
    of_latest = tiers == latest[held]
    np.minimum.at(fewest, held[of_latest], points[placed][of_latest])
    free = problem.vacancies.openings > np.bincount(held, minlength=lines)
    return latest, fewest, free
