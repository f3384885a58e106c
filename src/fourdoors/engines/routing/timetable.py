"""When a coach is where: stops, rests and drivers, so that it is at the gathering place in time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from fourdoors.engines.routing.drivers import MOST_DRIVERS, stints
from fourdoors.engines.routing.problem import Problem, Stint
from fourdoors.engines.routing.times import Place

STOP_MINUTES = 3.0  # to come to a stand and leave again
BOARDING_MINUTES = 0.4  # for each rider
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Timetable:
    """One coach from its first stop to the factory gate."""

    drivers: int
    stints: tuple[Stint, ...]
    stops: tuple[tuple[datetime, datetime], ...]  # arrival and departure at each village
    arrives_at: datetime  # at the factory gate


def timetable(problem: Problem, way: Sequence[Place], boarding: Sequence[int]) -> Timetable:
    """Return the timetable with the fewest drivers that arrives as early as any.

    Minutes at the wheel are counted from leaving the first stop, standing at stops included, so that a driver
    is never asked for more. Where the rule wants a rest before the gathering place, the coach starts so much
    earlier.

    Args:
        problem: gathering place and moment, trunk, driver rule.
        way: the villages in order.
        boarding: how many people board at each.
    """
    found = [_with_drivers(problem, way, boarding, number) for number in range(1, MOST_DRIVERS + 1)]
    return min(found, key=lambda table: (table.arrives_at, table.drivers))


def standing_minutes(people: int) -> int:
    """Return how long a coach stands where so many people board."""
    return math.ceil(STOP_MINUTES + BOARDING_MINUTES * people)


def _with_drivers(problem: Problem, way: Sequence[Place], boarding: Sequence[int], drivers: int) -> Timetable:
    standing = [standing_minutes(people) for people in boarding]
    arrivals, now = [0], 0  # minutes at the wheel, from leaving the first stop
    for (here, there), stand in zip(pairwise([*way, problem.gather]), [0, *standing[1:]], strict=True):
        now += stand + problem.times.minutes(here, there)
        arrivals.append(now)
    minutes = now + problem.trunk_minutes
    leaves_at = problem.gather_at - now * MINUTE
    plan = stints(leaves_at, minutes, drivers, problem.driver_rule)
    while (late := moment(plan, now, leaves_at) - problem.gather_at) > timedelta():
        leaves_at -= late
        plan = stints(leaves_at, minutes, drivers, problem.driver_rule)
    first = (leaves_at - standing[0] * MINUTE, leaves_at)
    others = [
        (moment(plan, arrival, leaves_at), moment(plan, arrival + stand, leaves_at))
        for arrival, stand in zip(arrivals[1:-1], standing[1:], strict=True)
    ]
    return Timetable(drivers, plan, (first, *others), plan[-1].to_at if plan else leaves_at)


def moment(plan: Sequence[Stint], minutes: int, leaves_at: datetime) -> datetime:
    """Return when so many minutes at the wheel are done."""
    left = minutes * MINUTE
    for stint in plan:
        if left <= stint.to_at - stint.from_at:
            return stint.from_at + left
        left -= stint.to_at - stint.from_at
    return leaves_at
