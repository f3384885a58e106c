"""Pages of work away from home: who sees what, what a form writes, how it looks on a phone."""

from datetime import date

import pytest
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from fourdoors.accounts.rules import Duty
from fourdoors.accounts.services import make_link
from fourdoors.employment.models import ArrearsCase, FollowUp, IncomeRecord, Spell
from fourdoors.employment.services import report_arrears
from fourdoors.kernel.evidence import Grade
from fourdoors.store.scope import scoped, set_scope
from fourdoors.web.desk import now
from tests.makers.accounts import DANGCHANG, QINGDAO_JIAOZHOU, make_officer
from tests.makers.employment import make_follow_up, make_income, make_spell, make_ticket
from tests.makers.register import make_worker
from tests.pictures import DESK, PHONE, faults, overflow, picture
from tests.web.officers import EVERYWHERE, again, as_officer


@pytest.fixture(autouse=True)
def _in_gansu(request: pytest.FixtureRequest) -> None:
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        set_scope(EVERYWHERE)


@pytest.fixture
def spell(db: None) -> Spell:
    set_scope(EVERYWHERE)
    spell = make_spell(worker=make_worker(name="马小兰"), left_on=date(2020, 3, 2))
    make_income(spell=spell, grade=Grade.B)
    make_ticket(spell=spell)
    make_follow_up(spell=spell)
    return spell


@pytest.mark.django_db
def test_owner_colleague_and_stranger_on_the_ledger_and_the_spell(spell: Spell) -> None:
    owner, colleague = make_officer(), make_officer(username="colleague")
    stranger = make_officer(username="dangchang", division=DANGCHANG)
    for officer in (owner, colleague):
        client = as_officer(officer)
        assert "马小兰" in client.get("/employment/").content.decode()
        page = client.get(f"/employment/{spell.pk}/").content.decode()
        assert "4,500.00" in page
        assert "399.00" in page
    client = as_officer(stranger)
    assert "马小兰" not in client.get("/employment/").content.decode()
    for address in ("", "end/", "income/", "arrears/"):
        method = client.post if address else client.get
        assert method(f"/employment/{spell.pk}/{address}").status_code == 404


@pytest.mark.django_db
def test_a_station_sees_open_work_at_its_place_without_names_of_the_register(spell: Spell) -> None:
    station = make_officer(username="qingdao", duty=Duty.STATION, division=QINGDAO_JIAOZHOU)
    client = as_officer(station)
    page = client.get("/employment/").content.decode()
    assert "青岛衣坊" in page
    assert "马小兰" not in page
    assert client.get(f"/employment/{spell.pk}/").status_code == 404


@pytest.mark.django_db
def test_strangers_to_the_step_and_people_without_account_see_nothing(spell: Spell) -> None:
    health = as_officer(make_officer(username="h", duty=Duty.HEALTH))
    for address in ("/employment/", "/employment/retention/", "/follow-ups/", "/arrears/"):
        assert health.get(address).status_code == 404
        assert Client().get(address).status_code == 302


@pytest.mark.django_db
def test_filters_narrow_the_ledger_and_an_empty_one_says_so(spell: Spell) -> None:
    client = as_officer(make_officer())
    assert (
        "马小兰" in client.get("/employment/?channel=organised&grade=A&place=370000000000").content.decode()
    )
    page = client.get("/employment/?channel=self_arranged").content.decode()
    assert "No spell fits these filters" in page
    assert client.get("/employment/?place=37&channel=nonsense").status_code == 200


@pytest.mark.django_db
def test_the_ledger_is_searched_as_the_register_is(spell: Spell, monkeypatch: pytest.MonkeyPatch) -> None:
    make_spell(worker=make_worker(name="赵强"))
    client = as_officer(make_officer())

    def found(words: str, who: Client = client) -> str:
        page = who.get("/employment/", {"q": words, "state": "open"}).content.decode()
        return page.partition('id="h-spells"')[2]

    for words in ("马小兰", "mxl", "小兰"):
        assert "马小兰" in found(words)
        assert "赵强" not in found(words)
    assert "No spell fits these filters" in found("无人")
    assert "马小兰" not in found("马小兰", as_officer(make_officer(username="dangchang", division=DANGCHANG)))
    station = as_officer(make_officer(username="qingdao", duty=Duty.STATION, division=QINGDAO_JIAOZHOU))
    assert 'name="q"' not in station.get("/employment/").content.decode()
    assert "青岛衣坊" in found("赵强", station)  # a station cannot ask the register through the ledger
    again()
    monkeypatch.setattr("fourdoors.web.office.employment.MOST_FOUND", 1)
    assert "people fit" not in client.get("/employment/?q=马").content.decode()
    again()
    make_worker(name="马强")
    assert "More than 1 people fit" in client.get("/employment/?q=马").content.decode()


@pytest.mark.django_db
def test_a_county_ends_a_spell_and_a_wrong_day_is_explained(spell: Spell) -> None:
    client = as_officer(make_officer())
    wrong = client.post(f"/employment/{spell.pk}/end/", {"ended_on": "2020-03-01", "reason": "personal"})
    assert wrong.status_code == 422
    assert "cannot be the first day no longer at work" in wrong.content.decode()
    right = client.post(f"/employment/{spell.pk}/end/", {"ended_on": "2020-05-01", "reason": "personal"})
    assert right.status_code == 302
    again()
    assert Spell.objects.get().ended_on == date(2020, 5, 1)


