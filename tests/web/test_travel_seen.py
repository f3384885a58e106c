"""Trips in a real browser: the gate by code and by camera, the desks, both languages, desk and phone."""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import segno
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import make_link
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.store.scope import Scope, scoped
from fourdoors.travel.models import Pass, Passage, Seat, Trip
from fourdoors.travel.rules import Door
from fourdoors.travel.services import open_handover, pass_door, record_health
from fourdoors.web.desk import now
from tests.chromium import chromium
from tests.makers.accounts import make_officer
from tests.makers.travel import (
    PLANNED_AT,
    make_approved_trip,
    make_departed_trip,
    make_health_officer,
    make_leader,
    make_receiver,
)
from tests.pictures import DESK, PHONE, faults, overflow, picture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
EVERYWHERE = Scope(territory=range_of(GANSU))
WATCH = """window.__broken = []; document.addEventListener("securitypolicyviolation",
 (e) => window.__broken.push(`${e.effectiveDirective} ${e.blockedURI}`));"""


@pytest.fixture(autouse=True)
def _on_the_day_after_the_plan(settings: Settings) -> None:
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DAY = date(2020, 3, 6)


@pytest.fixture
def trip() -> Trip:
    with scoped(EVERYWHERE):
        return make_approved_trip(riders=12)


def sign_in(page: Page, live_server: LiveServer, officer: Officer, language: str = "zh-hans") -> None:
    page.add_init_script(WATCH)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    page.goto(f"{live_server.url}/enter/{make_link(officer=officer, at=now())}")
    page.locator("main form button").click()
    page.wait_for_url(f"{live_server.url}/")


def clean(page: Page) -> None:
    assert faults(page) == []
    assert overflow(page) == 0
    assert page.evaluate("window.__broken") == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_leader_types_codes_on_a_phone(
    language: str, page: Page, live_server: LiveServer, trip: Trip
) -> None:
    with scoped(EVERYWHERE):
        held = list(Pass.objects.order_by("seat__number"))
        leader = make_leader(trip.carrier_id)
    page.set_viewport_size({"width": PHONE, "height": 844})
    sign_in(page, live_server, leader, language)
    page.goto(f"{live_server.url}/gate/{trip.pk}/1/")
    clean(page)
    for code, tone in ((held[0].short_code, "go"), (held[0].short_code, "look"), ("K7QF-29MB", "stop")):
        page.locator("#code").fill(code)
        page.locator("#scan form button").click()
        expect(page.locator(f".verdict.{tone}")).to_be_visible()
        clean(page)
    picture(page, f"gate_{language}_{PHONE}", PHONE)
    expect(page.locator(".gc dd").first).to_have_text("1")
    with scoped(EVERYWHERE):
        assert list(Passage.objects.order_by("pk").values_list("verdict", flat=True)) == [
            "accepted",
            "already",
        ]


def film(text: str, folder: Path) -> Path:
    """Write what a camera would see: a still card with a QR code, as pictures one after another."""
    code = io.BytesIO()
    segno.make(text, error="m", micro=False).save(code, kind="png", scale=9, border=4)
    frame = Image.new("RGB", (1280, 720), "#6b665c")
    card = Image.open(code).convert("RGB").rotate(6, expand=True, fillcolor="#6b665c")
    frame.paste(card, ((1280 - card.width) // 2, (720 - card.height) // 2))
    shot = io.BytesIO()
    frame.save(shot, "JPEG", quality=90)
    path = folder / "camera.mjpeg"
    path.write_bytes(shot.getvalue() * 20)
    return path


@pytest.fixture
def filming(trip: Trip, tmp_path: Path, browser: Browser) -> Iterator[Page]:
    """Launch a second Chromium whose camera films the pass of the first rider."""
    with scoped(EVERYWHERE):
        token = Pass.objects.order_by("seat__number")[0].token
    where = chromium()
    with_camera = [
        "--no-sandbox", "--disable-gpu",
        "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film(token, tmp_path)}",
    ]  # fmt: skip
    launched = browser.browser_type.launch(
        executable_path=where.program, args=with_camera, env=where.environment
    )
    page = launched.new_page(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": PHONE, "height": 844}
    )
    page.set_default_timeout(20_000)
    yield page
    launched.close()


def test_a_camera_reads_the_pass(filming: Page, live_server: LiveServer, trip: Trip) -> None:
    with scoped(EVERYWHERE):
        leader = make_leader(trip.carrier_id)
    sign_in(filming, live_server, leader)
    filming.goto(f"{live_server.url}/gate/{trip.pk}/1/")
    expect(filming.locator(".verdict.go")).to_be_visible()
    picture(filming, f"gate_camera_{PHONE}", PHONE)
    assert filming.evaluate("window.__broken") == []
    with scoped(EVERYWHERE):
        assert Passage.objects.filter(verdict="accepted").count() == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_desks_are_readable_on_desk_and_phone(
    language: str, page: Page, live_server: LiveServer, trip: Trip
) -> None:
    with scoped(EVERYWHERE):
        county = make_officer()
        seat = Seat.objects.order_by("number")[0]
    sign_in(page, live_server, county, language)
    for name, address in {
        "trips": "/trips/",
        "trip_plan": "/trips/plan/",
        "trip": f"/trips/{trip.pk}/",
        "rider": f"/trips/{trip.pk}/seats/{seat.pk}/",
        "gates": "/gate/",
    }.items():
        for width in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{live_server.url}{address}")
            picture(page, f"{name}_{language}_{width}", width)
            clean(page)


def test_the_health_desk_on_a_phone(page: Page, live_server: LiveServer, trip: Trip) -> None:
    with scoped(EVERYWHERE):
        doctor = make_health_officer()
        first, second = Seat.objects.order_by("number").select_related("trip")[:2]
        record_health(seat=first, fit=True, by=doctor, at=now())
    page.set_viewport_size({"width": PHONE, "height": 844})
    sign_in(page, live_server, doctor)
    page.goto(f"{live_server.url}/trips/{trip.pk}/health/")
    page.get_by_role("button", name=f"转诊 {second.shown_name}").first.click()
    expect(page.locator(".msg")).to_contain_text("原因不告知其他部门")
    picture(page, f"health_{PHONE}", PHONE)
    clean(page)


def test_the_employer_receives(page: Page, live_server: LiveServer) -> None:
    with scoped(EVERYWHERE):
        trip = make_departed_trip(riders=5)
        for seat in Seat.objects.order_by("number")[1:]:
            pass_door(
                seat=seat, door=Door.ENTER_FACTORY, device="d", device_sequence=seat.pk,
                device_at=PLANNED_AT, scanned_by=None, at=PLANNED_AT,
            )  # fmt: skip
        open_handover(trip=trip, by=make_officer(), at=PLANNED_AT)
        receiver = make_receiver(trip.employer_id)
    sign_in(page, live_server, receiver)
    page.goto(f"{live_server.url}/employer/arrivals/{trip.pk}/")
    page.get_by_role("button", name="签字交接").click()
    expect(page.locator(".msg.success")).to_contain_text("已签字")
    for width in (DESK, PHONE):
        picture(page, f"arrival_{width}", width)
        clean(page)
    page.goto(f"{live_server.url}/employer/arrivals/")
    clean(page)
