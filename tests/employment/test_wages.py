"""Household income by quarter: known months stay, the rest is spread, what differs goes back."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fourdoors.employment.models import IncomeRecord, Spell
from fourdoors.employment.services import merge_household_income
from fourdoors.engines.sheets import FORMS
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.services import AlreadyBroughtInError
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.register.models import Membership
from fourdoors.store.scope import Scope, set_scope
from tests.engines.sheets.corpus import xlsx
from tests.makers.accounts import DANGCHANG, LI_COUNTY, LI_VILLAGE, make_officer
from tests.makers.employment import make_income, make_spell
from tests.makers.intake import make_asked_import, workbook
from tests.makers.register import make_household, make_membership, make_worker

pytestmark = pytest.mark.django_db
FORM = "household_wage_quarterly"
AT = datetime(2020, 11, 30, 2, 0, tzinfo=UTC)


def earner(*, left_on: date = date(2020, 3, 2), ended_on: date | None = None, name: str = "马强") -> Spell:
    worker = make_worker(name=name)
    make_membership(worker=worker, household=make_household())
    return make_spell(worker=worker, left_on=left_on, ended_on=ended_on)


def row(spell: Spell, **changed: str) -> dict[str, str]:
    home = Membership.objects.get(worker=spell.worker).household
    return {
        "household_number": home.number, "name": spell.worker.name, "year": "2020", "months_worked": "7",
        "employer_name": "青岛衣坊(虚构)",
    } | changed  # fmt: skip


def merge(*rows: dict[str, str], name: str = "季度.xlsx") -> Import:
    batch = make_asked_import(data=workbook(rows, form=FORM), form=FORM, name=name, at=AT)
    return merge_household_income(import_id=batch.pk, at=AT, by=make_officer())


def pay() -> dict[int, int]:
    return {one.month.month: one.fen for one in IncomeRecord.objects.order_by("month")}


def fault() -> tuple[str, str]:
    (found,) = StagedRow.objects.get(outcome="faulty").faults
    return found["column"], found["code"]


def test_a_quarter_is_spread_to_the_fen_over_the_months_of_work() -> None:
    spell = earner()
    done = merge(row(spell, income_1_3="3000", income_4_6="10000.01", income_10="5000"))
    assert done.counts["changed"] == 1
    assert pay() == {3: 300_000, 4: 333_334, 5: 333_334, 6: 333_333, 10: 500_000}
    assert {(one.grade, one.measured, one.source) for one in IncomeRecord.objects.all()} == {
        ("D", False, f"import:{done.pk}")
    }


def test_the_same_again_changes_nothing_and_the_same_file_is_refused() -> None:
    spell = earner()
    line = row(spell, income_4_6="9000")
    merge(line)
    with pytest.raises(AlreadyBroughtInError):
        merge(line)
    again = merge(line | {"post": "缝纫工"}, name="again")
    assert (again.counts["unchanged"], again.counts["changed"]) == (1, 0)
    assert sum(pay().values()) == 900_000


def test_what_a_payroll_says_of_a_month_stays_and_the_rest_is_spread() -> None:
    spell = earner()
    make_income(spell=spell, month=date(2020, 4, 1), fen=450_000, grade=Grade.B)
    merge(row(spell, income_4_6="12500"))
    assert pay() == {4: 450_000, 5: 400_000, 6: 400_000}


@pytest.mark.parametrize(("said", "faulty"), [("4499.99", 1), ("4500", 0), ("4500.01", 0)])
def test_less_than_what_is_known_stays_out(said: str, faulty: int) -> None:
    spell = earner()
    make_income(spell=spell, month=date(2020, 4, 1), fen=450_000, grade=Grade.B)
    assert merge(row(spell, income_4_6=said)).counts["faulty"] == faulty
    assert pay()[4] == 450_000
    if faulty:
        assert fault() == ("income_4_6", "wage_differs")


def test_more_than_what_all_known_months_say_stays_out() -> None:
    spell = earner()
    make_income(spell=spell, month=date(2020, 10, 1), fen=450_000)
    merge(row(spell, income_10="4600"))
    assert fault() == ("income_10", "wage_differs")
    assert pay() == {10: 450_000}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"income_12": "4000"}, ("income_12", "wage_without_work")),  # December has not come
        ({"year": "2019", "income_4_6": "4000"}, ("income_4_6", "wage_without_work")),
        ({"name": "马大强", "income_4_6": "4000"}, ("name", "earner_unknown")),
        ({"household_number": "1", "income_4_6": "4000"}, ("name", "earner_unknown")),
        ({"income_4_6": "四千"}, ("income_4_6", "money_form")),
        ({"year": "", "income_4_6": "4000"}, ("year", "missing")),
        ({"months_worked": "13", "income_4_6": "4000"}, ("months_worked", "months_over_twelve")),
    ],
)
def test_a_row_that_cannot_be_taken_says_why_and_writes_no_part_of_it(
    changed: dict[str, str], code: tuple[str, str]
) -> None:
    merge(row(earner(), **({"income_10": "5000"} | changed)))
    assert fault() == code
    assert not IncomeRecord.objects.exists()


def test_work_that_ended_earns_no_later_month() -> None:
    spell = earner(ended_on=date(2020, 6, 1))
    merge(row(spell, income_4_6="8000"))
    assert pay() == {4: 400_000, 5: 400_000}


def test_two_members_of_one_name_are_not_told_apart() -> None:
    spell = earner()
    make_membership(
        worker=make_worker(name=spell.worker.name),
        household=Membership.objects.get(worker=spell.worker).household,
    )
    merge(row(spell, income_10="5000"))
    assert fault() == ("name", "earner_unknown")


def test_a_person_stands_once_a_year() -> None:
    spell = earner()
    merge(row(spell, income_10="5000"), row(spell, income_11="5000"))
    assert fault() == ("name", "twice_in_file")
    assert pay() == {10: 500_000}


def test_another_countys_household_is_not_seen() -> None:
    spell = earner()
    line = row(spell, income_10="5000")
    set_scope(Scope(territory=range_of(DANGCHANG)))
    batch = make_asked_import(data=workbook([line], form=FORM), form=FORM, division=DANGCHANG, at=AT)
    merge_household_income(import_id=batch.pk, at=AT)
    assert fault() == ("name", "earner_unknown")
    assert LI_VILLAGE in range_of(LI_COUNTY)


def test_the_number_of_statements_does_not_grow_with_the_rows() -> None:
    rows = [row(earner(), income_10="5000") for _ in range(15)]
    few = make_asked_import(data=workbook(rows[:1], form=FORM), form=FORM, at=AT)
    many = make_asked_import(data=workbook(rows[1:], form=FORM), form=FORM, name="b", at=AT)
    with CaptureQueriesContext(connection) as first:
        merge_household_income(import_id=few.pk, at=AT)
    with CaptureQueriesContext(connection) as second:
        merge_household_income(import_id=many.pk, at=AT)
    assert len(second) <= len(first)
    assert IncomeRecord.objects.count() == 15


def test_what_must_not_be_stored_is_dropped_and_reported() -> None:
    line = row(earner(), income_10="5000")
    columns = FORMS[FORM].columns
    titles = [*(column.titles[0] for column in columns), "民族", "宗教信仰", "政治面貌", "健康状况"]
    data = xlsx([titles, [*(line.get(column.key, "") for column in columns), "某", "某", "某", "某"]])
    batch = make_asked_import(data=data, form=FORM, at=AT)
    assert {one["reason"] for one in batch.dropped} == {"ethnicity", "religion", "politics", "health"}
    assert "某" not in str(StagedRow.objects.get().cells)
