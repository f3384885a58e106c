"""Pages of the handover at the factory: three signatures, and names that go."""

from datetime import timedelta

import pytest

from fourdoors.accounts.rules import Duty
from fourdoors.travel.models import Handover, Seat, Trip
from fourdoors.travel.rules import Door, Side
from fourdoors.travel.services import open_handover, pass_door, sign_handover
from tests.makers.accounts import make_officer
from tests.makers.travel import (
    PLANNED_AT,
    make_departed_trip,
    make_leader,
    make_receiver,
)
from tests.web.officers import again, as_officer, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day_after_the_plan")]
JUST_BEFORE = PLANNED_AT - timedelta(minutes=1)


def arrived(riders: int = 3) -> tuple[Trip, Handover]:
    trip = make_departed_trip(riders=riders)
    for seat in Seat.objects.order_by("number")[1:]:
        for door in Door:
            pass_door(
                seat=seat, door=door, device=f"s{seat.pk}", device_sequence=door, device_at=JUST_BEFORE,
                scanned_by=None, at=PLANNED_AT,
            )  # fmt: skip
    return trip, open_handover(trip=trip, by=make_officer(), at=PLANNED_AT)


def test_the_employer_sees_who_comes_and_signs() -> None:
    trip, _handover = arrived()
    client = as_officer(make_receiver(trip.employer_id))
    assert trip.number in text_of(client, "/employer/arrivals/")
    page = text_of(client, f"/employer/arrivals/{trip.pk}/")
    assert "2 of 3 are inside" in page
    assert "Did not leave home" in page
    client.post(f"/trips/{trip.pk}/handover/sign/", {"side": "receiver"})
    again()
    assert Handover.objects.get().received_by == make_receiver(trip.employer_id)
    other = as_officer(make_receiver(trip.employer_id + 1))
    assert other.get(f"/employer/arrivals/{trip.pk}/").status_code == 404
    assert trip.number not in text_of(other, "/employer/arrivals/")
    assert "Nobody is on the way to you" in text_of(other, "/employer/arrivals/")
    assert as_officer(make_officer()).get("/employer/arrivals/").status_code == 404


def test_a_side_cannot_sign_for_another() -> None:
    trip, handover = arrived()
    client = as_officer(make_receiver(trip.employer_id))
    answer = client.post(f"/trips/{trip.pk}/handover/sign/", {"side": "sender"}, follow=True)
    assert "Another office does this." in answer.content.decode()
    again()
    handover.refresh_from_db()
    assert handover.sent_at is None


def test_after_the_third_signature_names_are_gone_and_the_paper_stays() -> None:
    trip, handover = arrived()
    again()
    names = set(Seat.objects.values_list("shown_name", flat=True))
    officers = {
        Side.SENDER: make_officer(),
        Side.CARRIER: make_leader(trip.carrier_id),
        Side.RECEIVER: make_receiver(trip.employer_id),
    }
    for side, officer in officers.items():
        handover = sign_handover(handover=handover, side=side, by=officer, at=PLANNED_AT)
    for officer in officers.values():
        client = as_officer(officer)
        address = f"/employer/arrivals/{trip.pk}/" if officer.duty == Duty.EMPLOYER else f"/trips/{trip.pk}/"
        page = text_of(client, address)
        assert not any(name in page for name in names)
        assert "Did not leave home" in page
        paper = client.get(f"/trips/{trip.pk}/handover.pdf")
        assert paper.content.startswith(b"%PDF")
