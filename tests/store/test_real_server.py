"""A server of somebody else: DATABASE_URL, with passwords and role names of its own, one login or two."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from fourdoors.store.cluster import ADMIN
from fourdoors.store.embedded import Server

_SMOKE = """
import django; django.setup()
from django.db import connections
for alias in ("default", "owner"):
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT session_user, current_user, row_security_active('register_worker'),"
                       " (SELECT count(*) > 0 FROM accounts_division)")
        print(alias, *cursor.fetchone())
"""


@dataclass
class RealServer:
    """Its socket folder; logins are the roles of ``_ROLES``, with their name as password."""

    home: Path
    socket: str

    def url(self, login: str, *, password: str | None = None) -> str:
        return f"postgresql://{login}:{password or login}@/gansu?host={self.socket}"

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command as an operator does, with nothing else in the environment about the database."""
        ours = {name: value for name, value in os.environ.items() if name not in {"FOURDOORS_SOCKET", "LANG"}}
        return subprocess.run(
            [sys.executable, *command],
            env=ours
            | {"DJANGO_SETTINGS_MODULE": "fourdoors.conf.settings", "LC_ALL": "C.UTF-8"}
            | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def fourdoors(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "fourdoors.conf.main", *command, **environment)


_ROLES = """
CREATE ROLE fourdoors_app NOLOGIN;
CREATE ROLE gansu_owner LOGIN PASSWORD 'gansu_owner';
CREATE ROLE gansu_web LOGIN PASSWORD 'gansu_web';
CREATE ROLE gansu_dba LOGIN SUPERUSER PASSWORD 'gansu_dba';
CREATE ROLE gansu_guest LOGIN PASSWORD 'gansu_guest';
GRANT fourdoors_app TO gansu_owner, gansu_web;
CREATE DATABASE gansu OWNER gansu_owner;
"""


@pytest.fixture(scope="module")
def real() -> Iterator[RealServer]:
    """Start a server as a database administrator would: own roles, passwords, none of our bootstrap."""
    home = Path(tempfile.mkdtemp(prefix="fd-real-"))
    home.chmod(0o711)
    with Server(home / "postgres", for_tests=True).running() as server:
        socket = server.socket_folder
        with psycopg.connect(host=socket, user=ADMIN, dbname="postgres", autocommit=True) as admin:
            for statement in _ROLES.strip().split("\n"):
                admin.execute(statement)
            rules = server.data / "pg_hba.conf"
            rules.write_text(f"local all {ADMIN} peer map=own\nlocal all all scram-sha-256\n")
            admin.execute("SELECT pg_reload_conf()")
        Path(socket).chmod(0o711)
        yield RealServer(home, socket)
    shutil.rmtree(home)


@pytest.fixture(scope="module")
def migrated(real: RealServer) -> RealServer:
    """Migrate with one login, which is all that a small office has."""
    done = real.fourdoors("migrate", "--database", "owner", "-v0", DATABASE_URL=real.url("gansu_owner"))
    assert (done.returncode, done.stderr) == (0, "")
    return real


def test_one_login_owns_the_tables_and_steps_down_for_everything_else(migrated: RealServer) -> None:
    said = migrated.run("-c", _SMOKE, DATABASE_URL=migrated.url("gansu_owner"))
    assert said.stdout.splitlines() == [
        "default gansu_owner fourdoors_app True True",
        "owner gansu_owner gansu_owner False True",
    ]


def test_two_logins_keep_the_owners_password_out_of_the_application(migrated: RealServer) -> None:
    both = {
        "DATABASE_URL": migrated.url("gansu_web"),
        "DATABASE_OWNER_URL": migrated.url("gansu_owner"),
    }
    said = migrated.run("-c", _SMOKE, **both)
    assert said.stdout.splitlines() == [
        "default gansu_web gansu_web True True",
        "owner gansu_owner gansu_owner False True",
    ]


def test_status_tells_of_it_and_start_and_stop_are_not_ours(migrated: RealServer) -> None:
    url = migrated.url("gansu_owner")
    shown = migrated.fourdoors("db", "status", DATABASE_URL=url)
    assert shown.returncode == 0
    assert "gansu_owner, fourdoors_app" in shown.stdout
    refused = migrated.fourdoors("db", "stop", DATABASE_URL=url)
    assert refused.returncode == 2
    assert "kept by DATABASE_URL" in refused.stderr


def test_a_backup_of_one_server_is_restored_into_another_under_other_names(
    migrated: RealServer, tmp_path: Path
) -> None:
    url = migrated.url("gansu_owner")
    file = str(tmp_path / "of gansu.dump")
    written = migrated.fourdoors("db", "backup", file, DATABASE_URL=url)
    assert written.returncode == 0, written.stderr
    ours = str(migrated.home / "ours")  # an embedded one
    restored = migrated.fourdoors("db", "restore", file, FOURDOORS_HOME=ours)
    assert restored.returncode == 0, restored.stderr
    assert "every table counted and right" in restored.stdout


@pytest.mark.parametrize(
    ("login", "password", "says"),
    [
        ("gansu_owner", "wrong", "does not let us in"),
        ("nobody_here", "x", "does not let us in"),
        ("gansu_guest", "gansu_guest", 'GRANT fourdoors_app TO "gansu_guest"'),  # no member of the role
    ],
)
def test_a_login_that_does_not_fit_is_refused_with_what_to_do(
    real: RealServer, login: str, password: str, says: str
) -> None:
    refused = real.fourdoors("check", DATABASE_URL=real.url(login, password=password))
    assert refused.returncode == 2
    assert says in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("login", ["gansu_dba", "gansu_owner"])
def test_an_application_that_would_see_past_the_policies_is_refused(real: RealServer, login: str) -> None:
    refused = real.fourdoors(
        "check", DATABASE_URL=real.url(login), DATABASE_OWNER_URL=real.url("gansu_owner")
    )
    assert refused.returncode == 2
    assert "sees past the row-level policies" in refused.stderr


def test_a_server_that_does_not_answer_is_refused(real: RealServer) -> None:
    refused = real.fourdoors("check", DATABASE_URL="postgresql://x@/gansu?host=/no/such/folder")
    assert refused.returncode == 2
    assert "/no/such/folder" in refused.stderr
