"""Visits and calls after 7, 30, 90 and 180 days (稳岗回访)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from django.db import connection, transaction
from django.utils import timezone

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.employment.models import FollowUp
from fourdoors.employment.rules import FOLLOW_UP_DAYS
from fourdoors.kernel.errors import RuleError

_SCHEDULE = """
INSERT INTO employment_followup
    (village, county, spell_id, worker_id, place, employer_name, shown_name, day, due_on, trouble)
SELECT spell.village, spell.county, spell.id, spell.worker_id, spell.place, spell.employer_name,
       coalesce(nullif(spell.shown_name, ''), worker.name, ''), days.day,
       coalesce(spell.arrived_on, spell.left_on) + days.day, ''
FROM employment_spell AS spell
CROSS JOIN unnest(%s::int[]) AS days(day)
LEFT JOIN register_worker AS worker ON worker.id = spell.worker_id
WHERE spell.id = ANY(%s) AND spell.ended_on IS NULL
ON CONFLICT (spell_id, day) DO NOTHING
"""


class FollowUpError(RuleError):
    """A visit that cannot be recorded so."""


class FollowUpClosedError(FollowUpError):
    """The visit was made, or the spell is over."""

    code: ClassVar[str] = "follow_up_closed"


class FollowUpEarlyError(FollowUpError):
    """The day of the visit has not come."""

    code: ClassVar[str] = "follow_up_early"


@transaction.atomic
def schedule_follow_ups(
    spells: Sequence[int], *, phones: Mapping[int, bytes | memoryview | None] | None = None
) -> int:
    """Schedule the four visits of each open spell, with the few fields a station needs; return how many.

    Set-based: thousands of spells are one statement. Visits that are there already are left alone.

    Args:
        spells: numbers of spells; those that are over get no visits.
        phones: sealed phone numbers, only of workers who agreed to be called.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SCHEDULE, [list(FOLLOW_UP_DAYS), list(spells)])
        made = int(cursor.rowcount)
    for spell, phone in (phones or {}).items():
        if phone is not None:
            FollowUp.objects.filter(spell_id=spell, done_at=None).update(phone_cipher=bytes(phone))
    return made


@transaction.atomic
def record_follow_up(
    *,
    follow_up: FollowUp,
    still_there: bool,
    paid: bool | None,
    trouble: str,
    at: datetime,
    by: Officer | None,
) -> FollowUp:
    """Record what a visit or call found (回访记录); the phone number is wiped with it.

    A worker who is no longer there keeps the spell open: the home county ends it, with the reason that the
    worker gives.

    Args:
        follow_up: a visit that is due.
        still_there: whether the worker still works there.
        paid: whether wages are paid on time; None where nobody could say.
        trouble: in plain words, or blank. No health data.
        at: the moment of the visit.
        by: who made it.

    Raises:
        FollowUpClosedError: it was made before, or the spell is over.
        FollowUpEarlyError: it is not due yet.
    """
    follow_up = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    if follow_up.done_at or follow_up.closed_on:
        raise FollowUpClosedError(day=follow_up.day)
    if timezone.localdate(at) < follow_up.due_on:
        raise FollowUpEarlyError(due_on=follow_up.due_on)
    follow_up.still_there, follow_up.paid, follow_up.trouble = still_there, paid, trouble.strip()
    follow_up.done_at, follow_up.done_by, follow_up.phone_cipher = at, by, None
    follow_up.save(update_fields=["still_there", "paid", "trouble", "done_at", "done_by", "phone_cipher"])
    record_deed(
        officer=by, action="employment.follow_up_recorded", at=at, county=follow_up.county,
        object_id=follow_up.pk, spell=follow_up.spell_id, day=follow_up.day, still_there=still_there,
        paid=paid, trouble=bool(follow_up.trouble),
    )  # fmt: skip
    return follow_up
