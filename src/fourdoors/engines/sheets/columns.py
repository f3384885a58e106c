"""Columns of a form, and the row of a sheet that names them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from itertools import islice

from fourdoors.engines.sheets.cells import narrow
from fourdoors.engines.sheets.workbook import Line, Sheet

MARK = "#"  # before a key, in the hidden row of a template that may be edited
HEADER_ROWS = 10  # row 1, 2 or 3 in every form seen; the rest for titles, stamps and instructions above it

_UNIT = re.compile(r"\(([^()]*)\)$")
_BRACKETS = str.maketrans("[【〔{]】〕}", "(((())))")
_NOISE = re.compile(r"[\s*※:、.]+")
_SAME = frozenset({"同上", "〃", "″", "”", "''", '"'})
_SUMS = ("合计", "总计", "小计", "共计", "累计合计")
_FEW = 3  # cells that a signature below the table fills
_FOOTERS = (
    "填表",
    "制表",
    "审核人",
    "复核人",
    "负责人",
    "经办人",
    "注:",
    "备注:",
    "说明:",
    "填报",
    "单位(盖章)",
)


class Kind(Enum):
    """What the cells of a column hold."""

    TEXT = "text"
    IDENTITY = "identity"  # a resident identity number
    CODE = "code"  # other digits that are no number: household, account, phone
    INTEGER = "integer"
    MONEY = "money"  # fen as int in the program, yuan with two decimals on paper
    DATE = "date"
    ENUM = "enum"


@dataclass(frozen=True)
class Column:
    """One column of a form.

    Attributes:
        key: Its name in the program.
        titles: Every title it is known by; the first one is printed.
        required: A row means nothing without it.
        dropped: Code of the reason why it must never be kept; blank where it may be.
        kind: What its cells hold.
        choices: The words that an ``ENUM`` column offers.
        hint: One sentence for whoever fills it in.
        group: The title that stands above it and its neighbours, where the form has one.
    """

    key: str
    titles: tuple[str, ...]
    required: bool = False
    dropped: str = ""
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    hint: str = ""
    group: str = ""


@dataclass(frozen=True)
class Form:
    """A form of the field.

    Attributes:
        key: Its name in the program.
        title: Its name on paper.
        columns: As the form prints them, in order.
        also: Columns that variants of the form carry besides; read, never printed empty.
        origin: Where the columns are known from.
        told: Keys of ``also`` that a filled form prints at its end, so that it can be read again as it was.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    origin: str
    also: tuple[Column, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def readable(self) -> tuple[Column, ...]:
        """Return every column that a file of this form may carry: what ``find_header`` is given."""
        return self.columns + self.also

    @property
    def kept(self) -> tuple[Column, ...]:
        """Return what an empty form asks for: columns that may be stored, and all that are needed."""
        needed = tuple(column for column in self.also if column.required)
        return tuple(column for column in self.columns if not column.dropped) + needed

    @property
    def filled(self) -> tuple[Column, ...]:
        """Return what a filled form prints: ``kept``, and what reading it again depends on."""
        return self.kept + tuple(it for it in self.also if it.key in self.told and not it.required)


def renamed(form: Form, order: Sequence[tuple[str, str]]) -> Form:
    """Return the form with these columns in this order under these titles; the others are read, not printed.

    Args:
        form: any form.
        order: key and title of each column that is printed.
    """
    known = {column.key: column for column in form.readable}
    printed = tuple(
        replace(known[key], titles=(title, *(it for it in known[key].titles if it != title)))
        for key, title in order
        if key in known
    )
    keys = {key for key, _ in order}
    others = (column for column in form.readable if column.key not in keys)
    return replace(form, columns=printed, also=tuple(replace(it, required=False) for it in others))


@dataclass(frozen=True)
class Header:
    """The row that names the columns. Column numbers count from 1.

    Attributes:
        row: Number of the row.
        keys: Column number to key, of the columns that are kept.
        titles: Column number to the title as it is written, of every titled column.
        dropped: Column number to the code of the reason, of columns that must not be kept.
        unknown: Numbers of the columns whose title no form knows.
        repeated: Numbers of the columns whose key stands further left already.
        missing: Keys that are required and absent.
    """

    row: int
    keys: dict[int, str]
    titles: dict[int, str]
    dropped: dict[int, str]
    unknown: tuple[int, ...]
    repeated: tuple[int, ...]
    missing: tuple[str, ...]

    @cached_property
    def places(self) -> dict[str, int]:
        """Return the column number of each key."""
        return {key: column for column, key in self.keys.items()}

    @cached_property
    def units(self) -> dict[str, str]:
        """Return what stands in brackets at the end of the titles, by key: ``元``, ``万元``, ``月``."""
        found = {key: _UNIT.search(plain_title(self.titles.get(at, ""))) for at, key in self.keys.items()}
        return {key: unit[1] for key, unit in found.items() if unit}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of data: its number on the sheet and its cells by key, blank ones too."""

    number: int
    cells: dict[str, str]


def plain_title(title: str) -> str:
    """Return a title as it is compared: half-width, without blanks, stars and colons, small letters.

    >>> plain_title(" 务工时间（月）* ")
    '务工时间(月)'
    """
    return _NOISE.sub("", narrow(title)).translate(_BRACKETS).lower()


def find_header(sheet: Sheet, columns: Sequence[Column]) -> Header | None:
    """Find the row, among the first ten, that names most of ``columns``.

    A title counts when it equals one of the aliases, with brackets, blanks and stars ignored;
    failing that, without the unit in brackets at its end. A row of marks (``#name``), as a template that may
    be edited carries it, says of the titles below it what they are, whatever they are called.

    Returns:
        The header, or None where no row names two columns.
    """
    names = _names(columns)
    best: Header | None = None
    for number, line in enumerate(sheet.rows[:HEADER_ROWS], start=1):
        if marks := _marks(line, columns):
            return _marked(number + 1, sheet, marks, columns, names)
        header = _header(number, line, columns, names)
        known = len(header.keys) + len(header.dropped)
        if known >= 2 and (best is None or known > len(best.keys) + len(best.dropped)):
            best = header
    return best


def rows_under(sheet: Sheet, header: Header) -> Iterator[Row]:
    """Yield the rows of data under a header.

    Left out are blank rows, sums (合计), signatures below the table, a header printed again on the
    next page, and the row that only counts the columns. 同上 is replaced by the text above it.
    """
    titles = sheet.rows[header.row - 1] if header.row else None  # row 0: the sheet begins with its data
    above: dict[str, str] = dict.fromkeys(header.places, "")
    for number, line in enumerate(sheet.rows[header.row :], start=header.row + 1):
        if line == titles or _is_no_data(line):
            continue
        cells = {key: line[at - 1] if at <= len(line) else "" for at, key in header.keys.items()}
        for key, text in cells.items():
            if text in _SAME:
                cells[key] = above[key]
        above = cells
        if any(cells.values()):
            yield Row(number, cells)


def _names(columns: Sequence[Column]) -> dict[str, Column]:
    """Return the columns by plain title; a title without its unit serves where it means one column."""
    exact = {plain_title(title): column for column in columns for title in column.titles}
    exact |= {column.key: column for column in columns}
    bare: dict[str, list[Column]] = {}
    for title, column in exact.items():
        bare.setdefault(_UNIT.sub("", title), []).append(column)
    return {title: found[0] for title, found in bare.items() if len({c.key for c in found}) == 1} | exact


def _header(number: int, line: Line, columns: Sequence[Column], names: dict[str, Column]) -> Header:
    keys: dict[int, str] = {}
    dropped: dict[int, str] = {}
    unknown: list[int] = []
    repeated: list[int] = []
    titles = {at: title for at, title in enumerate(line, start=1) if title}
    for at, title in titles.items():
        plain = plain_title(title)
        column = names.get(plain) or names.get(_UNIT.sub("", plain))
        if column is None:
            unknown.append(at)
        elif column.dropped:
            dropped[at] = column.dropped
        elif column.key in keys.values():
            repeated.append(at)
        else:
            keys[at] = column.key
    missing = tuple(c.key for c in columns if c.required and c.key not in keys.values())
    return Header(number, keys, titles, dropped, tuple(unknown), tuple(repeated), missing)


def _marks(line: Line, columns: Sequence[Column]) -> dict[int, str]:
    """Return the keys that a row of marks names by column number; nothing where it is none."""
    keys = {f"{MARK}{column.key}": column.key for column in columns if not column.dropped}
    found = {at: keys[text] for at, text in enumerate(line, start=1) if text in keys}
    return found if len(found) > 1 else {}


def _marked(
    number: int, sheet: Sheet, marks: dict[int, str], columns: Sequence[Column], names: dict[str, Column]
) -> Header:
    line = sheet.rows[number - 1] if number <= len(sheet.rows) else ()
    said = _header(number, line, columns, names)
    keys = {at: key for at, key in marks.items() if at in said.titles and at not in said.dropped}
    keys |= {at: key for at, key in said.keys.items() if at not in marks and key not in marks.values()}
    unknown = tuple(at for at in said.titles if at not in keys and at not in said.dropped)
    missing = tuple(c.key for c in columns if c.required and c.key not in keys.values())
    return Header(number, dict(sorted(keys.items())), said.titles, said.dropped, unknown, (), missing)


def _is_no_data(line: Line) -> bool:
    filled = list(islice(filter(None, line), _FEW + 1))
    if not filled:
        return True
    first, *second = (plain_title(text) if len(text) < 20 else text for text in filled[:2])
    if first.startswith(_SUMS) or (second and second[0] in _SUMS):
        return True
    return _is_footer(filled) or _counts_columns(line)


def _is_footer(filled: Sequence[str]) -> bool:
    return len(filled) <= _FEW and narrow(filled[0]).replace(" ", "").startswith(_FOOTERS)


def _counts_columns(line: Line) -> bool:
    return line[:2] == ("1", "2") and line == tuple(map(str, range(1, len(line) + 1))) and len(line) > _FEW
