"""Checks of the places of a row: where the person lives, and where the work is."""

import re
from collections.abc import Iterator
from functools import lru_cache

from fourdoors.intake.rules.faults import Code, Fault
from fourdoors.intake.rules.reading import Cells, Reading
from fourdoors.kernel.divisions import Level, ancestor_of, find_by_names, path_of, range_of
from fourdoors.kernel.terms import ChannelOfJob

_LOCAL_CHANNELS = frozenset({ChannelOfJob.PUBLIC_WELFARE.value, ChannelOfJob.WORKSHOP.value})
_STEPS = re.compile("[^省市县区州盟旗]+(?:自治区|自治州|地区|[省市县区州盟旗])?")
PLACES = ("province", "prefecture", "county", "township", "village")
_WORK_PLACES = ("work_province", "work_prefecture", "work_county")


def local_work(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    """Public-welfare jobs and village workshops are in the own county."""
    place = cells.get("workplace", "") or "".join(cells.get(key, "") for key in _WORK_PLACES)
    if place and cells.get("channel_of_job") in _LOCAL_CHANNELS:
        code, home = place_of_words(place), range_of(ancestor_of(reading.division, Level.COUNTY))
        if code is not None and not home.covers(range_of(code)) and not range_of(code).covers(home):
            yield Fault("channel_of_job", Code.LOCAL_WORK_AWAY, {"place": place[:30]})


@lru_cache(maxsize=1 << 12)
def place_of_words(words: str) -> int | None:
    """Return the code of a place that is written in one, 山东省青岛市; None where there is none, or two."""
    return find_by_names(_STEPS.findall(words))


def home_found(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    """Find the village's code by its names; a blank name above it is that of the file's division."""
    if not any(cells.get(key) for key in PLACES):
        cells["village_code"] = ""
        return
    code = _village(reading.division, tuple(cells.get(key, "") for key in PLACES))
    cells["village_code"] = str(code or "")
    column = next(key for key in reversed(PLACES) if cells.get(key))
    if code is None:
        names = " ".join(filter(None, (cells.get(key, "") for key in PLACES)))
        yield Fault(column, Code.VILLAGE_UNKNOWN, {"names": names[:60]})
    elif code not in range_of(reading.division):
        yield Fault(column, Code.VILLAGE_OUTSIDE, {"names": cells[column][:30]})


def home_known(cells: Cells, reading: Reading, number: int) -> Iterator[Fault]:
    """Say that a row names no place at all, where its form must."""
    if not any(cells.get(key) for key in PLACES):
        yield Fault("village", Code.MISSING)


@lru_cache(maxsize=1 << 14)
def _village(division: int, names: tuple[str, ...]) -> int | None:
    above = [step.name for step in path_of(division)]
    above += [""] * (len(names) - len(above))
    return find_by_names([name or default for name, default in zip(names, above, strict=True)])
