"""How far and how long: great circle with a detour, or a table of measured ways, behind one door."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from statistics import median
from typing import Protocol

EARTH_RADIUS_KM = 6371.0
TRUNK_KMH = 78.0
# Steepest mean gradient of a road over a pass, JTG B01-2014 (Technical Standard of Highway Engineering): 5.5%
# for ascents of 200 to 500 m, 5% above. A road that climbs 500 m is at least 10 km long, however near.
MEAN_GRADIENT = 0.05
CLIMB_FROM_METRES = 200
FEWEST_OBSERVATIONS = 20  # of a class, before its speed is changed
SLOWEST_KMH, FASTEST_KMH = 5.0, 120.0  # what a door event says outside of this is a slip of a clock


@dataclass(frozen=True, kw_only=True)
class Place:
    """A point where people board, or where the collection ends."""

    code: int  # twelve-digit division code
    lon_degrees: float
    lat_degrees: float
    height_metres: float | None = None

    def __post_init__(self) -> None:
        if not (-180 <= self.lon_degrees <= 180 and -90 <= self.lat_degrees <= 90):
            raise ValueError(f"place {self.code}: {self.lon_degrees}, {self.lat_degrees} is nowhere")


class TravelTimes(Protocol):
    """Where the planner asks for ways; one source a plan, never silently another."""

    @property
    def trunk_kmh(self) -> float:
        """Speed on a trunk of which only the length is known."""

    def minutes(self, here: Place, there: Place) -> int:
        """Return the drive in whole minutes, rounded up."""

    def road_km(self, here: Place, there: Place) -> float:
        """Return the way by road in kilometres."""


@dataclass(frozen=True)
class LengthClass:
    """How roads are that are so long."""

    below_km: float  # great circle
    detour: float  # kilometres by road for one of them
    kmh: float
    observations: int = 0  # that ``kmh`` rests on; 0: an assumption


# Assumptions for hilly counties, to be calibrated from door events (by rail Dingxi to Fuzhou is
# 2,509 km, 1,753 as the crow flies).
ASSUMED = (
    LengthClass(15.0, 1.45, 28.0),
    LengthClass(60.0, 1.40, 42.0),
    LengthClass(200.0, 1.33, 62.0),
    LengthClass(math.inf, 1.25, TRUNK_KMH),
)


@dataclass(frozen=True)
class GreatCircle:
    """Estimates where no map of roads is at hand: a detour and a speed for each class of length."""

    classes: tuple[LengthClass, ...] = ASSUMED

    def __post_init__(self) -> None:
        limits = [one.below_km for one in self.classes]
        if not limits or limits != sorted(set(limits)) or limits[-1] != math.inf:
            raise ValueError("classes: they do not cover every length once, shortest first")
        if any(one.detour < 1 or one.kmh <= 0 for one in self.classes):
            raise ValueError("classes: a detour under 1 or no speed")

    @property
    def trunk_kmh(self) -> float:
        """The speed of the longest class."""
        return self.classes[-1].kmh

    def class_of(self, here: Place, there: Place) -> LengthClass:
        """Return the class of a way."""
        crow = great_circle_km(here, there)
        return next(one for one in self.classes if crow < one.below_km)

    def road_km(self, here: Place, there: Place) -> float:
        """Return an estimate of the way by road: the detour, or serpentines where heights ask for more."""
        estimate = great_circle_km(here, there) * self.class_of(here, there).detour
        return max(estimate, _climbing_km(here, there))

    def minutes(self, here: Place, there: Place) -> int:
        """Return an estimate of the drive in whole minutes, rounded up."""
        return _estimated_minutes(self, here, there)


@lru_cache(maxsize=1 << 18)
def _estimated_minutes(times: GreatCircle, here: Place, there: Place) -> int:
    return math.ceil(times.road_km(here, there) / times.class_of(here, there).kmh * 60)


def _climbing_km(here: Place, there: Place) -> float:
    if here.height_metres is None or there.height_metres is None:
        return 0.0
    climb = abs(here.height_metres - there.height_metres)
    return climb / 1000 / MEAN_GRADIENT if climb >= CLIMB_FROM_METRES else 0.0


def great_circle_km(a: Place, b: Place) -> float:
    """Return the distance as the crow flies (haversine, sphere of 6,371 km)."""
    lat_a, lat_b = math.radians(a.lat_degrees), math.radians(b.lat_degrees)
    east = math.radians(b.lon_degrees - a.lon_degrees)
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half))


@dataclass(frozen=True)
class Leg:
    """A measured way from one place to another."""

    minutes: float
    road_km: float


@dataclass(frozen=True)
class Matrix:
    """Ways that somebody measured: an imported table, or the answer of a routing engine.

    Args:
        legs: by code of the place and code of the next; the way back is a way of its own.
        source: where it is from.
        trunk_kmh: speed on a trunk of which only the length is known.
    """

    legs: dict[tuple[int, int], Leg] = field(repr=False)
    source: str
    trunk_kmh: float = TRUNK_KMH

    def minutes(self, here: Place, there: Place) -> int:
        """Return the drive in whole minutes, rounded up.

        Raises:
            WayMissingError: the table has no such way.
        """
        return math.ceil(round(self._leg(here, there).minutes, 6))

    def road_km(self, here: Place, there: Place) -> float:
        """Return the way by road in kilometres.

        Raises:
            WayMissingError: the table has no such way.
        """
        return self._leg(here, there).road_km

    def _leg(self, here: Place, there: Place) -> Leg:
        if here.code == there.code:
            return Leg(0.0, 0.0)
        found = self.legs.get((here.code, there.code))
        if found is None:
            raise WayMissingError(self.source, ((here.code, there.code),))
        return found

    def complete_for(self, places: Iterable[Place]) -> "Matrix":
        """Return this table if it has every way between these places, there and back.

        Raises:
            WayMissingError: ways are missing; all of them are in it.
        """
        codes = sorted({place.code for place in places})
        asked = [(here, there) for here in codes for there in codes if here != there]
        if missing := tuple(pair for pair in asked if pair not in self.legs):
            raise WayMissingError(self.source, missing)
        return self


class WayMissingError(ValueError):
    """A table of ways does not have a way that is asked."""

    def __init__(self, source: str, missing: Sequence[tuple[int, int]]) -> None:
        here, there = missing[0]
        super().__init__(f"{source}: {len(missing)} ways are missing, the first from {here} to {there}")
        self.source, self.missing = source, tuple(missing)


@dataclass(frozen=True, kw_only=True)
class Observation:
    """How long a coach took from one place to the next, as its doors say."""

    here: Place
    there: Place
    minutes: float


def recalibrated(
    times: GreatCircle, seen: Iterable[Observation], *, fewest: int = FEWEST_OBSERVATIONS
) -> GreatCircle:
    """Return the estimates with the speed of each class that coaches were seen to drive.

    The speed is the median over the observations of the class, so that a rest or a late scan does not move
    it; those that no coach can have driven are not counted. A class with fewer than ``fewest`` keeps what it
    had. Each class carries the number of observations that its speed rests on.
    """
    speeds: dict[LengthClass, list[float]] = {one: [] for one in times.classes}
    for one in seen:
        kilometres = times.road_km(one.here, one.there)
        if one.minutes > 0 and SLOWEST_KMH <= (kmh := kilometres / one.minutes * 60) <= FASTEST_KMH:
            speeds[times.class_of(one.here, one.there)].append(kmh)
    return GreatCircle(
        tuple(
            replace(one, kmh=round(median(found), 1), observations=len(found))
            if len(found) >= fewest
            else one
            for one, found in speeds.items()
        )
    )
