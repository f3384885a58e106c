"""Reads of orders, classes and certificates."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.kernel.divisions import Range, names_of
from fourdoors.kernel.periods import full_years
from fourdoors.kernel.terms import Education, Sex
from fourdoors.placements.models import Placement
from fourdoors.recruitment.models import Vacancy
from fourdoors.register.models import Certificate
from fourdoors.register.selectors import identity_shown
from fourdoors.training.models import (
    Attendance,
    CertificateAwarded,
    CourseClass,
    CourseOrder,
    Enrolment,
    Provider,
)
from fourdoors.training.rules import ATTENDED, ClassState, certificate_number


def orders() -> QuerySet[CourseOrder]:
    """Return every order with the number of classes that serve it, the newest first."""
    return (
        CourseOrder.objects.select_related("employer", "vacancy")
        .annotate(class_count=Count("classes"))
        .order_by("-ordered_at", "-pk")
    )


def classes_in(jurisdiction: Range) -> QuerySet[CourseClass]:
    """Return the classes held in a range of divisions, the newest first."""
    found = CourseClass.objects.filter(division__gte=jurisdiction.lo, division__lt=jurisdiction.hi)
    return _with_counts(found)


def classes_of(provider: int) -> QuerySet[CourseClass]:
    """Return the classes of one provider, the newest first."""
    return _with_counts(CourseClass.objects.filter(provider=provider))


def classes_visible_to(officer: Officer) -> QuerySet[CourseClass]:
    """Return a provider's own classes to its trainer, those held in the territory to its officers.

    A township, where no class is held, sees those in which people of its own villages sit.
    """
    if officer.duty == Duty.TRAINER:
        return classes_of(officer.organisation or 0)
    if officer.duty == Duty.TOWNSHIP:
        own = Enrolment.objects.filter(village__gte=officer.lo, village__lt=officer.hi)
        return _with_counts(CourseClass.objects.filter(pk__in=own.values("course_class")))
    return classes_in(officer.jurisdiction) if officer.duty in TERRITORIAL else CourseClass.objects.none()


def _with_counts(found: QuerySet[CourseClass]) -> QuerySet[CourseClass]:
    trainees = Count("enrolments", filter=Q(enrolments__left_at=None))
    return (
        found.select_related("order__employer", "order__vacancy", "provider")
        .annotate(trainees=trainees)
        .order_by("-starts_on", "-pk")
    )


def roster(course_class: CourseClass) -> QuerySet[Enrolment]:
    """Return the trainees of a class within the scope that is set, with the days attended.

    A provider cannot read the register: ask ``award.certificate_id``, never ``award.certificate``.
    """
    attended = Count("attendances", filter=Q(attendances__mark__in=[mark.value for mark in ATTENDED]))
    return (
        Enrolment.objects.filter(course_class=course_class)
        .select_related("award")
        .annotate(days_attended=attended)
        .order_by("shown_name", "pk")
    )


def enrolment_of(placement: Placement) -> Enrolment | None:
    """Return the newest class of a placement that was not left."""
    found = Enrolment.objects.filter(placement=placement, left_at=None).order_by("-pk")
    return found.select_related("course_class__order", "award").first()


def awards_visible_to(officer: Officer) -> QuerySet[CertificateAwarded]:
    """Return the certificates earned in the classes an officer sees, the newest first."""
    found = CertificateAwarded.objects.filter(
        enrolment__course_class__in=classes_visible_to(officer).order_by().values("pk"),
        certificate__isnull=False,
    )
    return found.select_related("enrolment__course_class__order", "provider").order_by("-awarded_on", "-pk")


def attendance_of(course_class: CourseClass) -> dict[tuple[int, str], str]:
    """Return marks by enrolment number and ISO day."""
    rows = Attendance.objects.filter(enrolment__course_class=course_class)
    return {(row.enrolment_id, row.on.isoformat()): row.mark for row in rows}


def providers() -> QuerySet[Provider]:
    """Return every provider by name."""
    return Provider.objects.order_by("name")


def waiting_for_class(occupation: str = "") -> QuerySet[Placement]:
    """Return open placements that wait for a certificate and for a class, within the scope that is set.

    Who earned the certificate meanwhile, or sits in a class that is not closed, waits for no class.
    """
    found = waiting_for_certificate().exclude(
        Exists(
            Enrolment.objects.filter(placement=OuterRef("pk"), left_at=None).exclude(
                course_class__state=ClassState.CLOSED
            )
        )
    )
    return found.filter(certificate_needed=occupation) if occupation else found


@dataclass(frozen=True)
class Waiting:
    """People of one vacancy who wait for a class of one occupation."""

    vacancy: Vacancy
    occupation: str
    people: int
    needed_on: date  # the first day of work of the earliest


def waiting_groups() -> list[Waiting]:
    """Return who waits for a class by vacancy, the most people first; two queries."""
    rows = list(
        waiting_for_class()
        .order_by()
        .values("vacancy", "certificate_needed")
        .annotate(people=Count("pk"), needed_on=Min("starts_on"))
    )
    known = Vacancy.objects.select_related("employer").in_bulk([row["vacancy"] for row in rows])
    groups = [
        Waiting(known[row["vacancy"]], row["certificate_needed"], row["people"], row["needed_on"])
        for row in rows
    ]
    return sorted(groups, key=lambda one: (-one.people, one.vacancy.pk))


def waiting_for_certificate() -> QuerySet[Placement]:
    """Return open placements whose worker lacks the certificate, within the scope that is set."""
    held = Certificate.objects.filter(worker=OuterRef("worker"), occupation=OuterRef("certificate_needed"))
    found = Placement.objects.filter(closed_on=None).exclude(certificate_needed="").exclude(Exists(held))
    return found.select_related("vacancy", "employer").order_by("village", "shown_name", "pk")


def lacking_certificate(placements: Collection[int]) -> set[int]:
    """Return which of these placements wait for a certificate that is not held yet.

    The answer is the same for an employer, who sees no certificate: pass only placements the asker may see.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT placement FROM training_lacking(%s)", [list(placements)])
        return {number for (number,) in cursor.fetchall()}


