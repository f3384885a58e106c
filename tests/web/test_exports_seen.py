"""Filled forms and a county's own forms in a real browser: both languages, desk and phone, axe."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from fourdoors.accounts.models import Officer
from fourdoors.console import tasks
from fourdoors.engines.sheets import FORMS, template
from fourdoors.intake.models import Export
from fourdoors.intake.rules import EXPORT_FORMS
from fourdoors.intake.services import ask_for_export, keep_county_form
from fourdoors.kernel.divisions import GANSU, LI_COUNTY, range_of
from fourdoors.store.scope import Scope, scoped
from tests.makers.accounts import make_officer
from tests.makers.register import SPRING, make_household, make_membership, make_worker
from tests.pictures import PHONE
from tests.web.test_register_seen import look, sign_in, speak

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

_HIDDEN = """() => {
    const it = document.querySelector("#exports .scroll"); return it.scrollWidth - it.clientWidth;
}"""  # how much of the table lies beside its frame


def furnish() -> Officer:
    """Make a county with one form ready, one being made, one that broke off, and a form of its own."""
    officer = make_officer()
    with scoped(Scope(territory=range_of(GANSU))):
        make_membership(worker=make_worker(), household=make_household())
        asked = [
            ask_for_export(form=form, division=LI_COUNTY, whole_identities=True, at=SPRING, by=officer)
            for form in ("national_member_export", "transfer_ledger", "p2p_manifest_person")
        ]
        Export.objects.filter(pk=asked[2].pk).update(state="failed")
        data = template(FORMS["transfer_ledger"], may_be_edited=True)
        keep_county_form(form="transfer_ledger", data=data, name="台账.xlsx", at=SPRING, by=officer)
    tasks.export(asked[0].pk, LI_COUNTY, "2020-05-02", SPRING.isoformat())
    return officer


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_of_forms_are_readable_on_desk_and_phone(
    live_server: LiveServer, page: Page, settings: LazySettings, tmp_path: Path, language: str
) -> None:
    settings.HOME = tmp_path
    page.add_init_script(
        'window.__broken = []; document.addEventListener("securitypolicyviolation",'
        " (e) => window.__broken.push(e.violatedDirective + e.blockedURI));"
    )
    sign_in(page, live_server, furnish())
    speak(page, live_server, language)
    for name, path in (
        ("exports", "/intake/exports/"), ("county_forms", "/intake/county-forms/"), ("intake", "/intake/"),
    ):  # fmt: skip
        look(page, f"{live_server.url}{path}", f"{name}_{language}")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_file_can_be_taken_on_a_phone_however_long_its_form_is_called(
    live_server: LiveServer, page: Page, settings: LazySettings, tmp_path: Path, language: str
) -> None:
    settings.HOME = tmp_path
    officer = furnish()
    with scoped(Scope(territory=range_of(GANSU))):
        for form in EXPORT_FORMS:
            ask_for_export(
                form=form, division=LI_COUNTY, whole_identities=True, at=SPRING, by=officer,
                about="623023-20200907-1" if form == "payment_list" else "",
            )  # fmt: skip
        Export.objects.update(state="made", rows=1_000_000, sheets=2, made_at=SPRING)
    sign_in(page, live_server, officer)
    speak(page, live_server, language)
    page.set_viewport_size({"width": PHONE, "height": 844})
    page.goto(f"{live_server.url}/intake/exports/")
    buttons = page.locator("#exports button")
    assert buttons.count() == len(EXPORT_FORMS) + 3
    assert page.evaluate(_HIDDEN) == 0
