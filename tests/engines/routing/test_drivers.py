"""Hours of drivers, at their edges."""

from datetime import UTC, datetime, timedelta

import pytest

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
    with pytest.raises(ValueError, match="left after fourteen days"):
        stints(at(9), 10, 1, DriverRule(day_minutes=0))
