"""Pages of what a round did with whom, and of pairs held together or kept apart."""

import io
from datetime import date

import openpyxl
import pytest

from fourdoors.accounts.models import Deed
from fourdoors.accounts.rules import Duty
from fourdoors.placements.models import Offer, Override
from fourdoors.placements.rules import Dial, OverrideKind, Policy
from fourdoors.recruitment.models import Vacancy
from fourdoors.register.models import Wish, Worker
from tests.makers.accounts import LONGNAN, make_officer
from tests.makers.placements import make_round, make_willing_worker
from tests.makers.recruitment import make_draft, make_vacancy
from tests.web.officers import again, as_officer, county, text_of
from tests.web.placing import an_offer, auditor, stranger, township

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_march")]


def two_rounds() -> int:
    """Match one worker, then the same and another one."""
    make_willing_worker()
    make_vacancy()
    make_round(publish=False)
    make_willing_worker(name="后来人")
    return make_round(publish=False).pk


def test_owner_colleague_and_stranger_at_the_changes_and_the_posts_of_a_round() -> None:
    number, vacancy = two_rounds(), Vacancy.objects.get().pk
    pages = {
        f"/rounds/{number}/since/": "后来人",
        f"/rounds/{number}/posts/": "缝纫工",
        f"/rounds/{number}/posts/{vacancy}/": "马小兰",
    }
    for officer in (county(), make_officer(username="second"), auditor()):
        client = as_officer(officer)
        for address, word in pages.items():
            assert word in text_of(client, address)
    for officer in (stranger(), township()):
        client = as_officer(officer)
        for address in pages:
            assert client.get(address).status_code == 404
        assert client.post(f"/rounds/{number}/since/export/").status_code == 404


def test_the_page_of_a_round_counts_what_changed_and_the_list_says_why() -> None:
    number = two_rounds()
    client = as_officer(county())
    page = text_of(client, f"/rounds/{number}/")
    assert f"/rounds/{number}/since/" in page
    assert "As before" in page
    listed = text_of(client, f"/rounds/{number}/since/?kind=new")
    assert "Agreed or wished since then" in listed
    assert "后来人" in listed
    assert "后来人" not in text_of(client, f"/rounds/{number}/since/?kind=gone")
    assert "马小兰" not in text_of(client, f"/rounds/{number}/since/")


def test_the_changes_leave_as_a_workbook_and_how_many_is_recorded() -> None:
    number = two_rounds()
    answer = as_officer(county()).post(f"/rounds/{number}/since/export/?kind=new")
    again()
    deed = Deed.objects.get(action="placements.changes_exported")
    assert (deed.values["rows"], deed.object_id) == (1, number)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert {"后来人", "Agreed or wished since then", "缝纫工"} <= cells


def test_a_round_shows_fairness_by_group_and_the_plans_side_by_side() -> None:
    make_willing_worker(born_on=date(1968, 1, 1))
    make_willing_worker(name="未满十六", born_on=date(2006, 1, 1))
    make_vacancy()
    made = make_round(publish=False, policy=Policy(dial=Dial.OWN_FIRST))
    page = text_of(as_officer(county()), f"/rounds/{made.pk}/")
    for said in (
        "The wishes of the registered poor", "As many places as can be", "A queue: tier by tier",
        "50 and over", "Under 30", "planned first and by themselves", "this round",
    ):  # fmt: skip
        assert said in page
    groups = {one["group"]: one for one in made.report["fairness"]["age"]}
    assert {code: (one["people"], one["placed"]) for code, one in groups.items()} == {0: (1, 0), 3: (1, 1)}


def test_a_post_of_a_round_names_who_got_it_and_who_was_left() -> None:
    make_vacancy(draft=make_draft(openings=1))
    make_willing_worker(name="得到")
    poorer = make_willing_worker(name="没得到")
    Wish.objects.filter(worker=poorer).update(wage_floor_yuan=4000)
    made = make_round(publish=False)
    page = text_of(as_officer(county()), f"/rounds/{made.pk}/posts/{Vacancy.objects.get().pk}/")
    assert page.index("得到") < page.index("Whom it would have suited best") < page.index("没得到")
    assert "one more opening here would give one more person a place" in page


