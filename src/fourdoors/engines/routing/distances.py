"""Road distance and time without a road map: great circle, times a detour, at a speed for its length."""

import math
from functools import lru_cache

from fourdoors.engines.routing.problem import Place

EARTH_RADIUS_KM = 6371.0
# great-circle km below which it holds -> road km for one of them, km/h. Assumptions for hilly counties, to be
# calibrated from door events: Dingxi to Fuzhou by rail is 2,509 km for 1,753 (1.43).
CLASSES = ((15.0, 1.45, 28.0), (60.0, 1.40, 42.0), (200.0, 1.33, 62.0), (math.inf, 1.25, 78.0))


def great_circle_km(a: Place, b: Place) -> float:
    """Return the distance as the crow flies (haversine, sphere of 6,371 km)."""
    lat_a, lat_b = math.radians(a.lat_degrees), math.radians(b.lat_degrees)
    east = math.radians(b.lon_degrees - a.lon_degrees)
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half))


def road_km(a: Place, b: Place) -> float:
    """Return an estimate of the way by road, in kilometres."""
    crow = great_circle_km(a, b)
    return crow * next(detour for limit, detour, _ in CLASSES if crow < limit)


@lru_cache(maxsize=1 << 16)
def drive_minutes(a: Place, b: Place) -> int:
    """Return an estimate of the drive between two places, in whole minutes, rounded up."""
    crow = great_circle_km(a, b)
    detour, speed = next((detour, speed) for limit, detour, speed in CLASSES if crow < limit)
    return math.ceil(crow * detour / speed * 60)


def trunk_minutes(road_kilometres: float) -> int:
    """Return the drive on a trunk of so many road kilometres, in whole minutes, rounded up."""
    return math.ceil(road_kilometres / CLASSES[-1][2] * 60)
