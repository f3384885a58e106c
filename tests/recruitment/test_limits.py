"""What may be asked of a person, tried at the edges of every article; no database."""

from datetime import date

import pytest

from fourdoors.kernel.terms import Sex
from fourdoors.recruitment.rules import (
    AgeLimitUnfoundedError,
    Asked,
    RequirementKind,
    RequirementUnreadError,
    SexLimitUnfoundedError,
    WordsUnlawfulError,
    Work,
    cited,
    judged,
    legal_basis_of,
    local_age_of,
    oldest_allowed,
)

QINGDAO, SHANGHAI, TIANJIN = 370281_000000, 310115_000000, 120111_000000
SEWING, MINING, BRICKLAYING = "6-05-01-03", "6-16-01-05", "6-29-01-01"
TODAY = date(2020, 3, 2)


def basis(
    kind: RequirementKind,
    value: str,
    *,
    ground: str = "",
    place: int = QINGDAO,
    occupation: str = SEWING,
    on: date = TODAY,
) -> str:
    return legal_basis_of(Asked(kind, value, ground=ground), Work(place, occupation, on))


def test_men_only_needs_a_ground_of_decree_619() -> None:
    with pytest.raises(SexLimitUnfoundedError) as refusal:
        basis(RequirementKind.SEX, "male", ground="工作辛苦")

    assert refusal.value.values["article_en"] == "Employment Promotion Law, article 27"
    assert basis(RequirementKind.SEX, "male", ground="第四级体力劳动强度") == "heavy_labour"


def test_a_ground_must_fit_the_trade_it_is_claimed_for() -> None:
    assert basis(RequirementKind.SEX, "male", ground="矿山井下作业", occupation=MINING) == "mine_underground"

    with pytest.raises(SexLimitUnfoundedError):
        basis(RequirementKind.SEX, "male", ground="矿山井下作业", occupation=SEWING)


def test_women_only_has_no_ground_at_all() -> None:
    with pytest.raises(SexLimitUnfoundedError) as refusal:
        basis(RequirementKind.SEX, "female", ground="第四级体力劳动强度")

    assert refusal.value.values["article_zh"] == "《劳动法》第十二条"


@pytest.mark.parametrize(("years", "law"), [("16", "labour_law_15"), ("18", "labour_law_58")])
def test_the_lowest_age_is_sixteen_or_eighteen(years: str, law: str) -> None:
    assert basis(RequirementKind.AGE_MIN, years) == law


@pytest.mark.parametrize("years", ["15", "17", "19", "25"])
def test_no_other_lowest_age_may_be_asked(years: str) -> None:
    with pytest.raises(AgeLimitUnfoundedError) as refusal:
        basis(RequirementKind.AGE_MIN, years)

    assert refusal.value.values["article_en"] == "Employment Promotion Law, article 26"


def test_no_highest_age_may_be_asked_where_no_rule_of_the_place_bars_anybody() -> None:
    for place, occupation in ((QINGDAO, BRICKLAYING), (SHANGHAI, SEWING)):
        with pytest.raises(AgeLimitUnfoundedError):
            basis(RequirementKind.AGE_MAX, "59", place=place, occupation=occupation)


@pytest.mark.parametrize(
    ("value", "founded"),
    [
        ("59,49", True),  # 60 and 50 are barred: 59 and 49 are the oldest that may come
        ("60,50", True),  # looser than the rule
        ("59", True),  # women of 50 to 59 are barred by the rule itself, not by the employer
        ("58,49", False),
        ("59,48", False),
    ],
)
def test_in_shanghai_a_building_site_may_ask_for_what_the_rule_bars_and_no_younger(
    value: str, *, founded: bool
) -> None:
    if founded:
        found = basis(RequirementKind.AGE_MAX, value, place=SHANGHAI, occupation=BRICKLAYING)
        assert found == "shanghai_2019"
    else:
        with pytest.raises(AgeLimitUnfoundedError):
            basis(RequirementKind.AGE_MAX, value, place=SHANGHAI, occupation=BRICKLAYING)


