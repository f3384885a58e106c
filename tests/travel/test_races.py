"""Doors under load: many devices at the same moment, every scan several times, in any order."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from fourdoors.accounts.selectors import breaks_in_the_trail
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.register.models import Consent
from fourdoors.register.services import withdraw_consent
from fourdoors.store.scope import Scope, scoped
from fourdoors.travel.models import Pass, Passage, Seat, Trip
from fourdoors.travel.rules import Door
from fourdoors.travel.selectors import tasks_of
from fourdoors.travel.services import (
    ConsentWithdrawnError,
    depart,
    issue_passes,
    pass_door,
    withdraw_from_move,
)
from tests.makers.accounts import make_officer
from tests.makers.travel import PLANNED_AT, make_approved_trip

pytestmark = pytest.mark.django_db(transaction=True)
SCOPE = Scope(territory=range_of(GANSU))
DEVICES = 8


@pytest.fixture
def seats() -> list[Seat]:
    with scoped(SCOPE):
        trip = make_approved_trip(riders=20)
        return list(Seat.objects.filter(trip=trip).select_related("trip"))


def in_a_thread(deed: Callable[[], object]) -> object:
    try:
        with scoped(SCOPE):
            return deed()
    finally:
        connection.close()


def at_once(deeds: list[Callable[[], object]]) -> list[object]:
    with ThreadPoolExecutor(DEVICES) as devices:
        return list(devices.map(in_a_thread, deeds))


def scan_of(seat: Seat, device: str, sequence: int) -> Callable[[], object]:
    def deed() -> object:
        return pass_door(
            seat=seat, door=Door.BOARD, device=device, device_sequence=sequence, device_at=PLANNED_AT,
            scanned_by=None, at=PLANNED_AT,
        ).verdict  # fmt: skip

    return deed


def test_shuffled_and_repeated_scans_make_one_passing_a_door_and_one_row_a_scan(seats: list[Seat]) -> None:
    scans = [(seat, f"device {number % 5}", 1000 * number + place)
             for place, seat in enumerate(seats) for number in range(5)]  # fmt: skip
    sent = scans * 2
    random.Random(20200301).shuffle(sent)  # noqa: S311
    at_once([scan_of(*scan) for scan in sent])

    with scoped(SCOPE):
        assert Passage.objects.count() == len(scans)
        passed = Counter(Passage.objects.exclude(verdict="already").values_list("seat", flat=True))
        assert passed == Counter(seat.pk for seat in seats)
    assert list(breaks_in_the_trail()) == []


def test_two_devices_at_the_same_moment_hear_one_yes_and_one_already(seats: list[Seat]) -> None:
    for place, seat in enumerate(seats):
        start = Barrier(2)

        def deed(device: str, seat: Seat = seat, place: int = place, start: Barrier = start) -> object:
            def together() -> object:
                start.wait(timeout=10)
                return scan_of(seat, device, place)()

            return in_a_thread(together)

        with ThreadPoolExecutor(2) as devices:
            answers = list(devices.map(deed, ["leader", "helper"]))
        assert sorted(map(str, answers)) == ["already", "out_of_order"]


def test_two_clicks_issue_passes_once(seats: list[Seat]) -> None:
    with scoped(SCOPE):
        trip, county = Trip.objects.get(), make_officer()
        Pass.objects.all().delete()
    made = at_once([lambda: len(issue_passes(trip=trip, by=county, at=PLANNED_AT)) for _ in range(4)])
    assert sorted(made) == [0, 0, 0, 20]  # type: ignore[type-var]


def test_nobody_departs_who_withdraws_at_the_same_moment(seats: list[Seat]) -> None:
    with scoped(SCOPE):
        trip, county = Trip.objects.get(), make_officer()
        tasks_of(trip).update(done_at=PLANNED_AT)
        consents = list(Consent.objects.filter(purpose="move").order_by("pk"))
        offers = [seat.placement.offer for seat in Seat.objects.order_by("pk")]

    def leave() -> object:
        try:
            return depart(trip=trip, by=county, at=PLANNED_AT).state
        except ConsentWithdrawnError:
            return "once more"

    def withdraw(number: int) -> Callable[[], object]:
        if number % 2:
            return lambda: withdraw_consent(consent=consents[number], at=PLANNED_AT)
        return lambda: withdraw_from_move(offer=offers[number], at=PLANNED_AT)

    deeds = [withdraw(number) for number in range(10)]
    deeds.insert(4, leave)
    at_once(deeds)
    with scoped(SCOPE):
        trip.refresh_from_db()
        if trip.state != "departed":
            depart(trip=trip, by=county, at=PLANNED_AT)
        kept = Seat.objects.filter(trip=trip, given_up_at=None)
        late = kept.filter(consent__withdrawn_at__isnull=False)
        # only withdrawals that came after the departure are left, and their seats hold at no door
        assert kept.count() - late.count() == 10
    assert list(breaks_in_the_trail()) == []
