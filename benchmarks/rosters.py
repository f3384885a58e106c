"""Household rosters of invented people, as large as a province sends them."""

import io
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import xlsxwriter

from fourdoors.engines.sheets.forms import NATIONAL_MEMBER_EXPORT
from fourdoors.kernel.divisions import divisions_in, path_of
from fourdoors.kernel.identity import invented_identity, invented_phone
from fourdoors.kernel.terms import Education, LabourCapacity, RelationToHead, Sex

LI_COUNTY = 621226000000  # a county of 29 townships: the whole roster is its
MEMBERS = 4  # of a household, the head first
COLUMNS = (
    "province", "prefecture", "county", "township", "village", "household_number", "person_number", "name",
    "sex", "born_on", "identity", "household_phone", "phone", "year", "relation", "education",
    "labour_capacity", "months_worked", "workplace", "speaks_mandarin",
)  # fmt: skip
_TITLES = {column.key: column.titles[0] for column in NATIONAL_MEMBER_EXPORT.columns}
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
)
_GIVEN = "秀英桂兰玉梅建国志强小红海燕丽华永福春生金凤文军晓霞振东明珍彩云学义改平"
_RELATIONS = (RelationToHead.HEAD, RelationToHead.SPOUSE, RelationToHead.SON, RelationToHead.DAUGHTER)
_SCHOOLS = (Education.PRIMARY, Education.JUNIOR_MIDDLE, Education.SENIOR_MIDDLE)
_CITIES = ("山东省青岛市", "福建省福州市", "江苏省苏州市", "甘肃省兰州市", "新疆维吾尔自治区阿克苏地区")


def people(first: int, count: int) -> Iterator[tuple[str, ...]]:
    """Yield rows of ``COLUMNS``, each another person; the same numbers give the same people."""
    villages = [village.code for town in divisions_in(LI_COUNTY) for village in divisions_in(town.code)]
    for number in range(first, first + count):
        yield _person(number, villages)


def _person(number: int, villages: Sequence[int]) -> tuple[str, ...]:
    draw = random.Random(number)  # noqa: S311 (no secret)
    household, place = divmod(number, MEMBERS)
    relation = _RELATIONS[place]
    head_is_man = household % 2 == 0
    is_man = {0: head_is_man, 1: not head_is_man, 2: True}.get(place, False)
    born_on = date(1962, 1, 1) + timedelta(days=number * 7919 % 15_000)
    sex = Sex.MALE if is_man else Sex.FEMALE
    away = draw.random() < 0.4
    names = [step.name for step in path_of(villages[household % len(villages)])]
    return (
        *names, f"621226{household:010d}", f"621226{household:010d}{place:02d}",
        draw.choice(_SURNAMES) + "".join(draw.choices(_GIVEN, k=2)), sex.zh, born_on.strftime("%Y%m%d"),
        invented_identity(sequence=number, born_on=born_on, sex=sex), invented_phone(household),
        invented_phone(number), "2020", relation.zh, draw.choice(_SCHOOLS).zh, LabourCapacity.ORDINARY.zh,
        str(draw.randint(3, 11)) if away else "0", draw.choice(_CITIES) if away else "",
        "是" if draw.random() < 0.8 else "否",
    )  # fmt: skip


def workbook(rows: Iterator[tuple[str, ...]]) -> bytes:
    """Return an xlsx with these rows under the titles of the national member export, every cell as text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("成员")
        for at, row in enumerate([tuple(_TITLES[key] for key in COLUMNS), *rows]):
            for column, text in enumerate(row):
                sheet.write_string(at, column, text)
    return out.getvalue()
