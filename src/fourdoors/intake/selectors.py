"""Reads of imports and their rows."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Q, QuerySet, When

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import TERRITORIAL
from fourdoors.engines.sheets import FORMS, Form, renamed
from fourdoors.intake.models import CountyForm, Export, Import, StagedRow
from fourdoors.intake.rules import Fault, Outcome, State
from fourdoors.intake.rules.cells import written_cell
from fourdoors.kernel.divisions import Level, ancestor_of, level_of
from fourdoors.store.vault import vault


def imports_visible_to(*, officer: Officer) -> QuerySet[Import]:
    """Return the imports of an officer's territory, the newest first, without the files themselves."""
    if officer.duty not in TERRITORIAL:
        return Import.objects.none()
    inside = Import.objects.filter(division__gte=officer.lo, division__lt=officer.hi)
    return (
        inside.defer("file_cipher", "columns_cipher")
        .select_related("uploaded_by", "reviewed_by", "decided_by")
        .order_by("-uploaded_at", "-pk")
    )


def county_forms(division: int) -> dict[str, CountyForm]:
    """Return a county's own versions of forms by key, asked of the county or any place in it."""
    if level_of(division) < Level.COUNTY:
        return {}
    county = ancestor_of(division, Level.COUNTY)
    return {one.form: one for one in CountyForm.objects.filter(division=county).select_related("kept_by")}


def form_of(key: str, division: int) -> Form:
    """Return a form as a place prints it: the county's own version, or that of the field."""
    own = county_forms(division).get(key)
    return renamed(FORMS[key], [(name, title) for name, title in own.columns]) if own else FORMS[key]


def exports_of(officer: Officer) -> QuerySet[Export]:
    """Return the filled forms that an officer asked for, the newest first; nobody sees another's."""
    inside = Export.objects.filter(asked_by=officer, division__gte=officer.lo, division__lt=officer.hi)
    return inside.order_by("-pk")


def import_by_id(number: int) -> Import:
    """Return the import that a task or command was given by number, without the file itself."""
    return Import.objects.defer("file_cipher", "columns_cipher").get(pk=number)


def rows_with_faults(batch: Import, *, column: str = "", code: str = "") -> QuerySet[StagedRow]:
    """Return the rows that have something wrong with them, those that stay out first.

    Args:
        batch: any import.
        column: with ``code``, only the rows with this finding in this column.
        code: of the check.
    """
    rows = StagedRow.objects.filter(batch=batch).exclude(faults=[]).defer("private_cipher")
    if code:
        rows = rows.filter(faults__contains=[{"column": column, "code": code}])
    stays_out = Case(When(outcome=Outcome.FAULTY.value, then=0), default=1)
    return rows.order_by(stays_out, "sheet", "number")


@dataclass(frozen=True)
class RowSaid:
    """What became of one row, and what was said of it.

    Attributes:
        number: of the row.
        outcome: what became of it.
        object_id: number of what it became.
        faults: findings that keep it out, and notes.
    """

    number: int
    outcome: Outcome
    object_id: int | None
    faults: list[Fault]


def rows_said(batch: Import) -> list[RowSaid]:
    """Return what became of every row of an import, in the order in which they came."""
    rows = StagedRow.objects.filter(batch=batch).order_by("sheet", "number")
    return [
        RowSaid(number, Outcome(outcome), object_id, [Fault(**fault) for fault in faults])
        for number, outcome, object_id, faults in rows.values_list("number", "outcome", "object_id", "faults")
    ]


def sound_rows(batch: Import) -> QuerySet[StagedRow]:
    """Return the rows with nothing wrong with them."""
    return (
        StagedRow.objects.filter(batch=batch, faults=[]).defer("private_cipher").order_by("sheet", "number")
    )


def months_of(batch: Import) -> list[tuple[date, int]]:
    """Return the months whose pay would be written, each with its rows; none once it is decided."""
    ready = StagedRow.objects.filter(batch=batch, outcome=Outcome.READY.value, cells__has_key="month")
    months = ready.values_list("cells__month").annotate(rows=Count("pk")).order_by("cells__month")
    return [(date.fromisoformat(month), rows) for month, rows in months]


def cells_shown(row: StagedRow) -> list[tuple[str, str, bool]]:
    """Return the cells of a staged row: key, text as the form writes it, and whether it must be masked."""
    sealed = json.loads(vault().open("private", row.private_cipher)) if row.private_cipher else {}
    cells = row.cells | sealed
    return [
        (column.key, written_cell(column, cells[column.key]), column.key in sealed)
        for column in FORMS[row.batch.form].readable
        if column.key in cells
    ]


@dataclass(frozen=True)
class FaultGroup:
    """The same fault in the same column, how often, and the first of them."""

    column: str
    code: str
    count: int
    example: Fault


def faults_by_code(batch: Import) -> list[FaultGroup]:
    """Return every kind of fault, the most frequent first."""
    rows = StagedRow.objects.filter(batch=batch).exclude(faults=[]).order_by("sheet", "number")
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], Fault] = {}
    for faults in rows.values_list("faults", flat=True).iterator(chunk_size=5000):
        for fault in (Fault(**stored) for stored in faults):
            counts[fault.column, fault.code] += 1
            first.setdefault((fault.column, fault.code), fault)
    return [FaultGroup(*kind, count, first[kind]) for kind, count in counts.most_common()]


def title_of(form: str, key: str) -> str:
    """Return the title under which a form prints a column: the words of the paper, in Chinese."""
    titles = {column.key: column.titles[0] for column in FORMS[form].readable}
    return titles.get(key, key)


def imports_to_decide(*, officer: Officer) -> QuerySet[Import]:
    """Return the imports that wait for this officer's yes or no, the newest first: not another's review."""
    waiting = (State.CHECKED.value, State.IN_REVIEW.value, State.FAILED.value)
    free = Q(reviewed_by=None) | Q(reviewed_by=officer)
    return imports_visible_to(officer=officer).filter(free, state__in=waiting)
