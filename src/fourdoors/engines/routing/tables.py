"""A table of ways as text: read whole or refused with the line that is wrong."""

import csv
import math
from collections.abc import Iterable
from io import StringIO

from fourdoors.engines.routing.times import Leg, Matrix, Place

COLUMNS = ["from", "to", "minutes", "km"]
MOST_MINUTES, MOST_KM = 7 * 24 * 60, 6000


class TableError(ValueError):
    """A table that cannot be read; says where and why."""

    def __init__(self, code: str, line: int, value: str) -> None:
        super().__init__(f"line {line}: {code}: {value}")
        self.code, self.line, self.value = code, line, value


def read_matrix(text: str, *, source: str, places: Iterable[Place]) -> Matrix:
    """Read a table of ways with the columns from, to, minutes, km; codes of twelve digits.

    Args:
        text: CSV with a header.
        source: its name, for the plan.
        places: every way between them must be there.

    Raises:
        TableError: ``columns``, ``code``, ``number`` (not a number, negative or beyond seven days or 6,000
            km), ``twice`` (a way stands twice); with its line.
        WayMissingError: ways are missing.
    """
    lines = csv.reader(StringIO(text.removeprefix("\ufeff")))
    header = next(lines, [])
    if [name.strip().lower() for name in header] != COLUMNS:
        raise TableError("columns", 1, ",".join(header))
    legs: dict[tuple[int, int], Leg] = {}
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(COLUMNS):
            raise TableError("columns", lines.line_num, ",".join(cells))
        way = (_code(cells[0], lines.line_num), _code(cells[1], lines.line_num))
        if way in legs:
            raise TableError("twice", lines.line_num, f"{way[0]},{way[1]}")
        legs[way] = Leg(
            _number(cells[2], MOST_MINUTES, lines.line_num), _number(cells[3], MOST_KM, lines.line_num)
        )
    return Matrix(legs, source).complete_for(places)


def _code(cell: str, line: int) -> int:
    if not (cell.strip().isascii() and cell.strip().isdigit() and len(cell.strip()) == 12):
        raise TableError("code", line, cell)
    return int(cell)


def _number(cell: str, most: float, line: int) -> float:
    try:
        value = float(cell)
    except ValueError:
        raise TableError("number", line, cell) from None
    if not (math.isfinite(value) and 0 <= value <= most):
        raise TableError("number", line, cell)
    return value
