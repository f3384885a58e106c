"""Indexes that stand aside for a load come back as they were."""

import pytest
from django.db import connections

from fourdoors.store.bulk import bare_tables, database_bytes, tidy_tables


def shape() -> set[tuple[str, str]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
            " UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        )
        return set(cursor.fetchall())


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_indexes_and_keys_stand_aside_and_come_back_as_they_were() -> None:
    before = shape()

    with bare_tables("register", "employment") as again:
        gone = {name for name, _ in before - shape()}

    assert shape() == before
    assert {"worker_village", "household_number", "spells_never_overlap"} <= gone
    assert not any(name.startswith("accounts_") for name in gone)
    assert len(again) == len(gone)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_tables_are_tidied_and_measured() -> None:
    tidy_tables()

    assert database_bytes() > 1_000_000
