"""A number followed down to its row, live or as released; releases and the trail on their pages."""

import re

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fourdoors.accounts.models import Deed
from fourdoors.accounts.rules import Duty
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.divisions import range_of
from fourdoors.statistics.models import Release
from fourdoors.statistics.rules import all_measures
from fourdoors.store.scope import Scope, scoped, set_scope
from tests.makers.accounts import DANGCHANG, GANSU, LI_COUNTY, LI_VILLAGE, LONGNAN, make_officer
from tests.makers.statistics import COUNTED_AT, count, make_ledger, make_release
from tests.web.officers import enter

pytestmark = pytest.mark.django_db
LI_TOWN = LI_VILLAGE // 1000 * 1000
OF_LI = f"/figures/transferred_persons/{LI_COUNTY}/"


def seen(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, f"{path}: {answer.status_code}"
    return answer.content.decode()


def link(page: str, beginning: str) -> str:
    found = re.search(rf'href="({re.escape(beginning)}[^"]*)"', page)
    assert found, f"no road to {beginning}"
    return found[1].replace("&amp;", "&")


@pytest.mark.usefixtures("ledger")
def test_four_clicks_lead_from_the_province_to_a_person() -> None:
    client, clicks = enter(), 0
    page = seen(client, "/")
    for road in (
        f"/figures/transferred_persons/{LONGNAN}/",
        OF_LI,
        "/workers/",
    ):
        page, clicks = seen(client, link(page.partition("<main")[2], road)), clicks + 1
    assert "马小兰" in page
    assert clicks <= 4


@pytest.mark.usefixtures("ledger")
def test_a_figure_says_what_it_is_and_what_it_rests_on() -> None:
    client = enter(Duty.COUNTY, LI_COUNTY)
    page = seen(client, OF_LI)

    assert "本期内外出务工或县内非农务工过的人" in page
    assert "Persons who did non-farm work" in page  # the other language beside it
    assert "67%" in page  # two of three by a door scan
    assert "2020年11月11日媒体报道" in page
    assert '<span class="ev A"' in page
    client.cookies["django_language"] = "en"
    page = seen(client, OF_LI)
    assert "as of 31 October 2020" in page
    assert "report of 11 November 2020" in page


@pytest.mark.usefixtures("ledger")
def test_owner_and_colleague_see_the_rows_and_a_stranger_is_told_there_is_no_such_page() -> None:
    assert "马*兰" in seen(enter(Duty.COUNTY, LI_COUNTY, "owner"), OF_LI)
    assert "马*兰" in seen(enter(Duty.AUDITOR, GANSU, "colleague"), OF_LI)
    stranger = enter(Duty.COUNTY, DANGCHANG, "stranger")
    for path in (OF_LI, f"/figures/transferred_persons/{GANSU}/", f"/figures/transferred_persons/{LI_TOWN}/"):
        seen(stranger, path, status=404)
    seen(enter(Duty.EMPLOYER, LI_COUNTY, "employer"), OF_LI, status=404)
    assert Client().get(OF_LI)["Location"].startswith("/accounts/login/")


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    "path", [f"/figures/none/{LI_COUNTY}/", "/figures/transferred_persons/621226999999/"]
)
def test_a_measure_or_a_place_that_is_not_there_is_no_page(path: str) -> None:
    seen(enter(), path, status=404)


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("division", [GANSU, LONGNAN, LI_COUNTY, LI_TOWN, LI_VILLAGE])
def test_every_figure_opens_at_every_level(division: int) -> None:
    client = enter()
    for name, measure in all_measures().items():
        assert f"<h1>{measure.title.zh}</h1>" in seen(client, f"/figures/{name}/{division}/")


@pytest.mark.usefixtures("ledger")
def test_a_ratio_leads_to_its_two_parts() -> None:
    page = seen(enter(), f"/figures/income_per_person/{LI_COUNTY}/")
    assert link(page, f"/figures/labour_income/{LI_COUNTY}/")
    assert link(page, f"/figures/transferred_persons/{LI_COUNTY}/")
    assert "对应的记录" not in page


