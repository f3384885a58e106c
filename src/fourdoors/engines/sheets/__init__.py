"""Any workbook to rows of text with coordinates; notes to the same workbook; forms out.

Bytes in, data out: no database, no clock. ``read_workbook`` -> ``find_header`` -> ``rows_under`` is
the way in, ``annotate`` the way back, ``write_workbook`` and ``template`` the way out.
"""

from fourdoors.engines.sheets.annotate import Note, Receipt, annotate
from fourdoors.engines.sheets.columns import Column, Form, Header, Kind, Row, find_header, rows_under
from fourdoors.engines.sheets.errors import SheetError
from fourdoors.engines.sheets.guards import Limits
from fourdoors.engines.sheets.reader import read_workbook
from fourdoors.engines.sheets.workbook import Sheet, Workbook, address

__all__ = [
    "Column",
    "Form",
    "Header",
    "Kind",
    "Limits",
    "Note",
    "Receipt",
    "Row",
    "Sheet",
    "SheetError",
    "Workbook",
    "address",
    "annotate",
    "find_header",
    "read_workbook",
    "rows_under",
]
