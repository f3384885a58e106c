"""The bulletin of a signed release: a page and a paper, every figure a road to what is behind it."""

from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from fourdoors.accounts.rules import TERRITORIAL
from fourdoors.kernel.divisions import GANSU
from fourdoors.statistics.rules import Figure, Paragraph, Table, all_measures, measures_in
from fourdoors.statistics.selectors import Value, bulletin, published, published_numbers
from fourdoors.statistics.services import LANGUAGES, bulletin_paper
from fourdoors.web.desk import for_everybody, officer_of
from fourdoors.web.figures import MAPPED, language, map_of, said

_PAPER_SECONDS = 3600  # a signed release never changes: its paper is kept for an hour


@require_GET
@for_everybody
def bulletin_latest(request: HttpRequest) -> HttpResponse:
    """Lead to the latest bulletin, or say that there is none."""
    numbers = published_numbers()
    if numbers:
        return redirect("bulletin", numbers[0])
    context = {"title": gettext("Bulletin"), "figures": None}
    return render(request, "open/statistics/figure_list.html", context)


@require_GET
@for_everybody
def bulletin_detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show the bulletin of a signed release, every figure a road to its definition or to its rows."""
    figures = published(number)
    if figures is None:
        raise Http404
    made = bulletin(figures, language=language())
    notes = {name: at for at, name in enumerate(measures_in(made.sections), start=1)}
    measure = all_measures()[MAPPED[0]]
    counties = figures.counties(measure.name)
    values = {code: Value(measure, code, value) for code, value in counties.items()}
    context = {
        "title": made.title,
        "made": made,
        "release": figures.release,
        "signed_on": localdate(figures.release.signed_at),
        "sections": [
            {
                "heading": one.heading,
                "paragraphs": [_parts(request, it, number, notes) for it in one.paragraphs],
            }
            for one in made.sections
        ],
        "places": _table(request, made.places, number),
        "reported": _table(request, made.reported, number),
        "notes": [_note(name, at) for name, at in notes.items()],
        "papers": [(one, reverse("bulletin_paper", args=[number, one])) for one in LANGUAGES],
        **map_of(values, measure=measure, division=GANSU),
    }
    return render(request, "open/statistics/bulletin.html", context)


def _note(name: str, number: int) -> dict[str, Any]:
    measure = all_measures()[name]
    return {
        "number": number,
        "name": name,
        "title": said(measure.title),
        "definition": said(measure.definition),
    }


def _road(request: HttpRequest, measure: str, division: int, number: str) -> str:
    """Return where a figure leads: to its rows for an officer of that territory, to its definition else."""
    if request.user.is_authenticated:
        officer = officer_of(request)
        if officer.duty in TERRITORIAL and division in officer.jurisdiction:
            return f"{reverse('figure_detail', args=[measure, division])}?release={number}"
    return f"{reverse('definitions')}#{measure}"


def _parts(
    request: HttpRequest, paragraph: Paragraph, number: str, notes: dict[str, int]
) -> list[dict[str, Any]]:
    return [
        _figure(request, part, number, notes) if isinstance(part, Figure) else {"words": part}
        for part in paragraph
    ]


def _figure(request: HttpRequest, figure: Figure, number: str, notes: dict[str, int]) -> dict[str, Any]:
    return {
        "words": figure.words,
        "href": _road(request, figure.measure, GANSU, number),
        "note": notes[figure.measure],
        "measure": figure.measure,
    }


def _table(request: HttpRequest, table: Table, number: str) -> dict[str, Any]:
    by_column = len(table.measures) == len(table.columns) - 1
    rows = []
    for at, (key, cells) in enumerate(zip(table.keys, table.rows, strict=True)):
        names = table.measures if by_column else [table.measures[at]]
        links = [_road(request, name, key or GANSU, number) for name in names]
        rows.append(
            {
                "name": cells[0],
                "cells": [(cell, links[i] if i < len(links) else "") for i, cell in enumerate(cells[1:])],
                "total": table.total and at == len(table.rows) - 1,
            }
        )
    return {"caption": table.caption, "columns": table.columns, "rows": rows}


@require_GET
@for_everybody
def bulletin_print(request: HttpRequest, number: str, language: str) -> HttpResponse:
    """Give the bulletin as PDF."""
    figures = published(number)
    if figures is None or language not in LANGUAGES:
        raise Http404
    release = figures.release
    paper = cache.get_or_set(
        f"bulletin:{release.hash}:{language}:{release.signed_at:%s}",
        lambda: bulletin_paper(release=release, language=language),
        _PAPER_SECONDS,
    )
    answer = HttpResponse(paper, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="bulletin-{number}-{language}.pdf"'
    return answer


urlpatterns = [
    path("bulletin/", bulletin_latest, name="bulletin_latest"),
    path("bulletin/<slug:number>/", bulletin_detail, name="bulletin"),
    path("bulletin/<slug:number>.<slug:language>.pdf", bulletin_print, name="bulletin_paper"),
]
