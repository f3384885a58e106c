"""Pages of claims, rules, notices and lists: who sees what, two signatures, a notice that goes away."""

import datetime
import io

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from python_calamine import CalamineWorkbook

from fourdoors.accounts.models import Deed
from fourdoors.accounts.rules import Duty
from fourdoors.accounts.services import make_link
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.store.scope import Scope, scoped, set_scope
from fourdoors.subsidies.models import Claim, NoticePeriod, PaymentBatch
from fourdoors.subsidies.rules import Line
from fourdoors.subsidies.selectors import policies, rule_of
from fourdoors.subsidies.services import make_batch, open_notice
from fourdoors.web import explain
from fourdoors.web.desk import now
from tests.makers.accounts import LI_COUNTY, make_officer
from tests.makers.subsidies import (
    ACCOUNT,
    MADE_AT,
    REVIEWED_AT,
    REWARD,
    ZHOUQU,
    approve_all,
    make_checker,
    make_claim,
    make_earner,
    make_maker,
    make_policy,
    make_poor_worker,
)
from tests.pictures import DESK, PHONE, faults, overflow, picture
from tests.web.officers import as_officer

EVERYWHERE = Scope(territory=range_of(GANSU))
PAGES = ("/subsidies/", "/subsidies/policies/", "/subsidies/notices/", "/subsidies/lists/")


@pytest.fixture(autouse=True)
def _demonstration(request: pytest.FixtureRequest, settings: Settings) -> None:
    """Play on the day on which the makers make claims; see Gansu."""
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DAY = MADE_AT.date()
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        set_scope(EVERYWHERE)


def play_on(day: datetime.date) -> None:
    settings.DEMONSTRATION_DAY = day


def again() -> None:
    set_scope(EVERYWHERE)


@pytest.mark.django_db
def test_owner_colleague_and_stranger_on_claims() -> None:
    claim = make_claim(worker=make_poor_worker(name="杨大成"))
    stranger = as_officer(make_officer(username="li", division=LI_COUNTY))
    for officer in (make_maker(), make_checker()):
        client = as_officer(officer)
        assert "杨大成" in client.get("/subsidies/").content.decode()
        page = client.get(f"/subsidies/claims/{claim.pk}/").content.decode()
        assert "3,256.08" in page
        assert "54,268.00" in page
        assert "× 6%" in page
        assert ACCOUNT not in page
    assert "杨大成" not in stranger.get("/subsidies/").content.decode()
    assert stranger.get(f"/subsidies/claims/{claim.pk}/").status_code == 404
    for deed in ("approve", "refuse", "objection"):
        assert stranger.post(f"/subsidies/claims/{claim.pk}/{deed}/").status_code == 404


@pytest.mark.django_db
def test_stations_and_people_without_account_see_no_desk() -> None:
    station = as_officer(make_officer(username="s", duty=Duty.STATION, division=370281_000000))
    for address in PAGES:
        assert station.get(address).status_code == 404
        assert Client().get(address).status_code == 302


@pytest.mark.django_db
def test_the_queue_narrows_by_state_and_rule_and_says_when_it_is_empty() -> None:
    make_claim(worker=make_poor_worker(name="杨大成"))
    client = as_officer(make_maker())
    assert "杨大成" in client.get(f"/subsidies/?state=made&policy={REWARD}").content.decode()
    assert "No claim here" in client.get("/subsidies/?state=paid").content.decode()


@pytest.mark.django_db
def test_every_rule_has_a_page_and_says_what_is_missing() -> None:
    make_policy()
    client = as_officer(make_maker())
    listed = client.get("/subsidies/policies/").content.decode()
    assert "8 of 25 rules" in listed
    assert "Not computed yet: an amount a coach" in listed
    for policy in policies():
        again()
        assert client.get(f"/subsidies/policies/{policy.key}/").status_code == 200
    assert client.get("/subsidies/policies/none-such/").status_code == 404


@pytest.mark.django_db
def test_a_rule_of_another_county_is_read_but_never_used() -> None:
    make_policy()
    client = as_officer(make_officer(username="li", division=LI_COUNTY))
    page = client.get(f"/subsidies/policies/{REWARD}/").content.decode()
    assert "not in force where you work" in page
    assert client.post(f"/subsidies/policies/{REWARD}/claims/").status_code == 404


