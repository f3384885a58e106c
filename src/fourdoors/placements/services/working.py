"""A round is worked on: rows read, plan made, looked at again, kept; each step where others can see it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import Now

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.engines.matching.auction.index import TooWideError
from fourdoors.kernel.divisions import county_of
from fourdoors.placements.models import Offer, Round
from fourdoors.placements.rules import (
    MOST_ATTEMPTS,
    MOST_ROUND_PAIRS,
    OfferState,
    Phase,
    Policy,
    Question,
    RoundState,
    may_become,
)
from fourdoors.placements.selectors import wishes_of_willing
from fourdoors.placements.services.asking import (
    ANY_COUNTY,
    NobodyToMatchError,
    PlanFaultError,
    RoundCancelledError,
    RoundStuckError,
    RoundTooLargeError,
    new_round,
    sharing,
    wait_for,
)
from fourdoors.placements.services.keeping import Plan, explained, keep_plan
from fourdoors.placements.services.offers import expire_offers
from fourdoors.placements.services.planning import Draft, drafted, faults_of
from fourdoors.placements.services.problems import Rows, gather, held_openings
from fourdoors.placements.services.rounds import set_aside_round
from fourdoors.placements.services.trials import tried

Within = Callable[[], AbstractContextManager[Any]]  # a transaction with the scope of the county


@transaction.atomic
def run_round(
    *,
    division: int,
    starts_on: date,
    by: Officer,
    at: datetime,
    seed: int = 0,
    policy: Policy | None = None,
    most_pairs: int = MOST_ROUND_PAIRS,
) -> Round:
    """Ask for a round and work on it at once, in one transaction: a refusal leaves nothing behind.

    Args:
        division: 12-digit code, a county or a township of it.
        starts_on: first day of work that is planned for.
        by: the officer who runs it; another one publishes.
        at: the moment; vacancies must be alive on its day.
        seed: draws the lots between equals.
        policy: weights; the defaults of ``Policy`` where not given.
        most_pairs: workers times vacancies that one round may hold.

    Raises:
        RoundUnderWayError: a round that shares workers with it waits in the queue.
        NobodyToMatchError: nobody agreed to be matched, or nothing is open.
        RoundTooLargeError: more pairs than ``most_pairs``, or wages too large for the auction.
        PlanFaultError: the plan failed the second look.
    """
    asked = new_round(division=division, starts_on=starts_on, by=by, at=at, seed=seed, policy=policy)
    return work_round(round_id=asked.pk, at=at, most_pairs=most_pairs)


def work_round(
    *, round_id: int, at: datetime, within: Within = transaction.atomic, most_pairs: int = MOST_ROUND_PAIRS
) -> Round:
    """Match the workers of a round to what is open, and keep every reason.

    Reading, planning and checking write nothing but how far they are, so a worker that is killed leaves
    nothing half done: the next one begins anew. The plan is proved and looked at again by other code before
    a row is kept; offers are seen by nobody until the round is published. What is read is as it will be once
    offers that nobody answered in time have ended and rounds that share workers with this one, and were not
    published, are set aside; both happen when the plan is kept. Counties share what is open: plans are kept
    one after the other, and where openings were taken or wishes withdrawn in the meantime, the plan is made
    anew.

    Args:
        round_id: a round that waits; one that has ended is left as it is.
        at: the moment; vacancies must be alive on its day.
        within: opens a transaction that sees the whole county, once a step.
        most_pairs: workers times vacancies that one round may hold.

    Raises:
        NobodyToMatchError: nobody agreed to be matched, or nothing is open.
        RoundTooLargeError: more pairs than ``most_pairs``, or wages too large for the auction.
        PlanFaultError: the plan failed the second look.
        RoundCancelledError: an officer cancelled it.
        RoundStuckError: it was begun too often.
    """
    with within():
        found = _begin(round_id)
    if found.state != RoundState.RUNNING:
        return found
    with within():
        rows = _read(found, at)
        _not_too_much(rows, most_pairs)
    with within():
        _enter(found, Phase.PLANNING, rows)
    draft = _drafted(found, rows)
    with within():
        _enter(found, Phase.CHECKING, rows)
    if found.question:
        report = tried(rows, draft, Policy.of(found.policy).dial, Question(**found.question))
        with within():
            return _keep_trial(found, rows, report)
    plan = _checked(found, rows, draft)
    with within():
        _enter(found, Phase.KEEPING, rows)
    with within():
        return _keep(found, plan, at, most_pairs)


def _begin(round_id: int) -> Round:
    found = Round.objects.select_for_update().get(pk=round_id)
    if not may_become(RoundState(found.state), RoundState.RUNNING):
        return found
    if found.attempts >= MOST_ATTEMPTS:
        raise RoundStuckError(round=found.pk, attempts=found.attempts)
    found.state, found.phase, found.seconds = RoundState.RUNNING, Phase.READING, {}
    found.attempts += 1
    found.save(update_fields=["state", "phase", "seconds", "attempts"])
    Round.objects.filter(pk=found.pk).update(begun_at=Now(), phase_at=Now())
    return found


def _enter(found: Round, phase: Phase, rows: Rows) -> None:
    """Say which step begins, unless somebody cancelled the round."""
    lasted = ExpressionWrapper(Now() - F("phase_at"), output_field=DurationField())
    before = Round.objects.annotate(lasted=lasted).select_for_update().get(pk=found.pk)
    if before.state != RoundState.RUNNING:
        raise RoundCancelledError(round=found.pk)
    openings = int(rows.problem.vacancies.openings.sum())
    Round.objects.filter(pk=found.pk).update(
        phase=phase,
        phase_at=Now(),
        seconds={**before.seconds, before.phase: round(before.lasted.total_seconds(), 2)},
        workers=len(rows.workers),
        vacancies=len(rows.vacancies),
        openings=openings,
    )


def _read(found: Round, at: datetime) -> Rows:
    """Read as if everything in the way were gone already; the savepoint takes that back."""
    with transaction.atomic():
        in_the_way = Q(round__in=_earlier(found.division)) | Q(expires_on__lte=at.date())
        Offer.objects.filter(in_the_way, state=OfferState.MADE).update(state=OfferState.OBSOLETE)
        rows = _gathered(found, at)
        transaction.set_rollback(True)
    return rows


def _earlier(division: int) -> Any:
    return Round.objects.filter(sharing(division), state=RoundState.READY)


def _gathered(found: Round, at: datetime) -> Rows:
    policy = Policy.of(found.policy)
    return gather(
        division=found.division, starts_on=found.starts_on, on=at.date(), seed=found.seed, policy=policy
    )


def _not_too_much(rows: Rows, most_pairs: int) -> None:
    people, lines = len(rows.workers), len(rows.vacancies)
    if not people or not lines:
        raise NobodyToMatchError(workers=people, vacancies=lines)
    if people * lines > most_pairs:
        raise RoundTooLargeError(workers=people, vacancies=lines)


def _drafted(found: Round, rows: Rows) -> Draft:
    try:
        return drafted(rows, Policy.of(found.policy).dial)
    except TooWideError as wide:
        raise RoundTooLargeError(workers=len(rows.workers), vacancies=len(rows.vacancies)) from wide


def _checked(found: Round, rows: Rows, draft: Draft) -> Plan:
    if faults := faults_of(draft):
        raise PlanFaultError(faults=faults)
    return explained(rows, draft, Policy.of(found.policy).dial)


def _keep(found: Round, plan: Plan, at: datetime, most_pairs: int) -> Round:
    wait_for(county_of(found.division))
    wait_for(ANY_COUNTY)
    found = Round.objects.select_for_update().get(pk=found.pk)
    if found.state != RoundState.RUNNING:
        raise RoundCancelledError(round=found.pk)
    in_the_way = _earlier(found.division).select_for_update().order_by("pk")  # all rows before any deed
    for earlier in list(in_the_way):
        set_aside_round(round_id=earlier.pk, by=found.run_by, at=at)
    expire_offers(on=at.date(), at=at)
    if _moved(found, plan.rows):
        rows = _gathered(found, at)
        _not_too_much(rows, most_pairs)
        plan = _checked(found, rows, _drafted(found, rows))
    keep_plan(found, plan, on=at.date())
    record_deed(
        officer=found.run_by,
        action="placements.round_run",
        at=at,
        county=county_of(found.division),
        object_id=found.pk,
        offered=found.offered,
        hash=found.answer_hash,
    )
    return found


def _keep_trial(found: Round, rows: Rows, report: dict[str, Any]) -> Round:
    _enter(found, Phase.KEEPING, rows)
    found = Round.objects.select_for_update().get(pk=found.pk)
    found.state, found.report, found.offered = RoundState.TRIED, report, report["before"]["placed"]
    found.save(update_fields=["state", "report", "offered"])
    return found


def _moved(found: Round, rows: Rows) -> bool:
    """Tell whether openings were taken, or somebody came or went, since the rows were read."""
    willing = wishes_of_willing(division=found.division).values_list("pk", flat=True)
    return held_openings(rows.vacancies) != rows.held or set(willing) != rows.wishes
