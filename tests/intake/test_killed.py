"""The worker or the database is killed in the middle of an import: it goes on by itself, nothing differs.

A server of its own for this file: the one of the run must live. A lock on a table holds an import where it is
about to write there, so that the moment of the kill is a real one and not a guess at the clock.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.db import connection, connections, transaction
from pytest_django.plugin import DjangoDbBlocker

from fourdoors.console import tasks
from fourdoors.intake.models import Import
from fourdoors.intake.services import ask_for_merge, receive_file, rehearse_merge, stage_rows
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.store.binaries import find_binaries
from fourdoors.store.cluster import ADMIN, APP, DATABASE, OWNER
from fourdoors.store.embedded import Server
from fourdoors.store.home import ready_postmaster
from fourdoors.store.queue import defer
from fourdoors.store.scope import Scope, scoped
from tests.conftest import point_at
from tests.makers.accounts import LI_COUNTY
from tests.makers.intake import ROSTER, roster_row, workbook
from tests.makers.register import SPRING
from tests.store.waiting import until

PEOPLE = 500
SEED = 7
SECONDS = 60  # the limit within which an import goes on, or is as if it had never begun
PLACES = {
    "stage": ("intake_stagedrow", "register_household", "register_worker", "accounts_deedchain"),
    "merge": ("register_household", "register_worker", "register_membership", "intake_stagedrow"),
}  # what each task writes, in that order; the check rehearses the merge
SEEN = """
SELECT encode(w.identity_hash, 'hex'), w.name, w.village, w.education, w.phone_tail, h.number, m.relation,
s.kind FROM register_worker w JOIN register_membership m ON m.worker_id = w.id JOIN register_household h ON
h.id = m.household_id LEFT JOIN register_householdstatus s ON s.household_id = h.id
"""
Rows = list[tuple[object, ...]]


@dataclass
class House:
    """A server and a queue of this file's own."""

    server: Server
    socket: str
    queue: subprocess.Popen[bytes]

    @property
    def postmaster(self) -> int:
        return ready_postmaster(self.server.data) or 0

    @property
    def worker(self) -> int:
        """The process that does the work: the one child of the command that keeps it."""
        children = Path(f"/proc/{self.queue.pid}/task/{self.queue.pid}/children").read_text().split()
        return int(children[0]) if children else 0


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="fd-killed-") as home:
        server, before = Server(Path(home), for_tests=True), dict(connection.settings_dict)
        with server.running():
            server.bootstrap()
            _copy_tables(str(before["HOST"]), str(before["NAME"]), server.socket_folder)
            _keep_what_is_committed(server.socket_folder)
            _forget_jobs(server.socket_folder)
            point_at(server.socket_folder, DATABASE)
            queue = _start_queue(server.socket_folder, home)
            try:
                with django_db_blocker.unblock():
                    yield House(server, server.socket_folder, queue)
                    connections.close_all()
            finally:
                queue.terminate()
                queue.wait(60)
                point_at(str(before["HOST"]), str(before["NAME"]))


def _copy_tables(host: str, name: str, socket: str) -> None:
    """Take the tables from the database of this run: quicker than to migrate."""
    binaries = find_binaries()[0] / "bin"
    dump = subprocess.run(
        [binaries / "pg_dump", "-Fc", "-h", host, "-U", OWNER, name], check=True, capture_output=True
    )
    subprocess.run(
        [binaries / "pg_restore", "-h", socket, "-U", ADMIN, "-d", DATABASE, "--clean", "--if-exists"],
        input=dump.stdout, check=True, capture_output=True,
    )  # fmt: skip


def _keep_what_is_committed(socket: str) -> None:
    """Take back what servers of tests are spared: a killed one must not forget what it promised."""
    with psycopg.connect(host=socket, user=ADMIN, dbname=DATABASE, autocommit=True) as admin:
        for role in (APP, OWNER):
            admin.execute(f"ALTER ROLE {role} SET synchronous_commit = on")


def _forget_jobs(socket: str) -> None:
    """Take away what other tests of this run left to do: the tables were copied with it."""
    with psycopg.connect(host=socket, user=ADMIN, dbname=DATABASE) as admin:
        admin.execute("DELETE FROM procrastinate_jobs")


def _start_queue(socket: str, home: str) -> subprocess.Popen[bytes]:
    app, owner = (f"postgresql://{role}@/{DATABASE}?host={socket}" for role in (APP, OWNER))
    ours = {
        "DATABASE_URL": app, "DATABASE_OWNER_URL": owner, "FOURDOORS_HOME": home,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-m", "django", "worker"], env=os.environ | ours)


def asked(house: House, sql: str, *values: object) -> Rows:
    """Ask the server as its administrator, on a connection of its own; nothing while it is away."""
    try:
        with psycopg.connect(host=house.socket, user=ADMIN, dbname=DATABASE) as admin:
            return admin.execute(sql, values).fetchall()
    except psycopg.OperationalError:
        return []


@contextmanager
def held_at(house: House, place: str) -> Iterator[Callable[[int], None]]:
    """Let nobody write to a table; the block may wait until a try of the task wants to."""
    admin = psycopg.connect(host=house.socket, user=ADMIN, dbname=DATABASE)
    waiting = "SELECT count(*) FROM pg_locks WHERE relation = %s::regclass AND NOT granted"

    def reached(tries: int) -> None:
        until(
            lambda: (
                asked(house, waiting, place) == [(1,)]
                and [job[1:] for job in _jobs(house)] == [("doing", tries)]
            ),
            SECONDS,
            say=lambda: (place, _jobs(house)),
        )

    try:
        admin.execute(f"LOCK TABLE {place} IN SHARE MODE")
        yield reached
    finally:
        admin.close()


def kill(house: House, victim: str) -> None:
    os.kill(house.worker if victim == "worker" else house.postmaster, signal.SIGKILL)


def _jobs(house: House) -> Rows:
    ours = "SELECT task_name, status, attempts FROM procrastinate_jobs WHERE task_name ~ '^intake'"
    return asked(house, ours)


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
    until(lambda: state_of(house, batch) == "checked", SECONDS, say=lambda: _jobs(house))

    with held_at(house, draw.choice(PLACES["merge"])) as reached:
        with scoped(Scope(territory=range_of(GANSU))):
            ask_for_merge(import_id=batch.pk, at=SPRING)
            defer("intake.merge", **asks, form=ROSTER, officer_id=None)
        reached(0)
        kill(house, "worker")
    with held_at(house, draw.choice(PLACES["merge"])) as reached:
        reached(1)
        kill(house, "database")
    until(lambda: state_of(house, batch) == "merged", SECONDS, say=lambda: _jobs(house))

    assert sorted(asked(house, SEEN), key=str) == expected
    outcomes = "SELECT outcome, count(*) FROM intake_stagedrow WHERE batch_id = %s GROUP BY 1 ORDER BY 1"
    assert asked(house, outcomes, batch.pk) == [("faulty", 1), ("new", PEOPLE - 1)]
    deeds = "SELECT action FROM accounts_deed WHERE object_id = %s AND action ~ '^intake' ORDER BY id"
    assert [action for (action,) in asked(house, deeds, batch.pk)] == [
        "intake.received", "intake.checked", "intake.merge_asked", "intake.merged",
    ]  # fmt: skip
    until(lambda: _jobs(house) == [], say=lambda: _jobs(house))
