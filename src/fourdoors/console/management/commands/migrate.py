"""``fourdoors migrate``: Django's own, so that it may be killed at any moment and begun again."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

from django.core.management.commands import migrate
from django.db import DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

from fourdoors.console.words import say

_LOCK = 0x46440002


def _(text: str) -> str:
    return text


WAITS = _("Another migration of this database is still at work; this one waits for it.")


class WholeExecutor(MigrationExecutor):
    """Makes a migration and the word that it is made one transaction.

    Django writes the word down after it has committed the tables: killed in between, it would make them a
    second time at the next start, and never get past that.
    """

    def apply_migration(self, state: Any, migration: Migration, **how: Any) -> Any:  # type: ignore[override]
        """Do one migration and write it down."""
        with self._whole(migration):
            return super().apply_migration(state, migration, **how)

    def unapply_migration(self, state: Any, migration: Migration, **how: Any) -> Any:  # type: ignore[override]
        """Undo one migration and write it down."""
        with self._whole(migration):
            return super().unapply_migration(state, migration, **how)

    def _whole(self, migration: Migration) -> Any:
        return transaction.atomic(self.connection.alias) if migration.atomic else nullcontext()


class Command(migrate.Command):
    """``fourdoors migrate``."""

    help = "Bring the tables to this version; killed in the middle, it goes on the next time."

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, one at a time in a database."""
        migrate.MigrationExecutor = WholeExecutor  # type: ignore[attr-defined]  # the command looks it up there
        with self._alone(connections[options["database"]]):
            super().handle(*args, **options)

    @contextmanager
    def _alone(self, connection: BaseDatabaseWrapper) -> Iterator[None]:
        """Keep other migrations out, also what a killed one left running: it plans by what it finds done."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            if cursor.fetchone() != (True,):
                self.stderr.write(say(WAITS))
                cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