@pytest.mark.django_db
def test_a_dry_run_shows_the_cost_and_claims_are_made_by_a_button() -> None:
    make_earner(worker=make_poor_worker())
    make_policy()
    client = as_officer(make_maker())
    page = client.get(f"/subsidies/policies/{REWARD}/").content.decode()
    assert "3,256.08" in page
    assert not Claim.objects.exists()
    assert client.post(f"/subsidies/policies/{REWARD}/claims/", {"period": "once"}).status_code == 302
    again()
    assert Claim.objects.get().fen == 325_608


@pytest.mark.django_db
def test_a_table_above_the_ceiling_of_its_province_is_pointed_out() -> None:
    make_policy()
    auditor = as_officer(make_officer(username="a", duty=Duty.AUDITOR))
    page = auditor.get("/subsidies/policies/chongxin-2024-travel/").content.decode()
    assert "lies above" not in page


@pytest.mark.django_db
def test_the_whole_way_of_a_claim_by_two_officers() -> None:
    make_claim()
    maker, checker = as_officer(make_maker()), as_officer(make_checker())
    assert maker.post(f"/subsidies/policies/{REWARD}/notice/").status_code == 302
    again()
    notice, claim = NoticePeriod.objects.get(), Claim.objects.get()
    assert "runs: read it" in maker.get("/subsidies/notices/").content.decode()

    play_on(REVIEWED_AT.date())
    own = maker.post(f"/subsidies/claims/{claim.pk}/approve/", follow=True).content.decode()
    assert "Another officer reviews it" in own
    assert "Review all" in checker.get("/subsidies/notices/").content.decode()
    assert checker.post(f"/subsidies/notices/{notice.pk}/review/").status_code == 302
    assert "Review all" not in checker.get("/subsidies/notices/").content.decode()
    made = maker.post("/subsidies/lists/make/", {"policy": REWARD}, follow=True).content.decode()
    assert "Somebody else releases it" in made
    again()
    batch = PaymentBatch.objects.get()
    own = maker.post(f"/subsidies/lists/{batch.pk}/release/", follow=True).content.decode()
    assert "Another officer releases it" in own
    done = checker.post(f"/subsidies/lists/{batch.pk}/release/", follow=True).content.decode()
    assert "closed for good" in done
    again()
    assert Claim.objects.get().state == "paid"


@pytest.mark.django_db
def test_the_bank_file_is_a_deed_and_a_stranger_cannot_fetch_it() -> None:
    make_claim()
    approve_all()
    batch = make_batch(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=REVIEWED_AT)
    client = as_officer(make_checker())
    page = client.get(f"/subsidies/lists/{batch.pk}/").content.decode()
    assert ACCOUNT not in page
    assert ACCOUNT[-4:] in page
    answer = client.post(f"/subsidies/lists/{batch.pk}/xlsx/")
    assert answer["Content-Disposition"].endswith('.xlsx"')
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert any(ACCOUNT in row for row in rows)
    assert Deed.objects.filter(action="subsidies.payment_list_opened").count() == 1
    assert client.get(f"/subsidies/lists/{batch.pk}/xlsx/").status_code == 405
    stranger = as_officer(make_officer(username="li", division=LI_COUNTY))
    assert stranger.post(f"/subsidies/lists/{batch.pk}/xlsx/").status_code == 404
    assert stranger.get(f"/subsidies/lists/{batch.pk}/").status_code == 404
    auditor = as_officer(make_officer(username="a", duty=Duty.AUDITOR, division=ZHOUQU))
    assert auditor.get(f"/subsidies/lists/{batch.pk}/").status_code == 200
    assert auditor.post(f"/subsidies/lists/{batch.pk}/release/").status_code == 404


@pytest.mark.django_db
def test_anybody_reads_a_notice_without_account_until_its_last_day() -> None:
    make_claim(worker=make_poor_worker(name="杨大成"))
    notice = open_notice(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=MADE_AT)
    anybody = Client(headers={"accept-language": "en"})
    page = anybody.get(f"/notices/{notice.pk}/")
    text = page.content.decode()
    assert "杨*成" in text
    assert "杨大成" not in text
    assert "99*************" in text
    assert "3,256.08" in text
    assert page["X-Robots-Tag"].startswith("noindex")
    assert str(notice.pk) in anybody.get("/notices/").content.decode()
    play_on(notice.to_on)
    assert anybody.get(f"/notices/{notice.pk}/").status_code == 200
    play_on(notice.to_on + datetime.timedelta(days=1))
    assert anybody.get(f"/notices/{notice.pk}/").status_code == 404
    assert "Nothing is on notice today" in anybody.get("/notices/").content.decode()


