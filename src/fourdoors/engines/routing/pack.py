"""Groups into coaches: as few coaches as possible, neighbours together."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fourdoors.engines.routing.groups import Group, families
from fourdoors.engines.routing.order import quick_minutes
from fourdoors.engines.routing.times import Place, TravelTimes

MOST_COACHES_FOR_EXACT = 12
MOST_STATES = 50_000  # that the search for a packing with one coach less looks at

Loads = list[list[Group]]


@dataclass(frozen=True)
class Packing:
    """One load for each coach that is used, the roomiest coach first."""

    loads: Loads
    left: list[Group]
    fewest: int
    proved: bool


def pack(
    groups: Sequence[Group],
    rooms: Sequence[int],
    places: dict[int, Place],
    gather: Place,
    times: TravelTimes,
) -> Packing:
    """Put groups into coaches.

    Several packings are made: first-fit by size, and sweeps around the gathering place from each direction,
    which put neighbours together. The best one has most people aboard, then fewest coaches, then fewest
    minutes of collection. If it has more coaches than the seats alone would need and at most twelve, a search
    tries to do with one less, until it finds no way or gives up.

    Args:
        groups: each rides in one coach.
        rooms: permitted people of each coach that can be had, the roomiest first.
        places: where the villages are.
        gather: where the collection ends.
        times: minutes of ways.
    """
    by_direction = sorted(
        groups, key=lambda group: (_direction(places[group.village], gather), group.village)
    )
    packings = [_first_fit(sorted(groups, key=len, reverse=True), rooms)]
    packings += [_sweep(by_direction[turn:] + by_direction[:turn], rooms) for turn in range(len(groups))]

    def cost(packing: tuple[Loads, list[Group]]) -> tuple[int, int, int]:
        loads, left = packing
        return sum(map(len, left)), len(loads), sum(_minutes(load, places, gather, times) for load in loads)

    loads, left = min(packings, key=cost)
    if left:
        loads, left = _squeezed(loads, left, rooms)
        return Packing(loads, left, len(loads), proved=False)
    return _with_fewer(loads, groups, rooms)


def _direction(place: Place, gather: Place) -> float:
    return math.atan2(place.lat_degrees - gather.lat_degrees, place.lon_degrees - gather.lon_degrees)


def _minutes(load: Iterable[Group], places: dict[int, Place], gather: Place, times: TravelTimes) -> int:
    stops = {group.village: places[group.village] for group in load}
    return quick_minutes(list(stops.values()), gather, times)


def _room_left(load: Iterable[Group], room: int) -> int:
    return room - sum(map(len, load))


def _first_fit(groups: Iterable[Group], rooms: Sequence[int]) -> tuple[Loads, list[Group]]:
    loads: Loads = [[] for _ in rooms]
    left = [group for group in groups if not _put(group, loads, rooms)]
    return [load for load in loads if load], left


def _put(group: Group, loads: Loads, rooms: Sequence[int]) -> bool:
    for load, room in zip(loads, rooms, strict=True):
        if _room_left(load, room) >= len(group):
            load.append(group)
            return True
    return False


def _sweep(groups: Iterable[Group], rooms: Sequence[int]) -> tuple[Loads, list[Group]]:
    loads: Loads = [[] for _ in rooms]
    turn, missed = 0, []
    for group in groups:
        while turn < len(rooms) and loads[turn] and _room_left(loads[turn], rooms[turn]) < len(group):
            turn += 1
        if not _put(group, loads[turn : turn + 1], rooms[turn : turn + 1]):
            missed.append(group)
    left = [group for group in missed if not _put(group, loads, rooms)]
    return [load for load in loads if load], left


def _squeezed(loads: Loads, left: list[Group], rooms: Sequence[int]) -> tuple[Loads, list[Group]]:
    """Rather split a village than leave its people behind: its families take the seats that are left."""
    all_loads = [*loads, *([] for _ in rooms[len(loads) :])]
    parts = [
        Group(group.village, family)
        for group in left
        for family in sorted(families(group, most=max(rooms, default=1)), key=len, reverse=True)
    ]
    still_left = [part for part in parts if not _put(part, all_loads, rooms)]
    return [load for load in all_loads if load], still_left


def _with_fewer(loads: Loads, groups: Sequence[Group], rooms: Sequence[int]) -> Packing:
    people = sum(map(len, groups))
    fewest = next(count for count in range(len(rooms) + 1) if sum(rooms[:count]) >= people)
    while fewest < len(loads) <= MOST_COACHES_FOR_EXACT:
        fewer, is_certain = _exact(groups, rooms[: len(loads) - 1])
        if fewer is None:
            fewest = len(loads) if is_certain else fewest
            break
        loads = fewer
    return Packing(loads, [], fewest, proved=fewest == len(loads))


class _Search:
    """Depth first: the largest group into each coach that is different from those tried before."""

    def __init__(self, groups: Sequence[Group], rooms: Sequence[int]) -> None:
        self.groups = sorted(groups, key=lambda group: (-len(group), group.village))
        self.slack = sum(rooms) - sum(map(len, groups))
        self.failed: set[tuple[int, tuple[int, ...]]] = set()
        self.gave_up = False

    def choices(self, number: int, free: tuple[int, ...]) -> list[int] | None:
        """Return the coach of each group from ``number`` on, into the rooms that are free, or None."""
        if number == len(self.groups):
            return []
        state = (number, tuple(sorted(free)))
        if state in self.failed or self._wasted(free) > self.slack:
            return None
        size = len(self.groups[number])
        for room in sorted({room for room in free if room >= size}):
            coach = free.index(room)
            rest = self.choices(number + 1, (*free[:coach], room - size, *free[coach + 1 :]))
            if rest is not None:
                return [coach, *rest]
        self.gave_up |= len(self.failed) >= MOST_STATES
        if not self.gave_up:
            self.failed.add(state)
        return None

    def _wasted(self, free: tuple[int, ...]) -> int:
        """Seats that no group can take any more; after the last state all of them, which ends the search."""
        smallest = len(self.groups[-1])
        return self.slack + 1 if self.gave_up else sum(room for room in free if room < smallest)


def _exact(groups: Sequence[Group], rooms: Sequence[int]) -> tuple[Loads | None, bool]:
    """Return a packing into these coaches, or None; and whether None is certain."""
    search = _Search(groups, rooms)
    chosen = search.choices(0, tuple(rooms)) if search.slack >= 0 else None
    if chosen is None:
        return None, not search.gave_up
    loads: Loads = [[] for _ in rooms]
    for group, coach in zip(search.groups, chosen, strict=True):
        loads[coach].append(group)
    return [load for load in loads if load], True
