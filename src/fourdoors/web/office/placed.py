"""Placements: who agreed with whom, what comes next on the way, and the way out."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.employment.selectors import spells_of
from fourdoors.engines.sheets import Column, Kind
from fourdoors.kernel.divisions import county_of
from fourdoors.kernel.occupations import find_occupation
from fourdoors.placements.rules import CloseReason
from fourdoors.placements.selectors import placements_visible_to
from fourdoors.placements.services import record_export
from fourdoors.training.rules import ClassState
from fourdoors.training.selectors import enrolment_of, may_travel, waiting_for_certificate
from fourdoors.travel.rules import Door, next_door
from fourdoors.travel.selectors import doors_of_riders, rides_of
from fourdoors.travel.services import withdraw_from_move
from fourdoors.web import words
from fourdoors.web.desk import for_duties, now, officer_of, page_of, today
from fourdoors.web.workbooks import PERSON, handed_out, person_of

CADRES = (Duty.COUNTY, Duty.TOWNSHIP)  # who writes down what a worker says
SOON_DAYS = 7


@require_GET
@for_duties(*TERRITORIAL)
def placement_list(request: HttpRequest) -> HttpResponse:
    """Show placements of the territory: the open ones, those that wait for a certificate, of one employer."""
    page = page_of(request, _placements(request))
    waits = set(_waiting(one.pk for one in page).values_list("pk", flat=True))
    context = {
        "title": gettext("Placements"),
        "page": page,
        "rows": [{"it": one, "waits": one.pk in waits} for one in page],
        "figures": _figures(placements_visible_to(officer_of(request))),
        "state": request.GET.get("state", ""),
        "sought": request.GET.get("employer", ""),
        "narrowed": bool(request.GET.keys() - {"page"}),
    }
    return render(request, "office/placements/placement_list.html", context)


def _waiting(numbers: Any) -> Any:
    return waiting_for_certificate().filter(pk__in=numbers)


def _figures(everybody: Any) -> list[dict[str, Any]]:
    waiting = _waiting(everybody.order_by().values("pk")).count()
    soon = everybody.filter(starts_on__gte=today(), starts_on__lt=today() + timedelta(SOON_DAYS)).count()
    people = gettext("people")
    link = {"note": gettext("show them"), "href": "?state=waiting", "todo": True} if waiting else {}
    return [
        {"label": gettext("Open placements"), "value": f"{everybody.count():,}", "unit": people},
        {"label": gettext("First day within a week"), "value": f"{soon:,}", "unit": people},
        {"label": gettext("Wait for a certificate"), "value": f"{waiting:,}", "unit": people, **link},
    ]


def _placements(request: HttpRequest) -> Any:
    state = request.GET.get("state", "")
    found = placements_visible_to(officer_of(request), open_only=state != "closed")
    if state == "closed":
        found = found.exclude(closed_on=None)
    if state == "waiting":
        found = found.filter(pk__in=waiting_for_certificate().order_by().values("pk"))
    employer = request.GET.get("employer", "").replace("\x00", "").strip()[:60]
    return found.filter(employer__name__contains=employer) if employer else found


@require_POST
@for_duties(*TERRITORIAL)
def placement_export(request: HttpRequest) -> HttpResponse:
    """Give the list as a workbook, as it is narrowed on the page; how long it was is recorded."""
    found = _placements(request)
    count = found.count()
    record_export(what="placements", rows=count, by=officer_of(request), at=now())
    columns = (
        *PERSON,
        Column("title", (gettext("Post"),)),
        Column("employer", (gettext("Employer"),)),
        Column("place", (gettext("Place of work"),)),
        Column("starts_on", (gettext("First day"),), kind=Kind.DATE),
        Column("low", (gettext("Yuan a month, from"),), kind=Kind.INTEGER),
        Column("high", (gettext("Yuan a month, to"),), kind=Kind.INTEGER),
        Column("certificate", (gettext("Certificate asked for"),)),
        Column("closed_on", (gettext("Ended on"),), kind=Kind.DATE),
    )
    rows = (_placement_row(one) for one in found.iterator(chunk_size=1000))
    title = gettext("Placements")
    return handed_out(request, name="placements", title=title, columns=columns, rows=rows, count=count)


def _placement_row(it: Any) -> dict[str, Any]:
    return {
        **person_of(it),
        "title": it.vacancy.title,
        "employer": it.employer.name,
        "place": words.work_place(it.place) if it.place else "",
        "starts_on": it.starts_on,
        "low": it.wage_low_yuan,
        "high": it.wage_high_yuan,
        "certificate": certificate_words(it.certificate_needed),
        "closed_on": it.closed_on,
    }


def certificate_words(occupation: str) -> str:
    """Return the name of the occupation that a certificate is about."""
    known = find_occupation(occupation) if occupation else None
    return known.name if known else occupation


@require_GET
@for_duties(*TERRITORIAL)
def placement_detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show a placement and what comes next on its way: class, trip, door, work."""
    officer = officer_of(request)
    placement = get_object_or_404(placements_visible_to(officer, open_only=False), pk=number)
    reason = words.term(CloseReason(placement.close_reason)) if placement.close_reason else ""
    context = {
        "title": placement.shown_name,
        "placement": placement,
        "reason": reason,
        "certificate": certificate_words(placement.certificate_needed),
        "steps": list(_way(placement)),
        "may_write": officer.duty in CADRES,
        "roads": [(reverse("placement_list"), gettext("Placements"))],
    }
    return render(request, "office/placements/placement_detail.html", context)


