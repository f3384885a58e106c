"""What there is to say about cells, and the words of the sheet that lists it."""

from collections.abc import Sequence
from dataclasses import dataclass

from fourdoors.engines.sheets.workbook import address

RED = "FFFFC1BD"
LINKS = 60_000  # a sheet holds 65,530 at most


@dataclass(frozen=True, slots=True)
class Note:
    """What is wrong with one cell. Rows and columns count from 1.

    Column 0 speaks of the whole row and is shown at its first cell; row 0 speaks of the whole sheet and
    is only listed.
    """

    sheet: str
    row: int
    column: int
    message: str

    @property
    def where(self) -> str:
        """The address of the cell; blank where the note speaks of the whole sheet."""
        return address(self.row, self.column or 1) if self.row else ""


@dataclass(frozen=True, slots=True)
class Change:
    """What one cell says now. Row and column count from 1."""

    sheet: str
    row: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The words on the sheet that is put in front; ``author`` also signs the comments."""

    title: str = "回执"
    author: str = "四门"
    sheet: str = "工作表"
    cell: str = "单元格"
    message: str = "问题"


def receipt_lines(summary: Sequence[tuple[str, str]], receipt: Receipt) -> list[tuple[str, ...]]:
    """Return the lines above the list: title, summary, a blank one, the header."""
    return [(receipt.title,), *summary, (), (receipt.sheet, receipt.cell, receipt.message)]


def in_order(notes: Sequence[Note]) -> list[Note]:
    """Return the notes as the list shows them: by sheet, row and column."""
    return sorted(notes, key=lambda note: (note.sheet, note.row, note.column))


def by_cell(notes: Sequence[Note]) -> dict[tuple[str, int, int], str]:
    """Return the text of each cell's comment; several notes of a cell share one."""
    found: dict[tuple[str, int, int], str] = {}
    for note in notes:
        if note.row:
            place = (note.sheet, note.row, note.column or 1)
            found[place] = f"{found[place]}\n{note.message}" if place in found else note.message
    return found


def link_to(tab: str, where: str) -> str:
    """Return the target of a link inside the workbook.

    >>> link_to("2020's", "B3")
    "'2020''s'!B3"
    """
    quoted = tab.replace("'", "''")
    return f"'{quoted}'!{where}"


def comment_height(text: str) -> int:
    """Return the height in pixels that a comment of 260 pixels' width needs."""
    return 24 + 20 * sum(1 + len(line) // 16 for line in text.split("\n"))
