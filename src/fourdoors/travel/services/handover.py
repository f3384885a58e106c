"""The receipt at the factory gate: counted from the doors, signed by three, then closed for good."""

from datetime import datetime
from typing import Any

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import Duty
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.divisions import county_of
from fourdoors.store.scope import aboard
from fourdoors.travel.models import Handover, Seat, Trip
from fourdoors.travel.rules import Door, Side, TripState, absence_of
from fourdoors.travel.selectors import doors_of_riders
from fourdoors.travel.services.errors import HandoverSignedError
from fourdoors.travel.services.rights import need_of_trip
from fourdoors.travel.services.trips import locked_trip

DUTY_OF_SIDE = {Side.SENDER: Duty.COUNTY, Side.CARRIER: Duty.CARRIER, Side.RECEIVER: Duty.EMPLOYER}
_COLUMNS = {Side.SENDER: "sent", Side.CARRIER: "carried", Side.RECEIVER: "received"}


@transaction.atomic
def open_handover(*, trip: Trip, by: Officer | None, at: datetime) -> Handover:
    """Open the receipt of a trip on its way, or count an unsigned one anew.

    Expected are the riders who have not given their seat up, present those who passed door 4; each of the
    others stands in it with the seat's number and how far they came. After the first signature the numbers
    stay: everybody signs the same ones.

    Raises:
        NotYourDutyError: none of the three sides.
        WrongStateError: the trip is not on its way.
    """
    need_of_trip(by, set(DUTY_OF_SIDE.values()), trip)
    trip = locked_trip(trip, TripState.DEPARTED)
    known = Handover.objects.filter(trip=trip).first()
    if known is not None and _is_signed(known):
        return known
    with aboard(trip.pk):
        counted = _counted(trip)
    handover, _ = Handover.objects.update_or_create(trip=trip, defaults=counted)
    _record(trip, "travel.handover_opened", by, at, present=handover.present_persons)
    return handover


@transaction.atomic
def sign_handover(*, handover: Handover, side: Side, by: Officer, at: datetime) -> Handover:
    """Sign for one side. The third signature closes the trip and clears the names copied to its seats.

    Seat numbers, doors and counts stay; who sat there is known to the register alone.

    Raises:
        NotYourDutyError: the officer does not speak for this side of this trip.
        HandoverSignedError: this side has signed.
        WrongStateError: the trip is closed already.
    """
    need_of_trip(by, {DUTY_OF_SIDE[side]}, handover.trip)
    trip = locked_trip(handover.trip, TripState.DEPARTED)
    handover = Handover.objects.select_for_update().get(pk=handover.pk)
    column = _COLUMNS[side]
    if getattr(handover, f"{column}_at") is not None:
        raise HandoverSignedError(side=side)
    setattr(handover, f"{column}_at", at)
    setattr(handover, f"{column}_by", by)
    handover.save(update_fields=[f"{column}_at", f"{column}_by"])
    if all(getattr(handover, f"{name}_at") for name in _COLUMNS.values()):
        _close(trip, at)
    _record(trip, "travel.handover_signed", by, at, side=side.value, state=trip.state)
    return handover


def _is_signed(handover: Handover) -> bool:
    return any(getattr(handover, f"{name}_at") for name in _COLUMNS.values())


def _counted(trip: Trip) -> dict[str, Any]:
    riders = doors_of_riders(trip)
    absent = {number: absence for number, doors in riders.items() if (absence := absence_of(doors))}
    return {
        "expected_persons": len(riders),
        "present_persons": sum(Door.ENTER_FACTORY in doors for doors in riders.values()),
        "exceptions": [{"seat": number, "reason": absent[number].value} for number in sorted(absent)],
    }


def _close(trip: Trip, at: datetime) -> None:
    trip.state, trip.closed_at = TripState.CLOSED, at
    trip.save(update_fields=["state", "closed_at"])
    with aboard(trip.pk):
        Seat.objects.filter(trip=trip).update(shown_name="", identity_tail="", phone_cipher=None)


def _record(trip: Trip, action: str, by: Officer | None, at: datetime, **values: object) -> None:
    record_deed(officer=by, action=action, at=at, county=county_of(trip.home), object_id=trip.pk, **values)
