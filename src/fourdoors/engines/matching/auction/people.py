"""The workers of a round as the columns that compiled code reads, in an order that keeps neighbours alike."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.auction.index import Index
from fourdoors.engines.matching.problem import Problem, Weights, Workers
from fourdoors.engines.matching.utility import LOT_MIXERS, NEAR_RINGS, WISH_PER_CENT

DECLINED = -1  # in own_points: the pair is not possible


class People(NamedTuple):
    """One entry for each worker who takes part."""

    must: NDArray[np.int32]  # (workers, rules)
    skill: NDArray[np.int32]  # (workers, groups)
    short: NDArray[np.int32]
    floor: NDArray[np.int16]  # tens of yuan a month
    wishes: NDArray[np.int32]  # (workers, 3)
    regions: NDArray[np.uint64]  # accepted, and offered by somebody
    first: NDArray[np.int8]  # region wished most, -1 none
    tier: NDArray[np.int8]
    lot: NDArray[np.uint64]  # key, mixed with the seed
    home: NDArray[np.int32]  # place in near.lon, -1 for who does not ask for work near home
    village: NDArray[np.int32]  # place in ties.list_from and ties.row_from
    own: NDArray[np.int32]  # place in ties.own_from, 0 for who has no own pair


class Ties(NamedTuple):
    """Pairs with something of their own: asked for, refused, or with people of the village."""

    own_from: NDArray[np.int64]  # own pairs are own_slot[own_from[o]:own_from[o + 1]]
    own_slot: NDArray[np.int32]
    own_points: NDArray[np.int32]  # added to those of the terms; DECLINED
    list_from: NDArray[np.int64]  # (villages + 1,): slots of linked employers with few lines
    list_slot: NDArray[np.int32]
    row_from: NDArray[np.int64]  # (villages + 1,): bitmap rows of linked employers with many
    row: NDArray[np.int32]
    lon: NDArray[np.float64]  # per home, degrees
    lat: NDArray[np.float64]
    cos: NDArray[np.float64]  # of the latitude


class Rates(NamedTuple):
    """The points of the terms."""

    tier: NDArray[np.int64]
    wage: int
    wish: NDArray[np.int64]  # (3,)
    skill: int
    destination: int
    near: NDArray[np.int64]  # (3,): within each ring of NEAR_RINGS
    companions: int
    lot: int


def rates_of(weights: Weights, tier_points: NDArray[np.int64]) -> Rates:
    """Return the points of the terms for one set of weights."""
    return Rates(
        tier=tier_points,
        wage=weights.wage,
        wish=np.array([weights.occupation * share // 100 for share in WISH_PER_CENT], np.int64),
        skill=weights.skill,
        destination=weights.destination,
        near=np.array([weights.near_home * share // 100 for _, share in NEAR_RINGS], np.int64),
        companions=weights.companions,
        lot=weights.lot,
    )


def some_people(people: People, rows: NDArray[np.intp]) -> People:
    """Return the people of some rows."""
    columns: list[Any] = [column[rows] for column in people]
    return People(*columns)


def processing_order(workers: Workers) -> NDArray[np.int32]:
    """Return the rows of the workers who agreed; neighbours look at the same lines.

    The order depends on what the rows hold and on their keys, never on where they stand.
    """
    rows = np.flatnonzero(workers.consents)
    order = np.lexsort(
        (
            workers.key[rows],
            workers.wage_floor_yuan_per_month[rows],
            workers.occupations[rows, 0],
            workers.destinations[rows],
            workers.first_destination[rows],
        )
    )
    return rows[order].astype(np.int32)


def people_of(problem: Problem, workers: Workers, index: Index) -> tuple[People, Ties]:
    """Return the columns of the workers who take part, which stand in the order of processing."""
    offered = np.bitwise_or.reduce(
        np.uint64(1) << problem.vacancies.region.astype(np.uint64), initial=np.uint64(0)
    )
    home, places = _homes(workers)
    village, lists, rows = _villages(problem, workers, index)
    own, own_pairs = _own_pairs(problem, workers, index)
    step = np.uint64(LOT_MIXERS[0])
    people = People(
        must=index.must,
        skill=index.skill,
        short=index.short,
        floor=index.floor,
        wishes=index.wishes,
        regions=workers.destinations & offered,
        first=workers.first_destination,
        tier=workers.tier,
        lot=workers.key.astype(np.uint64) * step + np.uint64(problem.seed),
        home=home,
        village=village,
        own=own,
    )
    return people, Ties(*own_pairs, *lists, *rows, *places)


def _homes(workers: Workers) -> tuple[NDArray[np.int32], tuple[NDArray[np.float64], ...]]:
    near = workers.near_home & ~np.isnan(workers.lon_degrees) & ~np.isnan(workers.lat_degrees)
    home = np.full(len(workers), -1, np.int32)
    points = np.stack([workers.lon_degrees[near], workers.lat_degrees[near]], axis=1)
    places, number = np.unique(points.view(np.complex128).ravel(), return_inverse=True)
    home[near] = number
    lat = np.ascontiguousarray(places.imag)
    return home, (np.ascontiguousarray(places.real), lat, np.cos(np.radians(lat)))


_Lists = tuple[NDArray[np.int64], NDArray[np.int32]]


def _lists(values: list[list[int]]) -> _Lists:
    starts = np.append(0, np.cumsum([len(one) for one in values])).astype(np.int64)
    return starts, np.array([item for one in values for item in one], np.int32)


def _villages(problem: Problem, workers: Workers, index: Index) -> tuple[NDArray[np.int32], _Lists, _Lists]:
    """Return the place of each worker's village, and what its links open: slots and rows."""
    links = np.unique(problem.links, axis=0) if problem.weights.companions else problem.links[:0]
    linked = np.unique(links[:, 0])
    slots: list[list[int]] = [[]]
    rows: list[list[int]] = [[]]
    none = np.empty(0, np.int32)
    for village in linked.tolist():
        first, last = np.searchsorted(links[:, 0], [village, village + 1])
        employers = links[first:last, 1].tolist()
        slots.append(sorted(slot for one in employers for slot in index.bonus_slots.get(one, none).tolist()))
        rows.append([index.employer_row[one] for one in employers if one in index.employer_row])
    place = np.searchsorted(linked, workers.village)
    known = linked[np.minimum(place, max(0, len(linked) - 1))] == workers.village if len(linked) else False
    return np.where(known, place + 1, 0).astype(np.int32), _lists(slots), _lists(rows)


