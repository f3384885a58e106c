"""Unified social credit codes: the check character and the invented ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourdoors.kernel.credit_codes import (
    invented_credit_code,
    is_credit_code,
    is_invented_credit_code,
    normalised_credit_code,
)

PUBLISHED = "91350100M000100Y43"  # the example of the standard


def test_the_example_of_the_standard_fits() -> None:
    assert is_credit_code(PUBLISHED)
    assert is_credit_code("91440300708461136T")


@pytest.mark.parametrize(
    "text",
    ["", PUBLISHED[:-1], PUBLISHED + "3", PUBLISHED.lower(), "91350100M000100Y4O", "9135O100M000100Y43"],
)
def test_other_forms_do_not(text: str) -> None:
    assert not is_credit_code(text)


@given(st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_character_is_always_found(place: int, sign: str) -> None:
    changed = PUBLISHED[:place] + sign + PUBLISHED[place + 1 :]
    assert is_credit_code(changed) is (changed == PUBLISHED)


def test_what_people_type_is_brought_into_form() -> None:
    assert normalised_credit_code(" ９1350100 m000100y43 ") == PUBLISHED


@given(st.integers(0, 10**8 - 1))
def test_an_invented_code_fits_and_says_so(sequence: int) -> None:
    code = invented_credit_code(sequence)
    assert is_credit_code(code)
    assert is_invented_credit_code(code)


def test_invented_codes_differ_and_end_somewhere() -> None:
    assert len({invented_credit_code(n) for n in range(1_000)}) == 1_000
    assert not is_invented_credit_code(PUBLISHED)
    with pytest.raises(ValueError, match="sequence"):
        invented_credit_code(10**8)


def test_the_organisation_inside_an_invented_code_has_its_own_check_character() -> None:
    # GB 11714: 70846113-6 is the published organisation code inside 91440300708461136T
    assert invented_credit_code(70_846_113)[8:17] == "708461136"
