"""Several destinations in a day: one fleet, split so that nobody is left behind."""

from dataclasses import replace
from itertools import product

import pytest

from fourdoors.engines.routing.collect import USUAL, cost_fen
from fourdoors.engines.routing.day import check_day, draft_day, improve_day, split
from fourdoors.engines.routing.milp import INFINITE, Program, solve
from fourdoors.engines.routing.problem import EVERY_SEAT, Coach, Problem, Rider
from tests.engines.routing.days import draw_county_day, make_day


def destinations(*people: int, seats: tuple[int, ...]) -> list[Problem]:
    problems = [make_day(people={1: count}, seats=seats, rule=EVERY_SEAT) for count in people]
    shift = 0
    for number, problem in enumerate(problems):
        riders = tuple(Rider(key=rider.key + shift, village=rider.village) for rider in problem.riders)
        problems[number], shift = replace(problem, riders=riders), shift + len(riders)
    return problems


@pytest.mark.parametrize(
    ("people", "seats"),
    [((40, 30, 20), (45, 33, 33, 19, 55)), ((45, 45), (45, 45, 55)), ((10, 60), (33, 33, 19, 45, 12))],
)
def test_the_split_is_the_cheapest_of_all(people: tuple[int, ...], seats: tuple[int, ...]) -> None:
    def price(chosen: tuple[Coach, ...]) -> int:
        return sum(USUAL.coach + USUAL.seat * coach.seats for coach in chosen)

    problems = destinations(*people, seats=seats)
    fleet = problems[0].fleet
    best = min(
        price(tuple(coach for coach, to in zip(fleet, choice, strict=True) if to < len(people)))
        for choice in product(range(len(people) + 1), repeat=len(fleet))
        if all(
            sum(coach.seats for coach, to in zip(fleet, choice, strict=True) if to == number) >= count
            for number, count in enumerate(people)
        )
    )

    fleets = split(problems, people)

    assert sum(map(price, fleets)) == best
    keys = [coach.key for chosen in fleets for coach in chosen]
    assert len(set(keys)) == len(keys)


def test_with_too_few_seats_as_few_as_possible_are_without() -> None:
    problems = destinations(40, 40, seats=(45, 33))
    day = draft_day(problems)
    assert sum(len(answer.left_behind) for _, answer in day) == 7
    assert check_day(day) == ()


def test_a_day_of_three_destinations_is_lawful_and_improved_by_the_same_seed_alike() -> None:
    problems = draw_county_day(1, people=60, villages=12, coaches=9)
    day = draft_day(problems)
    better = improve_day(day, iterations=60, seed=2)
    assert check_day(day) == check_day(better) == ()
    assert not any(answer.left_behind for _, answer in day)
    assert better == improve_day(day, iterations=60, seed=2)
    assert sum(cost_fen(*one) for one in better) <= sum(cost_fen(*one) for one in day)


def test_a_coach_that_is_sent_two_ways_is_seen() -> None:
    (problem,) = destinations(20, seats=(45,))
    ((alone, answer),) = draft_day([problem])
    assert [fault.code for fault in check_day(((alone, answer), (alone, answer)))] == ["coach_of_two"]


def test_destinations_that_name_different_fleets_are_refused() -> None:
    one, other = destinations(5, 5, seats=(45,))
    with pytest.raises(ValueError, match="fleets differ"):
        split([one, replace(other, fleet=())], (5, 5))
    assert split([], ()) == []


def test_a_program_has_its_least_cost_its_bound_or_no_answer() -> None:
    program = Program()
    few, many = program.column(3, upper=2), program.column(2, whole=False)
    program.row({few: 2, many: 1}, least=5)
    answer = solve(program)
    assert answer is not None
    assert (answer.values, answer.cost) == ((2.0, 1.0), 8.0)
    assert answer.bound == pytest.approx(8.0)
    begun = solve(program, start=(0.0, 5.0))
    assert begun is not None
    assert begun.cost == 8.0
    program.row({few: 1}, least=3, most=INFINITE)
    assert solve(program) is None
