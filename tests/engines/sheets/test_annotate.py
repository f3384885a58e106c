"""The cadre's own workbook comes back, with its formatting, red cells and a list of what to fix."""

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from fourdoors.engines.sheets import (
    Change,
    Limits,
    Note,
    Receipt,
    SheetError,
    annotate,
    find_header,
    read_workbook,
    rows_under,
)
from fourdoors.engines.sheets.notes import RED
from tests.engines.sheets.corpus import COLUMNS, FIRST, PEOPLE, TABLE, csv, xlsx
from tests.engines.sheets.packages import ods, xls, xlsx_of


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def red(tab: Worksheet) -> list[str]:
    return [cell.coordinate for line in tab.iter_rows() for cell in line if cell.fill.fgColor.rgb == RED]


def dressed() -> bytes:
    """A workbook with what a cadre cares for: widths, colours, a frozen row, a merged cell, a formula."""
    book = openpyxl.load_workbook(io.BytesIO(xlsx(TABLE)))
    tab = book["台账"]
    tab.column_dimensions["B"].width = 31
    tab.freeze_panes = "A2"
    tab["A2"].fill = PatternFill("solid", fgColor="FF00FF00")
    tab["B2"].comment = Comment("村里核实过", "老李")
    tab["F1"] = "=1+1"
    tab.merge_cells("D2:D3")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_cell_is_red_has_a_comment_and_is_listed_with_a_link() -> None:
    book = opened(annotate(xlsx(TABLE), name="台账.xlsx", notes=[Note("台账", 3, 2, "校验码不对")]))
    assert book.sheetnames == ["回执", "台账"]
    assert red(book["台账"]) == ["B3"]
    assert book["台账"]["B3"].comment.text == "校验码不对"
    listed = [[cell.value for cell in line] for line in book["回执"].iter_rows()]
    assert listed[-1] == ["台账", "B3", "校验码不对"]
    assert book["回执"]["B4"].hyperlink.location == "'台账'!B3"
    assert book.active.title == "回执"
    assert [tab.sheet_view.tabSelected for tab in book.worksheets] == [True, False]


def test_formatting_formulas_and_older_comments_stay() -> None:
    book = opened(
        annotate(dressed(), name="台账.xlsx", notes=[Note("台账", 2, 2, "重复"), Note("台账", 3, 4, "缺")])
    )
    tab = book["台账"]
    assert tab.column_dimensions["B"].width == 31
    assert tab.freeze_panes == "A2"
    assert tab["A2"].fill.fgColor.rgb == "FF00FF00"
    assert tab["F1"].value == "=1+1"
    assert tab["B2"].comment.text.startswith("村里核实过\n")
    assert tab["B2"].comment.text.endswith("重复")
    assert red(tab) == ["B2", "D2"]  # a note inside a merged cell goes to its first cell


def test_several_notes_of_one_cell_share_a_comment() -> None:
    notes = [Note("台账", 2, 1, "甲"), Note("台账", 2, 1, "乙")]
    book = opened(annotate(xlsx(TABLE), name="台账.xlsx", notes=notes))
    assert book["台账"]["A2"].comment.text == "甲\n乙"
    assert book["回执"].max_row == 5


def test_a_note_of_the_whole_sheet_marks_no_cell() -> None:
    book = opened(annotate(xlsx(TABLE), name="台账.xlsx", notes=[Note("台账", 0, 0, "缺少一列")]))
    assert red(book["台账"]) == []
    assert book["回执"]["C4"].value == "缺少一列"


