"""Operations for migrations that take long on a full register: killed in the middle, they go on next time.

Whatever takes seconds on five million rows belongs into an ordinary migration, which is one transaction. What
takes minutes stands alone in a migration with ``atomic = False`` and is one of these; a test holds it.
"""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations.operations.base import Operation

BATCH_ROWS = 20_000


class BuildIndex(AddIndexConcurrently):
    """Build an index while the table stays in use.

    A build that was killed leaves an index that is not valid: it is taken away and built anew. One that was
    done, but not written down as done, is kept.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Build it, unless it stands."""
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [self.index.name]
            )
            found = cursor.fetchone()
        if found == (True,):
            return
        if found:
            schema_editor.execute(f'DROP INDEX CONCURRENTLY "{self.index.name}"')
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Say it in the output of ``migrate``."""
        return f"Build index {self.index.name} on {self.model_name}, beside the work that goes on"


class FillInBatches(Operation):
    """Fill old rows in, some thousands at a time: each batch is kept, whatever happens to the next.

    Args of the statement: one placeholder, for how many rows. It finds the rows that are not filled yet by
    itself, so that it may be begun again at any row::

        FillInBatches(
            "UPDATE register_worker SET initials = left(name_pinyin, 1) WHERE id IN (SELECT id FROM"
            " register_worker WHERE initials IS NULL ORDER BY id LIMIT %s)"
        )
    """

    reduces_to_sql = False
    reversible = True

    def __init__(self, statement: str, rows: int = BATCH_ROWS) -> None:
        """Take the statement, and how many rows it fills at a time."""
        self.statement, self.rows = statement, rows

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change no model."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Fill batch by batch until nothing is left."""
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(self.statement, [self.rows])
            while cursor.rowcount:
                cursor.execute(self.statement, [self.rows])

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Leave what was filled: the column goes with the migration that made it."""

    def describe(self) -> str:
        """Say it in the output of ``migrate``."""
        return f"Fill old rows in, {self.rows:,} at a time"
