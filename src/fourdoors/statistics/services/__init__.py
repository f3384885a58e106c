"""Counting, freezing, signing and publishing: every published figure passes through here."""

from fourdoors.statistics.services.bulletins import LANGUAGES, bulletin_paper
from fourdoors.statistics.services.counting import count_figures, record_table
from fourdoors.statistics.services.errors import (
    AlreadySignedError,
    EmptyPeriodError,
    NotSignedError,
    OwnReleaseError,
    PeriodAheadError,
    ReleaseError,
    ReleaseNumberTakenError,
)
from fourdoors.statistics.services.releases import freeze_release, hash_again, record_check, sign_release

__all__ = [
    "LANGUAGES",
    "AlreadySignedError",
    "EmptyPeriodError",
    "NotSignedError",
    "OwnReleaseError",
    "PeriodAheadError",
    "ReleaseError",
    "ReleaseNumberTakenError",
    "bulletin_paper",
    "count_figures",
    "freeze_release",
    "hash_again",
    "record_check",
    "record_table",
    "sign_release",
]
