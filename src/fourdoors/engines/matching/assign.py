"""The plan itself: exact by minimum-cost flow, and two baselines to compare with."""

import heapq

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import max_flow, min_cost_flow

from fourdoors.engines.matching.eligibility import Eligibility
from fourdoors.engines.matching.problem import UNPLACED, Answer, Problem, Statistics, read_only
from fourdoors.engines.matching.utility import Utility

MOST_PAIRS = 40_000_000  # 8 bytes a pair in memory, and about 100 for a possible one while it is solved
FORBIDDEN = np.int64(-1)  # every possible pair has a value of at least 0

Values = NDArray[np.int64]


def values_of(problem: Problem) -> Values:
    """Return the value of every pair: tier points and soft points, ``FORBIDDEN`` where a rule is broken.

    Raises:
        ValueError: more pairs than the exact solver holds.
    """
    size = (len(problem.workers), len(problem.vacancies))
    if size[0] * size[1] > MOST_PAIRS:
        raise ValueError(f"problem: {size[0]} x {size[1]} pairs are more than {MOST_PAIRS}")
    values = np.empty(size, np.int64)
    by_tier, utility = problem.points_by_tier, Utility(problem)
    for rows, reasons in Eligibility(problem).blocks():
        worth = utility.block(rows) + by_tier[problem.workers.tier[rows], None]
        values[rows] = np.where(reasons == 0, worth, FORBIDDEN)
    return values


def assign(problem: Problem) -> Answer:
    """Return the best plan, proved: its gap is 0.

    Every possible pair is an arc of a minimum-cost flow. From its plan follow the lowest prices that explain
    it; with them the bound over all possible pairs equals the value, which proves that no plan is better.

    Same problem, same plan: nothing here depends on a clock, a thread or chance.

    Raises:
        ValueError: more pairs than the exact solver holds.
    """
    values = values_of(problem)
    assignment = _flow(values, problem.vacancies.openings.astype(np.int64))
    return _answer(problem, values, assignment, _lowest_prices(values, assignment), method="min-cost-flow")


def greedy(problem: Problem) -> Answer:
    """Return the plan of a fair queue: tier by tier, each takes the best line that is still open.

    Within a tier, whoever has the pair with most points goes first. It is the baseline that the exact plan
    is shown beside; its bound is the one at prices of zero.
    """
    values = values_of(problem)
    left = problem.vacancies.openings.astype(np.int64)
    assignment = np.full(len(values), UNPLACED, np.int32)
    best = values.max(axis=1, initial=FORBIDDEN)
    for worker in np.lexsort((problem.workers.key, -best, problem.workers.tier)):
        open_values = np.where(left > 0, values[worker], FORBIDDEN)
        if open_values.max(initial=FORBIDDEN) != FORBIDDEN:
            line = int(open_values.argmax())
            assignment[worker] = line
            left[line] -= 1
    return _answer(problem, values, assignment, np.zeros_like(left), method="greedy")


def deferred(problem: Problem) -> Answer:
    """Return the stable plan that workers propose to: nobody and no line would both rather have each other.

    A worker asks the line with most points, then the next; a line keeps those of the earliest tiers, among
    them those with most points, and sends the others on. Stable, but it places fewer; its bound is the one
    at prices of zero.
    """
    values, openings = values_of(problem), problem.vacancies.openings.tolist()
    points = np.where(
        values == FORBIDDEN, FORBIDDEN, values - problem.points_by_tier[problem.workers.tier, None]
    )
    wanted = [
        iter([line for line in order if row[line] != FORBIDDEN])
        for row, order in zip(points, np.argsort(-points, axis=1, kind="stable").tolist(), strict=True)
    ]
    kept: list[list[tuple[int, int, int, int]]] = [[] for _ in openings]  # heaps, the first to go on top
    waiting = list(range(len(values)))[::-1]
    while waiting:
        worker = waiting.pop()
        line = next(wanted[worker], UNPLACED)
        if line == UNPLACED:
            continue
        tier, key = int(problem.workers.tier[worker]), int(problem.workers.key[worker])
        heapq.heappush(kept[line], (-tier, int(points[worker, line]), -key, worker))
        if len(kept[line]) > openings[line]:
            waiting.append(heapq.heappop(kept[line])[-1])
    assignment = np.full(len(values), UNPLACED, np.int32)
    for line, held in enumerate(kept):
        assignment[[worker for *_, worker in held]] = line
    return _answer(
        problem, values, assignment, np.zeros(len(openings), np.int64), method="deferred-acceptance"
    )


