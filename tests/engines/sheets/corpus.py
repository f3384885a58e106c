"""The corpus: nasty files, each made here, each with the answer that is expected.

Every readable file tells of the same two invented people (``PEOPLE``), in another dress; where the dress
costs something (digits that a program has lost), the case says so. Every other file has the code of its
refusal. The identity numbers begin with 99, which was never issued.
"""

import gzip
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter

from fourdoors.engines.sheets import Column
from tests.engines.sheets.packages import Table, compound, lying_package, ods, package, xls, xlsx_of

COLUMNS = (
    Column("name", ("姓名",), required=True),
    Column("identity", ("证件号码", "身份证号"), required=True),
    Column("months", ("务工时间(月)",)),
    Column("employer", ("务工企业名称", "务工单位")),
    Column("left_on", ("输转时间",)),
    Column("ethnicity", ("民族",), dropped="ethnicity"),
)
TITLES = ["姓名", "证件号码", "务工时间（月）", "务工企业名称", "输转时间"]
FIRST = ["马秀英", "991101199003074527", "7", "天津滨海电子厂", "2020-03-01"]
SECOND = ["李得胜", "99110119850615329X", "4", "天津滨海电子厂", "2020-04-10"]
TABLE: Table = [list(TITLES), list(FIRST), list(SECOND)]
KEYS = ("name", "identity", "months", "employer", "left_on")
People = list[dict[str, str]]


def people(*lines: Iterable[object]) -> People:
    """Return lines of five texts by key."""
    return [dict(zip(KEYS, map(str, line), strict=True)) for line in lines]


PEOPLE = people(FIRST, SECOND)


@dataclass(frozen=True)
class Case:
    """A nasty file: how it is made, and the people in it or the code of the refusal."""

    name: str
    make: Callable[[], bytes]
    answer: People | str


CASES: dict[str, Case] = {}


def case(name: str, answer: People | str = PEOPLE) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Enter a maker of bytes into the corpus under what it is."""

    def enter(make: Callable[[], bytes]) -> Callable[[], bytes]:
        title = (make.__doc__ or "").strip(" .")
        assert title not in CASES, title
        CASES[title] = Case(name, make, answer)
        return make

    return enter


def xlsx(table: Iterable[Iterable[object]], *, hide: bool = False, before: Table | None = None) -> bytes:
    """Return an xlsx with the table, written as the types of its values."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"}) as book:
        if before is not None:
            book.add_worksheet("封面").write_row(0, 0, before[0] if before else [])
        tab = book.add_worksheet("台账")
        for row, line in enumerate(table):
            for column, value in enumerate(line):
                (tab.write_string if isinstance(value, str) else tab.write)(row, column, value)
        if hide:
            tab.hide()
    return out.getvalue()


def csv(table: Table, *, delimiter: str = ",") -> str:
    """Return the table as plain delimited text."""
    return "".join(delimiter.join(map(str, line)) + "\r\n" for line in table)


@case("台账.xlsx")
def _plain() -> bytes:
    """a plain workbook."""
    return xlsx(TABLE)


@case("台账.xlsx")
def _title_rows() -> bytes:
    """header in row 3 under a title and a line of units."""
    return xlsx([["二〇二〇年农村劳动力输转台账"], ["填报单位：", "", "礼县"], *TABLE])


@case("台账.xlsx")
def _header_in_row_five() -> bytes:
    """header in row 5 under blank rows."""
    return xlsx([["台账"], [], [], ["单位：人"], *TABLE])


@case("台账.xlsx")
def _full_width_titles() -> bytes:
    """titles with full-width brackets, blanks, line breaks and stars."""
    titles = ["　姓　名", "*证件号码", "务工时间\n（月）", "务工企业名称 ※", "输转时间："]
    return xlsx([titles, FIRST, SECOND])


@case("台账.xlsx")
def _aliases() -> bytes:
    """titles by their other names, in another order."""
    order = [3, 1, 0, 4, 2]
    titles = ["姓名", "身份证号", "务工时间", "务工单位", "输转时间"]
    return xlsx([[line[at] for at in order] for line in (titles, FIRST, SECOND)])


@case("台账.xlsx")
def _unknown_and_dropped() -> bytes:
    """columns that nobody knows and one that must not be kept."""
    return xlsx([["序号", *TITLES, "民族", "天气"], ["1", *FIRST, "回族", "晴"], ["2", *SECOND, "汉族", ""]])


@case("台账.csv")
def _utf8() -> bytes:
    """text in UTF-8."""
    return csv(TABLE).encode()


