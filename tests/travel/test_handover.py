"""The receipt: counted from the doors, signed by three, closed for good."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from fourdoors.accounts.models import Officer
from fourdoors.store.scope import Scope, set_scope
from fourdoors.travel.models import Handover, Passage, Seat, Trip
from fourdoors.travel.rules import Absence, Door, GiveUpReason, Side, TripState, Verdict
from fourdoors.travel.services import (
    HandoverSignedError,
    NotYourDutyError,
    WrongStateError,
    give_up_seat,
    open_handover,
    pass_door,
    sign_handover,
)
from tests.makers.accounts import DANGCHANG, make_officer
from tests.makers.travel import (
    PLANNED_AT,
    make_approved_trip,
    make_departed_trip,
    make_leader,
    make_receiver,
)

pytestmark = pytest.mark.django_db
LATER = PLANNED_AT + timedelta(days=3)
IN_TIME = PLANNED_AT - timedelta(minutes=1)


def walk(seat: Seat, *doors: Door) -> None:
    for door in doors:
        pass_door(
            seat=seat, door=door, device=f"seat {seat.pk}", device_sequence=door, device_at=IN_TIME,
            scanned_by=None, at=LATER,
        )  # fmt: skip


def sides(trip: Trip) -> dict[Side, Officer]:
    return {
        Side.SENDER: make_officer(),
        Side.CARRIER: make_leader(trip.carrier_id),
        Side.RECEIVER: make_receiver(trip.employer_id),
    }


def arrived_trip() -> Trip:
    trip = make_departed_trip(riders=4)
    whole, stayed, lost, postponed = Seat.objects.order_by("number")
    walk(whole, *Door)
    walk(lost, Door.LEAVE_HOME, Door.BOARD)
    give_up_seat(seat=postponed, reason=GiveUpReason.POSTPONED, by=make_officer(), at=LATER)
    assert stayed.number == 2
    return trip


def test_the_numbers_come_from_the_doors() -> None:
    handover = open_handover(trip=arrived_trip(), by=make_officer(), at=LATER)
    assert (handover.expected_persons, handover.present_persons) == (3, 1)
    assert handover.exceptions == [
        {"seat": 2, "reason": Absence.STAYED_HOME},
        {"seat": 3, "reason": Absence.NOT_ALIGHTED},
    ]


def test_they_are_counted_anew_until_somebody_signs_and_then_stay() -> None:
    trip = arrived_trip()
    open_handover(trip=trip, by=make_officer(), at=LATER)
    walk(Seat.objects.get(number=3), Door.ALIGHT, Door.ENTER_FACTORY)
    handover = open_handover(trip=trip, by=make_officer(), at=LATER)
    assert handover.present_persons == 2
    sign_handover(handover=handover, side=Side.SENDER, by=make_officer(), at=LATER)
    walk(Seat.objects.get(number=2), Door.ENTER_FACTORY)
    assert open_handover(trip=trip, by=make_officer(), at=LATER).present_persons == 2
    assert Handover.objects.count() == 1


def test_the_third_signature_closes_the_trip_and_clears_the_copied_names() -> None:
    trip = arrived_trip()
    handover = open_handover(trip=trip, by=make_officer(), at=LATER)
    for side, officer in sides(trip).items():
        assert Trip.objects.get().state == TripState.DEPARTED
        assert Seat.objects.exclude(shown_name="").count() == 4
        handover = sign_handover(handover=handover, side=side, by=officer, at=LATER)
    trip.refresh_from_db()
    assert (trip.state, trip.closed_at) == (TripState.CLOSED, LATER)
    assert set(Seat.objects.values_list("shown_name", "identity_tail", "phone_cipher")) == {("", "", None)}
    assert set(Seat.objects.exclude(number=None).values_list("number", flat=True)) == {1, 2, 3}
    assert Passage.objects.count() == 6
    assert handover.received_by == make_receiver(trip.employer_id)


def test_each_side_signs_for_itself_and_once() -> None:
    trip = arrived_trip()
    handover = open_handover(trip=trip, by=make_officer(), at=LATER)
    officers = sides(trip)
    for side in Side:
        for other in set(Side) - {side}:
            with pytest.raises(NotYourDutyError):
                sign_handover(handover=handover, side=side, by=officers[other], at=LATER)
    strangers = {
        Side.SENDER: make_officer(username="sibling", division=DANGCHANG),
        Side.CARRIER: make_leader(trip.carrier_id + 1, username="other"),
        Side.RECEIVER: make_receiver(trip.employer_id + 1, username="another"),
    }
    for side, stranger in strangers.items():
        with pytest.raises(NotYourDutyError):
            sign_handover(handover=handover, side=side, by=stranger, at=LATER)
    sign_handover(handover=handover, side=Side.SENDER, by=officers[Side.SENDER], at=LATER)
    with pytest.raises(HandoverSignedError):
        sign_handover(handover=handover, side=Side.SENDER, by=officers[Side.SENDER], at=LATER)
    assert Handover.objects.get().carried_at is None


def test_the_receiver_signs_without_seeing_the_register_or_the_doors() -> None:
    trip = arrived_trip()
    set_scope(Scope(employer=trip.employer_id))
    receiver = make_receiver(trip.employer_id)
    handover = open_handover(trip=trip, by=receiver, at=LATER)
    assert handover.present_persons == 1
    sign_handover(handover=handover, side=Side.RECEIVER, by=receiver, at=LATER)
    assert not Passage.objects.exists()


def test_a_receipt_signed_by_three_is_never_changed() -> None:
    trip = arrived_trip()
    handover = open_handover(trip=trip, by=make_officer(), at=LATER)
    for side, officer in sides(trip).items():
        handover = sign_handover(handover=handover, side=side, by=officer, at=LATER)
    with pytest.raises(WrongStateError):
        open_handover(trip=trip, by=make_officer(), at=LATER)
    with pytest.raises(IntegrityError, match="signed by all three"), transaction.atomic():
        Handover.objects.update(present_persons=99)
    with pytest.raises(IntegrityError, match="signed by all three"), transaction.atomic():
        Handover.objects.all().delete()
    assert Handover.objects.get().present_persons == 1


def test_no_receipt_before_the_coach_has_left() -> None:
    trip = make_approved_trip()
    with pytest.raises(WrongStateError):
        open_handover(trip=trip, by=make_officer(), at=LATER)
    assert not Handover.objects.exists()


def test_after_closing_a_scan_is_still_kept_and_counts_for_nothing() -> None:
    trip = arrived_trip()
    handover = open_handover(trip=trip, by=make_officer(), at=LATER)
    for side, officer in sides(trip).items():
        handover = sign_handover(handover=handover, side=side, by=officer, at=LATER)
    late = pass_door(
        seat=Seat.objects.get(number=2), door=Door.ENTER_FACTORY, device="late", device_sequence=1,
        device_at=LATER, scanned_by=None, at=LATER,
    )  # fmt: skip
    assert late.verdict == Verdict.CLOSED
