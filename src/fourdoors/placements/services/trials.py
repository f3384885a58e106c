"""What if: the same people and posts planned twice, once with one thing changed; no offer is kept."""

from dataclasses import replace
from typing import Any

import numpy as np

from fourdoors.engines.matching.problem import UNPLACED
from fourdoors.placements.rules import Dial, Question
from fourdoors.placements.services.asking import NoSuchPostError, PlanFaultError
from fourdoors.placements.services.planning import Draft, drafted, faults_of
from fourdoors.placements.services.problems import Rows


def tried(rows: Rows, base: Draft, dial: Dial, question: Question) -> dict[str, Any]:
    """Return what would be different; both plans are looked at again before anything is said.

    Raises:
        NoSuchPostError: no open vacancy is what the question is about.
        PlanFaultError: one of the plans failed the second look.
    """
    line = _line(rows, base, question) if question.more else UNPLACED
    changed = _with_more(rows, line, question.more) if question.more else rows
    trial = drafted(changed, Dial(question.dial or dial))
    if faults := faults_of(base) + faults_of(trial):
        raise PlanFaultError(faults=faults)
    before, after = base.answer.assignment, trial.answer.assignment
    gain, lose = (before == UNPLACED) & (after != UNPLACED), (before != UNPLACED) & (after == UNPLACED)
    both = (before != UNPLACED) & (after != UNPLACED)
    return {
        "vacancy": rows.vacancies[line].pk if line != UNPLACED else 0,
        "before": _counts(rows, base),
        "after": _counts(rows, trial),
        "gain": [rows.workers[row].pk for row in np.flatnonzero(gain).tolist()],
        "lose": [rows.workers[row].pk for row in np.flatnonzero(lose).tolist()],
        "moved": int((both & (before != after)).sum()),
    }


def _line(rows: Rows, base: Draft, question: Question) -> int:
    """Return the vacancy that is asked about: the one named, or the one where an opening is worth most."""
    asked = [
        row
        for row, one in enumerate(rows.vacancies)
        if one.pk == question.vacancy
        or (
            not question.vacancy
            and one.occupation == question.occupation
            and (one.place or 0) // 10**10 == question.province // 10**10
        )
    ]
    if not asked:
        raise NoSuchPostError(occupation=question.occupation)
    return max(asked, key=lambda row: (int(base.answer.prices[row]), -row))


def _with_more(rows: Rows, line: int, more: int) -> Rows:
    openings = rows.problem.vacancies.openings.copy()
    openings[line] += more
    vacancies = replace(rows.problem.vacancies, openings=openings)
    return replace(rows, problem=replace(rows.problem, vacancies=vacancies))


def _counts(rows: Rows, draft: Draft) -> dict[str, Any]:
    counts = draft.answer.statistics
    by_tier = dict(zip(rows.problem.tiers, counts.placed_by_tier, strict=True))
    return {
        "placed": counts.placed,
        "by_tier": by_tier,
        "points": draft.answer.utility,
        "gap": draft.answer.gap,
    }
