"""Disruption: as few people as possible hear of it, and all of them are named."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourdoors.engines.routing.check import check
from fourdoors.engines.routing.collect import moved
from fourdoors.engines.routing.mend import changes, later, on_other_roads, without_coach, without_riders
from fourdoors.engines.routing.plan import plan
from fourdoors.engines.routing.problem import Coach, Problem
from fourdoors.engines.routing.times import ASSUMED, GreatCircle
from tests.engines.routing.days import draw_day, make_day

FIVE = {1: 12, 2: 11, 3: 10, 4: 9, 5: 8}


def codes(problem: Problem, answer: object) -> set[str]:
    return {fault.code for fault in check(problem, answer)}  # type: ignore[arg-type]


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**31), draw=st.randoms(use_true_random=False))
def test_who_does_not_come_changes_nothing_for_anybody_else(seed: int, draw: object) -> None:
    problem = draw_day(seed)
    told = plan(problem)
    keys = [key for ride in told.coaches for key in ride.seat_of]
    gone = set(draw.sample(keys, min(len(keys), 5)))  # type: ignore[attr-defined]

    fewer, answer = without_riders(problem, told, gone)

    assert {one.rider for one in changes(told, answer)} == gone
    assert all(one.coaches[1] is None and one.needs_new_pass for one in changes(told, answer))
    assert codes(fewer, answer) <= {"left_beside_a_free_seat", "village_split"}


def test_a_broken_coach_is_replaced_by_a_spare_one_and_nobody_else_moves() -> None:
    problem = make_day(people=FIVE, seats=(45, 45, 45))
    told = plan(problem)
    broken = told.coaches[0]
    spare = Coach(key=77, seats=49)

    mended, answer = without_coach(problem, told, broken.coach, spare=[spare], iterations=10)

    assert check(mended, answer) == ()
    told_anew = changes(told, answer)
    assert {one.rider for one in told_anew} == set(broken.seat_of)
    assert {one.coaches for one in told_anew} == {(broken.coach, 77)}
    assert all(one.seats[0] == one.seats[1] and one.needs_new_pass for one in told_anew)
    assert all(one.boards_at[0] == one.boards_at[1] for one in told_anew)


def test_with_a_smaller_spare_the_people_are_spread_and_few_others_move() -> None:
    problem = make_day(people=FIVE | {6: 3, 7: 3}, seats=(45, 45, 45, 45))
    told = plan(problem)
    broken = max(told.coaches, key=lambda ride: len(ride.seat_of))
    spare = Coach(key=77, seats=33)

    mended, answer = without_coach(problem, told, broken.coach, spare=[spare], iterations=300)

    assert check(mended, answer) == ()
    assert answer.left_behind == ()
    others = set(moved(told, answer)) - set(broken.seat_of)
    assert len(others) <= 12


def test_without_a_spare_as_few_as_possible_stay_and_are_named() -> None:
    problem = make_day(people={1: 20, 2: 20}, seats=(45, 45))
    told = plan(problem)
    mended, answer = without_coach(problem, told, told.coaches[0].coach, iterations=50)
    assert len(answer.left_behind) == 18
    assert check(mended, answer) == ()


def test_a_late_train_moves_the_times_and_nobody_changes_seats() -> None:
    problem = make_day(people=FIVE, trunk_road_km=0.0)
    told = plan(problem)

    moved_on, answer = later(problem, told, timedelta(hours=3))

    assert check(moved_on, answer) == ()
    told_anew = changes(told, answer)
    assert len(told_anew) == 50
    assert not any(one.needs_new_pass for one in told_anew)
    assert {one.boards_at[1] - one.boards_at[0] for one in told_anew} == {timedelta(hours=3)}  # type: ignore[operator]


def test_a_train_so_late_that_coaches_are_parked_is_met_lawfully() -> None:
    problem = make_day(people=FIVE, trunk_road_km=0.0)
    moved_on, answer = later(problem, plan(problem), timedelta(hours=-5))
    assert check(moved_on, answer) == ()


def test_a_closed_road_is_driven_around_in_time() -> None:
    problem = make_day(people=FIVE)
    told = plan(problem)
    slow = GreatCircle(tuple(replace(one, detour=one.detour * 1.5) for one in ASSUMED))
    assert "too_fast" in codes(replace(problem, times=slow), told)

    changed, answer = on_other_roads(problem, told, slow, iterations=100)

    assert check(changed, answer) == ()
    assert moved(told, answer) == ()


def test_the_same_plan_has_no_changes() -> None:
    told = plan(make_day(people=FIVE))
    assert changes(told, told) == ()


@pytest.mark.parametrize("seed", range(4))
def test_the_same_breakdown_is_mended_alike(seed: int) -> None:
    problem = draw_day(seed + 3)
    told = plan(problem)
    if told.coaches:
        first, again = (
            without_coach(problem, told, told.coaches[0].coach, iterations=40, seed=1) for _ in range(2)
        )
        assert first == again
        assert codes(*first) <= {"village_split", "left_beside_a_free_seat"}
