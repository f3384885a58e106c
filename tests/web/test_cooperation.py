"""The cooperation desk: what was promised beside what came of it, and who may open and write it."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from fourdoors.accounts.rules import Duty
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.terms import Channel
from fourdoors.partners.models import Agreement, Employer, Letter, PlanTarget
from fourdoors.partners.services import admit_brand_member, record_reply, set_target
from fourdoors.register.models import Certificate
from fourdoors.store.scope import NOTHING, Scope, set_scope
from tests.makers.accounts import DANGCHANG, GANSU, LI_COUNTY, QINGDAO_JIAOZHOU, make_officer
from tests.makers.employment import make_spell
from tests.makers.partners import (
    SHANDONG,
    make_agreement,
    make_base,
    make_brand,
    make_employer,
    make_letter,
    make_mission,
    make_plan,
    make_province,
    make_station,
)
from tests.makers.register import make_worker

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LISTS = ["", "letters/", "agreements/", "stations/", "missions/", "plans/", "bases/", "brands/", "employers/"]


def enter(client: Client, **officer: object) -> Client:
    client.force_login(make_officer(**officer), backend=BACKEND)  # type: ignore[arg-type]
    return client


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=timezone.get_default_timezone())


def make_all(year: int) -> None:
    set_scope(Scope(territory=range_of(GANSU)))
    day = date(year, 1, 5)
    record_reply(
        letter=make_letter(sent_on=day), replied_on=day, reply="同意", posts_offered=800,
        at=at_noon(day), by=None,
    )  # fmt: skip
    make_agreement(number="协议一", quota_persons=300, from_on=date(year, 1, 1), to_on=date(year, 12, 31))
    plan = make_plan(to_year=year)
    set_target(plan=plan, year=year, province=make_province(), persons=4, at=at_noon(day), by=None)
    make_mission(on=day)
    make_base(plaque_on=day)
    make_station()
    make_brand()
    make_employer()
    for number in range(3):
        make_spell(
            worker=make_worker(name=f"马{number}"),
            channel=Channel.ORGANISED,
            place=QINGDAO_JIAOZHOU,
            left_on=day,
        )
    make_spell(
        worker=make_worker(name="马自"), channel=Channel.SELF_ARRANGED, place=QINGDAO_JIAOZHOU, left_on=day
    )
    make_spell(
        worker=make_worker(name="宕昌", village=DANGCHANG + 100201), channel=Channel.ORGANISED,
        place=QINGDAO_JIAOZHOU, left_on=day,
    )  # fmt: skip
    set_scope(NOTHING)


def test_promised_stands_beside_delivered_by_province(client: Client) -> None:
    make_all(2020)
    page = enter(client, division=GANSU, duty=Duty.PROVINCE).get("/cooperation/?year=2020").content.decode()

    assert "山东省" in page
    assert "800" in page
    assert "100%" in page  # four organised persons of a target of four; the self-arranged one is not counted
    assert "协议一" in page
    assert "<svg" in page


def test_a_county_counts_its_own_people_only(client: Client) -> None:
    make_all(2020)
    page = enter(client).get("/cooperation/?year=2020").content.decode()

    assert "75%" in page
    assert "统计范围：礼县" in page


def test_an_empty_year_says_so(client: Client) -> None:
    page = enter(client).get("/cooperation/?year=2019").content.decode()

    assert "本年度暂无承诺与兑现" in page
    for asked in ("abc", "99999", "-1"):
        assert client.get(f"/cooperation/?year={asked}").status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_lists_open_to_offices_and_to_nobody_else(client: Client, path: str) -> None:
    address = f"/cooperation/{path}"
    assert client.get(address).status_code == 302

    for duty, status in ((Duty.COUNTY, 200), (Duty.TOWNSHIP, 200), (Duty.AUDITOR, 200), (Duty.STATION, 200),
                         (Duty.HEALTH, 404), (Duty.EMPLOYER, 404)):  # fmt: skip
        enter(client, username=duty.value, duty=duty, organisation=1)
        assert client.get(address).status_code == status, duty


@pytest.mark.parametrize("path", LISTS)
def test_lists_are_full_of_what_was_entered(client: Client, path: str) -> None:
    make_all(timezone.localdate().year)
    page = enter(client).get(f"/cooperation/{path}").content.decode()

    assert '<div class="empty">' not in page


def test_an_agreement_that_ends_soon_is_marked(client: Client) -> None:
    today = timezone.localdate()
    make_agreement(from_on=today, to_on=today + timedelta(days=59))
    make_agreement(from_on=today, to_on=today + timedelta(days=400))
    page = enter(client).get("/cooperation/agreements/").content.decode()

    assert page.count("即将到期") == 1
    assert page.count('tag good">有效') == 1


def test_members_of_a_brand_are_those_of_the_territory(client: Client) -> None:
    set_scope(Scope(territory=range_of(GANSU)))
    brand = make_brand()
    for name, village in (("马小兰", LI_COUNTY + 100201), ("宕昌人", DANGCHANG + 100201)):
        worker = make_worker(name=name, village=village)
        Certificate.objects.create(
            worker=worker, village=worker.village, county=worker.county, occupation="4-10-01-06",
            title="家政服务员", number=name, level=5, issued_on=date(2019, 1, 1), issuer="县就业局",
            grade="B",
        )  # fmt: skip
        admit_brand_member(brand=brand, worker=worker, joined_on=date(2020, 3, 2), at=timezone.now(), by=None)
    set_scope(NOTHING)
    page = enter(client).get(f"/cooperation/brands/{brand.pk}/").content.decode()

    assert "马小兰" in page
    assert "宕昌人" not in page
    enter(client, username="station", duty=Duty.STATION, division=QINGDAO_JIAOZHOU)
    assert client.get(f"/cooperation/brands/{brand.pk}/").status_code == 404


def test_a_letter_is_entered_and_answered_on_the_page(client: Client) -> None:
    make_province()
    enter(client)
    client.post(
        "/cooperation/new/letter/",
        {"province": SHANDONG, "number": "1号", "sent_on": "2020-02-20", "asks": "稳岗"},
    )
    letter = Letter.objects.get()
    too_early = {"replied_on": "2020-02-19", "posts_offered": "5", "reply": "同意"}
    page = client.post(f"/cooperation/letter/{letter.pk}/add/", too_early).content.decode()
    assert "复函不能早于发函" in page
    client.post(f"/cooperation/letter/{letter.pk}/add/", {**too_early, "replied_on": "2020-02-25"})

    letter.refresh_from_db()
    assert letter.posts_offered == 5


def test_an_agreement_is_signed_for_the_officers_own_division(client: Client) -> None:
    make_province()
    enter(client)
    typed = {
        "province": SHANDONG, "number": "1号", "title": "协议", "from_on": "2020-01-01",
        "to_on": "2020-12-31", "quota_persons": "300", "sector": "",
    }  # fmt: skip
    client.post("/cooperation/new/agreement/", typed)

    assert Agreement.objects.get().home == LI_COUNTY


def test_an_employer_is_entered_by_a_code_that_checks_and_looked_at(client: Client) -> None:
    enter(client)
    typed = {"credit_code": "91350100M000100Y44", "name": "工厂", "kind": "enterprise", "place": "福建 福州"}
    page = client.post("/cooperation/new/employer/", typed).content.decode()
    assert "不是统一社会信用代码" in page
    assert not Employer.objects.exists()

    client.post("/cooperation/new/employer/", {**typed, "credit_code": "91350100M000100Y43"})
    employer = Employer.objects.get()
    assert employer.place == 350100_000000
    client.post(
        f"/cooperation/employer/{employer.pk}/add/",
        {"kind": "visit", "checked_on": "2020-03-01", "passed": "on"},
    )
    assert "合格" in client.get(f"/cooperation/employers/{employer.pk}/").content.decode()


def test_a_place_that_is_none_is_said_and_nothing_is_written(client: Client) -> None:
    enter(client)
    typed = {"credit_code": "91350100M000100Y43", "name": "工厂", "kind": "enterprise", "place": "乌有乡"}

    assert "没有“乌有乡”这个地方" in client.post("/cooperation/new/employer/", typed).content.decode()
    assert not Employer.objects.exists()


@pytest.mark.parametrize("duty", [Duty.TOWNSHIP, Duty.AUDITOR, Duty.STATION, Duty.EMPLOYER])
def test_only_counties_and_above_enter_papers(client: Client, duty: Duty) -> None:
    province = make_province()
    letter, plan = make_letter(), make_plan()
    enter(client, duty=duty, organisation=make_employer().pk)
    target = {"plan": plan.pk, "year": "2020", "province": province.pk, "persons": "5"}

    assert client.post("/cooperation/new/target/", target).status_code == 404
    assert client.post(f"/cooperation/letter/{letter.pk}/add/", {}).status_code == 404
    assert not PlanTarget.objects.exists()


def test_unknown_papers_are_not_there(client: Client) -> None:
    enter(client)

    assert client.get("/cooperation/new/charm/").status_code == 404
    assert client.get("/cooperation/charm/1/add/").status_code == 404
    assert client.get("/cooperation/letter/99/add/").status_code == 404
    assert client.get("/cooperation/employers/99/").status_code == 404


def test_the_page_of_promises_asks_the_same_number_of_times_however_many_there_are(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_all(2020)
    enter(client)
    with django_assert_num_queries(19):
        client.get("/cooperation/?year=2020")
    for number in range(4):
        make_agreement(number=f"又一{number}", from_on=date(2020, 1, 1), to_on=date(2020, 12, 31))
    for code in (110000_000000, 120000_000000, 440000_000000):
        make_letter(number=str(code), code=code)

    with django_assert_num_queries(19):
        client.get("/cooperation/?year=2020")
