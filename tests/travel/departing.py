"""What the tests of departures share."""

from datetime import timedelta

from fourdoors.travel.models import Seat, Trip
from tests.makers.travel import (
    PLANNED_AT,
)

LATER = PLANNED_AT + timedelta(days=2)


def a_seat(trip: Trip) -> Seat:
    return Seat.objects.filter(trip=trip, given_up_at=None).order_by("number")[0]
