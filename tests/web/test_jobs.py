"""Jobs without an account: what strangers see, how a village applies, and what machines do not get."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.identity import invented_phone
from fourdoors.recruitment.models import Application, Vacancy
from fourdoors.recruitment.rules import Asked, RequirementKind
from fourdoors.recruitment.services import apply_from_village, withdraw_vacancy
from fourdoors.store.scope import NOTHING, Scope, set_scope
from tests.makers.accounts import GANSU, LI_COUNTY, LI_VILLAGE
from tests.makers.partners import make_employer
from tests.makers.recruitment import make_draft, make_vacancy

pytestmark = pytest.mark.django_db
PAGE = f"/v/{LI_VILLAGE}/"
SHANGHAI_PUDONG = 310115_000000


def make_open(**offered: object) -> Vacancy:
    return make_vacancy(draft=replace(make_draft(), **offered), at=timezone.now())  # type: ignore[arg-type]


def leave(client: Client, vacancy: Vacancy, **typed: str):  # type: ignore[no-untyped-def]
    data = {"name": "马小兰", "phone": "100 0000 0042", "website": "", **typed}
    return client.post(f"{PAGE}{vacancy.pk}/", data)


def written() -> list[Application]:
    set_scope(Scope(territory=range_of(GANSU)))
    found = list(Application.objects.all())
    set_scope(NOTHING)
    return found


def test_anybody_finds_an_open_post_with_its_pay(client: Client) -> None:
    make_open(title="电子装配工", wage_low_yuan=4800, wage_high_yuan=6000)
    page = client.get("/jobs/", {"q": "装配"}).content.decode()

    assert "电子装配工" in page
    assert "4,800–6,000" in page
    assert "青岛 胶州" in page


def test_nobody_finds_what_is_unverified_withdrawn_or_from_another_country(client: Client) -> None:
    make_vacancy(at=timezone.now(), verified=False)
    withdraw_vacancy(vacancy=make_open(), at=timezone.now(), by=None)
    make_open(country="US", place=None)
    hidden = make_vacancy(at=timezone.now(), verified=False)

    assert "没有符合条件的岗位" in client.get("/jobs/").content.decode()
    assert client.get(f"/jobs/{hidden.pk}/").status_code == 404
    assert client.get(f"{PAGE}{hidden.pk}/").status_code == 404


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'", '"><script>', "\x00", "x" * 500, "１２３"])
def test_whatever_is_typed_is_only_words(client: Client, typed: str) -> None:
    make_open()
    answer = client.get("/jobs/", {"q": typed, "page": "no", "wage": "much"})

    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().replace("<script src", "")


def test_the_switches_above_the_list_are_links(client: Client) -> None:
    make_open(title="包吃住的", place=LI_COUNTY)
    make_open(title="不包的", lodging=False)

    page = client.get("/jobs/", {"board": "on"}).content.decode()
    assert "包吃住的" in page
    assert "不包的" not in page
    assert 'href="?wage=5000&amp;board=on"' in page or 'href="?board=on&amp;wage=5000"' in page
    near = client.get(PAGE, {"near": "on"}).content.decode()
    assert "包吃住的" in near
    assert "不包的" not in near


def test_a_poster_opens_the_page_of_its_village_and_of_no_other_place(client: Client) -> None:
    make_open()
    assert client.get(PAGE).status_code == 200
    for place in (LI_COUNTY, 621226_999999, 12):
        assert client.get(f"/v/{place}/").status_code == 404


def test_a_post_says_what_it_asks_and_by_which_article(client: Client) -> None:
    vacancy = make_open(requirements=(Asked(RequirementKind.AGE_MIN, "18"),))
    page = client.get(f"/jobs/{vacancy.pk}/").content.decode()

    assert "《劳动法》第五十八条、第六十四条" in page
    assert "0 元" in page
    assert "王处 · 礼县" in page
    client.cookies["django_language"] = "en"
    page = client.get(f"/jobs/{vacancy.pk}/").content.decode()
    assert "Labour Law, articles 58 and 64" in page
    assert "王处 · Li County" in page


def test_people_are_warned_of_a_rule_of_the_place_before_they_travel(client: Client) -> None:
    site = make_open(place=SHANGHAI_PUDONG, occupation="6-29-01-01", starts_on=date(2030, 1, 1))
    sewing = make_open(place=SHANGHAI_PUDONG)

    assert "男满 60 周岁、女满 50 周岁" in client.get(f"/jobs/{site.pk}/").content.decode()
    assert "周岁的人员" not in client.get(f"/jobs/{sewing.pk}/").content.decode()


def test_a_name_and_a_phone_are_taken_and_taken_back_in_one_press(client: Client) -> None:
    vacancy = make_open()
    done = leave(client, vacancy)
    assert done.status_code == 302
    page = client.get(done["Location"]).content.decode()
    assert "尾号 0042" in page
    assert "10000000042" not in page
    assert [it.village for it in written()] == [LI_VILLAGE]

    client.post(done["Location"])

    assert "已取消报名" in client.get(done["Location"]).content.decode()
    assert [(it.name, it.phone_tail) for it in written()] == [("", "")]


def test_nobody_reads_an_application_without_its_own_address(client: Client) -> None:
    done = leave(client, make_open())["Location"]

    assert client.get(done[:-3] + "xx/").status_code == 404
    other_village = done.replace(str(LI_VILLAGE), str(LI_VILLAGE + 1))
    assert client.get(other_village).status_code == 404


def test_a_machine_that_fills_every_field_writes_nothing_and_is_not_told(client: Client) -> None:
    answer = leave(client, make_open(), website="https://example.org")

    assert answer.status_code == 302
    assert written() == []


@pytest.mark.parametrize(("typed", "said"), [({"phone": "12"}, "手机号不对"), ({"name": ""}, "姓名")])
def test_what_is_wrong_is_said_and_nothing_is_written(
    client: Client, typed: dict[str, str], said: str
) -> None:
    answer = leave(client, make_open(), **typed)

    assert said in answer.content.decode()
    assert written() == []


@pytest.mark.parametrize(("people", "shown"), [(4, False), (5, True)])
def test_a_village_sees_how_many_applied_from_five_on(client: Client, people: int, *, shown: bool) -> None:
    vacancy = make_open()
    set_scope(Scope(territory=range_of(LI_COUNTY)))
    for number in range(people):
        apply_from_village(
            vacancy=vacancy, village=LI_VILLAGE, name="马强", phone=invented_phone(number), at=timezone.now()
        )
    set_scope(NOTHING)

    for address in (PAGE, f"{PAGE}{vacancy.pk}/"):
        assert (f"同村 {people} 人已报名" in client.get(address).content.decode()) is shown
    assert "人已报名" not in client.get("/jobs/").content.decode()


def test_the_search_page_asks_the_database_the_same_few_times(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cache.clear()
    employer = make_employer()
    for number in range(15):
        make_vacancy(draft=make_draft(title=f"岗位{number}"), employer=employer, at=timezone.now())

    with django_assert_num_queries(6):  # transaction, scope, count, page, requirements, end
        client.get("/jobs/")
    with django_assert_num_queries(10):  # and: village scope, agreements, wishes, applied
        client.get(PAGE)


@override_settings(DEMONSTRATION=True)
def test_a_page_of_jobs_is_light(client: Client) -> None:
    for number in range(15):
        make_open(title=f"岗位{number}", duties="x" * 500)

    assert len(client.get(PAGE).content) < 30_000
