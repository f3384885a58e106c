"""Makers of a small ledger whose figures are known, and of releases."""

from datetime import UTC, date, datetime

from fourdoors.accounts.rules import Duty
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.terms import Channel
from fourdoors.register.models import Worker
from fourdoors.statistics.models import Release
from fourdoors.statistics.services import count_figures, freeze_release, sign_release
from fourdoors.store.scope import Scope, scoped
from tests.makers.accounts import GANSU, LI_VILLAGE, make_officer
from tests.makers.employment import make_income, make_spell
from tests.makers.register import make_household, make_membership, make_status, make_worker

FIRST, LAST = date(2020, 1, 1), date(2020, 10, 31)
COUNTED_AT = datetime(2020, 11, 1, 22, 0, tzinfo=UTC)  # 2 November, 06:00 in China
DANCHANG_VILLAGE = 621223_100201
TIANSHUI_VILLAGE = 620502_001001


def make_poor(worker: Worker) -> Worker:
    """Put a worker into a new household of the poverty register."""
    household = make_household(village=worker.village)
    make_membership(worker=worker, household=household)
    make_status(household=household)
    return worker


def make_ledger(*, li: int = 3, danchang: int = 2, tianshui: int = 1) -> list[Worker]:
    """Send workers of three counties out on 2 March, each with one month of 4,500 yuan.

    In each county the first is registered poor, the last went without an organiser.
    """
    made = []
    for village, count in ((LI_VILLAGE, li), (DANCHANG_VILLAGE, danchang), (TIANSHUI_VILLAGE, tianshui)):
        for number in range(count):
            worker = make_worker(village=village)
            if number == 0:
                make_poor(worker)
            alone = number == count - 1
            spell = make_spell(
                worker=worker,
                channel=Channel.SELF_ARRANGED if alone else Channel.ORGANISED,
                grade=Grade.C if alone else Grade.A,
            )
            make_income(spell=spell)
            made.append(worker)
    return made


def count() -> None:
    """Count January to October 2020."""
    count_figures(from_on=FIRST, to_on=LAST, at=COUNTED_AT)


def make_release(*, number: str = "2020-10", signed: bool = True, invented: bool = True) -> Release:
    """Freeze January to October 2020, and let a second officer sign."""
    with scoped(Scope(territory=range_of(GANSU))):
        first = make_officer(username="freezer", duty=Duty.PROVINCE, division=GANSU)
        release = freeze_release(
            number=number, from_on=FIRST, to_on=LAST, by=first, at=COUNTED_AT, invented=invented
        )
        if not signed:
            return release
        second = make_officer(username="signer", duty=Duty.PROVINCE, division=GANSU)
        return sign_release(release=release, by=second, at=COUNTED_AT)
