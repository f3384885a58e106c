"""Forms out: typed columns, drop-downs, no cell that could run, any number of rows."""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from fourdoors.engines.sheets.columns import MARK, Column, Form, Kind
from fourdoors.engines.sheets.errors import CellTooLongError
from fourdoors.engines.sheets.workbook import letters, tab_name

Value = str | int | date | None
Record = Mapping[str, Value]
Closing = Callable[[int, int], tuple[str, Sequence[tuple[str, str]]]]  # rows and sheets to name and lines

SHEET_ROWS = 1_048_576  # of the xlsx format
CELL_CHARACTERS = 32_767
_EXACT = 10**15
_TEMPLATE_ROWS = 5_000
_LIST_CHARACTERS = 255  # of a drop-down written in place
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True, slots=True)
class Words:
    """The words around a table; the faces give them in their language."""

    choices: str = "选项"
    instructions: str = "填写说明"
    column: str = "列"
    required: str = "必填"
    yes: str = "是"
    hint: str = "怎样填"
    kinds: Mapping[Kind, str] = field(
        default_factory=lambda: {
            Kind.IDENTITY: "文本，18 位身份证号",
            Kind.CODE: "文本，保留全部数字",
            Kind.INTEGER: "整数",
            Kind.MONEY: "金额，单位元，最多两位小数",
            Kind.DATE: "日期，如 2020-03-01",
            Kind.ENUM: "从下拉列表中选",
        }
    )


_WORDS = Words()


def write_workbook(  # noqa: PLR0913 (a table and all that stands around it)
    out: BinaryIO,
    *,
    sheet: str,
    columns: Sequence[Column],
    rows: Iterable[Record],
    title: str = "",
    watermark: str = "",
    words: Words = _WORDS,
    sheet_rows: int = SHEET_ROWS,
    closing: Closing | None = None,
    scratch: Path | None = None,
    created: datetime | None = None,
) -> int:
    """Write a workbook row by row, in memory that does not grow with their number.

    Titles are the first title of each column. Texts stay texts: an identity number keeps its digits, and
    a text that begins like a formula stays inert even when somebody edits the cell. Rows beyond the limit
    of a sheet go to a second one, called ``sheet (2)``; none is left out.

    Args:
        out: Where the file goes.
        sheet: Name of the tab.
        columns: In order; the dropped ones are left out.
        rows: Records by column key. Money is int fen, written as yuan; dates are ``date``; a key that is
            absent leaves its cell blank; a str is written as text whatever the column holds.
        title: A line above the table.
        watermark: A line above the table and at the foot of each printed page: who took it out, for what.
        words: The words of the sheet of choices.
        sheet_rows: Rows of one sheet, header included.
        closing: Makes the last sheet (the manifest) once the number of rows and of sheets is known: its name
            and its lines of label and value.
        scratch: A folder of the caller's, where the rows of a sheet wait until it is whole; without one, that
            of the system. A process that is killed leaves them there.
        created: When the file says it was made; by this the same rows are the same bytes.

    Returns:
        The number of rows written.

    Raises:
        CellTooLongError: A text is longer than a cell can hold; nothing is cut off in silence.
    """
    kept = [column for column in columns if not column.dropped]
    book = xlsxwriter.Workbook(
        out, {"constant_memory": True, "tmpdir": str(scratch) if scratch else None, **INERT}
    )
    if created is not None:
        book.set_properties({"created": created.astimezone(UTC)})
    try:
        paper = _Paper(book, kept, title=title, watermark=watermark, words=words)
        written = paper.write(sheet, rows, sheet_rows=sheet_rows)
        if closing is not None:
            paper.write_lines(*closing(written, paper.sheets))
    finally:
        book.close()
    return written


