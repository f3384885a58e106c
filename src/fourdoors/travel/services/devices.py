"""Phones at the doors: invited by a code that works once, heard when a network is there, shut from afar."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.engines.passes.short_code import short_code
from fourdoors.kernel.divisions import county_of
from fourdoors.store.scope import aboard
from fourdoors.travel.models import DeviceScan, GateDevice, Pass, Passage, Seat, Trip
from fourdoors.travel.rules import PASSING, AnsweredFor, Door, TripState, Verdict
from fourdoors.travel.selectors import leg_of
from fourdoors.travel.services.doors import pass_door
from fourdoors.travel.services.errors import DeviceInviteSpentError, WrongStateError
from fourdoors.travel.services.rights import AT_DOORS, need_of_trip

INVITE_LASTS = timedelta(minutes=15)
LET_IN = frozenset(
    {*PASSING, Verdict.ALREADY}
)  # the phone let the rider through: what else it said turned away


@dataclass(frozen=True, kw_only=True)
class SentScan:
    """One scan as a phone sends it.

    Attributes:
        sequence: its number on this phone, from 1.
        door: which door.
        pass_id: of the pass that was shown; None where the text named none.
        said: what the phone answered: a verdict, or the code of a refusal.
        answered_for: why the leader let a rider in with too old a list.
        device_at: what the phone's clock showed.
        made_at: the same moment as the phone corrected it.
        list_version: of the signed list that was used.
    """

    sequence: int
    door: Door
    pass_id: bytes | None
    said: str
    answered_for: AnsweredFor | None
    device_at: datetime
    made_at: datetime
    list_version: int


@transaction.atomic
def invite_device(*, trip: Trip, by: Officer, at: datetime) -> tuple[GateDevice, str]:
    """Prepare a phone for the doors of a trip, and return the secret that one phone takes up.

    The secret is shown as a QR code, works once and for a quarter of an hour. The phone then scans in the
    name of the officer who invited it.

    Raises:
        NotYourDutyError: the doors of this trip are not this officer's.
        WrongStateError: the trip is not approved, or handed over.
    """
    need_of_trip(by, AT_DOORS, trip)
    if trip.state not in (TripState.APPROVED, TripState.DEPARTED):
        raise WrongStateError(trip=trip.number, state=TripState(trip.state))
    secret = secrets.token_urlsafe(24)
    device = GateDevice.objects.create(
        name=f"gate-{secrets.token_hex(8)}", trip=trip, leg=leg_of(trip), officer=by,
        invite_hash=_hash(secret), invite_ends_at=at + INVITE_LASTS,
    )  # fmt: skip
    _record(device, "travel.device_invited", at)
    return device, secret


@transaction.atomic
def enrol_device(*, secret: str, at: datetime) -> tuple[GateDevice, str]:
    """Take up an invitation: one update decides, so of two phones that filmed the code one gets in.

    Returns:
        The device, and the token that it shows from now on; only its hash is kept.

    Raises:
        DeviceInviteSpentError: unknown, used, or older than a quarter of an hour.
    """
    token = secrets.token_urlsafe(32)
    waiting = GateDevice.objects.filter(
        invite_hash=_hash(secret), enrolled_at=None, disabled_at=None, invite_ends_at__gt=at
    )
    if not waiting.update(enrolled_at=at, seen_at=at, secret_hash=_hash(token)):
        raise DeviceInviteSpentError
    device = _whole(invite_hash=_hash(secret))
    _record(device, "travel.device_enrolled", at)
    return device, f"{device.name}.{token}"


def device_with(*, token: str) -> GateDevice | None:
    """Return the phone that shows a token, also a disabled one; None where the token is nobody's."""
    name, _, secret = token.partition(".")
    found = GateDevice.objects.filter(name=name, secret_hash=_hash(secret)).exclude(secret_hash="")
    return _whole(pk=found[0].pk) if secret and found else None


def _whole(**named: object) -> GateDevice:
    return GateDevice.objects.select_related("trip__employer", "leg", "officer").get(**named)


@transaction.atomic
def disable_device(*, device: GateDevice, by: Officer, at: datetime) -> None:
    """Shut a phone out: when it next reports it forgets its trip, and what it still sends does not count.

    A second time changes nothing.

    Raises:
        NotYourDutyError: the trip is not this officer's.
    """
    need_of_trip(by, AT_DOORS, device.trip)
    if GateDevice.objects.filter(pk=device.pk, disabled_at=None).update(disabled_at=at):
        record_deed(
            officer=by, action="travel.device_disabled", at=at, county=county_of(device.trip.home),
            object_id=device.trip_id, device=device.name,
        )  # fmt: skip


