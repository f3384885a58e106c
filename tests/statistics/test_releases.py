"""A release stays as it was: later changes of the ledger, other hands, two officers, a hash that tells."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connections

from fourdoors.accounts.models import Deed
from fourdoors.accounts.rules import Duty
from fourdoors.employment.models import IncomeRecord, Spell
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.kernel.terms import HouseholdStatusKind, RelationToHead
from fourdoors.statistics.models import Cell, Figure, FrozenRow, Publication, Release
from fourdoors.statistics.rules import all_measures
from fourdoors.statistics.selectors import (
    Thing,
    frozen_rows,
    live_children,
    live_value,
    release_children,
    release_counties,
    release_values,
    releases_to_sign,
    rows_behind,
    shares,
    trend,
)
from fourdoors.statistics.services import (
    OwnReleaseError,
    count_figures,
    hash_again,
    sign_release,
)
from fourdoors.store.scope import Scope, scoped, set_scope
from tests.makers.accounts import LI_COUNTY, LI_VILLAGE, LONGNAN, make_officer
from tests.makers.employment import make_spell
from tests.makers.register import make_household, make_membership, make_status, make_worker
from tests.makers.statistics import COUNTED_AT, FIRST, LAST, count, make_ledger, make_release


def as_province() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


@pytest.mark.django_db
class TestFrozen:
    @pytest.fixture(autouse=True)
    def _ledger(self) -> None:
        as_province()
        make_ledger()

    def test_what_the_ledger_becomes_later_does_not_touch_it(self) -> None:
        release = make_release()
        before = release_values(release=release, division=GANSU)
        IncomeRecord.objects.all().delete()
        Spell.objects.update(ended_on=date(2020, 3, 3))
        make_spell(worker=make_worker())
        as_province()
        count()

        assert release_values(release=release, division=GANSU) == before
        assert hash_again(release=release) == release.hash
        assert before["transferred_persons"].value == 6
        assert live_value(measure="transferred_persons", division=GANSU).value == 7
        assert live_value(measure="labour_income", division=GANSU).value == 0

    def test_its_figures_are_those_that_were_live(self) -> None:
        count()
        release = make_release()
        as_province()
        for name, value in release_values(release=release, division=LI_COUNTY).items():
            live = live_value(measure=name, division=LI_COUNTY)
            assert (value.value, value.rows, value.mix) == (live.value, live.rows, live.mix), name

    def test_the_parts_of_a_division_add_up_to_it(self) -> None:
        release = make_release()
        as_province()
        names = ["transferred_persons", "labour_income"]
        for division in (GANSU, LONGNAN, LI_COUNTY, LI_VILLAGE // 1000 * 1000):
            children = release_children(release=release, measures=names, division=division)
            whole = release_values(release=release, division=division)
            for name in names:
                assert sum(values[name].value or 0 for _, values in children) == whole[name].value
        assert release_counties(release=release, measure=names[0], division=LONGNAN)[LI_COUNTY].value == 3

    def test_rows_known_only_by_county_are_shown_under_its_name(self) -> None:
        make_spell(worker=make_worker(village=LI_COUNTY))
        count()
        children = live_children(measures=["transferred_persons"], division=LI_COUNTY)
        assert children[-1][0].code == LI_COUNTY
        assert sum(values["transferred_persons"].value or 0 for _, values in children) == 4

    def test_two_releases_of_one_ledger_differ_by_their_number_alone(self) -> None:
        first, second = make_release(), make_release(number="2020-10-b")
        assert first.hash != second.hash
        rows = FrozenRow.objects.order_by("measure", "village", "object_id")
        fields = ("measure", "village", "object_id", "value", "grade")
        as_province()
        assert list(rows.filter(release=first).values_list(*fields)) == list(
            rows.filter(release=second).values_list(*fields)
        )

    def test_the_deeds_of_a_release_carry_its_hash(self) -> None:
        release = make_release()
        frozen, signed = Deed.objects.filter(object_id=release.pk).order_by("number")
        assert (frozen.action, signed.action) == ("statistics.frozen", "statistics.signed")
        assert frozen.values["hash"] == signed.values["hash"] == release.hash

    def test_nobody_signs_what_they_froze_and_nothing_is_published_then(self) -> None:
        release = make_release(signed=False)
        as_province()
        assert release.frozen_by is not None
        with pytest.raises(OwnReleaseError):
            sign_release(release=release, by=release.frozen_by, at=COUNTED_AT)
        assert not Publication.objects.exists()
        assert not Deed.objects.filter(action="statistics.signed").exists()
        second = make_officer(username="second", duty=Duty.PROVINCE, division=GANSU)
        assert list(releases_to_sign(second)) == [release]
        assert list(releases_to_sign(release.frozen_by)) == []

    def test_another_county_sees_none_of_its_rows(self) -> None:
        release = make_release()
        set_scope(Scope(territory=range_of(LI_COUNTY)))
        assert FrozenRow.objects.filter(release=release).exclude(county=621226).count() == 0
        assert len(frozen_rows(release=release, measure="transferred_persons", division=GANSU)) == 3
        assert release_values(release=release, division=GANSU)["transferred_persons"].value == 0

    @pytest.mark.parametrize("model", [FrozenRow, Figure, Publication])
    def test_the_application_cannot_change_what_was_frozen(self, model: type) -> None:
        make_release()
        as_province()
        with pytest.raises(DatabaseError, match="permission denied"):
            model.objects.all().delete()  # type: ignore[attr-defined]

    def test_a_household_leads_to_its_head(self) -> None:
        head, spouse, household = make_worker(name="马大山"), make_worker(), make_household()
        for worker, relation in ((spouse, RelationToHead.SPOUSE), (head, RelationToHead.HEAD)):
            make_membership(worker=worker, household=household, relation=relation)
        make_status(household=household, kind=HouseholdStatusKind.LIFTED_OUT)
        (row,) = rows_behind(measure="households_lifted_out", division=GANSU, from_on=FIRST, to_on=LAST)
        assert row.thing == Thing("worker", head.pk, household.number)

    def test_a_page_of_rows_begins_where_the_last_one_ended(self) -> None:
        rows = rows_behind(measure="transferred_persons", division=GANSU, from_on=FIRST, to_on=LAST)
        pages = [
            rows_behind(
                measure="transferred_persons", division=GANSU, from_on=FIRST, to_on=LAST, first=first, most=4
            )
            for first in (0, 4, 8)
        ]
        assert [len(page) for page in pages] == [4, 2, 0]
        assert pages[0] + pages[1] == rows
        assert rows[0].thing is not None
        assert rows[0].thing.words == "马*兰"


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE statistics_frozenrow SET value = value + 1 WHERE measure = 'labour_income'",
        "UPDATE statistics_frozenrow SET grade = 'A' WHERE grade = 'C'",
        "DELETE FROM statistics_frozenrow WHERE measure = 'transferred_persons' AND village = 621223100201",
        "UPDATE statistics_figure SET value = value + 1 WHERE measure = 'person_times' AND level = 1",
        "UPDATE statistics_release SET to_on = to_on + 1",
    ],
)
def test_the_hash_tells_what_the_owner_of_the_database_changed(change: str) -> None:
    with scoped(Scope(territory=range_of(GANSU))):
        make_ledger()
        release = make_release()
    with connections["owner"].cursor() as cursor:
        cursor.execute(change)
        assert cursor.rowcount > 0
    with scoped(Scope(territory=range_of(GANSU))):
        again = Release.objects.get(pk=release.pk)
        assert hash_again(release=again) != again.hash


@pytest.mark.django_db
class TestCounted:
    @pytest.fixture(autouse=True)
    def _province(self) -> None:
        as_province()

    def test_a_line_holds_the_months_of_the_period_and_grows(self) -> None:
        make_ledger(li=1, danchang=0, tianshui=0)
        make_spell(worker=make_worker(), left_on=date(2020, 8, 31))
        make_spell(worker=make_worker(), left_on=date(2020, 9, 1))
        count()
        line = trend(measure="transferred_persons", division=LI_COUNTY)
        assert [month.month for month, _ in line] == [3, 4, 5, 6, 7, 8, 9, 10]
        assert [int(value) for _, value in line] == [1, 1, 1, 1, 1, 2, 3, 3]

    def test_a_person_with_two_spells_is_parted_by_the_latest(self) -> None:
        worker = make_worker()
        make_spell(worker=worker, left_on=date(2020, 2, 1), ended_on=date(2020, 4, 1), place=120111_000000)
        make_spell(worker=worker, left_on=date(2020, 5, 1))
        count()
        found = shares(division=LI_COUNTY)
        assert [(key, int(value)) for key, value in found["destination"]] == [("370000000000", 1)]
        assert [(key, int(value)) for key, value in found["sex"]] == [("female", 1)]
        assert found["age_band"][0][0] == "21-30"

    def test_a_new_count_takes_the_place_of_the_old_one(self) -> None:
        make_ledger()
        count()
        cells = Cell.objects.count()
        count()
        assert Cell.objects.count() == cells

    def test_the_planner_has_its_own_ways_back_after_a_count(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SHOW enable_nestloop")
            before = cursor.fetchone()
            count_figures(from_on=FIRST, to_on=LAST, at=COUNTED_AT)
            cursor.execute("SHOW enable_nestloop")
            assert cursor.fetchone() == before

    def test_nothing_over_nobody_is_no_share(self) -> None:
        count()
        ratios = [name for name, one in all_measures().items() if one.parts]
        assert {live_value(measure=name, division=GANSU).value for name in ratios} == {None}
        assert live_value(measure="transferred_persons", division=GANSU).value == 0

    def test_a_period_of_one_day_is_a_period(self) -> None:
        make_ledger()
        count_figures(from_on=date(2020, 3, 1), to_on=date(2020, 3, 1), at=COUNTED_AT)
        assert live_value(measure="transferred_persons", division=GANSU).value == 0
        day = date(2020, 3, 1) + timedelta(days=1)
        count_figures(from_on=day, to_on=day, at=COUNTED_AT)
        assert live_value(measure="transferred_persons", division=GANSU).value == 6
