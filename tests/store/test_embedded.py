"""The embedded server: life, death and recovery, on a home of its own."""

import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from fourdoors.store import embedded
from fourdoors.store.cluster import ADMIN, APP, OWNER
from fourdoors.store.embedded import Server
from fourdoors.store.home import has_visitors, is_postgres, ready_postmaster, supervisor_of
from fourdoors.store.refusals import HomeBusyError, HomeTwiceError
from tests.store.waiting import until

_VISIT = """
import sys
from pathlib import Path
from fourdoors.store.embedded import Server
server = Server(Path(sys.argv[1]))
print(server.start(), flush=True)
sys.stdin.readline()
server.stop()
"""
_WRITE = """
import sys, time, psycopg
from pathlib import Path
number = 0
connection = None
while True:
    try:
        connection = connection or psycopg.connect(host=sys.argv[1], user="fourdoors_app", dbname="fourdoors")
        connection.execute("INSERT INTO told VALUES (%s)", [number])
        connection.commit()
    except psycopg.Error:
        connection = None
        number += 1  # this one was not acknowledged: it may be there or not
        time.sleep(0.01)
        continue
    print(number, flush=True)
    number += 1
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that root's unprivileged child can reach: pytest's own are closed to it."""
    with tempfile.TemporaryDirectory(prefix="fd-home-") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "postgres"


def python(code: str, *arguments: object, **how: int) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], text=True, **how)  # type: ignore[call-overload, no-any-return]


def supervisor(home: Path) -> subprocess.Popen[bytes]:
    """Start what ``fourdoors db start`` leaves behind."""
    code = (
        "import sys; from pathlib import Path; from fourdoors.store.embedded import Server, supervise;"
        "supervise(Server(Path(sys.argv[1]), label='keeper'), when_ready=lambda: None)"
    )
    return subprocess.Popen([sys.executable, "-c", code, str(home)])


def is_up(home: Path) -> Callable[[], bool]:
    return lambda: ready_postmaster(home / "data") is not None


def gone(pid: int) -> Callable[[], bool]:
    return lambda: not is_postgres(pid)


def numbers(server: Server) -> set[int]:
    with psycopg.connect(host=server.socket_folder, user=OWNER, dbname="fourdoors") as owner:
        return {number for (number,) in owner.execute("SELECT number FROM told").fetchall()}


def test_every_acknowledged_row_is_there_after_the_postmaster_was_killed(home: Path) -> None:
    with Server(home).running() as server:  # with fsync, as in production
        server.bootstrap()
        with psycopg.connect(host=server.socket_folder, user=OWNER, dbname="fourdoors") as owner:
            owner.execute("CREATE TABLE told (number int PRIMARY KEY)")
        writer = python(_WRITE, server.socket_folder, stdout=subprocess.PIPE)
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(200)]
        killed = ready_postmaster(server.data)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        before = told[-1]
        while told[-1] < before + 200:  # the writer goes on by itself
            told.append(int(writer.stdout.readline()))
        writer.kill()
        told += map(int, writer.communicate()[0].split())

        assert set(told) <= numbers(server)
        assert ready_postmaster(server.data) not in {killed, None}


def test_a_server_that_a_full_disk_ended_comes_back_when_there_is_room(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_RESTARTS", 1)  # whatever else is wrong is given up at once
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Server(home, for_tests=True).running() as server:
        server.bootstrap()
        killed = ready_postmaster(server.data)
        assert killed is not None
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, before[1]))  # of the next one: it inherits ours
        try:
            os.kill(killed, signal.SIGKILL)
            until(lambda: (home / "log").read_text(errors="replace").count("File too large") > 1, 60)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        until(lambda: ready_postmaster(server.data) not in (killed, None), 60)
        assert server.failed is None
        with psycopg.connect(host=server.socket_folder, user=OWNER, dbname="fourdoors") as owner:
            owner.execute("CREATE TABLE told (number int)")


