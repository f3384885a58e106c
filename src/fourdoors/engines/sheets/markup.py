"""Tables of a web page: what many office systems send out under the name of an Excel file."""

from html.parser import HTMLParser

from fourdoors.engines.sheets.cells import tidy
from fourdoors.engines.sheets.workbook import Area

_BREAKS = {"br", "p", "div"}


class TableReader(HTMLParser):
    """Reads the tables of a page into one sheet, one below the other; scripts and styles are not looked at.

    Attributes:
        rows: The cells as text.
        merged: The areas of spanned cells, counted from 1.

    Raises:
        OverflowError: The cells, spanned ones too, are more than ``most_cells``.
    """

    def __init__(self, *, most_cells: int) -> None:
        super().__init__(convert_charrefs=True)
        self._room = most_cells
        self.rows: list[list[str]] = []
        self.merged: list[Area] = []
        self._taken: set[tuple[int, int]] = set()
        self._cell: list[str] | None = None
        self._skipping = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row, a cell, or what is skipped."""
        self._skipping = tag in ("script", "style")
        if tag == "tr":
            self._end_cell()
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self._end_cell()
            self._begin_cell(dict(attrs))
        elif tag in _BREAKS and self._cell:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a cell, or what is skipped."""
        self._skipping = False
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        """Add to the text of the cell."""
        if self._cell is not None and not self._skipping:
            self._cell.append(" ".join(data.split()) if data.strip() else " ")

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        row, line = len(self.rows), self.rows[-1]
        while (row, len(line) + 1) in self._taken:
            line.append("")
        column = len(line) + 1
        down, right = (_span(attributes.get(name)) for name in ("rowspan", "colspan"))
        self._room -= down * right
        if self._room < 0:
            raise OverflowError
        if down > 1 or right > 1:
            self.merged.append((row, column, row + down - 1, column + right - 1))
        self._taken |= {(row + n, column + m) for n in range(1, down) for m in range(right)}
        line.extend([""] * right)
        self._cell, self._place = [], (row - 1, column - 1)

    def _end_cell(self) -> None:
        if self._cell is not None:
            row, column = self._place
            self.rows[row][column] = tidy("".join(self._cell))
            self._cell = None


def _span(text: str | None) -> int:
    """Return a span, at least 1."""
    return max(1, int(text)) if text and text.isascii() and text.isdigit() and len(text) < 5 else 1
