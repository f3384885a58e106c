"""The certificate: for every worker the best net value over all possible pairs, at any prices."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.auction.bidding import show_all
from fourdoors.engines.matching.auction.compiled import compiled
from fourdoors.engines.matching.auction.lanes import NEVER, POSSIBLE, count_bits, lowest_bit
from fourdoors.engines.matching.auction.people import DECLINED
from fourdoors.engines.matching.auction.scan import (
    _ALL,
    _ONE,
    _ZERO,
    Book,
    Desk,
    Market,
    bound_words,
    highest_value,
    lanes_above,
    lot_of,
    make_desk,
    pairs_above,
    region_of,
    set_masks,
    set_terms,
    span,
    value_word,
)

PARTS_A_THREAD = 16


@compiled()
def best_nets(low: Any, high: Any, book: Book, market: Market, desk: Desk, best: Any) -> None:
    """Raise ``best`` of each worker from ``low`` to ``high`` to its best net value, where that is more."""
    for i in range(low, high):
        places = bound_words(i, book, market, desk)
        count, _ = pairs_above(i, places, np.int64(best[i]), 1, book, market, desk)
        if count:
            best[i] = highest_value(desk, count)


@compiled()
def own_points_of(i: Any, slot: Any, book: Book) -> Any:
    """Return the points of one pair that stand in no bitmap, DECLINED if it is refused."""
    ties, owner, village = book.ties, book.people.own[i], book.people.village[i]
    for k in range(ties.own_from[owner], ties.own_from[owner + 1]):
        if ties.own_slot[k] == slot:
            return np.int64(ties.own_points[k])
    for k in range(ties.list_from[village], ties.list_from[village + 1]):
        if ties.list_slot[k] == slot:
            return np.int64(book.rates.companions)
    return np.int64(0)


@compiled()
def points_of_held(
    low: Any, high: Any, holds: Any, book: Book, market: Market, desk: Desk, points: Any
) -> None:
    """Write the tier points and soft points of each held pair, -1 for a pair that is not possible."""
    for i in range(low, high):
        slot = np.int64(holds[i])
        points[i] = 0
        if slot < 0:
            continue
        set_terms(i, book, desk)
        extra, region = own_points_of(i, slot, book), region_of(slot >> 6, book)
        possible = extra != DECLINED and value_word(i, slot >> 6, region, book, market, desk)
        if possible and desk.lane[slot & 63] != NEVER:
            lot = lot_of(book.people.lot[i], book.lines.key[slot], book.rates.lot)
            points[i] = (
                np.int64(desk.lane[slot & 63]) + market.ask[slot] + book.lines.gift[slot] + extra + lot
            )
        else:
            points[i] = -1


@compiled()
def possible_lanes(i: Any, word: Any, region: Any, among: Any, book: Book, market: Market, desk: Desk) -> Any:
    """Return the mask of the lines of a word that are possible for a worker, of those in ``among``."""
    for k in range(book.people.must.shape[1]):
        among &= book.lines.bits[book.people.must[i, k], word]
    if among == _ZERO or not value_word(i, word, region, book, market, desk):
        return _ZERO
    among &= lanes_above(desk, NEVER, book.wide)
    owner = book.people.own[i]
    for k in range(book.ties.own_from[owner], book.ties.own_from[owner + 1]):
        slot = np.int64(book.ties.own_slot[k])
        if slot >> 6 == word and book.ties.own_points[k] == DECLINED:
            among &= ~(_ONE << np.uint64(slot & 63))
    return among


@compiled()
def possible_words(i: Any, region: Any, group: Any, book: Book, desk: Desk) -> Any:
    """Return the mask of the words of a group, within a region, that may have a possible line."""
    desk.masks[POSSIBLE] = span(book.lines.region_word[region], book.lines.region_word[region + 1], group)
    if not set_masks(i, region, group, book.lines.words, 6, book, desk):
        return _ZERO
    return desk.masks[POSSIBLE]


@compiled()
def count_possible(
    low: Any, high: Any, most: Any, book: Book, market: Market, desk: Desk, counts: Any
) -> None:
    """Count the possible lines of each worker; stop at ``most``."""
    lines = book.lines
    for i in range(low, high):
        set_terms(i, book, desk)
        regions, count = book.people.regions[i], np.int64(0)
        while regions != _ZERO and count < most:
            region = lowest_bit(regions)
            regions &= regions - _ONE
            first, last = lines.region_word[region], lines.region_word[region + 1]
            for group in range(first >> 6, ((last - 1) >> 6) + 1):
                words = possible_words(i, region, group, book, desk)
                while words != _ZERO and count < most:
                    word = group * 64 + lowest_bit(words)
                    words &= words - _ONE
                    count += count_bits(possible_lanes(i, word, region, _ALL, book, market, desk))
        counts[i] = count


def in_parts(book: Book, people: int, threads: int, deed: Callable[[int, int, Desk], None]) -> None:
    """Run a deed over all workers, parts of them side by side."""
    parts = max(1, threads * PARTS_A_THREAD)
    ends = np.linspace(0, people, parts + 1).astype(int)

    def some(number: int) -> None:
        desk = make_desk(book.lines)
        for part in range(number, parts, threads):
            deed(int(ends[part]), int(ends[part + 1]), desk)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(some, range(threads)))


def market_at(book: Book, price: NDArray[np.int16]) -> Market:
    """Return the market that shows given prices."""
    slots = len(price)
    market = Market(*(np.zeros(size, np.int16) for size in (slots, slots // 64, slots // 64)))
    show_all(price, book.lines.gift, book.lines.pay, market)
    return market


def best_net_values(
    book: Book, price: NDArray[np.int16], least: NDArray[np.int32], *, threads: int
) -> NDArray[np.int32]:
    """Return each worker's best net value over all possible pairs at these prices, at least ``least``."""
    best, market = least.copy(), market_at(book, price)
    in_parts(book, len(best), threads, lambda low, high, desk: best_nets(
        low, high, book, market, desk, best
    ))  # fmt: skip
    return best


def held_points(book: Book, holds: NDArray[np.int32], *, threads: int) -> NDArray[np.int32]:
    """Return the tier points and soft points of each worker's pair, 0 without one.

    Raises:
        ArithmeticError: a pair is not possible.
    """
    points = np.empty(len(holds), np.int32)
    market = market_at(book, np.zeros(len(book.lines.pay), np.int16))
    in_parts(book, len(holds), threads, lambda low, high, desk: points_of_held(
        low, high, holds, book, market, desk, points
    ))  # fmt: skip
    if (points < 0).any():
        raise ArithmeticError("the auction placed a pair that is not possible")
    return points


def possible_counts(book: Book, *, most: int, threads: int) -> NDArray[np.int32]:
    """Return how many lines are possible for each worker, counted up to ``most`` or a few more."""
    counts = np.empty(len(book.people.tier), np.int32)
    market = market_at(book, np.zeros(len(book.lines.pay), np.int16))
    in_parts(book, len(counts), threads, lambda low, high, desk: count_possible(
        low, high, most, book, market, desk, counts
    ))  # fmt: skip
    return counts
