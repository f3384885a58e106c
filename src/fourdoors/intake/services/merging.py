"""From checked to merged or refused: what a merging step does between ``begin_merge`` and ``finish_merge``.

A step that merges a form reads the rows here and says what became of each; it does all of it in one
transaction, so that a merge that breaks off leaves nothing behind.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import chain_of
from fourdoors.accounts.services import record_deed
from fourdoors.intake.models import Amendment, Import, StagedRow
from fourdoors.intake.rules import Fault, Outcome, State, may_become
from fourdoors.intake.services.files import lock_county
from fourdoors.intake.services.reviewing import refuse_held
from fourdoors.intake.services.sealed import NotNowError
from fourdoors.store.vault import vault


@dataclass(frozen=True, slots=True)
class MergeRow:
    """One row that may be merged.

    Attributes:
        pk: number of the staged row, for its outcome.
        sheet: name of its sheet.
        number: row of the sheet.
        cells: key of the column to the text as it is stored: a word's code, a day as ISO, whole fen,
            identity number and phone opened; ``village_code`` is the home village, or the division the row
            names. A blank cell is absent.
    """

    pk: int
    sheet: str
    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of a row: the number of what it became, and what is told of it.

    The fault of a faulty row keeps it out; of any other it is a note.
    """

    pk: int
    outcome: Outcome
    object_id: int | None = None
    fault: Fault | None = None


@transaction.atomic
def ask_for_merge(*, import_id: int, at: datetime, by: Officer | None = None) -> Import:
    """Decide that an import is merged; the merging itself comes after, in the queue.

    Raises:
        NotNowError: it is not checked, or somebody decided already.
        InReviewError: another officer has it in review.
    """
    batch = _passed(import_id, State.MERGING, by)
    batch.decided_by, batch.decided_at = by, at
    batch.counts.pop("failed_code", None)
    batch.save(update_fields=["state", "counts", "decided_by", "decided_at"])
    _record(batch, "intake.merge_asked", at, by)
    return batch


def begin_merge(*, import_id: int, form: str) -> Import:
    """Lock the county and the import, and return it. Call it first, inside the transaction of the merge.

    Raises:
        NotNowError: nobody asked for its merging, it is merged already, or it is of another form.
    """
    batch = Import.objects.get(pk=import_id)
    lock_county(batch.division)
    batch = Import.objects.select_for_update().get(pk=import_id)
    if batch.state != State.MERGING.value or batch.form != form:
        raise NotNowError(state=batch.state)
    return batch


def rows_to_merge(batch: Import) -> Iterator[MergeRow]:
    """Yield the rows that are ready, in the order of the file, with their sealed cells opened.

    They come from the database block by block: none is fetched while a COPY of the same connection is open.
    """
    seals = vault()
    rows = StagedRow.objects.filter(batch=batch, outcome=Outcome.READY.value).order_by("sheet", "number")
    values = rows.values_list("pk", "sheet", "number", "cells", "private_cipher")
    for pk, sheet, number, cells, cipher in values.iterator(chunk_size=5000):
        sealed = json.loads(seals.open("private", cipher)) if cipher else {}
        yield MergeRow(pk, sheet, number, cells | sealed)


def finish_merge(
    *,
    batch: Import,
    outcomes: Iterable[RowOutcome],
    at: datetime,
    by: Officer | None = None,
) -> Import:
    """Write what became of each row, wipe the cells, and close the import.

    Args:
        batch: as ``begin_merge`` returned it.
        outcomes: one for every row of ``rows_to_merge``.
        at: the moment of the deed.
        by: the officer who answers for it.
    """
    said: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE intake_said (id bigint, outcome text, object_id bigint, fault jsonb)"
            " ON COMMIT DROP"
        )
        with cursor.copy("COPY intake_said FROM STDIN") as copy:
            for row in outcomes:
                said[row.outcome.value] += 1
                said["notes"] += row.fault is not None
                copy.write_row(_values(row))
        # An index keeps the join short whatever the planner believes of a batch it has never seen.
        cursor.execute("CREATE UNIQUE INDEX ON intake_said (id)")
        cursor.execute("ANALYZE intake_said")
        cursor.execute(
            "UPDATE intake_stagedrow r SET outcome = s.outcome, object_id = s.object_id,"
            " faults = r.faults || coalesce(s.fault, '[]') FROM intake_said s"
            " WHERE r.id = s.id AND r.batch_id = %s",
            [batch.pk],
        )
        cursor.execute("DROP TABLE intake_said")
    batch.counts = _counts(batch.counts, said)
    _close(batch, State.MERGED)
    _record(batch, "intake.merged", at, by)
    return batch


def _values(row: RowOutcome) -> tuple[Any, ...]:
    fault = Jsonb([row.fault.as_json()]) if row.fault else None
    return row.pk, row.outcome.value, row.object_id, fault


def _counts(before: dict[str, int], said: Counter[str]) -> dict[str, int]:
    """Return the counts after merging: what was ready is now new, changed, unchanged, left out or faulty."""
    after = {**before, "ready": 0}
    for name in (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.LEFT_OUT):
        after[name.value] = said[name.value]
    after["faulty"] = before["faulty"] + said[Outcome.FAULTY.value]
    after["notes"] = before["notes"] + said["notes"]
    return after


@transaction.atomic
def fail_import(*, import_id: int, at: datetime, code: str = "") -> None:
    """Say that reading or merging broke off; its transaction is undone, so nothing was written.

    Args:
        import_id: an import that is being read or merged; any other is left alone.
        at: the moment of the deed.
        code: of the refusal that stopped it, blank where the program failed.
    """
    batch = Import.objects.select_for_update().get(pk=import_id)
    if may_become(State(batch.state), State.FAILED):
        batch.state = State.FAILED.value
        batch.counts = {**batch.counts, "failed_code": code}
        batch.save(update_fields=["state", "counts"])
        _record(batch, "intake.failed", at, None)


@transaction.atomic
def refuse_import(*, import_id: int, at: datetime, by: Officer | None = None) -> Import:
    """Decide that nothing of an import is merged: none of its rows is kept, only how many there were.

    Raises:
        NotNowError: it is being merged, or decided already.
        InReviewError: another officer has it in review.
    """
    batch = _passed(import_id, State.REFUSED, by)
    batch.decided_by, batch.decided_at = by, at
    batch.save(update_fields=["decided_by", "decided_at"])
    _close(batch, State.REFUSED)
    _record(batch, "intake.refused", at, by)
    return batch


def _passed(import_id: int, then: State, by: Officer | None) -> Import:
    batch = Import.objects.select_for_update().get(pk=import_id)
    refuse_held(batch, by)
    if not may_become(State(batch.state), then):
        raise NotNowError(state=batch.state)
    batch.state = then.value
    return batch


def _close(batch: Import, state: State) -> None:
    rows = StagedRow.objects.filter(batch=batch)
    if state is State.REFUSED:
        rows.delete()
    else:
        rows.update(cells={}, private_cipher=None)
    Amendment.objects.filter(batch=batch).delete()
    batch.state, batch.columns_cipher = state.value, None
    batch.save(update_fields=["state", "counts", "columns_cipher"])


def _record(batch: Import, action: str, at: datetime, by: Officer | None) -> None:
    record_deed(
        officer=by, action=action, at=at, county=chain_of(batch.division), object_id=batch.pk,
        form=batch.form, **batch.counts,
    )  # fmt: skip
