"""Campaigns and fairs: opened, visited, closed with what came of them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import ClassVar

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.divisions import find_division
from fourdoors.kernel.errors import RuleError
from fourdoors.recruitment.models import Campaign, Event, Vacancy, Visit
from fourdoors.recruitment.rules import ApplicationChannel, EventKind, VisitOutcome
from fourdoors.recruitment.services.applications import apply
from fourdoors.register.models import Worker


class PlaceUnknownError(RuleError):
    """No division has that code."""

    code: ClassVar[str] = "place_unknown"


class EventClosedError(RuleError):
    """The fair was closed: nobody signs in or changes an outcome any more."""

    code: ClassVar[str] = "event_closed"


class PostNotAtFairError(RuleError):
    """The vacancy applied for was not offered at this fair."""

    code: ClassVar[str] = "post_not_at_fair"


@transaction.atomic
def open_campaign(
    *, name: str, name_en: str, from_on: date, to_on: date, at: datetime, by: Officer | None
) -> Campaign:
    """Open a campaign over weeks (春风行动), or return the one of that name."""
    campaign, made = Campaign.objects.get_or_create(
        name=name, defaults={"name_en": name_en, "from_on": from_on, "to_on": to_on}
    )
    if made:
        record_deed(officer=by, action="recruitment.campaign_opened", at=at, object_id=campaign.pk)
    return campaign


@transaction.atomic
def open_event(  # noqa: PLR0913 (the fields of a fair)
    *,
    title: str,
    kind: EventKind,
    on: date,
    division: int,
    at: datetime,
    by: Officer | None,
    place_words: str = "",
    campaign: Campaign | None = None,
    vacancies: Iterable[Vacancy] = (),
) -> Event:
    """Announce a fair (招聘会) with the vacancies that are offered there.

    Args:
        title: as the notice calls it.
        kind: on the spot, on line or by live stream.
        on: its day.
        division: 12-digit division that holds it.
        at: the moment of the deed.
        by: who announces it.
        place_words: hall, square or address on line.
        campaign: the campaign that it belongs to.
        vacancies: what is offered; more may be added until it is closed.

    Raises:
        PlaceUnknownError: no division of that code.
    """
    if find_division(division) is None:
        raise PlaceUnknownError(code=division)
    event = Event.objects.create(
        title=title, kind=kind.value, on=on, division=division, place_words=place_words, campaign=campaign
    )
    event.vacancies.set(vacancies)
    record_deed(officer=by, action="recruitment.event_opened", at=at, object_id=event.pk, division=division)
    return event


@transaction.atomic
def sign_in_visit(*, event: Event, worker: Worker, at: datetime, by: Officer | None) -> Visit:
    """Sign a worker in at a fair (签到); a second time returns the first visit.

    Raises:
        EventClosedError: the fair is closed.
    """
    event = _locked(event)
    visit, made = Visit.objects.get_or_create(
        event=event,
        worker=worker,
        defaults={"village": worker.village, "county": worker.county, "signed_in_at": at},
    )
    if made:
        record_deed(
            officer=by, action="recruitment.visit_signed_in", at=at, county=worker.county,
            object_id=visit.pk, event=event.pk,
        )  # fmt: skip
    return visit


@transaction.atomic
def record_visit_outcome(
    *, visit: Visit, outcome: VisitOutcome, at: datetime, by: Officer | None, vacancy: Vacancy | None = None
) -> Visit:
    """Enter what came of a visit. Who applied is entered as an applicant, too.

    Args:
        visit: a signed-in visit.
        outcome: what came of it.
        at: the moment of the deed.
        by: who enters it.
        vacancy: the post applied for; one that is offered at this fair.

    Raises:
        EventClosedError: the fair is closed.
        PostNotAtFairError: applied, and for nothing that is offered there.
        VacancyClosedError: the vacancy takes nobody any more.
    """
    event = _locked(visit.event)
    applied = outcome is VisitOutcome.APPLIED
    if applied:
        if vacancy is None or not event.vacancies.filter(pk=vacancy.pk).exists():
            raise PostNotAtFairError(event=event)
        apply(vacancy=vacancy, worker=visit.worker, channel=ApplicationChannel.FAIR, at=at, by=by)
    visit.outcome, visit.vacancy = outcome.value, vacancy if applied else None
    visit.save(update_fields=["outcome", "vacancy"])
    record_deed(
        officer=by, action="recruitment.visit_outcome", at=at, county=visit.county, object_id=visit.pk,
        outcome=outcome.value,
    )  # fmt: skip
    return visit


@transaction.atomic
def close_event(*, event: Event, outcome: str, at: datetime, by: Officer | None) -> Event:
    """Close a fair with a sentence on what came of it.

    Raises:
        EventClosedError: it is closed already.
    """
    event = _locked(event)
    event.outcome, event.closed_at = outcome, at
    event.save(update_fields=["outcome", "closed_at"])
    record_deed(officer=by, action="recruitment.event_closed", at=at, object_id=event.pk)
    return event


def _locked(event: Event) -> Event:
    """Return the row locked against closing, or refuse a closed one."""
    event = Event.objects.select_for_update().get(pk=event.pk)
    if event.closed_at:
        raise EventClosedError(event=event)
    return event
