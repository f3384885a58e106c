"""A filled form of ours comes back in through intake, and nothing changes."""

import io
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client

from fourdoors.console import tasks
from fourdoors.console.demo.people import homes
from fourdoors.console.demo.workbooks import roster
from fourdoors.employment.models import IncomeRecord, Spell
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.selectors import months_of
from fourdoors.intake.services import MaskedFileError, ask_for_export, exports_folder, refuse_import
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.terms import Channel, HouseholdStatusKind, RelationToHead, Sex
from fourdoors.register.models import Household, HouseholdStatus, Membership, Proposal, Skill, Worker
from fourdoors.register.services import move_worker
from fourdoors.store.scope import Scope, set_scope
from fourdoors.web.refusals import words_for
from tests.makers.accounts import GANSU, LI_COUNTY, LI_VILLAGE, make_officer
from tests.makers.employment import make_income, make_spell
from tests.makers.intake import make_asked_import, make_import, workbook
from tests.makers.register import SPRING, make_household, make_membership, make_status, make_worker

pytestmark = pytest.mark.django_db
OTHER_VILLAGE = LI_VILLAGE + 1
ON = date(2020, 3, 1)
TABLES: tuple[Any, ...] = (
    Worker,
    Household,
    Membership,
    HouseholdStatus,
    Skill,
    Proposal,
    Spell,
    IncomeRecord,
)


