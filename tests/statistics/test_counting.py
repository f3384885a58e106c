"""The counting itself: its days, its line of months, whose rows it sees."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection, transaction

from fourdoors.accounts.rules import Duty
from fourdoors.kernel.divisions import GANSU, Level, range_of
from fourdoors.statistics.models import Cell, Counting
from fourdoors.statistics.rules import all_measures
from fourdoors.statistics.selectors import last_counting, live_value, rows_behind, trend
from fourdoors.statistics.services import EmptyPeriodError, count_figures
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import LI_COUNTY, LI_VILLAGE, make_officer
from tests.makers.employment import make_spell
from tests.makers.register import make_worker
from tests.makers.statistics import COUNTED_AT, FIRST, LAST
from tests.statistics.counted import (
    DAY,
    a_spell,
    counted,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


def test_every_measure_that_is_counted_was_tried_beside_here() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert [name for name in all_measures() if f'"{name}"' not in text] == []


def test_a_new_counting_takes_the_place_of_the_last_one_and_says_its_days() -> None:
    a_spell()
    a_spell(ended_on=LAST)
    for to_on in (LAST, LAST - DAY):
        cells = count_figures(from_on=FIRST, to_on=to_on, at=COUNTED_AT + (LAST - to_on))
        assert cells == Cell.objects.filter(level=Level.VILLAGE).count()

    counting = last_counting()
    assert counting is not None
    assert Counting.objects.count() == 1
    assert (counting.from_on, counting.to_on, counting.counted_at) == (FIRST, LAST - DAY, COUNTED_AT + DAY)
    assert live_value(measure="out_today", division=GANSU).value == 2


def test_one_day_may_be_counted_and_a_day_less_may_not() -> None:
    count_figures(from_on=FIRST, to_on=FIRST, at=COUNTED_AT)
    with pytest.raises(EmptyPeriodError):
        count_figures(from_on=FIRST, to_on=FIRST - DAY, at=COUNTED_AT)
    assert Counting.objects.get().to_on == FIRST


def test_a_line_of_months_adds_up_from_the_first_day_and_ends_on_the_last() -> None:
    a_spell(date(2020, 1, 10), date(2020, 1, 20))
    a_spell(date(2020, 2, 10), None)
    a_spell(date(2020, 3, 20), None)  # after the last day, in its month
    count_figures(from_on=FIRST, to_on=date(2020, 3, 15), at=COUNTED_AT)

    points = [
        (month.month, int(value)) for month, value in trend(measure="transferred_persons", division=GANSU)
    ]
    assert points == [(1, 1), (2, 2), (3, 2)]


def test_counting_leaves_the_planner_as_it_was() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        count_figures(from_on=FIRST, to_on=LAST, at=COUNTED_AT)
        cursor.execute("SELECT current_setting('enable_nestloop')")
        assert cursor.fetchone() == ("on",)


def test_a_county_counts_its_own_rows_alone() -> None:
    a_spell()
    make_spell(worker=make_worker(village=620502_001001))
    set_scope(Scope(territory=range_of(LI_COUNTY)))
    assert make_officer(duty=Duty.COUNTY).jurisdiction == range_of(LI_COUNTY)
    assert counted("transferred_persons") == 1
    rows = rows_behind(measure="transferred_persons", division=LI_COUNTY, from_on=FIRST, to_on=LAST)
    assert [row.village for row in rows] == [LI_VILLAGE]
