"""One auction from given prices to the end, and the schedule of samples before the last one."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.auction.bidding import (
    Bids,
    Board,
    Memory,
    bid_part,
    finish_small,
    put_back,
    show_all,
    take_batch,
    take_bids,
)
from fourdoors.engines.matching.auction.scan import Book, Desk, Market, make_desk

SHARDS = 4  # parts of the words that take bids side by side; a fixed number, so that threads change nothing
SMALL = 2_048  # a queue shorter than this is finished by one thread
ROUNDS_A_CALL = 2_000
FIRST_WIDTH = 64


@dataclass(frozen=True, kw_only=True)
class AuctionParams:
    """How the auction runs; points are those of the plan.

    Attributes:
        step_points: the least raise of a price; the plan loses at most so much for each person placed.
        row_pairs: pairs that each worker keeps.
        batch: bids that see the same prices, at most.
        share: a batch is at most 1/share of the queue.
        samples: auctions of a sample of the workers that give the last one its first prices.
        sample_of: one of so many workers is in a sample; a power of two from 2.
        sample_step_points: the least raise in a sample.
        drop_percent: how far below the prices of the samples the last auction begins, of their raise.
        cap_percent: no first price is above that of so many of a hundred lines of its kind.
        cold_below: with fewer workers there is no sample: prices begin at zero.
        threads: parts of a batch that bid side by side; no plan depends on it.
        wide: vectors of 64 lanes; plain loops give the same plan.
    """

    step_points: int = 1
    row_pairs: int = 32
    batch: int = 65_536
    share: int = 4
    samples: int = 4
    sample_of: int = 8
    sample_step_points: int = 64
    drop_percent: int = 140
    cap_percent: int = 95
    cold_below: int = 50_000
    threads: int = 2
    wide: bool = True

    def __post_init__(self) -> None:
        lowest = {
            "row_pairs": 4,
            "batch": SMALL,
            "sample_of": 2,
            "cold_below": 0,
            "samples": 0,
            "drop_percent": 0,
        }
        lowest |= {"wide": 0}
        highest = {"step_points": 500, "sample_step_points": 500, "row_pairs": 128, "cap_percent": 100}
        for item in fields(self):
            value = getattr(self, item.name)
            low, high = lowest.get(item.name, 1), highest.get(item.name, 2**20)
            if not low <= value <= high:
                raise ValueError(f"AuctionParams.{item.name}: {value} is outside {low}..{high}")
        if self.sample_of & (self.sample_of - 1):
            raise ValueError(f"AuctionParams.sample_of: {self.sample_of} is no power of two")


@dataclass(frozen=True)
class Progress:
    """How far a plan is: told after every few batches."""

    phase: str  # "sample 1" ..., "auction", "priority", "proof"
    waiting: int  # people without an answer in this phase
    of: int


_Room = tuple[Book, list[Desk]]
Watch = Callable[[Progress], None]


def unwatched(_: Progress) -> None:
    """Watch nothing."""


@dataclass(frozen=True)
class Outcome:
    """Who holds what, at which prices.

    Attributes:
        holds: int32 per unit: slot, -1 for none.
        price: int16 per slot.
        filled: int32 per slot.
        memory: the rows of the workers.
        rows_made: how often a worker looked at all lines.
        bids: how many were made.
        rounds: batches.
    """

    holds: NDArray[np.int32]
    price: NDArray[np.int16]
    filled: NDArray[np.int32]
    memory: Memory
    rows_made: int
    bids: int  # in batches; the small ones at the end are not counted
    rounds: int


@dataclass(frozen=True)
class Start:
    """Where an auction begins."""

    price: NDArray[np.int16]  # per slot
    openings: NDArray[np.int32]  # per slot; a line without one is priced out of reach
    order: NDArray[np.int32]  # workers in the order in which they bid first
    step: int
    copies: int = 0  # each worker stands for 2**copies units


def empty_market(slots: int) -> Market:
    """Return room for the prices that are shown."""
    return Market(*(np.zeros(size, np.int16) for size in (slots, slots // 64, slots // 64)))


def run_auction(
    book: Book, start: Start, params: AuctionParams, *, shift: int, phase: str, watch: Watch = unwatched
) -> Outcome:
    """Let workers bid until everybody holds a place or wants none at these prices.

    Bids of one batch see the same prices; batches follow each other. The outcome depends on neither threads
    nor time.

    Args:
        book: people, lines, points.
        start: prices, openings, order and raise.
        params: sizes.
        shift: bits of a pair that hold points.
        phase: name that the watch is told.
        watch: called after every few batches; what it raises ends the auction.
    """
    workers, units = len(start.order), len(start.order) << start.copies
    market, board = empty_market(len(start.price)), _board(start, units)
    show_all(board.price, book.lines.gift, book.lines.pay, market)
    memory = _memory(workers, params.row_pairs, shift)
    queue = np.empty(units + 1, np.int32)
    queue[:units] = ((start.order[:, None] << start.copies) + np.arange(1 << start.copies)).ravel()
    bids = _bids(params.batch)
    desks = [make_desk(book.lines) for _ in range(params.threads)]
    room = (book, desks)
    setting = (start.copies, start.step, SMALL, params.share)
    head, size, made, rounds = 0, units, 0, 0
    with _threads(params.threads) as pool:
        while size:
            watch(Progress(phase, size >> start.copies, workers))
            if size < SMALL:
                head, size, done = finish_small(
                    queue, (head, size), ROUNDS_A_CALL, setting, bids, board, market, (book, desks[0], memory)
                )
                rounds += done
                continue
            count = min(size, params.batch, size // params.share)
            tail = (head + size) % len(queue)
            head = take_batch(queue, head, count, bids)
            _in_parts(pool, len(desks), partial(_bid, len(desks), count, setting, bids, market, memory, room))
            _in_parts(pool, SHARDS, partial(_take, count, bids, board, market, book))
            put_back(queue, tail, SHARDS, bids)
            size += int(bids.losers.sum()) - count
            made, rounds = made + count, rounds + 1
    rows_made = sum(int(desk.tally[1]) for desk in desks)
    return Outcome(board.holds, board.price, board.filled, memory, rows_made, made, rounds)


def _bid(
    parts: int, count: int, setting: tuple[int, ...], bids: Bids, market: Market, memory: Memory, room: _Room,
    part: int,
) -> None:  # fmt: skip
    book, desks = room
    bid_part(part, parts, count, setting, bids, market, memory, (book, desks[part]))


def _take(count: int, bids: Bids, board: Board, market: Market, book: Book, shard: int) -> None:
    take_bids(shard, SHARDS, count, bids, board, market, book)


@contextmanager
def _threads(number: int) -> Iterator[Executor]:
    with ThreadPoolExecutor(number) as pool:
        yield pool


def _in_parts(pool: Executor, parts: int, deed: Callable[[int], None]) -> None:
    list(pool.map(deed, range(parts)))


def _board(start: Start, units: int) -> Board:
    first = np.append(0, np.cumsum(start.openings))[:-1].astype(np.int64)
    places, slots = int(start.openings.sum()), len(start.openings)
    return Board(
        openings=start.openings,
        first=first,
        offers=np.zeros(places, np.int16),
        units=np.zeros(places, np.int32),
        filled=np.zeros(slots, np.int32),
        price=start.price.copy(),
        holds=np.full(units, -1, np.int32),
        dirty=np.zeros(slots // 64, np.uint8),
    )


def _memory(workers: int, pairs: int, shift: int) -> Memory:
    return Memory(
        rows=np.empty((workers, pairs), np.uint32),
        pairs=np.full(workers, -1, np.int16),
        outside=np.zeros(workers, np.int16),
        width=np.full(workers, FIRST_WIDTH, np.int16),
        shift=shift,
    )


def _bids(batch: int) -> Bids:
    return Bids(
        unit=np.empty(batch, np.int32),
        slot=np.empty(batch, np.int32),
        offer=np.empty(batch, np.int16),
        loser=np.empty((SHARDS, batch), np.int32),
        losers=np.zeros(SHARDS, np.int64),
    )


def bidding_order(tiers: NDArray[np.int8], *, seed: int) -> NDArray[np.int32]:
    """Return the workers tier by tier, in a drawn order within each."""
    drawn = np.random.default_rng(seed).permutation(len(tiers))
    return drawn[np.argsort(tiers[drawn], kind="stable")].astype(np.int32)
