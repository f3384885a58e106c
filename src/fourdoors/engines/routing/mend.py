"""When something goes wrong: the plan mended with as few changes as possible, and what they are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from fourdoors.engines.routing.collect import USUAL, Prices, improve
from fourdoors.engines.routing.groups import Group
from fourdoors.engines.routing.plan import ride_of
from fourdoors.engines.routing.problem import Coach, CoachPlan, Plan, Problem
from fourdoors.engines.routing.times import TravelTimes


@dataclass(frozen=True)
class Change:
    """What is new for one rider; None where they did not ride, or do not."""

    rider: int
    coaches: tuple[int | None, int | None]  # before, after
    seats: tuple[int | None, int | None]
    boards_at: tuple[datetime | None, datetime | None]

    @property
    def needs_new_pass(self) -> bool:
        """Tell whether the pass says something that no longer holds: it names coach and seat."""
        return self.coaches[0] != self.coaches[1] or self.seats[0] != self.seats[1]


def changes(before: Plan, after: Plan) -> tuple[Change, ...]:
    """Return who has another coach, seat or time, in order of riders; only these need to be told."""
    was, now = _lines(before), _lines(after)
    nothing: _Line = (None, None, None)
    found: list[Change] = []
    for key in sorted(was.keys() | now.keys()):
        old, new = was.get(key, nothing), now.get(key, nothing)
        if old != new:
            found.append(Change(key, (old[0], new[0]), (old[1], new[1]), (old[2], new[2])))
    return tuple(found)


_Line = tuple[int | None, int | None, datetime | None]  # coach, seat, when it is at the stop


def _lines(answer: Plan) -> dict[int, _Line]:
    return {
        key: (ride.coach, ride.seat_of.get(key), stop.arrives_at)
        for ride in answer.coaches
        for stop in ride.stops
        for key in stop.riders
    }


def without_riders(problem: Problem, told: Plan, gone: Collection[int]) -> tuple[Problem, Plan]:
    """Return the plan without riders who do not come (no-show, failed check): nobody else changes anything.

    Their seats are free; a stop at which nobody boards any more stays on the sheet, so that no time changes.
    A coach that carries nobody any more does not drive.
    """
    rides = (
        replace(
            ride,
            stops=tuple(
                replace(stop, riders=tuple(key for key in stop.riders if key not in gone))
                for stop in ride.stops
            ),
            seat_of={key: seat for key, seat in ride.seat_of.items() if key not in gone},
        )
        for ride in told.coaches
    )
    return (
        replace(problem, riders=tuple(rider for rider in problem.riders if rider.key not in gone)),
        replace(
            told,
            coaches=tuple(ride for ride in rides if ride.seat_of),
            left_behind=tuple(key for key in told.left_behind if key not in gone),
            fewest_coaches=0,
            proved=False,
        ),
    )


def without_coach(
    problem: Problem,
    told: Plan,
    broken: int,
    *,
    spare: Iterable[Coach] = (),
    iterations: int,
    seed: int = 0,
    prices: Prices = USUAL,
) -> tuple[Problem, Plan]:
    """Return a plan for when a coach breaks down before it leaves.

    Where a coach that is free or a spare one has as many seats, its people change to it as they are, and
    nobody else moves. Else a search puts them into other coaches; each person of another coach who must
    change costs ``prices.moved``.

    Args:
        problem: as it was planned; it may hold coaches that nobody uses.
        told: what people were told.
        broken: the coach.
        spare: coaches that can be had in its place.
        iterations: of the search.
        seed: of the search.
        prices: what it weighs.

    Returns:
        The problem with the fleet that is left, and its plan.
    """
    fleet = (*(coach for coach in problem.fleet if coach.key != broken), *spare)
    left = replace(problem, fleet=fleet)
    (ride,) = (ride for ride in told.coaches if ride.coach == broken)
    others = tuple(one for one in told.coaches if one.coach != broken)
    used = {one.coach for one in others}
    free = [coach for coach in fleet if coach.key not in used]
    fitting = [coach for coach in free if _carries(left, coach, ride)]
    if fitting:
        coach = min(fitting, key=lambda coach: (coach.seats, coach.key))
        return left, replace(told, coaches=(*others, _in_coach(left, ride, coach)))
    stranded = tuple(sorted({*told.left_behind, *ride.seat_of}))
    start = replace(told, coaches=others, left_behind=stranded, proved=False)
    return left, improve(left, start, iterations=iterations, seed=seed, prices=prices, stays=True)


def _carries(problem: Problem, coach: Coach, ride: CoachPlan) -> bool:
    fullest = max(sum(len(stop.riders) for stop in wave) for wave in ride.waves)
    return coach.permitted(problem.rule) >= fullest


def _in_coach(problem: Problem, ride: CoachPlan, coach: Coach) -> CoachPlan:
    """Return the same ride in another coach; seats stay where that coach has them."""
    usable = {seat for row in coach.rows[: len(coach.rows) - problem.rule.isolation_rows] for seat in row}
    if set(ride.seat_of.values()) <= usable:
        return replace(ride, coach=coach.key)
    fresh = ride_of(problem, coach, _tours(problem, ride))
    return replace(ride, coach=coach.key, seat_of=fresh.seat_of)


def _tours(problem: Problem, ride: CoachPlan) -> list[list[Group]]:
    rider_of = {rider.key: rider for rider in problem.riders}
    return [
        [Group(stop.village, tuple(rider_of[key] for key in stop.riders)) for stop in wave]
        for wave in ride.waves
    ]


def later(problem: Problem, told: Plan, by: timedelta) -> tuple[Problem, Plan]:
    """Return the plan for a train or flight that leaves later: everybody keeps coach and seat.

    The whole collection is later by as much, with rests and drivers counted anew: night rules may bind now.
    """
    moved = replace(
        problem,
        gather_at=problem.gather_at + by,
        windows=tuple(
            replace(window, from_at=window.from_at + by, to_at=window.to_at + by)
            for window in problem.windows
        ),
    )
    return moved, _timed(moved, told)


def on_other_roads(
    problem: Problem,
    told: Plan,
    times: TravelTimes,
    *,
    iterations: int,
    seed: int = 0,
    prices: Prices = USUAL,
) -> tuple[Problem, Plan]:
    """Return the plan for a road that is closed: the same coaches and seats, earlier, in a better order.

    Args:
        problem: as it was planned.
        told: what people were told.
        times: the ways without the closed road.
        iterations: of the search; people change coaches only where that is worth ``prices.moved`` each.
        seed: of the search.
        prices: what it weighs.
    """
    changed = replace(problem, times=times)
    start = _timed(changed, told)
    return changed, improve(changed, start, iterations=iterations, seed=seed, prices=prices, stays=True)


def _timed(problem: Problem, told: Plan) -> Plan:
    """Return the same coaches, stops and seats with times of their own."""
    fleet = {coach.key: coach for coach in problem.fleet}
    rides = (
        replace(ride_of(problem, fleet[ride.coach], _tours(problem, ride)), seat_of=ride.seat_of)
        for ride in told.coaches
    )
    return replace(told, coaches=tuple(rides))
