"""Published figures and their definitions: open to all, small numbers hidden."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from fourdoors.engines.sheets import Column, Kind, write_workbook
from fourdoors.kernel.divisions import GANSU, Level, divisions_in, find_division, level_of
from fourdoors.statistics.rules import all_measures
from fourdoors.statistics.selectors import Published, Value, published, published_numbers
from fourdoors.web import words
from fourdoors.web.desk import for_everybody
from fourdoors.web.figures import MAPPED, map_of, number_words, said, short

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = (
    "transferred_persons",
    "transferred_registered_poor",
    "organised_share",
    "stable_3_share",
    "labour_income",
    "income_per_person",
)
HIDDEN = "…"
_PAPER_SECONDS = 3600  # a signed release never changes: its paper is kept for an hour


@require_GET
@for_everybody
def definitions(request: HttpRequest) -> HttpResponse:
    """Say what every published number means, in what unit, and where the definition comes from."""
    known = all_measures()
    rows = [
        {
            "name": one.name,
            "title": said(one.title),
            "definition": said(one.definition),
            "unit": said(one.unit),
            "source": said(one.source),
            "parts": [(part, said(known[part].title)) for part in one.parts or ()],
            "reported": ""
            if one.reported is None
            else number_words(one, one.reported * (100 if one.is_money else 1)),
        }
        for one in known.values()
    ]
    context = {"title": gettext("What every number means"), "rows": rows}
    return render(request, "open/statistics/measure_list.html", context)


@require_GET
@for_everybody
def open_figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of the latest signed release, or of the one that is named."""
    number = request.GET.get("release", "")
    figures = published(number)
    context: dict[str, Any] = {"title": gettext("Published figures"), "figures": figures}
    if figures is None and number:
        raise Http404
    if figures is not None:
        context |= _open(request, figures)
    return render(request, "open/statistics/figure_list.html", context)


def _open(request: HttpRequest, figures: Published) -> dict[str, Any]:
    place, named = _place_of(request), request.GET.get("measure", "")
    measure = all_measures()[named if named in MAPPED else MAPPED[0]]
    values = {code: Value(measure, code, value) for code, value in figures.counties(measure.name).items()}
    kept = f"release={figures.release.number}"
    return {
        "release": figures.release,
        "numbers": published_numbers(),
        "place": words.place(place),
        "above": f"?{kept}" if place != GANSU else "",
        "map_title": gettext("%(measure)s by county") % {"measure": said(measure.title)},
        "switch": [
            {
                "href": f"?{kept}&place={place}&measure={name}",
                "label": short(name),
                "current": name == measure.name,
            }
            for name in MAPPED
        ],
        "columns": [_heading(name) for name in SHOWN],
        "rows": [_row(figures, one.code, kept) for one in divisions_in(place)],
        "whole": _row(figures, place, ""),
        "kept": kept,
        **map_of(values, measure=measure, division=place),
    }


def _place_of(request: HttpRequest) -> int:
    named = request.GET.get("place", "")
    code = int(named) if named.isdecimal() and len(named) == 12 else GANSU
    found = find_division(code)
    return code if found and found.parent == GANSU else GANSU


def _heading(name: str) -> dict[str, str]:
    measure = all_measures()[name]
    return {"label": short(name), "unit": "" if measure.is_share else said(measure.unit)}


def _row(figures: Published, code: int, kept: str) -> dict[str, Any]:
    below = level_of(code) is Level.PREFECTURE and kept
    return {
        "name": words.place(code),
        "href": f"?{kept}&place={code}" if below else "",
        "cells": [_cell(figures, name, code) for name in SHOWN],
    }


def _cell(figures: Published, name: str, code: int) -> str:
    if figures.is_hidden(name, code):
        return HIDDEN
    return number_words(all_measures()[name], figures.value(name, code))


@require_GET
@for_everybody
def open_table(request: HttpRequest, kind: str) -> HttpResponse:
    """Give every published figure of every place out, as a workbook or as comma-separated values."""
    figures = published(request.GET.get("release", ""))
    if figures is None:
        raise Http404
    name = f"four-doors-{figures.release.number}.{kind}"
    answer = HttpResponse(_csv(figures), content_type="text/csv; charset=utf-8")
    if kind == "xlsx":
        answer = HttpResponse(_xlsx(figures), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _places() -> Iterator[int]:
    yield GANSU
    for prefecture in divisions_in(GANSU):
        yield prefecture.code
        yield from (county.code for county in divisions_in(prefecture.code))


def _mark(figures: Published) -> str:
    invented = gettext("invented data") if figures.release.invented else ""
    return " · ".join(filter(None, (figures.release.number, figures.release.hash, invented)))


def _csv(figures: Published) -> str:
    """Write one line a place and measure; a hidden value is blank and says so."""
    out = io.StringIO()
    out.write("\ufeff")  # Excel takes it for GBK else
    paper = csv.writer(out)
    paper.writerow(("release", "place", "name", "measure", "title", "unit", "value", "hidden", "invented"))
    for code in _places():
        for name, measure in all_measures().items():
            if not measure.province_only or code == GANSU:
                value, hidden = figures.value(name, code), figures.is_hidden(name, code)
                told = "" if value is None else value / 100 if measure.is_money else value
                paper.writerow(
                    (
                        figures.release.number, code, words.place(code), name, said(measure.title),
                        said(measure.unit), _short(told), int(hidden), int(figures.release.invented),
                    )
                )  # fmt: skip
    return out.getvalue()


def _short(value: Any) -> str:
    return f"{float(value):.4f}".rstrip("0").rstrip(".") if value != "" else ""


def _xlsx(figures: Published) -> bytes:
    out = io.BytesIO()
    known = all_measures()
    kinds = {
        name: Kind.TEXT if one.is_share else Kind.MONEY if one.is_money else Kind.INTEGER
        for name, one in known.items()
    }
    columns = [
        Column("code", (gettext("Code"),), kind=Kind.CODE),
        Column("place", (gettext("Place"),)),
        *(
            Column(name, (f"{said(one.title)} ({said(one.unit)})",), kind=kinds[name])
            for name, one in known.items()
        ),
    ]
    rows = (
        {
            "code": str(code),
            "place": words.place(code),
            **{name: _sheet_cell(figures, name, code) for name in known},
        }
        for code in _places()
    )
    write_workbook(
        out,
        sheet=figures.release.number,
        columns=columns,
        rows=rows,
        title=gettext("Published figures"),
        watermark=_mark(figures),
    )
    return out.getvalue()


def _sheet_cell(figures: Published, name: str, code: int) -> str | int | None:
    measure = all_measures()[name]
    if measure.province_only and code != GANSU:
        return None
    if figures.is_hidden(name, code):
        return HIDDEN
    value = figures.value(name, code)
    if value is None:
        return None
    return words.percent(float(value)) if measure.is_share else round(value)


urlpatterns = [
    path("definitions/", definitions, name="definitions"),
    path("open/", open_figures, name="open_figures"),
    path("open/figures.xlsx", open_table, {"kind": "xlsx"}, name="open_xlsx"),
    path("open/figures.csv", open_table, {"kind": "csv"}, name="open_csv"),
]
