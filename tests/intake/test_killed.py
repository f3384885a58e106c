"""The worker or the database is killed in the middle of an import: it goes on by itself, nothing differs."""

import random
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from fourdoors.console import tasks
from fourdoors.intake.models import Import
from fourdoors.intake.services import ask_for_merge, receive_file, rehearse_merge, stage_rows
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.store.queue import defer
from fourdoors.store.scope import Scope, scoped
from tests.intake.house import SECONDS, House, Rows, asked, held_at, jobs, kill, own_house
from tests.makers.accounts import LI_COUNTY
from tests.makers.intake import ROSTER, roster_row, workbook
from tests.makers.register import SPRING
from tests.store.waiting import until

PEOPLE = 500
SEED = 7
PLACES = {
    "stage": ("intake_stagedrow", "register_household", "register_worker", "accounts_deedchain"),
    "merge": ("register_household", "register_worker", "register_membership", "intake_stagedrow"),
}  # what each task writes, in that order; the check rehearses the merge
SEEN = """
SELECT encode(w.identity_hash, 'hex'), w.name, w.village, w.education, w.phone_tail, h.number, m.relation,
s.kind FROM register_worker w JOIN register_membership m ON m.worker_id = w.id JOIN register_household h ON
h.id = m.household_id LEFT JOIN register_householdstatus s ON s.household_id = h.id
"""


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with own_house(django_db_blocker) as made:
        yield made


def state_of(house: House, batch: Import) -> str:
    found = asked(house, "SELECT state FROM intake_import WHERE id = %s", batch.pk)
    return str(found[0][0]) if found else ""


def received(first: int) -> Import:
    rows = [roster_row(number) for number in range(first, first + PEOPLE)]
    data = workbook([*rows[:-1], {**rows[-1], "name": ""}])  # one of them is wrong
    return receive_file(form=ROSTER, division=LI_COUNTY, data=data, name="花名册.xlsx", at=SPRING)


def uninterrupted(first: int) -> Rows:
    """Return what the register holds after the same import that nobody kills; nothing of it stays."""
    with scoped(Scope(territory=range_of(GANSU))):
        batch = received(first)
        stage_rows(import_id=batch.pk, at=SPRING)
        rehearse_merge(import_id=batch.pk, merge=tasks.MERGES[ROSTER], at=SPRING)
        ask_for_merge(import_id=batch.pk, at=SPRING)
        tasks.MERGES[ROSTER](import_id=batch.pk, at=SPRING, by=None)
        with connection.cursor() as cursor:
            cursor.execute(SEEN)
            seen = sorted(cursor.fetchall(), key=str)
        transaction.set_rollback(True)
    return seen


def test_an_import_whose_worker_and_database_are_killed_ends_as_if_nobody_had(house: House) -> None:
    draw = random.Random(SEED)  # noqa: S311 (no secret)
    expected = uninterrupted(SEED)
    with scoped(Scope(territory=range_of(GANSU))):
        batch = received(SEED)
    asks = {"division": batch.division, "at": SPRING.isoformat(), "import_id": batch.pk}

    with held_at(house, draw.choice(PLACES["stage"])) as reached:
        defer("intake.stage", **asks)
        reached(0)
        kill(house, "worker")
    until(lambda: state_of(house, batch) == "checked", SECONDS, say=lambda: jobs(house))

    with held_at(house, draw.choice(PLACES["merge"])) as reached:
        with scoped(Scope(territory=range_of(GANSU))):
            ask_for_merge(import_id=batch.pk, at=SPRING)
            defer("intake.merge", **asks, form=ROSTER, officer_id=None)
        reached(0)
        kill(house, "worker")
    with held_at(house, draw.choice(PLACES["merge"])) as reached:
        reached(1)
        kill(house, "database")
    until(lambda: state_of(house, batch) == "merged", SECONDS, say=lambda: jobs(house))

    assert sorted(asked(house, SEEN), key=str) == expected
    outcomes = "SELECT outcome, count(*) FROM intake_stagedrow WHERE batch_id = %s GROUP BY 1 ORDER BY 1"
    assert asked(house, outcomes, batch.pk) == [("faulty", 1), ("new", PEOPLE - 1)]
    deeds = "SELECT action FROM accounts_deed WHERE object_id = %s AND action ~ '^intake' ORDER BY id"
    assert [action for (action,) in asked(house, deeds, batch.pk)] == [
        "intake.received", "intake.checked", "intake.merge_asked", "intake.merged",
    ]  # fmt: skip
    until(lambda: jobs(house) == [], say=lambda: jobs(house))
