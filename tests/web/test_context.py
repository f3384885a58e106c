"""The main menu: who is offered which road, and where the reader stands."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory, override_settings
from django.utils.translation import gettext_lazy as _

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import Duty
from fourdoors.web import context
from fourdoors.web.context import Road, house


def asked(path: str, duty: Duty | None) -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = Officer(username="li", duty=duty) if duty else AnonymousUser()
    return request


@pytest.fixture
def roads(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {
        "home": frozenset(Duty),
        "look": frozenset({Duty.COUNTY}),
        "look_phone": frozenset({Duty.COUNTY}),
    }
    table = tuple(Road(name, _("Overview"), duties) for name, duties in names.items())
    monkeypatch.setattr(context, "NAV", table)


def test_everybody_who_signs_in_has_a_first_page_and_strangers_have_no_menu() -> None:
    for duty in Duty:
        assert "/" in [link["href"] for link in house(asked("/", duty))["nav"]]
    assert house(asked("/", None))["nav"] == []


@pytest.mark.usefixtures("roads")
def test_a_duty_is_offered_its_own_roads_only() -> None:
    assert [link["href"] for link in house(asked("/", Duty.COUNTY))["nav"]] == ["/", "/look/", "/look/phone/"]
    assert [link["href"] for link in house(asked("/", Duty.HEALTH))["nav"]] == ["/"]


@pytest.mark.usefixtures("roads")
@pytest.mark.parametrize(
    ("path", "here"),
    [("/", "/"), ("/look/", "/look/"), ("/look/phone/7/", "/look/phone/"), ("/nowhere/", None)],
)
def test_the_longest_road_that_leads_to_the_page_is_where_the_reader_is(path: str, here: str | None) -> None:
    current = [link["href"] for link in house(asked(path, Duty.COUNTY))["nav"] if link["current"]]
    assert current == ([here] if here else [])


@pytest.mark.parametrize("on", [True, False])
def test_the_banner_follows_the_setting(*, on: bool) -> None:
    with override_settings(DEMONSTRATION=on):
        assert house(asked("/", None))["demonstration"] is on


def test_every_road_of_the_menu_leads_somewhere() -> None:
    for duty in Duty:
        assert all(link["href"].startswith("/") for link in house(asked("/", duty))["nav"])
