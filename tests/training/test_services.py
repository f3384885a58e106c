"""From an order to a certificate: days, places, marks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fourdoors.accounts.rules import Duty
from fourdoors.accounts.selectors import scope_of
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.placements.models import Placement
from fourdoors.recruitment.rules import Asked, RequirementKind
from fourdoors.register.models import Certificate, Worker
from fourdoors.store.scope import Scope, set_scope
from fourdoors.training.models import Attendance, CourseClass, Enrolment
from fourdoors.training.rules import ClassState, Mark
from fourdoors.training.selectors import may_travel, roster, waiting_for_class
from fourdoors.training.services import (
    ClassClosedError,
    ClassDaysError,
    ClassFullError,
    NotAClassDayError,
    ProviderCodeError,
    close_class,
    enrol,
    mark_attendance,
    open_class,
    register_provider,
)
from tests.makers.accounts import LI_COUNTY, make_officer
from tests.makers.placements import make_placed_worker
from tests.makers.recruitment import make_draft, make_vacancy
from tests.makers.training import (
    FIRST_DAY,
    LAST_DAY,
    NEEDED_ON,
    ORDERED_AT,
    make_class,
    make_order,
    make_provider,
)

pytestmark = pytest.mark.django_db
EVENING = datetime(2020, 3, 13, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _province() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


@pytest.fixture
def placement() -> Placement:
    asks = (Asked(RequirementKind.CERTIFICATE, "6-05-01-03"),)
    make_vacancy(draft=make_draft(requirements=asks))
    return make_placed_worker()


def enrolled(placement: Placement, *, headcount: int = 30) -> tuple[CourseClass, Enrolment]:
    course = make_class(placement=placement, headcount=headcount)
    return course, enrol(course_class=course, placements=[placement], at=ORDERED_AT, by=make_officer())[0]


def attend(course: CourseClass, trainee: Enrolment, days: int) -> None:
    for number in range(days):
        mark_attendance(
            course_class=course,
            on=FIRST_DAY + timedelta(days=number),
            marks={trainee.pk: Mark.PRESENT},
            at=EVENING,
            by=make_officer(),
        )


def close(course: CourseClass, trainee: Enrolment, theory: int = 80, practice: int = 80) -> None:
    close_class(
        course_class=course,
        results={trainee.pk: (theory, practice)},
        issuer="礼县人社局（演示）",
        on=LAST_DAY,
        at=EVENING,
        by=make_officer(),
    )


def test_a_placement_waits_for_its_certificate_and_no_longer(placement: Placement) -> None:
    assert list(waiting_for_class()) == [placement]
    assert not may_travel(placement)
    course, trainee = enrolled(placement)
    attend(course, trainee, 5)
    close(course, trainee)
    assert may_travel(placement)
    assert Certificate.objects.get().worker == placement.worker


@pytest.mark.parametrize(
    ("days", "theory", "practice", "earned"),
    [(4, 60, 60, True), (3, 100, 100, False), (5, 59, 100, False), (5, 100, 59, False)],
)
def test_attendance_and_both_marks_are_needed(
    placement: Placement, days: int, theory: int, practice: int, *, earned: bool
) -> None:
    course, trainee = enrolled(placement)
    attend(course, trainee, days)
    close(course, trainee, theory, practice)
    assert Certificate.objects.exists() is earned
    assert may_travel(placement) is earned


def test_a_class_ends_before_its_people_are_needed(placement: Placement) -> None:
    order = make_order(vacancy=placement.vacancy)

    def open_until(ends_on: date) -> CourseClass:
        return open_class(
            order=order, provider=make_provider(), code="X", division=LI_COUNTY, place_words="",
            starts_on=FIRST_DAY, ends_on=ends_on, at=ORDERED_AT, by=make_officer(),
        )  # fmt: skip

    for wrong in (NEEDED_ON + timedelta(days=1), FIRST_DAY - timedelta(days=1)):
        with pytest.raises(ClassDaysError):
            open_until(wrong)
    assert not CourseClass.objects.exists()
    assert open_until(NEEDED_ON).state == ClassState.OPEN


def test_no_more_people_than_the_order_asked_for(placement: Placement) -> None:
    course, _ = enrolled(placement, headcount=1)
    other = make_placed_worker(name="第二人")
    with pytest.raises(ClassFullError):
        enrol(course_class=course, placements=[other], at=ORDERED_AT, by=make_officer())
    assert Enrolment.objects.count() == 1


def test_enrolling_twice_changes_nothing(placement: Placement) -> None:
    course, _ = enrolled(placement)
    assert enrol(course_class=course, placements=[placement], at=ORDERED_AT, by=make_officer()) == []


@pytest.mark.parametrize("day", [FIRST_DAY - timedelta(days=1), LAST_DAY + timedelta(days=1)])
def test_attendance_is_marked_on_class_days_only(placement: Placement, day: date) -> None:
    course, trainee = enrolled(placement)
    with pytest.raises(NotAClassDayError):
        mark_attendance(
            course_class=course, on=day, marks={trainee.pk: Mark.PRESENT},
            at=EVENING + timedelta(days=9), by=make_officer(),
        )  # fmt: skip
    assert not Attendance.objects.exists()


def test_attendance_is_not_marked_ahead(placement: Placement) -> None:
    course, trainee = enrolled(placement)
    with pytest.raises(NotAClassDayError):
        mark_attendance(
            course_class=course, on=LAST_DAY, marks={trainee.pk: Mark.PRESENT},
            at=EVENING - timedelta(days=1), by=make_officer(),
        )  # fmt: skip


def test_a_closed_class_stays_closed(placement: Placement) -> None:
    course, trainee = enrolled(placement)
    close(course, trainee)
    course.refresh_from_db()
    with pytest.raises(ClassClosedError):
        close(course, trainee)
    with pytest.raises(ClassClosedError):
        attend(course, trainee, 1)
    with pytest.raises(ClassClosedError):
        enrol(course_class=course, placements=[placement], at=ORDERED_AT, by=make_officer())


def test_a_provider_sees_its_own_trainees_and_never_the_register(placement: Placement) -> None:
    course, trainee = enrolled(placement)
    officer = make_officer(username="school", duty=Duty.TRAINER, organisation=course.provider_id)
    stranger = make_officer(username="other", duty=Duty.TRAINER, organisation=course.provider_id + 1)

    set_scope(scope_of(officer))
    assert [one.pk for one in roster(course)] == [trainee.pk]
    assert not Worker.objects.exists()
    attend(course, trainee, 5)
    close(course, trainee)
    set_scope(scope_of(stranger))
    assert not roster(course).exists()
    set_scope(Scope(territory=range_of(GANSU)))
    assert Certificate.objects.count() == 1


def test_a_provider_needs_a_true_code() -> None:
    with pytest.raises(ProviderCodeError):
        register_provider(name="x", credit_code="91620000MA00000000", place=LI_COUNTY, at=ORDERED_AT)
