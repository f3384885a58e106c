"""The second look at coaches sees each kind of breach."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from fourdoors.engines.routing.check import check
from fourdoors.engines.routing.plan import plan
from fourdoors.engines.routing.problem import CoachPlan, Plan, Problem
from tests.engines.routing.days import make_day

FAMILY = {1: 1, 2: 1, 30: 5}


@pytest.fixture
def problem() -> Problem:
    return make_day(
        people={1: 15, 2: 14, 3: 6}, seats=(45, 45, 45), household_of=FAMILY, trunk_road_km=1504.0
    )


def bend_ride(change: Callable[[CoachPlan], dict[str, Any]]) -> Callable[[Plan], Plan]:
    def bend(answer: Plan) -> Plan:
        first, *others = answer.coaches
        return replace(answer, coaches=(replace(first, **change(first)), *others))

    return bend


def bend_stop(change: Callable[[Any], dict[str, Any]]) -> Callable[[Plan], Plan]:
    return bend_ride(
        lambda ride: {"stops": (replace(ride.stops[0], **change(ride.stops[0])), *ride.stops[1:])}
    )


def bend_stint(change: Callable[[Any], dict[str, Any]]) -> Callable[[Plan], Plan]:
    return bend_ride(
        lambda ride: {"stints": (replace(ride.stints[0], **change(ride.stints[0])), *ride.stints[1:])}
    )


def test_a_good_plan_has_no_fault(problem: Problem) -> None:
    answer = plan(problem)
    assert check(problem, answer) == ()
    assert len(answer.coaches) == 2


@pytest.mark.parametrize(
    ("bend", "code"),
    [
        (lambda plan: replace(plan, coaches=plan.coaches[1:]), "rider_missing"),
        (lambda plan: replace(plan, left_behind=(1,)), "rider_twice"),
        (lambda plan: replace(plan, left_behind=(99,)), "stranger"),
        (
            lambda plan: replace(plan, coaches=plan.coaches[1:], left_behind=tuple(plan.coaches[0].seat_of)),
            "left_beside_a_free_seat",
        ),
        (bend_ride(lambda ride: {"coach": 1}), "coach"),
        (bend_ride(lambda ride: {"seat_of": {}}), "seatless"),
        (bend_ride(lambda ride: {"seat_of": dict.fromkeys(ride.seat_of, 1)}), "seat_twice"),
        (bend_ride(lambda ride: {"seat_of": ride.seat_of | {min(ride.seat_of): 46}}), "seat_unknown"),
        (bend_ride(lambda ride: {"seat_of": ride.seat_of | {min(ride.seat_of): 0}}), "seat_unknown"),
        (bend_ride(lambda ride: {"seat_of": ride.seat_of | {min(ride.seat_of): 37}}), "seat_isolated"),
        (bend_stop(lambda stop: {"village": 621226100001 + stop.village % 2}), "wrong_village"),
        (bend_stop(lambda stop: {"village": 1}), "place"),
        (bend_stop(lambda stop: {"leaves_at": stop.arrives_at + timedelta(minutes=3)}), "short_stop"),
        (bend_stop(lambda stop: {"leaves_at": stop.leaves_at + timedelta(minutes=9)}), "too_fast"),
        (bend_ride(lambda ride: {"stints": ride.stints[:-1]}), "drive_short"),
        (bend_ride(lambda ride: {"arrives_at": ride.arrives_at - timedelta(minutes=1)}), "drive_short"),
        (bend_ride(lambda ride: {"drivers": 1}), "drivers"),
        (bend_stint(lambda stint: {"to_at": stint.to_at + timedelta(minutes=1)}), "rest"),
        (bend_stint(lambda stint: {"to_at": stint.to_at + timedelta(minutes=1)}), "stint"),
        (bend_stint(lambda stint: {"from_at": stint.from_at + timedelta(minutes=30)}), "too_fast"),
        (bend_stint(lambda stint: {"driver": 2}), "day"),
        (
            bend_ride(
                lambda ride: {
                    "stints": tuple(
                        replace(s, from_at=s.from_at + timedelta(hours=1), to_at=s.to_at + timedelta(hours=1))
                        for s in ride.stints
                    )
                }
            ),
            "parked",
        ),
    ],
)
def test_a_bent_plan_is_seen(problem: Problem, bend: Callable[[Plan], Plan], code: str) -> None:
    assert code in {fault.code for fault in check(problem, bend(plan(problem)))}


def test_a_village_or_a_family_taken_apart_is_seen(problem: Problem) -> None:
    roomy = plan(replace(problem, fleet=problem.fleet[:2]))
    first, second = roomy.coaches
    ride = first if 1 in first.seat_of else second
    other = second if ride is first else first
    stop = next(stop for stop in ride.stops if 1 in stop.riders)
    without = replace(stop, riders=tuple(key for key in stop.riders if key != 1))
    moved = replace(
        roomy,
        coaches=(
            replace(
                ride,
                stops=tuple(without if old is stop else old for old in ride.stops),
                seat_of={key: seat for key, seat in ride.seat_of.items() if key != 1},
            ),
            replace(
                other,
                stops=(replace(stop, riders=(1,)), *other.stops),
                seat_of=other.seat_of | {1: 36},
            ),
        ),
    )

    assert {"village_split", "family_split"} <= {fault.code for fault in check(problem, moved)}


def test_one_person_over_the_cap_is_seen() -> None:
    problem = make_day(people={1: 23})
    lawful = plan(problem)
    ride = max(lawful.coaches, key=lambda ride: len(ride.seat_of))
    (last,) = {rider.key for rider in problem.riders} - ride.seat_of.keys()
    free = min(set(range(1, 37)) - set(ride.seat_of.values()))
    crowded = replace(
        ride,
        stops=(replace(ride.stops[0], riders=(*ride.stops[0].riders, last)),),
        seat_of=ride.seat_of | {last: free},
    )

    assert {fault.code for fault in check(problem, replace(lawful, coaches=(crowded,)))} >= {"over_cap"}
