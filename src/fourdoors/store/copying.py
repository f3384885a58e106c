"""Many rows at once: COPY into a temporary table, then one INSERT that the policies see row by row.

PostgreSQL refuses ``COPY`` into a table with a row-level policy to everybody but its owner, and we are
never the owner. The detour keeps both the speed and the wall.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction

_STAGE = "fourdoors_stage"


def copy_rows(
    *, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], using: str = "default"
) -> int:
    """Insert rows, all of them or none, and return how many.

    Rows are read one at a time: a generator of any length needs no memory. Columns that are not named
    take their default in the database (an identity column counts on; Django's Python defaults do not apply).

    Args:
        table: name of the table, as in ``Model._meta.db_table``.
        columns: names of the columns, in the order of the values of each row.
        rows: values as psycopg takes them (None, int, str, date, bytes, list, ``Jsonb``).
        using: the alias to write through; the application's role, unless a migration loads.

    Raises:
        ProgrammingError: a row lies outside the scope that is set (row-level security).
        IntegrityError: a constraint of the table.
    """
    with _staged(table, columns, rows, using) as cursor:
        names = _names(columns, using)
        cursor.execute(f"INSERT INTO {_name(table, using)} ({names}) SELECT {names} FROM {_STAGE}")
        return int(cursor.rowcount)


def copy_upsert(
    *,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    key: Sequence[str],
    update: Sequence[str] | None = None,
    using: str = "default",
) -> int:
    """Insert rows, or change those that are there; return how many were written.

    A row whose values are there already is left alone: it counts for nothing and leaves no trace in
    the history.

    Args:
        table: name of the table.
        columns: names of the columns, in the order of the values of each row.
        rows: values; no two rows may have the same key.
        key: columns of a unique constraint that says which rows are the same.
        update: columns to change where the row exists; default all but the key, ``[]`` changes nothing.
        using: the alias to write through.

    Raises:
        ProgrammingError: a row, or the row it would change, lies outside the scope that is set; or two
            rows have the same key.
        IntegrityError: a constraint of the table.
    """
    changing = [name for name in columns if name not in key] if update is None else update
    with _staged(table, columns, rows, using) as cursor:
        names = _names(columns, using)
        cursor.execute(
            f"INSERT INTO {_name(table, using)} AS there ({names}) SELECT {names} FROM {_STAGE}"
            f" ON CONFLICT ({_names(key, using)}) DO {_change(changing, using)}"
        )
        return int(cursor.rowcount)


def reserve_ids(*, table: str, count: int, column: str = "id", using: str = "default") -> list[int]:
    """Take ``count`` numbers from a table's sequence, so that children can name rows not yet copied."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [_name(table, using), column, count],
        )
        return [number for (number,) in cursor.fetchall()]


@contextmanager
def _staged(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], using: str) -> Iterator[Any]:
    """Fill the temporary table with the types of the real one; a failure takes everything back."""
    names = _names(columns, using)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE {_STAGE} ON COMMIT DROP AS"
            f" SELECT {names} FROM {_name(table, using)} WITH NO DATA"
        )
        with cursor.copy(f"COPY {_STAGE} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        yield cursor
        cursor.execute(f"DROP TABLE {_STAGE}")


def _change(columns: Sequence[str], using: str) -> str:
    if not columns:
        return "NOTHING"
    names = [_name(column, using) for column in columns]
    settings = ", ".join(f"{name} = excluded.{name}" for name in names)
    before, after = (", ".join(f"{side}.{name}" for name in names) for side in ("there", "excluded"))
    return f"UPDATE SET {settings} WHERE ({before}) IS DISTINCT FROM ({after})"


def _names(columns: Sequence[str], using: str) -> str:
    return ", ".join(_name(column, using) for column in columns)


def _name(name: str, using: str) -> str:
    return connections[using].ops.quote_name(name)
