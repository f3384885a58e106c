"""What the tests of the pages of trips share."""

from django.test import Client

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import Duty
from fourdoors.travel.models import Trip
from fourdoors.travel.rules import Door
from tests.makers.accounts import DANGCHANG, make_officer
from tests.makers.travel import (
    make_leader,
    make_receiver,
)


def strangers(trip: Trip) -> list[Officer]:
    return [
        make_officer(username="dangchang", division=DANGCHANG),
        make_officer(username="other town", duty=Duty.TOWNSHIP, division=621226_101000),
        make_officer(username="other police", duty=Duty.POLICE, division=DANGCHANG),
        make_leader(trip.carrier_id + 1),
        make_officer(username="shanghai", duty=Duty.STATION, division=310000_000000),
        make_receiver(trip.employer_id),  # has a page of its own
    ]


def scan(client: Client, trip: Trip, door: Door, code: str, sequence: int = 1, **headers: str) -> str:
    answer = client.post(
        f"/gate/{trip.pk}/{int(door)}/", {"code": code, "sequence": sequence}, headers=headers or None
    )
    assert answer.status_code == 200
    return answer.content.decode()
