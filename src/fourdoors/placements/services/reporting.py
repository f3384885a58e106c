"""What is printed beside a plan: the promise of priority, the plans beside it, whom it serves how well."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.assign import MOST_PAIRS, greedy, most_placeable
from fourdoors.engines.matching.eligibility import full_years
from fourdoors.engines.matching.explain import explain_unfilled
from fourdoors.engines.matching.fairness import Fairness, by_group, fairness_of
from fourdoors.engines.matching.problem import Answer, Problem
from fourdoors.placements.rules import AGE_BANDS, Dial
from fourdoors.placements.services.planning import Draft, in_stages
from fourdoors.placements.services.problems import Rows

MOST_COMPARED_PAIRS = 4_000_000  # beyond it only the plan itself is shown: others would cost as long again
QUEUE = "queue"  # tier by tier, each takes the best that is open: no plan at all


def report_on(rows: Rows, draft: Draft, dial: Dial) -> dict[str, Any]:
    """Return what is printed beside a plan."""
    answer, problem = draft.answer, rows.problem
    counts, tiers = answer.statistics, problem.tiers
    fairness = fairness_of(problem, answer.assignment)
    by_tier = by_group(fairness, problem.workers.tier.astype(np.int64))
    workers_by_tier = np.bincount(problem.workers.tier, minlength=len(tiers)).tolist()
    return {
        "gap": answer.gap,
        "placed_by_tier": dict(zip(tiers, counts.placed_by_tier, strict=True)),
        "workers_by_tier": dict(zip(tiers, workers_by_tier, strict=True)),
        "most_placeable_first_tier": _most_placeable(draft),
        "without_feasible_vacancy": counts.workers_without_feasible_vacancy,
        "fairness": {
            "tier": [_group(tiers[one.code], one) for one in by_tier],
            "sex": _groups(fairness, np.array([_sex(person.sex) for person in rows.workers], np.int64)),
            "age": _groups(fairness, _age_bands(rows)),
            "township": _groups(fairness, problem.workers.village // 1000 * 1000),
        },
        "plans": _plans(problem, draft, dial, fairness),
        "locks": {"kept": len(draft.held), "not_kept": [list(one) for one in draft.not_held]},
        "unfilled": _unfilled(problem, answer),
    }


_SEXES = ("", "female", "male")


def _sex(sex: str) -> int:
    return _SEXES.index(sex) if sex in _SEXES else 0


def _groups(fairness: Fairness, codes: NDArray[np.int64]) -> list[dict[str, Any]]:
    return [_group(one.code, one) for one in by_group(fairness, codes)]


def _group(name: int | str, one: Any) -> dict[str, Any]:
    return {
        "group": name,
        "people": one.people,
        "placed": one.placed,
        "points": round(one.mean_points, 1),
        "envious": one.envious,
        "blocking": one.blocking,
        "wasting": one.wasting,
    }


def _age_bands(rows: Rows) -> NDArray[np.int64]:
    workers = rows.problem.workers
    first_day = np.full(len(workers), np.datetime64(rows.starts_on), "datetime64[D]")
    return np.digitize(full_years(workers.born_on, first_day), AGE_BANDS).astype(np.int64)


def _most_placeable(draft: Draft) -> int:
    """Return how many of the first tier could be placed at most, beside the pairs that are held together.

    Beyond what the exact solver holds it is what the auction placed: its prices prove that no plan has more.
    """
    held = sum(1 for worker, _ in draft.held if draft.problem.workers.tier[worker] == 0)
    first = draft.stages[0]
    if len(first.problem.workers) * len(first.problem.vacancies) > MOST_PAIRS:
        return first.answer.statistics.placed_by_tier[0] + held
    return most_placeable(first.problem, tiers=1) + held


def _plans(problem: Problem, draft: Draft, dial: Dial, fairness: Fairness) -> list[dict[str, Any]]:
    """Return the table of plans, this one first: what other policies would have done with the same rows."""
    plans = [_plan(dial.value, problem, draft.answer, fairness)]
    if len(problem.workers) * len(problem.vacancies) > MOST_COMPARED_PAIRS:
        return plans
    others = {
        other.value: in_stages(problem, other, draft.held).answer for other in Dial if other is not dial
    }
    others[QUEUE] = greedy(problem)
    for name, answer in others.items():
        plans.append(_plan(name, problem, answer, fairness_of(problem, answer.assignment)))
    return plans


def _plan(name: str, problem: Problem, answer: Answer, fairness: Fairness) -> dict[str, Any]:
    groups = {
        problem.tiers[one.code]: one for one in by_group(fairness, problem.workers.tier.astype(np.int64))
    }
    return {
        "plan": name,
        "placed": answer.statistics.placed,
        "placed_by_tier": {tier: one.placed for tier, one in groups.items()},
        "points_by_tier": {tier: round(one.mean_points, 1) for tier, one in groups.items()},
        "envious": int(fairness.envious.sum()),
        "blocking": int(fairness.blocking.sum()),
    }


def _unfilled(problem: Problem, answer: Answer) -> list[Mapping[str, Any]]:
    return [
        {
            "vacancy": int(problem.vacancies.key[one.vacancy]),
            "free": one.free,
            "why": one.why.value,
            "rules": [[fact.rule.name, fact.alone, fact.touched] for fact in one.rules],
        }
        for one in explain_unfilled(problem, answer)
    ]
