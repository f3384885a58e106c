"""Offers: what a worker was offered and why, the answer of both sides, and the way out."""

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
from fourdoors.engines.sheets import Column, Kind
from fourdoors.kernel.errors import RuleError
from fourdoors.placements.rules import OfferState
from fourdoors.placements.selectors import counted_states, offers_beside, offers_visible_to
from fourdoors.placements.services import accept_offer, answer_as_employer, decline_offer, record_export
from fourdoors.register.rules import HowGiven
from fourdoors.travel.services import withdraw_from_move
from fourdoors.web import words
from fourdoors.web.desk import done, for_duties, now, officer_of, page_of, today
from fourdoors.web.matching import (
    AcceptForm,
    DeclineForm,
    asked_in,
    chips,
    fill_again,
    price_of,
    reasons_of,
    shown,
)
from fourdoors.web.refusals import words_for
from fourdoors.web.workbooks import PERSON, handed_out, person_of

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
        *PERSON,
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


def _offer_row(offer: Any) -> dict[str, Any]:
    said = shown(offer, on=today())
    return {
        **person_of(offer),
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
        **asked_in(offer),
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
    others = offers_beside(offer)
    if done(form, lambda **_said: deed(**form.answer())):
        for one in others:
            fill_again(one, at=now())
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
        fill_again(offer, at=now())
        messages.success(request, gettext("The no is recorded. Nothing else follows from it."))
        return redirect("offer_detail", number)
    return _show(request, offer, decline_form=form)


@require_POST
@for_duties(*CADRES)
def offer_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take a worker out of a move, in one step and without a reason."""
    offer = _offer(request, number)
    withdraw_from_move(offer=offer, at=now(), by=officer_of(request))
    fill_again(offer, at=now())
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
        if said == "no":
            fill_again(offer, at=now())
        messages.success(request, gettext("The employer's answer is recorded."))
    return redirect("offer_detail", number)


urlpatterns = [
    path("offers/", offer_list, name="offer_list"),
    path("offers/export/", offer_export, name="offer_export"),
    path("offers/<int:number>/", offer_detail, name="offer_detail"),
    path("offers/<int:number>/accept/", offer_accept, name="offer_accept"),
    path("offers/<int:number>/decline/", offer_decline, name="offer_decline"),
    path("offers/<int:number>/withdraw/", offer_withdraw, name="offer_withdraw"),
    path("offers/<int:number>/employer/", offer_employer, name="offer_employer"),
]
