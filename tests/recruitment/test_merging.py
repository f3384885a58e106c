"""A job list through intake: what becomes a vacancy, what stays out with its article, what comes again."""

import csv
import io
from datetime import date, timedelta

import pytest

from fourdoors.accounts.models import Deed
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.services import NotNowError, ask_for_merge, receive_file, stage_rows
from fourdoors.kernel.credit_codes import invented_credit_code
from fourdoors.kernel.divisions import range_of
from fourdoors.partners.models import Employer
from fourdoors.recruitment.models import Requirement, Vacancy
from fourdoors.recruitment.rules import PayBasis, place_named, read_offer, wages_named
from fourdoors.recruitment.selectors import open_vacancies
from fourdoors.recruitment.services import merge_job_list, verify_vacancy, withdraw_vacancy
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import GANSU, LI_COUNTY, make_officer
from tests.makers.partners import MARCH, make_employer

pytestmark = pytest.mark.django_db
CODE = invented_credit_code(7)
ROW = {
    "企业名称": "胶州第一缝纫厂",
    "统一社会信用代码": CODE,
    "行业": "企业",
    "岗位": "缝纫工",
    "招聘人数": "30",
    "学历": "初中",
    "技能或证书": "缝纫工证书；6个月经验",
    "综合月薪": "4,200-5,500元",
    "计薪方式": "计件",
    "食宿": "包吃住",
    "工作地址": "山东省青岛市胶州市阜安工业园",
    "有效期至": "",
    "来源": "东西协作",
    "声明性别要求及法律依据": "不限",
    "声明年龄要求及法律依据": "18岁以上",
}
MINER = {**ROW, "岗位": "井下采矿工", "声明性别要求及法律依据": "男：矿山井下作业"}


@pytest.fixture(autouse=True)
def _province() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def merged(*rows: dict[str, str], at=MARCH) -> Import:  # type: ignore[no-untyped-def]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(ROW))
    writer.writeheader()
    writer.writerows(rows)
    batch = receive_file(
        form="job_list", division=LI_COUNTY, data=text.getvalue().encode(), name="岗位.csv", at=at
    )
    stage_rows(import_id=batch.pk, at=at)
    ask_for_merge(import_id=batch.pk, at=at)
    return merge_job_list(import_id=batch.pk, at=at, by=make_officer())


def notes(batch: Import) -> list[tuple[str, str]]:
    rows = StagedRow.objects.filter(batch=batch).order_by("number").values_list("faults", flat=True)
    return [(fault["column"], fault["code"]) for faults in rows for fault in faults]


def test_a_row_becomes_an_employer_and_a_vacancy_with_its_articles() -> None:
    batch = merged(ROW)

    vacancy = Vacancy.objects.get()
    assert (batch.state, batch.counts["new"], batch.counts["faulty"]) == ("merged", 1, 0)
    assert (vacancy.employer.credit_code, vacancy.employer.place) == (CODE, 370281_000000)
    assert (vacancy.wage_low_yuan, vacancy.wage_high_yuan, vacancy.pay_basis) == (4200, 5500, "piece")
    assert (vacancy.board, vacancy.lodging, vacancy.source, vacancy.occupation) == (
        True, True, "east_west", "6-05-01-03",
    )  # fmt: skip
    assert dict(vacancy.requirements.values_list("kind", "value")) == {
        "age_min": "18", "education": "junior_middle", "certificate": "6-05-01-03", "experience": "6",
    }  # fmt: skip
    assert vacancy.requirements.get(kind="age_min").legal_basis == "labour_law_58"
    assert list(open_vacancies(on=date(2020, 3, 2))) == []  # a list verifies nothing
    assert (vacancy.invented, vacancy.employer.invented) == (True, True)  # the code says so


def test_a_limit_that_stands_on_its_ground_is_taken() -> None:
    merged(MINER)

    assert Requirement.objects.get(kind="sex").legal_basis == "mine_underground"


@pytest.mark.parametrize(
    ("changed", "column", "code"),
    [
        ({"声明性别要求及法律依据": "限女"}, "sex_claim", "sex_limit_unfounded"),
        ({"声明性别要求及法律依据": "男：矿山井下作业"}, "sex_claim", "sex_limit_unfounded"),  # sewing
        ({"声明年龄要求及法律依据": "18-45岁"}, "age_claim", "age_limit_unfounded"),
        ({"声明年龄要求及法律依据": "年轻"}, "age_claim", "requirement_unread"),
        ({"岗位": "缝纫工（限汉族）"}, "title", "words_unlawful"),
        ({"综合月薪": "面议"}, "wage", "wage_unread"),
        ({"综合月薪": ""}, "wage", "wage_missing"),
        ({"统一社会信用代码": "", "企业名称": "没有登记的厂"}, "credit_code", "employer_unknown"),
    ],
)
def test_a_row_that_cannot_be_taken_stays_out_with_its_reason_and_the_others_go_in(
    changed: dict[str, str], column: str, code: str
) -> None:
    other = {**ROW, "岗位": "裁剪工"}
    batch = merged({**ROW, **changed}, other)

    assert notes(batch) == [(column, code)]
    assert (batch.counts["new"], batch.counts["faulty"]) == (1, 1)
    assert Vacancy.objects.get().title == "裁剪工"


