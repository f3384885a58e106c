"""The province at its true size: shared out, drawn and loaded county by county."""

from collections import Counter

import pytest

from fourdoors.accounts.models import Deed
from fourdoors.console.demo.filling import Counts, fill_county, fill_employers
from fourdoors.console.demo.people import FEMALE_SHARE, REGISTERED_POOR_SHARE
from fourdoors.console.demo.province import draw_county, workers_by_county
from fourdoors.employment.models import Spell
from fourdoors.kernel.divisions import find_division, range_of
from fourdoors.kernel.identity import read_identity
from fourdoors.kernel.terms import Sex
from fourdoors.register.models import Household, Membership, Wish, Worker, WorkerEvent
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import GANSU, LI_COUNTY, make_officer

LI = LI_COUNTY // 1_000_000


@pytest.mark.parametrize("workers", [1_000, 99_999, 5_260_000])
def test_every_worker_lives_in_one_county(workers: int) -> None:
    counts = workers_by_county(workers)

    assert sum(counts.values()) == workers
    assert all(find_division(county * 1_000_000) for county in counts)


def test_the_same_seed_draws_the_same_people_and_another_one_others() -> None:
    one, same, other = (draw_county(code=LI, workers=500, first=0, seed=seed) for seed in (1, 1, 2))

    assert one.names == same.names
    assert one.births == same.births
    assert one.names != other.names


def test_the_marginals_are_those_that_were_published() -> None:
    county = draw_county(code=LI, workers=40_000, first=0, seed=1)
    women = Counter(county.sexes)[Sex.FEMALE] / 40_000

    assert county.poor.mean() == pytest.approx(REGISTERED_POOR_SHARE, abs=0.01)
    assert women == pytest.approx(FEMALE_SHARE, abs=0.1)  # couples are a woman and a man
    assert len(county.villages) == pytest.approx(40_000 / 1.53, rel=0.02)


def test_no_two_workers_have_one_identity_number_and_each_number_reads_as_its_holder() -> None:
    counties = [
        draw_county(code=LI, workers=30_000, first=0, seed=1),
        draw_county(code=LI - 1, workers=30_000, first=30_000, seed=1),
    ]
    numbers = [county.identity(place) for county in counties for place in range(30_000)]

    assert len(set(numbers)) == 60_000
    for place in range(0, 30_000, 997):
        holder = read_identity(counties[1].identity(place))
        assert (holder.born_on, holder.sex) == (counties[1].births[place], counties[1].sexes[place])


@pytest.mark.django_db
def test_a_county_is_loaded_whole_with_its_history_and_one_deed() -> None:
    set_scope(Scope(territory=range_of(GANSU)))
    officer, counts = make_officer(), Counts()
    county = draw_county(code=LI, workers=200, first=0, seed=1)

    fill_county(county=county, employers=fill_employers(seed=1), by=officer, seed=1, counts=counts)

    set_scope(Scope(territory=range_of(LI_COUNTY)))
    assert (Worker.objects.count(), Membership.objects.count(), WorkerEvent.objects.count()) == (
        200,
        200,
        200,
    )
    assert Household.objects.count() == len(county.villages) == counts.rows["households"]
    assert 0.5 < Wish.objects.count() / 200 < 0.7
    assert 0.85 < Spell.objects.count() / 200 <= 1
    assert Deed.objects.get(action="register.loaded").values == {"workers": 200}
