"""Hours of drivers, at their edges."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourdoors.engines.routing.check import hours_broken
from fourdoors.engines.routing.drivers import stints
from fourdoors.engines.routing.problem import CHINA, DriverRule

RULE = DriverRule()


def at(hour: int, minute: int = 0, *, day: int = 1) -> datetime:
    return datetime(2020, 3, day, hour, minute, tzinfo=CHINA)


def told(leaves_at: datetime, minutes: int, drivers: int = 1) -> list[tuple[int, datetime, datetime]]:
    return [(s.driver, s.from_at, s.to_at) for s in stints(leaves_at, minutes, drivers, RULE)]


def test_four_hours_by_day_then_twenty_minutes() -> None:
    assert told(at(9), 240) == [(1, at(9), at(13))]
    assert told(at(9), 241) == [(1, at(9), at(13)), (1, at(13, 20), at(13, 21))]


def test_two_hours_at_night() -> None:
    assert told(at(22), 121) == [(1, at(22), at(0, day=2)), (1, at(0, 20, day=2), at(0, 21, day=2))]
    assert told(at(19), 241)[0] == (1, at(19), at(23))  # three hours of day, one of night
    assert told(at(21), 241)[0] == (1, at(21), at(0, day=2))  # one of day, two of night


def test_no_coach_drives_from_two_to_five() -> None:
    assert told(at(1), 90) == [(1, at(1), at(2)), (1, at(5), at(5, 30))]
    assert told(at(2), 10) == [(1, at(5), at(5, 10))]


def test_eight_hours_in_twenty_four_then_the_next_driver_or_the_next_day() -> None:
    assert told(at(9), 481)[-1] == (1, at(9, day=2), at(9, 1, day=2))
    assert told(at(9), 481, drivers=2)[-1] == (1, at(17, 40), at(17, 41))


@pytest.mark.parametrize(
    ("road_km", "hours"),
    [(433, (5.9, 5.9, 5.9)), (890, (27.4, 12.1, 12.1)), (1504, (51.3, 27.3, 23.6))],
)
def test_known_ways_take_as_long_as_another_scheduler_found(
    road_km: int, hours: tuple[float, float, float]
) -> None:
    minutes = round(road_km / 78 * 60)
    found = [
        (stints(at(9), minutes, number, RULE)[-1].to_at - at(9)) / timedelta(hours=1) for number in (1, 2, 3)
    ]
    assert [round(hour, 1) for hour in found] == list(hours)


def test_the_hours_are_those_of_china_wherever_the_moment_was_written() -> None:
    assert told(at(1).astimezone(UTC), 90) == told(at(1), 90)


def test_a_rule_under_which_nobody_may_drive_ends_in_a_refusal() -> None:
    with pytest.raises(ValueError, match="not driven in fourteen days"):
        stints(at(9), 10, 1, DriverRule(day_minutes=0))


HOURLY = DriverRule(rest_minutes=60)  # everything in whole hours, so that all ways of a journey can be tried
State = tuple[int, int, int, int, tuple[tuple[int, ...], ...]]


def hours_of_all_ways(hour: int, hours: int, drivers: int, rule: DriverRule) -> int:
    """Return the fewest hours of the journey among all ways to drive and rest hour by hour.

    A state is what is left, who is at the wheel since how long, and what each has driven in 24 hours.
    """
    states: set[State] = {(hours, -1, 0, 0, ((0,) * 24,) * drivers)}
    for now in range(100):
        states = {after for state in states for after in next_states(state, hour + now, rule)}
        if any(left == 0 for left, *_ in states):
            return now + 1
    raise AssertionError("no way in a hundred hours")


def next_states(state: State, hour: int, rule: DriverRule) -> list[State]:
    left, driver, stint, at_night, crew = state
    later = tuple((*past[1:], 0) for past in crew)
    found: list[State] = [(left, -1, 0, 0, later)]  # rest
    night = at_night + (hour % 24 >= 22 or hour % 24 < 6)
    if rule.parked_from_hour <= hour % 24 < rule.parked_to_hour:
        return found
    for other, past in enumerate(crew):
        is_tired = sum(past[1:]) >= rule.minutes_in_24_hours // 60
        is_long = stint + 1 > rule.day_minutes // 60 or night > rule.night_minutes // 60
        if driver in (-1, other) and not is_tired and not is_long:
            drove = (*later[:other], (*past[1:], 1), *later[other + 1 :])
            found.append((left - 1, other, stint + 1, night, drove))
    return found


@settings(deadline=None, max_examples=15)
@given(hour=st.integers(0, 23), hours=st.integers(1, 6))
def test_one_driver_arrives_as_early_as_the_best_of_all_ways(hour: int, hours: int) -> None:
    short = replace(HOURLY, minutes_in_24_hours=240)  # so that the journey goes into a second day
    found = stints(at(hour), hours * 60, 1, short)
    assert found[-1].to_at - at(hour) == timedelta(hours=hours_of_all_ways(hour, hours, 1, short))


@settings(deadline=None, max_examples=8)
@given(hour=st.integers(0, 23), hours=st.integers(1, 3))
def test_two_drivers_arrive_as_early_as_the_best_of_all_ways(hour: int, hours: int) -> None:
    short = replace(HOURLY, minutes_in_24_hours=60)  # so that the hours of both run out
    found = stints(at(hour), hours * 60, 2, short)
    assert found[-1].to_at - at(hour) == timedelta(hours=hours_of_all_ways(hour, hours, 2, short))


@settings(deadline=None, max_examples=60)
@given(
    minute=st.integers(0, 1439),
    minutes=st.integers(1, 2400),
    drivers=st.integers(1, 4),
    week=st.sampled_from((2640, 900)),
)
def test_no_journey_breaks_a_rule_in_the_second_look(
    minute: int, minutes: int, drivers: int, week: int
) -> None:
    rule = replace(RULE, minutes_in_7_days=week)
    leaves_at = at(0) + timedelta(minutes=minute)
    minutes = min(minutes, drivers * week)
    found = stints(leaves_at, minutes, drivers, rule)
    assert list(hours_broken(rule, found)) == []
    assert sum((s.to_at - s.from_at for s in found), timedelta()) == timedelta(minutes=minutes)


def test_forty_four_hours_in_seven_days_then_nobody_drives_until_they_are_over() -> None:
    before = [(at(9, day=day), at(16, 20, day=day)) for day in range(1, 7)]  # 44 hours in six days
    assert told(at(9, day=7), 10) == [(1, at(9, day=7), at(9, 10, day=7))]
    (stint,) = stints(at(9, day=7), 10, 1, RULE, driven=[before])
    assert stint.from_at == at(9, day=8)
    before[0] = (at(9, 5), at(16, 20))  # five minutes are left
    assert stints(at(9, day=7), 10, 1, RULE, driven=[before])[0].to_at == at(9, 5, day=7)


def test_what_a_driver_drove_before_counts_and_the_fresh_one_begins() -> None:
    tired = [(at(1), at(9))]
    (first,) = stints(at(9), 60, 2, RULE, driven=[tired])
    assert first.driver == 2
    (alone,) = stints(at(9), 60, 1, RULE, driven=[tired])
    assert (alone.from_at, alone.to_at) == (at(1, day=2), at(2, day=2))  # what was driven then is over


def test_a_feeder_that_is_free_of_the_parked_hours_drives_through() -> None:
    free = replace(RULE, parked_to_hour=RULE.parked_from_hour)
    through = stints(at(1), 90, 1, free)
    assert [(s.from_at, s.to_at) for s in through] == [(at(1), at(2, 30))]
    assert list(hours_broken(free, through)) == []
    assert "parked" in set(hours_broken(RULE, through))
