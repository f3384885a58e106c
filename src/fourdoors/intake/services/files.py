"""A file comes in: guarded, known or new, sealed."""

import hashlib
from datetime import datetime
from typing import ClassVar, NoReturn

from django.db import connection, transaction
from django.utils import timezone

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import chain_of
from fourdoors.accounts.services import record_deed
from fourdoors.engines.sheets import FORMS, read_workbook
from fourdoors.engines.sheets.columns import find_header
from fourdoors.engines.sheets.mapping import rows_through
from fourdoors.intake.models import Import
from fourdoors.intake.rules import MERGEABLE_FORMS, State
from fourdoors.intake.selectors import form_of
from fourdoors.intake.services.columns import (
    HeaderIncompleteError,
    HeaderUnknownError,
    Layout,
    layout_of,
    memory_of,
)
from fourdoors.intake.services.masked import refuse_masked_book, refuse_masked_tables
from fourdoors.intake.services.reading import sound_mapping
from fourdoors.intake.services.sealed import sealed_file
from fourdoors.kernel.divisions import Level, ancestor_of, level_of
from fourdoors.kernel.errors import RuleError

_LOCK = 0x46440001  # one number for this room, beside the division's
_COUNTY_WIDTH = 10**6


class FormUnknownError(RuleError):
    """No such form, or one that nothing is merged from."""

    code: ClassVar[str] = "form_unknown"


class HealthNotTakenError(RuleError):
    """A health record: its answers are for health duty alone; no sealed copy of it is kept either."""

    code: ClassVar[str] = "health_not_taken"


class CoachSheetNotTakenError(RuleError):
    """A coach and its handover come from the trip's own page, with its fleet and its three signatures."""

    code: ClassVar[str] = "coach_sheet_not_taken"


class ClassPaperNotTakenError(RuleError):
    """A paper of a class that says too little: neither the order nor the occupation, nor who issued it."""

    code: ClassVar[str] = "class_paper_not_taken"


_NEVER_READ: dict[str, type[RuleError]] = {
    "p2p_manifest_vehicle": CoachSheetNotTakenError,
    "p2p_handover": CoachSheetNotTakenError,
    "training_certificates": ClassPaperNotTakenError,
    "class_application": ClassPaperNotTakenError,
}  # each form of the field that is a paper only, with the reason; the health record stands for itself
_HEALTH_FORM = "health_followup"


class OutsideTerritoryError(RuleError):
    """An officer brings files in for the own territory only."""

    code: ClassVar[str] = "outside_territory"


class AlreadyBroughtInError(RuleError):
    """The same bytes came in before, for the same division and form."""

    code: ClassVar[str] = "already_brought_in"


@transaction.atomic
def receive_file(
    *,
    form: str,
    division: int,
    data: bytes,
    name: str,
    at: datetime,
    by: Officer | None = None,
    mapping: str = "",
) -> Import:
    """Take a workbook in for one division; nothing of it is kept but sealed.

    The county is locked until the transaction ends: the same file sent twice at the same moment comes in
    once. A file that was refused before may come again. Where its columns are not certain it waits, received,
    for ``confirm_columns``; else it is mapped and may be read.

    Args:
        form: key of ``engines.sheets.FORMS``; one of ``MERGEABLE_FORMS``.
        division: 12-digit code that the file speaks for.
        data: the file.
        name: its name.
        at: the moment of the deed; its day is the day that ages are counted on.
        by: the officer who answers for it; None from the command line.
        mapping: the text of a mapping file, where the file has columns of its own.

    Raises:
        FormUnknownError: nothing is merged from such a form.
        HealthNotTakenError, CoachSheetNotTakenError, ClassPaperNotTakenError: nor from these, and why.
        OutsideTerritoryError: the division is not the officer's.
        AlreadyBroughtInError: these bytes are in already; nothing changed.
        SheetError: the file cannot be read (one class for each cause).
        HeaderUnknownError: no sheet has the columns of this form.
        HeaderIncompleteError: columns that are needed are absent.
        MaskedFileError: its identity numbers or phones are masked.
        MappingUnsoundError: the mapping is none. MappingMisfitError: it does not fit the file.
    """
    if form not in MERGEABLE_FORMS:
        _refuse_form(form, data, name)
    if by is not None and division not in by.jurisdiction:
        raise OutsideTerritoryError(division=division)
    lock_county(division)
    digest = hashlib.sha256(data).hexdigest()
    _refuse_known(form, division, digest)
    layout = _layout(data, name, form, division, mapping)
    batch = Import.objects.create(
        form=form,
        division=division,
        file_name=name,
        file_hash=digest,
        file_cipher=sealed_file(data),
        columns_cipher=layout.sealed() if layout.tables else None,
        state=(State.MAPPED if layout.is_certain else State.RECEIVED).value,
        mapping={**layout.as_json(), "file": mapping},
        dropped=layout.dropped,
        uploaded_by=by,
        uploaded_at=at,
    )
    record_deed(
        officer=by, action="intake.received", at=at, county=chain_of(division), object_id=batch.pk,
        form=form, division=division, hash=digest,
    )  # fmt: skip
    return batch


def _refuse_form(form: str, data: bytes, name: str) -> NoReturn:
    """Say why nothing is merged from a form; of a health record, which columns would have to go."""
    if form == _HEALTH_FORM:
        raise HealthNotTakenError(name=name, columns="、".join(_health_columns(data, name)))
    raise _NEVER_READ.get(form, FormUnknownError)(form=FORMS[form].title if form in FORMS else form)


def _health_columns(data: bytes, name: str) -> list[str]:
    """Return the titles of the columns of health that a file has, or those that its form prints."""
    form = FORMS[_HEALTH_FORM]
    for sheet in read_workbook(data, name=name).sheets:
        header = find_header(sheet, form.readable)
        if header and header.dropped:
            return [header.titles[at] for at in sorted(header.dropped)]
    return [column.titles[0] for column in form.columns if column.dropped]


def _layout(data: bytes, name: str, form: str, division: int, mapping: str) -> Layout:
    """Return where the columns stand; a mapping file says it by itself."""
    book = read_workbook(data, name=name)
    if mapping:
        next(rows_through(sound_mapping(mapping, FORMS[form]), book.sheets[0]), None)
        return Layout([], is_certain=True)
    try:
        layout = layout_of(book, form_of(form, division), memory_of(form=form, division=division))
    except (HeaderUnknownError, HeaderIncompleteError):
        refuse_masked_book(book, name=name)
        raise
    refuse_masked_tables(layout.tables, name=name)
    return layout


def lock_county(division: int) -> None:
    """Let one import of a county pass at a time, until the transaction ends.

    An import for a whole prefecture or province waits for those of its counties, and they for it: each
    takes the divisions above it for reading and its own for itself, from the top down.
    """
    *above, own = [
        ancestor_of(division, level) // _COUNTY_WIDTH
        for level in (Level.PROVINCE, Level.PREFECTURE, Level.COUNTY)
        if level <= level_of(division)
    ]
    with connection.cursor() as cursor:
        for code in above:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [_LOCK, code])
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, own])


def _refuse_known(form: str, division: int, digest: str) -> None:
    same = Import.objects.filter(form=form, division=division, file_hash=digest)
    if known := same.exclude(state=State.REFUSED.value).order_by("uploaded_at").first():
        raise AlreadyBroughtInError(on=timezone.localdate(known.uploaded_at), number=known.pk)
