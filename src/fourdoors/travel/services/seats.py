"""A seat given up: one step, and nobody else moves."""

from datetime import datetime

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import Duty
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.divisions import Range
from fourdoors.placements.models import Offer, Placement
from fourdoors.placements.services import withdraw_move
from fourdoors.store.scope import aboard, standing_in
from fourdoors.travel.models import Pass, Seat
from fourdoors.travel.rules import GiveUpReason
from fourdoors.travel.services.rights import need_of_trip

MAY_GIVE_UP = frozenset({Duty.COUNTY, Duty.TOWNSHIP, Duty.CARRIER})


@transaction.atomic
def give_up_seat(*, seat: Seat, reason: GiveUpReason, by: Officer | None, at: datetime) -> Seat:
    """Give up a seat: the rider does not travel on this trip. A second time changes nothing.

    The seat's number is free, its pass no longer opens a door, nobody else changes seats. Where the reason is
    the rider's own word the whole move is taken back with it (``withdraw_from_move``); else the placement
    stays, and the rider can be planned for another day.

    Args:
        seat: any seat of a trip that is not handed over.
        reason: no-show, another day, or the rider's own word.
        by: the county, a township of it, the coach's leader; None for the rider's own deed.
        at: the moment of the deed.

    Raises:
        NotYourDutyError: the trip is not this officer's.
    """
    need_of_trip(by, MAY_GIVE_UP, seat.trip)
    if reason is GiveUpReason.WITHDRAWN:
        with standing_in(Range(seat.village, seat.village + 1)):
            withdraw_from_move(offer=seat.placement.offer, at=at, by=by)
        return locked_seat(seat)
    seat = locked_seat(seat)
    if seat.given_up_at is None:
        free_seat(seat, reason, at)
        _record(seat, by, at)
    return seat


@transaction.atomic
def withdraw_from_move(*, offer: Offer, at: datetime, by: Officer | None = None) -> Seat | None:
    """Take a worker out of a move at any moment, in one step: seat, pass, placement, offer and consent end.

    Seat, placement and consent are locked in this order everywhere in this room, so that two desks never wait
    for each other. Nothing but the move's own rows changes.

    Returns:
        The seat that became free, if there was one.
    """
    seat = Seat.objects.filter(placement__offer=offer, given_up_at=None).first()
    if seat is not None:
        seat = locked_seat(seat)
        if seat.given_up_at is None:
            free_seat(seat, GiveUpReason.WITHDRAWN, at)
    list(Placement.objects.select_for_update().filter(offer=offer, closed_on=None))
    withdraw_move(offer=offer, at=at, by=by)
    if seat is not None:
        _record(seat, by, at)
    return seat


def locked_seat(seat: Seat) -> Seat:
    """Return the seat, locked until the transaction ends."""
    locked = Seat.objects.select_for_update(of=("self",)).select_related("trip", "leg")
    return locked.get(pk=seat.pk)


def free_seat(seat: Seat, reason: GiveUpReason, at: datetime) -> None:
    """Write the free seat, and revoke its pass; the caller holds the lock and writes the deed."""
    seat.given_up_at, seat.given_up_reason, seat.number = at, reason.value, None
    seat.phone_cipher = None  # nobody has to call any more
    seat.save(update_fields=["given_up_at", "given_up_reason", "number", "phone_cipher"])
    with aboard(seat.trip_id):
        Pass.objects.filter(seat=seat, revoked_at=None).update(revoked_at=at)


def _record(seat: Seat, by: Officer | None, at: datetime) -> None:
    record_deed(
        officer=by, action="travel.seat_given_up", at=at, county=seat.county, object_id=seat.trip_id,
        seat=seat.pk, reason=seat.given_up_reason,
    )  # fmt: skip
