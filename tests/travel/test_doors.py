"""The doors: what is written, what is answered, what two devices hear, what is never lost."""

from datetime import timedelta

import pytest

from fourdoors.accounts.models import Deed
from fourdoors.accounts.rules import Duty
from fourdoors.engines.passes.errors import MistypedCodeError, WrongTripError
from fourdoors.register.services import withdraw_consent
from fourdoors.store.scope import NOTHING, Scope, set_scope
from fourdoors.travel.models import Pass, Passage, Seat, Trip
from fourdoors.travel.rules import Door, GiveUpReason, Verdict
from fourdoors.travel.selectors import alarms, door_counts, manifest, missing_riders, on_the_way
from fourdoors.travel.services import (
    NoPassError,
    NotYourDutyError,
    PassUnknownError,
    Scan,
    ScanNumberReusedError,
    approve_trip,
    give_up_seat,
    pass_door,
    reissue_pass,
    scan,
)
from tests.makers.accounts import DANGCHANG, make_officer
from tests.makers.travel import (
    PLANNED_AT,
    REPORT_ON,
    make_approved_trip,
    make_departed_trip,
    make_leader,
    make_planned_trip,
    make_receiver,
)

pytestmark = pytest.mark.django_db
LATER = PLANNED_AT + timedelta(days=3)


def seats(trip: Trip) -> list[Seat]:
    return list(Seat.objects.filter(trip=trip).select_related("trip").order_by("pk"))


def show(
    trip: Trip, text: str, *, door: Door = Door.LEAVE_HOME, sequence: int = 1, device: str = "leader-1"
) -> Scan:
    return scan(
        trip=trip, door=door, text=text, device=device, device_sequence=sequence, device_at=LATER,
        scanned_by=make_leader(trip.carrier_id), at=LATER,
    )  # fmt: skip


def passes(trip: Trip) -> list[Pass]:
    return list(Pass.objects.filter(trip=trip).order_by("seat"))


def test_a_code_typed_and_a_code_filmed_are_the_same_pass() -> None:
    trip = make_approved_trip(riders=2)
    filmed, typed = passes(trip)
    first = show(trip, filmed.token)
    second = show(trip, typed.short_code.lower().replace("-", " "), sequence=2)
    assert [first.verdict, second.verdict] == [Verdict.ACCEPTED, Verdict.ACCEPTED]
    assert [row.seat_id for row in Passage.objects.order_by("pk")] == [filmed.seat_id, typed.seat_id]
    assert Deed.objects.filter(action="travel.door_passed").count() == 2


def test_the_same_scan_twice_is_one_row_with_its_first_answer() -> None:
    trip = make_approved_trip(riders=1)
    (held,) = passes(trip)
    first = show(trip, held.token, sequence=7)
    again = show(trip, held.token, sequence=7)
    assert (first.passage, again.verdict) == (again.passage, Verdict.ACCEPTED)
    assert Passage.objects.count() == 1
    assert Deed.objects.filter(action="travel.door_passed").count() == 1


def test_another_scan_at_the_same_door_is_kept_and_says_so() -> None:
    trip = make_approved_trip(riders=1)
    (held,) = passes(trip)
    show(trip, held.token)
    assert show(trip, held.token, device="leader-2").verdict is Verdict.ALREADY
    assert list(Passage.objects.order_by("pk").values_list("verdict", flat=True)) == ["accepted", "already"]


def test_a_device_that_counts_a_number_twice_is_told_and_nothing_is_written() -> None:
    trip = make_approved_trip(riders=2)
    one, other = passes(trip)
    show(trip, one.token, sequence=3)
    with pytest.raises(ScanNumberReusedError):
        show(trip, other.token, sequence=3)
    with pytest.raises(ScanNumberReusedError):
        show(trip, one.token, sequence=3, door=Door.BOARD)
    assert Passage.objects.count() == 1


