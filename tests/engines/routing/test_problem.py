"""Load rules by day, seats and rows, and doors that refuse what cannot be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from fourdoors.engines.routing.problem import (
    EVERY_SEAT,
    Coach,
    LoadRule,
    Rider,
    load_rule_on,
)
from fourdoors.engines.routing.times import Place
from tests.engines.routing.days import HALF, make_day


@pytest.mark.parametrize(
    ("on", "risk_zone", "share", "rows"),
    [
        (date(2020, 2, 11), False, 1.0, 0),
        (date(2020, 2, 12), False, 0.5, 2),
        (date(2020, 3, 6), False, 0.5, 2),
        (date(2020, 3, 7), False, 1.0, 0),  # from here on only where the risk is medium or high
        (date(2020, 3, 7), True, 0.5, 2),
    ],
)
def test_the_load_rule_follows_the_day(on: date, *, risk_zone: bool, share: float, rows: int) -> None:
    rule = load_rule_on(on, risk_zone=risk_zone)

    assert (rule.seat_share, rule.isolation_rows) == (share, rows)
    assert rule.source


def test_a_day_before_all_rules_is_refused() -> None:
    with pytest.raises(ValueError, match="none holds on 2004-04-30"):
        load_rule_on(date(2004, 4, 30))


@pytest.mark.parametrize(
    ("seats", "last_row", "half", "full"),
    [(45, 5, 22, 45), (49, 5, 24, 49), (55, 3, 27, 55), (33, 5, 16, 33), (19, 3, 9, 19), (12, 4, 4, 12)],
)
def test_rows_of_four_and_up_to_five_at_the_back(seats: int, last_row: int, half: int, full: int) -> None:
    coach = Coach(key=1, seats=seats)

    assert len(coach.rows[-1]) == last_row
    assert [seat for row in coach.rows for seat in row] == list(range(1, seats + 1))
    assert {len(row) for row in coach.rows[:-1]} == {4}
    assert coach.permitted(HALF) == half
    assert coach.permitted(EVERY_SEAT) == full


def test_rows_kept_free_can_bind_more_than_the_share() -> None:
    rule = replace(HALF, seat_share=0.9)
    assert Coach(key=1, seats=45).permitted(rule) == 36


def test_a_share_is_rounded_down_and_never_by_the_noise_of_a_float() -> None:
    assert Coach(key=1, seats=50).permitted(replace(EVERY_SEAT, seat_share=0.58)) == 29


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: replace(HALF, seat_share=0), "seat_share"),
        (lambda: replace(HALF, seat_share=1.1), "seat_share"),
        (lambda: replace(HALF, isolation_rows=-1), "isolation_rows"),
        (lambda: replace(HALF, to_on=HALF.from_on), "to_on"),
        (lambda: replace(HALF, source=""), "source"),
        (lambda: Coach(key=7, seats=5), "coach 7"),
        (lambda: Place(code=1, lon_degrees=34.0, lat_degrees=105.0), "place 1"),
        (lambda: replace(make_day(people={1: 2}), riders=(Rider(key=1, village=5),)), "village 5"),
        (lambda: replace(make_day(people={1: 2}), fleet=(Coach(key=1, seats=45),) * 2), "fleet"),
        (lambda: replace(make_day(people={1: 2}), trunk_road_km=-1.0), "trunk_road_km"),
        (lambda: make_day(people={1: 2}, gather_at=datetime(2020, 3, 1)), "gather_at"),  # noqa: DTZ001
    ],
)
def test_what_cannot_be_is_refused_by_name(make: Callable[[], LoadRule], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        make()
