"""A county's own forms: edited in Excel, kept, used; and what may never stand on one."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from openpyxl.worksheet.worksheet import Worksheet

from fourdoors.accounts.models import Deed
from fourdoors.accounts.rules import Duty
from fourdoors.console import tasks
from fourdoors.engines.sheets import FORMS, Sheet, find_header, template
from fourdoors.intake.models import CountyForm, Import
from fourdoors.intake.selectors import form_of
from fourdoors.intake.services import ask_for_export, exports_folder, keep_county_form, receive_file
from fourdoors.kernel.divisions import range_of
from fourdoors.store.scope import Scope, set_scope
from tests.engines.sheets.corpus import xlsx
from tests.makers.accounts import DANGCHANG, GANSU, LI_COUNTY, make_officer
from tests.makers.register import SPRING, make_household, make_membership, make_worker

pytestmark = pytest.mark.django_db
LEDGER = "transfer_ledger"
TOWNSHIP = LI_COUNTY + 100_000
Edit = Callable[[Worksheet], None]


@pytest.fixture(autouse=True)
def _see(db: None, settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    set_scope(Scope(territory=range_of(GANSU)))


@pytest.fixture
def county(client: Client) -> Client:
    client.force_login(make_officer())
    return client


def sheet_of(answer: Any) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]


def titles_of(tab: Worksheet) -> list[Any]:
    rows = [[cell.value for cell in row] for row in tab.iter_rows(max_row=5)]
    return next(row for row in rows if sum(map(bool, row)) > 2 and not str(row[0]).startswith("#"))


def place_of(tab: Worksheet, title: str) -> Any:
    return next(cell for row in tab.iter_rows(max_row=5) for cell in row if cell.value == title)


def edited(county: Client, edit: Edit, form: str = LEDGER) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(county.get(f"/intake/county-forms/{form}/").content))
    edit(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(county: Client, data: bytes, form: str = LEDGER) -> HttpResponse:
    file = SimpleUploadedFile("本县台账.xlsx", data)
    answer: HttpResponse = county.post("/intake/county-forms/", {"form": form, "file": file}, follow=True)  # type: ignore[assignment]
    set_scope(Scope(territory=range_of(GANSU)))
    return answer


def ours(tab: Worksheet) -> None:
    """Rename two columns, move one to the front with its mark, add one of the county's, drop the remarks."""
    place_of(tab, "姓名").value = "外出人员"
    place_of(tab, "输转时间").value = "哪天走的"
    at = place_of(tab, "身份证号").column
    marks = place_of(tab, "身份证号").row - 1
    tab.insert_cols(1)
    for row in (marks, marks + 1):
        tab.cell(row, 1).value = tab.cell(row, at + 1).value
        tab.cell(row, at + 1).value = None
    tab.delete_cols(place_of(tab, "备注").column)
    tab.cell(marks + 1, tab.max_column + 1).value = "本县编号"


def test_an_edited_template_is_kept_and_what_is_not_known_is_told(county: Client) -> None:
    page = send(county, edited(county, ours)).content.decode()
    assert "已保存" in page
    assert "本县编号" in page

    kept = CountyForm.objects.get()
    assert (kept.division, kept.form, kept.ignored) == (LI_COUNTY, LEDGER, ["本县编号"])
    assert kept.columns[0] == ["identity", "身份证号"]
    assert ["name", "外出人员"] in kept.columns
    assert Deed.objects.get(action="intake.form_kept").values["ignored"] == 1


def test_the_countys_empty_form_has_its_titles_and_other_counties_have_the_old_ones(client: Client) -> None:
    client.force_login(make_officer())
    send(client, edited(client, ours))
    for username, duty, division, own in (
        ("li-2", Duty.COUNTY, LI_COUNTY, True),
        ("town", Duty.TOWNSHIP, TOWNSHIP, True),
        ("dang", Duty.COUNTY, DANGCHANG, False),
        ("gansu", Duty.PROVINCE, GANSU, False),
    ):
        client.force_login(make_officer(username=username, duty=duty, division=division))
        titles = titles_of(sheet_of(client.get(f"/intake/forms/{LEDGER}/")))
        assert ("外出人员" in titles) is own
        assert ("姓名" in titles) is not own
        assert "民族" not in titles


def test_a_file_under_the_countys_titles_is_read_without_a_question(county: Client) -> None:
    row = ["991101199003074527", "马秀英", "2020-03-02", "山东省", "青岛市"]
    data = xlsx([["身份证号", "外出人员", "哪天走的", "务工省", "务工市"], row])
    receive_file(form=LEDGER, division=LI_COUNTY, data=data, name="a", at=SPRING)
    assert Import.objects.get().state == "received"
    Import.objects.all().delete()

    send(county, edited(county, ours))
    receive_file(form=LEDGER, division=LI_COUNTY, data=data, name="a", at=SPRING)
    assert Import.objects.get().state == "mapped"
    receive_file(form=LEDGER, division=DANGCHANG, data=data, name="a", at=SPRING)
    assert Import.objects.get(division=DANGCHANG).state == "received"


