"""Many desks at the same moment: one releases, one person is paid once."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from fourdoors.accounts.models import Officer
from fourdoors.accounts.selectors import breaks_in_the_trail
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.store.scope import Scope, scoped
from fourdoors.subsidies.models import Claim, Payment, PaymentBatch
from fourdoors.subsidies.services import make_batch, make_claims, release_batch
from tests.makers.accounts import make_officer
from tests.makers.subsidies import (
    MADE_AT,
    REVIEWED_AT,
    ZHOUQU,
    approve_all,
    make_claim,
    make_maker,
    make_policy,
    make_poor_worker,
)

pytestmark = pytest.mark.django_db(transaction=True)

EVERYWHERE = Scope(territory=range_of(GANSU))


def at_once(deed: Callable[[int], object], count: int) -> Counter[str]:
    """Run a deed in many threads, each with its own connection, all starting together."""
    start, outcomes = threading.Barrier(count), Counter[str]()

    def run(number: int) -> None:
        try:
            start.wait()
            with scoped(EVERYWHERE):
                deed(number)
            outcomes["done"] += 1
        except RuleError as refusal:
            outcomes[refusal.code] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_fifty_officers_release_a_list_at_once_and_one_of_them_does() -> None:
    with scoped(EVERYWHERE):
        make_claim()
        approve_all()
        batch = make_batch(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=REVIEWED_AT)
        officers = [make_officer(username=f"desk-{n}", division=ZHOUQU) for n in range(50)]

    outcomes = at_once(lambda n: release_batch(batch=batch, by=officers[n], at=REVIEWED_AT), 50)

    assert outcomes == {"done": 1, "batch_closed": 49}
    with scoped(EVERYWHERE):
        assert Payment.objects.count() == 1
        assert PaymentBatch.objects.get().released_by in officers
        assert list(breaks_in_the_trail()) == []


def test_ten_desks_put_the_same_people_on_lists_and_each_is_on_one() -> None:
    with scoped(EVERYWHERE):
        for number in range(6):
            make_claim(worker=make_poor_worker(name=f"杨{number}"))
        approve_all()
        policy, maker = make_policy(), make_maker()

    outcomes = at_once(lambda _: make_batch(policy=policy, division=ZHOUQU, by=maker, at=REVIEWED_AT), 10)

    assert outcomes == {"done": 1, "nothing_to_pay": 9}
    with scoped(EVERYWHERE):
        assert Payment.objects.count() == 6
        assert Payment.objects.values("identity_hash", "policy_key", "period").distinct().count() == 6


def test_two_desks_make_claims_at_once_and_nobody_has_two() -> None:
    with scoped(EVERYWHERE):
        claim = make_claim()
        claim.delete()
        policy, maker = make_policy(), make_maker()
        makers: list[Officer] = [maker, make_officer(username="other", division=ZHOUQU)]

    at_once(
        lambda n: make_claims(policy=policy, division=ZHOUQU, period="once", by=makers[n % 2], at=MADE_AT), 4
    )

    with scoped(EVERYWHERE):
        assert Claim.objects.count() == 1
        assert Claim.objects.get().made_at.date() == date(2020, 9, 1)
