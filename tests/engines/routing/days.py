"""Invented days of travel from a seed."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

from fourdoors.engines.routing.problem import (
    CHINA,
    EVERY_SEAT,
    Coach,
    LoadRule,
    Problem,
    Rider,
    Window,
    load_rule_on,
)
from fourdoors.engines.routing.times import GreatCircle, Place

GATHER = Place(code=621226000000, lon_degrees=105.18, lat_degrees=34.19)  # Li County (礼县)
GATHER_AT = datetime(2020, 3, 1, 9, 0, tzinfo=CHINA)
HALF = load_rule_on(date(2020, 3, 1))


def village(number: int, *, east: float = 0.0, north: float = 0.0) -> Place:
    return Place(
        code=621226100000 + number,
        lon_degrees=GATHER.lon_degrees + east,
        lat_degrees=GATHER.lat_degrees + north,
    )


def make_day(
    *,
    people: dict[int, int],
    seats: tuple[int, ...] = (45,) * 5,
    rule: LoadRule = HALF,
    household_of: dict[int, int] | None = None,
    trunk_road_km: float = 433.0,
    gather_at: datetime = GATHER_AT,
) -> Problem:
    """So many people in each village; riders are numbered through."""
    places = tuple(village(number, east=number / 50, north=0.1) for number in people)
    homes = [village(number).code for number, count in people.items() for _ in range(count)]
    riders = tuple(
        Rider(key=key, village=home, household=(household_of or {}).get(key))
        for key, home in enumerate(homes, start=1)
    )
    fleet = tuple(Coach(key=900 + number, seats=count) for number, count in enumerate(seats))
    return Problem(
        riders=riders,
        villages=places,
        fleet=fleet,
        rule=rule,
        gather=GATHER,
        gather_at=gather_at,
        trunk_road_km=trunk_road_km,
    )


def draw_day(seed: int, *, rule: LoadRule = HALF) -> Problem:
    """A day with anything from nobody to 150 people, often with too few coaches."""
    draw = random.Random(seed)  # noqa: S311
    places = tuple(
        village(number, east=draw.uniform(-0.5, 0.5), north=draw.uniform(-0.4, 0.4))
        for number in range(draw.randint(1, 15))
    )
    weights = [draw.random() ** 2 + 0.05 for _ in places]
    riders: list[Rider] = []
    for household in range(draw.randint(0, 80)):
        home = draw.choices(places, weights)[0].code
        for _ in range(draw.choice((1, 1, 1, 2, 2, 3))):
            alone = draw.random() < 0.1
            riders.append(Rider(key=len(riders) + 1, village=home, household=None if alone else household))
    kinds = draw.choice(((45,), (45, 49, 33), (19, 33)))
    fleet = tuple(Coach(key=number, seats=draw.choice(kinds)) for number in range(draw.randint(1, 14)))
    return Problem(
        riders=tuple(riders),
        villages=places,
        fleet=fleet,
        rule=rule,
        gather=GATHER,
        gather_at=GATHER_AT,
        trunk_road_km=draw.choice((0.0, 433.0, 1504.0)),
    )


def draw_county_day(seed: int, *, people: int = 300, villages: int = 40, coaches: int = 25) -> list[Problem]:
    """Three destinations of one county: a station, an airport, a factory by coach; one fleet, windows.

    Five seats at the back stay free; boarding in a village may begin within 150 minutes; nobody rides longer
    than three hours before the gathering place.
    """
    draw = random.Random(seed)  # noqa: S311
    places = tuple(
        village(number, east=draw.gauss(0, 0.14), north=draw.gauss(0, 0.12)) for number in range(villages)
    )
    fleet = tuple(Coach(key=number, seats=draw.choice((55, 49, 45, 33))) for number in range(1, coaches + 1))
    weights = [draw.random() + 0.2 for _ in places]
    problems, key, household = [], 0, 0
    for trunk_road_km, hour in ((0.0, 9), (0.0, 10), (1000.0, 8)):
        riders: list[Rider] = []
        while len(riders) < people:
            home, household = draw.choices(places, weights)[0].code, household + 1
            for _ in range(min(draw.choice((1, 1, 1, 2)), people - len(riders))):
                key += 1
                riders.append(Rider(key=key, village=home, household=household))
        problems.append(_to(places, fleet, tuple(riders), trunk_road_km, hour))
    return problems


def _to(
    places: tuple[Place, ...],
    fleet: tuple[Coach, ...],
    riders: tuple[Rider, ...],
    trunk_road_km: float,
    hour: int,
) -> Problem:
    gather_at = GATHER_AT.replace(hour=hour)
    to_at = {
        place.code: gather_at - timedelta(minutes=15 + GreatCircle().minutes(place, GATHER))
        for place in places
    }
    return Problem(
        riders=riders,
        villages=places,
        fleet=fleet,
        rule=replace(EVERY_SEAT, isolation_rows=1),
        gather=GATHER,
        gather_at=gather_at,
        trunk_road_km=trunk_road_km,
        windows=tuple(
            Window(village=code, from_at=at - timedelta(minutes=150), to_at=at) for code, at in to_at.items()
        ),
        most_collection_minutes=180,
    )