@pytest.fixture(autouse=True)
def _home(db: None, settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    set_scope(Scope(territory=range_of(GANSU)))


def everything() -> list[dict[str, Any]]:
    return [dict(row) for table in TABLES for row in table.objects.order_by("pk").values()]


def filled(form: str, on: date = ON) -> bytes:
    export = ask_for_export(
        form=form, division=LI_COUNTY, whole_identities=True, at=SPRING, by=make_officer(username=f"o{form}")
    )
    tasks.export(export.pk, LI_COUNTY, on.isoformat(), SPRING.isoformat())
    set_scope(Scope(territory=range_of(GANSU)))
    return (exports_folder() / f"{export.pk}.xlsx").read_bytes()


def lines(data: bytes) -> list[dict[Any, Any]]:
    titles, *rows = (
        openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(min_row=3, values_only=True)
    )
    return [dict(zip(titles, row, strict=True)) for row in rows]


def brought_back(form: str, on: date = ON) -> Import:
    """Fill a form in, bring it in again, merge it; every row of it is read."""
    batch = make_asked_import(data=filled(form, on), form=form)
    tasks.MERGES[form](import_id=batch.pk, at=SPRING)
    batch.refresh_from_db()
    return batch


def faults(batch: Import) -> list[Any]:
    return [row.faults for row in StagedRow.objects.filter(batch=batch).exclude(outcome="unchanged")]


def household_of(worker: Worker, *kinds: HouseholdStatusKind, **membership: Any) -> Household:
    household = make_household(village=worker.village)
    make_membership(worker=worker, household=household, **membership)
    for kind in kinds:
        make_status(household=household, kind=kind)
    return household


def people() -> int:
    """Make people of every kind the roster knows, and return how many rows they are."""
    kinds = HouseholdStatusKind
    for worker, statuses in (
        (make_worker(name="马一兰"), (kinds.REGISTERED_POOR,)),
        (make_worker(name="马二兰", phone=""), (kinds.AT_RISK,)),
        (make_worker(name="马三兰", education="", labour_capacity=""), ()),
        (make_worker(name="马四兰", education="college", labour_capacity="skilled"),
         (kinds.LIFTED_OUT, kinds.RELOCATED)),
        (make_worker(name="阿卜杜拉·买买提", sex=Sex.MALE), (kinds.MONITORED,)),
        (make_worker(name="马五兰", labour_capacity="none"), (kinds.REGISTERED_POOR,)),
    ):  # fmt: skip
        household_of(worker, *statuses)
    pupil = make_worker(name="马六兰", education="senior_middle")
    Worker.objects.filter(pk=pupil.pk).update(at_school=True)
    household = household_of(pupil, relation=RelationToHead.DAUGHTER)
    make_membership(worker=make_worker(name="马七兰"), household=household)
    once_poor = household_of(make_worker(name="马八兰"))
    make_status(household=once_poor, from_on=date(2014, 1, 1), to_on=date(2019, 12, 31))
    for at in range(3):  # more than a handful without a household, and no head among them
        make_worker(name=f"马{'甲乙丙'[at]}兰")
    return 12


def test_the_whole_roster_comes_back_unchanged() -> None:
    rows, before = people(), everything()
    batch = brought_back("national_member_export")
    assert faults(batch) == []
    assert (batch.counts["unchanged"], batch.counts["rows"]) == (rows, rows)
    assert everything() == before


def test_the_roster_of_a_demonstration_comes_back_unchanged() -> None:
    data, _ = roster(list(homes(workers=300, seed=5)))
    first = make_asked_import(data=data, division=GANSU)
    tasks.MERGES["national_member_export"](import_id=first.pk, at=SPRING)
    found, before = Worker.objects.filter(village__gte=LI_COUNTY, village__lt=LI_COUNTY + 10**6), everything()
    batch = brought_back("national_member_export")
    assert faults(batch) == []
    assert batch.counts["unchanged"] == found.count() > 5
    assert everything() == before


def test_who_moved_to_another_village_and_who_was_merged_come_back_unchanged() -> None:
    moved, host = make_worker(name="马走兰"), make_worker(name="马留兰", village=OTHER_VILLAGE)
    household_of(moved, HouseholdStatusKind.REGISTERED_POOR)
    new_home = household_of(host, HouseholdStatusKind.AT_RISK)
    move_worker(
        worker=moved, number=new_home.number, relation=RelationToHead.OTHER, from_on=date(2020, 2, 1),
        source="office", grade=Grade.D, at=SPRING, by=make_officer(),
    )  # fmt: skip
    pair = [make_worker(name="马同兰", phone="13900000001") for _ in range(2)]
    household_of(pair[0])
    Worker.objects.filter(pk=pair[1].pk).update(merged_into=pair[0])
    moved.refresh_from_db()
    assert moved.village == OTHER_VILLAGE

    before = everything()
    batch = brought_back("national_member_export")
    assert faults(batch) == []
    assert batch.counts["unchanged"] == 3
    assert everything() == before


def test_who_is_in_no_household_is_new_without_one_and_taken_out_of_none() -> None:
    make_worker(name="马一兰")
    data = filled("national_member_export")
    membership = household_of(Worker.objects.get())
    batch = make_asked_import(data=data)
    tasks.MERGES["national_member_export"](import_id=batch.pk, at=SPRING)
    assert Membership.objects.get(to_on=None).household == membership
    assert not Household.objects.exclude(pk=membership.pk).exists()


def test_the_whole_ledger_comes_back_unchanged_whoever_organised() -> None:
    for channel, place, ended_on in (
        (Channel.ORGANISED, 370281_000000, None),
        (Channel.SELF_ARRANGED, 370281_000000, date(2020, 2, 20)),
        (Channel.ORGANISED, 370281_001000, None),
    ):
        worker = make_worker()
        spell = make_spell(
            worker=worker, channel=channel, place=place, left_on=date(2020, 1, 6), ended_on=ended_on,
            end_reason="not_stated" if ended_on else "",
        )  # fmt: skip
        make_income(spell=spell, month=date(2020, 1, 1))
    before = everything()
    batch = brought_back("transfer_ledger")
    assert faults(batch) == []
    assert batch.counts["unchanged"] == 3
    assert everything() == before


def test_a_monitoring_says_its_month_and_comes_back_to_it_months_later() -> None:
    spell = make_spell(worker=make_worker(), left_on=date(2020, 1, 6))
    Spell.objects.filter(pk=spell.pk).update(industry="制造业")  # a monitoring has no row without one
    make_income(spell=spell, month=date(2020, 1, 1))
    data = filled("work_monitor_out", date(2020, 2, 10))
    before = everything()
    batch = make_asked_import(data=data, form="work_monitor_out", at=SPRING.replace(month=9))
    assert months_of(batch) == [(date(2020, 1, 1), 1)]
    tasks.MERGES["work_monitor_out"](import_id=batch.pk, at=SPRING.replace(month=9))
    assert faults(batch) == []
    assert everything() == before


def monthless() -> bytes:
    """Return a monitoring of one person at work, without a word about its month."""
    worker = make_worker()
    make_spell(worker=worker, left_on=date(2020, 1, 6))
    (number,) = [row["证件号码"] for row in lines(filled("national_member_export"))]
    row = {
        "name": worker.name, "identity": number, "employer_name": "青岛衣坊(虚构)", "industry": "制造业",
        "monthly_income": "4500", "channel_of_job": "外出务工", "point_to_point": "否",
    }  # fmt: skip
    return workbook([row], form="work_monitor_out")


def test_a_monitoring_without_its_month_is_of_the_last_that_was_over_and_the_page_says_so(
    client: Client,
) -> None:
    data, last_day = monthless(), datetime.fromisoformat("2020-02-29T23:00+08:00")
    for at, month in ((last_day, 1), (last_day + timedelta(hours=2), 2)):
        batch = make_import(data=data, form="work_monitor_out", at=at, name=f"{month}.xlsx")
        assert months_of(batch) == [(date(2020, month, 1), 1)]
        client.force_login(make_officer(username=f"li{month}"))
        assert f"2020-0{month}（1 行）" in client.get(f"/intake/{batch.pk}/").content.decode()
        set_scope(Scope(territory=range_of(GANSU)))
        refuse_import(import_id=batch.pk, at=at)
        assert months_of(batch) == []


def test_the_command_line_of_a_demonstration_takes_the_month_before_its_own_day(
    settings: LazySettings, tmp_path: Path
) -> None:
    settings.DEMONSTRATION_DAY = date(2020, 11, 2)
    path = tmp_path / "月监测.xlsx"
    path.write_bytes(monthless())
    call_command("intake", str(path), form="work_monitor_out", division=LI_COUNTY)
    set_scope(Scope(territory=range_of(GANSU)))
    assert months_of(Import.objects.get()) == [(date(2020, 10, 1), 1)]


def test_the_county_register_comes_back_unchanged() -> None:
    rows = people()
    before = everything()
    batch = brought_back("yiliang_person")
    assert faults(batch) == []
    assert (batch.counts["unchanged"], batch.counts["rows"]) == (rows, rows)
    assert everything() == before


def test_a_monitoring_in_which_pay_employer_and_industry_are_unknown_comes_back_unchanged() -> None:
    make_spell(worker=make_worker(), left_on=date(2020, 1, 6))
    Spell.objects.update(employer_name="", industry="")
    data = filled("work_monitor_out", date(2020, 2, 10))
    (row,) = lines(data)
    assert [row[title] for title in ("务工企业名称", "所属行业", "务工月收入")] == ["未填报"] * 3
    before = everything()
    batch = make_asked_import(data=data, form="work_monitor_out", at=SPRING)
    tasks.MERGES["work_monitor_out"](import_id=batch.pk, at=SPRING)
    batch.refresh_from_db()
    assert (faults(batch), batch.counts["unchanged"]) == ([], 1)
    assert everything() == before


def test_two_jobs_of_one_month_at_one_place_come_back_each_to_itself() -> None:
    worker = make_worker()
    first = make_spell(worker=worker, left_on=date(2020, 1, 2), ended_on=date(2020, 1, 15))
    Spell.objects.filter(pk=first.pk).update(end_reason="not_stated")
    second = make_spell(worker=worker, left_on=date(2020, 1, 15))
    for spell, fen in ((first, 200_000), (second, 230_000)):
        make_income(spell=spell, month=date(2020, 1, 1), fen=fen)
    before = everything()
    batch = brought_back("work_monitor_out", date(2020, 2, 10))
    assert (faults(batch), batch.counts["unchanged"]) == ([], 2)
    assert everything() == before


def test_the_organiser_of_a_ledger_is_printed_again_and_comes_back_unchanged() -> None:
    for channel, organiser, employer in (
        (Channel.ORGANISED, "青岛劳务工作站", ""), (Channel.SELF_ARRANGED, "", ""),
        (Channel.RETURNED_TO_POST, "", "青岛衣坊(虚构)"), (Channel.ORGANISED, "", "青岛衣坊(虚构)"),
    ):  # fmt: skip
        spell = make_spell(worker=make_worker(), channel=channel, left_on=date(2020, 1, 6))
        Spell.objects.filter(pk=spell.pk).update(organiser=organiser, employer_name=employer)
    printed = [row["组织单位或带队人"] for row in lines(filled("transfer_ledger"))]
    assert printed == ["青岛劳务工作站", "自发", "青岛衣坊(虚构)", None]
    before = everything()
    batch = make_asked_import(data=filled("transfer_ledger", date(2020, 3, 2)), form="transfer_ledger")
    tasks.MERGES["transfer_ledger"](import_id=batch.pk, at=SPRING)
    assert faults(batch) == []
    assert everything() == before


@pytest.mark.parametrize("form", ["national_member_export", "transfer_ledger", "work_monitor_out"])
def test_a_masked_form_of_ours_is_known_by_its_stars_and_nothing_of_it_stays(form: str) -> None:
    make_spell(worker=make_worker(), left_on=date(2020, 1, 6))
    export = ask_for_export(
        form=form, division=LI_COUNTY, whole_identities=False, at=SPRING, by=make_officer()
    )
    tasks.export(export.pk, LI_COUNTY, ON.isoformat(), SPRING.isoformat())
    set_scope(Scope(territory=range_of(GANSU)))
    with pytest.raises(MaskedFileError) as refused:
        make_import(data=(exports_folder() / f"{export.pk}.xlsx").read_bytes(), form=form)
    assert refused.value.values["column"] in ("证件号码", "身份证号")
    assert "星号" in str(words_for(refused.value))
    assert not Import.objects.exists()
