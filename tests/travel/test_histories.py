"""Random histories of deeds: whatever the order, nobody travels without a consent and no scan is lost."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from django.db import transaction
from django.db.models import Count, F, Q
from hypothesis import HealthCheck as Slow
from hypothesis import given, settings
from hypothesis import strategies as st

from fourdoors.accounts.models import Officer
from fourdoors.kernel.errors import RuleError
from fourdoors.placements.models import Placement
from fourdoors.register.services import withdraw_consent
from fourdoors.travel.models import Carrier, Pass, Passage, Seat, Trip
from fourdoors.travel.rules import PASSING, Door, GiveUpReason, TripState, Verdict
from fourdoors.travel.selectors import tasks_of
from fourdoors.travel.services import (
    approve_trip,
    depart,
    give_up_seat,
    issue_passes,
    pass_door,
    plan_trips,
    reissue_pass,
    withdraw_from_move,
)
from tests.makers.accounts import LI_COUNTY, make_officer
from tests.makers.travel import PLANNED_AT, REPORT_ON, make_carrier, make_riders

pytestmark = pytest.mark.django_db
WORDS = ("plan", "approve", "issue", "depart", "withdraw", "withdraw_move", "give_up", "reissue", "scan")
DEEDS = st.tuples(st.sampled_from(WORDS), st.integers(0, 2), st.sampled_from(list(Door)))
BEGINNING = [("plan", 0, Door.BOARD), ("approve", 0, Door.BOARD), ("issue", 0, Door.BOARD)]


class NothingThereError(RuleError):
    """The deed has nothing to be done to yet."""

    code: ClassVar[str] = "nothing_there"


@dataclass
class History:
    """One county, one employer, three people, and what happens to them."""

    officer: Officer
    carrier: Carrier
    people: list[Placement]
    step: int = 0
    scans: int = 0
    withdrawn: set[int] = field(default_factory=set)  # placements

    @property
    def moment(self) -> datetime:
        return PLANNED_AT + timedelta(seconds=self.step)

    def do(self, word: str, person: int, door: Door) -> None:
        """Do a deed; one that is refused leaves the next to be tried."""
        self.step += 1
        with suppress(RuleError), transaction.atomic():
            getattr(self, word)(self.people[person], door)

    def trip(self) -> Trip:
        found = Trip.objects.exclude(state=TripState.CANCELLED).order_by("-pk").first()
        if found is None:
            raise NothingThereError
        return found

    def seat(self, placement: Placement) -> Seat:
        held = Seat.objects.filter(placement=placement).select_related("trip", "placement__offer")
        found = held.order_by("-pk").first()
        if found is None:
            raise NothingThereError
        return found

    def plan(self, placement: Placement, _door: Door) -> None:
        plan_trips(
            home=LI_COUNTY, employer=placement.employer, report_on=REPORT_ON, carrier=self.carrier,
            by=self.officer, at=PLANNED_AT,
        )  # fmt: skip

    def approve(self, _placement: Placement, _door: Door) -> None:
        approve_trip(trip=self.trip(), by=self.officer, at=self.moment)

    def issue(self, _placement: Placement, _door: Door) -> None:
        issue_passes(trip=self.trip(), by=self.officer, at=self.moment)

    def depart(self, _placement: Placement, _door: Door) -> None:
        tasks_of(self.trip()).update(done_at=PLANNED_AT)
        depart(trip=self.trip(), by=self.officer, at=self.moment)

    def withdraw(self, placement: Placement, _door: Door) -> None:
        withdraw_consent(consent=placement.consent, at=self.moment)
        self.withdrawn.add(placement.pk)

    def withdraw_move(self, placement: Placement, _door: Door) -> None:
        withdraw_from_move(offer=placement.offer, at=self.moment)
        self.withdrawn.add(placement.pk)

    def give_up(self, placement: Placement, _door: Door) -> None:
        seat = self.seat(placement)
        give_up_seat(seat=seat, reason=GiveUpReason.POSTPONED, by=self.officer, at=self.moment)

    def reissue(self, placement: Placement, _door: Door) -> None:
        reissue_pass(seat=self.seat(placement), by=self.officer, at=self.moment)

    def scan(self, placement: Placement, door: Door) -> None:
        row = pass_door(
            seat=self.seat(placement), door=door, device="d", device_sequence=self.step,
            device_at=self.moment, scanned_by=None, at=self.moment,
        )  # fmt: skip
        self.scans += 1
        assert placement.pk not in self.withdrawn or row.verdict == Verdict.GIVEN_UP

    def must_hold(self) -> None:
        """Ask of every row what no history may break."""
        on_the_road = Seat.objects.filter(given_up_at=None, trip__state=TripState.DEPARTED)
        assert not on_the_road.filter(consent__withdrawn_at__lte=F("trip__departed_at")).exists()
        assert Passage.objects.count() == self.scans
        alive = Count("passes", filter=Q(passes__revoked_at=None))
        held = Seat.objects.annotate(alive=alive)
        assert not held.filter(Q(alive__gt=1) | Q(alive=1, given_up_at__isnull=False)).exists()
        passed = (
            Passage.objects.filter(verdict__in=PASSING).values("seat", "door").annotate(times=Count("pk"))
        )
        assert not passed.filter(times__gt=1).exists()
        assert not Pass.objects.filter(revoked_at=None, trip__state=TripState.PLANNED).exists()


def test_in_no_order_of_deeds_does_anybody_depart_without_consent() -> None:
    world = (
        make_officer(),
        make_carrier(coaches=(45, 45, 45), drivers=12),
        make_riders("马一", "马二", "马三"),
    )

    @settings(max_examples=25, deadline=None, suppress_health_check=list(Slow))
    @given(st.integers(0, 3), st.lists(DEEDS, min_size=4, max_size=12))
    def histories(begun: int, deeds: list[tuple[str, int, Door]]) -> None:
        with transaction.atomic():
            history = History(*world)
            for deed in [*BEGINNING[:begun], *deeds]:
                history.do(*deed)
                history.must_hold()
            transaction.set_rollback(True)

    histories()
