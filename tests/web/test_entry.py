"""Sign-in: by link, by password, with a second factor; and what strangers see."""

from datetime import timedelta

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.utils import timezone

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import make_link
from tests.makers.accounts import make_officer

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"  # noqa: S105


def with_password() -> Officer:
    officer = make_officer()
    officer.set_password(PASSWORD)
    officer.save()
    return officer


def test_a_one_time_link_is_spent_by_a_click_and_not_by_a_previewer(client: Client) -> None:
    secret = make_link(officer=make_officer(), at=timezone.now())
    assert client.get(f"/enter/{secret}").status_code == 200
    assert client.post(f"/enter/{secret}").status_code == 302
    assert client.get("/").status_code == 200
    assert Client().post(f"/enter/{secret}").status_code == 410


def test_an_old_link_is_refused_in_words(client: Client) -> None:
    secret = make_link(officer=make_officer(), at=timezone.now() - timedelta(days=2))
    answer = client.post(f"/enter/{secret}")
    assert answer.status_code == 410
    assert "链接已使用或已过期" in answer.content.decode()


def test_whoever_forgot_a_password_is_told_whom_to_ask_and_not_to_wait_for_mail(client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "请联系为您开通账号的单位" in page
    assert "/accounts/password/reset/" not in page


def test_a_stranger_is_sent_to_the_sign_in(client: Client) -> None:
    assert client.get("/")["Location"] == "/accounts/login/?next=/"


def test_password_sign_in_under_the_strict_policy(client: Client) -> None:
    with_password()
    policy = client.get("/accounts/login/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    done = client.post("/accounts/login/", {"login": "li", "password": PASSWORD})
    assert (done.status_code, done["Location"]) == (302, "/")


def test_six_wrong_passwords_lock_the_right_one_out(client: Client) -> None:
    with_password()
    codes = [client.post("/accounts/login/", {"login": "li", "password": "no"}).status_code for _ in range(6)]
    assert codes[-1] == 429
    assert client.post("/accounts/login/", {"login": "li", "password": PASSWORD}).status_code == 429


def test_the_second_factor_is_asked_for(client: Client) -> None:
    officer = with_password()
    secret = totp.generate_totp_secret()
    Authenticator.objects.create(
        user=officer, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(secret)}
    )
    step = client.post("/accounts/login/", {"login": "li", "password": PASSWORD})
    assert step["Location"].startswith("/accounts/2fa/authenticate/")
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    done = client.post("/accounts/2fa/authenticate/", {"code": code})
    assert (done.status_code, done["Location"]) == (302, "/")


def test_nobody_signs_up(client: Client) -> None:
    client.post("/accounts/signup/", {"username": "x", "password1": PASSWORD, "password2": PASSWORD})
    assert not Officer.objects.exists()
