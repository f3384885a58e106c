"""A county's own register of members: people go in by their numbers, households are never made of names."""

from datetime import date
from typing import Any

import pytest

from fourdoors.engines.sheets import FORMS
from fourdoors.intake.models import Import, StagedRow
from fourdoors.kernel.identity import invented_identity
from fourdoors.kernel.terms import HouseholdStatusKind, RelationToHead, Sex
from fourdoors.register.models import Household, HouseholdStatus, Membership, Proposal, Worker
from fourdoors.register.services import merge_county_register
from tests.engines.sheets.corpus import xlsx
from tests.makers.accounts import LI_VILLAGE
from tests.makers.intake import make_asked_import
from tests.makers.register import SPRING, make_household, make_membership, make_status, make_worker

pytestmark = pytest.mark.django_db
FORM = "yiliang_person"


def number(sequence: int, *, born_on: date = date(1985, 3, 4), sex: Sex = Sex.FEMALE) -> str:
    return invented_identity(sequence=700 + sequence, born_on=born_on, sex=sex)


def row(sequence: int = 1, **changed: str) -> dict[str, str]:
    said = {
        "head_name": "马大山", "identity": number(sequence), "name": f"马{'一二三四五六七'[sequence]}兰",
        "household_kind": "脱贫户", "education": "初中", "at_school": "否", "relation": "之女", "sex": "女",
        "township": "城关镇", "village": "石碑村", "health": "某健康", "ethnicity": "某族",
    }  # fmt: skip
    return said | changed


def bring(*rows: dict[str, str], name: str = "本县.xlsx") -> Import:
    columns = [it for it in FORMS[FORM].readable if it.key == "name" or it in FORMS[FORM].columns]
    data = xlsx(
        [[it.titles[0] for it in columns], *([one.get(it.key, "") for it in columns] for one in rows)]
    )
    batch = make_asked_import(data=data, form=FORM, name=name)
    merge_county_register(import_id=batch.pk, at=SPRING)
    batch.refresh_from_db()
    return batch


def told() -> list[tuple[str, str, str]]:
    rows = StagedRow.objects.exclude(faults=[]).order_by("number")
    return [(row.outcome, fault["column"], fault["code"]) for row in rows for fault in row.faults]


def head(name: str = "马大山", **of: Any) -> Household:
    household = make_household(**of)
    make_membership(worker=make_worker(name=name), household=household, relation=RelationToHead.HEAD)
    return household


def test_who_is_new_joins_the_one_household_of_the_head_and_tells_what_it_is() -> None:
    household = head()
    batch = bring(row())
    worker = Worker.objects.get(name="马二兰")
    assert (worker.education, worker.at_school, worker.village) == ("junior_middle", False, LI_VILLAGE)
    membership = Membership.objects.get(worker=worker)
    assert (membership.household, membership.relation) == (household, RelationToHead.DAUGHTER.value)
    assert HouseholdStatus.objects.get(household=household).kind == HouseholdStatusKind.LIFTED_OUT
    assert (batch.counts["new"], told()) == (1, [])
    assert {one["reason"] for one in batch.dropped} == {"health", "ethnicity", "not_needed"}


def test_the_same_register_twice_changes_nothing() -> None:
    head()
    bring(row(), row(2))
    before = [list(table.objects.order_by("pk").values()) for table in (Worker, Membership, HouseholdStatus)]
    again = bring(row(2), row(), name="again.xlsx")
    assert again.counts["unchanged"] == 2
    assert before == [
        list(table.objects.order_by("pk").values()) for table in (Worker, Membership, HouseholdStatus)
    ]


@pytest.mark.parametrize("households", [0, 2])
def test_without_one_household_of_that_head_the_person_goes_in_alone_with_a_note(households: int) -> None:
    for _ in range(households):
        head()
    batch = bring(row())
    assert told() == [("new", "head_name", "household_not_found")]
    assert (batch.counts["new"], batch.counts["faulty"]) == (1, 0)
    assert not Membership.objects.filter(worker__name="马二兰").exists()
    assert Household.objects.count() == households


def test_who_is_known_stays_in_the_household_where_they_are_whatever_head_is_named() -> None:
    household = make_household()
    worker = make_worker(name="马二兰", identity=number(1))
    make_membership(worker=worker, household=household, relation=RelationToHead.SPOUSE)
    head("马小山")
    bring(row(head_name="马小山", relation="", education="高中"))
    worker.refresh_from_db()
    membership = Membership.objects.get(worker=worker)
    assert (membership.household, membership.relation) == (household, RelationToHead.SPOUSE.value)
    assert worker.education == "senior_middle"


def test_a_blank_answer_about_school_takes_nothing_away() -> None:
    make_worker(name="马二兰", identity=number(1))
    Worker.objects.update(at_school=True)
    bring(row(at_school=""))
    assert Worker.objects.get().at_school is True
    bring(row(at_school="否"), name="b.xlsx")
    assert Worker.objects.get().at_school is False


def test_the_form_names_the_head_only_so_an_unknown_member_without_a_name_stays_out() -> None:
    make_worker(name="马已知", identity=number(2))
    own = row(3, name="", relation="户主", head_name="马大山")
    bring(row(1, name=""), row(2, name=""), own)
    assert told()[0] == ("faulty", "identity", "member_name_missing")
    assert sorted(Worker.objects.values_list("name", flat=True)) == ["马大山", "马已知"]


def test_children_stay_out_of_the_register_and_nobody_under_sixteen_works() -> None:
    child = number(4, born_on=date(2008, 1, 1))
    batch = bring(row(identity=child, relation="之女"))
    assert (batch.counts["left_out"], Worker.objects.count()) == (1, 0)
    batch = bring(row(identity=child, employer_name="青岛某厂"), name="b.xlsx")
    assert told() == [("faulty", "employer_name", "under_sixteen_working")]


def test_work_wishes_and_reasons_of_the_row_are_stored_nowhere() -> None:
    head()
    bring(row(work_kind="未就业", stays_why="照顾病人", wish_place="青岛", monthly_income="4000"))
    worker = Worker.objects.get(name="马二兰")
    assert not Proposal.objects.exists()
    assert StagedRow.objects.get().cells == {}
    assert "照顾病人" not in str([list(Worker.objects.values()), worker.__dict__])


def test_a_household_kind_that_is_known_is_not_written_twice() -> None:
    household = head()
    make_status(household=household, kind=HouseholdStatusKind.LIFTED_OUT, from_on=date(2019, 1, 1))
    bring(row())
    assert HouseholdStatus.objects.count() == 1
