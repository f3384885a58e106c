"""Counting, freezing, signing and publishing: every published figure passes through here."""

from fourdoors.statistics.services.counting import count_figures, record_table
from fourdoors.statistics.services.errors import (
    AlreadySignedError,
    EmptyPeriodError,
    OwnReleaseError,
    ReleaseError,
    ReleaseNumberTakenError,
)
from fourdoors.statistics.services.releases import freeze_release, hash_again, sign_release

__all__ = [
    "AlreadySignedError",
    "EmptyPeriodError",
    "OwnReleaseError",
    "ReleaseError",
    "ReleaseNumberTakenError",
    "count_figures",
    "freeze_release",
    "hash_again",
    "record_table",
    "sign_release",
]
