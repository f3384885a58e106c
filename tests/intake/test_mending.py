"""A cell corrected on the page, a finding explained and signed: what changes, and what does not."""

from datetime import timedelta

import pytest

from fourdoors.accounts.models import Deed, Officer
from fourdoors.intake.models import Amendment, Exemption, Import, StagedRow
from fourdoors.intake.rules import Code, Fault, Severity, severity_of
from fourdoors.intake.services import (
    ColumnNotThereError,
    NotExplainableError,
    NotNowError,
    ReasonMissingError,
    amend_cells,
    annotated_workbook,
    close_review,
    explain_finding,
    refuse_import,
    stage_rows,
)
from fourdoors.intake.services.mending import exemptions_for
from fourdoors.store.vault import vault
from tests.makers.accounts import DANGCHANG, LI_COUNTY, make_officer
from tests.makers.intake import make_import, roster_row, workbook
from tests.makers.register import SPRING

pytestmark = pytest.mark.django_db

WRONG = {"education": "初小"}
ODD = {"workplace": ""}  # months of work without a place: to be explained


def file_of(*rows: dict[str, str], division: int = LI_COUNTY, name: str = "花名册.xlsx") -> Import:
    return make_import(data=workbook(list(rows)), division=division, name=name)


def row_of(batch: Import, number: int) -> StagedRow:
    return StagedRow.objects.get(batch=batch, number=number)


def amend(batch: Import, number: int, column: str, text: str, *, alike: bool = False) -> int:
    cells = amend_cells(
        import_id=batch.pk, row_id=row_of(batch, number).pk, column=column, text=text, alike=alike,
        at=SPRING, by=officer(),
    )  # fmt: skip
    stage_rows(import_id=batch.pk, at=SPRING)
    batch.refresh_from_db()
    return cells


def officer() -> Officer:
    return Officer.objects.filter(username="li").first() or make_officer(username="li")


def explain(
    batch: Import, number: int | None, code: str = "months_without_place", reason: str = "在家门口"
) -> int:
    rows = explain_finding(
        import_id=batch.pk, row_id=row_of(batch, number).pk if number else None, column="workplace",
        code=code, reason=reason, at=SPRING, by=officer(),
    )  # fmt: skip
    stage_rows(import_id=batch.pk, at=SPRING)
    batch.refresh_from_db()
    return rows


def test_a_corrected_cell_is_checked_with_its_row_and_the_file_stays() -> None:
    batch = file_of(roster_row(1, **WRONG), roster_row(2))
    sent = bytes(batch.file_cipher or b"")

    assert amend(batch, 2, "education", "小学") == 1
    assert (batch.counts["ready"], batch.counts["faulty"]) == (2, 0)
    assert row_of(batch, 2).cells["education"] == "primary"
    assert bytes(Import.objects.get().file_cipher or b"") == sent
    assert Deed.objects.filter(action="intake.amended").count() == 1


def test_a_correction_that_is_wrong_too_is_told_again() -> None:
    batch = file_of(roster_row(1, **WRONG))
    amend(batch, 2, "education", "半文盲吧")

    assert batch.counts["faulty"] == 1
    assert row_of(batch, 2).faults[0]["values"]["text"] == "半文盲吧"


def test_one_correction_serves_all_alike_and_only_those() -> None:
    rows = [roster_row(1, **WRONG), roster_row(2, **WRONG), roster_row(4, education="私塾"), roster_row(5)]
    batch = file_of(*rows)

    assert amend(batch, 2, "education", "小学", alike=True) == 2
    assert batch.counts["ready"] == 3
    assert row_of(batch, 4).faults[0]["values"]["text"] == "私塾"


def test_a_sound_cell_may_be_corrected_too_and_is_alike_to_no_other() -> None:
    batch = file_of(roster_row(1), roster_row(2))
    assert amend(batch, 2, "education", " 小学 ", alike=True) == 1
    assert [row_of(batch, number).cells["education"] for number in (2, 3)] == ["primary", "junior_middle"]


def test_alike_is_what_was_found_in_this_column_and_in_no_other() -> None:
    both = roster_row(1, education="初小", labour_capacity="能")
    batch = file_of(both, roster_row(2, labour_capacity="能"), roster_row(4, education="初小"))
    assert amend(batch, 2, "education", "小学", alike=True) == 2
    assert {one.number for one in Amendment.objects.all()} == {2, 4}


def test_the_last_correction_of_a_cell_counts_and_names_who_made_it() -> None:
    batch = file_of(roster_row(1, **WRONG))
    wang = make_officer(username="wang")
    amend(batch, 2, "education", "大学")
    close_review(import_id=batch.pk, at=SPRING, by=officer())
    amend_cells(
        import_id=batch.pk, row_id=row_of(batch, 2).pk, column="education", text="  小学\n", alike=False,
        at=SPRING + timedelta(days=1), by=wang,
    )  # fmt: skip

    kept = Amendment.objects.get()
    assert (kept.amended_by, kept.amended_at) == (wang, SPRING + timedelta(days=1))
    assert vault().open("private", kept.text_cipher) == "小学"


def test_a_corrected_identity_number_is_sealed_and_brings_its_checks() -> None:
    right = roster_row(1)["identity"]
    batch = file_of(roster_row(1, identity="1"), roster_row(4, identity=right, sex="", born_on=""))
    amend(batch, 2, "identity", right)

    assert right not in str(row_of(batch, 2).cells)
    assert row_of(batch, 3).faults[0]["code"] == Code.TWICE_IN_FILE
    assert right.encode() not in bytes(Amendment.objects.get().text_cipher)


