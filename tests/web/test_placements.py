"""Pages of rounds, offers and placements: who sees what, what a press writes, what is said and why."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from fourdoors.accounts.models import Deed, Officer
from fourdoors.accounts.rules import Duty
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.placements.models import Offer, Placement, Round
from fourdoors.placements.rules import CloseReason, OfferState, RoundState
from fourdoors.recruitment.rules import Asked, RequirementKind
from fourdoors.register.models import Consent, Wish
from fourdoors.register.rules import Purpose
from fourdoors.register.services import make_worker_link
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import DANGCHANG, LI_COUNTY, LI_VILLAGE, LONGNAN, make_officer
from tests.makers.placements import (
    MATCHED_AT,
    make_placed_worker,
    make_placement,
    make_round,
    make_willing_worker,
)
from tests.makers.recruitment import make_draft, make_vacancy

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TODAY = date(2020, 3, 3)
MOST_QUERIES = 30


@pytest.fixture(autouse=True)
def _in_march(db: None, settings: Settings) -> None:
    settings.DEMONSTRATION_DAY = TODAY
    again()


def again() -> None:
    """Look at the tables again: a request ends with the scope of who asked."""
    set_scope(Scope(territory=range_of(GANSU)))


def as_officer(officer: Officer, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(officer, backend=BACKEND)
    again()
    return client


def county() -> Officer:
    return make_officer()


def stranger() -> Officer:
    return make_officer(username="dang", division=DANGCHANG)


def township() -> Officer:
    return make_officer(username="town", duty=Duty.TOWNSHIP, division=LI_VILLAGE // 1000 * 1000)


def auditor() -> Officer:
    return make_officer(username="audit", duty=Duty.AUDITOR, division=GANSU)


def employer_of(offer: Offer) -> Officer:
    return make_officer(username=f"e{offer.employer_id}", duty=Duty.EMPLOYER, organisation=offer.employer_id)


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def an_offer(*, publish: bool = True) -> Offer:
    worker = make_willing_worker()
    Wish.objects.filter(worker=worker).update(wage_floor_yuan=3300)
    make_vacancy()
    make_round(publish=publish)
    return Offer.objects.get()


# Rounds


def test_owner_colleague_and_stranger_at_a_round() -> None:
    offer = an_offer()
    number = offer.round_id
    colleagues = (
        make_officer(username="second"),
        make_officer(username="longnan", duty=Duty.PREFECTURE, division=LONGNAN),
        auditor(),
    )
    for officer in (county(), *colleagues):
        client = as_officer(officer)
        assert f"Round {number}" in text_of(client, "/rounds/")
        assert "proved best" in text_of(client, f"/rounds/{number}/")
    for officer in (stranger(), township()):
        client = as_officer(officer)
        assert client.get(f"/rounds/{number}/").status_code == 404
        assert client.get(f"/rounds/{number}/unplaced/").status_code == 404
    client = as_officer(stranger())
    assert "No round yet" in text_of(client, "/rounds/")
    assert client.post(f"/rounds/{number}/set-aside/").status_code == 404


def test_people_without_an_account_and_of_other_duties_see_no_round() -> None:
    assert Client().get("/rounds/").status_code == 302
    for duty in (Duty.EMPLOYER, Duty.STATION, Duty.HEALTH):
        client = as_officer(make_officer(username=duty.value, duty=duty, organisation=7))
        for address in ("/rounds/", "/offers/", "/placements/"):
            assert client.get(address).status_code == 404


def asked(starts_on: str, *, division: int = LI_COUNTY) -> dict[str, str]:
    """Return what the form of a round sends."""
    return {"starts_on": starts_on, "seed": "0", "division": str(division)}


def test_a_county_runs_a_round_and_only_another_officer_publishes_it() -> None:
    make_willing_worker()
    make_vacancy()
    client = as_officer(county())
    assert "<b>1</b>" in text_of(client, "/rounds/new/")
    ran = client.post("/rounds/new/", asked("2020-03-09"))
    again()
    made = Round.objects.get()
    assert ran["location"] == f"/rounds/{made.pk}/"
    assert "another officer of the county" in text_of(client, f"/rounds/{made.pk}/")

    refused = client.post(f"/rounds/{made.pk}/publish/", follow=True).content.decode()
    assert f"You ran round {made.pk} yourself" in refused
    again()
    assert Round.objects.get().state == RoundState.READY

    second = as_officer(make_officer(username="second"))
    assert (
        "The workers can answer now"
        in second.post(f"/rounds/{made.pk}/publish/", follow=True).content.decode()
    )
    again()
    assert Round.objects.get().published_by == make_officer(username="second")


def test_a_round_that_is_set_aside_takes_its_offers_with_it() -> None:
    offer = an_offer(publish=False)
    client = as_officer(county())
    assert client.post(f"/rounds/{offer.round_id}/set-aside/").status_code == 302
    again()
    assert Round.objects.get().state == RoundState.SET_ASIDE
    assert Offer.objects.get().state == OfferState.OBSOLETE
    assert client.post(f"/rounds/{offer.round_id}/burn/").status_code == 404


@pytest.mark.parametrize("duty", [Duty.PROVINCE, Duty.PREFECTURE, Duty.AUDITOR])
def test_who_only_reads_cannot_run_or_publish(duty: Duty) -> None:
    offer = an_offer(publish=False)
    client = as_officer(make_officer(username="reader", duty=duty, division=GANSU))
    assert client.get("/rounds/new/").status_code == 404
    assert client.post(f"/rounds/{offer.round_id}/publish/").status_code == 404
    assert "Publish<" not in text_of(client, f"/rounds/{offer.round_id}/")
    again()
    assert Round.objects.get().state == RoundState.READY


def test_a_round_for_a_day_that_is_over_or_for_nobody_is_explained() -> None:
    client = as_officer(county())
    late = client.post("/rounds/new/", asked("2020-03-02"))
    assert late.status_code == 422
    assert "This day is over" in late.content.decode()
    stranger = client.post("/rounds/new/", asked("2020-03-09", division=DANGCHANG))
    assert stranger.status_code == 422
    assert not Round.objects.exists()
    nobody = client.post("/rounds/new/", asked("2020-03-03"))
    assert nobody.status_code == 422
    assert "There is nothing to match: 0 workers" in nobody.content.decode()
    again()
    assert not Round.objects.exists()


def test_a_round_shows_its_picture_its_fill_its_promise_and_who_is_left_over() -> None:
    make_willing_worker()
    make_willing_worker(name="未满十六", born_on=date(2006, 1, 1))
    make_vacancy(draft=make_draft(openings=3, requirements=(Asked(RequirementKind.AGE_MIN, "18"),)))
    made = make_round(publish=False)
    page = text_of(as_officer(county()), f"/rounds/{made.pk}/")
    assert "<svg" in page
    assert "Shandong" in page
    assert "No plan could offer more: 0" in page
    assert "50.0% of those who agreed" in page
    assert f"/rounds/{made.pk}/unplaced/?rule=AGE" in page
    assert "Age: 1 kept out, 1 of them for this reason alone" in page
    assert made.answer_hash in page
    for points in made.policy["weights"].values():
        assert f'<td class="n">{points}</td>' in page


def test_who_got_nothing_is_told_why_rule_by_rule() -> None:
    make_willing_worker(name="未满十六", born_on=date(2006, 1, 1))
    poor = make_willing_worker(name="要价高")
    Wish.objects.filter(worker=poor).update(wage_floor_yuan=9000)
    make_vacancy()
    made = make_round()
    client = as_officer(county(), "zh-hans")
    everybody = text_of(client, f"/rounds/{made.pk}/unplaced/")
    assert "工资低于本人期望：排除 1 个岗位，其中 1 个仅因这一条" in everybody
    narrowed = text_of(client, f"/rounds/{made.pk}/unplaced/?rule=AGE")
    assert "未满十六" in narrowed
    assert "要价高" not in narrowed


# Offers


def test_owner_colleague_and_stranger_at_an_offer() -> None:
    offer = an_offer()
    for officer in (county(), township(), auditor()):
        client = as_officer(officer)
        assert "马小兰" in text_of(client, "/offers/")
        assert "4,200–5,500" in text_of(client, f"/offers/{offer.pk}/")
    client = as_officer(stranger())
    assert "马小兰" not in text_of(client, "/offers/")
    assert client.get(f"/offers/{offer.pk}/").status_code == 404
    for deed in ("accept", "decline", "withdraw", "employer"):
        assert client.post(f"/offers/{offer.pk}/{deed}/", {"how": "self"}).status_code == 404
    again()
    assert Offer.objects.get().state == OfferState.MADE


def test_a_township_sees_an_offer_only_once_it_is_published() -> None:
    offer = an_offer(publish=False)
    client = as_officer(township())
    assert client.get(f"/offers/{offer.pk}/").status_code == 404
    assert "nobody can answer yet" in text_of(as_officer(county()), f"/offers/{offer.pk}/")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Pays 900 yuan a month more"), ("zh-hans", "工资比期望每月高 900 元")]
)
def test_the_reasons_of_an_offer_are_sentences_whose_points_add_up(language: str, said: str) -> None:
    offer = an_offer()
    page = text_of(as_officer(county(), language), f"/offers/{offer.pk}/")
    assert said in page
    assert "+90<" in page
    assert f'<td class="n">{offer.points}</td>' in page


def test_an_offer_says_that_its_certificate_comes_with_a_free_class() -> None:
    make_willing_worker()
    make_vacancy(draft=make_draft(requirements=(Asked(RequirementKind.CERTIFICATE, "6-05-01-03"),)))
    make_round()
    page = text_of(as_officer(county()), f"/offers/{Offer.objects.get().pk}/")
    assert "goes to a class first. It is free." in page


def test_a_wish_without_a_least_pay_is_not_called_more_than_was_asked_for() -> None:
    make_willing_worker()
    make_vacancy()
    make_round()
    page = text_of(as_officer(county()), f"/offers/{Offer.objects.get().pk}/")
    assert "no least pay was asked for" in page
    assert "more than was asked for" not in page


def test_offers_are_narrowed_by_round_state_and_name() -> None:
    offer = an_offer()
    client = as_officer(county())
    assert "马小兰" in text_of(client, f"/offers/?round={offer.round_id}&state=made&name=小")
    for query in ("state=placed", "round=999999", "name=李", "round=x&name=李"):
        assert "No offer fits" in text_of(client, f"/offers/?{query}")


def test_a_yes_through_a_relative_needs_the_name_of_the_relative() -> None:
    offer = an_offer()
    client = as_officer(township())
    nameless = client.post(f"/offers/{offer.pk}/accept/", {"how": "proxy", "proxy_name": ""})
    assert nameless.status_code == 422
    again()
    assert Offer.objects.get().state == OfferState.MADE
    assert not Consent.objects.filter(purpose=Purpose.MOVE).exists()

    named = client.post(f"/offers/{offer.pk}/accept/", {"how": "proxy", "proxy_name": "马大山"})
    assert named.status_code == 302
    again()
    consent = Consent.objects.get(purpose=Purpose.MOVE)
    assert (consent.how, consent.proxy_name, consent.recorded_by) == ("proxy", "马大山", township())
    assert Offer.objects.get().state == OfferState.ACCEPTED


def test_a_no_is_recorded_with_or_without_a_word_and_is_not_asked_twice() -> None:
    offer = an_offer()
    client = as_officer(county())
    client.post(f"/offers/{offer.pk}/decline/", {"how": "paper", "words": "母亲生病"})
    again()
    assert (Offer.objects.get().state, Offer.objects.get().decline_words) == ("declined", "母亲生病")
    assert "母亲生病" in text_of(client, f"/offers/{offer.pk}/")
    twice = client.post(f"/offers/{offer.pk}/decline/", {"how": "paper", "words": ""})
    assert twice.status_code == 422
    assert "can no longer be answered" in twice.content.decode()


def test_the_last_day_of_an_offer_is_shown_and_kept(settings: Settings) -> None:
    offer = an_offer()
    client = as_officer(county())
    settings.DEMONSTRATION_DAY = TODAY + timedelta(days=2)
    assert "Record the yes" in text_of(client, f"/offers/{offer.pk}/")
    settings.DEMONSTRATION_DAY = TODAY + timedelta(days=3)
    page = text_of(client, f"/offers/{offer.pk}/")
    assert "Record the yes" not in page
    assert "Not answered" in page
    assert client.post(f"/offers/{offer.pk}/accept/", {"how": "self"}).status_code == 422


@pytest.mark.parametrize("placed", [False, True])
def test_a_worker_is_taken_out_of_a_move_at_any_state_in_one_step(placed: bool) -> None:  # noqa: FBT001
    offer = an_offer()
    client = as_officer(county())
    if placed:
        make_placement(offer=offer)
    assert client.post(f"/offers/{offer.pk}/withdraw/").status_code == 302
    again()
    assert Offer.objects.get().state == OfferState.WITHDRAWN
    assert not Placement.objects.filter(closed_on=None).exists()
    assert not Consent.objects.filter(purpose=Purpose.MOVE, withdrawn_at=None).exists()
    assert Consent.objects.filter(purpose=Purpose.MATCHING, withdrawn_at=None).exists()
    assert client.post(f"/offers/{offer.pk}/withdraw/").status_code == 302


def test_the_employers_answer_is_recorded_on_the_employers_word() -> None:
    offer = an_offer()
    client = as_officer(county())
    early = client.post(f"/offers/{offer.pk}/employer/", {"takes": "yes"}, follow=True)
    assert "can no longer be answered" in early.content.decode()
    client.post(f"/offers/{offer.pk}/accept/", {"how": "self"})
    assert client.post(f"/offers/{offer.pk}/employer/", {"takes": "perhaps"}).status_code == 404
    assert as_officer(township()).post(f"/offers/{offer.pk}/employer/", {"takes": "yes"}).status_code == 404
    client.post(f"/offers/{offer.pk}/employer/", {"takes": "yes"})
    again()
    assert Placement.objects.get().offer == offer


# Placements


def test_owner_colleague_and_stranger_at_a_placement() -> None:
    make_vacancy()
    placement = make_placed_worker()
    for officer in (county(), township(), auditor()):
        client = as_officer(officer)
        assert "马小兰" in text_of(client, "/placements/")
        page = text_of(client, f"/placements/{placement.pk}/")
        assert "No seat on a trip yet" in page
        assert ("Take back" in page) is (officer.duty != Duty.AUDITOR)
    client = as_officer(stranger())
    assert "马小兰" not in text_of(client, "/placements/")
    assert client.get(f"/placements/{placement.pk}/").status_code == 404
    assert client.post(f"/placements/{placement.pk}/withdraw/").status_code == 404
    again()
    assert Placement.objects.get().closed_on is None


def test_a_placement_that_waits_for_a_certificate_says_so_and_is_listed() -> None:
    make_vacancy(draft=make_draft(requirements=(Asked(RequirementKind.CERTIFICATE, "6-05-01-03"),)))
    placement = make_placed_worker()
    client = as_officer(county())
    assert "马小兰" in text_of(client, "/placements/?state=waiting")
    assert "Waits for a class" in text_of(client, f"/placements/{placement.pk}/")


def test_placements_are_narrowed_by_state_and_employer() -> None:
    make_vacancy()
    make_placed_worker()
    client = as_officer(county())
    assert "马小兰" in text_of(client, "/placements/?employer=缝纫")
    for query in ("state=waiting", "state=closed", "employer=电子"):
        assert "No placement fits" in text_of(client, f"/placements/?{query}")


def test_nobody_needs_a_coach_for_work_in_the_own_county() -> None:
    make_vacancy(draft=make_draft(place=LI_COUNTY))
    placement = make_placed_worker()
    page = text_of(as_officer(county()), f"/placements/{placement.pk}/")
    assert "First day of work" in page
    assert "No seat on a trip yet" not in page


def test_a_placed_worker_is_taken_out_of_the_move_on_the_page() -> None:
    make_vacancy()
    placement = make_placed_worker()
    client = as_officer(county())
    assert client.post(f"/placements/{placement.pk}/withdraw/").status_code == 302
    again()
    assert Placement.objects.get().close_reason == CloseReason.WITHDRAWN
    assert "Ended" in text_of(client, f"/placements/{placement.pk}/")


@pytest.mark.parametrize(("what", "address"), [("offers", "/offers/"), ("placements", "/placements/")])
def test_a_list_taken_out_is_recorded_with_its_length_and_bears_a_name(what: str, address: str) -> None:
    make_vacancy()
    make_placed_worker()
    client = as_officer(county())
    answer = client.post(f"{address}export/")
    again()
    deed = Deed.objects.get(action=f"placements.{what}_exported")
    assert (deed.values["rows"], deed.officer) == (1, county())
    cells = [
        str(cell.value)
        for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows()
        for cell in row
    ]
    assert {"马小兰", Placement.objects.get().identity_tail} <= set(cells)
    assert any("1 people" in cell and "王处" in cell for cell in cells)
    nothing = as_officer(stranger()).post(f"{address}export/")
    assert "马小兰".encode() not in nothing.content
    assert client.get(f"{address}export/").status_code == 405


# The employer's own page


def test_an_employer_sees_by_name_who_said_yes_and_nothing_of_the_register() -> None:
    offer = an_offer()
    employer = as_officer(employer_of(offer))
    assert "马小兰" not in text_of(employer, "/employer/joining/")
    as_officer(county()).post(f"/offers/{offer.pk}/accept/", {"how": "self"})
    page = text_of(employer, "/employer/joining/")
    assert "马小兰" in page
    assert f"…{offer.identity_tail}" in page
    assert "Li County" not in page

    other = as_officer(make_officer(username="other", duty=Duty.EMPLOYER, organisation=999_999))
    assert "马小兰" not in text_of(other, "/employer/joining/")
    assert other.post(f"/employer/joining/{offer.pk}/answer/", {"takes": "yes"}).status_code == 404
    assert as_officer(county()).get("/employer/joining/").status_code == 404
    again()
    assert not Placement.objects.exists()


@pytest.mark.parametrize(("takes", "state"), [("yes", OfferState.PLACED), ("no", OfferState.NOT_TAKEN)])
def test_an_employer_takes_a_person_or_not_by_name(takes: str, state: OfferState) -> None:
    offer = an_offer()
    as_officer(county()).post(f"/offers/{offer.pk}/accept/", {"how": "self"})
    employer = as_officer(employer_of(offer))
    assert employer.post(f"/employer/joining/{offer.pk}/answer/", {"takes": ""}).status_code == 404
    said = employer.post(f"/employer/joining/{offer.pk}/answer/", {"takes": takes}, follow=True)
    assert {"yes": "马小兰 is taken", "no": "马小兰 is not taken"}[takes] in said.content.decode()
    again()
    assert Offer.objects.get().state == state
    assert ("马小兰" in text_of(employer, "/employer/joining/")) is (takes == "yes")
    assert employer.post(f"/employer/joining/{offer.pk}/answer/", {"takes": takes}).status_code == 404


# The worker's own page


def test_a_worker_sees_own_offers_with_reasons_and_nobody_elses() -> None:
    offer = an_offer()
    other = make_willing_worker(name="李二")
    secret, others = (make_worker_link(worker=one, at=MATCHED_AT) for one in (offer.worker, other))
    anybody = Client(headers={"accept-language": "en"})
    page = text_of(anybody, f"/my/{secret}/offers/")
    assert "Pays 900 yuan a month more" in page
    assert "Yes, I want to go" in page
    assert "缝纫工" in text_of(anybody, f"/my/{secret}/")
    assert "Nothing is offered to you now" in text_of(anybody, f"/my/{others}/offers/")
    assert anybody.post(f"/my/{others}/offers/{offer.pk}/accept/").status_code == 404
    assert anybody.get("/my/not-a-secret/offers/").status_code == 404
    again()
    assert Offer.objects.get().state == OfferState.MADE


def test_an_offer_that_is_not_published_is_not_shown_to_the_worker() -> None:
    offer = an_offer(publish=False)
    secret = make_worker_link(worker=offer.worker, at=MATCHED_AT)
    assert "Nothing is offered to you now" in text_of(
        Client(headers={"accept-language": "en"}), f"/my/{secret}/offers/"
    )
    assert Client().post(f"/my/{secret}/offers/{offer.pk}/accept/").status_code == 404


def test_a_worker_says_yes_and_takes_it_back_without_an_account() -> None:
    offer = an_offer()
    address = f"/my/{make_worker_link(worker=offer.worker, at=MATCHED_AT)}/offers/"
    client = Client(headers={"accept-language": "en"})
    assert "Your yes is recorded" in client.post(f"{address}{offer.pk}/accept/", follow=True).content.decode()
    again()
    assert Consent.objects.get(purpose=Purpose.MOVE).how == "self"
    assert (
        "can no longer be answered"
        in client.post(f"{address}{offer.pk}/decline/", follow=True).content.decode()
    )
    assert "It is taken back" in client.post(f"{address}{offer.pk}/withdraw/", follow=True).content.decode()
    again()
    assert Offer.objects.get().state == OfferState.WITHDRAWN
    assert client.post(f"{address}{offer.pk}/eat/").status_code == 404
    assert client.get(f"{address}{offer.pk}/accept/").status_code == 405


@pytest.mark.parametrize("words", ["", "孩子小", "x" * 300])
def test_a_worker_says_no_with_or_without_a_word(words: str) -> None:
    offer = an_offer()
    address = f"/my/{make_worker_link(worker=offer.worker, at=MATCHED_AT)}/offers/"
    Client().post(f"{address}{offer.pk}/decline/", {"words": words})
    again()
    found = Offer.objects.get()
    assert (found.state, found.decline_words) == (OfferState.DECLINED, words[:200])


# Queries


@pytest.mark.parametrize(
    "address",
    ["/rounds/", "/rounds/{round}/", "/rounds/{round}/unplaced/", "/offers/", "/placements/"],
)
def test_the_number_of_queries_does_not_grow_with_the_people(address: str) -> None:
    make_vacancy()
    make_placed_worker()
    make_willing_worker(name="未满十六", born_on=date(2006, 1, 1))
    client = as_officer(county())
    few = queries(client, address, make_round().pk)
    for number in range(5):
        make_willing_worker(name=f"工{number}", born_on=date(1990 if number % 2 else 2006, 1, 1))
    make_vacancy(draft=make_draft(title="电子装配工"))
    round_id = make_round().pk
    for offer in Offer.objects.filter(state=OfferState.MADE):
        make_placement(offer=offer)
    many = queries(client, address, round_id)
    assert many == few <= MOST_QUERIES


def queries(client: Client, address: str, round_id: int) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address.format(round=round_id)).status_code == 200
    again()
    return len(captured)


@pytest.mark.parametrize("page", ["offer", "placement"])
def test_a_page_of_one_person_asks_few_queries(page: str) -> None:
    make_vacancy()
    placement = make_placed_worker()
    client = as_officer(county())
    number = {"offer": placement.offer_id, "placement": placement.pk}[page]
    assert queries(client, f"/{page}s/{number}/", 0) <= 15