def test_a_pass_of_another_coach_is_sent_there_and_kept_in_the_trail() -> None:
    here, there = make_approved_trip(riders=1), make_approved_trip(riders=1)
    (held,) = passes(there)
    answer = show(here, held.token)
    assert answer.verdict is Verdict.WRONG_TRIP
    assert isinstance(answer.refusal, WrongTripError)
    assert answer.refusal.values["trip"] == there.pk
    assert not Passage.objects.exists()
    refused = Deed.objects.get(action="travel.scan_refused")
    assert (refused.object_id, refused.values["code"]) == (here.pk, "pass_wrong_trip")


@pytest.mark.parametrize(
    ("text", "error"),
    [("K7QF-29MB", MistypedCodeError), ("2222-2222", PassUnknownError), ("", MistypedCodeError)],
)
def test_a_code_that_is_none_of_ours_is_answered_and_kept_in_the_trail(
    text: str, error: type[Exception]
) -> None:
    trip = make_approved_trip(riders=1)
    answer = show(trip, text)
    assert (answer.verdict, answer.passage) == (None, None)
    assert isinstance(answer.refusal, error)
    assert Deed.objects.filter(action="travel.scan_refused").count() == 1


def test_a_lost_pass_opens_nothing_and_the_new_one_does() -> None:
    trip = make_approved_trip(riders=1)
    (old,) = passes(trip)
    new = reissue_pass(seat=seats(trip)[0], by=make_officer(), at=LATER)
    assert show(trip, old.token).verdict is Verdict.REVOKED
    assert show(trip, old.short_code, sequence=2).verdict is Verdict.REVOKED
    assert show(trip, new.token, sequence=3).verdict is Verdict.ACCEPTED


def test_who_gave_up_the_seat_is_not_counted_at_a_door() -> None:
    trip = make_approved_trip(riders=2)
    held, _ = passes(trip)
    give_up_seat(seat=held.seat, reason=GiveUpReason.POSTPONED, by=make_officer(), at=LATER)
    assert show(trip, held.token).verdict is Verdict.GIVEN_UP
    expected, counts = door_counts(trip)
    assert (expected, counts[Door.LEAVE_HOME]) == (1, 0)


def test_a_withdrawal_that_nobody_passed_on_stops_at_the_door() -> None:
    trip = make_approved_trip(riders=1)
    (held,) = passes(trip)
    withdraw_consent(consent=held.seat.consent, at=LATER)
    set_scope(Scope(carrier=trip.carrier_id))  # the leader cannot read a consent, and need not
    assert show(trip, held.token).verdict is Verdict.GIVEN_UP


def test_doors_open_and_shut_with_the_departure() -> None:
    trip = make_approved_trip(riders=1)
    (held,) = passes(trip)
    assert show(trip, held.token, door=Door.ALIGHT).verdict is Verdict.NOT_DEPARTED
    assert show(trip, held.token, door=Door.LEAVE_HOME, sequence=2).verdict is Verdict.ACCEPTED
    gone = make_departed_trip(riders=1)
    (aboard,) = passes(gone)
    assert show(gone, aboard.token, door=Door.BOARD, sequence=3).verdict is Verdict.HAS_LEFT
    late = show(gone, aboard.token, door=Door.ENTER_FACTORY, sequence=4)
    assert late.verdict is Verdict.OUT_OF_ORDER
    assert Passage.objects.count() == 4


def test_a_scan_made_in_time_counts_though_it_arrives_after_departure() -> None:
    trip = make_departed_trip(riders=1)
    row = pass_door(
        seat=seats(trip)[0], door=Door.LEAVE_HOME, device="d", device_sequence=1,
        device_at=PLANNED_AT - timedelta(minutes=1), scanned_by=None, at=LATER,
    )  # fmt: skip
    assert row.verdict == Verdict.ACCEPTED
    assert row.received_at == LATER


def test_before_approval_no_door_is_open() -> None:
    trip = make_planned_trip(riders=1)
    with pytest.raises(NoPassError):
        pass_door(
            seat=seats(trip)[0], door=Door.BOARD, device="d", device_sequence=1, device_at=LATER,
            scanned_by=None, at=LATER,
        )  # fmt: skip


