"""Who sees which spell, who is out on a day, and how many stayed."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fourdoors.accounts.rules import Duty
from fourdoors.employment.models import Spell
from fourdoors.employment.rules import Stretch
from fourdoors.employment.selectors import (
    SpellFilters,
    arrears_visible_to,
    follow_ups_due,
    follow_ups_visible_to,
    income_mix,
    out_on,
    retention,
    spells_of,
    spells_visible_to,
    stretches_of,
)
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.terms import Channel
from tests.makers.accounts import DANGCHANG, LI_COUNTY, QINGDAO_JIAOZHOU, make_officer
from tests.makers.employment import make_follow_up, make_income, make_spell
from tests.makers.register import make_worker

pytestmark = pytest.mark.django_db


def test_a_county_sees_its_own_and_a_station_only_open_work_at_its_place() -> None:
    own = make_spell(worker=make_worker())
    make_spell(worker=make_worker(village=DANGCHANG))
    ended = make_spell(worker=make_worker(), ended_on=date(2020, 5, 1))
    county = make_officer()
    station = make_officer(username="q", duty=Duty.STATION, division=QINGDAO_JIAOZHOU)
    health = make_officer(username="h", duty=Duty.HEALTH)

    assert set(spells_visible_to(county)) == {own, ended}
    assert ended not in spells_visible_to(station)
    assert own in spells_visible_to(station)
    assert not spells_visible_to(health).exists()


def test_filters_narrow_by_channel_place_grade_and_state() -> None:
    stays = make_spell(worker=make_worker(), left_on=date(2020, 3, 2))
    early = make_spell(
        worker=make_worker(), ended_on=date(2020, 4, 1), channel=Channel.SELF_ARRANGED, place=LI_COUNTY,
        grade=Grade.D, end_reason="personal",
    )  # fmt: skip
    done = make_spell(worker=make_worker(), ended_on=date(2020, 4, 1), end_reason="season_ended")
    officer = make_officer()

    def found(filters: SpellFilters) -> set[Spell]:
        return set(spells_visible_to(officer, filters))

    assert found(SpellFilters(channel="self_arranged")) == {early}
    assert found(SpellFilters(place=620000_000000)) == {early}
    assert found(SpellFilters(grade="A")) == {stays, done}
    assert found(SpellFilters(state="open")) == {stays}
    assert found(SpellFilters(state="early")) == {early}
    assert found(SpellFilters(state="ended")) == {early, done}
    assert found(SpellFilters(village=LI_COUNTY)) == {stays, early, done}
    make_follow_up(spell=stays).__class__.objects.filter(day=7).update(still_there=False)
    assert found(SpellFilters(state="gone")) == {stays}


def test_out_on_a_day_counts_from_leaving_to_the_eve_of_the_end() -> None:
    make_spell(worker=make_worker(), left_on=date(2020, 3, 2), ended_on=date(2020, 5, 1))
    counts = {day: out_on(day).count() for day in (date(2020, 3, 1), date(2020, 3, 2))}
    assert list(counts.values()) == [0, 1]
    assert out_on(date(2020, 4, 30)).count() == 1
    assert out_on(date(2020, 5, 1)).count() == 0


def test_retention_asks_only_of_work_that_is_old_enough_in_one_query() -> None:
    make_spell(worker=make_worker(), left_on=date(2020, 3, 2), ended_on=date(2020, 3, 9))  # seven days
    make_spell(worker=make_worker(), left_on=date(2020, 3, 2), ended_on=date(2020, 3, 10))
    make_spell(worker=make_worker(), left_on=date(2020, 3, 2))
    make_spell(worker=make_worker(), left_on=date(2020, 3, 28))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        week, month = retention(Spell.objects.all(), day_counts=(7, 30), on=date(2020, 4, 1))
    assert len(queries) == 1
    assert (week.begun, week.still_there) == (3, 2)
    assert (month.begun, month.still_there, month.share) == (3, 1, 1 / 3)
    assert retention(Spell.objects.none(), day_counts=(7,), on=date(2020, 4, 1))[0].share is None


def test_visits_due_are_those_not_made_and_a_station_sees_its_own() -> None:
    spell = make_spell(worker=make_worker(), left_on=date(2020, 3, 2))
    make_follow_up(spell=spell)
    assert [visit.day for visit in follow_ups_due(date(2020, 4, 1))] == [7, 30]
    station = make_officer(username="q", duty=Duty.STATION, division=QINGDAO_JIAOZHOU)
    elsewhere = make_officer(username="b", duty=Duty.STATION, division=110000_000000)
    assert follow_ups_visible_to(station).count() == 4
    assert not follow_ups_visible_to(elsewhere).exists()
    assert not arrears_visible_to(make_officer(username="e", duty=Duty.EMPLOYER, organisation=1)).exists()


def test_the_way_of_a_worker_and_the_mix_of_pay() -> None:
    worker = make_worker()
    first = make_spell(worker=worker, left_on=date(2020, 1, 2), ended_on=date(2020, 2, 1))
    second = make_spell(worker=worker, left_on=date(2020, 3, 2))
    make_income(spell=first, month=date(2020, 1, 1), fen=100, grade=Grade.D)
    make_income(spell=second, fen=300, grade=Grade.B)
    assert list(spells_of(worker)) == [second, first]
    assert income_mix(spells_of(worker)) == {"D": 100, "B": 300}
    assert Stretch(date(2020, 3, 2), None, second.employer_name) in stretches_of(worker)
