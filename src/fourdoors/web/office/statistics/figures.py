"""Figures followed down to their rows, and the table of a place as a workbook."""

import io
from collections.abc import Callable, Sequence
from typing import Any, overload

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.engines.sheets import Column, Kind, write_workbook
from fourdoors.kernel.divisions import Level, level_of, path_of
from fourdoors.statistics.rules import Measure, all_measures
from fourdoors.statistics.selectors import (
    PAGE_ROWS,
    Row,
    Value,
    frozen_rows,
    last_counting,
    live_children,
    live_counties,
    live_values,
    release_children,
    release_counties,
    release_of,
    release_values,
    releases,
    rows_behind,
)
from fourdoors.statistics.services import record_table
from fourdoors.web import words
from fourdoors.web.desk import for_duties, now, officer_of, page_of
from fourdoors.web.figures import big, map_of, measure_of, number_words, plain, road, said, short
from fourdoors.web.office.home import IN_TABLE, must_hold

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The page that shows what a row is about, and whether it takes the number of the thing.
PAGES = {
    "worker": ("worker_detail", True),
    "spell": ("spell_detail", True),
    "claim": ("claim_detail", True),
    "station": ("station_list", False),
    "base": ("base_list", False),
    "province": ("letter_list", False),
}
RELEASES_OFFERED = 3
SEES_DRAFTS = (Duty.PROVINCE, Duty.AUDITOR)


class Rows(Sequence[Row]):
    """Rows that are read a page at a time; how many there are is known from the figure."""

    def __init__(self, count: int, fetch: Callable[[int, int], list[Row]]) -> None:
        self._count, self._fetch = count, fetch

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> Row: ...

    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...

    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        if isinstance(at, int):
            return self._fetch(at, 1)[0]
        first = at.start or 0
        return self._fetch(first, (self._count if at.stop is None else at.stop) - first)


@require_GET
@for_duties(*TERRITORIAL)
def figure_detail(request: HttpRequest, measure: str, division: int) -> HttpResponse:
    """Show one figure: what it means, what it rests on, its parts by place, and the rows behind it."""
    known = measure_of(measure)
    must_hold(request, division)
    if known is None:
        raise Http404
    source = _source_of(request)
    asked = [known.name, *(known.parts or ())]
    values = source.values(asked, division)
    context = {
        "title": f"{said(known.title)} · {words.place(division)}",
        "measure": known,
        "name": said(known.title),
        "definition": said(known.definition),
        "source_words": said(known.source),
        "other": "en" if words.in_chinese() else "zh",
        "other_language": known.definition.en if words.in_chinese() else known.definition.zh,
        "unit": said(known.unit),
        "division": division,
        "place": words.whole_place(division),
        "roads": _roads(request, known, division, source),
        "value": values[known.name],
        "big": big(values[known.name]),
        "parts": [_part(values[name], division, source) for name in known.parts or ()],
        "children": _children(known, division, source),
        "source": source,
        "offered": _offered(request, source),
        **_map(known, division, source),
        **_rows(request, known, division, values[known.name], source),
    }
    return render(request, "office/statistics/figure_detail.html", context)


class Live:
    """The figures of the last counting."""

    number = ""
    query = ""

    def __init__(self) -> None:
        self.counting = last_counting()

    def values(self, asked: Sequence[str], division: int) -> dict[str, Value]:
        """Return figures of one division."""
        return live_values(measures=asked, division=division)

    def children(self, measure: str, division: int) -> list[tuple[Any, dict[str, Value]]]:
        """Return one figure of the places directly below."""
        return live_children(measures=[measure], division=division)

    def counties(self, measure: str, division: int) -> dict[int, Value]:
        """Return one figure of every county, for a map."""
        return live_counties(measure=measure, division=division)

    def rows(self, measure: str, division: int) -> Callable[[int, int], list[Row]]:
        """Return what reads rows of the ledger."""
        days = self.counting
        assert days is not None  # noqa: S101 (a figure with rows was counted)
        return lambda first, most: rows_behind(
            measure=measure, division=division, from_on=days.from_on, to_on=days.to_on, first=first, most=most
        )


class Frozen:
    """The figures of a release."""

    counting = None

    def __init__(self, release: Any) -> None:
        self.release, self.number = release, release.number
        self.query = f"?release={release.number}"

    def values(self, asked: Sequence[str], division: int) -> dict[str, Value]:
        """Return figures of one division."""
        return release_values(release=self.release, division=division)

    def children(self, measure: str, division: int) -> list[tuple[Any, dict[str, Value]]]:
        """Return one figure of the places directly below."""
        return release_children(release=self.release, measures=[measure], division=division)

    def counties(self, measure: str, division: int) -> dict[int, Value]:
        """Return one figure of every county, for a map."""
        return release_counties(release=self.release, measure=measure, division=division)

    def rows(self, measure: str, division: int) -> Callable[[int, int], list[Row]]:
        """Return what reads frozen rows."""
        return lambda first, most: frozen_rows(
            release=self.release, measure=measure, division=division, first=first, most=most
        )


Source = Live | Frozen


def _source_of(request: HttpRequest) -> Source:
    number = request.GET.get("release", "")
    if not number:
        return Live()
    release = release_of(number)
    if release is None or (release.signed_at is None and officer_of(request).duty not in SEES_DRAFTS):
        raise Http404
    return Frozen(release)


