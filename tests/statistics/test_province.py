"""Measures of trips, training, deeds of the province and subsidies, at their edges."""

from datetime import UTC, date, datetime

import pytest

from fourdoors.subsidies.services import make_batch, release_batch
from fourdoors.training.models import Enrolment
from fourdoors.training.rules import Mark
from fourdoors.training.services import close_class, enrol, mark_attendance
from fourdoors.travel.models import Pass, Passage, Seat
from fourdoors.travel.rules import Door, Verdict
from tests.makers.accounts import make_officer
from tests.makers.partners import make_base, make_letter, make_station
from tests.makers.placements import make_placed_worker
from tests.makers.recruitment import make_draft, make_vacancy
from tests.makers.statistics import FIRST, LAST
from tests.makers.training import FIRST_DAY, ORDERED_AT, make_class
from tests.makers.travel import make_departed_trip
from tests.statistics.counted import (
    DAY,
    counted,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
CLOSED_AT = datetime(2020, 3, 13, 10, tzinfo=UTC)  # evening of the last day of the class


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
