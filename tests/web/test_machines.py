"""Programs that ask and send in an officer's name."""

import pytest
from django.test import Client

from fourdoors.accounts.rules import Duty
from fourdoors.accounts.services import make_token
from tests.makers.accounts import DANGCHANG, make_officer
from tests.makers.register import SPRING, make_worker
from tests.web.officers import again

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_march")]


def machine(duty: Duty = Duty.COUNTY, username: str = "li") -> Client:
    officer = make_officer(username=username, duty=duty)
    secret = make_token(officer=officer, name="county system", at=SPRING)
    return Client(headers={"authorization": f"Bearer {secret}", "accept-language": "en"})


def test_a_token_sees_what_its_officer_sees_and_no_more() -> None:
    make_worker(name="马小兰")
    make_worker(name="王秀英", village=DANGCHANG + 100_201)
    answer = machine().get("/api/workers/").json()

    assert [one["name"] for one in answer["results"]] == ["马*兰"]


@pytest.mark.parametrize("shown", ["Bearer wrong", "Bearer ", "bearer x"])
def test_a_wrong_token_is_401_and_says_how_to_sign_in(shown: str) -> None:
    answer = Client(headers={"authorization": shown}).get("/api/workers/")
    assert (answer.status_code, answer["www-authenticate"]) == (401, "Bearer")


def test_a_token_of_another_duty_asks_for_nothing_of_the_register() -> None:
    assert machine(Duty.HEALTH, "health").get("/api/workers/").status_code == 403


def test_a_token_opens_no_page() -> None:
    """The pages read the session alone: a program cannot press buttons."""
    answer = machine().get("/workers/")
    again()
    assert answer.status_code == 302
