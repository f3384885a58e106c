"""Makers of vacancies, fairs and applications."""

from datetime import date, datetime

from fourdoors.partners.models import Employer
from fourdoors.recruitment.models import Event, Vacancy
from fourdoors.recruitment.rules import Asked, EventKind, PayBasis, Source, VacancyDraft
from fourdoors.recruitment.services import open_event, post_vacancy, verify_vacancy
from tests.makers.accounts import LI_COUNTY, QINGDAO_JIAOZHOU, make_officer
from tests.makers.partners import MARCH, make_employer


def make_draft(
    *,
    title: str = "缝纫工",
    openings: int = 30,
    wage: tuple[int, int] = (4200, 5500),
    pay_basis: PayBasis = PayBasis.MONTHLY,
    occupation: str = "6-05-01-03",
    place: int | None = QINGDAO_JIAOZHOU,
    duties: str = "",
    board: bool = True,
    lodging: bool = True,
    ends_on: date | None = None,
    requirements: tuple[Asked, ...] = (),
) -> VacancyDraft:
    """Make what an employer offers: sewing in Qingdao."""
    return VacancyDraft(
        title=title, openings=openings, wage_low_yuan=wage[0], wage_high_yuan=wage[1], pay_basis=pay_basis,
        occupation=occupation, place=place, duties=duties, board=board, lodging=lodging, ends_on=ends_on,
        requirements=requirements,
    )  # fmt: skip


def make_vacancy(
    *,
    draft: VacancyDraft | None = None,
    employer: Employer | None = None,
    at: datetime = MARCH,
    verified: bool = True,
    source_row: str = "",
) -> Vacancy:
    """Make a vacancy that is open and verified."""
    vacancy = post_vacancy(
        employer=employer or make_employer(), draft=draft or make_draft(), source=Source.FORM, at=at,
        by=None, source_row=source_row,
    )  # fmt: skip
    if not verified:
        return vacancy
    return verify_vacancy(vacancy=vacancy, at=at, by=make_officer(username="verifier"))


def make_event(*, title: str = "春风行动礼县专场", vacancies: tuple[Vacancy, ...] = ()) -> Event:
    """Announce a fair in Li County."""
    return open_event(
        title=title, kind=EventKind.FAIR, on=date(2020, 3, 8), division=LI_COUNTY, place_words="县体育馆",
        vacancies=vacancies, at=MARCH, by=None,
    )  # fmt: skip
