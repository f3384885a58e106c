"""What a case is, the two people all of them tell of, and how plain tables are written."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import xlsxwriter

from fourdoors.engines.sheets import Column
from tests.engines.sheets.packages import Table

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
    """Return an xlsx with the table, written as the types of its values; always the same bytes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"created": datetime(2020, 2, 3, tzinfo=UTC)})
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
