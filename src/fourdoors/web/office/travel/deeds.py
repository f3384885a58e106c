"""What is done to a trip with one button each; a refusal is said on the page that it came from."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fourdoors.accounts.rules import DEPARTMENTAL, Duty
from fourdoors.kernel.errors import RuleError
from fourdoors.travel.rules import GiveUpReason, Side
from fourdoors.travel.selectors import leaders_for, tasks_of
from fourdoors.travel.services import (
    appoint_leader,
    approve_trip,
    cancel_trip,
    complete_task,
    depart,
    give_up_seat,
    issue_passes,
    open_handover,
    reissue_pass,
    sign_handover,
)
from fourdoors.web.desk import for_duties, now, officer_of
from fourdoors.web.office.travel.pages import line_of
from fourdoors.web.office.travel.parts import LEADERS, trip_of
from fourdoors.web.refusals import words_for


def do(request: HttpRequest, deed: Callable[..., object], said: str) -> None:
    """Do a deed as this officer, now, and say what came of it."""
    try:
        deed(by=officer_of(request), at=now())
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
    else:
        messages.success(request, said)


@require_POST
@for_duties(Duty.COUNTY)
def trip_approve(request: HttpRequest, trip_id: int) -> HttpResponse:
    trip = trip_of(request, trip_id)
    chosen = request.POST.get("leader", "")
    leader = leaders_for(trip).filter(pk=chosen).first() if chosen.isdecimal() else None
    do(request, partial(approve_trip, trip=trip, leader=leader), _("The trip is approved."))
    return redirect("trip_detail", trip.pk)


@require_POST
@for_duties(Duty.COUNTY)
def trip_leader(request: HttpRequest, trip_id: int) -> HttpResponse:
    trip = trip_of(request, trip_id)
    chosen = request.POST.get("leader", "")
    leader = leaders_for(trip).filter(pk=chosen).first() if chosen.isdecimal() else None
    if leader is None:
        messages.error(request, _("Choose the leader from the list."))
    else:
        do(request, partial(appoint_leader, trip=trip, leader=leader), _("The leader is named."))
    return redirect("trip_detail", trip.pk)


@require_POST
@for_duties(Duty.COUNTY)
def trip_cancel(request: HttpRequest, trip_id: int) -> HttpResponse:
    trip = trip_of(request, trip_id)
    said = _("The trip is cancelled. Its people can be planned anew.")
    do(request, partial(cancel_trip, trip=trip), said)
    return redirect("trip_detail", trip.pk)


@require_POST
@for_duties(Duty.COUNTY)
def trip_issue(request: HttpRequest, trip_id: int) -> HttpResponse:
    trip = trip_of(request, trip_id)
    do(request, partial(issue_passes, trip=trip), _("Every rider has a pass."))
    return redirect("trip_detail", trip.pk)


@require_POST
@for_duties(*LEADERS)
def trip_depart(request: HttpRequest, trip_id: int) -> HttpResponse:
    trip = trip_of(request, trip_id)
    do(request, partial(depart, trip=trip), _("The coach has left."))
    return redirect("trip_detail", trip.pk)


@require_POST
@for_duties(Duty.COUNTY, *DEPARTMENTAL)
def task_complete(request: HttpRequest, trip_id: int, task_id: int) -> HttpResponse:
    trip = trip_of(request, trip_id)
    task = get_object_or_404(tasks_of(trip), pk=task_id)
    note = request.POST.get("note", "")[:200]
    do(request, partial(complete_task, task=task, note=note), _("The task is done."))
    return redirect("trip_detail", trip.pk)


@require_POST
@for_duties(*LEADERS, Duty.TOWNSHIP)
def seat_give_up(request: HttpRequest, trip_id: int, seat_id: int) -> HttpResponse:
    trip = trip_of(request, trip_id)
    seat = line_of(trip, officer_of(request), seat_id).seat
    reason = request.POST.get("reason", "")
    if reason not in list(GiveUpReason):
        raise Http404
    said = _("The seat is free. Nobody else moves, and nothing follows from it for the rider.")
    do(request, partial(give_up_seat, seat=_with_trip(seat, trip), reason=GiveUpReason(reason)), said)
    return redirect("trip_detail", trip.pk)


@require_POST
@for_duties(Duty.COUNTY)
def pass_renew(request: HttpRequest, trip_id: int, seat_id: int) -> HttpResponse:
    trip = trip_of(request, trip_id)
    seat = line_of(trip, officer_of(request), seat_id).seat
    said = _("A new pass is issued; the old one opens no door.")
    do(request, partial(reissue_pass, seat=_with_trip(seat, trip)), said)
    return redirect("seat_detail", trip.pk, seat.pk)


def _with_trip(seat: Any, trip: Any) -> Any:
    seat.trip = trip
    return seat


@require_POST
@for_duties(*LEADERS, Duty.EMPLOYER)
def handover_open(request: HttpRequest, trip_id: int) -> HttpResponse:
    trip = trip_of(request, trip_id)
    do(request, partial(open_handover, trip=trip), _("The handover is counted from the doors."))
    return redirect(page_of_trip(request), trip.pk)


@require_POST
@for_duties(*LEADERS, Duty.EMPLOYER)
def handover_sign(request: HttpRequest, trip_id: int) -> HttpResponse:
    trip = trip_of(request, trip_id)
    handover = getattr(trip, "handover", None)
    side = request.POST.get("side", "")
    if handover is None or side not in list(Side):
        raise Http404
    do(request, partial(sign_handover, handover=handover, side=Side(side)), _("Signed."))
    return redirect(page_of_trip(request), trip.pk)


def page_of_trip(request: HttpRequest) -> str:
    """Return the name of the page where this officer looks at a trip."""
    return "arrival_detail" if officer_of(request).duty == Duty.EMPLOYER else "trip_detail"
