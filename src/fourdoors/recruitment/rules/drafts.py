"""A vacancy before it is posted, and what every vacancy must say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, NamedTuple

from fourdoors.kernel.errors import RuleError
from fourdoors.recruitment.rules.limits import Asked, Work, judged
from fourdoors.recruitment.rules.pay import EXPIRY_WARNING_DAYS
from fourdoors.recruitment.rules.words import PayBasis, VacancyState


class DraftError(RuleError):
    """Something without which nobody can decide whether to go is missing or cannot be."""


class TitleMissingError(DraftError):
    """A vacancy has a name."""

    code: ClassVar[str] = "title_missing"


class OpeningsMissingError(DraftError):
    """A vacancy has at least one opening."""

    code: ClassVar[str] = "openings_missing"


class WageMissingError(DraftError):
    """A vacancy says what it pays, the lower number first."""

    code: ClassVar[str] = "wage_missing"


class WorkEndsBeforeItStartsError(DraftError):
    """The last day of work lies before the first."""

    code: ClassVar[str] = "work_ends_before_it_starts"


@dataclass(frozen=True)
class VacancyDraft:
    """What an employer offers and asks for; the units are those of ``models.Vacancy``."""

    title: str
    openings: int
    wage_low_yuan: int
    wage_high_yuan: int
    pay_basis: PayBasis = PayBasis.MONTHLY
    occupation: str = ""
    occupation_system: str = "CSCO"
    wage_given: Mapping[str, Any] = field(default_factory=dict)
    hours_per_week: float | None = None
    board: bool = False
    lodging: bool = False
    insurance: str = ""
    duties: str = ""
    country: str = "CN"
    place: int | None = None
    place_words: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    report_words: str = ""
    requirements: Sequence[Asked] = ()


class VacancyRow(NamedTuple):
    """One vacancy for ``load_vacancies``."""

    draft: VacancyDraft
    employer_id: int
    confirmed_at: datetime
    source: str  # words.Source, or the name of a mapping
    source_row: str = ""
    agreement_id: int | None = None
    expires_on: date | None = None  # None: by the rule of confirming
    verified_by_id: int | None = None
    verified_at: datetime | None = None
    invented: bool = False


def sound(draft: VacancyDraft, *, on: date) -> list[tuple[Asked, str]]:
    """Return the requirements of a draft with their legal basis, or refuse the draft.

    Args:
        draft: what the employer offers and asks for.
        on: the day of posting: local rules of age are looked up for it.

    Raises:
        DraftError: title, openings or wage are missing, or the days cannot be.
        LimitError: a limit has no legal basis.
        RequirementUnreadError: a requirement cannot be read.
    """
    if not draft.title.strip():
        raise TitleMissingError
    if draft.openings < 1:
        raise OpeningsMissingError(title=draft.title)
    if not 0 < draft.wage_low_yuan <= draft.wage_high_yuan:
        raise WageMissingError(title=draft.title)
    if draft.starts_on and draft.ends_on and draft.ends_on < draft.starts_on:
        raise WorkEndsBeforeItStartsError(starts_on=draft.starts_on, ends_on=draft.ends_on)
    occupation = draft.occupation if draft.occupation_system == "CSCO" else ""
    work = Work(draft.place, occupation, on)
    return judged(draft.requirements, work, texts=(draft.title, draft.duties, draft.report_words))


def state_on(
    day: date,
    *,
    expires_on: date,
    verified: bool,
    filled: bool,
    withdrawn: bool,
    ends_on: date | None = None,
) -> VacancyState:
    """Return what a vacancy is on ``day``; on ``expires_on`` itself it is no longer shown.

    >>> ides = date(2020, 3, 15)
    >>> state_on(ides, expires_on=ides, verified=True, filled=False, withdrawn=False)
    <VacancyState.EXPIRED: 'expired'>
    """
    if withdrawn:
        return VacancyState.WITHDRAWN
    if filled:
        return VacancyState.FULL
    if day >= expires_on or (ends_on is not None and ends_on < day):
        return VacancyState.EXPIRED
    if not verified:
        return VacancyState.UNVERIFIED
    warned_on = expires_on - timedelta(days=EXPIRY_WARNING_DAYS)
    return VacancyState.EXPIRING if day >= warned_on else VacancyState.OPEN
