"""The small part of CBOR: one way to write a value, and every other way refused."""

from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourdoors.engines.passes.cbor import CborError, Tagged, read_cbor

LEAVES = st.one_of(st.integers(-(2**63), 2**64 - 1), st.binary(max_size=300), st.text(max_size=80))
KEYS = st.integers(-100_000, 100_000)
VALUES = st.one_of(
    LEAVES,
    st.lists(st.one_of(LEAVES, st.lists(LEAVES, max_size=4)), max_size=16),
    st.dictionaries(st.integers(0, 23), LEAVES, max_size=16),
)


@given(value=VALUES)
def test_what_another_writer_writes_in_shortest_form_is_read(value: Any) -> None:
    assert read_cbor(cbor2.dumps(value, canonical=True)) == value


@given(data=st.binary(max_size=60))
def test_whatever_is_read_is_written_in_the_same_bytes(data: bytes) -> None:
    try:
        value = read_cbor(data)
    except CborError:
        return
    assert not isinstance(value, Tagged) or data[0] >> 5 == 6
    if not isinstance(value, Tagged) and "Tagged" not in repr(value):
        assert cbor2.dumps(value) == data


@pytest.mark.parametrize(
    "data",
    [
        "",  # nothing
        "0000",  # two values
        "1817",  # 23 in two bytes
        "190018",  # 24 in three bytes
        "1a0000ffff",
        "1b00000000ffffffff",
        "3817",
        "5803010203",  # a length that is not the shortest
        "43 0102",  # cut off
        "19 01",
        "62 c328",  # not UTF-8
        "5f 4101 ff",  # no definite length
        "9f 01 ff",
        "1c",  # reserved
        "81818101",  # four levels
        "91" + "00" * 17,  # seventeen items
        "b1" + "".join(f"{key:02x}00" for key in range(17)),
        "a2 01 00 01 00",  # a key twice
        "a2 02 00 01 00",  # out of order
        "a1 6161 00",  # a key that is no integer
        "f4",  # false
        "f6",  # null
        "f97e00",  # not a number
        "fb3ff0000000000000",  # a fraction
    ],
)
def test_anything_else_is_refused(data: str) -> None:
    with pytest.raises(CborError):
        read_cbor(bytes.fromhex(data))


def test_three_levels_and_sixteen_items_are_read() -> None:
    assert read_cbor(bytes.fromhex("818101")) == [[1]]
    assert read_cbor(bytes.fromhex("90" + "00" * 16)) == [0] * 16
    assert read_cbor(bytes.fromhex("d28101")) == Tagged(18, [1])
