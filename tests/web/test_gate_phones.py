"""The page of the phones of a trip: whose it is, what it offers, and who is shut out."""

import re

import pytest

from fourdoors.travel.models import GateDevice
from fourdoors.travel.services import enrol_device
from fourdoors.web.desk import now
from tests.makers.accounts import make_officer
from tests.makers.travel import make_approved_trip, make_leader, make_planned_trip
from tests.web.officers import again, as_officer, text_of
from tests.web.travelling import strangers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day_after_the_plan")]


def test_a_leader_prepares_a_phone_and_the_county_shuts_it_out() -> None:
    trip = make_approved_trip(riders=1)
    leader, county = as_officer(make_leader(trip.carrier_id)), as_officer(make_officer())
    assert "No phone yet" in text_of(leader, f"/gate/{trip.pk}/phones/")
    shown = leader.post(f"/gate/{trip.pk}/phones/").content.decode()
    found = re.search(r"/gate/app/en/#([\w-]+)", shown)
    assert found is not None
    assert "<svg" in shown
    again()
    assert GateDevice.objects.get().enrolled_at is None
    device, _ = enrol_device(secret=found[1], at=now())
    assert "In use" in text_of(county, f"/gate/{trip.pk}/phones/")
    county.post(f"/gate/{trip.pk}/phones/{device.name}/disable")
    assert "Shut out" in text_of(leader, f"/gate/{trip.pk}/phones/")


def test_the_phones_of_another_trip_are_not_there() -> None:
    trip = make_approved_trip(riders=1)
    for officer in strangers(trip)[:5]:
        client = as_officer(officer)
        assert client.get(f"/gate/{trip.pk}/phones/").status_code == 404
        assert client.post(f"/gate/{trip.pk}/phones/").status_code == 404
        assert client.post(f"/gate/{trip.pk}/phones/x/disable").status_code == 404
    again()
    assert not GateDevice.objects.exists()


def test_a_planned_trip_gets_no_phone_and_says_why() -> None:
    trip = make_planned_trip(riders=1)
    page = as_officer(make_leader(trip.carrier_id)).post(f"/gate/{trip.pk}/phones/").content.decode()
    assert 'class="errors"' in page
    again()
    assert not GateDevice.objects.exists()


def test_what_is_no_phone_hears_nothing() -> None:
    trip = make_approved_trip(riders=1)
    client = as_officer(make_leader(trip.carrier_id))
    assert client.post("/gate/app/sync", "{}", "application/json").status_code == 401  # a session is no phone
    assert client.post("/gate/app/sync", "no json", "application/json").status_code == 400
    assert client.post("/gate/app/enrol", "{}", "application/json").status_code == 400
    assert client.post("/gate/app/enrol", '{"secret": "x"}', "application/json").status_code == 410
    assert client.get("/gate/app/sync").status_code == 405
    assert client.get("/gate/app/fr/").status_code == 404


def test_the_list_is_fetched_once_a_version() -> None:
    make_approved_trip(riders=1)
    client = as_officer(make_officer())
    first = client.get("/gate/app/list")
    assert client.get("/gate/app/list", headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert len(first.content) < 1000
