"""Soft terms: whole points, each with a name, so that points add up to the score."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fourdoors.engines.matching.pairs import PairSet
from fourdoors.engines.matching.problem import Problem, Vacancies, Weights, Workers

YUAN_PER_POINT = 10
WISH_PER_CENT = (100, 75, 50)  # first, second, third wish of an occupation
NEAR_RINGS = ((50, 100), (100, 60), (200, 30))  # kilometres as the crow flies, per cent of the weight
KILOMETRES_PER_DEGREE = 111.195  # of latitude, on a sphere of radius 6,371 km
LOT_MIXERS = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)  # SplitMix64, Steele et al. 2014

Points = Any  # an integer array of the broadcast shape


@dataclass(frozen=True)
class Known:
    """What the terms need beside the two tables."""

    applied: PairSet
    links: PairSet
    seed: int


def _applied(weight: int, worker: Workers, line: Vacancies, known: Known) -> Points:
    return weight * known.applied.holds(worker.key, line.key)


def _wage(weight: int, worker: Workers, line: Vacancies, known: Known) -> Points:
    over = line.wage_yuan_per_month - worker.wage_floor_yuan_per_month
    return np.clip(over // YUAN_PER_POINT, 0, weight)


def _occupation(weight: int, worker: Workers, line: Vacancies, known: Known) -> Points:
    asked = (worker.occupations == line.occupation[..., None]) & (worker.occupations >= 0)
    shares = np.array([weight * share // 100 for share in WISH_PER_CENT])
    return np.where(asked, shares, 0).max(axis=-1)


def _skill(weight: int, worker: Workers, line: Vacancies, known: Known) -> Points:
    return weight * ((worker.skills & line.skills) != 0)


def _destination(weight: int, worker: Workers, line: Vacancies, known: Known) -> Points:
    return weight * (worker.first_destination == line.region)


def _near_home(weight: int, worker: Workers, line: Vacancies, known: Known) -> Points:
    east = (line.lon_degrees - worker.lon_degrees) * np.cos(np.radians(worker.lat_degrees))
    north = line.lat_degrees - worker.lat_degrees
    distance = np.hypot(east, north) * KILOMETRES_PER_DEGREE  # within 3 % below 200 km; nan is in no ring
    points = np.zeros(distance.shape, np.int32)
    for kilometres, share in reversed(NEAR_RINGS):
        points = np.where(distance <= kilometres, weight * share // 100, points)
    return points * worker.near_home


def _companions(weight: int, worker: Workers, line: Vacancies, known: Known) -> Points:
    return weight * known.links.holds(worker.village, line.employer)


def _lodging(weight: int, worker: Workers, line: Vacancies, known: Known) -> Points:
    return weight * (line.lodging & np.ones_like(worker.consents))


def _lot(weight: int, worker: Workers, line: Vacancies, known: Known) -> Points:
    step, first, second = (np.uint64(mixer) for mixer in LOT_MIXERS)
    mixed = (worker.key.astype(np.uint64) * step + np.uint64(known.seed)) ^ (
        line.key.astype(np.uint64) * first
    )
    mixed = (mixed ^ (mixed >> np.uint64(30))) * first
    mixed = (mixed ^ (mixed >> np.uint64(27))) * second
    return (mixed ^ (mixed >> np.uint64(31))) % np.uint64(weight + 1)


TERMS: dict[str, Callable[[int, Workers, Vacancies, Known], Points]] = {
    "applied": _applied,
    "wage": _wage,
    "occupation": _occupation,
    "skill": _skill,
    "destination": _destination,
    "near_home": _near_home,
    "companions": _companions,
    "lodging": _lodging,
    "lot": _lot,
}


class Utility:
    """The soft points of one problem, for blocks and for single pairs by the same code."""

    def __init__(self, problem: Problem) -> None:
        self._workers, self._vacancies = problem.workers, problem.vacancies
        self._weights = {item.name: getattr(problem.weights, item.name) for item in fields(Weights)}
        self._known = Known(PairSet(problem.applied), PairSet(problem.links), problem.seed)

    def block(self, rows: Any) -> NDArray[np.int32]:
        """Return the points of ``rows`` of the workers with every vacancy, possible or not."""
        workers = self._workers.at(rows).at(np.s_[:, None])
        lines = self._vacancies.at(np.s_[None, :])
        total = np.zeros((len(workers.key), len(self._vacancies)), np.int32)
        for name in TERMS:
            if self._weights[name]:
                total += self._term(name, workers, lines)
        return total

    def terms(self, workers: NDArray[Any], vacancies: NDArray[Any]) -> NDArray[np.int32]:
        """Return the points of each pair, one column for each of :data:`TERMS`, in that order.

        Args:
            workers: rows of workers.
            vacancies: rows of vacancies, as many.
        """
        people, lines = self._workers.at(workers), self._vacancies.at(vacancies)
        return np.stack([self._term(name, people, lines) for name in TERMS], axis=1)

    def _term(self, name: str, workers: Workers, lines: Vacancies) -> NDArray[np.int32]:
        points = TERMS[name](self._weights[name], workers, lines, self._known)
        return np.asarray(points, np.int32)
