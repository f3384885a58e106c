"""Where each column of a file stands: its titles say so, or somebody confirmed it, now or before."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import chain_of
from fourdoors.accounts.services import record_deed
from fourdoors.engines.sheets import (
    FORMS,
    Form,
    Header,
    Proposal,
    Sheet,
    Workbook,
    header_with,
    propose,
)
from fourdoors.engines.sheets.columns import plain_title
from fourdoors.engines.sheets.workbook import letters
from fourdoors.intake.models import Import
from fourdoors.intake.rules import FILE_KEPT_DAYS, State, may_become
from fourdoors.intake.rules.cells import masked_sample
from fourdoors.intake.services.reviewing import refuse_held
from fourdoors.intake.services.sealed import FileGoneError, NotNowError
from fourdoors.kernel.divisions import Level, ancestor_of, range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.store.vault import vault

SAMPLES = 3
Keys = dict[str, int]  # key to number of the column, from 1
Memory = Callable[[str], Keys | None]  # the print of a header to the columns that somebody confirmed


class HeaderUnknownError(RuleError):
    """None of the first ten rows of any sheet names the columns of the form."""

    code: ClassVar[str] = "header_unknown"


class HeaderIncompleteError(RuleError):
    """The header lacks columns without which no row means anything."""

    code: ClassVar[str] = "header_incomplete"


class ColumnTwiceError(RuleError):
    """Two columns of a sheet were given the same meaning."""

    code: ClassVar[str] = "column_twice"


@dataclass(frozen=True)
class Layout:
    """What an import keeps of its columns.

    Attributes:
        tables: each sheet that is read, with its header.
        is_certain: False where somebody has to confirm the columns first.
    """

    tables: list[tuple[Sheet, Header]]
    is_certain: bool

    def as_json(self) -> dict[str, Any]:
        """Return it as an import stores it: no cell is in it, titles only as a print."""
        return {
            "sheets": {sheet.name: header.places for sheet, header in self.tables},
            "rows": {sheet.name: header.row for sheet, header in self.tables},
            "prints": {sheet.name: print_of(header) for sheet, header in self.tables},
        }

    def sealed(self) -> bytes:
        """Return what the page shows of the columns, sealed: titles and first cells, long numbers masked."""
        shown = {sheet.name: _shown(sheet, header) for sheet, header in self.tables}
        return vault().seal("private", json.dumps(shown, ensure_ascii=False))

    @property
    def dropped(self) -> list[dict[str, str]]:
        """Return the columns that must not be stored: sheet, title and reason."""
        return [
            {"sheet": sheet.name, "title": header.titles[at], "reason": reason}
            for sheet, header in self.tables
            for at, reason in header.dropped.items()
        ]


def print_of(header: Header) -> str:
    """Return the fingerprint of a header: its titles and their places; blank where there is none."""
    if not header.row:
        return ""
    said = "\x1f".join(f"{at}:{plain_title(title)}" for at, title in sorted(header.titles.items()))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def memory_of(*, form: str, division: int) -> Memory:
    """Return what a county remembers of the headers of a form: the last that somebody confirmed."""
    county = range_of(ancestor_of(division, Level.COUNTY))
    known = Import.objects.filter(form=form, division__gte=county.lo, division__lt=county.hi)

    def remembered(print_: str) -> Keys | None:
        last = known.filter(mapping__confirmed__has_key=print_).order_by("-pk").only("mapping").first()
        return last.mapping["confirmed"][print_] if last else None

    return remembered


def layout_of(book: Workbook, form: Form, remembered: Memory) -> Layout:
    """Return the sheets that carry the form; hidden sheets are not read.

    Certain are sheets whose titles name every needed column, and those whose header somebody confirmed
    before. Of the others the contents are looked at; they wait for a confirmation.

    Raises:
        HeaderUnknownError: no sheet has the columns of this form.
        HeaderIncompleteError: columns that are needed are absent, and no other column can be meant.
    """
    shown = [sheet for sheet in book.sheets if not sheet.hidden]
    found = [(sheet, known) for sheet in shown if (known := _known(sheet, form, remembered))]
    whole = [(sheet, header) for sheet, (header, is_certain) in found if not header.missing or is_certain]
    if not whole:
        whole = [min(_possible(book, form, found), key=lambda table: len(table[1].missing))]
    certain = {sheet.name for sheet, (_, is_certain) in found if is_certain}
    return Layout(whole, is_certain=all(sheet.name in certain for sheet, _ in whole))


def _known(sheet: Sheet, form: Form, remembered: Memory) -> tuple[Header, bool] | None:
    proposal = propose(sheet, form.readable)
    if proposal is None:
        return None
    header = proposal.header
    if header.row and (keys := remembered(print_of(header))) is not None:
        places = {at: key for key, at in keys.items()}
        return (header_with(sheet, header.row, places, form.readable), True) if keys else None
    by_title = _by_title(sheet, proposal, form)
    return (header, False) if by_title.missing else (by_title, True)


def _by_title(sheet: Sheet, proposal: Proposal, form: Form) -> Header:
    header = proposal.header
    keys = {at: key for at, key in header.keys.items() if at not in proposal.guessed}
    return header_with(sheet, header.row, keys, form.readable)


def _possible(
    book: Workbook, form: Form, found: list[tuple[Sheet, tuple[Header, bool]]]
) -> list[tuple[Sheet, Header]]:
    """Return the sheets whose missing columns may be among those that nobody knows."""
    if not found:
        raise HeaderUnknownError(name=book.name, form=form.title)
    tables = [(sheet, header) for sheet, (header, _) in found]
    possible = [(sheet, header) for sheet, header in tables if len(header.missing) <= len(header.unknown)]
    if not possible:
        fewest = min((header.missing for _, header in tables), key=len)
        raise HeaderIncompleteError(name=book.name, missing=_titles(form, fewest))
    return possible


def _titles(form: Form, keys: tuple[str, ...]) -> str:
    titles = {column.key: column.titles[0] for column in form.readable}
    return "、".join(titles[key] for key in keys)


def tables_of(book: Workbook, form: Form, mapping: Mapping[str, Any]) -> list[tuple[Sheet, Header]]:
    """Return the sheets of an import with the headers that were found or confirmed."""
    sheets = {sheet.name: sheet for sheet in book.sheets}
    return [
        (
            sheets[name],
            header_with(
                sheets[name], mapping["rows"][name], {at: key for key, at in keys.items()}, form.readable
            ),
        )
        for name, keys in mapping["sheets"].items()
    ]


@dataclass(frozen=True)
class ColumnShown:
    """One column as it is shown for confirmation; of one that must not be kept no cell is shown.

    Attributes:
        at: its number, from 1.
        letters: its letters.
        title: as it is written, or blank.
        key: what it is taken for, or blank.
        reason: why it must not be kept, or blank.
        samples: its first cells, long numbers masked.
    """

    at: int
    letters: str
    title: str
    key: str
    reason: str
    samples: tuple[str, ...]


def columns_shown(batch: Import) -> list[tuple[str, list[ColumnShown]]]:
    """Return every table of an import with its columns, as they were seen when it came in.

    Raises:
        FileGoneError: the import is decided, what was kept of its columns is gone.
    """
    batch.refresh_from_db(fields=["columns_cipher"])
    if batch.columns_cipher is None:
        raise FileGoneError(days=FILE_KEPT_DAYS)
    kept = json.loads(vault().open("private", batch.columns_cipher))
    return [(name, _with_keys(kept[name], places)) for name, places in batch.mapping["sheets"].items()]


def _with_keys(columns: Iterable[dict[str, Any]], places: Keys) -> list[ColumnShown]:
    keys = {at: key for key, at in places.items()}
    return [
        ColumnShown(
            letters=letters(column["at"]),
            key=keys.get(column["at"], ""),
            **{**column, "samples": tuple(column["samples"])},
        )
        for column in columns
    ]


def _shown(sheet: Sheet, header: Header) -> list[dict[str, Any]]:
    return [
        {
            "at": at,
            "title": header.titles.get(at, ""),
            "reason": header.dropped.get(at, ""),
            "samples": () if at in header.dropped else _samples(sheet, header.row, at),
        }
        for at in sorted({*header.keys, *header.dropped, *header.unknown})
    ]


def _samples(sheet: Sheet, row: int, at: int) -> tuple[str, ...]:
    rows = range(row + 1, min(len(sheet.rows), row + 50) + 1)
    filled = (text for number in rows if (text := sheet.cell(number, at)))
    return tuple(dict.fromkeys(map(masked_sample, filled)))[:SAMPLES]


@transaction.atomic
def confirm_columns(
    *, import_id: int, chosen: Mapping[str, Mapping[int, str]], at: datetime, by: Officer | None = None
) -> Import:
    """Say which column is which; the county remembers it for the next file with the same header.

    Args:
        import_id: an import that waits for it, or one that is checked and has to be read anew.
        chosen: sheet to number of the column to key; a sheet of which nothing is chosen is left out.
        at: the moment of the deed.
        by: the officer who answers for it.

    Raises:
        NotNowError: it is being merged, or decided.
        InReviewError: another officer has it in review.
        ColumnTwiceError: two columns of a sheet have the same key.
        HeaderIncompleteError: a column that is needed is not among them.
        HeaderUnknownError: nothing is chosen at all.
    """
    batch = Import.objects.select_for_update().get(pk=import_id)
    refuse_held(batch, by)
    if not may_become(State(batch.state), State.MAPPED):
        raise NotNowError(state=batch.state)
    form = FORMS[batch.form]
    known = {column.key for column in form.readable if not column.dropped}
    sheets = {
        name: _places(batch, form, {at: key for at, key in keys.items() if key in known})
        for name, keys in chosen.items()
        if name in batch.mapping["sheets"]
    }
    taken = {name: keys for name, keys in sheets.items() if keys}
    if not taken:
        raise HeaderUnknownError(name=batch.file_name, form=form.title)
    prints = batch.mapping["prints"]
    confirmed = {prints[name]: keys for name, keys in sheets.items() if prints[name]}
    batch.mapping = {**batch.mapping, "sheets": taken, "confirmed": confirmed}
    batch.state = State.MAPPED.value
    batch.save(update_fields=["mapping", "state"])
    record_deed(
        officer=by, action="intake.mapped", at=at, county=chain_of(batch.division), object_id=batch.pk,
        columns=sum(map(len, taken.values())),
    )  # fmt: skip
    return batch


def _places(batch: Import, form: Form, keys: Mapping[int, str]) -> Keys:
    places: Keys = {}
    for at, key in sorted(keys.items()):
        if key in places:
            raise ColumnTwiceError(title=_titles(form, (key,)))
        places[key] = at
    missing = tuple(column.key for column in form.readable if column.required and column.key not in places)
    if places and missing:
        raise HeaderIncompleteError(name=batch.file_name, missing=_titles(form, missing))
    return places
