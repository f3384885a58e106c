"""From a problem to a plan: pairs an officer holds together first, then tiers in the order of the policy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.backends import choose
from fourdoors.engines.matching.eligibility import Eligibility, Rule
from fourdoors.engines.matching.problem import UNPLACED, Answer, Problem
from fourdoors.engines.matching.utility import Utility
from fourdoors.engines.matching.verify import verify
from fourdoors.placements.rules import ORDERS, Dial
from fourdoors.placements.services.problems import Held, Rows

FULL, TAKES_NO_PART, NOT_OPEN = "full", "takes_no_part", "not_open"


@dataclass(frozen=True)
class Stage:
    """Tiers that are planned together, and what came of it."""

    rows: NDArray[Any]  # of workers, in the whole problem
    problem: Problem
    answer: Answer


@dataclass(frozen=True)
class Draft:
    """A plan that nobody has looked at again yet.

    ``answer`` speaks of the whole problem; its value and bound are the sums over the stages and the pairs
    held together: no plan that keeps those pairs and that order has more.
    """

    problem: Problem
    answer: Answer
    stages: Sequence[Stage]
    held: Sequence[tuple[int, int]]  # rows of worker and vacancy
    not_held: Sequence[tuple[int, str]]  # override, why: FULL, TAKES_NO_PART, NOT_OPEN or a rule's name


def drafted(rows: Rows, dial: Dial) -> Draft:
    """Return the plan of a round by its policy."""
    held, not_held = _pairs_to_hold(rows)
    return replace(in_stages(rows.problem, dial, held), not_held=not_held)


def in_stages(problem: Problem, dial: Dial, held: Sequence[tuple[int, int]] = ()) -> Draft:
    """Plan the tiers in the order of a policy, after the pairs that are held together.

    A pair held together takes its opening before anybody is planned. Every stage is a problem of its own
    with the openings that are left; the points of tiers are those of the whole problem, so that values and
    prices of the stages speak of the same thing.
    """
    assignment = np.full(len(problem.workers), UNPLACED, np.int32)
    free = problem.vacancies.openings.copy()
    for worker, line in held:
        assignment[worker], free[line] = line, free[line] - 1
    stages = []
    for tiers in ORDERS[dial]:
        stage = _stage(problem, np.isin(problem.workers.tier, tiers) & (assignment == UNPLACED), free)
        assignment[stage.rows] = stage.answer.assignment
        placed = stage.answer.assignment[stage.answer.assignment != UNPLACED]
        free = free - np.bincount(placed, minlength=len(free)).astype(free.dtype)
        stages.append(stage)
    if len(stages) == 1 and not held:
        return Draft(problem, stages[0].answer, stages, (), ())
    return Draft(problem, _joined(problem, assignment, stages, held), stages, tuple(held), ())


def _stage(problem: Problem, here: NDArray[np.bool_], free: NDArray[Any]) -> Stage:
    rows = np.flatnonzero(here)
    if len(rows) == len(problem.workers) and (free == problem.vacancies.openings).all():
        return Stage(rows, problem, choose(problem).solve(problem))
    part = replace(
        problem,
        workers=problem.workers.at(rows),
        vacancies=replace(problem.vacancies, openings=free),
        tier_points=tuple(int(points) for points in problem.points_by_tier),
    )
    return Stage(rows, part, choose(part).solve(part))


def _joined(
    problem: Problem, assignment: NDArray[np.int32], stages: Sequence[Stage], held: Sequence[tuple[int, int]]
) -> Answer:
    pairs = np.array(held, np.int64).reshape(-1, 2)
    soft = int(Utility(problem).terms(pairs[:, 0], pairs[:, 1]).sum()) if len(pairs) else 0
    of_tiers = int(problem.points_by_tier[problem.workers.tier[pairs[:, 0]]].sum())
    placed = np.flatnonzero(assignment != UNPLACED)
    answers = [stage.answer for stage in stages]
    taken = np.bincount(assignment[placed], minlength=len(problem.vacancies))
    openings = problem.vacancies.openings
    by_tier = np.bincount(problem.workers.tier[placed], minlength=len(problem.tiers))
    counts = replace(
        answers[-1].statistics,
        workers=len(problem.workers),
        consenting=int(problem.workers.consents.sum()),
        placed=len(placed),
        placed_by_tier=tuple(int(number) for number in by_tier),
        openings=int(openings.sum()),
        filled_vacancies=int(((openings > 0) & (taken == openings)).sum()),
        feasible_pairs=_added(answer.statistics.feasible_pairs for answer in answers),
        workers_without_feasible_vacancy=sum(
            answer.statistics.workers_without_feasible_vacancy for answer in answers
        ),
    )
    return replace(
        answers[-1],
        assignment=assignment,
        prices=np.maximum.reduce([answer.prices for answer in answers]),
        value=sum(answer.value for answer in answers) + of_tiers + soft,
        utility=sum(answer.utility for answer in answers) + soft,
        bound=sum(answer.bound for answer in answers) + of_tiers + soft,
        statistics=counts,
    )


def _added(numbers: Iterable[int | None]) -> int | None:
    """Return the sum, None where a solver did not count."""
    counted = list(numbers)
    return None if None in counted else sum(number or 0 for number in counted)


def faults_of(draft: Draft) -> int:
    """Look at a plan again by second code: each stage whole, and each pair held by the hard rules."""
    found = sum(len(verify(stage.problem, stage.answer).faults) for stage in draft.stages)
    chosen, problem = draft.answer.assignment, draft.problem
    taken = np.bincount(chosen[chosen != UNPLACED], minlength=len(problem.vacancies))
    found += int((taken > problem.vacancies.openings).sum())
    return found + sum(1 for pair in draft.held if rules_broken(problem, *pair))


def rules_broken(problem: Problem, worker: int, line: int) -> list[Rule]:
    """Return the hard rules that one pair breaks."""
    broken = int(Eligibility(problem).reasons(np.array([worker]))[0, line])
    return [rule for rule in Rule if broken & rule]


def _pairs_to_hold(rows: Rows) -> tuple[list[tuple[int, int]], list[tuple[int, str]]]:
    """Return the pairs that can be held together, the oldest word first, and why the others cannot."""
    people = {person.pk: row for row, person in enumerate(rows.workers)}
    lines = {vacancy.pk: row for row, vacancy in enumerate(rows.vacancies)}
    free, held, not_held = rows.problem.vacancies.openings.copy(), [], []
    for word in rows.held_together:
        if why := _why_not(rows.problem, word, people, lines, free):
            not_held.append((word.override, why))
        else:
            held.append((people[word.worker], lines[word.vacancy]))
            free[lines[word.vacancy]] -= 1
    return held, not_held


def _why_not(
    problem: Problem, word: Held, people: dict[int, int], lines: dict[int, int], free: NDArray[Any]
) -> str:
    if word.worker not in people:
        return TAKES_NO_PART
    if word.vacancy not in lines:
        return NOT_OPEN
    worker, line = people[word.worker], lines[word.vacancy]
    if broken := rules_broken(problem, worker, line):
        return str(broken[0].name)
    return "" if free[line] else FULL
