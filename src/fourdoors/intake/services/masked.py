"""A file whose numbers are masked: an export for looking at. Nobody in it can be recognised."""

import re
from collections.abc import Iterable, Sequence
from typing import ClassVar

from fourdoors.engines.sheets import Header, Sheet, Workbook
from fourdoors.kernel.errors import RuleError

_MASKED = re.compile(r"[0-9]{0,6}\*{4,}[0-9]{0,6}[0-9Xx]?", re.ASCII)  # ***************123, 138****1234
_RECOGNISE = frozenset({"identity", "phone"})  # a bank masks accounts: nobody is recognised by those
_ROWS_SEEN = 300
_SHARE = 0.9


class MaskedFileError(RuleError):
    """The identity numbers, or the phones, of a file are masked."""

    code: ClassVar[str] = "numbers_masked"


def is_masked(text: str) -> bool:
    """Tell whether a number is masked.

    >>> is_masked("***************123"), is_masked("138****1234"), is_masked("13893901234"), is_masked("***")
    (True, True, False, False)
    """
    return _MASKED.fullmatch(text.strip()) is not None


def refuse_masked_tables(tables: Iterable[tuple[Sheet, Header]], *, name: str) -> None:
    """Refuse a file in which people can no longer be recognised by the columns that say who they are.

    Raises:
        MaskedFileError: nearly all of its identity numbers, or of its phones, are masked.
    """
    for sheet, header in tables:
        for at, key in header.keys.items():
            if key in _RECOGNISE and _masked_column(sheet.rows[header.row :], at - 1):
                raise MaskedFileError(name=name, column=header.titles.get(at, key))


def refuse_masked_book(book: Workbook, *, name: str) -> None:
    """Refuse a file of which no header is known, if a column of it is masked: that is the reason to tell.

    Raises:
        MaskedFileError: nearly all the cells of a column, its title apart, are masked.
    """
    for sheet in book.sheets:
        for at in range(max(map(len, sheet.rows[:_ROWS_SEEN]), default=0)):
            cells = [line[at] if at < len(line) else "" for line in sheet.rows[:_ROWS_SEEN]]
            first = next((row for row, text in enumerate(cells) if is_masked(text)), None)
            if first is not None and _masked_column(sheet.rows[first:], at):
                title = next((text for text in reversed(cells[:first]) if text), "")
                raise MaskedFileError(name=name, column=title)


def _masked_column(rows: Sequence[Sequence[str]], at: int) -> bool:
    cells = [line[at] for line in rows[:_ROWS_SEEN] if at < len(line) and line[at]]
    return bool(cells) and sum(map(is_masked, cells)) >= _SHARE * len(cells)
