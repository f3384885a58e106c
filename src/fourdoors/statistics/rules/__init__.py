"""What is counted, how a number is said, and what the bulletin tells of it."""

from fourdoors.statistics.rules.measures import (
    Measure,
    MeasureKind,
    Words,
    all_breakdowns,
    all_measures,
    read_measure,
    sentence_of,
    shown,
)

__all__ = [
    "Measure",
    "MeasureKind",
    "Words",
    "all_breakdowns",
    "all_measures",
    "read_measure",
    "sentence_of",
    "shown",
]
