"""What the later steps know of one person, as lines of the same timeline: offers, trips, work, subsidies."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from fourdoors.employment.selectors import spells_of
from fourdoors.kernel.terms import Channel, EndReason, PaymentResult
from fourdoors.placements.rules import OfferState
from fourdoors.placements.selectors import offers_of, placements_of
from fourdoors.register.selectors import WorkerFile
from fourdoors.subsidies.rules import ClaimState
from fourdoors.subsidies.selectors import answers_to, claims_of, rule_of
from fourdoors.travel.rules import TripState
from fourdoors.travel.selectors import rides_of
from fourdoors.web import words
from fourdoors.web.person import events_of

Event = dict[str, Any]


def whole_way_of(file: WorkerFile, *, on: date, links: bool) -> list[Event]:
    """Return everything that every step knows of a person, the newest first, in a fixed number of queries.

    Args:
        file: what the register knows.
        on: the day of the page; what lies after it is still to come.
        links: whether the lines lead to the desks' pages.
    """
    events = events_of(file)
    for worker in file.records:
        events += [
            *_offered(worker, links), *_placed(worker, links), *_travelled(worker, on),
            *_worked(worker, links), *_claimed(worker),
        ]  # fmt: skip
    return sorted(events, key=_when, reverse=True)


def _when(event: Event) -> tuple[date, datetime]:
    moment: datetime | None = event.get("at")
    day = timezone.localdate(moment) if moment else event["on"]
    return day, moment or datetime.min.replace(tzinfo=timezone.get_default_timezone())


def _offered(worker: Any, links: bool) -> Iterator[Event]:  # noqa: FBT001 (a part of the function above)
    for offer in offers_of(worker).select_related("vacancy", "employer", "round"):
        yield {
            "at": offer.round.published_at if offer.round else None,  # offers_of gives published ones only
            "title": gettext("Offered: %(post)s") % {"post": offer.vacancy.title},
            "note": f"{offer.employer.name} · {words.term(OfferState(offer.state))}",
            "href": reverse("offer_detail", args=[offer.pk]) if links else "",
        }


def _placed(worker: Any, links: bool) -> Iterator[Event]:  # noqa: FBT001 (a part of the function above)
    for placement in placements_of(worker):
        yield {
            "at": placement.placed_at,
            "title": gettext("Placed: %(post)s") % {"post": placement.vacancy.title},
            "note": gettext("%(employer)s, from %(day)s")
            % {"employer": placement.employer.name, "day": words.day(placement.starts_on)},
            "href": reverse("placement_detail", args=[placement.pk]) if links else "",
        }


def _travelled(worker: Any, on: date) -> Iterator[Event]:
    for seat in rides_of(worker).filter(given_up_at=None):
        trip = seat.trip
        yield {
            "on": trip.report_on,
            "title": gettext("Trip %(number)s to %(place)s")
            % {"number": trip.number, "place": words.work_place(trip.place)},
            "note": words.term(TripState(trip.state)),
            "tone": "next" if trip.report_on > on else "",
        }


def _worked(worker: Any, links: bool) -> Iterator[Event]:  # noqa: FBT001 (a part of the function above)
    for spell in spells_of(worker):
        name = spell.employer.name if spell.employer else spell.employer_name
        values = {"place": words.work_place(spell.place), "employer": name}
        yield {
            "on": spell.arrived_on or spell.left_on,
            "title": gettext("Works in %(place)s, at %(employer)s") % values,
            "note": " · ".join(filter(None, (words.term(Channel(spell.channel)), spell.post))),
            "grade": spell.grade,
            "tone": "" if spell.ended_on else "now",
            "href": reverse("spell_detail", args=[spell.pk]) if links else "",
        }
        if spell.ended_on:
            reason = words.term(EndReason(spell.end_reason)) if spell.end_reason else ""
            yield {
                "on": spell.ended_on,
                "title": gettext("Work ended in %(place)s") % values,
                "note": reason,
            }


def _claimed(worker: Any) -> Iterator[Event]:
    claims = list(claims_of(worker))
    answers = answers_to(claims)
    for claim in claims:
        title = rule_of(claim.policy).title
        name = {"name": title.zh if words.in_chinese() else title.en, "yuan": words.fen(claim.fen)}
        yield {
            "at": claim.made_at,
            "title": gettext("Subsidy: %(name)s, %(yuan)s") % name,
            "note": words.term(ClaimState(claim.state)),
        }
        if answer := answers.get(claim.pk):
            yield {
                "on": answer.on or claim.made_at.date(),
                "title": gettext("Bank's answer"),
                "note": " · ".join(filter(None, (words.term(PaymentResult(answer.result)), answer.words))),
            }