def _offered(request: HttpRequest, source: Source) -> list[dict[str, Any]]:
    signed_only = officer_of(request).duty not in SEES_DRAFTS
    found = [one.number for one in releases(signed_only=signed_only)[:RELEASES_OFFERED]]
    if source.number and source.number not in found:
        found.append(source.number)
    choices = [("", gettext("Live")), *((number, number) for number in found)]
    return [
        {"href": f"?release={number}" if number else "?", "label": label, "current": number == source.number}
        for number, label in choices
    ]


def _address(measure: Measure, division: int, source: Source) -> str:
    return reverse("figure_detail", args=[measure.name, division]) + source.query


def _roads(request: HttpRequest, measure: Measure, division: int, source: Source) -> list[tuple[str, str]]:
    own = officer_of(request).jurisdiction
    above = [step.code for step in path_of(division)[:-1] if step.code in own]
    return [(reverse("home"), gettext("Overview"))] + [
        (_address(measure, code, source), words.place(code)) for code in above
    ]


def _part(value: Value, division: int, source: Source) -> dict[str, Any]:
    return {
        "label": said(value.measure.title),
        "value": big(value),
        "href": _address(value.measure, division, source),
    }


def _children(measure: Measure, division: int, source: Source) -> list[dict[str, Any]]:
    if measure.province_only or level_of(division) is Level.VILLAGE:
        return []
    found = [(child, values[measure.name]) for child, values in source.children(measure.name, division)]
    most = max((float(value.value or 0) for _, value in found), default=0.0)
    return [
        {
            "name": words.place(child.code),
            "href": _address(measure, child.code, source) if child.code != division else "",
            "value": plain(value),
            "bar": float(value.value or 0) / most if most else 0.0,
            "mix": value.mix,
            "rows": value.rows,
        }
        for child, value in found
    ]


def _map(measure: Measure, division: int, source: Source) -> dict[str, Any]:
    if measure.province_only or level_of(division) > Level.PREFECTURE:
        return {}
    counties = source.counties(measure.name, division)

    def link(code: int) -> str:
        return _address(measure, code, source)

    return map_of(counties, measure=measure, division=division, link=link)


def _rows(
    request: HttpRequest, measure: Measure, division: int, value: Value, source: Source
) -> dict[str, Any]:
    """Return a page of rows: of a county and below, or of what the province itself did."""
    if measure.parts or (level_of(division) < Level.COUNTY and not measure.province_only) or not value.rows:
        return {}
    page = page_of(request, Rows(value.rows, source.rows(measure.name, division)), size=PAGE_ROWS)
    return {"page": page, "rows": [_row(measure, row) for row in page]}


def _row(measure: Measure, row: Row) -> dict[str, Any]:
    thing = row.thing
    name, takes_number = PAGES[thing.table] if thing else ("", False)
    return {
        "place": _near(row.village),
        "words": (thing.words or words.place(thing.key)) if thing else "",
        "href": road(name, *([thing.key] if takes_number else [])) if thing else "",
        "grade": row.grade,
        "value": number_words(measure, row.value),
        "number": row.object_id,
    }


def _near(village: int) -> str:
    """Return a village with its township: the county stands above the table."""
    names = [words.place(step.code) for step in path_of(village) if step.level >= Level.TOWNSHIP]
    if words.in_chinese():
        return "".join(names) or words.place(village)
    return ", ".join(reversed(names)) or words.place(village)


@require_GET
@for_duties(*TERRITORIAL)
def division_table(request: HttpRequest, division: int) -> HttpResponse:
    """Give the table of a place out as a workbook, with who took it and when; written to the trail."""
    must_hold(request, division)
    counting = last_counting()
    if counting is None:
        raise Http404
    children = live_children(measures=IN_TABLE, division=division)
    officer, at = officer_of(request), now()
    columns = [Column("place", (gettext("Place"),)), *map(_column, IN_TABLE)]
    rows = (
        {"place": words.place(child.code), **{name: _cell(values[name]) for name in IN_TABLE}}
        for child, values in children
    )
    out = io.BytesIO()
    written = write_workbook(
        out,
        sheet=words.place(division),
        columns=columns,
        rows=rows,
        title=gettext("Labour transfer: %(place)s, %(first)s to %(last)s")
        % {
            "place": words.place(division),
            "first": words.day(counting.from_on),
            "last": words.day(counting.to_on),
        },
        watermark=gettext("Taken out by %(officer)s on %(at)s for work of the office")
        % {"officer": officer, "at": words.moment(at)},
    )
    record_table(by=officer, division=division, rows=written, at=at)
    answer = HttpResponse(out.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="labour-transfer-{division}-{counting.to_on}.xlsx"'
    return answer


def _column(name: str) -> Column:
    measure = all_measures()[name]
    kind = Kind.TEXT if measure.is_share else Kind.MONEY if measure.is_money else Kind.INTEGER
    unit = "" if measure.is_share else f" ({said(measure.unit)})"
    return Column(name, (f"{short(name)}{unit}",), kind=kind)


def _cell(value: Value) -> str | int | None:
    if value.value is None:
        return None
    return words.percent(float(value.value)) if value.measure.is_share else round(value.value)


urlpatterns = [
    path("figures/<slug:measure>/<int:division>/", figure_detail, name="figure_detail"),
    path("places/<int:division>/table.xlsx", division_table, name="division_table"),
]
