"""What the files of a home say: who supervises it, who visits it, whether its server is up.

home/
    data/       the cluster, of the account that runs PostgreSQL
    log         what PostgreSQL says
    lock        held by the supervisor, whose number it carries
    visitors    held by those who joined: the supervisor stops after the last of them
    socket      the folder of the socket, to be swept away after a crash
"""

import contextlib
import ctypes
import fcntl
import os
import shutil
import signal
from pathlib import Path
from typing import IO, NamedTuple


def end_with_parent(how: signal.Signals = signal.SIGINT) -> None:
    """Ask the kernel to signal this child when its parent dies (Linux only); for ``preexec_fn``."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, how)


def locked(file: IO[str], how: int) -> bool:
    """Try to lock an open file, without waiting."""
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def ready_postmaster(data: Path) -> int | None:
    """Return the number of the server's process where it is up: PostgreSQL writes both down itself."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None
    pid = int(lines[0]) if lines and lines[0].isdigit() else 0
    return pid if lines[7:8] == ["ready   "] and is_postgres(pid) else None


def is_postgres(pid: int) -> bool:
    """Tell whether a process lives and is PostgreSQL: numbers are given again after a crash."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    name = Path(f"/proc/{pid}/comm")
    return not name.exists() or name.read_text().startswith("postgres")


class Supervisor(NamedTuple):
    """The process that keeps a server: its number, and what it calls itself."""

    pid: int
    label: str


def supervisor_of(home: Path) -> Supervisor | None:
    """Return who supervises a home, or None."""
    try:
        with (home / "lock").open() as lock:
            if locked(lock, fcntl.LOCK_SH):
                return None
            pid, _, label = lock.read().partition(" ")
            return Supervisor(int(pid or 0), label)
    except FileNotFoundError:
        return None


def has_visitors(home: Path) -> bool:
    """Tell whether other commands work with the server of a home."""
    with (home / "visitors").open("a") as visitors:
        return not locked(visitors, fcntl.LOCK_EX)


def sweep_socket_folder(home: Path) -> None:
    """Take away the socket's folder that the home names, and never another one: the note may be damaged."""
    with contextlib.suppress(OSError):
        folder = Path((home / "socket").read_text())
        if folder.name.startswith("fd-"):
            shutil.rmtree(folder, ignore_errors=True)
        (home / "socket").unlink()
