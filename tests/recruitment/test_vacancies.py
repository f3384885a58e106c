"""Posting, verifying, confirming, withdrawing: who sees a vacancy on which day, and what is refused whole."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fourdoors.accounts.models import Deed
from fourdoors.partners.models import Employer
from fourdoors.partners.rules import CheckKind
from fourdoors.partners.services import check_employer
from fourdoors.recruitment.models import Requirement, Vacancy
from fourdoors.recruitment.rules import (
    AgeLimitUnfoundedError,
    Asked,
    RequirementKind,
    SexLimitUnfoundedError,
    VacancyRow,
    WordsUnlawfulError,
)
from fourdoors.recruitment.selectors import open_vacancies
from fourdoors.recruitment.services import (
    EmployerFailedCheckError,
    VacancyExpiredError,
    VacancyGoneError,
    close_full,
    confirm_vacancy,
    load_vacancies,
    reopen_vacancy,
    verify_vacancy,
    withdraw_vacancy,
)
from tests.makers.accounts import make_officer
from tests.makers.partners import MARCH, make_employer
from tests.makers.recruitment import make_draft, make_vacancy

pytestmark = pytest.mark.django_db
TODAY = date(2020, 3, 2)
LAST_DAY = date(2020, 3, 15)
GONE_ON = date(2020, 3, 16)


def shown(on: date = TODAY) -> list[Vacancy]:
    return list(open_vacancies(on=on))


def test_nobody_outside_sees_a_vacancy_before_an_officer_put_a_name_to_it() -> None:
    vacancy = make_vacancy(verified=False)
    assert shown() == []
    assert list(open_vacancies(on=TODAY, verified=False)) == [vacancy]

    officer = make_officer()
    verify_vacancy(vacancy=vacancy, at=MARCH, by=officer)

    assert shown() == [vacancy]
    assert shown()[0].verified_by == officer
    assert list(Deed.objects.values_list("action", flat=True)) == [
        "partners.employer_registered", "recruitment.vacancy_posted", "recruitment.vacancy_verified",
    ]  # fmt: skip


def test_a_vacancy_is_shown_to_its_last_day_and_not_on_the_day_it_expires() -> None:
    vacancy = make_vacancy()

    assert shown(LAST_DAY) == [vacancy]
    assert shown(GONE_ON) == []


def test_confirming_gives_it_another_term_even_after_it_expired() -> None:
    vacancy = make_vacancy()
    later = datetime(2020, 3, 20, 1, tzinfo=UTC)
    assert shown(date(2020, 3, 20)) == []

    confirm_vacancy(vacancy=vacancy, at=later, by=None)

    assert shown(date(2020, 4, 2)) == [vacancy]
    assert shown(date(2020, 4, 3)) == []


def test_the_day_of_confirming_is_a_day_in_china() -> None:
    vacancy = make_vacancy()

    confirm_vacancy(vacancy=vacancy, at=datetime(2020, 3, 19, 16, 0, tzinfo=UTC), by=None)  # 20 March there

    vacancy.refresh_from_db()
    assert vacancy.expires_on == date(2020, 4, 3)


def test_an_expired_vacancy_is_confirmed_before_it_is_verified() -> None:
    vacancy = make_vacancy(verified=False)
    with pytest.raises(VacancyExpiredError):
        verify_vacancy(vacancy=vacancy, at=MARCH + timedelta(days=14), by=make_officer())

    vacancy.refresh_from_db()
    assert vacancy.verified_at is None


def test_nobody_verifies_for_an_employer_whose_newest_check_failed() -> None:
    vacancy, officer = make_vacancy(verified=False), make_officer()

    def check(kind: CheckKind, day: int, *, passed: bool) -> None:
        check_employer(
            employer=vacancy.employer, kind=kind, passed=passed, checked_on=date(2020, 3, day), at=MARCH,
            by=officer,
        )  # fmt: skip

    check(CheckKind.WAGES, 1, passed=False)
    check(CheckKind.VISIT, 2, passed=True)
    with pytest.raises(EmployerFailedCheckError):
        verify_vacancy(vacancy=vacancy, at=MARCH, by=officer)
    assert shown() == []

    check(CheckKind.WAGES, 2, passed=True)
    verify_vacancy(vacancy=vacancy, at=MARCH, by=officer)
    assert shown() == [vacancy]


def test_a_vacancy_whose_work_is_over_is_not_shown() -> None:
    vacancy = make_vacancy(draft=make_draft(ends_on=date(2020, 3, 5)))

    assert shown(date(2020, 3, 5)) == [vacancy]
    assert shown(date(2020, 3, 6)) == []


def test_what_is_withdrawn_or_full_is_neither_shown_nor_confirmed() -> None:
    withdrawn, full = make_vacancy(), make_vacancy()
    for _ in range(2):
        withdraw_vacancy(vacancy=withdrawn, at=MARCH, by=None)
        close_full(vacancy=full, at=MARCH, by=None)
    assert shown() == []
    assert Deed.objects.filter(action="recruitment.vacancy_withdrawn").count() == 1
    assert Deed.objects.filter(action="recruitment.vacancy_full").count() == 1
    for vacancy in (withdrawn, full):
        with pytest.raises(VacancyGoneError):
            confirm_vacancy(vacancy=vacancy, at=MARCH, by=None)

    reopen_vacancy(vacancy=full, at=MARCH, by=None)
    assert shown() == [full]


def test_foreign_vacancies_are_asked_for_by_country() -> None:
    from dataclasses import replace

    make_vacancy(draft=replace(make_draft(place=None), country="US"))

    assert shown() == []
    assert open_vacancies(on=TODAY, country="US").count() == 1


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        ({"requirements": (Asked(RequirementKind.SEX, "male"),)}, SexLimitUnfoundedError),
        ({"requirements": (Asked(RequirementKind.AGE_MAX, "45"),)}, AgeLimitUnfoundedError),
        ({"title": "普工（限汉族）"}, WordsUnlawfulError),
        ({"duties": "45周岁以下"}, WordsUnlawfulError),
    ],
)
def test_an_unfounded_limit_is_refused_and_nothing_is_written(
    draft: dict[str, object], refusal: type[Exception]
) -> None:
    employer = make_employer()
    deeds = Deed.objects.count()

    with pytest.raises(refusal):
        make_vacancy(employer=employer, draft=make_draft(**draft))  # type: ignore[arg-type]
    with pytest.raises(refusal):
        load_vacancies(
            [
                VacancyRow(make_draft(), employer.pk, MARCH, "job_list", "1"),
                VacancyRow(make_draft(**draft), employer.pk, MARCH, "job_list", "2"),  # type: ignore[arg-type]
            ]
        )

    assert not Vacancy.objects.exists()
    assert not Requirement.objects.exists()
    assert Deed.objects.count() == deeds


def test_a_lawful_limit_is_kept_with_its_article() -> None:
    asked = (
        Asked(RequirementKind.AGE_MIN, "18"),
        Asked(RequirementKind.EDUCATION, "primary"),
    )
    vacancy = make_vacancy(draft=make_draft(requirements=asked))

    assert dict(vacancy.requirements.values_list("kind", "legal_basis")) == {
        "age_min": "labour_law_58",
        "education": "",
    }


def test_many_are_loaded_as_one_is_posted() -> None:
    employer, officer = make_employer(), make_officer()
    asked = (Asked(RequirementKind.AGE_MIN, "16"),)
    rows = [
        VacancyRow(
            make_draft(title=f"岗位{number}", requirements=asked), employer.pk, MARCH, "job_list",
            str(number), verified_by_id=officer.pk, verified_at=MARCH,
        )
        for number in range(3)
    ]  # fmt: skip

    numbers = load_vacancies(rows)

    found = {vacancy.pk: vacancy for vacancy in shown()}
    assert [found[number].title for number in numbers] == ["岗位0", "岗位1", "岗位2"]
    assert found[numbers[0]].expires_on == GONE_ON
    assert found[numbers[0]].requirements.get().legal_basis == "labour_law_15"


def test_loading_nothing_writes_nothing() -> None:
    assert load_vacancies([]) == []
    assert not Employer.objects.exists()
