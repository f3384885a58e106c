"""How often the pages of rounds, offers and placements ask the database."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fourdoors.placements.models import Offer
from fourdoors.placements.rules import OfferState
from tests.makers.placements import (
    make_placed_worker,
    make_placement,
    make_round,
    make_willing_worker,
)
from tests.makers.recruitment import make_draft, make_vacancy
from tests.web.officers import again, as_officer, county

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_march")]
MOST_QUERIES = 30


@pytest.mark.parametrize(
    "address",
    [
        "/rounds/",
        "/rounds/{round}/",
        "/rounds/{round}/unplaced/",
        "/rounds/{round}/since/",
        "/rounds/{round}/posts/",
        "/offers/",
        "/placements/",
    ],
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
