"""Invented employers, vacancies and spells of work of the demonstration, calibrated to published figures."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.random import Generator

from fourdoors.console.demo.people import Home, Person
from fourdoors.kernel.credit_codes import invented_credit_code
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.identity import invented_phone
from fourdoors.kernel.periods import Month, months_touched
from fourdoors.kernel.terms import Channel, EndReason
from fourdoors.partners.rules import EmployerKind, EmployerRow

# Days inside the two windows of Zhouqu on which its people leave together, and for where.
SPRING = (
    (datetime.date(2020, 2, 20), 650000_000000),
    (datetime.date(2020, 2, 27), 350000_000000),
    (datetime.date(2020, 3, 12), 370000_000000),
)
T = TypeVar("T")
COUNTED_TO = datetime.date(2020, 10, 31)  # the report counts January to October 2020
ORGANISED_SHARE = 0.74  # Kang County, first half of 2019: 73.5 % of all, 78 % of registered poor
IN_PROVINCE_SHARE = 396 / 650  # Gansu, to 25 February 2020: 396,000 in the province, 254,000 outside
WORKING_SHARE = 0.94  # invented: workers of the register who were away from the farm in 2020
# NBS 2020: share of migrant workers and their monthly pay in yuan by industry; 制造业 建筑业 批发零售 ...
INDUSTRIES = (
    ("制造业", 0.273, 4096, "6-05-01-03", "缝纫工"),
    ("建筑业", 0.183, 4699, "6-29-01-03", "混凝土工"),
    ("批发零售业", 0.122, 3532, "4-01-02-01", "营业员"),
    ("交通运输仓储邮政业", 0.069, 4814, "4-02-06-01", "仓储管理员"),
    ("住宿餐饮业", 0.065, 3358, "4-03-02-05", "餐厅服务员"),
    ("居民服务业", 0.124, 3387, "4-10-01-06", "家政服务员"),
    ("其他", 0.164, 3606, "5-01-02-01", "园艺工"),
)
# Where people of Gansu go, as reports of February 2020 and the pairing name it; the shares are invented.
OUTSIDE = (
    (650000_000000, 0.20),
    (440000_000000, 0.13),
    (320000_000000, 0.12),
    (330000_000000, 0.10),
    (350000_000000, 0.09),
    (370000_000000, 0.09),
    (110000_000000, 0.07),
    (120000_000000, 0.05),
    (310000_000000, 0.04),
    (610000_000000, 0.04),
    (640000_000000, 0.03),
    (630000_000000, 0.02),
    (150000_000000, 0.01),
    (410000_000000, 0.005),
    (420000_000000, 0.005),
)
# One county a province where the invented employers sit.
SEATS = {
    650000_000000: (652801_000000, "库尔勒"),
    440000_000000: (440306_000000, "深圳"),
    320000_000000: (320583_000000, "昆山"),
    330000_000000: (330782_000000, "义乌"),
    350000_000000: (350211_000000, "厦门"),
    370000_000000: (370281_000000, "青岛"),
    110000_000000: (110105_000000, "北京"),
    120000_000000: (120111_000000, "天津"),
    310000_000000: (310117_000000, "上海"),
    610000_000000: (610113_000000, "西安"),
    640000_000000: (640104_000000, "银川"),
    630000_000000: (630102_000000, "西宁"),
    150000_000000: (150202_000000, "包头"),
    410000_000000: (410122_000000, "郑州"),
    420000_000000: (420105_000000, "武汉"),
    620000_000000: (620102_000000, "兰州"),
}
TRADES = {
    "制造业": ("服装有限公司", "电子有限公司", "食品有限公司"),
    "建筑业": ("建筑劳务有限公司",),
    "批发零售业": ("商贸有限公司",),
    "交通运输仓储邮政业": ("物流有限公司",),
    "住宿餐饮业": ("餐饮管理有限公司",),
    "居民服务业": ("家政服务有限公司",),
    "其他": ("农业开发有限公司",),
}
MARK = "（演示）"  # on the name of every invented employer
LUCKY = "晨帆恒瑞金禾远信同德锦程卓越惠民盛泰宏嘉"
LEAVING = ((1, 0.10), (2, 0.12), (3, 0.30), (4, 0.16), (5, 0.10), (6, 0.07), (7, 0.06), (8, 0.05), (9, 0.04))
MONTHS = ((2, 0.03), (3, 0.05), (4, 0.09), (5, 0.12), (6, 0.15), (7, 0.18), (8, 0.20), (9, 0.18))
# Evidence behind a month of pay; invented, with the cadre's bare word kept small.
GRADES = ((Grade.A, 0.18), (Grade.B, 0.37), (Grade.C, 0.31), (Grade.D, 0.14))
ENDINGS = (EndReason.CONTRACT_ENDED, EndReason.SEASON_ENDED, EndReason.PERSONAL, EndReason.CHANGED_JOB)


@dataclass(frozen=True)
class Unit:
    """An invented employer."""

    credit_code: str
    name: str
    industry: str
    province: int
    place: int
    post: str
    occupation: str
    pay_yuan: int


def employer_rows(made: Sequence[Unit]) -> list[EmployerRow]:
    """Return invented employers as the partners' desk loads them."""
    return [
        EmployerRow(
            credit_code=unit.credit_code,
            name=unit.name,
            kind=EmployerKind.DOMESTIC_SERVICE if unit.industry == "居民服务业" else EmployerKind.ENTERPRISE,
            place=unit.place,
            industry=unit.industry,
            contact_name="人事部",
            contact_phone=invented_phone(800_000 + number),
            invented=True,
        )
        for number, unit in enumerate(made)
    ]


