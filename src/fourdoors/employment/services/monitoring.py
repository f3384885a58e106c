"""Monthly work monitoring (务工月监测) into spells and pay: one row says where a person works this month.

A handful of statements whatever the number of rows. What our own way or a ledger knows of the work is found
again, not opened twice; the month's pay is put beside it, graded as a cadre's word.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import ClassVar

from django.db import transaction
from django.utils import timezone

from fourdoors.accounts.models import Officer
from fourdoors.employment.models import FollowUp, IncomeRecord, Spell
from fourdoors.employment.rules import IncomeRow, SpellRow
from fourdoors.employment.services.incomes import IncomeBetterProvenError, IncomeNotEarnedYetError
from fourdoors.employment.services.ledger import (
    WorkerUnknownError,
    spells_of,
    stays_out,
    work_place_of,
    workers_of,
)
from fourdoors.employment.services.loading import load_incomes, load_spells
from fourdoors.employment.services.spells import (
    SpellEndsBeforeItBeginsError,
    SpellError,
    SpellOverlapError,
    end_spell,
)
from fourdoors.engines.sheets import FORMS
from fourdoors.intake.models import Import
from fourdoors.intake.rules import Outcome
from fourdoors.intake.services import MergeRow, RowOutcome, begin_merge, finish_merge, rows_to_merge
from fourdoors.kernel.divisions import Range, range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.periods import Month
from fourdoors.kernel.terms import Channel, EndReason
from fourdoors.store.vault import vault

_ONE_DAY = timedelta(days=1)


class WorkBeginsUnknownError(SpellError):
    """Nobody knows of this work yet, and the row does not say when it began or where it is."""

    code: ClassVar[str] = "monitor_begin_missing"


class PayNotStatedError(SpellError):
    """Nobody knows of this work yet, and the row says that its pay, employer or industry is not known."""

    code: ClassVar[str] = "monitor_not_stated"


class JourneyUnknownError(SpellError):
    """Carried point to point, says the row, but no trip and no ledger knows of the journey."""

    code: ClassVar[str] = "monitor_journey_unknown"


_COLUMNS = {
    WorkerUnknownError.code: "identity",
    SpellOverlapError.code: "left_on",
    SpellEndsBeforeItBeginsError.code: "returned_on",
    WorkBeginsUnknownError.code: "left_on",
    PayNotStatedError.code: "monthly_income",
    JourneyUnknownError.code: "point_to_point",
    IncomeBetterProvenError.code: "monthly_income",
    IncomeNotEarnedYetError.code: "month",
}


@dataclass
class _Merge:
    """What is known before the rows are looked at, and what will be written."""

    source: str
    on: date
    workers: dict[bytes, tuple[int, int]]
    spells: dict[int, list[Spell]]
    incomes: dict[tuple[int, date], IncomeRecord]
    fresh: list[tuple[MergeRow, SpellRow]] = field(default_factory=list)
    taken: dict[int, list[SpellRow]] = field(default_factory=lambda: defaultdict(list))
    pay: list[IncomeRow] = field(default_factory=list)
    better: list[IncomeRecord] = field(default_factory=list)
    ends: list[tuple[Spell, date]] = field(default_factory=list)
    outcomes: list[RowOutcome] = field(default_factory=list)


@transaction.atomic
def merge_monitoring(*, import_id: int, at: datetime, by: Officer | None = None) -> Import:
    """Merge the sound rows of a monthly monitoring (已外出务工信息).

    Work that is known at that place in that month is found again; else it is opened from the row's day of
    leaving, as self-arranged work. The pay stands for the month of the row, as a cadre's word: it takes the
    place of an older cadre's word, never of a document, a payroll or the worker's own word. A day of return
    ends the work.

    Args:
        import_id: an import of this form whose merging was asked for.
        at: the moment of the deed.
        by: the officer who answers for it.

    Returns:
        The import, merged, with its counts: new, changed, unchanged, faulty. Rows of unknown people, of work
        that nobody knows and that names no begin or place, and of work that overlaps stay out with a reason.

    Raises:
        NotNowError: nobody asked for its merging, or it is merged already.
    """
    batch = begin_merge(import_id=import_id, form=FORMS["work_monitor_out"].key)
    rows = list(rows_to_merge(batch))
    merge = _look_up(rows, f"import:{batch.pk}", timezone.localdate(at))
    for row in rows:
        try:
            _take(row, merge)
        except RuleError as refusal:
            merge.outcomes.append(stays_out(row, refusal, _COLUMNS.get(refusal.code, "work_county")))
    _write(merge, at, by)
    return finish_merge(batch=batch, outcomes=merge.outcomes, at=at, by=by)


def _look_up(rows: Sequence[MergeRow], source: str, on: date) -> _Merge:
    workers = workers_of(rows)
    spells = spells_of(pk for pk, _ in workers.values())
    months = {row.cells["month"] for row in rows}
    held = IncomeRecord.objects.filter(
        spell__in=[one.pk for found in spells.values() for one in found], month__in=months
    )
    return _Merge(source, on, workers, spells, {(one.spell_id, one.month): one for one in held})


def _take(row: MergeRow, merge: _Merge) -> None:
    found = merge.workers.get(vault().hash("identity", row.cells["identity"]))
    if found is None:
        raise WorkerUnknownError
    month = Month.of(date.fromisoformat(row.cells["month"]))
    if month > Month.of(merge.on):
        raise IncomeNotEarnedYetError(month=month)
    held = _known_work(row, merge.spells[found[0]], month)
    if held is None:
        _open(row, found, month, merge)
    else:
        _renew(row, held, month, merge)


def _known_work(row: MergeRow, spells: Iterable[Spell], month: Month) -> Spell | None:
    """Return the work of the row in this month at its place (any place where it names none).

    That which began on the day of the row, where there is one; else the newest.
    """
    here = [
        one for one in spells
        if one.left_on <= month.last_on and (one.ended_on is None or one.ended_on > month.first_on)
    ]  # fmt: skip
    if _names_place(row):
        place = range_of(work_place_of(row.cells))
        here = [one for one in here if _agree(place, one.place)]
    same = [one for one in here if one.left_on.isoformat() == row.cells.get("left_on")]
    return next(reversed(same or here), None)


def _agree(place: Range, held: int) -> bool:
    there = range_of(held)
    return place.covers(there) or there.covers(place)


def _names_place(row: MergeRow) -> bool:
    return any(row.cells.get(key) for key in ("work_province", "work_prefecture", "work_county"))


def _open(row: MergeRow, found: tuple[int, int], month: Month, merge: _Merge) -> None:
    cells = row.cells
    if cells.get("point_to_point") == "yes":
        raise JourneyUnknownError
    if not cells.get("left_on") or not _names_place(row):
        raise WorkBeginsUnknownError
    if not all(cells.get(key) for key in ("employer_name", "industry", "monthly_income")):
        raise PayNotStatedError
    worker, village = found
    left_on, back = date.fromisoformat(cells["left_on"]), cells.get("returned_on")
    ended_on = max(date.fromisoformat(back), left_on + _ONE_DAY) if back else None
    if left_on > month.last_on or (ended_on and ended_on <= month.first_on):
        raise WorkBeginsUnknownError
    spell = SpellRow(
        village=village,
        worker_id=worker,
        channel=Channel.SELF_ARRANGED.value,
        place=work_place_of(cells),
        left_on=left_on,
        ended_on=ended_on,
        end_reason=EndReason.NOT_STATED.value if ended_on else "",
        source=merge.source,
        grade=Grade.D.value,
        employer_name=cells["employer_name"][:120],
        industry=cells["industry"][:40],
    )
    _refuse_overlap(spell, merge)
    merge.taken[worker].append(spell)
    merge.fresh.append((row, spell))


def _refuse_overlap(row: SpellRow, merge: _Merge) -> None:
    held = [(one.left_on, one.ended_on) for one in merge.spells[row.worker_id]]
    held += [(one.left_on, one.ended_on) for one in merge.taken[row.worker_id]]
    for left_on, ended_on in held:
        if left_on < (row.ended_on or date.max) and row.left_on < (ended_on or date.max):
            raise SpellOverlapError(worker=row.worker_id, left_on=max(left_on, row.left_on).isoformat())


def _renew(row: MergeRow, held: Spell, month: Month, merge: _Merge) -> None:
    back = row.cells.get("returned_on")
    ends_on = date.fromisoformat(back) if back and held.ended_on is None else None
    if ends_on is not None and ends_on <= held.left_on:
        raise SpellEndsBeforeItBeginsError(left_on=held.left_on, ended_on=ends_on)
    outcome = _paid(row, held, month, merge)
    if ends_on is not None:
        merge.ends.append((held, ends_on))
        outcome = Outcome.CHANGED
    merge.outcomes.append(RowOutcome(row.pk, outcome, held.pk))


def _paid(row: MergeRow, spell: Spell, month: Month, merge: _Merge) -> Outcome:
    """Put the month's pay beside the work; what rests on better evidence and says otherwise is left.

    Pay that the row says to be unknown (未填报) changes nothing.
    """
    if "monthly_income" not in row.cells:
        return Outcome.UNCHANGED
    fen, held = int(row.cells["monthly_income"]), merge.incomes.get((spell.pk, month.first_on))
    if held is None:
        merge.pay.append(_income(spell.pk, spell.village, spell.worker_id, month, fen, merge.source))
        return Outcome.CHANGED
    if held.fen == fen:
        return Outcome.UNCHANGED
    if held.measured or held.grade != Grade.D:
        raise IncomeBetterProvenError(month=month, grade=held.grade, yuan=held.fen // 100)
    held.fen, held.source = fen, merge.source
    merge.better.append(held)
    return Outcome.CHANGED


def _income(spell: int, village: int, worker: int, month: Month, fen: int, source: str) -> IncomeRow:
    return IncomeRow(
        village=village, spell_id=spell, worker_id=worker, month=month.first_on, fen=fen, measured=False,
        source=source, grade=Grade.D.value,
    )  # fmt: skip


def _write(merge: _Merge, at: datetime, by: Officer | None) -> None:
    numbers = load_spells([spell for _, spell in merge.fresh])
    for (row, spell), number in zip(merge.fresh, numbers, strict=True):
        month = Month.of(date.fromisoformat(row.cells["month"]))
        fen = int(row.cells["monthly_income"])
        merge.pay.append(_income(number, spell.village, spell.worker_id, month, fen, spell.source))
        merge.outcomes.append(RowOutcome(row.pk, Outcome.NEW, number))
    load_incomes(merge.pay)
    IncomeRecord.objects.bulk_update(merge.better, ["fen", "source"], batch_size=1000)
    _end([pair for pair in merge.ends if pair[0].placement_id is None])
    for held, ended_on in merge.ends:
        if held.placement_id is not None:  # a placement of ours is closed with it: a deed of its own
            end_spell(spell=held, ended_on=ended_on, reason=EndReason.NOT_STATED, at=at, by=by)


def _end(ends: Sequence[tuple[Spell, date]]) -> None:
    """End spells as ``end_spell`` does: visits that were not made are closed, what names the worker goes."""
    for spell, ended_on in ends:
        spell.ended_on, spell.end_reason = ended_on, EndReason.NOT_STATED.value
        spell.shown_name = spell.identity_tail = ""
    fields = ["ended_on", "end_reason", "shown_name", "identity_tail"]
    Spell.objects.bulk_update([spell for spell, _ in ends], fields, batch_size=1000)
    visits = list(FollowUp.objects.filter(spell__in=[spell.pk for spell, _ in ends]))
    days = {spell.pk: ended_on for spell, ended_on in ends}
    for visit in visits:
        visit.shown_name, visit.phone_cipher = "", None
        if visit.done_at is None and visit.closed_on is None:
            visit.closed_on = days[visit.spell_id]
    FollowUp.objects.bulk_update(visits, ["shown_name", "phone_cipher", "closed_on"], batch_size=1000)
