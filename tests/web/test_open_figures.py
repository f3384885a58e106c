"""Published figures without an account: definitions, tables, downloads, the bulletin, the interface."""

import csv
import io

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from fourdoors.accounts.models import Deed
from fourdoors.accounts.rules import Duty
from fourdoors.kernel.divisions import range_of
from fourdoors.statistics.rules import all_measures
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import DANGCHANG, GANSU, LI_COUNTY, LONGNAN, make_officer
from tests.makers.recruitment import make_vacancy
from tests.makers.statistics import count, make_ledger, make_release

pytestmark = pytest.mark.django_db
TIANSHUI = 620500_000000


@pytest.fixture
def release() -> None:
    cache.clear()
    set_scope(Scope(territory=range_of(GANSU)))
    make_ledger(li=30, danchang=40, tianshui=3)
    count()
    make_release()
    set_scope(Scope())


def seen(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, f"{path}: {answer.status_code}"
    return answer.content.decode()


def officer(duty: Duty = Duty.PROVINCE, division: int = GANSU) -> Client:
    client = Client()
    made = make_officer(username=f"{duty} {division}", duty=duty, division=division)
    client.force_login(made, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_every_measure_is_defined_for_everybody(client: Client) -> None:
    page = seen(client, "/definitions/")
    for name, measure in all_measures().items():
        assert f'id="{name}"' in page
        assert measure.definition.zh in page
    client.cookies["django_language"] = "en"
    assert all_measures()["out_today"].definition.en in seen(client, "/definitions/")


def test_before_the_first_signature_the_pages_say_so(client: Client) -> None:
    assert "尚未公开数据" in seen(client, "/open/")
    assert "尚未公开数据" in seen(client, "/bulletin/")
    for path in ("/open/figures.csv", "/open/figures.xlsx", "/open/?release=x", "/bulletin/x/"):
        seen(client, path, status=404)
    seen(client, "/api/figures/", status=404)


def test_what_nobody_signed_is_not_public(client: Client) -> None:
    set_scope(Scope(territory=range_of(GANSU)))
    make_ledger()
    make_release(signed=False)
    for path in ("/bulletin/2020-10/", "/bulletin/2020-10.zh.pdf", "/open/?release=2020-10"):
        seen(client, path, status=404)
        seen(officer(), path, status=404)


@pytest.mark.usefixtures("release")
def test_small_numbers_are_three_dots_with_what_would_tell_them(client: Client) -> None:
    page = seen(client, "/open/")
    rows = {row.split("</th>")[0].split(">")[-2].split("<")[0]: row for row in page.split("<tr>")[2:]}
    assert "…" in rows["天水市"]
    assert "…" in rows["陇南市"]  # the other part of the whole
    assert ">3<" not in rows["天水市"]
    assert "演示数据" in page
    assert "2020-10" in page


@pytest.mark.usefixtures("release")
def test_a_prefecture_shows_its_counties_and_nothing_else_is_a_place(client: Client) -> None:
    page = seen(client, f"/open/?place={LONGNAN}&measure=labour_income")
    assert "礼县" in page
    assert "各县区劳务收入" in page
    for place in ("1", "x", str(LI_COUNTY), "110000000000"):
        assert "兰州市" in seen(client, f"/open/?place={place}")


@pytest.mark.usefixtures("release")
def test_the_downloads_hide_what_the_page_hides_and_say_where_they_come_from(client: Client) -> None:
    text = client.get("/open/figures.csv").content.decode("utf-8-sig")
    rows = {(row["place"], row["measure"]): row for row in csv.DictReader(io.StringIO(text))}
    assert rows[str(TIANSHUI), "transferred_persons"]["value"] == ""
    assert rows[str(TIANSHUI), "transferred_persons"]["hidden"] == "1"
    assert rows[str(GANSU), "transferred_persons"]["value"] == "73"
    assert rows[str(GANSU), "labour_income"]["value"] == "328500"  # yuan
    assert {row["invented"] for row in rows.values()} == {"1"}

    sheet = load_workbook(io.BytesIO(client.get("/open/figures.xlsx").content)).active
    lines = [list(line) for line in sheet.iter_rows(values_only=True)]
    assert "2020-10" in lines[1][0]
    assert "演示数据" in lines[1][0]
    by_code = {line[0]: line for line in lines[3:]}
    persons = lines[2].index("累计输转人数 (人)")
    assert by_code[str(GANSU)][persons] == 73
    assert by_code[str(TIANSHUI)][persons] == "…"
    assert len(by_code) == len(lines) - 3 > 100


@pytest.mark.usefixtures("release")
@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "全省今年累计输转"), ("en", "had been transferred this year")]
)
def test_the_bulletin_is_read_in_two_languages_each_figure_with_its_note(
    client: Client, language: str, words: str
) -> None:
    client.cookies["django_language"] = language
    page = seen(client, "/bulletin/2020-10/")
    assert words in page
    assert 'href="/definitions/#transferred_persons"' in page
    assert 'id="n-transferred_persons"' in page
    assert "/figures/" not in page  # rows are for officers


