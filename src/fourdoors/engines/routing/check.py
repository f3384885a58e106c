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
        known = {village.code for village in problem.villages} | {problem.gather.code}
        unknown = {stop.village for stop in ride.stops} - known
        if unknown:
            faults.append(Fault("place", ride.coach, min(unknown)))
            continue
        faults += _seats(problem, fleet[ride.coach], ride)
        faults += _times(problem, ride)
        faults += _waves(problem, ride)
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


def _fillings(ride: CoachPlan) -> list[list[int]]:
    """Who is aboard together: a coach that empties starts anew."""
    fillings: list[list[int]] = [[]]
    for stop in ride.stops:
        fillings[-1] += stop.riders
        if stop.unloads:
            fillings.append([])
    return fillings


def _seats(problem: Problem, coach: Coach, ride: CoachPlan) -> Iterator[Fault]:
    rows = problem.rule.isolation_rows
    last = coach.seats - (_last_row(coach.seats) + 4 * (rows - 1) if rows else 0)
    if sorted(ride.seat_of) != sorted(_aboard(ride)):
        yield Fault("seatless", coach.key)
    for aboard in _fillings(ride):
        seats = [ride.seat_of[key] for key in aboard if key in ride.seat_of]
        if len(aboard) > _most(problem, coach):
            yield Fault("over_cap", coach.key)
        if len(set(seats)) != len(seats):
            yield Fault("seat_twice", coach.key)
        for seat in seats:
            if not 1 <= seat <= coach.seats:
                yield Fault("seat_unknown", coach.key, seat)
            elif seat > last:
                yield Fault("seat_isolated", coach.key, seat)


def _waves(problem: Problem, ride: CoachPlan) -> Iterator[Fault]:
    empties = [stop for stop in ride.stops if stop.unloads]
    if len(empties) >= problem.most_waves:
        yield Fault("too_many_waves", ride.coach)
    if any(stop.riders or stop.village != problem.gather.code for stop in empties):
        yield Fault("empties_elsewhere", ride.coach)
    opens = {window.village: window for window in problem.windows}
    for stop in ride.stops:
        window = opens.get(stop.village)
        if window and not stop.unloads and not window.from_at <= stop.arrives_at <= window.to_at:
            yield Fault("window", ride.coach, stop.village)
    limit = problem.most_collection_minutes
    if limit is not None and any(took > limit * MINUTE for took in _collections(problem, ride)):
        yield Fault("collection_long", ride.coach)


def _collections(problem: Problem, ride: CoachPlan) -> Iterator[timedelta]:
    """How long each filling takes, from leaving its first stop to the gathering place."""
    begun: datetime | None = None
    for stop in ride.stops:
        if not stop.unloads:
            begun = begun or stop.leaves_at
        elif begun is not None:
            yield stop.arrives_at - begun
            begun = None
    if begun is not None:
        yield _gathered_at(problem, ride) - begun


def _gathered_at(problem: Problem, ride: CoachPlan) -> datetime:
    """When the coach is at the gathering place, from its stints and the trunk behind it."""
    trunk = _trunk_minutes(problem) * MINUTE
    for stint in reversed(ride.stints):
        if trunk <= stint.to_at - stint.from_at:
            return stint.to_at - trunk
        trunk -= stint.to_at - stint.from_at
    return ride.arrives_at


def _together(problem: Problem, plan: Plan) -> Iterator[Fault]:
    coach_of = {
        key: (ride.coach, number)
        for ride in plan.coaches
        for number, aboard in enumerate(_fillings(ride))
        for key in aboard
    }
    waves = {(ride.coach, number) for ride in plan.coaches for number in range(len(_fillings(ride)))}
    rooms = {coach.key: _most(problem, coach) for coach in problem.fleet}
    used = {ride.coach for ride in plan.coaches}
    most = {name: rooms[name[0]] for name in waves if name[0] in rooms}
    most |= {(key, 0): room for key, room in rooms.items() if key not in used}
    load = Counter(coach_of.values())
    for village in {rider.village for rider in problem.riders}:
        people = [coach_of[r.key] for r in problem.riders if r.village == village and r.key in coach_of]
        here = Counter(people)
        if len(here) > 1 and any(room - load[key] + here[key] >= len(people) for key, room in most.items()):
            yield Fault("village_split", who=village)
    houses: dict[int, list[tuple[int, int]]] = {}
    for rider in problem.riders:
        if rider.household is not None and rider.key in coach_of:
            houses.setdefault(rider.household, []).append(coach_of[rider.key])
    for house, rides in houses.items():
        if len(set(rides)) > 1 and len(rides) <= max(rooms.values()):
            yield Fault("family_split", who=house)


