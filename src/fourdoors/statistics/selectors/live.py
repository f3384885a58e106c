"""Live figures: what was counted last, from the province down to the village."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from fourdoors.accounts.models import Division
from fourdoors.kernel.divisions import Level, level_of, range_of
from fourdoors.statistics.models import Cell, Counting, Share, TrendPoint
from fourdoors.statistics.rules import all_measures
from fourdoors.statistics.selectors.values import Value, counted, value_of

Graded = dict[str, dict[str, tuple[Decimal, int]]]


def last_counting() -> Counting | None:
    """Return for which days the live figures were counted, and when."""
    return Counting.objects.first()


def live_value(*, measure: str, division: int) -> Value:
    """Return one live figure."""
    return live_values(measures=[measure], division=division)[measure]


def live_values(*, measures: Sequence[str], division: int) -> dict[str, Value]:
    """Return live figures of one division, by name of measure, in one query."""
    cells = Cell.objects.filter(level=level_of(division), measure__in=counted(measures), village=division)
    graded: Graded = {}
    for one in cells:
        graded.setdefault(one.measure, {})[one.grade] = (one.value, one.rows)
    return {name: value_of(all_measures()[name], division, graded) for name in measures}


def live_children(*, measures: Sequence[str], division: int) -> list[tuple[Division, dict[str, Value]]]:
    """Return the divisions directly below one with their live figures, in two queries.

    Rows that are known no finer than ``division`` itself come last, under its own name: the parts add up
    to the whole.
    """
    level = level_of(division)
    below = Level(level + 1) if level < Level.VILLAGE else level
    graded = _graded_by(measures, division, below)
    found = list(children(division))
    if division in graded:
        found += Division.objects.filter(pk=division)
    known = all_measures()
    return [
        (one, {name: value_of(known[name], one.code, graded.get(one.code, {})) for name in measures})
        for one in found
    ]


def live_counties(*, measure: str, division: int) -> dict[int, Value]:
    """Return one live figure of every county in a division that has any, in one query: for a map."""
    graded = _graded_by([measure], division, Level.COUNTY)
    return {code: value_of(all_measures()[measure], code, sums) for code, sums in graded.items()}


def _graded_by(measures: Sequence[str], division: int, level: Level) -> dict[int, Graded]:
    here = range_of(division)
    cells = Cell.objects.filter(
        level=level, measure__in=counted(measures), village__gte=here.lo, village__lt=here.hi
    )
    graded: dict[int, Graded] = {}
    for one in cells:
        graded.setdefault(one.village, {}).setdefault(one.measure, {})[one.grade] = (one.value, one.rows)
    return graded


def children(division: int) -> QuerySet[Division]:
    """Return the divisions directly below one, by code."""
    return Division.objects.filter(parent_id=division).order_by("code")


def trend(*, measure: str, division: int) -> list[tuple[date, Decimal]]:
    """Return a measure from 1 January to the end of each month, by first day of month; counties and above."""
    here = range_of(division)
    rows = (
        TrendPoint.objects.filter(measure=measure, village__gte=here.lo, village__lt=here.hi)
        .values("month")
        .annotate(total=Sum("value"))
        .order_by("month")
    )
    return [(row["month"], row["total"]) for row in rows]


def shares(*, division: int) -> dict[str, list[tuple[str, Decimal]]]:
    """Return how the transferred persons divide, by breakdown, the largest part first; counties and above."""
    here = range_of(division)
    rows = (
        Share.objects.filter(village__gte=here.lo, village__lt=here.hi)
        .values("breakdown", "key")
        .annotate(total=Sum("value"))
        .order_by("breakdown", "-total", "key")
    )
    found: dict[str, list[tuple[str, Decimal]]] = {}
    for row in rows:
        found.setdefault(row["breakdown"], []).append((row["key"], row["total"]))
    return found
