"""Two records that are one person: counted once, by the record that is kept, wherever people are counted."""

from datetime import date
from decimal import Decimal

import pytest

from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.terms import HouseholdStatusKind, RelationToHead
from fourdoors.partners.models import BrandMember
from fourdoors.register.models import DuplicatePair, Worker
from fourdoors.register.rules import OtherIncomeRow
from fourdoors.register.services import load_other_incomes, merge_pair, reopen_pair
from fourdoors.statistics.models import Cell, Publication, Share
from fourdoors.statistics.selectors import rows_behind
from fourdoors.statistics.services import count_figures
from fourdoors.store.scope import Scope, set_scope
from fourdoors.travel.models import Pass, Passage, Seat
from fourdoors.travel.rules import Door, Verdict
from tests.makers.accounts import DANGCHANG, LI_COUNTY, LI_VILLAGE, make_officer
from tests.makers.employment import make_income, make_spell
from tests.makers.partners import make_brand
from tests.makers.register import SPRING, make_household, make_membership, make_status, make_worker
from tests.makers.statistics import COUNTED_AT, FIRST, LAST, make_poor, make_release
from tests.makers.travel import PLANNED_AT, make_departed_trip

pytestmark = pytest.mark.django_db

ELSEWHERE = DANGCHANG + 100_201  # a village of the next county


@pytest.fixture(autouse=True)
def _province() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def merge(other: Worker, kept: Worker) -> DuplicatePair:
    first, second = sorted((other.pk, kept.pk))
    pair = DuplicatePair.objects.create(
        village=GANSU, county=GANSU // 1_000_000, first_id=first, second_id=second, bits=20, probability=1,
        says={}, state="open", found_at=SPRING,
    )  # fmt: skip
    return merge_pair(pair=pair, keep=kept.pk, at=SPRING, by=make_officer())


def rows(measure: str, division: int = GANSU) -> list[tuple[int, int, str]]:
    found = rows_behind(measure=measure, division=division, from_on=FIRST, to_on=LAST)
    return [(row.village, row.object_id, row.grade) for row in found]


def test_two_spells_of_two_records_are_two_times_and_one_person_of_the_better_proof() -> None:
    kept, other = make_worker(), make_worker()
    make_spell(worker=kept, left_on=date(2020, 2, 1), ended_on=date(2020, 4, 1), grade=Grade.D)
    make_spell(worker=other, left_on=date(2020, 5, 1), grade=Grade.B)
    assert len(rows("transferred_persons")) == 2
    pair = merge(other, kept)

    for measure in ("transferred_persons", "organised_persons"):
        assert rows(measure) == [(LI_VILLAGE, kept.pk, "B")]
    assert (
        rows("out_today") == rows("stable_3_months") == rows("stable_6_months") == rows("transferred_persons")
    )
    assert len(rows("person_times")) == 2

    reopen_pair(pair=pair, at=SPRING, by=make_officer())
    assert [number for _, number, _ in rows("transferred_persons")] == [kept.pk, other.pk]


def test_who_is_out_by_two_records_is_out_once() -> None:
    kept, other = make_worker(), make_worker()
    make_spell(worker=kept, grade=Grade.C)
    make_spell(worker=other, grade=Grade.A)
    merge(other, kept)
    assert rows("out_today") == [(LI_VILLAGE, kept.pk, "A")]


def test_a_person_is_counted_where_the_kept_record_lives_and_nowhere_else() -> None:
    kept, other = make_worker(), make_worker(village=ELSEWHERE)
    make_spell(worker=other, ended_on=date(2020, 6, 1))
    make_spell(worker=other, left_on=date(2020, 6, 1), place=LI_COUNTY)
    merge(other, kept)

    assert rows("transferred_persons") == rows("nearby_persons") == [(LI_VILLAGE, kept.pk, "A")]
    assert rows("transferred_persons", DANGCHANG) == []
    assert [village for village, _, _ in rows("person_times")] == [LI_VILLAGE] * 2
    count_figures(from_on=FIRST, to_on=LAST, at=COUNTED_AT)
    assert not Cell.objects.filter(village=DANGCHANG).exists()
    assert Cell.objects.get(measure="transferred_persons", village=GANSU).value == 1


