"""Reads of orders, classes and certificates."""

from django.db.models import Count, Q, QuerySet

from fourdoors.kernel.divisions import Range
from fourdoors.placements.models import Placement
from fourdoors.register.models import Certificate
from fourdoors.training.models import Attendance, CourseClass, CourseOrder, Enrolment, Provider
from fourdoors.training.rules import ClassState


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


def _with_counts(found: QuerySet[CourseClass]) -> QuerySet[CourseClass]:
    return found.select_related("order__employer", "provider").order_by("-starts_on", "-pk")


def roster(course_class: CourseClass) -> QuerySet[Enrolment]:
    """Return the trainees of a class within the scope that is set, with the days attended."""
    return (
        Enrolment.objects.filter(course_class=course_class)
        .select_related("award__certificate")
        .annotate(
            days_attended=Count(
                "attendances", filter=Q(attendances__mark__in=["present", "late", "left_early"])
            )
        )
        .order_by("shown_name", "pk")
    )


def attendance_of(course_class: CourseClass) -> dict[tuple[int, str], str]:
    """Return marks by enrolment number and ISO day."""
    rows = Attendance.objects.filter(enrolment__course_class=course_class)
    return {(row.enrolment_id, row.on.isoformat()): row.mark for row in rows}


def providers() -> QuerySet[Provider]:
    """Return every provider by name."""
    return Provider.objects.order_by("name")


def waiting_for_class(occupation: str = "") -> QuerySet[Placement]:
    """Return open placements that wait for a certificate, within the scope that is set."""
    found = Placement.objects.filter(closed_on=None).exclude(certificate_needed="")
    return found.filter(certificate_needed=occupation) if occupation else found


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
