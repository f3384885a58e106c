"""Days, months and years, as the field counts them; every day is a day in China Standard Time."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)


def full_years(born_on: date, day: date) -> int:
    """Return the full years of age (周岁) on ``day``.

    A year is full on the birthday itself; a birth on 29 February has its birthday on
    1 March in common years.

    >>> full_years(date(2004, 2, 29), date(2021, 2, 28))
    16
    """
    before_birthday = (day.month, day.day) < (born_on.month, born_on.day)
    return day.year - born_on.year - before_birthday


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month; months compare, count and iterate in the order of time.

    >>> Month(2020, 12) + 2
    Month(year=2021, month=2)
    >>> str(Month(2020, 2)), Month(2020, 2).days
    ('2020-02', 29)
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:
            raise ValueError(f"{self.month} is no month")

    @classmethod
    def of(cls, day: date) -> "Month":
        """Return the month that holds ``day``."""
        return cls(day.year, day.month)

    @property
    def days(self) -> int:
        """The number of its days."""
        return monthrange(self.year, self.month)[1]

    @property
    def first_on(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last_on(self) -> date:
        """Its last day."""
        return date(self.year, self.month, self.days)

    def __add__(self, months: int) -> "Month":
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    def __sub__(self, other: "Month") -> int:
        return (self.year - other.year) * 12 + self.month - other.month

    def __iter__(self) -> Iterator[date]:
        return (date(self.year, self.month, day) for day in range(1, self.days + 1))

    def __contains__(self, day: date) -> bool:
        return (day.year, day.month) == (self.year, self.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True)
class Window:
    """Days from ``start`` to ``end``, both inside, as laws and notices count; no end means open.

    >>> date(2020, 2, 29) in Window(date(2020, 2, 10), date(2020, 2, 29))
    True
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a window from {self.start} cannot end on {self.end}")

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)

    @property
    def days(self) -> int | None:
        """The number of its days; None while it is open."""
        return None if self.end is None else (self.end - self.start).days + 1

    def overlaps(self, other: "Window") -> bool:
        """Tell whether the two share at least one day."""
        return self.start in other or other.start in self


def months_between(first: Month, last: Month) -> list[Month]:
    """Return the months from ``first`` to ``last``, both inside; none when ``last`` is earlier.

    >>> [str(month) for month in months_between(Month(2020, 11), Month(2021, 1))]
    ['2020-11', '2020-12', '2021-01']
    """
    return [first + step for step in range(last - first + 1)]


def months_touched(start: date, end: date) -> list[Month]:
    """Return every month with at least one day of ``start`` to ``end``, both inside.

    >>> len(months_touched(date(2020, 1, 31), date(2020, 3, 1)))
    3
    """
    return [] if end < start else months_between(Month.of(start), Month.of(end))


def full_months(start: date, end: date) -> int:
    """Return the full months of work from ``start`` to ``end``, both worked.

    A month is full on the eve of the day that corresponds to ``start``; where the month has no
    such day, on its last day.

    Source:
        Civil Code of the People's Republic of China (in force 1 January 2021), article 202; the first
        day counts here because it is worked.

    >>> full_months(date(2020, 2, 10), date(2020, 3, 9)), full_months(date(2020, 1, 31), date(2020, 2, 29))
    (1, 1)
    >>> full_months(date(2020, 2, 10), date(2020, 3, 8))
    0
    """
    if end < start:
        return 0
    months = Month.of(end) - Month.of(start) + 1
    while months and _nth_month_ends_on(start, months) > end:
        months -= 1
    return months


def _nth_month_ends_on(start: date, months: int) -> date:
    month = Month.of(start) + months
    if start.day > month.days:
        return month.last_on
    return date(month.year, month.month, start.day) - _ONE_DAY
