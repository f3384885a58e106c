"""A job list (招聘岗位信息表), or a foreign file that a mapping turned into one, into vacancies.

The whole list is one transaction. A post that comes again is confirmed: a list that is sent every week keeps
its posts alive, and a post that is on no list any more dies.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import transaction
from django.utils.timezone import localdate

from fourdoors.accounts.models import Officer
from fourdoors.engines.sheets import FORMS
from fourdoors.intake.models import Import
from fourdoors.intake.rules import Fault, Outcome
from fourdoors.intake.services import MergeRow, RowOutcome, begin_merge, finish_merge, rows_to_merge
from fourdoors.kernel.credit_codes import is_invented_credit_code
from fourdoors.kernel.errors import RuleError
from fourdoors.partners.models import Employer
from fourdoors.partners.rules import EmployerRow
from fourdoors.partners.services import checked_code, load_employers
from fourdoors.recruitment.models import Requirement, Vacancy
from fourdoors.recruitment.rules import Asked, Offer, VacancyRow, expires_on, read_offer, sound
from fourdoors.recruitment.services.vacancies import load_vacancies

_FORM = FORMS["job_list"].key
_TERMS = (
    "title", "openings", "wage_low_yuan", "wage_high_yuan", "pay_basis", "board", "lodging", "insurance",
    "duties", "place", "place_words", "starts_on", "ends_on", "hours_per_week", "report_words",
)  # fmt: skip
_COLUMNS: Mapping[str, str] = {  # where the note goes that explains a refusal
    "sex_limit_unfounded": "sex_claim",
    "age_limit_unfounded": "age_claim",
    "requirement_unread": "age_claim",
    "wage_missing": "wage",
    "wage_unread": "wage",
    "hours_missing": "hours_per_week",
    "piece_needs_month": "wage",
    "openings_missing": "openings",
    "work_ends_before_it_starts": "ends_on",
    "credit_code_wrong": "credit_code",
    "employer_unknown": "credit_code",
    "post_twice_in_list": "title",
}


class EmployerUnknownError(RuleError):
    """The row has no credit code, and no employer of that name is registered."""

    code: ClassVar[str] = "employer_unknown"


class PostTwiceInListError(RuleError):
    """The same employer offers the same post at the same place in an earlier row."""

    code: ClassVar[str] = "post_twice_in_list"


@dataclass(frozen=True)
class _Read:
    """A row that may become a vacancy, with what its limits rest on."""

    pk: int
    offer: Offer
    founded: list[tuple[Asked, str]]


@transaction.atomic
def merge_job_list(*, import_id: int, at: datetime, by: Officer | None = None) -> Import:
    """Merge the sound rows of a job list: employers, vacancies, requirements with their legal basis.

    A row whose limit no article allows stays out with the article as its note, and nothing of it is
    written. Employers are known by credit code, or by a number made from the name where they are abroad. A
    post that is there already is confirmed; where its terms changed, it waits to be verified again.

    Args:
        import_id: an import of this form whose merging was asked for.
        at: the moment of the deed; it counts as the employer's confirmation.
        by: the officer who answers for it.

    Returns:
        The import, merged, with its counts: new, changed, unchanged, faulty.

    Raises:
        NotNowError: nobody asked for its merging, or it is merged already.
    """
    batch = begin_merge(import_id=import_id, form=_FORM)
    outcomes: list[RowOutcome] = []
    read = list(_read(rows_to_merge(batch), localdate(at), outcomes))
    employers = _employers_of(read, outcomes)
    known = _known([it for it in read if it.pk in employers])
    fresh = [it for it in read if it.pk in employers and _key(it.offer) not in known]
    numbers = load_vacancies(_row(it.offer, employers[it.pk], at) for it in fresh)
    outcomes += [RowOutcome(it.pk, Outcome.NEW, number) for it, number in zip(fresh, numbers, strict=True)]
    for it in read:
        if it.pk in employers and (vacancy := known.get(_key(it.offer))):
            outcomes.append(RowOutcome(it.pk, _renewed(vacancy, it, at), vacancy.pk))
    return finish_merge(batch=batch, outcomes=outcomes, at=at, by=by)


def _read(rows: Iterable[MergeRow], on: date, outcomes: list[RowOutcome]) -> Iterator[_Read]:
    """Yield the rows that hold; the refusals of the others go to ``outcomes``."""
    seen: set[tuple[str, str]] = set()
    for row in rows:
        try:
            offer = read_offer(row.cells)
            if _key(offer) in seen:
                raise PostTwiceInListError(title=offer.draft.title)
            yield _Read(row.pk, offer, sound(offer.draft, on=on))
        except RuleError as refusal:
            outcomes.append(_refused(row.pk, refusal))
        else:
            seen.add(_key(offer))


def _refused(pk: int, refusal: RuleError) -> RowOutcome:
    values = {name: it if isinstance(it, int) else str(it)[:160] for name, it in refusal.values.items()}
    return RowOutcome(
        pk, Outcome.FAULTY, fault=Fault(_COLUMNS.get(refusal.code, "title"), refusal.code, values)
    )


def _key(offer: Offer) -> tuple[str, str]:
    return offer.source, offer.source_row


def _employers_of(read: Iterable[_Read], outcomes: list[RowOutcome]) -> dict[int, int]:
    """Return the number of the employer of each row; those that are not known yet are entered."""
    rows: dict[int, EmployerRow] = {}
    for it in read:
        try:
            rows[it.pk] = _employer(it.offer)
        except RuleError as refusal:
            outcomes.append(_refused(it.pk, refusal))
    numbers = _numbers({row.credit_code for row in rows.values()})
    missing = {row.credit_code: row for row in rows.values() if row.credit_code not in numbers}
    load_employers(missing.values())
    numbers |= _numbers(missing)
    return {pk: numbers[row.credit_code] for pk, row in rows.items()}


def _employer(offer: Offer) -> EmployerRow:
    code = checked_code(offer.credit_code) if offer.credit_code else _code_of(offer.employer_name)
    return EmployerRow(
        credit_code=code,
        name=offer.employer_name,
        kind=offer.employer_kind.value,
        place=offer.draft.place,
        industry=offer.industry,
        place_words=offer.draft.place_words,
        contact_name=offer.contact_name,
        contact_phone=offer.contact_phone,
        invented=is_invented_credit_code(code),
    )


def _code_of(name: str) -> str:
    """Return the code of the one employer of that name."""
    codes = list(Employer.objects.filter(name=name).values_list("credit_code", flat=True)[:2])
    if len(codes) != 1:
        raise EmployerUnknownError(name=name)
    return codes[0]


def _numbers(codes: Iterable[str]) -> dict[str, int]:
    return dict(Employer.objects.filter(credit_code__in=list(codes)).values_list("credit_code", "pk"))


def _known(read: Iterable[_Read]) -> dict[tuple[str, str], Vacancy]:
    """Return the vacancies that rows name again, locked."""
    rows: dict[str, list[str]] = {}
    for it in read:
        rows.setdefault(it.offer.source, []).append(it.offer.source_row)
    found: dict[tuple[str, str], Vacancy] = {}
    for source, source_rows in rows.items():
        there = Vacancy.objects.select_for_update().filter(source=source, source_row__in=source_rows)
        found |= {(source, vacancy.source_row): vacancy for vacancy in there}
    return found


def _row(offer: Offer, employer: int, at: datetime) -> VacancyRow:
    return VacancyRow(
        draft=offer.draft,
        employer_id=employer,
        confirmed_at=at,
        source=offer.source,
        source_row=offer.source_row,
        expires_on=expires_on(localdate(at), valid_to=offer.valid_to),
        invented=is_invented_credit_code(offer.credit_code),
    )


def _renewed(vacancy: Vacancy, it: _Read, at: datetime) -> Outcome:
    """Confirm a vacancy that is on the list again; what changed in it must be verified again."""
    offer = it.offer
    wanted: dict[str, Any] = {name: getattr(offer.draft, name) for name in _TERMS}
    asked = {(one.kind.value, one.value, basis) for one, basis in it.founded}
    asked_before = set(vacancy.requirements.values_list("kind", "value", "legal_basis"))
    same = asked == asked_before and all(getattr(vacancy, name) == value for name, value in wanted.items())
    vacancy.confirmed_at, vacancy.withdrawn_at = at, None
    vacancy.expires_on = expires_on(localdate(at), valid_to=offer.valid_to)
    if not same:
        for name, value in wanted.items():
            setattr(vacancy, name, value)
        vacancy.wage_given = dict(offer.draft.wage_given)
        vacancy.verified_by = vacancy.verified_at = None
        vacancy.requirements.all().delete()
        Requirement.objects.bulk_create(
            Requirement(vacancy=vacancy, kind=kind, value=value, legal_basis=basis)
            for kind, value, basis in sorted(asked)
        )
    vacancy.save()
    return Outcome.UNCHANGED if same else Outcome.CHANGED
