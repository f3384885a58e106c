"""First prices from small samples, then one auction of everybody."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.auction.index import Index, TooWideError, build_index
from fourdoors.engines.matching.auction.people import people_of, rates_of, some_people
from fourdoors.engines.matching.auction.running import (
    AuctionParams,
    Outcome,
    Start,
    Watch,
    bidding_order,
    run_auction,
)
from fourdoors.engines.matching.auction.scan import Book
from fourdoors.engines.matching.problem import Problem

_HIGHEST = 32_767
_ROOM = 1_000  # for raises above the highest value


def most_closed(index: Index) -> int:
    """Return the highest price that may close a line: twice of it, with all wages, fits 16 bits."""
    pay = int(index.lines.pay.max(initial=0)) + int(index.floor.max(initial=0))
    return (_HIGHEST - _ROOM - pay) // 2 - 1


@dataclass(frozen=True)
class Tiers:
    """Points of the tiers as the auction counts them, and what the plan counts on top.

    Attributes:
        near: int64 per tier: small enough for the auction.
        on_top: int64 per tier, never growing; all 0 when the auction counts as the plan does.
    """

    near: NDArray[np.int64]
    on_top: NDArray[np.int64]


def split_tiers(problem: Problem, index: Index) -> Tiers:
    """Split the points of the tiers into what the auction can count and the rest.

    Raises:
        TooWideError: the points of two tiers are too near to each other to be split.
    """
    points, most = problem.points_by_tier, problem.weights.most
    room = most_closed(index) - most - 1
    if problem.tier_points is not None and points[0] <= room:
        return Tiers(points, np.zeros_like(points))
    smallest = int(min(points[-1], *(points[:-1] - points[1:]), max(1, most)))
    step = min(smallest, room // len(points))
    if step < 1:
        raise TooWideError(f"tier points: {points.tolist()} cannot be split into steps below {room}")
    near = step * np.arange(len(points), 0, -1, dtype=np.int64)
    return Tiers(near, points - near)


@dataclass(frozen=True)
class Booked:
    """A problem made ready for the auction.

    Attributes:
        index: the lines in slots.
        book: what a scan reads.
        tiers: how their points are split.
        closed: a price that nobody pays, points.
        shift: bits of a pair that hold points.
    """

    index: Index
    book: Book
    tiers: Tiers
    closed: int
    shift: int


def open_book(
    problem: Problem, rows: NDArray[np.int32], prices: NDArray[np.int64], params: AuctionParams
) -> Booked:
    """Make some workers of a problem, and all its lines, ready for the auction.

    Args:
        problem: the round.
        rows: of the workers, in the order of processing.
        prices: per vacancy, as far as they are known.
        params: whether vectors are used.

    Raises:
        TooWideError: values do not fit 16 bits, or slots and points do not fit 32.
    """
    workers = problem.workers.at(rows)
    index = build_index(problem, workers, prices)
    people, ties = people_of(problem, workers, index)
    tiers, most = split_tiers(problem, index), problem.weights.most
    shift = max(1, most.bit_length())
    if (len(index.line_of) - 1).bit_length() + shift > 32:
        raise TooWideError(f"pairs: {len(index.line_of)} slots with {most} points need more than 32 bits")
    book = Book(people, ties, index.lines, rates_of(problem.weights, tiers.near), params.wide)
    return Booked(index, book, tiers, int(tiers.near[0]) + most + 1, shift)


def first_prices(
    problem: Problem, order: NDArray[np.int32], params: AuctionParams, watch: Watch
) -> NDArray[np.int64]:
    """Return prices to begin with, from samples, per vacancy; zeros for a small round.

    A line priced too high at the start would stay open for good; one priced too low only costs bids. So the
    first price is the lowest of several small samples, less somewhat more than their raise, and not above
    what nearly all lines of the same region and occupation cost.
    """
    nothing = np.zeros(len(problem.vacancies), np.int64)
    if not params.samples or len(order) < params.cold_below:
        return nothing
    every, here = params.sample_of, [
        np.arange(number * params.sample_of // params.samples, len(order), params.sample_of)
        for number in range(params.samples)
    ]  # fmt: skip
    rows = np.unique(np.concatenate(here))
    booked = open_book(problem, order[rows], nothing, params)
    lowest = np.full(len(booked.index.openings), booked.closed, np.int16)
    for number, own in enumerate(here):
        openings = ((booked.index.openings + number % 2) // 2).astype(np.int32)  # halves, odd ones in turn
        people = some_people(booked.book.people, np.searchsorted(rows, own))
        start = Start(
            price=np.where(openings == 0, booked.closed, 0).astype(np.int16),
            openings=openings,
            order=bidding_order(people.tier, seed=problem.seed + 1 + number),
            step=params.sample_step_points,
            copies=every.bit_length() - 2,  # half of the workers it stands for, as the openings
        )
        book, phase = booked.book._replace(people=people), f"sample {number + 1}"
        found = run_auction(book, start, params, shift=booked.shift, phase=phase, watch=watch)
        lowest = np.where(openings > 0, np.minimum(lowest, found.price), lowest)
    lowest[lowest == booked.closed] = 0
    lower = params.sample_step_points * params.drop_percent // 100
    capped = _capped(np.maximum(lowest.astype(np.int32) - lower, 0), booked.index, params.cap_percent)
    return capped[booked.index.slot_of].astype(np.int64)


def last_auction(
    problem: Problem, booked: Booked, prices: NDArray[np.int64], params: AuctionParams, watch: Watch
) -> Outcome:
    """Run the auction of everybody from given prices, per vacancy."""
    openings = booked.index.openings
    price = np.zeros(len(openings), np.int16)
    price[booked.index.slot_of] = prices
    price[openings == 0] = booked.closed
    order = bidding_order(booked.book.people.tier, seed=problem.seed)
    start = Start(price, openings, order, params.step_points)
    return run_auction(booked.book, start, params, shift=booked.shift, phase="auction", watch=watch)


def _capped(price: NDArray[np.int32], index: Index, per_cent: int) -> NDArray[np.int16]:
    """Return prices of which none is above what ``per_cent`` of the lines of its kind cost at most."""
    slots = np.flatnonzero(index.line_of >= 0)
    kind = np.searchsorted(np.unique(index.lines.occupation_slot), slots, side="right")
    order = np.lexsort((price[slots], kind))
    first = np.flatnonzero(np.append(True, np.diff(kind[order]) != 0)) if len(slots) else slots
    counts = np.diff(np.append(first, len(slots)))
    cap = price[slots[order]][first + (counts - 1) * per_cent // 100]
    capped = price.copy()
    capped[slots[order]] = np.minimum(price[slots[order]], np.repeat(cap, counts))
    return capped.astype(np.int16)
