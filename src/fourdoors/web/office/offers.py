"""Offers and placements: what a worker was offered and why, the answer, the way out, what comes next."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.employment.selectors import spells_of
from fourdoors.engines.sheets import Column, Kind
from fourdoors.kernel.divisions import county_of
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.occupations import find_occupation
from fourdoors.placements.rules import CloseReason, OfferState
from fourdoors.placements.selectors import counted_states, offers_visible_to, placements_visible_to
from fourdoors.placements.services import accept_offer, answer_as_employer, decline_offer, record_export
from fourdoors.register.rules import HowGiven
from fourdoors.training.rules import ClassState
from fourdoors.training.selectors import enrolment_of, may_travel, waiting_for_certificate
from fourdoors.travel.rules import Door, next_door
from fourdoors.travel.selectors import doors_of_riders, rides_of
from fourdoors.travel.services import withdraw_from_move
from fourdoors.web import words
from fourdoors.web.desk import done, for_duties, now, officer_of, page_of, today
from fourdoors.web.matching import AcceptForm, DeclineForm, chips, price_of, reasons_of, shown
from fourdoors.web.refusals import words_for
from fourdoors.web.workbooks import handed_out

CADRES = (Duty.COUNTY, Duty.TOWNSHIP)  # who writes down what a worker says
SOON_DAYS = 7


@require_GET
@for_duties(*TERRITORIAL)
def offer_list(request: HttpRequest) -> HttpResponse:
    """Show the offers of the territory by village, of one round and one state where asked."""
    found = _narrowed(request)
    counted, state = counted_states(found), request.GET.get("state", "")
    page = page_of(request, found.filter(state=state) if state in list(OfferState) else found)
    context = {
        "title": gettext("Offers"),
        "page": page,
        "rows": [shown(one, on=today()) for one in page],
        "chips": chips(request, OfferState, counted),
        "round": _round_number(request),
        "sought": request.GET.get("name", ""),
        "narrowed": bool(request.GET.keys() - {"page"}),
    }
    return render(request, "office/placements/offer_list.html", context)


def _narrowed(request: HttpRequest) -> Any:
    found = offers_visible_to(officer_of(request))
    number = _round_number(request)
    if number is not None:
        found = found.filter(round=number)
    name = request.GET.get("name", "").replace("\x00", "").strip()[:40]
    return found.filter(shown_name__contains=name) if name else found


def _round_number(request: HttpRequest) -> int | None:
    asked = request.GET.get("round", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None


@require_POST
@for_duties(*TERRITORIAL)
def offer_export(request: HttpRequest) -> HttpResponse:
    """Give the list as a workbook, as it is narrowed on the page; how long it was is recorded."""
    officer, found, state = officer_of(request), _narrowed(request), request.GET.get("state", "")
    found = found.filter(state=state) if state in list(OfferState) else found
    count = found.count()
    record_export(what="offers", rows=count, by=officer, at=now(), object_id=_round_number(request))
    columns = (
        *_PERSON,
        Column("title", (gettext("Post"),)),
        Column("employer", (gettext("Employer"),)),
        Column("place", (gettext("Place of work"),)),
        Column("low", (gettext("Yuan a month, from"),), kind=Kind.INTEGER),
        Column("high", (gettext("Yuan a month, to"),), kind=Kind.INTEGER),
        Column("starts_on", (gettext("First day"),), kind=Kind.DATE),
        Column("reasons", (gettext("Why this offer"),)),
        Column("state", (gettext("State"),)),
        Column("expires_on", (gettext("To be answered before"),), kind=Kind.DATE),
    )
    rows = (_offer_row(one) for one in found.iterator(chunk_size=1000))
    title = gettext("Offers")
    return handed_out(request, name="offers", title=title, columns=columns, rows=rows, count=count)


_PERSON = (
    Column("township", ("乡镇",)),
    Column("village", ("村",)),
    Column("name", ("姓名",)),
    Column("tail", ("身份证尾号",), kind=Kind.CODE),
)


def _person(it: Any) -> dict[str, Any]:
    return {
        "township": words.place(it.village // 1000 * 1000),
        "village": words.place(it.village),
        "name": it.shown_name,
        "tail": it.identity_tail,
    }


def _offer_row(offer: Any) -> dict[str, Any]:
    said = shown(offer, on=today())
    return {
        **_person(offer),
        "title": offer.terms["title"],
        "employer": offer.terms["employer"],
        "place": said["place"],
        "low": offer.terms["wage_low_yuan"],
        "high": offer.terms["wage_high_yuan"],
        "starts_on": said["starts_on"],
        "reasons": "；".join(f"{one.said} +{one.points}" for one in reasons_of(offer)),
        "state": words.term(said["state"]),
        "expires_on": offer.expires_on,
    }


def _offer(request: HttpRequest, number: int) -> Any:
    return get_object_or_404(offers_visible_to(officer_of(request)), pk=number)


@require_GET
@for_duties(*TERRITORIAL)
def offer_detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show an offer: terms, reasons, price, and the ways to answer it."""
    return _show(request, _offer(request, number))


