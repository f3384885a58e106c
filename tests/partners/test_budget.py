"""Many desks at the same moment: public-welfare posts are never overspent (M6)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, connections

from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.identity import invented_identity
from fourdoors.kernel.terms import RelationToHead, Sex
from fourdoors.partners.models import PostBudget, PublicPost
from fourdoors.partners.services import BudgetSpentError, HouseholdHasPostError, take_post
from fourdoors.register.models import Membership, Worker
from fourdoors.register.rules import HouseholdRow, MembershipRow, WorkerRow
from fourdoors.register.services import load_households, load_memberships, load_workers
from fourdoors.store.scope import Scope, scoped
from tests.makers.accounts import GANSU, LI_VILLAGE
from tests.makers.partners import MARCH, make_budget
from tests.makers.register import make_household

pytestmark = pytest.mark.django_db(transaction=True)
SCOPE = Scope(territory=range_of(GANSU))
HIRES = 200
DESKS = 20  # connections that are open at once; each hires ten times


def make_workers(count: int) -> list[int]:
    """Make workers, each in a household of the same order; one load for all of them."""
    born_on = date(1990, 5, 1)
    with scoped(SCOPE):
        homes = load_households(HouseholdRow(LI_VILLAGE, f"6212260{n:09d}") for n in range(count))
        identities = [invented_identity(sequence=n, born_on=born_on, sex=Sex.MALE) for n in range(count)]
        rows = [WorkerRow(LI_VILLAGE, it, "马强", Sex.MALE.value, born_on) for it in identities]
        workers = load_workers(rows, at=MARCH)
        load_memberships(
            MembershipRow(LI_VILLAGE, home, worker, RelationToHead.HEAD.value, date(2014, 1, 1))
            for home, worker in zip(homes, workers, strict=True)
        )
    return workers


def hire_all(budget: PostBudget, workers: list[int]) -> list[str]:
    start = Barrier(DESKS)

    def desk(mine: list[int]) -> list[str]:
        start.wait()
        try:
            return [hire(budget, worker) for worker in mine]
        finally:
            connection.close()

    with ThreadPoolExecutor(DESKS) as desks:
        return [
            said for answers in desks.map(desk, [workers[n::DESKS] for n in range(DESKS)]) for said in answers
        ]


def hire(budget: PostBudget, worker: int) -> str:
    try:
        with scoped(SCOPE):
            take_post(
                budget=budget,
                worker=Worker.objects.get(pk=worker),
                taken_on=date(2020, 3, 2),
                at=MARCH,
                by=None,
            )
    except (BudgetSpentError, HouseholdHasPostError) as refusal:
        return refusal.code
    return "taken"


def test_two_hundred_hires_on_the_last_ten_posts_take_exactly_ten() -> None:
    with scoped(SCOPE):
        budget = make_budget(posts=10)

    answers = hire_all(budget, make_workers(HIRES))

    assert (answers.count("taken"), answers.count("budget_spent")) == (10, HIRES - 10)
    with scoped(SCOPE):
        budget.refresh_from_db()
        assert (budget.posts_taken, PublicPost.objects.count()) == (10, 10)
    connections.close_all()


def test_a_household_that_asks_at_twenty_desks_gets_one_post() -> None:
    with scoped(SCOPE):
        budget = make_budget(posts=100)
        household = make_household()
    workers = make_workers(DESKS)
    with scoped(SCOPE):
        Membership.objects.update(household=household)

    answers = hire_all(budget, workers)

    assert (answers.count("taken"), answers.count("household_has_post")) == (1, DESKS - 1)
    with scoped(SCOPE):
        budget.refresh_from_db()
        assert budget.posts_taken == 1
    connections.close_all()