def said(vacancy: int, **more: str) -> dict[str, str]:
    return {
        "vacancy": str(vacancy),
        "kind": "exclude",
        "reason": "本人要求",
        "how": "",
        "proxy_name": "",
        **more,
    }


def test_a_county_keeps_a_pair_apart_and_undoes_it() -> None:
    worker, vacancy = make_willing_worker(), make_vacancy()
    client = as_officer(county())
    assert "缝纫工" in text_of(client, f"/rounds/pairs/new/{worker.pk}/?vacancy={vacancy.pk}")
    assert client.post(f"/rounds/pairs/new/{worker.pk}/", said(vacancy.pk))["location"] == "/rounds/pairs/"
    again()
    found = Override.objects.get()
    assert (found.kind, found.reason, found.made_by) == (OverrideKind.EXCLUDE, "本人要求", county())
    assert "本人要求" in text_of(client, "/rounds/pairs/")
    client.post(f"/rounds/pairs/{found.pk}/undo/")
    again()
    assert Override.objects.get().undone_by == county()
    assert "No pair is held together" in text_of(client, "/rounds/pairs/")
    assert "本人要求" in text_of(client, "/rounds/pairs/?undone=1")
    assert client.post(f"/rounds/pairs/{found.pk}/undo/").status_code == 404


def test_a_lock_asks_how_the_worker_said_yes() -> None:
    worker, vacancy = make_willing_worker(), make_vacancy()
    client = as_officer(county())
    address = f"/rounds/pairs/new/{worker.pk}/"
    silent = client.post(address, said(vacancy.pk, kind="lock"))
    assert silent.status_code == 422
    assert "Say how the worker said yes" in silent.content.decode()
    nameless = client.post(address, said(vacancy.pk, kind="lock", how="proxy"))
    assert nameless.status_code == 422
    again()
    assert not Override.objects.exists()
    client.post(address, said(vacancy.pk, kind="lock", how="paper"))
    again()
    assert Override.objects.get().agreed_how == "paper"


def test_a_reason_is_asked_for_and_a_stranger_s_worker_is_not_there() -> None:
    worker, vacancy = make_willing_worker(), make_vacancy()
    address = f"/rounds/pairs/new/{worker.pk}/"
    empty = as_officer(county()).post(address, said(vacancy.pk, reason=" "))
    assert "Say why this pair is kept apart" in empty.content.decode()
    for officer in (
        stranger(),
        township(),
        auditor(),
        make_officer(username="l", duty=Duty.PREFECTURE, division=LONGNAN),
    ):
        client = as_officer(officer)
        assert client.get(address).status_code == 404
        assert client.post(address, said(vacancy.pk)).status_code == 404
    again()
    assert not Override.objects.exists()


def test_owner_colleague_and_stranger_at_the_pairs() -> None:
    worker = make_willing_worker()
    as_officer(county()).post(f"/rounds/pairs/new/{worker.pk}/", said(make_vacancy().pk))
    again()
    number = Override.objects.get().pk
    for officer in (make_officer(username="second"), auditor()):
        assert "马小兰" in text_of(as_officer(officer), "/rounds/pairs/")
    assert as_officer(auditor()).post(f"/rounds/pairs/{number}/undo/").status_code == 404
    outside = as_officer(stranger())
    assert "马小兰" not in text_of(outside, "/rounds/pairs/")
    assert outside.post(f"/rounds/pairs/{number}/undo/").status_code == 404
    assert as_officer(township()).get("/rounds/pairs/").status_code == 404
    again()
    assert Override.objects.get().undone_at is None


def test_an_offer_leads_the_county_to_the_pair() -> None:
    offer = an_offer()
    road = f"/rounds/pairs/new/{offer.worker_id}/?vacancy={offer.vacancy_id}"
    assert road in text_of(as_officer(county()), f"/offers/{offer.pk}/")
    assert road not in text_of(as_officer(township()), f"/offers/{offer.pk}/")
    assert Worker.objects.count() == Offer.objects.count() == 1
