"""Rounds decided on: published by a second officer, or set aside."""

from datetime import datetime
from typing import ClassVar

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.divisions import county_of
from fourdoors.placements.models import Round
from fourdoors.placements.rules import OfferState, RoundState, offer_expires_on
from fourdoors.placements.services.asking import RoundError


class RoundNotReadyError(RoundError):
    """The round is published or set aside already."""

    code: ClassVar[str] = "round_not_ready"


class OwnRoundError(RoundError):
    """Whoever ran a round cannot publish it."""

    code: ClassVar[str] = "round_own"


@transaction.atomic
def publish_round(*, round_id: int, by: Officer, at: datetime) -> Round:
    """Show the offers of a round to the workers: a second officer's deed.

    Raises:
        RoundNotReadyError: it is published or set aside.
        OwnRoundError: ``by`` ran it.
    """
    found = Round.objects.select_for_update().get(pk=round_id)
    if found.state != RoundState.READY:
        raise RoundNotReadyError(round=found.pk)
    if found.run_by_id == by.pk:
        raise OwnRoundError(round=found.pk)
    found.state, found.published_by, found.published_at = RoundState.PUBLISHED, by, at
    found.save(update_fields=["state", "published_by", "published_at"])
    found.offers.update(expires_on=offer_expires_on(at.date()))
    record_deed(
        officer=by,
        action="placements.round_published",
        at=at,
        county=county_of(found.division),
        object_id=found.pk,
    )
    return found


@transaction.atomic
def set_aside_round(*, round_id: int, by: Officer | None, at: datetime) -> None:
    """Set a round aside that nobody has seen; its offers are obsolete.

    Raises:
        RoundNotReadyError: it is published or set aside already.
    """
    found = Round.objects.select_for_update().get(pk=round_id)
    if found.state != RoundState.READY:
        raise RoundNotReadyError(round=found.pk)
    found.state = RoundState.SET_ASIDE
    found.save(update_fields=["state"])
    found.offers.update(state=OfferState.OBSOLETE)
    record_deed(
        officer=by,
        action="placements.round_set_aside",
        at=at,
        county=county_of(found.division),
        object_id=found.pk,
    )
