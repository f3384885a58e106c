"""The whole way of an invented province: every step did what it says; nothing is kept that must not be."""

import re
from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from django.db import connections
from psycopg import sql

from fourdoors.accounts.selectors import breaks_in_the_trail, heads_of_the_trail
from fourdoors.console.way.today import LATE_FOR_THE_COACH
from fourdoors.employment.models import Spell
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.placements.models import Placement
from fourdoors.register.models import Worker
from fourdoors.statistics.models import Release
from fourdoors.statistics.services import hash_again
from fourdoors.store.cluster import OWNER
from fourdoors.store.scope import Scope, set_scope
from fourdoors.subsidies.models import Payment
from fourdoors.travel.models import Passage, Seat, Trip
from fourdoors.travel.rules import Door, TripState, Verdict
from fourdoors.travel.selectors import missing_riders
from tests.way.conftest import WORKERS, Walked

pytestmark = pytest.mark.django_db

# Numbers of invented people, whole and bounded: a hash or a longer number is none.
IDENTITY, PHONE = (
    r"(?<![0-9A-Za-z])99[0-9]{15}[0-9X](?![0-9A-Za-z])",
    r"(?<![0-9A-Za-z])100[0-9]{8}(?![0-9A-Za-z])",
)
# The office of a station or an employer is no person: its telephone is there to be called.
OFFICE_PHONES = {("partners_station", "phone"), ("partners_employer", "contact_phone")}
# Which columns of a file were dropped is told by their titles; divisions are called after peoples.
TITLES = {("intake_import", "dropped"), ("accounts_division", "name")}
SENSITIVE = r"群众|党员|团员|政治面貌|宗教|信仰|(汉|回|藏|东乡|保安|裕固|土|蒙古|哈萨克)族(?!自治|乡|镇|小学)"


@pytest.fixture(autouse=True)
def _in_gansu(walked: Walked, db: None) -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def test_every_step_counts_what_it_did(walked: Walked) -> None:
    report = walked.report
    roster, placed, trips = report["register"]["roster"], report["placements"], report["travel"]

    assert roster["wrong"] == 40
    assert roster["merged"] == roster["rows"] - roster["wrong"]
    assert report["register"]["workers"] == WORKERS - roster["wrong"] == Worker.objects.count()
    assert (report["partners"]["letters"], report["partners"]["stations"]) == (15, 103)
    assert placed["accepted"] + placed["declined"] + placed["expired"] == placed["offered"]
    assert placed["accepted"] == placed["placed"]
    assert placed["placed"] + report["today"]["placed"] == Placement.objects.count()
    assert trips["arrived"] + trips["referred"] + trips["no_show"] == trips["riders"]
    assert report["employment"]["entered_factory"] == trips["arrived"]
    assert report["statistics"]["measures"] == 29


def test_who_travelled_passed_four_doors_and_works(walked: Walked) -> None:
    seats = Seat.objects.filter(given_up_at=None, trip__in=walked.journey.trips)
    doors = Passage.objects.filter(verdict=Verdict.ACCEPTED.value, seat__in=seats)

    assert seats.count() == walked.report["travel"]["arrived"]
    assert doors.count() == 4 * seats.count()
    assert Spell.objects.exclude(trip=None).count() == seats.count()


def test_the_day_of_the_demonstration_finds_coaches_on_the_road_and_one_at_the_door(walked: Walked) -> None:
    driven = walked.journey.trips
    on_the_road = Trip.objects.exclude(pk__in=[trip.pk for trip in driven]).filter(state=TripState.DEPARTED)
    boarding = Trip.objects.get(state=TripState.APPROVED)

    assert on_the_road.count() == walked.report["today"]["coaches"] - 1 > 0
    assert not Passage.objects.filter(trip__in=on_the_road, door__gt=Door.BOARD).exists()
    assert len(missing_riders(boarding, Door.LEAVE_HOME)) == LATE_FOR_THE_COACH
    assert not Passage.objects.filter(trip=boarding, door__gt=Door.LEAVE_HOME).exists()


def test_the_money_of_the_lists_is_the_published_figure(walked: Walked) -> None:
    subsidies = walked.report["subsidies"]
    paid = [part for part in subsidies.values() if isinstance(part, dict)]

    fen = sum(part["fen"] for part in paid)
    assert fen == sum(Payment.objects.values_list("fen", flat=True))
    assert fen == walked.report["statistics"]["figures"]["subsidies_paid"]


def test_the_trail_holds_from_the_first_deed_to_the_last(walked: Walked) -> None:
    assert list(breaks_in_the_trail()) == []
    assert sum(head.number for head in heads_of_the_trail()) > 100


def test_the_release_is_signed_by_a_second_officer_and_hashes_to_itself(walked: Walked) -> None:
    release = Release.objects.get()

    assert (release.invented, release.from_on, release.to_on) == (True, date(2020, 1, 1), date(2020, 10, 31))
    assert release.signed_by_id not in (None, release.frozen_by_id)
    assert hash_again(release=release) == release.hash == walked.report["release_hash"]


def test_the_papers_of_the_way_are_left_behind(walked: Walked) -> None:
    papers = {path.name: path.read_bytes() for path in walked.journey.papers.iterdir()}

    assert {"礼县花名册.xlsx", "礼县岗位信息表.xlsx", "礼县输转台账.xlsx"} <= set(papers)
    assert len([name for name in papers if name.startswith("bulletin-2020-10-")]) == 2  # languages
    assert len([name for name in papers if name.startswith("623023-2020")]) == 3  # payment lists of Zhouqu
    assert all(data.startswith(b"%PDF" if name.endswith(".pdf") else b"PK") for name, data in papers.items())


def columns(owner: psycopg.Connection) -> Iterator[tuple[str, str, sql.Composable]]:
    """Yield every column that may hold words, as text; sealed ones with their printable bytes."""
    found = owner.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
        " JOIN information_schema.tables USING (table_schema, table_name)"
        " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND data_type IN"
        " ('text', 'character varying', 'character', 'json', 'jsonb', 'bytea', 'ARRAY', 'bigint')"
    )
    for table, column, kind in found.fetchall():
        name = sql.Identifier(column)
        yield table, column, sql.SQL("encode({}, 'escape')" if kind == "bytea" else "{}::text").format(name)


def holding(walked: Walked, pattern: str) -> set[tuple[str, str]]:
    """Return table and column of all that holds a pattern in the database: as the owner, who sees all."""
    socket = str(connections["default"].settings_dict["HOST"])
    found = set()
    with psycopg.connect(host=socket, user=OWNER, dbname=walked.database) as owner:
        for table, column, text in columns(owner):
            query = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE {} ~ {})").format(
                sql.Identifier(table), text, sql.Literal(pattern)
            )
            if (owner.execute(query).fetchone() or (False,))[0]:
                found.add((table, column))
    return found


def test_nothing_that_must_not_be_kept_is_anywhere_in_the_database(walked: Walked) -> None:
    assert holding(walked, IDENTITY) == set()
    assert holding(walked, PHONE) == OFFICE_PHONES
    assert holding(walked, SENSITIVE) == TITLES


def test_what_is_looked_for_would_be_found(walked: Walked) -> None:
    person = walked.journey.homes[0].members[0]
    assert re.search(IDENTITY, person.identity)
    assert re.search(PHONE, person.phone)
    assert ("register_worker", "name") in holding(walked, person.name)


def test_the_same_seed_gives_the_same_release_in_another_database(
    walked: Walked, hash_of_another_run: str
) -> None:
    assert hash_of_another_run == walked.report["release_hash"]
