"""How large a packed sheet becomes once it is laid out: few bytes can name very many cells.

A reader lays a sheet out as a full rectangle, and gives every cell its own copy of a shared text. So the far
corner of each sheet, repeated cells and repeated long texts are looked for first, in the bytes.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

_FAR_ROW = re.compile(rb"""r\s*=\s*["'][A-Za-z]{0,3}([0-9]{5,7})["']""")
_FAR_COLUMN = re.compile(rb"""r\s*=\s*["']([A-Za-z]{2,3})[0-9]""")
_FILLED = re.compile(
    rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["'](?:[^>]*[^/>])?>"""
)
_NAMELESS = re.compile(rb"<(?:\w+:)?c(?![^>]*\sr\s*=)(?:\s[^>]*[^/>]|\s)?>")
_ROW = re.compile(rb"""<(?:\w+:)?row(?:\s(?:[^>]*?\s)?r\s*=\s*["']([0-9]{1,7})["'])?""")
_STRING_END = re.compile(rb"</(?:\w+:)?si>")
_STRING_NUMBER = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>\s*([0-9]{1,7})\s*</")
_LONG_BYTES = 512  # shorter texts are not worth counting

_ODS_ROWS = re.compile(rb'number-rows-repeated="([0-9]{1,9})"')
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell([^>]*?)(/?)>")
_ODS_COLUMNS = re.compile(rb'number-columns-repeated="([0-9]{1,9})"')

_LAST_COLUMN = 2**14


@dataclass(slots=True)
class Look:
    """What a first look at one part of a package has seen.

    Rows up to 10,000 and columns up to Z are not looked for: they are harmless, and looking costs time.
    """

    is_sheet: bool = False
    row: int = 10_000
    column: int = 26
    nameless: int = 0
    values: int = 0
    strings: int = 0
    longest: int = 0
    long: dict[int, int] = field(default_factory=dict)
    _begun: int = 0

    def see(self, chunk: bytes) -> None:
        """Look at the next piece of the part, which ends at the end of a tag."""
        self.is_sheet = self.is_sheet or b"sheetData" in chunk
        self.row = max(self.row, *map(int, set(_FAR_ROW.findall(chunk))), 0)
        self.column = max(self.column, *map(column_number, set(_FAR_COLUMN.findall(chunk))), 0)
        self.nameless += sum(map(chunk.count, (b"<c>", b"<c ", b":c>", b":c "))) - chunk.count(b"<c r=")
        self.values += chunk.count(b"</v>") + chunk.count(b":v>")
        if b"si>" in chunk or self._begun:
            self._see_strings(chunk)

    def _see_strings(self, chunk: bytes) -> None:
        *whole, rest = _STRING_END.split(chunk)
        for text in whole:
            length, self._begun = self._begun + len(text), 0
            if length > _LONG_BYTES:
                self.long[self.strings] = length
                self.longest = max(self.longest, length)
            self.strings += 1
        self._begun += len(rest)

    @property
    def cells(self) -> int:
        """The most cells that the part can lay out beyond the harmless ones; 0 where it is no sheet."""
        if not self.is_sheet or (self.row, self.column, self.nameless) == (10_000, 26, 0):
            return 0
        return self.row * max(self.column, min(self.nameless, _LAST_COLUMN))


def filled_corner(chunks: Iterable[bytes]) -> tuple[int, int]:
    """Return the last row and column with a filled cell, exactly: formats go to the end of the world."""
    last_row = last_column = nameless = named_row = rows = 0
    for chunk in chunks:
        for column, row in _FILLED.findall(chunk):
            last_row, last_column = max(last_row, int(row)), max(last_column, column_number(column))
        nameless += len(_NAMELESS.findall(chunk))
        numbers = _ROW.findall(chunk)
        rows += len(numbers)
        named_row = max(named_row, *(int(number or 0) for number in numbers), 0)
    if nameless:
        last_row, last_column = max(last_row, named_row + rows), max(last_column, min(nameless, _LAST_COLUMN))
    return last_row, last_column


def repeated_bytes(chunks: Iterable[bytes], long: dict[int, int]) -> int:
    """Return the bytes that the cells of these parts copy out of the ``long`` shared texts."""
    counts: Counter[bytes] = Counter()
    for chunk in chunks:
        counts.update(_STRING_NUMBER.findall(chunk))
    return sum(count * long.get(int(number), 0) for number, count in counts.items())


def ods_corner(chunks: Iterable[bytes]) -> tuple[int, int]:
    """Return the rows and columns that the sheets of an OpenDocument file lay out, all sheets as one."""
    content = b"".join(chunks)
    rows = blank = widest = 0
    for line in content.split(b"<table:table-row")[1:]:
        found = _ODS_ROWS.search(line, 0, line.find(b">") + 1)
        times = int(found[1]) if found else 1
        width = _ods_width(line)
        widest = max(widest, width)
        rows, blank = (rows + blank + times, 0) if width else (rows, blank + times)
    return rows, widest


def _ods_width(line: bytes) -> int:
    """Return the number of columns up to the last filled cell."""
    if b"number-columns-repeated" not in line:
        return line.count(b"<table:table-cell")
    width = end = 0
    for attributes, closed in _ODS_CELL.findall(line):
        found = _ODS_COLUMNS.search(attributes)
        width += int(found[1]) if found else 1
        end = width if not closed or b"value" in attributes else end
    return end


def column_number(letters: bytes) -> int:
    """Return the number of a column, counted from 1, by its letters."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number
