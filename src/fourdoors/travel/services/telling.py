"""What riders are told: their seat, and a change of it; by SMS where they agreed to it, else on paper."""

from collections.abc import Mapping
from datetime import datetime

from fourdoors.notices.rules import Kind, Way
from fourdoors.notices.services import put_in_outbox
from fourdoors.store.vault import vault
from fourdoors.travel.models import Pass, Seat
from fourdoors.travel.rules import GiveUpReason


def tell_seat(held: Pass, at: datetime) -> None:
    """Tell a rider seat, coach, hour and the code that opens the doors."""
    seat = held.seat
    values = {
        "trip": seat.trip.number,
        "seat": seat.number,
        "plate": seat.leg.vehicle.plate,
        "departs_at": seat.leg.departs_at.isoformat(),
        "code": held.short_code,
    }
    _put(seat, Kind.TRIP, values, at)


def tell_change(seat: Seat, change: GiveUpReason, at: datetime) -> None:
    """Tell a rider that this trip goes without them: kindly, and without a reason that others could read."""
    _put(seat, Kind.TRIP_CHANGED, {"trip": seat.trip.number, "change": change.value}, at)


def _put(seat: Seat, kind: Kind, values: Mapping[str, object], at: datetime) -> None:
    phone = vault().open("phone", seat.phone_cipher) if seat.phone_cipher else ""
    put_in_outbox(
        worker_id=seat.worker_id, village=seat.village, kind=kind, way=Way.SMS if phone else Way.PAPER,
        at=at, address=phone, values=values,
    )  # fmt: skip
