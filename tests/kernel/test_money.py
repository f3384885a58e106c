"""Money: read to the fen, shown to the reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourdoors.kernel.money import MoneyFormError, fen_of_yuan_text, in_millions, in_wan, yuan_text


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("3,256.5", 325_650),
        ("3256", 325_600),
        ("0.01", 1),
        (".5", 50),
        ("４，５００元", 450_000),
        ("¥ 4500.00", 450_000),
        ("￥4500", 450_000),
        ("4500元整", 450_000),
        ("4500 RMB", 450_000),
        ("1.2万", 1_200_000),
        ("0", 0),
        ("4500.000", 450_000),
    ],
)
def test_yuan_are_read_as_people_type_them(text: str, fen: int) -> None:
    assert fen_of_yuan_text(text) == fen


@pytest.mark.parametrize("text", ["", "0.001", "-5", "面议", "3-5千", "1.2.3", "1e3", "5000/月", "元"])
def test_anything_else_is_refused_with_what_was_typed(text: str) -> None:
    with pytest.raises(MoneyFormError) as refusal:
        fen_of_yuan_text(text)
    assert refusal.value.values == {"text": text}


@given(st.integers(0, 10**14))
def test_what_is_written_reads_back(fen: int) -> None:
    assert fen_of_yuan_text(yuan_text(fen)) == fen


def test_a_recovery_is_written_with_its_sign() -> None:
    assert yuan_text(-325_650) == "-3,256.50"


@pytest.mark.parametrize(
    ("n", "zh", "en"),
    [
        (0, "0", "0"),
        (9_999, "9,999", "9,999"),
        (10_000, "1万", "10,000"),
        (5_260_000, "526万", "5.26 million"),
        (1_899_000, "189.9万", "1.899 million"),
        (99_994_999, "9,999.5万", "99.995 million"),
        (99_999_950, "1亿", "100 million"),
        (100_000_000, "1亿", "100 million"),
        (35_370_000_000, "353.7亿", "35.37 billion"),
        (113_000_000_000, "1,130亿", "113 billion"),
        (999_999_500, "10亿", "1 billion"),
        (-12_345, "-1.23万", "-12,345"),
    ],
)
def test_great_numbers_are_said_in_the_readers_units(n: int, zh: str, en: str) -> None:
    assert (in_wan(n), in_millions(n)) == (zh, en)
