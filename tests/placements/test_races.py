"""Rounds that overlap, at the same moment: a person is in one of them, an opening is offered once."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from fourdoors.accounts.models import Deed, Officer
from fourdoors.accounts.selectors import breaks_in_the_trail
from fourdoors.kernel.divisions import Level, ancestor_of
from fourdoors.placements.models import Offer, Round, Unplaced
from fourdoors.placements.rules import OfferState, RoundState
from fourdoors.placements.services import publish_round, run_round
from fourdoors.placements.services.asking import ROUND_LOCK
from fourdoors.recruitment.models import Vacancy
from fourdoors.store.scope import scoped
from tests.at_once import EVERYWHERE, at_once
from tests.makers.accounts import DANGCHANG, LI_COUNTY, LI_VILLAGE, make_officer
from tests.makers.placements import MATCHED_AT, STARTS_ON, make_round, make_willing_worker
from tests.makers.recruitment import make_draft, make_vacancy
from tests.makers.register import make_consent, make_wish, make_worker
from tests.store.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4  # each with threads that start anew: any order may come


def running(division: int, by: Officer) -> Callable[[], object]:
    return lambda: run_round(division=division, starts_on=STARTS_ON, by=by, at=MATCHED_AT)


def live_offers() -> list[Offer]:
    return list(Offer.objects.filter(state=OfferState.MADE).select_related("round"))


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_rounds_of_one_county_leave_one_that_may_be_published(_round: int) -> None:
    with scoped(EVERYWHERE):
        for number in range(3):
            make_willing_worker(name=f"工{number}")
        make_vacancy(draft=make_draft(openings=2))
    li, wang = make_officer(username="li"), make_officer(username="wang")

    assert at_once(running(LI_COUNTY, li), running(LI_COUNTY, wang)) == ["done", "done"]

    with scoped(EVERYWHERE):
        ready = Round.objects.get(state=RoundState.READY)
        assert Round.objects.get(state=RoundState.SET_ASIDE).offers.exclude(state="obsolete").count() == 0
        assert [offer.round for offer in live_offers()] == [ready, ready]
        assert Unplaced.objects.filter(round=ready).count() == 1
        assert list(breaks_in_the_trail()) == []


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_township_and_its_county_offer_nobody_two_posts(_round: int) -> None:
    with scoped(EVERYWHERE):
        here = ancestor_of(make_willing_worker(name="本乡").village, Level.TOWNSHIP)
        elsewhere = make_worker(name="外乡", village=LI_VILLAGE + 1000)
        make_wish(worker=elsewhere)
        make_consent(worker=elsewhere)
        make_vacancy(draft=make_draft(openings=5))
    li, wang = make_officer(username="li"), make_officer(username="wang")

    at_once(running(here, li), running(LI_COUNTY, wang))

    with scoped(EVERYWHERE):
        # the county last: its round holds both; the township last: the county's is set aside with both offers
        county = Round.objects.get(division=LI_COUNTY)
        offered = [offer.worker_id for offer in live_offers()]
        assert len(offered) == len(set(offered)) == (2 if county.state == RoundState.READY else 1)
        assert Round.objects.filter(state=RoundState.READY).count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_round_is_published_or_set_aside_by_the_next_and_never_both(_round: int) -> None:
    with scoped(EVERYWHERE):
        make_willing_worker()
        make_vacancy()
        first = make_round(publish=False)
        make_willing_worker(name="第二人")
    li, wang = make_officer(username="li"), make_officer(username="wang")

    said = at_once(
        running(LI_COUNTY, li),
        lambda: publish_round(round_id=first.pk, by=wang, at=MATCHED_AT + timedelta(1)),
    )

    assert said in (["done", "done"], ["done", "round_not_ready"])
    with scoped(EVERYWHERE):
        first.refresh_from_db()
        published = Deed.objects.filter(action="placements.round_published", object_id=first.pk).count()
        assert published == (first.state == RoundState.PUBLISHED)
        assert len({offer.worker_id for offer in live_offers()}) == len(live_offers())


def waiting_for_the_lock() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND NOT granted",
            [ROUND_LOCK],
        )
        return int(cursor.fetchone()[0])


def test_the_last_opening_is_offered_by_one_of_two_counties_that_plan_at_the_same_moment() -> None:
    """Both plans are made before either is kept: the lock is held here until both wait for it."""
    with scoped(EVERYWHERE):
        make_willing_worker()
        other = make_worker(name="宕昌人", village=DANGCHANG + 100_201)
        make_wish(worker=other)
        make_consent(worker=other)
        vacancy = make_vacancy(draft=make_draft(openings=1))
    li, wang = make_officer(username="li"), make_officer(username="wang", division=DANGCHANG)
    said: list[str] = []
    both = threading.Thread(
        target=lambda: said.extend(at_once(running(LI_COUNTY, li), running(DANGCHANG, wang)))
    )
    with scoped(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [ROUND_LOCK])
        both.start()
        until(lambda: waiting_for_the_lock() == 2)
    both.join(60)

    assert said == ["done", "nobody_to_match"]
    with scoped(EVERYWHERE):
        assert Offer.objects.get().vacancy == Vacancy.objects.get() == vacancy
        assert Round.objects.count() == 1
