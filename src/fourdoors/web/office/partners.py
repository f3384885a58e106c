"""The cooperation desk: what was promised, what was delivered, and the papers behind it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.employment.selectors import organised_persons
from fourdoors.engines.pictures import bar_chart
from fourdoors.kernel.divisions import Level, ancestor_of
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.occupations import find_occupation
from fourdoors.partners.rules import (
    AgreementState,
    Delivery,
    EmployerKind,
    MissionKind,
    Promise,
    PromiseKind,
    StandardPoint,
    Strategy,
    joined,
    quota_left,
    state_on,
)
from fourdoors.partners.selectors import (
    agreements,
    bases,
    brands,
    employers,
    letters,
    members_of,
    missions,
    partner_provinces,
    plans,
    promises,
    stations,
    targets,
)
from fourdoors.recruitment.selectors import vacancies
from fourdoors.web import words
from fourdoors.web.desk import for_duties, now, officer_of, page_of, today
from fourdoors.web.office.partner_entries import ADDITIONS, ENTRIES, Entry
from fourdoors.web.refusals import words_for

READERS = (*TERRITORIAL, Duty.STATION)
WRITERS = (Duty.PROVINCE, Duty.PREFECTURE, Duty.COUNTY)
_TABS = (
    ("partner_list", _("Promised and delivered")),
    ("letter_list", _("Letters")),
    ("agreement_list", _("Agreements")),
    ("station_list", _("Stations")),
    ("mission_list", _("Missions")),
    ("plan_list", _("Plans")),
    ("base_list", _("Bases")),
    ("brand_list", _("Brands")),
    ("employer_list", _("Employers")),
)
_TONES = {
    AgreementState.COMING: "",
    AgreementState.IN_FORCE: "good",
    AgreementState.EXPIRING: "look",
    AgreementState.EXPIRED: "off",
}


@dataclass
class ProvinceRow:
    """One partner province in a year: what was promised, and what came of it."""

    code: int
    strategy: Strategy
    promised: Counter[PromiseKind] = field(default_factory=Counter)
    delivered: int = 0

    @property
    def letters(self) -> int:
        return self.promised[PromiseKind.LETTER]

    @property
    def quota(self) -> int:
        return self.promised[PromiseKind.AGREEMENT]

    @property
    def target(self) -> int:
        return self.promised[PromiseKind.TARGET]

    @property
    def share(self) -> float | None:
        return self.delivered / self.target if self.target else None


@require_GET
@for_duties(*READERS)
def partner_list(request: HttpRequest) -> HttpResponse:
    """Show promised beside delivered: by province as a chart and a table, then paper by paper."""
    year = _year(request)
    delivered = _delivered(year)
    promised = promises(year=year)
    rows = _by_province(promised, delivered["province"])
    papers = _by_paper(promised, delivered)
    values = {
        "title": gettext("Labour cooperation"),
        "year": year,
        "years": range(today().year - 3, today().year + 1),
        "figures": _figures(year, promised, rows),
        "rows": rows,
        "chart": _chart(rows, year),
        "papers": papers,
        "stations": _stations(delivered["city"]),
    }
    return _page(request, "partner_list", values)


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and 2000 <= int(asked) <= 2100 else today().year


def _delivered(year: int) -> dict[str, dict[int, int]]:
    first, last = today().replace(year=year, month=1, day=1), today().replace(year=year, month=12, day=31)
    return {
        "province": organised_persons(by="province", from_on=first, to_on=last),
        "city": organised_persons(by="city", from_on=first, to_on=last),
        "agreement": organised_persons(by="agreement", from_on=first, to_on=last),
        "employer": organised_persons(by="employer", from_on=first, to_on=last),
    }


def _by_province(promised: list[Promise], delivered: Mapping[int, int]) -> list[ProvinceRow]:
    rows = {
        it.code: ProvinceRow(it.code, Strategy(it.strategy), delivered=delivered.get(it.code, 0))
        for it in partner_provinces()
    }
    for promise in promised:
        if promise.province in rows and promise.promised:
            rows[promise.province].promised[promise.kind] += promise.promised
    return sorted(rows.values(), key=lambda row: (-row.target, -row.delivered, row.code))


def _by_paper(promised: list[Promise], delivered: Mapping[str, Mapping[int, int]]) -> list[Delivery]:
    """Return agreements and bases beside what came of them; the province's table has the others."""
    employer_of = dict(bases().values_list("pk", "employer"))
    by_base = {pk: delivered["employer"].get(employer, 0) for pk, employer in employer_of.items()}
    agreed = [it for it in promised if it.kind is PromiseKind.AGREEMENT]
    based = [it for it in promised if it.kind is PromiseKind.BASE]
    return joined(agreed, delivered["agreement"]) + joined(based, by_base)


