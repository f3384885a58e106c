"""Kill the worker or the database under a job of the queue, and see how long nothing goes on."""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.processes import Command

GOES_ON_SECONDS = 60
GIVE_UP_SECONDS = 900


def victims(number: int) -> str:
    """Return whom the kill of this number hits: every fourth the database."""
    return "database" if number % 4 == 1 else "worker"


def owner_of(home: Path) -> "psycopg.Connection[Any]":
    """Connect as the owner of the tables, who sees every row."""
    socket = (home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[4]
    return psycopg.connect(host=socket, user="fourdoors_owner", dbname="fourdoors", autocommit=True)


class Killer:
    """Waits for a job, kills once when its moment has come, and says how long nothing went on."""

    def __init__(
        self, home: Path, queue: Command, asks: str, victim: str | None = None, moment: float = 0.0
    ) -> None:
        """Name what is watched.

        Args:
            home: of the server.
            queue: the command that keeps the worker.
            asks: the statement that returns the state of what is done.
            victim: "worker" or "database"; None kills nothing.
            moment: seconds of work after which it is killed.
        """
        self.home, self.queue, self.asks, self.victim, self.moment = home, queue, asks, victim, moment

    def until(self, state: str, before: float = 0.0) -> tuple[float, float]:
        """Wait for a state.

        Args:
            state: when the task is done.
            before: seconds of work that went before.

        Returns:
            Seconds since the task was begun; seconds between the kill, if it fell here, and the next try.
        """
        end, begun, killed_at, waited, tries = time.monotonic() + GIVE_UP_SECONDS, 0.0, 0.0, 0.0, 0
        while (now := time.monotonic()) < end:
            attempts, is_done = self._look(state)
            begun = begun or (now if attempts is not None else 0.0)
            if killed_at and not waited and (is_done or (attempts is not None and attempts > tries)):
                waited = now - killed_at
            if is_done:
                return now - (begun or now), waited
            if self.victim and attempts is not None and now - begun >= self.moment - before:
                tries, killed_at = attempts, now
                self._kill()
            time.sleep(0.05)
        sys.exit(f"it did not become {state}: nothing went on")

    def _look(self, state: str) -> tuple[int | None, bool]:
        """Return the attempts of the task while it is being done, and whether it is done."""
        try:
            with owner_of(self.home) as owner:
                found = owner.execute(self.asks).fetchone()
                doing = owner.execute(
                    "SELECT attempts FROM procrastinate_jobs WHERE task_name ~ '^intake' AND status = 'doing'"
                ).fetchone()
        except (psycopg.OperationalError, OSError, IndexError):
            return None, False
        return doing[0] if doing else None, bool(found and found[0] == state)

    def _kill(self) -> None:
        if self.victim == "database":
            pid = int((self.home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        else:
            pid = self.queue.workers()[0]
        self.victim = None
        os.kill(pid, signal.SIGKILL)