@dataclass(frozen=True)
class Work:
    """One invented spell of work of one person."""

    person: Person
    registered_poor: bool
    channel: Channel
    unit: Unit
    place: int
    left_on: datetime.date
    ended_on: datetime.date | None
    end_reason: str
    grade: Grade
    incomes: tuple[tuple[datetime.date, int, bool, Grade], ...]  # first day of month, fen, measured, grade


def units(*, seed: int) -> list[Unit]:
    """Return the invented employers: for each place one a trade, plus workshops' neighbours in Lanzhou."""
    draw = np.random.default_rng(seed)
    made: list[Unit] = []
    for province, (place, city) in SEATS.items():
        for industry, _share, pay, occupation, post in INDUSTRIES:
            for trade in TRADES[industry]:
                word = "".join(
                    draw.choice(list("晨帆恒瑞金禾远信同德锦程卓越惠民盛泰宏嘉"), 2, replace=False)
                )
                made.append(
                    Unit(
                        credit_code=invented_credit_code(len(made) + 1),
                        name=f"{city}{word}{trade}{MARK}",
                        industry=industry,
                        province=province,
                        place=place,
                        post=post,
                        occupation=occupation,
                        pay_yuan=round(pay * _REGION_PAY.get(province, 1.0) / 50) * 50,
                    )
                )
    return made


# NBS 2020, pay by region of work: east 4,351, centre 3,866, west 3,808 against 4,072 in all; rounded by hand.
_REGION_PAY = {
    620000_000000: 0.93,
    650000_000000: 1.02,
    110000_000000: 1.12,
    310000_000000: 1.12,
    440000_000000: 1.06,
}


def works(
    *, homes: Sequence[Home], employers: Sequence[Unit], seed: int, spring_county: int = 0
) -> Iterator[Work]:
    """Yield at most one spell a person between January and October 2020.

    Spell lengths give about six paid months on average: 21,483 yuan a person to October at 3,300 to 3,800
    yuan a month (report of 11 November 2020).

    Args:
        homes: whose members work.
        employers: where they work.
        seed: the same seed gives the same work.
        spring_county: 6-digit county whose people leave the prefecture in the spring of 2020, by proof of
            their employers: its subsidy rules are computed.
    """
    draw = np.random.default_rng(seed)
    by_place = {province: [unit for unit in employers if unit.province == province] for province in SEATS}
    for home in homes:
        for person in home.members:
            if draw.random() < WORKING_SHARE:
                made = _work(draw, home, person, by_place)
                yield _in_spring(draw, made, by_place) if person.village // 10**6 == spring_county else made


