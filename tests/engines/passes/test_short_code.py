"""Eight characters that can be typed with cold fingers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourdoors.engines.passes.errors import MistypedCodeError
from fourdoors.engines.passes.short_code import ALPHABET, read_short_code, short_code

IDS = st.binary(min_size=8, max_size=8)


@given(pass_id=IDS)
def test_a_code_reads_as_itself_however_it_is_typed(pass_id: bytes) -> None:
    code = short_code(pass_id)

    assert len(code) == 9
    assert set(code) <= set(ALPHABET + "-")
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert read_short_code(typed) == code
    wide = "".join(chr(ord(character) + 0xFEE0) for character in code)
    assert read_short_code(wide) == code


def test_different_passes_have_different_codes() -> None:
    codes = {short_code(number.to_bytes(8, "big")) for number in range(20_000)}
    assert len(codes) == 20_000


@given(pass_id=IDS, place=st.integers(0, 7), other=st.sampled_from(ALPHABET))
def test_one_wrong_character_is_seen(pass_id: bytes, place: int, other: str) -> None:
    plain = short_code(pass_id).replace("-", "")
    if plain[place] != other:
        with pytest.raises(MistypedCodeError):
            read_short_code(plain[:place] + other + plain[place + 1 :])


@given(pass_id=IDS, one=st.integers(0, 7), two=st.integers(0, 7))
def test_two_characters_that_changed_places_are_seen(pass_id: bytes, one: int, two: int) -> None:
    typed = list(short_code(pass_id).replace("-", ""))
    if typed[one] != typed[two]:
        typed[one], typed[two] = typed[two], typed[one]
        with pytest.raises(MistypedCodeError):
            read_short_code("".join(typed))


@pytest.mark.parametrize(
    "typed", ["", "2222222", "222222222", "2222-222O", "2222-2221", "礼县", "2" * 10_000]
)
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(MistypedCodeError) as refusal:
        read_short_code(typed)
    assert refusal.value.code == "pass_code_mistyped"
