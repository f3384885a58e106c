"""A file comes in: guarded, sealed, read, and each row checked."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from django.db import connection, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import chain_of
from fourdoors.accounts.services import record_deed
from fourdoors.engines.sheets import (
    FORMS,
    Form,
    Header,
    Row,
    Sheet,
    Workbook,
    find_header,
    read_workbook,
    rows_under,
)
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.rules import (
    MERGEABLE_FORMS,
    PRIVATE_KEYS,
    Fault,
    Outcome,
    Reading,
    State,
    may_become,
    read_row,
    stops,
)
from fourdoors.kernel.errors import RuleError
from fourdoors.store.copying import copy_rows
from fourdoors.store.vault import vault

_LOCK = 0x46440001  # one number for this room, beside the county's
_COLUMNS = ("batch_id", "division", "sheet", "number", "cells", "private_cipher", "faults", "outcome")
Table = tuple[Sheet, Header]


class FormUnknownError(RuleError):
    """No such form, or one that nothing is merged from."""

    code: ClassVar[str] = "form_unknown"


class OutsideTerritoryError(RuleError):
    """An officer brings files in for the own territory only."""

    code: ClassVar[str] = "outside_territory"


class AlreadyBroughtInError(RuleError):
    """The same bytes came in before, for the same division and form."""

    code: ClassVar[str] = "already_brought_in"


class NotNowError(RuleError):
    """The import is not where this deed begins: it is decided already, or still being read."""

    code: ClassVar[str] = "import_not_now"


class HeaderUnknownError(RuleError):
    """None of the first five rows of any sheet names the columns of the form."""

    code: ClassVar[str] = "header_unknown"


class HeaderIncompleteError(RuleError):
    """The header lacks columns without which no row means anything."""

    code: ClassVar[str] = "header_incomplete"


@transaction.atomic
def receive_file(
    *, form: str, division: int, data: bytes, name: str, at: datetime, by: Officer | None = None
) -> Import:
    """Take a workbook in for one division; nothing of it is kept but sealed.

    The county is locked until the transaction ends: the same file sent twice at the same moment comes in
    once. A file that was refused before may come again.

    Args:
        form: key of ``engines.sheets.FORMS``; one of ``MERGEABLE_FORMS``.
        division: 12-digit code that the file speaks for.
        data: the file.
        name: its name.
        at: the moment of the deed; its day is the day that ages are counted on.
        by: the officer who answers for it; None from the command line.

    Raises:
        FormUnknownError: nothing is merged from such a form.
        OutsideTerritoryError: the division is not the officer's.
        AlreadyBroughtInError: these bytes are in already; nothing changed.
        SheetError: the file cannot be read (one class for each cause).
        HeaderUnknownError: no sheet has the columns of this form.
        HeaderIncompleteError: columns that are needed are absent.
    """
    if form not in MERGEABLE_FORMS:
        raise FormUnknownError(form=form)
    if by is not None and division not in by.jurisdiction:
        raise OutsideTerritoryError(division=division)
    lock_county(division)
    digest = hashlib.sha256(data).hexdigest()
    _refuse_known(form, division, digest)
    tables = _tables(read_workbook(data, name=name), FORMS[form])
    batch = Import.objects.create(
        form=form,
        division=division,
        file_name=name,
        file_hash=digest,
        file_cipher=vault().seal("file", base64.b64encode(data).decode()),
        state=State.RECEIVED.value,
        mapping={sheet.name: header.places for sheet, header in tables},
        dropped=[
            {"sheet": sheet.name, "title": header.titles[column], "reason": reason}
            for sheet, header in tables
            for column, reason in header.dropped.items()
        ],
        uploaded_by=by,
        uploaded_at=at,
    )
    record_deed(
        officer=by, action="intake.received", at=at, county=chain_of(division), object_id=batch.pk,
        form=form, division=division, hash=digest,
    )  # fmt: skip
    return batch


def lock_county(division: int) -> None:
    """Let one import of a county pass at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, chain_of(division)])


