"""The rows of a file: found under their header or through a mapping, checked, kept until somebody decides."""

import base64
import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

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
from fourdoors.engines.sheets.mapping import MappedRow, SheetMapping, mapping_from_yaml, rows_through
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.rules import (
    PRIVATE_KEYS,
    Code,
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

_COLUMNS = ("batch_id", "division", "sheet", "number", "cells", "private_cipher", "faults", "outcome")
_MAPPING_CODES = {
    "blank": Code.MISSING,
    "no_number": Code.MAPPING_NO_NUMBER,
    "no_date": Code.MAPPING_NO_DATE,
    "unknown_value": Code.MAPPING_UNKNOWN_VALUE,
    "out_of_range": Code.MAPPING_OUT_OF_RANGE,
    "out_of_order": Code.MAPPING_OUT_OF_ORDER,
}
_TEXT_SHOWN = 60
RawRow = tuple[str, int, dict[str, str], list[Fault]]  # sheet, number of the row, cells, faults known already


class NotNowError(RuleError):
    """The import is not where this deed begins: it is decided already, or still being read."""

    code: ClassVar[str] = "import_not_now"


class HeaderUnknownError(RuleError):
    """None of the first ten rows of any sheet names the columns of the form."""

    code: ClassVar[str] = "header_unknown"


class HeaderIncompleteError(RuleError):
    """The header lacks columns without which no row means anything."""

    code: ClassVar[str] = "header_incomplete"


def file_of(batch: Import) -> bytes:
    """Return the file as it was sent; ``batch.file_cipher`` is there until it is forgotten."""
    return base64.b64decode(vault().open("file", batch.file_cipher or b""))


def layout_of(
    book: Workbook, form: Form, mapping: str
) -> tuple[dict[str, dict[str, int]], list[dict[str, str]]]:
    """Return where each key stands on each sheet, and the columns that are not stored.

    Raises:
        HeaderUnknownError: no sheet has the columns of this form.
        HeaderIncompleteError: columns that are needed are absent.
        MappingUnsoundError: the mapping is none. MappingMisfitError: it does not fit the first sheet.
    """
    if mapping:
        next(rows_through(_mapping(mapping, form), book.sheets[0]), None)
        return {}, []
    tables = _tables(book, form)
    dropped = [
        {"sheet": sheet.name, "title": header.titles[column], "reason": reason}
        for sheet, header in tables
        for column, reason in header.dropped.items()
    ]
    return {sheet.name: header.places for sheet, header in tables}, dropped


def _mapping(text: str, form: Form) -> SheetMapping:
    mapping = mapping_from_yaml(text)
    if mapping.target != form.key:
        raise HeaderUnknownError(name=mapping.name, form=form.title)
    return mapping


def _tables(book: Workbook, form: Form) -> list[tuple[Sheet, Header]]:
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
    StagedRow.objects.filter(batch=batch).delete()
    counts: Counter[str] = Counter()
    copy_rows(table=StagedRow._meta.db_table, columns=_COLUMNS, rows=_staged(batch, counts))
    batch.counts = {"rows": 0, "ready": 0, "faulty": 0, "notes": 0, **counts}
    batch.state = State.CHECKED.value
    batch.save(update_fields=["counts", "state"])
    record_deed(
        officer=batch.uploaded_by, action="intake.checked", at=at, county=chain_of(batch.division),
        object_id=batch.pk, **batch.counts,
    )  # fmt: skip
    return batch


def _staged(batch: Import, counts: Counter[str]) -> Iterator[tuple[Any, ...]]:
    form = FORMS[batch.form]
    reading = Reading(form=form, division=batch.division, on=timezone.localdate(batch.uploaded_at))
    book = read_workbook(file_of(batch), name=batch.file_name)
    for sheet, number, raw, known in _rows(book, form, batch.mapping["file"]):
        cells, faults = read_row(reading, number, raw, known)
        outcome = Outcome.FAULTY if stops(faults) else Outcome.READY
        counts.update(rows=1, notes=len(faults), **{outcome.value: 1})
        yield _values(batch, sheet, number, cells, faults, outcome)


def _rows(book: Workbook, form: Form, mapping: str) -> Iterator[RawRow]:
    if mapping:
        read, sheet = _mapping(mapping, form), book.sheets[0]
        for mapped in rows_through(read, sheet):
            yield sheet.name, mapped.number, mapped.cells, _known(read, mapped)
        return
    for sheet, header in _tables(book, form):
        for row in rows_under(sheet, header):
            yield sheet.name, row.number, _with_unit(row, header), []


def _with_unit(row: Row, header: Header) -> dict[str, str]:
    """Write the 万 of a title (月收入（万元）) into its cells, where no cell says so itself."""
    return {
        key: f"{text}万" if text and "万" not in text and "万" in header.unit_of(key) else text
        for key, text in row.cells.items()
    }


def _known(mapping: SheetMapping, row: MappedRow) -> list[Fault]:
    return [
        Fault(fault.key, _MAPPING_CODES[fault.code], {"text": fault.text[:_TEXT_SHOWN]})
        if fault.code in _MAPPING_CODES
        else Fault(fault.key, Code.MAPPING_REASON, {"reason": fault.code, **mapping.reasons[fault.code]})
        for fault in row.faults
    ]


def _values(
    batch: Import, sheet: str, number: int, cells: dict[str, str], faults: list[Fault], outcome: Outcome
) -> tuple[Any, ...]:
    private = {key: text for key, text in cells.items() if key in PRIVATE_KEYS and text}
    open_cells = {key: text for key, text in cells.items() if key not in PRIVATE_KEYS and text}
    sealed = vault().seal("private", json.dumps(private, ensure_ascii=False)) if private else None
    stored = Jsonb([fault.as_json() for fault in faults])
    return batch.pk, batch.division, sheet, number, Jsonb(open_cells), sealed, stored, outcome.value
