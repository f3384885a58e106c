"""An order becomes a class, a class becomes certificates."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.credit_codes import is_credit_code
from fourdoors.kernel.divisions import Range, county_of
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.evidence import Grade
from fourdoors.partners.models import Employer
from fourdoors.placements.models import Placement
from fourdoors.recruitment.models import Vacancy
from fourdoors.register.models import Certificate, Worker
from fourdoors.store.scope import standing_in
from fourdoors.training.models import (
    Attendance,
    CertificateAwarded,
    CourseClass,
    CourseOrder,
    Enrolment,
    Provider,
)
from fourdoors.training.rules import (
    ATTENDED,
    ClassState,
    Mark,
    certificate_number,
    class_days,
    earns_certificate,
)


class TrainingError(RuleError):
    """A deed of training that cannot be done."""


class ProviderCodeError(TrainingError):
    """The credit code of a provider does not hold."""

    code: ClassVar[str] = "provider_code"


class ClassDaysError(TrainingError):
    """A class ends before it begins, or after its people are needed."""

    code: ClassVar[str] = "class_days"


class ClassCodeTakenError(TrainingError):
    """Another class has this code."""

    code: ClassVar[str] = "class_code_taken"


class ClassFullError(TrainingError):
    """The order asked for no more people."""

    code: ClassVar[str] = "class_full"


class ClassClosedError(TrainingError):
    """The class is closed."""

    code: ClassVar[str] = "class_closed"


class NotAClassDayError(TrainingError):
    """Attendance is marked for days of the class that have come."""

    code: ClassVar[str] = "not_a_class_day"


@transaction.atomic
def register_provider(
    *, name: str, credit_code: str, place: int, at: datetime, by: Officer | None = None
) -> Provider:
    """Register a training provider (培训机构), or return the one of that code.

    Raises:
        ProviderCodeError: the code is no credit code.
    """
    if not is_credit_code(credit_code):
        raise ProviderCodeError(credit_code=credit_code)
    provider, made = Provider.objects.get_or_create(
        credit_code=credit_code, defaults={"name": name, "place": place}
    )
    if made:
        record_deed(officer=by, action="training.provider_registered", at=at, object_id=provider.pk)
    return provider


@transaction.atomic
def order_course(  # noqa: PLR0913 (the fields of an order)
    *,
    employer: Employer,
    occupation: str,
    title: str,
    headcount: int,
    hours: int,
    needed_on: date,
    at: datetime,
    by: Officer | None,
    vacancy: Vacancy | None = None,
) -> CourseOrder:
    """Take an employer's order (培训订单): so many people with this skill by that day.

    Args:
        employer: who orders.
        occupation: CSCO code of the certificate.
        title: of the course.
        headcount: people wanted.
        hours: of teaching.
        needed_on: the day on which they must be ready.
        at: the moment.
        by: who takes the order.
        vacancy: the post they are trained for.
    """
    order = CourseOrder.objects.create(
        employer=employer,
        vacancy=vacancy,
        occupation=occupation,
        title=title,
        headcount=headcount,
        hours=hours,
        needed_on=needed_on,
        ordered_at=at,
    )
    record_deed(officer=by, action="training.ordered", at=at, object_id=order.pk, headcount=headcount)
    return order


@transaction.atomic
def open_class(  # noqa: PLR0913 (the fields of a class)
    *,
    order: CourseOrder,
    provider: Provider,
    code: str,
    division: int,
    place_words: str,
    starts_on: date,
    ends_on: date,
    at: datetime,
    by: Officer,
) -> CourseClass:
    """Open a class (开班) for an order.

    Raises:
        ClassDaysError: it ends before it begins, or after the order needs its people.
        ClassCodeTakenError: another class has this code.
    """
    if CourseClass.objects.filter(code=code).exists():
        raise ClassCodeTakenError(code=code)
    if not starts_on <= ends_on <= order.needed_on:
        raise ClassDaysError(starts_on=starts_on, ends_on=ends_on, needed_on=order.needed_on)
    opened = CourseClass.objects.create(
        order=order,
        provider=provider,
        code=code,
        division=division,
        place_words=place_words,
        starts_on=starts_on,
        ends_on=ends_on,
        state=ClassState.OPEN,
    )
    record_deed(
        officer=by, action="training.class_opened", at=at, county=county_of(division), object_id=opened.pk
    )
    return opened


@transaction.atomic
def enrol(
    *, course_class: CourseClass, placements: Sequence[Placement], at: datetime, by: Officer
) -> list[Enrolment]:
    """Enrol people who wait for this certificate; who is enrolled already stays as is.

    The class is locked before its places are counted.

    Raises:
        ClassClosedError: the class is closed.
        ClassFullError: more people than the order asked for.
    """
    course_class = (
        CourseClass.objects.select_for_update(of=("self",)).select_related("order").get(pk=course_class.pk)
    )
    if course_class.state == ClassState.CLOSED:
        raise ClassClosedError(code=course_class.code)
    known = set(Enrolment.objects.filter(course_class=course_class).values_list("worker", flat=True))
    new = [one for one in placements if one.worker_id not in known]
    held = Enrolment.objects.filter(course_class=course_class, left_at=None).count()
    if held + len(new) > course_class.order.headcount:
        raise ClassFullError(code=course_class.code, headcount=course_class.order.headcount)
    made = Enrolment.objects.bulk_create(
        Enrolment(
            village=one.village,
            county=one.county,
            course_class=course_class,
            provider_id=course_class.provider_id,
            worker_id=one.worker_id,
            placement=one,
            shown_name=one.shown_name,
            identity_tail=one.identity_tail,
            enrolled_at=at,
        )
        for one in new
    )
    record_deed(
        officer=by,
        action="training.enrolled",
        at=at,
        county=county_of(course_class.division),
        object_id=course_class.pk,
        persons=len(made),
    )
    return made


@transaction.atomic
def leave_class(*, enrolment: Enrolment, at: datetime, by: Officer) -> None:
    """Let a trainee leave a class (退班); a second time changes nothing, and no other row changes."""
    if not Enrolment.objects.filter(pk=enrolment.pk, left_at=None).update(left_at=at):
        return
    record_deed(
        officer=by,
        action="training.left",
        at=at,
        county=county_of(enrolment.course_class.division),
        object_id=enrolment.course_class_id,
        enrolment=enrolment.pk,
    )


@transaction.atomic
def mark_attendance(
    *, course_class: CourseClass, on: date, marks: Mapping[int, Mark], at: datetime, by: Officer
) -> int:
    """Write one day of a class (考勤); a second entry for the day replaces the first, the deed keeps both.

    Args:
        course_class: a class that is not closed.
        on: a day of the class, not in the future.
        marks: enrolment number -> mark.
        at: the moment.
        by: who marks.

    Raises:
        ClassClosedError: the class is closed.
        NotAClassDayError: ``on`` is no day of the class, or has not come.
    """
    if course_class.state == ClassState.CLOSED:
        raise ClassClosedError(code=course_class.code)
    if on not in class_days(course_class.starts_on, course_class.ends_on) or on > at.date():
        raise NotAClassDayError(code=course_class.code, on=on)
    rows = Enrolment.objects.filter(course_class=course_class, pk__in=marks, left_at=None)
    for enrolment in rows:
        Attendance.objects.update_or_create(
            enrolment=enrolment,
            on=on,
            defaults={
                "mark": marks[enrolment.pk].value,
                "provider_id": enrolment.provider_id,
                "village": enrolment.village,
                "county": enrolment.county,
            },
        )
    if course_class.state == ClassState.OPEN:
        CourseClass.objects.filter(pk=course_class.pk).update(state=ClassState.RUNNING)
    record_deed(
        officer=by,
        action="training.attendance",
        at=at,
        county=county_of(course_class.division),
        object_id=course_class.pk,
        on=on.isoformat(),
        marks={str(number): mark.value for number, mark in marks.items()},
    )
    return len(rows)


@transaction.atomic
def close_class(
    *,
    course_class: CourseClass,
    results: Mapping[int, tuple[int, int]],
    issuer: str,
    on: date,
    at: datetime,
    by: Officer | None,
) -> list[CertificateAwarded]:
    """Close a class with its marks; who attended and passed gets a certificate in the register.

    Args:
        course_class: a class that is not closed.
        results: enrolment number -> marks in theory and practice, 0 to 100.
        issuer: named on the certificate.
        on: day of issue.
        at: the moment.
        by: who closes it.

    Raises:
        ClassClosedError: it is closed already.
    """
    course_class = (
        CourseClass.objects.select_for_update(of=("self",)).select_related("order").get(pk=course_class.pk)
    )
    if course_class.state == ClassState.CLOSED:
        raise ClassClosedError(code=course_class.code)
    days = len(class_days(course_class.starts_on, course_class.ends_on))
    awarded = [
        _award(course_class, enrolment, results[enrolment.pk], days, issuer, on)
        for enrolment in Enrolment.objects.filter(course_class=course_class, pk__in=results).order_by("pk")
    ]
    course_class.state = ClassState.CLOSED
    course_class.save(update_fields=["state"])
    record_deed(
        officer=by,
        action="training.class_closed",
        at=at,
        county=county_of(course_class.division),
        object_id=course_class.pk,
        certificates=sum(1 for one in awarded if one.certificate_id),
    )
    return awarded


def _award(
    course_class: CourseClass, enrolment: Enrolment, marks: tuple[int, int], days: int, issuer: str, on: date
) -> CertificateAwarded:
    attended = enrolment.attendances.filter(mark__in=[mark.value for mark in ATTENDED]).count()
    theory, practice = marks
    earned = earns_certificate(days=days, attended=attended, theory=theory, practice=practice)
    return CertificateAwarded.objects.create(
        village=enrolment.village,
        county=enrolment.county,
        enrolment=enrolment,
        provider_id=enrolment.provider_id,
        theory=theory,
        practice=practice,
        certificate=_certificate(course_class, enrolment, issuer, on) if earned else None,
        awarded_on=on,
    )


def _certificate(course_class: CourseClass, enrolment: Enrolment, issuer: str, on: date) -> Certificate:
    with standing_in(Range(enrolment.village, enrolment.village + 1)):  # a provider cannot read the register
        return Certificate.objects.create(
            village=enrolment.village,
            county=enrolment.county,
            worker=Worker.objects.get(pk=enrolment.worker_id),
            occupation=course_class.order.occupation,
            title=course_class.order.title,
            number=certificate_number(class_code=course_class.code, enrolment=enrolment.pk),
            issued_on=on,
            issuer=issuer,
            grade=Grade.B,
        )


def record_export(*, course_class: CourseClass, rows: int, by: Officer, at: datetime) -> None:
    """Record that the roster of a class left the house as a workbook, and how long it was."""
    record_deed(
        officer=by,
        action="training.roster_exported",
        at=at,
        county=county_of(course_class.division),
        object_id=course_class.pk,
        rows=rows,
    )
