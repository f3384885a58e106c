"""One worker against all possible lines: words of 64 by what they are worth at most, then lines.

A word whose bound is not above what is sought is skipped: its bound is at least the net value of each of its
lines, since prices only rise and the points of a word are counted as if one line had them all. Pairs with
something of their own (asked for, refused, companions) are few and are valued one by one.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.auction.compiled import compiled
from fourdoors.engines.matching.auction.index import Lines
from fourdoors.engines.matching.auction.lanes import (
    BASE,
    COMPANION_POINTS,
    COMPANIONS,
    FLOOR,
    MASKS,
    MOST_WAGE,
    NEVER,
    POSSIBLE,
    SHORT,
    SKILL,
    SKILL_POINTS,
    TERMS,
    WISH_POINTS,
    WISHES,
    lowest_bit,
    plain_above,
    plain_bounds,
    plain_values,
    vector_above,
    vector_bounds,
    vector_values,
)
from fourdoors.engines.matching.auction.people import DECLINED, People, Rates, Ties
from fourdoors.engines.matching.utility import KILOMETRES_PER_DEGREE, LOT_MIXERS, NEAR_RINGS

SEEN = 256  # pairs that a scan holds before it drops the lesser ones
_ALL = np.uint64(2**64 - 1)
_ONE, _ZERO = np.uint64(1), np.uint64(0)
_MIX_1, _MIX_2 = np.uint64(LOT_MIXERS[1]), np.uint64(LOT_MIXERS[2])
_S30, _S27, _S31 = np.uint64(30), np.uint64(27), np.uint64(31)
_NEAR, _NEARER, _NEAREST = (kilometres for kilometres, _ in reversed(NEAR_RINGS))
_DEGREES = KILOMETRES_PER_DEGREE
_HAIR = 1e-9  # share of a squared radius within which a distance is computed as utility.py does


class Market(NamedTuple):
    """What the auction moves."""

    ask: NDArray[np.int16]  # per slot: price less the points that the line gives to everybody
    top: NDArray[np.int16]  # per word: most tens of yuan less ask
    flat: NDArray[np.int16]  # per word: most of 0 less ask


class Book(NamedTuple):
    """All that a scan reads and does not change."""

    people: People
    ties: Ties
    lines: Lines
    rates: Rates
    wide: bool  # vectors, or plain loops


class Desk(NamedTuple):
    """Room to work in; each thread has its own."""

    bound: NDArray[np.int16]  # (places x 64,): what words are worth at most
    group: NDArray[np.int32]  # per place: 64 words
    region: NDArray[np.int32]  # per place
    lane: NDArray[np.int16]  # (64,): net values of the lines of a word
    near: NDArray[np.int16]  # (64,): points of work near home
    masks: NDArray[np.uint64]
    terms: NDArray[np.int64]
    slot: NDArray[np.int32]  # (SEEN,): pairs found
    value: NDArray[np.int32]  # their net values
    taken: NDArray[np.int32]  # per slot: number of the last look that valued it by itself
    tally: NDArray[np.int64]  # (2,): looks taken, rows made


def make_desk(lines: Lines) -> Desk:
    """Return room for one thread."""
    groups = lines.words.shape[1] + 64
    return Desk(
        bound=np.empty(groups * 64, np.int16),
        group=np.empty(groups, np.int32),
        region=np.empty(groups, np.int32),
        lane=np.empty(64, np.int16),
        near=np.zeros(64, np.int16),
        masks=np.zeros(MASKS, np.uint64),
        terms=np.zeros(TERMS, np.int64),
        slot=np.empty(SEEN, np.int32),
        value=np.empty(SEEN, np.int32),
        taken=np.zeros(len(lines.pay), np.int32),
        tally=np.zeros(2, np.int64),
    )


@compiled(inline="always")
def span(first: Any, last: Any, group: Any) -> Any:
    """Return the mask of the numbers from ``first`` to before ``last`` among the 64 of ``group``."""
    low, high = max(first - group * 64, 0), min(last - group * 64, 64)
    if low >= high:
        return _ZERO
    return (_ALL << np.uint64(low)) & (_ALL >> np.uint64(64 - high))


@compiled()
def lot_of(mixed: Any, key: Any, most: Any) -> Any:
    """Return the points of the lot of a pair, as utility.py draws them."""
    mixed = mixed ^ (key * _MIX_1)
    mixed = (mixed ^ (mixed >> _S30)) * _MIX_1
    mixed = (mixed ^ (mixed >> _S27)) * _MIX_2
    return np.int64((mixed ^ (mixed >> _S31)) % np.uint64(most + 1))


@compiled()
def set_masks(i: Any, region: Any, place: Any, rows: Any, shift: Any, book: Book, desk: Desk) -> Any:
    """Fill the masks of 64 slots (shift 0) or 64 words (shift 6); tell whether anything is possible."""
    people, masks = book.people, desk.masks
    open_ = _ALL
    for k in range(people.must.shape[1]):
        open_ &= rows[people.must[i, k], place]
    if open_ == _ZERO:
        return False
    masks[POSSIBLE] &= open_
    starts = book.lines.occupation_slot
    for k in range(3):
        wish = people.wishes[i, k]
        masks[WISHES + k] = _ZERO
        if wish >= 0 and starts[region, wish] < starts[region, wish + 1]:
            last = ((starts[region, wish + 1] - 1) >> shift) + 1
            masks[WISHES + k] = span(starts[region, wish] >> shift, last, place)
    masks[SKILL] = _ZERO
    for k in range(people.skill.shape[1]):
        masks[SKILL] |= rows[people.skill[i, k], place]
    masks[COMPANIONS] = _ZERO
    village = people.village[i]
    for k in range(book.ties.row_from[village], book.ties.row_from[village + 1]):
        masks[COMPANIONS] |= rows[book.ties.row[k], place]
    return masks[POSSIBLE] != _ZERO


@compiled()
def set_terms(i: Any, book: Book, desk: Desk) -> None:
    """Fill the terms of one worker that no region changes."""
    rates, terms = book.rates, desk.terms
    terms[FLOOR], terms[MOST_WAGE] = book.people.floor[i], rates.wage
    for k in range(3):
        terms[WISH_POINTS + k] = rates.wish[k]
    terms[SKILL_POINTS], terms[COMPANION_POINTS] = rates.skill, rates.companions


@compiled()
def base_of(i: Any, region: Any, book: Book) -> Any:
    """Return the points of the tier and of the region wished most."""
    base = book.rates.tier[book.people.tier[i]]
    return base + book.rates.destination if book.people.first[i] == region else base


@compiled()
def is_near(i: Any, region: Any, book: Book) -> Any:
    """Tell whether a line of the region may lie in the widest ring around the home."""
    home = book.people.home[i]
    if home < 0 or book.rates.near[0] == 0:
        return False
    box, ties, reach = book.lines.region_box[region], book.ties, (_NEAR + 1) / _DEGREES
    east = max(box[0] - ties.lon[home], ties.lon[home] - box[1]) * ties.cos[home]
    north = max(box[2] - ties.lat[home], ties.lat[home] - box[3])
    return bool(east <= reach and north <= reach)  # nan is in no ring


@compiled()
def set_near(i: Any, word: Any, book: Book, desk: Desk) -> None:
    """Fill the points of work near home for the 64 lines of a word, as utility.py gives them."""
    ties, home, rates = book.ties, book.people.home[i], book.rates.near
    lon, lat, cos = ties.lon[home], ties.lat[home], ties.cos[home]
    close, closer, closest = (_NEAR / _DEGREES) ** 2, (_NEARER / _DEGREES) ** 2, (_NEAREST / _DEGREES) ** 2
    doubt = False
    for lane in range(64):
        east = (book.lines.lon[word * 64 + lane] - lon) * cos
        north = book.lines.lat[word * 64 + lane] - lat
        square = east * east + north * north
        points = rates[2] if square <= close else 0
        points = rates[1] if square <= closer else points
        desk.near[lane] = rates[0] if square <= closest else points
        doubt |= abs(square - close) < close * _HAIR
        doubt |= (abs(square - closer) < closer * _HAIR) | (abs(square - closest) < closest * _HAIR)
    if doubt:
        for lane in range(64):
            east = (book.lines.lon[word * 64 + lane] - lon) * cos
            distance = np.hypot(east, book.lines.lat[word * 64 + lane] - lat) * _DEGREES
            points = rates[2] if distance <= _NEAR else 0
            points = rates[1] if distance <= _NEARER else points
            desk.near[lane] = rates[0] if distance <= _NEAREST else points


@compiled()
def bound_words(i: Any, book: Book, market: Market, desk: Desk) -> Any:
    """Write what every word of the accepted regions is worth at most; return how many places were filled."""
    lines, terms, places = book.lines, desk.terms, 0
    set_terms(i, book, desk)
    regions = book.people.regions[i]
    while regions != _ZERO:
        region = lowest_bit(regions)
        regions &= regions - _ONE
        first, last = lines.region_word[region], lines.region_word[region + 1]
        near = book.rates.near[0] if is_near(i, region, book) else 0
        terms[BASE] = base_of(i, region, book) + near + book.rates.lot
        for group in range(first >> 6, ((last - 1) >> 6) + 1):
            desk.masks[POSSIBLE] = span(first, last, group)
            if not set_masks(i, region, group, lines.words, 6, book, desk):
                continue
            if book.wide:
                vector_bounds(market.top, market.flat, desk.bound, places, group, desk.masks, terms)
            else:
                plain_bounds(market.top, market.flat, desk.bound, places, group, desk.masks, terms)
            desk.group[places], desk.region[places] = group, region
            places += 1
    return places


@compiled()
def highest(values: Any, count: Any) -> Any:
    """Return the largest of the first ``count`` numbers, NEVER if there is none."""
    best = np.int16(NEVER)
    for k in range(count):
        best = max(best, values[k])
    return np.int64(best)


@compiled()
def words_above(desk: Desk, place: Any, limit: Any, wide: Any) -> Any:
    """Return the mask of the words at a place that may be worth more than ``limit``."""
    return vector_above(desk.bound, place, limit) if wide else plain_above(desk.bound, place, limit)


@compiled()
def value_word(i: Any, word: Any, region: Any, book: Book, market: Market, desk: Desk) -> Any:
    """Write the net values of the 64 lines of a word, without lot and own pairs; tell if one is possible."""
    desk.masks[POSSIBLE] = _ALL
    if not set_masks(i, region, word, book.lines.bits, 0, book, desk):
        return False
    desk.masks[SHORT] = book.lines.bits[book.people.short[i], word]
    desk.terms[BASE] = base_of(i, region, book)
    near = is_near(i, region, book)
    if near:
        set_near(i, word, book, desk)
    if book.wide:
        vector_values(book.lines.pay, market.ask, desk.near, desk.lane, word, desk.masks, desk.terms)
    else:
        plain_values(book.lines.pay, market.ask, desk.near, desk.lane, word, desk.masks, desk.terms)
    if near:
        for lane in range(64):
            desk.near[lane] = 0
    return True


@compiled()
def lanes_above(desk: Desk, limit: Any, wide: Any) -> Any:
    """Return the mask of the lines of the word valued last that are above ``limit``."""
    limit = max(limit, NEVER)
    return vector_above(desk.lane, 0, limit) if wide else plain_above(desk.lane, 0, limit)


@compiled()
def region_of(word: Any, book: Book) -> Any:
    """Return the region that a word belongs to."""
    return np.int64(book.lines.word_region[word])


@compiled()
def value_alone(i: Any, slot: Any, extra: Any, book: Book, market: Market, desk: Desk) -> Any:
    """Return the net value of one pair with points of its own, NEVER if it is not possible."""
    region = region_of(slot >> 6, book)
    if (book.people.regions[i] >> np.uint64(region)) & _ONE == _ZERO:
        return NEVER
    if not value_word(i, slot >> 6, region, book, market, desk) or desk.lane[slot & 63] == NEVER:
        return NEVER
    lot = lot_of(book.people.lot[i], book.lines.key[slot], book.rates.lot)
    return np.int64(desk.lane[slot & 63]) + extra + lot


@compiled()
def highest_value(desk: Desk, count: Any) -> Any:
    """Return the largest net value of the pairs found."""
    best = np.int64(NEVER)
    for k in range(count):
        best = max(best, np.int64(desk.value[k]))
    return best


@compiled()
def values_above(desk: Desk, count: Any, limit: Any) -> Any:
    """Count the pairs found that are worth more than ``limit``."""
    above = 0
    for k in range(count):
        above += desk.value[k] > limit
    return above


@compiled()
def keep_best(desk: Desk, count: Any, most: Any, limit: Any) -> Any:
    """Keep the ``most`` best of the pairs found; return how many, and what no other is above."""
    if count <= most:
        return count, limit
    cut, high = limit, highest_value(desk, count)  # not more than most are above cut in the end
    while high - cut > 1:
        middle = (cut + high) >> 1
        if values_above(desk, count, middle) > most:
            cut = middle
        else:
            high = middle
    cut, room, kept = high, most, 0
    for k in range(count):
        room -= desk.value[k] > cut
    for k in range(count):
        equal = desk.value[k] == cut and room > 0
        if desk.value[k] > cut or equal:
            room -= equal
            desk.slot[kept], desk.value[kept] = desk.slot[k], desk.value[k]
            kept += 1
    return kept, cut


@compiled()
def add_alone(i: Any, limit: Any, most: Any, book: Book, market: Market, desk: Desk) -> Any:
    """Begin with the pairs that have something of their own; return how many are above, and the limit."""
    people, ties, count = book.people, book.ties, 0
    village, desk.tally[0] = people.village[i], desk.tally[0] + 1
    own, listed = ties.own_from[people.own[i]], ties.list_from[village]
    owns = ties.own_from[people.own[i] + 1] - own
    for k in range(owns + ties.list_from[village + 1] - listed):
        is_own = k < owns
        slot = ties.own_slot[own + k] if is_own else ties.list_slot[listed + k - owns]
        extra = np.int64(ties.own_points[own + k]) if is_own else book.rates.companions
        if not is_own and desk.taken[slot] == desk.tally[0]:
            continue
        desk.taken[slot] = desk.tally[0]
        if extra == DECLINED:
            continue
        value = value_alone(i, slot, extra, book, market, desk)
        if value > limit:
            desk.slot[count], desk.value[count] = slot, value
            count += 1
            if count == SEEN:
                count, limit = keep_best(desk, count, most, limit)
    return count, limit


@compiled()
def add_word(i: Any, word: Any, count: Any, limit: Any, most: Any, book: Book, desk: Desk) -> Any:
    """Add the lines of the word valued last that are above ``limit``."""
    lanes = lanes_above(desk, limit - book.rates.lot, book.wide)
    mixed = book.people.lot[i]
    while lanes != _ZERO:
        slot = word * 64 + lowest_bit(lanes)
        lanes &= lanes - _ONE
        value = np.int64(desk.lane[slot & 63]) + lot_of(mixed, book.lines.key[slot], book.rates.lot)
        if value > limit and desk.taken[slot] != desk.tally[0]:
            desk.slot[count], desk.value[count] = slot, value
            count += 1
            if count == SEEN:
                count, limit = keep_best(desk, count, most, limit)
    return count, limit


@compiled()
def pairs_above(i: Any, places: Any, limit: Any, most: Any, book: Book, market: Market, desk: Desk) -> Any:
    """Find the ``most`` best pairs above ``limit``; return how many, and what no other pair is above."""
    count, limit = add_alone(i, limit, most, book, market, desk)
    for place in range(places):
        words = words_above(desk, place, limit, book.wide)
        while words != _ZERO:
            lane = lowest_bit(words)
            words &= words - _ONE
            word = np.int64(desk.group[place]) * 64 + lane
            if desk.bound[place * 64 + lane] > limit and value_word(
                i, word, desk.region[place], book, market, desk
            ):
                count, limit = add_word(i, word, count, limit, most, book, desk)
    return keep_best(desk, count, most, limit)
