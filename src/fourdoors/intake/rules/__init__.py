"""How a file goes through the house, and what may be wrong with a row of it."""

from fourdoors.intake.rules.checks import PRIVATE_KEYS, read_row
from fourdoors.intake.rules.exports import (
    ACCOUNT_FORMS,
    EXPORT_FORMS,
    EXPORT_KEPT_HOURS,
    EXPORT_SUBJECTS,
    ONE_THING,
    ExportState,
    Subject,
    day_about,
    may_be_about,
)
from fourdoors.intake.rules.faults import Code, Fault, Severity, severity_of, stops
from fourdoors.intake.rules.reading import Reading, households_without_head
from fourdoors.intake.rules.states import (
    COUNTS,
    DELIVERED_ROWS,
    DELIVERED_TEXT,
    FILE_KEPT_DAYS,
    FORECAST,
    MAY_BECOME,
    MERGEABLE_FORMS,
    Outcome,
    State,
    may_become,
)

__all__ = [
    "ACCOUNT_FORMS",
    "COUNTS",
    "DELIVERED_ROWS",
    "DELIVERED_TEXT",
    "EXPORT_FORMS",
    "EXPORT_KEPT_HOURS",
    "EXPORT_SUBJECTS",
    "FILE_KEPT_DAYS",
    "FORECAST",
    "MAY_BECOME",
    "MERGEABLE_FORMS",
    "ONE_THING",
    "PRIVATE_KEYS",
    "Code",
    "ExportState",
    "Fault",
    "Outcome",
    "Reading",
    "Severity",
    "State",
    "Subject",
    "day_about",
    "households_without_head",
    "may_be_about",
    "may_become",
    "read_row",
    "severity_of",
    "stops",
]
