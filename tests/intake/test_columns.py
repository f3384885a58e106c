"""Columns that nobody is sure of: proposed, confirmed, remembered; and not one row read before."""

import pytest

from fourdoors.accounts.models import Deed
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.services import (
    ColumnTwiceError,
    HeaderIncompleteError,
    HeaderUnknownError,
    NotNowError,
    columns_shown,
    confirm_columns,
    receive_file,
    refuse_import,
    stage_rows,
)
from tests.engines.sheets.corpus import FIRST, SECOND, TITLES, csv, xlsx
from tests.makers.accounts import DANGCHANG, LI_COUNTY, make_officer
from tests.makers.intake import workbook
from tests.makers.register import SPRING

pytestmark = pytest.mark.django_db

LEDGER = "transfer_ledger"
ODD = ["谁", "号码", "几个月", "哪家", "哪天走"]
MEANT = {1: "name", 2: "identity", 3: "months_worked", 4: "employer_name", 5: "left_on"}


def receive(data: bytes, *, division: int = LI_COUNTY, form: str = LEDGER) -> Import:
    return receive_file(form=form, division=division, data=data, name="台账.xlsx", at=SPRING)


def odd(*lines: list[str]) -> bytes:
    return xlsx([["某某村外出人员"], ODD, *(lines or (FIRST, SECOND))])


def test_a_file_whose_titles_say_little_waits_and_shows_what_its_cells_look_like() -> None:
    batch = receive(odd())
    ((sheet, columns),) = columns_shown(batch)

    assert batch.state == "received"
    assert sheet == "台账"
    assert {column.at: column.key for column in columns if column.key} == {
        1: "name",
        2: "identity",
        5: "left_on",
    }
    assert columns[1].samples == ("991***27", "991***9X")
    with pytest.raises(NotNowError):
        stage_rows(import_id=batch.pk, at=SPRING)


def test_what_is_confirmed_is_read_and_stands_in_the_trail() -> None:
    officer = make_officer()
    batch = confirm_columns(import_id=receive(odd()).pk, chosen={"台账": MEANT}, at=SPRING, by=officer)

    assert batch.state == "mapped"
    assert stage_rows(import_id=batch.pk, at=SPRING).counts["ready"] == 2
    assert StagedRow.objects.order_by("number")[1].cells["employer_name"] == SECOND[3]
    assert Deed.objects.get(action="intake.mapped").officer_id == officer.pk


def test_the_county_remembers_and_no_other_county_does() -> None:
    first = receive(odd())
    confirm_columns(import_id=first.pk, chosen={"台账": MEANT}, at=SPRING)

    again = receive(odd(SECOND), division=LI_COUNTY + 100_000)  # a township of it
    assert again.state == "mapped"
    assert again.mapping["sheets"] == {"台账": {key: at for at, key in MEANT.items()}}
    assert receive(odd(SECOND), division=DANGCHANG).state == "received"
    assert receive(xlsx([[*ODD[:4], "日子"], FIRST])).state == "received"


def test_the_last_word_is_remembered() -> None:
    first, second = receive(odd()), receive(odd(SECOND))
    confirm_columns(import_id=first.pk, chosen={"台账": MEANT}, at=SPRING)
    confirm_columns(import_id=second.pk, chosen={"台账": {**MEANT, 4: "post"}}, at=SPRING)

    assert receive(odd(FIRST)).mapping["sheets"]["台账"]["post"] == 4


def test_a_table_without_a_header_is_confirmed_each_time() -> None:
    data = csv([FIRST, SECOND]).encode()
    batch = receive(data)
    confirm_columns(import_id=batch.pk, chosen={"台账": MEANT}, at=SPRING)

    assert stage_rows(import_id=batch.pk, at=SPRING).counts["ready"] == 2
    assert receive(csv([SECOND, FIRST]).encode()).state == "received"


@pytest.mark.parametrize(
    ("chosen", "error"),
    [
        ({**MEANT, 4: "name"}, ColumnTwiceError),
        ({1: "name", 2: "identity"}, HeaderIncompleteError),
        ({}, HeaderUnknownError),
        ({1: "ethnicity", 2: "no_such_key"}, HeaderUnknownError),
    ],
)
def test_what_makes_no_table_is_refused_and_nothing_changes(
    chosen: dict[int, str], error: type[Exception]
) -> None:
    batch = receive(odd())
    with pytest.raises(error):
        confirm_columns(import_id=batch.pk, chosen={"台账": chosen}, at=SPRING)

    batch.refresh_from_db()
    assert batch.state == "received"
    assert "confirmed" not in batch.mapping


def test_checked_columns_may_be_corrected_and_decided_ones_not() -> None:
    batch = receive(xlsx([[*TITLES, "干啥"], [*FIRST, "焊工"]]))
    stage_rows(import_id=batch.pk, at=SPRING)
    confirm_columns(import_id=batch.pk, chosen={"台账": {**MEANT, 6: "post"}}, at=SPRING)
    stage_rows(import_id=batch.pk, at=SPRING)

    assert StagedRow.objects.get().cells["post"] == "焊工"
    refuse_import(import_id=batch.pk, at=SPRING)
    with pytest.raises(NotNowError):
        confirm_columns(import_id=batch.pk, chosen={"台账": MEANT}, at=SPRING)


def test_a_needed_column_that_nobody_can_mean_is_named_at_once() -> None:
    with pytest.raises(HeaderIncompleteError) as refusal:
        receive(xlsx([TITLES[:4], FIRST[:4]]))

    assert refusal.value.values["missing"] == "输转时间"
    assert not Import.objects.exists()


def test_a_column_that_must_not_be_stored_cannot_be_chosen_and_shows_no_cell() -> None:
    batch = receive(xlsx([[*ODD, "民族"], [*FIRST, "某族"]]))
    ((_, columns),) = columns_shown(batch)

    assert (columns[-1].reason, columns[-1].samples) == ("ethnicity", ())
    confirm_columns(import_id=batch.pk, chosen={"台账": {**MEANT, 6: "remarks"}}, at=SPRING)
    stage_rows(import_id=batch.pk, at=SPRING)
    assert "某族" not in str(StagedRow.objects.get().cells)


def test_every_form_that_is_merged_knows_its_own_paper() -> None:
    assert receive(workbook([{}], form="job_list"), form="job_list").state == "mapped"
