"""What a plan leaves behind: the report of its round, an offer for each placed, a reason for each other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg.types.json import Jsonb

from fourdoors.engines.matching.assign import most_placeable
from fourdoors.engines.matching.explain import (
    PlacedReason,
    UnplacedReason,
    explain_placed,
    explain_unfilled,
    explain_unplaced,
)
from fourdoors.engines.matching.problem import Answer, answer_hash
from fourdoors.placements.models import Offer, Round, Unplaced
from fourdoors.placements.rules import OfferState, RoundState, offer_expires_on
from fourdoors.placements.services.problems import Rows
from fourdoors.recruitment.models import Vacancy
from fourdoors.store.copying import copy_rows


@dataclass(frozen=True)
class Plan:
    """A plan that was looked at again, with everything that is said of it: what is left is to write it."""

    rows: Rows
    answer: Answer
    report: Mapping[str, Any]
    placed: Sequence[PlacedReason]
    unplaced: Sequence[UnplacedReason]


def explained(rows: Rows, answer: Answer) -> Plan:
    """Return the plan with its reasons; long work, so nobody else waits for it."""
    return Plan(
        rows=rows,
        answer=answer,
        report=_report(rows, answer),
        placed=explain_placed(rows.problem, answer),
        unplaced=explain_unplaced(rows.problem, answer),
    )


def keep_plan(found: Round, plan: Plan, *, on: date) -> None:
    """Write the plan of a round that is locked: its figures, its offers, its reasons."""
    rows, answer = plan.rows, plan.answer
    counts = answer.statistics
    found.state = RoundState.READY
    found.workers, found.vacancies, found.openings = counts.workers, counts.vacancies, counts.openings
    found.offered, found.value, found.bound = counts.placed, answer.value, answer.bound
    found.answer_hash, found.report = answer_hash(rows.problem, answer), plan.report
    found.save()
    _keep_offers(found, plan, on)
    _keep_unplaced(found, plan)


def _report(rows: Rows, answer: Answer) -> dict[str, Any]:
    """Return what is printed beside the plan: the priority promise, fairness, what stayed open."""
    counts = answer.statistics
    placed = answer.assignment >= 0
    by_sex = {
        sex: [sum(1 for worker in rows.workers if worker.sex == sex),
              sum(1 for worker, has in zip(rows.workers, placed, strict=True) if has and worker.sex == sex)]
        for sex in sorted({worker.sex for worker in rows.workers})
    }  # fmt: skip
    tiers = rows.problem.tiers
    return {
        "gap": answer.gap,
        "placed_by_tier": dict(zip(tiers, counts.placed_by_tier, strict=True)),
        "workers_by_tier": {
            tier: int((rows.problem.workers.tier == number).sum()) for number, tier in enumerate(tiers)
        },
        "most_placeable_first_tier": most_placeable(rows.problem, tiers=1),
        "by_sex": by_sex,
        "without_feasible_vacancy": counts.workers_without_feasible_vacancy,
        "unfilled": [
            {
                "vacancy": int(rows.problem.vacancies.key[one.vacancy]),
                "free": one.free,
                "why": one.why.value,
                "rules": [[fact.rule.name, fact.alone, fact.touched] for fact in one.rules],
            }
            for one in explain_unfilled(rows.problem, answer)
        ],
    }


def _keep_offers(made: Round, plan: Plan, on: date) -> None:
    columns = (
        "round_id", "worker_id", "vacancy_id", "employer_id", "place", "shown_name", "identity_tail", "terms",
        "points", "reasons", "state", "expires_on", "village", "county", "answered_how", "decline_words",
    )  # fmt: skip
    expires_on = offer_expires_on(on)
    copy_rows(
        table=Offer._meta.db_table,
        columns=columns,
        rows=(_offer(made, plan.rows, reason, expires_on) for reason in plan.placed),
    )


def _offer(made: Round, rows: Rows, reason: PlacedReason, expires_on: date) -> tuple[Any, ...]:
    worker, vacancy = rows.workers[reason.worker], rows.vacancies[reason.vacancy]
    facts = [[fact.term, fact.points] for fact in reason.facts]
    why = {"score": reason.score, "facts": facts, "tier": reason.price.tier, "price": reason.price.points,
           "floor_yuan": int(rows.problem.workers.wage_floor_yuan_per_month[reason.worker])}  # fmt: skip
    return (
        made.pk, worker.pk, vacancy.pk, vacancy.employer_id, vacancy.place, worker.name, worker.identity_tail,
        Jsonb(terms_of(vacancy, made.starts_on)), reason.score, Jsonb(why), OfferState.MADE.value, expires_on,
        worker.village, worker.county, "", "",
    )  # fmt: skip


def terms_of(vacancy: Vacancy, starts_on: date) -> dict[str, Any]:
    """Return the terms of a vacancy as they are today: an offer keeps them whatever changes later."""
    first_day = max(vacancy.starts_on or starts_on, starts_on)
    return {
        "title": vacancy.title,
        "employer": vacancy.employer.name,
        "wage_low_yuan": vacancy.wage_low_yuan,
        "wage_high_yuan": vacancy.wage_high_yuan,
        "pay_basis": vacancy.pay_basis,
        "hours_per_week": vacancy.hours_per_week,
        "board": vacancy.board,
        "lodging": vacancy.lodging,
        "insurance": vacancy.insurance,
        "starts_on": first_day.isoformat(),
        "fee_yuan": 0,
    }


def _keep_unplaced(made: Round, plan: Plan) -> None:
    copy_rows(
        table=Unplaced._meta.db_table,
        columns=("round_id", "worker_id", "reasons", "village", "county"),
        rows=_unplaced(made, plan.rows, plan.unplaced),
    )


def _unplaced(made: Round, rows: Rows, reasons: Sequence[UnplacedReason]) -> Iterator[tuple[Any, ...]]:
    for reason in reasons:
        worker = rows.workers[reason.worker]
        yield made.pk, worker.pk, Jsonb(_why_not(rows, reason)), worker.village, worker.county


def _why_not(rows: Rows, reason: UnplacedReason) -> Mapping[str, Any]:
    why: dict[str, Any] = {
        "why": reason.why.value,
        "possible": reason.possible,
        "rules": [[fact.rule.name, fact.alone, fact.touched] for fact in reason.rules],
    }
    if reason.best >= 0:
        best = rows.vacancies[reason.best]
        why |= {"best": best.pk, "title": best.title, "openings": reason.best_openings,
                "could_take": reason.best_could_take}  # fmt: skip
    return why