def _work(draw: Generator, home: Home, person: Person, by_place: dict[int, list[Unit]]) -> Work:
    province = 620000_000000 if draw.random() < IN_PROVINCE_SHARE else _pick(draw, OUTSIDE)
    unit = by_place[province][int(draw.integers(len(by_place[province])))]
    left = _day(draw, _pick(draw, LEAVING))
    months = _pick(draw, MONTHS)
    ended: datetime.date | None = left + datetime.timedelta(days=30 * months)
    if ended is not None and ended > COUNTED_TO:
        ended = None
    organised = draw.random() < ORGANISED_SHARE + (0.04 if home.registered_poor else 0)
    grade = _pick(draw, GRADES)
    return Work(
        person=person,
        registered_poor=home.registered_poor,
        channel=Channel.ORGANISED if organised else Channel.SELF_ARRANGED,
        unit=unit,
        place=_near_home(draw, person.village) if province == 620000_000000 else unit.place,
        left_on=left,
        ended_on=ended,
        end_reason=ENDINGS[int(draw.integers(len(ENDINGS)))].value if ended else "",
        grade=grade,
        incomes=tuple(_incomes(draw, unit, left, ended, grade, registered_poor=home.registered_poor)),
    )


def _in_spring(draw: Generator, made: Work, by_place: dict[int, list[Unit]]) -> Work:
    left, province = SPRING[int(draw.integers(len(SPRING)))]
    unit = by_place[province][int(draw.integers(len(by_place[province])))]
    return replace(
        made,
        channel=Channel.ORGANISED,
        unit=unit,
        place=unit.place,
        left_on=left,
        ended_on=None,
        end_reason="",
        grade=Grade.B,
        incomes=tuple(_incomes(draw, unit, left, None, Grade.B, registered_poor=made.registered_poor)),
    )


def _near_home(draw: Generator, village: int) -> int:
    """Inside the province: own township, own county, own city, or Lanzhou."""
    near = draw.random()
    if near < 0.25:
        return village // 1_000 * 1_000
    if near < 0.55:
        return village // 1_000_000 * 1_000_000
    return village // 100_000_000 * 100_000_000 if near < 0.75 else 620102_000000


def _incomes(
    draw: Generator,
    unit: Unit,
    left: datetime.date,
    ended: datetime.date | None,
    grade: Grade,
    *,
    registered_poor: bool,
) -> Iterator[tuple[datetime.date, int, bool, Grade]]:
    last = min(ended - datetime.timedelta(days=1) if ended else COUNTED_TO, COUNTED_TO)
    level = float(draw.normal(1.0, 0.12)) * (0.86 if registered_poor else 1.06)
    for month in months_touched(left, last):
        days = _days_in(month, left, last)
        yuan = max(0.0, unit.pay_yuan * level * days / month.days)
        yield datetime.date(month.year, month.month, 1), round(yuan) * 100, grade in (Grade.A, Grade.B), grade


def _days_in(month: Month, left: datetime.date, last: datetime.date) -> int:
    first = datetime.date(month.year, month.month, 1)
    end = first + datetime.timedelta(days=month.days - 1)
    return (min(end, last) - max(first, left)).days + 1


def _day(draw: Generator, month: int) -> datetime.date:
    return datetime.date(2020, month, int(draw.integers(1, 29)))


def _pick(draw: Generator, table: Sequence[tuple[T, float]]) -> T:
    shares = np.array([share for _, share in table])
    return table[int(draw.choice(len(table), p=shares / shares.sum()))][0]
