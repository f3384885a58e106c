"""An upgrade that is killed goes on the next time: no row differs, nothing is done twice.

Nothing is released yet: the version before is made by going back, the version after is that of the benchmark.
"""

import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from django.db.migrations.loader import MigrationLoader
from pytest_django.plugin import DjangoDbBlocker

from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.store.cluster import ADMIN, DATABASE
from fourdoors.store.scope import Scope, scoped
from fourdoors.store.upgrading import BuildIndex, FillInBatches
from tests.intake.house import SECONDS, House, Rows, asked, held_at, own_house
from tests.makers.register import make_worker
from tests.store.waiting import until

WORKERS, BATCH = 50, 10
LAST = ("placements", "subsidies", "training", "travel", "statistics")  # with migrations after their policies
KEPT = """
SELECT count(*), md5(string_agg((to_jsonb(w) - 'next_whole' - 'next_filled')::text, '|' ORDER BY id))
FROM register_worker w
"""
FILLED = "SELECT count(*) FROM register_worker w WHERE to_jsonb(w) ->> 'next_filled' = lower(name_pinyin)"
begun: list[subprocess.Popen[bytes]] = []
VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('worker_next')"


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with own_house(django_db_blocker) as made:
        with scoped(Scope(territory=range_of(GANSU))):
            for _ in range(WORKERS):
                make_worker()
        yield made


@pytest.fixture(autouse=True)
def _no_upgrade_is_left() -> Iterator[None]:
    """End what a test that failed left running: it would go on under the next one."""
    yield
    while begun:
        left = begun.pop()
        left.kill()
        left.wait(10)


def begin(house: House, *words: str) -> subprocess.Popen[bytes]:
    one = subprocess.Popen(
        [sys.executable, "-m", "django", "migrate", "--database", "owner", "--verbosity", "0", *words],
        env=house.environment
        | {"DJANGO_SETTINGS_MODULE": "benchmarks.nextversion.settings", "NEXTVERSION_BATCH": str(BATCH)},
    )
    begun.append(one)
    return one


def upgrade(house: House, *words: str) -> None:
    assert begin(house, *words).wait(SECONDS) == 0


def killed(upgrading: subprocess.Popen[bytes]) -> None:
    upgrading.kill()
    upgrading.wait(10)


def see(house: House, sql: str, *rows: object) -> None:
    until(lambda: asked(house, sql) == [*rows], SECONDS, say=lambda: asked(house, sql))


def writers_held(house: House, table: str) -> None:
    see(house, f"SELECT count(*) FROM pg_locks WHERE relation = '{table}'::regclass AND NOT granted", (1,))


def unapplied(house: House) -> list[str]:
    shown = subprocess.run(
        [sys.executable, "-m", "django", "showmigrations", "--plan", "--database", "owner"],
        env=house.environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [line for line in shown.stdout.splitlines() if line.startswith("[ ]")]


def test_an_upgrade_killed_in_each_of_its_migrations_ends_as_one_that_nobody_killed(house: House) -> None:
    before = asked(house, KEPT)
    with held_at(house, "django_migrations"):  # the tables are made, but not the word that they are
        upgrading = begin(house)
        writers_held(house, "django_migrations")
        killed(upgrading)
    see(house, "SELECT to_regclass('nextversion_note')", (None,))

    with psycopg.connect(host=house.socket, user=ADMIN, dbname=DATABASE) as admin:
        admin.execute(f"SELECT FROM register_worker ORDER BY id OFFSET {3 * BATCH + 2} LIMIT 1 FOR UPDATE")
        upgrading = begin(house)
        see(house, FILLED, (3 * BATCH,))
        see(house, "SELECT count(*) FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted", (1,))
        killed(upgrading)
    first = "SELECT xmin::text FROM register_worker ORDER BY id LIMIT 1"
    written = asked(house, first)

    with psycopg.connect(host=house.socket, user=ADMIN, dbname=DATABASE) as admin:
        admin.execute("LOCK TABLE register_household IN ROW EXCLUSIVE MODE")
        admin.execute("SELECT pg_current_xact_id()")  # an old transaction: the build waits for its end
        upgrading = begin(house)
        see(house, FILLED, (WORKERS,))
        see(house, VALID, (False,))
        killed(upgrading)
    assert asked(house, first) == written  # what was filled is not filled again
    see(house, VALID, (False,))

    upgrade(house)
    assert asked(house, KEPT) == before
    assert asked(house, FILLED) == [(WORKERS,)]
    assert asked(house, VALID) == [(True,)]
    whole = "SELECT count(*) FROM register_worker WHERE next_whole = upper(name_pinyin)"
    assert asked(house, whole) == [(WORKERS,)]
    upgrade(house, "nextversion", "zero")


def test_the_last_migrations_of_this_version_killed_on_their_way_keep_the_rows(
    house: House,
) -> None:
    before: Rows = asked(house, KEPT)
    for app in LAST:
        upgrade(house, app, "0002")
    assert len(unapplied(house)) >= len(LAST)

    with held_at(house, "django_migrations"):
        upgrading = begin(house)
        writers_held(house, "django_migrations")
        killed(upgrading)
    upgrade(house)

    assert unapplied(house) == []
    assert asked(house, KEPT) == before
    upgrade(house, "nextversion", "zero")


def test_a_second_upgrade_waits_for_the_first(house: House) -> None:
    with held_at(house, "django_migrations"):
        first = begin(house)
        writers_held(house, "django_migrations")
        second = begin(house)
        see(house, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", (1,))
    assert (first.wait(SECONDS), second.wait(SECONDS)) == (0, 0)


def test_a_migration_is_one_transaction_or_made_of_what_goes_on_by_itself() -> None:
    found = MigrationLoader(None).disk_migrations
    ours = [one for one in found.values() if one.__module__.startswith(("fourdoors.", "benchmarks."))]
    assert len(ours) > 20
    for one in ours:
        goes_on = all(isinstance(step, BuildIndex | FillInBatches) for step in one.operations)
        assert one.atomic or (goes_on and len(one.operations) == 1), one
