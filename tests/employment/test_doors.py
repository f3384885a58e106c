"""The fourth door: the trip ends for a rider, work begins, visits are due."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fourdoors.accounts.models import Deed
from fourdoors.accounts.selectors import scope_of
from fourdoors.employment.models import FollowUp, Spell
from fourdoors.employment.services import Entry, begin_work, end_spell, enter_factory
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.terms import Channel, EndReason
from fourdoors.placements.models import Placement
from fourdoors.store.scope import Scope, set_scope
from fourdoors.store.vault import vault
from fourdoors.travel.models import Passage, Seat
from fourdoors.travel.rules import Door, Verdict
from fourdoors.travel.services import pass_door
from tests.makers.employment import make_follow_up, make_spell
from tests.makers.travel import PLANNED_AT, make_departed_trip, make_leader, make_receiver

pytestmark = pytest.mark.django_db

GANSU_SCOPE = Scope(territory=range_of(GANSU))
ARRIVED_AT = datetime(2020, 3, 9, 9, 40, tzinfo=UTC)  # 17:40 in China


@pytest.fixture
def seat() -> Seat:
    """A rider who was scanned at home, on boarding and on alighting."""
    trip = make_departed_trip(riders=2, at=PLANNED_AT)
    first = Seat.objects.filter(trip=trip).order_by("pk")[0]
    for door in (Door.LEAVE_HOME, Door.BOARD, Door.ALIGHT):
        scan = PLANNED_AT - timedelta(hours=1) if door < Door.ALIGHT else ARRIVED_AT
        pass_door(
            seat=first, door=door, device="gate", device_sequence=int(door), device_at=scan,
            scanned_by=None, at=scan,
        )  # fmt: skip
    return first


def enter(seat: Seat, *, sequence: int = 40, device: str = "gate", at: datetime = ARRIVED_AT) -> Entry:
    return enter_factory(
        seat=seat, device=device, device_sequence=sequence, device_at=at, scanned_by=None, at=at
    )


def test_the_door_opens_an_organised_spell_of_the_best_grade_and_four_visits(seat: Seat) -> None:
    entry = enter(seat)

    spell = entry.spell
    assert entry.refusal is None
    assert spell is not None
    assert (spell.channel, spell.grade) == (Channel.ORGANISED, Grade.A)
    assert (spell.left_on, spell.arrived_on) == (date(2020, 3, 5), date(2020, 3, 9))
    assert (spell.placement_id, spell.trip_id, spell.worker_id) == (
        seat.placement_id,
        seat.trip_id,
        seat.worker_id,
    )
    assert (spell.shown_name, spell.identity_tail) == (seat.shown_name, seat.identity_tail)
    due = FollowUp.objects.filter(spell=spell).order_by("day").values_list("due_on", flat=True)
    assert list(due) == [date(2020, 3, 9) + timedelta(days) for days in (7, 30, 90, 180)]
    deed = Deed.objects.get(action="employment.factory_entered")
    assert deed.values["trip"] == seat.trip_id


def test_a_scan_sent_twice_and_a_second_scan_give_the_same_spell(seat: Seat) -> None:
    first = enter(seat).spell
    assert enter(seat).spell == first
    again = enter(seat, sequence=41)
    assert Verdict(again.passage.verdict) is Verdict.ALREADY
    assert again.spell == first
    assert Spell.objects.count() == 1
    assert Deed.objects.filter(action="employment.factory_entered").count() == 1


def test_another_door_begins_no_work(seat: Seat) -> None:
    passage = Passage.objects.get(seat=seat, door=Door.BOARD)
    assert begin_work(passage=passage, at=ARRIVED_AT, by=None) is None
    assert not Spell.objects.exists()


def test_who_gave_the_seat_up_is_not_let_in(seat: Seat) -> None:
    Seat.objects.filter(pk=seat.pk).update(given_up_at=PLANNED_AT, number=None)
    seat.refresh_from_db()
    entry = enter(seat)
    assert not Verdict(entry.passage.verdict).passes
    assert entry.spell is None
    assert not Spell.objects.exists()


def test_work_that_hearsay_left_open_is_ended_by_the_door(seat: Seat) -> None:
    old = make_spell(worker=seat.worker, left_on=date(2020, 1, 5), grade=Grade.D)
    make_follow_up(spell=old)
    assert enter(seat).spell is not None
    old.refresh_from_db()
    assert set(FollowUp.objects.filter(spell=old).values_list("closed_on", "shown_name")) == {
        (date(2020, 3, 5), "")
    }
    assert (old.ended_on, old.end_reason) == (date(2020, 3, 5), EndReason.NOT_STATED)


def test_work_on_the_same_days_hinders_the_spell_and_never_the_door(seat: Seat) -> None:
    make_spell(worker=seat.worker, left_on=date(2020, 3, 7), ended_on=date(2020, 4, 1), grade=Grade.D)
    entry = enter(seat)
    assert Verdict(entry.passage.verdict).passes
    assert entry.spell is None
    assert entry.refusal is not None
    assert Spell.objects.count() == 1


@pytest.mark.parametrize("who", ["leader", "receiver"])
def test_whoever_holds_the_scanner_opens_it_without_reading_the_register(seat: Seat, who: str) -> None:
    leader, receiver = make_leader(seat.carrier_id), make_receiver(seat.employer_id)
    officer = leader if who == "leader" else receiver
    set_scope(scope_of(officer))
    entry = enter_factory(
        seat=seat, device="phone", device_sequence=1, device_at=ARRIVED_AT, scanned_by=officer, at=ARRIVED_AT
    )
    assert entry.spell is not None
    assert Spell.objects.exists() is (who == "receiver"), "the scope that was lent is given back"
    set_scope(GANSU_SCOPE)
    assert Spell.objects.get().shown_name == seat.shown_name


def test_the_phone_goes_to_the_station_only_with_consent(seat: Seat) -> None:
    other = Seat.objects.filter(trip=seat.trip).exclude(pk=seat.pk).get()
    Seat.objects.filter(pk=other.pk).update(phone_cipher=vault().seal("phone", "10000000042"))
    other.refresh_from_db()
    enter(seat)
    enter(other, sequence=77)
    seen = {visit.worker_id: visit.phone_cipher is not None for visit in FollowUp.objects.all()}
    assert seen == {seat.worker_id: False, other.worker_id: True}


def test_the_end_of_the_work_closes_the_placement(seat: Seat) -> None:
    spell = enter(seat).spell
    assert spell is not None
    stopped = EndReason.EMPLOYER_STOPPED
    end_spell(spell=spell, ended_on=date(2020, 4, 1), reason=stopped, at=ARRIVED_AT, by=None)
    placement = Placement.objects.get(pk=seat.placement_id)
    assert (placement.closed_on, placement.close_reason) == (date(2020, 4, 1), "employer_stopped")
