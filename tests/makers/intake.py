"""Makers of workbooks and imports. Everybody in them is invented."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter

from fourdoors.accounts.models import Officer
from fourdoors.engines.sheets import FORMS
from fourdoors.intake.models import Import
from fourdoors.intake.services import ask_for_merge, receive_file, stage_rows
from fourdoors.kernel.identity import invented_identity, invented_phone
from fourdoors.kernel.terms import Sex
from tests.makers.accounts import LI_COUNTY
from tests.makers.register import SPRING

ROSTER = "national_member_export"


def roster_row(sequence: int = 1, **changed: str) -> dict[str, str]:
    """Return one row of the national member export, in the words of the paper; all 47 columns are filled."""
    born_on = date(1970 + sequence % 30, 1 + sequence % 12, 1 + sequence % 28)
    sex = Sex.MALE if sequence % 2 else Sex.FEMALE
    row = {column.key: "略" for column in FORMS[ROSTER].columns if column.dropped}
    row |= {
        "province": "甘肃省", "prefecture": "陇南市", "county": "礼县", "township": "城关镇",
        "village": "北关社区", "household_number": f"6212260{sequence // 3:06d}",
        "person_number": str(sequence),
        "name": f"马{'一二三四五六七八九十'[sequence % 10]}兰", "sex": sex.zh,
        "born_on": born_on.strftime("%Y%m%d"), "identity_type": "居民身份证",
        "identity": invented_identity(sequence=sequence, born_on=born_on, sex=sex),
        "phone": invented_phone(sequence), "household_phone": invented_phone(sequence), "year": "2020",
        "relation": "之子" if sequence % 3 else "户主", "education": "初中", "labour_capacity": "普通劳动力",
        "months_worked": "6", "employer_name": "青岛某服装厂", "workplace": "山东省青岛市",
        "speaks_mandarin": "否", "works_abroad": "否",
        "channel_of_job": "外出务工", "head_name": "马大山", "school_status": "",
        "ethnicity": "某族", "politics": "某面貌", "health": "某健康", "disability": "某残疾",
    }  # fmt: skip
    return row | changed


def workbook(
    rows: Sequence[Mapping[str, Any]], *, form: str = ROSTER, title: str = "", without: Sequence[str] = ()
) -> bytes:
    """Return an xlsx with the printed columns of a form and these rows, every cell as text.

    The same rows are the same bytes at any moment: a workbook says within when it was made.
    """
    columns = [column for column in FORMS[form].columns if column.key not in without]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.set_properties({"created": datetime(2020, 2, 3, tzinfo=UTC)})
        tab = book.add_worksheet("成员")
        top = 1 if title else 0
        if title:
            tab.write_string(0, 0, title)
        for at, column in enumerate(columns):
            tab.write_string(top, at, column.titles[0])
            for number, row in enumerate(rows, top + 1):
                tab.write_string(number, at, str(row.get(column.key, "")))
    return out.getvalue()


def make_import(
    *,
    data: bytes | None = None,
    form: str = ROSTER,
    division: int = LI_COUNTY,
    name: str = "花名册.xlsx",
    by: Officer | None = None,
    at: datetime = SPRING,
) -> Import:
    """Bring a file in and check it."""
    batch = receive_file(
        form=form,
        division=division,
        data=workbook([roster_row()]) if data is None else data,
        name=name,
        by=by,
        at=at,
    )
    return stage_rows(import_id=batch.pk, at=at)


def make_asked_import(**values: Any) -> Import:
    """Bring a file in, check it and ask for its merging."""
    batch = make_import(**values)
    return ask_for_merge(import_id=batch.pk, at=SPRING)
