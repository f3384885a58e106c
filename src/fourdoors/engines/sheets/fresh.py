"""A new workbook with the same cells as text, for files that cannot be given back as they are."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from fourdoors.engines.sheets.notes import (
    LINKS,
    RED,
    Change,
    Note,
    Receipt,
    by_cell,
    comment_height,
    in_order,
    link_to,
    receipt_lines,
)
from fourdoors.engines.sheets.workbook import Line, Sheet, Workbook, tab_name
from fourdoors.engines.sheets.writer import FORMULA_MARKS, ILLEGAL, INERT


def write_fresh(
    source: Workbook, *, notes: Sequence[Note], summary: Sequence[tuple[str, str]], receipt: Receipt
) -> bytes:
    """Return a new xlsx: the receipt in front, then every sheet of ``source`` as text with its notes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, **INERT}) as book:
        paper = _Paper(book, receipt)
        sheets = [sheet for sheet in source.sheets if not is_receipt(sheet.name, sheet.cell(1, 1), receipt)]
        tabs = dict(zip((s.name for s in sheets), _tab_names(sheets, receipt), strict=True))
        paper.write_receipt(notes, summary, tabs)
        marks: dict[str, dict[int, dict[int, str]]] = {}
        for (name, row, column), text in by_cell(notes).items():
            marks.setdefault(name, {}).setdefault(row, {})[column] = text
        for sheet in sheets:
            paper.write_sheet(sheet, tabs[sheet.name], marks.get(sheet.name, {}))
    return out.getvalue()


def changed(source: Workbook, changes: Sequence[Change]) -> Workbook:
    """Return the workbook with these cells saying something else."""
    by_sheet: dict[str, dict[tuple[int, int], str]] = {}
    for change in changes:
        by_sheet.setdefault(change.sheet, {})[change.row, change.column] = change.text
    sheets = (_changed(sheet, by_sheet.get(sheet.name, {})) for sheet in source.sheets)
    return replace(source, sheets=tuple(sheets))


def _changed(sheet: Sheet, cells: dict[tuple[int, int], str]) -> Sheet:
    if not cells:
        return sheet
    rows = list(sheet.rows)
    for (row, column), text in cells.items():
        rows += [()] * (row - len(rows))
        line = rows[row - 1] + ("",) * (column - len(rows[row - 1]))
        rows[row - 1] = (*line[: column - 1], text, *line[column:])
    return replace(sheet, rows=rows)


def is_receipt(name: str, first_cell: object, receipt: Receipt) -> bool:
    """Tell whether a sheet is the one that an earlier answer put in front."""
    return name == receipt.title and first_cell == receipt.title


def _tab_names(sheets: Sequence[Sheet], receipt: Receipt) -> Iterator[str]:
    taken = {receipt.title.lower()}
    for sheet in sheets:
        name, number = tab_name(sheet.name), 1
        while name.lower() in taken:
            number += 1
            name = f"{tab_name(sheet.name)[:27]}_{number}"
        taken.add(name.lower())
        yield name


class _Paper:
    """The workbook while it is written."""

    def __init__(self, book: xlsxwriter.Workbook, receipt: Receipt) -> None:
        self.book, self.receipt = book, receipt
        looks: dict[str, dict[str, object]] = {
            "plain": {},
            "red": {"bg_color": f"#{RED[2:]}"},
            "title": {"bold": True, "font_size": 16},
            "bold": {"bold": True},
            "wrap": {"text_wrap": True, "valign": "top"},
        }
        self.looks = {name: self._pair(look) for name, look in looks.items()}
        self.link = book.add_format({"font_color": "#0563C1", "underline": 1})

    def _pair(self, look: dict[str, object]) -> tuple[Format, Format]:
        """Return the look for plain texts and the one for texts that begin like a formula."""
        text = {"num_format": "@", **look}
        return self.book.add_format(text), self.book.add_format({**text, "quote_prefix": True})

    def _put(self, tab: Worksheet, row: int, column: int, text: str, look: str) -> None:
        clean = ILLEGAL.sub("", text)
        tab.write_string(row - 1, column - 1, clean, self.looks[look][clean.startswith(FORMULA_MARKS)])

    def write_receipt(
        self, notes: Sequence[Note], summary: Sequence[tuple[str, str]], tabs: dict[str, str]
    ) -> None:
        tab = self.book.add_worksheet(self.receipt.title)
        for column, width in enumerate((22, 22, 80)):
            tab.set_column(column, column, width)
        row = 0
        for row, line in enumerate(receipt_lines(summary, self.receipt), start=1):
            for column, text in enumerate(line, start=1):
                self._put(
                    tab, row, column, text, "title" if row == 1 else "plain" if len(line) == 2 else "bold"
                )
        tab.freeze_panes(row, 0)
        for number, note in enumerate(in_order(notes), start=row + 1):
            self._put(tab, number, 1, tabs[note.sheet], "plain")
            if note.where and number <= LINKS:
                target = "internal:" + link_to(tabs[note.sheet], note.where)
                tab.write_url(number - 1, 1, target, self.link, note.where)
            elif note.where:
                self._put(tab, number, 2, note.where, "plain")
            self._put(tab, number, 3, note.message, "wrap")

    def write_sheet(self, sheet: Sheet, name: str, marks: dict[int, dict[int, str]]) -> None:
        tab = self.book.add_worksheet(name)
        if sheet.hidden:
            tab.hide()
        for row in range(1, max(len(sheet.rows), *marks, 0) + 1):
            line = sheet.rows[row - 1] if row <= len(sheet.rows) else ()
            self._write_line(tab, row, line, marks.get(row, {}))

    def _write_line(self, tab: Worksheet, row: int, line: Line, marks: dict[int, str]) -> None:
        for column, text in enumerate(line, start=1):
            if text and column not in marks:
                self._put(tab, row, column, text, "plain")
        for column, text in marks.items():
            self._put(tab, row, column, line[column - 1] if column <= len(line) else "", "red")
            clean = ILLEGAL.sub("", text)
            size = {"author": self.receipt.author, "width": 260, "height": comment_height(clean)}
            tab.write_comment(row - 1, column - 1, clean, size)
