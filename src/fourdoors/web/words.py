"""Days and shares as a reader of the page's language expects them."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone, translation

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def in_chinese() -> bool:
    """Tell whether the reader reads Chinese."""
    return (translation.get_language() or "").startswith("zh")


def day(on: date) -> str:
    """Return a day in full: 2020年3月1日, or 1 March 2020."""
    if in_chinese():
        return f"{on.year}年{on.month}月{on.day}日"
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def short_day(on: date) -> str:
    """Return a day of a year that is known: 3月1日, or 1 Mar."""
    return f"{on.month}月{on.day}日" if in_chinese() else f"{on.day} {MONTHS[on.month - 1][:3]}"


def month(on: date) -> str:
    """Return the month of a day: 2020年3月, or March 2020."""
    return f"{on.year}年{on.month}月" if in_chinese() else f"{MONTHS[on.month - 1]} {on.year}"


def moment(at: datetime) -> str:
    """Return a moment in China Standard Time: 2020年3月1日 06:30, or 1 March 2020, 06:30."""
    local = timezone.localtime(at)
    return f"{day(local)}{' ' if in_chinese() else ', '}{local:%H:%M}"


def percent(share: float, digits: int = 1) -> str:
    """Return a share in [0, 1] as a percentage, rounded half up: 93.4%."""
    step = Decimal(1).scaleb(-digits)
    return f"{(Decimal(str(share)) * 100).quantize(step, ROUND_HALF_UP)}%"