@pytest.mark.usefixtures("release")
def test_an_officer_is_led_from_the_bulletin_to_the_rows_of_the_own_territory() -> None:
    page = seen(officer(), "/bulletin/2020-10/")
    assert f'href="/figures/transferred_persons/{GANSU}/?release=2020-10"' in page
    assert f'href="/figures/labour_income/{LONGNAN}/?release=2020-10"' in page
    page = seen(officer(Duty.PREFECTURE, LONGNAN), "/bulletin/2020-10/")
    assert f"/figures/transferred_persons/{GANSU}/" not in page
    assert f"/figures/transferred_persons/{LONGNAN}/" in page


@pytest.mark.usefixtures("release")
def test_the_bulletin_is_printed_in_both_languages_and_no_third(client: Client) -> None:
    for language in ("zh", "en"):
        answer = client.get(f"/bulletin/2020-10.{language}.pdf")
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
    seen(client, "/bulletin/2020-10.fr.pdf", status=404)
    assert client.get("/bulletin/")["Location"] == "/bulletin/2020-10/"


@pytest.mark.usefixtures("release")
@pytest.mark.parametrize("path", ["/open/", "/bulletin/2020-10/", "/definitions/", "/open/figures.csv"])
def test_open_pages_ask_the_database_little(client: Client, path: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        seen(client, path)
    assert len(asked) <= 10


class TestMachines:
    def test_measures_are_given_in_both_languages(self, client: Client) -> None:
        found = {one["name"]: one for one in client.get("/api/measures/").json()}
        assert set(found) == set(all_measures())
        assert found["organised_share"]["parts"] == ["organised_persons", "transferred_persons"]
        assert set(found["out_today"]["definition"]) == {"zh", "en"}

    @pytest.mark.usefixtures("release")
    def test_figures_of_a_release_are_open_and_hidden_as_on_the_page(self, client: Client) -> None:
        found = client.get("/api/figures/", {"measure": "transferred_persons"}).json()
        values = {one["place"]: one for one in found["figures"]}
        assert found["release"] == "2020-10"
        assert found["invented"] is True
        assert values[GANSU] == {
            "place": GANSU, "measure": "transferred_persons", "value": 73.0, "hidden": False,
        }  # fmt: skip
        assert values[TIANSHUI]["value"] is None
        assert values[TIANSHUI]["hidden"] is True
        income = client.get(f"/api/figures/?measure=labour_income&place={GANSU}").json()
        assert [one["value"] for one in income["figures"]] == [328_500.0]

    @pytest.mark.usefixtures("release")
    @pytest.mark.parametrize(
        "query", [{"release": "x"}, {"measure": "x"}, {"place": "x"}, {"place": "110000000000"}]
    )
    def test_what_is_not_there_is_not_found(self, client: Client, query: dict[str, str]) -> None:
        assert client.get("/api/figures/", query).status_code == 404

    @pytest.mark.usefixtures("release")
    def test_workers_are_given_by_pages_within_the_territory_and_written_down(self) -> None:
        client = officer(Duty.COUNTY, LI_COUNTY)
        page = client.get("/api/workers/").json()
        assert len(page["results"]) == 30
        assert {one["village"] // 10**6 for one in page["results"]} == {621226}
        assert {one["name"] for one in page["results"]} == {"马*兰"}
        assert "identity" not in str(page)
        assert Deed.objects.filter(action="register.list_exported").get().values["rows"] == 30
        longer = officer(Duty.PREFECTURE, LONGNAN).get("/api/workers/").json()
        assert len(longer["results"]) == 50
        following = officer(Duty.PREFECTURE, LONGNAN).get(longer["next"]).json()
        assert len(following["results"]) == 20
        numbers = [one["number"] for one in (*longer["results"], *following["results"])]
        assert len(set(numbers)) == 70

    def test_a_stranger_and_another_duty_are_refused_in_json(self, client: Client) -> None:
        for path in ("/api/workers/", "/api/vacancies/"):
            answer = client.get(path)
            assert answer.status_code == 401
            assert answer.json()
        assert officer(Duty.STATION, DANGCHANG).get("/api/workers/").status_code == 403
        assert not Deed.objects.exists()

    def test_vacancies_are_given_to_officers(self) -> None:
        make_vacancy()
        found = officer(Duty.STATION, DANGCHANG).get("/api/vacancies/").json()
        assert set(found) == {"next", "previous", "results"}

    @pytest.mark.parametrize("path", ["/api/workers/", "/api/vacancies/", "/api/measures/", "/api/figures/"])
    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_nothing_is_written_by_machines(self, path: str, method: str) -> None:
        assert getattr(officer(), method)(path).status_code == 405

    def test_the_interface_describes_itself(self, client: Client) -> None:
        answer = client.get("/api/schema/", headers={"accept": "application/vnd.oai.openapi+json"})
        paths = answer.json()["paths"]
        assert set(paths) >= {"/api/measures/", "/api/figures/", "/api/workers/", "/api/vacancies/"}
        writing = {path for path, verbs in paths.items() if set(verbs) != {"get"}}
        assert {path: set(paths[path]) for path in writing} == {"/api/workers/deliveries/": {"post"}}
