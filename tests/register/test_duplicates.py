"""Two records of one person: found by what they say alike, merged by an officer, taken apart again."""

from datetime import date, timedelta

import pytest

from fourdoors.accounts.models import Deed, Officer
from fourdoors.accounts.rules import Duty
from fourdoors.console.demo.filling import Counts, fill_county, fill_employers
from fourdoors.console.demo.province import draw_county
from fourdoors.console.demo.typos import register_twice
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.identity import invented_identity, invented_phone
from fourdoors.kernel.terms import Sex
from fourdoors.register.models import DuplicatePair, Worker
from fourdoors.register.rules import PairState
from fourdoors.register.selectors import numbers_of, pairs_visible_to, worker_file, workers_visible_to
from fourdoors.register.services import (
    PairDecidedError,
    WorkerMergedError,
    find_duplicates,
    merge_pair,
    reopen_pair,
    tell_apart,
)
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import DANGCHANG, GANSU, LI_COUNTY, make_officer
from tests.makers.register import SPRING, make_wish, make_worker

pytestmark = pytest.mark.django_db
LATER = SPRING + timedelta(days=1)


@pytest.fixture(autouse=True)
def _see_gansu(db: None) -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def twice(**other: object) -> tuple[Worker, Worker]:
    """Make two records of one woman: another identity number, and what else is given."""
    born_on = date(1990, 5, 1)
    same = {"name": "马小兰", "born_on": born_on, "phone": invented_phone(7)}
    numbers = [invented_identity(sequence=700 + n, born_on=born_on, sex=Sex.FEMALE) for n in range(2)]
    return (
        make_worker(identity=numbers[0], **same),  # type: ignore[arg-type]
        make_worker(identity=numbers[1], **{**same, **other}),  # type: ignore[arg-type]
    )


def sought(officer: Officer | None = None) -> list[DuplicatePair]:
    find_duplicates(by=officer or make_officer(), at=SPRING)
    return list(DuplicatePair.objects.order_by("pk"))


def test_recall_and_precision_hold_on_seeded_typos() -> None:
    officer = make_officer()
    county = draw_county(code=LI_COUNTY // 1_000_000, workers=3_000, first=0, seed=3)
    fill_county(county=county, employers=fill_employers(seed=1), by=officer, seed=3, counts=Counts())
    set_scope(Scope(territory=range_of(LI_COUNTY)))
    register_twice(county=county, share=0.1, seed=3, at=SPRING)

    find_duplicates(by=officer, at=SPRING)

    found = set(DuplicatePair.objects.values_list("first", "second"))
    copies = Worker.objects.filter(source__startswith="demonstration:").values_list("source", "pk")
    planted = {(int(source.partition(":")[2]), number) for source, number in copies}
    assert len(planted) > 100
    assert len(found & planted) / len(planted) >= 0.95
    assert len(found & planted) / len(found) >= 0.98


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({}, {"name": "same", "birth": "same", "place": "same", "phone": "same"}),
        ({"name": "马晓兰"}, {"name": "sound"}),
        ({"name": "马小英"}, {"name": "near"}),
        ({"name": "马兰"}, {"name": "near"}),
        ({"village": LI_COUNTY + 101_200}, {"place": "county"}),
        ({"phone": ""}, {"phone": "unknown"}),
    ],
)
def test_a_pair_says_what_agrees(other: dict[str, object], says: dict[str, str]) -> None:
    twice(**other)
    for n in range(60):  # others, so that a name and a village mean something
        make_worker(
            name=f"{'王李张刘陈'[n % 5]}{'强伟平军勇'[n // 5 % 5]}", born_on=date(1970, 1, 1 + n % 28)
        )

    pairs = [pair for pair in sought() if pair.first.name == "马小兰"]

    assert [{key: pair.says[key] for key in says} for pair in pairs] == [says]


def test_two_people_who_share_a_phone_and_a_village_are_no_pair() -> None:
    make_worker(name="马小兰", phone=invented_phone(7))
    make_worker(name="赵强", sex=Sex.MALE, born_on=date(1988, 2, 3), phone=invented_phone(7))

    assert sought() == []


def test_only_who_sees_both_records_sees_the_pair() -> None:
    twice(village=DANGCHANG + 100_201)
    province = make_officer(username="gan", duty=Duty.PROVINCE, division=GANSU)
    county = make_officer()

    sought(province)

    assert pairs_visible_to(province).count() == 1
    assert pairs_visible_to(county).count() == 0
    set_scope(Scope(territory=range_of(LI_COUNTY)))
    assert not DuplicatePair.objects.exists()


