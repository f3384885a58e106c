"""Rosters and results as files: who is enrolled, which class is closed, what stays out and why."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fourdoors.engines.sheets import FORMS
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.services import AlreadyBroughtInError, rehearse_merge
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.kernel.identity import invented_identity
from fourdoors.kernel.terms import Sex
from fourdoors.placements.models import Placement
from fourdoors.recruitment.rules import Asked, RequirementKind
from fourdoors.register.models import Certificate, Worker
from fourdoors.store.scope import Scope, set_scope
from fourdoors.store.vault import vault
from fourdoors.training.models import CertificateAwarded, CourseClass, Enrolment
from fourdoors.training.rules import Mark, class_days
from fourdoors.training.services import (
    enrol,
    leave_class,
    mark_attendance,
    merge_class_results,
    merge_class_roster,
)
from tests.engines.sheets.corpus import xlsx
from tests.makers.accounts import DANGCHANG, LI_COUNTY, LI_VILLAGE, make_officer
from tests.makers.intake import make_asked_import, make_import
from tests.makers.placements import make_placed_worker
from tests.makers.recruitment import make_draft, make_vacancy
from tests.makers.register import make_worker
from tests.makers.training import FIRST_DAY, LAST_DAY, ORDERED_AT, make_class

pytestmark = pytest.mark.django_db
EVENING = datetime(2020, 3, 13, 10, 0, tzinfo=UTC)
ROSTER, RESULTS = "training_roster", "training_results"
BORN_ON = date(1987, 3, 4)


@pytest.fixture(autouse=True)
def _province(db: None) -> None:
    set_scope(Scope(territory=range_of(GANSU)))


@pytest.fixture
def placement() -> Placement:
    make_vacancy(draft=make_draft(requirements=(Asked(RequirementKind.CERTIFICATE, "6-05-01-03"),)))
    return make_placed_worker()


def person(sequence: int, village: int = LI_VILLAGE, name: str = "马小兰") -> tuple[Worker, str]:
    number = invented_identity(sequence=sequence, born_on=BORN_ON, sex=Sex.FEMALE)
    return make_worker(identity=number, village=village, name=name, born_on=BORN_ON), number


def line(identity: str, **changed: str) -> dict[str, str]:
    return {"name": "马小兰", "sex": "女", "identity": identity, "class_number": "LX2020-01"} | changed


def file(form: str, *rows: dict[str, str], more: tuple[str, ...] = ()) -> bytes:
    columns = FORMS[form].kept
    titles = [*(column.titles[0] for column in columns), *more]
    return xlsx([titles, *([*(row.get(c.key, "") for c in columns), *("某" for _ in more)] for row in rows)])


def roster(*rows: dict[str, str], name: str = "花名册.xlsx") -> Import:
    batch = make_asked_import(data=file(ROSTER, *rows), form=ROSTER, name=name, at=ORDERED_AT)
    return merge_class_roster(import_id=batch.pk, at=ORDERED_AT, by=make_officer())


def results(*rows: dict[str, str], name: str = "成绩.xlsx", at: datetime = EVENING) -> Import:
    batch = make_asked_import(data=file(RESULTS, *rows), form=RESULTS, name=name, at=at)
    return merge_class_results(import_id=batch.pk, at=at, by=make_officer())


def codes() -> list[str]:
    rows = StagedRow.objects.filter(outcome="faulty").order_by("batch", "number")
    return [row.faults[0]["code"] for row in rows]


def marks(trainee: Enrolment, theory: str = "80", practice: str = "75", **changed: str) -> dict[str, str]:
    number = f"{trainee.course_class.code}-{trainee.pk}"
    row = {"candidate_number": number, "name": trainee.shown_name, "theory": theory, "practice": practice}
    return row | changed


def attended(course: CourseClass) -> None:
    trainees = Enrolment.objects.filter(course_class=course)
    for on in class_days(FIRST_DAY, LAST_DAY):
        present = {one.pk: Mark.PRESENT for one in trainees}
        mark_attendance(course_class=course, on=on, marks=present, at=EVENING, by=make_officer())
    course.refresh_from_db()


def test_who_is_on_a_roster_sits_in_the_class_and_the_same_again_changes_nothing(
    placement: Placement,
) -> None:
    course = make_class(placement=placement)
    worker, number = person(1)
    assert roster(line(number)).counts["new"] == 1
    seat = Enrolment.objects.get()
    assert (seat.course_class, seat.worker, seat.placement) == (course, worker, None)
    assert (seat.shown_name, seat.identity_tail, seat.enrolled_at) == ("马小兰", number[-3:], ORDERED_AT)

    again = roster(line(number, serial="1"), name="again")
    assert (again.counts["new"], again.counts["unchanged"]) == (0, 1)
    with pytest.raises(AlreadyBroughtInError):
        roster(line(number))


def test_a_placement_that_waits_for_the_certificate_is_remembered(placement: Placement) -> None:
    make_class(placement=placement)
    number = invented_identity(sequence=5, born_on=BORN_ON, sex=Sex.FEMALE)
    Worker.objects.filter(pk=placement.worker_id).update(identity_hash=vault().hash("identity", number))
    assert roster(line(number)).counts["new"] == 1
    assert Enrolment.objects.get().placement == placement


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"class_number": "LX2020-02"}, "class_unknown"),
        ({"class_number": ""}, "missing"),
        ({"name": "马大兰"}, "trainee_name"),
        ({"sex": "男"}, "sex_differs"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(
    placement: Placement, changed: dict[str, str], code: str
) -> None:
    make_class(placement=placement)
    _, number = person(2)
    roster(line(number, **changed))
    assert codes() == [code]
    assert not Enrolment.objects.exists()


def test_nobody_is_enrolled_twice_beyond_the_places_from_elsewhere_or_after_leaving(
    placement: Placement,
) -> None:
    course = make_class(placement=placement, headcount=1)
    (_, first), (_, second) = person(3), person(4)
    roster(line(first), line(second), line(first))
    assert codes() == ["class_full", "twice_in_file"]
    leave_class(enrolment=Enrolment.objects.get(), at=EVENING, by=make_officer())
    StagedRow.objects.all().delete()
    roster(line(first, serial="1"), name="b")
    assert codes() == ["trainee_left"]
    StagedRow.objects.all().delete()
    _, stranger = person(6, village=DANGCHANG + 100_201)
    set_scope(Scope(territory=range_of(LI_COUNTY)))
    roster(line(stranger), name="c")
    assert codes() == ["trainee_unknown"]
    CourseClass.objects.update(state="closed")
    StagedRow.objects.all().delete()
    roster(line(second, serial="2"), name="d")
    assert codes() == ["class_closed"]
    assert Enrolment.objects.filter(course_class=course).count() == 1


def test_a_class_of_another_county_is_not_known(placement: Placement) -> None:
    make_class(placement=placement)
    CourseClass.objects.update(division=DANGCHANG)
    _, number = person(7)
    roster(line(number))
    assert codes() == ["class_unknown"]


def test_results_close_a_class_and_pass_whoever_passed(placement: Placement) -> None:
    course = make_class(placement=placement)
    people = [person(10 + at, name=f"马{'一二三'[at]}兰") for at in range(3)]
    roster(*(line(number, name=worker.name) for worker, number in people))
    attended(course)
    one, two, three = Enrolment.objects.order_by("pk")

    done = results(marks(one), marks(two, "59"), marks(three, "60", "60"))
    assert (done.counts["new"], done.counts["faulty"]) == (3, 0)
    course.refresh_from_db()
    assert course.state == "closed"
    earned = CertificateAwarded.objects.filter(certificate__isnull=False).order_by("pk")
    assert [award.enrolment_id for award in earned] == [one.pk, three.pk]
    assert Certificate.objects.get(worker=one.worker).number == f"LX2020-01-{one.pk}"

    again = results(marks(one), marks(two, "59"), marks(three, "61", "60"), name="again")
    assert (again.counts["unchanged"], again.counts["faulty"]) == (2, 1)
    assert codes() == ["class_closed"]
    assert CertificateAwarded.objects.get(enrolment=three).theory == 60


def test_a_class_is_closed_whole_and_not_before_its_last_day(placement: Placement) -> None:
    course = make_class(placement=placement)
    for at in range(2):
        worker, number = person(20 + at, name=f"马{'一二'[at]}兰")
        roster(line(number, name=worker.name), name=str(at))
    one, two = Enrolment.objects.order_by("pk")
    results(marks(one), name="half")
    assert codes() == ["results_incomplete"]
    StagedRow.objects.all().delete()
    results(marks(one), marks(two), name="early", at=datetime(2020, 3, 12, 10, 0, tzinfo=UTC))
    assert codes() == ["class_not_over", "class_not_over"]
    course.refresh_from_db()
    assert course.state == "open"
    assert not CertificateAwarded.objects.exists()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"candidate_number": "LX2020-01-999999"}, "candidate_unknown"),
        ({"candidate_number": "七号"}, "candidate_unknown"),
        ({"name": "马大兰"}, "trainee_name"),
        ({"theory": "101"}, "mark_over"),
        ({"practice": ""}, "missing"),
        ({"theory": "缺考"}, "not_a_number"),
    ],
)
def test_marks_that_cannot_be_taken_say_why(placement: Placement, changed: dict[str, str], code: str) -> None:
    make_class(placement=placement)
    _, number = person(30)
    roster(line(number))
    results(marks(Enrolment.objects.get(), **changed))
    assert codes() == [code]
    assert not CertificateAwarded.objects.exists()


def test_a_trainee_of_another_county_is_not_forgotten_when_the_county_closes_its_class(
    placement: Placement,
) -> None:
    make_class(placement=placement)
    _, number = person(31)
    roster(line(number))
    own = Enrolment.objects.get()
    foreign, _ = person(32, village=DANGCHANG + 100_201)
    Enrolment.objects.create(
        village=foreign.village, county=foreign.county, course_class=own.course_class, provider=own.provider,
        worker=foreign, shown_name="马远", identity_tail="123", enrolled_at=ORDERED_AT,
    )  # fmt: skip
    set_scope(Scope(territory=range_of(LI_COUNTY)))
    results(marks(own))
    assert codes() == ["results_incomplete"]
    set_scope(Scope(territory=range_of(GANSU)))
    assert not CertificateAwarded.objects.exists()


def test_the_rehearsal_of_results_closes_nothing(placement: Placement) -> None:
    make_class(placement=placement)
    _, number = person(33)
    roster(line(number))
    data = file(RESULTS, marks(Enrolment.objects.get()))
    batch = make_import(data=data, form=RESULTS, at=EVENING)
    told = rehearse_merge(import_id=batch.pk, merge=merge_class_results, at=EVENING)
    assert told.counts["would_new"] == 1
    assert CourseClass.objects.get().state == "open"
    assert not CertificateAwarded.objects.exists()


def test_the_statements_of_a_roster_do_not_grow_with_its_rows(placement: Placement) -> None:
    make_class(placement=placement)
    rows = [line(person(40 + at)[1]) for at in range(20)]
    few = make_asked_import(data=file(ROSTER, rows[0]), form=ROSTER, at=ORDERED_AT)
    many = make_asked_import(data=file(ROSTER, *rows[1:]), form=ROSTER, name="b", at=ORDERED_AT)
    with CaptureQueriesContext(connection) as first:
        merge_class_roster(import_id=few.pk, at=ORDERED_AT)
    with CaptureQueriesContext(connection) as second:
        merge_class_roster(import_id=many.pk, at=ORDERED_AT)
    assert len(second) <= len(first)
    assert Enrolment.objects.count() == 20


@pytest.mark.parametrize("form", [ROSTER, RESULTS])
def test_what_must_not_be_stored_is_dropped_and_reported(form: str) -> None:
    row = {"candidate_number": "A-1", "theory": "1", "practice": "1"} | line(person(70)[1])
    data = file(form, row, more=("民族", "宗教信仰", "政治面貌", "健康状况"))
    batch = make_import(data=data, form=form)
    assert {one["reason"] for one in batch.dropped} == {"ethnicity", "religion", "politics", "health"}
    assert "某" not in str(StagedRow.objects.get().cells)


def test_a_class_roster_is_only_joined_by_enrolling_not_by_being_known(placement: Placement) -> None:
    course = make_class(placement=placement)
    enrol(course_class=course, placements=[placement], at=ORDERED_AT, by=make_officer())
    _, number = person(80)
    roster(line(number))
    assert set(Enrolment.objects.values_list("placement", flat=True)) == {placement.pk, None}
