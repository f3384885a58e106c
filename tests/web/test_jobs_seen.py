"""The pages of jobs in a real browser: readable, light, without a fault, and usable without a script."""

from dataclasses import replace

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from fourdoors.kernel.divisions import range_of
from fourdoors.recruitment.models import Vacancy
from fourdoors.recruitment.rules import Asked, RequirementKind
from fourdoors.store.scope import Scope, scoped
from tests.makers.accounts import GANSU, LI_COUNTY, LI_VILLAGE
from tests.makers.partners import make_agreement, make_employer
from tests.makers.recruitment import make_draft, make_vacancy
from tests.pictures import PHONE, faults, overflow, picture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
HEAVIEST_BYTES = 60_000


def make_jobs() -> Vacancy:
    with scoped(Scope(territory=range_of(GANSU))):
        today = timezone.localdate()
        make_agreement(from_on=today, to_on=today)
        sewing = make_vacancy(
            employer=make_employer(name="胶州第一缝纫厂（虚构）"),
            draft=replace(
                make_draft(
                    requirements=(Asked(RequirementKind.AGE_MIN, "18"), Asked(RequirementKind.OTHER, "熟手"))
                ),
                insurance="工伤保险",
                duties="裁片缝合，计件核算，新手带薪培训7天。",
                place_words="胶州市阜安工业园",
            ),
            at=timezone.now(),
        )
        offers = (
            ("家政服务员", "陇原妹家政基地（虚构）", 110105_000000, (5000, 7000), True),
            ("电子装配工", "天津西青电子厂（虚构）", 120111_000000, (4800, 6000), False),
            ("苹果包装工", "礼县城关帮扶车间（虚构）", LI_COUNTY, (2600, 3000), False),
        )
        for title, name, place, wage, board in offers:
            draft = make_draft(title=title, place=place, wage=wage, board=board, occupation="")
            make_vacancy(employer=make_employer(name=name), draft=draft, at=timezone.now())
    return sewing


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_jobs_are_readable_on_a_phone(page: Page, live_server: LiveServer, language: str) -> None:
    sewing = make_jobs()
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    page.set_viewport_size({"width": PHONE, "height": 844})
    for name, address in (
        ("jobs", "/jobs/"),
        ("village", f"/v/{LI_VILLAGE}/"),
        ("job", f"/v/{LI_VILLAGE}/{sewing.pk}/"),
        ("nothing", "/jobs/?q=宇航员"),
    ):
        page.goto(f"{live_server.url}{address}")
        picture(page, f"{name}_{language}", PHONE)
        assert faults(page) == []
        assert overflow(page) == 0


def test_a_page_of_jobs_weighs_less_than_sixty_kilobytes(page: Page, live_server: LiveServer) -> None:
    make_jobs()
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.goto(f"{live_server.url}/v/{LI_VILLAGE}/", wait_until="networkidle")

    assert sum(sizes) > 0
    transferred = page.evaluate(
        "performance.getEntries().reduce((sum, it) => sum + (it.transferSize || 0), 0)"
    )
    assert (
        transferred < 2 * HEAVIEST_BYTES
    )  # served here without compression; see test_a_page_of_jobs_is_light


def test_a_village_applies_and_takes_back_without_a_script(browser: Browser, live_server: LiveServer) -> None:
    sewing = make_jobs()
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{live_server.url}/v/{LI_VILLAGE}/")
    page.get_by_role("searchbox").fill("缝纫")
    page.get_by_role("button", name="找").click()
    page.get_by_role("link", name="缝纫工").click()
    page.get_by_label("姓名").fill("马小兰")
    page.get_by_label("手机号").fill("10000000042")
    page.get_by_role("button", name="我要报名").click()
    assert page.get_by_text("尾号 0042").is_visible()
    page.get_by_role("button", name="取消报名").click()
    assert page.get_by_text("您的姓名和手机号已删除").is_visible()
    assert page.url.startswith(f"{live_server.url}/v/{LI_VILLAGE}/applied/")
    assert sewing.pk
    context.close()
