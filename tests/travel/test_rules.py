"""Doors, tasks, coaches and health, tried at their edges; no database."""

from datetime import UTC, date, datetime
from itertools import product

import pytest
from django.utils import translation

from fourdoors.kernel.terms import Term
from fourdoors.travel import rules
from fourdoors.travel.rules import (
    Absence,
    Department,
    Door,
    ScanFacts,
    TaskKind,
    TripState,
    Verdict,
    absence_of,
    driver_hours_for,
    health_deleted_on,
    load_rule_for,
    load_rules,
    missing,
    next_door,
    task_rules_on,
    verdict_of,
)

LI, QINGDAO, LONGNAN_TOWN = 621226_000000, 370281_000000, 621202_000000
HOME, BOARD, ALIGHT, FACTORY = Door


def verdict(door: Door, *passed: Door, state: TripState = TripState.APPROVED, **facts: bool) -> Verdict:
    return verdict_of(ScanFacts(door=door, passed=frozenset(passed), state=state, **facts))


def test_the_doors_are_passed_in_order() -> None:
    on_the_way = TripState.DEPARTED
    assert verdict(HOME) is Verdict.ACCEPTED
    assert verdict(BOARD, HOME) is Verdict.ACCEPTED
    assert verdict(ALIGHT, HOME, BOARD, state=on_the_way) is Verdict.ACCEPTED
    assert verdict(FACTORY, HOME, BOARD, ALIGHT, state=on_the_way) is Verdict.ACCEPTED


def test_a_missed_door_is_said_and_keeps_nobody_outside() -> None:
    assert verdict(BOARD) is Verdict.OUT_OF_ORDER
    assert verdict(FACTORY, HOME, BOARD, state=TripState.DEPARTED) is Verdict.OUT_OF_ORDER
    assert verdict(HOME, BOARD) is Verdict.OUT_OF_ORDER  # the late upload of the first door
    assert Verdict.OUT_OF_ORDER.passes


@pytest.mark.parametrize("state", TripState)
def test_a_door_passed_before_stays_passed_in_every_state(state: TripState) -> None:
    assert verdict(HOME, HOME, state=state) is Verdict.ALREADY


@pytest.mark.parametrize(
    ("door", "state", "after_departure", "answer"),
    [
        (BOARD, TripState.PLANNED, False, Verdict.NOT_APPROVED),
        (ALIGHT, TripState.PLANNED, False, Verdict.NOT_APPROVED),
        (ALIGHT, TripState.APPROVED, False, Verdict.NOT_DEPARTED),
        (FACTORY, TripState.APPROVED, False, Verdict.NOT_DEPARTED),
        (BOARD, TripState.DEPARTED, True, Verdict.HAS_LEFT),
        (HOME, TripState.DEPARTED, True, Verdict.HAS_LEFT),
        (BOARD, TripState.DEPARTED, False, Verdict.OUT_OF_ORDER),  # scanned in time, arrived late
        (BOARD, TripState.CLOSED, False, Verdict.CLOSED),
        (FACTORY, TripState.CANCELLED, False, Verdict.CLOSED),
    ],
)
def test_the_state_of_the_trip_opens_and_shuts_doors(
    door: Door, state: TripState, *, after_departure: bool, answer: Verdict
) -> None:
    assert verdict(door, state=state, after_departure=after_departure) is answer


def test_of_several_true_reasons_the_one_to_mend_first_is_said() -> None:
    all_wrong = verdict(HOME, HOME, right_trip=False, seat_held=False, pass_live=False)
    assert all_wrong is Verdict.WRONG_TRIP
    assert verdict(HOME, HOME, seat_held=False, pass_live=False) is Verdict.GIVEN_UP
    assert verdict(HOME, HOME, pass_live=False) is Verdict.REVOKED


def test_nobody_passes_who_does_not_travel_or_before_approval() -> None:
    for door, state, held, live in product(Door, TripState, (True, False), (True, False)):
        answer = verdict(door, state=state, seat_held=held, pass_live=live)
        running = state in (TripState.APPROVED, TripState.DEPARTED)
        assert not answer.passes or (held and live and running)


def test_the_next_door_is_the_first_that_is_not_passed() -> None:
    assert next_door(frozenset()) is HOME
    assert next_door(frozenset({HOME, ALIGHT})) is BOARD
    assert next_door(frozenset(Door)) is None


def test_the_missing_are_named_in_order() -> None:
    assert missing([17, 3, 5], {5, 99}) == [3, 17]


