"""The rows of a file: found under their header or through a mapping, checked, kept until somebody decides."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from fourdoors.accounts.rules import chain_of
from fourdoors.accounts.services import record_deed
from fourdoors.engines.sheets import FORMS, Form, Workbook, read_workbook, rows_under
from fourdoors.engines.sheets.forms import NATIONAL_MEMBER_EXPORT
from fourdoors.engines.sheets.mapping import MappedRow, SheetMapping, mapping_from_yaml, rows_through
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.rules import (
    PRIVATE_KEYS,
    Code,
    Fault,
    Outcome,
    Reading,
    State,
    households_without_head,
    may_become,
    read_row,
    stops,
)
from fourdoors.intake.services.columns import HeaderUnknownError, tables_of
from fourdoors.intake.services.mending import (
    Amended,
    Explained,
    amendments_of,
    exemptions_for,
    explained,
)
from fourdoors.intake.services.sealed import NotNowError, file_of
from fourdoors.store.copying import copy_rows
from fourdoors.store.vault import vault

STAGED_COLUMNS = ("batch_id", "division", "sheet", "number", "cells", "private_cipher", "faults", "outcome")
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


def sound_mapping(text: str, form: Form) -> SheetMapping:
    """Read a mapping file that feeds this form.

    Raises:
        MappingUnsoundError: it is none.
        HeaderUnknownError: it feeds another form.
    """
    mapping = mapping_from_yaml(text)
    if mapping.target != form.key:
        raise HeaderUnknownError(name=mapping.name, form=form.title)
    return mapping


@transaction.atomic
def stage_rows(*, import_id: int, at: datetime) -> Import:
    """Read the rows of an import, check each, and keep them until somebody decides.

    Identity numbers and phones are sealed before anything is written. Columns that must not be stored are
    never read beyond their title. Done again, it starts from the file anew.

    Args:
        import_id: an import whose columns are known, or one that is checked or failed.
        at: the moment of the deed.

    Raises:
        NotNowError: it is being merged, or decided.
    """
    batch = Import.objects.select_for_update().get(pk=import_id)
    if not may_become(State(batch.state), State.CHECKED):
        raise NotNowError(state=batch.state)
    StagedRow.objects.filter(batch=batch).delete()
    counts: Counter[str] = Counter()
    book = read_workbook(file_of(batch), name=batch.file_name)  # read whole before the COPY begins
    mended = amendments_of(batch), exemptions_for(batch)
    rows = _staged(batch, book, counts, *mended)
    copy_rows(table=StagedRow._meta.db_table, columns=STAGED_COLUMNS, rows=rows)
    batch.counts = {"rows": 0, "ready": 0, "faulty": 0, "notes": 0, **counts}
    batch.state = (State.IN_REVIEW if batch.reviewed_by_id else State.CHECKED).value
    batch.save(update_fields=["counts", "state"])
    record_deed(
        officer=batch.uploaded_by, action="intake.checked", at=at, county=chain_of(batch.division),
        object_id=batch.pk, **batch.counts,
    )  # fmt: skip
    return batch


@transaction.atomic
def ask_for_reading(*, import_id: int) -> None:
    """Say that the rows of a checked import are to be read anew; the queue does it.

    Raises:
        NotNowError: it is being merged, or decided.
    """
    batch = Import.objects.select_for_update().get(pk=import_id)
    if not may_become(State(batch.state), State.MAPPED):
        raise NotNowError(state=batch.state)
    batch.state = State.MAPPED.value
    batch.save(update_fields=["state"])


def _staged(
    batch: Import, book: Workbook, counts: Counter[str], amended: Amended, known_reasons: Explained
) -> Iterator[tuple[Any, ...]]:
    form = FORMS[batch.form]
    reading = Reading(form=form, division=batch.division, on=timezone.localdate(batch.uploaded_at))
    if form is NATIONAL_MEMBER_EXPORT:
        rows = _rows(book, form, batch.mapping)
        reading.headless = households_without_head(cells for _, _, cells, _ in rows)
    for sheet, number, raw, known in _rows(book, form, batch.mapping):
        better = amended.get((sheet, number), {})
        open_faults = [fault for fault in known if fault.column not in better]
        cells, faults = read_row(reading, number, raw | better, open_faults)
        faults = explained(faults, cells.get("identity", ""), known_reasons)
        outcome = Outcome.FAULTY if stops(faults) else Outcome.READY
        counts.update(rows=1, notes=len(faults), **{outcome.value: 1})
        yield staged_values(batch, sheet, number, cells, faults, outcome)


def _rows(book: Workbook, form: Form, mapping: dict[str, Any]) -> Iterator[RawRow]:
    if mapping["file"]:
        read, sheet = sound_mapping(mapping["file"], form), book.sheets[0]
        for mapped in rows_through(read, sheet):
            yield sheet.name, mapped.number, mapped.cells, _known(read, mapped)
        return
    for sheet, header in tables_of(book, form, mapping):
        in_wan = [key for key, unit in header.units.items() if "万" in unit]
        for row in rows_under(sheet, header):
            yield sheet.name, row.number, _with_unit(row.cells, in_wan), []


def _with_unit(cells: dict[str, str], in_wan: Sequence[str]) -> dict[str, str]:
    """Write the 万 of a title (月收入（万元）) into its cells, where no cell says so itself."""
    said = {key: f"{text}万" for key in in_wan if (text := cells[key]) and "万" not in text}
    return cells | said if said else cells


def _known(mapping: SheetMapping, row: MappedRow) -> list[Fault]:
    return [
        Fault(fault.key, _MAPPING_CODES[fault.code], {"text": fault.text[:_TEXT_SHOWN]})
        if fault.code in _MAPPING_CODES
        else Fault(fault.key, Code.MAPPING_REASON, {"reason": fault.code, **mapping.reasons[fault.code]})
        for fault in row.faults
    ]


def staged_values(
    batch: Import, sheet: str, number: int, cells: dict[str, str], faults: list[Fault], outcome: Outcome
) -> tuple[Any, ...]:
    """Return a checked row as ``STAGED_COLUMNS`` keep it, its private cells sealed."""
    private = {key: text for key, text in cells.items() if key in PRIVATE_KEYS and text}
    open_cells = {key: text for key, text in cells.items() if key not in PRIVATE_KEYS and text}
    sealed = vault().seal("private", json.dumps(private, ensure_ascii=False)) if private else None
    stored = Jsonb([fault.as_json() for fault in faults])
    return batch.pk, batch.division, sheet, number, Jsonb(open_cells), sealed, stored, outcome.value
