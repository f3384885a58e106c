"""Start the product's own command in a home of its own; watch what its whole family of processes holds."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO

_SAMPLE_SECONDS = 0.2


@contextmanager
def fresh_home() -> Iterator[Path]:
    """Give a home that nobody used, and take it away, whatever happened: its database is gigabytes."""
    home = Path(tempfile.mkdtemp(prefix="fd-bench-"))
    home.chmod(0o755)  # root's PostgreSQL runs under another account and must pass through
    try:
        yield home
    finally:
        for _ in range(20):  # a server that was killed may still write
            shutil.rmtree(home, ignore_errors=True)
            if not home.exists():
                break
            time.sleep(0.5)


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Command:
    """``fourdoors ...`` as a child: its output line by line, its family's memory where asked for, its end.

    Reading the memory walks the page tables of every process five times a second, a third of a processor:
    not beside a page that is timed.
    """

    def __init__(self, *words: str, home: Path, watched: bool = True) -> None:
        self.words = words
        self.lines: list[str] = []  # standard output
        self.steps: list[tuple[float, int]] = []  # seconds and peak bytes at each line of progress
        self.peak_bytes = 0
        self._peak_of_step = 0
        self._begun = time.perf_counter()
        environment = {**os.environ, "FOURDOORS_HOME": str(home), "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8"}
        environment.pop("DATABASE_URL", None)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fourdoors.conf.main", *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment,
            start_new_session=True,
        )  # fmt: skip
        assert self._process.stdout  # noqa: S101 (asked for)
        assert self._process.stderr  # noqa: S101
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._read, args=[self._process.stdout]),
            threading.Thread(target=self._read_progress, args=[self._process.stderr]),
            *([threading.Thread(target=self._watch)] if watched else []),
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> "Command":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def seconds(self) -> float:
        """Return the seconds since it was started."""
        return time.perf_counter() - self._begun

    @property
    def is_running(self) -> bool:
        """Tell whether it has not ended."""
        return self._process.poll() is None

    def pause(self, seconds: float) -> None:
        """Wait for its end, but no longer than this."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def workers(self) -> list[int]:
        """Return the numbers of its own children."""
        pid = self._process.pid
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        return [int(number) for children in tasks for number in children.read_text().split()]

    def wait(self) -> int:
        """Wait for its end and return its exit code."""
        code = self._process.wait()
        self._finish()
        return code

    def kill(self) -> None:
        """Kill it as it stands."""
        self._process.kill()
        self.wait()

    def stop(self) -> None:
        """Press Ctrl-C, and wait until it has put everything away."""
        if self.is_running:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(60)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._finish()

    def _finish(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self.lines.append(line.rstrip("\n"))

    def _read_progress(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                sys.stderr.write(line)
                if line.startswith("✓"):
                    self._sample()
                    self.steps.append((self.seconds, self._peak_of_step))
                    self._peak_of_step = 0

    def _watch(self) -> None:
        while not self._over.wait(_SAMPLE_SECONDS):
            self._sample()

    def _sample(self) -> None:
        held = bytes_of_family(self._process.pid)
        self.peak_bytes = max(self.peak_bytes, held)
        self._peak_of_step = max(self._peak_of_step, held)


def bytes_of_family(pid: int) -> int:
    """Return the bytes that a process and all below it hold, a page shared by several counted once (PSS)."""
    children = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue  # it has ended meanwhile
        children[parent].append(int(path.parent.name))
    family, total = [pid], 0
    while family:
        one = family.pop()
        family += children[one]
        total += _bytes_of(one)
    return total


def _bytes_of(pid: int) -> int:
    try:
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return 1024 * int(found[1]) if found else 0
