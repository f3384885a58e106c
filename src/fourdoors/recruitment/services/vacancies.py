"""Vacancies: posted, verified, confirmed anew, withdrawn, filled."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import transaction
from django.utils.timezone import localdate
from psycopg.types.json import Jsonb

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.errors import RuleError
from fourdoors.partners.models import Agreement, Employer
from fourdoors.partners.selectors import failed_checks
from fourdoors.recruitment.models import Requirement, Vacancy
from fourdoors.recruitment.rules import Asked, Source, VacancyDraft, VacancyRow, expires_on, sound
from fourdoors.store.copying import copy_rows, reserve_ids

_DRAFT_COLUMNS = (
    "title", "openings", "wage_low_yuan", "wage_high_yuan", "pay_basis", "occupation", "occupation_system",
    "wage_given", "hours_per_week", "board", "lodging", "insurance", "duties", "country", "place",
    "place_words", "starts_on", "ends_on", "report_words",
)  # fmt: skip
_COLUMNS = (
    "id", *_DRAFT_COLUMNS, "employer_id", "agreement_id", "source", "source_row", "confirmed_at",
    "expires_on", "verified_by_id", "verified_at", "invented",
)  # fmt: skip
_BLOCK_ROWS = 5_000


class VacancyGoneError(RuleError):
    """The vacancy was withdrawn or is full."""

    code: ClassVar[str] = "vacancy_gone"


class VacancyExpiredError(RuleError):
    """Nobody confirmed the vacancy in time; confirming brings it back."""

    code: ClassVar[str] = "vacancy_expired"


class EmployerFailedCheckError(RuleError):
    """The newest look at the employer found papers, place or wages out of order."""

    code: ClassVar[str] = "employer_failed_check"


@transaction.atomic
def post_vacancy(
    *,
    employer: Employer,
    draft: VacancyDraft,
    source: Source,
    at: datetime,
    by: Officer | None,
    agreement: Agreement | None = None,
    valid_to: date | None = None,
    source_row: str = "",
) -> Vacancy:
    """Post a vacancy; it is shown to nobody outside until an officer verified it.

    Args:
        employer: who offers it.
        draft: what is offered and asked for.
        source: where it came from.
        at: the moment of posting, which counts as the first confirmation.
        by: who posts it.
        agreement: the agreement that it fills.
        valid_to: last day that the employer gave, where there is one.
        source_row: number in the employer's own list, once per source.

    Raises:
        DraftError: title, openings or wage are missing, or the days cannot be.
        LimitError: a limit by sex, age or ethnicity has no legal basis.
        RequirementUnreadError: a requirement cannot be read.
    """
    on = localdate(at)
    founded = sound(draft, on=on)
    vacancy = Vacancy.objects.create(
        **{name: getattr(draft, name) for name in _DRAFT_COLUMNS},
        employer=employer,
        agreement=agreement,
        source=source.value,
        source_row=source_row,
        confirmed_at=at,
        expires_on=expires_on(on, valid_to=valid_to),
        invented=employer.invented,
    )
    Requirement.objects.bulk_create(
        Requirement(vacancy=vacancy, kind=one.kind.value, value=one.value, legal_basis=basis)
        for one, basis in founded
    )
    record_deed(
        officer=by, action="recruitment.vacancy_posted", at=at, object_id=vacancy.pk,
        employer=employer.pk, openings=draft.openings, limits=[basis for _, basis in founded if basis],
    )  # fmt: skip
    return vacancy


@transaction.atomic
def load_vacancies(rows: Iterable[VacancyRow]) -> list[int]:
    """Insert vacancies with their requirements and return their numbers in the order given.

    Each draft is judged as a single posting is: one without legal basis stops the whole load. Any
    number of rows in blocks of a few thousand; no deed is written, whoever calls writes one for the load.

    Raises:
        DraftError: as ``post_vacancy``.
        LimitError: as ``post_vacancy``.
    """
    given, numbers = iter(rows), []
    while block := [(row, _founded(row)) for _, row in zip(range(_BLOCK_ROWS), given, strict=False)]:
        numbers += _load_block(block)
    return numbers


def _founded(row: VacancyRow) -> list[tuple[Asked, str]]:
    return sound(row.draft, on=localdate(row.confirmed_at))


def _load_block(block: Sequence[tuple[VacancyRow, list[tuple[Asked, str]]]]) -> list[int]:
    numbers = reserve_ids(table=Vacancy._meta.db_table, count=len(block))
    copy_rows(
        table=Vacancy._meta.db_table,
        columns=_COLUMNS,
        rows=(_values(number, row) for number, (row, _) in zip(numbers, block, strict=True)),
    )
    copy_rows(
        table=Requirement._meta.db_table,
        columns=("vacancy_id", "kind", "value", "legal_basis"),
        rows=_requirement_values(numbers, block),
    )
    return numbers


def _values(number: int, row: VacancyRow) -> tuple[Any, ...]:
    draft = row.draft
    given = [getattr(draft, name) for name in _DRAFT_COLUMNS]
    given[_DRAFT_COLUMNS.index("wage_given")] = Jsonb(dict(draft.wage_given))
    return (
        number, *given, row.employer_id, row.agreement_id, row.source, row.source_row, row.confirmed_at,
        row.expires_on or expires_on(localdate(row.confirmed_at)), row.verified_by_id, row.verified_at,
        row.invented,
    )  # fmt: skip


def _requirement_values(
    numbers: Sequence[int], block: Sequence[tuple[VacancyRow, list[tuple[Asked, str]]]]
) -> Iterator[tuple[int, str, str, str]]:
    for number, (_, founded) in zip(numbers, block, strict=True):
        for one, basis in founded:
            yield number, one.kind.value, one.value, basis


@transaction.atomic
def verify_vacancy(*, vacancy: Vacancy, at: datetime, by: Officer) -> Vacancy:
    """Put an officer's name to a vacancy (核验): from now on everybody may see it.

    Raises:
        VacancyGoneError: it was withdrawn or is full.
        VacancyExpiredError: it must be confirmed first.
        EmployerFailedCheckError: the employer's newest check of some kind was not passed.
    """
    vacancy = _locked(vacancy)
    if localdate(at) >= vacancy.expires_on:
        raise VacancyExpiredError(vacancy=vacancy, expires_on=vacancy.expires_on)
    if failed_checks(vacancy.employer_id):
        raise EmployerFailedCheckError(employer=vacancy.employer)
    vacancy.verified_by, vacancy.verified_at = by, at
    vacancy.save(update_fields=["verified_by", "verified_at"])
    record_deed(officer=by, action="recruitment.vacancy_verified", at=at, object_id=vacancy.pk)
    return vacancy


@transaction.atomic
def confirm_vacancy(
    *, vacancy: Vacancy, at: datetime, by: Officer | None, valid_to: date | None = None
) -> Vacancy:
    """Note that the employer says it is still open: it is shown for another term.

    An expired vacancy comes back to life; it keeps its verification.

    Raises:
        VacancyGoneError: it was withdrawn or is full.
    """
    vacancy = _locked(vacancy)
    vacancy.confirmed_at, vacancy.expires_on = at, expires_on(localdate(at), valid_to=valid_to)
    vacancy.save(update_fields=["confirmed_at", "expires_on"])
    record_deed(
        officer=by, action="recruitment.vacancy_confirmed", at=at, object_id=vacancy.pk,
        expires_on=vacancy.expires_on,
    )  # fmt: skip
    return vacancy


@transaction.atomic
def withdraw_vacancy(*, vacancy: Vacancy, at: datetime, by: Officer | None) -> None:
    """Take a vacancy back; a second time changes nothing. Agreements already made are not touched."""
    if Vacancy.objects.filter(pk=vacancy.pk, withdrawn_at=None).update(withdrawn_at=at):
        record_deed(officer=by, action="recruitment.vacancy_withdrawn", at=at, object_id=vacancy.pk)


@transaction.atomic
def close_full(*, vacancy: Vacancy, at: datetime, by: Officer | None) -> None:
    """Note that every opening is taken: it is offered no longer; a second time changes nothing.

    Called by the step that fills the last opening, which holds the vacancy locked.
    """
    if Vacancy.objects.filter(pk=vacancy.pk, filled_at=None).update(filled_at=at):
        record_deed(officer=by, action="recruitment.vacancy_full", at=at, object_id=vacancy.pk)


@transaction.atomic
def reopen_vacancy(*, vacancy: Vacancy, at: datetime, by: Officer | None) -> None:
    """Note that an opening is free again; where it was not full, nothing changes."""
    if Vacancy.objects.filter(pk=vacancy.pk).exclude(filled_at=None).update(filled_at=None):
        record_deed(officer=by, action="recruitment.vacancy_reopened", at=at, object_id=vacancy.pk)


def _locked(vacancy: Vacancy) -> Vacancy:
    """Return the row locked, or refuse one that is gone."""
    locked = Vacancy.objects.select_for_update().get(pk=vacancy.pk)
    if locked.withdrawn_at or locked.filled_at:
        raise VacancyGoneError(vacancy=locked)
    return locked
