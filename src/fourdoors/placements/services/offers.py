"""Offers answered: by the worker, by proxy, by the employer; and the way out at any moment."""

from datetime import date, datetime
from typing import ClassVar

from django.db import connection, transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import chain_of
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.divisions import Range
from fourdoors.kernel.errors import RuleError
from fourdoors.placements.models import Offer, Placement
from fourdoors.placements.rules import (
    ANSWERABLE,
    LIVE,
    CloseReason,
    OfferState,
    RoundState,
    certificate_occupation,
)
from fourdoors.recruitment.models import Requirement, Vacancy
from fourdoors.recruitment.rules import RequirementKind
from fourdoors.recruitment.services import close_full
from fourdoors.register.models import Certificate, Consent, Worker
from fourdoors.register.rules import HowGiven, Purpose
from fourdoors.register.services import give_consent, withdraw_consent
from fourdoors.store.scope import standing_in


class OfferError(RuleError):
    """An answer that cannot be taken."""


class OfferGoneError(OfferError):
    """The offer was answered, has ended, or was never published."""

    code: ClassVar[str] = "offer_gone"


class PlacedAlreadyError(OfferError):
    """The worker holds another placement that is still open."""

    code: ClassVar[str] = "placed_already"


class VacancyFullError(OfferError):
    """Every opening is taken by open placements."""

    code: ClassVar[str] = "vacancy_full"


class NoConsentError(OfferError):
    """The worker's consent to this move is not there, or was withdrawn."""

    code: ClassVar[str] = "no_consent"


def move_of(offer: Offer) -> str:
    """Return the name by which a consent knows the move."""
    return f"offer:{offer.pk}"


@transaction.atomic
def accept_offer(
    *, offer: Offer, how: HowGiven, at: datetime, by: Officer | None = None, proxy_name: str = ""
) -> Offer:
    """Take a worker's yes to one offer and record the consent to this move; other offers end without effect.

    Worker and offer are locked in this order: two answers at the same moment cannot both count.

    Raises:
        OfferGoneError: answered already, past its day, or its round is not published.
        PlacedAlreadyError: the worker holds an open placement.
        ProxyNamelessError: a proxy without a name.
    """
    Worker.objects.select_for_update().get(pk=offer.worker_id)
    offer = _answerable(offer, at)
    if Placement.objects.filter(worker=offer.worker_id, closed_on=None).exists():
        raise PlacedAlreadyError(worker=offer.shown_name)
    give_consent(
        worker=offer.worker,
        purpose=Purpose.MOVE,
        move=move_of(offer),
        how=how,
        proxy_name=proxy_name,
        at=at,
        by=by,
    )
    others = Offer.objects.filter(worker=offer.worker_id, state=OfferState.MADE).exclude(pk=offer.pk)
    others.update(state=OfferState.OBSOLETE)
    return _answered(offer, OfferState.ACCEPTED, how=how, at=at, by=by)


@transaction.atomic
def decline_offer(
    *, offer: Offer, how: HowGiven, at: datetime, by: Officer | None = None, words: str = ""
) -> Offer:
    """Take a worker's no. Nothing follows from it but that this vacancy is not offered to them again.

    Args:
        offer: an offer that is still open.
        how: by which way the answer came.
        at: the moment.
        by: who recorded it.
        words: only what the worker wished to say; blank is the usual thing.

    Raises:
        OfferGoneError: answered already, past its day, or its round is not published.
    """
    offer = _answerable(offer, at)
    offer.decline_words = words
    return _answered(offer, OfferState.DECLINED, how=how, at=at, by=by)


def _answerable(offer: Offer, at: datetime) -> Offer:
    offer = Offer.objects.select_for_update(of=("self",)).select_related("round", "worker").get(pk=offer.pk)
    published = offer.round is None or offer.round.state == RoundState.PUBLISHED
    if offer.state not in ANSWERABLE or at.date() >= offer.expires_on or not published:
        raise OfferGoneError(offer=offer.pk, expires_on=offer.expires_on)
    return offer


def _answered(offer: Offer, state: OfferState, *, how: HowGiven, at: datetime, by: Officer | None) -> Offer:
    offer.state, offer.answered_at, offer.answered_how = state, at, how
    offer.save(update_fields=["state", "answered_at", "answered_how", "decline_words"])
    record_deed(
        officer=by,
        action=f"placements.offer_{state.value}",
        at=at,
        county=offer.county,
        object_id=offer.pk,
        how=how.value,
    )
    return offer


@transaction.atomic
def answer_as_employer(*, offer: Offer, takes: bool, at: datetime, by: Officer) -> Placement | None:
    """Take the employer's yes or no to a person by name; a yes makes the placement.

    The vacancy is locked before its openings are counted: two yeses to the last one cannot both count.

    Args:
        offer: accepted by the worker.
        takes: whether the employer takes the person.
        at: the moment.
        by: the employer's officer, or the county's on the employer's word.

    Returns:
        The placement, with the terms as offered; None where the employer said no.

    Raises:
        OfferGoneError: the worker has not accepted it, or it was answered.
        NoConsentError: the worker withdrew the consent to this move.
        VacancyFullError: every opening is taken.
        PlacedAlreadyError: the worker holds another open placement.
    """
    offer = Offer.objects.get(pk=offer.pk)  # under the caller's own scope
    with standing_in(Range(offer.village, offer.village + 1)):
        Worker.objects.select_for_update().get(pk=offer.worker_id)
        offer = Offer.objects.select_for_update(of=("self",)).select_related("vacancy").get(pk=offer.pk)
        if offer.state != OfferState.ACCEPTED:
            raise OfferGoneError(offer=offer.pk, expires_on=offer.expires_on)
        offer.employer_answered_at, offer.employer_said_yes = at, takes
        offer.state = OfferState.PLACED if takes else OfferState.NOT_TAKEN
        placement = None
        if takes:
            placement = _place(offer, at)
        else:
            _end_consent(offer, at)
        offer.save(update_fields=["employer_answered_at", "employer_said_yes", "state"])
        record_deed(
            officer=by,
            action="placements.placed" if takes else "placements.not_taken",
            at=at,
            county=offer.county,
            object_id=offer.pk,
        )
    return placement


