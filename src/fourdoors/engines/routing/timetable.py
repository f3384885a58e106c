"""When a coach is where: stops, waits, rests and drivers, so that it is at the gathering place in time."""

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
class Call:
    """Where a coach stands, and how many people board or get off."""

    place: Place
    people: int
    earliest_at: datetime | None = None  # from when boarding may begin
    latest_at: datetime | None = None  # and by when it must have begun


@dataclass(frozen=True)
class Timetable:
    """One coach from its first stop to the factory gate."""

    drivers: int
    stints: tuple[Stint, ...]
    stops: tuple[tuple[datetime, datetime], ...]  # arrival and departure at each call
    arrives_at: datetime  # at the factory gate


def timetable(problem: Problem, calls: Sequence[Call]) -> Timetable:
    """Return the timetable with the fewest drivers that arrives as early as any.

    Minutes at the wheel are counted from leaving the first stop, standing and waiting at stops included, so
    that a driver is never asked for more. Where the rule wants a rest before the gathering place, the coach
    starts so much earlier.

    Args:
        problem: gathering place and moment, trunk, driver rule.
        calls: where the coach stands, in order.
    """
    found = [_with_drivers(problem, calls, number) for number in range(1, MOST_DRIVERS + 1)]
    return min(found, key=lambda table: (table.arrives_at, table.drivers))


def standing_minutes(people: int) -> int:
    """Return how long a coach stands where so many people board."""
    return math.ceil(STOP_MINUTES + BOARDING_MINUTES * people)


def _with_drivers(problem: Problem, calls: Sequence[Call], drivers: int) -> Timetable:
    standing, target_at = _standing(problem, calls)
    places = [*(call.place for call in calls), problem.gather]
    arrivals, now = [0], 0  # minutes at the wheel, from leaving the first stop
    for (here, there), stand in zip(pairwise(places), [0, *standing[1:]], strict=True):
        now += stand + problem.times.minutes(here, there)
        arrivals.append(now)
    minutes = now + problem.trunk_minutes
    leaves_at = target_at - now * MINUTE
    plan = stints(leaves_at, minutes, drivers, problem.driver_rule)
    while (late := moment(plan, now, leaves_at) - target_at) > timedelta():
        leaves_at -= late
        plan = stints(leaves_at, minutes, drivers, problem.driver_rule)
    first = (leaves_at - standing[0] * MINUTE, leaves_at)
    others = [
        (moment(plan, arrival, leaves_at), moment(plan, arrival + stand, leaves_at))
        for arrival, stand in zip(arrivals[1:-1], standing[1:], strict=True)
    ]
    return Timetable(drivers, plan, (first, *others), plan[-1].to_at if plan else leaves_at)


def _standing(problem: Problem, calls: Sequence[Call]) -> tuple[list[int], datetime]:
    """Return how long the coach stands at each call, waiting included, and when it is at the gathering place.

    Counted back, the latest moment to begin at the first stop is found; from there on every call is made as
    early as it opens. So the coach waits only before a call that is not open yet, and it waits at the one
    before, with its doors open.
    """
    least = [standing_minutes(call.people) for call in calls]
    drives = [
        problem.times.minutes(here, there)
        for here, there in pairwise([*(call.place for call in calls), problem.gather])
    ]
    begins_at = problem.gather_at
    for call, stand, drive in zip(reversed(calls), reversed(least), reversed(drives), strict=True):
        begins_at -= (stand + drive) * MINUTE
        begins_at = begins_at if call.latest_at is None else min(begins_at, call.latest_at)
    standing: list[int] = []
    opens = [*(call.earliest_at for call in calls[1:]), None]
    for stand, drive, opens_at in zip(least, drives, opens, strict=True):
        next_at = begins_at + (stand + drive) * MINUTE
        wait = 0 if opens_at is None else max(0, math.ceil((opens_at - next_at) / MINUTE))
        standing.append(stand + wait)
        begins_at = next_at + wait * MINUTE
    return standing, begins_at


def moment(plan: Sequence[Stint], minutes: int, leaves_at: datetime) -> datetime:
    """Return when so many minutes at the wheel are done."""
    left = minutes * MINUTE
    for stint in plan:
        if left <= stint.to_at - stint.from_at:
            return stint.from_at + left
        left -= stint.to_at - stint.from_at
    return leaves_at
