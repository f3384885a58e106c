"""Coaches: caps, villages and families together, seats apart, times, the fewest coaches."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourdoors.engines.routing.check import check
from fourdoors.engines.routing.groups import groups_of
from fourdoors.engines.routing.order import ordered, way_minutes
from fourdoors.engines.routing.plan import plan
from fourdoors.engines.routing.problem import EVERY_SEAT, Coach, Plan, Rider
from fourdoors.engines.routing.seats import seats_of
from fourdoors.engines.routing.times import GreatCircle, Place, great_circle_km
from tests.engines.routing.days import GATHER, GATHER_AT, HALF, draw_day, make_day, village

TIMES = GreatCircle()


def villages_by_coach(answer: Plan) -> list[list[int]]:
    return sorted(sorted(stop.village % 1000 for stop in ride.stops) for ride in answer.coaches)


@settings(deadline=None, max_examples=120)
@given(seed=st.integers(0, 2**32), rule=st.sampled_from((HALF, EVERY_SEAT)))
def test_any_day_passes_the_second_look(seed: int, rule: object) -> None:
    problem = draw_day(seed, rule=HALF if rule is HALF else EVERY_SEAT)

    answer = plan(problem)

    assert check(problem, answer) == ()
    assert answer.fewest_coaches <= len(answer.coaches)


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 2**32), draw=st.randoms(use_true_random=False))
def test_the_plan_does_not_depend_on_the_order_in_which_things_are_named(seed: int, draw: object) -> None:
    problem = draw_day(seed)
    shuffled = replace(
        problem,
        riders=tuple(draw.sample(problem.riders, len(problem.riders))),  # type: ignore[attr-defined]
        villages=tuple(reversed(problem.villages)),
        fleet=tuple(reversed(problem.fleet)),
    )

    assert plan(shuffled) == plan(problem)


def test_a_45_seat_coach_of_1_march_2020_takes_22_and_the_23rd_needs_another() -> None:
    assert len(plan(make_day(people={1: 22})).coaches) == 1
    answer = plan(make_day(people={1: 23}))

    assert sorted(len(ride.seat_of) for ride in answer.coaches) == [1, 22]
    assert (answer.fewest_coaches, answer.proved, answer.left_behind) == (2, True, ())


def test_a_village_is_not_split_when_it_fits() -> None:
    answer = plan(make_day(people={1: 12, 2: 12, 3: 12}))  # 36 people would fit in two coaches, cut up

    assert villages_by_coach(answer) == [[1], [2], [3]]
    assert (answer.fewest_coaches, answer.proved) == (3, True)


def test_a_village_larger_than_a_coach_is_split_with_families_whole() -> None:
    families = {key: (key + 2) // 3 for key in range(1, 31)}
    problem = make_day(people={1: 30}, household_of=families)

    answer = plan(problem)

    assert len(answer.coaches) == 2
    assert check(problem, answer) == ()


def test_people_are_rather_split_than_left_behind() -> None:
    problem = make_day(people={1: 12, 2: 12, 3: 12}, seats=(45, 45))

    answer = plan(problem)

    assert answer.left_behind == ()
    assert check(problem, answer) == ()


def test_who_has_no_seat_is_named() -> None:
    answer = plan(make_day(people={1: 30}, seats=(45,)))

    assert len(answer.left_behind) == 8
    assert plan(make_day(people={1: 3}, seats=())).left_behind == (1, 2, 3)


def test_nobody_needs_no_coach() -> None:
    answer = plan(make_day(people={}))
    assert (answer.coaches, answer.left_behind, answer.proved) == ((), (), True)


def test_the_smallest_coach_that_may_carry_the_load_is_taken() -> None:
    problem = make_day(people={1: 20, 2: 8}, seats=(55, 45, 33, 19))
    seats = {coach.key: coach.seats for coach in problem.fleet}

    answer = plan(problem)

    assert sorted(seats[ride.coach] for ride in answer.coaches) == [19, 45]


@settings(deadline=None, max_examples=40)
@given(sizes=st.lists(st.integers(1, 22), min_size=1, max_size=6))
def test_no_way_to_fill_coaches_needs_fewer(sizes: list[int]) -> None:
    problem = make_day(people=dict(enumerate(sizes)), seats=(45,) * 6)
    fewest = min(
        len(set(choice))
        for choice in product(range(len(sizes)), repeat=len(sizes))
        if all(sum(s for s, c in zip(sizes, choice, strict=True) if c == coach) <= 22 for coach in choice)
    )

    answer = plan(problem)

    assert (len(answer.coaches), answer.fewest_coaches, answer.proved) == (fewest, fewest, True)


def test_first_fit_is_mended_by_the_search() -> None:
    sizes = [10, 9, 8, 7, 6, 4]  # by size: 10+9, 8+7+6, 4; yet 10+8+4 and 9+7+6 fill two coaches
    answer = plan(make_day(people=dict(enumerate(sizes))))

    assert sorted(len(ride.seat_of) for ride in answer.coaches) == [22, 22]


@pytest.mark.parametrize("people", [1, 17, 18])
def test_everybody_has_a_free_neighbour_as_long_as_there_are_benches(people: int) -> None:
    (ride,) = plan(make_day(people={1: people})).coaches
    benches = [(seat + 1) // 2 for seat in ride.seat_of.values()]

    assert len(set(benches)) == people
    assert max(ride.seat_of.values()) <= 36  # the two rows at the back stay free


def test_when_benches_run_out_families_share_first() -> None:
    household_of = {7: 1, 8: 1, 12: 2, 13: 2}
    (ride,) = plan(make_day(people={1: 20}, household_of=household_of)).coaches
    bench_of = {rider: (seat + 1) // 2 for rider, seat in ride.seat_of.items()}

    shared = {frozenset(r for r in bench_of if bench_of[r] == bench) for bench in bench_of.values()}
    assert {pair for pair in shared if len(pair) == 2} == {frozenset({7, 8}), frozenset({12, 13})}


def test_a_family_shares_before_two_strangers_who_board_earlier() -> None:
    alone = [Rider(key=key, village=1) for key in range(1, 18)]
    riders = [*alone, Rider(key=18, village=2, household=1), Rider(key=19, village=2, household=1)]

    seat_of = seats_of(riders, Coach(key=1, seats=45), HALF)

    assert (seat_of[18] + 1) // 2 == (seat_of[19] + 1) // 2
    assert len({(seat + 1) // 2 for seat in seat_of.values()}) == 18


def test_without_a_cap_a_family_sits_side_by_side_however_its_people_are_numbered() -> None:
    (ride,) = plan(make_day(people={1: 6}, rule=EVERY_SEAT, household_of={1: 8, 5: 8, 2: 9, 6: 9})).coaches

    assert abs(ride.seat_of[1] - ride.seat_of[5]) == abs(ride.seat_of[2] - ride.seat_of[6]) == 1


def test_without_a_cap_seats_are_filled_from_the_front() -> None:
    (ride,) = plan(make_day(people={1: 45}, rule=EVERY_SEAT)).coaches
    assert sorted(ride.seat_of.values()) == list(range(1, 46))


def test_a_full_coach_without_rows_kept_free_still_seats_all() -> None:
    (ride,) = plan(make_day(people={1: 44}, rule=replace(EVERY_SEAT, seat_share=0.99))).coaches
    assert len(set(ride.seat_of.values())) == 44


def test_times_are_counted_back_from_the_gathering_place() -> None:
    (ride,) = plan(make_day(people={1: 4, 2: 6})).coaches
    first, second = ride.stops

    assert (first.village % 1000, second.village % 1000) == (2, 1)  # the farther one first
    assert first.leaves_at - first.arrives_at == timedelta(minutes=6)  # 3 and 6 x 0.4, rounded up
    assert second.leaves_at - second.arrives_at == timedelta(minutes=5)
    assert second.leaves_at < GATHER_AT
    assert ride.stints[0].from_at == first.leaves_at
    assert ride.arrives_at == ride.stints[-1].to_at > GATHER_AT


@pytest.mark.parametrize(("trunk_road_km", "drivers"), [(0.0, 1), (520.0, 1), (640.0, 2), (1300.0, 3)])
def test_the_fewest_drivers_with_whom_nobody_waits_for_a_next_day(trunk_road_km: float, drivers: int) -> None:
    (ride,) = plan(make_day(people={1: 4}, trunk_road_km=trunk_road_km)).coaches

    assert ride.drivers == drivers
    assert {stint.driver for stint in ride.stints} == set(range(1, drivers + 1))


def test_where_the_rule_parks_coaches_before_the_gathering_the_first_stop_is_so_much_earlier() -> None:
    early = make_day(people={1: 4}, gather_at=GATHER_AT.replace(hour=5, minute=10))
    (ride,) = plan(early).coaches

    assert check(early, plan(early)) == ()
    assert ride.stops[0].leaves_at.hour == 1
    assert ride.stints[0].to_at == GATHER_AT.replace(hour=2)
    assert ride.stints[1].from_at == GATHER_AT.replace(hour=5)


def test_the_order_of_stops_is_close_to_the_best_of_all_orders() -> None:
    found = best = 0
    for seed in range(40):
        places = list(draw_day(seed).villages)[:6]
        found += way_minutes(ordered(places, GATHER, TIMES), GATHER, TIMES)
        best += min(way_minutes(way, GATHER, TIMES) for way in permutations(places))
    assert found <= 1.01 * best


def test_great_circles_agree_with_a_known_distance() -> None:
    lanzhou = Place(code=1, lon_degrees=103.8343, lat_degrees=36.0611)
    beijing = Place(code=2, lon_degrees=116.4074, lat_degrees=39.9042)

    assert great_circle_km(lanzhou, beijing) == pytest.approx(1183, abs=5)


def test_large_families_are_placed_first_so_that_small_ones_fill_the_parts() -> None:
    sizes = {1: 1, 2: 1, 3: 3, 4: 3}
    riders = tuple(
        Rider(key=10 * house + number, village=1, household=house)
        for house, size in sizes.items()
        for number in range(size)
    )

    assert [len(group) for group in groups_of(riders, most=4)] == [4, 4]


def test_groups_are_villages_until_one_is_too_large() -> None:
    riders = make_day(people={1: 22, 2: 23}).riders

    sizes = [(group.village, len(group)) for group in groups_of(riders, most=22)]

    assert sizes == [(village(1).code, 22), (village(2).code, 22), (village(2).code, 1)]
