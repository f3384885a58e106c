"""Hours of drivers: the earliest arrival that keeps the rule, minute by minute."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fourdoors.engines.routing.problem import CHINA, DriverRule, Stint

MOST_DRIVERS = 4
DAY_MINUTES = 24 * 60
MOST_MINUTES = 14 * DAY_MINUTES  # no trip takes longer; a rule under which nobody may drive ends here


@dataclass
class Driver:
    """One driver's hours."""

    number: int
    driven: deque[int] = field(default_factory=deque)  # minutes at the wheel in the last 24 hours

    def hours_used(self, now: int) -> int:
        """Return the minutes at the wheel in the 24 hours before ``now``."""
        while self.driven and self.driven[0] <= now - DAY_MINUTES:
            self.driven.popleft()
        return len(self.driven)


@dataclass(frozen=True)
class Clock:
    """The hours of the day along a journey, in China Standard Time."""

    rule: DriverRule
    first_minute: int  # of the day

    def hour(self, minute: int) -> int:
        """Return the hour of the day at a minute of the journey."""
        return (self.first_minute + minute) // 60 % 24

    def is_night(self, minute: int) -> bool:
        """Tell whether a minute is of the night."""
        return self.hour(minute) >= self.rule.night_from_hour or self.hour(minute) < self.rule.night_to_hour

    def is_parked(self, minute: int) -> bool:
        """Tell whether no coach may drive in this minute."""
        return self.rule.parked_from_hour <= self.hour(minute) < self.rule.parked_to_hour


def stints(leaves_at: datetime, minutes: int, drivers: int, rule: DriverRule) -> tuple[Stint, ...]:
    """Return who drives from when to when, so that ``minutes`` of driving end as early as the rule allows.

    Raises:
        ValueError: the drive is not done in fourteen days.
    """
    at = leaves_at.astimezone(CHINA)
    clock = Clock(rule, at.hour * 60 + at.minute)
    crew = [Driver(number) for number in range(1, drivers + 1)]
    found: list[Stint] = []
    now = 0
    while minutes > 0:
        if now > MOST_MINUTES:
            raise ValueError(f"minutes: {minutes} are left after fourteen days")
        driver = None if clock.is_parked(now) else _next_driver(crew, now, rule)
        if driver is None:
            now += 1
            continue
        end = _driven(driver, now, now + minutes, clock)
        found.append(
            Stint(
                driver=driver.number,
                from_at=leaves_at + timedelta(minutes=now),
                to_at=leaves_at + timedelta(minutes=end),
            )
        )
        minutes -= end - now
        now = end + rule.rest_minutes
    return tuple(found)


def _next_driver(crew: list[Driver], now: int, rule: DriverRule) -> Driver | None:
    ready = [driver for driver in crew if driver.hours_used(now) < rule.minutes_in_24_hours]
    return min(ready, key=lambda driver: (driver.hours_used(now), driver.number), default=None)


def _driven(driver: Driver, start: int, end: int, clock: Clock) -> int:
    """Let the driver drive from ``start`` until the rule, or the way, ends; return that minute."""
    rule, at_night, now = clock.rule, 0, start
    while now < min(end, start + rule.day_minutes) and not clock.is_parked(now):
        at_night += clock.is_night(now)
        if at_night > rule.night_minutes or driver.hours_used(now) >= rule.minutes_in_24_hours:
            break
        driver.driven.append(now)
        now += 1
    return now
