"""Reads of the phones at the doors: what each carries, what it said, who was first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from fourdoors.accounts.rules import Duty
from fourdoors.kernel.identity import masked_name
from fourdoors.store.scope import aboard
from fourdoors.travel.models import DeviceScan, GateDevice, Pass, Passage, PassKey, Trip
from fourdoors.travel.rules import PASSING, Door, ScanLine, Verdict, first_passings
from fourdoors.travel.selectors.trips import doors_of_riders, manifest

CALLS_THE_ROLL = frozenset({Duty.COUNTY, Duty.TOWNSHIP, Duty.CARRIER})  # see names and phones of the missing


def devices_of(trip: Trip) -> QuerySet[GateDevice]:
    """Return the phones of a trip that were taken up, the newest first."""
    return (
        GateDevice.objects.filter(trip=trip, enrolled_at__isnull=False)
        .select_related("officer", "trip")
        .order_by("-enrolled_at")
    )


def list_signers() -> list[tuple[bytes, bytes]]:
    """Return kid and point of the keys that sign lists now; a phone pins them."""
    keys = PassKey.objects.filter(signs="lists", retired_at=None).order_by("-made_at")
    return [(bytes(key.kid), bytes(key.public)) for key in keys]


def riders_carried(device: GateDevice) -> list[dict[str, Any]]:
    """Return what a phone carries of each rider: pass, short code, seat, name, and a phone where it may call.

    Whole names and phones only for who calls the roll, a township only of its own villages; all others see
    the masked name that the pass shows too.
    """
    officer = device.officer
    calls = officer.duty in CALLS_THE_ROLL
    with aboard(device.trip_id):
        live = Pass.objects.filter(trip=device.trip_id, revoked_at=None)
        ids = {seat: bytes(number).hex() for seat, number in live.values_list("seat", "pass_number")}
        lines = [line for line in manifest(device.trip) if line.seat.pk in ids]
    found = []
    for line in lines:
        own = calls and (officer.duty != Duty.TOWNSHIP or line.seat.village in officer.jurisdiction)
        name = line.seat.shown_name
        rider = {"id": ids[line.seat.pk], "code": line.code, "seat": str(line.seat.number)}
        found.append(rider | {"name": name if own else masked_name(name), "phone": line.phone if own else ""})
    return found


def passes_given_up(trip: Trip) -> list[str]:
    """Return the passes, in hexadecimal, of riders who gave their seat up."""
    with aboard(trip.pk):
        gone = Pass.objects.filter(trip=trip, seat__given_up_at__isnull=False).order_by("pk")
        return [bytes(number).hex() for number in gone.values_list("pass_number", flat=True)]


def doors_passed(trip: Trip) -> dict[str, list[int]]:
    """Return, by seat number, the doors that each rider has passed, whoever scanned."""
    with aboard(trip.pk):
        doors = doors_of_riders(trip)
    return {str(number): sorted(map(int, passed)) for number, passed in sorted(doors.items()) if passed}


def last_pass_ends_at(trip: Trip) -> datetime | None:
    """Return when the last pass of a trip ends; from then on a phone forgets the trip by itself."""
    with aboard(trip.pk):
        return (
            Pass.objects.filter(trip=trip)
            .order_by("-expires_at")
            .values_list("expires_at", flat=True)
            .first()
        )


def settled(trip: Trip) -> dict[tuple[int, int], ScanLine]:
    """Return, for each seat and door passed, the scan that counts, whatever the order of arrival."""
    counted = (*PASSING, Verdict.ALREADY)
    with aboard(trip.pk):
        rows = Passage.objects.filter(trip=trip, verdict__in=counted).values_list(
            "seat", "door", "device_at", "device", "device_sequence", "verdict"
        )
        return first_passings(ScanLine(*row) for row in rows)


@dataclass(frozen=True)
class Contradiction:
    """A phone let a rider through a door, and by all that is known now the door was not passed."""

    scan: DeviceScan
    door: Door


def contradictions(trip: Trip) -> list[Contradiction]:
    """Return the scans of a trip that a phone let through and that do not count, in the order of scanning."""
    counted = [verdict.value for verdict in (*PASSING, Verdict.ALREADY)]
    rows = (
        DeviceScan.objects.filter(device__trip=trip, said__in=counted)
        .exclude(outcome__in=counted)
        .select_related("device__officer")
        .order_by(F("made_at"), "pk")
    )
    return [Contradiction(row, Door(row.door)) for row in rows]
