"""Classes to order: attendance, marks, and what a certificate takes."""

from datetime import date, timedelta

from fourdoors.kernel.terms import Term

PASS_MARK = 60  # of 100, in theory and in practice; common rule of the national skill tests
LEAST_ATTENDANCE_SHARE = 0.8  # of the days of a class; the project's own default
HOURS_PER_DAY = 8


class ClassState(Term):
    """Where a class stands (培训班状态)."""

    OPEN = "open", "Open for enrolment", "报名中"
    RUNNING = "running", "In class", "培训中"
    CLOSED = "closed", "Finished", "已结业"


class Mark(Term):
    """One day of one trainee (考勤): the signs of the paper roster are read too."""

    PRESENT = "present", "There", "到", "/"
    ABSENT = "absent", "Absent", "不到", "○"
    EXCUSED = "excused", "Excused", "告假", "×"
    LATE = "late", "Came late", "迟到", "¢"
    LEFT_EARLY = "left_early", "Left early", "早退", "△"


ATTENDED = frozenset({Mark.PRESENT, Mark.LATE, Mark.LEFT_EARLY})


def class_days(starts_on: date, ends_on: date) -> list[date]:
    """Return every day of a class, weekends too: short courses before a departure run through.

    >>> len(class_days(date(2020, 2, 24), date(2020, 2, 28)))
    5
    """
    return [starts_on + timedelta(days=number) for number in range((ends_on - starts_on).days + 1)]


def certificate_number(*, class_code: str, enrolment: int) -> str:
    """Return the number of the certificate that an enrolment earns.

    >>> certificate_number(class_code="LX2020-01", enrolment=7)
    'LX2020-01-7'
    """
    return f"{class_code}-{enrolment}"


def earns_certificate(*, days: int, attended: int, theory: int, practice: int) -> bool:
    """Tell whether attendance and both marks are enough.

    >>> earns_certificate(days=10, attended=8, theory=60, practice=60)
    True
    >>> earns_certificate(days=10, attended=7, theory=90, practice=90)
    False
    """
    enough = days > 0 and attended >= LEAST_ATTENDANCE_SHARE * days
    return enough and min(theory, practice) >= PASS_MARK
