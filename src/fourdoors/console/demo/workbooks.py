"""The workbooks a county would send, filled with invented people: real forms with typical faults."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter

from fourdoors.console.demo.people import Home, Person
from fourdoors.engines.sheets.columns import Form
from fourdoors.engines.sheets.forms import NATIONAL_MEMBER_EXPORT
from fourdoors.kernel.divisions import path_of
from fourdoors.kernel.terms import Sex

Row = dict[str, Any]


def roster(homes: Sequence[Home]) -> tuple[bytes, int]:
    """Return the national member export of these households, and how many of its rows are wrong.

    Forty faults of the kinds that county staff meet (docs/way.md) are put in, one a row, from the second
    tenth of the file on; columns that must not be kept are filled in, so that it shows that they are dropped.
    """
    rows = [_member(home, person) for home in homes for person in home.members]
    wrong = _spoil(rows)
    return workbook(NATIONAL_MEMBER_EXPORT, rows, title=""), wrong


def workbook(form: Form, rows: Sequence[Row], *, title: str) -> bytes:
    """Write rows under a form's own titles, as text, the way cadres send them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"bold": True, "bg_color": "#E5EFE8", "border": 1})
        sheet = book.add_worksheet("Sheet1")
        sheet.set_column(0, len(form.columns) - 1, 14, text)
        if title:
            sheet.merge_range(0, 0, 0, len(form.columns) - 1, title, head)
        first = 1 if title else 0
        for column, one in enumerate(form.columns):
            sheet.write_string(first, column, one.titles[0], head)
            for number, row in enumerate(rows, first + 1):
                if (value := row.get(one.key, "")) != "":
                    (sheet.write_number if isinstance(value, float) else sheet.write_string)(
                        number, column, value if isinstance(value, float) else str(value)
                    )
    return out.getvalue()


def _member(home: Home, person: Person) -> Row:
    names = [division.name for division in path_of(person.village)]
    head = home.members[0]
    return {
        **dict(zip(("province", "prefecture", "county", "township", "village"), names, strict=True)),
        "household_number": household_number(home),
        "person_number": f"{household_number(home)}{home.members.index(person) + 1:02d}",
        "name": person.name,
        "sex": person.sex.zh,
        "born_on": person.born_on.strftime("%Y%m%d"),
        "identity_type": "居民身份证",
        "identity": person.identity,
        "ethnicity": "略",
        "health": "健康",
        "politics": "群众",
        "household_phone": head.phone,
        "phone": person.phone,
        "year": "2020",
        "relation": person.relation.zh,
        "education": person.education.zh,
        "labour_capacity": person.labour_capacity.zh,
        "months_worked": "0",
        "minimum_living": "否",
        "speaks_mandarin": "是",
        "works_abroad": "否",
        "head_name": head.name,
        "head_identity": head.identity,
        "recognition": "国家标准",
    }


def household_number(home: Home) -> str:
    """Return the invented number of a household: 16 digits that begin with its village's county."""
    return f"{home.village // 1_000_000}{home.number:010d}"


def _wrong_check(row: Row) -> None:
    last = row["identity"][-1]
    row["identity"] = row["identity"][:-1] + ("1" if last != "1" else "2")


def _broken_number(row: Row) -> None:
    row["identity"] = f"{float(row['identity'][:17]) * 10:.5E}".replace("E+0", "E+")


def _impossible_day(row: Row) -> None:
    row["identity"] = row["identity"][:10] + "0230" + row["identity"][14:]


def _old_form(row: Row) -> None:
    row["identity"] = row["identity"][:6] + row["identity"][8:17]


def _other_sex(row: Row) -> None:
    row["sex"] = (Sex.MALE if row["sex"] == Sex.FEMALE.zh else Sex.FEMALE).zh


def _other_birth(row: Row) -> None:
    row["born_on"] = f"{int(row['born_on']) - 10000}"


def _no_name(row: Row) -> None:
    row["name"] = ""


def _too_many_months(row: Row) -> None:
    row["months_worked"], row["workplace"] = "13", "青岛市"


FAULTS: tuple[Callable[[Row], None], ...] = (
    _wrong_check,
    _broken_number,
    _impossible_day,
    _old_form,
    _other_sex,
    _other_birth,
    _no_name,
    _too_many_months,
)
FAULTS_OF_EACH = 5


def _spoil(rows: list[Row]) -> int:
    wanted = len(FAULTS) * FAULTS_OF_EACH
    stride = max(1, len(rows) // (wanted + 1))
    chosen = rows[stride::stride][:wanted]
    for number, row in enumerate(chosen):
        FAULTS[number % len(FAULTS)](row)
    return len(chosen)
