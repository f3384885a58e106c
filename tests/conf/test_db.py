"""``fourdoors db``: a database that stays when its terminal is closed, and everything that is done to it."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fourdoors.store.home import is_postgres, ready_postmaster, supervisor_of
from tests.store.waiting import until

_TESTS_OWN = {"FOURDOORS_SOCKET", "FOURDOORS_KEYS", "LANG"}


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One home for the whole story: these tests are read, and run, from top to bottom."""
    with tempfile.TemporaryDirectory(prefix="fd-db-") as name:
        Path(name).chmod(0o711)
        yield Path(name)
        if keeper := supervisor_of(Path(name) / "postgres"):
            os.kill(keeper.pid, signal.SIGTERM)
            until(lambda: supervisor_of(Path(name) / "postgres") is None)


def popen(home: Path, *command: str) -> subprocess.Popen[str]:
    ours = {name: value for name, value in os.environ.items() if name not in _TESTS_OWN}
    return subprocess.Popen(
        [sys.executable, "-m", "fourdoors.conf.main", *command],
        env=ours
        | {
            "FOURDOORS_HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "DJANGO_SETTINGS_MODULE": "fourdoors.conf.settings",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def db(home: Path, *command: str, asks: str = "") -> tuple[int, str, str]:
    process = popen(home, "db", *command)
    out, error = process.communicate(asks, timeout=120)
    return process.returncode, out, error


def test_the_whole_life_of_a_database(home: Path) -> None:
    """One test, for every command takes a second to come up."""
    assert db(home, "stop") == (0, "The database does not run.\n", "")
    assert db(home, "start") == (0, "The database runs, and stays until: fourdoors db stop\n", "")
    code, out, _ = db(home, "status")
    assert code == 0
    for shown in ("PostgreSQL ", "fourdoors db start", "fourdoors_owner, fourdoors_app", "/fd-"):
        assert shown in out

    making = (
        "CREATE TABLE told (n int); INSERT INTO told SELECT generate_series(1, 7); SELECT current_user;\n"
    )
    code, out, _ = db(home, "shell", "--owner", asks=making)
    assert (code, "fourdoors_owner" in out) == (0, True)
    file = home / "today.dump"
    code, out, _ = db(home, "backup", str(file))
    assert code == 0
    assert "7 rows in 1 tables" in out
    assert "keys.json" in out
    code, out, _ = db(home, "restore", str(file), "--replace")
    assert (code, "7 rows in 1 tables, every table counted and right" in out) == (0, True)

    visitor = popen(home, "db", "shell")
    assert visitor.stdin is not None
    assert visitor.stdout is not None
    visitor.stdin.write("SELECT current_user;\n")
    visitor.stdin.flush()
    while "fourdoors_app" not in visitor.stdout.readline():
        pass
    code, _, error = db(home, "stop")  # cuts nobody off unless told to
    assert (code, "db stop --now" in error) == (2, True)
    pid = ready_postmaster(home / "postgres" / "data")
    assert pid is not None
    assert db(home, "stop", "--now")[:2] == (0, "The database is stopped.\n")
    visitor.communicate(timeout=60)
    assert not is_postgres(pid)


def test_a_database_of_another_command_is_not_stopped_from_outside(home: Path) -> None:
    shell = popen(home, "db", "shell")  # brings the database up for itself
    until(lambda: ready_postmaster(home / "postgres" / "data") is not None)
    code, _, error = db(home, "stop")
    assert (code, "fourdoors db" in error) == (2, True)
    shell.communicate("", timeout=60)
    assert supervisor_of(home / "postgres") is None


def test_a_start_that_is_refused_says_why(home: Path) -> None:
    version = home / "postgres" / "data" / "PG_VERSION"
    before = version.read_text()
    version.write_text("13\n")
    code, out, error = db(home, "start")
    version.write_text(before)
    assert (code, out) == (2, "")
    assert "written by PostgreSQL 13" in error
