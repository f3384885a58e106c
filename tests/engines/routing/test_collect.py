"""Collection by search: never worse than its start, the same for the same seed, windows and waves kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourdoors.engines.routing.check import check
from fourdoors.engines.routing.collect import Prices, cost_fen, improve, moved
from fourdoors.engines.routing.groups import Group
from fourdoors.engines.routing.plan import plan, ride_of
from fourdoors.engines.routing.problem import EVERY_SEAT, CoachPlan, Plan, Problem, Window
from tests.engines.routing.days import GATHER_AT, draw_day, make_day, village


def minutes_before(minutes: float) -> Any:
    return GATHER_AT - timedelta(minutes=minutes)


def station(people: dict[int, int], **words: Any) -> Problem:
    return make_day(people=people, rule=EVERY_SEAT, trunk_road_km=0.0, **words)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**32), effort=st.integers(1, 60))
def test_the_answer_is_lawful_and_never_dearer_than_its_start(seed: int, effort: int) -> None:
    problem = draw_day(seed)
    start = plan(problem)

    answer = improve(problem, start, iterations=effort, seed=seed)

    assert check(problem, answer) == ()
    assert cost_fen(problem, answer) <= cost_fen(problem, start)
    assert len(answer.left_behind) <= len(start.left_behind)


def test_the_same_seed_gives_the_same_plan() -> None:
    problem = draw_day(5)
    start = plan(problem)
    assert len(start.coaches) > 2
    assert improve(problem, start, iterations=80, seed=3) == improve(problem, start, iterations=80, seed=3)


@pytest.mark.parametrize("seed", range(6))
def test_five_villages_in_one_coach_are_driven_in_the_best_of_all_orders(seed: int) -> None:
    drawn = draw_day(seed)
    problem = station(dict.fromkeys(range(5), 3), seats=(45,))
    places = tuple(
        replace(place, lon_degrees=other.lon_degrees, lat_degrees=other.lat_degrees)
        for place, other in zip(
            problem.villages, (*drawn.villages, *draw_day(seed + 50).villages), strict=False
        )
    )
    problem = replace(problem, villages=places)
    groups = [
        Group(place.code, tuple(rider for rider in problem.riders if rider.village == place.code))
        for place in problem.villages
    ]
    shortest = min(
        ride_of(problem, problem.fleet[0], [way]).collection_road_km for way in permutations(groups)
    )
    worst_start = replace(plan(problem), coaches=(ride_of(problem, problem.fleet[0], [groups]),))

    (ride,) = improve(problem, worst_start, iterations=200).coaches

    assert ride.collection_road_km == pytest.approx(shortest, abs=0.11)


def test_a_village_is_fetched_within_its_window() -> None:
    problem = station({1: 4, 2: 4}, seats=(45,))
    early = Window(village=village(1).code, from_at=minutes_before(200), to_at=minutes_before(180))
    windowed = replace(problem, windows=(early,))
    start = plan(problem)
    assert {fault.code for fault in check(windowed, start)} == {"window"}

    answer = improve(windowed, start, iterations=100)

    assert check(windowed, answer) == check(windowed, plan(windowed)) == ()
    (stop,) = (stop for stop in answer.coaches[0].stops if stop.village == early.village)
    assert early.from_at <= stop.arrives_at <= early.to_at
    first, second = answer.coaches[0].stops
    assert second.arrives_at < first.leaves_at + timedelta(hours=1)  # nobody waits on the road for nothing


def test_a_coach_waits_at_a_village_for_the_next_one_to_open() -> None:
    problem = station({1: 4, 2: 4}, seats=(45,))
    windows = (
        Window(village=village(1).code, from_at=minutes_before(300), to_at=minutes_before(240)),
        Window(village=village(2).code, from_at=minutes_before(120), to_at=minutes_before(100)),
    )
    windowed = replace(problem, windows=windows)

    answer = improve(windowed, plan(windowed), iterations=100)

    assert check(windowed, answer) == ()
    first, second = answer.coaches[0].stops
    assert first.leaves_at - first.arrives_at > timedelta(hours=1)
    assert second.arrives_at >= windows[1].from_at


def test_a_collection_that_takes_too_long_is_cut_in_two() -> None:
    problem = station(dict.fromkeys(range(1, 9), 5), seats=(45, 45))
    assert len(plan(problem).coaches) == 1
    longest = 75
    limited = replace(problem, most_collection_minutes=longest)
    start = plan(limited)
    assert {fault.code for fault in check(limited, start)} == {"collection_long"}

    answer = improve(limited, start, iterations=200)

    assert check(limited, answer) == ()
    assert len(answer.coaches) == 2


def test_one_coach_fetches_in_two_waves_what_two_would_fetch_in_one() -> None:
    problem = replace(station({1: 30, 2: 30}, seats=(45,)), most_waves=2)
    start = plan(problem)
    assert start.left_behind

    answer = improve(problem, start, iterations=200)

    assert (answer.left_behind, check(problem, answer)) == ((), ())
    (ride,) = answer.coaches
    assert [sum(len(stop.riders) for stop in wave) for wave in ride.waves] in ([30, 30], [31, 29], [45, 15])
    assert len(set(ride.seat_of.values())) < 60  # seats are given a second time


def two_waves() -> tuple[Problem, Plan]:
    problem = replace(station({1: 30, 2: 30}, seats=(45,)), most_waves=2)
    return problem, improve(problem, plan(problem), iterations=200)


def bent(answer: Plan, change: Callable[[CoachPlan], dict[str, Any]]) -> Plan:
    (ride,) = answer.coaches
    return replace(answer, coaches=(replace(ride, **change(ride)),))


def swap_stop(ride: CoachPlan, **changes: Any) -> dict[str, Any]:
    stops = [replace(stop, **changes) if stop.unloads else stop for stop in ride.stops]
    return {"stops": tuple(stops)}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda ride: swap_stop(ride, unloads=False), "over_cap"),
        (lambda ride: swap_stop(ride, village=ride.stops[0].village), "empties_elsewhere"),
        (lambda ride: swap_stop(ride, leaves_at=ride.stops[1].arrives_at), "short_stop"),
        (lambda ride: {"seat_of": dict.fromkeys(ride.seat_of, 1)}, "seat_twice"),
    ],
)
def test_a_bent_second_wave_is_seen(change: Callable[[CoachPlan], dict[str, Any]], code: str) -> None:
    problem, answer = two_waves()
    assert check(problem, answer) == ()
    assert code in {fault.code for fault in check(problem, bent(answer, change))}


def test_a_wave_that_the_problem_does_not_allow_is_seen() -> None:
    problem, answer = two_waves()
    assert {fault.code for fault in check(replace(problem, most_waves=1), answer)} == {"too_many_waves"}
    with pytest.raises(ValueError, match="most_waves"):
        replace(problem, trunk_road_km=100.0)
    with pytest.raises(ValueError, match="most_waves"):
        replace(problem, most_waves=0)


def test_who_was_told_a_coach_keeps_it_unless_it_costs_too_much() -> None:
    problem = draw_day(5)
    told = plan(problem)
    free = improve(problem, told, iterations=300)
    kept = improve(problem, told, iterations=300, stays=True, prices=Prices(moved=1_000_000))
    assert moved(told, kept) == ()
    assert len(moved(told, free)) >= len(moved(told, kept))
    assert cost_fen(problem, kept) <= cost_fen(problem, told)


def test_nobody_to_fetch_and_nothing_to_fetch_with_stay_as_they_are() -> None:
    for problem in (make_day(people={}), make_day(people={1: 3}, seats=())):
        start = plan(problem)
        assert improve(problem, start, iterations=5) == start


def test_a_window_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(ValueError, match="window of 1"):
        Window(village=1, from_at=GATHER_AT, to_at=minutes_before(1))
