"""Household income by quarter (农户务工收入季度表): months of pay that are known stay, the rest is spread.

A handful of statements whatever the number of rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from django.db import transaction
from django.utils import timezone

from fourdoors.accounts.models import Officer
from fourdoors.employment.models import IncomeRecord, Spell
from fourdoors.employment.rules import WAGE_QUARTERS, IncomeRow
from fourdoors.employment.services.incomes import IncomeError
from fourdoors.employment.services.ledger import spells_of, stays_out
from fourdoors.employment.services.loading import load_incomes
from fourdoors.engines.sheets import FORMS
from fourdoors.intake.models import Import
from fourdoors.intake.rules import Outcome
from fourdoors.intake.services import MergeRow, RowOutcome, begin_merge, finish_merge, rows_to_merge
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.money import FEN_PER_YUAN
from fourdoors.kernel.periods import Month
from fourdoors.register.models import Membership

_Member = tuple[str, str]  # number of the household, name


class EarnerUnknownError(IncomeError):
    """The household has no member of this name here, or two."""

    code: ClassVar[str] = "earner_unknown"


class WageWithoutWorkError(IncomeError):
    """No work is known in those months that could have earned it."""

    code: ClassVar[str] = "wage_without_work"


class WageDiffersError(IncomeError):
    """The months that are known add up to something else."""

    code: ClassVar[str] = "wage_differs"


@dataclass
class _Known:
    """What is known before the rows are looked at, and the pay that will be written."""

    source: str
    on: date
    members: dict[_Member, list[int]]
    spells: dict[int, list[Spell]]
    paid: dict[tuple[int, date], int]  # worker and month to fen, of all spells
    pay: list[IncomeRow] = field(default_factory=list)


@transaction.atomic
def merge_household_income(*, import_id: int, at: datetime, by: Officer | None = None) -> Import:
    """Merge the sound rows of a household income form.

    A person is found by household number and name. Of each quarter, the months of pay that are known stay;
    what the row says beyond them is spread to the fen over the other months in which the person worked, as a
    cadre's word. A row that says less, or of whose months all are known otherwise, stays out.

    Args:
        import_id: an import of this form whose merging was asked for.
        at: the moment of the deed; months after its own are not looked at.
        by: the officer who answers for it.

    Returns:
        The import, merged, with its counts: changed, unchanged, faulty.

    Raises:
        NotNowError: nobody asked for its merging, or it is merged already.
    """
    batch = begin_merge(import_id=import_id, form=FORMS["household_wage_quarterly"].key)
    rows = list(rows_to_merge(batch))
    known = _look_up(rows, f"import:{batch.pk}", timezone.localdate(at))
    outcomes = [_outcome(row, known) for row in rows]
    load_incomes(known.pay)
    return finish_merge(batch=batch, outcomes=outcomes, at=at, by=by)


def _look_up(rows: Iterable[MergeRow], source: str, on: date) -> _Known:
    numbers = {row.cells["household_number"] for row in rows}
    found = Membership.objects.filter(household__number__in=numbers, to_on=None, worker__merged_into=None)
    members: dict[_Member, list[int]] = defaultdict(list)
    for number, name, worker in found.values_list("household__number", "worker__name", "worker"):
        members[number, name].append(worker)
    spells = spells_of(worker for same in members.values() for worker in same)
    paid: dict[tuple[int, date], int] = defaultdict(int)
    records = IncomeRecord.objects.filter(worker__in=list(spells))
    for worker, month, fen in records.values_list("worker", "month", "fen"):
        paid[worker, month] += fen
    return _Known(source, on, members, spells, paid)


def _outcome(row: MergeRow, known: _Known) -> RowOutcome:
    column = "name"
    fresh: list[IncomeRow] = []
    try:
        worker = _earner(row, known)
        for name in WAGE_QUARTERS:
            column = f"income_{name}"
            fresh += _spread(row, name, worker, known)
    except IncomeError as refusal:
        return stays_out(row, refusal, column)
    known.pay += fresh
    spell = fresh[0].spell_id if fresh else None
    return RowOutcome(row.pk, Outcome.CHANGED if fresh else Outcome.UNCHANGED, spell)


def _earner(row: MergeRow, known: _Known) -> int:
    household = row.cells["household_number"]
    found = known.members.get((household, row.cells["name"]), [])
    if len(found) != 1:
        raise EarnerUnknownError(household=household)
    return found[0]


def _spread(row: MergeRow, name: str, worker: int, known: _Known) -> Iterator[IncomeRow]:
    """Yield the months of pay that one quarter of a row adds to what is known."""
    said, year = int(row.cells.get(f"income_{name}") or 0), int(row.cells["year"])
    if not said:
        return
    worked = dict(_worked(known, worker, year, WAGE_QUARTERS[name]))
    if not worked:
        raise WageWithoutWorkError(quarter=name.replace("_", "-"), year=year)
    held = sum(known.paid.get((worker, month), 0) for month in worked)
    unpaid = [month for month in worked if (worker, month) not in known.paid]
    rest = said - held
    if rest < 0 or (rest and not unpaid):
        raise WageDiffersError(quarter=name.replace("_", "-"), known=_yuan(held), said=_yuan(said))
    share, over = divmod(rest, len(unpaid)) if unpaid else (0, 0)
    for at, month in enumerate(unpaid if rest else ()):
        spell = worked[month]
        yield IncomeRow(
            village=spell.village, spell_id=spell.pk, worker_id=worker, month=month,
            fen=share + (at < over), measured=False, source=known.source, grade=Grade.D.value,
            employer_id=spell.employer_id,
        )  # fmt: skip


def _worked(known: _Known, worker: int, year: int, months: tuple[int, int]) -> Iterator[tuple[date, Spell]]:
    """Yield the months of a quarter in which a person worked, each with the newest work of the month."""
    for number in range(months[0], months[1] + 1):
        month = Month(year, number)
        spells = [
            one for one in known.spells.get(worker, ())
            if one.left_on <= month.last_on and (one.ended_on is None or one.ended_on > month.first_on)
        ]  # fmt: skip
        if spells and month <= Month.of(known.on):
            yield month.first_on, spells[-1]


def _yuan(fen: int) -> str:
    return f"{fen / FEN_PER_YUAN:.2f}"
