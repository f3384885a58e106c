"""What a plan leaves behind: the report of its round, an offer for each placed, a reason for each other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from psycopg.types.json import Jsonb

from fourdoors.engines.matching.explain import (
    PlacedReason,
    UnplacedReason,
    explain_placed,
    explain_unplaced,
    price_of,
)
from fourdoors.engines.matching.problem import UNPLACED, answer_hash
from fourdoors.placements.models import Line, Offer, Round, Unplaced
from fourdoors.placements.rules import ENGINES, Dial, OfferState, RoundState, offer_expires_on
from fourdoors.placements.services.changes import keep_changes
from fourdoors.placements.services.planning import Draft
from fourdoors.placements.services.problems import Rows
from fourdoors.placements.services.reporting import report_on
from fourdoors.recruitment.models import Vacancy
from fourdoors.store.copying import copy_rows


@dataclass(frozen=True)
class Plan:
    """A plan that was looked at again, with everything that is said of it: what is left is to write it."""

    rows: Rows
    draft: Draft
    report: Mapping[str, Any]
    placed: Sequence[PlacedReason]
    unplaced: Sequence[UnplacedReason]


def explained(rows: Rows, draft: Draft, dial: Dial) -> Plan:
    """Return the plan with its reasons; long work, so nobody else waits for it."""
    answer = draft.answer
    return Plan(
        rows=rows,
        draft=draft,
        report=report_on(rows, draft, dial),
        placed=explain_placed(rows.problem, answer),
        unplaced=explain_unplaced(rows.problem, answer),
    )


def keep_plan(found: Round, plan: Plan, *, on: date) -> None:
    """Write the plan of a round that is locked: its figures, its offers, its reasons."""
    rows, answer = plan.rows, plan.draft.answer
    counts = answer.statistics
    found.state = RoundState.READY
    found.workers, found.vacancies, found.openings = counts.workers, counts.vacancies, counts.openings
    found.engine = ENGINES[answer.method]
    found.offered, found.value, found.bound = counts.placed, answer.value, answer.bound
    found.answer_hash = answer_hash(rows.problem, answer)
    found.report = {**plan.report, "changes": keep_changes(found, rows, plan.draft)}
    found.save()
    _keep_lines(found, plan)
    _keep_offers(found, plan, on)
    _keep_unplaced(found, plan)


def _keep_lines(made: Round, plan: Plan) -> None:
    """Keep the price of every vacancy: what one more opening would add, by which a freed place is filled."""
    problem, answer = plan.rows.problem, plan.draft.answer
    placed = answer.assignment[answer.assignment != UNPLACED]
    offered = np.bincount(placed, minlength=len(problem.vacancies)).tolist()
    prices = [price_of(problem, price) for price in answer.prices.tolist()]
    openings = problem.vacancies.openings.tolist()
    Line.objects.bulk_create(
        Line(
            round=made,
            vacancy=vacancy,
            openings=free,
            offered=count,
            tier=price.tier or "",
            points=price.points,
        )
        for vacancy, free, count, price in zip(plan.rows.vacancies, openings, offered, prices, strict=True)
    )


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
