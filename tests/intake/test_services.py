"""A file comes in, is checked, refused or sent back: what is written, and what is not."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import connection

from fourdoors.accounts.models import Deed
from fourdoors.engines.sheets.errors import SheetUnreadableError
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.rules import Fault
from fourdoors.intake.selectors import faults_by_code, imports_visible_to, rows_with_faults
from fourdoors.intake.services import (
    AlreadyBroughtInError,
    FileGoneError,
    FormUnknownError,
    HeaderIncompleteError,
    HeaderUnknownError,
    NotNowError,
    OutsideTerritoryError,
    annotated_workbook,
    ask_for_merge,
    begin_merge,
    fail_import,
    forget_files,
    receive_file,
    refuse_import,
    rows_to_merge,
    stage_rows,
)
from tests.makers.accounts import DANGCHANG, LI_COUNTY, make_officer
from tests.makers.intake import ROSTER, make_asked_import, make_import, roster_row, workbook
from tests.makers.register import SPRING

pytestmark = pytest.mark.django_db

SENSITIVE = ("某族", "某面貌", "某健康", "某残疾")


def everything_in_the_database() -> str:
    """Return every row of every table as text: what the application may read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            " AND table_name <> 'accounts_division'"
        )
        said = []
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM \"{table}\" t")
            said.append(cursor.fetchone()[0])
    return "\n".join(said)


def test_a_file_is_received_sealed_and_its_columns_are_named() -> None:
    data = workbook([roster_row()])
    batch = receive_file(form=ROSTER, division=LI_COUNTY, data=data, name="花名册.xlsx", at=SPRING)

    assert batch.state == "mapped"
    assert data not in bytes(batch.file_cipher or b"")
    assert batch.mapping["sheets"]["成员"]["identity"] == 12
    assert {"sheet": "成员", "title": "民族", "reason": "ethnicity"} in batch.dropped
    assert Deed.objects.get().action == "intake.received"


def test_what_must_not_be_stored_is_nowhere_and_identity_numbers_are_sealed() -> None:
    row = roster_row()
    batch = make_import(data=workbook([row, roster_row(2, identity="1")]))

    said = everything_in_the_database()
    assert "城关镇" in said  # what may be stored is there: the search works
    for word in (*SENSITIVE, row["identity"], row["phone"]):
        assert word not in said
    reasons = {dropped["reason"] for dropped in batch.dropped}
    assert reasons == {"ethnicity", "politics", "health", "not_needed"}
    assert len(batch.dropped) == 16


def test_the_same_bytes_again_are_refused_and_nothing_changes() -> None:
    data = workbook([roster_row()])
    first = make_import(data=data)
    with pytest.raises(AlreadyBroughtInError) as refusal:
        make_import(data=data, name="另一个名字.xlsx")

    assert refusal.value.values == {"on": date(2020, 3, 1), "number": first.pk}
    assert Import.objects.count() == 1


def test_the_same_bytes_may_come_for_another_place_and_again_after_a_refusal() -> None:
    data = workbook([roster_row()])
    refuse_import(import_id=make_import(data=data).pk, at=SPRING)

    make_import(data=data)
    make_import(data=data, division=DANGCHANG)

    assert Import.objects.count() == 3


@pytest.mark.parametrize("form", ["payment_request", "nothing"])
def test_a_form_without_a_merge_is_refused(form: str) -> None:
    with pytest.raises(FormUnknownError):
        receive_file(form=form, division=LI_COUNTY, data=b"", name="x", at=SPRING)


def test_an_officer_brings_in_for_the_own_place_only() -> None:
    with pytest.raises(OutsideTerritoryError):
        make_import(division=DANGCHANG, by=make_officer())

    assert not Import.objects.exists()


def test_a_file_that_is_none_is_refused_before_anything_is_written() -> None:
    with pytest.raises(SheetUnreadableError):
        make_import(data=b"\x00\x01\x02")
    with pytest.raises(HeaderUnknownError):
        make_import(data="甲,乙\n1,2\n".encode())
    with pytest.raises(HeaderIncompleteError) as refusal:
        make_import(data=workbook([roster_row()], without=["identity", "household_number"]))

    assert refusal.value.values["missing"] == "户编号、证件号码"
    assert not Import.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_of_any_office_program_is_read(encoding: str) -> None:
    row = roster_row()
    text = f'花名册\n户编号,姓名,证件号码,村,乡\n1,{row["name"]},="{row["identity"]}",北关社区,城关镇\n'
    batch = make_import(data=text.encode(encoding), name="花名册.csv")

    assert batch.counts["ready"] == 1


