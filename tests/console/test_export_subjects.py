"""A filled form of one month, one year, one trip, one class, one payment list: that, and nothing else."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from fourdoors.accounts.models import Deed, Officer
from fourdoors.accounts.rules import Duty
from fourdoors.console import tasks
from fourdoors.employment.models import Spell
from fourdoors.intake.models import Export
from fourdoors.intake.rules import EXPORT_SUBJECTS, Subject, day_about, may_be_about
from fourdoors.intake.services import (
    AccountsClosedError,
    ExportAboutError,
    ask_for_export,
    name_of_file,
    watermark_of,
)
from fourdoors.kernel.divisions import range_of
from fourdoors.store.scope import Scope, set_scope
from fourdoors.subsidies.models import PaymentAnswer, PaymentBatch
from fourdoors.subsidies.services import BatchClosedError, payment_rows, withdraw_batch
from fourdoors.training.services import enrol
from tests.console.test_exports import lines, made
from tests.makers.accounts import DANGCHANG, GANSU, LI_COUNTY, make_officer
from tests.makers.employment import make_income, make_spell
from tests.makers.partners import make_employer
from tests.makers.register import make_worker
from tests.makers.subsidies import ACCOUNT, ZHOUQU, make_checker, make_list
from tests.makers.training import make_class
from tests.makers.travel import make_planned_trip, make_riders

pytestmark = pytest.mark.django_db
AT = datetime(2020, 9, 20, 2, 0, tzinfo=UTC)
ON = date(2020, 9, 20)


@pytest.fixture(autouse=True)
def _home(db: None, settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME, settings.DEMONSTRATION_DAY = tmp_path, ON
    set_scope(Scope(territory=range_of(GANSU)))


def rows_of(form: str, about: str, *, by: Officer | None = None, division: int = LI_COUNTY) -> Any:
    export = ask_for_export(
        form=form, division=division, about=about, whole_identities=True, at=AT, by=by or make_officer()
    )
    return lines(made(export, ON))


@pytest.mark.parametrize(
    ("form", "about", "may"),
    [
        ("work_monitor_out", "2020-09", True),
        ("work_monitor_out", "2020-10", False),  # has not come
        ("work_monitor_out", "1999-12", False),
        ("work_monitor_out", "2020-13", False),
        ("work_monitor_out", "2020", False),
        ("work_monitor_out", "", True),
        ("transfer_ledger", "2020", True),
        ("transfer_ledger", "2021", False),
        ("transfer_ledger", "1999", False),
        ("transfer_ledger", "2020-09", False),
        ("national_member_export", "2020", False),  # of all that is known, and of nothing else
        ("p2p_manifest_person", "621226-0307-1", True),
        ("payment_list", "", False),
        ("payment_list", "623023-20200907-1", True),
    ],
)
def test_what_a_form_may_be_about(form: str, about: str, *, may: bool) -> None:
    assert may_be_about(form, about, on=ON) is may
    if not may:
        with pytest.raises(ExportAboutError):
            rows_of(form, about)
        assert not Export.objects.exists()


def test_the_day_of_a_month_is_the_first_after_it_and_a_year_that_is_over_ends_on_its_last() -> None:
    assert day_about("work_monitor_out", "2019-12", on=ON) == date(2020, 1, 1)
    assert day_about("transfer_ledger", "2020", on=ON) == ON
    assert day_about("transfer_ledger", "2019", on=ON) == date(2019, 12, 31)
    assert day_about("transfer_ledger", "", on=ON) == ON


def test_the_monitoring_is_of_the_month_that_was_chosen() -> None:
    spell = make_spell(worker=make_worker(), left_on=date(2020, 5, 10))
    for month, fen in ((5, 300_000), (6, 410_000), (8, 460_000)):
        make_income(spell=spell, month=date(2020, month, 1), fen=fen)
    assert rows_of("work_monitor_out", "2020-04") == []
    for about, yuan in (("2020-05", 3000), ("2020-06", 4100), ("", 4600)):  # blank: the month before
        (row,) = rows_of("work_monitor_out", about)
        assert row["务工月收入"] == yuan
        assert row["月份"] == (about or "2020-08")


def test_ledger_and_income_are_of_the_year_that_was_chosen() -> None:
    old = make_spell(worker=make_worker(name="马去年"), left_on=date(2019, 3, 1), ended_on=date(2019, 11, 1))
    Spell.objects.filter(pk=old.pk).update(end_reason="not_stated")
    make_income(spell=old, month=date(2019, 5, 1), fen=350_000)
    new = make_spell(worker=make_worker(name="马今年"), left_on=date(2020, 3, 1))
    make_income(spell=new, month=date(2020, 5, 1), fen=360_000)
    for form, title in (("transfer_ledger", "累计劳务收入"), ("household_wage_quarterly", "4-6月")):
        for year, name, yuan in (("2019", "马去年", 3500), ("2020", "马今年", 3600), ("", "马今年", 3600)):
            (row,) = rows_of(form, year)
            assert (row["姓名"], row[title]) == (name, yuan)


@pytest.mark.parametrize("form", [key for key, it in EXPORT_SUBJECTS.items() if it is Subject.TRIP])
def test_the_papers_of_one_trip_tell_of_no_other(form: str) -> None:
    trips = [make_planned_trip(riders=2), make_planned_trip(riders=3)]
    counts = {"p2p_manifest_vehicle": (1, 1), "p2p_handover": (0, 0)}.get(form, (2, 3))
    for trip, count in zip(trips, counts, strict=True):
        assert len(rows_of(form, trip.number)) == count
    assert len(rows_of(form, "")) == sum(counts)
    assert rows_of(form, "no such trip") == []


@pytest.mark.parametrize("form", [key for key, it in EXPORT_SUBJECTS.items() if it is Subject.CLASS])
def test_the_papers_of_one_class_tell_of_no_other(form: str) -> None:
    (rider,) = make_riders("马小兰", employer=make_employer())
    course = make_class(placement=rider)
    enrol(course_class=course, placements=[rider], at=AT, by=make_officer())
    here = 0 if form == "training_certificates" else 1
    assert len(rows_of(form, course.code)) == here
    assert rows_of(form, "LX2020-99") == []


def test_a_payment_list_is_filled_in_by_the_queue_watermarked_counted_and_written_down() -> None:
    batch, officer = make_list(people=2), make_checker()
    PaymentAnswer.objects.create(
        payment=batch.payments.earliest("pk"), village=ZHOUQU + 100_201, county=623023, result="returned",
        on=ON, words="户名不符", source="test",
    )  # fmt: skip
    rows = rows_of("payment_list", batch.number, by=officer, division=ZHOUQU)
    export = Export.objects.get()
    assert (export.rows, export.about) == (2, batch.number)
    assert {row["一折通账号"] for row in rows} == {ACCOUNT}
    assert sum(row["补贴金额(元)"] for row in rows) * 100 == batch.total_fen
    assert [row["发放结果"] for row in rows] == ["退回", None]
    assert (rows[0]["退回原因"], rows[0]["发放日期"].date()) == ("户名不符", ON)
    said = {deed.action: deed.values for deed in Deed.objects.filter(officer=officer).order_by("pk")}
    assert said["subsidies.payment_list_opened"]["persons"] == 2
    assert said["intake.export_made"]["rows"] == 2
    assert said["intake.export_asked"]["about"] == batch.number
    assert batch.number in watermark_of(export)
    assert batch.number in name_of_file(export)


def test_account_numbers_are_for_the_county_office_and_for_one_list_at_a_time() -> None:
    batch = make_list()
    for username, duty in (("town", Duty.TOWNSHIP), ("province", Duty.PROVINCE)):
        with pytest.raises(AccountsClosedError):
            rows_of("payment_list", batch.number, division=ZHOUQU,
                    by=make_officer(username=username, duty=duty, division=ZHOUQU))  # fmt: skip
    with pytest.raises(AccountsClosedError):
        ask_for_export(
            form="payment_list", division=ZHOUQU, about=batch.number, whole_identities=False, at=AT,
            by=make_checker(),
        )  # fmt: skip
    with pytest.raises(ExportAboutError):
        rows_of("payment_list", "", by=make_checker(), division=ZHOUQU)
    assert not Export.objects.exists()


def test_a_list_is_never_opened_for_who_may_not_see_whole_numbers_nor_by_the_queue_alone() -> None:
    batch = make_list()
    with pytest.raises(BatchClosedError):
        payment_rows(range_of(ZHOUQU), ON, whole=False, of=batch.number, by=make_checker(), at=AT)
    assert not Deed.objects.filter(action="subsidies.payment_list_opened").exists()


def test_a_list_of_another_county_and_one_that_is_withdrawn_open_no_account() -> None:
    batch, officer = make_list(release=False), make_officer(username="li")
    with pytest.raises(BatchClosedError):
        rows_of("payment_list", batch.number, by=officer)
    set_scope(Scope(territory=range_of(GANSU)))
    withdraw_batch(batch=PaymentBatch.objects.get(), by=make_checker(), at=AT)
    with pytest.raises(BatchClosedError):
        rows_of("payment_list", batch.number, by=make_checker(), division=ZHOUQU)
    set_scope(Scope(territory=range_of(GANSU)))
    assert set(Export.objects.values_list("state", flat=True)) == {"failed"}
    assert not Deed.objects.filter(action="subsidies.payment_list_opened").exists()


def test_the_page_asks_what_the_form_is_about(client: Client) -> None:
    trip = make_planned_trip()
    client.force_login(make_officer())
    asks = {
        "national_member_export": ('<div id="subject"></div>',),
        "work_monitor_out": ("哪个月份", 'value="2020-08"'),
        "transfer_ledger": ("哪个年度",),
        "p2p_manifest_person": ("哪一趟次", trip.number, "全部"),
        "training_roster": ("哪个班级", "全部"),
        "payment_list": ("哪份发放清册", "所选地区没有可选项"),
    }
    for form, said in asks.items():
        answer = client.get("/intake/exports/subject/", {"form": form, "division": f"{LI_COUNTY}"})
        assert all(words in answer.content.decode() for words in said), form
    assert client.get("/intake/exports/subject/").status_code == 200
    assert client.get("/intake/exports/subject/", {"form": "no", "division": "x"}).status_code == 200


def test_a_choice_goes_with_the_form_and_a_false_one_is_refused(client: Client) -> None:
    trip = make_planned_trip()
    client.force_login(make_officer())

    def posted(form: str, about: str) -> tuple[int, int]:
        answer = client.post("/intake/exports/", {"form": form, "division": LI_COUNTY, "about": about})
        set_scope(Scope(territory=range_of(GANSU)))
        return answer.status_code, Export.objects.count()

    assert posted("p2p_manifest_person", trip.number) == (302, 1)
    assert posted("p2p_manifest_person", "2020-08") == (200, 1)
    assert posted("payment_list", "") == (200, 1)
    assert posted("work_monitor_out", "") == (302, 2)
    assert posted("national_member_export", "2020") == (302, 3)  # what was left over from another form
    assert list(Export.objects.order_by("pk").values_list("form", "about")) == [
        ("p2p_manifest_person", trip.number),
        ("work_monitor_out", "2020-08"),
        ("national_member_export", ""),
    ]
    assert trip.number in client.get("/intake/exports/").content.decode()


def test_account_forms_are_not_even_offered_to_others_nor_the_trips_of_another_county(client: Client) -> None:
    trip = make_planned_trip()
    client.force_login(make_officer(username="d", division=DANGCHANG))
    form = {"form": "p2p_manifest_person", "division": f"{DANGCHANG}"}
    assert trip.number not in client.get("/intake/exports/subject/", form).content.decode()
    assert "payment_list" in client.get("/intake/exports/").content.decode()
    client.force_login(make_officer(username="t", duty=Duty.TOWNSHIP, division=LI_COUNTY + 100_000))
    assert "payment_list" not in client.get("/intake/exports/").content.decode()
    assert set(tasks.ROWS) == set(EXPORT_SUBJECTS)
