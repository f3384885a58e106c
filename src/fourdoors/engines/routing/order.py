"""The order of stops: an open way that ends at the gathering place."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise, permutations

from fourdoors.engines.routing.distances import drive_minutes, road_km
from fourdoors.engines.routing.problem import Place


def ordered(places: Sequence[Place], end: Place) -> tuple[Place, ...]:
    """Return the places in an order of few minutes to ``end``.

    From each place in turn the nearest next one is taken; each of these ways is mended by turning stretches
    of it around (2-opt) and by moving single stops as long as that helps, and the best one is kept. The same
    places give the same order.
    """
    if not places:
        return ()
    by_code = sorted(places, key=lambda place: place.code)
    ways = [_nearest_next(first, by_code) for first in by_code]
    return min(
        (_mended(way, end) for way in ways),
        key=lambda way: (way_minutes(way, end), [place.code for place in way]),
    )


def way_minutes(way: Sequence[Place], end: Place) -> int:
    """Return the minutes of driving over the places to ``end``, without stops."""
    return sum(drive_minutes(a, b) for a, b in pairwise([*way, end]))


def way_road_km(way: Sequence[Place], end: Place) -> float:
    """Return the kilometres by road over the places to ``end``, to a tenth."""
    return round(sum(road_km(a, b) for a, b in pairwise([*way, end])), 1)


def _nearest_next(first: Place, places: Sequence[Place]) -> list[Place]:
    way, left = [first], [place for place in places if place is not first]
    while left:
        way.append(min(left, key=lambda place: (drive_minutes(way[-1], place), place.code)))
        left.remove(way[-1])
    return way


def _mended(way: list[Place], end: Place) -> tuple[Place, ...]:
    """Return a way that none of its neighbours beats."""
    minutes = way_minutes(way, end)
    while (shorter := next((w for w in _neighbours(way) if way_minutes(w, end) < minutes), None)) is not None:
        way, minutes = shorter, way_minutes(shorter, end)
    return tuple(way)


def _neighbours(way: list[Place]) -> Iterator[list[Place]]:
    for start, stop in combinations(range(len(way) + 1), 2):
        yield [*way[:start], *reversed(way[start:stop]), *way[stop:]]
    for here, there in permutations(range(len(way)), 2):
        others = [*way[:here], *way[here + 1 :]]
        yield [*others[:there], way[here], *others[there:]]
