"""What was read: sheets of text cells, each with its place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_NOT_ON_A_TAB = re.compile(r"[\[\]:*?/\\\x00-\x1f]")

Line = tuple[str, ...]
Area = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``rows[0]`` is row 1 of the paper; a row ends at its last filled cell.

    Attributes:
        name: The name on the tab; for text files the name of the file.
        rows: Cells as text, without blanks around them.
        hidden: True where the cadre cannot see this sheet.
        merged: Merged areas as first row, first column, last row, last column, counted from 1.
    """

    name: str
    rows: Sequence[Line]
    hidden: bool = False
    merged: tuple[Area, ...] = ()

    def cell(self, row: int, column: int) -> str:
        """Return the text at ``row`` and ``column``, both counted from 1; blank outside."""
        line = self.rows[row - 1] if 0 < row <= len(self.rows) else ()
        return line[column - 1] if 0 < column <= len(line) else ""

    @property
    def is_blank(self) -> bool:
        """Tell whether no cell is filled."""
        return not any(self.rows)


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file that was read.

    Attributes:
        name: The name of the file as it was given.
        kind: ``xlsx``, ``xls``, ``ods``, ``html`` or ``text``, found in the content, whatever the name says.
        sheets: In the order of the tabs, hidden ones too.
        encoding: Of a text file, else blank.
    """

    name: str
    kind: str
    sheets: tuple[Sheet, ...] = field(repr=False)
    encoding: str = ""

    @property
    def hidden_sheets(self) -> tuple[str, ...]:
        """Return the names of the filled sheets that the cadre cannot see."""
        return tuple(sheet.name for sheet in self.sheets if sheet.hidden and not sheet.is_blank)


def letters(column: int) -> str:
    """Return the letters of a column counted from 1.

    >>> letters(1), letters(27), letters(702)
    ('A', 'AA', 'ZZ')
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def address(row: int, column: int) -> str:
    """Return the address as a spreadsheet shows it.

    >>> address(5, 3)
    'C5'
    """
    return f"{letters(column)}{row}"


def tab_name(text: str) -> str:
    """Return ``text`` as a spreadsheet accepts it on a tab: at most 31 characters, some forbidden.

    >>> tab_name("2020/3 [台账]")
    '2020_3 _台账_'
    """
    return _NOT_ON_A_TAB.sub("_", text).strip("'")[:31] or "Sheet1"