@case("台账.csv")
def _utf8_mark() -> bytes:
    """text in UTF-8 with a byte order mark."""
    return csv(TABLE).encode("utf-8-sig")


@case("台账.csv")
def _gbk() -> bytes:
    """text in GBK as a Chinese Excel saves it."""
    return csv(TABLE).encode("gbk")


@case("台账.csv", people(["𠮷䶮", *FIRST[1:]], SECOND))
def _gb18030() -> bytes:
    """text in GB 18030 with characters that GBK has not."""
    return csv([TITLES, ["𠮷䶮", *FIRST[1:]], SECOND]).encode("gb18030")


@case("台账.tsv")
def _tabs() -> bytes:
    """text with tabs, in GBK."""
    return csv(TABLE, delimiter="\t").encode("gbk")


@case("台账.txt")
def _unicode_text() -> bytes:
    """Excel's Unicode text: UTF-16 with tabs."""
    return csv(TABLE, delimiter="\t").encode("utf-16")


@case("台账.csv")
def _semicolons() -> bytes:
    """text with semicolons, commas inside the cells."""
    return csv([[*TITLES, "备注"], [*FIRST, "a,b,c,d,e,f,g"], [*SECOND, "h,i"]], delimiter=";").encode()


@case("台账.csv")
def _equal_quotes() -> bytes:
    """identity numbers dressed as formulas so that Excel keeps them."""
    dressed = [[line[0], f'="{line[1]}"', *line[2:]] for line in (FIRST, SECOND)]
    return csv([TITLES, *dressed]).encode("gbk")


@case("台账.csv")
def _quoted_equal_quotes() -> bytes:
    """the same dress, quoted once more by a program."""
    dressed = [[line[0], f'"=""{line[1]}"""', *line[2:]] for line in (FIRST, SECOND)]
    return csv([TITLES, *dressed]).encode()


@case("台账.csv")
def _apostrophes() -> bytes:
    """identity numbers behind an apostrophe or a tab."""
    return csv(
        [TITLES, [FIRST[0], "'" + str(FIRST[1]), *FIRST[2:]], [SECOND[0], f"\t{SECOND[1]}", *SECOND[2:]]]
    ).encode()


@case("台账.csv")
def _line_breaks() -> bytes:
    """line breaks inside quoted cells, old Macintosh line ends."""
    text = csv([[*TITLES, "备注"], [*FIRST, '"一\n二"'], [*SECOND, ""]])
    return text.replace("\r\n", "\r").encode()


@case("台账.xlsx", people([FIRST[0], "9.91101199003074E+17", *FIRST[2:]], SECOND))
def _number_ids() -> bytes:
    """an identity number typed as a number: its last digits are gone, and nobody guesses them."""
    return xlsx([TITLES, [FIRST[0], 991101199003074000, 7, *FIRST[3:]], SECOND])


@case("台账.csv", people([FIRST[0], "9.91101E+17", *FIRST[2:]], SECOND))
def _scientific_ids() -> bytes:
    """an identity number that a program has saved as scientific text."""
    return csv([TITLES, [FIRST[0], "9.91101E+17", *FIRST[2:]], SECOND]).encode("gbk")


@case("台账.xlsx")
def _dates() -> bytes:
    """dates as dates, months as numbers."""
    return xlsx([TITLES, [*FIRST[:2], 7, FIRST[3], date(2020, 3, 1)], [*SECOND[:4], datetime(2020, 4, 10)]])  # noqa: DTZ001