def test_the_answer_can_be_sent_back_as_it_is() -> None:
    once = annotate(dressed(), name="台账.xlsx", notes=[Note("台账", 2, 2, "重复"), Note("台账", 2, 1, "错")])
    sheet = read_workbook(once, name="台账.xlsx").sheets[1]
    header = find_header(sheet, COLUMNS)
    assert header is not None
    assert [row.cells for row in rows_under(sheet, header)] == PEOPLE
    twice = opened(annotate(once, name="台账.xlsx", notes=[Note("台账", 3, 1, "另一处")]))
    assert twice.sheetnames == ["回执", "台账"]
    assert red(twice["台账"]) == ["A3"]
    assert twice["台账"]["B2"].comment.text == "村里核实过"
    assert twice["台账"]["A2"].comment is None


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("台账.xls", xls({"台账": TABLE, "底表": [["x"]]}, hidden=("底表",))),
        ("台账.ods", ods({"台账": TABLE})),
        ("台账.csv", csv(TABLE).encode("gbk")),
    ],
)
def test_other_formats_come_back_as_xlsx_with_the_same_text(name: str, data: bytes) -> None:
    answer = annotate(data, name=name, notes=[Note("台账", 2, 2, "错")])
    before, after = read_workbook(data, name=name), read_workbook(answer, name="台账.xlsx")
    assert [list(sheet.rows) for sheet in after.sheets[1:]] == [list(sheet.rows) for sheet in before.sheets]
    assert [sheet.hidden for sheet in after.sheets[1:]] == [sheet.hidden for sheet in before.sheets]
    assert red(opened(answer)["台账"]) == ["B2"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|'/c calc'!A0", "#N/A", "\x00x"]
)
def test_nothing_that_is_written_becomes_a_formula(text: str) -> None:
    data = csv([["姓名", text]]).encode() if "\x00" not in text and "\t" not in text else xlsx(TABLE)
    name = "台账.csv" if data[:2] != b"PK" else "台账.xlsx"
    book = opened(annotate(data, name=name, notes=[Note("台账", 1, 1, text)], summary=[(text, text)]))
    for tab in book.worksheets:
        assert {cell.data_type for line in tab.iter_rows() for cell in line if cell.value is not None} == {
            "s"
        }
    assert book["回执"]["C5"].value == text.replace("\x00", "")
    assert book["回执"]["C5"].quotePrefix == (text[0] in "=+-@\t")


def test_the_words_of_the_first_sheet_are_the_callers() -> None:
    words = Receipt("Receipt", "Four Doors", "Sheet", "Cell", "To fix")
    answer = annotate(xlsx(TABLE), name="x.xlsx", notes=[], summary=[("Rows", "2")], receipt=words)
    assert read_workbook(answer, name="x").sheets[0].rows == [
        ("Receipt",),
        ("Rows", "2"),
        (),
        ("Sheet", "Cell", "To fix"),
    ]


def test_a_sheet_of_the_cadre_that_is_called_like_ours_stays() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(TABLE)))
    book["台账"].title = "回执"
    out = io.BytesIO()
    book.save(out)
    answer = opened(annotate(out.getvalue(), name="x.xlsx", notes=[Note("回执", 2, 1, "错")]))
    assert len(answer.sheetnames) == 2
    assert answer["回执"]["A1"].value == "姓名"
    assert red(answer["回执"]) == ["A2"]


def test_a_file_that_cannot_be_read_gets_no_answer() -> None:
    with pytest.raises(SheetError):
        annotate(b"%PDF-1.7\x00", name="x.xlsx", notes=[])