def _way(placement: Any) -> Iterator[dict[str, Any]]:
    """Yield what was and what comes next, the nearest first."""
    yield {"at": placement.placed_at, "title": gettext("All three sides agreed")}
    if placement.certificate_needed:
        yield _class_step(placement)
    seat = rides_of(placement.worker).filter(placement=placement, given_up_at=None).first()
    spell = spells_of(placement.worker).filter(left_on__gte=placement.placed_at.date()).first()
    at_work = spell is not None and placement.employer_id == spell.employer_id
    if seat or not (at_work or placement.closed_on or _is_near(placement)):
        yield _trip_step(seat)
    if spell and at_work:
        title = gettext("At work with %(employer)s") % {"employer": spell.employer_name}
        yield {"on": spell.arrived_on or spell.left_on, "title": title, "tone": "now",
               "href": reverse("spell_detail", args=[spell.pk])}  # fmt: skip
    elif placement.closed_on is None:
        yield {"on": placement.starts_on, "title": gettext("First day of work"), "tone": "next"}


def _is_near(placement: Any) -> bool:
    """Tell whether the work is in the county of home: nobody needs a coach."""
    return bool(placement.place and county_of(placement.place) == placement.county)


def _class_step(placement: Any) -> dict[str, Any]:
    if may_travel(placement):
        return {"title": gettext("The certificate is held")}
    enrolment = enrolment_of(placement)
    if enrolment is None or enrolment.course_class.state == ClassState.CLOSED:
        return {"title": gettext("Waits for a class"), "tone": "next", "href": reverse("waiting_list")}
    course = enrolment.course_class
    return {
        "on": course.ends_on,
        "title": gettext("In class %(code)s") % {"code": course.code},
        "tone": "next",
        "href": reverse("class_detail", args=[course.pk]),
    }


def _trip_step(seat: Any) -> dict[str, Any]:
    if seat is None:
        return {"title": gettext("No seat on a trip yet"), "tone": "next"}
    passed = doors_of_riders(seat.trip).get(seat.number, frozenset())
    door = next_door(passed)
    next_words = gettext("Next door: %(door)s") % {"door": gettext(door.en)} if door else gettext("All doors")
    return {
        "at": seat.leg.departs_at,
        "title": gettext("Trip %(number)s, seat %(seat)s")
        % {"number": seat.trip.number, "seat": seat.number},
        "note": next_words,
        "tone": "" if passed >= set(Door) else "next",
    }


@require_POST
@for_duties(*CADRES)
def placement_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take a worker out of the move, in one step and without a reason."""
    placement = get_object_or_404(placements_visible_to(officer_of(request), open_only=False), pk=number)
    withdraw_from_move(offer=placement.offer, at=now(), by=officer_of(request))
    messages.success(request, gettext("Taken back. Nothing else follows from it."))
    return redirect("placement_detail", number)


urlpatterns = [
    path("placements/", placement_list, name="placement_list"),
    path("placements/export/", placement_export, name="placement_export"),
    path("placements/<int:number>/", placement_detail, name="placement_detail"),
    path("placements/<int:number>/withdraw/", placement_withdraw, name="placement_withdraw"),
]