def test_the_narrower_rule_counts_only_where_its_work_is_named() -> None:
    where = {"place": SHANGHAI, "occupation": BRICKLAYING}

    assert basis(RequirementKind.AGE_MAX, "54,44", ground="高空作业", **where) == "shanghai_2019_heavy"  # type: ignore[arg-type]
    with pytest.raises(AgeLimitUnfoundedError):
        basis(RequirementKind.AGE_MAX, "54,44", **where)  # type: ignore[arg-type]


def test_a_local_rule_begins_on_its_day() -> None:
    def of(on: date) -> object:
        return local_age_of(Work(TIANJIN, BRICKLAYING, on))

    assert of(date(2021, 12, 31)) is None
    rule = local_age_of(Work(TIANJIN, BRICKLAYING, date(2022, 1, 1)))
    assert rule
    assert not rule.bars(sex=Sex.MALE, age_years=60)
    assert rule.bars(sex=Sex.MALE, age_years=61)
    assert rule.bars(sex=Sex.FEMALE, age_years=51)


def test_what_can_be_compared_must_be_readable() -> None:
    for kind, value in (
        (RequirementKind.SEX, "anybody"),
        (RequirementKind.AGE_MAX, "sixty"),
        (RequirementKind.EDUCATION, "some"),
        (RequirementKind.EXPERIENCE, "long"),
    ):
        with pytest.raises(RequirementUnreadError):
            basis(kind, value)
    assert basis(RequirementKind.EDUCATION, "junior_middle") == ""


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("普工（限汉族）", "Employment Promotion Law, article 28"),
        ("不要少数民族", "Employment Promotion Law, article 28"),
        ("回族勿扰", "Employment Promotion Law, article 28"),
        ("要求已婚已育", "Employment Promotion Law, article 27"),
        ("仅限女，手脚麻利", "Employment Promotion Law, article 27"),
        ("男士优先", "Employment Promotion Law, article 27"),
        ("年龄18-45岁", "Employment Promotion Law, article 26"),
        ("45周岁以下", "Employment Promotion Law, article 26"),
    ],
)
def test_words_that_sort_people_are_refused_with_their_article(text: str, article: str) -> None:
    with pytest.raises(WordsUnlawfulError) as refusal:
        judged([], Work(QINGDAO, SEWING, TODAY), texts=[text])

    assert refusal.value.values["article_en"] == article


@pytest.mark.parametrize(
    "text",
    [
        "缝制民族服装",
        "男女不限",
        "不限男女",
        "照顾80岁老人",
        "照看3岁以下幼儿",
        "每天8小时，月休4天",
        "女装车间",
        "年满18岁",
    ],
)
def test_words_about_the_work_may_stay(text: str) -> None:
    assert judged([], Work(QINGDAO, SEWING, TODAY), texts=[text]) == []


def test_words_may_repeat_a_limit_that_stands_on_its_article() -> None:
    men_only = Asked(RequirementKind.SEX, "male", ground="矿山井下作业")

    judged([men_only], Work(QINGDAO, MINING, TODAY), texts=["井下采矿工，限男"])
    with pytest.raises(WordsUnlawfulError):
        judged([men_only], Work(QINGDAO, MINING, TODAY), texts=["限男，45岁以下"])


def test_words_of_other_requirements_are_read_too() -> None:
    with pytest.raises(WordsUnlawfulError):
        judged([Asked(RequirementKind.OTHER, "限男")], Work(QINGDAO, SEWING, TODAY))


def test_a_basis_is_cited_in_both_languages() -> None:
    assert cited("mine_underground").zh.endswith("附录第一条（矿山井下作业）")
    assert "Decree 619" in cited("mine_underground").en
    assert cited("shanghai_2019").zh.startswith("沪建质安联〔2019〕346号")
    assert cited("labour_law_15").en == "Labour Law, article 15 (nobody under 16 is employed)"
    assert cited("Order 12").zh == "Order 12"


def test_the_oldest_age_may_differ_for_men_and_women() -> None:
    assert (oldest_allowed("59,49", sex=Sex.MALE), oldest_allowed("59,49", sex=Sex.FEMALE)) == (59, 49)
    assert oldest_allowed("60", sex=Sex.FEMALE) == 60
