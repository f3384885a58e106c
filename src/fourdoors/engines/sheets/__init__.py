"""Any workbook to rows of text with coordinates; notes to the same workbook; forms out.

Bytes in, data out: no database, no clock. ``read_workbook`` -> ``find_header`` -> ``rows_under`` is
the way in, ``annotate`` the way back, ``write_workbook`` and ``template`` the way out.
"""

from fourdoors.engines.sheets.annotate import annotate
from fourdoors.engines.sheets.columns import Column, Form, Header, Kind, Row, find_header, renamed, rows_under
from fourdoors.engines.sheets.errors import SheetError
from fourdoors.engines.sheets.forms import FORMS
from fourdoors.engines.sheets.guards import Limits
from fourdoors.engines.sheets.mapping import (
    Fault,
    MappedRow,
    SheetMapping,
    mapping_from_yaml,
    rows_through,
)
from fourdoors.engines.sheets.notes import Change, Note, Receipt
from fourdoors.engines.sheets.reader import read_workbook
from fourdoors.engines.sheets.shapes import Proposal, header_with, propose
from fourdoors.engines.sheets.workbook import Sheet, Workbook, address
from fourdoors.engines.sheets.writer import Words, template, write_workbook

__all__ = [
    "FORMS",
    "Change",
    "Column",
    "Fault",
    "Form",
    "Header",
    "Kind",
    "Limits",
    "MappedRow",
    "Note",
    "Proposal",
    "Receipt",
    "Row",
    "Sheet",
    "SheetError",
    "SheetMapping",
    "Words",
    "Workbook",
    "address",
    "annotate",
    "find_header",
    "header_with",
    "mapping_from_yaml",
    "propose",
    "read_workbook",
    "renamed",
    "rows_through",
    "rows_under",
    "template",
    "write_workbook",
]
