"""Travel times: estimates by length and height, measured tables, and estimates mended by what doors saw."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourdoors.engines.routing.check import check
from fourdoors.engines.routing.order import ordered, way_minutes
from fourdoors.engines.routing.plan import plan
from fourdoors.engines.routing.problem import Problem
from fourdoors.engines.routing.tables import TableError, read_matrix
from fourdoors.engines.routing.times import (
    ASSUMED,
    GreatCircle,
    Leg,
    LengthClass,
    Matrix,
    Observation,
    Place,
    WayMissingError,
    great_circle_km,
    recalibrated,
)
from tests.engines.routing.days import GATHER, draw_day, make_day, village

TIMES = GreatCircle()


def at_height(place: Place, metres: float | None) -> Place:
    return replace(place, height_metres=metres)


def table_of(problem: Problem, *, slower: float = 1.0, back: float = 1.0) -> Matrix:
    """The estimates of a problem as a table; ways with a falling code take ``back`` times as long."""
    places = [*problem.villages, problem.gather]
    legs = {
        (a.code, b.code): Leg(
            TIMES.minutes(a, b) * slower * (back if a.code > b.code else 1), TIMES.road_km(a, b)
        )
        for a in places
        for b in places
        if a.code != b.code
    }
    return Matrix(legs, "a test")


def as_text(matrix: Matrix) -> str:
    lines = [f"{here},{there},{leg.minutes},{leg.road_km}" for (here, there), leg in matrix.legs.items()]
    return "\n".join(["from,to,minutes,km", *lines])


def test_a_longer_way_is_driven_faster_with_less_detour() -> None:
    near, far = village(1, east=0.05), village(2, east=3.0)
    assert TIMES.road_km(GATHER, near) / great_circle_km(GATHER, near) == pytest.approx(1.45)
    assert TIMES.road_km(GATHER, far) / great_circle_km(GATHER, far) == pytest.approx(1.25)
    assert TIMES.minutes(GATHER, far) == math.ceil(TIMES.road_km(GATHER, far) / 78 * 60)


@pytest.mark.parametrize(
    ("here", "there", "least_km"),
    [(1000, 1199, 0), (1000, 1200, 4), (1000, 2000, 20), (2000, 1000, 20), (None, 2000, 0), (1000, None, 0)],
)
def test_a_road_over_a_pass_is_as_long_as_its_gradient_asks(
    here: float | None, there: float | None, least_km: float
) -> None:
    low, high = at_height(GATHER, here), at_height(village(1, east=0.01), there)
    flat = great_circle_km(low, high) * 1.45
    assert TIMES.road_km(low, high) == pytest.approx(max(flat, least_km))


def test_a_plan_over_mountains_passes_the_second_look_and_starts_earlier() -> None:
    problem = make_day(people={1: 5, 2: 5})
    heights = tuple(at_height(place, 2500) for place in problem.villages)
    mountains = replace(problem, villages=heights, gather=at_height(problem.gather, 1400))
    answer = plan(mountains)
    assert check(mountains, answer) == ()
    assert answer.coaches[0].stops[0].arrives_at < plan(problem).coaches[0].stops[0].arrives_at
    assert "too_fast" in {fault.code for fault in check(mountains, plan(problem))}


@pytest.mark.parametrize("classes", [(), ASSUMED[:3], ASSUMED[::-1], (LengthClass(math.inf, 0.9, 50),)])
def test_classes_that_leave_a_length_out_are_refused(classes: tuple[LengthClass, ...]) -> None:
    with pytest.raises(ValueError, match="classes"):
        GreatCircle(classes)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**32), back=st.sampled_from((1.0, 1.5)))
def test_a_plan_on_a_table_passes_the_second_look(seed: int, back: float) -> None:
    problem = draw_day(seed)
    problem = replace(problem, times=table_of(problem, slower=1.3, back=back))
    assert check(problem, plan(problem)) == ()


def test_a_way_back_that_takes_longer_is_seen_by_the_order() -> None:
    problem = draw_day(7)
    places, table = list(problem.villages)[:6], table_of(problem, back=4.0)
    found = way_minutes(ordered(places, GATHER, table), GATHER, table)
    assert found <= way_minutes(ordered(places, GATHER, TIMES), GATHER, table)


def test_a_plan_that_drives_faster_than_its_table_is_seen() -> None:
    problem = make_day(people={1: 4, 2: 6})
    slow = replace(problem, times=table_of(problem, slower=2.0))
    assert {fault.code for fault in check(slow, plan(problem))} >= {"too_fast", "drive_short"}


def test_a_trunk_known_in_minutes_is_driven_in_them() -> None:
    problem = replace(make_day(people={1: 4}), trunk_drive_minutes=200)
    answer = plan(problem)
    assert (answer.coaches[0].arrives_at - problem.gather_at).total_seconds() == 200 * 60
    assert check(problem, answer) == ()
    longer = replace(problem, trunk_drive_minutes=201)
    assert {fault.code for fault in check(longer, answer)} == {"drive_short"}
    with pytest.raises(ValueError, match="trunk_drive_minutes"):
        replace(problem, trunk_drive_minutes=-1)


def test_a_table_is_read_back_as_it_was_written() -> None:
    problem = make_day(people={1: 4, 2: 6})
    places = (*problem.villages, problem.gather)
    written = table_of(problem)
    assert read_matrix("\ufeff" + as_text(written) + "\n\n", source="a test", places=places) == written


def test_a_table_with_a_way_left_out_is_refused_with_all_that_is_missing() -> None:
    problem = make_day(people={1: 4, 2: 6})
    written = table_of(problem)
    (one, other), *_ = written.legs
    del written.legs[one, other]
    with pytest.raises(WayMissingError, match=f"1 ways are missing, the first from {one} to {other}"):
        read_matrix(as_text(written), source="a test", places=(*problem.villages, problem.gather))
    with pytest.raises(WayMissingError):
        written.minutes(village(1), Place(code=9, lon_degrees=0, lat_degrees=0))


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "columns", 1),
        ("from,to,km,minutes", "columns", 1),
        ("from,to,minutes,km\n621226100001,621226100002,5", "columns", 2),
        ("from,to,minutes,km\n1,621226100002,5,3", "code", 2),
        ("from,to,minutes,km\n621226100001,621226100002,soon,3", "number", 2),
        ("from,to,minutes,km\n621226100001,621226100002,nan,3", "number", 2),
        ("from,to,minutes,km\n621226100001,621226100002,5,-1", "number", 2),
        ("from,to,minutes,km\n\n" + "621226100001,621226100002,5,3\n" * 2, "twice", 4),
    ],
)
def test_a_table_that_cannot_be_read_says_where(text: str, code: str, line: int) -> None:
    with pytest.raises(TableError) as refusal:
        read_matrix(text, source="a test", places=())
    assert (refusal.value.code, refusal.value.line) == (code, line)


def observed(there: Place, kmh: float, times: int) -> list[Observation]:
    minutes = TIMES.road_km(GATHER, there) / kmh * 60
    return [Observation(here=GATHER, there=there, minutes=minutes) for _ in range(times)]


def test_twenty_observations_change_the_speed_of_their_class_alone() -> None:
    near, far = village(1, east=0.05), village(2, east=0.4)
    seen = observed(near, 20.0, 20) + observed(far, 60.0, 19)
    new = recalibrated(TIMES, seen)
    assert [(one.kmh, one.observations) for one in new.classes[:2]] == [(20.0, 20), (42.0, 0)]
    assert new.minutes(GATHER, near) > TIMES.minutes(GATHER, near)
    assert new.classes[2:] == TIMES.classes[2:]


def test_a_rest_a_late_scan_or_a_wrong_clock_does_not_move_the_speed() -> None:
    near = village(1, east=0.05)
    seen = observed(near, 20.0, 15) + observed(near, 6.0, 7) + observed(near, 400.0, 99)
    new = recalibrated(TIMES, seen)
    assert (new.classes[0].kmh, new.classes[0].observations) == (20.0, 22)
    assert recalibrated(TIMES, [Observation(here=GATHER, there=near, minutes=0)] * 30) == TIMES