@pytest.mark.parametrize(
    ("passed", "absence"),
    [
        ((), Absence.STAYED_HOME),
        ((HOME,), Absence.NOT_BOARDED),
        ((HOME, BOARD), Absence.NOT_ALIGHTED),
        ((BOARD, ALIGHT), Absence.NOT_ENTERED),
        ((FACTORY,), None),  # whoever is inside is there, whatever was missed before
    ],
)
def test_a_rider_who_is_not_there_is_absent_since_the_last_door(
    passed: tuple[Door, ...], absence: Absence | None
) -> None:
    assert absence_of(passed) is absence


def share(day: date, *, place: int = QINGDAO, risk_zone: bool = False) -> float:
    return load_rule_for(departs_on=day, home=LI, place=place, risk_zone=risk_zone).seat_share


@pytest.mark.parametrize(
    ("day", "risk_zone", "seat_share"),
    [
        (date(2020, 2, 11), False, 1.0),
        (date(2020, 2, 12), False, 0.5),
        (date(2020, 3, 6), False, 0.5),
        (date(2020, 3, 7), False, 1.0),
        (date(2020, 3, 7), True, 0.5),
        (date(2020, 2, 11), True, 1.0),
    ],
)
def test_the_seat_cap_holds_on_its_days(day: date, *, risk_zone: bool, seat_share: float) -> None:
    assert share(day, risk_zone=risk_zone) == seat_share


def test_a_coach_inside_its_own_city_is_exempt() -> None:
    assert share(date(2020, 3, 1), place=LONGNAN_TOWN) == 1.0
    assert share(date(2020, 3, 1), place=620102_000000) == 0.5  # Lanzhou is another city


def test_every_load_rule_has_its_source_and_the_capped_ones_two_rows_for_isolation() -> None:
    assert all(rule.source for rule in load_rules())
    assert {rule.isolation_rows for rule in load_rules() if rule.seat_share < 1} == {2}
    with pytest.raises(LookupError):
        share(date(2004, 4, 30))


def test_the_tasks_of_health_end_with_the_epidemic() -> None:
    last, after = task_rules_on(date(2023, 1, 7)), task_rules_on(date(2023, 1, 8))
    assert {rule.kind for rule in last} == set(TaskKind)
    assert {rule.kind for rule in last} - {rule.kind for rule in after} == {
        TaskKind.RIDERS_CHECKED,
        TaskKind.COACH_CLEANED,
    }


def test_every_department_has_a_task_and_only_the_escort_is_optional() -> None:
    rules = task_rules_on(date(2020, 3, 1))
    assert {rule.department for rule in rules} == set(Department)
    assert [rule.kind for rule in rules if not rule.mandatory] == [TaskKind.ESCORT_READY]


def test_a_deadline_is_counted_back_from_departure() -> None:
    (rule,) = (r for r in task_rules_on(date(2020, 3, 1)) if r.kind is TaskKind.RIDERS_CHECKED)
    departs_at = datetime(2020, 3, 1, 23, 0, tzinfo=UTC)
    assert rule.due_at(departs_at) == datetime(2020, 3, 1, 21, 0, tzinfo=UTC)


def test_the_answer_of_a_check_goes_on_its_day() -> None:
    assert health_deleted_on(date(2020, 2, 29)) == date(2020, 3, 14)
    assert health_deleted_on(date(2021, 10, 31)) == date(2021, 11, 14)
    assert health_deleted_on(date(2021, 11, 1)) == date(2021, 11, 8)


@pytest.mark.parametrize(
    "kind", [kind for kind in Term.__subclasses__() if kind.__module__ == rules.__name__]
)
def test_the_pages_say_the_words_of_the_field(kind: type[Term]) -> None:
    with translation.override("zh-hans"):
        assert {word: translation.gettext(word.en) for word in kind} == {word: word.zh for word in kind}
    with translation.override("zh-hans"):
        assert [translation.gettext(door.en) for door in Door] == ["出家门", "上车门", "下车门", "进厂门"]


@pytest.mark.parametrize(
    ("departs_on", "feeder_km", "week", "parked_to"),
    [
        (date(2011, 1, 1), None, 56 * 60, 5),
        (date(2018, 4, 30), 50, 56 * 60, 5),
        (date(2018, 5, 1), None, 44 * 60, 5),
        (date(2018, 5, 1), 100, 44 * 60, 2),
        (date(2018, 5, 1), 100.1, 44 * 60, 5),
    ],
)
def test_the_hours_of_drivers_follow_the_day_and_a_short_feeder_may_drive_at_night(
    departs_on: date, feeder_km: float | None, week: int, parked_to: int
) -> None:
    hours = driver_hours_for(departs_on=departs_on, feeder_km=feeder_km)
    assert (hours.minutes_in_7_days, hours.parked_from_hour, hours.parked_to_hour) == (week, 2, parked_to)
    assert hours.source
