"""Reads of figures: live cells, the drill from province to row, releases."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet, Sum

from fourdoors.accounts.models import Division
from fourdoors.kernel.divisions import Level, level_of, range_of
from fourdoors.statistics.models import Cell, Counting, Figure, FrozenRow, Release, Share, TrendPoint
from fourdoors.statistics.rules import Measure, MeasureKind, all_measures

# Below this many persons a public table shows nothing (docs/security: the project's own rule).
SMALLEST_PUBLIC_COUNT = 10


@dataclass(frozen=True)
class Value:
    """A measure of one division.

    Attributes:
        measure: the named number.
        division: 12-digit code.
        value: in the measure's unit of counting: persons, fen, or a share in [0, 1]; None: nothing counted.
        rows: how many rows are behind it.
        mix: evidence grade -> share in [0, 1] of the value.
    """

    measure: Measure
    division: int
    value: Decimal | None
    rows: int = 0
    mix: dict[str, float] = field(default_factory=dict)


def last_counting() -> Counting | None:
    """Return for which days the live figures were counted, and when."""
    return Counting.objects.first()


def live_value(*, measure: str, division: int) -> Value:
    """Return one live figure."""
    return live_values(measures=[measure], division=division)[measure]


def live_values(*, measures: Sequence[str], division: int) -> dict[str, Value]:
    """Return live figures of one division, by name of measure, in one query."""
    known = all_measures()
    wanted = {part for name in measures for part in (known[name].parts or (name,))}
    here = range_of(division)
    sums = (
        Cell.objects.filter(measure__in=wanted, village__gte=here.lo, village__lt=here.hi)
        .values("measure", "grade")
        .annotate(total=Sum("value"), count=Sum("rows"))
    )
    graded: dict[str, dict[str, tuple[Decimal, int]]] = {}
    for row in sums:
        graded.setdefault(row["measure"], {})[row["grade"]] = (row["total"], row["count"])
    return {name: _value(known[name], division, graded) for name in measures}


def live_children(*, measures: Sequence[str], division: int) -> list[tuple[Division, dict[str, Value]]]:
    """Return the divisions directly below one with their live figures, in two queries."""
    known = all_measures()
    wanted = {part for name in measures for part in (known[name].parts or (name,))}
    width = _WIDTHS[Level(level_of(division) + 1)] if level_of(division) < Level.VILLAGE else 1
    here = range_of(division)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT village / %s * %s AS code, measure, grade, sum(value), sum(rows) FROM statistics_cell"
            " WHERE measure = ANY(%s) AND village >= %s AND village < %s GROUP BY 1, 2, 3",
            [width, width, list(wanted), here.lo, here.hi],
        )
        graded: dict[int, dict[str, dict[str, tuple[Decimal, int]]]] = {}
        for code, measure, grade, total, count in cursor.fetchall():
            graded.setdefault(code, {}).setdefault(measure, {})[grade] = (total, int(count))
    return [
        (below, {name: _value(known[name], below.code, graded.get(below.code, {})) for name in measures})
        for below in Division.objects.filter(parent_id=division).order_by("code")
    ]


_WIDTHS = {
    Level.PROVINCE: 10**10,
    Level.PREFECTURE: 10**8,
    Level.COUNTY: 10**6,
    Level.TOWNSHIP: 10**3,
    Level.VILLAGE: 1,
}


def _value(measure: Measure, division: int, graded: dict[str, dict[str, tuple[Decimal, int]]]) -> Value:
    if measure.kind is MeasureKind.RATIO:
        assert measure.parts  # noqa: S101 (read_measure has seen to it)
        above, below = (_value(all_measures()[part], division, graded) for part in measure.parts)
        share = above.value / below.value if above.value is not None and below.value else None
        return Value(measure, division, share, below.rows, above.mix)
    grades = graded.get(measure.name, {})
    total = sum((value for value, _ in grades.values()), Decimal(0))
    mix = {grade: float(value / total) for grade, (value, _) in sorted(grades.items())} if total else {}
    return Value(measure, division, total, sum(count for _, count in grades.values()), mix)


def trend(*, measure: str, division: int) -> list[tuple[date, Decimal]]:
    """Return a measure from 1 January to the end of each month, by first day of month."""
    here = range_of(division)
    rows = (
        TrendPoint.objects.filter(measure=measure, village__gte=here.lo, village__lt=here.hi)
        .values("month")
        .annotate(total=Sum("value"))
        .order_by("month")
    )
    return [(row["month"], row["total"]) for row in rows]


def shares(*, breakdown: str, division: int) -> list[tuple[str, Decimal]]:
    """Return how the transferred persons divide, the largest part first."""
    here = range_of(division)
    rows = (
        Share.objects.filter(breakdown=breakdown, village__gte=here.lo, village__lt=here.hi)
        .values("key")
        .annotate(total=Sum("value"))
        .order_by("-total", "key")
    )
    return [(row["key"], row["total"]) for row in rows]


def rows_behind(*, measure: str, division: int, from_on: date, to_on: date) -> list[dict[str, Any]]:
    """Return the live rows of a measure in one village or township: ``object_id``, ``value``, ``grade``.

    At most 500 rows, in order of village and object; larger divisions are reached through their children.
    """
    here = range_of(division)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT village, object_id, value, grade FROM ({all_measures()[measure].sql}) AS counted"
            " WHERE village >= %(lo)s AND village < %(hi)s ORDER BY village, object_id LIMIT 500",
            {"from_on": from_on, "to_on": to_on, "lo": here.lo, "hi": here.hi},
        )
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def releases(*, signed_only: bool = False) -> QuerySet[Release]:
    """Return releases, the newest first."""
    found = Release.objects.order_by("-to_on", "-frozen_at")
    return found.exclude(signed_at=None) if signed_only else found


def release_values(*, release: Release, division: int) -> dict[str, Value]:
    """Return every figure of a release for one division, by name of measure."""
    known = all_measures()
    found = {figure.measure: figure for figure in Figure.objects.filter(release=release, village=division)}
    graded = {
        name: {grade: (Decimal(str(value)), 0) for grade, value in figure.mix.items()}
        for name, figure in found.items()
    }
    values = {name: _value(measure, division, graded) for name, measure in known.items()}
    return {
        name: Value(value.measure, division, value.value, found[name].rows if name in found else 0, value.mix)
        for name, value in values.items()
    }


def release_children(*, release: Release, measure: str, division: int) -> list[tuple[Division, Value]]:
    """Return one measure of a release for the divisions directly below one."""
    parts = all_measures()[measure].parts or (measure,)
    below = list(Division.objects.filter(parent_id=division).order_by("code"))
    figures = Figure.objects.filter(
        release=release, measure__in=parts, village__in=[one.code for one in below]
    )
    graded: dict[int, dict[str, dict[str, tuple[Decimal, int]]]] = {}
    for figure in figures:
        graded.setdefault(figure.village, {})[figure.measure] = {
            grade: (Decimal(str(value)), 0) for grade, value in figure.mix.items()
        }
    return [(one, _value(all_measures()[measure], one.code, graded.get(one.code, {}))) for one in below]


def frozen_rows(*, release: Release, measure: str, division: int) -> QuerySet[FrozenRow]:
    """Return the rows behind a figure of a release, within the scope that is set."""
    here = range_of(division)
    return FrozenRow.objects.filter(
        release=release, measure=measure, village__gte=here.lo, village__lt=here.hi
    ).order_by("village", "object_id")


def frozen_counts(*, release: Release) -> dict[str, int]:
    """Return how many rows each measure of a release was made of."""
    counted = FrozenRow.objects.filter(release=release).values("measure").annotate(count=Count("id"))
    return {row["measure"]: row["count"] for row in counted}
