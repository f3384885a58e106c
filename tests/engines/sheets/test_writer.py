"""Forms out: what is written is what is read, nothing in it can run, none of it is lost."""

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourdoors.engines.sheets import (
    FORMS,
    Column,
    Form,
    Kind,
    SheetError,
    find_header,
    read_workbook,
    rows_under,
    template,
    write_workbook,
)
from fourdoors.engines.sheets.cells import as_text, tidy
from fourdoors.engines.sheets.writer import CELL_CHARACTERS, Record, Value

COLUMNS = (
    Column("name", ("姓名",), required=True),
    Column("identity", ("身份证号",), kind=Kind.IDENTITY),
    Column("months", ("务工月数",), kind=Kind.INTEGER),
    Column("pay", ("月收入",), kind=Kind.MONEY),
    Column("left_on", ("输转时间",), kind=Kind.DATE),
    Column("sex", ("性别",), kind=Kind.ENUM, choices=("女", "男")),
    Column("ethnicity", ("民族",), dropped="ethnicity"),
)
PERSON: Record = {
    "name": "马秀英",
    "identity": "991101199003074527",
    "months": 7,
    "pay": 325_050,
    "left_on": date(2020, 3, 1),
    "sex": "女",
    "ethnicity": "回",
}


def written(rows: Any = (PERSON,), columns: tuple[Column, ...] = COLUMNS, **more: Any) -> tuple[bytes, int]:
    out = io.BytesIO()
    count = write_workbook(out, sheet="台账", columns=columns, rows=rows, **more)
    return out.getvalue(), count


def read(data: bytes, columns: tuple[Column, ...] = COLUMNS) -> list[dict[str, str]]:
    found = []
    for sheet in read_workbook(data, name="x.xlsx").sheets:
        if header := find_header(sheet, columns):
            found += [row.cells for row in rows_under(sheet, header)]
    return found


def test_a_person_comes_back_and_what_must_not_be_kept_is_not_written() -> None:
    data, count = written(title="台账", watermark="马主任 2020-11-05 核对")
    assert count == 1
    assert read(data) == [
        {
            "name": "马秀英",
            "identity": "991101199003074527",
            "months": "7",
            "pay": "3250.5",
            "left_on": "2020-03-01",
            "sex": "女",
        }
    ]
    assert "回" not in str(read_workbook(data, name="x").sheets[0].rows)


def test_the_watermark_stands_on_the_sheet_and_at_the_foot_of_every_page() -> None:
    data, _ = written(watermark="A&B 2020-11-05")
    tab = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert tab["A1"].value == "A&B 2020-11-05"
    assert tab.oddFooter.left.text == "A&&B 2020-11-05"  # doubled: a single one is a command


texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=40).map(tidy)
values = st.fixed_dictionaries(
    {
        "name": texts.filter(bool),
        "identity": st.from_regex(r"99[0-9]{15}[0-9X]", fullmatch=True),
        "months": st.integers(-(10**14), 10**14),
        "pay": st.integers(0, 10**12),
        "left_on": st.dates(date(1900, 3, 1), date(2099, 12, 31)),
        "sex": st.sampled_from(["女", "男"]) | st.none(),
    }
)


def expected(record: dict[str, Value]) -> dict[str, str]:
    pay = record["pay"]
    assert isinstance(pay, int)
    return {key: as_text(value) for key, value in (record | {"pay": None}).items()} | {
        "pay": as_text(pay / 100)
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(values, max_size=8))
def test_what_is_written_is_what_is_read(records: list[dict[str, Value]]) -> None:
    data, count = written(records, title="农村劳动力输转台账")
    assert count == len(records)
    sheet = read_workbook(data, name="x").sheets[0]
    header = find_header(sheet, COLUMNS)
    assert header is not None
    keys = [column.key for column in COLUMNS if not column.dropped]
    under = [dict(zip(keys, [*line, *[""] * 6], strict=False)) for line in sheet.rows[header.row :]]
    assert under == [expected(record) for record in records]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\t=1"])
