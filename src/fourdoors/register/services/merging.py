"""The national member export (全国扶贫开发信息系统家庭成员信息) into the register, in one transaction.

The rows are copied into a temporary table and merged by a handful of statements, whatever their number.
A second merge of the same people finds everything as it is and writes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.resources import files
from itertools import islice
from typing import Any

import pghistory
from django.db import connection, transaction
from django.utils import timezone

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import chain_of
from fourdoors.accounts.services import record_deed
from fourdoors.engines.sheets.forms import NATIONAL_MEMBER_EXPORT
from fourdoors.intake.models import Import
from fourdoors.intake.rules import Code, Fault, Outcome
from fourdoors.intake.services import MergeRow, RowOutcome, begin_merge, finish_merge, rows_to_merge
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.identity import read_identity
from fourdoors.kernel.periods import full_years
from fourdoors.kernel.terms import NO_HOUSEHOLD, HouseholdStatusKind
from fourdoors.register.models import Proposal
from fourdoors.register.rules import MINIMUM_AGE_YEARS, WorkerRow
from fourdoors.register.selectors import two_person_facts
from fourdoors.register.services.loading import worker_values
from fourdoors.store.vault import vault

_NOT_AT_SCHOOL = frozenset({"", "非在校生", "否", "无", "不在校"})
_SPEAKS_MANDARIN = "普通话"
_BLOCK_ROWS = 5_000

_MAKE = """
CREATE TEMP TABLE roster_to_merge ON COMMIT DROP AS
SELECT 0::bigint AS row_id,
       w.village, w.county, w.identity_hash, w.identity_cipher, w.identity_tail, w.name, w.name_pinyin,
       w.name_initials, w.sex, w.born_on, w.education, w.labour_capacity, w.at_school, w.phone_hash,
       w.phone_cipher, w.phone_tail, w.source, w.grade, w.registered_at,
       h.number, m.relation, s.kind AS status, s.from_on AS status_from, false AS mandarin
