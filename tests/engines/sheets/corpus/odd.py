"""Files that are read: what a program or a cadre does once in a hundred times."""

import gzip
import io
from datetime import datetime

import xlsxwriter

from tests.engines.sheets.corpus.cases import (
    FIRST,
    SECOND,
    TABLE,
    TITLES,
    case,
    csv,
    people,
    xlsx,
)
from tests.engines.sheets.packages import ods


@case("台账.csv")
def _rare_delimiter() -> bytes:
    """text with upright strokes."""
    return csv(TABLE, delimiter="|").encode("gb18030")


@case("台账.xlsx")
def _header_in_row_ten() -> bytes:
    """header in row 10 under nine lines of instructions."""
    return xlsx([*[[f"填表说明 {number}"] for number in range(1, 10)], *TABLE])


@case("台账.csv")
def _excel_says_its_delimiter() -> bytes:
    """a first line that tells a program the delimiter."""
    return b"sep=,\r\n" + csv(TABLE).encode()


@case("台账.csv")
def _full_width_commas() -> bytes:
    """text with full-width commas."""
    return csv(TABLE, delimiter="，").encode("gbk")


@case("台账.csv")
def _every_cell_quoted() -> bytes:
    """text with every cell in quotation marks, blanks around it."""
    return "".join(",".join(f'" {text} "' for text in line) + "\n" for line in TABLE).encode("utf-8-sig")


@case("台账.tsv")
def _tabs_utf8() -> bytes:
    """text with tabs, in UTF-8 with a byte order mark."""
    return csv(TABLE, delimiter="\t").encode("utf-8-sig")


@case("台账.csv.gz")
def _packed_workbook_misnamed() -> bytes:
    """a workbook packed by gzip that calls itself text."""
    return gzip.compress(xlsx(TABLE))


@case("台账.ods")
def _open_document_with_cover() -> bytes:
    """OpenDocument with a cover, the table under a title."""
    return ods({"封面": [["封面"]], "台账": [["输转台账"], *TABLE]})


@case("台账.xlsx")
def _hidden_columns() -> bytes:
    """hidden columns: they are data all the same."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        tab = book.add_worksheet()
        for row, line in enumerate(TABLE):
            tab.write_row(row, 0, line)
        tab.set_column("C:E", None, None, {"hidden": True})
    return out.getvalue()


@case("台账.xlsx")
def _dressed() -> bytes:
    """validations, comments, a protected sheet, frozen panes and a chart sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        tab = book.add_worksheet("台账")
        for row, line in enumerate(TABLE):
            tab.write_row(row, 0, line)
        tab.data_validation("C2:C9", {"validate": "integer", "criteria": ">=", "value": 0})
        tab.write_comment("A2", "看")
        tab.protect("x")
        tab.freeze_panes(1, 0)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=台账!$C$2:$C$3"})
        book.add_chartsheet("图").set_chart(chart)
    return out.getvalue()


@case("台账.xlsx")
def _rich_text() -> bytes:
    """a name in two colours."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        tab = book.add_worksheet()
        for row, line in enumerate(TABLE):
            tab.write_row(row, 0, line)
        tab.write_rich_string("A2", FIRST[0][:1], book.add_format({"color": "red"}), FIRST[0][1:])
    return out.getvalue()


@case("台账.xlsx", people([*FIRST[:4], "2020-03-01 08:30:00"], SECOND))
def _date_with_time() -> bytes:
    """a date with the time of day."""
    moment = datetime(2020, 3, 1, 8, 30)  # noqa: DTZ001
    return xlsx([TITLES, [*FIRST[:4], moment], SECOND])


@case("台账.xlsx", people([*FIRST[:4], "43891"], SECOND))
def _serial_date() -> bytes:
    """a date that lost its format: days since 1900, the checks of the form read them."""
    return xlsx([TITLES, [*FIRST[:4], 43891], SECOND])


@case("台账.xlsx")
def _errors_beside() -> bytes:
    """errors of formulas in a column that nobody reads."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        tab = book.add_worksheet()
        for row, line in enumerate(TABLE):
            tab.write_row(row, 0, line)
        tab.write("F1", "备查")
        tab.write_formula("F2", "=VLOOKUP(1,Z1:Z2,1)", None, "#N/A")
    return out.getvalue()


@case("台账.xlsx", people())
def _no_rows() -> bytes:
    """a header and not one row."""
    return xlsx([TITLES])


@case("台账.xlsx", people())
def _only_a_sum() -> bytes:
    """a header, a sum and a signature, and not one row."""
    return xlsx([TITLES, ["合计", "", "0"], ["制表：马某"]])
