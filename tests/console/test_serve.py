"""``fourdoors serve``: comes up, answers, and leaves nothing behind however it ends."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from fourdoors.console.children import stop
from fourdoors.console.statics import collect_statics
from fourdoors.store.home import is_postgres, ready_postmaster
from tests.store.waiting import until

_TESTS_OWN = {"FOURDOORS_SOCKET", "FOURDOORS_KEYS"}


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="fd-serve-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def started(home: Path, port: int, **more: str) -> subprocess.Popen[str]:
    """Start the site."""
    ours = {name: value for name, value in os.environ.items() if name not in _TESTS_OWN}
    ours |= {"FOURDOORS_HOME": str(home), "DJANGO_SETTINGS_MODULE": "fourdoors.conf.settings"}
    line = [sys.executable, "-m", "fourdoors.conf.main", "serve", "--port", str(port)]
    return subprocess.Popen(
        line, env=ours | more, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def serve(home: Path, port: int, *, ready: bool = True) -> subprocess.Popen[str]:
    """Start the site and wait for the line with its address (it answers then), or only for the first line."""
    process = started(home, port)
    assert process.stdout is not None
    assert any(("http://" if ready else "comes up") in line for line in process.stdout)
    if ready:
        assert answers(port)  # a link is clicked at once
    return process


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=10) as page:
            return bool(page.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_ctrl_c_leaves_no_process_no_socket_and_no_port(home: Path, port: int) -> None:
    process = serve(home, port)
    pid = ready_postmaster(home / "postgres" / "data")
    folder = Path((home / "postgres" / "socket").read_text())
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)
    assert process.returncode == 0
    assert pid is not None
    assert not is_postgres(pid)
    assert not folder.exists()
    assert not is_taken(port)


def test_a_site_that_cannot_come_up_prints_no_link_and_ends_with_a_fault(home: Path, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))  # nobody listens: only the site itself finds out
        process = started(home, port)
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "ended by itself" in said
    assert "http://" not in said
    assert ready_postmaster(home / "postgres" / "data") is None


def test_a_site_with_a_name_of_its_own_comes_up_without_complaint(home: Path, port: int) -> None:
    process = started(home, port, FOURDOORS_HOSTS="doors.example.org")
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)
    assert process.returncode == 0
    assert any("http://" in line for line in said)
    assert not [line for line in said if "HTTP_HOST" in line or "Traceback" in line]


def test_a_child_that_does_not_hear_is_ended_with_its_own_children() -> None:
    code = (
        "import signal, subprocess, sys\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "own = subprocess.Popen(['sleep', '300'])\n"
        "print(own.pid, flush=True); sys.stdin.readline()"
    )
    deaf = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    hears = subprocess.Popen(["/bin/sleep", "300"], start_new_session=True)
    assert deaf.stdout is not None
    own = Path(f"/proc/{int(deaf.stdout.readline())}")
    assert own.exists()
    stop([deaf, hears], seconds=0.2)
    assert (deaf.returncode, hears.returncode) == (-signal.SIGKILL, -signal.SIGTERM)
    until(lambda: not own.exists() or ") Z " in (own / "stat").read_text())
    deaf.communicate()


def test_ctrl_c_while_the_site_comes_up_leaves_nothing_behind(home: Path, port: int) -> None:
    process = serve(home, port, ready=False)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)
    assert process.returncode == 0
    assert ready_postmaster(home / "postgres" / "data") is None
    assert not is_taken(port)


def test_a_killed_parent_takes_its_children_with_it() -> None:
    code = (
        "import functools, signal, subprocess, sys; from fourdoors.store.home import end_with_parent\n"
        "tied = functools.partial(end_with_parent, signal.SIGTERM)\n"
        "child = subprocess.Popen(['sleep', '300'], start_new_session=True, preexec_fn=tied)\n"
        "print(child.pid, flush=True); sys.stdin.readline()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = Path(f"/proc/{int(parent.stdout.readline())}")
    assert child.exists()
    parent.kill()
    parent.communicate()
    until(lambda: not child.exists() or ") Z " in (child / "stat").read_text())


def test_static_files_are_collected_once_and_again_when_one_changes(
    tmp_path: Path, settings: Settings
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"

    assert collect_statics() is True
    assert (tmp_path / "collected" / "a.css").read_text() == "a"
    assert collect_statics() is False
    (source / "a.css").write_text("changed")
    later = (source / "a.css").stat().st_mtime + 10  # Django tells files apart by full seconds
    os.utime(source / "a.css", (later, later))
    assert collect_statics() is True
    assert (tmp_path / "collected" / "a.css").read_text() == "changed"
    (source / "b.css").write_text("new")
    assert collect_statics() is True
    shutil.rmtree(tmp_path / "collected")
    assert collect_statics() is True