def test_a_merged_record_leaves_the_lists_and_its_facts_stand_with_the_one_that_is_kept() -> None:
    kept, other = twice()
    make_wish(worker=other)
    officer = make_officer()
    (pair,) = sought(officer)

    merge_pair(pair=pair, keep=kept.pk, at=LATER, by=officer)

    assert [worker.pk for worker in workers_visible_to(officer=officer)] == [kept.pk]
    assert worker_file(kept).wish is not None
    number = invented_identity(sequence=701, born_on=date(1990, 5, 1), sex=Sex.FEMALE)
    assert numbers_of([number]) == {number: kept.pk}
    assert Deed.objects.get(action="register.pair_merged").values["kept"] == kept.pk


def test_a_merge_is_undone_whole() -> None:
    kept, other = twice()
    officer = make_officer()
    (pair,) = sought(officer)
    merge_pair(pair=pair, keep=kept.pk, at=LATER, by=officer)

    reopen_pair(pair=pair, at=LATER, by=officer)

    assert {worker.pk for worker in workers_visible_to(officer=officer)} == {kept.pk, other.pk}
    pair.refresh_from_db()
    assert (pair.state, pair.kept) == (PairState.OPEN, None)
    assert Deed.objects.filter(action__startswith="register.pair_").count() == 2


def test_two_people_stay_two_and_are_not_proposed_again() -> None:
    twice()
    officer = make_officer()
    (pair,) = sought(officer)

    tell_apart(pair=pair, at=LATER, by=officer)

    assert find_duplicates(by=officer, at=LATER) == 0
    assert [pair.state for pair in pairs_visible_to(officer)] == [PairState.DIFFERENT]
    with pytest.raises(PairDecidedError):
        merge_pair(pair=pair, keep=pair.first_id, at=LATER, by=officer)
    assert not Worker.objects.exclude(merged_into=None).exists()


def test_a_record_is_merged_once_only() -> None:
    first, second = twice()
    third = make_worker(
        name="马小兰", born_on=date(1990, 5, 1), phone=invented_phone(7),
        identity=invented_identity(sequence=702, born_on=date(1990, 5, 1), sex=Sex.FEMALE),
    )  # fmt: skip
    officer = make_officer()
    pairs = {(pair.first_id, pair.second_id): pair for pair in sought(officer)}
    merge_pair(pair=pairs[first.pk, second.pk], keep=first.pk, at=LATER, by=officer)

    with pytest.raises(WorkerMergedError):
        merge_pair(pair=pairs[second.pk, third.pk], keep=third.pk, at=LATER, by=officer)
    with pytest.raises(WorkerMergedError):
        merge_pair(pair=pairs[first.pk, third.pk], keep=third.pk, at=LATER, by=officer)
    merge_pair(pair=pairs[first.pk, third.pk], keep=first.pk, at=LATER, by=officer)
    assert [worker.pk for worker in workers_visible_to(officer=officer)] == [first.pk]


def test_an_officer_seeks_no_farther_than_the_own_territory_and_the_trail_says_how_far() -> None:
    twice(village=DANGCHANG + 100_201)
    officer = make_officer()

    assert find_duplicates(by=officer, at=SPRING, within=range_of(GANSU)) == 0
    said = Deed.objects.get(action="register.duplicates_sought").values
    own = range_of(LI_COUNTY)
    assert (said["lo"], said["hi"], said["found"]) == (own.lo, own.hi, 0)


def test_what_was_found_is_counted_in_the_trail() -> None:
    twice()
    sought()
    assert Deed.objects.get(action="register.duplicates_sought").values["found"] == 1


def test_a_decision_stands_until_it_is_taken_back_and_says_who_and_when() -> None:
    kept, _ = twice()
    officer, wang = make_officer(), make_officer(username="wang")
    (pair,) = sought(officer)
    with pytest.raises(PairDecidedError):
        reopen_pair(pair=pair, at=LATER, by=officer)

    merge_pair(pair=pair, keep=kept.pk, at=LATER, by=wang)
    with pytest.raises(PairDecidedError):
        tell_apart(pair=pair, at=LATER, by=officer)
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by, pair.decided_at) == (PairState.MERGED, wang, LATER)
    assert Worker.objects.filter(merged_into=kept).count() == 1
