"""The pages of figures in a real browser: readable on desk and phone, in both languages, without a fault."""

import gzip

import pytest
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from fourdoors.accounts.rules import Duty
from fourdoors.kernel.divisions import range_of
from fourdoors.store.scope import Scope, scoped
from tests.makers.accounts import GANSU, LI_COUNTY, LI_VILLAGE, LONGNAN, make_officer
from tests.makers.statistics import count, make_ledger, make_release
from tests.pictures import DESK, PHONE, faults, overflow, picture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
HEAVIEST_BYTES = 80_000
PAGES = (
    (Duty.PROVINCE, GANSU, "/", "dashboard"),
    (Duty.PREFECTURE, LONGNAN, "/", "dashboard_prefecture"),
    (Duty.COUNTY, LI_COUNTY, "/", "dashboard_county"),
    (Duty.TOWNSHIP, LI_VILLAGE // 1000 * 1000, "/", "dashboard_township"),
    (Duty.STATION, LI_COUNTY, "/", "queues"),
    (Duty.PROVINCE, GANSU, f"/figures/transferred_persons/{GANSU}/?release=2020-10", "figure"),
    (Duty.COUNTY, LI_COUNTY, f"/figures/labour_income/{LI_COUNTY}/", "figure_rows"),
    (Duty.PROVINCE, GANSU, "/releases/", "releases"),
    (Duty.PROVINCE, GANSU, "/releases/2020-10/", "release"),
    (Duty.PROVINCE, GANSU, "/releases/new/", "release_new"),
    (Duty.AUDITOR, GANSU, "/audit/", "trail"),
    (None, 0, "/open/", "published"),
    (None, 0, "/bulletin/2020-10/", "bulletin"),
    (None, 0, "/definitions/", "definitions"),
)


def make_figures() -> None:
    with scoped(Scope(territory=range_of(GANSU))):
        make_ledger(li=30, danchang=40, tianshui=30)
        count()
        make_release()


def become(page: Page, live_server: LiveServer, duty: Duty | None, division: int) -> None:
    page.context.clear_cookies(name="sessionid")
    if duty is not None:
        client = Client()
        officer = make_officer(username=f"{duty}", duty=duty, division=division)
        client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_are_readable_on_desk_and_phone(page: Page, live_server: LiveServer, language: str) -> None:
    make_figures()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    for duty, division, address, name in PAGES:
        become(page, live_server, duty, division)
        answer = page.goto(f"{live_server.url}{address}")
        assert answer is not None
        assert answer.status == 200, address
        for width in (DESK, PHONE):
            picture(page, f"{name}_{language}_{width}", width)
            assert faults(page) == [], address
            assert overflow(page) == 0, address
    assert complaints == []


def test_the_map_is_switched_in_place(page: Page, live_server: LiveServer) -> None:
    make_figures()
    become(page, live_server, Duty.PROVINCE, GANSU)
    page.goto(live_server.url)
    page.evaluate("window.stayed = true")
    page.get_by_role("navigation", name="地图指标").get_by_role("link", name="劳务收入").click()
    page.get_by_role("heading", name="各县区劳务收入").wait_for()
    assert page.evaluate("window.stayed")  # the page itself was not loaded anew


def test_the_interface_for_machines_is_shown_under_the_strict_policy(
    page: Page, live_server: LiveServer
) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "policy" in message.text else None)
    page.goto(f"{live_server.url}/api/")
    page.get_by_text("/api/figures/", exact=True).wait_for()
    assert refused == []


def test_the_dashboard_with_all_it_needs_weighs_little(page: Page, live_server: LiveServer) -> None:
    make_figures()
    become(page, live_server, Duty.PROVINCE, GANSU)
    bodies: dict[str, bytes] = {}
    page.on("response", lambda answer: bodies.update({answer.url: answer.body()}))
    page.goto(live_server.url, wait_until="networkidle")
    weight = sum(len(gzip.compress(body, 6)) for body in bodies.values())
    assert len(bodies) >= 3
    assert weight <= HEAVIEST_BYTES, {url: len(gzip.compress(body)) for url, body in bodies.items()}
