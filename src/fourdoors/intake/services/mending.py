"""On the page instead of in the file: a cell is corrected, a finding is explained and signed."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import chain_of
from fourdoors.accounts.services import record_deed
from fourdoors.engines.sheets import FORMS
from fourdoors.intake.models import Amendment, Exemption, Import, StagedRow
from fourdoors.intake.rules import Fault, Severity, State, severity_of
from fourdoors.intake.services.reviewing import refuse_held, take_into_review
from fourdoors.intake.services.sealed import NotNowError
from fourdoors.kernel.divisions import Level, ancestor_of, range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.store.vault import vault

REASON_CHARACTERS = 200
Explained = Mapping[tuple[bytes, str], str]  # hash of the person and code of the check to reason and signer
Amended = Mapping[tuple[str, int], dict[str, str]]  # sheet and row to key and text


class NotExplainableError(RuleError):
    """A finding of this kind is mended, never explained away."""

    code: ClassVar[str] = "finding_not_explainable"


class ReasonMissingError(RuleError):
    """An explanation needs its reason."""

    code: ClassVar[str] = "reason_missing"


class ColumnNotThereError(RuleError):
    """The form has no such column, or one that must not be stored."""

    code: ClassVar[str] = "column_not_there"


@transaction.atomic
def amend_cells(
    *, import_id: int, row_id: int, column: str, text: str, alike: bool, at: datetime, by: Officer
) -> int:
    """Correct a cell of a checked import, and return how many cells that are; then read the rows anew.

    Args:
        import_id: an import that is checked.
        row_id: number of the staged row.
        column: key of the column.
        text: what the cell should say, as one would type it; blank empties it.
        alike: the same correction wherever the same was found in the same column.
        at: the moment of the deed.
        by: the officer who answers for it.

    Raises:
        NotNowError: the import is not checked, or decided.
        InReviewError: another officer has it in review.
        ColumnNotThereError: no such column, or one that must not be stored.
    """
    batch = _in_review(import_id, at, by)
    if not any(it.key == column and not it.dropped for it in FORMS[batch.form].readable):
        raise ColumnNotThereError(column=column)
    row = StagedRow.objects.get(batch=batch, pk=row_id)
    rows = _alike(batch, row, column) if alike else [row]
    sealed = vault().seal("private", text.strip())
    amendments = [
        Amendment(
            batch=batch, division=batch.division, sheet=one.sheet, number=one.number, column=column,
            text_cipher=sealed, amended_by=by, amended_at=at,
        )
        for one in rows
    ]  # fmt: skip
    Amendment.objects.bulk_create(
        amendments,
        update_conflicts=True,
        unique_fields=["batch", "sheet", "number", "column"],
        update_fields=["text_cipher", "amended_by", "amended_at"],
    )
    record_deed(
        officer=by, action="intake.amended", at=at, county=chain_of(batch.division), object_id=batch.pk,
        column=column, cells=len(rows),
    )  # fmt: skip
    return len(rows)


def _alike(batch: Import, row: StagedRow, column: str) -> list[StagedRow]:
    """Return the rows with the same finding about the same text in this column; the row itself at least."""
    found = [fault for fault in row.faults if fault["column"] == column]
    same = [one for fault in found for one in _rows_with(batch, fault)]
    return list({one.pk: one for one in (row, *same)}.values())


def _rows_with(batch: Import, fault: Mapping[str, object]) -> Sequence[StagedRow]:
    sought = {"column": fault["column"], "code": fault["code"], "values": fault["values"]}
    return list(StagedRow.objects.filter(batch=batch, faults__contains=[sought]))


@transaction.atomic
def explain_finding(
    *,
    import_id: int,
    column: str,
    code: str,
    reason: str,
    at: datetime,
    by: Officer,
    row_id: int | None = None,
) -> int:
    """Explain a finding and sign it (豁免), and return of how many rows; then read the rows anew.

    The county keeps it with the person: the same finding is not asked again when the next file comes.

    Args:
        import_id: an import that is checked.
        column: key of the column of the finding.
        code: of the check.
        reason: why the row is right all the same.
        at: the moment of the deed.
        by: the officer who signs.
        row_id: one staged row; None for every row with this finding.

    Raises:
        NotExplainableError: a finding of this kind is mended, never explained away.
        ReasonMissingError: no reason.
        NotNowError: the import is not checked, or decided.
        InReviewError: another officer has it in review.
    """
    if severity_of(code) is not Severity.EXPLAIN:
        raise NotExplainableError(code=code)
    if not reason.strip():
        raise ReasonMissingError
    batch = _in_review(import_id, at, by)
    rows = StagedRow.objects.filter(batch=batch, faults__contains=[{"column": column, "code": code}])
    if row_id is not None:
        rows = rows.filter(pk=row_id)
    exemptions = [
        Exemption(
            division=batch.division, form=batch.form, code=code, identity_hash=person,
            reason=reason.strip()[:REASON_CHARACTERS], signed_by=by, signed_at=at,
        )
        for person in _people(rows)
    ]  # fmt: skip
    Exemption.objects.bulk_create(exemptions, ignore_conflicts=True)
    record_deed(
        officer=by, action="intake.explained", at=at, county=chain_of(batch.division), object_id=batch.pk,
        code=code, rows=len(exemptions),
    )  # fmt: skip
    return len(exemptions)


def _people(rows: Iterable[StagedRow]) -> Iterator[bytes]:
    for row in rows:
        private = json.loads(vault().open("private", row.private_cipher)) if row.private_cipher else {}
        if number := private.get("identity"):
            yield vault().hash("identity", number)


def _in_review(import_id: int, at: datetime, by: Officer) -> Import:
    """Return a checked import, locked; whoever mends it has it in review from then on."""
    batch = Import.objects.select_for_update().get(pk=import_id)
    refuse_held(batch, by)
    if batch.state not in (State.CHECKED, State.IN_REVIEW):
        raise NotNowError(state=batch.state)
    take_into_review(batch, at=at, by=by)
    return batch


def exemptions_for(batch: Import) -> Explained:
    """Return what officers of the county explained about the people of such files."""
    county = range_of(ancestor_of(batch.division, Level.COUNTY))
    known = Exemption.objects.filter(form=batch.form, division__gte=county.lo, division__lt=county.hi)
    return {
        (bytes(one.identity_hash), one.code): f"{one.reason}({one.signed_by})"
        for one in known.select_related("signed_by").order_by("signed_at")
    }


def explained(faults: list[Fault], identity: str, known: Explained) -> list[Fault]:
    """Return the findings of a row, with what was explained about this person before."""
    if not identity or all(fault.severity is not Severity.EXPLAIN for fault in faults):
        return faults
    person = vault().hash("identity", identity)
    return [
        Fault(fault.column, fault.code, fault.values, known.get((person, fault.code), ""))
        if fault.severity is Severity.EXPLAIN
        else fault
        for fault in faults
    ]


def amendments_of(batch: Import) -> Amended:
    """Return the cells that were corrected on the page."""
    found: dict[tuple[str, int], dict[str, str]] = {}
    for one in Amendment.objects.filter(batch=batch):
        text = vault().open("private", one.text_cipher)
        found.setdefault((one.sheet, one.number), {})[one.column] = text
    return found
