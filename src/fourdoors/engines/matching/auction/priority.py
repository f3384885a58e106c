"""The promise of priority: as many of the first tiers as any plan could place, with a cut that proves it.

Who could be placed together is a matroid, so a plan has the most of the first tier, of the first two and so
on exactly when no chain of moves leads from an unplaced worker to a free opening or to one held by a later
tier. Chains are searched over all possible pairs, shortest first, until there is none. The lines that the
search has reached then are full of people of the first tiers; every line possible for one of them is among
them: the cut.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.auction.compiled import compiled
from fourdoors.engines.matching.auction.lanes import lowest_bit
from fourdoors.engines.matching.auction.proof import market_at, possible_lanes, possible_words
from fourdoors.engines.matching.auction.scan import (
    _ALL,
    _ONE,
    _ZERO,
    Book,
    Desk,
    Market,
    make_desk,
    set_terms,
)

CHAINS_A_SEARCH = 256
NOT_REACHED = -1


class Search(NamedTuple):
    """One search for chains."""

    reached_by: NDArray[np.int32]  # per slot: the worker who could move there, NOT_REACHED
    left: NDArray[np.uint64]  # per word: lines not reached yet
    words_left: NDArray[np.uint64]  # per 64 words
    queue: NDArray[np.int32]  # workers to look at
    ends: NDArray[np.int32]  # slots where a chain can end
    member: NDArray[np.int32]  # workers, sorted by the slot they hold
    member_from: NDArray[np.int64]  # (slots + 2,)
    moved: NDArray[np.uint8]  # per worker


@compiled()
def group_members(holds: Any, search: Search) -> None:
    """Sort the workers by the slot they hold."""
    starts = search.member_from
    for slot in range(len(starts)):
        starts[slot] = 0
    for worker in range(len(holds)):
        if holds[worker] >= 0:
            starts[holds[worker] + 2] += 1
    for slot in range(2, len(starts)):
        starts[slot] += starts[slot - 1]
    for worker in range(len(holds)):
        slot = holds[worker]
        if slot >= 0:
            search.member[starts[slot + 1]] = worker
            starts[slot + 1] += 1


@compiled()
def last_of(slot: Any, tier: Any, holds: Any, tiers: Any, search: Search) -> Any:
    """Return a worker of the last tier among those on a line, -1 if none is of a later tier than ``tier``."""
    found = np.int64(-1)
    for k in range(search.member_from[slot], search.member_from[slot + 1]):
        worker = np.int64(search.member[k])
        later = tiers[worker] > tier and holds[worker] == slot and not search.moved[worker]
        if later and (found < 0 or tiers[worker] > tiers[found]):
            found = worker
    return found


@compiled()
def reach(i: Any, word: Any, lanes: Any, tier: Any, state: Any, tail: Any, ends: Any, search: Search) -> Any:
    """Reach the lines of a word: note where a chain can end, or look at their people next."""
    openings, filled, holds, tiers = state
    while lanes != _ZERO:
        lane = lowest_bit(lanes)
        lanes &= lanes - _ONE
        slot = word * 64 + lane
        search.reached_by[slot] = i
        search.left[word] &= ~(_ONE << np.uint64(lane))
        if filled[slot] < openings[slot] or last_of(slot, tier, holds, tiers, search) >= 0:
            search.ends[ends] = slot
            ends += 1
            continue
        for k in range(search.member_from[slot], search.member_from[slot + 1]):
            search.queue[tail] = search.member[k]
            tail += 1
    if search.left[word] == _ZERO:
        search.words_left[word >> 6] &= ~(_ONE << np.uint64(word & 63))
    return tail, ends


@compiled()
def look_from(
    i: Any, tier: Any, state: Any, tail: Any, ends: Any, book: Book, room: Any, search: Search
) -> Any:
    """Reach every line that is possible for a worker and was not reached before."""
    market, desk = room
    lines = book.lines
    set_terms(i, book, desk)
    regions = book.people.regions[i]
    while regions != _ZERO:
        region = lowest_bit(regions)
        regions &= regions - _ONE
        for group in range(lines.region_word[region] >> 6, ((lines.region_word[region + 1] - 1) >> 6) + 1):
            if search.words_left[group] == _ZERO:
                continue
            words = possible_words(i, region, group, book, desk) & search.words_left[group]
            while words != _ZERO:
                word = group * 64 + lowest_bit(words)
                words &= words - _ONE
                lanes = possible_lanes(i, word, region, search.left[word], book, market, desk)
                if lanes != _ZERO:
                    tail, ends = reach(i, word, lanes, tier, state, tail, ends, search)
    return tail, ends


@compiled()
def search_chains(
    tier: Any, waiting: Any, state: Any, most: Any, book: Book, market: Market, desk: Desk, search: Search
) -> Any:
    """Search from all who wait; return how many ends were found, 0 when there is no chain."""
    for slot in range(len(search.reached_by)):
        search.reached_by[slot] = NOT_REACHED
    for word in range(len(search.left)):
        search.left[word] = search.words_left[word >> 6] = _ALL
    tail, ends, head = len(waiting), 0, 0
    for k in range(tail):
        search.queue[k] = waiting[k]
    while head < tail and ends < most:
        i = np.int64(search.queue[head])
        head += 1
        tail, ends = look_from(i, tier, state, tail, ends, book, (market, desk), search)
    return ends


@compiled()
def is_clear(slot: Any, holds: Any, search: Search) -> Any:
    """Tell whether nobody of the chain that ends here was moved by another chain."""
    while True:
        worker = search.reached_by[slot]
        if search.moved[worker]:
            return False
        slot = holds[worker]
        if slot < 0:
            return True


@compiled()
def move_along(ends: Any, tier: Any, state: Any, search: Search) -> Any:
    """Move everybody along the chains that do not touch each other; return how many chains."""
    openings, filled, holds, tiers = state
    chains = 0
    for k in range(ends):
        slot = np.int64(search.ends[k])
        free = filled[slot] < openings[slot]
        out = np.int64(-1) if free else last_of(slot, tier, holds, tiers, search)
        if (not free and out < 0) or not is_clear(slot, holds, search):
            continue
        if free:
            filled[slot] += 1
        else:
            holds[out], search.moved[out] = -1, 1
        while slot >= 0:
            worker = search.reached_by[slot]
            before = np.int64(holds[worker])
            holds[worker], search.moved[worker] = slot, 1
            slot = before
        chains += 1
    return chains


def keep_priority(
    book: Book, holds: NDArray[np.int32], filled: NDArray[np.int32], openings: NDArray[np.int32], tiers: int
) -> tuple[NDArray[np.int8], int]:
    """Move people along chains until no tier could have more without an earlier one having fewer.

    Args:
        book: people and lines; only what is possible is read.
        holds: int32 per worker: slot, -1; changed in place.
        filled: int32 per slot; changed in place.
        openings: int32 per slot.
        tiers: how many there are.

    Returns:
        For each slot the first tier whose last search reached it, ``tiers`` where none did, and how many
        chains were moved.
    """
    level, moved = np.full(len(openings), tiers, np.int8), 0
    market, desk = market_at(book, np.zeros(len(openings), np.int16)), make_desk(book.lines)
    search = _search(len(holds), len(openings))
    state = (openings, filled, holds, book.people.tier)
    for tier in range(tiers):
        while True:
            group_members(holds, search)
            search.moved[:] = 0
            waiting = np.flatnonzero((holds < 0) & (book.people.tier <= tier)).astype(np.int32)
            ends = search_chains(tier, waiting, state, CHAINS_A_SEARCH, book, market, desk, search)
            if not ends:
                break
            moved += move_along(ends, tier, state, search)
        level[(search.reached_by != NOT_REACHED) & (level == tiers)] = tier
    return level, moved


def _search(workers: int, slots: int) -> Search:
    return Search(
        reached_by=np.empty(slots, np.int32),
        left=np.empty(slots // 64, np.uint64),
        words_left=np.empty(slots // 4096, np.uint64),
        queue=np.empty(workers, np.int32),
        ends=np.empty(slots, np.int32),
        member=np.empty(workers, np.int32),
        member_from=np.zeros(slots + 2, np.int64),
        moved=np.zeros(workers, np.uint8),
    )