@pytest.mark.django_db
def test_a_running_notice_is_printed_for_the_board_and_only_by_its_county() -> None:
    make_claim()
    notice = open_notice(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=MADE_AT)
    address = f"/subsidies/notices/{notice.pk}/paper/"
    client = as_officer(make_checker())
    assert client.get(address).content.startswith(b"%PDF")
    stranger = as_officer(make_officer(username="li", division=LI_COUNTY))
    assert stranger.get(address).status_code == 404
    play_on(notice.to_on + datetime.timedelta(days=1))
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_an_objection_is_written_down_by_the_township_and_answered_by_the_county() -> None:
    claim = make_claim()
    open_notice(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=MADE_AT)
    township = as_officer(
        make_officer(username="t", duty=Duty.TOWNSHIP, division=claim.village // 1000 * 1000)
    )
    address = f"/subsidies/claims/{claim.pk}/objection/"
    assert township.post(address, {"words": ""}).status_code == 422
    assert township.post(address, {"words": "二月份他在村里"}).status_code == 302
    again()
    objection = claim.objections.get()
    county = as_officer(make_checker())
    assert "二月份他在村里" in county.get(f"/subsidies/claims/{claim.pk}/").content.decode()
    assert township.post(f"{address}{objection.pk}/", {"upheld": "yes"}).status_code == 404
    assert county.post(f"{address}{objection.pk}/", {"upheld": "yes"}).status_code == 302
    page = county.get(f"/subsidies/claims/{claim.pk}/").content.decode()
    assert "An objection was upheld" in page


@pytest.mark.django_db
def test_a_refusal_says_how_it_is_mended() -> None:
    claim = make_claim()
    client = as_officer(make_checker())
    address = f"/subsidies/claims/{claim.pk}/refuse/"
    assert client.post(address, {"reason": "because"}).status_code == 422
    assert client.post(address, {"reason": "passbook_wrong"}).status_code == 302
    assert "Correct the passbook or card" in client.get(f"/subsidies/claims/{claim.pk}/").content.decode()


def test_every_line_and_every_code_of_every_policy_has_words() -> None:
    from fourdoors.subsidies.rules import RefusalReason, missing_of, read_policy
    from fourdoors.subsidies.services.claims import shipped_policies

    rules = [read_policy(text) for text in shipped_policies()]
    for rule in rules:
        for code in missing_of(rule):
            assert explain.missing_words(code)
            assert code.split(":")[1] in explain.NAMES
        for _, payer in rule.payer:
            assert payer in explain.NAMES
    assert {"mixed", "none"} <= set(explain.NAMES)
    assert set(explain.REFUSALS) == {reason.value for reason in RefusalReason}
    failed = explain.explained([{"code": "ticket", "holds": False, "values": {"fen": 0}}])
    assert failed[0].words
    assert Line("ticket").holds


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_of_subsidies_are_readable(language: str, page: Page, live_server: LiveServer) -> None:
    with scoped(EVERYWHERE):
        claim = make_claim(worker=make_poor_worker(name="杨大成"))
        approve_all()
        batch = make_batch(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=REVIEWED_AT)
        make_claim(worker=make_poor_worker(name="王小花"))
        notice = open_notice(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=MADE_AT)
        assert rule_of(make_policy()).key == REWARD
        secret = make_link(officer=make_checker(), at=now().replace(year=2100))
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    page.goto(f"{live_server.url}/enter/{secret}")
    page.locator("main button").click()
    page.wait_for_url(f"{live_server.url}/")
    for name, address in {
        "claims": "/subsidies/",
        "claim": f"/subsidies/claims/{claim.pk}/",
        "policies": "/subsidies/policies/",
        "policy": f"/subsidies/policies/{REWARD}/",
        "notices": "/subsidies/notices/",
        "lists": "/subsidies/lists/",
        "list": f"/subsidies/lists/{batch.pk}/",
        "public": f"/notices/{notice.pk}/",
        "publics": "/notices/",
    }.items():
        page.goto(f"{live_server.url}{address}")
        for width in (DESK, PHONE):
            picture(page, f"subsidies_{name}_{language}_{width}", width)
            assert faults(page) == [], (name, width)
            assert overflow(page) == 0, (name, width)
