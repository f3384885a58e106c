"""Who sees which part of a trip, and the rows that several pages show."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from fourdoors.accounts.rules import DEPARTMENTAL, TERRITORIAL, Duty
from fourdoors.kernel.divisions import Range
from fourdoors.travel.rules import Absence, Department, Door, Side, TaskKind, TripState
from fourdoors.travel.selectors import for_a_list, leg_of, tasks_of, trips_visible_to
from fourdoors.travel.services import DUTY_OF, DUTY_OF_SIDE
from fourdoors.web import words
from fourdoors.web.desk import officer_of

READERS = (*TERRITORIAL, *DEPARTMENTAL, Duty.STATION, Duty.CARRIER)
NAMES = TERRITORIAL | {Duty.CARRIER, Duty.STATION}  # see riders by name; health on its own desk
SEATS = NAMES | {Duty.TRANSPORT}  # transport: numbers and stops; police: the coach and its way
LEADERS = (Duty.COUNTY, Duty.CARRIER)
BEFORE = (TripState.PLANNED, TripState.APPROVED)


def trip_of(request: HttpRequest, trip_id: int) -> Any:
    """Return a trip of the officer's own, or 404."""
    return get_object_or_404(for_a_list(trips_visible_to(officer_of(request))), pk=trip_id)


def within(officer: Any) -> Range | None:
    """Return the villages whose riders an officer sees by name; a township its own, others all."""
    return officer.jurisdiction if officer.duty == Duty.TOWNSHIP else None


def task_rows(trip: Any, officer: Any, at: Any) -> list[dict[str, Any]]:
    """Return the tasks with their words, and whether this officer may do them now."""
    return [
        {
            "task": task,
            "department": _(Department(task.department).en),
            "kind": _(TaskKind(task.kind).en),
            "late": task.done_at is None and task.due_at < at and task.mandatory,
            "mine": task.done_at is None
            and trip.state in BEFORE
            and DUTY_OF[Department(task.department)] == officer.duty,
            "desk": task.kind == TaskKind.RIDERS_CHECKED,
        }
        for task in tasks_of(trip)
    ]


def coach_of(trip: Any) -> dict[str, Any]:
    """Return what a page shows of the coach: vehicle, drivers, leader, times, seats that may be used."""
    leg = leg_of(trip)
    return {
        "leg": leg,
        "drivers": _(", ").join(driver.name for driver in leg.drivers.all()),
        "share": trip.load_rule.get("seat_share", 1),
        "rows": trip.load_rule.get("isolation_rows", 0),
        "source": _source_of(trip.load_rule),
    }


def _source_of(load_rule: dict[str, Any]) -> str:
    """Return the paper behind the share of seats: in Chinese, or with its words in English behind it."""
    chinese, _paren, english = str(load_rule.get("source", "")).partition(" (")
    return chinese if words.in_chinese() or not english else f"{chinese} ({english}"


def state_of(trip: Any) -> dict[str, str]:
    """Return the words and the colour of a trip's state."""
    tones = {
        TripState.PLANNED: "",
        TripState.APPROVED: "look",
        TripState.DEPARTED: "look",
        TripState.CLOSED: "good",
        TripState.CANCELLED: "off",
    }
    return {"words": _(TripState(trip.state).en), "tone": tones[TripState(trip.state)]}


def steps_of(trip: Any) -> list[dict[str, str]]:
    """Return the steps of a trip for the steps part."""
    order = [TripState.PLANNED, TripState.APPROVED, TripState.DEPARTED, TripState.CLOSED]
    here = order.index(TripState(trip.state)) if trip.state in order else -1
    last = len(order) - 1
    return [
        {
            "label": _(step.en),
            "state": "done" if place < here or here == last else "current" if place == here else "",
        }
        for place, step in enumerate(order)
    ]


def handover_of(trip: Any, officer: Any) -> dict[str, Any]:
    """Return the receipt of a trip as pages show it: numbers, absences, signatures, what may be signed."""
    handover = getattr(trip, "handover", None)
    columns = {Side.SENDER: "sent", Side.CARRIER: "carried", Side.RECEIVER: "received"}
    sides = [
        {
            "side": side,
            "words": _(side.en),
            "at": getattr(handover, f"{column}_at", None),
            "by": getattr(handover, f"{column}_by", None),
            "mine": DUTY_OF_SIDE[side] == officer.duty,
        }
        for side, column in columns.items()
    ]
    signed = any(side["at"] for side in sides)
    return {
        "handover": handover,
        "sides": sides,
        "may_open": trip.state == TripState.DEPARTED and not signed and any(side["mine"] for side in sides),
        "may_sign": next((s["side"] for s in sides if s["mine"] and handover and not s["at"]), None),
        "absent": [
            {"seat": entry["seat"], "what": _(Absence(entry["reason"]).en)}
            for entry in (handover.exceptions if handover else [])
        ],
    }


def door_words(door: Door) -> str:
    """Return the name of a door."""
    return _(door.en)
