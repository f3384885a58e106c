"""One worker at a time: registered, asked, certified, looked at."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar

from django.db import IntegrityError, transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import chain_of
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.identity import normalised_phone, read_identity
from fourdoors.kernel.periods import full_years
from fourdoors.kernel.terms import HouseholdStatusKind, RelationToHead
from fourdoors.register.models import (
    Certificate,
    Household,
    HouseholdStatus,
    Passbook,
    Wish,
    Worker,
)
from fourdoors.register.rules import (
    EXPORT_ROWS,
    MINIMUM_AGE_YEARS,
    PASTED_NUMBERS,
    WHOLE_IDENTITY_DUTIES,
    Pasted,
    WishTerms,
    WorkerRow,
)
from fourdoors.register.selectors import PastedAnswer, pasted_numbers
from fourdoors.register.services.facts import join_household
from fourdoors.register.services.loading import load_workers
from fourdoors.store.vault import vault


class WorkerKnownError(RuleError):
    """The identity number is in the register already."""

    code: ClassVar[str] = "worker_known"


class WorkerElsewhereError(RuleError):
    """The identity number is in the register of another place, which this officer does not see."""

    code: ClassVar[str] = "worker_elsewhere"


class UnderWorkingAgeError(RuleError):
    """The register is of people who may work; children are not kept in it."""

    code: ClassVar[str] = "under_working_age"


class StatusOverlapsError(RuleError):
    """The household has this status already on some of these days."""

    code: ClassVar[str] = "status_overlaps"


class ListTooLongError(RuleError):
    """A list of so many people is not taken out."""

    code: ClassVar[str] = "list_too_long"


class WholeIdentityError(RuleError):
    """Whole identity numbers are not for this duty."""

    code: ClassVar[str] = "whole_identity"


class TooManyNumbersError(RuleError):
    """So many pasted numbers are not looked up at once."""

    code: ClassVar[str] = "too_many_numbers"


class CertificateKnownError(RuleError):
    """This issuer gave this number to somebody else."""

    code: ClassVar[str] = "certificate_known"


@transaction.atomic
def register_worker(  # noqa: PLR0913 (what a cadre writes down at a visit)
    *,
    village: int,
    identity: str,
    name: str,
    at: datetime,
    by: Officer | None = None,
    phone: str = "",
    education: str = "",
    labour_capacity: str = "",
    at_school: bool = False,
    household_number: str = "",
    relation: RelationToHead = RelationToHead.OTHER,
    source: str = "office",
    grade: Grade = Grade.D,
) -> Worker:
    """Register one worker; day of birth and sex are read from the identity number.

    Args:
        village: 12-digit code of the home village.
        identity: as typed; it is normalised and checked.
        name: as on the card.
        at: the moment of the deed; the age is counted on its day.
        by: the officer who answers for it.
        phone: as typed, or blank.
        education: kernel.terms.Education, or blank.
        labour_capacity: kernel.terms.LabourCapacity, or blank.
        at_school: still a pupil.
        household_number: the household the worker belongs to; it is made where it is new.
        relation: to the head of that household.
        source: where it is known from: ``office``, ``worker``, ``import:12``.
        grade: how well it is proved.

    Raises:
        IdentityError: the number is none (see ``kernel.identity``).
        UnderWorkingAgeError: under sixteen on the day of ``at``.
        WorkerKnownError: the number is registered here.
        WorkerElsewhereError: the number is registered in a place that this officer does not see.
    """
    holder = read_identity(identity, on=at.date())
    if full_years(holder.born_on, at.date()) < MINIMUM_AGE_YEARS:
        raise UnderWorkingAgeError(name=name, minimum_age=MINIMUM_AGE_YEARS)
    if known := Worker.objects.filter(identity_hash=vault().hash("identity", holder.number)).first():
        raise WorkerKnownError(name=known.name)
    row = WorkerRow(
        village, holder.number, name, holder.sex.value, holder.born_on, education, labour_capacity,
        at_school, normalised_phone(phone), source, grade.value,
    )  # fmt: skip
    try:
        with transaction.atomic():
            worker = Worker.objects.get(pk=load_workers([row], at=at)[0])
    except IntegrityError as error:
        raise WorkerElsewhereError(name=name) from error
    if household_number:
        join_household(
            worker=worker, number=household_number, relation=relation.value, on=at.date(), source=source,
            grade=grade.value,
        )  # fmt: skip
    record_deed(
        officer=by, action="register.worker_registered", at=at, county=worker.county, object_id=worker.pk
    )
    return worker


@transaction.atomic
def record_status(
    *,
    household: Household,
    kind: HouseholdStatusKind,
    from_on: date,
    at: datetime,
    by: Officer | None = None,
    to_on: date | None = None,
    source: str = "office",
    grade: Grade = Grade.B,
) -> HouseholdStatus:
    """Record what a household was recognised as, from a day on.

    Args:
        household: locked, so that two desks cannot record days that overlap.
        kind: one of the five statuses; a household may carry several kinds at once.
        from_on: first day.
        at: the moment of the deed.
        by: who answers for it.
        to_on: first day on which it no longer holds; None while it holds.
        source: the document or list.
        grade: how well it is proved.

    Raises:
        StatusOverlapsError: the household has this status already on some of these days.
    """
    household = Household.objects.select_for_update().get(pk=household.pk)
    same = HouseholdStatus.objects.filter(household=household, kind=kind.value).exclude(to_on__lte=from_on)
    if (same.filter(from_on__lt=to_on) if to_on else same).exists():
        raise StatusOverlapsError(status=kind.value, from_on=from_on)
    status = HouseholdStatus.objects.create(
        household=household, village=household.village, county=household.county, kind=kind.value,
        from_on=from_on, to_on=to_on, source=source, grade=grade.value,
    )  # fmt: skip
    record_deed(
        officer=by, action="register.status_recorded", at=at, county=household.county,
        object_id=household.pk, status=kind.value, from_on=from_on,
    )  # fmt: skip
    return status


@transaction.atomic
def record_wish(*, worker: Worker, terms: WishTerms, at: datetime, by: Officer | None = None) -> Wish:
    """Record what a worker wants; older wishes stay as they were said, the newest counts.

    A wish is not a consent: nobody is matched or moved because of it.

    Args:
        worker: whose wish.
        terms: what is wanted.
        at: when it was said.
        by: the officer who wrote it down; None where the worker did.
    """
    source, grade = ("office", Grade.D) if by else ("worker", Grade.C)
    wish = Wish.objects.create(
        worker=worker,
        village=worker.village,
        county=worker.county,
        wants_to_go=terms.wants_to_go,
        destinations=list(terms.destinations),
        occupations=list(terms.occupations),
        wage_floor_yuan=terms.wage_floor_yuan,
        earliest_on=terms.earliest_on,
        with_workers=list(terms.with_workers),
        cannot_leave_reason=terms.cannot_leave_reason,
        collected_by=by,
        collected_at=at,
        source=source,
        grade=grade.value,
    )
    record_deed(officer=by, action="register.wish_recorded", at=at, county=worker.county, object_id=worker.pk)
    return wish


@transaction.atomic
def add_certificate(  # noqa: PLR0913 (a certificate is made of these)
    *,
    worker: Worker,
    title: str,
    number: str,
    issuer: str,
    issued_on: date,
    at: datetime,
    by: Officer | None = None,
    occupation: str = "",
    level: int | None = None,
    source: str = "office",
    grade: Grade = Grade.B,
) -> Certificate:
    """Add a certificate of skill; the same one again is returned as it is.

    Args:
        worker: the holder.
        title: as printed.
        number: as printed; unique with the issuer.
        issuer: who gave it.
        issued_on: day of issue.
        at: the moment of the deed.
        by: who answers for it.
        occupation: CSCO-2022 code, blank where none fits.
        level: 5 (初级) to 1 (高级技师), None where it has none.
        source: where it is known from.
        grade: B where the paper was seen.

    Raises:
        CertificateKnownError: somebody else holds this number.
    """
    Worker.objects.select_for_update().get(pk=worker.pk)
    values = {"title": title, "issued_on": issued_on, "occupation": occupation, "level": level}
    try:
        with transaction.atomic():
            certificate, made = Certificate.objects.get_or_create(
                issuer=issuer, number=number, worker=worker,
                defaults={
                    **values, "source": source, "grade": grade.value, "village": worker.village,
                    "county": worker.county,
                },
            )  # fmt: skip
    except IntegrityError as error:
        raise CertificateKnownError(number=number, issuer=issuer) from error
    if made:
        record_deed(
            officer=by, action="register.certificate_added", at=at, county=worker.county,
            object_id=worker.pk, certificate=certificate.pk,
        )  # fmt: skip
    return certificate


@transaction.atomic
def record_passbook(  # noqa: PLR0913 (an account is made of these)
    *,
    worker: Worker,
    holder_name: str,
    holder_relation: RelationToHead,
    bank: str,
    account: str,
    from_on: date,
    at: datetime,
    by: Officer | None = None,
    source: str = "office",
    grade: Grade = Grade.B,
) -> Passbook:
    """Record where a worker's money goes from a day on; the account number is sealed.

    Args:
        worker: who is owed the money.
        holder_name: whose account it is: the worker's own, or that of the head of household.
        holder_relation: the holder's relation to the head of household.
        bank: name of the bank.
        account: number of the account, digits only.
        from_on: first day on which it is used; an earlier account stays on record.
        at: the moment of the deed.
        by: who answers for it.
        source: where it is known from.
        grade: B where the passbook was seen.
    """
    passbook, _made = Passbook.objects.update_or_create(
        worker=worker,
        from_on=from_on,
        defaults={
            "village": worker.village,
            "county": worker.county,
            "holder_name": holder_name,
            "holder_relation": holder_relation.value,
            "bank": bank,
            "account_cipher": vault().seal("account", account),
            "account_tail": account[-4:],
            "source": source,
            "grade": grade.value,
        },
    )
    record_deed(
        officer=by, action="register.passbook_recorded", at=at, county=worker.county, object_id=worker.pk
    )
    return passbook


def look_at_worker(*, worker: Worker, by: Officer, at: datetime) -> None:
    """Record that an officer opened a worker's page: the worker can ask who looked."""
    record_deed(officer=by, action="register.looked_at", at=at, county=worker.county, object_id=worker.pk)


