"""Bids and prices: every line keeps its best bids, a full line costs what its lowest one offers.

A worker keeps a *row* of the best pairs at the prices of the day it was made, and ``outside``: what no other
pair is worth more than. Prices only rise, so that stays true, and the best pair of the row is the best of all
as long as it is worth ``outside`` or more; else the row is made anew.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.auction.compiled import compiled
from fourdoors.engines.matching.auction.scan import (
    Book,
    Desk,
    Market,
    bound_words,
    highest,
    highest_value,
    pairs_above,
)

ENOUGH = 4  # pairs that a row should have at least
WIDEST = 30_000
NO_BID = -1


class Memory(NamedTuple):
    """What each worker knows; a pair is ``slot << shift | points``, without tier and gift of the line."""

    rows: NDArray[np.uint32]  # (workers, most pairs)
    pairs: NDArray[np.int16]  # per worker: how many; -1 before the first row
    outside: NDArray[np.int16]  # per worker, points
    width: NDArray[
        np.int16
    ]  # per worker: how far below its best pair the last row reached, and somewhat more
    shift: int


class Board(NamedTuple):
    """The bids that the lines hold. A unit is a worker, or one of several equal copies of a sampled one."""

    openings: NDArray[np.int32]  # per slot
    first: NDArray[np.int64]  # per slot: its first place in offers and units
    offers: NDArray[np.int16]  # heap of each slot, lowest on top
    units: NDArray[np.int32]
    filled: NDArray[np.int32]  # per slot
    price: NDArray[np.int16]  # per slot
    holds: NDArray[np.int32]  # per unit: its slot, -1
    dirty: NDArray[np.uint8]  # per word


class Bids(NamedTuple):
    """One batch: who bids, where, how much, and who lost a place by it."""

    unit: NDArray[np.int32]
    slot: NDArray[np.int32]
    offer: NDArray[np.int16]
    loser: NDArray[np.int32]  # (shards, batch)
    losers: NDArray[np.int64]  # (shards,)


@compiled()
def make_row(i: Any, book: Book, market: Market, memory: Memory, desk: Desk) -> None:
    """Keep the best pairs of a worker at the prices of now."""
    most = memory.rows.shape[1]
    places = bound_words(i, book, market, desk)
    high, width = np.int64(memory.outside[i]), np.int64(memory.width[i])
    if memory.pairs[i] < 0:
        high, width = highest(desk.bound, places * 64), np.int64(WIDEST)
    while True:
        limit = max(high - width, 0)
        count, outside = pairs_above(i, places, limit, most, book, market, desk)
        if count >= ENOUGH or limit == 0:
            break
        width = width * 2 + 16
    width = highest_value(desk, count) - outside
    memory.width[i] = max(8, min(width + width // 4, WIDEST))
    memory.pairs[i], memory.outside[i] = count, outside
    tier = book.rates.tier[book.people.tier[i]]
    for k in range(count):
        slot = np.int64(desk.slot[k])
        points = np.int64(desk.value[k]) + market.ask[slot] - tier
        memory.rows[i, k] = np.uint32((slot << memory.shift) | points)


@compiled()
def best_two(i: Any, book: Book, market: Market, memory: Memory) -> Any:
    """Return the best slot of the row, its net value, and the second best net value."""
    tier, points_mask = book.rates.tier[book.people.tier[i]], (1 << memory.shift) - 1
    slot, best, second = np.int64(-1), np.int64(0), np.int64(0)
    for k in range(memory.pairs[i]):
        pair = np.int64(memory.rows[i, k])
        value = (pair & points_mask) + tier - market.ask[pair >> memory.shift]
        if value > best:
            second, best, slot = best, value, pair >> memory.shift
        elif value > second:
            second = value
    return slot, best, second


@compiled()
def bid_of(i: Any, step: Any, book: Book, market: Market, memory: Memory, desk: Desk) -> Any:
    """Return the slot that a worker wants most and the price offered; NO_BID if none is worth its price."""
    slot, best, second = np.int64(NO_BID), np.int64(0), np.int64(0)
    if memory.pairs[i] >= 0:
        slot, best, second = best_two(i, book, market, memory)
    if memory.pairs[i] < 0 or best < memory.outside[i]:
        make_row(i, book, market, memory, desk)
        desk.tally[1] += 1
        slot, best, second = best_two(i, book, market, memory)
    if slot == NO_BID:
        return slot, np.int64(0)
    price = np.int64(market.ask[slot]) + book.lines.gift[slot]
    return slot, price + best - max(second, min(np.int64(memory.outside[i]), best)) + step


@compiled()
def bid_part(
    part: Any, parts: Any, count: Any, setting: Any, bids: Bids, market: Market, memory: Memory, room: Any
) -> None:
    """Let one part of a batch bid; copies of one worker stay in the part of the first of them."""
    book, desk, copies, step = room[0], room[1], setting[0], setting[1]
    size = (count + parts - 1) // parts
    low, high = min(count, part * size), min(count, (part + 1) * size)
    while 0 < low < count and bids.unit[low] >> copies == bids.unit[low - 1] >> copies:
        low += 1
    while 0 < high < count and bids.unit[high] >> copies == bids.unit[high - 1] >> copies:
        high += 1
    last, slot, offer = np.int64(-1), np.int64(NO_BID), np.int64(0)
    for k in range(low, high):
        worker = np.int64(bids.unit[k]) >> copies
        if worker != last:
            slot, offer = bid_of(worker, step, book, market, memory, desk)
            last = worker
        bids.slot[k], bids.offer[k] = slot, offer


@compiled(inline="always")
def sift_up(offers: Any, units: Any, first: Any, place: Any, offer: Any, unit: Any) -> None:
    """Put a bid at the end of a heap and let it rise."""
    while place > 0:
        above = (place - 1) >> 1
        if offers[first + above] <= offer:
            break
        offers[first + place], units[first + place] = offers[first + above], units[first + above]
        place = above
    offers[first + place], units[first + place] = offer, unit


@compiled(inline="always")
def replace_lowest(offers: Any, units: Any, first: Any, size: Any, offer: Any, unit: Any) -> None:
    """Put a bid in the place of the lowest one and let it sink."""
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and offers[first + below + 1] < offers[first + below]:
            below += 1
        if offers[first + below] >= offer:
            break
        offers[first + place], units[first + place] = offers[first + below], units[first + below]
        place = below
    offers[first + place], units[first + place] = offer, unit


@compiled()
def take_bid(slot: Any, unit: Any, offer: Any, board: Board) -> Any:
    """Give a line one bid; return the unit that goes back without a place, -1 if none."""
    first, held = board.first[slot], board.filled[slot]
    if held < board.openings[slot]:
        sift_up(board.offers, board.units, first, held, offer, unit)
        board.filled[slot], board.holds[unit] = held + 1, slot
        if held + 1 == board.openings[slot]:
            board.price[slot], board.dirty[slot >> 6] = board.offers[first], 1
        return np.int64(-1)
    if offer <= board.price[slot]:
        return np.int64(unit)
    back = np.int64(board.units[first])
    board.holds[back], board.holds[unit] = -1, slot
    replace_lowest(board.offers, board.units, first, held, offer, unit)
    board.price[slot], board.dirty[slot >> 6] = board.offers[first], 1
    return back


@compiled()
def take_bids(
    shard: Any, shards: Any, count: Any, bids: Bids, board: Board, market: Market, book: Book
) -> None:
    """Give the lines of one shard of the words their bids of a batch; note who goes back."""
    back = 0
    for k in range(count):
        slot = np.int64(bids.slot[k])
        if slot < 0:
            if shard == 0:
                board.holds[bids.unit[k]] = -1
            continue
        if (slot >> 6) % shards != shard:
            continue
        loser = take_bid(slot, bids.unit[k], bids.offer[k], board)
        if loser >= 0:
            bids.loser[shard, back] = loser
            back += 1
    bids.losers[shard] = back
    for k in range(count):
        word = np.int64(bids.slot[k]) >> 6
        if word >= 0 and word % shards == shard and board.dirty[word]:
            board.dirty[word] = 0
            show_word(word, board.price, book.lines.gift, book.lines.pay, market)


@compiled()
def show_word(word: Any, price: Any, gift: Any, pay: Any, market: Market) -> None:
    """Show the prices of a word to those who look."""
    top = flat = np.int64(-WIDEST)
    for slot in range(word * 64, word * 64 + 64):
        ask = np.int64(price[slot]) - gift[slot]
        market.ask[slot] = ask
        top, flat = max(top, pay[slot] - ask), max(flat, -ask)
    market.top[word], market.flat[word] = top, flat


@compiled()
def show_all(price: Any, gift: Any, pay: Any, market: Market) -> None:
    """Show the prices of every word."""
    for word in range(len(market.top)):
        show_word(word, price, gift, pay, market)


@compiled()
def put_back(queue: Any, tail: Any, shards: Any, bids: Bids) -> Any:
    """Append those who lost a place to the queue, shard by shard; return its end."""
    for shard in range(shards):
        for k in range(bids.losers[shard]):
            queue[tail] = bids.loser[shard, k]
            tail = tail + 1 if tail + 1 < len(queue) else 0
    return tail


@compiled(_nrt=True)
def sort_units(units: Any, count: Any) -> None:
    """Sort the first units of a batch."""
    units[:count].sort()


@compiled()
def take_batch(queue: Any, head: Any, count: Any, bids: Bids) -> Any:
    """Take the next units out of the queue, sorted, so that neighbours look at the same lines."""
    for k in range(count):
        bids.unit[k] = queue[head]
        head = head + 1 if head + 1 < len(queue) else 0
    sort_units(bids.unit, count)
    return head


@compiled()
def finish_small(
    queue: Any, place: Any, rounds: Any, setting: Any, bids: Bids, board: Board, market: Market, room: Any
) -> Any:
    """Run rounds of small batches on one thread; return head, size, and rounds run."""
    book, desk, memory = room
    head, size, done = place[0], place[1], 0
    while 0 < size < setting[2] and done < rounds:
        count = min(size, max(64, size // setting[3]))
        tail = (head + size) % len(queue)
        head = take_batch(queue, head, count, bids)
        bid_part(0, 1, count, setting, bids, market, memory, (book, desk))
        take_bids(0, 1, count, bids, board, market, book)
        put_back(queue, tail, 1, bids)
        size += bids.losers[0] - count
        done += 1
    return head, size, done
