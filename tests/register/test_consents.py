"""Consent: recorded once, withdrawn in one step, and nothing else happens."""

from datetime import timedelta

import pytest
from django.db import connection

from fourdoors.accounts.models import Deed
from fourdoors.register.models import Consent, Worker
from fourdoors.register.rules import HowGiven, Purpose
from fourdoors.register.services import (
    MoveNotNamedError,
    ProxyNamelessError,
    give_consent,
    withdraw_consent,
)
from tests.makers.accounts import make_officer
from tests.makers.register import SPRING, make_consent, make_wish, make_worker

pytestmark = pytest.mark.django_db


def test_a_consent_is_recorded_with_its_way_and_its_officer() -> None:
    worker, officer = make_worker(), make_officer()

    consent = give_consent(worker=worker, purpose=Purpose.MATCHING, how=HowGiven.PAPER, at=SPRING, by=officer)

    assert (consent.purpose, consent.how, consent.village) == ("matching", "paper", worker.village)
    deed = Deed.objects.get(action="register.consent_given")
    assert (deed.chain, deed.object_id, deed.officer) == (621226, worker.pk, officer)


def test_the_same_yes_twice_is_one_row_and_one_deed() -> None:
    worker = make_worker()
    first = give_consent(worker=worker, purpose=Purpose.CONTACT, how=HowGiven.SELF, at=SPRING)
    again = give_consent(
        worker=worker, purpose=Purpose.CONTACT, how=HowGiven.SMS, at=SPRING + timedelta(days=1)
    )

    assert again == first
    assert Deed.objects.filter(action="register.consent_given").count() == 1


def test_each_move_needs_its_own_consent() -> None:
    worker = make_worker()
    for move in ("offer:1", "offer:2"):
        give_consent(worker=worker, purpose=Purpose.MOVE, how=HowGiven.SELF, at=SPRING, move=move)

    assert Consent.objects.filter(worker=worker, purpose="move").count() == 2


@pytest.mark.parametrize(("purpose", "move"), [(Purpose.MOVE, ""), (Purpose.MATCHING, "offer:1")])
def test_a_move_is_named_and_nothing_else_names_one(purpose: Purpose, move: str) -> None:
    with pytest.raises(MoveNotNamedError):
        give_consent(worker=make_worker(), purpose=purpose, how=HowGiven.SELF, at=SPRING, move=move)

    assert not Consent.objects.exists()


@pytest.mark.parametrize(("how", "proxy"), [(HowGiven.PROXY, ""), (HowGiven.PAPER, "马大山")])
def test_a_proxy_gives_a_name_and_nobody_else_does(how: HowGiven, proxy: str) -> None:
    with pytest.raises(ProxyNamelessError):
        give_consent(worker=make_worker(), purpose=Purpose.MATCHING, how=how, at=SPRING, proxy_name=proxy)

    assert not Consent.objects.exists()


def test_withdrawing_is_one_step_that_leaves_every_other_table_alone() -> None:
    worker = make_worker()
    make_wish(worker=worker)
    consent = make_consent(worker=worker)
    before = row_hashes()

    withdraw_consent(consent=consent, at=SPRING + timedelta(hours=1))

    changed = {table for table, value in row_hashes().items() if value != before[table]}
    assert changed == {"register_consent", "accounts_deed", "accounts_deedchain"}
    consent.refresh_from_db()
    assert consent.withdrawn_at == SPRING + timedelta(hours=1)
    assert Worker.objects.get(pk=worker.pk).name == worker.name


def test_withdrawing_again_keeps_the_first_moment() -> None:
    consent = make_consent(worker=make_worker())
    withdraw_consent(consent=consent, at=SPRING)
    withdraw_consent(consent=consent, at=SPRING + timedelta(days=3))

    consent.refresh_from_db()
    assert consent.withdrawn_at == SPRING
    assert Deed.objects.filter(action="register.consent_withdrawn").count() == 1


def test_after_a_withdrawal_the_worker_may_agree_again() -> None:
    worker = make_worker()
    withdraw_consent(consent=make_consent(worker=worker), at=SPRING)

    give_consent(worker=worker, purpose=Purpose.MATCHING, how=HowGiven.SELF, at=SPRING + timedelta(days=1))

    assert Consent.objects.filter(worker=worker, withdrawn_at=None).count() == 1


def row_hashes() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        hashes = {}
        for table in tables:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM \"{table}\" t"
            )
            hashes[table] = cursor.fetchone()[0]
    return hashes
