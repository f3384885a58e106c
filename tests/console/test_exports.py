"""Filled forms: every row once, counted once and told three times, inert, and only to who asked."""

import io
import os
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import LazySettings
from django.test import Client

from fourdoors.accounts.models import Deed, Officer
from fourdoors.accounts.rules import Duty
from fourdoors.console import tasks
from fourdoors.engines.sheets import FORMS
from fourdoors.intake.models import Export
from fourdoors.intake.rules import EXPORT_FORMS
from fourdoors.intake.services import (
    FormUnknownError,
    OutsideTerritoryError,
    ask_for_export,
    exports_folder,
    forget_exports,
    make_export,
    manifest_of,
    progress_of,
    watermark_of,
)
from fourdoors.kernel.divisions import range_of
from fourdoors.register.models import Worker
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import DANGCHANG, GANSU, LI_COUNTY, make_officer
from tests.makers.employment import make_income, make_spell
from tests.makers.intake import make_asked_import
from tests.makers.register import SPRING, make_household, make_membership, make_worker
from tests.makers.subsidies import ZHOUQU, make_checker, make_list

pytestmark = pytest.mark.django_db
ROSTER = "national_member_export"
ON = date(2020, 5, 2)
JUNE = datetime.fromisoformat("2020-06-01T10:00+08:00")


