"""Rounds, offers, classes in a real browser: a round is run, published and answered by clicking."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import Duty
from fourdoors.accounts.services import make_link
from fourdoors.console import tasks
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.placements.models import Offer, Round
from fourdoors.placements.rules import OfferState, RoundState
from fourdoors.placements.services import accept_offer
from fourdoors.recruitment.rules import Asked, RequirementKind
from fourdoors.register.models import Wish
from fourdoors.register.rules import HowGiven
from fourdoors.register.services import make_worker_link
from fourdoors.store.scope import Scope, scoped
from fourdoors.training.rules import Mark
from fourdoors.training.services import enrol, mark_attendance
from fourdoors.web.desk import now
from tests.makers.accounts import LI_COUNTY, make_officer
from tests.makers.placements import MATCHED_AT, make_placement, make_round, make_willing_worker
from tests.makers.recruitment import make_draft, make_vacancy
from tests.makers.training import ORDERED_AT, make_class
from tests.pictures import DESK, PHONE, faults, overflow, picture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
EVERYWHERE = Scope(territory=range_of(GANSU))
NEEDS = (Asked(RequirementKind.CERTIFICATE, "6-05-01-03"),)


@pytest.fixture(autouse=True)
def _in_march(settings: Settings) -> None:
    settings.DEMONSTRATION_DAY = date(2020, 3, 3)


@pytest.fixture(autouse=True)
def _quiet_console(page: Page) -> Iterator[None]:
    """Fail where a page breaks the policy of its contents, or a script."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda fault: said.append(str(fault)))
    yield
    assert said == []


def enter(page: Page, live_server: LiveServer, officer: Officer) -> None:
    with scoped(EVERYWHERE):
        secret = make_link(officer=officer, at=now().replace(year=2100))
    page.goto(f"{live_server.url}/enter/{secret}")
    page.locator("main button").click()
    page.wait_for_url(f"{live_server.url}/")


def leave(page: Page) -> None:
    page.context.clear_cookies()


def test_a_round_is_run_published_and_answered_by_clicking(page: Page, live_server: LiveServer) -> None:
    with scoped(EVERYWHERE):
        worker = make_willing_worker()
        Wish.objects.filter(worker=worker).update(wage_floor_yuan=3300)
        make_vacancy(draft=make_draft(openings=2))
        secret = make_worker_link(worker=worker, at=MATCHED_AT)
        first, second = make_officer(), make_officer(username="second", full_name="张股长")
    page.set_viewport_size({"width": PHONE, "height": 844})

    enter(page, live_server, first)
    run_round_by_clicking(page, live_server)
    leave(page)
    enter(page, live_server, second)
    page.goto(f"{live_server.url}/rounds/")
    page.get_by_role("link", name="第").first.click()
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("已发布，劳动力可以答复了。")).to_be_visible()
    leave(page)
    answer_by_clicking(page, f"{live_server.url}/my/{secret}/")


def run_round_by_clicking(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/rounds/")
    page.get_by_role("link", name="新批次").first.click()
    page.get_by_label("上岗日期").fill("2020-03-09")
    page.get_by_role("button", name="运行匹配").click()
    expect(page.get_by_text("排队中").first).to_be_visible()
    tasks.match(Round.objects.get().pk, LI_COUNTY, MATCHED_AT.isoformat())  # what the queue's worker does
    expect(page.get_by_role("button", name="发布")).to_be_visible()
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("由您本人运行")).to_be_visible()
    assert Round.objects.get().state == RoundState.READY


def answer_by_clicking(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="缝纫工").click()
    expect(page.get_by_text("工资比期望每月高 900 元")).to_be_visible()
    page.get_by_role("button", name="愿意去").click()
    expect(page.get_by_text("已记录您愿意去")).to_be_visible()
    with scoped(EVERYWHERE):
        assert Offer.objects.get().state == OfferState.ACCEPTED
    page.get_by_role("button", name="我不去了").click()
    expect(page.get_by_text("已撤回，没有任何其他影响。")).to_be_visible()
    with scoped(EVERYWHERE):
        assert Offer.objects.get().state == OfferState.WITHDRAWN


