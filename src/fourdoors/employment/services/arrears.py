"""Wages owed (欠薪): reported with a day by which it must be dealt with, and settled."""

from datetime import datetime
from typing import ClassVar

from django.db import transaction
from django.utils import timezone

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.employment.models import ArrearsCase, Spell
from fourdoors.employment.rules import arrears_due_on, law_of_arrears
from fourdoors.kernel.errors import RuleError


class AmountOwedError(RuleError):
    """Owed is more than nothing, and recovered is at most what is owed."""

    code: ClassVar[str] = "amount_owed"


class AlreadySettledError(RuleError):
    """The case is closed."""

    code: ClassVar[str] = "already_settled"


@transaction.atomic
def report_arrears(*, spell: Spell, fen_owed: int, at: datetime, by: Officer | None) -> ArrearsCase:
    """Report unpaid wages to the inspection of the work place (线索转送用工地劳动监察).

    Args:
        spell: the work that was not paid, open or over.
        fen_owed: what is owed by the worker's word.
        at: the moment of the report: the clock of the inspection runs from its day.
        by: who wrote it down.

    Raises:
        AmountOwedError: nothing is owed.
    """
    if fen_owed <= 0:
        raise AmountOwedError(yuan=fen_owed // 100)
    reported_on = timezone.localdate(at)
    case = ArrearsCase.objects.create(
        village=spell.village,
        county=spell.county,
        spell=spell,
        worker_id=spell.worker_id,
        place=spell.place,
        fen_owed=fen_owed,
        reported_at=at,
        reported_by=by,
        due_on=arrears_due_on(reported_on),
    )
    record_deed(
        officer=by, action="employment.arrears_reported", at=at, county=case.county, object_id=case.pk,
        spell=spell.pk, fen_owed=fen_owed, due_on=case.due_on, law=law_of_arrears(reported_on).value,
    )  # fmt: skip
    return case


@transaction.atomic
def settle_arrears(*, case: ArrearsCase, fen_recovered: int, at: datetime, by: Officer | None) -> ArrearsCase:
    """Close a case with what was recovered (办结).

    Raises:
        AlreadySettledError: it is closed.
        AmountOwedError: more than was owed, or less than nothing.
    """
    case = ArrearsCase.objects.select_for_update().get(pk=case.pk)
    if case.settled_at:
        raise AlreadySettledError(settled_on=timezone.localdate(case.settled_at))
    if not 0 <= fen_recovered <= case.fen_owed:
        raise AmountOwedError(yuan=fen_recovered // 100)
    case.fen_recovered, case.settled_at = fen_recovered, at
    case.save(update_fields=["fen_recovered", "settled_at"])
    record_deed(
        officer=by, action="employment.arrears_settled", at=at, county=case.county, object_id=case.pk,
        fen_owed=case.fen_owed, fen_recovered=fen_recovered,
    )  # fmt: skip
    return case
