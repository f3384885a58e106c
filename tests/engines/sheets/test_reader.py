"""Any workbook in: the same two people come out of every dress, and nothing harmful gets in."""

import io
import subprocess
import sys

import pytest
import xlsxwriter

from fourdoors.engines.sheets import Limits, Row, SheetError, find_header, read_workbook, rows_under
from tests.engines.sheets.corpus import CASES, COLUMNS, FIRST, PEOPLE, TABLE, TITLES, csv, people, xlsx
from tests.engines.sheets.packages import ods, xls

READ = [title for title, case in CASES.items() if not isinstance(case.answer, str)]
REFUSED = [title for title in CASES if title not in READ]
STRAY = CASES["a table of two cells, one of them in the last corner of the sheet"]


def rows_of(data: bytes, name: str = "台账.xlsx") -> list[Row]:
    for sheet in read_workbook(data, name=name).sheets:
        if header := find_header(sheet, COLUMNS):
            return list(rows_under(sheet, header))
    return []


@pytest.mark.parametrize("title", READ)
def test_the_people_come_out_of(title: str) -> None:
    case = CASES[title]
    assert [row.cells for row in rows_of(case.make(), case.name)] == case.answer


@pytest.mark.parametrize("title", REFUSED)
def test_there_is_a_reason_against(title: str) -> None:
    case = CASES[title]
    with pytest.raises(SheetError) as refusal:
        read_workbook(case.make(), name=case.name)
    assert refusal.value.code == case.answer
    assert refusal.value.values["name"].removesuffix(".gz") == case.name.removesuffix(".gz")  # type: ignore[attr-defined]


def test_every_refusal_is_given_within_two_hundred_megabytes() -> None:
    """In a process of its own, which is denied more memory than that beyond what it is made of."""
    answers = subprocess.run(
        [sys.executable, "-m", "tests.engines.sheets.in_little_memory"],
        check=True, capture_output=True, text=True, timeout=120,
    ).stdout.splitlines()  # fmt: skip
    assert dict(line.split("\t") for line in answers) == {
        title: CASES[title].answer for title in REFUSED if CASES[title].name != "大.csv"
    }


def test_rows_carry_the_numbers_of_the_sheet() -> None:
    rows = rows_of(xlsx([["台账"], [], *TABLE[:2], [], TABLE[2]]))
    assert [row.number for row in rows] == [4, 6]


def test_hidden_sheets_are_named() -> None:
    book = read_workbook(
        xls({"台账": TABLE, "底表": [["x"]], "空": []}, hidden=("底表", "空")), name="台账.xls"
    )
    assert book.hidden_sheets == ("底表",)
    assert [sheet.name for sheet in book.sheets] == ["台账", "底表", "空"]


def test_a_cell_is_found_by_its_place_and_blank_outside() -> None:
    sheet = read_workbook(xlsx(TABLE), name="台账.xlsx").sheets[0]
    assert sheet.cell(2, 1) == "马秀英"
    assert [sheet.cell(0, 1), sheet.cell(2, 0), sheet.cell(99, 1), sheet.cell(2, 99)] == [""] * 4


def test_a_text_file_gives_its_name_and_code() -> None:
    book = read_workbook(csv(TABLE).encode("gbk"), name="礼县[5月]台账.csv")
    assert (book.sheets[0].name, book.kind, book.encoding) == ("礼县_5月_台账", "text", "gb18030")


def test_the_line_that_cannot_be_read_is_named() -> None:
    with pytest.raises(SheetError) as refusal:
        read_workbook(b"a,b\n1,2\n3,\x81\x20\xff\n", name="乱.csv")
    assert refusal.value.values["line"] == 3


def test_the_stray_cell_is_named() -> None:
    with pytest.raises(SheetError) as refusal:
        read_workbook(STRAY.make(), name="远")
    assert refusal.value.values["farthest"] == "XFD1048576"


@pytest.mark.parametrize(("parts", "code"), [(8, None), (7, "sheet_bomb")])
def test_the_number_of_parts_is_held_at_its_edge(parts: int, code: str | None) -> None:
    data = xlsx(TABLE)
    found = code
    try:
        read_workbook(data, name="x", limits=Limits(parts=parts + 2))
    except SheetError as refusal:
        found = refusal.code
    else:
        found = None
    assert found == code


def test_the_size_is_held_at_its_edge() -> None:
    data = csv(TABLE).encode()
    assert read_workbook(data, name="x", limits=Limits(file_bytes=len(data)))
    with pytest.raises(SheetError, match="sheet_too_large"):
        read_workbook(data, name="x", limits=Limits(file_bytes=len(data) - 1))


def test_errors_of_formulas_are_blank_cells() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        tab = book.add_worksheet()
        for row, line in enumerate(TABLE):
            tab.write_row(row, 0, line)
        tab.write_formula("D2", "=1/0", None, "#DIV/0!")
    assert rows_of(out.getvalue())[0].cells["employer"] == ""


def test_blank_cells_of_ods_that_are_repeated_to_the_end_cost_nothing() -> None:
    table = [TITLES, FIRST, [""]]
    data = ods({"台账": table}, rows_repeated=1_048_573, columns_repeated=16_384)
    assert [row.cells for row in rows_of(data, "台账.ods")] == people(FIRST)


def test_the_people_of_the_corpus_are_two() -> None:
    assert len(PEOPLE) == 2
    assert len(CASES) >= 100
