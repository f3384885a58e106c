"""The way back: the same workbook with a note beside each wrong cell; and the end of the sealed files."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from fourdoors.accounts.services import record_deed
from fourdoors.engines.sheets import Change, Note, Receipt, annotate
from fourdoors.intake.models import Import
from fourdoors.intake.rules import FILE_KEPT_DAYS, Fault
from fourdoors.intake.selectors import rows_with_faults
from fourdoors.intake.services.mending import amendments_of
from fourdoors.intake.services.sealed import file_of

_RECEIPT = Receipt()


def annotated_workbook(
    *,
    batch: Import,
    say: Callable[[Fault], str],
    summary: Sequence[tuple[str, str]] = (),
    receipt: Receipt = _RECEIPT,
) -> bytes:
    """Return the workbook as it was sent, with one note for each fault and a sheet that lists them.

    What was corrected on the page stands in it, until the import is closed: it may be sent in again as it is.

    Args:
        batch: any import whose file is still there.
        say: returns the words of a fault; the faces have them.
        summary: label and value pairs on top of the list.
        receipt: the words around the list.

    Raises:
        FileGoneError: the file was forgotten.
    """
    data = file_of(batch)
    notes = [
        Note(row.sheet, row.number, _place(batch, row.sheet, fault.column), say(fault))
        for row in rows_with_faults(batch)
        for fault in (Fault(**stored) for stored in row.faults)
    ]
    return annotate(
        data, name=batch.file_name, notes=notes, summary=summary, changes=_changes(batch), receipt=receipt
    )


def _changes(batch: Import) -> list[Change]:
    """Return what was corrected on the page; a column that the file does not have cannot be written."""
    return [
        Change(sheet, row, column, text)
        for (sheet, row), cells in amendments_of(batch).items()
        for key, text in cells.items()
        if (column := batch.mapping["sheets"].get(sheet, {}).get(key))
    ]


def _place(batch: Import, sheet: str, key: str) -> int:
    """Return the column of a key; where the file lacks it, that of the identity number, or the first."""
    places: dict[str, int] = batch.mapping["sheets"].get(sheet, {})
    return places.get(key) or places.get("identity") or 1


@transaction.atomic
def forget_files(*, at: datetime) -> int:
    """Take away the sealed files of imports that were decided some weeks ago, and return how many.

    Args:
        at: the moment of the deed; files decided ``FILE_KEPT_DAYS`` before it, or earlier, go.
    """
    old = Import.objects.filter(
        decided_at__lte=at - timedelta(days=FILE_KEPT_DAYS), file_cipher__isnull=False
    )
    count = old.update(file_cipher=None)
    if count:
        record_deed(officer=None, action="intake.files_forgotten", at=at, files=count)
    return count
