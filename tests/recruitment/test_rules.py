"""Pay of a month, days of a vacancy, cells of a job list; no database."""

from datetime import date
from decimal import Decimal

import pytest

from fourdoors.recruitment.rules import (
    HoursMissingError,
    OpeningsMissingError,
    PayBasis,
    PieceNeedsMonthError,
    RequirementUnreadError,
    TitleMissingError,
    VacancyState,
    WageMissingError,
    WorkEndsBeforeItStartsError,
    ages_asked,
    board_and_lodging,
    certificate_code,
    expires_on,
    schooling_asked,
    sex_asked,
    skills_asked,
    sound,
    state_on,
    yuan_per_month,
)
from tests.makers.recruitment import make_draft

TODAY = date(2020, 3, 2)


@pytest.mark.parametrize(
    ("amount", "basis", "hours", "yuan"),
    [
        ("4500", PayBasis.MONTHLY, None, 4500),
        ("20", PayBasis.HOURLY, 40.0, 3467),  # 20 x 40 x 52/12 = 3466.67
        ("200", PayBasis.DAILY, None, 4350),  # 21.75 days
        ("1000", PayBasis.WEEKLY, None, 4333),
        ("2000", PayBasis.FORTNIGHTLY, None, 4333),
        ("54000", PayBasis.YEARLY, None, 4500),
        ("4500.50", PayBasis.MONTHLY, None, 4501),  # half a yuan goes up
    ],
)
def test_pay_of_any_basis_is_shown_as_pay_of_a_month(
    amount: str, basis: PayBasis, hours: float | None, yuan: int
) -> None:
    assert yuan_per_month(Decimal(amount), basis=basis, hours_per_week=hours) == yuan


def test_foreign_pay_is_turned_into_yuan_before_it_is_rounded() -> None:
    assert yuan_per_month(Decimal("0.5"), basis=PayBasis.MONTHLY, rate=Decimal("6.75")) == 3


def test_pay_that_says_nothing_of_a_month_is_refused() -> None:
    with pytest.raises(HoursMissingError):
        yuan_per_month(Decimal(20), basis=PayBasis.HOURLY)
    with pytest.raises(PieceNeedsMonthError):
        yuan_per_month(Decimal(2), basis=PayBasis.PIECE)


@pytest.mark.parametrize(
    ("valid_to", "gone_on"),
    [
        (None, date(2020, 3, 16)),
        (date(2020, 3, 4), date(2020, 3, 5)),  # shown on the last day that the employer gave
        (date(2020, 12, 31), date(2020, 3, 16)),  # a long promise does not keep it alive
    ],
)
def test_a_vacancy_dies_after_fourteen_days_or_earlier(valid_to: date | None, gone_on: date) -> None:
    assert expires_on(TODAY, valid_to=valid_to) == gone_on


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2020, 3, 12), VacancyState.OPEN),
        (date(2020, 3, 13), VacancyState.EXPIRING),
        (date(2020, 3, 15), VacancyState.EXPIRING),
        (date(2020, 3, 16), VacancyState.EXPIRED),
    ],
)
def test_on_the_day_of_expiry_a_vacancy_is_no_longer_shown(day: date, state: VacancyState) -> None:
    gone_on = date(2020, 3, 16)
    assert state_on(day, expires_on=gone_on, verified=True, filled=False, withdrawn=False) is state


def test_what_ends_a_vacancy_is_said_before_what_it_lacks() -> None:
    def state(**facts: object) -> VacancyState:
        usual = {"expires_on": date(2020, 3, 16), "verified": False, "filled": False, "withdrawn": False}
        return state_on(TODAY, **{**usual, **facts})  # type: ignore[arg-type]

    assert state() is VacancyState.UNVERIFIED
    assert state(ends_on=date(2020, 3, 1)) is VacancyState.EXPIRED
    assert state(ends_on=TODAY) is VacancyState.UNVERIFIED
    assert state(filled=True) is VacancyState.FULL
    assert state(filled=True, withdrawn=True) is VacancyState.WITHDRAWN


def test_a_draft_says_what_what_for_and_how_many() -> None:
    with pytest.raises(TitleMissingError):
        sound(make_draft(title="  "), on=TODAY)
    with pytest.raises(OpeningsMissingError):
        sound(make_draft(openings=0), on=TODAY)
    for wage in ((0, 4000), (4001, 4000)):
        with pytest.raises(WageMissingError):
            sound(make_draft(wage=wage), on=TODAY)
    assert sound(make_draft(wage=(4000, 4000)), on=TODAY) == []


def test_work_does_not_end_before_it_starts() -> None:
    from dataclasses import replace

    draft = replace(make_draft(), starts_on=TODAY, ends_on=date(2020, 3, 1))
    with pytest.raises(WorkEndsBeforeItStartsError):
        sound(draft, on=TODAY)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("限男：矿山井下作业", "male"),
        ("女", "female"),
        ("Female only", "female"),
        ("male", "male"),
        ("男女不限", None),
        ("男、女", None),
        ("不限", None),
        ("", None),
    ],
)
def test_a_claim_on_sex_is_read(text: str, asked: str | None) -> None:
    assert [one.value for one in sex_asked(text)] == ([asked] if asked else [])


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("18-55周岁", [("age_min", "18"), ("age_max", "55")]),
        ("18～59", [("age_min", "18"), ("age_max", "59")]),
        ("60岁以下", [("age_max", "60")]),
        ("年满18周岁以上", [("age_min", "18")]),
        ("男60岁以下，女50岁以下", [("age_max", "60,50")]),
        ("女18-49岁，男18-59岁", [("age_min", "18"), ("age_max", "59,49")]),
        ("不限", []),
    ],
)
def test_a_claim_on_age_is_read(text: str, asked: list[tuple[str, str]]) -> None:
    assert [(one.kind.value, one.value) for one in ages_asked(text)] == asked


def test_an_age_that_nobody_can_read_is_not_passed_over() -> None:
    with pytest.raises(RequirementUnreadError):
        ages_asked("年轻人")


def test_schooling_skills_and_experience_are_read() -> None:
    assert schooling_asked("初中及以上学历")[0].value == "junior_middle"
    assert schooling_asked("会写字")[0].kind.value == "other"
    found = {one.kind.value: one.value for one in skills_asked("养老护理员证；6个月经验、会骑电动车；无")}
    assert found == {"certificate": "4-10-01-05", "experience": "6", "other": "会骑电动车"}
    assert [one.value for one in skills_asked("3 months of experience")] == ["3"]
    assert [one.value for one in skills_asked("2年工作经验")] == ["24"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("缝纫工证书", "6-05-01-03"),
        ("中级焊工证", "6-18-02-04"),
        ("电工上岗证", "6-31-01-03"),
        ("家政服务员五级职业技能等级证书", "4-10-01-06"),
        ("健康证", ""),  # belongs to no occupation
        ("缝纫工", ""),  # a skill, no paper
    ],
)
def test_a_certificate_is_of_an_occupation(text: str, code: str) -> None:
    assert certificate_code(text) == code


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("包吃住", (True, True)),
        ("包住，餐补", (False, True)),
        ("提供免费工作餐", (True, False)),
        ("不包吃，包住", (False, True)),
        ("食宿自理", (False, False)),
        ("", (False, False)),
    ],
)
def test_board_and_lodging_are_read(text: str, given: tuple[bool, bool]) -> None:
    assert board_and_lodging(text) == given