def see_device(*, device: GateDevice, at: datetime, ahead_seconds: int, waiting_scans: int) -> None:
    """Write down that a phone was heard, how wrong its clock is, and how many scans are still on it."""
    GateDevice.objects.filter(pk=device.pk).update(
        seen_at=at, ahead_seconds=ahead_seconds, waiting_scans=waiting_scans
    )


def is_shut(device: GateDevice) -> bool:
    """Tell whether a phone may no longer scan: disabled, or its officer is no longer in office."""
    return device.disabled_at is not None or not device.officer.is_active


@transaction.atomic
def receive_scans(
    *,
    device: GateDevice,
    scans: Sequence[SentScan],
    at: datetime,
    through: Callable[..., Passage] | None = None,
) -> dict[int, str]:
    """Take in what a phone scanned, in any order and as often as it is sent, and answer each scan.

    Every scan is kept word for word once. Where the phone let a rider through, the door is passed by the same
    rules as on line, judged by the moment of the scan; where it turned somebody away, nobody has passed. The
    seats are locked first and in one order, so that two phones that send the same riders never wait for each
    other in a circle.

    Args:
        device: which phone; a shut one is heard, and what it says does not count.
        scans: up to a few hundred.
        at: now.
        through: what lets a rider through the fourth door, where a later step does more.

    Returns:
        By number, a verdict or the code of a refusal; for a scan that was sent before, its first answer.
    """
    GateDevice.objects.select_for_update().get(pk=device.pk)  # the same scans sent twice at once wait here
    numbers = [one.sequence for one in scans]
    known = dict(device.scans.filter(sequence__in=numbers).values_list("sequence", "outcome"))
    fresh = {one.sequence: one for one in scans if one.sequence not in known}
    with aboard(device.trip_id):
        passes = _passes_of(device, list(fresh.values()))
        for sequence in sorted(fresh):
            one = fresh[sequence]
            shown = passes.get(one.pass_id) if one.pass_id else None
            known[sequence] = _received(device, one, shown, at, through)
    return known


def _passes_of(device: GateDevice, scans: list[SentScan]) -> dict[bytes, Pass]:
    """Return the passes that the scans name, their seats locked in one order."""
    ids = {one.pass_id for one in scans if one.pass_id}
    found = Pass.objects.filter(trip=device.trip_id, pass_number__in=ids).select_related("seat")
    passes = {bytes(one.pass_number): one for one in found}
    seats = Seat.objects.select_for_update(of=("self",)).order_by("pk")
    list(seats.filter(pk__in={one.seat_id for one in passes.values()}))
    return passes


def _received(
    device: GateDevice,
    one: SentScan,
    shown: Pass | None,
    at: datetime,
    through: Callable[..., Passage] | None,
) -> str:
    made_at = min(one.made_at, at)
    row = DeviceScan(
        device=device, sequence=one.sequence, door=one.door, said=one.said, device_at=one.device_at,
        code=short_code(one.pass_id) if one.pass_id else "", answered_for=one.answered_for or "",
        made_at=made_at, list_version=one.list_version, received_at=at,
    )  # fmt: skip
    row.outcome = _refused(device, one, shown)
    if not row.outcome and shown is not None:
        let = through if through and one.door is Door.ENTER_FACTORY else pass_door
        row.outcome = let(
            seat=shown.seat, door=one.door, device=device.name, device_sequence=one.sequence,
            device_at=made_at, scanned_by=device.officer, at=at, carried=shown, is_uploaded=True,
        ).verdict  # fmt: skip
    else:
        record_deed(
            officer=device.officer, action="travel.scan_refused", at=at, county=county_of(device.trip.home),
            object_id=device.trip_id, door=int(one.door), code=row.outcome, device=device.name,
            sequence=one.sequence,
        )  # fmt: skip
    row.save(force_insert=True)
    return row.outcome


def _refused(device: GateDevice, one: SentScan, shown: Pass | None) -> str:
    """Return why a scan passes no door, or nothing where the door decides."""
    if is_shut(device):
        return "device_disabled"
    if one.said not in LET_IN:
        return one.said
    return "" if shown is not None else "pass_unknown"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(device: GateDevice, action: str, at: datetime) -> None:
    record_deed(
        officer=device.officer, action=action, at=at, county=county_of(device.trip.home),
        object_id=device.trip_id, device=device.name,
    )  # fmt: skip
