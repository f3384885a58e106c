"""A transfer ledger: good rows become spells and estimated pay, the others go back with their reason."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fourdoors.accounts.models import Deed
from fourdoors.employment.models import IncomeRecord, Spell
from fourdoors.employment.services import merge_ledger
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.services import NotNowError
from fourdoors.kernel.identity import invented_identity
from fourdoors.kernel.terms import Sex
from fourdoors.register.models import Worker
from tests.makers.accounts import DANGCHANG, LI_VILLAGE, make_officer
from tests.makers.employment import make_spell
from tests.makers.intake import make_asked_import, make_import, workbook
from tests.makers.register import make_worker
from tests.makers.subsidies import make_broker

pytestmark = pytest.mark.django_db

BORN_ON = date(1988, 4, 9)
AT = datetime(2020, 6, 30, 2, 0, tzinfo=UTC)


def person(sequence: int, village: int = LI_VILLAGE) -> tuple[Worker, str]:
    number = invented_identity(sequence=sequence, born_on=BORN_ON, sex=Sex.MALE)
    return make_worker(name="马强", identity=number, born_on=BORN_ON, sex=Sex.MALE, village=village), number


def row(identity: str, **changed: str) -> dict[str, str]:
    return {
        "township": "城关镇", "village": "石碑村", "name": "马强", "sex": "男", "identity": identity,
        "left_on": "2020.3.2", "work_province": "山东省", "work_prefecture": "青岛市",
        "work_county": "胶州市", "employer_name": "青岛衣坊(虚构)", "industry": "制造业", "post": "缝纫工",
        "channel": "自发", "monthly_income": "4,500", "months_worked": "3",
    } | changed  # fmt: skip


def merge(*rows: dict[str, str], name: str = "台账.xlsx") -> Import:
    batch = make_asked_import(data=workbook(rows, form="transfer_ledger"), form="transfer_ledger", name=name)
    return merge_ledger(import_id=batch.pk, at=AT, by=make_officer())


def fault() -> tuple[str, str]:
    (found,) = StagedRow.objects.get(outcome="faulty").faults
    return found["column"], found["code"]


def test_a_row_becomes_a_spell_and_months_of_estimated_pay() -> None:
    worker, number = person(1)
    batch = merge(row(number, has_contract="是", is_insured="否"))

    assert (batch.counts["new"], batch.counts["faulty"]) == (1, 0)
    spell = Spell.objects.get()
    assert (spell.worker, spell.channel, spell.grade) == (worker, "self_arranged", "D")
    assert (spell.place, spell.left_on, spell.ended_on) == (370281_000000, date(2020, 3, 2), None)
    assert (spell.contract_signed, spell.insured) == (True, False)
    pay = IncomeRecord.objects.order_by("month")
    assert [(one.month.month, one.fen, one.measured, one.grade) for one in pay] == [
        (3, 450_000, False, "D"),
        (4, 450_000, False, "D"),
        (5, 450_000, False, "D"),
    ]
    assert Deed.objects.get(action="intake.merged").values["new"] == 1


def test_the_same_ledger_again_writes_nothing_and_a_return_ends_the_spell() -> None:
    _, number = person(2)
    merge(row(number))
    assert merge(row(number, helper="王"), name="again").counts["unchanged"] == 1
    assert Spell.objects.count() == 1
    assert merge(row(number, returned_on="2020-06-01"), name="later").counts["changed"] == 1
    assert Spell.objects.get().ended_on == date(2020, 6, 1)
    assert IncomeRecord.objects.count() == 3


def test_organised_work_names_its_organiser_and_a_broker_is_known_by_name() -> None:
    _, number = person(3)
    merge(row(number, channel="有组织"))
    assert fault() == ("organiser", "organiser_missing")
    StagedRow.objects.all().delete()
    broker = make_broker()
    merge(row(number, channel="有组织", organiser=broker.name, remarks="已电话核实"), name="second")
    spell = Spell.objects.get()
    assert (spell.channel, spell.broker, spell.grade) == ("organised", broker, "C")
    other, number = person(33)
    merge(row(number, channel="有组织", organiser="城关镇石碑村委会"), name="third")
    spell = Spell.objects.get(worker=other)
    assert (spell.broker, spell.organiser) == (None, "城关镇石碑村委会")


def test_work_that_overlaps_is_refused_with_its_day() -> None:
    worker, number = person(4)
    make_spell(worker=worker, left_on=date(2020, 2, 1), ended_on=date(2020, 3, 3))
    merge(row(number))
    assert fault() == ("left_on", "spell_overlap")
    assert Spell.objects.count() == 1


def test_work_that_begins_on_the_day_other_work_ended_is_taken() -> None:
    worker, number = person(5)
    make_spell(worker=worker, left_on=date(2020, 2, 1), ended_on=date(2020, 3, 2))
    assert merge(row(number)).counts["new"] == 1


def test_who_is_not_in_the_register_here_stays_out() -> None:
    merge(row(invented_identity(sequence=77, born_on=BORN_ON, sex=Sex.MALE)))
    assert fault() == ("identity", "ledger_worker_unknown")


def test_a_place_that_is_none_is_named() -> None:
    _, number = person(6)
    merge(row(number, work_province="火星", work_prefecture="", work_county=""))
    assert fault() == ("work_county", "work_place_unknown")


def test_a_whole_sum_is_spread_to_the_fen() -> None:
    _, number = person(7)
    merge(row(number, monthly_income="", total_income="10000.01"))
    fens = IncomeRecord.objects.order_by("month").values_list("fen", flat=True)
    assert list(fens) == [333_334, 333_334, 333_333]


def test_without_months_the_full_months_count() -> None:
    _, number = person(8)
    merge(row(number, months_worked="", returned_on="2020-05-02"))
    assert IncomeRecord.objects.count() == 2


def test_the_number_of_statements_does_not_grow_with_the_rows() -> None:
    few = [row(person(100 + n)[1]) for n in range(2)]
    many = [row(person(200 + n)[1]) for n in range(30)]
    counts = []
    for rows, name in ((few, "few"), (many, "many")):
        batch = make_asked_import(
            data=workbook(rows, form="transfer_ledger"), form="transfer_ledger", name=name
        )
        with CaptureQueriesContext(connection) as queries:
            merge_ledger(import_id=batch.pk, at=AT)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_nobody_asked_is_not_merged_and_another_county_is_out_of_reach() -> None:
    _, number = person(9, DANGCHANG)
    data = workbook([row(number)], form="transfer_ledger")
    batch = make_import(data=data, form="transfer_ledger")
    with pytest.raises(NotNowError):
        merge_ledger(import_id=batch.pk, at=AT)
    assert not Spell.objects.exists()
