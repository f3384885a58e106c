"""Monthly monitoring: known work is found again and paid, unknown work is opened, the rest goes back."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fourdoors.accounts.models import Deed
from fourdoors.employment.models import FollowUp, IncomeRecord, Spell
from fourdoors.employment.services import merge_monitoring, schedule_follow_ups
from fourdoors.engines.sheets import FORMS
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.services import AlreadyBroughtInError, NotNowError
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.identity import invented_identity
from fourdoors.kernel.terms import Sex
from fourdoors.register.models import Worker
from fourdoors.store.scope import Scope, set_scope
from tests.engines.sheets.corpus import xlsx
from tests.makers.accounts import DANGCHANG, LI_COUNTY, LI_VILLAGE, make_officer
from tests.makers.employment import make_income, make_spell
from tests.makers.intake import make_asked_import, workbook
from tests.makers.register import make_worker

pytestmark = pytest.mark.django_db

BORN_ON = date(1988, 4, 9)
AT = datetime(2020, 6, 30, 2, 0, tzinfo=UTC)
FORM = "work_monitor_out"
NOWHERE = {"work_province": "", "work_prefecture": "", "work_county": ""}


def person(sequence: int, village: int = LI_VILLAGE) -> tuple[Worker, str]:
    number = invented_identity(sequence=sequence, born_on=BORN_ON, sex=Sex.MALE)
    return make_worker(name="马强", identity=number, born_on=BORN_ON, sex=Sex.MALE, village=village), number


def row(identity: str, **changed: str) -> dict[str, str]:
    return {
        "county": "礼县", "township": "城关镇", "village": "石碑村", "name": "马强", "identity": identity,
        "left_on": "2020.3.2", "work_province": "山东省", "work_prefecture": "青岛市",
        "work_county": "胶州市", "employer_name": "青岛衣坊(虚构)", "industry": "制造业",
        "monthly_income": "4,500", "channel_of_job": "外出务工", "point_to_point": "否",
    } | changed  # fmt: skip


def asked(*rows: dict[str, str], at: datetime = AT, name: str = "月监测.xlsx") -> Import:
    return make_asked_import(
        data=workbook(rows, form=FORM, title="已外出务工信息"), form=FORM, name=name, at=at
    )


def merge(*rows: dict[str, str], name: str = "月监测.xlsx", at: datetime = AT) -> Import:
    return merge_monitoring(import_id=asked(*rows, name=name, at=at).pk, at=at, by=make_officer())


def fault() -> tuple[str, str]:
    (found,) = StagedRow.objects.get(outcome="faulty").faults
    return found["column"], found["code"]


def test_work_that_nobody_knew_is_opened_with_the_pay_of_the_month_before() -> None:
    worker, number = person(1)
    batch = merge(row(number))

    assert (batch.counts["new"], batch.counts["faulty"]) == (1, 0)
    spell, pay = Spell.objects.get(), IncomeRecord.objects.get()
    assert (spell.worker, spell.channel, spell.place) == (worker, "self_arranged", 370281_000000)
    assert (spell.source, spell.grade) == (f"import:{batch.pk}", "D")
    assert (pay.spell, pay.month, pay.fen, pay.measured, pay.grade) == (
        spell, date(2020, 5, 1), 450_000, False, "D",
    )  # fmt: skip
    assert Deed.objects.get(action="intake.merged").values["new"] == 1


def test_known_work_gets_its_pay_and_the_same_word_again_changes_nothing() -> None:
    worker, number = person(2)
    spell = make_spell(worker=worker)

    assert merge(row(number, left_on="", work_county="")).counts["changed"] == 1
    assert merge(row(number, industry="纺织业"), name="again").counts["unchanged"] == 1
    assert Spell.objects.get() == spell
    assert IncomeRecord.objects.get().fen == 450_000


def test_the_same_file_twice_is_refused_and_changes_nothing() -> None:
    _, number = person(3)
    merge(row(number))
    with pytest.raises(AlreadyBroughtInError):
        asked(row(number))
    assert IncomeRecord.objects.count() == 1


def test_the_next_month_is_one_more_month_of_pay() -> None:
    _, number = person(4)
    merge(row(number))
    later = merge(row(number, industry="纺织业"), name="7", at=datetime(2020, 7, 1, 2, 0, tzinfo=UTC))
    assert later.counts["changed"] == 1
    months = IncomeRecord.objects.order_by("month").values_list("month", flat=True)
    assert list(months) == [date(2020, 5, 1), date(2020, 6, 1)]


@pytest.mark.parametrize(
    ("grade", "faulty"), [(Grade.D, 0), (Grade.C, 1), (Grade.B, 1), (Grade.A, 1)], ids="DCBA"
)
def test_a_cadres_word_takes_the_place_of_a_cadres_word_alone(grade: Grade, faulty: int) -> None:
    worker, number = person(5)
    make_income(spell=make_spell(worker=worker), month=date(2020, 5, 1), fen=460_000, grade=grade)

    batch = merge(row(number))
    assert (batch.counts["faulty"], batch.counts["changed"]) == (faulty, 1 - faulty)
    assert IncomeRecord.objects.get().fen == (460_000 if faulty else 450_000)
    if faulty:
        assert fault() == ("monthly_income", "income_better_proven")


def test_a_day_of_return_ends_the_work_and_closes_its_visits() -> None:
    worker, number = person(6)
    spell = make_spell(worker=worker, shown_name="马强")
    schedule_follow_ups([spell.pk])

    assert merge(row(number, returned_on="2020-05-20")).counts["changed"] == 1
    ended = Spell.objects.get()
    assert (ended.ended_on, ended.end_reason, ended.shown_name) == (date(2020, 5, 20), "not_stated", "")
    assert {(one.closed_on, one.shown_name) for one in FollowUp.objects.all()} == {(date(2020, 5, 20), "")}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"left_on": ""}, ("left_on", "monitor_begin_missing")),
        ({"left_on": "2020-06-01"}, ("left_on", "monitor_begin_missing")),
        (NOWHERE, ("left_on", "monitor_begin_missing")),
        ({"point_to_point": "是"}, ("point_to_point", "monitor_journey_unknown")),
        (NOWHERE | {"work_province": "火星"}, ("work_county", "work_place_unknown")),
        ({"industry": ""}, ("industry", "missing")),
        ({"point_to_point": ""}, ("point_to_point", "missing")),
        ({"monthly_income": "122", "left_on": "2020-04-29"}, ("monthly_income", "income_unlikely")),
        ({"monthly_income": ""}, ("monthly_income", "missing")),
        ({"monthly_income": "未填报"}, ("monthly_income", "monitor_not_stated")),
        ({"industry": "未填报"}, ("monthly_income", "monitor_not_stated")),
        ({"channel_of_job": "未填报"}, ("channel_of_job", "not_in_list")),
        ({"monthly_income": "499"}, ("monthly_income", "income_unlikely")),
        ({"channel_of_job": "公益岗位"}, ("channel_of_job", "local_work_away")),
        ({"returned_on": "2020-03-01"}, ("returned_on", "returned_before_left")),
        ({"left_on": "2004-04-08"}, ("employer_name", "under_sixteen_working")),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_taken_says_why_and_writes_nothing(
    changed: dict[str, str], said: tuple[str, str]
) -> None:
    _, number = person(7)
    assert merge(row(number, **changed)).counts["faulty"] == 1
    assert said in [(one["column"], one["code"]) for one in StagedRow.objects.get().faults]
    assert not Spell.objects.exists()
    assert not IncomeRecord.objects.exists()


def test_point_to_point_is_true_where_a_trip_is_known() -> None:
    worker, number = person(8)
    make_spell(worker=worker)
    assert merge(row(number, point_to_point="是")).counts["changed"] == 1


def test_work_elsewhere_at_that_time_is_named() -> None:
    worker, number = person(9)
    spell = make_spell(worker=worker, left_on=date(2020, 2, 1))
    Spell.objects.filter(pk=spell.pk).update(place=110101_000000)
    merge(row(number))
    assert fault() == ("left_on", "spell_overlap")


def test_a_person_stands_once_a_month() -> None:
    _, number = person(10)
    assert merge(row(number), row(number)).counts["faulty"] == 1
    assert fault() == ("identity", "twice_in_file")
    assert IncomeRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "read"),
    [("2020-04", date(2020, 4, 1)), ("2020年6月", date(2020, 6, 1)), ("3月", date(2020, 3, 1))],
)
def test_the_month_may_stand_in_a_column(text: str, read: date) -> None:
    worker, number = person(11)
    make_spell(worker=worker)
    batch = make_asked_import(data=workbook_with(row(number), {"月份": text}), form=FORM, at=AT)
    merge_monitoring(import_id=batch.pk, at=AT)
    assert IncomeRecord.objects.get().month == read


@pytest.mark.parametrize(("text", "code"), [("2020-07", "income_not_earned_yet"), ("上个月", "not_a_day")])
def test_a_month_that_has_not_come_or_is_none_is_refused(text: str, code: str) -> None:
    worker, number = person(12)
    make_spell(worker=worker)
    batch = make_asked_import(data=workbook_with(row(number), {"月份": text}), form=FORM, at=AT)
    merge_monitoring(import_id=batch.pk, at=AT)
    assert fault() == ("month", code)
    assert not IncomeRecord.objects.exists()


def test_another_countys_worker_is_not_seen() -> None:
    _, number = person(13, village=DANGCHANG + 100_201)
    set_scope(Scope(territory=range_of(LI_COUNTY)))
    merge(row(number))
    assert fault() == ("identity", "ledger_worker_unknown")


def test_merging_twice_is_refused() -> None:
    _, number = person(14)
    batch = merge(row(number))
    with pytest.raises(NotNowError):
        merge_monitoring(import_id=batch.pk, at=AT)


def test_the_number_of_statements_does_not_grow_with_the_rows() -> None:
    rows = [row(person(sequence)[1]) for sequence in range(20, 60)]
    few, many = asked(rows[0]), asked(*rows[1:], name="many")
    with CaptureQueriesContext(connection) as first:
        merge_monitoring(import_id=few.pk, at=AT)
    with CaptureQueriesContext(connection) as second:
        merge_monitoring(import_id=many.pk, at=AT)
    assert len(second) <= len(first) + 2
    assert Spell.objects.count() == 40


def test_what_must_not_be_stored_is_dropped_and_reported() -> None:
    _, number = person(15)
    columns = {"民族": "某族", "宗教信仰": "某教", "政治面貌": "某面貌", "健康状况": "某健康"}
    batch = asked(row(number))
    assert batch.dropped == []
    data = workbook_with(row(number), columns)
    other = make_asked_import(data=data, form=FORM, name="b")
    assert {one["reason"] for one in other.dropped} == {"ethnicity", "religion", "politics", "health"}
    assert not any("某" in str(one.cells) for one in StagedRow.objects.filter(batch=other))


def workbook_with(values: dict[str, str], more: dict[str, str]) -> bytes:
    columns = FORMS[FORM].columns
    titles = [*(column.titles[0] for column in columns), *more]
    return xlsx([titles, [*(values.get(column.key, "") for column in columns), *more.values()]])


@pytest.mark.parametrize(
    "days", [{"left_on": "2020-05-29"}, {"left_on": "2020-03-02", "returned_on": "2020-05-03"}]
)
def test_a_few_days_of_a_month_may_earn_little(days: dict[str, str]) -> None:
    _, number = person(44)
    assert merge(row(number, monthly_income="122", **days)).counts["new"] == 1
    assert IncomeRecord.objects.get().fen == 12_200
