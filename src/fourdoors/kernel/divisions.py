"""Administrative divisions (行政区划) as 12-digit codes: what holds what, and how far away work is."""

import csv
import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from importlib.resources import files

from fourdoors.kernel.terms import Term

GANSU = 620000000000  # Gansu Province (甘肃省)
LI_COUNTY = 621226000000  # Li County (礼县), Longnan, Gansu
NEIGHBOURS_OF_GANSU = frozenset(
    # Inner Mongolia, Sichuan, Shaanxi, Qinghai, Ningxia, Xinjiang: the provinces that share a border with it
    {150000000000, 510000000000, 610000000000, 630000000000, 640000000000, 650000000000}
)


class Level(IntEnum):
    """The five levels of the statistical codes; a deeper level is a greater number."""

    PROVINCE = 1  # 省、自治区、直辖市
    PREFECTURE = 2  # 市、州
    COUNTY = 3  # 县、区
    TOWNSHIP = 4  # 乡、镇、街道
    VILLAGE = 5  # 村、社区


WIDTHS = {  # how many codes one division of a level takes up
    Level.PROVINCE: 10**10,
    Level.PREFECTURE: 10**8,
    Level.COUNTY: 10**6,
    Level.TOWNSHIP: 10**3,
    Level.VILLAGE: 1,
}


class Ring(Term):
    """How far a place of work lies from home (务工地域), nearest first.

    The words of the monthly monitoring (01 to 04) have no ring between county and province: its
    县外省内 is read as ``IN_PROVINCE``.
    """

    IN_TOWNSHIP = "in_township", "In the township", "乡（镇）内", "乡（镇）内务工", "乡镇内", "01"
    IN_COUNTY = "in_county", "In the county", "县内", "乡（镇）外县内", "乡（镇）外县内务工", "02"
    IN_CITY = "in_city", "In the prefecture", "市内县外", "县外市内"
    IN_PROVINCE = "in_province", "In the province", "省内市外", "省内县外", "县外省内", "县外省内务工", "03"
    NEIGHBOUR_PROVINCE = "neighbour_province", "Neighbour province", "邻省", "周边省区"
    OUT_OF_PROVINCE = "out_of_province", "Other province", "省外", "省外务工", "04"


@dataclass(frozen=True)
class Range:
    """The codes ``lo <= code < hi``: one division with all that it holds."""

    lo: int
    hi: int

    def __contains__(self, code: int) -> bool:
        return self.lo <= code < self.hi

    def covers(self, other: "Range") -> bool:
        """Tell whether every code of ``other`` lies inside."""
        return self.lo <= other.lo and other.hi <= self.hi


@dataclass(frozen=True)
class Division:
    """One division of the reference table.

    ``name_pinyin`` is for readers of English (``Li County``); ``lon`` and ``lat`` are degrees (WGS 84 or
    nearly so), None where no position is known: ``point_of`` climbs to the next division that has one.
    """

    code: int
    name: str
    name_pinyin: str
    level: Level
    parent: int | None
    lon: float | None
    lat: float | None


def level_of(code: int) -> Level:
    """Return the level that the trailing zeros of a 12-digit code tell.

    Raises:
        ValueError: not twelve digits.

    >>> level_of(621226000000), level_of(621226108000), level_of(621226108201)
    (<Level.COUNTY: 3>, <Level.TOWNSHIP: 4>, <Level.VILLAGE: 5>)
    """
    if not 10**11 <= code < 10**12:
        raise ValueError(f"{code} is not a 12-digit division code")
    return next(level for level, width in WIDTHS.items() if code % width == 0)


def range_of(code: int) -> Range:
    """Return the half-open range of a division and all that it holds.

    >>> range_of(LI_COUNTY)
    Range(lo=621226000000, hi=621227000000)
    """
    return Range(code, code + WIDTHS[level_of(code)])


def ancestor_of(code: int, level: Level) -> int:
    """Return the division of ``level`` that holds ``code``, or ``code`` itself when it is no deeper.

    >>> ancestor_of(621226108201, Level.COUNTY) == LI_COUNTY
    True
    """
    return code if level_of(code) <= level else code - code % WIDTHS[level]


def parent_of(code: int) -> int | None:
    """Return the division one level up; None above a province.

    >>> parent_of(LI_COUNTY), parent_of(GANSU)
    (621200000000, None)
    """
    level = level_of(code)
    return None if level is Level.PROVINCE else ancestor_of(code, Level(level - 1))


def county_of(village: int) -> int:
    """Return the six digits of the county that holds a village, the first key of every person table.

    >>> county_of(621226108201)
    621226
    """
    return village // WIDTHS[Level.COUNTY]


def destination_ring(home_village: int, work_place: int) -> Ring:
    """Return how far work lies from home, by borders and not by kilometres.

    A place of work known only coarsely counts at the level at which it is known: the home county
    without a township is ``IN_COUNTY``. Neighbours are known for people of Gansu alone.

    Args:
        home_village: code of the village (or township) of registration.
        work_place: code of any level.

    >>> destination_ring(621226108201, 621226000000), destination_ring(621226108201, 610100000000)
    (<Ring.IN_COUNTY: 'in_county'>, <Ring.NEIGHBOUR_PROVINCE: 'neighbour_province'>)
    """
    for level, ring in (
        (Level.TOWNSHIP, Ring.IN_TOWNSHIP),
        (Level.COUNTY, Ring.IN_COUNTY),
        (Level.PREFECTURE, Ring.IN_CITY),
        (Level.PROVINCE, Ring.IN_PROVINCE),
    ):
        if work_place in range_of(ancestor_of(home_village, level)):
            return ring
    to_neighbour = ancestor_of(work_place, Level.PROVINCE) in NEIGHBOURS_OF_GANSU
    return (
        Ring.NEIGHBOUR_PROVINCE if home_village in range_of(GANSU) and to_neighbour else Ring.OUT_OF_PROVINCE
    )