def may_travel(placement: Placement) -> bool:
    """Tell whether a placement waits for nothing: no certificate asked for, or one held."""
    if not placement.certificate_needed:
        return True
    return Certificate.objects.filter(
        worker=placement.worker_id, occupation=placement.certificate_needed
    ).exists()


def classes_not_closed(classes: QuerySet[CourseClass]) -> QuerySet[CourseClass]:
    """Return the classes that still go on, or have yet to begin."""
    return classes.exclude(state=ClassState.CLOSED.value)


def _trainees(home: Range, of: str) -> QuerySet[Enrolment]:
    """Return who sits in the classes held in a place, or in class ``of``, within the scope that is set."""
    found = Enrolment.objects.filter(
        course_class__division__gte=home.lo, course_class__division__lt=home.hi, left_at=None
    )
    found = found.filter(course_class__code=of) if of else found
    found = found.select_related("course_class__order__employer", "worker", "award__certificate")
    return found.order_by("course_class", "pk")


def _person(one: Enrolment, *, whole: bool) -> dict[str, Any]:
    worker = one.worker
    return {
        "name": one.shown_name, "sex": Sex(worker.sex).zh, "born_on": worker.born_on,
        "education": Education(worker.education).zh if worker.education else "",
        "identity": identity_shown(worker.identity_cipher, worker.identity_tail, whole=whole),
        "class_number": one.course_class.code,
    }  # fmt: skip


def roster_rows(home: Range, on: date, *, whole: bool, of: str = "") -> Iterator[dict[str, Any]]:
    """Yield the class rosters (班级学员花名册) of a place, or that of class ``of``; no telephone."""
    for serial, one in enumerate(_trainees(home, of).iterator(chunk_size=1000), start=1):
        yield {
            **_person(one, whole=whole), "serial": str(serial), "age": full_years(one.worker.born_on, on),
            "registered_place": "".join(names_of(one.village).values()),
            "promised_employer": one.course_class.order.employer.name,
        }  # fmt: skip


def result_rows(home: Range, on: date, *, whole: bool, of: str = "") -> Iterator[dict[str, Any]]:
    """Yield the results sheets (考核成绩) of a place or of class ``of``, with the marks there are."""
    for serial, one in enumerate(_trainees(home, of).iterator(chunk_size=1000), start=1):
        award = getattr(one, "award", None)
        yield {
            "serial": str(serial), "name": one.shown_name,
            "candidate_number": certificate_number(class_code=one.course_class.code, enrolment=one.pk),
            "theory": award and award.theory, "practice": award and award.practice,
        }  # fmt: skip


def certificate_rows(home: Range, on: date, *, whole: bool, of: str = "") -> Iterator[dict[str, Any]]:
    """Yield the certificates (证书发放表) earned in the classes of a place, or in class ``of``."""
    earned = _trainees(home, of).filter(award__certificate__isnull=False)
    for serial, one in enumerate(earned.iterator(chunk_size=1000), start=1):
        yield {
            **_person(one, whole=whole), "serial": str(serial), "theory": one.award.theory,
            "practice": one.award.practice,
            "certificate_number": one.award.certificate.number if one.award.certificate else "",
            "employer_name": one.course_class.order.employer.name,
        }  # fmt: skip


def class_rows(home: Range, on: date, *, whole: bool, of: str = "") -> Iterator[dict[str, Any]]:
    """Yield the classes (开班申请表) held in a place, or class ``of`` only."""
    held = classes_in(home).filter(code=of) if of else classes_in(home)
    for one in held.iterator(chunk_size=1000):
        yield {
            "class_number": one.code, "nature": "订单培训", "occupation_words": one.order.title,
            "hours": f"{one.order.hours} 学时", "starts_on": one.starts_on, "place_words": one.place_words,
            "state": "通过",
        }  # fmt: skip
