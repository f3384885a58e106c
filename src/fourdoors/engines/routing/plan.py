"""The plan: coaches, stops and times, seats, drivers."""

from collections.abc import Iterable, Sequence

from fourdoors.engines.routing.groups import Group, groups_of
from fourdoors.engines.routing.order import ordered, way_road_km
from fourdoors.engines.routing.pack import pack
from fourdoors.engines.routing.problem import Coach, CoachPlan, Plan, Problem, Rider, Stop
from fourdoors.engines.routing.seats import seats_of
from fourdoors.engines.routing.timetable import Call, timetable

Tour = Sequence[Group]  # the groups of one filling of a coach, in the order of its stops


def plan(problem: Problem) -> Plan:
    """Return the coaches of one employer and day.

    A village rides in one coach whenever it fits, a family always. The number of coaches comes first, then
    the minutes of collection. The same problem gives the same plan, in whatever order its parts are named.
    Windows of villages, a limit on the collection and second waves are not looked at: ``collect.improve``
    knows them.
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
    """Return stops, times, seats and drivers of one coach with its groups, in an order of few minutes."""
    places = {village.code: village for village in problem.villages}
    aboard: dict[int, list[Rider]] = {}
    for group in load:
        aboard.setdefault(group.village, []).extend(group.riders)
    way = ordered([places[code] for code in aboard], problem.gather, problem.times)
    return ride_of(problem, coach, [[Group(place.code, tuple(aboard[place.code])) for place in way]])


def ride_of(problem: Problem, coach: Coach, tours: Sequence[Tour]) -> CoachPlan:
    """Return stops, times, seats and drivers of one coach whose stops stand in their order.

    Between two tours it empties at the gathering place and goes out again.
    """
    places = {village.code: village for village in problem.villages}
    opens = {window.village: (window.from_at, window.to_at) for window in problem.windows}
    halts = [halt for number, tour in enumerate(tours) for halt in _halts(tour, out=number > 0)]
    people = _people_at(halts, tours)
    calls = [
        Call(problem.gather, count) if group is None
        else Call(places[group.village], count, *opens.get(group.village, (None, None)))
        for group, count in zip(halts, people, strict=True)
    ]  # fmt: skip
    table = timetable(problem, calls)
    seat_of: dict[int, int] = {}
    for tour in tours:
        boarding = [rider for group in tour for rider in _by_household(group)]
        seat_of |= seats_of(boarding, coach, problem.rule)
    return CoachPlan(
        coach=coach.key,
        stops=tuple(
            Stop(
                village=problem.gather.code if group is None else group.village,
                arrives_at=arrives_at,
                leaves_at=leaves_at,
                riders=() if group is None else tuple(rider.key for rider in _by_household(group)),
                unloads=group is None,
            )
            for group, (arrives_at, leaves_at) in zip(halts, table.stops, strict=True)
        ),
        seat_of=seat_of,
        collection_road_km=way_road_km([call.place for call in calls], problem.gather, problem.times),
        drivers=table.drivers,
        stints=table.stints,
        arrives_at=table.arrives_at,
    )


def _halts(tour: Tour, *, out: bool) -> list[Group | None]:
    return [None, *tour] if out else list(tour)


def _people_at(halts: Sequence[Group | None], tours: Sequence[Tour]) -> list[int]:
    """Return how many board, or get off where the coach empties."""
    emptied = iter([sum(map(len, tour)) for tour in tours])
    return [next(emptied) if group is None else len(group) for group in halts]


def _by_household(group: Group) -> list[Rider]:
    return sorted(group.riders, key=lambda rider: (rider.household is None, rider.household or 0, rider.key))


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
