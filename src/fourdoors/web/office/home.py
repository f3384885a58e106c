"""The first page of each duty: the position of a territory, or the queues that wait for a hand."""

from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.kernel.divisions import Level, find_division, level_of, path_of
from fourdoors.statistics.rules import all_measures, sentence_of
from fourdoors.statistics.selectors import (
    Value,
    last_counting,
    live_children,
    live_counties,
    live_values,
    shares,
    trend,
)
from fourdoors.travel.selectors import on_the_way
from fourdoors.web import words
from fourdoors.web.desk import for_duties, officer_of, today
from fourdoors.web.figures import (
    MAPPED,
    bars_of,
    big,
    doors_of,
    flows_of,
    language,
    map_of,
    named_parts,
    plain,
    said,
    short,
    stack_of,
    trend_of,
)
from fourdoors.web.waiting import Waiting, waiting_for

# Above the fold; each with the measure that stands small beneath it.
KEY_FIGURES = (
    ("transferred_persons", "person_times"),
    ("labour_income", "income_per_person"),
    ("transferred_registered_poor", "labour_income_registered_poor"),
    ("point_to_point_persons", "organised_share"),
)
OWN_UNIT = {"person_times"}  # their unit says what they are
IN_TABLE = (
    "transferred_persons",
    "transferred_registered_poor",
    "organised_share",
    "stable_3_share",
    "labour_income",
    "income_per_person",
)
KEPT = ("stable_3_share", "stable_6_share")
_ASKED = sorted({*(name for pair in KEY_FIGURES for name in pair), *KEPT, "out_today"})


@require_GET
@for_duties(*Duty)
def home(request: HttpRequest) -> HttpResponse:
    """Show where the officer's work begins."""
    officer = officer_of(request)
    if officer.duty in TERRITORIAL:
        return _dashboard(request, officer.lo)
    context = {"title": str(officer), "queues": waiting_for(request), "on": today()}
    return render(request, "office/home.html", context)


@require_GET
@for_duties(*TERRITORIAL)
def division_detail(request: HttpRequest, division: int) -> HttpResponse:
    """Show the position of a division inside the officer's territory."""
    must_hold(request, division)
    return _dashboard(request, division)


def must_hold(request: HttpRequest, division: int) -> None:
    """Refuse a division that is unknown or outside the officer's territory: it is not there."""
    if division not in officer_of(request).jurisdiction or find_division(division) is None:
        raise Http404


def _dashboard(request: HttpRequest, division: int) -> HttpResponse:
    named = request.GET.get("measure", "")
    drawn = named if named in MAPPED else MAPPED[0]
    if request.htmx and request.htmx.target == "map":  # type: ignore[attr-defined]
        return render(request, "office/statistics/map.html", _map(division, drawn))
    counting = last_counting()
    context = {
        "title": gettext("Labour transfer: %(place)s") % {"place": words.place(division)},
        "place": words.place(division),
        "division": division,
        "roads": _roads(request, division),
        "counting": counting,
    }
    if counting is not None:
        context |= _figures(request, division) | _pictures(counting.pk, division, drawn, language())
    return render(request, "office/statistics/division_detail.html", context)


@lru_cache(maxsize=256)
def _pictures(counting: int, division: int, drawn: str, language: str) -> dict[str, Any]:
    """Return the table, map and charts: only a new counting changes them, so each process keeps some."""
    del counting, language  # of the key only
    drawn_map = _map(division, drawn) if level_of(division) <= Level.PREFECTURE else {}
    return {"table": _table(division), **_parts(division), **drawn_map}


def _roads(request: HttpRequest, division: int) -> list[tuple[str, str]]:
    """Return what holds the division, up to the officer's own territory."""
    own = officer_of(request).jurisdiction
    above = [step for step in path_of(division)[:-1] if step.code in own]
    return [(_place(step.code), words.place(step.code)) for step in above]


