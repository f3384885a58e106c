"""Papers of a trip as PDF, in the reader's language or the other: manifest, passes, handover."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.engines.papers import print_paper, qr_svg
from fourdoors.travel.rules import Absence, Door, Side, TripState
from fourdoors.travel.selectors import manifest
from fourdoors.travel.services import record_print
from fourdoors.web import words
from fourdoors.web.desk import for_duties, now, officer_of
from fourdoors.web.office.travel.parts import LEADERS, coach_of, trip_of

LANGUAGES = ("zh-hans", "en")


def _pdf(request: HttpRequest, name: str, trip: Any, values: dict[str, Any], **options: Any) -> HttpResponse:
    """Print, and write to the trail that somebody did: a paper carries names out of the house."""
    marked = values | {"demonstration": settings.DEMONSTRATION}
    body = print_paper(name, marked, language=translation.get_language() or "", at=now(), **options)
    record_print(trip=trip, paper=name, by=officer_of(request), at=now())
    filed = f'inline; filename="{name}-{trip.number}.pdf"'
    return HttpResponse(body, content_type="application/pdf", headers={"Content-Disposition": filed})


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in LANGUAGES else translation.get_language() or LANGUAGES[0]


@for_duties(*LEADERS)
def manifest_pdf(request: HttpRequest, trip_id: int) -> HttpResponse:
    trip = trip_of(request, trip_id)
    with translation.override(_language(request)):
        coach = coach_of(trip)
        values = _heading(trip, coach) | {
            "version": str(trip.version),
            "driver": coach["drivers"],
            "rows": [
                {
                    "seat": line.seat.number,
                    "name": line.seat.shown_name,
                    "village": words.place(line.seat.village),
                    "employer": trip.employer.name,
                    "post": line.post,
                }
                for line in manifest(trip)
            ],
        }
        gate = request.build_absolute_uri(reverse("gate", args=[trip.pk, int(Door.BOARD)]))
        return _pdf(request, "manifest", trip, values, pictures={"code": qr_svg(gate, "q")}, tagged=False)


def _heading(trip: Any, coach: dict[str, Any]) -> dict[str, Any]:
    leg = coach["leg"]
    return {
        "trip": trip.number,
        "from": words.whole_place(trip.home),
        "to": words.whole_place(trip.place),
        "departs": words.moment(leg.departs_at),
        "plate": leg.vehicle.plate,
        "leader": leg.leader.full_name if leg.leader else "—",
    }


@for_duties(*LEADERS)
def cards_pdf(request: HttpRequest, trip_id: int) -> HttpResponse:
    trip = trip_of(request, trip_id)
    with translation.override(_language(request)):
        held = [line for line in manifest(trip) if line.token]
        if not held:
            raise Http404
        coach = coach_of(trip)
        heading = _heading(trip, coach)
        rows = [_card(line, heading, coach["leg"]) for line in held]
        pictures = {f"pass{line.seat.pk}": qr_svg(line.token) for line in held}
        return _pdf(request, "cards", trip, {"rows": rows}, pictures=pictures, tagged=False)


def _card(line: Any, heading: dict[str, Any], leg: Any) -> dict[str, Any]:
    board = f"{words.place(line.seat.village)} {_hour(line.boards_at)}"
    return heading | {
        "name": line.seat.shown_name,
        "seat": line.seat.number,
        "board": board.strip(),
        "alight": heading["to"],
        "code": line.code,
        "expires": words.short_day(timezone.localdate(line.pass_ends_at)),
        "picture": f"pass{line.seat.pk}",
    }


def _hour(at: Any) -> str:
    return words.moment(at)[-5:] if at else ""


@for_duties(*TERRITORIAL, Duty.CARRIER, Duty.STATION, Duty.EMPLOYER)
def handover_pdf(request: HttpRequest, trip_id: int) -> HttpResponse:
    trip = trip_of(request, trip_id)
    handover = getattr(trip, "handover", None)
    if handover is None or trip.state not in (TripState.DEPARTED, TripState.CLOSED):
        raise Http404
    with translation.override(_language(request)):
        names = {line.seat.number: line.seat.shown_name for line in manifest(trip)}
        arrived = handover.received_at or coach_of(trip)["leg"].arrives_at
        values = {
            "trip": trip.number,
            "from": words.whole_place(trip.home),
            "to": words.whole_place(trip.place),
            "employer": trip.employer.name,
            "arrived": words.moment(arrived),
            "place": words.whole_place(trip.place),
            "expected": handover.expected_persons,
            "present": handover.present_persons,
            "signers": [_signer(handover, side) for side in Side],
            "rows": [
                {
                    "seat": entry["seat"],
                    "name": names.get(entry["seat"], ""),
                    "what": _(Absence(entry["reason"]).en),
                }
                for entry in handover.exceptions
            ],
        }
        return _pdf(request, "handover", trip, values)


def _signer(handover: Any, side: Side) -> str:
    column = {Side.SENDER: "sent", Side.CARRIER: "carried", Side.RECEIVER: "received"}[side]
    by, at = getattr(handover, f"{column}_by"), getattr(handover, f"{column}_at")
    return f"{_(side.en)} {by} {words.moment(at)}" if at else _(side.en)