@pytest.mark.parametrize("column", ["ethnicity", "no_such_key", ""])
def test_what_must_not_be_stored_cannot_come_in_by_the_page(column: str) -> None:
    batch = file_of(roster_row(1, **WRONG))
    with pytest.raises(ColumnNotThereError):
        amend(batch, 2, column, "x")

    assert not Amendment.objects.exists()


def test_an_explained_finding_lets_the_row_in_and_names_the_signer() -> None:
    batch = file_of(roster_row(1, **ODD), roster_row(2, **ODD))
    assert batch.counts["faulty"] == 2

    assert explain(batch, 2) == 1
    assert (batch.counts["ready"], batch.counts["faulty"]) == (1, 1)
    fault = Fault(**row_of(batch, 2).faults[0])
    assert fault.severity is Severity.NOTE
    assert "在家门口" in fault.explained
    assert str(officer()) in fault.explained
    assert Exemption.objects.get().signed_by == officer()
    assert Deed.objects.filter(action="intake.explained").count() == 1


def test_every_row_with_the_finding_may_be_explained_at_once() -> None:
    batch = file_of(roster_row(1, **ODD), roster_row(2, **ODD), roster_row(4, education="初小"))

    assert explain(batch, None) == 2
    assert (batch.counts["ready"], batch.counts["faulty"]) == (2, 1)


def test_the_county_is_not_asked_again_and_another_county_is() -> None:
    explain(file_of(roster_row(1, **ODD)), 2)

    assert file_of(roster_row(1, **ODD), roster_row(2), name="again.xlsx").counts["ready"] == 2
    assert file_of(roster_row(1, **ODD, county="宕昌县", township="", village=""), division=DANGCHANG).counts[
        "faulty"
    ]


def test_an_explanation_is_of_one_finding_and_hides_no_other() -> None:
    batch = file_of(roster_row(1, workplace="", labour_capacity="无劳动力"))
    explain(batch, 2)

    assert batch.counts["faulty"] == 1
    assert [fault.get("explained", "") == "" for fault in row_of(batch, 2).faults] == [False, True]


@pytest.mark.parametrize("code", ["missing", "identity_form", "under_sixteen_working", "two_heads"])
def test_what_stops_a_row_is_never_explained_away(code: str) -> None:
    batch = file_of(roster_row(1, **ODD))
    with pytest.raises(NotExplainableError):
        explain(batch, 2, code=code)
    assert not Exemption.objects.exists()


def test_an_explanation_is_of_the_column_it_was_signed_for() -> None:
    batch = file_of(roster_row(1, **ODD))
    done = explain_finding(
        import_id=batch.pk, column="months_worked", code="months_without_place", reason="在家门口",
        at=SPRING, by=officer(),
    )  # fmt: skip
    assert done == 0
    assert not Exemption.objects.exists()
    assert Deed.objects.get(action="intake.explained").values["rows"] == 0


def test_the_first_explanation_stays_and_a_long_one_is_cut() -> None:
    batch = file_of(roster_row(1, **ODD))
    explain(batch, 2, reason=f" {'在' * 201} ")
    explain(batch, 2, reason="另一说法")

    assert Exemption.objects.get().reason == "在" * 200


def test_what_was_explained_in_one_form_is_asked_again_in_another() -> None:
    first = file_of(roster_row(1, **ODD))
    explain(first, 2)
    assert len(exemptions_for(first)) == 1
    assert exemptions_for(Import(form="transfer_ledger", division=LI_COUNTY)) == {}
    assert len(exemptions_for(Import(form=first.form, division=LI_COUNTY + 100_000))) == 1  # a township


def test_an_explanation_has_a_reason() -> None:
    batch = file_of(roster_row(1, **ODD))
    with pytest.raises(ReasonMissingError):
        explain(batch, 2, reason="  ")
    assert batch.counts["faulty"] == 1


def test_a_decided_import_is_neither_corrected_nor_explained_and_keeps_no_correction() -> None:
    batch = file_of(roster_row(1, **WRONG), roster_row(2, **ODD))
    amend(batch, 2, "education", "小学")
    row = row_of(batch, 2).pk
    refuse_import(import_id=batch.pk, at=SPRING)

    assert not Amendment.objects.exists()
    with pytest.raises(NotNowError):
        amend_cells(
            import_id=batch.pk, row_id=row, column="education", text="小学", alike=False, at=SPRING,
            by=officer(),
        )  # fmt: skip
    with pytest.raises(NotNowError):
        explain(batch, None)
    assert not Amendment.objects.exists()
    assert not Exemption.objects.exists()


def test_every_check_has_a_severity_and_unknown_codes_stop() -> None:
    assert {severity_of(code.value) for code in Code} == set(Severity)
    assert severity_of("identity_broken") is Severity.STOP
    assert severity_of(Code.UNDER_SIXTEEN_WORKING) is Severity.STOP


def test_the_file_that_goes_back_holds_the_corrections_and_comes_in_again_as_it_is() -> None:
    batch = file_of(roster_row(1, **WRONG), roster_row(2, name=""), roster_row(4))
    amend(batch, 2, "education", "小学")
    back = annotated_workbook(batch=batch, say=lambda fault: fault.code, summary=[("行数", "3")])
    refuse_import(import_id=batch.pk, at=SPRING)

    again = make_import(data=back)
    assert (again.counts["rows"], again.counts["ready"], again.counts["notes"]) == (3, 2, 1)
    assert row_of(again, 2).cells["education"] == "primary"
