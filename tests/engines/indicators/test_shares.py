"""Rounded shares add up."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourdoors.engines.indicators.shares import rounded_shares


@given(counts=st.lists(st.integers(0, 10**9), min_size=1, max_size=30), places=st.integers(0, 4))
def test_shares_add_up_and_none_is_off_by_a_unit(counts: list[int], places: int) -> None:
    shares = rounded_shares(counts, places=places)
    units = 10 ** (2 + places)

    assert sum(shares) == (units if any(counts) else 0)
    for share, count in zip(shares, counts, strict=True):
        assert not any(counts) or abs(share - Fraction(count * units, sum(counts))) < 1


def test_equal_remainders_go_to_the_earlier() -> None:
    assert rounded_shares([1, 1, 1], places=0) == (34, 33, 33)
    assert rounded_shares([2, 1], places=0) == (67, 33)
    assert rounded_shares([]) == ()
    assert rounded_shares([0, 0]) == (0, 0)


def test_the_shares_of_the_report() -> None:
    poor, all_people = 1_899_000, 5_260_000
    assert rounded_shares([poor, all_people - poor]) == (361, 639)


@pytest.mark.parametrize(("counts", "places"), [([-1, 2], 1), ([1], -1), ([1], 7)])
def test_what_is_no_count_is_refused(counts: list[int], places: int) -> None:
    with pytest.raises(ValueError, match=r"counts|places"):
        rounded_shares(counts, places=places)
