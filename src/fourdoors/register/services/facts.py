"""What is known of a person changes: a column of the record, the household, the household's status."""

from collections.abc import Callable
from datetime import date, datetime
from typing import ClassVar

import pghistory
from django.db import IntegrityError, transaction
from django.db.models import Q

from fourdoors.accounts.models import Officer
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.names import initials_of, pinyin_of
from fourdoors.register.models import Household, HouseholdStatus, Membership, Proposal, Worker, WorkerLink
from fourdoors.register.rules import Fact, HouseholdRow
from fourdoors.register.services.loading import load_households
from fourdoors.store.rows import follow_home

SCHOOL_WORDS = {True: "yes", False: "no"}


class HouseholdElsewhereError(RuleError):
    """The household lives where this officer does not see it."""

    code: ClassVar[str] = "household_elsewhere"


class MembershipOverlapsError(RuleError):
    """The worker belongs to a household on some of these days already."""

    code: ClassVar[str] = "membership_overlaps"


def standing(change: Proposal) -> bool:
    """Tell whether what a change begins from is still what is known."""
    if change.fact == Fact.STATUS.value:
        return _status_stands(change)
    assert change.worker  # noqa: S101 (every other fact is a worker's)
    if change.fact == Fact.HOUSEHOLD.value:
        return household_number_of(change.worker) == change.from_text
    if change.fact == Fact.PHONE.value:
        return _bytes(change.worker.phone_hash) == _bytes(change.from_hash)
    return text_of(change.worker, Fact(change.fact)) == change.from_text


def _status_stands(change: Proposal) -> bool:
    same = HouseholdStatus.objects.filter(household=change.household, kind=change.from_text or change.to_text)
    if change.from_text:  # it ends
        return same.filter(from_on__lt=change.from_on, to_on=None).exists()
    return not same.exclude(to_on__lte=change.from_on).exists()


def _bytes(data: bytes | memoryview | None) -> bytes:
    return bytes(data or b"")


def text_of(worker: Worker, fact: Fact) -> str:
    """Return a fact of a worker as a proposal holds it; a phone by its last four digits."""
    if fact is Fact.PHONE:
        return worker.phone_tail
    value = getattr(worker, fact.value)
    return SCHOOL_WORDS[value] if fact is Fact.SCHOOL else str(value)


def household_number_of(worker: Worker) -> str:
    """Return the number of the household that a worker belongs to now; blank where it is none."""
    found = Membership.objects.filter(worker=worker, to_on=None).values_list("household__number", flat=True)
    return found.first() or ""


def apply(change: Proposal, *, at: datetime, by: Officer | None) -> None:
    """Write a change down; what was there stays in the history, with its source and grade."""
    with pghistory.context(officer=by.pk if by else None, at=at.isoformat()):
        _APPLY.get(change.fact, _change_record)(change)


def _change_record(change: Proposal) -> None:
    worker, fact = change.worker, Fact(change.fact)
    assert worker  # noqa: S101
    values: dict[str, object] = {fact.value: change.to_text}
    if fact is Fact.NAME:
        values |= {"name_pinyin": pinyin_of(change.to_text), "name_initials": initials_of(change.to_text)}
    if fact is Fact.SCHOOL:
        values = {"at_school": change.to_text == SCHOOL_WORDS[True]}
    if fact is Fact.PHONE:
        values = {
            "phone_hash": change.to_hash, "phone_cipher": change.phone_cipher, "phone_tail": change.to_text,
        }  # fmt: skip
    Worker.objects.filter(pk=worker.pk).update(**values, source=change.source, grade=change.grade)


def _change_household(change: Proposal) -> None:
    worker, on = change.worker, change.from_on
    assert worker  # noqa: S101
    assert on  # noqa: S101
    before = Membership.objects.filter(worker=worker).filter(Q(to_on=None) | Q(to_on__gt=on))
    if before.exclude(to_on=None, from_on__lte=on).exists():
        raise MembershipOverlapsError(from_on=on)
    before.update(to_on=on)
    if change.to_text:
        _move_to(worker, change)
        join_household(
            worker=worker, number=change.to_text, relation=change.relation, on=on, source=change.source,
            grade=change.grade,
        )  # fmt: skip


def _move_to(worker: Worker, change: Proposal) -> None:
    """Take the worker along where the household lives in another village of the county."""
    home = Household.objects.filter(county=worker.county, number=change.to_text).first()
    if home is None or home.village == worker.village:
        return
    Worker.objects.filter(pk=worker.pk).update(village=home.village, source=change.source, grade=change.grade)
    WorkerLink.objects.filter(worker_id=worker.pk).update(village=home.village)  # the card still opens
    follow_home(model=Worker, number=worker.pk, village=home.village)
    worker.village = home.village


def join_household(
    *, worker: Worker, number: str, relation: str, on: date, source: str, grade: str
) -> Membership:
    """Put a worker into a household from a day on; a number that is new makes the household.

    Raises:
        HouseholdElsewhereError: the household is in a village that the scope does not reach.
    """
    household = Household.objects.filter(county=worker.county, number=number).first()
    if household is None:
        row = HouseholdRow(worker.village, number, source=source, grade=grade)
        try:
            with transaction.atomic():
                household = Household.objects.get(pk=load_households([row])[0])
        except IntegrityError as error:
            raise HouseholdElsewhereError(number=number) from error
    return Membership.objects.create(
        worker=worker, household=household, village=worker.village, county=worker.county,
        relation=relation, from_on=on, source=source, grade=grade,
    )  # fmt: skip


def _change_status(change: Proposal) -> None:
    household, on = change.household, change.from_on
    assert household  # noqa: S101
    assert on  # noqa: S101
    if change.from_text:
        same = HouseholdStatus.objects.filter(household=household, kind=change.from_text, to_on=None)
        same.update(to_on=on)
        return
    HouseholdStatus.objects.create(
        household=household, village=household.village, county=household.county, kind=change.to_text,
        from_on=on, source=change.source, grade=change.grade,
    )  # fmt: skip


_APPLY: dict[str, Callable[[Proposal], None]] = {
    Fact.HOUSEHOLD.value: _change_household,
    Fact.STATUS.value: _change_status,
}
