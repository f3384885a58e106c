"""A database of its own for the whole way: fresh numbers in every table, taken away afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from fourdoors.console.way.journey import Journey
from fourdoors.console.way.steps import walk
from fourdoors.store.cluster import ADMIN, OWNER
from tests.conftest import TEMPLATE, point_at

WORKERS, SEED = 2_000, 2020


class Walked(NamedTuple):
    """A way that was gone: what it reported, what it handed on, and the database it is in."""

    report: dict[str, Any]
    journey: Journey
    database: str


@contextmanager
def walked_in(name: str, papers: Path) -> Iterator[Walked]:
    """Go the way in a copy of the migrated template; afterwards look at the worker's own database again."""
    before, socket = str(connections["default"].settings_dict["NAME"]), os.environ["FOURDOORS_SOCKET"]
    with psycopg.connect(host=socket, user=ADMIN, dbname="postgres", autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(4)")  # one copies the template at a time
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER {OWNER}")
        admin.execute("SELECT pg_advisory_unlock(4)")
        point_at(socket, name)
        try:
            journey = Journey(workers=WORKERS, seed=SEED, papers=papers)
            yield Walked(walk(journey), journey, name)
        finally:
            point_at(socket, before)
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def walked(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walked]:
    """The whole way with 2,000 workers, gone once for all tests of a file."""
    name = f"{connections['default'].settings_dict['NAME']}_way"
    with django_db_blocker.unblock(), walked_in(name, tmp_path_factory.mktemp("papers")) as found:
        yield found


@pytest.fixture(scope="module")
def hash_of_another_run(
    walked: Walked, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The hash of the release when the same way is gone once more, in another database."""
    name = f"{walked.database}_again"
    with django_db_blocker.unblock(), walked_in(name, tmp_path_factory.mktemp("again")) as found:
        return str(found.report["release_hash"])
