"""The forms of the field as data: their titles, other names of the titles, and what must not be kept."""

from fourdoors.engines.sheets.forms.papers import PAPERS
from fourdoors.engines.sheets.forms.work import (
    JOB_LIST,
    NATIONAL_MEMBER_EXPORT,
    NEVER_KEPT,
    PAYMENT_LIST,
    TRAINING_ROSTER,
    TRANSFER_LEDGER,
    WORK_MONITOR_OUT,
)

FORMS = {
    form.key: form
    for form in (
        NATIONAL_MEMBER_EXPORT,
        TRANSFER_LEDGER,
        JOB_LIST,
        WORK_MONITOR_OUT,
        PAYMENT_LIST,
        TRAINING_ROSTER,
        *PAPERS,
    )
}

__all__ = [
    "FORMS",
    "JOB_LIST",
    "NATIONAL_MEMBER_EXPORT",
    "NEVER_KEPT",
    "PAYMENT_LIST",
    "TRAINING_ROSTER",
    "TRANSFER_LEDGER",
    "WORK_MONITOR_OUT",
]
