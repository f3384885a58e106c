"""A second look at a plan of coaches: every rule written again, with nothing shared but the doors."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from fourdoors.engines.routing.problem import CHINA, Coach, CoachPlan, DriverRule, Plan, Problem, Stint
from fourdoors.engines.routing.times import GreatCircle, Matrix, Place, TravelTimes

MINUTE = timedelta(minutes=1)
DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Fault:
    """Something that a plan does and must not."""

    code: str
    coach: int | None = None  # key
    who: int | None = None  # rider key, village code or seat number, as the code says


def check(problem: Problem, plan: Plan) -> tuple[Fault, ...]:
    """Return every fault of a plan; none for a good one.

    Riders: each aboard once or left behind, at the stop of their village, on a seat of their own; nobody left
    while a seat is free. Coaches: load, isolation rows. Villages and families: together when they fit. Times:
    no drive faster than the distances allow, and at the gathering place in time. Drivers: rests and hours.
    """
    faults = [*_riders(problem, plan), *_together(problem, plan), *_left(problem, plan)]
    fleet = {coach.key: coach for coach in problem.fleet}
    used = Counter(ride.coach for ride in plan.coaches)
    for ride in plan.coaches:
        if ride.coach not in fleet or used[ride.coach] > 1:
            faults.append(Fault("coach", ride.coach))
            continue
        unknown = {stop.village for stop in ride.stops} - {village.code for village in problem.villages}
        if unknown:
            faults.append(Fault("place", ride.coach, min(unknown)))
            continue
        faults += _seats(problem, fleet[ride.coach], ride)
        faults += _times(problem, ride)
        faults += [Fault(code, ride.coach) for code in _hours(problem, ride)]
    return tuple(faults)


def _aboard(ride: CoachPlan) -> list[int]:
    return [rider for stop in ride.stops for rider in stop.riders]


def _most(problem: Problem, coach: Coach) -> int:
    """Permitted people, from the number of seats alone."""
    behind = 0
    for row in range(problem.rule.isolation_rows):
        behind += 4 if row else _last_row(coach.seats)
    return min(int(coach.seats * problem.rule.seat_share + 1e-9), coach.seats - behind)


def _last_row(seats: int) -> int:
    return next(last for last in (5, 4, 3, 2) if (seats - last) % 4 == 0)


def _riders(problem: Problem, plan: Plan) -> Iterator[Fault]:
    home = {rider.key: rider.village for rider in problem.riders}
    times = Counter(key for ride in plan.coaches for key in _aboard(ride))
    times.update(plan.left_behind)
    for key in home.keys() | times.keys():
        if key not in home:
            yield Fault("stranger", who=key)
        elif times[key] != 1:
            yield Fault("rider_twice" if times[key] else "rider_missing", who=key)
    for ride in plan.coaches:
        for stop in ride.stops:
            for key in stop.riders:
                if home.get(key, stop.village) != stop.village:
                    yield Fault("wrong_village", ride.coach, key)


def _seats(problem: Problem, coach: Coach, ride: CoachPlan) -> Iterator[Fault]:
    aboard, seats = _aboard(ride), list(ride.seat_of.values())
    if len(aboard) > _most(problem, coach):
        yield Fault("over_cap", coach.key)
    if sorted(ride.seat_of) != sorted(aboard):
        yield Fault("seatless", coach.key)
    if len(set(seats)) != len(seats):
        yield Fault("seat_twice", coach.key)
    rows = problem.rule.isolation_rows
    last = coach.seats - (_last_row(coach.seats) + 4 * (rows - 1) if rows else 0)
    for seat in seats:
        if not 1 <= seat <= coach.seats:
            yield Fault("seat_unknown", coach.key, seat)
        elif seat > last:
            yield Fault("seat_isolated", coach.key, seat)


def _together(problem: Problem, plan: Plan) -> Iterator[Fault]:
    coach_of = {key: ride.coach for ride in plan.coaches for key in _aboard(ride)}
    most = {coach.key: _most(problem, coach) for coach in problem.fleet}
    load = Counter(coach_of.values())
    for village in {rider.village for rider in problem.riders}:
        people = [coach_of[r.key] for r in problem.riders if r.village == village and r.key in coach_of]
        here = Counter(people)
        if len(here) > 1 and any(room - load[key] + here[key] >= len(people) for key, room in most.items()):
            yield Fault("village_split", who=village)
    houses: dict[int, list[int]] = {}
    for rider in problem.riders:
        if rider.household is not None and rider.key in coach_of:
            houses.setdefault(rider.household, []).append(coach_of[rider.key])
    for house, rides in houses.items():
        if len(set(rides)) > 1 and len(rides) <= max(most.values()):
            yield Fault("family_split", who=house)


def _left(problem: Problem, plan: Plan) -> Iterator[Fault]:
    load = Counter({ride.coach: len(_aboard(ride)) for ride in plan.coaches})
    most_free = max((_most(problem, coach) - load[coach.key] for coach in problem.fleet), default=0)
    houses: Counter[tuple[int, int]] = Counter()
    house_of = {rider.key: rider.household for rider in problem.riders}
    for key in plan.left_behind:
        house = house_of.get(key)
        houses[(0, key) if house is None else (1, house)] += 1
    for (_, name), people in houses.items():
        if people <= most_free:
            yield Fault("left_beside_a_free_seat", who=name)


def _times(problem: Problem, ride: CoachPlan) -> Iterator[Fault]:
    places = {village.code: village for village in problem.villages}
    for stop in ride.stops:
        if stop.leaves_at - stop.arrives_at < (3 + 0.4 * len(stop.riders)) * MINUTE:
            yield Fault("short_stop", ride.coach, stop.village)
    ends = [(places[stop.village], stop.arrives_at, stop.leaves_at) for stop in ride.stops]
    ends.append((problem.gather, problem.gather_at, problem.gather_at))
    for (here, _, leaves_at), (there, arrives_at, _) in pairwise(ends):
        driven = sum((_shared(stint, leaves_at, arrives_at) for stint in ride.stints), timedelta())
        if driven / MINUTE < _least_minutes(problem.times, here, there) - 1e-6:
            yield Fault("too_fast", ride.coach, here.code)


def _least_minutes(times: TravelTimes, here: Place, there: Place) -> float:
    """Minutes by road: the cell of a table, or the great circle from the chord through a unit sphere."""
    if isinstance(times, Matrix):
        return 0.0 if here.code == there.code else times.legs[here.code, there.code].minutes
    if not isinstance(times, GreatCircle):
        return float(times.minutes(here, there))
    points = []
    for place in (here, there):
        lon, lat = math.radians(place.lon_degrees), math.radians(place.lat_degrees)
        points.append((math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)))
    kilometres = 2 * 6371 * math.asin(min(1.0, math.dist(*points) / 2))
    _, detour, speed = min(
        (one.below_km, one.detour, one.kmh) for one in times.classes if kilometres < one.below_km
    )
    road = kilometres * detour
    if here.height_metres is not None and there.height_metres is not None:
        rise = max(here.height_metres, there.height_metres) - min(here.height_metres, there.height_metres)
        road = max(road, rise / 50) if rise >= 200 else road
    return road / speed * 60


def _hours(problem: Problem, ride: CoachPlan) -> Iterator[str]:
    rule, stints = problem.driver_rule, ride.stints
    yield from _stints(rule, stints)
    driving = sum(((stint.to_at - stint.from_at) / MINUTE for stint in stints), 0.0)
    if driving < _needed_minutes(problem, ride) - 1e-6 or (stints and ride.arrives_at < stints[-1].to_at):
        yield "drive_short"
    if len({stint.driver for stint in stints}) > ride.drivers:
        yield "drivers"
    if any(after.from_at - before.to_at < rule.rest_minutes * MINUTE for before, after in pairwise(stints)):
        yield "rest"


def _needed_minutes(problem: Problem, ride: CoachPlan) -> float:
    """From leaving the first stop to the factory gate: hops, boarding at the other stops, trunk."""
    place_of = {village.code: village for village in problem.villages}
    way = [place_of[stop.village] for stop in ride.stops] + [problem.gather]
    hops = sum(_least_minutes(problem.times, here, there) for here, there in pairwise(way))
    boarding = sum(3 + 0.4 * len(stop.riders) for stop in ride.stops[1:])
    return hops + boarding + _trunk_minutes(problem)


def _trunk_minutes(problem: Problem) -> float:
    if problem.trunk_drive_minutes is not None:
        return problem.trunk_drive_minutes
    return problem.trunk_road_km * 60 / problem.times.trunk_kmh


def _stints(rule: DriverRule, stints: tuple[Stint, ...]) -> Iterator[str]:
    for stint in stints:
        night = _overlap(stint, rule.night_from_hour, rule.night_to_hour)
        if stint.to_at - stint.from_at > rule.day_minutes * MINUTE or night > rule.night_minutes * MINUTE:
            yield "stint"
        if _overlap(stint, rule.parked_from_hour, rule.parked_to_hour):
            yield "parked"
        if _in_24_hours(stints, stint) > rule.minutes_in_24_hours * MINUTE:
            yield "day"


def _shared(stint: Stint, from_at: datetime, to_at: datetime) -> timedelta:
    return max(timedelta(), min(stint.to_at, to_at) - max(stint.from_at, from_at))


def _overlap(stint: Stint, from_hour: int, to_hour: int) -> timedelta:
    """The part of a stint between two hours of the day, on any day."""
    midnight = stint.from_at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    total = timedelta()
    for day in range(-1, (stint.to_at - stint.from_at).days + 3):
        start = midnight + day * DAY + timedelta(hours=from_hour)
        end = start + timedelta(hours=(to_hour - from_hour) % 24)
        total += _shared(stint, start, end)
    return total


def _in_24_hours(stints: tuple[Stint, ...], last: Stint) -> timedelta:
    """What the driver of a stint has driven in the 24 hours that end with it."""
    start = last.to_at - DAY
    own = [stint for stint in stints if stint.driver == last.driver and stint.to_at <= last.to_at]
    return sum((_shared(stint, start, last.to_at) for stint in own), timedelta())
