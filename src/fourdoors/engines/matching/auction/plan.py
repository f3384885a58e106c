"""From a problem to a plan with its prices and its bound over all possible pairs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.auction.index import Index
from fourdoors.engines.matching.auction.people import processing_order, some_people
from fourdoors.engines.matching.auction.priority import keep_priority
from fourdoors.engines.matching.auction.proof import best_net_values, held_points, possible_counts
from fourdoors.engines.matching.auction.running import AuctionParams, Progress, Watch, unwatched
from fourdoors.engines.matching.auction.scan import Book
from fourdoors.engines.matching.auction.schedule import Tiers, first_prices, last_auction, open_book
from fourdoors.engines.matching.problem import UNPLACED, Answer, Problem, Statistics, read_only

METHOD = "auction"


@dataclass(frozen=True)
class _Held:
    """What came out of the auction.

    Attributes:
        slot: int32 per worker, -1 for none.
        points: int32 per worker: near tier points and soft points of the pair, 0 without one.
        price: int16 per slot.
        level: int8 per slot: first tier whose cut holds it.
    """

    slot: NDArray[np.int32]
    points: NDArray[np.int32]
    price: NDArray[np.int16]
    level: NDArray[np.int8]


def auction(problem: Problem, params: AuctionParams | None = None, *, watch: Watch = unwatched) -> Answer:
    """Return a plan for any number of people, with prices that bound every other plan.

    The plan loses at most ``step_points`` for each person placed, and what the first prices of the samples
    cost; ``Answer.gap`` says how much it may be. Where placing comes first (``tier_points`` None) exactly as
    many of each tier are placed as any plan could place, and the prices prove that too.

    Same problem and params, same plan: it depends on no clock and on no number of threads, and not on the
    order of rows.

    Args:
        problem: the round.
        params: how the auction runs.
        watch: told how far it is; what it raises ends the work.

    Raises:
        TooWideError: wages, points or bitmaps are too large for its narrow numbers.
    """
    params = params or AuctionParams()
    order = processing_order(problem.workers)
    prices = first_prices(problem, order, params, watch)
    booked = open_book(problem, order, prices, params)
    found = last_auction(problem, booked, prices, params, watch)
    index, book, tiers = booked.index, booked.book, booked.tiers
    holds, filled, price = found.holds, found.filled, found.price
    del found
    level = np.full(len(price), len(problem.tiers), np.int8)
    if tiers.on_top.any():
        watch(Progress("priority", int((holds < 0).sum()), len(holds)))
        level, _ = keep_priority(book, holds, filled, index.openings, len(problem.tiers))
    watch(Progress("proof", len(holds), len(holds)))
    points = held_points(book, holds, threads=params.threads)
    held = _Held(holds, points, price, level)
    bound, prices = _bound(book, index, held, tiers, params, problem.weights.most)
    return _answer(problem, index, order, book, held, prices, bound, params)


def _bound(
    book: Book, index: Index, held: _Held, tiers: Tiers, params: AuctionParams, most: int
) -> tuple[int, NDArray[np.int64]]:
    """Return the bound over all possible pairs, and the price of each slot.

    Lines of the cut of a tier cost what the plan counts on top for placing one of it. For each level of such
    prices the best net value is sought by itself, in the narrow numbers of the scan, above what the worker's
    own pair and the other levels give.
    """
    on_top, opened = np.append(tiers.on_top, 0), index.openings > 0
    prices = held.price + on_top[held.level]
    prices[~opened] = tiers.near[0] + on_top[0] + most  # costs nothing and is worth it to nobody
    gain, closed = tiers.on_top[book.people.tier], int(tiers.near[0]) + most + 1
    away = 2 * closed + 1
    worth = np.where(held.slot >= 0, held.points + gain - prices[held.slot], 0).clip(0)
    for one in np.unique(held.level[opened]):
        shown = np.where((held.level == one) & opened, held.price, away).astype(np.int16)
        least = np.clip(worth - gain + on_top[one], -closed - 1, closed).astype(np.int32)
        best = best_net_values(book, shown, least, threads=params.threads)
        worth = np.where(best > least, best + gain - on_top[one], worth)
    return int(worth.sum() + (prices * index.openings).sum()), prices


def _answer(
    problem: Problem, index: Index, order: NDArray[np.int32], book: Book, held: _Held,
    prices: NDArray[np.int64], bound: int, params: AuctionParams,
) -> Answer:  # fmt: skip
    holds, points = held.slot, held.points
    placed = np.flatnonzero(holds >= 0)
    held_tiers = book.people.tier[placed]
    utility = int(points.sum(dtype=np.int64) - book.rates.tier[held_tiers].sum())
    assignment = np.full(len(problem.workers), UNPLACED, np.int32)
    assignment[order[placed]] = index.line_of[holds[placed]]
    openings = problem.vacancies.openings
    taken = np.bincount(assignment[order[placed]], minlength=len(openings))
    return Answer(
        assignment=read_only(assignment),
        prices=read_only(prices[index.slot_of]),
        value=utility + int(problem.points_by_tier[held_tiers].sum()),
        utility=utility,
        bound=bound,
        method=METHOD,
        statistics=Statistics(
            workers=len(problem.workers),
            consenting=len(order),
            placed=len(placed),
            placed_by_tier=tuple(np.bincount(held_tiers, minlength=len(problem.tiers)).tolist()),
            vacancies=len(openings),
            openings=int(openings.sum(dtype=np.int64)),
            filled_vacancies=int(((openings > 0) & (taken == openings)).sum()),
            feasible_pairs=None,
            workers_without_feasible_vacancy=_without(book, holds, params.threads),
        ),
    )


def _without(book: Book, holds: NDArray[np.int32], threads: int) -> int:
    """Count those for whom nothing is possible: they are among the unplaced."""
    unplaced = np.flatnonzero(holds < 0)
    some = book._replace(people=some_people(book.people, unplaced))
    return int((possible_counts(some, most=1, threads=threads) == 0).sum())
