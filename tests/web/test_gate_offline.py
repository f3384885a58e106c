"""The gate with the network cut from the beginning to the end, in a real browser with a disk of its own."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from fourdoors.accounts.models import Officer
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.kernel.identity import masked_name
from fourdoors.store.scope import Scope, scoped
from fourdoors.travel.models import DeviceScan, GateDevice, Pass, Passage, Trip
from fourdoors.travel.rules import TripState
from fourdoors.travel.services import disable_device, invite_device
from fourdoors.web.desk import now
from tests.chromium import chromium
from tests.makers.accounts import make_officer
from tests.makers.travel import make_approved_trip, make_leader, make_receiver
from tests.pictures import PHONE, faults, overflow, picture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
EVERYWHERE = Scope(territory=range_of(GANSU))
WATCH = """window.__broken = []; document.addEventListener("securitypolicyviolation",
 (e) => window.__broken.push(`${e.effectiveDirective} ${e.blockedURI}`));"""
Opened = Callable[[], BrowserContext]


@pytest.fixture(autouse=True)
def _on_the_day_after_the_plan(settings: Settings) -> None:
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DAY = date(2020, 3, 6)


@pytest.fixture
def trip() -> Trip:
    with scoped(EVERYWHERE):
        return make_approved_trip(riders=6)


@pytest.fixture
def opened(browser: Browser, live_server: LiveServer, tmp_path: Path) -> Iterator[Opened]:
    """Open the browser on one disk as often as a test likes: closing it is the death of the process.

    It ends before the server does: a page that still reports would find no database.
    """
    where = chromium()
    living: list[BrowserContext] = []

    def launch() -> BrowserContext:
        for context in living:
            context.close()
        context = browser.browser_type.launch_persistent_context(
            str(tmp_path / "disk"), executable_path=where.program, env=where.environment,
            args=["--no-sandbox", "--disable-gpu"], locale="zh-CN", timezone_id="Asia/Shanghai",
            viewport={"width": PHONE, "height": 844},
        )  # fmt: skip
        context.set_default_timeout(15_000)
        context.add_init_script(WATCH)
        living[:] = [context]
        return context

    yield launch
    for context in living:
        quiet(context)
        context.close()


def quiet(context: BrowserContext) -> None:
    """Let no report begin any more, and wait for the one under way: the server then touches no table."""
    context.route("**/gate/app/**", lambda route: route.abort())
    for page in context.pages:
        if page.locator("[data-ready]").count():
            report(page)


def report(page: Page) -> None:
    """Wait for the report under way, and for one that is begun now."""
    page.evaluate("gate.reportSoon().then(() => gate.reportSoon())")


def secret_for(trip: Trip, officer: Officer) -> str:
    return invite_device(trip=trip, by=officer, at=now())[1]


def enrol(context: BrowserContext, live_server: LiveServer, trip: Trip, language: str = "zh-hans") -> Page:
    with scoped(EVERYWHERE):
        secret = secret_for(trip, make_leader(trip.carrier_id))
    page = context.new_page()
    page.goto(f"{live_server.url}/gate/app/{language}/#{secret}")
    expect(page.locator("#ready")).to_be_visible()
    return page


def open_offline(context: BrowserContext, live_server: LiveServer, language: str = "zh-hans") -> Page:
    context.set_offline(True)
    page = context.new_page()
    page.goto(f"{live_server.url}/gate/app/{language}/")
    page.wait_for_selector("[data-ready]")
    return page


def shown(page: Page, text: str) -> str:
    page.evaluate("(text) => gate.scan(text)", text)
    return str(page.locator("#verdict").get_attribute("data-verdict"))


def passes() -> list[Pass]:
    with scoped(EVERYWHERE):
        return list(Pass.objects.select_related("seat").order_by("seat__number"))


def rows() -> list[tuple[int, str]]:
    with scoped(EVERYWHERE):
        return list(DeviceScan.objects.order_by("sequence").values_list("sequence", "outcome"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_coach_boards_with_the_network_cut_and_the_process_killed(
    language: str, opened: Opened, live_server: LiveServer, trip: Trip
) -> None:
    enrol(opened(), live_server, trip, language)
    held = passes()
    page = open_offline(opened(), live_server, language)  # a cold start, no network
    assert shown(page, held[0].token) == "go"
    assert page.evaluate("window.lastAnswerMs") < 1000
    assert masked_name(held[0].seat.shown_name)[0] in page.locator("#title").inner_text()
    assert shown(page, held[0].short_code) == "look"
    assert shown(page, held[0].token[:60] + "A" + held[0].token[61:]) == "stop"
    assert shown(page, held[1].short_code.lower()) == "go"
    expect(page.locator("#passed")).to_have_text("2")
    expect(page.locator("#names li")).to_have_count(4)
    assert held[2].seat.shown_name in page.locator("#names").inner_text()
    picture(page, f"gate_offline_{language}_{PHONE}", PHONE)
    assert faults(page) == []
    assert overflow(page) == 0
    assert page.evaluate("window.__broken") == []
    assert rows() == []

    context = opened()  # the process is killed; the disk stays
    page = open_offline(context, live_server, language)
    expect(page.locator("#passed")).to_have_text("2")
    assert shown(page, held[1].token) == "look"  # it remembers whom it let in
    assert shown(page, held[2].token) == "go"
    context.set_offline(False)  # nobody presses anything
    expect(page.locator("#queue")).to_be_hidden()
    outcomes = ["accepted", "already", "pass_malformed", "accepted", "already", "accepted"]
    found = rows()
    assert [number for number, _ in found] == [1, 2, 3, 4, 5, 6]
    assert [said for _, said in found if not said.startswith("pass_")] == [
        said for said in outcomes if not said.startswith("pass_")
    ]
    with scoped(EVERYWHERE):
        assert Passage.objects.filter(verdict="accepted").count() == 3


def test_an_answer_lost_on_its_way_is_asked_for_again_and_changes_nothing(
    opened: Opened, live_server: LiveServer, trip: Trip
) -> None:
    context = opened()
    page = enrol(context, live_server, trip)
    lost: list[int] = []

    def lose(route: object) -> None:
        if not lost and '"sequence"' in str(route.request.post_data):  # type: ignore[attr-defined]
            route.fetch()  # type: ignore[attr-defined]  # the server has it
            lost.append(1)
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    context.route("**/gate/app/sync", lose)
    assert shown(page, passes()[0].token) == "go"
    page.wait_for_function("() => document.getElementById('queue').textContent !== ''")
    expect(page.locator("#queue")).to_be_hidden(timeout=10_000)  # by itself
    assert lost == [1]
    assert rows() == [(1, "accepted")]


def test_a_portal_and_a_silent_server_hold_nobody_up(
    opened: Opened, live_server: LiveServer, trip: Trip
) -> None:
    context = opened()
    page = enrol(context, live_server, trip)
    held = passes()
    context.route("**/gate/app/sync", lambda route: route.fulfill(body="<html>sign in to the hotel</html>"))
    assert shown(page, held[0].token) == "go"
    expect(page.locator("#queue")).to_be_visible()
    context.unroute("**/gate/app/sync")
    context.route("**/gate/app/sync", lambda route: None)  # it never answers
    assert shown(page, held[1].token) == "go"
    assert page.evaluate("window.lastAnswerMs") < 1000
    context.unroute("**/gate/app/sync")
    assert rows() == []


def test_a_full_disk_says_so_and_shows_no_tick(opened: Opened, live_server: LiveServer, trip: Trip) -> None:
    page = enrol(opened(), live_server, trip)
    page.evaluate(
        """() => { IDBObjectStore.prototype.add = function () {
             throw new DOMException("full", "QuotaExceededError"); }; }"""
    )
    assert shown(page, passes()[0].token) == "stop"
    expect(page.locator("#words")).to_contain_text("存储已满")
    expect(page.locator("#passed")).to_have_text("0")


def test_a_clock_two_days_wrong_is_said_and_the_moments_are_right(
    opened: Opened, live_server: LiveServer, trip: Trip
) -> None:
    context = opened()
    context.add_init_script("const real = Date.now; Date.now = () => real() - 48 * 3600 * 1000;")
    page = enrol(context, live_server, trip)
    expect(page.locator("#clock")).to_contain_text("慢2880分钟")
    assert shown(page, passes()[0].token) == "go"
    expect(page.locator("#queue")).to_be_hidden()
    with scoped(EVERYWHERE):
        passage, scan, device = Passage.objects.get(), DeviceScan.objects.get(), GateDevice.objects.get()
    assert abs((passage.device_at - scan.received_at).total_seconds()) < 60
    assert -172_860 < (device.ahead_seconds or 0) < -172_740


def test_a_shut_phone_and_a_closed_trip_forget_everything(
    opened: Opened, live_server: LiveServer, trip: Trip
) -> None:
    context = opened()
    page = enrol(context, live_server, trip)
    with scoped(EVERYWHERE):
        disable_device(device=GateDevice.objects.select_related("trip").get(), by=make_officer(), at=now())
    report(page)
    expect(page.locator("#why")).to_contain_text("已被停用")
    page.close()
    again = enrol(context, live_server, trip)
    with scoped(EVERYWHERE):
        Trip.objects.update(state=TripState.CLOSED)
    report(again)
    expect(again.locator("#why")).to_contain_text("已从本机清除")
    kept = """async () => {
      const { allScans, read } = await import("/static/gate/keep.js");
      return [await allScans(), ...await Promise.all(["device", "roster", "trust", "trip"].map(read))];
    }"""
    assert again.evaluate(kept) == [[], None, None, None, None]


def test_the_factory_sees_no_names_and_a_used_code_lets_nobody_in(
    opened: Opened, live_server: LiveServer, trip: Trip
) -> None:
    context = opened()
    with scoped(EVERYWHERE):
        secret = secret_for(trip, make_receiver(trip.employer_id))
    page = context.new_page()
    page.goto(f"{live_server.url}/gate/app/zh-hans/#{secret}")
    expect(page.locator("#expected")).to_have_text("6")
    expect(page.locator("#roll")).to_be_hidden()
    answer = page.request.post(f"{live_server.url}/gate/app/enrol", data={"secret": secret})
    assert answer.status == 410
    assert page.request.post(f"{live_server.url}/gate/app/sync", data={}).status == 401
