"""Files that are refused, each with its code: empty, bombs, macros, locks, no tables at all."""

import gzip

from tests.engines.sheets.corpus.cases import (
    TABLE,
    case,
    csv,
    xlsx,
)
from tests.engines.sheets.packages import compound, lying_package, ods, package, xls, xlsx_of


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
