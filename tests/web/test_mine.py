"""A worker's own page: one link, one person, everything held about her, and the way back in one step."""

import pytest
from django.test import Client

from fourdoors.accounts.models import Deed
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.identity import invented_identity
from fourdoors.kernel.terms import Sex
from fourdoors.register.models import Consent, Worker
from fourdoors.register.services import look_at_worker, make_worker_link
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import GANSU, make_officer
from tests.makers.register import (
    SPRING,
    make_consent,
    make_household,
    make_membership,
    make_status,
    make_wish,
    make_worker,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _see_gansu(db: None) -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def link(worker: Worker) -> str:
    return f"/my/{make_worker_link(worker=worker, at=SPRING)}/"


def consents() -> list[Consent]:
    set_scope(Scope(territory=range_of(GANSU)))
    return list(Consent.objects.order_by("pk"))


def test_a_link_opens_one_persons_page_and_nobody_elses(client: Client) -> None:
    mine, hers = make_worker(name="马小兰"), make_worker(name="赵秀英")
    page = client.get(link(mine)).content.decode()

    assert "马小兰" in page
    assert hers.name not in page
    assert client.get("/my/guess/").status_code == 404


def test_an_ended_link_opens_nothing(client: Client) -> None:
    worker = make_worker()
    old = link(worker)
    link(worker)

    assert client.get(old).status_code == 404


def test_the_page_shows_what_is_held_masked_and_who_looked(client: Client) -> None:
    identity = invented_identity(sequence=8, born_on=make_worker().born_on, sex=Sex.FEMALE)
    worker, household = make_worker(identity=identity), make_household()
    make_membership(worker=worker, household=household)
    make_status(household=household)
    make_wish(worker=worker)
    look_at_worker(worker=worker, by=make_officer(), at=SPRING)
    page = client.get(link(worker)).content.decode()

    assert identity not in page
    assert f"***************{identity[-3:]}" in page
    for words in ("陇南市礼县城关镇石碑村", "愿意外出", "建档立卡", "王处", "县级部门"):
        assert words in page


def test_a_consent_is_taken_back_in_one_step(client: Client) -> None:
    worker = make_worker()
    consent = make_consent(worker=worker)
    path = link(worker)

    answer = client.post(f"{path}consents/{consent.pk}/withdraw/")

    assert answer.headers["Location"] == path
    assert consents()[0].withdrawn_at is not None
    deed = Deed.objects.get(action="register.consent_withdrawn")
    assert deed.officer is None


def test_somebody_elses_consent_is_not_there(client: Client) -> None:
    other, worker = make_consent(worker=make_worker()), make_worker()
    make_consent(worker=worker)

    assert client.post(f"{link(worker)}consents/{other.pk}/withdraw/").status_code == 404
    assert [consent.withdrawn_at for consent in consents()] == [None, None]


def test_a_worker_agrees_by_the_own_hand(client: Client) -> None:
    path = link(make_worker())

    assert client.post(f"{path}consents/contact/").status_code == 302
    assert client.post(f"{path}consents/move/").status_code == 404  # a move is agreed to where it is offered
    (consent,) = consents()
    assert (consent.purpose, consent.how, consent.recorded_by) == ("contact", "self", None)


def test_the_page_is_kept_by_no_cache(client: Client) -> None:
    assert "no-store" in client.get(link(make_worker())).headers["Cache-Control"]
