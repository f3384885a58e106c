"""Phones at the doors: invited once, heard in any order, shut from afar, and nothing they said is lost."""

import random
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from hypothesis import HealthCheck as Slow
from hypothesis import given, settings
from hypothesis import strategies as st

from fourdoors.accounts.models import Deed
from fourdoors.engines.passes.keys import VerifyingKey
from fourdoors.engines.passes.trust import read_trust
from fourdoors.kernel.identity import masked_name
from fourdoors.register.services import withdraw_consent
from fourdoors.travel.models import DeviceScan, GateDevice, Pass, Passage, Seat, Trip
from fourdoors.travel.rules import Door, GiveUpReason
from fourdoors.travel.selectors import (
    contradictions,
    doors_passed,
    list_signers,
    riders_carried,
    settled,
    verifying_keys,
)
from fourdoors.travel.services import (
    DeviceInviteSpentError,
    NotYourDutyError,
    SentScan,
    WrongStateError,
    current_list,
    device_with,
    disable_device,
    enrol_device,
    give_up_seat,
    invite_device,
    is_shut,
    make_pass_key,
    receive_scans,
    reissue_pass,
)
from tests.makers.accounts import make_officer
from tests.makers.travel import (
    PLANNED_AT,
    make_approved_trip,
    make_departed_trip,
    make_leader,
    make_planned_trip,
    make_receiver,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = PLANNED_AT + 10 * HOUR


def enrolled(trip: Trip, username: str = "") -> GateDevice:
    leader = make_leader(trip.carrier_id, username=username)
    _, secret = invite_device(trip=trip, by=leader, at=PLANNED_AT)
    return enrol_device(secret=secret, at=PLANNED_AT)[0]


def sent(sequence: int, held: Pass | None, **changed: object) -> SentScan:
    plain = {
        "sequence": sequence, "door": Door.LEAVE_HOME, "pass_id": bytes(held.pass_number) if held else None,
        "said": "accepted", "answered_for": None, "device_at": PLANNED_AT + HOUR,
        "made_at": PLANNED_AT + HOUR, "list_version": 1,
    }  # fmt: skip
    return SentScan(**(plain | changed))  # type: ignore[arg-type]


def passes() -> list[Pass]:
    return list(Pass.objects.select_related("seat__trip", "seat__consent").order_by("seat"))


def test_an_invitation_lets_one_phone_in_within_a_quarter_of_an_hour() -> None:
    trip = make_approved_trip(riders=1)
    leader = make_leader(trip.carrier_id)
    _, secret = invite_device(trip=trip, by=leader, at=PLANNED_AT)
    _, late = invite_device(trip=trip, by=leader, at=PLANNED_AT)
    device, token = enrol_device(secret=secret, at=PLANNED_AT + timedelta(minutes=14))
    assert device_with(token=token) == device
    assert device_with(token=token[:-1]) is None
    assert device_with(token=f"{device.name}.") is None
    assert device_with(token="") is None
    with pytest.raises(DeviceInviteSpentError):
        enrol_device(secret=secret, at=PLANNED_AT)
    with pytest.raises(DeviceInviteSpentError):
        enrol_device(secret=late, at=PLANNED_AT + timedelta(minutes=15))
    assert GateDevice.objects.exclude(enrolled_at=None).count() == 1


def test_only_the_trips_own_people_invite_and_only_to_an_open_trip() -> None:
    trip = make_approved_trip(riders=1)
    with pytest.raises(NotYourDutyError):
        invite_device(trip=trip, by=make_leader(trip.carrier_id + 1), at=PLANNED_AT)
    planned = make_planned_trip(riders=1)
    with pytest.raises(WrongStateError):
        invite_device(trip=planned, by=make_leader(planned.carrier_id), at=PLANNED_AT)
    assert not GateDevice.objects.exists()


def test_scans_sent_again_are_answered_the_same_and_written_once() -> None:
    trip = make_approved_trip(riders=2)
    device, (one, other) = enrolled(trip), passes()
    scans = [sent(1, one), sent(2, one), sent(3, other, door=Door.BOARD), sent(4, None, said="pass_forged")]
    first = receive_scans(device=device, scans=scans, at=LATER)
    assert first == {1: "accepted", 2: "already", 3: "out_of_order", 4: "pass_forged"}
    deeds = Deed.objects.count()
    assert receive_scans(device=device, scans=scans[::-1], at=LATER + HOUR) == first
    assert (Passage.objects.count(), DeviceScan.objects.count(), Deed.objects.count()) == (3, 4, deeds)


def test_whom_the_phone_turned_away_has_passed_no_door() -> None:
    trip = make_approved_trip(riders=1)
    device, (held,) = enrolled(trip), passes()
    for number, said in enumerate(("list_too_old", "revoked", "wrong_trip"), start=1):
        assert receive_scans(device=device, scans=[sent(number, held, said=said)], at=LATER) == {number: said}
    assert not Passage.objects.exists()
    assert DeviceScan.objects.count() == 3


def test_a_scan_is_judged_by_its_own_moment_however_late_it_comes() -> None:
    trip = make_departed_trip(riders=4, at=PLANNED_AT + 2 * HOUR)
    device, held = enrolled(trip), passes()
    after = PLANNED_AT + 3 * HOUR
    reissue_pass(seat=held[0].seat, by=make_officer(), at=after)
    give_up_seat(seat=held[1].seat, reason=GiveUpReason.NO_SHOW, by=make_officer(), at=after)
    withdraw_consent(consent=held[2].seat.consent, at=after)
    before = [sent(number, one) for number, one in enumerate(held, start=1)]
    assert set(receive_scans(device=device, scans=before, at=LATER).values()) == {"accepted"}
    late = {"made_at": after, "door": Door.ALIGHT}
    found = receive_scans(
        device=device, scans=[sent(n, one, **late) for n, one in enumerate(held, 5)], at=LATER
    )
    assert list(found.values()) == ["revoked", "given_up", "given_up", "out_of_order"]
    gone = receive_scans(device=device, scans=[sent(9, held[3], door=Door.BOARD, made_at=after)], at=LATER)
    assert gone == {9: "has_left"}
    assert {one.scan.sequence for one in contradictions(trip)} == {5, 6, 7, 9}


def test_a_moment_to_come_is_now() -> None:
    trip = make_departed_trip(riders=1)
    device, (held,) = enrolled(trip), passes()
    scan = sent(1, held, door=Door.ALIGHT, made_at=LATER + 48 * HOUR)
    receive_scans(device=device, scans=[scan], at=LATER)
    assert Passage.objects.get().device_at == LATER


def test_a_departure_that_nobody_wrote_down_keeps_nobody_outside() -> None:
    trip = make_approved_trip(riders=1)
    device, (held,) = enrolled(trip), passes()
    scan = sent(1, held, door=Door.ALIGHT)
    assert receive_scans(device=device, scans=[scan], at=LATER) == {1: "out_of_order"}


def test_a_shut_phone_is_heard_and_does_not_count() -> None:
    trip = make_approved_trip(riders=1)
    device, (held,) = enrolled(trip), passes()
    with pytest.raises(NotYourDutyError):
        disable_device(device=device, by=make_leader(trip.carrier_id + 1), at=LATER)
    disable_device(device=device, by=make_officer(), at=LATER)
    disable_device(device=device, by=make_officer(), at=LATER)
    device.refresh_from_db()
    assert is_shut(device)
    assert receive_scans(device=device, scans=[sent(1, held)], at=LATER) == {1: "device_disabled"}
    assert DeviceScan.objects.count() == 1
    assert not Passage.objects.exists()
    assert Deed.objects.filter(action="travel.device_disabled").count() == 1


def test_names_are_carried_by_who_calls_the_roll_alone() -> None:
    trip = make_departed_trip(riders=2)
    name = Seat.objects.order_by("number")[0].shown_name
    _, secret = invite_device(trip=trip, by=make_receiver(trip.employer_id), at=PLANNED_AT)
    factory, _ = enrol_device(secret=secret, at=PLANNED_AT)
    assert riders_carried(enrolled(trip))[0]["name"] == name
    assert riders_carried(factory)[0]["name"] == masked_name(name)
    assert {rider["phone"] for rider in riders_carried(factory)} == {""}


def test_the_list_changes_with_a_revocation_and_its_number_only_grows() -> None:
    trip = make_approved_trip(riders=2)
    first = current_list(at=PLANNED_AT)
    assert current_list(at=PLANNED_AT + timedelta(minutes=14)) == first
    assert current_list(at=PLANNED_AT + timedelta(minutes=15)).version > first.version
    held = passes()[0]
    reissue_pass(seat=held.seat, by=make_officer(), at=PLANNED_AT)
    newest = current_list(at=PLANNED_AT + timedelta(minutes=16))
    signers = [VerifyingKey(*one) for one in list_signers()]
    trust = read_trust(bytes(newest.content), signers=signers)
    assert trust.revoked == {bytes(held.pass_number)}
    assert set(trust.keys) == set(verifying_keys())
    assert not read_trust(bytes(current_list(at=held.expires_at).content), signers=signers).revoked
    assert Trip.objects.get() == trip


def test_a_key_stays_on_the_list_until_its_last_pass_has_ended() -> None:
    make_approved_trip(riders=1)
    (held,) = passes()
    (old,) = verifying_keys()
    make_pass_key(at=PLANNED_AT + HOUR)
    current_list(at=PLANNED_AT + HOUR)
    signers = [VerifyingKey(*one) for one in list_signers()]
    second = timedelta(seconds=1)
    still = read_trust(bytes(current_list(at=held.expires_at - second).content), signers=signers)
    ended = read_trust(bytes(current_list(at=held.expires_at + HOUR).content), signers=signers)
    assert old in still.keys
    assert len(still.keys) == 2
    assert old not in ended.keys


def test_what_a_phone_said_cannot_be_changed() -> None:
    trip = make_approved_trip(riders=1)
    receive_scans(device=enrolled(trip), scans=[sent(1, passes()[0])], at=LATER)
    for deed in ("UPDATE travel_devicescan SET said = 'x'", "DELETE FROM travel_devicescan"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed)


SCANS = st.tuples(st.integers(0, 2), st.sampled_from(list(Door)), st.integers(0, 6), st.integers(0, 1))


def test_the_final_state_does_not_depend_on_the_order_of_arrival() -> None:
    trip = make_departed_trip(riders=3, at=PLANNED_AT + 3 * HOUR)
    phones = [enrolled(trip, "one"), enrolled(trip, "two")]
    held = passes()
    give_up_seat(seat=held[2].seat, reason=GiveUpReason.NO_SHOW, by=make_officer(), at=PLANNED_AT + 4 * HOUR)
    reissue_pass(seat=held[1].seat, by=make_officer(), at=PLANNED_AT + 5 * HOUR)

    def state_after(batches: list[tuple[GateDevice, SentScan]]) -> object:
        with transaction.atomic():
            for device, scan in batches:
                receive_scans(device=device, scans=[scan], at=LATER)
            first = {key: line[2:5] for key, line in settled(trip).items()}
            state = (doors_passed(trip), first, DeviceScan.objects.count())
            transaction.set_rollback(True)
        return state

    @settings(max_examples=40, deadline=None, suppress_health_check=list(Slow))
    @given(st.lists(SCANS, min_size=2, max_size=8), st.randoms(use_true_random=False))
    def histories(scans: list[tuple[int, Door, int, int]], shuffle: random.Random) -> None:
        batches = [
            (phones[phone], sent(number, held[rider], door=door, made_at=PLANNED_AT + hour * HOUR))
            for number, (rider, door, hour, phone) in enumerate(scans, start=1)
        ]
        other = batches + batches[: len(batches) // 2]
        shuffle.shuffle(other)
        assert state_after(other) == state_after(batches)

    histories()
