"""Keys change: every sealed column of the house is sealed anew with the current key, block by block.

A sealed column is a ``BinaryField`` whose name ends in ``_cipher``; nothing has to be registered. The owner's
connection is used: a row that a policy hides must not keep a key that is about to go.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from django.apps import apps
from django.db import connections, models, transaction

from fourdoors.store.refusals import SealBrokenError
from fourdoors.store.vault import Kind, Vault, vault

_BLOCK_ROWS = 5_000


@dataclass(frozen=True)
class SealedColumn:
    """One column of sealed fields."""

    table: str
    column: str


def sealed_columns() -> list[SealedColumn]:
    """Return every sealed column of every room."""
    return [
        SealedColumn(model._meta.db_table, field.name)
        for model in apps.get_models()
        if model.__module__.startswith("fourdoors.") and not hasattr(model, "pgh_tracked_model")
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField) and field.name.endswith("_cipher")
    ]


def reseal_blocks(where: SealedColumn) -> Iterator[int]:
    """Seal a column anew and yield how many fields of each block were changed; each block commits alone.

    Broken off, it goes on where it was: a field that has the current key is passed over.
    """
    last = 0
    while True:
        with transaction.atomic(using="owner"):
            block = _block(where, last)
            if not block:
                return
            last = block[-1][0]
            yield _reseal(where, block)


def fields_of_other_keys() -> int:
    """Return how many fields are sealed with another key than the current one."""
    total = 0
    for where in sealed_columns():
        with connections["owner"].cursor() as cursor:
            table, column = _names(where)
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE substring({column} FROM 1 FOR 4) <> %s",
                [bytes.fromhex(vault().ring.current)],
            )
            total += cursor.fetchone()[0]
    return total


def _names(where: SealedColumn) -> tuple[str, str]:
    quote = connections["owner"].ops.quote_name
    return quote(where.table), quote(where.column)


def _block(where: SealedColumn, after: int) -> list[tuple[int, bytes]]:
    table, column = _names(where)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            f"SELECT id, {column} FROM {table} WHERE id > %s AND {column} IS NOT NULL"
            " ORDER BY id LIMIT %s FOR UPDATE",
            [after, _BLOCK_ROWS],
        )
        return [(number, bytes(data)) for number, data in cursor.fetchall()]


def _reseal(where: SealedColumn, block: list[tuple[int, bytes]]) -> int:
    seals = vault()
    table, column = _names(where)
    changed = [(number, new) for number, data in block if (new := _resealed(seals, data))]
    with connections["owner"].cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET {column} = %s WHERE id = %s", [(new, number) for number, new in changed]
        )
    return len(changed)


def _resealed(seals: Vault, data: bytes) -> bytes | None:
    """Return the field sealed anew, whatever its kind: the kind is bound to it, only its own opens it."""
    for kind in get_args(Kind):
        try:
            return seals.reseal(kind, data)
        except SealBrokenError:
            continue
    raise SealBrokenError(kind="?")