def _show(request: HttpRequest, offer: Any, **faults: forms.Form) -> HttpResponse:
    asked: dict[str, Any] = {"accept_form": AcceptForm(), "decline_form": DeclineForm(), **faults}
    duty = officer_of(request).duty
    context = {
        "title": offer.shown_name,
        **shown(offer, on=today()),
        "reasons": reasons_of(offer),
        "price": price_of(offer),
        "how": words.term(HowGiven(offer.answered_how)) if offer.answered_how else "",
        "may_write": duty in CADRES,
        "may_speak_for_employer": duty == Duty.COUNTY,
        "roads": [(reverse("offer_list"), gettext("Offers"))],
        **asked,
    }
    return render(request, "office/placements/offer_detail.html", context, status=422 if faults else 200)


@require_POST
@for_duties(*CADRES)
def offer_accept(request: HttpRequest, number: int) -> HttpResponse:
    """Write down a worker's yes, and by which way it came."""
    offer, form = _offer(request, number), AcceptForm(request.POST)
    deed = partial(accept_offer, offer=offer, at=now(), by=officer_of(request))
    if done(form, lambda **_said: deed(**form.answer())):
        messages.success(request, gettext("The yes is recorded. Now the employer answers."))
        return redirect("offer_detail", number)
    return _show(request, offer, accept_form=form)


@require_POST
@for_duties(*CADRES)
def offer_decline(request: HttpRequest, number: int) -> HttpResponse:
    """Write down a worker's no; it has no effect on anything else."""
    offer, form = _offer(request, number), DeclineForm(request.POST)
    deed = partial(decline_offer, offer=offer, at=now(), by=officer_of(request))
    if done(form, lambda **_said: deed(**form.answer())):
        messages.success(request, gettext("The no is recorded. Nothing else follows from it."))
        return redirect("offer_detail", number)
    return _show(request, offer, decline_form=form)


@require_POST
@for_duties(*CADRES)
def offer_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take a worker out of a move, in one step and without a reason."""
    withdraw_from_move(offer=_offer(request, number), at=now(), by=officer_of(request))
    messages.success(request, gettext("Taken back. Nothing else follows from it."))
    return redirect("offer_detail", number)


@require_POST
@for_duties(Duty.COUNTY)
def offer_employer(request: HttpRequest, number: int) -> HttpResponse:
    """Write down the employer's yes or no on the employer's word."""
    said = request.POST.get("takes", "")
    if said not in ("yes", "no"):
        raise Http404
    offer = _offer(request, number)
    try:
        answer_as_employer(offer=offer, takes=said == "yes", at=now(), by=officer_of(request))
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
    else:
        messages.success(request, gettext("The employer's answer is recorded."))
    return redirect("offer_detail", number)


@require_GET
@for_duties(*TERRITORIAL)
def placement_list(request: HttpRequest) -> HttpResponse:
    """Show placements of the territory: the open ones, those that wait for a certificate, of one employer."""
    officer = officer_of(request)
    everybody = placements_visible_to(officer)
    found = _placements(request)
    page = page_of(request, found)
    waiting = waiting_for_certificate().filter(pk__in=everybody.order_by().values("pk")).count()
    soon = everybody.filter(starts_on__gte=today(), starts_on__lt=today() + timedelta(SOON_DAYS)).count()
    waits = (
        {
            "note": gettext("show them"),
            "href": "?state=waiting",
            "todo": True,
        }
        if waiting
        else {}
    )
    context = {
        "title": gettext("Placements"),
        "page": page,
        "figures": [
            {
                "label": gettext("Open placements"),
                "value": f"{everybody.count():,}",
                "unit": gettext("people"),
            },
            {"label": gettext("First day within a week"), "value": f"{soon:,}", "unit": gettext("people")},
            {
                "label": gettext("Wait for a certificate"),
                "value": f"{waiting:,}",
                "unit": gettext("people"),
                **waits,
            },
        ],
        "state": request.GET.get("state", ""),
        "sought": request.GET.get("employer", ""),
        "narrowed": bool(request.GET.keys() - {"page"}),
    }
    return render(request, "office/placements/placement_list.html", context)


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
        *_PERSON,
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
        **_person(it),
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
    path("offers/", offer_list, name="offer_list"),
    path("offers/export/", offer_export, name="offer_export"),
    path("offers/<int:number>/", offer_detail, name="offer_detail"),
    path("offers/<int:number>/accept/", offer_accept, name="offer_accept"),
    path("offers/<int:number>/decline/", offer_decline, name="offer_decline"),
    path("offers/<int:number>/withdraw/", offer_withdraw, name="offer_withdraw"),
    path("offers/<int:number>/employer/", offer_employer, name="offer_employer"),
    path("placements/", placement_list, name="placement_list"),
    path("placements/export/", placement_export, name="placement_export"),
    path("placements/<int:number>/", placement_detail, name="placement_detail"),
    path("placements/<int:number>/withdraw/", placement_withdraw, name="placement_withdraw"),
]