def all_divisions() -> list[Division]:
    """Return every known division by code: Gansu down to its villages, the rest of China to counties.

    Source:
        National Bureau of Statistics codes as of 30 June 2023, from china-division 2.7.0 (npm, WTFPL).
        The statistical pseudo counties are kept as they are there: development zones (codes XX71..),
        620171 Lanzhou New Area, and 620201 for Jiayuguan, a city without counties.
        ``scripts/reference.py`` made the file and says what it changed.
    """
    return list(_table().values())


def find_division(code: int) -> Division | None:
    """Return the division of a code, or None where the table has none.

    >>> find_division(LI_COUNTY).name_pinyin
    'Li County'
    """
    return _table().get(code)


def divisions_in(code: int) -> list[Division]:
    """Return the divisions directly below ``code`` in the order of codes.

    >>> len(divisions_in(GANSU))
    14
    """
    return [_table()[child] for child in _children().get(code, ())]


def path_of(code: int) -> list[Division]:
    """Return the known divisions from the province down to ``code`` itself.

    >>> [division.name for division in path_of(LI_COUNTY)]
    ['甘肃省', '陇南市', '礼县']
    """
    steps = [ancestor_of(code, level) for level in Level if level <= level_of(code)]
    return [division for step in steps if (division := find_division(step))]


@lru_cache(maxsize=1 << 15)
def names_of(code: int, *, prefix: str = "") -> dict[str, str]:
    """Return the names of a place and of what lies above it, by level: ``province`` down to ``village``.

    Args:
        code: 12-digit code; one that nobody knows has no names.
        prefix: before each key, as forms with two places need it.
    """
    keys = ("province", "prefecture", "county", "township", "village")
    return {f"{prefix}{key}": step.name for key, step in zip(keys, path_of(code), strict=False)}


def point_of(code: int) -> tuple[float, float] | None:
    """Return longitude and latitude of a division, or of the nearest one above it that has a position."""
    for division in reversed(path_of(code)):
        if division.lon is not None and division.lat is not None:
            return division.lon, division.lat
    return None


def find_by_names(names: Sequence[str]) -> int | None:
    """Return the code of a place written as names from the province down, as rosters write it.

    An empty name is passed over; a name may lack its kind word (``礼`` or ``礼县``, ``盐官`` or ``盐官镇``)
    and a village may be called by its committee. A level that is missing is searched through.

    Returns:
        The code of the deepest name, or None when a name is unknown or fits two places.

    >>> find_by_names(["甘肃", "陇南市", "礼县"]) == LI_COUNTY
    True
    """
    found = [_ROOT]
    for name in filter(None, (raw.strip() for raw in names)):
        found = _below(found, name)
    return found[0] if len(found) == 1 and found != [_ROOT] else None


_ROOT = 0
_SUFFIXES = (
    ("省", "市", "壮族自治区", "回族自治区", "维吾尔自治区", "自治区"),
    ("市", "地区", "盟", "回族自治州", "藏族自治州"),
    ("县", "区", "市", "旗"),
    ("镇", "乡", "街道"),
    ("村", "社区"),
)
_COMMITTEES = ("村村民委员会", "村民委员会", "村村委会", "村委会", "社区居民委员会", "社区居委会", "居委会")


def plain_name(name: str, level: Level) -> str:
    """Return the name of a place without its kind word, for comparing what two hands wrote.

    >>> plain_name("仙家村委会", Level.VILLAGE), plain_name("礼县", Level.COUNTY)
    ('仙家', '礼')
    """
    endings = _COMMITTEES + _SUFFIXES[level - 1] if level is Level.VILLAGE else _SUFFIXES[level - 1]
    ending = next((ending for ending in endings if name.endswith(ending)), "")
    return name[: len(name) - len(ending)] or name


def _below(parents: list[int], name: str) -> list[int]:
    """Return the divisions called ``name`` on the nearest level below ``parents`` that knows the name."""
    level = [child for parent in parents for child in _children().get(parent, ())]
    while level:
        exact = [code for code in level if _table()[code].name == name]
        if found := exact or [code for code in level if _is_called(_table()[code], name)]:
            return found
        level = [child for parent in level for child in _children().get(parent, ())]
    return []


def _is_called(division: Division, name: str) -> bool:
    return plain_name(division.name, division.level) == plain_name(name, division.level)


@cache
def _table() -> dict[int, Division]:
    packed = (files("fourdoors.kernel") / "data" / "divisions.csv.gz").read_bytes()
    rows = csv.reader(gzip.decompress(packed).decode().splitlines()[1:])
    return {division.code: division for division in map(_division, rows)}


def _division(row: list[str]) -> Division:
    code = int(row[0])
    lon, lat = (float(text) if text else None for text in row[3:5])
    return Division(code, row[1], row[2], level_of(code), parent_of(code), lon, lat)


@cache
def _children() -> dict[int, list[int]]:
    children: dict[int, list[int]] = {}
    for division in _table().values():
        children.setdefault(division.parent or _ROOT, []).append(division.code)
    return children