def test_where_the_kept_record_is_not_seen_nobody_is_counted_twice() -> None:
    kept, other = make_worker(), make_worker(village=ELSEWHERE)
    make_spell(worker=other)
    merge(other, kept)
    make_spell(worker=make_worker(village=ELSEWHERE))
    set_scope(Scope(territory=range_of(DANGCHANG)))
    assert len(rows("transferred_persons")) == 1


@pytest.mark.parametrize(("kept_is_poor", "persons"), [(True, 1), (False, 0)])
def test_a_person_is_as_poor_as_the_household_of_the_kept_record(*, kept_is_poor: bool, persons: int) -> None:
    kept, other = make_worker(), make_worker()
    make_poor(kept if kept_is_poor else other)
    make_income(spell=make_spell(worker=other))
    make_income(spell=make_spell(worker=kept))
    BrandMember.objects.create(
        brand=make_brand(), worker=other, village=other.village, county=other.county, joined_on=FIRST
    )
    merge(other, kept)

    for measure in ("transferred_registered_poor", "brand_registered_poor", "east_cities_registered_poor"):
        assert rows(measure) == [(LI_VILLAGE, kept.pk, "A")] * persons
    assert len(rows("labour_income_registered_poor")) == 2 * persons


def test_a_household_that_holds_both_records_has_one_person_more_not_two() -> None:
    kept, other, spouse = make_worker(), make_worker(), make_worker()
    household = make_household()
    make_status(household=household, kind=HouseholdStatusKind.LIFTED_OUT)
    make_membership(worker=kept, household=household)
    make_membership(worker=other, household=household, relation=RelationToHead.OTHER)
    make_membership(worker=spouse, household=household, relation=RelationToHead.SPOUSE)
    make_income(spell=make_spell(worker=other))
    load_other_incomes([OtherIncomeRow(household.village, household.pk, 2020, 100)])
    merge(other, kept)

    for measure in ("persons_lifted_out", "persons_over_half"):
        assert [number for _, number, _ in rows(measure)] == [kept.pk, spouse.pk]


def test_who_passed_the_fourth_door_under_the_other_record_is_the_person_that_is_kept() -> None:
    seat = Seat.objects.get(trip=make_departed_trip(riders=1))
    kept = make_worker(village=ELSEWHERE)
    Passage.objects.create(
        trip=seat.trip, leg=seat.leg, seat=seat, carried_by=Pass.objects.get(seat=seat),
        door=Door.ENTER_FACTORY, verdict=Verdict.ACCEPTED.value, device="d", device_sequence=1,
        device_at=PLANNED_AT, received_at=PLANNED_AT, village=seat.village, county=seat.county,
    )  # fmt: skip
    merge(seat.worker, kept)
    assert rows("point_to_point_persons") == [(ELSEWHERE, kept.pk, "A")]


def test_the_charts_count_a_person_once_by_the_latest_spell_of_any_record() -> None:
    kept, other = make_worker(born_on=date(1990, 5, 1)), make_worker(born_on=date(1960, 5, 1))
    make_spell(worker=kept, left_on=date(2020, 2, 1), ended_on=date(2020, 4, 1))
    make_spell(worker=other, left_on=date(2020, 5, 1), place=120111_000000)
    merge(other, kept)
    count_figures(from_on=FIRST, to_on=LAST, at=COUNTED_AT)

    said = {share.breakdown: (share.key, share.value) for share in Share.objects.all()}
    assert Share.objects.count() == len(said) == 5
    assert said["age_band"] == ("21-30", Decimal(1))  # the kept record says who it is
    assert said["destination"] == ("120000000000", Decimal(1))


@pytest.mark.parametrize(("merged", "is_shown"), [(False, True), (True, False)])
def test_ten_records_of_nine_people_are_too_few_to_be_published(*, merged: bool, is_shown: bool) -> None:
    workers = [make_worker() for _ in range(10)]
    for worker in workers:
        make_income(spell=make_spell(worker=worker))
    if merged:
        merge(workers[9], workers[0])
    make_release()

    figures = Publication.objects.get().figures
    for measure in ("transferred_persons", "person_times", "labour_income"):
        assert (figures[measure][str(LI_COUNTY)] is not None) is is_shown
