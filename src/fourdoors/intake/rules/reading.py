"""One file being read: what it is, and what its rows have said so far."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from fourdoors.engines.sheets import Form
from fourdoors.kernel.terms import NO_HOUSEHOLD, RelationToHead

Cells = dict[str, str]
_EXCERPT = 2  # members: whoever sends so few of a household has not forgotten its head


def households_without_head(rows: Iterable[Mapping[str, str]]) -> dict[str, int]:
    """Return the households of three and more of which no row is the head, with the number of members.

    Args:
        rows: cells by key, as the engine read them.
    """
    members: Counter[str] = Counter()
    heads: set[str] = set()
    for row in rows:
        number = re.sub(r"\s", "", unicodedata.normalize("NFKC", row.get("household_number", "")))
        members[number] += number != NO_HOUSEHOLD
        if row.get("relation") in RelationToHead.HEAD.spellings:
            heads.add(number)
    return {number: many for number, many in members.items() if many > _EXCERPT and number not in heads}


@dataclass
class Reading:
    """One file being read: its form, whom it speaks for, and what its rows have said so far.

    Attributes:
        form: the form of the file.
        division: 12-digit code that the file speaks for; no row may lie outside.
        on: the day of the file; ages are counted on it.
        people: identity number (and day of leaving, in a ledger) to the first row that has it.
        heads: household number to the row of its head.
        spouses: household number to the row of the head's spouse.
        sexes: household number to the sex of its head, or of the spouse, whoever came first.
        headless: household number to its members, of those without a head anywhere in the file.
    """

    form: Form
    division: int
    on: date
    people: dict[tuple[str, ...], int] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    spouses: dict[str, int] = field(default_factory=dict)
    sexes: dict[str, str] = field(default_factory=dict)
    headless: dict[str, int] = field(default_factory=dict)


def number_in(cells: Cells, key: str) -> int:
    """Return the number of a cell that was read; 0 where it is blank or absent."""
    return int(cells.get(key) or 0)
