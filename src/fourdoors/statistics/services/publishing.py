"""What everybody may read of a release: made once, when it is signed, with small numbers hidden for good."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from fourdoors.engines.indicators.disclosure import Sum, hidden_cells
from fourdoors.kernel.divisions import Level, ancestor_of, level_of
from fourdoors.statistics.models import Figure, Publication, Release
from fourdoors.statistics.rules import Measure, MeasureKind, all_measures

_SAME = "LEFT JOIN statistics_merged AS same ON same.record_id = thing.worker_id"
_PERSON = "coalesce(same.person_id, thing.worker_id)"
# Which column of a row's table tells people apart; a row of any other table is no person's.
_PEOPLE = {
    "worker": ("", "object_id"),
    "household": ("", "object_id"),
    "spell": (f"JOIN employment_spell AS thing ON thing.id = row.object_id {_SAME}", _PERSON),
    "income": (f"JOIN employment_incomerecord AS thing ON thing.id = row.object_id {_SAME}", _PERSON),
    "payment": ("JOIN subsidies_payment AS thing ON thing.id = row.object_id", "thing.identity_hash"),
}
_DEEPEST = Level.COUNTY
Cell = tuple[str, int, str]  # measure, division, and whether it is the whole of it or what is left over


def publish(release: Release, *, at: datetime) -> Publication:
    """Make the publication of a release: values of counties and above, hidden where they tell of too few.

    A number is hidden by the people behind it, not by its own size: the pay of three is hidden with the
    three. Needs the scope of the whole province.

    Args:
        release: frozen; its rows and figures are read.
        at: the moment of the signature.
    """
    people = {measure.name: _people_behind(release, measure) for measure in _counted()}
    hidden = hidden_people(people)
    figures: dict[str, dict[str, int | None]] = defaultdict(dict)
    mix: dict[str, dict[str, float]] = {}
    for figure in Figure.objects.filter(release=release, level__lte=_DEEPEST).order_by("measure", "village"):
        is_hidden = (figure.measure, figure.village, "") in hidden
        figures[figure.measure][str(figure.village)] = None if is_hidden else int(figure.value)
        if figure.level == Level.PROVINCE and not is_hidden:
            mix[figure.measure] = _mix(figure)
    return Publication.objects.create(release=release, figures=figures, mix=mix, published_at=at)


def _mix(figure: Figure) -> dict[str, float]:
    """Return the evidence mix in whole hundredths: finer ones could be counted back."""
    whole = float(figure.value)
    return {grade: round(float(value) / whole, 2) for grade, value in figure.mix.items()} if whole else {}


def _counted() -> Iterator[Measure]:
    for measure in all_measures().values():
        if measure.kind is not MeasureKind.RATIO and measure.table in _PEOPLE:
            yield measure


def _people_behind(release: Release, measure: Measure) -> dict[int, int]:
    """Return how many people, or households, are behind a measure, by county or the finest place known."""
    join, column = _PEOPLE[measure.table]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT row.village / 1000000 * 1000000, count(DISTINCT {column})"
            f" FROM statistics_frozenrow AS row {join}"
            " WHERE row.release_id = %s AND row.measure = %s GROUP BY 1",
            [release.pk, measure.name],
        )
        return dict(cursor.fetchall())


def hidden_people(people: Mapping[str, Mapping[int, int]]) -> frozenset[Any]:
    """Return the cells that must stay hidden, as ``(measure, division, "")``.

    The public knows how counties add up to prefectures and the province, and that a measure counts some of
    the people of another (``within``): those left over are a cell that nobody prints and that everybody can
    work out. That is asked of poverty alone: asked of every measure, hardly a county would be left.

    Args:
        people: measure -> county (or the finest place known) -> people behind it.
    """
    cells: dict[Cell, int] = {}
    sums: list[Sum] = []
    for name, leaves in people.items():
        for total, parts in _tree(name, leaves, cells):
            sums.append(Sum(total, tuple(parts)))
    for measure in all_measures().values():
        if measure.within in people and measure.name in people:
            sums += _left_over(measure, cells)
    return hidden_cells(cells, sums)


def _tree(name: str, leaves: Mapping[int, int], cells: dict[Cell, int]) -> Iterator[tuple[Cell, list[Cell]]]:
    """Fill the cells of one measure and yield each total with its parts, prefectures before the province.

    People known no finer than a prefecture are a part of it, beside its counties.
    """
    parts: dict[int, list[Cell]] = defaultdict(list)
    for code, count in leaves.items():
        is_county = level_of(code) is Level.COUNTY
        cell: Cell = (name, code, "" if is_county else "own")
        cells[cell] = count
        parts[ancestor_of(code, Level.PREFECTURE)].append(cell)
    for code in [code for code in parts if level_of(code) is Level.PREFECTURE]:
        yield _total(name, code, parts[code], cells)
        parts[ancestor_of(code, Level.PROVINCE)].append((name, code, ""))
    for code in [code for code in parts if level_of(code) is Level.PROVINCE]:
        yield _total(name, code, parts[code], cells)


def _total(name: str, code: int, parts: list[Cell], cells: dict[Cell, int]) -> tuple[Cell, list[Cell]]:
    total: Cell = (name, code, "")
    cells[total] = sum(cells[part] for part in parts)
    return total, parts


def _left_over(measure: Measure, cells: dict[Cell, int]) -> Iterator[Sum]:
    for name, code, kind in [cell for cell in cells if cell[0] == measure.within and cell[2] == ""]:
        part: Cell = (measure.name, code, kind)
        cells.setdefault(part, 0)
        left: Cell = (measure.name, code, "left over")
        cells[left] = max(0, cells[name, code, kind] - cells[part])
        if cells[left] + cells[part] == cells[name, code, kind]:
            yield Sum((name, code, kind), (part, left))