def most_placeable(problem: Problem, *, tiers: int) -> int:
    """Return how many workers of the first ``tiers`` tiers could be placed at most (maximum flow)."""
    values = values_of(problem)
    values[problem.workers.tier >= tiers] = FORBIDDEN
    worker, line = np.nonzero(values != FORBIDDEN)
    network = max_flow.SimpleMaxFlow()
    people, lines = values.shape
    source, sink = people + lines, people + lines + 1
    network.add_arcs_with_capacity(worker, people + line, np.ones_like(worker))
    network.add_arcs_with_capacity(np.full(people, source), np.arange(people), np.ones(people, np.int64))
    network.add_arcs_with_capacity(
        people + np.arange(lines), np.full(lines, sink), problem.vacancies.openings.astype(np.int64)
    )
    network.solve(source, sink)
    return int(network.optimal_flow()) if len(worker) else 0


def _flow(values: Values, openings: NDArray[np.int64]) -> NDArray[np.int32]:
    people, lines = values.shape
    worker, line = np.nonzero(values != FORBIDDEN)
    sink, home = people + lines, np.arange(people)
    network = min_cost_flow.SimpleMinCostFlow()
    network.add_arcs_with_capacity_and_unit_cost(
        worker, people + line, np.ones_like(worker), -values[worker, line]
    )
    network.add_arcs_with_capacity_and_unit_cost(
        home, np.full(people, sink), np.ones_like(home), np.zeros_like(home)
    )
    network.add_arcs_with_capacity_and_unit_cost(
        people + np.arange(lines), np.full(lines, sink), openings, np.zeros_like(openings)
    )
    network.set_nodes_supplies(np.append(home, sink), np.append(np.ones_like(home), -people))
    status = network.solve()
    if status != network.OPTIMAL:
        raise ArithmeticError(f"minimum-cost flow ended with {status}")
    chosen = np.flatnonzero(network.flows(np.arange(len(worker))))
    assignment = np.full(people, UNPLACED, np.int32)
    assignment[worker[chosen]] = line[chosen]
    return assignment


def _lowest_prices(values: Values, assignment: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the lowest prices at which nobody would rather have another line, nor anybody unplaced any.

    They are the longest ways from "unplaced" over the lines: a line must cost what the best unplaced worker
    would gain there, and what the people of a dearer line would gain by moving.

    Raises:
        ArithmeticError: the prices never settle, so that the plan was not the best.
    """
    lines = values.shape[1]
    low = np.int64(np.iinfo(np.int64).min // 4)
    worth = np.where(values == FORBIDDEN, low, values)
    prices: NDArray[np.int64] = worth[assignment == UNPLACED].max(axis=0, initial=0)
    placed = np.flatnonzero(assignment != UNPLACED)
    placed = placed[np.argsort(assignment[placed], kind="stable")]
    if not len(placed):
        return prices
    held, first = np.unique(assignment[placed], return_index=True)
    moves = worth[placed] - worth[placed, assignment[placed]][:, None]
    gains = np.maximum.reduceat(moves, first, axis=0)
    for _ in range(lines + 1):
        raised = np.maximum(prices, (prices[held][:, None] + gains).max(axis=0))
        if np.array_equal(raised, prices):
            break
        prices = raised
    else:
        raise ArithmeticError("no prices explain the plan: it is not the best")
    return prices


def _answer(
    problem: Problem,
    values: Values,
    assignment: NDArray[np.int32],
    prices: NDArray[np.int64],
    *,
    method: str,
) -> Answer:
    placed = np.flatnonzero(assignment != UNPLACED)
    tiers = problem.workers.tier[placed]
    value = int(values[placed, assignment[placed]].sum())
    worth = np.where(values == FORBIDDEN, 0, np.maximum(values - prices, 0)).max(axis=1, initial=0)
    possible = (values != FORBIDDEN).sum(axis=1)
    openings = problem.vacancies.openings.astype(np.int64)
    taken = np.bincount(assignment[placed], minlength=len(openings))
    return Answer(
        assignment=read_only(assignment),
        prices=read_only(prices),
        value=value,
        utility=value - int(problem.points_by_tier[tiers].sum()),
        bound=int(worth.sum() + prices @ openings),
        method=method,
        statistics=Statistics(
            workers=len(problem.workers),
            consenting=int(problem.workers.consents.sum()),
            placed=len(placed),
            placed_by_tier=tuple(np.bincount(tiers, minlength=len(problem.tiers)).tolist()),
            vacancies=len(problem.vacancies),
            openings=int(openings.sum()),
            filled_vacancies=int(((openings > 0) & (taken == openings)).sum()),
            feasible_pairs=int(possible.sum()),
            workers_without_feasible_vacancy=int((problem.workers.consents & (possible == 0)).sum()),
        ),
    )
