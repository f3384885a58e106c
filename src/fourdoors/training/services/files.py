"""Rosters and results that come as files: who sits in a class, and what it ended with."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from django.db import transaction
from django.utils import timezone

from fourdoors.accounts.models import Officer
from fourdoors.engines.sheets import FORMS
from fourdoors.intake.models import Import
from fourdoors.intake.rules import Fault, Outcome
from fourdoors.intake.services import MergeRow, RowOutcome, begin_merge, finish_merge, rows_to_merge
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.placements.models import Placement
from fourdoors.register.models import Worker
from fourdoors.store.copying import copy_rows, reserve_ids
from fourdoors.store.scope import standing_in
from fourdoors.store.vault import vault
from fourdoors.training.models import CertificateAwarded, CourseClass, Enrolment
from fourdoors.training.rules import ClassState
from fourdoors.training.selectors import waiting_for_class
from fourdoors.training.services.classes import ClassClosedError, ClassFullError, TrainingError, close_class

_ENROLMENT = (
    "id", "village", "county", "course_class_id", "provider_id", "worker_id", "placement_id", "shown_name",
    "identity_tail", "enrolled_at",
)  # fmt: skip
_CANDIDATE = re.compile(r"(.+)-([0-9]{1,12})")  # training.rules.certificate_number


class ClassUnknownError(TrainingError):
    """No class of the place that the file speaks for has this code."""

    code: ClassVar[str] = "class_unknown"


class TraineeUnknownError(TrainingError):
    """The person is not in the register of the place that the file speaks for."""

    code: ClassVar[str] = "trainee_unknown"


class TraineeNameError(TrainingError):
    """Name and number are of two people."""

    code: ClassVar[str] = "trainee_name"


class TraineeLeftError(TrainingError):
    """Who left a class does not come back by a list."""

    code: ClassVar[str] = "trainee_left"


class CandidateUnknownError(TrainingError):
    """No trainee has this candidate number."""

    code: ClassVar[str] = "candidate_unknown"


class ClassNotOverError(TrainingError):
    """Results close a class, and its last day has not come."""

    code: ClassVar[str] = "class_not_over"


class ResultsIncompleteError(TrainingError):
    """Results close a class, and some of its trainees have none."""

    code: ClassVar[str] = "results_incomplete"


_COLUMNS = {
    TraineeUnknownError.code: "identity",
    TraineeLeftError.code: "identity",
    TraineeNameError.code: "name",
    CandidateUnknownError.code: "candidate_number",
    ClassNotOverError.code: "candidate_number",
    ResultsIncompleteError.code: "candidate_number",
}


def _refused(row: MergeRow, refusal: TrainingError) -> RowOutcome:
    values = {name: it if isinstance(it, int) else str(it)[:60] for name, it in refusal.values.items()}
    column = _COLUMNS.get(refusal.code, "class_number" if "class_number" in row.cells else "candidate_number")
    return RowOutcome(row.pk, Outcome.FAULTY, fault=Fault(column, refusal.code, values))


@dataclass
class _Classes:
    """What is known of classes and people before a roster is looked at, and grows with each row."""

    classes: dict[str, CourseClass]
    workers: dict[bytes, Worker]
    enrolled: dict[tuple[int, int], Enrolment]
    places: dict[int, int]  # free ones, by class
    waiting: dict[tuple[int, str], int]  # worker and occupation to the placement that waits
    fresh: list[tuple[MergeRow, CourseClass, Worker]] = field(default_factory=list)


@transaction.atomic
def merge_class_roster(*, import_id: int, at: datetime, by: Officer | None = None) -> Import:
    """Merge the sound rows of a class roster (班级学员花名册): who is named there is enrolled.

    A person must be in the register under this name and number; a placement that waits for the certificate
    of the class is remembered with the place. Nobody leaves a class because a roster does not name them.

    Args:
        import_id: an import of this form whose merging was asked for.
        at: the moment of the deed.
        by: the officer who answers for it.

    Returns:
        The import, merged, with its counts: new, unchanged, faulty (unknown class or person, closed, full).

    Raises:
        NotNowError: nobody asked for its merging, or it is merged already.
    """
    batch = begin_merge(import_id=import_id, form=FORMS["training_roster"].key)
    rows = list(rows_to_merge(batch))
    known = _look_up(rows, batch.division)
    outcomes = [told for row in rows if (told := _seated(row, known))]
    numbers = reserve_ids(table=Enrolment._meta.db_table, count=len(known.fresh))
    copy_rows(
        table=Enrolment._meta.db_table,
        columns=_ENROLMENT,
        rows=(
            (number, w.village, w.county, c.pk, c.provider_id, w.pk,
             known.waiting.get((w.pk, c.order.occupation)), w.name, w.identity_tail, at)
            for number, (_, c, w) in zip(numbers, known.fresh, strict=True)
        ),
    )  # fmt: skip
    outcomes += [
        RowOutcome(row.pk, Outcome.NEW, number)
        for number, (row, _, _) in zip(numbers, known.fresh, strict=True)
    ]
    return finish_merge(batch=batch, outcomes=outcomes, at=at, by=by)


def _classes(codes: Iterable[str], division: int) -> dict[str, CourseClass]:
    """Return the classes held in a division by code, locked."""
    home = range_of(division)
    found = CourseClass.objects.select_for_update(of=("self",)).select_related("order", "provider")
    held = found.filter(code__in=set(codes), division__gte=home.lo, division__lt=home.hi).order_by("pk")
    return {one.code: one for one in held}


def _look_up(rows: Sequence[MergeRow], division: int) -> _Classes:
    classes = _classes((row.cells["class_number"] for row in rows), division)
    hashes = [vault().hash("identity", row.cells["identity"]) for row in rows]
    people = {bytes(one.identity_hash): one for one in Worker.objects.filter(identity_hash__in=hashes)}
    seats = Enrolment.objects.filter(course_class__in=classes.values())
    enrolled = {(one.course_class_id, one.worker_id): one for one in seats}
    taken: dict[int, int] = defaultdict(int)
    for one in enrolled.values():
        taken[one.course_class_id] += one.left_at is None
    places = {one.pk: one.order.headcount - taken[one.pk] for one in classes.values()}
    return _Classes(classes, people, enrolled, places, _placements(people.values()))


def _placements(people: Iterable[Worker]) -> dict[tuple[int, str], int]:
    found: Iterable[Placement] = waiting_for_class().filter(worker__in=[one.pk for one in people])
    return {(one.worker_id, one.certificate_needed): one.pk for one in found}


def _seated(row: MergeRow, known: _Classes) -> RowOutcome | None:
    """Return what became of a row, or None where it takes a place."""
    try:
        course, worker = _class_and_person(row, known)
        held = known.enrolled.get((course.pk, worker.pk))
        if held is not None and held.left_at is not None:
            raise TraineeLeftError(code=course.code)
        if held is not None:
            return RowOutcome(row.pk, Outcome.UNCHANGED, held.pk)
        if not known.places[course.pk]:
            raise ClassFullError(code=course.code, headcount=course.order.headcount)
    except TrainingError as refusal:
        return _refused(row, refusal)
    known.places[course.pk] -= 1
    known.fresh.append((row, course, worker))
    return None


def _class_and_person(row: MergeRow, known: _Classes) -> tuple[CourseClass, Worker]:
    code = row.cells["class_number"]
    course = known.classes.get(code)
    worker = known.workers.get(vault().hash("identity", row.cells["identity"]))
    if course is None:
        raise ClassUnknownError(code=code)
    if course.state == ClassState.CLOSED:
        raise ClassClosedError(code=code)
    if worker is None:
        raise TraineeUnknownError
    if worker.name != row.cells["name"]:
        raise TraineeNameError
    return course, worker


@transaction.atomic
def merge_class_results(*, import_id: int, at: datetime, by: Officer | None = None) -> Import:
    """Merge the sound rows of a results sheet (考核成绩): a class that is over is closed with its marks.

    The candidate number is the one that our own sheet prints: code of the class and number of the trainee. A
    class is closed by a file only when all who sit in it have their marks there; who attended and passed
    gets the certificate, as ``close_class`` decides.

    Args:
        import_id: an import of this form whose merging was asked for.
        at: the moment of the deed; its day is the day of issue.
        by: the officer who answers for it.

    Returns:
        The import, merged, with its counts: new, unchanged (the marks are known), faulty.

    Raises:
        NotNowError: nobody asked for its merging, or it is merged already.
    """
    batch = begin_merge(import_id=import_id, form=FORMS["training_results"].key)
    rows = list(rows_to_merge(batch))
    by_class: dict[str, list[MergeRow]] = defaultdict(list)
    for row in rows:
        found = _CANDIDATE.fullmatch(row.cells["candidate_number"])
        by_class[found[1] if found else ""].append(row)
    outcomes: list[RowOutcome] = []
    with standing_in(range_of(GANSU)):  # a class of this place seats people of other counties too
        classes = _classes(by_class, batch.division)
        for code, lines in by_class.items():
            outcomes += _results(classes.get(code), lines, at, by)
    return finish_merge(batch=batch, outcomes=outcomes, at=at, by=by)


def _results(
    course: CourseClass | None, rows: Sequence[MergeRow], at: datetime, by: Officer | None
) -> list[RowOutcome]:
    """Close one class with its rows, or say of each why not."""
    seats = {} if course is None else _seats(course)
    sound: dict[int, MergeRow] = {}
    outcomes: list[RowOutcome] = []
    for row in rows:
        try:
            sound[_candidate(row, seats).pk] = row
        except TrainingError as refusal:
            outcomes.append(_refused(row, refusal))
    if course is None or not sound:
        return outcomes
    if course.state == ClassState.CLOSED:
        return outcomes + [_known(row, seats[pk], course) for pk, row in sound.items()]
    try:
        awarded = _closed(course, seats, sound, at, by)
    except TrainingError as refusal:
        return outcomes + [_refused(row, refusal) for row in sound.values()]
    return outcomes + [RowOutcome(row.pk, Outcome.NEW, awarded[pk]) for pk, row in sound.items()]


def _seats(course: CourseClass) -> dict[int, Enrolment]:
    found = Enrolment.objects.filter(course_class=course, left_at=None).select_related("award")
    return {one.pk: one for one in found}


def _candidate(row: MergeRow, seats: dict[int, Enrolment]) -> Enrolment:
    number = row.cells["candidate_number"]
    held = seats.get(int(number.rpartition("-")[2])) if _CANDIDATE.fullmatch(number) else None
    if held is None:
        raise CandidateUnknownError(number=number)
    if held.shown_name != row.cells["name"]:
        raise TraineeNameError
    return held


def _marks(row: MergeRow) -> tuple[int, int]:
    return int(row.cells["theory"]), int(row.cells["practice"])


def _known(row: MergeRow, held: Enrolment, course: CourseClass) -> RowOutcome:
    award = getattr(held, "award", None)
    if award is not None and (award.theory, award.practice) == _marks(row):
        return RowOutcome(row.pk, Outcome.UNCHANGED, award.pk)
    return _refused(row, ClassClosedError(code=course.code))


def _closed(
    course: CourseClass,
    seats: dict[int, Enrolment],
    sound: dict[int, MergeRow],
    at: datetime,
    by: Officer | None,
) -> dict[int, int]:
    """Close a class; return the number of the award by trainee."""
    on: date = timezone.localdate(at)
    if on < course.ends_on:
        raise ClassNotOverError(code=course.code, ends_on=course.ends_on)
    if missing := len(seats) - len(sound):
        raise ResultsIncompleteError(missing=missing)
    awarded: list[CertificateAwarded] = close_class(
        course_class=course,
        results={pk: _marks(row) for pk, row in sound.items()},
        issuer=course.provider.name,
        on=on,
        at=at,
        by=by,
    )
    return {one.enrolment_id: one.pk for one in awarded}
