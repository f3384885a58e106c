"""The two doors of the planner: riders and coaches in, a plan out."""

import math
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from fourdoors.engines.routing.times import GreatCircle, Place, TravelTimes

CHINA = timezone(timedelta(hours=8))
SEATS_IN_ROW = 4
MOST_SEATS_IN_LAST_ROW = 5


@dataclass(frozen=True, kw_only=True)
class LoadRule:
    """How full a coach may be, from a day on.

    Args:
        from_on: first day.
        to_on: first day on which it no longer holds; None while it does.
        seat_share: permitted people by seats, above 0 and up to 1; rounded down.
        isolation_rows: rows at the back that stay free (留观区).
        source: the document, with its date.
        risk_zones_only: it holds only from or to a place of medium or high risk.

    Raises:
        ValueError: a value out of range, or no source; it is named.
    """

    from_on: date
    to_on: date | None
    seat_share: float
    isolation_rows: int
    source: str
    risk_zones_only: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.seat_share <= 1:
            raise ValueError(f"seat_share: {self.seat_share} is outside (0, 1]")
        if not 0 <= self.isolation_rows <= 5:
            raise ValueError(f"isolation_rows: {self.isolation_rows} is outside 0..5")
        if self.to_on is not None and self.to_on <= self.from_on:
            raise ValueError(f"to_on: {self.to_on} is not after {self.from_on}")
        if not self.source:
            raise ValueError("source: a rule without one")

    def holds(self, on: date, *, risk_zone: bool) -> bool:
        """Tell whether the rule holds on a day."""
        ended = self.to_on is not None and on >= self.to_on
        return self.from_on <= on and not ended and (risk_zone or not self.risk_zones_only)


EVERY_SEAT = LoadRule(
    from_on=date(2004, 5, 1),
    to_on=None,
    seat_share=1.0,
    isolation_rows=0,
    source="Road Traffic Safety Law of the People's Republic of China, in force 1 May 2004, article 49: "
    "no more people than the vehicle is approved for",
)
LOAD_RULES = (
    EVERY_SEAT,
    LoadRule(
        from_on=date(2020, 2, 12),
        to_on=date(2020, 3, 7),
        seat_share=0.5,
        isolation_rows=2,
        source="Ministry of Transport 交运明电〔2020〕56号, February 2020 (a reprint is of 12 February): at "
        "most half of the seats on charters between provinces and cities; two rows at the back as in Lizhou",
    ),
    LoadRule(
        from_on=date(2020, 3, 7),
        to_on=None,
        seat_share=0.5,
        isolation_rows=2,
        source="Ministry of Transport, press conference of 7 March 2020: half only where the risk is medium "
        "or high",
        risk_zones_only=True,
    ),
)


def load_rule_on(on: date, *, risk_zone: bool = False, rules: tuple[LoadRule, ...] = LOAD_RULES) -> LoadRule:
    """Return the rule of a day: of those that hold, the one that allows fewest people.

    Raises:
        ValueError: no rule holds on that day.
    """
    holding = [rule for rule in rules if rule.holds(on, risk_zone=risk_zone)]
    if not holding:
        raise ValueError(f"rules: none holds on {on}")
    return min(holding, key=lambda rule: (rule.seat_share, -rule.isolation_rows))


@dataclass(frozen=True, kw_only=True)
class DriverRule:
    """How long a driver may drive; minutes, and hours of the day in China Standard Time."""

    day_minutes: int = 240  # without a rest
    night_minutes: int = 120  # without a rest, of the hours of the night
    rest_minutes: int = 20
    minutes_in_24_hours: int = 480
    minutes_in_7_days: int = 2640
    night_from_hour: int = 22
    night_to_hour: int = 6
    parked_from_hour: int = 2
    parked_to_hour: int = 5
    source: str = "道路旅客运输企业安全管理规范 (Safety Management of Road Passenger Carriers), article 38"


@dataclass(frozen=True, kw_only=True)
class Rider:
    """Somebody who agreed to this move."""

    key: int
    village: int  # code of a Place
    household: int | None = None  # riders of one household ride together; None alone


@dataclass(frozen=True, kw_only=True)
class Coach:
    """A coach that can be had. Seats are numbered from the front, four in a row, up to five in the last."""

    key: int
    seats: int  # 核载, without drivers

    def __post_init__(self) -> None:
        if not 6 <= self.seats <= 99:
            raise ValueError(f"coach {self.key}: {self.seats} seats is outside 6..99")

    @property
    def rows(self) -> tuple[tuple[int, ...], ...]:
        """The seat numbers of each row, front first.

        >>> [len(row) for row in Coach(key=1, seats=45).rows][-3:]
        [4, 4, 5]
        """
        full = math.ceil((self.seats - MOST_SEATS_IN_LAST_ROW) / SEATS_IN_ROW)
        starts = [1 + SEATS_IN_ROW * row for row in range(full + 1)]
        ends = [*starts[1:], self.seats + 1]
        return tuple(tuple(range(start, end)) for start, end in zip(starts, ends, strict=True))

    def permitted(self, rule: LoadRule) -> int:
        """Return how many riders may sit in it.

        >>> Coach(key=1, seats=45).permitted(load_rule_on(date(2020, 3, 1)))
        22
        """
        free = sum(len(row) for row in self.rows[: len(self.rows) - rule.isolation_rows])
        return min(math.floor(rule.seat_share * self.seats + 1e-9), free)


