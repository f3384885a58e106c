"""The payment list as the bank sent it back: a line counts for what stands on a released list, and once."""

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from fourdoors.accounts.models import Deed, Officer
from fourdoors.engines.sheets import FORMS
from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.services import AlreadyBroughtInError, refuse_import, rehearse_merge
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.identity import invented_identity
from fourdoors.kernel.terms import Sex
from fourdoors.store.scope import Scope, set_scope
from fourdoors.subsidies.models import Claim, Payment, PaymentAnswer, PaymentBatch
from fourdoors.subsidies.selectors import answer_counts, answers_to
from fourdoors.subsidies.services import merge_payment_return, payment_list
from tests.engines.sheets.corpus import xlsx
from tests.makers.accounts import GANSU, LI_COUNTY, make_officer
from tests.makers.intake import make_asked_import, make_import
from tests.makers.subsidies import (
    REVIEWED_AT,
    ZHOUQU,
    make_checker,
    make_list,
    make_maker,
    make_policy,
)

pytestmark = pytest.mark.django_db

AT = datetime(2020, 9, 20, 2, 0, tzinfo=UTC)
Lines = list[dict[str, str]]


def lines_of(batch: PaymentBatch) -> Lines:
    """Return the list as the bank got it, one dictionary a line by title."""
    data = payment_list(batch=batch, by=make_checker(), at=REVIEWED_AT)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    at = next(at for at, row in enumerate(rows) if "收款人姓名" in row)
    return [dict(zip(map(str, rows[at]), map(str, row), strict=True)) for row in rows[at + 1 :]]


def answered(lines: Lines, result: str = "成功", **more: str) -> bytes:
    said = [line | {"发放结果": result} | more for line in lines]
    return xlsx([list(said[0]), *(list(line.values()) for line in said)])


def bring(data: bytes, *, by: Officer | None = None, name: str = "回盘.xlsx") -> Import:
    batch = make_asked_import(data=data, form="payment_list", division=ZHOUQU, name=name, at=AT)
    return merge_payment_return(import_id=batch.pk, at=AT, by=by or make_maker())


def code() -> str:
    (fault,) = StagedRow.objects.get(outcome="faulty").faults
    return str(fault["code"])


def test_what_the_bank_paid_stands_beside_the_list_which_does_not_change() -> None:
    batch = make_list(people=2)
    before = list(Payment.objects.order_by("pk").values())
    done = bring(answered(lines_of(batch), 到账日期="2020-09-18"))

    assert (done.counts["new"], done.counts["faulty"]) == (2, 0)
    assert {(one.result, one.on) for one in PaymentAnswer.objects.all()} == {("paid", date(2020, 9, 18))}
    assert list(Payment.objects.order_by("pk").values()) == before
    assert answer_counts(batch) == {"paid": 2, "returned": 0, "open": 0}
    assert Deed.objects.get(action="intake.merged").values["new"] == 2
    assert PaymentAnswer.objects.first().source == f"import:{done.pk}"  # type: ignore[union-attr]


def test_the_same_file_twice_is_refused_and_the_same_answer_again_changes_nothing() -> None:
    batch = make_list()
    lines = lines_of(batch)
    bring(answered(lines))
    with pytest.raises(AlreadyBroughtInError):
        bring(answered(lines))
    again = bring(answered(lines, "已发放"), name="again")
    assert (again.counts["unchanged"], again.counts["new"], again.counts["changed"]) == (1, 0, 0)
    assert PaymentAnswer.objects.count() == 1


def test_what_came_back_may_be_paid_later_and_what_was_paid_stays_paid() -> None:
    batch = make_list()
    lines = lines_of(batch)
    bring(answered(lines, "退回", 退回原因="账号有误"))
    held = PaymentAnswer.objects.get()
    assert (held.result, held.words) == ("returned", "账号有误")
    assert answers_to(Claim.objects.all())[held.payment.claim_id] == held

    assert bring(answered(lines, "成功"), name="2").counts["changed"] == 1
    assert PaymentAnswer.objects.get().result == "paid"
    assert bring(answered(lines, "退回"), name="3").counts["faulty"] == 1
    assert code() == "payment_done"
    assert PaymentAnswer.objects.get().result == "paid"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"补贴金额(元)": "3256.09"}, "payment_amount"),
        ({"补贴所属期": "2019"}, "payment_unknown"),
        ({"补贴项目": "别的补贴"}, "payment_unknown"),
        ({"到账日期": "2020-09-06"}, "payment_day"),
        ({"到账日期": "2020-09-21"}, "day_not_come"),
        ({"发放结果": "处理中"}, "not_in_list"),
        ({"发放结果": ""}, "missing"),
        (
            {"补贴对象身份证号": invented_identity(sequence=9, born_on=date(1990, 1, 1), sex=Sex.MALE)},
            "payment_unknown",
        ),
    ],
)
def test_a_line_that_no_released_list_has_pays_nobody(changed: dict[str, str], said: str) -> None:
    lines = lines_of(make_list())
    assert bring(answered(lines, **({"到账日期": ""} | changed))).counts["faulty"] == 1
    assert code() == said
    assert not PaymentAnswer.objects.exists()


