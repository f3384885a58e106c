"""Any workbook in: sniffed by its content, guarded, read into text cells."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

import python_calamine
from python_calamine import CalamineSheet, CalamineWorkbook, SheetMetadata, SheetTypeEnum, SheetVisibleEnum

from fourdoors.engines.sheets.cells import as_text, tidy
from fourdoors.engines.sheets.errors import (
    SheetBombError,
    SheetEmptyError,
    SheetEncodingError,
    SheetLockedError,
    SheetTooWideError,
    SheetUnreadableError,
)
from fourdoors.engines.sheets.guards import Limits, check_compound, check_package, check_size, gunzip
from fourdoors.engines.sheets.markup import TableReader
from fourdoors.engines.sheets.workbook import Area, Line, Sheet, Workbook, address, tab_name

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_DELIMITERS = (",", "\t", ";", "|", "，")
_TABLE_ROW = re.compile(r"<tr[\s>]", re.IGNORECASE)
_MERGED_ROWS = 5_000_000
_LIMITS = Limits()


def read_workbook(data: bytes, *, name: str, limits: Limits = _LIMITS) -> Workbook:
    """Read any workbook: xlsx, xls, ods, a web page called xls, text with delimiters, also packed by gzip.

    The content decides what it is; a wrong extension does no harm. Formulas are never run:
    the value that the program stored counts. Identity numbers that were typed as numbers come
    back as the broken text they are (see ``cells.as_text``).

    Args:
        data: The file.
        name: Its name, for messages and for the sheet of a text file.
        limits: How large it may be.

    Raises:
        SheetError: One class for each cause, before any memory is spent on it.
    """
    check_size(data, name=name, limits=limits)
    if data.startswith(_GZIP):
        data = gunzip(data, name=name, limits=limits)
        name = name.removesuffix(".gz")
    if data.startswith(_ZIP):
        workbook = _read_package(data, name=name, limits=limits)
    elif data.startswith(_COMPOUND):
        check_compound(data, name=name, limits=limits)
        workbook = Workbook(name, "xls", _sheets(data, name=name))
    else:
        workbook = _read_text(data, name=name, limits=limits)
    if all(sheet.is_blank for sheet in workbook.sheets):
        raise SheetEmptyError(name=name)
    return workbook


def _read_package(data: bytes, *, name: str, limits: Limits) -> Workbook:
    parts = check_package(data, name=name, limits=limits)
    if "xl/workbook.xml" in parts:
        return Workbook(name, "xlsx", _sheets(data, name=name))
    if "content.xml" in parts:
        return Workbook(name, "ods", _sheets(data, name=name))
    raise SheetUnreadableError(name=name)


def _sheets(data: bytes, *, name: str) -> tuple[Sheet, ...]:
    try:
        with CalamineWorkbook.from_object(io.BytesIO(data)) as source:
            return tuple(
                _sheet(source.get_sheet_by_index(index), about)
                for index, about in enumerate(source.sheets_metadata)
                if about.typ is SheetTypeEnum.WorkSheet
            )
    except python_calamine.PasswordError as fault:
        raise SheetLockedError(name=name) from fault
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as fault:  # a panic inside the reader is no Exception
        raise SheetUnreadableError(name=name) from fault


def _sheet(source: CalamineSheet, about: SheetMetadata) -> Sheet:
    merged = tuple(
        (top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in source.merged_cell_ranges or ()
    )
    rows = _filled_down(_trimmed(_lines(source)), merged)
    return Sheet(about.name, rows, about.visible is not SheetVisibleEnum.Visible, merged)


def _lines(source: CalamineSheet) -> Iterator[Line]:
    """Yield the rows as text; equal texts of a sheet are tidied and kept once, most columns repeat a few."""
    if source.start is None:
        return
    top, left = source.start
    known: dict[str, str] = {}
    yield from ((),) * top
    for row in source.iter_rows():
        texts = [_known(value, known) if type(value) is str else as_text(value) for value in row]
        yield _cut(("",) * left + tuple(texts))


def _known(value: str, known: dict[str, str]) -> str:
    text = known.get(value)
    if text is None:
        text = known[value] = tidy(value)
    return text


def _cut(line: Line) -> Line:
    """Return the row up to its last filled cell."""
    end = len(line)
    while end and not line[end - 1]:
        end -= 1
    return line[:end]


def _trimmed(lines: Iterator[Line]) -> list[Line]:
    rows = list(lines)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _filled_down(rows: list[Line], merged: Sequence[Area]) -> list[Line]:
    """Give every row of a merged cell its text: a household's number stands once for four people."""
    if sum(min(bottom, len(rows)) - top for top, _, bottom, _ in merged if top <= len(rows)) > _MERGED_ROWS:
        raise ValueError("merged cells lie upon each other")
    for top, left, bottom, _right in merged:
        text = rows[top - 1][left - 1 : left] if top <= len(rows) else ()
        for index in range(top, min(bottom, len(rows))) if text and text[0] else ():
            row = rows[index] + ("",) * (left - len(rows[index]))
            rows[index] = row[: left - 1] + text + row[left:]
    return rows


def _read_text(data: bytes, *, name: str, limits: Limits) -> Workbook:
    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not is_wide and _CONTROLS.search(data):
        raise SheetUnreadableError(name=name)
    text, encoding = _decoded(data, ("utf-16",) if is_wide else ("utf-8-sig", "gb18030"), name=name)
    if text.lstrip()[:1] == "<":
        return Workbook(name, "html", (_page(text, name=name, limits=limits),), encoding)
    sheet = tab_name(PurePath(name).stem)
    delimiter = _delimiter(text)
    if sum(map(text.count, (delimiter, "\n", "\r"))) > limits.cells:
        raise SheetTooWideError(name=name, sheet=sheet, farthest=address(text.count("\n") + 1, 1))
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = _trimmed(_cut(tuple(map(tidy, line))) for line in lines)
    except csv.Error as fault:
        raise SheetUnreadableError(name=name) from fault
    if (widest := max(map(len, rows), default=0)) > limits.columns:
        raise SheetTooWideError(name=name, sheet=sheet, farthest=address(1, widest))
    return Workbook(name, "text", (Sheet(sheet, rows),), encoding)


def _page(text: str, *, name: str, limits: Limits) -> Sheet:
    """Read the tables of a web page, which many systems send out as ``.xls``."""
    if not _TABLE_ROW.search(text):
        raise SheetUnreadableError(name=name)
    page = TableReader(most_cells=limits.page_cells)
    try:
        page.feed(text)
        page.close()
    except OverflowError as fault:
        raise SheetBombError(name=name) from fault
    merged = tuple(page.merged)
    rows = _filled_down(_trimmed(_cut(tuple(line)) for line in page.rows), merged)
    return Sheet(tab_name(PurePath(name).stem), rows, merged=merged)


def _decoded(data: bytes, codes: Sequence[str], *, name: str) -> tuple[str, str]:
    """Return the text and the code it was in; GB 18030 holds all of GBK and GB 2312."""
    faults: list[UnicodeDecodeError] = []
    for code in codes:
        try:
            return data.decode(code), code.removesuffix("-sig")
        except UnicodeDecodeError as fault:
            faults.append(fault)
    broken_at = max(fault.start for fault in faults)
    raise SheetEncodingError(name=name, line=data.count(b"\n", 0, broken_at) + 1)


def _delimiter(text: str) -> str:
    """Return the delimiter that most of the first lines hold; the earlier one where two are equal."""
    head = text[:20_000].splitlines()[:20]
    return max(_DELIMITERS, key=lambda mark: sum(mark in line for line in head))
