"""What every page is given: the way through the house by duty, and whether its people are invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fourdoors.accounts.rules import DEPARTMENTAL, TERRITORIAL, Duty

OFFICES = TERRITORIAL | {Duty.STATION}
EVERYBODY = frozenset(Duty)


@dataclass(frozen=True)
class Road:
    """A link of the main menu: an address by name, its words, the duties that walk it."""

    name: str
    label: Promise
    duties: frozenset[Duty]


# Each step's room adds its line here, in the order of a worker's way.
NAV: tuple[Road, ...] = (
    Road("home", _("Overview"), EVERYBODY),
    Road("worker_list", _("Workers"), TERRITORIAL),
    Road("import_list", _("Files"), TERRITORIAL),
    Road("partner_list", _("Cooperation"), OFFICES),
    Road("vacancy_list", _("Vacancies"), OFFICES),
    Road("round_list", _("Matching"), TERRITORIAL - {Duty.TOWNSHIP}),
    Road("offer_list", _("Offers"), frozenset({Duty.TOWNSHIP})),
    Road("class_list", _("Training"), TERRITORIAL | {Duty.TRAINER}),
    Road("trip_list", _("Trips"), OFFICES | DEPARTMENTAL | {Duty.CARRIER}),
    Road("gate_list", _("Doors"), frozenset({Duty.CARRIER, Duty.TOWNSHIP, Duty.STATION, Duty.EMPLOYER})),
    Road("arrival_list", _("Expected arrivals"), frozenset({Duty.EMPLOYER})),
    Road("spell_list", _("Work and pay"), OFFICES),
    Road("claim_list", _("Subsidies"), TERRITORIAL),
    Road("release_list", _("Releases"), TERRITORIAL),
    Road("deed_list", _("Trail"), frozenset({Duty.AUDITOR})),
    Road("own_vacancy_list", _("Our vacancies"), frozenset({Duty.EMPLOYER})),
    Road("joining_list", _("Joining us"), frozenset({Duty.EMPLOYER})),
    Road("own_people_list", _("Our people"), frozenset({Duty.EMPLOYER})),
)
# Open to all: duties are not asked.
FOOT: tuple[Road, ...] = (
    Road("job_list", _("All open posts"), EVERYBODY),
    Road("public_notice_list", _("Public notices"), EVERYBODY),
    Road("open_figures", _("Published figures"), EVERYBODY),
    Road("bulletin_latest", _("Bulletin"), EVERYBODY),
    Road("definitions", _("Definitions and sources"), EVERYBODY),
)


def house(request: HttpRequest) -> dict[str, Any]:
    """Return the menu of who is signed in, the foot, and the demonstration mark. No query is made."""
    duty = getattr(getattr(request, "user", None), "duty", "")
    roads = [road for road in NAV if duty in road.duties]
    return {
        "nav": _links(roads, request.path),
        "foot": _links(FOOT, request.path),
        "demonstration": settings.DEMONSTRATION,
        "plays_on": settings.DEMONSTRATION_DAY,
    }


def _links(roads: Sequence[Road], path: str) -> list[dict[str, Any]]:
    """Return the links; the longest address that leads to the page is where the reader is."""
    hrefs = {road.name: reverse(road.name) for road in roads}
    here = max((href for href in hrefs.values() if _leads_to(href, path)), key=len, default="")
    return [{"href": hrefs[r.name], "label": r.label, "current": hrefs[r.name] == here} for r in roads]


def _leads_to(href: str, path: str) -> bool:
    return path == href or (href != "/" and path.startswith(href))
