"""Whoever owns the database can change the trail; nobody can do it unseen."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connections
from django.db.backends.utils import CursorWrapper

from fourdoors.accounts.selectors import breaks_in_the_trail
from fourdoors.accounts.services import record_deed
from tests.makers.accounts import make_officer

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
NOON = datetime(2020, 3, 2, 4, tzinfo=UTC)


@pytest.fixture
def owner() -> Iterator[CursorWrapper]:
    """Ten deeds in one chain, and the hand of somebody who owns the tables."""
    officer = make_officer()
    for number in range(10):
        record_deed(officer=officer, action="test.done", at=NOON, county=621226, object_id=number, n=number)
    assert list(breaks_in_the_trail()) == []
    with connections["owner"].cursor() as cursor:
        yield cursor


@pytest.mark.parametrize("number", [1, 5, 10])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE accounts_deed SET action = 'other' WHERE number = %s",
        "UPDATE accounts_deed SET officer_id = NULL WHERE number = %s",
        "UPDATE accounts_deed SET object_id = 999 WHERE number = %s",
        "UPDATE accounts_deed SET at = at + interval '1 second' WHERE number = %s",
        "UPDATE accounts_deed SET values = '{\"n\": 99}' WHERE number = %s",
        "UPDATE accounts_deed SET action = 'x', hash = repeat('0', 64) WHERE number = %s",
        "DELETE FROM accounts_deed WHERE number = %s",
        "UPDATE accounts_deed SET number = number + 100 WHERE number = %s",
    ],
)
def test_a_change_anywhere_is_found(owner: CursorWrapper, change: str, number: int) -> None:
    owner.execute(change, [number])
    assert list(breaks_in_the_trail())


def test_a_deed_slipped_in_is_found(owner: CursorWrapper) -> None:
    owner.execute(
        "INSERT INTO accounts_deed (chain, number, at, action, values, previous_hash, hash)"
        " SELECT chain, 11, at, 'forged', '{}', hash, repeat('1', 64) FROM accounts_deed WHERE number = 10"
    )
    assert [broken.fault for broken in breaks_in_the_trail()] == ["changed", "head changed"]


def test_two_deeds_that_change_places_are_found(owner: CursorWrapper) -> None:
    owner.execute(
        "UPDATE accounts_deed SET number = CASE number WHEN 3 THEN 1004 ELSE 1003 END WHERE number IN (3, 4)"
    )
    owner.execute("UPDATE accounts_deed SET number = number - 1000 WHERE number > 1000")
    assert list(breaks_in_the_trail())
