"""Many rows at once, as the application's role, under a policy."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from fourdoors.store.copying import copy_rows, copy_upsert, reserve_ids

LI = 621226_000000
COLUMNS = ("village", "number", "words", "sealed")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_li_county(notes: str) -> None:
    look_at(LI, LI + 1_000_000)


def look_at(lo: int, hi: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('store.lo', %s, true), set_config('store.hi', %s, true)", [str(lo), str(hi)]
        )


def stored(*names: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM store_note ORDER BY number")
        return list(cursor.fetchall())


def row(number: int, words: str = "x") -> tuple[int, int, str, None]:
    return (LI + number, number, words, None)


def test_rows_are_copied_with_their_values_and_counted() -> None:
    rows = [(LI, 1, "张伟\t\\N\n'", b"\x00\xff"), (LI, None, "", None)]
    assert copy_rows(table="store_note", columns=COLUMNS, rows=rows) == 2
    assert [(LI, n, w, None if s is None else bytes(s)) for _, n, w, s in stored(*COLUMNS)] == rows


def test_columns_not_named_take_the_default_of_the_database() -> None:
    assert copy_rows(table="store_note", columns=["village"], rows=[(LI,), (LI,)]) == 2
    assert [words for (words,) in stored("words")] == ["none", "none"]
    assert len(set(stored("id"))) == 2


def test_a_second_copy_in_the_same_transaction_works() -> None:
    for number in range(3):
        assert copy_rows(table="store_note", columns=COLUMNS, rows=[row(number)]) == 1
    assert copy_rows(table="store_note", columns=COLUMNS, rows=[]) == 0
    assert stored("number") == [(0,), (1,), (2,)]


def test_one_row_out_of_scope_refuses_them_all() -> None:
    rows = [row(1), (620102_000000, 2, "x", None)]
    with pytest.raises(ProgrammingError, match="row-level security"):
        copy_rows(table="store_note", columns=COLUMNS, rows=rows)
    assert stored("number") == []


def test_a_constraint_refuses_them_all_and_the_transaction_goes_on() -> None:
    with pytest.raises(IntegrityError):
        copy_rows(table="store_note", columns=COLUMNS, rows=[row(1), row(1)])
    assert copy_rows(table="store_note", columns=COLUMNS, rows=[row(2)]) == 1
    assert stored("number") == [(2,)]


def test_a_source_that_fails_half_way_leaves_nothing() -> None:
    def failing() -> Iterator[tuple[int, int, str, None]]:
        yield row(1)
        raise KeyError

    with pytest.raises(KeyError):
        copy_rows(table="store_note", columns=COLUMNS, rows=failing())
    assert stored("number") == []


def test_copying_straight_into_the_table_is_refused_by_postgres() -> None:
    refused = pytest.raises(psycopg.errors.FeatureNotSupported, match="row-level")
    copy = "COPY store_note (village) FROM STDIN"
    with refused, transaction.atomic(), connection.cursor() as cursor, cursor.copy(copy) as into:
        into.write_row((LI,))


def test_an_upsert_writes_what_is_new_or_changed_and_leaves_the_rest_alone() -> None:
    copy_rows(table="store_note", columns=COLUMNS, rows=[row(1, "one"), row(2, "two")])
    rows = [row(1, "one"), row(2, "TWO"), row(3, "three")]
    assert copy_upsert(table="store_note", columns=COLUMNS, rows=rows, key=["number"]) == 2
    assert stored("words", "written") == [("one", 0), ("TWO", 1), ("three", 0)]


def test_an_upsert_changes_only_the_columns_it_may() -> None:
    copy_rows(table="store_note", columns=COLUMNS, rows=[row(1, "one")])
    rows = [(LI + 7, 1, "ONE", b"s")]
    assert copy_upsert(table="store_note", columns=COLUMNS, rows=rows, key=["number"], update=["sealed"]) == 1
    assert stored("village", "words") == [(LI + 1, "one")]
    assert copy_upsert(table="store_note", columns=COLUMNS, rows=rows, key=["number"], update=[]) == 0


def test_an_upsert_never_reaches_a_row_out_of_scope() -> None:
    copy_rows(table="store_note", columns=COLUMNS, rows=[row(1, "one")])
    look_at(620102_000000, 620103_000000)
    with pytest.raises(ProgrammingError, match="row-level security"):
        copy_upsert(
            table="store_note",
            columns=COLUMNS,
            rows=[(620102_000000, 1, "stolen", None)],
            key=["number"],
        )
    look_at(LI, LI + 1_000_000)
    assert stored("words") == [("one",)]


def test_two_rows_with_one_key_are_refused() -> None:
    with pytest.raises(ProgrammingError, match="second time"):
        copy_upsert(table="store_note", columns=COLUMNS, rows=[row(1), row(1)], key=["number"])
    assert stored("number") == []


def test_reserved_numbers_are_taken_from_the_sequence() -> None:
    ids = reserve_ids(table="store_note", count=3)
    assert len(set(ids)) == 3
    copy_rows(table="store_note", columns=["id", "village"], rows=[(number, LI) for number in ids])
    copy_rows(table="store_note", columns=["village"], rows=[(LI,)])
    assert len(stored("id")) == 4
