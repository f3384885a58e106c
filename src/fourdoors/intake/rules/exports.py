"""Forms that are filled in: which, what each may be narrowed to, and how long the file is kept."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from fourdoors.kernel.periods import Month

EXPORT_KEPT_HOURS = 24  # our own limit: it was made to be taken out at once


class ExportState(StrEnum):
    """Where a filled form stands."""

    ASKED = "asked"
    MADE = "made"
    FAILED = "failed"
    GONE = "gone"  # the file was taken away; what it held stands in the trail


class Subject(StrEnum):
    """What a filled form is about beside its place: one month, one year, one thing, or all that is known."""

    ALL = "all"
    MONTH = "month"
    YEAR = "year"
    TRIP = "trip"
    CLASS = "class"
    PAYMENT_LIST = "payment_list"


EXPORT_SUBJECTS: Mapping[str, Subject] = {
    "national_member_export": Subject.ALL,
    "transfer_ledger": Subject.YEAR,
    "work_monitor_out": Subject.MONTH,
    "household_wage_quarterly": Subject.YEAR,
    "job_list": Subject.ALL,
    "training_roster": Subject.CLASS,
    "training_results": Subject.CLASS,
    "training_certificates": Subject.CLASS,
    "class_application": Subject.CLASS,
    "p2p_manifest_vehicle": Subject.TRIP,
    "p2p_manifest_person": Subject.TRIP,
    "p2p_handover": Subject.TRIP,
    "payment_list": Subject.PAYMENT_LIST,
    "health_followup": Subject.TRIP,
    "yiliang_person": Subject.ALL,
    "travel_subsidy_form": Subject.YEAR,
}
EXPORT_FORMS = tuple(EXPORT_SUBJECTS)  # filled in from what a step knows
ONE_THING = frozenset({Subject.TRIP, Subject.CLASS, Subject.PAYMENT_LIST})  # named by its number
ACCOUNT_FORMS = frozenset({"payment_list"})  # account numbers stand in it: never of more than one list

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)
_YEAR = re.compile(r"[0-9]{4}", re.ASCII)
_FIRST_YEAR = 2000


def may_be_about(form: str, about: str, *, on: date) -> bool:
    """Tell whether a form can be filled in about this; blank means what is usual, where that can be meant.

    A month and a year are no later than that of ``on``. Whether a trip, class or list is there, its own step
    knows.
    """
    subject = EXPORT_SUBJECTS[form]
    if not about:
        return form not in ACCOUNT_FORMS
    if subject is Subject.MONTH:
        return bool(_MONTH.fullmatch(about)) and f"{_FIRST_YEAR}-01" <= about <= str(Month.of(on))
    if subject is Subject.YEAR:
        return bool(_YEAR.fullmatch(about)) and _FIRST_YEAR <= int(about) <= on.year
    return subject in ONE_THING


def day_about(form: str, about: str, *, on: date) -> date:
    """Return the day for which a form is filled in, asked on ``on``.

    A month's form is that of the month before its day; a year that is over is told as it was on its last.

    >>> day_about("work_monitor_out", "2020-09", on=date(2020, 11, 2))
    datetime.date(2020, 10, 1)
    >>> day_about("transfer_ledger", "2019", on=date(2020, 11, 2))
    datetime.date(2019, 12, 31)
    """
    subject = EXPORT_SUBJECTS[form]
    if about and subject is Subject.MONTH:
        year, month = map(int, about.split("-"))
        return (Month(year, month) + 1).first_on
    if about and subject is Subject.YEAR:
        return min(on, date(int(about), 12, 31))
    return on