def test_a_file_too_large_to_keep_its_formatting_comes_back_as_text() -> None:
    notes = [
        Note("台账", 2, 2, "重复"),
        Note("台账", 2, 2, "错"),
        Note("台账", 9, 0, "行"),
        Note("台账", 0, 0, "表"),
    ]
    plain = Limits(formatted_cells=15)
    kept = opened(annotate(xlsx(TABLE), name="台账.xlsx", notes=notes, limits=plain))
    assert kept["台账"]["A1"].number_format == "General"
    plain = Limits(formatted_cells=14)
    once = annotate(xlsx(TABLE), name="台账.xlsx", notes=notes, summary=[("=1", "2")], limits=plain)
    book = opened(once)
    assert book["台账"]["A1"].number_format == "@"
    assert red(book["台账"]) == ["B2", "A9"]
    assert book["台账"]["B2"].comment.text == "重复\n错"
    assert book["台账"]["B2"].comment.author == "四门"
    assert book["回执"]["A2"].quotePrefix
    listed = [[cell.value for cell in line] for line in book["回执"].iter_rows(min_row=5)]
    assert listed == [
        ["台账", None, "表"],
        ["台账", "B2", "重复"],
        ["台账", "B2", "错"],
        ["台账", "A9", "行"],
    ]
    assert book["回执"]["B6"].hyperlink.location == "'台账'!B2"
    twice = opened(annotate(once, name="台账.xlsx", notes=[], limits=plain))
    assert twice.sheetnames == ["回执", "台账"]
    assert red(twice["台账"]) == []


def test_a_sheet_called_like_the_receipt_gets_another_name_beside_it() -> None:
    data = xls({"回执": TABLE, "回执_2": TABLE})
    book = opened(annotate(data, name="x.xls", notes=[Note("回执", 2, 1, "错")]))
    assert book.sheetnames == ["回执", "回执_2", "回执_2_2"]
    long = opened(annotate(csv(TABLE).encode(), name="长" * 40 + ".csv", notes=[]))
    assert long.sheetnames == ["回执", "长" * 31]
    assert red(book["回执_2"]) == ["A2"]


def test_more_notes_than_a_sheet_holds_links_are_listed_without() -> None:
    notes = [Note("台账", 0, 0, "表")] * 60_000 + [Note("台账", 2, 1, "错")]
    answer = annotate(csv(TABLE).encode(), name="台账.csv", notes=notes)
    assert read_workbook(answer, name="x").sheets[0].rows[-1] == ("台账", "A2", "错")
    assert b"<hyperlink " not in zipfile.ZipFile(io.BytesIO(answer)).read("xl/worksheets/sheet1.xml")


def test_an_xlsx_that_cannot_be_written_into_comes_back_as_text() -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    odd = '<fills count="1"><fill><patternFill patternType="nobody knows"/></fill></fills>'
    broken = {"xl/styles.xml": f'<styleSheet xmlns="{main}">{odd}</styleSheet>'}
    data = xlsx_of('<row r="1"><c r="A1"><v>1</v></c></row>', more=broken)
    book = opened(annotate(data, name="x.xlsx", notes=[Note("Sheet1", 1, 1, "错")]))
    assert red(book["Sheet1"]) == ["A1"]


def test_a_correction_stands_in_the_file_as_text_and_parts_a_merged_area() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        tab = book.add_worksheet("台账")
        for row, line in enumerate(TABLE):
            tab.write_row(row, 0, line)
        tab.merge_range("D2:D3", FIRST[3], book.add_format({"bold": True}))
    changes = [Change("台账", 3, 4, "青岛厂"), Change("台账", 2, 3, "=1+1")]
    back = openpyxl.load_workbook(io.BytesIO(annotate(out.getvalue(), name="x", notes=[], changes=changes)))[
        "台账"
    ]

    assert [back["D2"].value, back["D3"].value] == [FIRST[3], "青岛厂"]
    assert (back["C2"].value, back["C2"].data_type, back["D2"].font.bold) == ("=1+1", "s", True)


@pytest.mark.parametrize("data", [csv(TABLE).encode("gbk"), ods({"台账": TABLE}), xls({"台账": TABLE})])
def test_a_correction_stands_in_a_new_workbook_too(data: bytes) -> None:
    changes = [Change("台账", 3, 4, "青岛厂"), Change("台账", 5, 7, "远")]
    back = read_workbook(annotate(data, name="台账.x", notes=[], changes=changes), name="x")

    assert back.sheets[1].cell(3, 4) == "青岛厂"
    assert back.sheets[1].cell(5, 7) == "远"
    assert back.sheets[1].cell(2, 4) == FIRST[3]