def test_rows_are_counted_and_the_faulty_ones_come_first() -> None:
    rows = [
        roster_row(1),
        roster_row(2, name=""),
        roster_row(4, name="马𠮷"),
        roster_row(5, identity="1", sex="x"),
    ]
    batch = make_import(data=workbook(rows))

    assert batch.state == "checked"
    assert batch.counts == {"rows": 4, "ready": 2, "faulty": 2, "notes": 4}
    assert [row.number for row in rows_with_faults(batch)] == [3, 5, 4]
    assert ("name", "missing", 1) in [(it.column, it.code, it.count) for it in faults_by_code(batch)]


def test_checking_again_begins_anew() -> None:
    batch = make_import()
    stage_rows(import_id=batch.pk, at=SPRING)

    assert StagedRow.objects.filter(batch=batch).count() == 1


def test_a_refused_import_keeps_no_row_and_cannot_be_decided_again() -> None:
    batch = make_import(data=workbook([roster_row(), roster_row(2, name="")]))
    refuse_import(import_id=batch.pk, at=SPRING, by=make_officer())

    assert not StagedRow.objects.exists()
    for deed in (refuse_import, ask_for_merge, stage_rows):
        with pytest.raises(NotNowError):
            deed(import_id=batch.pk, at=SPRING)


def test_rows_are_read_for_merging_with_their_sealed_cells_open() -> None:
    row = roster_row()
    batch = make_asked_import(data=workbook([row, roster_row(2, name="")]))
    (read,) = rows_to_merge(begin_merge(import_id=batch.pk, form=ROSTER))

    assert (read.number, read.cells["identity"], read.cells["phone"]) == (2, row["identity"], row["phone"])
    assert "employer_name" in read.cells


def test_nothing_is_merged_that_nobody_asked_for() -> None:
    batch = make_import()
    with pytest.raises(NotNowError):
        begin_merge(import_id=batch.pk, form=ROSTER)
    ask_for_merge(import_id=batch.pk, at=SPRING)
    with pytest.raises(NotNowError):
        begin_merge(import_id=batch.pk, form="job_list")


def test_a_merge_that_broke_off_may_be_asked_for_again() -> None:
    batch = make_asked_import()
    fail_import(import_id=batch.pk, at=SPRING)
    assert Import.objects.get().state == "failed"

    ask_for_merge(import_id=batch.pk, at=SPRING)
    assert Import.objects.get().state == "merging"


def test_saying_that_it_failed_leaves_a_decided_import_alone() -> None:
    batch = make_import()
    refuse_import(import_id=batch.pk, at=SPRING)
    fail_import(import_id=batch.pk, at=SPRING)

    assert Import.objects.get().state == "refused"


def test_the_same_workbook_comes_back_with_a_note_beside_each_wrong_cell() -> None:
    rows = [roster_row(1), roster_row(2, name=""), roster_row(4, sex="x", education="初小")]
    batch = make_import(data=workbook(rows, title="礼县花名册"))

    back = annotated_workbook(batch=batch, say=said, summary=[("行数", "3")])

    book = openpyxl.load_workbook(io.BytesIO(back))
    tab = book["成员"]
    notes = {cell.coordinate: cell.comment.text for line in tab.iter_rows() for cell in line if cell.comment}
    assert notes == {"H4": "name: missing", "I5": "sex: not_in_list", "R5": "education: not_in_list"}
    assert tab["H4"].fill.fgColor.rgb == "FFFFC1BD"
    assert tab["H3"].value == roster_row(1)["name"]


def said(fault: Fault) -> str:
    return f"{fault.column}: {fault.code}"


def test_a_file_is_forgotten_thirty_days_after_the_decision() -> None:
    batch = make_import()
    refuse_import(import_id=batch.pk, at=SPRING)

    assert forget_files(at=SPRING + timedelta(days=29, hours=23)) == 0
    assert forget_files(at=SPRING + timedelta(days=30)) == 1
    with pytest.raises(FileGoneError):
        annotated_workbook(batch=batch, say=said)


def test_a_county_sees_its_own_imports_and_no_others() -> None:
    here, there = make_import(), make_import(division=DANGCHANG)

    assert list(imports_visible_to(officer=make_officer())) == [here]
    sibling = make_officer(username="dang", division=DANGCHANG)
    assert list(imports_visible_to(officer=sibling)) == [there]
