"""Hours of drivers: the earliest arrival that keeps the rule, to the minute."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fourdoors.engines.routing.problem import CHINA, DriverRule, Stint

MOST_DRIVERS = 4
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
MOST_MINUTES = 14 * DAY_MINUTES  # no trip takes longer; a rule under which nobody may drive ends here
MOST_STATES = 60  # of the search over who drives next; beyond, the best found so far counts
MINUTE = timedelta(minutes=1)

Spans = tuple[tuple[int, int], ...]  # minutes at the wheel, from and to, in order
Turns = tuple[tuple[int, int, int], ...]  # driver, from, to


def _within(spans: Spans, start: int, end: int) -> int:
    return sum(max(0, min(to, end) - max(since, start)) for since, to in spans)


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

    def may_drive(self, spans: Spans, minute: int) -> bool:
        """Tell whether a driver with these hours may drive in this minute."""
        day = _within(spans, minute + 1 - DAY_MINUTES, minute)
        week = _within(spans, minute + 1 - WEEK_MINUTES, minute)
        return day < self.rule.minutes_in_24_hours and week < self.rule.minutes_in_7_days

    def next_change(self, crew: Sequence[Spans], now: int) -> int:
        """Return the next minute in which somebody may drive again who may not ``now``."""
        next_hour = now + 60 - (self.first_minute + now) % 60
        if self.is_parked(now):
            return next_hour
        rolled_off = (
            since + span for spans in crew for since, _ in spans for span in (DAY_MINUTES, WEEK_MINUTES)
        )
        return min((minute for minute in rolled_off if minute > now), default=MOST_MINUTES)

    def driven_until(self, spans: Spans, start: int, end: int) -> int:
        """Return the minute until which a driver may drive from ``start`` without a rest, at most ``end``."""
        at_night, now = 0, start
        used = _within(spans, start + 1 - DAY_MINUTES, start), _within(spans, start + 1 - WEEK_MINUTES, start)
        sure = start + min(self.rule.minutes_in_24_hours - used[0], self.rule.minutes_in_7_days - used[1])
        while now < min(end, start + self.rule.day_minutes) and not self.is_parked(now):
            at_night += self.is_night(now)
            is_tired = now >= sure and not self.may_drive((*spans, (start, now)), now)
            if at_night > self.rule.night_minutes or is_tired:
                break
            now += 1
        return now


@dataclass
class _Search:
    """Who drives next, depth first; the driver with the fewest hours is tried first.

    A drive by drivers who are all fresh gives a moment before which nobody can arrive. If the first way found
    arrives then, it is the best one and the search is over at once: this is the usual case.
    """

    clock: Clock
    best: Turns | None = None
    states: int = 0
    soonest: dict[tuple[int, int], int] = field(default_factory=dict)

    @property
    def ends(self) -> int:
        return self.best[-1][2] if self.best else MOST_MINUTES

    def fresh(self, now: int, left: int) -> int:
        """Return when the drive ends if every driver is fresh."""
        if (now, left) not in self.soonest:
            at, rest = now, left
            while rest > 0 and at < MOST_MINUTES:
                end = self.clock.driven_until((), at, at + rest)
                rest -= end - at
                at = end + (self.clock.rule.rest_minutes if rest and end > at else int(end == at))
            self.soonest[now, left] = at
        return self.soonest[now, left]

    def go(self, now: int, left: int, crew: tuple[Spans, ...], turns: Turns) -> None:
        """Try every driver for the stint that begins as soon as somebody may drive."""
        self.states += 1
        while now < MOST_MINUTES and not (ready := self.ready(crew, now)):
            now = self.clock.next_change(crew, now)
        if now >= MOST_MINUTES or self.fresh(now, left) >= self.ends:
            return
        for number in ready:
            end = self.clock.driven_until(crew[number], now, now + left)
            if end == now:
                continue
            taken = (*turns, (number + 1, now, end))
            if end - now == left:
                self.best = taken if end < self.ends else self.best
                continue
            after = (*crew[:number], (*crew[number], (now, end)), *crew[number + 1 :])
            self.go(end + self.clock.rule.rest_minutes, left - (end - now), after, taken)
            if self.states > MOST_STATES and self.best:
                return

    def ready(self, crew: tuple[Spans, ...], now: int) -> list[int]:
        """Return who may drive now, by hours used; of drivers with the same hours only the first."""
        if self.clock.is_parked(now):
            return []
        first = {spans: number for number, spans in reversed(list(enumerate(crew)))}
        may = [number for spans, number in first.items() if self.clock.may_drive(spans, now)]
        return sorted(may, key=lambda number: (_within(crew[number], now - DAY_MINUTES, now), number))


def stints(
    leaves_at: datetime,
    minutes: int,
    drivers: int,
    rule: DriverRule,
    *,
    driven: Sequence[Sequence[tuple[datetime, datetime]]] = (),
) -> tuple[Stint, ...]:
    """Return who drives from when to when, so that ``minutes`` of driving end as early as the rule allows.

    Whoever drives, the coach stands for the rest of the rule after every stint: its riders rest too.

    Args:
        leaves_at: when the drive begins at the earliest; aware.
        minutes: at the wheel.
        drivers: how many are aboard.
        rule: hours without a rest, in 24 hours, in seven days, parked hours.
        driven: what each driver has driven before, in order; nothing for those who are not named.

    Raises:
        ValueError: the drive is not done in fourteen days.
    """
    at = leaves_at.astimezone(CHINA)
    before = [
        tuple((round((since - leaves_at) / MINUTE), round((to - leaves_at) / MINUTE)) for since, to in spans)
        for spans in driven
    ]
    crew = tuple((*before, *([()] * drivers))[:drivers])
    search = _Search(Clock(rule, at.hour * 60 + at.minute))
    if minutes > 0:
        search.go(0, minutes, crew, ())
        if search.best is None:
            raise ValueError(f"minutes: {minutes} are not driven in fourteen days")
    return tuple(
        Stint(driver=driver, from_at=leaves_at + start * MINUTE, to_at=leaves_at + end * MINUTE)
        for driver, start, end in search.best or ()
    )