def _figures(request: HttpRequest, division: int) -> dict[str, Any]:
    values = live_values(measures=_ASKED, division=division)
    waiting = waiting_for(request)
    way = on_the_way(officer_of(request), on=today())
    kept = [
        {"value": big(values[name]), "label": short(name), "href": _drill(name, division)} for name in KEPT
    ]
    return {
        "figures": [*(_key_figure(values, *pair, division) for pair in KEY_FIGURES), _to_do(waiting)],
        "way": way,
        "doors": doors_of(way),
        "kept": [one for one in kept if one["value"][1]],
        "out_today": values["out_today"],
        "waiting": [one for one in waiting if one.count],
    }


def _drill(measure: str, division: int) -> str:
    return reverse("figure_detail", args=[measure, division])


def _key_figure(values: dict[str, Value], name: str, under: str, division: int) -> dict[str, Any]:
    number, unit = big(values[name])
    small = values[under]
    said_small = sentence_of(small.measure, small.value, language())
    return {
        "label": said(values[name].measure.title),
        "value": number,
        "unit": unit,
        "link": _drill(name, division),
        "note": said_small if under in OWN_UNIT else f"{short(under)} {said_small}",
    }


def _to_do(waiting: list[Waiting]) -> dict[str, Any]:
    first = next((one for one in waiting if one.count), None)
    note = f"{first.label} {first.count:,}" if first else gettext("Nothing waits.")
    return {
        "label": gettext("To do today"),
        "value": f"{sum(one.count for one in waiting):,}",
        "unit": gettext("matters"),
        "note": note,
        "href": first.href if first else "",
        "todo": True,
    }


def _table(division: int) -> dict[str, Any]:
    children = live_children(measures=IN_TABLE, division=division)
    most = max((float(values[IN_TABLE[0]].value or 0) for _, values in children), default=0.0)
    measures = [all_measures()[name] for name in IN_TABLE]
    return {
        "columns": [
            {"label": short(one.name), "unit": "" if one.is_share else said(one.unit)} for one in measures
        ],
        "rows": [
            {
                "name": words.place(child.code),
                "href": _place(child.code) if child.code != division else "",
                "bar": float(values[IN_TABLE[0]].value or 0) / most if most else 0.0,
                "cells": [(plain(values[name]), _drill(name, child.code)) for name in IN_TABLE],
            }
            for child, values in children
        ],
    }


def _place(division: int) -> str:
    return reverse("division_detail", args=[division])


def _map(division: int, drawn: str) -> dict[str, Any]:
    measure = all_measures()[drawn]
    counties = live_counties(measure=drawn, division=division)
    return {
        **map_of(counties, measure=measure, division=division, link=_place),
        "map_title": gettext("%(measure)s by county") % {"measure": said(measure.title)},
        "switch": [{"name": name, "label": short(name), "current": name == drawn} for name in MAPPED],
        "address": _place(division),
    }


def _parts(division: int) -> dict[str, Any]:
    """Return the pictures of how people divide, and the line since January; counties and above."""
    if level_of(division) > Level.COUNTY:
        return {}
    found = shares(division=division)
    named = {name: named_parts(name, parts) for name, parts in found.items()}
    flows = (
        flows_of(found.get("destination", []), origin=division) if level_of(division) is Level.COUNTY else ""
    )
    return {
        "trend": trend_of(trend(measure=MAPPED[0], division=division), all_measures()[MAPPED[0]]),
        "flows": flows,
        "destinations": bars_of(named.get("destination", []), title=gettext("Where they work")),
        "industries": bars_of(named.get("industry", []), title=gettext("What they do")),
        "sexes": stack_of(named.get("sex", []), title=gettext("Women and men")),
        "ages": stack_of(named.get("age_band", []), title=gettext("Age in years")),
    }


urlpatterns = [
    path("", home, name="home"),
    path("places/<int:division>/", division_detail, name="division_detail"),
]
