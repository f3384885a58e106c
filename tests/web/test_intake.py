"""Pages of files that come in: upload, look, merge or refuse, the workbook back; and who may not."""

import io
import json
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from fourdoors.accounts.rules import Duty
from fourdoors.console import tasks
from fourdoors.engines.sheets import FORMS
from fourdoors.intake.models import Import, StagedRow
from fourdoors.kernel.divisions import range_of
from fourdoors.register.models import Worker
from fourdoors.store.scope import Scope, set_scope
from tests.engines.sheets.corpus import FIRST, SECOND, xlsx
from tests.makers.accounts import DANGCHANG, GANSU, LI_COUNTY, make_officer
from tests.makers.intake import ROSTER, make_import, roster_row, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _see_gansu(db: None) -> None:
    set_scope(Scope(territory=range_of(GANSU)))


@pytest.fixture
def county(client: Client) -> Client:
    client.force_login(make_officer())
    return client


def upload(client: Client, data: bytes, division: int = LI_COUNTY):  # type: ignore[no-untyped-def]
    file = SimpleUploadedFile("礼县花名册.xlsx", data)
    return client.post("/intake/", {"form": ROSTER, "division": division, "file": file})


def jobs() -> list[tuple[str, dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id")
        return [(name, json.loads(args)) for name, args in cursor.fetchall()]


def work(job: tuple[str, dict[str, Any]]) -> None:
    """Do what the queue's worker does."""
    task: Any = {"intake.stage": tasks.stage, "intake.merge": tasks.merge}[job[0]]
    task(**job[1])
    set_scope(Scope(territory=range_of(GANSU)))


def batch() -> Import:
    set_scope(Scope(territory=range_of(GANSU)))
    return Import.objects.get()


def test_a_roster_goes_the_whole_way_by_clicking(county: Client) -> None:
    rows = [roster_row(1), roster_row(2, name=""), roster_row(4, sex="x")]
    answer = upload(county, workbook(rows))
    path = f"/intake/{batch().pk}/"
    assert answer.headers["Location"] == path
    assert "every 2s" in county.get(path).content.decode()

    work(jobs()[-1])
    page = county.get(path).content.decode()
    for words in ("待确认", "民族", "一律不保存", "1 行入库", "此项必填", "如现在入库"):
        assert words in page
    assert not Worker.objects.exists()

    county.post(f"{path}merge/")
    assert batch().state == "merging"
    assert "HX-Refresh" not in county.get(f"{path}state/").headers
    work(jobs()[-1])
    assert county.get(f"{path}state/").headers["HX-Refresh"] == "true"
    assert "已入库" in county.get(path).content.decode()
    set_scope(Scope(territory=range_of(GANSU)))
    assert Worker.objects.count() == 1

    back = openpyxl.load_workbook(io.BytesIO(county.get(f"{path}workbook/").content))
    assert back.sheetnames[0] == "回执"
    assert back["成员"]["H3"].comment.text == "此项必填。"


def test_the_same_file_again_is_refused_in_words(county: Client) -> None:
    data = workbook([roster_row(1)])
    upload(county, data)

    assert "已于" in upload(county, data).content.decode()
    assert batch()


def test_what_is_no_workbook_is_refused_beside_the_field(county: Client) -> None:
    assert "不是表格文件" in upload(county, b"\x00\x01").content.decode()
    set_scope(Scope(territory=range_of(GANSU)))
    assert not Import.objects.exists()
    assert not jobs()


def test_a_file_may_be_refused_and_then_nothing_is_merged(county: Client) -> None:
    pk = make_import().pk
    county.post(f"/intake/{pk}/refuse/")
    county.post(f"/intake/{pk}/merge/")

    assert batch().state == "refused"
    assert not jobs()


def test_one_officer_reviews_a_file_and_another_is_told_who_has_it(county: Client, client: Client) -> None:
    pk = make_import(data=workbook([roster_row(1), roster_row(2, name="")])).pk
    path = f"/intake/{pk}/"
    assert "由我复核" in county.get(path).content.decode()
    county.post(f"{path}review/")
    page = county.get(path).content.decode()
    assert "复核中" in page
    assert "行入库</button>" in page

    other = Client()
    other.force_login(make_officer(username="colleague"))
    page = other.get(path).content.decode()
    assert "正在复核，其间他人不能修改或决定" in page
    for words in ("行入库</button>", "import_columns", "/columns/", f"{path}rows/"):
        assert words not in page
    assert "请先商定由谁决定" in other.post(f"{path}merge/", follow=True).content.decode()
    assert batch().state == "in_review"
    other.post(f"{path}review/", {"back": "1"})
    assert "行入库</button>" in other.get(path).content.decode()
    assert batch().state == "checked"


def test_a_refused_file_says_that_no_row_is_kept(county: Client) -> None:
    pk = make_import(data=workbook([roster_row(1), roster_row(2, name="")])).pk
    county.post(f"/intake/{pk}/refuse/")

    assert "不保留其中任何一行" in county.get(f"/intake/{pk}/").content.decode()
    set_scope(Scope(territory=range_of(GANSU)))
    assert not StagedRow.objects.exists()


def test_a_sibling_county_finds_nothing_and_cannot_merge(client: Client) -> None:
    pk = make_import().pk
    client.force_login(make_officer(username="dang", division=DANGCHANG))

    assert "花名册.xlsx" not in client.get("/intake/").content.decode()
    for path in ("", "state/", "workbook/"):
        assert client.get(f"/intake/{pk}/{path}").status_code == 404
    for path in ("merge/", "refuse/", "review/"):
        assert client.post(f"/intake/{pk}/{path}").status_code == 404
    assert upload(client, workbook([roster_row(9)]), division=LI_COUNTY).status_code == 200
    assert batch().state == "checked"
    assert not jobs()


def test_a_colleague_above_sees_the_file_and_an_auditor_decides_nothing(client: Client) -> None:
    pk = make_import().pk
    client.force_login(make_officer(username="gansu", duty=Duty.PROVINCE, division=GANSU))
    assert client.get(f"/intake/{pk}/").status_code == 200

    client.force_login(make_officer(username="audit", duty=Duty.AUDITOR))
    page = client.get(f"/intake/{pk}/").content.decode()
    assert "入库</button>" not in page
    assert client.post(f"/intake/{pk}/merge/").status_code == 404
    assert batch().state == "checked"


def test_an_empty_form_can_be_taken_and_asks_for_nothing_that_must_not_be_kept(county: Client) -> None:
    answer = county.get(f"/intake/forms/{ROSTER}/")
    tab = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    titles = {cell.value for line in tab.iter_rows() for cell in line}

    assert "证件号码" in titles
    assert "民族" not in titles


def odd_ledger() -> bytes:
    return xlsx([["谁", "号码", "几个月", "哪家", "哪天走"], FIRST, SECOND])


def test_columns_are_confirmed_by_one_click_and_then_the_rows_are_read(county: Client) -> None:
    file = SimpleUploadedFile("外出.xlsx", odd_ledger())
    path = county.post("/intake/", {"form": "transfer_ledger", "division": LI_COUNTY, "file": file}).headers[
        "Location"
    ]
    assert not jobs()
    assert "请核对并确认各列" in county.get(path).content.decode()

    page = county.get(f"{path}columns/").content.decode()
    assert "马秀英" in page
    assert FIRST[1] not in page
    form = county.get(f"{path}columns/").context["form"]
    filled = {name: form[name].initial for name in form.fields}
    assert county.post(f"{path}columns/", filled).headers["Location"] == path
    work(jobs()[-1])

    assert (batch().state, batch().counts["rows"]) == ("checked", 2)
    assert "核对各列" in county.get(path).content.decode()


def test_columns_that_are_chosen_twice_are_refused_in_words(county: Client) -> None:
    file = SimpleUploadedFile("外出.xlsx", odd_ledger())
    path = county.post("/intake/", {"form": "transfer_ledger", "division": LI_COUNTY, "file": file}).headers[
        "Location"
    ]
    page = county.post(f"{path}columns/", {"c0-1": "name", "c0-2": "name"}).content.decode()

    assert "有两列都对应“姓名”" in page
    assert batch().state == "received"


def test_nobody_else_confirms_columns(client: Client) -> None:
    pk = make_import().pk
    for who, duty, division in (("dang", Duty.COUNTY, DANGCHANG), ("audit", Duty.AUDITOR, LI_COUNTY)):
        client.force_login(make_officer(username=who, duty=duty, division=division))
        assert client.get(f"/intake/{pk}/columns/").status_code == 404
        assert client.post(f"/intake/{pk}/columns/", {"c0-1": "name"}).status_code == 404
    assert "confirmed" not in batch().mapping


def rows_of(pk: int) -> dict[int, int]:
    set_scope(Scope(territory=range_of(GANSU)))
    return dict(StagedRow.objects.filter(batch=pk).values_list("number", "pk"))


def test_wrong_rows_are_filtered_corrected_and_explained_on_the_page(county: Client) -> None:
    wrong = [roster_row(1, education="初小"), roster_row(2, education="初小"), roster_row(4, workplace="")]
    pk = make_import(data=workbook([*wrong, roster_row(5)])).pk
    path, rows = f"/intake/{pk}/", rows_of(pk)

    page = county.get(f"{path}?kind=education:not_in_list").content.decode()
    assert f"rows/{rows[2]}/" in page
    assert f"rows/{rows[4]}/" not in page

    page = county.get(f"{path}rows/{rows[2]}/").content.decode()
    assert 'value="初小"' in page
    assert roster_row(1)["identity"] not in page
    said = {"column": "education", "text": "小学", "alike": "on"}
    assert county.post(f"{path}rows/{rows[2]}/", said).headers["Location"] == path
    work(jobs()[-1])
    assert "已改正 2 个单元格" in county.get(path).content.decode()
    assert batch().counts["ready"] == 3

    rows = rows_of(pk)
    assert "为何无误" in county.get(f"{path}rows/{rows[4]}/").content.decode()
    finding = {"column": "workplace", "code": "months_without_place", "row": rows[4]}
    county.post(f"{path}explain/", {**finding, "reason": " "})
    assert batch().counts["ready"] == 3
    county.post(f"{path}explain/", {**finding, "reason": "在本村合作社"})
    work(jobs()[-1])
    assert batch().counts["ready"] == 4
    assert "已说明：在本村合作社" in county.get(path).content.decode()


def test_nobody_else_corrects_or_explains(client: Client) -> None:
    pk = make_import(data=workbook([roster_row(1, workplace="")])).pk
    path, rows = f"/intake/{pk}/", rows_of(pk)
    for who, duty, division in (("dang", Duty.COUNTY, DANGCHANG), ("audit", Duty.AUDITOR, LI_COUNTY)):
        client.force_login(make_officer(username=who, duty=duty, division=division))
        assert client.get(f"{path}rows/{rows[2]}/").status_code == 404
        assert client.post(f"{path}rows/{rows[2]}/", {"column": "name", "text": "x"}).status_code == 404
        finding = {"column": "workplace", "code": "months_without_place", "row": "", "reason": "x"}
        assert client.post(f"{path}explain/", finding).status_code == 404
    assert batch().counts["faulty"] == 1


def test_a_row_of_another_file_is_not_found(county: Client) -> None:
    first = make_import(data=workbook([roster_row(1, workplace="")])).pk
    other = make_import(data=workbook([roster_row(2, workplace="")]), name="b.xlsx").pk

    assert county.get(f"/intake/{first}/rows/{rows_of(other)[2]}/").status_code == 404


def test_every_form_can_be_taken_empty_and_no_other(county: Client) -> None:
    page = county.get("/intake/").content.decode()
    for form in FORMS:
        assert f"/intake/forms/{form}/" in page
        assert county.get(f"/intake/forms/{form}/").status_code == 200
    assert county.get("/intake/forms/no-such-form/").status_code == 404
