"""Days, months and years at their edges."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourdoors.kernel.periods import (
    Month,
    Window,
    full_months,
    full_years,
    months_between,
    months_touched,
)

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("born_on", "day", "years"),
    [
        (date(2004, 3, 2), date(2020, 3, 1), 15),
        (date(2004, 3, 2), date(2020, 3, 2), 16),
        (date(2004, 2, 29), date(2020, 2, 29), 16),
        (date(2004, 2, 29), date(2021, 2, 28), 16),
        (date(2004, 2, 29), date(2021, 3, 1), 17),
    ],
)
def test_a_year_is_full_on_the_birthday(born_on: date, day: date, years: int) -> None:
    assert full_years(born_on, day) == years


def test_months_are_in_order_and_count() -> None:
    assert Month(2019, 12) < Month(2020, 1)
    assert Month(2019, 12) + 1 == Month(2020, 1)
    assert Month(2020, 1) + -1 == Month(2019, 12)
    assert Month(2020, 3) - Month(2019, 12) == 3
    assert Month.of(date(2020, 2, 29)) == Month(2020, 2)


def test_a_month_knows_its_days() -> None:
    february = Month(2020, 2)
    assert (february.days, Month(2021, 2).days) == (29, 28)
    assert (february.first_on, february.last_on) == (date(2020, 2, 1), date(2020, 2, 29))
    assert list(february) == [date(2020, 2, 1) + timedelta(days=n) for n in range(29)]
    assert date(2020, 2, 29) in february
    assert date(2021, 2, 28) not in february


@pytest.mark.parametrize("month", [0, 13])
def test_a_year_has_twelve_months(month: int) -> None:
    with pytest.raises(ValueError, match="no month"):
        Month(2020, month)


def test_both_ends_of_a_window_are_inside() -> None:
    window = Window(date(2020, 2, 10), date(2020, 2, 29))
    assert date(2020, 2, 10) in window
    assert date(2020, 2, 29) in window
    assert date(2020, 2, 9) not in window
    assert date(2020, 3, 1) not in window
    assert window.days == 20


def test_an_open_window_has_no_last_day() -> None:
    window = Window(date(2020, 2, 10))
    assert date(9999, 12, 31) in window
    assert window.days is None
    assert window.overlaps(Window(date(2030, 1, 1), date(2030, 1, 1)))


@pytest.mark.parametrize(
    ("start", "end", "share"),
    [
        (date(2020, 2, 1), date(2020, 2, 9), False),
        (date(2020, 2, 1), date(2020, 2, 10), True),
        (date(2020, 2, 29), date(2020, 3, 20), True),
        (date(2020, 3, 1), date(2020, 3, 20), False),
        (date(2020, 1, 1), date(2020, 12, 31), True),
    ],
)
def test_windows_overlap_from_one_common_day(start: date, end: date, share: bool) -> None:  # noqa: FBT001
    first, other = Window(date(2020, 2, 10), date(2020, 2, 29)), Window(start, end)
    assert first.overlaps(other) is other.overlaps(first) is share


def test_a_window_does_not_end_before_it_starts() -> None:
    assert Window(date(2020, 2, 10), date(2020, 2, 10)).days == 1
    with pytest.raises(ValueError, match="cannot end"):
        Window(date(2020, 2, 10), date(2020, 2, 9))


def test_months_between_are_both_inside() -> None:
    assert months_between(Month(2020, 1), Month(2020, 1)) == [Month(2020, 1)]
    assert months_between(Month(2020, 2), Month(2020, 1)) == []


def test_a_month_is_touched_by_one_day() -> None:
    assert months_touched(date(2020, 1, 31), date(2020, 2, 1)) == [Month(2020, 1), Month(2020, 2)]
    assert months_touched(date(2020, 1, 31), date(2020, 1, 30)) == []
    assert months_touched(date(2020, 1, 31), date(2020, 1, 31)) == [Month(2020, 1)]


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2020, 2, 10), date(2020, 5, 8), 2),
        (date(2020, 2, 10), date(2020, 5, 9), 3),  # three months on the eve of 10 May
        (date(2020, 1, 31), date(2020, 2, 28), 0),
        (date(2020, 1, 31), date(2020, 2, 29), 1),  # no 31 February: its last day
        (date(2021, 1, 30), date(2021, 2, 27), 0),
        (date(2021, 1, 30), date(2021, 2, 28), 1),
        (date(2021, 1, 28), date(2021, 2, 27), 1),
        (date(2020, 1, 1), date(2020, 12, 31), 12),
        (date(2020, 1, 1), date(2020, 12, 30), 11),
        (date(2020, 3, 1), date(2020, 3, 1), 0),
        (date(2020, 3, 2), date(2020, 3, 1), 0),
    ],
)
def test_a_month_of_work_is_full_on_the_eve_of_its_day(start: date, end: date, months: int) -> None:
    assert full_months(start, end) == months


@given(DAYS, DAYS)
def test_a_day_more_never_makes_fewer_months(start: date, end: date) -> None:
    shorter, longer = full_months(start, end), full_months(start, end + timedelta(days=1))
    assert shorter <= longer <= shorter + 1
