"""The gate and the list of doors: scans, colours and words, the leader and the factory."""

import pytest

from fourdoors.accounts.rules import Duty
from fourdoors.employment.models import Spell
from fourdoors.kernel.identity import masked_name
from fourdoors.store.vault import vault
from fourdoors.travel.models import Pass, Passage, Seat, Trip
from fourdoors.travel.rules import Door, TripState
from tests.makers.accounts import make_officer
from tests.makers.travel import (
    make_approved_trip,
    make_departed_trip,
    make_leader,
    make_planned_trip,
    make_receiver,
)
from tests.web.officers import again, as_officer, text_of
from tests.web.travelling import scan, strangers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day_after_the_plan")]


def test_the_gate_works_without_scripts_and_says_colour_sign_and_word() -> None:
    trip = make_approved_trip(riders=2)
    held = Pass.objects.order_by("seat__number")[0]
    client = as_officer(make_leader(trip.carrier_id))
    assert "Waiting for a code" in text_of(client, f"/gate/{trip.pk}/1/")
    page = scan(client, trip, Door.LEAVE_HOME, held.short_code)
    assert 'class="verdict go"' in page
    assert f"{masked_name(held.seat.shown_name)} · seat {held.seat.number}" in page
    assert "<!doctype html>" in page
    part = scan(client, trip, Door.LEAVE_HOME, held.short_code, 2, **{"HX-Request": "true"})
    assert 'class="verdict look"' in part
    assert "<!doctype html>" not in part
    stop = scan(client, trip, Door.LEAVE_HOME, "K7QF-29MB", 3)
    assert 'class="verdict stop"' in stop
    assert "not a short code" in stop
    again()
    assert Passage.objects.count() == 2


def test_the_same_form_sent_twice_is_one_scan() -> None:
    trip = make_approved_trip(riders=1)
    client = as_officer(make_leader(trip.carrier_id))
    code = Pass.objects.get().short_code
    for _ in range(2):
        assert 'class="verdict go"' in scan(client, trip, Door.LEAVE_HOME, code, 77)
    again()
    assert Passage.objects.count() == 1


def test_the_gate_of_another_trip_is_not_there() -> None:
    trip = make_approved_trip()
    for officer in (*strangers(trip)[:5], make_receiver(trip.employer_id + 1)):
        client = as_officer(officer)
        assert client.get(f"/gate/{trip.pk}/2/").status_code == 404
        assert client.post(f"/gate/{trip.pk}/2/", {"code": "x", "sequence": 1}).status_code == 404
    police = as_officer(make_officer(username="police", duty=Duty.POLICE))
    assert police.get(f"/gate/{trip.pk}/2/").status_code == 404
    leader = as_officer(make_leader(trip.carrier_id))
    assert leader.get(f"/gate/{trip.pk}/5/").status_code == 404
    assert leader.post(f"/gate/{trip.pk}/2/", {"code": "x", "sequence": "x"}).status_code == 404


def test_a_planned_or_closed_trip_has_no_gate() -> None:
    trip = make_planned_trip()
    client = as_officer(make_leader(trip.carrier_id))
    assert client.get(f"/gate/{trip.pk}/2/").status_code == 404
    assert "No coach waits at a door" in text_of(client, "/gate/")
    again()
    Trip.objects.update(state=TripState.CLOSED)
    assert client.get(f"/gate/{trip.pk}/2/").status_code == 404


def test_the_leader_sees_the_missing_by_name_and_the_factory_no_phone() -> None:
    trip = make_departed_trip(riders=2)
    seat = Seat.objects.order_by("number")[0]
    Seat.objects.update(phone_cipher=vault().seal("phone", "10000000042"))
    leader = text_of(as_officer(make_leader(trip.carrier_id)), f"/gate/{trip.pk}/3/")
    factory = text_of(as_officer(make_receiver(trip.employer_id)), f"/gate/{trip.pk}/4/")
    assert seat.shown_name in leader
    assert "tel:10000000042" in leader
    assert seat.shown_name in factory
    assert "tel:" not in factory


def test_the_factory_door_opens_the_work() -> None:
    trip = make_departed_trip(riders=1)
    code = Pass.objects.get().short_code
    page = scan(as_officer(make_receiver(trip.employer_id)), trip, Door.ENTER_FACTORY, code)
    assert 'class="verdict look"' in page  # three doors were missed, and the work begins all the same
    again()
    spell = Spell.objects.get()
    assert (spell.trip, spell.grade) == (trip, "A")


def test_wasm_is_allowed_on_the_gate_alone() -> None:
    trip = make_approved_trip()
    client = as_officer(make_officer())
    assert "'wasm-unsafe-eval'" in client.get(f"/gate/{trip.pk}/1/")["Content-Security-Policy"]
    assert "wasm" not in client.get(f"/trips/{trip.pk}/")["Content-Security-Policy"]