def test_the_note_names_the_article() -> None:
    batch = merged({**ROW, "声明性别要求及法律依据": "限女"})

    fault = StagedRow.objects.get(batch=batch).faults[0]
    assert fault["values"]["article_zh"] == "《劳动法》第十二条"
    assert not Vacancy.objects.exists()
    assert not Employer.objects.exists()


def test_a_post_that_stands_twice_in_a_list_is_one_post() -> None:
    batch = merged(ROW, {**ROW, "招聘人数": "5"})

    assert notes(batch) == [("title", "post_twice_in_list")]
    assert Vacancy.objects.get().openings == 30


def test_an_employer_without_code_is_known_by_the_one_of_its_name() -> None:
    known = make_employer(name="礼县车间")
    merged({**ROW, "统一社会信用代码": "", "企业名称": "礼县车间"})

    assert Vacancy.objects.get().employer == known

    make_employer(name="同名车间")
    make_employer(name="同名车间")
    batch = merged({**ROW, "统一社会信用代码": "", "企业名称": "同名车间"})
    assert notes(batch) == [("credit_code", "employer_unknown")]


def test_a_list_that_comes_again_keeps_its_posts_alive() -> None:
    merged(ROW)
    vacancy = Vacancy.objects.get()
    verify_vacancy(vacancy=vacancy, at=MARCH, by=make_officer())
    later = MARCH + timedelta(days=7)

    batch = merged(ROW, {**ROW, "岗位": "裁剪工"}, at=later)

    vacancy.refresh_from_db()
    assert (batch.counts["unchanged"], batch.counts["new"]) == (1, 1)
    assert (vacancy.expires_on, vacancy.confirmed_at) == (date(2020, 3, 23), later)
    assert vacancy.verified_at == MARCH
    assert Vacancy.objects.count() == 2


@pytest.mark.parametrize("changed", [{"综合月薪": "4000-5000"}, {"声明年龄要求及法律依据": "16岁以上"}])
def test_changed_terms_are_verified_again(changed: dict[str, str]) -> None:
    merged(ROW)
    verify_vacancy(vacancy=Vacancy.objects.get(), at=MARCH, by=make_officer())

    batch = merged({**ROW, **changed}, at=MARCH + timedelta(days=1))

    vacancy = Vacancy.objects.get()
    assert batch.counts["changed"] == 1
    assert vacancy.verified_at is None
    assert vacancy.requirements.filter(kind="age_min").count() == 1


def test_a_withdrawn_post_on_a_new_list_is_open_again() -> None:
    merged(ROW)
    withdraw_vacancy(vacancy=Vacancy.objects.get(), at=MARCH, by=None)

    merged(ROW, {**ROW, "岗位": "裁剪工"}, at=MARCH + timedelta(days=1))

    assert Vacancy.objects.get(title="缝纫工").withdrawn_at is None


def test_a_list_shortens_the_life_of_a_post() -> None:
    merged({**ROW, "有效期至": "2020.3.5"})

    assert Vacancy.objects.get().expires_on == date(2020, 3, 6)


def test_a_list_is_merged_once() -> None:
    batch = merged(ROW)

    with pytest.raises(NotNowError):
        merge_job_list(import_id=batch.pk, at=MARCH, by=None)
    assert Deed.objects.filter(action="intake.merged").count() == 1


@pytest.mark.parametrize(
    ("text", "basis", "hours", "yuan"),
    [
        ("4200-5500", PayBasis.MONTHLY, None, (4200, 5500)),
        ("５０００～７０００元", PayBasis.MONTHLY, None, (5000, 7000)),
        ("7000-5000", PayBasis.MONTHLY, None, (5000, 7000)),
        ("5-7k", PayBasis.MONTHLY, None, (5000, 7000)),
        ("0.45万", PayBasis.MONTHLY, None, (4500, 4500)),
        ("200元/天", PayBasis.DAILY, None, (4350, 4350)),
        ("20-25元/小时", PayBasis.HOURLY, 40.0, (3467, 4333)),
        ("月均6000", PayBasis.HOURLY, None, (6000, 6000)),  # a month's pay whatever it is counted by
        ("500", PayBasis.MONTHLY, None, (500, 500)),
    ],
)
def test_words_of_pay_are_read(
    text: str, basis: PayBasis, hours: float | None, yuan: tuple[int, int]
) -> None:
    assert wages_named(text, basis=basis, hours_per_week=hours) == yuan


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("山东省青岛市胶州市阜安工业园", 370281_000000),
        ("青岛黄岛区前湾", 370211_000000),
        ("北京市朝阳区", 110105_000000),
        ("朝阳区", None),  # several
        ("Vass, NC", None),
        ("", None),
    ],
)
def test_an_address_names_a_place(address: str, code: int | None) -> None:
    assert place_named(address) == code


def test_a_unit_abroad_is_known_by_its_name_however_it_is_written() -> None:
    cells = {"title": "Farmworker", "openings": "5", "wage": "9000", "country": "US", "source": "mapping"}
    one, other = (
        read_offer({**cells, "employer_name": name}) for name in ("Acme Farms, Inc.", "ACME FARMS INC")
    )

    assert one.credit_code == other.credit_code
    assert one.credit_code.startswith("X-US-")
    assert len(one.credit_code) <= 18
    assert (one.source, one.draft.country, one.draft.place) == ("mapping", "US", None)