@pytest.fixture(autouse=True)
def _home(db: None, settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    set_scope(Scope(territory=range_of(GANSU)))


def asked(form: str = ROSTER, *, by: Officer | None = None, whole: bool = True) -> Export:
    about, division, by = "", LI_COUNTY, by or make_officer()
    if form == "payment_list":
        about, division, by = make_list().number, ZHOUQU, make_checker()
    return ask_for_export(form=form, division=division, whole_identities=whole, at=SPRING, by=by, about=about)


def made(export: Export, on: date = ON) -> openpyxl.Workbook:
    tasks.export(export.pk, export.division, on.isoformat(), SPRING.isoformat())
    set_scope(Scope(territory=range_of(GANSU)))
    export.refresh_from_db()
    return openpyxl.load_workbook(exports_folder() / f"{export.pk}.xlsx")


def lines(book: openpyxl.Workbook) -> list[dict[str, Any]]:
    """Return the rows of every sheet of the table by title; each sheet has the titles again."""
    found = []
    for tab in book.worksheets:
        rows = list(tab.iter_rows(values_only=True))
        filled = [sum(cell not in (None, "") for cell in row) for row in rows[:5]]
        top = filled.index(max(filled)) if max(filled, default=0) > 2 else None  # below the groups of columns
        if top is not None and tab.sheet_state == "visible":
            found += [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]
    return found


def written(count: int, sheet_rows: int, folder: Path) -> tuple[Export, openpyxl.Workbook]:
    """Write ``count`` rows on sheets of ``sheet_rows`` rows, three of which stand above the table."""
    export = asked()
    rows = ({"name": f"人{at}"} for at in range(count))
    done = make_export(
        export=export, records=rows, folder=folder, watermark="谁", manifest=manifest_of, at=SPRING,
        sheet_rows=sheet_rows,
    )  # fmt: skip
    return done, openpyxl.load_workbook(folder / f"{export.pk}.xlsx")


@pytest.mark.parametrize(("count", "sheets"), [(0, 1), (1, 1), (6, 1), (7, 1), (8, 2), (14, 2), (15, 3)])
def test_rows_at_the_edge_of_a_sheet_are_all_there_and_told_three_times(
    count: int, sheets: int, tmp_path: Path
) -> None:
    done, book = written(count, 10, tmp_path)

    assert [row["姓名"] for row in lines(book)] == [f"人{at}" for at in range(count)]
    manifest = {row[0]: row[1] for row in book["导出清单"].iter_rows(values_only=True)}
    deed = Deed.objects.get(action="intake.export_made")
    assert (manifest["行数"], manifest["工作表数"]) == (str(count), str(sheets))
    assert (deed.values["rows"], deed.values["sheets"], deed.values["hash"]) == (
        count, sheets, done.file_hash,
    )  # fmt: skip
    assert (done.rows, done.sheets, done.state) == (count, sheets, "made")
    assert sum(tab.title.startswith(FORMS[ROSTER].title[:20]) for tab in book.worksheets) == sheets


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_looks_like_a_formula_is_text(sign: str) -> None:
    worker = make_worker(name=f"{sign}HYPERLINK(1)")
    make_membership(worker=worker, household=make_household())
    (row,) = made(asked())[FORMS[ROSTER].title].iter_rows(min_row=4)
    cell = next(one for one in row if "HYPERLINK" in str(one.value))
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_the_roster_is_filled_in_and_carries_who_took_it_out(settings: LazySettings) -> None:
    settings.DEMONSTRATION = True
    worker = make_worker(name="马强")
    make_membership(worker=worker, household=make_household())
    export = asked()
    book = made(export)

    (row,) = lines(book)
    assert (row["省"], row["县"], row["姓名"], row["年度"]) == ("甘肃省", "礼县", "马强", 2020)
    assert len(row["证件号码"]) == 18
    assert isinstance(row["证件号码"], str)
    assert not {"民族", "政治面貌", "健康状况", "残疾类别"} & set(row)
    tab = book.worksheets[0]
    for mark in (str(tab["A2"].value), str(tab.oddFooter.left.text)):
        assert str(export.asked_by) in mark
        assert "礼县" in mark
    assert "虚构" in str(tab["A2"].value)
    assert tab.data_validations.dataValidation


def test_numbers_are_masked_for_who_may_not_have_them() -> None:
    make_membership(worker=make_worker(), household=make_household())
    (row,) = lines(made(asked(whole=False)))
    assert row["证件号码"].startswith("*" * 15)


def test_an_exported_ledger_may_come_in_again_and_changes_nothing() -> None:
    spell = make_spell(worker=make_worker())
    make_income(spell=spell, month=date(2020, 4, 1), fen=450_000)
    export = asked("transfer_ledger")
    (row,) = lines(made(export))
    assert (row["务工县"], row["月收入"], row["累计务工月数"]) == ("胶州市", 4500, 1)

    data = (exports_folder() / f"{export.pk}.xlsx").read_bytes()
    batch = make_asked_import(
        data=data, form="transfer_ledger", at=datetime.fromisoformat("2020-06-01T10:00+08:00")
    )
    tasks.MERGES["transfer_ledger"](import_id=batch.pk, at=SPRING)
    batch.refresh_from_db()
    assert (batch.counts["unchanged"], batch.counts["faulty"]) == (1, 0)  # known: nobody has to be named


def test_who_is_at_school_is_written_down_as_at_school() -> None:
    for at_school in (False, True):
        worker = make_worker()
        make_membership(worker=worker, household=make_household())
        Worker.objects.filter(pk=worker.pk).update(at_school=at_school)
    assert [row["在校生状况"] for row in lines(made(asked()))] == [None, "在校"]


def test_the_monitoring_of_the_month_before_is_filled_in() -> None:
    spell = make_spell(worker=make_worker())
    make_income(spell=spell, month=date(2020, 4, 1), fen=460_000)
    (row,) = lines(made(asked("work_monitor_out")))
    assert (row["务工月收入"], row["就业渠道"], row["是否点对点输送"]) == (4600, "外出务工", "否")
    (quarter,) = lines(made(asked("household_wage_quarterly")))
    assert (quarter["4-6月"], quarter["1-3月"], quarter["年份"]) == (4600, None, 2020)


@pytest.mark.parametrize("form", EXPORT_FORMS)
def test_every_form_that_is_filled_in_has_its_rows_and_no_column_that_must_not_be_kept(form: str) -> None:
    assert set(tasks.ROWS) == set(EXPORT_FORMS)
    book = made(asked(form))
    titles = {cell for row in book.worksheets[0].iter_rows(values_only=True, max_row=4) for cell in row}
    never = {title for column in FORMS[form].readable if column.dropped for title in column.titles}
    assert titles >= {column.titles[0] for column in FORMS[form].kept}
    assert not titles & never


def test_people_of_another_county_are_not_in_the_file() -> None:
    make_worker(village=DANGCHANG + 100_201)
    export = asked()
    assert lines(made(export)) == []
    assert export.rows == 0


def test_nobody_asks_for_another_place_or_a_form_that_nothing_fills() -> None:
    with pytest.raises(OutsideTerritoryError):
        ask_for_export(form=ROSTER, division=DANGCHANG, whole_identities=False, at=SPRING, by=make_officer())
    with pytest.raises(FormUnknownError):
        asked("no_such_form")
    station = make_officer(username="s", duty=Duty.STATION)
    with pytest.raises(OutsideTerritoryError):
        asked(by=station)
    assert not Export.objects.exists()


def test_an_export_that_breaks_off_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> Any:
        yield {"name": "一"}
        raise OSError("disk")

    monkeypatch.setitem(tasks.ROWS, ROSTER, breaks)
    export = asked()
    with pytest.raises(OSError, match="disk"):
        made(export)
    set_scope(Scope(territory=range_of(GANSU)))
    export.refresh_from_db()
    assert export.state == "failed"
    assert list(exports_folder().iterdir()) == []
    assert not Deed.objects.filter(action="intake.export_made").exists()


def test_how_far_it_is_can_be_read_meanwhile(tmp_path: Path) -> None:
    export, seen = asked(), []

    def rows() -> Any:
        for at in range(4_001):
            seen.append(progress_of(export=export, folder=tmp_path))
            yield {"name": str(at)}

    make_export(export=export, records=rows(), folder=tmp_path, watermark="", manifest=manifest_of, at=SPRING)
    assert (seen[0], seen[2_100], seen[4_000]) == (0, 2_000, 4_000)
    assert [path.name for path in tmp_path.iterdir()] == [f"{export.pk}.xlsx"]
    assert (tmp_path / f"{export.pk}.xlsx").stat().st_mode & 0o77 == 0


def test_files_go_after_a_day() -> None:
    export = asked()
    made(export)
    path = exports_folder() / f"{export.pk}.xlsx"
    now = datetime.fromisoformat("2026-01-02T10:00+08:00")
    os.utime(path, (now.timestamp(), now.timestamp()))
    assert forget_exports(folder=exports_folder(), at=now + timedelta(hours=23)) == 0
    assert path.exists()
    assert forget_exports(folder=exports_folder(), at=now + timedelta(hours=24)) == 1
    assert not path.exists()
    assert Export.objects.get().state == "gone"


def page_of(client: Client, officer: Officer) -> str:
    client.force_login(officer)
    return client.get("/intake/exports/").content.decode()


def test_who_asked_takes_the_file_and_nobody_else_even_sees_it(client: Client) -> None:
    make_worker()
    owner = make_officer()
    client.force_login(owner)
    answer = client.post("/intake/exports/", {"form": ROSTER, "division": LI_COUNTY})
    assert answer.status_code == 302
    set_scope(Scope(territory=range_of(GANSU)))
    export = Export.objects.get()
    assert "正在生成" in page_of(client, owner)
    assert "every 2s" in client.get("/intake/exports/state/").content.decode()
    made(export)
    assert "下载" in page_of(client, owner)
    assert "个工作表" not in page_of(client, owner)
    Export.objects.update(sheets=2)
    assert "分在 2 个工作表" in page_of(client, owner)
    set_scope(Scope(territory=range_of(GANSU)))
    taken = client.post(f"/intake/exports/{export.pk}/file/")
    content = b"".join(taken.streaming_content)  # type: ignore[attr-defined]
    assert len(lines(openpyxl.load_workbook(io.BytesIO(content)))) == 1
    set_scope(Scope(territory=range_of(GANSU)))
    assert Deed.objects.get(action="intake.export_taken").values["rows"] == 1

    for username, division in (("colleague", LI_COUNTY), ("stranger", DANGCHANG), ("above", GANSU)):
        other = make_officer(username=username, division=division)
        assert f"/intake/exports/{export.pk}/" not in page_of(client, other)
        assert client.post(f"/intake/exports/{export.pk}/file/").status_code == 404
    client.force_login(make_officer(username="station", duty=Duty.STATION))
    assert client.get("/intake/exports/").status_code == 404


def test_a_file_that_is_gone_is_said_to_be_gone(client: Client) -> None:
    owner = make_officer()
    export = asked(by=owner)
    made(export)
    (exports_folder() / f"{export.pk}.xlsx").unlink()
    client.force_login(owner)
    assert "请重新导出" in client.post(f"/intake/exports/{export.pk}/file/", follow=True).content.decode()


def test_the_watermark_says_who_when_and_what() -> None:
    export = asked()
    said = watermark_of(export)
    assert str(export.asked_by) in said
    assert "礼县" in said
    assert not Worker.objects.exists()
