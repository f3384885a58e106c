"""The database is the queue: a job lives and dies with its deed, and outlives its worker."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from fourdoors.store import queue
from tests.store.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)
_WORKER = (
    "import django; django.setup(); import tests.store.tasks;"
    "from procrastinate.contrib.django import app;"
    "app = app.with_connector(app.connector.get_worker_connector());"
    "app.run_worker(concurrency=2, update_heartbeat_interval=0.2, stalled_worker_timeout=1,"
    " fetch_job_polling_interval=0.2, delete_jobs='never')"
)


@pytest.fixture(autouse=True)
def empty_queue() -> None:
    """Empty the queue: its models are unmanaged, and Django's flush between live tests leaves their rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE"
        )


@pytest.fixture
def workers() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Take every worker away that a test started."""
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        process.kill()
        process.wait(10)


def worker() -> subprocess.Popen[bytes]:
    """Start the real worker on this test's database, as the application."""
    at = connection.settings_dict
    url = f"postgresql://{at['USER']}@/{at['NAME']}?host={at['HOST']}"
    return subprocess.Popen(
        [sys.executable, "-c", _WORKER],
        env={
            **os.environ,
            "DATABASE_URL": url,
            "DATABASE_OWNER_URL": url,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        },
    )


def jobs() -> list[tuple[str, int]]:
    """Return state and attempts of the test's own jobs."""
    own = ProcrastinateJob.objects.filter(task_name="tests.wait_for").order_by("pk")
    return list(own.values_list("status", "attempts"))


def see(*expected: tuple[str, int]) -> None:
    until(lambda: jobs() == list(expected), say=lambda: list(ProcrastinateJob.objects.values()))


def is_given_up(number: int) -> bool:
    """Tell whether another worker has noticed that this one is silent, and struck it off."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers WHERE id = %s", [number])
        return bool(cursor.fetchone() == (0,))


def working() -> int:
    """Return the number under which the one worker of this test works."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM procrastinate_workers")
        return int(cursor.fetchone()[0])


def test_a_deferred_task_is_done(workers: list[subprocess.Popen[bytes]], tmp_path: Path) -> None:
    (tmp_path / "go").touch()
    queue.defer("tests.wait_for", file=str(tmp_path / "go"))
    workers.append(worker())
    see(("succeeded", 1))


def test_a_job_exists_only_if_the_deed_does() -> None:
    with contextlib.suppress(KeyError), transaction.atomic():
        queue.defer("tests.wait_for", file="x")
        raise KeyError
    assert jobs() == []
    with transaction.atomic():
        queue.defer("tests.wait_for", file="x")
    see(("todo", 0))


def test_a_killed_workers_job_is_done_by_the_next(
    workers: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    queue.defer("tests.wait_for", file=str(tmp_path / "go"))
    workers.append(worker())
    see(("doing", 0))
    killed = working()
    workers[0].kill()
    workers[0].wait(10)
    (tmp_path / "go").touch()
    workers.append(worker())
    until(lambda: is_given_up(killed))
    with contextlib.suppress(AlreadyEnqueued):  # the minute may have turned: then it is in the queue already
        queue.defer("console.rescue", timestamp=0)
    see(("succeeded", 2))
