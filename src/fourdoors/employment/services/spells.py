"""Spells of work opened and ended."""

from datetime import date, datetime
from typing import Any, ClassVar

from django.db import IntegrityError, transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.employment.models import FollowUp, Spell
from fourdoors.employment.rules import SpellRow, is_early_return
from fourdoors.kernel.divisions import county_of
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.terms import EndReason
from fourdoors.placements.rules import CloseReason
from fourdoors.placements.services import close_placement

_CLOSES = {EndReason.EMPLOYER_STOPPED: CloseReason.EMPLOYER_STOPPED}


class SpellError(RuleError):
    """A spell that cannot be opened or ended so."""


class SpellOverlapError(SpellError):
    """The worker was at work elsewhere at that time."""

    code: ClassVar[str] = "spell_overlap"


class SpellEndedError(SpellError):
    """The spell is over already."""

    code: ClassVar[str] = "spell_ended"


class SpellEndsBeforeItBeginsError(SpellError):
    """The last day lies before the first."""

    code: ClassVar[str] = "spell_ends_before_it_begins"


@transaction.atomic
def open_spell(*, row: SpellRow, at: datetime, by: Officer | None) -> Spell:
    """Open a spell that somebody reports (务工登记): self-arranged, nearby, or back to an old post.

    Raises:
        SpellOverlapError: the worker was at work elsewhere on one of its days; the database decides,
            so two desks at the same moment cannot both succeed.
    """
    spell = insert_spell(row)
    record_deed(
        officer=by, action="employment.spell_opened", at=at, county=spell.county, object_id=spell.pk,
        channel=row.channel, place=row.place, left_on=row.left_on, grade=row.grade,
    )  # fmt: skip
    return spell


def insert_spell(row: SpellRow) -> Spell:
    """Write one spell; the database refuses an overlap."""
    if row.ended_on is not None and row.ended_on <= row.left_on:
        raise SpellEndsBeforeItBeginsError(left_on=row.left_on, ended_on=row.ended_on)
    values: dict[str, Any] = row._asdict()
    try:
        with transaction.atomic():
            return Spell.objects.create(county=county_of(row.village), **values)
    except IntegrityError as error:
        if "spells_never_overlap" not in str(error):
            raise
        raise SpellOverlapError(worker=row.worker_id, left_on=row.left_on) from error


@transaction.atomic
def end_spell(*, spell: Spell, ended_on: date, reason: EndReason, at: datetime, by: Officer | None) -> Spell:
    """End a spell (返乡、离岗); visits that were not made are closed, and what names the worker is wiped.

    The placement it came from is closed with it, so that the worker can be placed anew. The reason is kept
    for mending what went wrong, never against the worker: nothing follows from it.

    Args:
        spell: an open spell.
        ended_on: first day no longer at work.
        reason: in the worker's own words as far as they go.
        at: the moment of the deed.
        by: the officer who records it.

    Raises:
        SpellEndedError: it is over already.
        SpellEndsBeforeItBeginsError: the day is not after the first day of work.
    """
    spell = Spell.objects.select_for_update().get(pk=spell.pk)
    if spell.ended_on is not None:
        raise SpellEndedError(ended_on=spell.ended_on)
    if ended_on <= spell.left_on:
        raise SpellEndsBeforeItBeginsError(left_on=spell.left_on, ended_on=ended_on)
    spell.ended_on, spell.end_reason = ended_on, reason.value
    spell.shown_name = spell.identity_tail = ""
    spell.save(update_fields=["ended_on", "end_reason", "shown_name", "identity_tail"])
    closed = _close_visits(spell, ended_on)
    if spell.placement is not None:
        close_placement(
            placement=spell.placement,
            on=ended_on,
            reason=_CLOSES.get(reason, CloseReason.WORK_ENDED),
            at=at,
            by=by,
        )
    early = is_early_return(from_on=spell.arrived_on or spell.left_on, ended_on=ended_on, reason=reason)
    record_deed(
        officer=by, action="employment.spell_ended", at=at, county=spell.county, object_id=spell.pk,
        ended_on=ended_on, reason=reason.value, early=early, visits_closed=closed,
    )  # fmt: skip
    return spell


def _close_visits(spell: Spell, ended_on: date) -> int:
    visits = FollowUp.objects.filter(spell=spell)
    visits.update(shown_name="", phone_cipher=None)
    return visits.filter(done_at=None, closed_on=None).update(closed_on=ended_on)
