"""Counting every measure anew for the live pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db import connection, transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import chain_of
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.divisions import WIDTHS, Level
from fourdoors.kernel.periods import Month, months_touched
from fourdoors.statistics.models import Cell, Counting, Share, TrendPoint
from fourdoors.statistics.rules import Measure, MeasureKind, all_breakdowns, all_measures
from fourdoors.statistics.services.errors import EmptyPeriodError

Tick = Callable[[], None]


@contextmanager
def whole_tables() -> Iterator[None]:
    """Let the planner join whole tables only, and give the old setting back.

    Every measure reads a whole scope. After a large load PostgreSQL has no statistics yet and the policies
    hide the rest: it then expects a handful of rows and loops over two tables (8 s instead of 0.06 s for one
    measure at 20,000 workers).
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('enable_nestloop')")
        (before,) = cursor.fetchone() or ("on",)
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SELECT set_config('enable_nestloop', %s, true)", [before])


@transaction.atomic
def count_figures(*, from_on: date, to_on: date, at: datetime, tick: Tick = lambda: None) -> int:
    """Count every measure anew for the live pages, in one transaction, and return the number of cells.

    Readers see the old figures until it is done. The scope that is set decides what is counted: the
    province for the nightly count.

    Args:
        from_on: first day counted.
        to_on: last day counted.
        at: the moment shown beside the figures.
        tick: called after each measure and breakdown.

    Raises:
        EmptyPeriodError: ``to_on`` lies before ``from_on``.
    """
    if to_on < from_on:
        raise EmptyPeriodError(from_on=from_on, to_on=to_on)
    days = {"from_on": from_on, "to_on": to_on}
    for table in (Cell, TrendPoint, Share):
        table.objects.all().delete()
    with whole_tables():
        for measure in all_measures().values():
            if measure.kind is not MeasureKind.RATIO:
                _count_cells(measure, days)
            tick()
        for name, sql in all_breakdowns().items():
            _count_shares(name, sql, days)
            tick()
    Counting.objects.all().delete()
    Counting.objects.create(from_on=from_on, to_on=to_on, counted_at=at)
    return _add_up()


def _add_up() -> int:
    """Write the sums of townships, counties, prefectures and the province; return the cells they are of."""
    with connection.cursor() as cursor:
        for level, above in pairwise(reversed(Level)):
            cursor.execute(
                "INSERT INTO statistics_cell (level, measure, village, county, grade, value, rows)"
                " SELECT %(above)s, measure, village / %(width)s * %(width)s,"
                " village / %(width)s * %(width)s / 1000000, grade, sum(value), sum(rows)"
                " FROM statistics_cell WHERE level = %(level)s GROUP BY 2, 3, 4, 5",
                {"above": above, "level": level, "width": WIDTHS[above]},
            )
    return Cell.objects.filter(level=Level.VILLAGE).count()


def _count_cells(measure: Measure, days: dict[str, date]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO statistics_cell (level, measure, village, county, grade, value, rows)"
            f" SELECT {Level.VILLAGE:d}, %(measure)s, village, village / 1000000, grade, sum(value), count(*)"
            f" FROM ({measure.sql}) AS counted GROUP BY village, grade",
            {**days, "measure": measure.name},
        )
    if measure.trend:
        for month in months_touched(days["from_on"], days["to_on"]):
            _count_month(measure, month, days)


def _count_month(measure: Measure, month: Month, days: dict[str, date]) -> None:
    first = date(month.year, month.month, 1)
    last = min(first + timedelta(days=month.days - 1), days["to_on"])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO statistics_trendpoint (measure, village, county, month, value)"
            " SELECT %(measure)s, village / 1000000 * 1000000, village / 1000000, %(month)s, sum(value)"
            f" FROM ({measure.sql}) AS counted GROUP BY village / 1000000",
            {"measure": measure.name, "month": first, "from_on": days["from_on"], "to_on": last},
        )


def _count_shares(name: str, sql: str, days: dict[str, date]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO statistics_share (breakdown, village, county, key, value)"
            " SELECT %(name)s, village / 1000000 * 1000000, village / 1000000, key, sum(value)"
            f" FROM ({sql}) AS counted GROUP BY village / 1000000, key",
            {**days, "name": name},
        )


@transaction.atomic
def record_table(*, by: Officer, division: int, rows: int, at: datetime) -> None:
    """Write to the trail that the table of a place was taken out as a workbook.

    Args:
        by: who took it.
        division: 12-digit code of the place.
        rows: how many rows it held.
        at: the moment.
    """
    record_deed(
        officer=by,
        action="statistics.table_taken",
        at=at,
        county=chain_of(division),
        division=division,
        rows=rows,
    )
