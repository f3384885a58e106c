"""Measures of persons and spells on a ledger made by hand, at the edges of their definitions."""

from datetime import date
from decimal import Decimal

import pytest

from fourdoors.kernel.divisions import GANSU
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.terms import Channel
from fourdoors.statistics.selectors import live_value, rows_behind
from tests.makers.employment import make_income, make_spell
from tests.makers.register import make_worker
from tests.makers.statistics import FIRST, LAST
from tests.statistics.counted import (
    DAY,
    a_spell,
    counted,
    live,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


def grades(measure: str) -> list[str]:
    return [row.grade for row in rows_behind(measure=measure, division=GANSU, from_on=FIRST, to_on=LAST)]


@pytest.mark.parametrize(
    ("left_on", "ended_on", "is_counted"),
    [
        (LAST, None, True),  # left on the last day
        (LAST + DAY, None, False),
        (date(2019, 6, 1), FIRST + DAY, True),  # worked on the first day
        (date(2019, 6, 1), FIRST, False),  # the first day was no longer worked
        (FIRST, FIRST + DAY, True),  # one day of work
    ],
)
def test_a_person_is_transferred_by_a_day_of_work_in_the_period(
    left_on: date, ended_on: date | None, *, is_counted: bool
) -> None:
    a_spell(left_on, ended_on)
    assert counted("transferred_persons") == is_counted


def test_a_person_with_two_spells_is_one_person_and_two_times() -> None:
    worker = make_worker()
    make_spell(worker=worker, left_on=date(2020, 2, 1), ended_on=date(2020, 4, 1), grade=Grade.D)
    make_spell(worker=worker, left_on=date(2020, 5, 1), grade=Grade.B)

    assert counted("transferred_persons") == 1
    assert grades("transferred_persons") == ["B"]  # what is proved twice is worth the better proof
    assert counted("person_times") == 2


@pytest.mark.parametrize(("left_on", "times"), [(FIRST - DAY, 0), (FIRST, 1), (LAST, 1), (LAST + DAY, 0)])
def test_a_time_begins_inside_the_period(left_on: date, times: int) -> None:
    a_spell(left_on)
    assert counted("person_times") == times


@pytest.mark.parametrize(("ended_on", "out"), [(None, 1), (LAST + DAY, 1), (LAST, 0)])
def test_out_are_those_who_worked_on_the_last_day(ended_on: date | None, out: int) -> None:
    a_spell(ended_on=ended_on)
    assert counted("out_today") == out


@pytest.mark.parametrize(
    ("channel", "organised"),
    [(Channel.ORGANISED, 1), (Channel.RETURNED_TO_POST, 1), (Channel.SELF_ARRANGED, 0)],
)
def test_a_return_to_post_is_organised_and_a_way_of_ones_own_is_not(channel: Channel, organised: int) -> None:
    a_spell(channel=channel)
    assert counted("organised_persons") == organised


def test_the_organised_share_divides_persons_and_has_no_value_over_nobody() -> None:
    assert live("organised_share") is None
    for channel in (Channel.ORGANISED, Channel.ORGANISED, Channel.SELF_ARRANGED):
        a_spell(channel=channel)
    share = live("organised_share")
    assert share is not None
    assert round(share, 4) == Decimal("0.6667")


@pytest.mark.parametrize(
    ("left_on", "ended_on", "months"),
    [
        (date(2020, 3, 10), date(2020, 6, 10), 3),  # worked through 9 June: three full months
        (date(2020, 3, 10), date(2020, 6, 9), 0),
        (date(2020, 1, 31), date(2020, 5, 1), 3),  # no 31 April: the month is full on its last day
        (date(2020, 1, 31), date(2020, 4, 30), 0),
        (date(2020, 8, 1), None, 3),  # worked through 31 October, the last day counted
        (date(2020, 8, 2), None, 0),
        (date(2020, 5, 1), None, 6),
        (date(2020, 5, 2), None, 3),
    ],
)
def test_stable_work_is_so_many_full_months_of_one_spell(
    left_on: date, ended_on: date | None, months: int
) -> None:
    a_spell(left_on, ended_on)
    assert counted("stable_3_months") == (months >= 3)
    assert counted("stable_6_months") == (months >= 6)
    assert live("stable_3_share") == (months >= 3)
    assert live("stable_6_share") == (months >= 6)


def test_two_short_spells_are_no_stable_one() -> None:
    worker = make_worker()
    make_spell(worker=worker, left_on=date(2020, 2, 1), ended_on=date(2020, 4, 1))
    make_spell(worker=worker, left_on=date(2020, 4, 1), ended_on=date(2020, 6, 1))
    assert counted("stable_3_months") == 0


@pytest.mark.parametrize(
    ("month", "fen"),
    [
        (date(2019, 12, 1), 0),
        (date(2020, 1, 1), 450_000),
        (date(2020, 10, 1), 450_000),
        (date(2020, 11, 1), 0),
    ],
)
def test_pay_counts_by_its_month(month: date, fen: int) -> None:
    make_income(spell=a_spell(date(2019, 11, 1)), month=month)
    assert counted("labour_income") == fen


def test_a_period_that_begins_inside_a_month_takes_the_month_whole() -> None:
    make_income(spell=a_spell(date(2019, 11, 1)), month=date(2020, 3, 1))
    assert counted("labour_income", from_on=date(2020, 3, 15), to_on=date(2020, 3, 20)) == 450_000


def test_income_a_head_is_in_fen_and_carries_the_grades_of_the_money() -> None:
    make_income(spell=a_spell(), fen=400_000, grade=Grade.B)
    make_income(spell=a_spell(), fen=100_001, grade=Grade.D)
    assert live("income_per_person") == Decimal("250000.5")
    value = live_value(measure="labour_income", division=GANSU)
    assert value.value == 500_001
    assert {grade: round(share, 3) for grade, share in value.mix.items()} == {"B": 0.8, "D": 0.2}