def _stations(delivered: Mapping[int, int]) -> list[dict[str, Any]]:
    return [
        {"station": it, "delivered": delivered.get(_city(it.place), 0)}
        for it in stations(open_on=today())
        if delivered.get(_city(it.place), 0)
    ]


def _city(code: int) -> int:
    return ancestor_of(code, Level.PREFECTURE)


def _figures(year: int, promised: list[Promise], rows: list[ProvinceRow]) -> list[dict[str, Any]]:
    sent = [it for it in promised if it.kind is PromiseKind.LETTER]
    offered = sum(it.promised or 0 for it in sent)
    papers = [it for it in agreements() if it.from_on.year <= year <= it.to_on.year]
    ending = [it for it in papers if _state(it) is AgreementState.EXPIRING]
    delivered, target = sum(row.delivered for row in rows), sum(row.target for row in rows)
    kept = words.percent(delivered / target) if target else "–"
    return [
        {"label": gettext("Persons delivered"), "value": f"{delivered:,}", "unit": gettext("persons"),
         "note": gettext("%(share)s of the plan's target") % {"share": kept}},
        {"label": gettext("Letters sent"), "value": len(sent), "unit": gettext("letters"),
         "note": gettext("%(posts)s posts offered in replies") % {"posts": f"{offered:,}"}},
        {"label": gettext("Agreements of the year"), "value": len(papers), "unit": gettext("agreements"),
         "note": gettext("%(count)d expire soon") % {"count": len(ending)},
         "href": reverse("agreement_list"), "todo": bool(ending)},
        {"label": gettext("Stations open"), "value": stations(open_on=today()).count(),
         "unit": gettext("stations"), "note": gettext("outside the province")},
    ]  # fmt: skip


def _chart(rows: list[ProvinceRow], year: int) -> str:
    shown = [row for row in rows if row.delivered or row.target][:16]
    if not shown:
        return ""
    return bar_chart(
        [(words.short_place(row.code), row.delivered) for row in shown],
        before=[row.target for row in shown],
        title=gettext("Persons delivered by province in %(year)d, and the target of the plan")
        % {"year": year},
        desc=gettext("The upright line is what was promised."),
        say=lambda value: f"{value:,.0f}",
    )


def _state(paper: Any) -> AgreementState:
    return state_on(today(), from_on=paper.from_on, to_on=paper.to_on)


def _stated(state: AgreementState) -> dict[str, Any]:
    return {"state": state, "tone": _TONES[state]}


@require_GET
@for_duties(*READERS)
def letter_list(request: HttpRequest) -> HttpResponse:
    return _list(request, "letter_list", letters())


@require_GET
@for_duties(*READERS)
def agreement_list(request: HttpRequest) -> HttpResponse:
    """Show agreements, the one that ends first on top, with what is left of the quota."""
    page = page_of(request, agreements())
    first = min((it.from_on for it in page), default=today())
    delivered = organised_persons(by="agreement", from_on=first, to_on=today())
    rows = [
        {
            "it": it,
            "delivered": delivered.get(it.pk, 0),
            "left": quota_left(it.quota_persons, delivered.get(it.pk, 0)),
            **_stated(_state(it)),
        }
        for it in page
    ]
    return _page(request, "agreement_list", {"page": page, "rows": rows})


@require_GET
@for_duties(*READERS)
def station_list(request: HttpRequest) -> HttpResponse:
    return _list(request, "station_list", stations())


@require_GET
@for_duties(*READERS)
def mission_list(request: HttpRequest) -> HttpResponse:
    page = page_of(request, missions())
    rows = [{"it": it, "kind": MissionKind(it.kind)} for it in page]
    return _page(request, "mission_list", {"page": page, "rows": rows})


@require_GET
@for_duties(*READERS)
def plan_list(request: HttpRequest) -> HttpResponse:
    """Show each plan with its targets by year; never beside a person's name."""
    year = _year(request)
    values = {"plans": plans(), "rows": targets(year=year), "year": year,
              "years": range(today().year - 3, today().year + 1)}  # fmt: skip
    return _page(request, "plan_list", values)


@require_GET
@for_duties(*READERS)
def base_list(request: HttpRequest) -> HttpResponse:
    page = page_of(request, bases())
    rows = [
        {"it": it, **_stated(state_on(today(), from_on=it.plaque_on, to_on=it.expires_on))} for it in page
    ]
    return _page(request, "base_list", {"page": page, "rows": rows})


@require_GET
@for_duties(*READERS)
def brand_list(request: HttpRequest) -> HttpResponse:
    rows = [{"it": it, **_brand(it)} for it in brands()]
    return _page(request, "brand_list", {"rows": rows})


