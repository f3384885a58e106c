"""Measures of poverty and of households, at the edges of their definitions."""

from datetime import date

import pytest

from fourdoors.kernel.terms import HouseholdStatusKind, RelationToHead
from fourdoors.partners.models import BrandMember
from fourdoors.partners.rules import EmployerKind
from fourdoors.register.models import Household, Worker
from fourdoors.register.rules import MembershipRow, OtherIncomeRow
from fourdoors.register.services import load_memberships, load_other_incomes
from tests.makers.accounts import LI_COUNTY, QINGDAO_JIAOZHOU
from tests.makers.employment import make_income, make_spell
from tests.makers.partners import make_brand, make_employer
from tests.makers.register import make_household, make_membership, make_status, make_worker
from tests.makers.statistics import FIRST, LAST, make_poor
from tests.statistics.counted import (
    DAY,
    a_spell,
    counted,
    live,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
TIANJIN = 120111_000000
LANZHOU = 620102_000000


@pytest.mark.parametrize(
    ("from_on", "to_on", "poor"),
    [
        (date(2014, 1, 1), None, 1),
        (LAST, None, 1),  # recognised on the last day
        (LAST + DAY, None, 0),
        (date(2014, 1, 1), FIRST + DAY, 1),
        (date(2014, 1, 1), FIRST, 0),  # struck off before the first day
    ],
)
def test_poor_is_who_belongs_to_a_household_registered_in_the_period(
    from_on: date, to_on: date | None, poor: int
) -> None:
    worker, household = make_worker(), make_household()
    make_membership(worker=worker, household=household)
    make_status(household=household, from_on=from_on, to_on=to_on)
    make_income(spell=make_spell(worker=worker))
    make_income(spell=a_spell())

    assert counted("transferred_persons") == 2
    assert counted("transferred_registered_poor") == poor
    assert counted("labour_income_registered_poor") == 450_000 * poor
    assert live("income_per_registered_poor") == (450_000 if poor else None)


def test_who_left_the_household_before_the_period_is_not_poor_by_it() -> None:
    worker, household = make_worker(), make_household()
    row = MembershipRow(
        worker.village, household.pk, worker.pk, RelationToHead.DAUGHTER, date(2014, 1, 1), FIRST
    )
    load_memberships([row])
    make_status(household=household)
    make_spell(worker=worker)
    assert counted("transferred_registered_poor") == 0


def test_other_recognitions_are_not_poverty() -> None:
    worker, household = make_worker(), make_household()
    make_membership(worker=worker, household=household)
    make_status(household=household, kind=HouseholdStatusKind.AT_RISK)
    make_spell(worker=worker)
    assert counted("transferred_registered_poor") == 0


@pytest.mark.parametrize(
    ("joined_on", "left_on", "branded"),
    [
        (LAST, None, 1),
        (LAST + DAY, None, 0),
        (date(2018, 1, 1), FIRST, 0),
        (date(2018, 1, 1), FIRST + DAY, 1),
    ],
)
def test_a_brand_counts_its_poor_members_who_worked(
    joined_on: date, left_on: date | None, branded: int
) -> None:
    worker, brand = make_poor(make_worker()), make_brand()
    BrandMember.objects.create(
        brand=brand, worker=worker, village=worker.village, county=worker.county, joined_on=joined_on,
        left_on=left_on,
    )  # fmt: skip
    assert counted("brand_registered_poor") == 0
    make_spell(worker=worker)
    assert counted("brand_registered_poor") == branded


@pytest.mark.parametrize(
    ("place", "left_on", "there"),
    [
        (TIANJIN, date(2020, 3, 1), 1),
        (QINGDAO_JIAOZHOU, date(2018, 1, 1), 1),  # since 2018, whatever the period
        (QINGDAO_JIAOZHOU, date(2017, 12, 31), 0),
        (350102_000000, date(2020, 3, 1), 1),  # Fuzhou
        (350211_000000, date(2020, 3, 1), 1),  # Xiamen
        (350302_000000, date(2020, 3, 1), 0),  # Putian, the same province
        (370102_000000, date(2020, 3, 1), 0),  # Jinan
    ],
)
def test_four_cities_of_the_east_are_counted_since_2018(place: int, left_on: date, there: int) -> None:
    make_spell(worker=make_poor(make_worker()), place=place, left_on=left_on)
    a_spell(place=TIANJIN)  # not poor
    assert counted("east_cities_registered_poor") == there


def test_nearby_is_the_own_county_a_workshop_or_a_public_post() -> None:
    a_spell(place=LI_COUNTY)
    a_spell(place=LANZHOU)
    a_spell(place=LANZHOU, employer=make_employer(kind=EmployerKind.WORKSHOP))
    a_spell(place=LANZHOU, employer=make_employer(kind=EmployerKind.PUBLIC_WELFARE))
    a_spell(employer=make_employer())
    assert counted("nearby_persons") == 3


def lifted(worker: Worker | None = None, *, from_on: date = LAST, to_on: date | None = None) -> Household:
    household = make_household()
    make_membership(worker=worker or make_worker(), household=household)
    make_status(household=household, kind=HouseholdStatusKind.LIFTED_OUT, from_on=from_on, to_on=to_on)
    return household


@pytest.mark.parametrize(
    ("from_on", "to_on", "out"),
    [(LAST, None, 1), (LAST + DAY, None, 0), (FIRST, LAST + DAY, 1), (FIRST, LAST, 0)],
)
def test_a_household_lifted_out_on_the_last_day_is_counted_with_its_workers(
    from_on: date, to_on: date | None, out: int
) -> None:
    lifted(from_on=from_on, to_on=to_on)
    assert counted("households_lifted_out") == out
    assert counted("persons_lifted_out") == out


@pytest.mark.parametrize(("other_fen", "over"), [(449_999, 1), (450_000, 0), (450_001, 0)])
def test_over_half_is_more_than_everything_else_together(other_fen: int, over: int) -> None:
    first, second = make_worker(), make_worker()
    household = lifted(first)
    make_membership(worker=second, household=household, relation=RelationToHead.SPOUSE)
    make_income(spell=make_spell(worker=first))
    load_other_incomes([OtherIncomeRow(household.village, household.pk, 2020, other_fen)])

    assert counted("households_over_half") == over
    assert counted("persons_over_half") == 2 * over
    assert live("households_over_half_share") == over
    assert live("persons_over_half_share") == over


def test_a_household_whose_other_income_nobody_knows_is_not_said_to_live_on_work() -> None:
    worker = make_worker()
    household = lifted(worker)
    make_income(spell=make_spell(worker=worker))
    load_other_incomes([OtherIncomeRow(household.village, household.pk, 2019, 0)])
    assert counted("households_over_half") == 0
    assert live("households_over_half_share") == 0