def open_identity(*, worker: Worker, by: Officer, at: datetime) -> str:
    """Return the whole identity number, and record who had it opened.

    Raises:
        WholeIdentityError: it is not for this duty.
    """
    if by.duty not in WHOLE_IDENTITY_DUTIES:
        raise WholeIdentityError
    record_deed(
        officer=by, action="register.identity_opened", at=at, county=worker.county, object_id=worker.pk
    )
    return vault().open("identity", worker.identity_cipher)


def look_up_numbers(*, pasted: Sequence[Pasted], by: Officer, at: datetime) -> list[PastedAnswer]:
    """Look a pasted list of identity numbers up, and record how many lines it had and how many were found.

    Raises:
        TooManyNumbersError: more than ``PASTED_NUMBERS``.
    """
    if len(pasted) > PASTED_NUMBERS:
        raise TooManyNumbersError(lines=len(pasted), limit=PASTED_NUMBERS)
    answers = pasted_numbers(pasted, officer=by)
    record_deed(
        officer=by, action="register.numbers_looked_up", at=at, county=chain_of(by.lo), lines=len(pasted),
        found=sum(it.worker is not None for it in answers),
        broken=sum(it.pasted.fault is not None for it in answers),
    )  # fmt: skip
    return answers


def record_export(*, by: Officer, at: datetime, rows: int, whole_identities: bool = False) -> None:
    """Record that a list of workers left the house as a workbook, and how long it was.

    Raises:
        ListTooLongError: more than ``EXPORT_ROWS``; nobody needs them all on a desk.
        WholeIdentityError: whole identity numbers are not this duty's to take out.
    """
    if rows > EXPORT_ROWS:
        raise ListTooLongError(rows=rows, limit=EXPORT_ROWS)
    if whole_identities and by.duty not in WHOLE_IDENTITY_DUTIES:
        raise WholeIdentityError
    record_deed(
        officer=by, action="register.list_exported", at=at, county=chain_of(by.lo),
        rows=rows, whole_identities=whole_identities,
    )  # fmt: skip
