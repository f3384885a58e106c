"""Pages of register and intake in a real browser: both languages, desk and phone, axe and the policy."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client, override_settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from fourdoors.accounts.models import Officer
from fourdoors.console import tasks
from fourdoors.console.demo.people import homes
from fourdoors.console.demo.workbooks import roster
from fourdoors.intake.services import ask_for_merge
from fourdoors.kernel.divisions import GANSU, LI_COUNTY, range_of
from fourdoors.kernel.terms import RelationToHead, Sex
from fourdoors.register.models import Worker
from fourdoors.register.rules import Purpose, WishTerms
from fourdoors.register.services import (
    look_at_worker,
    make_worker_link,
    merge_roster,
    record_wish,
    withdraw_consent,
)
from fourdoors.store.scope import Scope, scoped
from tests.makers.accounts import make_officer
from tests.makers.employment import make_spell
from tests.makers.intake import ROSTER, make_import, roster_row, workbook
from tests.makers.register import (
    SPRING,
    make_consent,
    make_household,
    make_membership,
    make_status,
    make_worker,
)
from tests.pictures import DESK, PHONE, faults, overflow, picture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def furnish() -> tuple[Officer, Worker, int, str]:
    """Make a county with a merged roster, a checked one, and one person of whom everything is known."""
    officer = make_officer()
    with scoped(Scope(territory=range_of(GANSU))):
        data, _ = roster(list(homes(workers=60, seed=3)))
        batch = make_import(data=data, division=GANSU, by=None, name="花名册.xlsx")
        ask_for_merge(import_id=batch.pk, at=SPRING)
        merge_roster(import_id=batch.pk, at=SPRING)
        rows = [roster_row(1), roster_row(2, name=""), roster_row(4, sex="x"), roster_row(5, name="马𠮷兰")]
        checked = make_import(data=workbook(rows), name="礼县花名册（城关镇）.xlsx", by=officer)
        worker, household = make_worker(name="马小兰"), make_household()
        make_membership(worker=worker, household=household)
        father = make_worker(name="马大山", sex=Sex.MALE, born_on=date(1964, 2, 3))
        make_membership(worker=father, household=household, relation=RelationToHead.FATHER)
        make_spell(worker=worker)
        make_status(household=household)
        record_wish(
            worker=worker, at=SPRING, by=officer,
            terms=WishTerms(wants_to_go=True, destinations=(370000_000000,), wage_floor_yuan=4500),
        )  # fmt: skip
        make_consent(worker=worker)
        withdraw_consent(
            consent=make_consent(worker=worker, purpose=Purpose.CONTACT), at=SPRING + timedelta(1)
        )
        look_at_worker(worker=worker, by=officer, at=SPRING)
        return officer, worker, checked.pk, make_worker_link(worker=worker, at=SPRING)


def sign_in(page: Page, live_server: LiveServer, officer: Officer) -> None:
    client = Client()
    client.force_login(officer)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])


def speak(page: Page, live_server: LiveServer, language: str) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])


def look(page: Page, address: str, name: str) -> None:
    """Open a page on desk and phone: it answers, axe finds nothing, it does not scroll sideways."""
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        picture(page, f"{name}_{width}", width)
        assert faults(page) == [], address
        assert overflow(page) == 0, address
    assert page.evaluate("window.__broken") == []


@override_settings(DEMONSTRATION=True)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_readable_on_desk_and_phone(language: str, page: Page, live_server: LiveServer) -> None:
    officer, worker, checked, secret = furnish()
    page.add_init_script(
        'window.__broken = []; document.addEventListener("securitypolicyviolation",'
        " (e) => window.__broken.push(e.violatedDirective + e.blockedURI));"
    )
    sign_in(page, live_server, officer)
    speak(page, live_server, language)
    pages = {
        "worker_list": "/workers/",
        "worker_list_empty": "/workers/?q=nobodyatall",
        "worker_detail": f"/workers/{worker.pk}/",
        "worker_wish": f"/workers/{worker.pk}/wish/",
        "worker_create": "/workers/new/",
        "worker_on_a_day": f"/workers/{worker.pk}/?on=2020-03-01",
        "worker_numbers": "/workers/numbers/",
        "pair_list": "/duplicates/",
        "import_list": "/intake/",
        "import_detail": f"/intake/{checked}/",
        "my_page": f"/my/{secret}/",
    }
    for name, path in pages.items():
        look(page, f"{live_server.url}{path}", f"{name}_{language}")


def test_a_person_is_walked_through_by_clicking(page: Page, live_server: LiveServer) -> None:
    officer, worker, _, _ = furnish()
    sign_in(page, live_server, officer)
    speak(page, live_server, "zh-hans")
    page.goto(f"{live_server.url}/workers/")
    page.get_by_label("姓名、电话或编号").fill("mxl")
    page.get_by_role("button", name="查看").click()
    page.get_by_role("link", name="马小兰").click()
    page.get_by_role("button", name="显示完整证号").click()
    page.get_by_text("本次查看已留痕").wait_for()
    assert page.url.endswith(f"/workers/{worker.pk}/")

    page.get_by_role("button", name="撤回 同意参加岗位匹配").click()
    page.get_by_text("同意已撤回").wait_for()
    assert page.get_by_role("button", name="撤回 同意参加岗位匹配").count() == 0
    page.get_by_role("button", name="制作服务卡").click()
    page.get_by_role("img", name="本人页面二维码").wait_for()


def test_a_worker_withdraws_on_the_phone(page: Page, live_server: LiveServer) -> None:
    *_, secret = furnish()
    page.set_viewport_size({"width": PHONE, "height": 844})
    speak(page, live_server, "zh-hans")
    page.goto(f"{live_server.url}/my/{secret}/")
    page.get_by_role("button", name="撤回同意 同意参加岗位匹配").click()
    page.get_by_text("已撤回，没有任何其他影响").wait_for()
    page.get_by_role("button", name="我同意 同意参加岗位匹配").click()
    page.get_by_text("谢谢").wait_for()
    assert page.get_by_role("button", name="撤回同意 同意参加岗位匹配").count() == 1


def test_a_page_that_waits_loads_itself_when_the_queue_is_done(
    page: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    officer = make_officer()
    sign_in(page, live_server, officer)
    speak(page, live_server, "zh-hans")
    path = tmp_path / "礼县花名册.xlsx"
    path.write_bytes(workbook([roster_row(1), roster_row(2, name="")]))
    page.goto(f"{live_server.url}/intake/")
    page.get_by_label("文件", exact=True).set_input_files(path)
    page.get_by_role("button", name="读取并校验").click()
    page.get_by_text("正在读取…").wait_for()
    pk = int(page.url.rstrip("/").rsplit("/", 1)[1])

    tasks.stage(pk, LI_COUNTY, SPRING.isoformat())  # what the queue's worker does
    page.get_by_role("button", name="1 行入库").click()
    page.get_by_text("正在入库…").wait_for()
    tasks.merge(pk, LI_COUNTY, ROSTER, officer.pk, SPRING.isoformat())
    page.get_by_text("已入库").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载批注表格").click()
    assert download.value.suggested_filename == f"import-{pk}-notes.xlsx"