@require_GET
@for_duties(*TERRITORIAL)
def brand_detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show a brand, its standard, and the members who live in the officer's territory."""
    brand = get_object_or_404(brands(), pk=number)
    page = page_of(request, members_of(brand))
    values = {"brand": brand, "page": page, "title": brand.name, **_brand(brand)}
    return render(request, "office/partners/brand_detail.html", values)


def _brand(brand: Any) -> dict[str, Any]:
    points = [StandardPoint.read(it) for it in brand.standard]
    trade = find_occupation(brand.occupation)
    return {
        "points": [it.zh if words.in_chinese() else it.en for it in points],
        "trade": trade.name if trade else brand.occupation,
        "members": members_of(brand).count(),
    }


@require_GET
@for_duties(*READERS)
def employer_list(request: HttpRequest) -> HttpResponse:
    """Show employers by name; one kind or some words narrow the list."""
    kind = request.GET.get("kind", "")
    known = {it.value: it for it in EmployerKind}
    typed = request.GET.get("words", "").replace("\x00", "").strip()[:60]
    page = page_of(request, employers(kind=known.get(kind), words=typed))
    rows = [{"it": it, "kind": EmployerKind(it.kind)} for it in page]
    values = {"page": page, "rows": rows, "kinds": list(EmployerKind), "kind": kind, "words": typed}
    return _page(request, "employer_list", values)


@require_GET
@for_duties(*READERS)
def employer_detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show an employer with the checks it passed, its public-welfare posts and its vacancies."""
    employer = get_object_or_404(employers(), pk=number)
    values = {
        "employer": employer,
        "title": employer.name,
        "kind": EmployerKind(employer.kind),
        "checks": employer.checks.select_related("checked_by").order_by("-checked_on"),
        "budgets": employer.budgets.order_by("-year"),
        "vacancies": vacancies().filter(employer=employer)[:20],
        "may_write": officer_of(request).duty in WRITERS,
    }
    return render(request, "office/partners/employer_detail.html", values)


@require_http_methods(["GET", "POST"])
@for_duties(*WRITERS)
def partner_create(request: HttpRequest, kind: str) -> HttpResponse:
    """Enter a letter, agreement, station, meeting, base, target or employer."""
    if kind not in ENTRIES:
        raise Http404
    return _entry(request, ENTRIES[kind], {})


@require_http_methods(["GET", "POST"])
@for_duties(*WRITERS)
def partner_add(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Add to what is there: the reply to a letter, what came of a meeting, a check of an employer."""
    found: dict[str, QuerySet[Any]] = {"letter": letters(), "mission": missions(), "employer": employers()}
    if kind not in ADDITIONS:
        raise Http404
    return _entry(request, ADDITIONS[kind], {kind: get_object_or_404(found[kind], pk=number)})


def _entry(request: HttpRequest, entry: Entry, row: dict[str, Any]) -> HttpResponse:
    form = entry.form(request.POST or None)
    if form.is_valid():
        try:
            entry.deed(**row, **form.cleaned_data, at=now(), by=officer_of(request))
        except RuleError as refusal:
            form.add_error(None, words_for(refusal))
        else:
            messages.success(request, gettext("Entered."))
            return redirect(entry.back)
    subject = next(iter(row.values()), "")
    values = {"form": form, "title": entry.title, "subject": subject, "back": reverse(entry.back)}
    return render(request, "office/partners/partner_form.html", values)


def _list(request: HttpRequest, name: str, rows: QuerySet[Any]) -> HttpResponse:
    return _page(request, name, {"page": page_of(request, rows)})


def _page(request: HttpRequest, name: str, values: dict[str, Any]) -> HttpResponse:
    labels = dict(_TABS)
    tabs = [{"href": reverse(tab), "label": label, "current": tab == name} for tab, label in _TABS]
    common = {"tabs": tabs, "title": labels[name], "today": today(),
              "may_write": officer_of(request).duty in WRITERS}  # fmt: skip
    return render(request, f"office/partners/{name}.html", common | values)


urlpatterns = [
    path("cooperation/", partner_list, name="partner_list"),
    path("cooperation/letters/", letter_list, name="letter_list"),
    path("cooperation/agreements/", agreement_list, name="agreement_list"),
    path("cooperation/stations/", station_list, name="station_list"),
    path("cooperation/missions/", mission_list, name="mission_list"),
    path("cooperation/plans/", plan_list, name="plan_list"),
    path("cooperation/bases/", base_list, name="base_list"),
    path("cooperation/brands/", brand_list, name="brand_list"),
    path("cooperation/brands/<int:number>/", brand_detail, name="brand_detail"),
    path("cooperation/employers/", employer_list, name="employer_list"),
    path("cooperation/employers/<int:number>/", employer_detail, name="employer_detail"),
    path("cooperation/new/<slug:kind>/", partner_create, name="partner_create"),
    path("cooperation/<slug:kind>/<int:number>/add/", partner_add, name="partner_add"),
]