def _own_pairs(
    problem: Problem, workers: Workers, index: Index
) -> tuple[NDArray[np.int32], tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]]:
    """Return each worker's own pairs: applied for, perhaps with companions there too, or refused."""
    applied, declined = (_rows_of(pairs, problem, workers) for pairs in (problem.applied, problem.declined))
    both = np.concatenate([applied, declined])
    refused = np.repeat([False, True], [len(applied), len(declined)])
    points = np.where(
        refused, DECLINED, problem.weights.applied + _of_companions(problem, workers, both, index)
    )
    order = np.lexsort(
        (points, index.slot_of[both[:, 1]], both[:, 0])
    )  # a refusal stands before an application
    pairs, points = both[order], points[order]
    fresh = np.ones(len(pairs), bool)
    fresh[1:] = (pairs[1:] != pairs[:-1]).any(axis=1)
    pairs, points = pairs[fresh], points[fresh]
    owners, starts = np.unique(pairs[:, 0], return_index=True)
    own = np.zeros(len(workers), np.int32)
    own[owners] = np.arange(len(owners)) + 1
    own_from = np.concatenate([[0], starts, [len(pairs)]]).astype(np.int64)
    return own, (own_from, index.slot_of[pairs[:, 1]], points.astype(np.int32))


def _rows_of(pairs: NDArray[np.int64], problem: Problem, workers: Workers) -> NDArray[np.int64]:
    """Return pairs of keys as pairs of rows, without those of whom nobody takes part."""
    found = []
    for column, keys in ((0, workers.key), (1, problem.vacancies.key)):
        order = np.argsort(keys, kind="stable")
        place = np.minimum(np.searchsorted(keys[order], pairs[:, column]), max(0, len(keys) - 1))
        row = order[place] if len(keys) else np.zeros(len(pairs), np.int64)
        found.append(np.where(keys[row] == pairs[:, column], row, -1) if len(keys) else row - 1)
    rows = np.stack(found, axis=1)
    kept: NDArray[np.int64] = rows[(rows >= 0).all(axis=1)]
    return kept


def _of_companions(
    problem: Problem, workers: Workers, pairs: NDArray[np.int64], index: Index
) -> NDArray[np.int64]:
    """Return the points of companions of each pair whose employer has no bitmap row."""
    from_list = [employer for employer in index.bonus_slots if employer not in index.employer_row]
    employer = problem.vacancies.employer[pairs[:, 1]]
    kept = np.isin(problem.links[:, 1], from_list)
    links = set(map(tuple, problem.links[kept].tolist()))
    village = workers.village[pairs[:, 0]]
    linked = [pair in links for pair in zip(village.tolist(), employer.tolist(), strict=True)]
    return np.array(linked, np.int64) * problem.weights.companions
