"""A server and a queue of a test's own, whose processes it may kill: those of the run must live."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.db import connection, connections
from pytest_django.plugin import DjangoDbBlocker

from fourdoors.store.binaries import find_binaries
from fourdoors.store.cluster import ADMIN, APP, DATABASE, OWNER
from fourdoors.store.embedded import Server
from fourdoors.store.home import ready_postmaster
from tests.conftest import point_at
from tests.store.waiting import until

SECONDS = 60  # the limit within which work goes on, or is as if it had never begun
Rows = list[tuple[object, ...]]


@dataclass
class House:
    """A server and a queue of this file's own."""

    server: Server
    socket: str
    home: Path
    queue: subprocess.Popen[bytes]
    environment: dict[str, str]  # of a process that works with it

    @property
    def postmaster(self) -> int:
        return ready_postmaster(self.server.data) or 0

    @property
    def worker(self) -> int:
        """The process that does the work: the one child of the command that keeps it."""
        children = Path(f"/proc/{self.queue.pid}/task/{self.queue.pid}/children").read_text().split()
        return int(children[0]) if children else 0


@contextmanager
def own_house(blocker: DjangoDbBlocker) -> Iterator[House]:
    """Start a server with the tables of this run and a queue; both aliases are turned to it meanwhile."""
    with tempfile.TemporaryDirectory(prefix="fd-killed-") as home:
        server, before = Server(Path(home), for_tests=True), dict(connection.settings_dict)
        with server.running():
            server.bootstrap()
            _copy_tables(str(before["HOST"]), str(before["NAME"]), server.socket_folder)
            _keep_what_is_committed(server.socket_folder)
            _forget_jobs(server.socket_folder)
            point_at(server.socket_folder, DATABASE)
            environment = _environment(server.socket_folder, home)
            queue = subprocess.Popen([sys.executable, "-m", "django", "worker"], env=environment)
            try:
                with blocker.unblock():
                    yield House(server, server.socket_folder, Path(home), queue, environment)
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


def _environment(socket: str, home: str) -> dict[str, str]:
    app, owner = (f"postgresql://{role}@/{DATABASE}?host={socket}" for role in (APP, OWNER))
    return os.environ | {
        "DATABASE_URL": app, "DATABASE_OWNER_URL": owner, "FOURDOORS_HOME": home,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }  # fmt: skip


def asked(house: House, sql: str, *values: object) -> Rows:
    """Ask the server as its administrator, on a connection of its own; nothing while it is away."""
    try:
        with psycopg.connect(host=house.socket, user=ADMIN, dbname=DATABASE) as admin:
            return admin.execute(sql, values).fetchall()
    except psycopg.OperationalError:
        return []


@contextmanager
def held_at(house: House, place: str, mode: str = "SHARE") -> Iterator[Callable[[int], None]]:
    """Let nobody write to a table (or read it: another mode); the block may wait until a try wants to.

    So the moment of a kill is a real one, and not a guess at the clock.
    """
    admin = psycopg.connect(host=house.socket, user=ADMIN, dbname=DATABASE)
    waiting = "SELECT count(*) FROM pg_locks WHERE relation = %s::regclass AND NOT granted"

    def reached(tries: int) -> None:
        until(
            lambda: (
                asked(house, waiting, place) == [(1,)]
                and ("doing", tries) in [job[1:] for job in jobs(house)]
            ),
            SECONDS,
            say=lambda: (place, jobs(house)),
        )

    try:
        admin.execute(f"LOCK TABLE {place} IN {mode} MODE")
        yield reached
    finally:
        admin.close()


def kill(house: House, victim: str) -> None:
    os.kill(house.worker if victim == "worker" else house.postmaster, signal.SIGKILL)


def jobs(house: House) -> Rows:
    ours = "SELECT task_name, status, attempts FROM procrastinate_jobs WHERE task_name ~ '^intake'"
    return asked(house, ours)
