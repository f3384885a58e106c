"""Why: for the placed, the unplaced, and the vacancies that stayed open; codes and numbers, no words."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.eligibility import (
    Eligibility,
    Rule,
    RuleCosts,
    costs_to_vacancies,
    costs_to_workers,
)
from fourdoors.engines.matching.problem import UNPLACED, Answer, Problem
from fourdoors.engines.matching.utility import TERMS, Utility

MOST_FACTS = 4
REST = "rest"  # the term that holds the points of all smaller ones


class Why(Enum):
    """Why a worker has no place, or a vacancy no worker."""

    NO_CONSENT = "no_consent"  # the worker did not agree to be matched
    NOTHING_FITS = "nothing_fits"  # every vacancy, or every worker left over, breaks a hard rule
    WANTED_BY_MORE = "wanted_by_more"  # more people could take the possible ones than there are openings
    NOBODY_LEFT = "nobody_left"  # every worker who agreed has a place


@dataclass(frozen=True)
class PointFact:
    """So many points for this term."""

    term: str  # a key of utility.TERMS, or REST
    points: int


@dataclass(frozen=True)
class RuleFact:
    """What one hard rule took away."""

    rule: Rule
    touched: int  # pairs that break it
    alone: int  # pairs that break nothing else


@dataclass(frozen=True)
class Price:
    """What one more opening of a vacancy would add: perhaps a person of ``tier`` placed, and points."""

    tier: str | None
    points: int


@dataclass(frozen=True)
class PlacedReason:
    """Why this worker got this vacancy; the points of the facts add up to ``score``."""

    worker: int  # row
    vacancy: int  # row
    score: int  # soft points
    price: Price  # how much the place is sought after
    facts: tuple[PointFact, ...]


@dataclass(frozen=True)
class UnplacedReason:
    """Why this worker got nothing."""

    worker: int
    why: Why
    possible: int  # vacancies that break no rule
    rules: tuple[RuleFact, ...]  # the dearest first, for NOTHING_FITS
    best: int = UNPLACED  # row of the possible vacancy with most points, for WANTED_BY_MORE
    best_score: int = 0
    best_openings: int = 0
    best_could_take: int = 0  # workers for whom it was possible
    best_price: Price | None = None


@dataclass(frozen=True)
class UnfilledReason:
    """Why openings of this vacancy stayed free."""

    vacancy: int
    why: Why
    free: int  # openings
    possible: int  # workers, placed or not, for whom it was possible
    left_over: int  # workers who agreed and have no place
    rules: tuple[RuleFact, ...]  # among those left over


def price_of(problem: Problem, price: int) -> Price:
    """Split a dual price into the person that one more opening would place and the soft points."""
    if problem.tier_points is not None:
        return Price(None, price)
    steps = (price + problem.place_points // 2) // problem.place_points
    points = price - steps * problem.place_points
    return Price(problem.tiers[len(problem.tiers) - steps] if steps else None, points)


def explain_placed(problem: Problem, answer: Answer) -> list[PlacedReason]:
    """Return the points of every placed worker, at most four facts each, in the order of rows."""
    workers = np.flatnonzero(answer.assignment != UNPLACED)
    vacancies = answer.assignment[workers]
    points = Utility(problem).terms(workers, vacancies)
    return [
        PlacedReason(
            worker=int(worker),
            vacancy=int(vacancy),
            score=int(row.sum()),
            price=price_of(problem, int(answer.prices[vacancy])),
            facts=point_facts(row),
        )
        for worker, vacancy, row in zip(workers, vacancies, points, strict=True)
    ]


def point_facts(points: NDArray[np.int32]) -> tuple[PointFact, ...]:
    """Return at most four facts, most points first, whose points add up to the whole row of terms."""
    named = [PointFact(term, int(number)) for term, number in zip(TERMS, points, strict=True) if number]
    named.sort(key=lambda fact: -fact.points)
    if len(named) <= MOST_FACTS:
        return tuple(named)
    rest = sum(fact.points for fact in named[MOST_FACTS - 1 :])
    return (*named[: MOST_FACTS - 1], PointFact(REST, rest))


def explain_unplaced(problem: Problem, answer: Answer) -> list[UnplacedReason]:
    """Return why each worker without a place has none, in the order of rows."""
    rows = np.flatnonzero(answer.assignment == UNPLACED)
    costs = costs_to_workers(problem, rows)
    could_take = costs_to_vacancies(problem).possible
    best, score = _best_possible(problem, rows)
    reasons = []
    for number, worker in enumerate(rows):
        possible = int(costs.possible[number])
        if not problem.workers.consents[worker]:
            reasons.append(UnplacedReason(int(worker), Why.NO_CONSENT, possible, ()))
        elif not possible:
            reasons.append(UnplacedReason(int(worker), Why.NOTHING_FITS, possible, rule_facts(costs, number)))
        else:
            line = int(best[number])
            reasons.append(
                UnplacedReason(
                    worker=int(worker),
                    why=Why.WANTED_BY_MORE,
                    possible=possible,
                    rules=(),
                    best=line,
                    best_score=int(score[number]),
                    best_openings=int(problem.vacancies.openings[line]),
                    best_could_take=int(could_take[line]),
                    best_price=price_of(problem, int(answer.prices[line])),
                )
            )
    return reasons


def rule_facts(costs: RuleCosts, row: int) -> tuple[RuleFact, ...]:
    """Return the four rules that cost most: first by what each alone keeps out, then by all it touches."""
    touched, alone = costs.touched[row], costs.alone[row]
    facts: Iterable[RuleFact] = (
        RuleFact(rule, int(touched[number]), int(alone[number]))
        for number, rule in enumerate(Rule)
        if touched[number]
    )
    return tuple(sorted(facts, key=lambda fact: (-fact.alone, -fact.touched))[:MOST_FACTS])


def explain_unfilled(problem: Problem, answer: Answer) -> list[UnfilledReason]:
    """Return for each vacancy with free openings which rules keep those out who are left over."""
    placed = answer.assignment[answer.assignment != UNPLACED]
    free = problem.vacancies.openings - np.bincount(placed, minlength=len(problem.vacancies))
    left_over = np.flatnonzero((answer.assignment == UNPLACED) & problem.workers.consents)
    costs = costs_to_vacancies(problem, left_over)
    possible = costs_to_vacancies(problem).possible
    return [
        UnfilledReason(
            vacancy=int(line),
            why=Why.NOTHING_FITS if len(left_over) else Why.NOBODY_LEFT,
            free=int(free[line]),
            possible=int(possible[line]),
            left_over=len(left_over),
            rules=rule_facts(costs, int(line)),
        )
        for line in np.flatnonzero(free > 0)
    ]


def _best_possible(problem: Problem, rows: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return for each worker the possible vacancy with most points, and the points."""
    best, score, utility, done = (
        np.zeros(len(rows), np.int64),
        np.zeros(len(rows), np.int32),
        Utility(problem),
        0,
    )
    if not len(problem.vacancies):
        return best, score
    for part, reasons in Eligibility(problem).blocks(rows):
        points = np.where(reasons == 0, utility.block(part), -1)
        best[done : done + len(part)] = points.argmax(axis=1)
        score[done : done + len(part)] = points.max(axis=1)
        done += len(part)
    return best, score