def _refuse_known(form: str, division: int, digest: str) -> None:
    same = Import.objects.filter(form=form, division=division, file_hash=digest)
    if known := same.exclude(state=State.REFUSED.value).order_by("uploaded_at").first():
        raise AlreadyBroughtInError(on=timezone.localdate(known.uploaded_at), number=known.pk)


def file_of(batch: Import) -> bytes:
    """Return the file as it was sent; ``batch.file_cipher`` is there until it is forgotten."""
    return base64.b64decode(vault().open("file", batch.file_cipher or b""))


def _tables(book: Workbook, form: Form) -> list[Table]:
    """Return the sheets that carry the form, each with its header; hidden sheets are not read."""
    shown = [sheet for sheet in book.sheets if not sheet.hidden]
    found = [(sheet, header) for sheet in shown if (header := find_header(sheet, form.readable))]
    if not found:
        raise HeaderUnknownError(name=book.name, form=form.title)
    whole = [(sheet, header) for sheet, header in found if not header.missing]
    if not whole:
        titles = {column.key: column.titles[0] for column in form.readable}
        fewest = min((header.missing for _, header in found), key=len)
        raise HeaderIncompleteError(name=book.name, missing="、".join(titles[key] for key in fewest))
    return whole


@transaction.atomic
def stage_rows(*, import_id: int, at: datetime) -> Import:
    """Read the rows of an import, check each, and keep them until somebody decides.

    Identity numbers and phones are sealed before anything is written. Columns that must not be stored are
    never read beyond their title. Done again, it starts from the file anew.

    Args:
        import_id: an import that is received, checked or failed.
        at: the moment of the deed.

    Raises:
        NotNowError: it is being merged, or decided.
    """
    batch = Import.objects.select_for_update().get(pk=import_id)
    if not may_become(State(batch.state), State.CHECKED):
        raise NotNowError(state=batch.state)
    form = FORMS[batch.form]
    tables = _tables(read_workbook(file_of(batch), name=batch.file_name), form)
    StagedRow.objects.filter(batch=batch).delete()
    counts: Counter[str] = Counter()
    reading = Reading(form=form, division=batch.division, on=timezone.localdate(batch.uploaded_at))
    copy_rows(table=StagedRow._meta.db_table, columns=_COLUMNS, rows=_staged(batch, tables, reading, counts))
    batch.counts = {"ready": 0, "faulty": 0, "notes": 0, **counts}
    batch.state = State.CHECKED.value
    batch.save(update_fields=["counts", "state"])
    record_deed(
        officer=batch.uploaded_by, action="intake.checked", at=at, county=chain_of(batch.division),
        object_id=batch.pk, **batch.counts,
    )  # fmt: skip
    return batch


def _staged(
    batch: Import, tables: list[Table], reading: Reading, counts: Counter[str]
) -> Iterator[tuple[Any, ...]]:
    for sheet, header in tables:
        for row in rows_under(sheet, header):
            cells, faults = read_row(reading, row.number, _in_yuan(row, header))
            outcome = Outcome.FAULTY if stops(faults) else Outcome.READY
            counts.update(rows=1, notes=len(faults), **{outcome.value: 1})
            yield _values(batch, sheet.name, row.number, cells, faults, outcome)


def _in_yuan(row: Row, header: Header) -> dict[str, str]:
    """Write the 万 of a title (月收入（万元）) into its cells, where no cell says so itself."""
    return {
        key: f"{text}万" if text and "万" not in text and "万" in header.unit_of(key) else text
        for key, text in row.cells.items()
    }


def _values(
    batch: Import, sheet: str, number: int, cells: dict[str, str], faults: list[Fault], outcome: Outcome
) -> tuple[Any, ...]:
    private = {key: text for key, text in cells.items() if key in PRIVATE_KEYS and text}
    open_cells = {key: text for key, text in cells.items() if key not in PRIVATE_KEYS and text}
    sealed = vault().seal("private", json.dumps(private, ensure_ascii=False)) if private else None
    stored = Jsonb([fault.as_json() for fault in faults])
    return batch.pk, batch.division, sheet, number, Jsonb(open_cells), sealed, stored, outcome.value