def _left(problem: Problem, plan: Plan) -> Iterator[Fault]:
    if problem.windows or problem.most_collection_minutes is not None:
        return  # there may be a seat, and no time to fetch them
    load = Counter({ride.coach: len(_fillings(ride)[-1]) for ride in plan.coaches})
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
    places = {village.code: village for village in (problem.gather, *problem.villages)}
    for stop, people in zip(ride.stops, _moving(ride), strict=True):
        if stop.leaves_at - stop.arrives_at < (3 + 0.4 * people) * MINUTE:
            yield Fault("short_stop", ride.coach, stop.village)
    ends = [(places[stop.village], stop.arrives_at, stop.leaves_at) for stop in ride.stops]
    ends.append((problem.gather, problem.gather_at, problem.gather_at))
    for (here, _, leaves_at), (there, arrives_at, _) in pairwise(ends):
        driven = sum((_shared(stint, leaves_at, arrives_at) for stint in ride.stints), timedelta())
        if driven / MINUTE < _least_minutes(problem.times, here, there) - 1e-6:
            yield Fault("too_fast", ride.coach, here.code)


def _moving(ride: CoachPlan) -> list[int]:
    """How many board or get off at each stop."""
    aboard, moving = 0, []
    for stop in ride.stops:
        moving.append(aboard if stop.unloads else len(stop.riders))
        aboard = 0 if stop.unloads else aboard + len(stop.riders)
    return moving


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
    yield from hours_broken(rule, stints)
    driving = sum(((stint.to_at - stint.from_at) / MINUTE for stint in stints), 0.0)
    if driving < _needed_minutes(problem, ride) - 1e-6 or (stints and ride.arrives_at < stints[-1].to_at):
        yield "drive_short"
    if len({stint.driver for stint in stints}) > ride.drivers:
        yield "drivers"


def _needed_minutes(problem: Problem, ride: CoachPlan) -> float:
    """From leaving the first stop to the factory gate: hops, boarding at the other stops, trunk."""
    place_of = {village.code: village for village in (problem.gather, *problem.villages)}
    way = [place_of[stop.village] for stop in ride.stops] + [problem.gather]
    hops = sum(_least_minutes(problem.times, here, there) for here, there in pairwise(way))
    boarding = sum(3 + 0.4 * people for people in _moving(ride)[1:])
    return hops + boarding + _trunk_minutes(problem)


def _trunk_minutes(problem: Problem) -> float:
    if problem.trunk_drive_minutes is not None:
        return problem.trunk_drive_minutes
    return problem.trunk_road_km * 60 / problem.times.trunk_kmh


def hours_broken(rule: DriverRule, stints: tuple[Stint, ...]) -> Iterator[str]:
    """Yield each rule of drivers' hours that stints in order break."""
    if any(after.from_at - before.to_at < rule.rest_minutes * MINUTE for before, after in pairwise(stints)):
        yield "rest"
    for stint in stints:
        night = _overlap(stint, rule.night_from_hour, rule.night_to_hour)
        if stint.to_at - stint.from_at > rule.day_minutes * MINUTE or night > rule.night_minutes * MINUTE:
            yield "stint"
        if _overlap(stint, rule.parked_from_hour, rule.parked_to_hour):
            yield "parked"
        if _driven_in(DAY, stints, stint) > rule.minutes_in_24_hours * MINUTE:
            yield "day"
        if _driven_in(7 * DAY, stints, stint) > rule.minutes_in_7_days * MINUTE:
            yield "week"


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


def _driven_in(span: timedelta, stints: tuple[Stint, ...], last: Stint) -> timedelta:
    """What the driver of a stint has driven in the hours that end with it."""
    start = last.to_at - span
    own = [stint for stint in stints if stint.driver == last.driver and stint.to_at <= last.to_at]
    return sum((_shared(stint, start, last.to_at) for stint in own), timedelta())
