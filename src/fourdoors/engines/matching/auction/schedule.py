"""First prices from small samples, then one auction of everybody."""

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.auction.index import Index, TooWideError
from fourdoors.engines.matching.auction.people import some_people
from fourdoors.engines.matching.auction.running import (
    AuctionParams,
    Outcome,
    Start,
    Watch,
    bidding_order,
    run_auction,
)
from fourdoors.engines.matching.auction.scan import Book

_HIGHEST = 32_767
_ROOM = 1_000  # for raises above the highest value


def most_closed(index: Index) -> int:
    """Return the highest price that may close a line: twice of it, with all wages, fits 16 bits."""
    pay = int(index.lines.pay.max(initial=0)) + int(index.floor.max(initial=0))
    return (_HIGHEST - _ROOM - pay) // 2 - 1


def check_width(index: Index, most_points: int, highest_tier: int) -> tuple[int, int]:
    """Return the price that closes a line, and the bits that the points of a pair need.

    Raises:
        TooWideError: values do not fit 16 bits, or slots and points do not fit 32.
    """
    closed = highest_tier + most_points + 1
    if closed > most_closed(index):
        raise TooWideError(f"values: {closed} points are more than {most_closed(index)}")
    shift = max(1, int(most_points).bit_length())
    if (len(index.line_of) - 1).bit_length() + shift > 32:
        raise TooWideError(
            f"pairs: {len(index.line_of)} slots with {most_points} points need more than 32 bits"
        )
    return closed, shift


def run_schedule(book: Book, index: Index, params: AuctionParams, *, widths: tuple[int, int], seed: int,
                 watch: Watch) -> Outcome:  # fmt: skip
    """Run the samples, lower their prices, and run the auction of everybody.

    A line priced too high at the start would stay open for good; one priced too low only costs bids. So the
    first price is the lowest of several small samples, less somewhat more than their raise, and not above
    what nearly all lines of the same region and occupation cost.
    """
    closed, shift = widths
    people, openings = book.people, index.openings
    price = np.zeros(len(openings), np.int16)
    if params.samples and len(people.tier) >= params.cold_below:
        price = _first_prices(book, index, params, widths=widths, seed=seed, watch=watch)
    price[openings == 0] = closed
    start = Start(price, openings, bidding_order(people.tier, seed=seed), params.step_points)
    return run_auction(book, start, params, shift=shift, phase="auction", watch=watch)


def _first_prices(book: Book, index: Index, params: AuctionParams, *, widths: tuple[int, int], seed: int,
                  watch: Watch) -> NDArray[np.int16]:  # fmt: skip
    lowest = np.full(len(index.openings), widths[0], np.int16)
    for number in range(params.samples):
        openings = (index.openings + number % 2) // 2  # halves; the odd one goes to every other sample
        rows = np.arange(number * params.sample_of // params.samples, len(book.people.tier), params.sample_of)
        people = some_people(book.people, rows)
        closed = np.where(openings == 0, widths[0], 0).astype(np.int16)
        start = Start(
            price=closed,
            openings=openings.astype(np.int32),
            order=bidding_order(people.tier, seed=seed + 1 + number),
            step=params.sample_step_points,
            copies=params.sample_of.bit_length() - 2,  # half of the workers it stands for, as the openings
        )
        phase = f"sample {number + 1}"
        found = run_auction(
            book._replace(people=people), start, params, shift=widths[1], phase=phase, watch=watch
        )
        lowest = np.where(openings > 0, np.minimum(lowest, found.price), lowest)
    lowest[lowest == widths[0]] = 0
    lower = params.sample_step_points * params.drop_percent // 100
    return _capped(np.maximum(lowest.astype(np.int32) - lower, 0), index, params.cap_percent)


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
