"""What the steps of the way hand on to each other."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fourdoors.console.demo.people import Home
from fourdoors.console.demo.work import Unit

CHINA = ZoneInfo("Asia/Shanghai")


class StepFailedError(Exception):
    """A step did not do what it says: the way ends here with exit code 1."""


@dataclass
class Journey:
    """One run of the whole way.

    Attributes:
        workers: how many invented workers the province holds.
        seed: the same seed makes the same province and the same release.
        papers: folder for workbooks and PDFs that the way leaves behind.
        officers: by name.
        homes: households loaded in bulk.
        li_homes: households of Li County that come in by workbook.
        units: invented employers of the bulk, in order.
        employers: number in the database by credit code.
        provinces: partner provinces by code.
        worker_numbers: person number of the demonstration -> number in the register.
        household_numbers: household number of the demonstration -> number in the register.
        trips: trips that were driven.
        release_hash: of the bulletin's release.
    """

    workers: int
    seed: int
    papers: Path
    officers: dict[str, Any] = field(default_factory=dict)
    homes: list[Home] = field(default_factory=list)
    li_homes: list[Home] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    employers: dict[str, int] = field(default_factory=dict)
    provinces: dict[int, Any] = field(default_factory=dict)
    worker_numbers: dict[int, int] = field(default_factory=dict)
    household_numbers: dict[int, int] = field(default_factory=dict)
    trips: list[Any] = field(default_factory=list)
    release_hash: str = ""


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """Return a moment in China Standard Time."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA)


def must(holds: object, fault: str) -> None:
    """Stop the way unless something holds.

    Raises:
        StepFailedError: it does not.
    """
    if not holds:
        raise StepFailedError(fault)
