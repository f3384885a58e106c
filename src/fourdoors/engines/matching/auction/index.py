"""Lines as slots, rules as bits: what a scan of all possible pairs of one worker needs.

Lines stand region by region, each region padded to whole words of 64 slots, sorted by occupation and by what
the wage is worth at the prices that are known. A rule that depends on one thing of the worker is a table of
bitmap rows: workers are sorted into classes that the rule cannot tell apart, and the row of a class has a bit
for each slot that it leaves open. Prices themselves are kept elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.problem import Problem, Sex, Vacancies, Workers
from fourdoors.engines.matching.utility import YUAN_PER_POINT

WORD = 64
BITS_PER_CLASS = 8  # certificates and skills are compared eight names at a time: at most 256 classes
MOST_BITMAP_BYTES = 2**29
MOST_PAY = 10_000  # tens of yuan a month; wage floors up to there fit the 16 bits of a lane
BIG_EMPLOYER_LINES = 64  # above it an employer has a bitmap row, below it a list of slots
NOTHING = 0  # number of the row without a bit

Rows = NDArray[Any]
Flags = NDArray[np.bool_]


class TooWideError(ValueError):
    """Numbers of the problem do not fit the narrow ones of the auction; another backend takes it."""


class Lines(NamedTuple):
    """The lines in slots; every array is read by compiled code."""

    pay: NDArray[np.int16]  # per slot: wage in tens of yuan a month, cut where no worker can tell
    gift: NDArray[np.int16]  # per slot: points that the line gives to everybody
    key: NDArray[np.uint64]  # per slot
    lon: NDArray[np.float64]  # per slot, degrees
    lat: NDArray[np.float64]
    bits: NDArray[np.uint64]  # (rows, words)
    words: NDArray[np.uint64]  # (rows, words / 64): has the word any bit of the row?
    region_word: NDArray[np.int64]  # (65,): first word of each region
    word_region: NDArray[np.int8]  # per word
    region_box: NDArray[np.float64]  # (64, 4): lowest and highest longitude and latitude, nan if unknown
    occupation_slot: NDArray[np.int32]  # (64, occupations + 1): first slot of each occupation in each region


@dataclass
class _Bitmaps:
    """Collects rows of bits, packed as they come."""

    slots: int
    line_of: NDArray[np.int32]
    rows: list[NDArray[np.uint64]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.add(np.zeros((self.line_of >= 0).sum(), bool))

    def add(self, open_lines: Flags) -> int:
        """Keep a row from one flag for each filled slot, in slot order; return its number."""
        if (len(self.rows) + 1) * self.slots // 8 > MOST_BITMAP_BYTES:
            raise TooWideError(f"bitmaps: more than {MOST_BITMAP_BYTES} bytes for {self.slots} slots")
        flags = np.zeros(self.slots, bool)
        flags[self.line_of >= 0] = open_lines
        self.rows.append(np.packbits(flags, bitorder="little").view(np.uint64))
        return len(self.rows) - 1

    def classes(self, of_worker: NDArray[Any], leaves_open: Callable[[Any], Flags]) -> Rows:
        """Return a row for each worker; ``leaves_open`` gives the flags of one class."""
        found, number = np.unique(of_worker, return_inverse=True)
        return np.array([self.add(leaves_open(one)) for one in found.tolist()], np.int32)[number.ravel()]


@dataclass(frozen=True)
class Index:
    """The lines of a problem and where each worker finds its rows.

    Attributes:
        lines: the slots.
        line_of: int32 per slot: row of the vacancy, -1 where a slot is padding.
        slot_of: int32 per vacancy.
        openings: int32 per slot.
        must: int32 (workers, rules): rows that must all have the bit.
        skill: int32 (workers, groups): rows of which one must have the bit for the points of a skill.
        short: int32 per worker: row of the lines whose last yuan is below the worker's.
        floor: int16 per worker: wage floor in tens of yuan a month.
        wishes: int32 (workers, 3): places of occupations in ``lines.occupation_slot``, -1 for none.
        employer_row: row of each employer with many lines.
        bonus_slots: slots of each employer with few.
    """

    lines: Lines
    line_of: NDArray[np.int32]
    slot_of: NDArray[np.int32]
    openings: NDArray[np.int32]
    must: Rows
    skill: Rows
    short: Rows
    floor: NDArray[np.int16]
    wishes: NDArray[np.int32]
    employer_row: dict[int, int]
    bonus_slots: dict[int, NDArray[np.int32]]


def build_index(problem: Problem, workers: Workers, prices: NDArray[np.int64]) -> Index:
    """Lay the lines out and sort the workers into the classes of each rule.

    Args:
        problem: the round.
        workers: those of its workers who take part, in the order of processing.
        prices: int64 per vacancy, points, as far as they are known: lines of one region and occupation
            stand by what they are worth at these prices, so that the bound of a word is near its lines.

    Raises:
        TooWideError: bitmaps or wages do not fit.
    """
    order, line_of, slot_of, region_word = _layout(problem, prices)
    lines = problem.vacancies.at(order)
    bitmaps = _Bitmaps(len(line_of), line_of)
    must = _must_rows(workers, lines, bitmaps)
    skill = _skill_rows(workers, lines, bitmaps)
    short = _short_rows(workers, lines, bitmaps)
    employer_row, bonus_slots = _employers(problem, lines, slot_of[order], bitmaps)
    floor, pay = _wages(workers, lines, problem.weights.wage)
    occupations, starts = _occupations(lines, slot_of[order], region_word)
    bits = np.stack(bitmaps.rows)

    def spread(values: NDArray[Any], dtype: str, rest: float = 0) -> NDArray[Any]:
        column = np.full(len(line_of), rest, dtype)
        column[slot_of[order]] = values
        return column

    return Index(
        lines=Lines(
            pay=spread(pay, "int16"),
            gift=spread(lines.lodging * problem.weights.lodging, "int16"),
            key=spread(lines.key.astype(np.uint64), "uint64"),
            lon=spread(lines.lon_degrees, "float64", np.nan),
            lat=spread(lines.lat_degrees, "float64", np.nan),
            bits=bits,
            words=_any_bit(bits),
            region_word=region_word,
            word_region=(np.searchsorted(region_word, np.arange(len(line_of) // WORD), "right") - 1).astype(
                np.int8
            ),
            region_box=_boxes(lines),
            occupation_slot=starts,
        ),
        line_of=line_of,
        slot_of=slot_of,
        openings=spread(lines.openings, "int32"),
        must=must,
        skill=skill,
        short=short,
        floor=floor,
        wishes=_distinct(_places(workers.occupations, occupations)),
        employer_row=employer_row,
        bonus_slots=bonus_slots,
    )


def _layout(
    problem: Problem, prices: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.int32], NDArray[np.int32], Any]:
    """Return the lines in slot order, the line of each slot, its inverse, the first word of each region."""
    lines = problem.vacancies
    gain = lines.wage_yuan_per_month // YUAN_PER_POINT + lines.lodging * problem.weights.lodging - prices
    order = np.lexsort((lines.key, -gain, lines.occupation, lines.region))
    counts = np.bincount(lines.region, minlength=64)
    region_word = np.append(0, np.cumsum(-(-counts // WORD))).astype(np.int64)
    words = -(-max(1, int(region_word[-1])) // WORD) * WORD  # whole groups of 64 words
    before = np.append(0, np.cumsum(counts))[:-1]
    slot_of = np.empty(len(lines), np.int32)
    regions = lines.region[order]
    slot_of[order] = region_word[regions] * WORD + np.arange(len(order)) - before[regions]
    line_of = np.full(words * WORD, -1, np.int32)
    line_of[slot_of] = np.arange(len(order))
    return order, line_of, slot_of, region_word


def _must_rows(workers: Workers, lines: Vacancies, bitmaps: _Bitmaps) -> Rows:
    columns = [_age_rows(workers, lines, bitmaps), _body_rows(workers, lines, bitmaps)]
    starts, start = np.unique(lines.starts_on, return_inverse=True)
    begins = np.searchsorted(starts, workers.earliest_on)
    columns.append(bitmaps.classes(begins, lambda rank: start >= rank))
    county = np.where(workers.stays_in_county, workers.county, -1)
    columns.append(bitmaps.classes(county, lambda one: (lines.county == one) | (one < 0)))
    asked = _names(lines.certificates)
    for shift in range(0, len(asked), BITS_PER_CLASS):
        held, needed = (
            _pattern(table.certificates, asked[shift : shift + BITS_PER_CLASS]) for table in (workers, lines)
        )
        columns.append(bitmaps.classes(held, partial(_are_held, needed)))
    return np.ascontiguousarray(np.stack(columns, axis=1))


def _age_rows(workers: Workers, lines: Vacancies, bitmaps: _Bitmaps) -> Rows:
    """Return the row of each worker's age: between two neighbouring limits nobody can be told apart."""
    born, starts = _ordinal(workers.born_on), _ordinal(lines.starts_on)
    youngest = starts - YEAR * lines.age_min_years.astype(np.int64)
    rows = np.empty(len(workers), np.int32)
    for sex in Sex:
        men, women = lines.age_max_men_years, lines.age_max_women_years
        most = {Sex.MALE: men, Sex.FEMALE: women}.get(sex, np.minimum(men, women))
        too_old = starts - YEAR * (most.astype(np.int64) + 1)
        limits = np.unique(np.append(youngest, too_old))
        latest, earliest = np.searchsorted(limits, youngest), np.searchsorted(limits, too_old)
        own = np.flatnonzero(workers.sex == sex)
        rank = np.searchsorted(limits, born[own])
        rows[own] = bitmaps.classes(rank, partial(_is_between, earliest, latest))
    return rows


