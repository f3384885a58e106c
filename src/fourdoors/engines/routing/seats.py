"""Who sits where: in the order of boarding, apart from one another as long as there is room."""

from collections.abc import Sequence

from fourdoors.engines.routing.problem import Coach, LoadRule, Rider

Bench = tuple[int, ...]  # one or two seats side by side


def benches(coach: Coach, rule: LoadRule) -> list[Bench]:
    """Return the seats that may be used, in benches of one or two, front first."""
    usable = coach.rows[: len(coach.rows) - rule.isolation_rows]
    return [row[start : start + 2] for row in usable for start in range(0, len(row), 2)]


def seats_of(riders: Sequence[Rider], coach: Coach, rule: LoadRule) -> dict[int, int]:
    """Return the seat number of each rider.

    Without a cap, seats are filled from the front, so that a family is side by side. With a cap each has a
    bench of their own as long as there are benches; where there are not, two of a family share one first,
    then two who board one after the other.

    Args:
        riders: in the order of boarding, no more than the coach is permitted.
        coach: its seats.
        rule: the load rule of the day.
    """
    rows = benches(coach, rule)
    if rule.seat_share == 1:
        seats = [seat for bench in rows for seat in bench]
        return {rider.key: seat for rider, seat in zip(riders, seats, strict=False)}
    units = _units(riders, most=len(rows))
    seat_of: dict[int, int] = {}
    for bench in rows:
        fitting = next((unit for unit in units if len(unit) <= len(bench)), None)
        if fitting is not None:
            units.remove(fitting)
            seat_of |= {rider.key: seat for rider, seat in zip(fitting, bench, strict=False)}
    return seat_of


def _units(riders: Sequence[Rider], *, most: int) -> list[list[Rider]]:
    """Return riders alone or in twos, so many twos that there are at most ``most`` units."""
    units = [[rider] for rider in riders]
    for is_wanted in (_is_family, _is_anybody):
        place = 0
        while len(units) > most and place < len(units) - 1:
            first, second = units[place], units[place + 1]
            if len(first) == len(second) == 1 and is_wanted(first[0], second[0]):
                units[place : place + 2] = [[first[0], second[0]]]
            place += 1
    return units


def _is_family(one: Rider, other: Rider) -> bool:
    return one.household is not None and one.household == other.household


def _is_anybody(one: Rider, other: Rider) -> bool:
    return True
