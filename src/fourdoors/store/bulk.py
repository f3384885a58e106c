"""A whole province at once into empty tables, as the owner: indexes stand aside until the rows are there."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

_CONSTRAINTS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint
WHERE conrelid::regclass::text ~ %s AND contype IN ('f', 'x', 'u')
ORDER BY contype = 'f', conname
"""
_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index
WHERE indrelid::regclass::text ~ %s AND NOT indisprimary
"""


@contextmanager
def bare_tables(*rooms: str) -> Iterator[list[str]]:
    """Take indexes, unique, exclusion and foreign keys of some rooms' tables away, and make them again.

    A row that breaks one of them is found at the end: for invented rows only, in tables that were empty.
    Built from all rows at once they cost a quarter of what they cost row by row. Where the block raises they
    stay away: the caller empties the database (``cluster.empty_database``).

    Args:
        rooms: application labels, ``register``; every table of theirs is meant.

    Yields:
        The statements that will make them again; the block may show how many there are.
    """
    pattern = f"^({'|'.join(rooms)})_"
    with connections["owner"].cursor() as cursor:
        cursor.execute(_CONSTRAINTS, [pattern])
        constraints = cursor.fetchall()
        for table, name, _ in reversed(constraints):
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute(_INDEXES, [pattern])
        indexes = cursor.fetchall()
        for index, _ in indexes:
            cursor.execute(f"DROP INDEX {index}")
    again = [definition for _, definition in indexes] + [
        f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" for table, name, definition in constraints
    ]
    yield again
    for statement in again:
        with connections["owner"].cursor() as cursor:
            cursor.execute(statement)


def tidy_tables() -> None:
    """Count what every table holds and mark its pages as seen by all: after a load of a whole province.

    Until then the planner guesses, and no index answers alone.
    """
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"VACUUM (ANALYZE) {table}")


def database_bytes() -> int:
    """Return what the database takes on the disk, its log of changes aside."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
