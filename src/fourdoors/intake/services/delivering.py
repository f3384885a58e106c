"""Rows that a program delivers: no file and no columns to find, but the same checks as a file's rows."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import ClassVar

from django.db import transaction
from django.utils import timezone

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import chain_of
from fourdoors.accounts.services import record_deed
from fourdoors.engines.sheets import FORMS, Form
from fourdoors.engines.sheets.cells import tidy
from fourdoors.engines.sheets.columns import plain_title
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.rules import (
    DELIVERED_ROWS,
    DELIVERED_TEXT,
    Fault,
    Outcome,
    Reading,
    State,
    households_without_head,
    read_row,
    stops,
)
from fourdoors.intake.services.files import OutsideTerritoryError, lock_county
from fourdoors.intake.services.mending import exemptions_for, explained
from fourdoors.intake.services.reading import STAGED_COLUMNS, staged_values
from fourdoors.kernel.divisions import find_division
from fourdoors.kernel.errors import RuleError
from fourdoors.store.copying import copy_rows, reserve_ids

UNKNOWN = "unknown"  # why a field is dropped that the form does not have
_FIELDS_NAMED = 100  # dropped fields that are named; a program does not send more by mistake
_FIELD_SHOWN = 60
Cells = dict[str, str]
Checked = tuple[int, Cells, list[Fault], Outcome]


class DeliveryRowsError(RuleError):
    """No row, or more than are taken at once."""

    code: ClassVar[str] = "delivery_rows"


class DeliveryTextError(RuleError):
    """A field of a row is no text, too long, or holds signs that nobody can write."""

    code: ClassVar[str] = "delivery_text"


class RequestKeyUsedError(RuleError):
    """Other rows were delivered under this key."""

    code: ClassVar[str] = "request_key_used"


@dataclass(frozen=True)
class Received:
    """What became of a delivery.

    Attributes:
        batch: its import, about to be merged, or as it was when the same request came before.
        is_known: the same request came before; nothing was written.
    """

    batch: Import
    is_known: bool


@transaction.atomic
def receive_rows(
    *,
    form: str,
    division: int,
    rows: Sequence[Mapping[str, object]],
    request_key: str,
    at: datetime,
    by: Officer,
    token: int | None = None,
) -> Received:
    """Check the rows that a program sends and keep them, sealed, as an import that is being merged.

    The step that merges the form goes on in the same transaction. Fields that must not be stored, and those
    that the form does not have, are dropped before anything is looked at. The same key with the same rows is
    the same request and changes nothing; the county is locked, so it cannot pass twice at one moment.

    Args:
        form: key of ``engines.sheets.FORMS``.
        division: 12-digit code that the rows speak for.
        rows: key of the column to text, as a cadre would write it in the form.
        request_key: what the program calls this request; one of its own.
        at: the moment of the deed; its day is the day that ages are counted on.
        by: the officer in whose name the program sends.
        token: number of the program's token.

    Raises:
        OutsideTerritoryError: the division is not the officer's, or none at all.
        DeliveryRowsError: no row, or more than ``DELIVERED_ROWS``.
        DeliveryTextError: a field is no text that can be kept.
        RequestKeyUsedError: other rows came under this key.
    """
    if division not in by.jurisdiction or find_division(division) is None:
        raise OutsideTerritoryError(division=division)
    if not 0 < len(rows) <= DELIVERED_ROWS:
        raise DeliveryRowsError(rows=len(rows), limit=DELIVERED_ROWS)
    digest = hashlib.sha256(json.dumps([form, division, list(rows)], sort_keys=True).encode()).hexdigest()
    batch = Import(
        form=form, division=division, file_name=request_key, file_hash=digest, request_key=request_key,
        state=State.MERGING.value, mapping={"sheets": {}, "file": ""}, dropped=_dropped(FORMS[form], rows),
        uploaded_by=by, uploaded_at=at, decided_by=by, decided_at=at,
    )  # fmt: skip
    (batch.pk,) = reserve_ids(table=Import._meta.db_table, count=1)
    staged = [staged_values(batch, "", *row) for row in _checked(batch, rows)]  # before anybody waits for us
    lock_county(division)
    if known := Import.objects.filter(uploaded_by=by, request_key=request_key).first():
        if known.file_hash != digest:
            raise RequestKeyUsedError(number=known.pk)
        return Received(known, is_known=True)
    batch.save(force_insert=True)
    copy_rows(table=StagedRow._meta.db_table, columns=STAGED_COLUMNS, rows=staged)
    record_deed(
        officer=by, action="intake.delivered", at=at, county=chain_of(division), object_id=batch.pk,
        form=form, division=division, hash=digest, token=token, rows=len(rows),
    )  # fmt: skip
    return Received(batch, is_known=False)


def _dropped(form: Form, rows: Sequence[Mapping[str, object]]) -> list[dict[str, str]]:
    """Return the fields that are not read: each once, with the reason; nothing of what they hold."""
    kept, never = _fields(form)
    names = dict.fromkeys(name for row in rows for name in row if name not in kept)
    return [
        {"sheet": "", "title": _shown(name), "reason": never.get(plain_title(name), UNKNOWN)}
        for name in list(names)[:_FIELDS_NAMED]
    ]


@cache
def _fields(form: Form) -> tuple[frozenset[str], dict[str, str]]:
    """Return the keys that are read; and those that must never be stored, as keys or titles, with why."""
    never = {
        plain_title(name): column.dropped
        for column in form.readable
        if column.dropped
        for name in (column.key, *column.titles)
    }
    return frozenset(column.key for column in form.readable if not column.dropped), never


def _shown(name: str) -> str:
    return "".join(sign for sign in name if sign.isprintable())[:_FIELD_SHOWN]


def _checked(batch: Import, rows: Sequence[Mapping[str, object]]) -> Iterator[Checked]:
    """Yield the rows as they are kept; after the last of them the import has its counts."""
    form = FORMS[batch.form]
    kept, _never = _fields(form)
    cells = [_texts(row, number, kept) for number, row in enumerate(rows, 1)]
    reading = Reading(form=form, division=batch.division, on=timezone.localdate(batch.uploaded_at))
    reading.headless = households_without_head(cells)
    known_reasons = exemptions_for(batch)
    counts = Counter(rows=len(rows), ready=0, faulty=0, notes=0)
    for number, raw in enumerate(cells, 1):
        read, faults = read_row(reading, number, raw)
        faults = explained(faults, read.get("identity", ""), known_reasons)
        outcome = Outcome.FAULTY if stops(faults) else Outcome.READY
        counts.update({"notes": len(faults), outcome.value: 1})
        yield number, read, faults, outcome
    batch.counts = dict(counts)


def _texts(row: Mapping[str, object], number: int, kept: frozenset[str]) -> Cells:
    cells = {}
    for key, text in row.items():
        if key not in kept:
            continue
        if not isinstance(text, str) or len(text) > DELIVERED_TEXT or not _may_be_kept(text):
            raise DeliveryTextError(row=number, field=key, limit=DELIVERED_TEXT)
        cells[key] = tidy(text)
    return cells


def _may_be_kept(text: str) -> bool:
    """Tell whether the database takes a text: no zero sign, no half of a letter."""
    return "\0" not in text and (text.isascii() or text.encode("utf-8", "replace").decode() == text)
