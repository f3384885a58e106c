"""Notes into the cadre's own workbook: a red cell, a comment, and one sheet that lists them all."""

import io
import warnings
from collections.abc import Sequence

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from fourdoors.engines.sheets.fresh import changed, write_fresh
from fourdoors.engines.sheets.guards import Limits
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
from fourdoors.engines.sheets.reader import read_workbook
from fourdoors.engines.sheets.writer import FORMULA_MARKS, ILLEGAL

_LIMITS = Limits()


_RECEIPT = Receipt()


def annotate(
    data: bytes,
    *,
    name: str,
    notes: Sequence[Note],
    summary: Sequence[tuple[str, str]] = (),
    changes: Sequence[Change] = (),
    receipt: Receipt = _RECEIPT,
    limits: Limits = _LIMITS,
) -> bytes:
    """Return the same workbook with its notes.

    An xlsx file keeps its formatting, formulas and comments: a note is added below an older comment.
    Notes of an earlier answer (same ``receipt.author``) are taken away first, so a file may go to and
    fro. Other formats, and files of more than ``limits.formatted_cells``, come back as a new xlsx with
    the same cells as text; so does an xlsx that cannot be written into. Nothing is
    calculated, and no text that is written here can become a formula.

    Args:
        data: The file as it was sent.
        name: Its name.
        notes: What is wrong, in any order; several notes of a cell share one comment.
        summary: Label and value pairs on top of the first sheet.
        changes: Cells that were corrected elsewhere; a merged area in which one lies is parted.
        receipt: The words of that sheet.
        limits: How large the file may be.

    Raises:
        SheetError: The file cannot be read (see ``read_workbook``).
    """
    source = changed(read_workbook(data, name=name, limits=limits), changes)
    cells = sum(len(line) for sheet in source.sheets for line in sheet.rows)
    if source.kind != "xlsx" or cells > limits.formatted_cells:
        return write_fresh(source, notes=notes, summary=summary, receipt=receipt)
    book = _opened(data)
    tabs = {tab.title: tab for tab in book.worksheets} if book else {}
    if book is None or any(sheet.name not in tabs for sheet in source.sheets):
        return write_fresh(source, notes=notes, summary=summary, receipt=receipt)
    _take_away_older(book, receipt)
    for change in changes:
        _change(tabs[change.sheet], change)
    for (sheet, row, column), text in by_cell(notes).items():
        _mark(tabs[sheet], row, column, text=text, author=receipt.author)
    _put_in_front(book, notes, summary, receipt, tabs)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _opened(data: bytes) -> openpyxl.Workbook | None:
    """Open the workbook to write into it; None where it holds what this library cannot keep apart."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # tells of extensions that it cannot keep
            return openpyxl.load_workbook(io.BytesIO(data))
    except Exception:  # it raises whatever it stumbles over
        return None


def _take_away_older(book: openpyxl.Workbook, receipt: Receipt) -> None:
    older = [
        tab for tab in book.worksheets if tab.title == receipt.title and tab["A1"].value == receipt.title
    ]
    for tab in older:
        book.remove(tab)
    for tab in book.worksheets if older else ():
        for line in tab.iter_rows():
            for cell in line:
                _clean(cell, receipt.author)


def _clean(cell: Cell | MergedCell, author: str) -> None:
    if isinstance(cell, MergedCell) or cell.comment is None:
        return
    kept, mark, _ours = cell.comment.text.partition(_divider(author))
    if mark or cell.comment.author == author:
        cell.comment = _comment(kept, cell.comment.author) if mark else None
        if cell.fill.fgColor.rgb == RED:
            cell.fill = PatternFill()


def _change(tab: Worksheet, change: Change) -> None:
    cell = tab.cell(change.row, change.column)
    area = next((area for area in tab.merged_cells.ranges if cell.coordinate in area), None)
    if area is not None:
        text = tab.cell(area.min_row, area.min_col).value
        tab.unmerge_cells(area.coord)
        for row in range(area.min_row, area.max_row + 1):
            tab.cell(row, area.min_col).value = text
    _write_text(tab.cell(change.row, change.column), change.text)


def _mark(tab: Worksheet, row: int, column: int, *, text: str, author: str) -> None:
    cell = tab.cell(row, column)
    if isinstance(cell, MergedCell):
        cell = _first_of_merged(tab, cell)
    older = cell.comment
    if older is not None:
        text, author = f"{older.text}{_divider(author)}{text}", older.author
    cell.comment = _comment(text, author)
    cell.fill = PatternFill("solid", fgColor=RED)


def _first_of_merged(tab: Worksheet, cell: MergedCell) -> Cell:
    area = next(area for area in tab.merged_cells.ranges if cell.coordinate in area)
    return tab.cell(area.min_row, area.min_col)


def _divider(author: str) -> str:
    return f"\n———— {author}\n"


def _comment(text: str, author: str) -> Comment:
    text = ILLEGAL.sub("", text)
    return Comment(text, author, width=260, height=comment_height(text))


def _write_text(cell: Cell, text: str) -> None:
    """Write ``text`` so that no program ever takes it for a formula, a number or a date."""
    cell.value = ILLEGAL.sub("", text)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text.startswith(FORMULA_MARKS)


def _put_in_front(
    book: openpyxl.Workbook,
    notes: Sequence[Note],
    summary: Sequence[tuple[str, str]],
    receipt: Receipt,
    tabs: dict[str, Worksheet],
) -> None:
    tab = book.create_sheet(receipt.title, 0)
    lines = receipt_lines(summary, receipt)
    for row, line in enumerate(lines, start=1):
        for column, text in enumerate(line, start=1):
            _write_text(tab.cell(row, column), text)
            tab.cell(row, column).font = Font(bold=len(line) != 2, size=16 if row == 1 else 11)
    for row, note in enumerate(in_order(notes), start=len(lines) + 1):
        _list_note(tab, row, note, tabs[note.sheet].title)
    for letter, width in (("A", 22), ("B", 22), ("C", 80)):
        tab.column_dimensions[letter].width = width
    tab.freeze_panes = tab.cell(len(lines) + 1, 1)
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is tab
    book.active = 0


def _list_note(tab: Worksheet, row: int, note: Note, title: str) -> None:
    for column, text in enumerate((title, note.where, note.message), start=1):
        _write_text(tab.cell(row, column), text)
    tab.cell(row, 3).alignment = Alignment(wrap_text=True, vertical="top")
    if note.where and row <= LINKS:
        link = tab.cell(row, 2)
        link.hyperlink = Hyperlink(
            ref=link.coordinate, location=link_to(title, note.where), display=note.where
        )
        link.font = Font(color="FF0563C1", underline="single")