@case("台账.xlsx")
def _formulas() -> bytes:
    """formulas: the stored value counts."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        tab = book.add_worksheet()
        for row, line in enumerate(TABLE):
            tab.write_row(row, 0, line)
        tab.write_formula("B2", f'="{FIRST[1]}"', None, FIRST[1])
        tab.write_formula("C2", "=3+4", None, 7)
    return out.getvalue()


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


def page(head: str = "") -> str:
    """Return the table as a web page with a spanned title, the employer once for both people."""
    titles = "".join(f"<th>{title}</th>" for title in TITLES)
    cells = "".join(f"<td>{text}</td>" for text in FIRST[:3]) + f"<td rowspan=2>{FIRST[3]}</td>"
    others = "".join(f"<td> {text}&nbsp;\n</td>" for text in (*SECOND[:3], SECOND[4]))
    style = "<style>td {mso-number-format:'\\@'}</style>"
    return (
        f"<html>{head}{style}<body><table><tr><td colspan=5>台账</td></tr>"
        f"<tr>{titles}</tr>\n<tr>{cells}<td><b>{FIRST[4]}</b></td></tr><tr>{others}</tr></table></body></html>"
    )


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


@case("空.xlsx", "sheet_empty")
def _no_bytes() -> bytes:
    """no bytes at all."""
    return b""


@case("空.xlsx", "sheet_empty")
def _no_cells() -> bytes:
    """a workbook without a filled cell."""
    return xlsx([])


@case("空.csv", "sheet_empty")
def _only_delimiters() -> bytes:
    """text of delimiters and blanks."""
    return b"\xef\xbb\xbf,,,\r\n , ,\r\n"


@case("弹.xlsx", "sheet_bomb")
def _bomb() -> bytes:
    """a part that unpacks a thousandfold."""
    return package({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * 40_000_000})


@case("弹.xlsx", "sheet_bomb")
def _lying_bomb() -> bytes:
    """a part that is said to be small and unpacks past the limit."""
    return lying_package("xl/worksheets/sheet1.xml", 40_000_000)


@case("弹.xlsx", "sheet_bomb")
def _many_parts() -> bytes:
    """ten thousand parts."""
    return package({"xl/workbook.xml": "<workbook/>"} | {f"xl/{n}.xml": "" for n in range(10_000)})


@case("弹.csv.gz", "sheet_bomb")
def _gzip_bomb() -> bytes:
    """gzip that unpacks past the limit."""
    return gzip.compress(b" " * 70 * 2**20, compresslevel=1)


@case("远.xlsx", "sheet_too_wide")
def _stray_cell() -> bytes:
    """a table of two cells, one of them in the last corner of the sheet."""
    cell = '<row r="{0}"><c r="{1}{0}"><v>1</v></c></row>'
    return xlsx_of(cell.format(1, "A") + cell.format(1048576, "XFD"))


@case("远.xlsx", "sheet_too_wide")
def _stray_cell_oddly_written() -> bytes:
    """the same corner, written in another order with a prefix and other quotes."""
    return xlsx_of(
        "<row r='1'><c r='A1'><v>1</v></c></row><row><c t='n'  r = 'XFD1048576' ><v>1</v></c></row>"
    )


@case("远.xlsx", "sheet_too_wide")
def _nameless_cells() -> bytes:
    """twenty thousand cells without a name, and one named row very far down."""
    many = "<row>" + "<c><v>1</v></c>" * 20_000 + "</row>"
    return xlsx_of(many + '<row r="1048000"><c><v>1</v></c></row>')


@case("远.ods", "sheet_too_wide")
def _repeated_cells() -> bytes:
    """an OpenDocument cell that is repeated to the end of the world."""
    return ods({"台账": [["姓名"], ["x"]]}, rows_repeated=1_048_570, columns_repeated=16_000)


@case("远.xls", "sheet_too_wide")
def _far_corners() -> bytes:
    """Excel 97 with a cell in the last corner."""
    return xls({"台账": [["x", "FAR"]], "底表": [["FAR"]]})


@case("弹.xlsx", "sheet_bomb")
def _repeated_text() -> bytes:
    """one shared text as long as a cell, in a hundred thousand cells."""
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 100_001))
    return xlsx_of(cells, strings=["长" * 32_000])


@case("弹.xls", "sheet_bomb")
def _spanned_page() -> bytes:
    """a web page of cells that span a thousand rows and columns each."""
    return b"<table><tr>" + b"<td rowspan=999 colspan=999>x" * 50


@case("叠.xlsx", "sheet_unreadable")
def _merged_upon_each_other() -> bytes:
    """merged cells that lie upon each other a thousand times."""
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(1, 10_001))
    return xlsx_of(rows, after="<mergeCells>" + '<mergeCell ref="A1:A10000"/>' * 1_000 + "</mergeCells>")


@case("宏.xlsm", "sheet_macro")
def _macros() -> bytes:
    """a workbook with macros."""
    return xlsx_of("", more={"xl/vbaProject.bin": b"x"})


@case("宏.xlsx", "sheet_macro")
def _macros_misnamed() -> bytes:
    """old macro sheets in a file that calls itself xlsx."""
    return xlsx_of("", more={"xl/macrosheets/sheet1.xml": "<x/>"})


@case("宏.xls", "sheet_macro")
def _old_macros() -> bytes:
    """Excel 97 with macros."""
    return xls({"台账": TABLE}, macros=True)


@case("外.xlsx", "sheet_external")
def _entities() -> bytes:
    """a sheet that declares an entity from outside."""
    return xlsx_of("", before='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>')


@case("外.xlsx", "sheet_external")
def _wide_entities() -> bytes:
    """the same declaration in UTF-16, far behind a comment."""
    return xlsx_of(
        "", before=("<!--" + "x" * 2_000_000 + '--><!DOCTYPE x [<!ENTITY e "e">]>').encode("utf-16-le")
    )


@case("锁.xls", "sheet_locked")
def _old_locked() -> bytes:
    """Excel 97 behind a password."""
    return xls({"台账": TABLE}, locked=True)


@case("锁.xlsx", "sheet_locked")
def _locked() -> bytes:
    """a workbook behind a password."""
    return compound({"EncryptedPackage": b"x" * 64})


@case("文.xlsx", "sheet_unreadable")
def _word_document() -> bytes:
    """a text document that calls itself xlsx."""
    return package({"word/document.xml": "<document/>"})


@case("图.xls", "sheet_unreadable")
def _picture() -> bytes:
    """a picture that calls itself xls."""
    return b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20


@case("半.xlsx", "sheet_unreadable")
def _cut_off() -> bytes:
    """the first half of a workbook."""
    whole = xlsx(TABLE)
    return whole[: len(whole) // 2]


@case("坏.xlsx", "sheet_unreadable")
def _broken_xml() -> bytes:
    """a sheet whose markup is broken."""
    return xlsx_of('<row r="1"><c r="A1"><v>1</c></row')


@case("坏.xls", "sheet_unreadable")
def _broken_compound() -> bytes:
    """a compound file whose chain of sectors leads nowhere."""
    return xls({"台账": TABLE})[:700]


@case("圈.xls", "sheet_unreadable")
def _circle() -> bytes:
    """a compound file whose directory runs in a circle."""
    data = bytearray(xls({"台账": TABLE}))
    data[516:520] = (1).to_bytes(4, "little")
    return bytes(data)


@case("文.doc", "sheet_unreadable")
def _old_word_document() -> bytes:
    """an old text document."""
    return compound({"WordDocument": b"x" * 64})


@case("网.xls", "sheet_unreadable")
def _page_without_table() -> bytes:
    """a web page without a table: the system asked to sign in again."""
    return "<html><body>请重新登录</body></html>".encode("gbk")


@case("零.csv", "sheet_unreadable")
def _zero_bytes() -> bytes:
    """text with a zero byte in it."""
    return csv(TABLE).encode() + b"\0"


@case("乱.csv", "sheet_encoding")
def _no_code() -> bytes:
    """text in no code at all."""
    return "姓名,证件号码\n".encode() + b"\x81\x20\xff\xff,1\n"


@case("大.csv", "sheet_too_large")
def _too_large() -> bytes:
    """more bytes than are read."""
    return b"x" * (64 * 2**20 + 1)


@case("宽.csv", "sheet_too_wide")
def _million_columns() -> bytes:
    """a million columns of text."""
    return csv(TABLE).encode() + b"1," * 1_000_000


@case("宽.xlsx", "sheet_too_wide")
def _million_nameless_columns() -> bytes:
    """a million columns, more than a sheet has, under many rows."""
    return xlsx_of("<row>" + "<c><v>1</v></c>" * 1_000_000 + "</row>" + "<row><c><v>1</v></c></row>" * 1_000)


@case("宽.csv", "sheet_too_wide")
def _blank_lines() -> bytes:
    """thirteen million blank lines of text."""
    return b"\n" * 13_000_000


@case("外.ods", "sheet_external")
def _entities_ods() -> bytes:
    """a billion laughs in an OpenDocument."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return package({"content.xml": f'<!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]><x>&l9;</x>'})


@case("宏.ods", "sheet_macro")
def _macros_ods() -> bytes:
    """an OpenDocument with a program."""
    return package({"content.xml": "<x/>", "Basic/Standard/Module1.xml": "<x/>"})


@case("锁.xlsx", "sheet_unreadable")
def _locked_parts() -> bytes:
    """a package of which each part is locked."""
    data = bytearray(xlsx(TABLE))
    at = data.index(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


@case("坏.csv.gz", "sheet_unreadable")
def _cut_off_gzip() -> bytes:
    """the first half of a packed text."""
    whole = gzip.compress(csv(TABLE).encode())
    return whole[: len(whole) // 2]


@case("页.pdf", "sheet_unreadable")
def _pdf() -> bytes:
    """a PDF."""
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"\x00\x01" * 100