@pytest.mark.usefixtures("ledger")
def test_the_figures_of_a_release_stay_while_the_live_ones_move_on() -> None:
    make_release()
    set_scope(Scope(territory=range_of(GANSU)))
    make_ledger()
    count()
    client = enter(Duty.COUNTY, LI_COUNTY)

    assert "<b>6</b>人" in seen(client, OF_LI)
    page = seen(client, f"{OF_LI}?release=2020-10")
    assert "<b>3</b>人" in page
    assert "第 2020-10 期" in page
    assert link(page, f"/figures/transferred_persons/{LI_TOWN}/").endswith("?release=2020-10")
    seen(client, f"{OF_LI}?release=2019-10", status=404)


@pytest.mark.usefixtures("ledger")
def test_a_release_that_nobody_signed_is_for_the_province_and_the_auditor() -> None:
    make_release(signed=False)
    county = enter(Duty.COUNTY, LI_COUNTY, "county")
    seen(county, f"{OF_LI}?release=2020-10", status=404)
    seen(county, "/releases/2020-10/", status=404)
    assert "2020-10" not in seen(county, "/releases/")
    for duty in (Duty.PROVINCE, Duty.AUDITOR):
        assert "2020-10" in seen(enter(duty, GANSU, duty), "/releases/")


@pytest.mark.usefixtures("ledger")
def test_one_freezes_another_signs_and_then_the_bulletin_is_there() -> None:
    first, second = enter(username="first"), enter(username="second")
    form = {"number": "2020-10", "from_on": "2020-01-01", "to_on": "2020-10-31"}
    assert first.post("/releases/new/", form)["Location"] == "/releases/2020-10/"
    assert "已存在" in first.post("/releases/new/", form).content.decode()
    assert 'value="2020-10-2"' in first.get("/releases/new/").content.decode()
    seen(Client(), "/bulletin/2020-10/", status=404)

    assert "由您本人冻结" in first.post("/releases/2020-10/sign/", follow=True).content.decode()
    assert 'action="/releases/2020-10/sign/"' not in seen(first, "/releases/2020-10/")
    assert 'action="/releases/2020-10/sign/"' in seen(second, "/releases/2020-10/")
    assert "通报已公开" in second.post("/releases/2020-10/sign/", follow=True).content.decode()
    assert "甘肃省2020年1—10月" in seen(Client(), "/bulletin/2020-10/")
    assert [deed.action for deed in Deed.objects.order_by("number")] == [
        "statistics.frozen",
        "statistics.signed",
    ]


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("duty", [Duty.COUNTY, Duty.PREFECTURE, Duty.AUDITOR, Duty.STATION])
def test_nobody_but_the_province_freezes_or_signs(duty: Duty) -> None:
    make_release(signed=False)
    client = enter(duty, GANSU)
    assert client.post("/releases/new/", {"number": "x"}).status_code == 404
    assert client.post("/releases/2020-10/sign/").status_code == 404
    assert Release.objects.get().signed_at is None


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("number", "from_on", "to_on"),
    [
        ("", "2020-01-01", "2020-10-31"),
        ("a b", "2020-01-01", "2020-10-31"),
        ("x", "2020-10-31", "2020-01-01"),
    ],
)
def test_a_release_that_is_no_release_is_refused_in_words(number: str, from_on: str, to_on: str) -> None:
    answer = enter().post("/releases/new/", {"number": number, "from_on": from_on, "to_on": to_on})
    assert "有问题需要改正" in answer.content.decode()
    assert not Release.objects.exists()


@pytest.mark.usefixtures("ledger")
def test_checking_the_hash_says_that_it_holds_and_is_written_down() -> None:
    make_release()
    page = enter(Duty.AUDITOR).post("/releases/2020-10/check/", follow=True).content.decode()
    assert "校验一致" in page
    assert "statistics.checked" in page
    assert Deed.objects.get(action="statistics.checked").values["holds"] is True


