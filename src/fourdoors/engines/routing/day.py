"""A county's day: several destinations, one fleet. Coaches are split between them, then each is planned."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from fourdoors.engines.routing.check import Fault, check
from fourdoors.engines.routing.collect import USUAL, Prices, improve
from fourdoors.engines.routing.milp import Program, solve
from fourdoors.engines.routing.plan import plan
from fourdoors.engines.routing.problem import Coach, Plan, Problem

RESERVE_SHARE = 0.02  # seats more than people in the first split
MORE_SHARE = 0.06  # and so many more for a destination whose people do not fit
MOST_SPLITS = 8
DRAFT_ITERATIONS = 120  # where the constructive plan breaks a window or leaves somebody behind

Day = tuple[tuple[Problem, Plan], ...]


def draft_day(problems: Sequence[Problem], *, seed: int = 0, prices: Prices = USUAL) -> Day:
    """Return a usable plan of each destination, each with coaches of its own.

    Where people of a destination find no place, its share of the fleet grows and the fleet is split anew, as
    long as coaches are left.

    Args:
        problems: one a destination; all name the same fleet.
        seed: of the search, where the constructive plan does not keep all rules.
        prices: what coaches cost.

    Raises:
        ValueError: the fleets differ.
    """
    needed = [len(problem.riders) * (1 + RESERVE_SHARE) for problem in problems]
    best: Day = ()
    for _ in range(MOST_SPLITS):
        fleets = split(problems, needed, prices=prices)
        day = tuple(
            _drafted(replace(problem, fleet=fleet), seed, prices)
            for problem, fleet in zip(problems, fleets, strict=True)
        )
        best = min((best, day), key=_left) if best else day
        short = [bool(check(*one) or one[1].left_behind) for one in day]
        if not any(short):
            return day
        needed = [need * (1 + MORE_SHARE * is_short) for need, is_short in zip(needed, short, strict=True)]
    return best


def _left(day: Day) -> tuple[int, int]:
    return sum(len(check(*one)) for one in day), sum(len(answer.left_behind) for _, answer in day)


def _drafted(problem: Problem, seed: int, prices: Prices) -> tuple[Problem, Plan]:
    answer = plan(problem)
    if answer.left_behind or check(problem, answer):
        answer = improve(problem, answer, iterations=DRAFT_ITERATIONS, seed=seed, prices=prices)
    return problem, answer


def improve_day(day: Day, *, iterations: int, seed: int = 0, prices: Prices = USUAL) -> Day:
    """Return the day with each plan improved; the coaches of a destination stay its own."""
    return tuple(
        (problem, improve(problem, answer, iterations=iterations, seed=seed, prices=prices))
        for problem, answer in day
    )


def check_day(day: Day) -> tuple[Fault, ...]:
    """Return every fault of every plan, and each coach that two destinations use."""
    used = Counter(ride.coach for _, answer in day for ride in answer.coaches)
    twice = tuple(Fault("coach_of_two", coach) for coach, times in sorted(used.items()) if times > 1)
    return tuple(fault for one in day for fault in check(*one)) + twice


def split(
    problems: Sequence[Problem], needed: Sequence[float], *, prices: Prices = USUAL
) -> list[tuple[Coach, ...]]:
    """Return the coaches of each destination: seats for all where there are enough, at the least cost.

    Args:
        problems: one a destination; all name the same fleet.
        needed: permitted seats that each asks for.
        prices: what coaches cost.

    Raises:
        ValueError: the fleets differ.
    """
    if any(problem.fleet != problems[0].fleet for problem in problems):
        raise ValueError("problems: their fleets differ")
    if not problems:
        return []
    kinds: dict[int, list[Coach]] = {}
    for coach in sorted(problems[0].fleet, key=lambda coach: coach.key):
        kinds.setdefault(coach.seats, []).append(coach)
    program = Program()
    given = {
        (seats, number): program.column(prices.coach + prices.seat * seats, upper=len(kind))
        for seats, kind in kinds.items()
        for number in range(len(problems))
    }
    for seats, kind in kinds.items():
        program.row({given[seats, number]: 1 for number in range(len(problems))}, most=len(kind))
    for number, problem in enumerate(problems):
        short = program.column(prices.left_behind, whole=False)
        rooms = {given[seats, number]: kind[0].permitted(problem.rule) for seats, kind in kinds.items()}
        program.row({**rooms, short: 1}, least=needed[number])
    answer = solve(program)
    fleets: list[tuple[Coach, ...]] = []
    for number in range(len(problems)):
        taken: list[Coach] = []
        for seats, kind in kinds.items():
            count = int(answer.values[given[seats, number]]) if answer else 0
            taken += kind[:count]
            kinds[seats] = kind[count:]
        fleets.append(tuple(taken))
    return fleets
