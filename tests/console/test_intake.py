"""``fourdoors intake`` and the tasks behind the pages: one summary line, exit codes, states."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from fourdoors.accounts.models import Deed
from fourdoors.console import tasks
from fourdoors.intake.models import Import, StagedRow
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.register.models import Worker
from fourdoors.store.scope import Scope, set_scope
from tests.engines.sheets.corpus import FIRST, xlsx
from tests.makers.accounts import LI_COUNTY, make_officer
from tests.makers.intake import ROSTER, make_asked_import, make_import, roster_row, workbook
from tests.makers.register import SPRING

pytestmark = pytest.mark.django_db

MAPPING = """
name: tiny
target: job_list
reasons:
  withdrawn: {en: The order was withdrawn., zh: 已撤回。}
refuse:
  - {when: {STATUS: W}, code: withdrawn}
cells:
  employer_name: {from: EMPLOYER, required: true}
  title: {from: JOB, required: true}
  openings: {from: WORKERS, required: true, between: [1, 500]}
"""


@pytest.fixture(autouse=True)
def _in_gansu(db: None) -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("intake", *map(str, arguments), stdout=out)
    set_scope(Scope(territory=range_of(GANSU)))
    return out.getvalue().strip()


def test_a_file_is_checked_and_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(workbook([roster_row(1), roster_row(2, name="")]))

    said = run(path, "--form", ROSTER, "--division", LI_COUNTY)

    assert "checked: rows=2 ready=1 faulty=1 notes=1" in said
    assert len(said.splitlines()) == 1
    assert not Worker.objects.exists()


def test_a_file_is_merged_where_it_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(workbook([roster_row(1), roster_row(2, name="")]))

    said = run(path, "--form", ROSTER, "--division", LI_COUNTY, "--merge")

    assert "merged" in said
    assert "new=1" in said
    assert Worker.objects.count() == 1


def test_the_same_file_again_is_a_failure_of_the_command(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(workbook([roster_row(1)]))
    run(path, "--form", ROSTER, "--division", LI_COUNTY)

    with pytest.raises(CommandError, match=r"already brought in|已于"):
        run(path, "--form", ROSTER, "--division", LI_COUNTY)


@pytest.mark.parametrize("arguments", [["--division", "621226000000"], ["--form", ROSTER, "--division", "1"]])
def test_what_cannot_be_begun_is_refused(arguments: list[str], tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(workbook([roster_row(1)]))
    with pytest.raises(CommandError):
        run(path, *arguments)

    set_scope(Scope(territory=range_of(GANSU)))
    assert not Import.objects.exists()


def test_a_foreign_file_is_read_by_its_mapping(tmp_path: Path) -> None:
    path, mapping = tmp_path / "orders.csv", tmp_path / "tiny.yaml"
    path.write_text(
        "STATUS,EMPLOYER,JOB,WORKERS\nC,Farm A,Picker,12\nW,Farm B,Picker,3\nC,Farm C,Picker,0\nC,,Picker,4\n"
    )
    mapping.write_text(MAPPING)

    said = run(path, "--mapping", mapping)

    rows = StagedRow.objects.order_by("number")
    assert [row.outcome for row in rows] == ["ready", "faulty", "faulty", "faulty"]
    assert rows[0].cells == {"employer_name": "Farm A", "title": "Picker", "openings": "12"}
    assert [[fault["code"] for fault in row.faults] for row in rows[1:]] == [
        ["mapping_reason"], ["mapping_out_of_range"], ["missing"],
    ]  # fmt: skip
    assert rows[1].faults[0]["values"]["zh"] == "已撤回。"
    assert "job_list checked" in said


def test_the_task_of_the_page_checks_in_the_scope_of_the_file() -> None:
    batch = make_import()
    Import.objects.filter(pk=batch.pk).update(state="mapped")
    tasks.stage(batch.pk, batch.division, SPRING.isoformat())
    set_scope(Scope(territory=range_of(GANSU)))

    assert Import.objects.get().state == "checked"


def test_the_task_of_the_page_merges_for_its_officer() -> None:
    officer = make_officer()
    batch = make_asked_import()
    tasks.merge(batch.pk, batch.division, batch.form, officer.pk, SPRING.isoformat())
    set_scope(Scope(territory=range_of(GANSU)))

    assert Import.objects.get().state == "merged"
    assert Worker.objects.count() == 1


def test_a_task_that_breaks_says_that_it_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = make_asked_import()

    def breaks(**_values: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(tasks.MERGES, ROSTER, breaks)
    with pytest.raises(ZeroDivisionError):
        tasks.merge(batch.pk, batch.division, batch.form, None, SPRING.isoformat())
    set_scope(Scope(territory=range_of(GANSU)))

    assert Import.objects.get().state == "failed"
    assert not Worker.objects.exists()


def test_a_second_task_for_a_merged_import_does_nothing() -> None:
    batch = make_asked_import()
    tasks.merge(batch.pk, batch.division, batch.form, None, SPRING.isoformat())
    decided = Deed.objects.count()
    tasks.merge(batch.pk, batch.division, batch.form, None, SPRING.isoformat())
    tasks.stage(batch.pk, batch.division, SPRING.isoformat())
    set_scope(Scope(territory=range_of(GANSU)))

    assert Import.objects.get().state == "merged"
    assert Worker.objects.count() == 1
    assert Deed.objects.count() == decided


def test_a_file_whose_columns_are_not_certain_waits_for_the_page(tmp_path: Path) -> None:
    path = tmp_path / "odd.xlsx"
    path.write_bytes(xlsx([["谁", "号码", "几个月", "哪家", "哪天走"], FIRST]))
    with pytest.raises(CommandError):
        run(path, "--form", "transfer_ledger", "--division", LI_COUNTY, "--merge")
    set_scope(Scope(territory=range_of(GANSU)))

    assert Import.objects.get().state == "received"
    assert not StagedRow.objects.exists()


def test_a_mapping_of_ours_is_called_by_its_name_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match=r'called "us_h2b".*us_h2a_fy2017'):
        run(path, "--mapping", "us_h2b", "--division", GANSU)
    assert not Import.objects.exists()
    with pytest.raises(CommandError, match="mapping_misfit"):
        run(path, "--mapping", "us_h2a_fy2017", "--division", GANSU)