def test_a_filled_form_of_the_county_has_its_titles(county: Client) -> None:
    make_membership(worker=make_worker(name="马强"), household=make_household())
    form = "national_member_export"

    def rename(tab: Worksheet) -> None:
        place_of(tab, "姓名").value = "成员"

    send(county, edited(county, rename, form), form)
    export = ask_for_export(
        form=form, division=LI_COUNTY, whole_identities=False, at=SPRING, by=make_officer()
    )
    tasks.export(export.pk, LI_COUNTY, "2020-05-02", SPRING.isoformat())
    tab = openpyxl.load_workbook(exports_folder() / f"{export.pk}.xlsx").worksheets[0]
    below = place_of(tab, "成员")
    assert tab.cell(below.row + 1, below.column).value == "马强"


@pytest.mark.parametrize(
    "title",
    ["民族", "宗教信仰", "政治面貌", "健康状况", "是否党员", "残疾等级", "所在民族（族别）", "既往病史"],
)
def test_what_must_not_be_kept_is_refused_under_any_mark(county: Client, title: str) -> None:
    def ask(tab: Worksheet) -> None:
        place_of(tab, "备注").value = title

    page = send(county, edited(county, ask)).content.decode()
    assert "不得收集" in page
    assert title in page
    assert not CountyForm.objects.exists()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [("备注", "姓名", "重复"), ("姓名", "户主姓名", "重复"), ("备注", "电话", "重复")],
)
def test_a_title_is_of_one_column(county: Client, old: str, new: str, words: str) -> None:
    def rename(tab: Worksheet) -> None:
        place_of(tab, old).value = new

    assert words in send(county, edited(county, rename)).content.decode()
    assert not CountyForm.objects.exists()


def test_a_column_that_is_needed_cannot_be_taken_out(county: Client) -> None:
    def cut(tab: Worksheet) -> None:
        tab.delete_cols(place_of(tab, "身份证号").column)

    assert "身份证号" in send(county, edited(county, cut)).content.decode()
    assert not CountyForm.objects.exists()


def test_what_is_no_template_is_refused_in_words(county: Client) -> None:
    assert "不是表格文件" in send(county, b"\x00\x01").content.decode()
    assert send(county, xlsx([["甲", "乙"], ["1", "2"]])).status_code == 200
    assert not CountyForm.objects.exists()


def test_a_second_template_takes_the_place_of_the_first_and_the_old_form_comes_back(county: Client) -> None:
    send(county, edited(county, ours))

    def again(tab: Worksheet) -> None:
        place_of(tab, "外出人员").value = "务工者"

    send(county, edited(county, again))
    assert "务工者" in titles_of(sheet_of(county.get(f"/intake/forms/{LEDGER}/")))
    assert CountyForm.objects.count() == 1
    county.post(f"/intake/county-forms/{LEDGER}/drop/")
    set_scope(Scope(territory=range_of(GANSU)))
    assert form_of(LEDGER, LI_COUNTY) is FORMS[LEDGER]
    assert Deed.objects.filter(action="intake.form_dropped").count() == 1


def test_only_the_county_changes_its_forms(client: Client) -> None:
    for username, duty, division in (
        ("town", Duty.TOWNSHIP, TOWNSHIP),
        ("gansu", Duty.PROVINCE, GANSU),
        ("audit", Duty.AUDITOR, LI_COUNTY),
    ):
        client.force_login(make_officer(username=username, duty=duty, division=division))
        assert client.get("/intake/county-forms/").status_code == 404
        assert client.get(f"/intake/county-forms/{LEDGER}/").status_code == 404
        assert client.post(f"/intake/county-forms/{LEDGER}/drop/").status_code == 404


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_template_may_be_edited_and_is_known_again_with_strange_titles(form: Any) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(form, may_be_edited=True)))
    tab = book.worksheets[0]
    marks = next(
        cell.row for row in tab.iter_rows(max_row=4) for cell in row if str(cell.value).startswith("#")
    )
    assert tab.row_dimensions[marks].hidden
    assert tab.data_validations.dataValidation or not any(c.choices for c in form.kept)
    for cell in tab[marks + 1]:
        cell.value = f"甲{cell.column}"
    rows = [tuple(str(cell.value or "") for cell in row) for row in tab.iter_rows(max_row=5)]
    header = find_header(Sheet("x", rows), form.readable)
    assert header is not None
    assert list(header.keys.values()) == [column.key for column in form.kept]
    assert header.missing == ()
    assert send_is_refused_nowhere(form)


def send_is_refused_nowhere(form: Any) -> bool:
    """Tell whether the untouched template of a form may be sent back."""
    kept = keep_county_form(
        form=form.key, data=template(form, may_be_edited=True), name="t.xlsx", at=SPRING, by=make_officer()
    )
    return [key for key, _ in kept.columns] == [column.key for column in form.kept]