@dataclass(frozen=True, kw_only=True)
class Window:
    """When boarding in a village may begin."""

    village: int
    from_at: datetime
    to_at: datetime

    def __post_init__(self) -> None:
        if self.to_at < self.from_at:
            raise ValueError(f"window of {self.village}: {self.to_at} is before {self.from_at}")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One employer, one day.

    Args:
        riders: who goes; each has agreed.
        villages: where they board.
        fleet: coaches that can be had.
        rule: the load rule of the day.
        gather: where the collection ends and the trunk begins, usually the county seat.
        gather_at: by when every coach has come through there; aware.
        trunk_road_km: from there to the factory gate, by road.
        driver_rule: hours of drivers.
        times: where ways and their minutes come from.
        trunk_drive_minutes: the trunk as ``times`` knows it; None: its kilometres at the speed of a trunk.
        windows: when boarding may begin, for villages that say so.
        most_collection_minutes: from leaving the first stop to the gathering place; None: no limit.
        most_waves: how often a coach may fill; more than once only where no trunk follows (a railway
            station, an airport).

    Raises:
        ValueError: a value that cannot be; it is named.
    """

    riders: tuple[Rider, ...]
    villages: tuple[Place, ...]
    fleet: tuple[Coach, ...]
    rule: LoadRule
    gather: Place
    gather_at: datetime
    trunk_road_km: float
    driver_rule: DriverRule = field(default_factory=DriverRule)
    times: TravelTimes = field(default_factory=GreatCircle)
    trunk_drive_minutes: int | None = None
    windows: tuple[Window, ...] = ()
    most_collection_minutes: int | None = None
    most_waves: int = 1

    def __post_init__(self) -> None:
        for name, keys in (
            ("riders", [rider.key for rider in self.riders]),
            ("villages", [village.code for village in self.villages]),
            ("fleet", [coach.key for coach in self.fleet]),
            ("windows", [window.village for window in self.windows]),
        ):
            if len(set(keys)) != len(keys):
                raise ValueError(f"{name}: a key occurs twice")
        unknown = {rider.village for rider in self.riders} - {village.code for village in self.villages}
        if unknown:
            raise ValueError(f"riders: village {min(unknown)} is none of the villages")
        if self.gather_at.tzinfo is None:
            raise ValueError("gather_at: a moment without its zone")
        if not 0 <= self.trunk_road_km <= 6000:
            raise ValueError(f"trunk_road_km: {self.trunk_road_km} is outside 0..6000")
        if self.trunk_drive_minutes is not None and self.trunk_drive_minutes < 0:
            raise ValueError(f"trunk_drive_minutes: {self.trunk_drive_minutes} is negative")
        if self.most_waves < 1 or (self.most_waves > 1 and self.trunk_minutes):
            raise ValueError(f"most_waves: {self.most_waves} with a trunk of {self.trunk_minutes} minutes")

    @property
    def trunk_minutes(self) -> int:
        """The drive from the gathering place to the factory gate, in whole minutes, rounded up."""
        if self.trunk_drive_minutes is not None:
            return self.trunk_drive_minutes
        return math.ceil(self.trunk_road_km / self.times.trunk_kmh * 60)


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A coach at a village."""

    village: int
    arrives_at: datetime
    leaves_at: datetime
    riders: tuple[int, ...]  # keys, who board here
    unloads: bool = False  # the coach empties here, at the gathering place, and goes out again


@dataclass(frozen=True, kw_only=True)
class Stint:
    """One driver at the wheel without a rest."""

    driver: int  # from 1
    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, kw_only=True)
class CoachPlan:
    """What one coach does. With a second wave a seat is given again after the coach has emptied."""

    coach: int  # key
    stops: tuple[Stop, ...]  # in order
    seat_of: dict[int, int]  # rider key -> seat number
    collection_road_km: float  # from the first stop to the gathering place
    drivers: int  # the fewest with whom nobody waits for a driver's next day
    stints: tuple[Stint, ...]  # from the first stop to the factory gate
    arrives_at: datetime  # at the factory gate

    @property
    def waves(self) -> tuple[tuple[Stop, ...], ...]:
        """The stops of each filling of the coach."""
        waves: list[list[Stop]] = [[]]
        for stop in self.stops:
            if stop.unloads:
                waves.append([])
            else:
                waves[-1].append(stop)
        return tuple(map(tuple, waves))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Coaches and their riders.

    ``fewest_coaches`` is a number below which nobody can go with these groups; the plan has it when
    ``proved`` is true.
    """

    coaches: tuple[CoachPlan, ...]
    left_behind: tuple[int, ...]  # rider keys: the fleet has no seat for them
    fewest_coaches: int
    proved: bool