FROM register_worker w, register_household h, register_membership m, register_householdstatus s
WITH NO DATA
"""
_FAULTS = {
    "household": Fault("household_number", Code.HOUSEHOLD_ELSEWHERE),
    "village": Fault("identity", Code.OTHER_VILLAGE),
    "elsewhere": Fault("identity", Code.WORKER_ELSEWHERE),
    "same": Fault("identity", Code.SAME_PERSON),
}


@transaction.atomic
def merge_roster(*, import_id: int, at: datetime, by: Officer | None = None) -> Import:
    """Merge the sound rows of a roster: households, statuses, workers, memberships, skills.

    County and import are locked first. A person who is known changes only where the roster says something
    else, and the history keeps what was there; a fact that needs a second officer in this province becomes a
    proposal instead (``proposals``). Who is said to be in no household (无户) is put into none, and taken
    out of none. Children under sixteen are left out, because the register
    is of people who may work. What the roster says of work (months, place, employer) was for its checks:
    it is no evidence of a spell and goes with the staged cells.

    Args:
        import_id: an import of this form whose merging was asked for.
        at: the moment of the deed.
        by: the officer who answers for it.

    Returns:
        The import, merged, with its counts: new, changed, unchanged, left out, faulty.

    Raises:
        NotNowError: nobody asked for its merging, or it is merged already.
    """
    batch = begin_merge(import_id=import_id, form=NATIONAL_MEMBER_EXPORT.key)
    return merge_people(batch, rows_to_merge(batch), Told(), at=at, by=by)


@dataclass
class Told:
    """What is known of rows before they are merged, filled while they are read.

    Attributes:
        notes: by number of the row, what is told of it though it goes in.
        refused: rows that are not among those merged, with the reason.
    """

    notes: dict[int, Fault] = field(default_factory=dict)
    refused: list[RowOutcome] = field(default_factory=list)


def merge_people(
    batch: Import, rows: Iterable[MergeRow], told: Told, *, at: datetime, by: Officer | None
) -> Import:
    """Merge rows of people, as a roster has them, and close their import.

    Args:
        batch: as ``begin_merge`` returned it.
        rows: with the keys of a roster; read once, to the end.
        told: notes and rows that stay out; filled while ``rows`` is read.
        at: the moment of the deed.
        by: the officer who answers for it.
    """
    on = timezone.localdate(at)
    left_out: list[int] = []
    with pghistory.context(intake_import=batch.pk, officer=by.pk if by else None, at=at.isoformat()):
        _copy(_values(batch, rows, on, at, left_out))
        _run(on, at, by, batch)
        left = [RowOutcome(pk, Outcome.LEFT_OUT) for pk in left_out]
        outcomes = [*_outcomes(told.notes), *left, *told.refused]
    if waiting := Proposal.objects.filter(source=f"import:{batch.pk}").count():
        record_deed(
            officer=by, action="register.changes_proposed", at=at, county=chain_of(batch.division),
            object_id=batch.pk, proposals=waiting,
        )  # fmt: skip
    return finish_merge(batch=batch, outcomes=outcomes, at=at, by=by)


def _values(
    batch: Import, rows: Iterable[MergeRow], on: date, at: datetime, left_out: list[int]
) -> Iterator[tuple[Any, ...]]:
    """Yield what is copied for each row; the numbers of the rows of children go to ``left_out``."""
    seals, source = vault(), f"import:{batch.pk}"
    for row in rows:
        cells = row.cells
        holder = read_identity(cells["identity"])
        if full_years(holder.born_on, on) < MINIMUM_AGE_YEARS:
            left_out.append(row.pk)
            continue
        worker = WorkerRow(
            village=int(cells["village_code"]),
            identity=holder.number,
            name=cells["name"],
            sex=holder.sex.value,
            born_on=holder.born_on,
            education=cells.get("education", ""),
            labour_capacity=cells.get("labour_capacity", ""),
            at_school=cells.get("school_status", "") not in _NOT_AT_SCHOOL,
            phone=cells.get("phone", ""),
            source=source,
            grade=Grade.D.value,
        )
        yield (
            row.pk,
            *worker_values(worker, seals, at),
            _household(cells),
            cells.get("relation", ""),  # blank: a known relation stays
            *_status(cells, on),
            cells.get("speaks_mandarin") == "yes",
        )


def _household(cells: dict[str, str]) -> str:
    """Return the household's number; blank where the row says that the person is in none."""
    number = cells["household_number"]
    return "" if number == NO_HOUSEHOLD else number


def _status(cells: dict[str, str], on: date) -> tuple[str, date]:
    """Return kind and first day of the household's status; the export is of registered-poor households."""
    kind = cells.get("household_kind", HouseholdStatusKind.REGISTERED_POOR.value)
    year = int(cells.get("year") or 0)
    return ("" if kind == "none" else kind), (date(year, 1, 1) if 2000 < year <= on.year else on)


def _copy(rows: Iterator[tuple[Any, ...]]) -> None:
    """Fill the temporary table block by block: the rows come from the same connection that takes them."""
    with connection.cursor() as cursor:
        cursor.execute(_MAKE)
        while block := list(islice(rows, _BLOCK_ROWS)):
            with cursor.copy("COPY roster_to_merge FROM STDIN") as copy:
                for row in block:
                    copy.write_row(row)


def _run(on: date, at: datetime, by: Officer | None, batch: Import) -> None:
    statements = (files("fourdoors.register.services") / "merge_roster.sql").read_text()
    two = two_person_facts(village=batch.division, on=on)
    values: dict[str, Any] = {
        "on": on,
        "mandarin": _SPEAKS_MANDARIN,
        "two": sorted(two),
        "at": at,
        "by": by.pk if by else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(statements, values)


def _outcomes(notes: Mapping[int, Fault]) -> list[RowOutcome]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_id, coalesce(fate, 'unchanged'), worker_id FROM roster_to_merge")
        rows = cursor.fetchall()
        cursor.execute("DROP TABLE roster_to_merge")
    return [
        RowOutcome(pk, Outcome.FAULTY, fault=fault)
        if (fault := _FAULTS.get(fate))
        else RowOutcome(pk, Outcome(fate), worker_id, notes.get(pk))
        for pk, fate, worker_id in rows
    ]
