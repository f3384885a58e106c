"""What everybody may read: small numbers hidden, with so many others that nobody works them out."""

from decimal import Decimal

import pytest

from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.statistics.selectors import published, published_numbers
from fourdoors.statistics.services.publishing import hidden_people
from fourdoors.store.scope import NOTHING, Scope, set_scope
from tests.makers.accounts import DANGCHANG, LI_COUNTY, LONGNAN
from tests.makers.statistics import make_ledger, make_release

TIANSHUI, QINZHOU = 620500_000000, 620502_000000
PERSONS, POOR = "transferred_persons", "transferred_registered_poor"


def hidden(people: dict[str, dict[int, int]]) -> set[tuple[str, int]]:
    return {(name, code) for name, code, kind in hidden_people(people) if kind == ""}


def test_nothing_is_hidden_where_everybody_is_ten_or_more() -> None:
    assert hidden({PERSONS: {LI_COUNTY: 10, DANGCHANG: 12}}) == set()


def test_a_small_county_takes_a_neighbour_with_it() -> None:
    people = {PERSONS: {LI_COUNTY: 9, DANGCHANG: 12, 621225_000000: 40, QINZHOU: 50}}
    assert hidden(people) == {(PERSONS, LI_COUNTY), (PERSONS, DANGCHANG)}


def test_the_only_county_of_a_prefecture_hides_the_prefecture_too() -> None:
    found = hidden({PERSONS: {QINZHOU: 3, LI_COUNTY: 30, DANGCHANG: 31}})
    assert {(PERSONS, QINZHOU), (PERSONS, TIANSHUI), (PERSONS, LONGNAN)} <= found


def test_few_who_are_not_poor_are_told_by_two_numbers_that_are_large() -> None:
    people = {PERSONS: {LI_COUNTY: 50, DANGCHANG: 60}, POOR: {LI_COUNTY: 47, DANGCHANG: 20}}
    assert (POOR, LI_COUNTY) in hidden(people)
    assert (PERSONS, LI_COUNTY) not in hidden(people)


def test_people_known_no_finer_than_their_prefecture_are_a_part_of_it() -> None:
    people = {PERSONS: {LONGNAN: 4, LI_COUNTY: 30, DANGCHANG: 50}}
    assert hidden(people) == {(PERSONS, LI_COUNTY)}  # else the four could be worked out


@pytest.mark.django_db
class TestPublished:
    @pytest.fixture(autouse=True)
    def _release(self) -> None:
        set_scope(Scope(territory=range_of(GANSU)))
        make_ledger(li=30, danchang=40, tianshui=3)
        make_release()
        set_scope(NOTHING)

    def test_it_is_read_without_any_scope(self) -> None:
        figures = published()
        assert figures is not None
        assert figures.value(PERSONS, GANSU) == 73
        assert published_numbers() == ["2020-10"]
        assert published("2019-12") is None

    def test_pay_is_hidden_with_the_people_who_earned_it(self) -> None:
        figures = published()
        assert figures is not None
        for name in (PERSONS, "labour_income", "income_per_person", "organised_share"):
            assert figures.is_hidden(name, QINZHOU)
            assert figures.value(name, QINZHOU) is None
        assert not figures.is_hidden("stations_open", GANSU)

    def test_no_prefecture_gives_the_hidden_one_away(self) -> None:
        figures = published()
        assert figures is not None
        assert figures.value(PERSONS, TIANSHUI) is None
        assert figures.value(PERSONS, LONGNAN) is None  # 73 less this one would tell it
        assert figures.value(PERSONS, LI_COUNTY) is None or figures.value(PERSONS, DANGCHANG) is None

    def test_what_is_not_there_is_nothing_and_not_hidden(self) -> None:
        figures = published()
        assert figures is not None
        assert figures.value(PERSONS, 620100_000000) == 0
        assert figures.value("organised_share", 620100_000000) is None
        assert not figures.is_hidden("organised_share", 620100_000000)

    def test_the_evidence_is_given_for_the_province_in_hundredths(self) -> None:
        figures = published()
        assert figures is not None
        assert set(figures.mixes["labour_income"]) <= set("ABCD")
        assert sum(map(Decimal, map(str, figures.mixes[PERSONS].values()))) == 1
