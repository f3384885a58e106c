"""Pay, month by month, each record with its evidence (劳务收入); and the tickets of the way."""

from datetime import date, datetime
from typing import ClassVar

from django.db import transaction
from django.utils.timezone import localdate

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.employment.models import IncomeRecord, Spell, TravelCost
from fourdoors.employment.rules import TicketKind, may_replace
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.periods import Month


class IncomeError(RuleError):
    """Pay that cannot be recorded so."""


class IncomeNegativeError(IncomeError):
    """Pay is never negative; a ticket costs something."""

    code: ClassVar[str] = "income_negative"


class IncomeOutsideSpellError(IncomeError):
    """The worker did not work there in that month."""

    code: ClassVar[str] = "income_outside_spell"


class IncomeNotEarnedYetError(IncomeError):
    """The month has not begun yet."""

    code: ClassVar[str] = "income_not_earned_yet"


class IncomeBetterProvenError(IncomeError):
    """What is known of the month rests on evidence as good or better, and says otherwise."""

    code: ClassVar[str] = "income_better_proven"


@transaction.atomic
def record_income(
    *,
    spell: Spell,
    month: Month,
    fen: int,
    measured: bool,
    source: str,
    grade: Grade,
    at: datetime,
    by: Officer | None,
) -> IncomeRecord:
    """Record the gross pay of one month of a spell; better evidence takes the place of worse.

    The same record sent twice changes nothing. What stood there before stays in the history of the row.

    Args:
        spell: the work it was earned by.
        month: a month with at least one day of it.
        fen: gross pay earned in the month.
        measured: False where it was estimated as months times monthly pay.
        source: what says so (payroll, bank flow, the worker).
        grade: its evidence.
        at: the moment of the deed.
        by: the officer who records it.

    Raises:
        IncomeNegativeError: below nothing.
        IncomeOutsideSpellError: no day of the spell lies in the month.
        IncomeNotEarnedYetError: the month has not begun at ``at``.
        IncomeBetterProvenError: a record of the same or a better grade says otherwise; ``correct_income``
            is the deed for that.
    """
    _look_at(spell, month, fen)
    if month > Month.of(localdate(at)):
        raise IncomeNotEarnedYetError(month=month)
    held = _held(spell, month)
    if held is not None and (held.fen, held.grade) == (fen, grade.value):
        return held
    if held is not None and not may_replace(held=Grade(held.grade), offered=grade):
        raise IncomeBetterProvenError(month=month, grade=held.grade, yuan=held.fen / 100)
    record, _ = IncomeRecord.objects.update_or_create(
        spell=spell,
        month=month.first_on,
        defaults={
            "village": spell.village,
            "county": spell.county,
            "worker_id": spell.worker_id,
            "employer_id": spell.employer_id,
            "fen": fen,
            "measured": measured,
            "source": source,
            "grade": grade.value,
        },
    )
    record_deed(
        officer=by, action="employment.income_recorded", at=at, county=spell.county, object_id=record.pk,
        spell=spell.pk, month=str(month), fen=fen, grade=grade.value, fen_before=held and held.fen,
        grade_before=held and held.grade,
    )  # fmt: skip
    return record


@transaction.atomic
def correct_income(
    *, income: IncomeRecord, fen: int, source: str, at: datetime, by: Officer | None
) -> IncomeRecord:
    """Correct a month of pay by evidence of the same grade; the old amount stays in the history.

    Raises:
        IncomeNegativeError: below nothing.
    """
    if fen < 0:
        raise IncomeNegativeError(yuan=fen // 100)
    income = IncomeRecord.objects.select_for_update().get(pk=income.pk)
    before, income.fen, income.source = income.fen, fen, source
    income.save(update_fields=["fen", "source"])
    record_deed(
        officer=by, action="employment.income_corrected", at=at, county=income.county, object_id=income.pk,
        spell=income.spell_id, fen=fen, fen_before=before,
    )  # fmt: skip
    return income


@transaction.atomic
def record_travel_cost(
    *,
    spell: Spell,
    kind: TicketKind,
    fen: int,
    travelled_on: date,
    source: str,
    grade: Grade,
    at: datetime,
    by: Officer | None,
) -> TravelCost:
    """Record a ticket (交通票据); better evidence takes the place of worse, the same twice changes nothing.

    Raises:
        IncomeNegativeError: a ticket for nothing is no ticket.
        IncomeBetterProvenError: a ticket of the same or a better grade is held and says otherwise.
    """
    if fen <= 0:
        raise IncomeNegativeError(yuan=fen // 100)
    held = TravelCost.objects.select_for_update().filter(spell=spell, kind=kind.value).first()
    if held is not None and (held.fen, held.grade) == (fen, grade.value):
        return held
    if held is not None and not may_replace(held=Grade(held.grade), offered=grade):
        raise IncomeBetterProvenError(month=held.travelled_on, grade=held.grade, yuan=held.fen / 100)
    cost, _ = TravelCost.objects.update_or_create(
        spell=spell,
        kind=kind.value,
        defaults={
            "village": spell.village,
            "county": spell.county,
            "worker_id": spell.worker_id,
            "fen": fen,
            "travelled_on": travelled_on,
            "source": source,
            "grade": grade.value,
        },
    )
    record_deed(
        officer=by, action="employment.travel_cost_recorded", at=at, county=spell.county,
        object_id=cost.pk, spell=spell.pk, fen=fen, grade=grade.value,
    )  # fmt: skip
    return cost


def _look_at(spell: Spell, month: Month, fen: int) -> None:
    if fen < 0:
        raise IncomeNegativeError(yuan=fen // 100)
    last_month = Month.of(spell.ended_on) if spell.ended_on else month
    if not Month.of(spell.left_on) <= month <= last_month:
        raise IncomeOutsideSpellError(month=month, left_on=spell.left_on)


def _held(spell: Spell, month: Month) -> IncomeRecord | None:
    return IncomeRecord.objects.select_for_update().filter(spell=spell, month=month.first_on).first()
