"""Files that are read: merged, hidden, filtered, old, misnamed and packed ones."""

import gzip
import io

import xlsxwriter

from tests.engines.sheets.corpus.cases import (
    FIRST,
    SECOND,
    TABLE,
    TITLES,
    case,
    csv,
    page,
    people,
    xlsx,
)
from tests.engines.sheets.packages import ods, xls, xlsx_of


@case("台账.xlsx")
def _ditto() -> bytes:
    """同上 in a column."""
    return xlsx([TITLES, FIRST, [*SECOND[:3], "同上", SECOND[4]]])


@case("台账.xlsx")
def _merged() -> bytes:
    """one employer in a cell merged over two rows, under a merged title."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        tab = book.add_worksheet()
        tab.merge_range("A1:E1", "输转台账")
        for row, line in enumerate(TABLE, start=1):
            tab.write_row(row, 0, line)
        tab.merge_range("D3:D4", FIRST[3])
    return out.getvalue()


@case("台账.xlsx")
def _two_storey_header() -> bytes:
    """a header of two storeys, the lower one names the columns."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        tab = book.add_worksheet()
        for column in (0, 1):
            tab.merge_range(0, column, 1, column, TITLES[column])
        tab.merge_range("C1:E1", "务工情况")
        tab.write_row("C2", TITLES[2:])
        tab.write_row("A3", FIRST)
        tab.write_row("A4", SECOND)
    return out.getvalue()


@case("台账.xlsx")
def _sums_and_signatures() -> bytes:
    """sums, a subtotal, signatures and a remark below the table."""
    return xlsx(
        [
            *TABLE[:2],
            ["小计", "", "7"],
            SECOND,
            [],
            ["合 计", "", "11"],
            ["填表人：马某", "", "审核：李某"],
            ["注：数据截至五月"],
        ]
    )


@case("台账.xlsx")
def _header_again() -> bytes:
    """the header printed again on the next page, blank rows between."""
    return xlsx([*TABLE[:2], [], [], TITLES, SECOND])


@case("台账.xlsx")
def _counting_row() -> bytes:
    """a row under the header that counts the columns."""
    return xlsx([TITLES, [1, 2, 3, 4, 5], FIRST, SECOND])


@case("台账.xlsx")
def _second_sheet() -> bytes:
    """the table on the second sheet behind a cover."""
    return xlsx(TABLE, before=[["封面"]])


@case("台账.xlsx")
def _hidden_sheet() -> bytes:
    """the table on a hidden sheet."""
    return xlsx(TABLE, hide=True, before=[])


@case("台账.xlsx")
def _far_column() -> bytes:
    """the table far to the right and down: a blank column and a blank row first."""
    return xlsx([[], *[["", *line] for line in TABLE]])


@case("台账.xls")
def _old_excel() -> bytes:
    """Excel 97."""
    return xls({"台账": TABLE})


@case("台账.xlsx")
def _old_excel_misnamed() -> bytes:
    """Excel 97 that calls itself xlsx."""
    return xls({"封面": [["封面"]], "台账": TABLE})


@case("台账.xls")
def _text_misnamed() -> bytes:
    """text in GBK that calls itself xls."""
    return csv(TABLE, delimiter="\t").encode("gbk")


@case("台账.csv")
def _new_excel_misnamed() -> bytes:
    """xlsx that calls itself csv."""
    return xlsx(TABLE)


@case("台账.ods")
def _open_document() -> bytes:
    """OpenDocument."""
    return ods({"台账": TABLE})


@case("台账.csv.gz")
def _packed_text() -> bytes:
    """text packed by gzip."""
    return gzip.compress(csv(TABLE).encode("gbk"))


@case("台账.xlsx")
def _formats_to_the_end() -> bytes:
    """formats, but no content, to the last cell of the sheet."""
    rows = "".join(
        f'<row r="{row}">'
        + "".join(
            f'<c r="{"ABCDE"[at]}{row}" t="inlineStr"><is><t>{text}</t></is></c>'
            for at, text in enumerate(line)
        )
        + "</row>"
        for row, line in enumerate(TABLE, start=1)
    )
    return xlsx_of(rows + '<row r="1048576"><c r="A1048576" s="0"/><c r="XFD1048576" s="0"/></row>')


@case("台账.xls")
def _web_page() -> bytes:
    """a web page in GBK that calls itself xls."""
    return page('<meta http-equiv="Content-Type" content="text/html; charset=gbk">').encode("gbk")


@case("台账.xls")
def _web_page_utf8() -> bytes:
    """a web page in UTF-8 with a mark and an XML head."""
    return ('<?xml version="1.0"?>\n' + page()).encode("utf-8-sig")


@case("台账.xlsx")
def _prefixed() -> bytes:
    """markup with prefixes and shared texts, as some libraries write it."""
    texts = [str(value) for line in TABLE for value in line]
    rows = "".join(
        f"<row r='{row}'>"
        + "".join(f"<c s='0' t='s' r='{'ABCDE'[at]}{row}'><v>{(row - 1) * 5 + at}</v></c>" for at in range(5))
        + "</row>"
        for row in (1, 2, 3)
    )
    return xlsx_of(rows, strings=texts)


@case("台账.xlsx", people(FIRST, [*SECOND[:3], "长" * 30_000, SECOND[4]]))
def _long_text() -> bytes:
    """one very long text among many short cells."""
    return xlsx([TITLES, FIRST, [*SECOND[:3], "长" * 30_000, SECOND[4]]])


@case(
    "台账.xlsx", people([FIRST[0], "99110119900307452x", *FIRST[2:]], ["李得胜", "９９１１０１", *SECOND[2:]])
)
def _as_typed() -> bytes:
    """a small x and full-width digits: given on as typed, the checks of the form read them."""
    return xlsx(
        [TITLES, [FIRST[0], "99110119900307452x", *FIRST[2:]], ["李得胜", "９９１１０１", *SECOND[2:]]]
    )


@case("台账.xlsx")
def _filtered() -> bytes:
    """rows that a filter hides: they are data all the same."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        tab = book.add_worksheet()
        for row, line in enumerate(TABLE):
            tab.write_row(row, 0, line)
        tab.autofilter("A1:E3")
        tab.set_row(2, None, None, {"hidden": True})
    return out.getvalue()