def template(form: Form, *, watermark: str = "", words: Words = _WORDS, may_be_edited: bool = False) -> bytes:
    """Return the form empty: drop-downs, checks that warn, cells that keep digits, and how to fill it in.

    Columns that must not be kept are not asked for.

    Args:
        form: The form.
        watermark: A line above the table.
        words: The words of the other sheets.
        may_be_edited: With a hidden row of marks above the titles, so that a column is known again whatever
            it is called and wherever it is moved to (see ``find_header``).
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **INERT})
    paper = _Paper(book, form.kept, title=form.title, watermark=watermark, words=words)
    paper.is_marked = may_be_edited
    paper.write(form.title, (), sheet_rows=SHEET_ROWS, room=_TEMPLATE_ROWS)
    paper.write_instructions(form)
    book.close()
    return out.getvalue()


class _Paper:
    """One workbook being written: its formats, its choices, its sheets."""

    def __init__(
        self,
        book: xlsxwriter.Workbook,
        columns: Sequence[Column],
        *,
        title: str,
        watermark: str,
        words: Words,
    ) -> None:
        self.book, self.columns, self.words = book, columns, words
        self.title, self.watermark = title, watermark
        self.sheets = 0  # with rows of the table
        self.is_marked = False
        self.text = book.add_format({"num_format": "@"})
        self.inert = book.add_format({"num_format": "@", "quote_prefix": True})
        self.head = book.add_format(
            {"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True, "valign": "vcenter"}
        )
        self.needed = book.add_format(
            {"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True, "font_color": "#B42318"}
        )
        self.formats = {
            Kind.INTEGER: book.add_format({"num_format": "0"}),
            Kind.MONEY: book.add_format({"num_format": "0.00"}),
            Kind.DATE: book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        self.long = {column.key: column.choices for column in columns if _is_long(column.choices)}

    def write(self, sheet: str, rows: Iterable[Record], *, sheet_rows: int, room: int = 0) -> int:
        remaining, written, number = iter(rows), 0, 1
        top = self.top_rows
        first = next(remaining, None)
        while first is not None or number == 1:
            name = tab_name(sheet) if number == 1 else f"{tab_name(sheet)[:26]} ({number})"
            tab = self.book.add_worksheet(name)
            self.sheets = number
            self._head(tab, top)
            part = islice(chain(() if first is None else (first,), remaining), sheet_rows - top)
            count = self._rows(tab, part, top)
            self._checks(tab, top, max(count, room))
            written, number = written + count, number + 1
            first = next(remaining, None)
        self._write_lists()
        return written

    @property
    def top_rows(self) -> int:
        return sum(map(bool, (self.title, self.watermark, self._has_groups, self.is_marked))) + 1

    @property
    def _has_groups(self) -> bool:
        return any(column.group for column in self.columns)

    def _head(self, tab: Worksheet, top: int) -> None:
        big = self.book.add_format({"bold": True, "font_size": 16})
        grey = self.book.add_format({"italic": True, "font_color": "#667085"})
        for row, (text, look) in enumerate(
            line for line in ((self.title, big), (self.watermark, grey)) if line[0]
        ):
            self._put(tab, row, 0, text, look)
        if self.watermark:
            tab.set_footer("&L" + self.watermark.replace("&", "&&")[:240])
        if self._has_groups:
            self._groups(tab, top - 2 - self.is_marked)
        if self.is_marked:
            tab.set_row(top - 2, None, None, {"hidden": True})
        for at, column in enumerate(self.columns):
            tab.set_column(at, at, _width(column), self.formats.get(column.kind, self.text))
            self._put(tab, top - 1, at, column.titles[0], self.needed if column.required else self.head)
            if self.is_marked:
                self._put(tab, top - 2, at, f"{MARK}{column.key}", None)
        tab.freeze_panes(top, 0)

    def _groups(self, tab: Worksheet, row: int) -> None:
        at = 0
        for group, members in groupby(self.columns, key=lambda column: column.group):
            for offset in range(len(list(members))):
                self._put(tab, row, at, group if not offset else "", self.head)
                at += 1

    def _rows(self, tab: Worksheet, rows: Iterator[Record], top: int) -> int:
        count = 0
        for count, record in enumerate(rows, start=1):  # the last one is the number of rows
            for at, column in enumerate(self.columns):
                value = record.get(column.key)
                if value is not None and value != "":
                    self._cell(tab, top + count - 1, at, column, value)
        return count

    def _cell(self, tab: Worksheet, row: int, at: int, column: Column, value: str | int | date) -> None:
        look = self.formats.get(column.kind)
        if isinstance(value, str) or look is None:
            self._put(tab, row, at, str(value), None)
        elif isinstance(value, date):
            tab.write_datetime(row, at, value, self.formats[Kind.DATE])
        elif abs(value) >= _EXACT:
            self._put(tab, row, at, str(value), None)
        else:
            tab.write_number(row, at, value / 100 if column.kind is Kind.MONEY else value, look)

    def _put(self, tab: Worksheet, row: int, at: int, text: str, look: Format | None) -> None:
        clean = ILLEGAL.sub("", text)
        if len(clean) * 2 > CELL_CHARACTERS and len(clean.encode("utf-16-le")) // 2 > CELL_CHARACTERS:
            raise CellTooLongError(name=tab.name, row=row + 1, column=at + 1, limit=CELL_CHARACTERS)
        plain = self.inert if clean.startswith(FORMULA_MARKS) else self.text
        tab.write_string(row, at, clean, look or plain)

    def _checks(self, tab: Worksheet, top: int, count: int) -> None:
        for at, column in enumerate(self.columns):
            check = self._check(column)
            if check and count:
                hint = {"input_title": column.titles[0][:32], "input_message": self._hint(column)[:255]}
                tab.data_validation(top, at, top + count - 1, at, {"error_type": "warning", **check, **hint})

    def _check(self, column: Column) -> dict[str, Any]:
        if column.choices:
            return {"validate": "list", "source": self._choices(column)}
        checks: dict[Kind, dict[str, Any]] = {
            Kind.IDENTITY: {"validate": "length", "criteria": "between", "minimum": 15, "maximum": 20},
            Kind.INTEGER: {"validate": "integer", "criteria": ">=", "value": 0},
            Kind.MONEY: {"validate": "decimal", "criteria": ">=", "value": 0},
            Kind.DATE: {
                "validate": "date",
                "criteria": "between",
                "minimum": date(1900, 3, 1),
                "maximum": date(2099, 12, 31),
            },
        }
        return checks.get(column.kind, {})

    def _choices(self, column: Column) -> list[str] | str:
        """Return the choices themselves, or where they stand on a hidden sheet when they are many."""
        if column.key not in self.long:
            return list(column.choices)
        letter = letters(list(self.long).index(column.key) + 1)
        return f"='{self.words.choices}'!${letter}$1:${letter}${len(column.choices)}"

    def _write_lists(self) -> None:
        lists = list(self.long.values())
        if not lists:
            return
        tab = self.book.add_worksheet(self.words.choices)
        tab.hide()
        for row in range(max(map(len, lists))):
            for at, choices in enumerate(lists):
                if row < len(choices):
                    self._put(tab, row, at, choices[row], None)

    def _hint(self, column: Column) -> str:
        return column.hint or self.words.kinds.get(column.kind, "")

    def write_lines(self, name: str, lines: Sequence[tuple[str, str]]) -> None:
        tab = self.book.add_worksheet(tab_name(name))
        for row, (label, value) in enumerate(lines):
            self._put(tab, row, 0, label, self.head)
            self._put(tab, row, 1, value, None)
        tab.set_column(0, 0, 24)
        tab.set_column(1, 1, 60)

    def write_instructions(self, form: Form) -> None:
        words = self.words
        tab = self.book.add_worksheet(words.instructions)
        for at, (text, width) in enumerate(
            ((words.column, 30), (words.required, 8), (words.hint, 40), (words.choices, 80))
        ):
            tab.set_column(at, at, width)
            self._put(tab, 0, at, text, self.head)
        for row, column in enumerate(form.kept, start=1):
            texts = (
                column.titles[0],
                words.yes if column.required else "",
                self._hint(column),
                "、".join(column.choices),
            )
            for at, text in enumerate(texts):
                self._put(tab, row, at, text, self.text)


def _width(column: Column) -> int:
    least = {Kind.IDENTITY: 21, Kind.CODE: 16, Kind.DATE: 12, Kind.TEXT: 12}.get(column.kind, 10)
    return min(40, max(least, 2 * len(column.titles[0]) + 2))


def _is_long(choices: Sequence[str]) -> bool:
    """Tell whether a drop-down cannot be written in place."""
    return len(",".join(choices)) > _LIST_CHARACTERS or any("," in choice for choice in choices)
