"""The order of stops: an open way that ends at the gathering place."""

from collections.abc import Iterator, Sequence
from itertools import chain, combinations, pairwise, permutations

from fourdoors.engines.routing.times import Place, TravelTimes

MOST_STARTS = 8  # of long ways: the places farthest from the gathering place, where a good way begins

Minutes = list[list[int]]  # between places by number; the last number is the gathering place
Way = list[int]


def ordered(places: Sequence[Place], end: Place, times: TravelTimes) -> tuple[Place, ...]:
    """Return the places in an order of few minutes to ``end``.

    From the farthest places in turn the nearest next one is taken; each of these ways is mended by turning
    stretches of it around (2-opt) and by moving single stops as long as that helps, and the best one is
    kept. The same places give the same order.
    """
    by_code = sorted(places, key=lambda place: place.code)
    minutes = _matrix(by_code, end, times)
    ways = [_mended(_nearest_next(start, minutes), minutes) for start in _starts(minutes, MOST_STARTS)]
    best = min(ways, key=lambda way: (_length(way, minutes), way), default=[])
    return tuple(by_code[number] for number in best)


def quick_minutes(places: Sequence[Place], end: Place, times: TravelTimes) -> int:
    """Return the minutes of an order found quickly: from the farthest place, always the nearest next."""
    minutes = _matrix(sorted(places, key=lambda place: place.code), end, times)
    return min((_length(_nearest_next(start, minutes), minutes) for start in _starts(minutes, 1)), default=0)


def way_minutes(way: Sequence[Place], end: Place, times: TravelTimes) -> int:
    """Return the minutes of driving over the places to ``end``, without stops."""
    return sum(times.minutes(a, b) for a, b in pairwise([*way, end]))


def way_road_km(way: Sequence[Place], end: Place, times: TravelTimes) -> float:
    """Return the kilometres by road over the places to ``end``, to a tenth."""
    return round(sum(times.road_km(a, b) for a, b in pairwise([*way, end])), 1)


def _matrix(places: Sequence[Place], end: Place, times: TravelTimes) -> Minutes:
    stops = [*places, end]
    return [[times.minutes(a, b) for b in stops] for a in stops]


def _starts(minutes: Minutes, most: int) -> list[int]:
    return sorted(range(len(minutes) - 1), key=lambda place: (-minutes[place][-1], place))[:most]


def _nearest_next(first: int, minutes: Minutes) -> Way:
    way, left = [first], set(range(len(minutes) - 1)) - {first}
    while left:
        here = minutes[way[-1]]
        way.append(min(left, key=lambda place: (here[place], place)))
        left.remove(way[-1])
    return way


def _length(way: Way, minutes: Minutes) -> int:
    return sum(minutes[a][b] for a, b in pairwise([*way, -1]))


def _mended(way: Way, minutes: Minutes) -> Way:
    """Return a way that none of its neighbours beats."""
    while (shorter := next(_shorter(way, minutes), None)) is not None:
        way = shorter
    return way


def _shorter(way: Way, minutes: Minutes) -> Iterator[Way]:
    """Yield the ways with a stretch turned around, or a stop moved, that are shorter than ``way``.

    Where a way back takes as long as the way there, only the legs that change are looked at.
    """
    if any(minutes[a][b] != minutes[b][a] for a, b in combinations(range(len(minutes)), 2)):
        yield from _shorter_one_way(way, minutes)
        return
    stops = [*way, -1]
    for start, stop in combinations(range(len(way) + 1), 2):
        gained = minutes[stops[stop - 1]][stops[stop]] - minutes[stops[start]][stops[stop]]
        if start:
            before = minutes[stops[start - 1]]
            gained += before[stops[start]] - before[stops[stop - 1]]
        if gained > 0:
            yield [*way[:start], *reversed(way[start:stop]), *way[stop:]]
    for here, there in permutations(range(len(way)), 2):
        others = [*way[:here], *way[here + 1 :]]
        moved = [*others[:there], way[here], *others[there:]]
        if _around(stops, here, minutes) > _around([*moved, -1], there, minutes):
            yield moved


def _shorter_one_way(way: Way, minutes: Minutes) -> Iterator[Way]:
    """Yield the same ways where one way may take longer than the way back: all of it is counted anew."""
    now = _length(way, minutes)
    turned = (
        [*way[:start], *reversed(way[start:stop]), *way[stop:]]
        for start, stop in combinations(range(len(way) + 1), 2)
    )
    moved = (
        [*others[:there], way[here], *others[there:]]
        for here, there in permutations(range(len(way)), 2)
        for others in ([*way[:here], *way[here + 1 :]],)
    )
    yield from (other for other in chain(turned, moved) if _length(other, minutes) < now)


def _around(stops: Way, number: int, minutes: Minutes) -> int:
    """Return what a stop costs on its way: there and on, less the way past it."""
    here, after = stops[number], stops[number + 1]
    if number == 0:
        return minutes[here][after]
    before = stops[number - 1]
    return minutes[before][here] + minutes[here][after] - minutes[before][after]