def test_the_doors_belong_to_the_trips_own_people() -> None:
    trip = make_approved_trip(riders=1)
    (held,) = passes(trip)
    for stranger in (
        make_leader(trip.carrier_id + 1, username="other"),
        make_receiver(trip.employer_id + 1),
        make_officer(username="sibling", division=DANGCHANG),
        make_officer(username="police", duty=Duty.POLICE),
    ):
        with pytest.raises(NotYourDutyError):
            scan(
                trip=trip, door=Door.BOARD, text=held.token, device="d", device_sequence=1,
                device_at=LATER, scanned_by=stranger, at=LATER,
            )  # fmt: skip
    assert not Passage.objects.exists()


def test_a_leader_scans_without_reading_the_register_and_sees_who_is_missing() -> None:
    trip = make_approved_trip(riders=3)
    held = passes(trip)[1]
    set_scope(Scope(carrier=trip.carrier_id))
    assert show(trip, held.short_code).verdict is Verdict.ACCEPTED
    assert door_counts(trip) == (3, {Door(1): 1, Door(2): 0, Door(3): 0, Door(4): 0})
    assert held.seat_id not in [line.seat.pk for line in missing_riders(trip, Door.LEAVE_HOME)]
    assert len(missing_riders(trip, Door.LEAVE_HOME)) == 2
    assert not Passage.objects.exists()  # outside the trip's own block the rows stay closed
    set_scope(NOTHING)
    assert not Seat.objects.exists()


def test_a_manifest_names_riders_by_seat_with_their_stop_and_doors() -> None:
    trip = make_approved_trip(riders=3)
    show(trip, passes(trip)[0].token)
    lines = manifest(trip)
    assert [line.seat.number for line in lines] == [1, 2, 3]
    assert all(line.boards_at is not None and line.code and line.token for line in lines)
    assert sorted(len(line.doors) for line in lines) == [0, 0, 1]


def test_the_four_arches_count_the_trips_of_the_day() -> None:
    trip = make_departed_trip(riders=3)
    county, day = make_officer(), REPORT_ON - timedelta(days=1)
    for number, held in enumerate(passes(trip)[:2]):
        pass_door(
            seat=held.seat, door=Door.ALIGHT, device="d", device_sequence=number, device_at=LATER,
            scanned_by=None, at=LATER,
        )  # fmt: skip
    seen = on_the_way(county, on=day)
    assert (seen.trips, seen.expected, seen.passed[Door.ALIGHT], seen.not_received) == (1, 3, 2, 2)
    assert on_the_way(county, on=day - timedelta(days=1)).trips == 0
    assert on_the_way(make_officer(username="x", division=DANGCHANG), on=day).trips == 0


def test_riders_not_seen_after_arrival_are_alarms() -> None:
    trip = make_departed_trip(riders=2)
    one, other = passes(trip)
    for number, (held, door) in enumerate([(one, Door.BOARD), (other, Door.ALIGHT)]):
        pass_door(
            seat=held.seat, door=door, device="d", device_sequence=number,
            device_at=PLANNED_AT - timedelta(hours=1), scanned_by=None, at=LATER,
        )  # fmt: skip
    arrives_at = one.leg.arrives_at
    county = make_officer()
    assert alarms(county, at=arrives_at + timedelta(hours=6)) == []
    found = alarms(county, at=arrives_at + timedelta(hours=6, seconds=1))
    assert {alarm.kind: alarm.count for alarm in found} == {
        "not_alighted": 1, "not_entered": 1, "not_signed": 1,
    }  # fmt: skip


def test_the_leader_is_named_at_approval_and_shown_to_the_gate() -> None:
    trip = make_planned_trip(riders=1)
    approve_trip(trip=trip, by=make_officer(), at=PLANNED_AT, leader=make_leader(trip.carrier_id))
    leader = trip.legs.get().leader
    assert leader is not None
    assert leader.full_name == "王秀兰"
