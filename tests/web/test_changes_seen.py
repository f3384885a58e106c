"""Pages of changes in a real browser: both languages, desk and phone, axe and the policy; one decided."""

from datetime import date

import pytest
from django.test import override_settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import Duty
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.terms import HouseholdStatusKind, RelationToHead
from fourdoors.register.models import Household, Worker
from fourdoors.register.rules import Fact
from fourdoors.register.services import (
    approve_change,
    ask_for_two,
    change_status,
    change_worker,
    move_worker,
    reject_change,
)
from fourdoors.store.scope import Scope, scoped
from tests.makers.accounts import make_officer
from tests.makers.register import SPRING, make_household, make_membership, make_worker
from tests.web.test_register_seen import look, sign_in, speak

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def furnish() -> tuple[Officer, Officer, Worker, Household]:
    clerk, second = make_officer(), make_officer(username="zhang", full_name="张股长")
    province = make_officer(username="province", duty=Duty.PROVINCE, division=GANSU)
    with scoped(Scope(territory=range_of(GANSU))):
        worker, household = make_worker(name="马小兰"), make_household(number="6212260004711")
        make_membership(worker=worker, household=household)
        for fact in (Fact.EDUCATION, Fact.HOUSEHOLD, Fact.STATUS):
            ask_for_two(
                fact=fact, from_on=date(2020, 1, 1), document="甘人社〔2020〕1号", at=SPRING, by=province
            )
        for to in ("senior_middle", "primary", "bachelor"):
            made = change_worker(
                worker=worker, fact=Fact.EDUCATION, to=to, source="毕业证", grade=Grade.B, at=SPRING, by=clerk
            )
            assert made
            if to == "primary":
                reject_change(proposal=made, reason="证书不符", at=SPRING, by=second)
            if to == "bachelor":
                approve_change(proposal=made, at=SPRING, by=second)
        move_worker(
            worker=worker, number="6212260004712", relation=RelationToHead.SPOUSE, from_on=date(2020, 3, 1),
            source="户口簿", grade=Grade.B, at=SPRING, by=clerk,
        )  # fmt: skip
        change_status(
            household=household, kind=HouseholdStatusKind.MONITORED, ends=False, from_on=date(2020, 3, 1),
            source="认定表", grade=Grade.B, at=SPRING, by=clerk,
        )  # fmt: skip
    return clerk, second, worker, household


@override_settings(DEMONSTRATION=True)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_of_changes_are_readable_on_desk_and_phone(
    language: str, page: Page, live_server: LiveServer
) -> None:
    _, second, worker, household = furnish()
    page.add_init_script(
        'window.__broken = []; document.addEventListener("securitypolicyviolation",'
        " (e) => window.__broken.push(e.violatedDirective + e.blockedURI));"
    )
    speak(page, live_server, language)
    sign_in(page, live_server, second)
    pages = {
        "change_list": "/changes/",
        "change_list_done": "/changes/?state=rejected",
        "change_rules": "/changes/rules/",
        "worker_detail_changes": f"/workers/{worker.pk}/?on=2020-03-01",
        "worker_change": f"/workers/{worker.pk}/change/",
        "worker_move": f"/workers/{worker.pk}/household/",
        "worker_seen": f"/workers/{worker.pk}/seen/",
        "household_changes": f"/households/{household.pk}/",
        "household_status": f"/households/{household.pk}/status/",
        "household_split": f"/households/{household.pk}/split/",
    }
    for name, path in pages.items():
        look(page, f"{live_server.url}{path}", f"{name}_{language}")
    sign_in(page, live_server, Officer.objects.get(username="province"))
    look(page, f"{live_server.url}/changes/rules/", f"change_rules_province_{language}")


def test_the_second_officer_approves_one_change_and_cannot_approve_the_other(
    page: Page, live_server: LiveServer
) -> None:
    clerk, second, worker, _ = furnish()
    speak(page, live_server, "zh-hans")
    sign_in(page, live_server, clerk)
    page.goto(f"{live_server.url}/changes/")
    assert page.get_by_role("button", name="审核通过").count() == 0
    sign_in(page, live_server, second)
    page.goto(f"{live_server.url}/changes/")
    page.get_by_role("button", name="审核通过 文化程度 高中").click()
    page.get_by_text("依据已不成立").wait_for()
    page.get_by_role("button", name="审核通过 家庭 6212260004712").click()
    page.get_by_text("变更已复核通过并登记").wait_for()
    page.goto(f"{live_server.url}/workers/{worker.pk}/")
    page.get_by_text("归入 6212260004712 户").wait_for()