def test_the_day_of_the_release_is_the_first_on_which_the_bank_can_pay() -> None:
    assert bring(answered(lines_of(make_list()), 到账日期="2020-09-07")).counts["new"] == 1


def test_a_list_that_is_not_released_takes_no_answer_not_even_from_the_database() -> None:
    batch = make_list(release=False)
    bring(answered(lines_of(batch)))
    assert code() == "payment_list_open"
    payment = Payment.objects.get()
    with pytest.raises(IntegrityError, match="takes no answer"), transaction.atomic():
        PaymentAnswer.objects.create(
            payment=payment, village=payment.village, county=payment.county, result="paid", source="x"
        )


def test_the_database_takes_back_nothing_that_was_paid() -> None:
    bring(answered(lines_of(make_list())))
    with pytest.raises(IntegrityError, match="takes no answer"), transaction.atomic():
        PaymentAnswer.objects.update(result="returned")


def test_who_released_the_list_does_not_say_what_came_of_it() -> None:
    lines = lines_of(make_list())
    bring(answered(lines), by=make_checker())
    assert code() == "own_release"
    assert not PaymentAnswer.objects.exists()


def test_one_line_twice_in_a_file_counts_once() -> None:
    (line,) = lines_of(make_list())
    bring(answered([line, line]))
    assert code() == "twice_in_file"
    (other,) = lines_of(PaymentBatch.objects.get())
    twice = [other, other | {"补贴项目": make_policy().key}]
    assert bring(answered(twice, "发放成功"), name="b").counts["unchanged"] == 2
    assert PaymentAnswer.objects.count() == 1


def test_the_rehearsal_tells_and_writes_nothing() -> None:
    lines = lines_of(make_list())
    batch = make_import(data=answered(lines), form="payment_list", division=ZHOUQU, at=AT)
    told = rehearse_merge(import_id=batch.pk, merge=merge_payment_return, at=AT)
    assert told.counts["would_new"] == 1
    assert not PaymentAnswer.objects.exists()
    refuse_import(import_id=batch.pk, at=AT)
    assert not PaymentAnswer.objects.exists()


def test_another_county_cannot_answer_for_this_one() -> None:
    lines = lines_of(make_list())
    set_scope(Scope(territory=range_of(LI_COUNTY)))
    data = answered([line | {"乡镇": "", "村": ""} for line in lines])
    batch = make_asked_import(data=data, form="payment_list", division=LI_COUNTY, at=AT)
    merge_payment_return(import_id=batch.pk, at=AT)
    assert code() == "payment_unknown"
    set_scope(Scope(territory=range_of(GANSU)))
    assert not PaymentAnswer.objects.exists()


def test_the_number_of_statements_does_not_grow_with_the_lines() -> None:
    lines = lines_of(make_list(people=12))
    few = make_asked_import(data=answered(lines[:1]), form="payment_list", division=ZHOUQU, at=AT)
    many = make_asked_import(data=answered(lines[1:]), form="payment_list", division=ZHOUQU, name="b", at=AT)
    with CaptureQueriesContext(connection) as first:
        merge_payment_return(import_id=few.pk, at=AT)
    with CaptureQueriesContext(connection) as second:
        merge_payment_return(import_id=many.pk, at=AT)
    assert len(second) <= len(first)
    assert PaymentAnswer.objects.count() == 12


def test_what_must_not_be_stored_is_dropped_and_reported() -> None:
    data = answered(lines_of(make_list()), 民族="某族", 健康状况="某健康", 政治面貌="某面貌", 宗教信仰="某教")
    batch = make_asked_import(data=data, form="payment_list", division=ZHOUQU, at=AT)
    assert {one["reason"] for one in batch.dropped} == {"ethnicity", "religion", "politics", "health"}
    assert not any("某" in str(row.cells) for row in StagedRow.objects.all())


def test_the_pages_say_what_the_bank_said_to_owner_and_colleague_only() -> None:
    batch = make_list()
    bring(answered(lines_of(batch), "退回", 退回原因="账号有误"))
    claim = Claim.objects.get()
    paths = (f"/subsidies/lists/{batch.pk}/", f"/subsidies/claims/{claim.pk}/")
    for who in (make_maker(), make_checker()):
        for path in paths:
            client = Client()
            client.force_login(who)
            page = client.get(path).content.decode()
            assert "账号有误" in page
            assert "退回" in page
    stranger = Client()
    stranger.force_login(make_officer(username="li", division=LI_COUNTY))
    assert [stranger.get(path).status_code for path in paths] == [404, 404]


def test_the_empty_form_asks_for_the_banks_answer() -> None:
    client = Client()
    client.force_login(make_maker())
    answer = client.get("/intake/forms/payment_list/")
    tab = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    titles = {cell.value for line in tab.iter_rows(max_row=4) for cell in line}
    assert "发放结果" in titles
    assert len(FORMS["payment_list"].columns) == 18
