"""The fourth door (进厂门): the trip ends for a rider, and work begins."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.employment.models import FollowUp, Spell
from fourdoors.employment.rules import SpellRow
from fourdoors.employment.services.follow_ups import schedule_follow_ups
from fourdoors.employment.services.spells import SpellOverlapError, insert_spell
from fourdoors.kernel.divisions import Range
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.terms import Channel, EndReason
from fourdoors.store.scope import standing_in
from fourdoors.travel.models import Pass, Passage, Seat
from fourdoors.travel.rules import Door, Verdict
from fourdoors.travel.services import pass_door


@dataclass(frozen=True)
class Entry:
    """What came of a scan at the factory door.

    Attributes:
        passage: the scan as it was recorded, whatever its verdict.
        spell: the work that began by it; none where the door was not passed.
        refusal: why no work could begin although the door was passed.
    """

    passage: Passage
    spell: Spell | None = None
    refusal: SpellOverlapError | None = None


@transaction.atomic
def enter_factory(
    *,
    seat: Seat,
    device: str,
    device_sequence: int,
    device_at: datetime,
    scanned_by: Officer | None,
    at: datetime,
    carried: Pass | None = None,
    is_uploaded: bool = False,
) -> Entry:
    """Let a rider through the factory door: the scan is recorded, work begins, four visits are scheduled.

    A scan sent twice gives the same spell. Nothing raises because of the work itself: the person stands at
    the door, and whatever hinders the spell is for the desk of the home county.

    Args:
        seat: the rider's seat on the trip.
        device: name of the scanner, as with every door.
        device_sequence: running number of the scan on its device.
        device_at: the moment on the device's clock.
        scanned_by: the officer who holds it; None for a gate without one.
        at: the moment the scan reached us.
        carried: the very pass that was shown; else the newest of the seat.
        is_uploaded: a phone without a network has let the rider pass.
    """
    passage = pass_door(
        seat=seat, door=Door.ENTER_FACTORY, device=device, device_sequence=device_sequence,
        device_at=device_at, scanned_by=scanned_by, at=at, carried=carried,
        is_uploaded=is_uploaded,
    )  # fmt: skip
    try:
        return Entry(passage, begin_work(passage=passage, at=at, by=scanned_by))
    except SpellOverlapError as refusal:
        return Entry(passage, refusal=refusal)


@transaction.atomic
def begin_work(*, passage: Passage, at: datetime, by: Officer | None) -> Spell | None:
    """Open the spell of work that a passage of the fourth door proves, or return the one it opened.

    The passage is the right to it, whoever held the scanner: the spell is written in the scope of the
    worker's home village, which the scanner's own scope need not reach. Work that an older report left open
    is ended by it: a machine's word outweighs hearsay.

    Returns:
        The spell; None where the passage is of another door or was not let through.

    Raises:
        SpellOverlapError: the ledger has other work on the same days, already over.
    """
    passed = Verdict(passage.verdict)
    if passage.door != Door.ENTER_FACTORY or not (passed.passes or passed is Verdict.ALREADY):
        return None
    with standing_in(Range(passage.village, passage.village + 1)):
        seat = Seat.objects.select_related("trip", "placement__employer", "placement__vacancy").get(
            pk=passage.seat_id
        )
        found = Spell.objects.filter(placement=seat.placement_id).first()
        if found is not None or not passed.passes:
            return found
        return _begin(seat, timezone.localdate(passage.device_at), at, by)


def _begin(seat: Seat, arrived_on: date, at: datetime, by: Officer | None) -> Spell:
    departed_at = seat.trip.departed_at
    left_on = min(timezone.localdate(departed_at), arrived_on) if departed_at else arrived_on
    ended = _end_what_was_left_open(seat.worker_id, left_on)
    spell = insert_spell(_row(seat, left_on, arrived_on))
    schedule_follow_ups([spell.pk], phones={spell.pk: seat.phone_cipher})
    record_deed(
        officer=by, action="employment.factory_entered", at=at, county=spell.county, object_id=spell.pk,
        placement=seat.placement_id, trip=seat.trip_id, left_on=left_on, arrived_on=arrived_on,
        older_ended=ended,
    )  # fmt: skip
    return spell


def _row(seat: Seat, left_on: date, arrived_on: date) -> SpellRow:
    placement = seat.placement
    return SpellRow(
        village=seat.village,
        worker_id=seat.worker_id,
        channel=Channel.ORGANISED.value,
        place=seat.place,
        left_on=left_on,
        arrived_on=arrived_on,
        source=f"door_4/{seat.trip.number}",
        grade=Grade.A.value,
        employer_id=seat.employer_id,
        employer_name=placement.employer.name,
        placement_id=placement.pk,
        trip_id=seat.trip_id,
        shown_name=seat.shown_name,
        identity_tail=seat.identity_tail,
        post=placement.vacancy.title[:60],
        occupation=placement.vacancy.occupation,
        industry=placement.employer.industry,
    )


def _end_what_was_left_open(worker_id: int, left_on: date) -> int:
    """End older work that nobody ended, with its visits; return how many spells."""
    open_before = Spell.objects.filter(worker=worker_id, ended_on=None, left_on__lt=left_on)
    numbers = list(open_before.values_list("pk", flat=True))
    visits = FollowUp.objects.filter(spell__in=numbers)
    visits.update(shown_name="", phone_cipher=None)
    visits.filter(done_at=None, closed_on=None).update(closed_on=left_on)
    return open_before.update(
        ended_on=left_on, end_reason=EndReason.NOT_STATED.value, shown_name="", identity_tail=""
    )