@pytest.mark.django_db
def test_a_county_records_pay_and_worse_evidence_is_explained(spell: Spell) -> None:
    client = as_officer(make_officer())
    asked = {"month": "2020-05", "fen": "4,600", "source": "payroll", "grade": "B"}
    assert client.post(f"/employment/{spell.pk}/income/", asked).status_code == 302
    worse = client.post(f"/employment/{spell.pk}/income/", asked | {"fen": "9,000", "grade": "D"})
    assert worse.status_code == 422
    assert "4600.00 yuan by evidence of grade B" in worse.content.decode()
    early = client.post(f"/employment/{spell.pk}/income/", asked | {"month": "2999-01"})
    assert "January 2999" in early.content.decode()
    nonsense = client.post(f"/employment/{spell.pk}/income/", asked | {"fen": "many"})
    assert nonsense.status_code == 422
    again()
    assert IncomeRecord.objects.get(month=date(2020, 5, 1)).fen == 460_000


@pytest.mark.django_db
def test_an_auditor_reads_and_writes_nothing(spell: Spell) -> None:
    client = as_officer(make_officer(username="a", duty=Duty.AUDITOR))
    assert client.get(f"/employment/{spell.pk}/").status_code == 200
    assert client.post(f"/employment/{spell.pk}/end/", {}).status_code == 404


@pytest.mark.django_db
def test_a_station_records_its_own_visits_and_another_station_none(spell: Spell) -> None:
    visit = FollowUp.objects.get(day=7)
    station = make_officer(username="qingdao", duty=Duty.STATION, division=QINGDAO_JIAOZHOU)
    other = make_officer(username="beijing", duty=Duty.STATION, division=110000_000000)
    assert "马小兰" not in as_officer(other).get("/follow-ups/").content.decode()
    assert as_officer(other).get(f"/follow-ups/{visit.pk}/").status_code == 404

    client = as_officer(station)
    assert "马小兰" in client.get("/follow-ups/").content.decode()
    nothing = client.post(f"/follow-ups/{visit.pk}/", {"paid": ""})
    assert nothing.status_code == 422
    done = client.post(f"/follow-ups/{visit.pk}/", {"still_there": "no", "paid": "", "trouble": "找不到人"})
    assert done.status_code == 302
    again()
    visit.refresh_from_db()
    assert (visit.still_there, visit.paid, visit.done_by) == (False, None, station)
    county = as_officer(make_officer()).get("/employment/?state=gone").content.decode()
    assert "马小兰" in county


@pytest.mark.django_db
def test_arrears_are_reported_seen_at_the_place_of_work_and_settled(spell: Spell) -> None:
    client = as_officer(make_officer())
    assert client.post(f"/employment/{spell.pk}/arrears/", {"fen_owed": "0"}).status_code == 422
    assert client.post(f"/employment/{spell.pk}/arrears/", {"fen_owed": "9,000"}).status_code == 302
    again()
    case = ArrearsCase.objects.get()
    station = make_officer(username="qingdao", duty=Duty.STATION, division=QINGDAO_JIAOZHOU)
    assert "9,000.00" in as_officer(station).get("/arrears/").content.decode()
    stranger = as_officer(make_officer(username="d", division=DANGCHANG))
    assert "9,000.00" not in stranger.get("/arrears/").content.decode()
    assert stranger.get(f"/arrears/{case.pk}/").status_code == 404
    assert client.post(f"/arrears/{case.pk}/", {"fen_recovered": "9,001"}).status_code == 422
    assert client.post(f"/arrears/{case.pk}/", {"fen_recovered": "9,000"}).status_code == 302
    again()
    assert ArrearsCase.objects.get().fen_recovered == 900_000


@pytest.mark.django_db
def test_retention_is_a_picture_and_the_same_in_numbers(spell: Spell) -> None:
    page = as_officer(make_officer()).get("/employment/retention/").content.decode()
    assert "<svg" in page
    assert "100.0%" in page
    empty = as_officer(make_officer(username="d", division=DANGCHANG)).get("/employment/retention/")
    assert "No spell is old enough yet" in empty.content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_of_employment_are_readable(language: str, page: Page, live_server: LiveServer) -> None:
    with scoped(EVERYWHERE):
        spell = make_spell(worker=make_worker(name="马小兰"), left_on=date(2020, 3, 2))
        make_income(spell=spell)
        visit = make_follow_up(spell=spell)
        report_arrears(spell=spell, fen_owed=900_000, at=now(), by=None)
        secret = make_link(officer=make_officer(), at=now().replace(year=2100))
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    page.goto(f"{live_server.url}/enter/{secret}")
    page.locator("main button").click()
    page.wait_for_url(f"{live_server.url}/")
    for name, address in {
        "spells": "/employment/",
        "spell": f"/employment/{spell.pk}/",
        "retention": "/employment/retention/",
        "visits": "/follow-ups/",
        "visit": f"/follow-ups/{visit.pk}/",
        "arrears": "/arrears/",
    }.items():
        page.goto(f"{live_server.url}{address}")
        for width in (DESK, PHONE):
            picture(page, f"employment_{name}_{language}_{width}", width)
            assert faults(page) == []
            assert overflow(page) == 0, (name, width)
