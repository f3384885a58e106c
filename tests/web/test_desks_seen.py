"""The desks of cooperation, vacancies and fairs in a real browser: readable, without a fault."""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from fourdoors.accounts.rules import Duty
from fourdoors.accounts.services import make_link
from fourdoors.kernel.divisions import range_of
from fourdoors.partners.services import set_target
from fourdoors.recruitment.rules import Asked, RequirementKind, VisitOutcome
from fourdoors.recruitment.services import apply_from_village, record_visit_outcome, sign_in_visit
from fourdoors.store.scope import Scope, scoped
from tests.makers.accounts import GANSU, LI_VILLAGE, QINGDAO_JIAOZHOU, make_officer
from tests.makers.employment import make_spell
from tests.makers.partners import (
    make_agreement,
    make_base,
    make_brand,
    make_employer,
    make_letter,
    make_mission,
    make_plan,
    make_province,
    make_station,
)
from tests.makers.recruitment import make_draft, make_event, make_vacancy
from tests.makers.register import make_worker
from tests.pictures import DESK, PHONE, faults, overflow, picture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def make_desk() -> dict[str, int]:
    now, year = timezone.now(), timezone.localdate().year
    with scoped(Scope(territory=range_of(GANSU))):
        letter, mission = make_letter(sent_on=date(year, 1, 9)), make_mission(on=date(year, 1, 9))
        make_agreement(from_on=date(year, 1, 1), to_on=date(year, 12, 31))
        set_target(
            plan=make_plan(to_year=year), year=year, province=make_province(), persons=5, at=now, by=None
        )
        make_base(plaque_on=date(year, 1, 9))
        make_station()
        brand = make_brand()
        for number in range(3):
            make_spell(
                worker=make_worker(name=f"马{number}"), place=QINGDAO_JIAOZHOU, left_on=date(year, 1, 9)
            )
        asked = (Asked(RequirementKind.AGE_MIN, "18"), Asked(RequirementKind.EDUCATION, "primary"))
        employer = make_employer()
        vacancy = make_vacancy(employer=employer, draft=make_draft(requirements=asked), at=now)
        make_vacancy(draft=make_draft(title="包装工"), verified=False, at=now)
        apply_from_village(vacancy=vacancy, village=LI_VILLAGE, name="马小兰", phone="10000000042", at=now)
        event = make_event(vacancies=(vacancy,))
        visit = sign_in_visit(event=event, worker=make_worker(), at=now, by=None)
        record_visit_outcome(visit=visit, outcome=VisitOutcome.APPLIED, vacancy=vacancy, at=now, by=None)
    return {
        "letter": letter.pk, "mission": mission.pk, "brand": brand.pk, "employer": employer.pk,
        "vacancy": vacancy.pk, "event": event.pk,
    }  # fmt: skip


def sign_in(page: Page, live_server: LiveServer, language: str, **officer: object) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    secret = make_link(officer=make_officer(**officer), at=timezone.now())  # type: ignore[arg-type]
    page.goto(f"{live_server.url}/enter/{secret}")
    page.locator("main button").click()
    page.wait_for_url(f"{live_server.url}/")


def see(page: Page, live_server: LiveServer, pages: dict[str, str], language: str) -> None:
    page.add_init_script(
        'window.__broken = []; document.addEventListener("securitypolicyviolation",'
        " (e) => window.__broken.push(e.violatedDirective + e.blockedURI));"
    )
    for name, address in pages.items():
        for width in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": 900})
            answer = page.goto(f"{live_server.url}{address}")
            assert answer is not None
            assert answer.status == 200, address
            picture(page, f"{name}_{language}_{width}", width)
            assert faults(page) == [], address
            assert overflow(page) == 0, address
            assert page.evaluate("window.__broken") == [], address


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_desks_of_cooperation_are_readable(page: Page, live_server: LiveServer, language: str) -> None:
    made = make_desk()
    sign_in(page, live_server, language)
    lists = ["letters", "agreements", "stations", "missions", "plans", "bases", "brands", "employers"]
    pages = {"cooperation": "/cooperation/"} | {f"coop_{it}": f"/cooperation/{it}/" for it in lists}
    pages |= {
        "coop_brand": f"/cooperation/brands/{made['brand']}/",
        "coop_employer": f"/cooperation/employers/{made['employer']}/",
        "coop_reply": f"/cooperation/letter/{made['letter']}/add/",
        "coop_new": "/cooperation/new/agreement/",
    }
    see(page, live_server, pages, language)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_desks_of_recruitment_are_readable(page: Page, live_server: LiveServer, language: str) -> None:
    made = make_desk()
    sign_in(page, live_server, language)
    pages = {
        "vacancies": "/vacancies/",
        "vacancy": f"/vacancies/{made['vacancy']}/",
        "vacancy_new": "/vacancies/new/",
        "poster_choose": "/vacancies/poster/",
        "fairs": "/fairs/",
        "fair": f"/fairs/{made['event']}/?who=m",
    }
    see(page, live_server, pages, language)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_employers_page_is_readable(page: Page, live_server: LiveServer, language: str) -> None:
    made = make_desk()
    sign_in(page, live_server, language, duty=Duty.EMPLOYER, organisation=made["employer"])
    see(
        page,
        live_server,
        {"own_vacancies": "/employer/vacancies/", "own_new": "/employer/vacancies/new/"},
        language,
    )


def test_the_name_of_a_post_proposes_its_occupation_while_it_is_typed(
    page: Page, live_server: LiveServer
) -> None:
    employer = make_employer()
    sign_in(page, live_server, "zh-hans")
    page.goto(f"{live_server.url}/vacancies/new/")
    page.get_by_label("岗位名称").press_sequentially("缝纫工")
    page.get_by_text("缝纫工 (6-05-01-03)").wait_for()

    assert page.locator("input[name=occupation]").first.is_checked()
    assert employer.pk


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_employer_reads_its_own_posts_on_a_phone(
    page: Page, live_server: LiveServer, language: str
) -> None:
    made = make_desk()
    sign_in(page, live_server, language, duty=Duty.EMPLOYER, organisation=made["employer"])
    page.set_viewport_size({"width": PHONE, "height": 844})
    page.goto(f"{live_server.url}/employer/vacancies/")
    picture(page, f"own_posts_{language}", PHONE)
    assert overflow(page) == 0
    buttons = page.locator("td button").all()
    assert buttons
    for button in buttons:
        box = button.bounding_box()
        assert box is not None
        assert box["height"] < 50  # one line of words
        assert box["x"] + box["width"] <= PHONE
