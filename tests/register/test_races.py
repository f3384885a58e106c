"""Two officers on the same pairs at the same moment: one decision counts, the other is refused in words."""

from datetime import date

import pytest

from fourdoors.accounts.models import Deed
from fourdoors.accounts.selectors import breaks_in_the_trail
from fourdoors.register.models import DuplicatePair, Worker
from fourdoors.register.rules import PairState
from fourdoors.register.services import (
    bring_workers,
    find_duplicates,
    merge_pair,
    reopen_pair,
    tell_apart,
)
from fourdoors.store.scope import scoped
from tests.at_once import EVERYWHERE, at_once
from tests.makers.accounts import LI_COUNTY, make_officer
from tests.makers.intake import roster_row
from tests.makers.register import SPRING, make_worker

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5  # each with threads that start anew: any order may come


def three_of_one() -> list[DuplicatePair]:
    """Return the pairs (1, 2), (1, 3), (2, 3) of three records of one woman."""
    with scoped(EVERYWHERE):
        for _ in range(3):
            make_worker(name="马小兰", born_on=date(1990, 5, 1), phone="13900000007")
        find_duplicates(by=make_officer(), at=SPRING)
        return list(DuplicatePair.objects.order_by("first", "second"))


def merged() -> dict[int, int]:
    with scoped(EVERYWHERE):
        rows = Worker.objects.exclude(merged_into=None).values_list("pk", "merged_into")
        return {record: kept for record, kept in rows if kept}


def deeds() -> int:
    with scoped(EVERYWHERE):
        assert list(breaks_in_the_trail()) == []
        return Deed.objects.filter(action__in=["register.pair_merged", "register.pair_different"]).count()


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_one_pair_merged_at_two_desks_is_merged_once(_round: int) -> None:
    pair, *_ = three_of_one()
    li, wang = make_officer(username="li"), make_officer(username="wang")

    said = at_once(
        lambda: merge_pair(pair=pair, keep=pair.first_id, at=SPRING, by=li),
        lambda: merge_pair(pair=pair, keep=pair.second_id, at=SPRING, by=wang),
    )

    assert said == ["done", "pair_decided"]
    assert merged() in ({pair.first_id: pair.second_id}, {pair.second_id: pair.first_id})
    assert deeds() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_pair_is_merged_or_told_apart_and_never_both(_round: int) -> None:
    pair, *_ = three_of_one()
    officer = make_officer()

    said = at_once(
        lambda: merge_pair(pair=pair, keep=pair.first_id, at=SPRING, by=officer),
        lambda: tell_apart(pair=pair, at=SPRING, by=officer),
    )

    assert said == ["done", "pair_decided"]
    with scoped(EVERYWHERE):
        pair.refresh_from_db()
    assert bool(merged()) is (pair.state == PairState.MERGED)
    assert deeds() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_pairs_that_share_a_record_make_no_chain(_round: int) -> None:
    """Second into first, and first into third: whoever comes later finds the other merge."""
    one_two, one_three, _ = three_of_one()
    officer = make_officer()

    said = at_once(
        lambda: merge_pair(pair=one_two, keep=one_two.first_id, at=SPRING, by=officer),
        lambda: merge_pair(pair=one_three, keep=one_three.second_id, at=SPRING, by=officer),
    )

    assert said == ["done", "worker_merged"]
    assert len(merged()) == deeds() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_merge_that_is_undone_while_another_is_made_leaves_no_record_without_its_person(
    _round: int,
) -> None:
    one_two, one_three, _ = three_of_one()
    officer = make_officer()
    with scoped(EVERYWHERE):
        merge_pair(pair=one_two, keep=one_two.first_id, at=SPRING, by=officer)

    said = at_once(
        lambda: reopen_pair(pair=one_two, at=SPRING, by=officer),
        lambda: merge_pair(pair=one_three, keep=one_three.second_id, at=SPRING, by=officer),
    )

    assert said in (["done", "done"], ["done", "worker_merged"])
    assert merged() == ({one_three.first_id: one_three.second_id} if "worker_merged" not in said else {})


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_one_request_that_a_program_sends_twice_at_one_moment_is_written_once(_round: int) -> None:
    li, rows = make_officer(), [roster_row(number) for number in range(3, 9)]
    known = []

    def send() -> None:
        brought = bring_workers(division=LI_COUNTY, rows=rows, request_key="one", at=SPRING, by=li)
        known.append(brought.is_known)

    assert at_once(send, send) == ["done", "done"]
    assert sorted(known) == [False, True]
    with scoped(EVERYWHERE):
        assert Worker.objects.count() == 6
        assert Deed.objects.filter(action="intake.delivered").count() == 1
        assert list(breaks_in_the_trail()) == []
