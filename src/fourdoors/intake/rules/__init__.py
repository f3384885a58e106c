"""How a file goes through the house, and what may be wrong with a row of it."""

from fourdoors.intake.rules.checks import PRIVATE_KEYS, households_without_head, read_row
from fourdoors.intake.rules.faults import Code, Fault, Severity, severity_of, stops
from fourdoors.intake.rules.reading import Reading
from fourdoors.intake.rules.states import (
    COUNTS,
    EXPORT_FORMS,
    EXPORT_KEPT_HOURS,
    FILE_KEPT_DAYS,
    FORECAST,
    MAY_BECOME,
    MERGEABLE_FORMS,
    ExportState,
    Outcome,
    State,
    may_become,
)

__all__ = [
    "COUNTS",
    "EXPORT_FORMS",
    "EXPORT_KEPT_HOURS",
    "FILE_KEPT_DAYS",
    "FORECAST",
    "MAY_BECOME",
    "MERGEABLE_FORMS",
    "PRIVATE_KEYS",
    "Code",
    "ExportState",
    "Fault",
    "Outcome",
    "Reading",
    "Severity",
    "State",
    "households_without_head",
    "may_become",
    "read_row",
    "severity_of",
    "stops",
]