def _is_between(earliest: Rows, latest: Rows, rank: int) -> Flags:
    return (earliest < rank) & (rank <= latest)


def _are_held(needed: Rows, held: int) -> Flags:
    flags: Flags = (needed & ~held) == 0
    return flags


def _one_helps(helps: Rows, has: int) -> Flags:
    flags: Flags = (helps & has) != 0
    return flags


YEAR = 12 * 32  # of an ordinal: months and days of a month, with room


def _ordinal(days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Return a number of each day whose difference, divided by YEAR, is the full years between two."""
    months = days.astype("datetime64[M]")
    number: NDArray[np.int64] = months.astype(np.int64) * 32 + (days - months.astype("datetime64[D]")).astype(
        np.int64
    )
    return number


def _body_rows(workers: Workers, lines: Vacancies, bitmaps: _Bitmaps) -> Rows:
    kind = workers.sex.astype(np.int64) * 64 + workers.capacity * 8 + workers.education

    def leaves_open(one: int) -> Flags:
        sex, capacity, education = one // 64, one // 8 % 8, one % 8
        fits: Flags = (lines.sex == Sex.ANY) | (lines.sex == sex)
        return fits & (lines.capacity <= capacity) & (lines.education <= education)

    return bitmaps.classes(kind, leaves_open)


def _skill_rows(workers: Workers, lines: Vacancies, bitmaps: _Bitmaps) -> Rows:
    helpful, columns = _names(lines.skills), []
    for shift in range(0, len(helpful), BITS_PER_CLASS):
        has, helps = (
            _pattern(table.skills, helpful[shift : shift + BITS_PER_CLASS]) for table in (workers, lines)
        )
        columns.append(bitmaps.classes(has, partial(_one_helps, helps)))
    return (
        np.ascontiguousarray(np.stack(columns, axis=1)) if columns else np.empty((len(workers), 0), "int32")
    )


def _short_rows(workers: Workers, lines: Vacancies, bitmaps: _Bitmaps) -> Rows:
    last = lines.wage_yuan_per_month % YUAN_PER_POINT
    return bitmaps.classes(workers.wage_floor_yuan_per_month % YUAN_PER_POINT, lambda one: last < one)


def _names(bits: NDArray[np.uint64]) -> list[int]:
    """Return the places of the bits that occur in a column."""
    found = int(np.bitwise_or.reduce(bits, initial=np.uint64(0)))
    return [place for place in range(64) if found >> place & 1]


def _pattern(bits: NDArray[np.uint64], places: list[int]) -> NDArray[np.int64]:
    """Return the bits at ``places``, moved together."""
    pattern = np.zeros(len(bits), np.int64)
    for number, place in enumerate(places):
        pattern |= (bits >> np.uint64(place) & np.uint64(1)).astype(np.int64) << number
    return pattern


def _employers(
    problem: Problem, lines: Vacancies, slots: NDArray[np.int32], bitmaps: _Bitmaps
) -> tuple[dict[int, int], dict[int, NDArray[np.int32]]]:
    """Return the bitmap row or the slots of every employer that a village is linked with."""
    rows: dict[int, int] = {}
    few: dict[int, NDArray[np.int32]] = {}
    order = np.argsort(lines.employer, kind="stable")
    sorted_employers = lines.employer[order]
    linked = np.intersect1d(problem.links[:, 1], sorted_employers)
    for employer in linked.tolist() if problem.weights.companions else []:
        first, last = np.searchsorted(sorted_employers, [employer, employer + 1])
        if last - first > BIG_EMPLOYER_LINES:
            rows[employer] = bitmaps.add(lines.employer == employer)
        else:
            few[employer] = np.sort(slots[order[first:last]])
    return rows, few


def _wages(workers: Workers, lines: Vacancies, most_points: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return floors and wages in tens of yuan; wages are cut where every worker has all points."""
    pay = lines.wage_yuan_per_month // YUAN_PER_POINT
    floor = np.minimum(workers.wage_floor_yuan_per_month // YUAN_PER_POINT, pay.max(initial=0) + 1)
    pay = np.minimum(pay, floor.max(initial=0) + most_points + 1)
    if max(pay.max(initial=0), floor.max(initial=0)) > MOST_PAY:
        raise TooWideError(f"wage floor: {floor.max() * YUAN_PER_POINT} yuan a month is too much")
    return floor.astype(np.int16), pay.astype(np.int16)


def _occupations(
    lines: Vacancies, slots: NDArray[np.int32], region_word: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the occupations offered, and where each begins in each region; ``lines`` are in slot order."""
    found = np.unique(lines.occupation)
    place = np.searchsorted(found, lines.occupation)
    counts = np.zeros((64, len(found)), np.int64)
    np.add.at(counts, (lines.region, place), 1)
    starts = np.zeros((64, len(found) + 1), np.int32)
    starts[:, 1:] = np.cumsum(counts, axis=1)
    return found, starts + (region_word[:64, None] * WORD).astype(np.int32)


def _places(wished: NDArray[np.int32], offered: NDArray[np.int32]) -> NDArray[np.int32]:
    if not len(offered):
        return np.full(wished.shape, -1, np.int32)
    place = np.minimum(np.searchsorted(offered, wished), len(offered) - 1)
    return np.where((wished >= 0) & (offered[place] == wished), place, -1).astype(np.int32)


def _distinct(wishes: NDArray[np.int32]) -> NDArray[np.int32]:
    """Take a wish away that an earlier one says already: it gives the points of the earlier one alone."""
    wishes = wishes.copy()
    wishes[wishes[:, 1] == wishes[:, 0], 1] = -1
    wishes[(wishes[:, 2] == wishes[:, 0]) | (wishes[:, 2] == wishes[:, 1]), 2] = -1
    return wishes


def _any_bit(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return np.packbits(bits != 0, axis=1, bitorder="little").view(np.uint64)


def _boxes(lines: Vacancies) -> NDArray[np.float64]:
    boxes = np.full((64, 4), np.nan)
    for region in np.unique(lines.region):
        own = lines.region == region
        lon, lat = lines.lon_degrees[own], lines.lat_degrees[own]
        if not np.isnan(lon * lat).all():
            boxes[region] = np.nanmin(lon), np.nanmax(lon), np.nanmin(lat), np.nanmax(lat)
    return boxes
