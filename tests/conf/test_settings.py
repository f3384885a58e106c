"""Settings that the environment turns on."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(("https", "secure"), [("1", True), ("", False), ("0", False)])
def test_behind_tls_cookies_are_secure_and_the_proxys_word_is_taken(
    https: str, *, secure: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOURDOORS_HTTPS", https)
    code = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0,"
        " s.SECURE_PROXY_SSL_HEADER is not None)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split() == [str(secure)] * 4
