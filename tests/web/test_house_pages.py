"""Pages that are not ours by birth wear our look: sign-in, second factor, errors; in both languages."""

from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

import fourdoors
from fourdoors.accounts.models import Officer
from tests.makers.accounts import make_officer
from tests.pictures import DESK, PHONE, faults, overflow, picture

PASSWORD = "correct horse battery"  # noqa: S105
PAGES = ["2fa/", "2fa/totp/activate/", "password/change/", "reauthenticate/", "logout/", "email/"]


def signed_in(page: Page, live_server: LiveServer, language: str) -> Officer:
    officer = make_officer()
    officer.set_password(PASSWORD)
    officer.save()
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    page.goto(f"{live_server.url}/accounts/login/")
    seen(page, f"login_{language}")
    page.locator("input[name=login]").fill(officer.username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button").click()
    page.wait_for_url(f"{live_server.url}/")
    return officer


def seen(page: Page, name: str) -> None:
    for width in (DESK, PHONE):
        picture(page, f"{name}_{width}", width)
        assert faults(page) == []
        assert overflow(page) == 0


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_of_an_account_are_readable_and_in_one_language(
    language: str, page: Page, live_server: LiveServer
) -> None:
    signed_in(page, live_server, language)
    for path in PAGES:
        page.goto(f"{live_server.url}/accounts/{path}")
        if "reauthenticate" in page.url and page.locator("input[name=password]").count():
            seen(page, f"reauthenticate_{language}")
            page.locator("input[name=password]").fill(PASSWORD)
            page.locator("main form button").first.click()
        page.wait_for_load_state()
        seen(page, f"account_{path.strip('/').replace('/', '_')}_{language}")


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so_in_the_readers_language(client: Client) -> None:
    client.force_login(make_officer(), backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()
    assert "Not found" in client.get("/nowhere/", headers={"accept-language": "en"}).content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_words() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/accounts/login/", {"login": "x", "password": "y"})
    assert answer.status_code == 403
    assert "表单已失效" in answer.content.decode()


@pytest.mark.parametrize("name", ["500.html", "507.html"])
def test_the_page_of_a_fault_needs_nothing_that_may_be_broken(name: str) -> None:
    source = Path(fourdoors.__path__[0]) / "web" / "templates" / name
    assert "{%" not in source.read_text()


def test_a_day_that_is_filled_in_is_one_that_browsers_read_in_every_language() -> None:
    """A browser leaves ``2020/11/02``, as Chinese has it, out of a field for days: each names its format."""
    for path in (Path(fourdoors.__file__).parent / "web").rglob("*.py"):
        for made in path.read_text().split("DateInput(")[1:]:
            assert "%Y-%m" in made[:120], path
