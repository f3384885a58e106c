"""Identity numbers and telephones: read, refused, masked, invented."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourdoors.kernel.identity import (
    IdentityBirthDayError,
    IdentityBrokenError,
    IdentityCheckCharacterError,
    IdentityDivisionError,
    IdentityFormError,
    IdentityOldFormError,
    eighteen_digits_of,
    invented_identity,
    invented_phone,
    is_identity_number,
    is_invented,
    is_invented_phone,
    is_mobile_phone,
    masked_identity,
    masked_name,
    masked_phone,
    normalised_identity,
    normalised_phone,
    read_identity,
)
from fourdoors.kernel.terms import Sex

GOOD = "11010519491231002X"  # the example of GB 11643 itself


def with_check_character(body: str) -> str:
    return next(body + sign for sign in "0123456789X" if is_identity_number(body + sign))


def test_the_example_of_the_standard_is_read() -> None:
    identity = read_identity(GOOD)

    assert (identity.number, identity.born_on, identity.sex) == (GOOD, date(1949, 12, 31), Sex.FEMALE)


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        '="11010519491231002X"',
        "'" + GOOD,
    ],
)
def test_what_cadres_type_is_the_same_number(typed: str) -> None:
    assert normalised_identity(typed) == GOOD
    assert read_identity(typed).number == GOOD


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", IdentityFormError),
        ("1101051949123100X2", IdentityFormError),  # X only at the end
        ("1101051949123100", IdentityFormError),  # sixteen
        ("11010519491231002X1", IdentityFormError),  # nineteen
        ("010105194912310020", IdentityFormError),  # no province begins with 0
        ("无", IdentityFormError),
        ("6.21226E+17", IdentityBrokenError),
        ("6.21226199005010E17", IdentityBrokenError),
        ("621226199005010000", IdentityBrokenError),  # the last three digits gone
        ("621226199005010000.0", IdentityBrokenError),
        ("110105491231002", IdentityOldFormError),
        ("66010519491231002X", IdentityDivisionError),
        ("980105194912310023", IdentityDivisionError),
        ("110105194902290021", IdentityBirthDayError),  # 1949 was a common year
        ("110105194913310021", IdentityBirthDayError),
        ("110105194912310021", IdentityCheckCharacterError),
        ("110105194912310012", IdentityCheckCharacterError),  # two neighbours changed places
    ],
)
def test_each_fault_has_its_own_refusal(text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read_identity(text)


def test_three_noughts_that_fit_are_a_number_like_any_other() -> None:
    number = next(
        n
        for n in (f"62122619900501{order:03d}0" for order in range(100, 1000, 100))
        if n.endswith("000") and is_identity_number(n)
    )

    assert read_identity(number).sex is Sex.FEMALE


def test_a_day_of_birth_may_be_today_but_not_tomorrow() -> None:
    number = invented_identity(sequence=1, born_on=date(2020, 3, 2), sex=Sex.MALE)

    assert read_identity(number, on=date(2020, 3, 2)).born_on == date(2020, 3, 2)
    assert read_identity(number).born_on == date(2020, 3, 2)
    with pytest.raises(IdentityBirthDayError):
        read_identity(number, on=date(2020, 3, 1))


def test_a_refusal_never_carries_the_whole_number() -> None:
    with pytest.raises(IdentityCheckCharacterError) as refusal:
        read_identity("110105194912310021")

    assert refusal.value.values == {"number": "11*************021"}


def test_the_old_number_continues_in_the_new_one() -> None:
    assert eighteen_digits_of("110105491231002") == GOOD
    assert eighteen_digits_of(GOOD) is None


@given(
    st.integers(0, 4_999_999),
    st.dates(date(1900, 1, 1), date(2020, 12, 31)),
    st.sampled_from(list(Sex)),
)
def test_an_invented_number_reads_back_as_it_was_meant(sequence: int, born_on: date, sex: Sex) -> None:
    number = invented_identity(sequence=sequence, born_on=born_on, sex=sex)

    identity = read_identity(number)
    assert (identity.born_on, identity.sex) == (born_on, sex)
    assert is_invented(number)
    assert number == invented_identity(sequence=sequence, born_on=born_on, sex=sex)


def test_invented_numbers_of_one_day_differ_over_the_whole_range() -> None:
    born_on = date(1990, 5, 1)
    numbers = {invented_identity(sequence=n, born_on=born_on, sex=sex) for n in range(2_000) for sex in Sex}
    assert len(numbers) == 4_000
    for outside in (-1, 5_000_000):
        with pytest.raises(ValueError, match="sequence"):
            invented_identity(sequence=outside, born_on=born_on, sex=Sex.MALE)


def test_no_real_number_looks_invented() -> None:
    assert not is_invented(GOOD)
    assert not is_invented(with_check_character("62122619900501001"))


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(place: int, change: int) -> None:
    wrong = GOOD[:place] + str((int(GOOD[place]) + change) % 10) + GOOD[place + 1 :]
    assert not is_identity_number(wrong)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("138 9390 1234", "13893901234"),
        ("138-9390-1234", "13893901234"),
        ("+86 13893901234", "13893901234"),
        ("008613893901234", "13893901234"),
        ("13893901234.0", "13893901234"),
        ("１３８９３９０１２３４", "13893901234"),
        ("0939-4421234", "09394421234"),  # a landline stays what it is
        ("", ""),
    ],
)
def test_telephones_are_read_as_people_type_them(typed: str, number: str) -> None:
    assert normalised_phone(typed) == number


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("13000000000", True),
        ("19999999999", True),
        ("12999999999", False),
        ("1389390123", False),
        ("138939012345", False),
        ("09394421234", False),
        ("10000000000", True),  # invented: as good as real for every form, and never dialled
        ("10100000000", False),
    ],
)
def test_a_mobile_number_has_eleven_digits_from_13_to_19(text: str, fits: bool) -> None:  # noqa: FBT001
    assert is_mobile_phone(text) is fits


def test_an_invented_telephone_is_known_as_such() -> None:
    assert is_invented_phone(invented_phone(99_999_999))
    assert is_mobile_phone(invented_phone(99_999_999))
    assert not is_invented_phone("13893901234")
    assert not is_invented_phone("10086")
    with pytest.raises(ValueError, match="sequence"):
        invented_phone(100_000_000)


def test_masks_are_those_of_a_public_notice() -> None:
    assert masked_phone("13893901234") == "138****1234"
    assert masked_identity(GOOD) == "11*************02X"
    assert len(masked_identity(GOOD)) == 18
    assert masked_identity("12345") == "*****"  # too short to show anything of
    assert masked_phone("") == ""


@pytest.mark.parametrize(
    ("name", "masked"),
    [("马小兰", "马*兰"), ("马兰", "马*"), ("欧阳小兰", "欧**兰"), ("马", "马"), ("", "")],
)
def test_a_masked_name_keeps_its_ends(name: str, masked: str) -> None:
    assert masked_name(name) == masked
