"""What unfolds is refused at its edge, and only that."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourdoors.engines.sheets import Limits, Note, SheetError, annotate, read_workbook
from fourdoors.engines.sheets.cells import as_text
from fourdoors.engines.sheets.compound import Compound, corners
from fourdoors.engines.sheets.errors import SheetTooWideError
from fourdoors.engines.sheets.guards import check_compound, check_package
from tests.engines.sheets.corpus import TABLE, csv, page, xlsx
from tests.engines.sheets.packages import compound, ods, package, small_compound, xls, xlsx_of


def far(row: int, column: str) -> str:
    """A row with a filled cell in the first column and in another one."""
    cells = "".join(f'<c r="{letters}{row}"><v>1</v></c>' for letters in ("A", column))
    return f'<row r="{row}">{cells}</row>'


def is_too_wide(data: bytes, cells: int) -> bool:
    check = check_package if data.startswith(b"PK") else check_compound
    try:
        check(data, name="x", limits=Limits(cells=cells))
    except SheetTooWideError:
        return True
    return False


def test_digits_are_kept_below_ten_to_the_fifteenth() -> None:
    assert as_text(10.0**15 - 1) == "999999999999999"
    assert as_text(10.0**15) == "1E+15"
    assert as_text(-(10.0**15)) == "-1E+15"


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        (xlsx_of(far(20_000, "AAA")), 20_000 * 703),
        (ods({"a": [["x"]], "b": [["x", "y"]]}, rows_repeated=1000, columns_repeated=30), 2000 * 31),
        (xls({"a": [["x", "y"], ["FAR"]]}), 65_536 * 256),
        (xls({"a": [["x"] * 3], "b": [["x"] * 4]}), 3 + 4),
    ],
    ids=["xlsx", "ods", "xls", "two sheets"],
)
def test_the_used_area_is_held_at_its_edge(data: bytes, cells: int) -> None:
    assert not is_too_wide(data, cells)
    assert is_too_wide(data, cells - 1)


def test_the_areas_of_all_sheets_count_together() -> None:
    parts = {"xl/worksheets/sheet2.xml": f"<worksheet><sheetData>{far(20_000, 'AB')}</sheetData></worksheet>"}
    assert not is_too_wide(xlsx_of(far(20_000, "AB")), 20_000 * 28)
    assert is_too_wide(xlsx_of(far(20_000, "AB"), more=parts), 20_000 * 28)


def test_blank_cells_repeated_to_the_end_count_for_nothing() -> None:
    data = ods({"a": [["x"] * 20, [""]]}, rows_repeated=1_048_573, columns_repeated=16_384)
    assert not is_too_wide(data, 20)


def test_a_run_of_numbers_in_one_record_reaches_to_its_last_column() -> None:
    run = struct.pack("<HHHH", 0x00BD, 6 + 6 * 2, 4, 7) + b"\0" * 12 + struct.pack("<H", 8)
    assert list(corners(run)) == [(5, 9)]


def test_small_streams_of_a_compound_file_are_read_too() -> None:
    text = bytes(range(200))
    assert Compound(small_compound("Book", text)).stream("Book") == text
    assert Compound(small_compound("Book", text)).stream("Workbook") == b""
    assert Compound(compound({"Workbook": text * 50})).stream("Workbook")[:10_000] == text * 50
    with pytest.raises(ValueError, match="broken"):
        Compound(b"\0" * 600)


def test_a_package_within_every_limit_is_not_refused() -> None:
    data = xlsx(TABLE)
    assert read_workbook(data, name="x", limits=Limits(parts=20, cells=15, repeated_bytes=0)).kind == "xlsx"


def test_the_ratio_is_looked_at_beyond_thirty_two_megabytes_only() -> None:
    rows = far(1, "B") + " " * 20_000_000
    assert read_workbook(xlsx_of(rows), name="x").sheets[0].rows == [("1", "1")]
    more = {f"xl/{number}.bin": b" " * 20_000_000 for number in range(2)}
    with pytest.raises(SheetError, match="sheet_bomb"):
        read_workbook(xlsx_of(rows, more=more), name="x")


def test_a_package_of_another_program_is_no_workbook() -> None:
    with pytest.raises(SheetError, match="sheet_unreadable"):
        read_workbook(package({"content.txt": "x"}), name="x")


SEEDS = [xlsx(TABLE), xls({"a": TABLE}), ods({"a": TABLE}), page().encode("gbk"), csv(TABLE).encode("gbk")]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 9_999), st.binary(max_size=4)), max_size=6))
def test_a_damaged_file_is_read_or_refused_and_never_breaks_anything(
    seed: bytes, damages: list[tuple[int, bytes]]
) -> None:
    data = bytearray(seed)
    for at, damage in damages:
        data[at % len(data) : at % len(data) + 3] = damage
    try:
        book = read_workbook(bytes(data), name="x")
    except SheetError:
        return
    assert annotate(bytes(data), name="x", notes=[Note(book.sheets[0].name, 1, 1, "错")])