def test_a_text_like_a_formula_is_inert(text: str) -> None:
    data, _ = written([{"name": text, "months": text}], title=text, watermark=text)
    tab = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    cells = [cell for line in tab.iter_rows() for cell in line if cell.value == text]
    assert len(cells) == 4
    assert {cell.data_type for cell in cells} == {"s"}
    assert tab["A4"].quotePrefix
    assert tab["A4"].hyperlink is None


@pytest.mark.parametrize(("rows", "sheets"), [(0, [0]), (8, [8]), (9, [8, 1]), (16, [8, 8]), (17, [8, 8, 1])])
def test_rows_beyond_a_sheet_go_to_the_next_and_none_is_lost(rows: int, sheets: list[int]) -> None:
    people: Iterator[Record] = ({"name": f"工{number}"} for number in range(rows))
    data, count = written(people, title="台账", sheet_rows=10)
    assert count == rows
    tabs = [sheet for sheet in read_workbook(data, name="x").sheets if not sheet.hidden]
    assert [len(tab.rows) - 2 for tab in tabs] == sheets
    assert [row["name"] for row in read(data)] == [f"工{number}" for number in range(rows)]


def test_a_text_as_long_as_a_cell_stays_whole_and_a_longer_one_is_refused() -> None:
    data, _ = written([{"name": "长" * CELL_CHARACTERS}])
    assert len(read(data)[0]["name"]) == CELL_CHARACTERS
    with pytest.raises(SheetError) as refusal:
        written([{"name": "甲"}, {"name": "长" * (CELL_CHARACTERS + 1)}])
    assert refusal.value.values == {"name": "台账", "row": 3, "column": 1, "limit": CELL_CHARACTERS}
    with pytest.raises(SheetError):
        written([{"name": "𠮷" * (CELL_CHARACTERS // 2 + 1)}])  # two units each


def test_a_number_too_long_for_a_number_is_written_as_text() -> None:
    data, _ = written([{"name": "甲", "months": 10**15}, {"name": "乙", "months": 10**15 - 1}])
    assert [row["months"] for row in read(data)] == ["1" + "0" * 15, "9" * 15]


def test_a_drop_down_offers_the_choices_on_every_row() -> None:
    data, _ = written([PERSON, PERSON])
    checks = {
        str(check.sqref): check.formula1
        for check in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].data_validations.dataValidation
        if check.type == "list"
    }
    assert checks == {"F2:F3": '"女,男"'}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_template_can_be_filled_in_and_read(form: Form) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(form)))
    tab = book.worksheets[0]
    sheet = read_workbook(template(form), name="x").sheets[0]
    header = find_header(sheet, form.readable)
    assert header is not None
    assert list(header.keys.values()) == [column.key for column in form.kept]
    assert not header.unknown + header.missing + header.repeated
    for number, column in enumerate(form.kept, start=1):
        tab.cell(header.row + 1, number).value = column.choices[0] if column.choices else f"值{number}"
        assert book.worksheets[0].column_dimensions[tab.cell(1, number).column_letter].width >= 10
    out = io.BytesIO()
    book.save(out)
    (row,) = rows_under(read_workbook(out.getvalue(), name="x").sheets[0], header)
    assert len([text for text in row.cells.values() if text]) == len(form.kept)


def test_a_template_says_how_to_fill_it_in_and_asks_for_nothing_that_is_not_kept() -> None:
    form = FORMS["national_member_export"]
    book = read_workbook(template(form), name="x")
    assert [sheet.name for sheet in book.sheets if not sheet.hidden] == [form.title, "填写说明"]
    told = {line[0]: line for line in book.sheets[-1].rows}
    assert "民族" not in told
    assert "配偶" in told["与户主关系"][3]
    assert told["证件号码"][1] == "是"


def test_many_choices_stand_on_a_hidden_sheet() -> None:
    long = (
        Column("name", ("姓名",)),
        Column("place", ("去向",), choices=tuple(f"地方{n}" for n in range(200))),
    )
    data, _ = written([{"name": "甲", "place": "地方1"}], long)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book["选项"].sheet_state == "hidden"
    assert book["选项"]["A200"].value == "地方199"
    assert book.worksheets[0].data_validations.dataValidation[0].formula1 == "'选项'!$A$1:$A$200"
