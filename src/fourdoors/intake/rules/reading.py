"""One file being read: what it is, and what its rows have said so far."""

from dataclasses import dataclass, field
from datetime import date

from fourdoors.engines.sheets import Form

Cells = dict[str, str]


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
