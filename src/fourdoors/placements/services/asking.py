"""A round is asked for, cancelled, or comes to nothing; the queue does the work in between."""

from datetime import date, datetime
from typing import ClassVar

from django.db import connection, transaction
from django.db.models import Q

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.divisions import Level, ancestor_of, county_of, range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.placements.models import Round
from fourdoors.placements.rules import ENGINE, UNDER_WAY, Policy, Question, RoundState, may_become

ROUND_LOCK = 40  # first half of the advisory lock; the second is the county
ANY_COUNTY = 0  # the second half while a plan is kept: vacancies are the whole province's


class RoundError(RuleError):
    """A round that must not be run or published."""


class NobodyToMatchError(RoundError):
    """Nobody of the division has agreed to be matched, or nothing is open."""

    code: ClassVar[str] = "nobody_to_match"


class RoundTooLargeError(RoundError):
    """More pairs of worker and vacancy than a round gives reasons for, or wages too large to plan."""

    code: ClassVar[str] = "round_too_large"


class PlanFaultError(RoundError):
    """The second look found the plan wrong: nothing is offered."""

    code: ClassVar[str] = "plan_fault"


class RoundUnderWayError(RoundError):
    """Another round of the same people is asked for or being matched."""

    code: ClassVar[str] = "round_under_way"


class RoundCancelledError(RoundError):
    """The round was cancelled while it was worked on: nothing of it is kept."""

    code: ClassVar[str] = "round_cancelled"


class RoundStuckError(RoundError):
    """Its worker was killed too often: it is not begun once more."""

    code: ClassVar[str] = "round_stuck"


class NoSuchPostError(RoundError):
    """No open vacancy is of the occupation and the province that a what-if names."""

    code: ClassVar[str] = "no_such_post"


class RoundOverError(RoundError):
    """The round is not waiting or being matched any longer: it cannot be cancelled."""

    code: ClassVar[str] = "round_over"


def wait_for(county: int) -> None:
    """Wait until nobody else asks for, or keeps, a round of a county, and let nobody until the end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ROUND_LOCK, county])


def sharing(division: int) -> Q:
    """Return the condition of rounds that share workers with a round of this division."""
    here, county = range_of(division), ancestor_of(division, Level.COUNTY)
    return Q(division__gte=here.lo, division__lt=here.hi) | Q(division=county)


@transaction.atomic
def ask_for_round(
    *, division: int, starts_on: date, by: Officer, at: datetime, seed: int = 0, policy: Policy | None = None
) -> Round:
    """Ask for a round; the matching itself comes after, in the queue. Nothing is read yet.

    Args:
        division: 12-digit code, a county or a township of it.
        starts_on: first day of work that is planned for.
        by: the officer who runs it; another one publishes.
        at: the moment; vacancies must be alive on its day.
        seed: draws the lots between equals.
        policy: weights; the defaults of ``Policy`` where not given.

    Raises:
        RoundUnderWayError: a round that shares workers with it waits or is being matched.
    """
    asked = new_round(division=division, starts_on=starts_on, by=by, at=at, seed=seed, policy=policy)
    _record(asked, "placements.round_asked", at, by)
    return asked


@transaction.atomic
def ask_what_if(*, division: int, starts_on: date, question: Question, by: Officer, at: datetime) -> Round:
    """Ask what would be with more openings, or by another policy; the queue finds out, and keeps no offer.

    Raises:
        RoundUnderWayError: another question about the same people is being looked into.
    """
    asked = new_round(division=division, starts_on=starts_on, by=by, at=at, question=question)
    _record(asked, "placements.what_if_asked", at, by)
    return asked


def new_round(
    *,
    division: int,
    starts_on: date,
    by: Officer,
    at: datetime,
    seed: int = 0,
    policy: Policy | None = None,
    question: Question | None = None,
) -> Round:
    """Make the row of a round, unless another of the same people is under way; nothing is recorded yet."""
    wait_for(county_of(division))
    alike = Round.objects.filter(sharing(division), state__in=UNDER_WAY)
    alike = alike.exclude(question={}) if question else alike.filter(question={})
    for other in alike.order_by("pk")[:1]:
        raise RoundUnderWayError(round=other.pk)
    return Round.objects.create(
        division=division,
        starts_on=starts_on,
        policy=(policy or Policy()).as_json(),
        engine=ENGINE,
        seed=seed,
        state=RoundState.ASKED,
        question=question.as_json() if question else {},
        run_by=by,
        run_at=at,
    )


@transaction.atomic
def cancel_round(*, round_id: int, by: Officer, at: datetime) -> None:
    """Cancel a round that waits or is being matched: its worker stops at the end of the step it is in.

    Raises:
        RoundOverError: it is ready, or has ended.
    """
    found = Round.objects.select_for_update().get(pk=round_id)
    if not may_become(RoundState(found.state), RoundState.CANCELLED):
        raise RoundOverError(round=found.pk)
    found.state = RoundState.CANCELLED
    found.save(update_fields=["state"])
    _record(found, "placements.round_cancelled", at, by)


@transaction.atomic
def fail_round(*, round_id: int, at: datetime, refusal: RuleError | None = None) -> None:
    """Say that a round came to nothing; what it had begun to write is undone.

    Args:
        round_id: a round that waits or is being matched; any other is left alone.
        at: the moment.
        refusal: what stopped it; None where the program failed.
    """
    found = Round.objects.select_for_update().get(pk=round_id)
    if may_become(RoundState(found.state), RoundState.FAILED):
        found.state = RoundState.FAILED
        found.failure = {"code": refusal.code, "values": refusal.values} if refusal else {}
        found.save(update_fields=["state", "failure"])
        _record(found, "placements.round_failed", at, None)


def _record(found: Round, action: str, at: datetime, by: Officer | None) -> None:
    record_deed(officer=by, action=action, at=at, county=county_of(found.division), object_id=found.pk)
