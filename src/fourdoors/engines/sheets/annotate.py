"""Notes into the cadre's own workbook: a red cell, a comment, and one sheet that lists them all."""

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from fourdoors.engines.sheets.errors import SheetUnreadableError
from fourdoors.engines.sheets.guards import Limits
from fourdoors.engines.sheets.reader import read_workbook
from fourdoors.engines.sheets.workbook import Workbook, address, tab_name

RED = "FFFFC1BD"
_FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Note:
    """What is wrong with one cell. Rows and columns count from 1; row 0 speaks of the whole sheet."""

    sheet: str
    row: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The words on the sheet that is put in front."""

    title: str = "回执"
    author: str = "四门"
    sheet: str = "工作表"
    cell: str = "单元格"
    message: str = "问题"


_RECEIPT = Receipt()


def annotate(
    data: bytes,
    *,
    name: str,
    notes: Sequence[Note],
    summary: Sequence[tuple[str, str]] = (),
    receipt: Receipt = _RECEIPT,
    limits: Limits = _LIMITS,
) -> bytes:
    """Return the same workbook with its notes.

    An xlsx file keeps its formatting, formulas and comments: a note is added below an older comment.
    Notes of an earlier answer (same ``receipt.author``) are taken away first, so a file may go to and
    fro. Other formats come back as a new xlsx with the same cells as text. Nothing is calculated,
    and no text that is written here can become a formula.

    Args:
        data: The file as it was sent.
        name: Its name.
        notes: What is wrong, in any order; several notes of a cell share one comment.
        summary: Label and value pairs on top of the first sheet.
        receipt: The words of that sheet.
        limits: How large the file may be.

    Raises:
        SheetError: The file cannot be read (see ``read_workbook``).
    """
    source = read_workbook(data, name=name, limits=limits)
    book = _opened(data, name=name) if source.kind == "xlsx" else _copied(source)
    tabs = dict(zip((sheet.name for sheet in source.sheets), book.worksheets, strict=False))
    _take_away_older(book, receipt)
    for (sheet, row, column), messages in _by_cell(notes).items():
        if row:
            _mark(tabs[sheet], row, column or 1, text="\n".join(messages), author=receipt.author)
    _put_in_front(book, notes, summary, receipt, tabs)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _opened(data: bytes, *, name: str) -> openpyxl.Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # tells of extensions that it cannot keep
            return openpyxl.load_workbook(io.BytesIO(data))
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError) as fault:
        raise SheetUnreadableError(name=name) from fault


def _copied(source: Workbook) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in source.sheets:
        tab = book.create_sheet(tab_name(sheet.name))
        tab.sheet_state = "hidden" if sheet.hidden else "visible"
        for row, line in enumerate(sheet.rows, start=1):
            for column, text in enumerate(line, start=1):
                if text:
                    write_text(tab.cell(row, column), text)
    return book


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


def _by_cell(notes: Sequence[Note]) -> dict[tuple[str, int, int], list[str]]:
    found: dict[tuple[str, int, int], list[str]] = {}
    for note in notes:
        found.setdefault((note.sheet, note.row, note.column), []).append(note.message)
    return found


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
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    lines = sum(1 + len(line) // 16 for line in text.split("\n"))
    return Comment(text, author, width=260, height=24 + 20 * lines)


def write_text(cell: Cell, text: str) -> None:
    """Write ``text`` so that no program ever takes it for a formula, a number or a date."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text.startswith(_FORMULA_MARKS)


def _put_in_front(
    book: openpyxl.Workbook,
    notes: Sequence[Note],
    summary: Sequence[tuple[str, str]],
    receipt: Receipt,
    tabs: dict[str, Worksheet],
) -> None:
    tab = book.create_sheet(receipt.title, 0)
    lines = [(receipt.title,), *summary, (), (receipt.sheet, receipt.cell, receipt.message)]
    for row, line in enumerate(lines, start=1):
        for column, text in enumerate(line, start=1):
            write_text(tab.cell(row, column), text)
            tab.cell(row, column).font = Font(bold=len(line) != 2, size=16 if row == 1 else 11)
    for row, note in enumerate(sorted(notes, key=_place), start=len(lines) + 1):
        _list_note(tab, row, note, tabs[note.sheet].title)
    for letter, width in (("A", 22), ("B", 22), ("C", 80)):
        tab.column_dimensions[letter].width = width
    tab.freeze_panes = tab.cell(len(lines) + 1, 1)
    for other in book.worksheets:
        other.sheet_view.tabSelected = False
    book.active = 0


def _place(note: Note) -> tuple[str, int, int]:
    return note.sheet, note.row, note.column


def _list_note(tab: Worksheet, row: int, note: Note, title: str) -> None:
    where = address(note.row, note.column or 1) if note.row else ""
    for column, text in enumerate((title, where, note.message), start=1):
        write_text(tab.cell(row, column), text)
    tab.cell(row, 3).alignment = Alignment(wrap_text=True, vertical="top")
    if where:
        quoted = title.replace("'", "''")
        link = tab.cell(row, 2)
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{quoted}'!{where}", display=where)
        link.font = Font(color="FF0563C1", underline="single")
