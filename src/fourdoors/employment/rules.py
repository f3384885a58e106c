"""Work away from home: how long it lasted, whether it is stable, what is due when; facts in, verdict out."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.periods import full_months
from fourdoors.kernel.terms import EndReason, Term

FOLLOW_UP_DAYS = (7, 30, 90, 180)  # days after the factory door on which a station asks (稳岗回访)
EARLY_RETURN_DAYS = FOLLOW_UP_DAYS[-1]  # ended before the last visit was due
ORDINARY_ENDS = frozenset(
    {
        EndReason.CONTRACT_ENDED,
        EndReason.SEASON_ENDED,
        EndReason.CHANGED_JOB,
        EndReason.HOME_FOR_FESTIVAL,
    }
)  # nothing went wrong: no replacement has to be offered
CHANGE_OF_JOB_DAYS = 30  # our own measure: a longer pause begins a new run of work
# How the household income form cuts a year: quarters until September, then months (S42)
WAGE_QUARTERS = {"1_3": (1, 3), "4_6": (4, 6), "7_9": (7, 9), "10": (10, 10), "11": (11, 11), "12": (12, 12)}
ARREARS_DECREE_FROM = date(2020, 5, 1)  # State Council Decree 724 of 30 December 2019, article 64
ARREARS_WORKING_DAYS = 60  # State Council Decree 423 (labour inspection), article 17: investigation ends
_ONE_DAY = timedelta(days=1)
_WEEKDAYS = 5


class TicketKind(Term):
    """Which way a ticket goes."""

    ONE_WAY = "one_way", "One way, to work", "单程(去程)", "去程"
    BACK = "back", "The way home", "返程"


class Law(Term):
    """By which law a report of unpaid wages is dealt with."""

    DECREE_423 = "decree_423", "State Council Decree 423, article 17", "《劳动保障监察条例》第十七条"
    DECREE_724 = "decree_724", "State Council Decree 724, article 50", "《保障农民工工资支付条例》第五十条"


class Stretch(NamedTuple):
    """The part of a spell that counts for stability.

    ``employer`` names the unit, by number or by words; None never equals another.
    """

    from_on: date
    ended_on: date | None  # first day no longer at work
    employer: int | str | None = None


class SpellRow(NamedTuple):
    """One spell for ``load_spells``."""

    village: int
    worker_id: int
    channel: str  # kernel.terms.Channel
    place: int
    left_on: date
    source: str
    grade: str
    arrived_on: date | None = None
    ended_on: date | None = None
    end_reason: str = ""  # kernel.terms.EndReason
    employer_id: int | None = None
    employer_name: str = ""
    broker_id: int | None = None
    placement_id: int | None = None
    trip_id: int | None = None
    shown_name: str = ""  # only where an employer keeps the pay diary
    identity_tail: str = ""
    post: str = ""
    occupation: str = ""
    industry: str = ""
    contract_signed: bool | None = None
    insured: bool | None = None
    organiser: str = ""  # as a ledger words it


class IncomeRow(NamedTuple):
    """One month of pay for ``load_incomes``."""

    village: int
    spell_id: int
    worker_id: int
    month: date  # its first day
    fen: int
    measured: bool
    source: str
    grade: str
    employer_id: int | None = None


class TravelCostRow(NamedTuple):
    """One ticket for ``load_travel_costs``."""

    village: int
    spell_id: int
    worker_id: int
    kind: str  # TicketKind
    fen: int
    travelled_on: date
    source: str
    grade: str


def longest_run_months(stretches: Iterable[Stretch], *, on: date, same_employer: bool = False) -> int:
    """Return the full months of the longest run of work that began on or before ``on``.

    Stretches that follow each other make one run: without a break where the employer must be the same,
    with a break of at most ``CHANGE_OF_JOB_DAYS`` where any employer will do; days of a break are never
    counted. Work that is not over counts up to and with ``on``. The order of the stretches does not matter.

    >>> longest_run_months([Stretch(date(2020, 3, 2), None)], on=date(2020, 6, 1))
    3
    >>> longest_run_months([Stretch(date(2020, 3, 2), None)], on=date(2020, 5, 31))
    2
    """
    return max((months for _, months in _runs(stretches, on, same_employer=same_employer)), default=0)


def run_months_of(
    stretch: Stretch, stretches: Iterable[Stretch], *, on: date, same_employer: bool = False
) -> int:
    """Return the full months of the run that holds ``stretch``, counted as ``longest_run_months`` does."""
    runs = _runs(stretches, on, same_employer=same_employer)
    return next((months for members, months in runs if stretch in members), 0)


def is_stable(stretches: Iterable[Stretch], *, on: date, months: int, same_employer: bool = False) -> bool:
    """Tell whether a person has been in stable work (稳定就业) for ``months`` full months by ``on``.

    Rules differ in the months (3 or 6) and in whether a change of employer breaks the count: both are asked.
    """
    return longest_run_months(stretches, on=on, same_employer=same_employer) >= months


def _by_day(stretch: Stretch) -> tuple[date, date, str]:
    return stretch.from_on, stretch.ended_on or date.max, str(stretch.employer)


def _runs(stretches: Iterable[Stretch], on: date, *, same_employer: bool) -> list[tuple[list[Stretch], int]]:
    """Return each run of work with its full months, in the order of time."""
    runs: list[list[Stretch]] = []
    for stretch in sorted((s for s in stretches if s.from_on <= on), key=_by_day):
        if runs and _goes_on(runs[-1][-1], stretch, same_employer=same_employer):
            runs[-1].append(stretch)
        else:
            runs.append([stretch])
    return [(run, _months(run, on)) for run in runs]


def _goes_on(before: Stretch, after: Stretch, *, same_employer: bool) -> bool:
    if before.ended_on is None:
        return False
    pause_days = (after.from_on - before.ended_on).days
    if same_employer:
        return pause_days <= 0 and before.employer is not None and before.employer == after.employer
    return pause_days <= CHANGE_OF_JOB_DAYS


def _months(run: list[Stretch], on: date) -> int:
    ended_on = run[-1].ended_on
    last_on = min(ended_on - _ONE_DAY, on) if ended_on else on
    pauses = pairwise(run)
    pause_days = sum((after.from_on - (before.ended_on or after.from_on)).days for before, after in pauses)
    return full_months(run[0].from_on, last_on - timedelta(days=pause_days))


def is_early_return(*, from_on: date, ended_on: date, reason: EndReason) -> bool:
    """Tell whether somebody came back early (提前返乡): before day 180, and not because the work was done."""
    return ended_on < from_on + timedelta(days=EARLY_RETURN_DAYS) and reason not in ORDINARY_ENDS


def follow_up_days(arrived_on: date) -> list[tuple[int, date]]:
    """Return each visit: its number of days, and the day on which it is due."""
    return [(days, arrived_on + timedelta(days=days)) for days in FOLLOW_UP_DAYS]


def may_replace(*, held: Grade, offered: Grade) -> bool:
    """Tell whether a fact of grade ``offered`` may replace one of grade ``held``: only if it is better."""
    return offered < held


def law_of_arrears(on: date) -> Law:
    """Return the law under which wages reported unpaid on ``on`` are dealt with.

    Source:
        Regulation on Ensuring Wage Payment to Migrant Workers, State Council Decree 724, in force
        1 May 2020, article 50 (whoever is asked first answers for it); before, the Regulation on Labour
        Security Inspection, Decree 423, in force 1 December 2004.
    """
    return Law.DECREE_724 if on >= ARREARS_DECREE_FROM else Law.DECREE_423


def arrears_due_on(reported_on: date) -> date:
    """Return the day by which an inspection must have ended: 60 working days after the report.

    Working days are Mondays to Fridays; public holidays, which move every year, are left out, so the day
    is never later than the lawful one.

    Source:
        Regulation on Labour Security Inspection, State Council Decree 423, article 17.

    >>> arrears_due_on(date(2020, 6, 1))
    datetime.date(2020, 8, 24)
    """
    day, left = reported_on, ARREARS_WORKING_DAYS
    while left:
        day += _ONE_DAY
        left -= day.weekday() < _WEEKDAYS
    return day
