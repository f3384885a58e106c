"""A transfer ledger (农村劳动力输转台账) into spells and pay: the good rows in, the others back with a note.

A handful of statements whatever the number of rows. The same ledger brought in again writes nothing; a row
that now has a day of return ends the spell that an earlier ledger left open.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import ClassVar

from django.db import transaction
from django.utils import timezone

from fourdoors.accounts.models import Officer
from fourdoors.employment.models import Spell
from fourdoors.employment.rules import IncomeRow, SpellRow
from fourdoors.employment.services.loading import load_incomes, load_spells
from fourdoors.employment.services.spells import SpellError, SpellOverlapError
from fourdoors.engines.sheets import FORMS
from fourdoors.intake.models import Import
from fourdoors.intake.rules import Fault, Outcome
from fourdoors.intake.services import MergeRow, RowOutcome, begin_merge, finish_merge, rows_to_merge
from fourdoors.kernel.divisions import find_by_names, range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.periods import full_months, months_touched
from fourdoors.kernel.terms import Channel, EndReason
from fourdoors.partners.models import Broker
from fourdoors.register.models import Worker
from fourdoors.store.vault import vault

_CONFIRMED = re.compile("本人确认|电话核实|已核实")  # what a cadre writes beside a row that was checked
_ONE_DAY = timedelta(days=1)


class WorkerUnknownError(SpellError):
    """The person is not in the register of the division that the ledger speaks for."""

    code: ClassVar[str] = "ledger_worker_unknown"


class WorkPlaceUnknownError(SpellError):
    """The place of work is no division that we know."""

    code: ClassVar[str] = "work_place_unknown"


class OrganiserMissingError(SpellError):
    """Organised work without anybody who organised it."""

    code: ClassVar[str] = "organiser_missing"


_COLUMNS = {
    SpellOverlapError.code: "left_on",
    WorkerUnknownError.code: "identity",
    WorkPlaceUnknownError.code: "work_county",
    OrganiserMissingError.code: "organiser",
}


@dataclass
class _Known:
    """What is known before the rows are looked at, and grows with each row that is taken."""

    workers: dict[bytes, tuple[int, int]]  # hash -> number, village
    brokers: dict[str, int]
    spells: dict[int, list[Spell]]
    taken: dict[int, list[tuple[date, date | None]]] = field(default_factory=lambda: defaultdict(list))


@dataclass
class _Merge:
    """What will be written: new spells with their pay, ends of open ones, and what became of each row."""

    rows: list[tuple[int, SpellRow, list[tuple[date, int]]]] = field(default_factory=list)
    ends: list[tuple[int, Spell]] = field(default_factory=list)
    outcomes: list[RowOutcome] = field(default_factory=list)


@transaction.atomic
def merge_ledger(*, import_id: int, at: datetime, by: Officer | None = None) -> Import:
    """Merge the sound rows of a transfer ledger.

    Organised work that is new names its organiser, else it is no evidence of organisation; work that is known
    already, by its day and place, needs none to be found again. Pay is months times monthly pay and marked as
    estimated, or the year's pay spread over the months where only that is given. A row is graded as a cadre's
    word (D), or as the worker's own confirmed word (C) where its remark says so.

    Args:
        import_id: an import of this form whose merging was asked for.
        at: the moment of the deed; pay is estimated up to its day.
        by: the officer who answers for it.

    Returns:
        The import, merged, with its counts: new, changed, unchanged, faulty. Rows of unknown people, of
        places that are none, and rows that overlap with other work stay out with their reason.

    Raises:
        NotNowError: nobody asked for its merging, or it is merged already.
    """
    batch = begin_merge(import_id=import_id, form=FORMS["transfer_ledger"].key)
    rows, on = list(rows_to_merge(batch)), timezone.localdate(at)
    known, merge = _look_up(rows), _Merge()
    for row in sorted(rows, key=lambda row: (row.cells["left_on"], row.number)):
        try:
            _take(row, known, merge, f"import:{batch.pk}", on)
        except SpellError as refusal:
            merge.outcomes.append(stays_out(row, refusal, _COLUMNS[refusal.code]))
    _write(merge)
    return finish_merge(batch=batch, outcomes=merge.outcomes, at=at, by=by)


def stays_out(row: MergeRow, refusal: RuleError, column: str) -> RowOutcome:
    """Return what became of a row that a rule refused: the refusal is the note beside ``column``."""
    values = {name: it if isinstance(it, int) else str(it)[:60] for name, it in refusal.values.items()}
    return RowOutcome(row.pk, Outcome.FAULTY, fault=Fault(column, refusal.code, values))


def workers_of(rows: Iterable[MergeRow]) -> dict[bytes, tuple[int, int]]:
    """Return the people of these rows who are registered here: hash of the number to worker and village."""
    hashes = [vault().hash("identity", row.cells["identity"]) for row in rows]
    people = Worker.objects.filter(identity_hash__in=hashes).values_list("identity_hash", "pk", "village")
    return {bytes(found): (pk, village) for found, pk, village in people}


def spells_of(workers: Iterable[int]) -> dict[int, list[Spell]]:
    """Return the spells of each worker in the order of time; one query."""
    spells: dict[int, list[Spell]] = defaultdict(list)
    for spell in Spell.objects.filter(worker__in=list(workers)).order_by("left_on"):
        spells[spell.worker_id].append(spell)
    return spells


def _look_up(rows: Sequence[MergeRow]) -> _Known:
    workers = workers_of(rows)
    organisers = {row.cells["organiser"] for row in rows if row.cells.get("organiser")}
    brokers = dict(Broker.objects.filter(name__in=organisers).values_list("name", "pk"))
    return _Known(workers, brokers, spells_of(pk for pk, _ in workers.values()))


def _take(row: MergeRow, known: _Known, merge: _Merge, source: str, on: date) -> None:
    cells = row.cells
    found = known.workers.get(vault().hash("identity", cells["identity"]))
    if found is None:
        raise WorkerUnknownError
    spell = _spell(cells, found, known, source)
    same = next((one for one in known.spells[spell.worker_id] if _is_same(one, spell)), None)
    if same is not None:
        _renew(row, same, spell, merge)
        return
    if spell.channel == Channel.ORGANISED.value and not cells.get("organiser"):
        raise OrganiserMissingError
    _refuse_overlap(spell, known)
    known.taken[spell.worker_id].append((spell.left_on, spell.ended_on))
    merge.rows.append((row.pk, spell, list(_pay(cells, spell, on))))


def _spell(cells: dict[str, str], found: tuple[int, int], known: _Known, source: str) -> SpellRow:
    worker, village = found
    channel = Channel(cells.get("channel", Channel.SELF_ARRANGED.value))
    returned_on = cells.get("returned_on")
    left_on = date.fromisoformat(cells["left_on"])
    ended_on = max(date.fromisoformat(returned_on), left_on + _ONE_DAY) if returned_on else None
    return SpellRow(
        village=village,
        worker_id=worker,
        channel=channel.value,
        place=work_place_of(cells),
        left_on=left_on,
        ended_on=ended_on,
        end_reason=EndReason.NOT_STATED.value if ended_on else "",
        source=source,
        grade=(Grade.C if _CONFIRMED.search(cells.get("remarks", "")) else Grade.D).value,
        employer_name=cells.get("employer_name", "")[:120],
        broker_id=known.brokers.get(cells.get("organiser", "")),
        post=cells.get("post", "")[:60],
        industry=cells.get("industry", "")[:40],
        contract_signed=_answer(cells, "has_contract"),
        insured=_answer(cells, "is_insured"),
        organiser=cells.get("organiser", "")[:80],
    )


def _answer(cells: dict[str, str], key: str) -> bool | None:
    return {"yes": True, "no": False}.get(cells.get(key, ""))


def work_place_of(cells: Mapping[str, str]) -> int:
    """Return the division of work that a row names in three columns or in one.

    Raises:
        WorkPlaceUnknownError: no division is called so.
    """
    names = tuple(cells.get(key, "") for key in ("work_province", "work_prefecture", "work_county"))
    code = _code_of(names) if any(names) else _code_of((cells.get("workplace", ""),))
    if code is None:
        raise WorkPlaceUnknownError(place="".join(names) or cells.get("workplace", ""))
    return code


@lru_cache(maxsize=4096)
def _code_of(names: tuple[str, ...]) -> int | None:
    return find_by_names(names)


def _is_same(held: Spell, row: SpellRow) -> bool:
    """Tell whether it began on that day at that place; a form names no place below the county."""
    held_in, row_in = range_of(held.place), range_of(row.place)
    return held.left_on == row.left_on and (row_in.covers(held_in) or held_in.covers(row_in))


def _renew(row: MergeRow, held: Spell, spell: SpellRow, merge: _Merge) -> None:
    """End an open spell that the ledger has a day of return for; anything else stays as it is."""
    if held.ended_on is None and spell.ended_on is not None:
        held.ended_on, held.end_reason = spell.ended_on, spell.end_reason
        merge.ends.append((row.pk, held))
    else:
        merge.outcomes.append(RowOutcome(row.pk, Outcome.UNCHANGED, held.pk))


def _refuse_overlap(row: SpellRow, known: _Known) -> None:
    held = [(one.left_on, one.ended_on) for one in known.spells[row.worker_id]]
    for left_on, ended_on in (*held, *known.taken[row.worker_id]):
        if left_on < (row.ended_on or date.max) and row.left_on < (ended_on or date.max):
            raise SpellOverlapError(worker=row.worker_id, left_on=max(left_on, row.left_on).isoformat())


def _pay(cells: dict[str, str], spell: SpellRow, on: date) -> Iterator[tuple[date, int]]:
    """Yield month and fen: so many months of the monthly pay, or the whole spread over them."""
    last_on = min(spell.ended_on - _ONE_DAY if spell.ended_on else on, on)
    touched = months_touched(spell.left_on, last_on)
    said = int(cells.get("months_worked") or 0) or max(1, full_months(spell.left_on, last_on))
    months = touched[:said]
    if total := int(cells.get("total_income") or 0):
        share, rest = divmod(total, len(months)) if months else (0, 0)
        yield from ((m.first_on, share + (at < rest)) for at, m in enumerate(months))
    elif monthly := int(cells.get("monthly_income") or 0):
        yield from ((m.first_on, monthly) for m in months)


def _write(merge: _Merge) -> None:
    numbers = load_spells([spell for _, spell, _ in merge.rows])
    load_incomes(_incomes(numbers, merge.rows))
    for (pk, _, _), number in zip(merge.rows, numbers, strict=True):
        merge.outcomes.append(RowOutcome(pk, Outcome.NEW, number))
    Spell.objects.bulk_update([spell for _, spell in merge.ends], ["ended_on", "end_reason"], batch_size=1000)
    merge.outcomes += [RowOutcome(pk, Outcome.CHANGED, spell.pk) for pk, spell in merge.ends]


def _incomes(
    numbers: Sequence[int], rows: Iterable[tuple[int, SpellRow, list[tuple[date, int]]]]
) -> Iterator[IncomeRow]:
    for number, (_, spell, pay) in zip(numbers, rows, strict=True):
        for month, fen in pay:
            yield IncomeRow(
                village=spell.village,
                spell_id=number,
                worker_id=spell.worker_id,
                month=month,
                fen=fen,
                measured=False,
                source=spell.source,
                grade=spell.grade,
            )
