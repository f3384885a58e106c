"""Spells opened and ended, pay and its evidence, visits, arrears: what is kept and what is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from fourdoors.accounts.models import Deed
from fourdoors.accounts.rules import Duty
from fourdoors.employment.models import (
    ArrearsCase,
    FollowUp,
    IncomeRecord,
    IncomeRecordEvent,
    Spell,
    TravelCost,
)
from fourdoors.employment.rules import IncomeRow, SpellRow, TicketKind
from fourdoors.employment.services import (
    AlreadySettledError,
    AmountOwedError,
    FollowUpClosedError,
    FollowUpEarlyError,
    IncomeBetterProvenError,
    IncomeNegativeError,
    IncomeOutsideSpellError,
    SpellEndedError,
    SpellEndsBeforeItBeginsError,
    SpellOverlapError,
    correct_income,
    end_spell,
    load_incomes,
    load_spells,
    open_spell,
    record_follow_up,
    record_income,
    record_travel_cost,
    report_arrears,
    schedule_follow_ups,
    settle_arrears,
)
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.periods import Month
from fourdoors.kernel.terms import Channel, EndReason
from fourdoors.store.scope import Scope, set_scope, standing_in
from tests.makers.accounts import DANGCHANG, LI_VILLAGE, QINGDAO_JIAOZHOU, make_officer
from tests.makers.employment import make_follow_up, make_income, make_spell, make_ticket
from tests.makers.register import make_worker

pytestmark = pytest.mark.django_db

AT = datetime(2020, 6, 1, 2, 0, tzinfo=UTC)


def row(worker_id: int, left_on: date, ended_on: date | None = None, village: int = LI_VILLAGE) -> SpellRow:
    return SpellRow(
        village=village,
        worker_id=worker_id,
        channel=Channel.SELF_ARRANGED.value,
        place=QINGDAO_JIAOZHOU,
        left_on=left_on,
        ended_on=ended_on,
        source="ledger",
        grade=Grade.D.value,
    )


def test_a_load_returns_numbers_in_order_and_its_pay_follows() -> None:
    workers = [make_worker().pk for _ in range(3)]
    spells = load_spells([row(worker, date(2020, 3, day + 1)) for day, worker in enumerate(workers)])

    assert [Spell.objects.get(pk=number).worker_id for number in spells] == workers
    pay = [
        IncomeRow(LI_VILLAGE, spell, worker, date(2020, 3, 1), 300_000, False, "ledger", "D")  # noqa: FBT003
        for spell, worker in zip(spells, workers, strict=True)
    ]
    assert load_incomes(pay) == 3
    assert not IncomeRecordEvent.objects.exists()


def test_a_load_with_one_overlap_writes_nothing() -> None:
    worker = make_worker().pk
    with pytest.raises(IntegrityError, match="spells_never_overlap"), transaction.atomic():
        load_spells([row(worker, date(2020, 3, 1), date(2020, 5, 1)), row(worker, date(2020, 4, 30))])
    assert not Spell.objects.exists()


def test_a_load_outside_the_scope_is_refused() -> None:
    worker = make_worker(village=DANGCHANG)
    set_scope(Scope(territory=range_of(LI_VILLAGE)))
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        load_spells([row(worker.pk, date(2020, 3, 1), village=DANGCHANG)])


def test_work_may_begin_on_the_day_the_last_work_ended_and_not_before() -> None:
    worker = make_worker()
    make_spell(worker=worker, left_on=date(2020, 1, 5), ended_on=date(2020, 3, 2))

    with pytest.raises(SpellOverlapError):
        open_spell(row=row(worker.pk, date(2020, 3, 1)), at=AT, by=None)
    assert not Deed.objects.filter(action="employment.spell_opened").exists()

    opened = open_spell(row=row(worker.pk, date(2020, 3, 2)), at=AT, by=make_officer())
    assert Deed.objects.get(action="employment.spell_opened").object_id == opened.pk


def test_a_spell_of_no_day_is_refused() -> None:
    with pytest.raises(SpellEndsBeforeItBeginsError):
        open_spell(row=row(make_worker().pk, date(2020, 3, 2), date(2020, 3, 2)), at=AT, by=None)


def test_the_end_closes_open_visits_and_wipes_the_name() -> None:
    spell = make_spell(worker=make_worker(), shown_name="马小兰")
    done = make_follow_up(spell=spell, day=7)
    record_follow_up(follow_up=done, still_there=True, paid=True, trouble="", at=AT, by=None)

    ended = end_spell(
        spell=spell, ended_on=date(2020, 6, 1), reason=EndReason.NOT_AS_PROMISED, at=AT, by=None
    )

    assert (ended.shown_name, ended.identity_tail) == ("", "")
    closed = FollowUp.objects.filter(spell=spell).order_by("day").values_list("closed_on", flat=True)
    assert list(closed) == [None, date(2020, 6, 1), date(2020, 6, 1), date(2020, 6, 1)]
    assert set(FollowUp.objects.values_list("shown_name", flat=True)) == {""}
    deed = Deed.objects.get(action="employment.spell_ended")
    assert deed.values["early"] is True
    assert deed.values["visits_closed"] == 3


def test_a_spell_ends_once_and_after_its_first_day() -> None:
    spell = make_spell(worker=make_worker())
    with pytest.raises(SpellEndsBeforeItBeginsError):
        end_spell(spell=spell, ended_on=spell.left_on, reason=EndReason.OTHER, at=AT, by=None)
    end_spell(spell=spell, ended_on=spell.left_on + timedelta(1), reason=EndReason.OTHER, at=AT, by=None)
    with pytest.raises(SpellEndedError):
        end_spell(spell=spell, ended_on=date(2020, 9, 1), reason=EndReason.OTHER, at=AT, by=None)


def pay(spell: Spell, fen: int, grade: Grade, month: Month = Month(2020, 4)) -> IncomeRecord:  # noqa: B008
    return record_income(
        spell=spell, month=month, fen=fen, measured=True, source="payroll", grade=grade, at=AT, by=None
    )


def test_better_evidence_takes_the_place_of_worse_and_history_keeps_both() -> None:
    spell = make_spell(worker=make_worker())
    make_income(spell=spell, fen=300_000, grade=Grade.D)

    record = pay(spell, 325_600, Grade.B)

    assert (record.fen, record.grade) == (325_600, "B")
    assert IncomeRecord.objects.count() == 1
    past = IncomeRecordEvent.objects.get()
    assert (past.fen, past.grade) == (300_000, "D")
    assert Deed.objects.get().values["fen_before"] == 300_000


def test_worse_or_equal_evidence_changes_nothing() -> None:
    spell = make_spell(worker=make_worker())
    make_income(spell=spell, fen=300_000, grade=Grade.B)
    for grade in (Grade.B, Grade.C):
        with pytest.raises(IncomeBetterProvenError):
            pay(spell, 400_000, grade)
    assert IncomeRecord.objects.get().fen == 300_000
    assert not Deed.objects.exists()


def test_the_same_record_twice_is_one_record_and_one_deed() -> None:
    spell = make_spell(worker=make_worker())
    assert pay(spell, 300_000, Grade.B).pk == pay(spell, 300_000, Grade.B).pk
    assert Deed.objects.count() == 1


def test_a_correction_is_a_deed_of_its_own() -> None:
    income = make_income(spell=make_spell(worker=make_worker()), fen=300_000)
    correct_income(income=income, fen=330_000, source="payroll, second page", at=AT, by=None)
    assert IncomeRecord.objects.get().fen == 330_000
    assert IncomeRecordEvent.objects.get().fen == 300_000
    assert Deed.objects.get().action == "employment.income_corrected"


def test_pay_lies_in_the_months_of_the_spell_and_is_not_negative() -> None:
    spell = make_spell(worker=make_worker(), ended_on=date(2020, 5, 10))
    pay(spell, 1, Grade.B, Month(2020, 3))
    pay(spell, 1, Grade.B, Month(2020, 5))
    for month in (Month(2020, 2), Month(2020, 6)):
        with pytest.raises(IncomeOutsideSpellError):
            pay(spell, 1, Grade.B, month)
    with pytest.raises(IncomeNegativeError):
        pay(spell, -1, Grade.B)


def test_a_ticket_is_held_once_a_direction() -> None:
    spell = make_spell(worker=make_worker())
    make_ticket(spell=spell, fen=39_900, grade=Grade.C)

    def ticket(fen: int, grade: Grade) -> TravelCost:
        return record_travel_cost(
            spell=spell, kind=TicketKind.ONE_WAY, fen=fen, travelled_on=date(2020, 3, 2), source="ticket",
            grade=grade, at=AT, by=None,
        )  # fmt: skip

    assert ticket(40_100, Grade.A).fen == 40_100
    with pytest.raises(IncomeBetterProvenError):
        ticket(90_000, Grade.C)
    with pytest.raises(IncomeNegativeError):
        ticket(0, Grade.A)


def test_four_visits_are_scheduled_once_with_the_fields_a_station_needs() -> None:
    spell = make_spell(worker=make_worker(name="马小兰"), left_on=date(2020, 3, 2))
    assert schedule_follow_ups([spell.pk]) == 4
    assert schedule_follow_ups([spell.pk]) == 0
    visit = FollowUp.objects.get(day=7)
    assert (visit.shown_name, visit.due_on, visit.place) == ("马小兰", date(2020, 3, 9), spell.place)
    assert visit.phone_cipher is None


def test_nobody_visits_work_that_is_over() -> None:
    spell = make_spell(worker=make_worker(), ended_on=date(2020, 3, 20))
    assert schedule_follow_ups([spell.pk]) == 0


def test_a_visit_is_recorded_on_its_day_or_later_and_once() -> None:
    visit = make_follow_up(spell=make_spell(worker=make_worker(), left_on=date(2020, 5, 25)), day=7)
    early = datetime(2020, 5, 31, 15, 59, tzinfo=UTC)  # 23:59 in China, the eve
    with pytest.raises(FollowUpEarlyError):
        record_follow_up(follow_up=visit, still_there=True, paid=None, trouble="", at=early, by=None)
    due = datetime(2020, 5, 31, 16, 0, tzinfo=UTC)
    record_follow_up(follow_up=visit, still_there=False, paid=False, trouble="宿舍太远", at=due, by=None)
    with pytest.raises(FollowUpClosedError):
        record_follow_up(follow_up=visit, still_there=True, paid=True, trouble="", at=due, by=None)
    visit.refresh_from_db()
    assert visit.still_there is False
    assert Spell.objects.get().ended_on is None, "the home county ends it, in the worker's words"
    assert "宿舍" not in str(Deed.objects.get().values)


def test_a_station_records_a_visit_without_seeing_the_register() -> None:
    visit = make_follow_up(spell=make_spell(worker=make_worker()), day=7)
    station = make_officer(username="q", duty=Duty.STATION, division=QINGDAO_JIAOZHOU)
    set_scope(Scope(destination=range_of(QINGDAO_JIAOZHOU)))
    record_follow_up(follow_up=visit, still_there=True, paid=True, trouble="", at=AT, by=station)
    assert FollowUp.objects.get(pk=visit.pk).done_by == station


def test_arrears_have_a_day_and_are_settled_once_within_what_is_owed() -> None:
    case = report_arrears(spell=make_spell(worker=make_worker()), fen_owed=900_000, at=AT, by=None)
    assert case.due_on == date(2020, 8, 24)
    assert Deed.objects.get().values["law"] == "decree_724"
    with pytest.raises(AmountOwedError):
        settle_arrears(case=case, fen_recovered=900_001, at=AT, by=None)
    settle_arrears(case=case, fen_recovered=900_000, at=AT, by=None)
    with pytest.raises(AlreadySettledError):
        settle_arrears(case=case, fen_recovered=1, at=AT, by=None)


def test_nothing_owed_is_no_case() -> None:
    with pytest.raises(AmountOwedError):
        report_arrears(spell=make_spell(worker=make_worker()), fen_owed=0, at=AT, by=None)
    assert not ArrearsCase.objects.exists()


def test_a_scope_lent_for_a_deed_is_given_back() -> None:
    make_spell(worker=make_worker())
    set_scope(Scope(trip=5))
    assert not Spell.objects.exists()
    with standing_in(range_of(LI_VILLAGE)):
        assert Spell.objects.exists()
    assert not Spell.objects.exists()
    with pytest.raises(SpellEndedError), standing_in(range_of(GANSU)):
        raise SpellEndedError
    assert not Spell.objects.exists()
