"""Rounds: match a division, keep the reasons, publish by a second officer."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, ClassVar

from django.db import connection, transaction
from django.db.models import Q
from psycopg.types.json import Jsonb

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.engines.matching.assign import MOST_PAIRS, assign, most_placeable
from fourdoors.engines.matching.explain import (
    PlacedReason,
    UnplacedReason,
    explain_placed,
    explain_unfilled,
    explain_unplaced,
)
from fourdoors.engines.matching.problem import Answer, answer_hash
from fourdoors.engines.matching.verify import verify
from fourdoors.kernel.divisions import Level, ancestor_of, county_of, range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.placements.models import Offer, Round, Unplaced
from fourdoors.placements.rules import ENGINE, OfferState, Policy, RoundState, offer_expires_on
from fourdoors.placements.services.offers import expire_offers
from fourdoors.placements.services.problems import Rows, gather, held_openings
from fourdoors.recruitment.models import Vacancy
from fourdoors.store.copying import copy_rows

ROUND_LOCK = 40  # first half of the advisory lock; the second is the county
_ANY_COUNTY = 0  # the second half while a plan is kept: vacancies are the whole province's


class RoundError(RuleError):
    """A round that must not be run or published."""


class NobodyToMatchError(RoundError):
    """Nobody of the division has agreed to be matched, or nothing is open."""

    code: ClassVar[str] = "nobody_to_match"


class RoundTooLargeError(RoundError):
    """More pairs of worker and vacancy than the exact solver holds in memory."""

    code: ClassVar[str] = "round_too_large"


class PlanFaultError(RoundError):
    """The second look found the plan wrong: nothing is offered."""

    code: ClassVar[str] = "plan_fault"


class RoundNotReadyError(RoundError):
    """The round is published or set aside already."""

    code: ClassVar[str] = "round_not_ready"


class OwnRoundError(RoundError):
    """Whoever ran a round cannot publish it."""

    code: ClassVar[str] = "round_own"


@transaction.atomic
def run_round(
    *,
    division: int,
    starts_on: date,
    by: Officer,
    at: datetime,
    seed: int = 0,
    policy: Policy | None = None,
    most_pairs: int = MOST_PAIRS,
) -> Round:
    """Match the workers of a division to what is open, and keep every reason.

    One round of a county runs at a time (an advisory lock until the transaction ends). The plan is exact
    and looked at again by other code before a row is written; offers are seen by nobody until the round is
    published. Before the rows are read, offers that nobody answered in time end, and rounds that share
    workers with this one and were not published are set aside with their offers: neither holds an opening
    any longer. Counties share what is open: plans are kept one after the other, and where another county's
    round took openings in the meantime the plan is made anew.

    Args:
        division: 12-digit code, a county or a township of it.
        starts_on: first day of work that is planned for.
        by: the officer who runs it; another one publishes.
        at: the moment; vacancies must be alive on its day.
        seed: draws the lots between equals.
        policy: weights; the defaults of ``Policy`` where not given.
        most_pairs: workers times vacancies that one round may hold.

    Raises:
        NobodyToMatchError: nobody agreed to be matched, or nothing is open.
        RoundTooLargeError: more pairs than ``most_pairs``.
        PlanFaultError: the plan failed the second look.
    """
    policy = policy or Policy()
    _wait_for(county_of(division))
    expire_offers(on=at.date(), at=at)
    here, county = range_of(division), ancestor_of(division, Level.COUNTY)
    shared = Q(division__gte=here.lo, division__lt=here.hi) | Q(division=county)
    for earlier in Round.objects.filter(shared, state=RoundState.READY):
        set_aside_round(round_id=earlier.pk, by=by, at=at)
    plan = partial(
        _plan, division=division, starts_on=starts_on, on=at.date(), seed=seed, policy=policy,
        most_pairs=most_pairs,
    )  # fmt: skip
    rows, answer = plan()
    _wait_for(_ANY_COUNTY)
    if held_openings(rows.vacancies) != rows.held:
        rows, answer = plan()
    made = _keep_round(rows, answer, division, starts_on, by, at, seed, policy)
    _keep_offers(made, rows, answer, at.date())
    _keep_unplaced(made, rows, answer)
    record_deed(
        officer=by,
        action="placements.round_run",
        at=at,
        county=county_of(division),
        object_id=made.pk,
        offered=made.offered,
        hash=made.answer_hash,
    )
    return made


def _wait_for(county: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ROUND_LOCK, county])


def _plan(
    *, division: int, starts_on: date, on: date, seed: int, policy: Policy, most_pairs: int
) -> tuple[Rows, Answer]:
    rows = gather(division=division, starts_on=starts_on, on=on, seed=seed, policy=policy)
    if not rows.workers or not rows.vacancies:
        raise NobodyToMatchError(workers=len(rows.workers), vacancies=len(rows.vacancies))
    if len(rows.workers) * len(rows.vacancies) > most_pairs:
        raise RoundTooLargeError(workers=len(rows.workers), vacancies=len(rows.vacancies))
    answer = assign(rows.problem)
    if faults := verify(rows.problem, answer).faults:
        raise PlanFaultError(faults=len(faults))
    return rows, answer


def _keep_round(
    rows: Rows,
    answer: Answer,
    division: int,
    starts_on: date,
    by: Officer,
    at: datetime,
    seed: int,
    policy: Policy,
) -> Round:
    counts = answer.statistics
    return Round.objects.create(
        division=division,
        starts_on=starts_on,
        policy=policy.as_json(),
        engine=ENGINE,
        seed=seed,
        state=RoundState.READY,
        workers=counts.workers,
        vacancies=counts.vacancies,
        openings=counts.openings,
        offered=counts.placed,
        value=answer.value,
        bound=answer.bound,
        answer_hash=answer_hash(rows.problem, answer),
        report=_report(rows, answer),
        run_by=by,
        run_at=at,
    )


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


def _keep_offers(made: Round, rows: Rows, answer: Answer, on: date) -> None:
    columns = (
        "round_id", "worker_id", "vacancy_id", "employer_id", "place", "shown_name", "identity_tail", "terms",
        "points", "reasons", "state", "expires_on", "village", "county", "answered_how", "decline_words",
    )  # fmt: skip
    expires_on = offer_expires_on(on)
    copy_rows(
        table=Offer._meta.db_table,
        columns=columns,
        rows=(_offer(made, rows, reason, expires_on) for reason in explain_placed(rows.problem, answer)),
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


def _keep_unplaced(made: Round, rows: Rows, answer: Answer) -> None:
    copy_rows(
        table=Unplaced._meta.db_table,
        columns=("round_id", "worker_id", "reasons", "village", "county"),
        rows=_unplaced(made, rows, explain_unplaced(rows.problem, answer)),
    )


def _unplaced(made: Round, rows: Rows, reasons: list[UnplacedReason]) -> Iterator[tuple[Any, ...]]:
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


@transaction.atomic
def publish_round(*, round_id: int, by: Officer, at: datetime) -> Round:
    """Show the offers of a round to the workers: a second officer's deed.

    Raises:
        RoundNotReadyError: it is published or set aside.
        OwnRoundError: ``by`` ran it.
    """
    found = Round.objects.select_for_update().get(pk=round_id)
    if found.state != RoundState.READY:
        raise RoundNotReadyError(round=found.pk)
    if found.run_by_id == by.pk:
        raise OwnRoundError(round=found.pk)
    found.state, found.published_by, found.published_at = RoundState.PUBLISHED, by, at
    found.save(update_fields=["state", "published_by", "published_at"])
    found.offers.update(expires_on=offer_expires_on(at.date()))
    record_deed(
        officer=by,
        action="placements.round_published",
        at=at,
        county=county_of(found.division),
        object_id=found.pk,
    )
    return found


@transaction.atomic
def set_aside_round(*, round_id: int, by: Officer, at: datetime) -> None:
    """Set a round aside that nobody has seen; its offers are obsolete.

    Raises:
        RoundNotReadyError: it is published or set aside already.
    """
    found = Round.objects.select_for_update().get(pk=round_id)
    if found.state != RoundState.READY:
        raise RoundNotReadyError(round=found.pk)
    found.state = RoundState.SET_ASIDE
    found.save(update_fields=["state"])
    found.offers.update(state=OfferState.OBSOLETE)
    record_deed(
        officer=by,
        action="placements.round_set_aside",
        at=at,
        county=county_of(found.division),
        object_id=found.pk,
    )
