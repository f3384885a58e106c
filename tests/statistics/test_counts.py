"""Every measure on a ledger made by hand, at the edges of its definition."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction

from fourdoors.accounts.rules import Duty
from fourdoors.employment.models import Spell
from fourdoors.kernel.divisions import GANSU, Level, range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.terms import Channel, HouseholdStatusKind, RelationToHead
from fourdoors.partners.models import BrandMember
from fourdoors.partners.rules import EmployerKind
from fourdoors.register.models import Household, Worker
from fourdoors.register.rules import MembershipRow, OtherIncomeRow
from fourdoors.register.services import load_memberships, load_other_incomes
from fourdoors.statistics.models import Cell, Counting
from fourdoors.statistics.rules import all_measures
from fourdoors.statistics.selectors import last_counting, live_value, rows_behind, trend
from fourdoors.statistics.services import EmptyPeriodError, count_figures
from fourdoors.store.scope import Scope, set_scope
from fourdoors.subsidies.services import make_batch, release_batch
from fourdoors.training.models import Enrolment
from fourdoors.training.rules import Mark
from fourdoors.training.services import close_class, enrol, mark_attendance
from fourdoors.travel.models import Pass, Passage, Seat
from fourdoors.travel.rules import Door, Verdict
from tests.makers.accounts import LI_COUNTY, LI_VILLAGE, QINGDAO_JIAOZHOU, make_officer
from tests.makers.employment import make_income, make_spell
from tests.makers.partners import make_base, make_brand, make_employer, make_letter, make_station
from tests.makers.placements import make_placed_worker
from tests.makers.recruitment import make_draft, make_vacancy
from tests.makers.register import make_household, make_membership, make_status, make_worker
from tests.makers.statistics import COUNTED_AT, FIRST, LAST, make_poor
from tests.makers.training import FIRST_DAY, ORDERED_AT, make_class
from tests.makers.travel import make_departed_trip

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TIANJIN = 120111_000000
LANZHOU = 620102_000000
CLOSED_AT = datetime(2020, 3, 13, 10, tzinfo=UTC)  # evening of the last day of the class


@pytest.fixture(autouse=True)
def _province() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def counted(measure: str, *, from_on: date = FIRST, to_on: date = LAST) -> int:
    """Return a measure that is counted itself: persons, rows or fen."""
    rows = rows_behind(measure=measure, division=GANSU, from_on=from_on, to_on=to_on, most=500)
    return int(sum((row.value for row in rows), Decimal(0)))


def grades(measure: str) -> list[str]:
    return [row.grade for row in rows_behind(measure=measure, division=GANSU, from_on=FIRST, to_on=LAST)]


def live(measure: str) -> Decimal | None:
    count_figures(from_on=FIRST, to_on=LAST, at=COUNTED_AT)
    return live_value(measure=measure, division=GANSU).value


def a_spell(left_on: date = date(2020, 3, 2), ended_on: date | None = None, **more: object) -> Spell:
    return make_spell(worker=make_worker(), left_on=left_on, ended_on=ended_on, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("left_on", "ended_on", "is_counted"),
    [
        (LAST, None, True),  # left on the last day
        (LAST + DAY, None, False),
        (date(2019, 6, 1), FIRST + DAY, True),  # worked on the first day
        (date(2019, 6, 1), FIRST, False),  # the first day was no longer worked
        (FIRST, FIRST + DAY, True),  # one day of work
    ],
)
def test_a_person_is_transferred_by_a_day_of_work_in_the_period(
    left_on: date, ended_on: date | None, *, is_counted: bool
) -> None:
    a_spell(left_on, ended_on)
    assert counted("transferred_persons") == is_counted


def test_a_person_with_two_spells_is_one_person_and_two_times() -> None:
    worker = make_worker()
    make_spell(worker=worker, left_on=date(2020, 2, 1), ended_on=date(2020, 4, 1), grade=Grade.D)
    make_spell(worker=worker, left_on=date(2020, 5, 1), grade=Grade.B)

    assert counted("transferred_persons") == 1
    assert grades("transferred_persons") == ["B"]  # what is proved twice is worth the better proof
    assert counted("person_times") == 2


@pytest.mark.parametrize(("left_on", "times"), [(FIRST - DAY, 0), (FIRST, 1), (LAST, 1), (LAST + DAY, 0)])
def test_a_time_begins_inside_the_period(left_on: date, times: int) -> None:
    a_spell(left_on)
    assert counted("person_times") == times


@pytest.mark.parametrize(("ended_on", "out"), [(None, 1), (LAST + DAY, 1), (LAST, 0)])
def test_out_are_those_who_worked_on_the_last_day(ended_on: date | None, out: int) -> None:
    a_spell(ended_on=ended_on)
    assert counted("out_today") == out


@pytest.mark.parametrize(
    ("channel", "organised"),
    [(Channel.ORGANISED, 1), (Channel.RETURNED_TO_POST, 1), (Channel.SELF_ARRANGED, 0)],
)
def test_a_return_to_post_is_organised_and_a_way_of_ones_own_is_not(channel: Channel, organised: int) -> None:
    a_spell(channel=channel)
    assert counted("organised_persons") == organised


def test_the_organised_share_divides_persons_and_has_no_value_over_nobody() -> None:
    assert live("organised_share") is None
    for channel in (Channel.ORGANISED, Channel.ORGANISED, Channel.SELF_ARRANGED):
        a_spell(channel=channel)
    share = live("organised_share")
    assert share is not None
    assert round(share, 4) == Decimal("0.6667")


@pytest.mark.parametrize(
    ("left_on", "ended_on", "months"),
    [
        (date(2020, 3, 10), date(2020, 6, 10), 3),  # worked through 9 June: three full months
        (date(2020, 3, 10), date(2020, 6, 9), 0),
        (date(2020, 1, 31), date(2020, 5, 1), 3),  # no 31 April: the month is full on its last day
        (date(2020, 1, 31), date(2020, 4, 30), 0),
        (date(2020, 8, 1), None, 3),  # worked through 31 October, the last day counted
        (date(2020, 8, 2), None, 0),
        (date(2020, 5, 1), None, 6),
        (date(2020, 5, 2), None, 3),
    ],
)
def test_stable_work_is_so_many_full_months_of_one_spell(
    left_on: date, ended_on: date | None, months: int
) -> None:
    a_spell(left_on, ended_on)
    assert counted("stable_3_months") == (months >= 3)
    assert counted("stable_6_months") == (months >= 6)
    assert live("stable_3_share") == (months >= 3)
    assert live("stable_6_share") == (months >= 6)


def test_two_short_spells_are_no_stable_one() -> None:
    worker = make_worker()
    make_spell(worker=worker, left_on=date(2020, 2, 1), ended_on=date(2020, 4, 1))
    make_spell(worker=worker, left_on=date(2020, 4, 1), ended_on=date(2020, 6, 1))
    assert counted("stable_3_months") == 0


@pytest.mark.parametrize(
    ("month", "fen"),
    [
        (date(2019, 12, 1), 0),
        (date(2020, 1, 1), 450_000),
        (date(2020, 10, 1), 450_000),
        (date(2020, 11, 1), 0),
    ],
)
def test_pay_counts_by_its_month(month: date, fen: int) -> None:
    make_income(spell=a_spell(date(2019, 11, 1)), month=month)
    assert counted("labour_income") == fen


def test_a_period_that_begins_inside_a_month_takes_the_month_whole() -> None:
    make_income(spell=a_spell(date(2019, 11, 1)), month=date(2020, 3, 1))
    assert counted("labour_income", from_on=date(2020, 3, 15), to_on=date(2020, 3, 20)) == 450_000


def test_income_a_head_is_in_fen_and_carries_the_grades_of_the_money() -> None:
    make_income(spell=a_spell(), fen=400_000, grade=Grade.B)
    make_income(spell=a_spell(), fen=100_001, grade=Grade.D)
    assert live("income_per_person") == Decimal("250000.5")
    value = live_value(measure="labour_income", division=GANSU)
    assert value.value == 500_001
    assert {grade: round(share, 3) for grade, share in value.mix.items()} == {"B": 0.8, "D": 0.2}


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


@pytest.mark.parametrize(
    ("door", "verdict", "at", "carried"),
    [
        (Door.ENTER_FACTORY, Verdict.ACCEPTED, datetime(2020, 3, 9, 10, tzinfo=UTC), 1),
        (Door.ENTER_FACTORY, Verdict.OUT_OF_ORDER, datetime(2020, 3, 9, 10, tzinfo=UTC), 1),
        (Door.ENTER_FACTORY, Verdict.WRONG_TRIP, datetime(2020, 3, 9, 10, tzinfo=UTC), 0),
        (Door.ALIGHT, Verdict.ACCEPTED, datetime(2020, 3, 9, 10, tzinfo=UTC), 0),
        (Door.ENTER_FACTORY, Verdict.ACCEPTED, datetime(2020, 10, 31, 15, 59, tzinfo=UTC), 1),
        (Door.ENTER_FACTORY, Verdict.ACCEPTED, datetime(2020, 10, 31, 16, 0, tzinfo=UTC), 0),  # 1 November
    ],
)
def test_point_to_point_ends_at_the_fourth_door_on_a_chinese_day(
    door: Door, verdict: Verdict, at: datetime, carried: int
) -> None:
    trip = make_departed_trip(riders=1)
    seat = Seat.objects.get(trip=trip)
    Passage.objects.create(
        trip=trip, leg=seat.leg, seat=seat, carried_by=Pass.objects.get(seat=seat), door=door,
        verdict=verdict.value, device="d", device_sequence=1, device_at=at, received_at=at,
        village=seat.village, county=seat.county,
    )  # fmt: skip
    assert counted("point_to_point_persons") == carried


@pytest.mark.parametrize(("days", "earned"), [(5, 1), (1, 0)])
def test_trained_is_who_earned_a_certificate(days: int, earned: int) -> None:
    make_vacancy(draft=make_draft())
    placement = make_placed_worker()
    course = make_class(placement=placement)
    (trainee,) = enrol(course_class=course, placements=[placement], at=ORDERED_AT, by=make_officer())
    for number in range(days):
        mark_attendance(
            course_class=course, on=FIRST_DAY + number * DAY, marks={trainee.pk: Mark.PRESENT}, at=CLOSED_AT,
            by=make_officer(),
        )  # fmt: skip
    close_class(
        course_class=course, results={trainee.pk: (80, 80)}, issuer="礼县人社局（演示）",
        on=course.ends_on, at=CLOSED_AT, by=make_officer(),
    )  # fmt: skip
    assert Enrolment.objects.count() == 1
    assert counted("trained_persons") == earned
    assert counted("trained_persons", to_on=course.ends_on) == earned
    assert counted("trained_persons", to_on=course.ends_on - DAY) == 0


def test_letters_count_provinces_and_not_letters() -> None:
    make_letter(sent_on=FIRST)
    make_letter(number="二", sent_on=LAST)
    make_letter(number="三", sent_on=LAST, code=120000_000000)
    make_letter(number="四", sent_on=LAST + DAY, code=310000_000000)
    assert counted("letters_sent") == 2


def test_a_station_counts_until_the_day_it_closes() -> None:
    make_station()
    gone = make_station(name="礼县驻天津劳务工作站")
    gone.closed_on = LAST
    gone.save()
    assert counted("stations_open") == 1
    assert counted("stations_open", to_on=LAST - DAY) == 2


@pytest.mark.parametrize(("plaque_on", "held"), [(LAST, 1), (LAST + DAY, 0), (date(2017, 10, 31), 0)])
def test_a_base_counts_while_its_plaque_is_valid(plaque_on: date, held: int) -> None:
    make_base(plaque_on=plaque_on)
    assert counted("bases_accredited") == held


def test_a_subsidy_counts_when_its_list_is_released() -> None:
    from tests.makers import subsidies as zhouqu

    claim = zhouqu.make_claim()
    zhouqu.approve_all()
    batch = make_batch(
        policy=claim.policy, division=zhouqu.ZHOUQU, by=zhouqu.make_maker(), at=zhouqu.REVIEWED_AT
    )
    assert counted("subsidies_paid") == 0
    release_batch(batch=batch, by=zhouqu.make_checker(), at=zhouqu.REVIEWED_AT)
    assert counted("subsidies_paid") == claim.fen
    assert counted("subsidies_paid", to_on=zhouqu.REVIEWED_AT.date() - DAY) == 0


def test_every_measure_that_is_counted_was_tried_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in all_measures() if f'"{name}"' not in text] == []


def test_a_new_counting_takes_the_place_of_the_last_one_and_says_its_days() -> None:
    a_spell()
    a_spell(ended_on=LAST)
    for to_on in (LAST, LAST - DAY):
        cells = count_figures(from_on=FIRST, to_on=to_on, at=COUNTED_AT + (LAST - to_on))
        assert cells == Cell.objects.filter(level=Level.VILLAGE).count()

    counting = last_counting()
    assert counting is not None
    assert Counting.objects.count() == 1
    assert (counting.from_on, counting.to_on, counting.counted_at) == (FIRST, LAST - DAY, COUNTED_AT + DAY)
    assert live_value(measure="out_today", division=GANSU).value == 2


def test_one_day_may_be_counted_and_a_day_less_may_not() -> None:
    count_figures(from_on=FIRST, to_on=FIRST, at=COUNTED_AT)
    with pytest.raises(EmptyPeriodError):
        count_figures(from_on=FIRST, to_on=FIRST - DAY, at=COUNTED_AT)
    assert Counting.objects.get().to_on == FIRST


def test_a_line_of_months_adds_up_from_the_first_day_and_ends_on_the_last() -> None:
    a_spell(date(2020, 1, 10), date(2020, 1, 20))
    a_spell(date(2020, 2, 10), None)
    a_spell(date(2020, 3, 20), None)  # after the last day, in its month
    count_figures(from_on=FIRST, to_on=date(2020, 3, 15), at=COUNTED_AT)

    points = [(month.month, value) for month, value in trend(measure="transferred_persons", division=GANSU)]
    assert points == [(1, 1), (2, 2), (3, 2)]


def test_counting_leaves_the_planner_as_it_was() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        count_figures(from_on=FIRST, to_on=LAST, at=COUNTED_AT)
        cursor.execute("SELECT current_setting('enable_nestloop')")
        assert cursor.fetchone() == ("on",)


def test_a_county_counts_its_own_rows_alone() -> None:
    a_spell()
    make_spell(worker=make_worker(village=620502_001001))
    set_scope(Scope(territory=range_of(LI_COUNTY)))
    assert make_officer(duty=Duty.COUNTY).jurisdiction == range_of(LI_COUNTY)
    assert counted("transferred_persons") == 1
    rows = rows_behind(measure="transferred_persons", division=LI_COUNTY, from_on=FIRST, to_on=LAST)
    assert [row.village for row in rows] == [LI_VILLAGE]
