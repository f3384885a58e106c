"""The plan: coaches, stops and times, seats, drivers."""

from collections.abc import Iterable

from fourdoors.engines.routing.groups import Group, groups_of
from fourdoors.engines.routing.order import ordered, way_road_km
from fourdoors.engines.routing.pack import pack
from fourdoors.engines.routing.problem import Coach, CoachPlan, Plan, Problem, Rider, Stop
from fourdoors.engines.routing.seats import seats_of
from fourdoors.engines.routing.timetable import timetable


def plan(problem: Problem) -> Plan:
    """Return the coaches of one employer and day.

    A village rides in one coach whenever it fits, a family always. The number of coaches comes first, then
    the minutes of collection. The same problem gives the same plan, in whatever order its parts are named.
    """
    fleet = sorted(problem.fleet, key=lambda coach: (-coach.permitted(problem.rule), coach.key))
    rooms = [coach.permitted(problem.rule) for coach in fleet]
    places = {village.code: village for village in problem.villages}
    groups = groups_of(problem.riders, most=max(rooms, default=0))
    packing = pack(groups, rooms, places, problem.gather, problem.times)
    carried = {rider.key for load in packing.loads for group in load for rider in group.riders}
    return Plan(
        coaches=tuple(
            coach_plan(problem, coach, load)
            for coach, load in zip(_smallest(packing.loads, fleet, problem), packing.loads, strict=True)
        ),
        left_behind=tuple(sorted({rider.key for rider in problem.riders} - carried)),
        fewest_coaches=packing.fewest,
        proved=packing.proved,
    )


def coach_plan(problem: Problem, coach: Coach, load: Iterable[Group]) -> CoachPlan:
    """Return stops, times, seats and drivers of one coach with its groups."""
    places = {village.code: village for village in problem.villages}
    aboard: dict[int, list[Rider]] = {}
    for group in load:
        aboard.setdefault(group.village, []).extend(group.riders)
    way = ordered([places[code] for code in aboard], problem.gather, problem.times)
    for riders in aboard.values():
        riders.sort(key=lambda rider: (rider.household is None, rider.household or 0, rider.key))
    boarding = [rider for place in way for rider in aboard[place.code]]
    table = timetable(problem, way, [len(aboard[place.code]) for place in way])
    return CoachPlan(
        coach=coach.key,
        stops=tuple(
            Stop(
                village=place.code,
                arrives_at=arrives_at,
                leaves_at=leaves_at,
                riders=tuple(rider.key for rider in aboard[place.code]),
            )
            for place, (arrives_at, leaves_at) in zip(way, table.stops, strict=True)
        ),
        seat_of=seats_of(boarding, coach, problem.rule),
        collection_road_km=way_road_km(way, problem.gather, problem.times),
        drivers=table.drivers,
        stints=table.stints,
        arrives_at=table.arrives_at,
    )


def _smallest(loads: Iterable[list[Group]], fleet: Iterable[Coach], problem: Problem) -> list[Coach]:
    """Return for each load the smallest coach that may carry it, the largest load choosing first."""
    free = list(fleet)
    chosen: dict[int, Coach] = {}
    people = {number: sum(map(len, load)) for number, load in enumerate(loads)}
    for number in sorted(people, key=lambda number: -people[number]):
        fitting = [coach for coach in free if coach.permitted(problem.rule) >= people[number]]
        chosen[number] = min(
            fitting, key=lambda coach: (coach.permitted(problem.rule), coach.seats, coach.key)
        )
        free.remove(chosen[number])
    return [chosen[number] for number in people]
