"""The style guide in a real browser: it obeys the policy, axe finds nothing, nothing overflows a phone."""

import pytest
from django.test import override_settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.pictures import DESK, PHONE, faults, overflow, picture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
FACES = ["", "phone/", "gate/", "document/"]


@override_settings(DEMONSTRATION=True)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("face", FACES)
def test_every_part_is_readable_on_desk_and_phone(
    face: str, language: str, page: Page, live_server: LiveServer
) -> None:
    page.add_init_script(
        'window.__broken = []; document.addEventListener("securitypolicyviolation",'
        " (e) => window.__broken.push(e.violatedDirective + e.blockedURI));"
    )
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        answer = page.goto(f"{live_server.url}/look/{face}")
        assert answer is not None
        assert answer.status == 200
        picture(page, f"look_{face.strip('/') or 'office'}_{language}_{width}", width)
        assert faults(page) == []
        assert overflow(page) == 0
    assert page.evaluate("window.__broken") == []


@override_settings(DEMONSTRATION=False)
def test_the_style_guide_is_shut_where_people_are_real(page: Page, live_server: LiveServer) -> None:
    answer = page.goto(f"{live_server.url}/look/")
    assert answer is not None
    assert answer.status == 404
    assert page.locator(".demo").count() == 0