def seen(page: Page, live_server: LiveServer, language: str, addresses: dict[str, str]) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    for name, address in addresses.items():
        answer = page.goto(f"{live_server.url}{address}")
        assert answer is not None
        assert answer.ok, address
        for width in (DESK, PHONE):
            picture(page, f"{name}_{language}_{width}", width)
            assert overflow(page) == 0, (name, width)
        assert faults(page) == [], name


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_desks_of_placements_and_training_are_readable(
    language: str, page: Page, live_server: LiveServer
) -> None:
    with scoped(EVERYWHERE):
        make_vacancy(draft=make_draft(openings=9, requirements=NEEDS))
        make_vacancy(
            draft=make_draft(title="采茶工", wage=(3000, 3200), place=None, openings=3, occupation="")
        )
        for name in ("马小兰", "李二", "王三", "赵四"):
            make_willing_worker(name=name)
        make_willing_worker(name="未满十六", born_on=date(2006, 1, 1))
        made = make_round()
        offers = list(Offer.objects.order_by("pk"))
        placements = [make_placement(offer=one) for one in offers[:2]]
        accept_offer(offer=offers[2], how=HowGiven.SELF, at=MATCHED_AT)
        course = make_class(placement=placements[0])
        enrolled = enrol(course_class=course, placements=placements[:1], at=ORDERED_AT, by=make_officer())
        marks = {enrolled[0].pk: Mark.LATE}
        at = ORDERED_AT.replace(day=9)
        mark_attendance(course_class=course, on=at.date(), marks=marks, at=at, by=make_officer())
        secret = make_worker_link(worker=offers[3].worker, at=MATCHED_AT)
        employer, provider = offers[2].employer_id, course.provider_id
    enter(page, live_server, make_officer())
    desk = {
        "round_list": "/rounds/",
        "round_create": "/rounds/new/",
        "round_detail": f"/rounds/{made.pk}/",
        "unplaced_list": f"/rounds/{made.pk}/unplaced/",
        "offer_list": "/offers/",
        "offer_open": f"/offers/{offers[3].pk}/",
        "offer_accepted": f"/offers/{offers[2].pk}/",
        "placement_list": "/placements/",
        "placement_detail": f"/placements/{placements[0].pk}/",
        "class_list": "/training/",
        "order_list": "/training/orders/",
        "order_create": "/training/orders/new/",
        "provider_create": "/training/providers/new/",
        "class_create": f"/training/orders/{course.order_id}/class/",
        "waiting_list": "/training/waiting/",
        "award_list": "/training/certificates/",
        "class_detail": f"/training/classes/{course.pk}/",
        "class_enrol": f"/training/classes/{course.pk}/enrol/",
    }
    seen(page, live_server, language, desk)
    leave(page)
    enter(page, live_server, make_officer(username="t", duty=Duty.TRAINER, organisation=provider))
    trainer = {"class_day": f"/training/classes/{course.pk}/days/2020-03-09/",
               "class_close": f"/training/classes/{course.pk}/close/"}  # fmt: skip
    seen(page, live_server, language, trainer)
    leave(page)
    enter(page, live_server, make_officer(username="e", duty=Duty.EMPLOYER, organisation=employer))
    seen(page, live_server, language, {"joining_list": "/employer/joining/"})
    leave(page)
    worker = {"my_offers": f"/my/{secret}/offers/", "my_page_offered": f"/my/{secret}/"}
    seen(page, live_server, language, worker)


def test_a_second_press_while_the_first_is_under_way_runs_no_second_round(
    page: Page, live_server: LiveServer
) -> None:
    with scoped(EVERYWHERE):
        make_willing_worker()
        make_vacancy()
    enter(page, live_server, make_officer())
    page.goto(f"{live_server.url}/rounds/new/")
    page.locator("input[name=starts_on]").fill("2020-03-09")
    page.locator("main form button").dblclick()
    expect(page).to_have_url(re.compile(r"/rounds/[0-9]+/$"))
    with scoped(EVERYWHERE):
        assert Round.objects.count() == 1