def test_a_second_start_keeps_the_data_and_the_rights_as_migrations_left_them(home: Path) -> None:
    with Server(home, for_tests=True).running() as server:
        server.bootstrap()
        with psycopg.connect(host=server.socket_folder, user=OWNER, dbname="fourdoors") as owner:
            owner.execute("CREATE TABLE told (number int); INSERT INTO told VALUES (7)")
            owner.execute(f"REVOKE UPDATE, DELETE ON told FROM {APP}")  # append only, as the deed log
    with Server(home, for_tests=True).running() as server:
        server.bootstrap()
        assert numbers(server) == {7}
        with psycopg.connect(host=server.socket_folder, user=APP, dbname="fourdoors") as app:
            app.execute("INSERT INTO told VALUES (8)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("DELETE FROM told")


def test_nothing_listens_on_a_port_and_only_we_sign_in(home: Path) -> None:
    with Server(home, for_tests=True).running() as server:
        server.bootstrap()
        assert Path(server.socket_folder).stat().st_mode & 0o777 == 0o700
        with psycopg.connect(host=server.socket_folder, user=ADMIN, dbname="fourdoors") as admin:
            shown = admin.execute(
                "SELECT current_setting('listen_addresses'), current_setting('data_checksums'),"
                " (SELECT string_agg(distinct auth_method, ',') FROM pg_hba_file_rules),"
                " (SELECT datcollate || datlocale FROM pg_database WHERE datname = 'fourdoors')"
            ).fetchone()
            assert shown == ("", "on", "peer", "CC.UTF-8")
            roles = admin.execute(
                "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
                " WHERE rolname LIKE 'fourdoors%' ORDER BY rolname"
            ).fetchall()
            assert roles == [
                (ADMIN, True, True, True, True),
                (APP, False, False, False, False),
                (OWNER, False, False, False, True),
            ]
        with pytest.raises(psycopg.OperationalError, match="Peer authentication"):
            psycopg.connect(host=server.socket_folder, user="somebody", dbname="fourdoors")


def test_no_folder_above_the_home_is_changed(home: Path) -> None:
    above = [(folder, folder.stat().st_mode, folder.stat().st_uid) for folder in home.parents]
    with Server(home, for_tests=True).running():
        pass
    assert [(folder, folder.stat().st_mode, folder.stat().st_uid) for folder in home.parents] == above


def test_ctrl_c_leaves_no_process_and_no_socket(home: Path) -> None:
    process = supervisor(home)
    until(is_up(home))
    pid = ready_postmaster(home / "data")
    folder = Path((home / "socket").read_text())
    assert pid is not None
    assert supervisor_of(home) == (process.pid, "keeper")
    assert folder.is_dir()

    process.send_signal(signal.SIGINT)

    assert process.wait(20) == 0
    assert not is_postgres(pid)
    assert not folder.exists()
    assert not (home / "data" / "postmaster.pid").exists()
    assert supervisor_of(home) is None


def test_a_killed_supervisor_takes_the_server_with_it_and_the_next_start_is_clean(home: Path) -> None:
    process = supervisor(home)
    until(is_up(home))
    pid = ready_postmaster(home / "data")
    folder = Path((home / "socket").read_text())
    assert pid is not None
    process.kill()
    process.wait(10)

    with Server(home, for_tests=True).running() as server:  # at once: it waits for the old one to end
        assert not folder.exists()
        assert ready_postmaster(server.data) not in {pid, None}
    until(gone(pid))


def test_a_second_process_joins_and_the_supervisor_stops_after_it(home: Path) -> None:
    told: list[str] = []
    server = Server(home, for_tests=True, on_wait=lambda: told.append("waits"))
    server.start()
    visitor = python(_VISIT, home, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert visitor.stdout is not None
    assert visitor.stdout.readline() == "False\n"  # it supervises nothing
    assert has_visitors(home)
    server.visit_seconds = 0.2
    server.stop()
    assert told == ["waits"]
    visitor.communicate("\n", timeout=20)
    assert visitor.returncode == 0


def test_a_supervisor_without_visitors_does_not_wait(home: Path) -> None:
    told: list[str] = []
    server = Server(home, for_tests=True, on_wait=lambda: told.append("waits"))
    server.start()
    visitor = python(_VISIT, home, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    visitor.communicate("\n", timeout=20)
    assert not has_visitors(home)
    server.stop()
    assert told == []


def test_one_process_does_not_start_the_same_home_twice(home: Path) -> None:
    with Server(home, for_tests=True).running() as server:
        with pytest.raises(HomeTwiceError):
            Server(home.parent / "." / "postgres", for_tests=True).start()
        assert ready_postmaster(server.data)
    with Server(home, for_tests=True).running():
        pass  # and after its end it may again


def test_the_wait_for_a_home_that_another_process_holds_has_an_end(home: Path) -> None:
    holder = python(
        "import fcntl, os, sys; lock = open(sys.argv[1], 'w'); fcntl.flock(lock, fcntl.LOCK_EX);"
        "lock.write(str(os.getpid())); lock.flush(); print('held', flush=True); sys.stdin.readline()",
        make(home) / "lock",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    with pytest.raises(HomeBusyError) as refusal:
        Server(home, for_tests=True).start(seconds=0.3)
    assert refusal.value.values["holder"] == holder.pid
    holder.communicate("\n")


def make(home: Path) -> Path:
    home.mkdir()
    return home


def test_a_note_of_a_process_number_that_is_another_program_now_is_no_server(home: Path) -> None:
    with Server(home, for_tests=True).running() as server:
        server.bootstrap()
        status = (server.data / "postmaster.pid").read_text()
    lines = [str(os.getpid()), *status.splitlines()[1:]]
    (home / "data" / "postmaster.pid").write_text("\n".join(lines))
    assert ready_postmaster(home / "data") is None
    with Server(home, for_tests=True).running() as server:
        assert ready_postmaster(server.data)
