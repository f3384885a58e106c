"""Invented people of real villages: households, members, wishes. Seeded, and the same on every machine.

What is real: the divisions, and the marginals named beside each constant. What is invented: every person.
Identity numbers begin with 99, phones with 100, which were never issued to anybody.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.random import Generator

from fourdoors.kernel.divisions import GANSU, Level, all_divisions, ancestor_of
from fourdoors.kernel.identity import invented_identity, invented_phone
from fourdoors.kernel.terms import Education, LabourCapacity, RelationToHead, Sex

# Persons transferred in 2020 by prefecture, in units of 10,000: placeholder weights that sum to 526.0, of
# which 临夏 55.9 and 庆阳 54.2 are published for the whole of 2020 (their statistical bulletins).
PREFECTURE_WEIGHTS = {
    620500: 71.0,
    621100: 68.5,
    621200: 66.5,
    622900: 55.9,
    621000: 54.2,
    620800: 49.0,
    620600: 35.0,
    620100: 34.5,
    620400: 31.0,
    620700: 25.5,
    620900: 14.0,
    623000: 13.5,
    620300: 6.5,
    620200: 0.9,
}
REGISTERED_POOR_SHARE = 1_899_000 / 5_260_000  # report of 11 November 2020
AT_RISK_SHARE = 0.03  # invented: no published share was found
FEMALE_SHARE = 0.348  # NBS, monitoring of migrant workers 2020
AGE_BANDS = (
    ((16, 20), 0.016),
    ((21, 30), 0.211),
    ((31, 40), 0.267),
    ((41, 50), 0.242),
    ((51, 59), 0.264),
)  # NBS 2020; over 50 is closed at 59 here
EDUCATION = (
    (Education.ILLITERATE, 0.010),
    (Education.PRIMARY, 0.147),
    (Education.JUNIOR_MIDDLE, 0.554),
    (Education.SENIOR_MIDDLE, 0.167),
    (Education.JUNIOR_COLLEGE, 0.122),
)  # NBS 2020
CAPACITY = (
    (LabourCapacity.ORDINARY, 0.82),
    (LabourCapacity.SKILLED, 0.14),
    (LabourCapacity.WEAK, 0.04),
)  # invented
MEMBERS = (
    (1, 0.55),
    (2, 0.37),
    (3, 0.08),
)  # workers in a household: 1.41 in the report's households, near it
T = TypeVar("T")
BORN_BEFORE = datetime.date(2020, 2, 1)  # ages are counted on this day
SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾田董袁潘蒋蔡余杜叶程苏魏吕丁任沈"
GIVEN_FEMALE = "兰芳秀英娟红玲霞梅燕丽萍桂香春花月娥彩云雪莲婷静巧凤琴莉转弟爱琼"
GIVEN_MALE = "军强伟平建国明华海龙文斌勇刚福贵林生虎辉鹏飞杰涛成喜宝全永志东红旺"


@dataclass(frozen=True)
class Person:
    """An invented worker."""

    number: int  # place in the demonstration, from 0: identity number and phone follow from it
    household: int
    village: int
    name: str
    sex: Sex
    born_on: datetime.date
    education: Education
    labour_capacity: LabourCapacity
    relation: RelationToHead

    @property
    def identity(self) -> str:
        """Return the identity number, 18 characters beginning with 99."""
        return invented_identity(sequence=self.number, born_on=self.born_on, sex=self.sex)

    @property
    def phone(self) -> str:
        """Return the phone number, 11 digits beginning with 100."""
        return invented_phone(self.number)


@dataclass(frozen=True)
class Home:
    """An invented household and what it was recognised as."""

    number: int
    village: int
    registered_poor: bool
    at_risk: bool
    members: tuple[Person, ...]


def village_weights() -> tuple[np.ndarray, np.ndarray]:
    """Return all villages of Gansu (int64) and the running sum of the share each gets (float64, ends at 1).

    A prefecture's weight is divided evenly over its villages: no count of workers by county was found.
    """
    codes = np.array([d.code for d in all_divisions() if d.level is Level.VILLAGE and _in_gansu(d.code)])
    prefecture = codes // 100_000_000 * 100
    weights = np.zeros(len(codes))
    for code, persons in PREFECTURE_WEIGHTS.items():
        here = prefecture == code
        weights[here] = persons / max(1, here.sum())
    return codes, np.cumsum(weights / weights.sum())


def _in_gansu(code: int) -> bool:
    return ancestor_of(code, Level.PROVINCE) == GANSU


def homes(
    *,
    workers: int,
    seed: int,
    villages: np.ndarray | None = None,
    first: int = 0,
    poor_share: float = REGISTERED_POOR_SHARE,
) -> Iterator[Home]:
    """Yield households until they hold ``workers`` workers.

    Args:
        workers: how many in all.
        seed: the same seed gives the same people.
        villages: 12-digit codes to live in, evenly; all of Gansu by its weights where not given.
        first: number of the first person, so that two calls never invent the same one.
        poor_share: share of households in the poverty register.
    """
    draw = np.random.default_rng(seed)
    codes, running = village_weights() if villages is None else (villages, _evenly(len(villages)))
    left, person, household = workers, first, first
    sizes, shares = zip(*MEMBERS, strict=True)
    while left > 0:
        size = min(left, int(draw.choice(sizes, p=shares)))
        village = int(codes[min(int(np.searchsorted(running, draw.random())), len(codes) - 1)])
        status = draw.random()
        yield Home(
            number=household,
            village=village,
            registered_poor=status < poor_share,
            at_risk=poor_share <= status < poor_share + AT_RISK_SHARE,
            members=tuple(_members(draw, size, person, household, village)),
        )
        left, person, household = left - size, person + size, household + 1


def _evenly(count: int) -> np.ndarray:
    return np.cumsum(np.full(count, 1 / count))


def _members(draw: Generator, size: int, first: int, household: int, village: int) -> Iterator[Person]:
    surname = _one(draw, SURNAMES)
    head_sex = Sex.FEMALE if draw.random() < FEMALE_SHARE else Sex.MALE
    head_born = _born(draw, None)
    other = Sex.MALE if head_sex is Sex.FEMALE else Sex.FEMALE
    for place in range(size):
        sex, relation, born, family = head_sex, RelationToHead.HEAD, head_born, surname
        if place == 1:
            sex, relation, family = other, RelationToHead.SPOUSE, _one(draw, SURNAMES)
            born = _near(draw, head_born)
        elif place == 2:
            sex = Sex.FEMALE if draw.random() < FEMALE_SHARE else Sex.MALE
            relation = RelationToHead.DAUGHTER if sex is Sex.FEMALE else RelationToHead.SON
            born = _born(draw, (16, 25))
        yield Person(
            number=first + place,
            household=household,
            village=village,
            name=family + _given(draw, sex),
            sex=sex,
            born_on=born,
            education=_pick(draw, EDUCATION),
            labour_capacity=_pick(draw, CAPACITY),
            relation=relation,
        )


def _born(draw: Generator, band: tuple[int, int] | None) -> datetime.date:
    youngest, oldest = (
        band or AGE_BANDS[int(draw.choice(len(AGE_BANDS), p=[share for _, share in AGE_BANDS]))][0]
    )
    days = int(draw.integers(youngest * 366, (oldest + 1) * 365))
    return BORN_BEFORE - datetime.timedelta(days=days)


def _near(draw: Generator, born: datetime.date) -> datetime.date:
    latest = BORN_BEFORE - datetime.timedelta(days=20 * 366)  # nobody is married below the age of 20
    return min(born + datetime.timedelta(days=int(draw.integers(-1500, 1500))), latest)


def _given(draw: Generator, sex: Sex) -> str:
    letters = GIVEN_FEMALE if sex is Sex.FEMALE else GIVEN_MALE
    return _one(draw, letters) + (_one(draw, letters) if draw.random() < 0.75 else "")


def _one(draw: Generator, letters: str) -> str:
    return letters[int(draw.integers(len(letters)))]


def _pick(draw: Generator, table: tuple[tuple[T, float], ...]) -> T:
    return table[int(draw.choice(len(table), p=[share for _, share in table]))][0]
