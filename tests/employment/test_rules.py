"""How long work lasted, and what is due when; tried at the edges, no database."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourdoors.employment.rules import (
    FOLLOW_UP_DAYS,
    Law,
    Stretch,
    arrears_due_on,
    follow_up_days,
    is_early_return,
    is_stable,
    law_of_arrears,
    longest_run_months,
    may_replace,
)
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.terms import EndReason

FACTORY, OTHER = 7, 8


@pytest.mark.parametrize(
    ("on", "stable"),
    [
        (date(2020, 6, 1), True),  # the third month is full on the eve of 2 June
        (date(2020, 5, 31), False),
    ],
)
def test_three_months_are_full_on_the_eve_of_the_day_they_began(on: date, *, stable: bool) -> None:
    assert is_stable([Stretch(date(2020, 3, 2), None, FACTORY)], on=on, months=3) is stable


def test_the_last_day_of_work_is_the_eve_of_the_end() -> None:
    assert longest_run_months([Stretch(date(2020, 3, 2), date(2020, 6, 2))], on=date(2020, 12, 31)) == 3
    assert longest_run_months([Stretch(date(2020, 3, 2), date(2020, 6, 1))], on=date(2020, 12, 31)) == 2


def test_a_change_of_employer_goes_on_for_any_employer_and_breaks_for_the_same() -> None:
    work = [
        Stretch(date(2020, 3, 1), date(2020, 5, 1), FACTORY),
        Stretch(date(2020, 5, 1), date(2020, 7, 1), OTHER),
    ]
    assert longest_run_months(work, on=date(2020, 12, 31)) == 4
    assert longest_run_months(work, on=date(2020, 12, 31), same_employer=True) == 2


@pytest.mark.parametrize(("back_on", "months"), [(date(2020, 5, 31), 3), (date(2020, 6, 1), 2)])
def test_a_pause_of_thirty_days_goes_on_without_being_counted(back_on: date, months: int) -> None:
    work = [Stretch(date(2020, 3, 1), date(2020, 5, 1)), Stretch(back_on, date(2020, 7, 1))]
    assert longest_run_months(work, on=date(2020, 12, 31)) == months


def test_two_unnamed_employers_are_never_the_same() -> None:
    work = [Stretch(date(2020, 3, 1), date(2020, 5, 1)), Stretch(date(2020, 5, 1), date(2020, 7, 1))]
    assert longest_run_months(work, on=date(2020, 12, 31), same_employer=True) == 2


def test_work_that_begins_after_the_day_counts_for_nothing() -> None:
    assert longest_run_months([Stretch(date(2020, 3, 2), None)], on=date(2020, 3, 1)) == 0
    assert longest_run_months([], on=date(2020, 3, 1)) == 0


def test_the_order_of_the_stretches_does_not_matter() -> None:
    work = [
        Stretch(date(2020, 1, 6), date(2020, 2, 20), FACTORY),
        Stretch(date(2020, 3, 1), date(2020, 5, 1), OTHER),
        Stretch(date(2020, 5, 3), None, OTHER),
    ]
    found = {longest_run_months(order, on=date(2020, 8, 9)) for order in permutations(work)}
    assert found == {6}


@given(days=st.integers(0, 400), months=st.integers(0, 12))
def test_more_days_never_make_work_less_stable(days: int, months: int) -> None:
    began_on = date(2020, 2, 29)
    shorter = [Stretch(began_on, None)]
    earlier, later = (date.fromordinal(began_on.toordinal() + n) for n in (days, days + 1))
    if is_stable(shorter, on=earlier, months=months):
        assert is_stable(shorter, on=later, months=months)


def test_visits_are_due_after_7_30_90_and_180_days() -> None:
    assert FOLLOW_UP_DAYS == (7, 30, 90, 180)
    assert follow_up_days(date(2020, 3, 2))[0] == (7, date(2020, 3, 9))
    assert follow_up_days(date(2020, 3, 2))[-1] == (180, date(2020, 8, 29))


@pytest.mark.parametrize(
    ("ended_on", "reason", "early"),
    [
        (date(2020, 8, 28), EndReason.NOT_AS_PROMISED, True),
        (date(2020, 8, 29), EndReason.NOT_AS_PROMISED, False),  # day 180
        (date(2020, 4, 1), EndReason.CONTRACT_ENDED, False),
        (date(2020, 4, 1), EndReason.EMPLOYER_STOPPED, True),
        (date(2020, 4, 1), EndReason.OWN_WISH, True),
    ],
)
def test_early_is_before_day_180_unless_the_work_was_done(
    ended_on: date, reason: EndReason, *, early: bool
) -> None:
    assert is_early_return(from_on=date(2020, 3, 2), ended_on=ended_on, reason=reason) is early


def test_only_better_evidence_replaces_what_is_known() -> None:
    assert may_replace(held=Grade.D, offered=Grade.C)
    assert not may_replace(held=Grade.C, offered=Grade.C)
    assert not may_replace(held=Grade.A, offered=Grade.B)


def test_the_wage_decree_holds_from_its_first_day() -> None:
    assert law_of_arrears(date(2020, 4, 30)) is Law.DECREE_423
    assert law_of_arrears(date(2020, 5, 1)) is Law.DECREE_724


def test_sixty_working_days_leave_weekends_out() -> None:
    assert arrears_due_on(date(2020, 6, 1)) == date(2020, 8, 24)  # twelve weeks on, a Monday again
    assert arrears_due_on(date(2020, 5, 31)) == date(2020, 8, 21)  # reported on a Sunday
