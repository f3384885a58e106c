"""The scanner of a door, on a phone: a camera where there is one, eight characters where there is none."""

import secrets
from dataclasses import dataclass
from typing import Any

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fourdoors.accounts.rules import Duty
from fourdoors.employment.services import enter_factory
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.identity import masked_name
from fourdoors.travel.rules import Door, TripState, Verdict
from fourdoors.travel.selectors import (
    door_counts,
    for_a_list,
    leg_of,
    missing_riders,
    seats_taken,
    trips_visible_to,
)
from fourdoors.travel.services import AT_DOORS, Scan, scan
from fourdoors.web.desk import for_duties, now, officer_of
from fourdoors.web.refusals import words_for

OPEN = (TripState.APPROVED, TripState.DEPARTED)
MAY_CALL = (Duty.COUNTY, Duty.TOWNSHIP, Duty.CARRIER)

# tone of the sign and the colour; what the person with the phone does now
ANSWERS: dict[Verdict, tuple[str, str | Promise]] = {
    Verdict.ACCEPTED: ("go", ""),
    Verdict.OUT_OF_ORDER: ("look", gettext_lazy("It counts. Scan the missed door as well if you can.")),
    Verdict.ALREADY: ("look", gettext_lazy("It is recorded and counts once.")),
    Verdict.WRONG_TRIP: ("stop", gettext_lazy("Lead the rider to the right coach.")),
    Verdict.WRONG_LEG: ("stop", gettext_lazy("Lead the rider to the coach of this part of the way.")),
    Verdict.LIST_TOO_OLD: (
        "stop",
        gettext_lazy("Connect to a network once, or answer for the rider yourself and say why."),
    ),
    Verdict.GIVEN_UP: (
        "stop",
        gettext_lazy(
            "The seat was given up. Say so kindly; who wants to come after all asks the county desk."
        ),
    ),
    Verdict.REVOKED: ("stop", gettext_lazy("Ask for the newer pass, or look the rider up by name.")),
    Verdict.CLOSED: ("stop", gettext_lazy("The handover is signed. Tell the county desk what happened.")),
    Verdict.NOT_APPROVED: ("stop", gettext_lazy("Wait for the county desk to approve the trip.")),
    Verdict.NOT_DEPARTED: (
        "stop",
        gettext_lazy("Is this the right door? This one opens after the departure."),
    ),
    Verdict.HAS_LEFT: ("stop", gettext_lazy("Nobody boards on the way. Call the county desk.")),
}


@dataclass(frozen=True)
class Answer:
    """What stands on the phone after a scan: colour, sign and words."""

    tone: str
    title: str
    words: str
    todo: str = ""
    again: bool = False  # a slip while typing: what was typed stays


@for_duties(*AT_DOORS)
def gate_list(request: HttpRequest) -> HttpResponse:
    """List the coaches whose doors this officer may scan now."""
    trips = for_a_list(trips_visible_to(officer_of(request)).filter(state__in=OPEN))
    riders = seats_taken(list(trips[:50]))
    rows = [_row(trip, riders.get(trip.pk, 0)) for trip in trips[:50]]
    return render(request, "gate/doors/gate_list.html", {"title": _("Doors"), "rows": rows})


def _row(trip: Any, riders: int) -> dict[str, Any]:
    gone = trip.state == TripState.DEPARTED
    return {
        "trip": trip,
        "leg": next(iter(trip.legs.all()), None),
        "riders": riders,
        "state": _(TripState(trip.state).en),
        "door": int(Door.ALIGHT if gone else Door.LEAVE_HOME),
    }


@csp_update({"script-src": ["'wasm-unsafe-eval'"]})  # the reader of QR codes, on this page only
@for_duties(*AT_DOORS)
def gate(request: HttpRequest, trip_id: int, door: int) -> HttpResponse:
    """Show one door of one trip, and answer the scans made at it."""
    officer = officer_of(request)
    if door not in list(Door):
        raise Http404
    trip = get_object_or_404(trips_visible_to(officer).select_related("employer"), pk=trip_id, state__in=OPEN)
    answer = _scanned(request, trip, Door(door)) if request.method == "POST" else None
    context = {
        "trip": trip,
        "leg": leg_of(trip),
        "answer": answer,
        "typed": request.POST.get("code", "")[:12] if answer and answer.again else "",
        "door": Door(door),
        "tabs": [{"door": int(one), "words": _(one.en), "here": one == door} for one in Door],
        "may_call": officer.duty in MAY_CALL,
        "back": "arrival_detail" if officer.duty == Duty.EMPLOYER else "trip_detail",
        **_counted(trip, Door(door), officer),
    }
    template = "gate/doors/scan.html" if request.headers.get("HX-Request") else "gate/doors/gate.html"
    return render(request, template, context)


def _counted(trip: Any, door: Door, officer: Any) -> dict[str, Any]:
    expected, counts = door_counts(trip)
    township = officer.jurisdiction if officer.duty == Duty.TOWNSHIP else None
    return {
        "expected": expected,
        "passed": counts[door],
        "missing": missing_riders(trip, door, within=township),
        "sequence": secrets.randbelow(2**53),  # of the next scan: sent twice, it is one scan
    }


def _scanned(request: HttpRequest, trip: Any, door: Door) -> Answer:
    asked = request.POST
    text = asked.get("token", "") or asked.get("code", "")
    sequence = asked.get("sequence", "")
    if not (sequence.isdecimal() and len(sequence) <= 16):
        raise Http404
    at = now()
    try:
        found = scan(
            trip=trip, door=door, text=text[:500], device=_device(request), device_sequence=int(sequence),
            device_at=at, scanned_by=officer_of(request), at=at,
            through=_into_the_factory if door is Door.ENTER_FACTORY else None,
        )  # fmt: skip
    except RuleError as refusal:
        return Answer("stop", _("Once more"), words_for(refusal), again=True)
    return _answer(found)


def _device(request: HttpRequest) -> str:
    """Return the name of this browser as a device: drawn once a session."""
    if "gate_device" not in request.session:
        request.session["gate_device"] = f"web-{secrets.token_hex(8)}"
    return str(request.session["gate_device"])


def _into_the_factory(*, door: Door, **scanned: Any) -> Any:
    """Let a rider through the fourth door, where the work begins."""
    return enter_factory(**scanned).passage


def _answer(found: Scan) -> Answer:
    if found.passage is None:
        said = words_for(found.refusal) if found.refusal else ""
        if found.verdict is Verdict.WRONG_TRIP:
            return Answer("stop", _(found.verdict.en), said, str(ANSWERS[found.verdict][1]))
        return Answer("stop", _("Cannot be read"), said, again=True)
    verdict = Verdict(found.passage.verdict)
    tone, todo = ANSWERS[verdict]
    return Answer(tone, _rider(found.passage.seat), _(verdict.en), str(todo))


def _rider(seat: Any) -> str:
    name = masked_name(seat.shown_name) if seat.shown_name else _("Rider")
    return _("%(name)s · seat %(number)s") % {"name": name, "number": seat.number} if seat.number else name


urlpatterns = [
    path("", gate_list, name="gate_list"),
    path("<int:trip_id>/<int:door>/", gate, name="gate"),
]