def _place(offer: Offer, at: datetime) -> Placement:
    vacancy = Vacancy.objects.select_for_update().get(pk=offer.vacancy_id)
    consent = _live_consent(offer)
    if consent is None:
        raise NoConsentError(worker=offer.shown_name)
    if Placement.objects.filter(worker=offer.worker_id, closed_on=None).exists():
        raise PlacedAlreadyError(worker=offer.shown_name)
    taken = placed_count(vacancy)
    if taken >= vacancy.openings:
        raise VacancyFullError(vacancy=vacancy.title, openings=vacancy.openings)
    placement = Placement.objects.create(
        village=offer.village,
        county=offer.county,
        worker=offer.worker,
        vacancy=vacancy,
        employer_id=offer.employer_id,
        offer=offer,
        consent=consent,
        place=offer.place,
        shown_name=offer.shown_name,
        identity_tail=offer.identity_tail,
        starts_on=date.fromisoformat(offer.terms["starts_on"]),
        wage_low_yuan=offer.terms["wage_low_yuan"],
        wage_high_yuan=offer.terms["wage_high_yuan"],
        certificate_needed=_certificate_needed(offer),
        placed_at=at,
    )
    if taken + 1 == vacancy.openings:
        close_full(vacancy=vacancy, at=at, by=None)
    return placement


def placed_count(vacancy: Vacancy) -> int:
    """Count the open placements of a vacancy in every county: no names, whatever the scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT placements_taken(%s)", [vacancy.pk])
        return int((cursor.fetchone() or (0,))[0])


def _live_consent(offer: Offer) -> Consent | None:
    return Consent.objects.filter(
        worker=offer.worker_id, purpose=Purpose.MOVE, move=move_of(offer), withdrawn_at=None
    ).first()


def _end_consent(offer: Offer, at: datetime) -> None:
    """End the consent to a move that will not be: it cannot serve for anything else."""
    consent = _live_consent(offer)
    if consent:
        withdraw_consent(consent=consent, at=at)


def _certificate_needed(offer: Offer) -> str:
    """Return the certificate that the vacancy asks for and the worker does not hold, or nothing."""
    asked = Requirement.objects.filter(vacancy=offer.vacancy_id, kind=RequirementKind.CERTIFICATE).first()
    if asked is None:
        return ""
    needed = certificate_occupation(asked.value, offer.vacancy.occupation)
    held = Certificate.objects.filter(worker=offer.worker_id).values_list("occupation", flat=True)
    return "" if needed in set(held) else needed


@transaction.atomic
def withdraw_move(*, offer: Offer, at: datetime, by: Officer | None = None) -> None:
    """Take a worker out of a move at any moment, in one step: consent, offer and placement of this move end.

    No other row changes: wishes, statuses, claims and other offers stay as they are.
    """
    with standing_in(Range(offer.village, offer.village + 1)):
        offer = Offer.objects.select_for_update().get(pk=offer.pk)
        consent = _live_consent(offer)
        if consent:
            withdraw_consent(consent=consent, at=at, by=by)
        if offer.state in LIVE:
            offer.state = OfferState.WITHDRAWN
            offer.save(update_fields=["state"])
        for placement in Placement.objects.filter(offer=offer, closed_on=None):
            close_placement(placement=placement, on=at.date(), reason=CloseReason.WITHDRAWN, at=at, by=by)


@transaction.atomic
def close_placement(
    *, placement: Placement, on: date, reason: CloseReason, at: datetime, by: Officer | None = None
) -> None:
    """End a placement; a second time changes nothing."""
    with standing_in(Range(placement.village, placement.village + 1)):
        ended = Placement.objects.filter(pk=placement.pk, closed_on=None).update(
            closed_on=on, close_reason=reason.value
        )
        if ended:
            record_deed(
                officer=by,
                action="placements.closed",
                at=at,
                county=placement.county,
                object_id=placement.pk,
                reason=reason.value,
            )


@transaction.atomic
def expire_offers(*, on: date, at: datetime) -> int:
    """End offers that nobody answered in time, within the scope that is set; return how many."""
    ended = Offer.objects.filter(state=OfferState.MADE, expires_on__lte=on).update(state=OfferState.EXPIRED)
    if ended:
        record_deed(officer=None, action="placements.offers_expired", at=at, count=ended)
    return ended


def record_export(*, what: str, rows: int, by: Officer, at: datetime, object_id: int | None = None) -> None:
    """Record that a list of people left the house as a workbook, and how long it was.

    Args:
        what: ``offers`` or ``placements``.
        rows: people on the list.
        by: who took it out.
        at: the moment.
        object_id: the round whose offers they are, where it is one.
    """
    action, county = f"placements.{what}_exported", chain_of(by.lo)
    record_deed(officer=by, action=action, at=at, county=county, object_id=object_id, rows=rows)