@pytest.mark.usefixtures("ledger")
def test_the_release_leads_to_its_deeds_in_the_trail() -> None:
    make_release()
    client = enter(Duty.AUDITOR)
    trail = link(seen(client, "/releases/2020-10/"), "/audit/?object=")
    page = seen(client, trail)
    assert page.count("<tr>") == 2  # the heading and the one deed of that action
    assert "statistics." in page


def test_the_trail_is_narrowed_by_action_officer_and_day() -> None:
    li = make_officer(username="li", full_name="马主任")
    record_deed(officer=li, action="placements.placed", at=COUNTED_AT, county=621226, object_id=7)
    record_deed(officer=None, action="register.changed", at=COUNTED_AT, county=621223)
    client = enter(Duty.AUDITOR)

    def count_of(query: str) -> int:
        return seen(client, f"/audit/{query}").count("<tr>") - 1

    assert count_of("") == 2
    assert count_of("?action=placements.") == 1
    assert count_of("?officer=马") == 1
    assert count_of("?on=2020-11-02") == 2  # the day in China
    assert count_of("?object=7") == 1
    assert "没有符合条件的留痕" in seen(client, "/audit/?on=2020-11-01")
    assert count_of("?on=never") == 2


def test_an_auditor_of_a_county_reads_the_deeds_of_that_county_alone() -> None:
    for county in (0, 621223, 621226):
        record_deed(officer=None, action=f"test.of_{county}", at=COUNTED_AT, county=county)
    page = seen(enter(Duty.AUDITOR, LI_COUNTY), "/audit/")
    assert "test.of_621226" in page
    assert "test.of_621223" not in page
    assert "test.of_0" not in page


@pytest.mark.parametrize("duty", sorted(set(Duty) - {Duty.AUDITOR, Duty.PROVINCE}))
def test_the_trail_is_not_there_for_other_duties(duty: Duty) -> None:
    client = enter(duty, GANSU)
    seen(client, "/audit/", status=404)
    assert client.post("/audit/check/").status_code == 404


def test_a_trail_that_holds_is_said_to_hold() -> None:
    record_deed(officer=None, action="test.done", at=COUNTED_AT, county=621226)
    page = enter(Duty.AUDITOR).post("/audit/check/").content.decode()
    assert "留痕链完整" in page
    assert Deed.objects.get(action="accounts.trail_checked").values == {"breaks": 0}


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_trail_that_somebody_changed_is_named_by_chain_and_deed() -> None:
    with scoped(Scope(territory=range_of(GANSU))):
        record_deed(officer=None, action="test.done", at=COUNTED_AT, county=621226)
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE accounts_deed SET action = 'other'")
    page = enter(Duty.AUDITOR).post("/audit/check/").content.decode()
    assert "留痕链有 1 处断裂" in page
    assert "621226" in page


@pytest.mark.usefixtures("ledger")
def test_the_drill_asks_no_more_however_many_rows_there_are() -> None:
    client = enter()
    seen(client, OF_LI)
    with CaptureQueriesContext(connection) as few:
        seen(client, OF_LI)
    set_scope(Scope(territory=range_of(GANSU)))
    make_ledger(li=20)
    count()
    with CaptureQueriesContext(connection) as many:
        seen(client, OF_LI)
    assert len(many) == len(few)
    assert len(few) <= 20


@pytest.mark.usefixtures("ledger")
def test_rows_come_in_pages() -> None:
    set_scope(Scope(territory=range_of(GANSU)))
    make_ledger(li=60)
    count()
    client = enter()
    first, second = seen(client, OF_LI), seen(client, f"{OF_LI}?page=2")
    assert first.count('href="/workers/') - second.count('href="/workers/') == 37  # 50 and 13 of 63
