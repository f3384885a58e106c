"""What a round did with whom: changes since the round before, its posts, and who was offered each."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fourdoors.accounts.rules import Duty
from fourdoors.engines.sheets import Column
from fourdoors.placements.rules import ChangeKind, ChangeWhy
from fourdoors.placements.selectors import (
    candidates_of,
    changes_of,
    counted_changes,
    lines_of,
    rounds_visible_to,
    wanted_by,
)
from fourdoors.placements.services import record_export
from fourdoors.web import words
from fourdoors.web.desk import for_duties, now, officer_of, page_of, today
from fourdoors.web.matching import TIERS, reasons_of, shown, worth_of
from fourdoors.web.workbooks import PERSON, handed_out

READERS = (Duty.PROVINCE, Duty.PREFECTURE, Duty.COUNTY, Duty.AUDITOR)


def _round(request: HttpRequest, number: int) -> Any:
    return get_object_or_404(rounds_visible_to(officer_of(request)), pk=number)


def _roads(found: Any) -> list[tuple[str, str]]:
    round_words = gettext("Round %(number)d") % {"number": found.pk}
    return [
        (reverse("round_list"), gettext("Matching")),
        (reverse("round_detail", args=[found.pk]), round_words),
    ]


@require_GET
@for_duties(*READERS)
def change_list_of_round(request: HttpRequest, number: int) -> HttpResponse:
    """Show who is new, who changed vacancy and who is gone since the round before, and why."""
    found, kind = _round(request, number), _kind(request)
    counted = counted_changes(round_id=found.pk)
    page = page_of(request, changes_of(round_id=found.pk, kind=kind))
    everybody = {"href": "?", "label": gettext("All"), "count": sum(one[2] for one in counted), "kind": ""}
    chips = [
        {
            "href": f"?kind={one.value}",
            "label": words.term(one),
            "count": sum(people for said, _why, people in counted if said == one),
            "kind": one.value,
        }
        for one in ChangeKind
    ]
    context = {
        "title": gettext("Since the round before"),
        "before": found.report.get("changes", {}),
        "page": page,
        "rows": [_change(one) for one in page],
        "chips": [{**one, "current": one["kind"] == kind} for one in (everybody, *chips)],
        "whys": [(words.term(ChangeKind(said)), words.term(ChangeWhy(why)), n) for said, why, n in counted],
        "round": found,
        "kind": kind,
        "roads": _roads(found),
    }
    return render(request, "office/placements/change_list.html", context)


def _kind(request: HttpRequest) -> str:
    asked = request.GET.get("kind", "")
    return asked if asked in list(ChangeKind) else ""


def _change(one: Any) -> dict[str, Any]:
    return {
        "it": one,
        "kind": words.term(ChangeKind(one.kind)),
        "why": words.term(ChangeWhy(one.why)),
        "was": one.was.title if one.was else "",
        "now": one.now.title if one.now else "",
    }


@require_POST
@for_duties(*READERS)
def change_export_of_round(request: HttpRequest, number: int) -> HttpResponse:
    """Give the changes as a workbook, as they are narrowed on the page; how many is recorded."""
    found = _round(request, number)
    rows = changes_of(round_id=found.pk, kind=_kind(request))
    count = rows.count()
    record_export(what="changes", rows=count, by=officer_of(request), at=now(), object_id=found.pk)
    columns = (
        *PERSON,
        Column("kind", (gettext("What changed"),)),
        Column("why", (gettext("Why"),)),
        Column("was", (gettext("Post before"),)),
        Column("now", (gettext("Post now"),)),
    )
    title = gettext("Since the round before")
    return handed_out(request, name="changes", title=title, columns=columns, rows=_cells(rows), count=count)


def _cells(rows: Any) -> Iterator[dict[str, Any]]:
    for one in rows.iterator(chunk_size=1000):
        said = _change(one)
        yield {
            "township": words.place(one.village // 1000 * 1000),
            "village": words.place(one.village),
            "name": one.worker.name,
            "tail": one.worker.identity_tail,
            **{name: said[name] for name in ("kind", "why", "was", "now")},
        }


@require_GET
@for_duties(*READERS)
def line_list(request: HttpRequest, number: int) -> HttpResponse:
    """Show the posts of a round: what was free, what was offered, what one more opening would be worth."""
    found = _round(request, number)
    page = page_of(request, lines_of(round_id=found.pk))
    context = {
        "title": gettext("Posts of the round"),
        "page": page,
        "rows": [{"it": one, "worth": worth_of(one.tier, one.points)} for one in page],
        "round": found,
        "roads": _roads(found),
    }
    return render(request, "office/placements/line_list.html", context)


@require_GET
@for_duties(*READERS)
def line_detail(request: HttpRequest, number: int, vacancy: int) -> HttpResponse:
    """Show whom a round offered one post, with what spoke for each, and whom it would have suited best."""
    found = _round(request, number)
    line = get_object_or_404(lines_of(round_id=found.pk), vacancy=vacancy)
    page = page_of(request, candidates_of(round_id=found.pk, vacancy_id=vacancy))
    context = {
        "title": line.vacancy.title,
        "line": line,
        "worth": worth_of(line.tier, line.points),
        "tier": TIERS.get(line.tier, ""),
        "page": page,
        "rows": [{**shown(one, on=today()), "reasons": reasons_of(one)} for one in page],
        "others": page_of(request, wanted_by(round_id=found.pk, vacancy_id=vacancy), size=20),
        "round": found,
        "may_write": officer_of(request).duty == Duty.COUNTY,
        "roads": [*_roads(found), (reverse("line_list", args=[found.pk]), gettext("Posts of the round"))],
    }
    return render(request, "office/placements/line_detail.html", context)


urlpatterns = [
    path("rounds/<int:number>/since/", change_list_of_round, name="round_changes"),
    path("rounds/<int:number>/since/export/", change_export_of_round, name="round_changes_export"),
    path("rounds/<int:number>/posts/", line_list, name="line_list"),
    path("rounds/<int:number>/posts/<int:vacancy>/", line_detail, name="line_detail"),
]
