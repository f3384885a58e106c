"""Which column is which where the titles do not say it: what the cells of a column look like.

A guess is never taken by itself. It fills a page in, and somebody confirms it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from fourdoors.engines.sheets.cells import narrow
from fourdoors.engines.sheets.columns import HEADER_ROWS, Column, Header, Kind, find_header, plain_title
from fourdoors.engines.sheets.workbook import Sheet

SAMPLE_ROWS = 200
MOSTLY = 0.8  # of the filled cells of a sample
_SELDOM = 0.3

IDENTITY, PHONE, BIRTH, DAY, NAME, VILLAGE, TOWNSHIP, COUNTY = (
    "identity", "phone", "birth", "day", "name", "village", "township", "county",
)  # fmt: skip
_SHAPES = {
    IDENTITY: r"[1-9][0-9]{16}[0-9X]|[1-9][0-9]{14}|[1-9](\.[0-9]+)?E\+1[4-9]",  # the broken ones too
    PHONE: r"1[3-9][0-9]{9}",
    BIRTH: r"(19[3-9][0-9]|200[0-9])[-./年]?[0-9]{1,2}([-./月]?[0-9]{1,2}日?)?( [0-9:]+)?",
    DAY: r"20[1-4][0-9][-./年]?[0-9]{1,2}([-./月]?[0-9]{1,2}日?)?( [0-9:]+)?|[0-9]{1,2}月([初中上下底末].?)?",
    VILLAGE: r".{1,12}(村|社区|居委会|村委会)",
    TOWNSHIP: r".{1,12}(乡|镇|街道|街道办事处)",
    COUNTY: r".{1,12}[县区旗]",
    NAME: r"[\u4e00-\u9fff\U00020000-\U0003ffff]{2,4}|[\u4e00-\u9fff]{1,8}[·•][\u4e00-\u9fff·•]{1,12}",
}
_PATTERNS = {shape: re.compile(pattern) for shape, pattern in _SHAPES.items()}
_KEYS = {
    IDENTITY: ("identity", "payee_identity", "head_identity"),
    PHONE: ("phone", "household_phone"),
    BIRTH: ("born_on",),
    DAY: ("left_on", "returned_on"),
    VILLAGE: ("village",),
    TOWNSHIP: ("township",),
    COUNTY: ("county",),
    NAME: ("name", "payee_name", "head_name"),
}  # the one that is sought first comes first


@dataclass(frozen=True)
class Proposal:
    """A header with guesses in it.

    Attributes:
        header: Keys by title, by contents, and what is still missing.
        guessed: Numbers of the columns whose key comes from their contents.
    """

    header: Header
    guessed: frozenset[int]


def propose(sheet: Sheet, columns: Sequence[Column]) -> Proposal | None:
    """Return where the columns stand, by titles first and by contents where those say nothing.

    Returns:
        The proposal; None where neither a header nor a column of identity numbers is found. Its header has
        row 0 where the sheet begins with its data.
    """
    header = find_header(sheet, columns)
    if header is None:
        row = _row_above_people(sheet)
        if row is None or not any(column.kind is Kind.IDENTITY for column in columns):
            return None
        header = header_with(sheet, row, {}, columns)
    samples = _samples(sheet, header.row)
    keys = {at: key for at, key in header.keys.items() if not _contradicts(key, samples.get(at, ()))}
    guessed = _guesses(samples, keys, header, columns)
    return Proposal(header_with(sheet, header.row, keys | guessed, columns), frozenset(guessed))


def header_with(sheet: Sheet, row: int, keys: Mapping[int, str], columns: Sequence[Column]) -> Header:
    """Return the header that stands in ``row`` with these keys; row 0: there is none.

    A column whose title says that it must not be kept stays dropped, whatever ``keys`` says of it.
    """
    line = sheet.rows[row - 1] if 0 < row <= len(sheet.rows) else ()
    titles = {at: title for at, title in enumerate(line, start=1) if title}
    never = {plain_title(title): c.dropped for c in columns if c.dropped for title in c.titles}
    dropped = {at: never[plain] for at, title in titles.items() if (plain := plain_title(title)) in never}
    kept = {at: key for at, key in sorted(keys.items()) if at not in dropped}
    unknown = tuple(at for at in _filled(sheet, row) if at not in kept and at not in dropped)
    missing = tuple(c.key for c in columns if c.required and c.key not in kept.values())
    return Header(row, kept, titles, dropped, unknown, (), missing)


def _filled(sheet: Sheet, row: int) -> list[int]:
    """Return the numbers of the columns with a title or a filled cell near the top."""
    lines = sheet.rows[max(row - 1, 0) : row + SAMPLE_ROWS]
    return sorted({at for line in lines for at, text in enumerate(line, start=1) if text})


def _row_above_people(sheet: Sheet) -> int | None:
    """Return the row above the first identity number: the header, or 0 where there is none."""
    for number, line in enumerate(sheet.rows[: HEADER_ROWS + 1], start=1):
        if any(_is(IDENTITY, text) for text in line):
            above = sheet.rows[number - 2] if number > 1 else ()
            return number - 1 if sum(map(bool, above)) >= 2 else 0  # a title stands alone
    return None


def _samples(sheet: Sheet, row: int) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for line in islice(sheet.rows, row, row + SAMPLE_ROWS):
        for at, text in enumerate(line, start=1):
            if text:
                found.setdefault(at, []).append(text)
    return found


def _is(shape: str, text: str) -> bool:
    return _PATTERNS[shape].fullmatch(re.sub(r"\s", "", narrow(text)).upper()) is not None


def _share(shape: str, sample: Iterable[str]) -> float:
    cells = list(sample)
    return sum(_is(shape, text) for text in cells) / len(cells) if cells else 0


def _contradicts(key: str, sample: Sequence[str]) -> bool:
    """Tell whether a column is titled as identity numbers, or as telephones, and clearly holds the other."""
    other = {"identity": PHONE, "phone": IDENTITY}.get(key)
    return other is not None and _share(other, sample) >= MOSTLY and _share(_own(key), sample) < _SELDOM


def _own(key: str) -> str:
    return IDENTITY if key == "identity" else PHONE


def _guesses(
    samples: Mapping[int, Sequence[str]], keys: Mapping[int, str], header: Header, columns: Sequence[Column]
) -> dict[int, str]:
    """Return a key for each column that has none, where its cells look like one that is still wanted."""
    wanted = [c for c in columns if not c.dropped and c.key not in keys.values()]
    free = {at: cells for at, cells in samples.items() if at not in keys and at not in header.dropped}
    guessed: dict[int, str] = {}
    for shape, names in _KEYS.items():
        here = [at for at in free if at not in guessed and _share(shape, free[at]) >= MOSTLY]
        if shape == NAME:  # people differ, words of a list do not
            here = [at for at in here if len(set(free[at])) * 2 > len(free[at])]
        open_keys = [key for key in names if key in {c.key for c in wanted}]
        guessed |= dict(zip(here, open_keys, strict=False))
    return guessed | _by_choices(free, guessed, wanted)


def _by_choices(
    free: Mapping[int, Sequence[str]], guessed: Mapping[int, str], wanted: Sequence[Column]
) -> dict[int, str]:
    """Return the columns whose cells are words of one list and of no other."""
    found: dict[int, str] = {}
    for at, cells in free.items():
        fitting = [c.key for c in wanted if c.choices and _are_words(cells, c.choices)]
        if at not in guessed and len(fitting) == 1 and fitting[0] not in found.values():
            found[at] = fitting[0]
    return found


def _are_words(cells: Sequence[str], choices: Sequence[str]) -> bool:
    return sum(text in choices for text in cells) >= MOSTLY * len(cells)
