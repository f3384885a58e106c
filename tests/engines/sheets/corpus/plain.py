"""Files that are read: titles, codes, delimiters, quotes, and how numbers and days were typed."""

import io
from datetime import date, datetime

import xlsxwriter

from tests.engines.sheets.corpus.cases import FIRST, SECOND, TABLE, TITLES, case, csv, people, xlsx


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
