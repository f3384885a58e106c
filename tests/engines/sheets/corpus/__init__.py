"""The corpus: nasty files, each made here, each with the answer that is expected.

Every readable file tells of the same two invented people (``PEOPLE``), in another dress; where the dress
costs something (digits that a program has lost), the case says so. Every other file has the code of its
refusal. The identity numbers begin with 99, which was never issued.
"""

from tests.engines.sheets.corpus import dressed, odd, plain, refused
from tests.engines.sheets.corpus.cases import (
    CASES,
    COLUMNS,
    FIRST,
    PEOPLE,
    SECOND,
    TABLE,
    TITLES,
    csv,
    page,
    people,
    xlsx,
)

PARTS = (plain, dressed, odd, refused)  # each enters its cases when it is imported

__all__ = [
    "CASES",
    "COLUMNS",
    "FIRST",
    "PARTS",
    "PEOPLE",
    "SECOND",
    "TABLE",
    "TITLES",
    "csv",
    "page",
    "people",
    "xlsx",
]
