"""What each duty may read, held by the selectors themselves: the scope here is wide open."""

import pytest

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import Duty
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.placements.models import Offer, Placement
from fourdoors.placements.selectors import (
    fill_of,
    offered_by_province,
    offers_visible_to,
    placements_visible_to,
    rounds_visible_to,
    unplaced,
    wishes_of_willing,
)
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import DANGCHANG, LI_COUNTY, LI_VILLAGE, make_officer
from tests.makers.placements import (
    MATCHED_AT,
    make_placed_worker,
    make_placement,
    make_round,
    make_willing_worker,
)
from tests.makers.recruitment import make_draft, make_vacancy
from tests.makers.register import make_wish, make_worker

pytestmark = pytest.mark.django_db
NOT_TERRITORIAL = (Duty.STATION, Duty.TRAINER, Duty.CARRIER, Duty.HEALTH, Duty.TRANSPORT, Duty.POLICE)


@pytest.fixture(autouse=True)
def _province() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


@pytest.fixture
def placement() -> Placement:
    make_vacancy()
    return make_placed_worker()


def officer(duty: Duty, *, division: int = LI_COUNTY, organisation: int = 7) -> Officer:
    return make_officer(username=f"{duty}{division}", duty=duty, division=division, organisation=organisation)


@pytest.mark.usefixtures("placement")
def test_a_county_reads_its_own_and_no_sibling() -> None:
    for duty, division, seen in ((Duty.COUNTY, LI_COUNTY, 1), (Duty.COUNTY, DANGCHANG, 0)):
        who = officer(duty, division=division)
        assert rounds_visible_to(who).count() == seen
        assert offers_visible_to(who).count() == seen
        assert placements_visible_to(who).count() == seen


@pytest.mark.usefixtures("placement")
@pytest.mark.parametrize("duty", NOT_TERRITORIAL)
def test_a_duty_without_territory_reads_nothing(duty: Duty) -> None:
    who = officer(duty)
    assert not rounds_visible_to(who).exists()
    assert not offers_visible_to(who).exists()
    assert not placements_visible_to(who).exists()


def test_an_employer_reads_its_own_placements_and_no_offer(placement: Placement) -> None:
    own = officer(Duty.EMPLOYER, organisation=placement.employer_id)
    assert placements_visible_to(own).get() == placement
    assert not offers_visible_to(own).exists()
    other = make_officer(username="other", duty=Duty.EMPLOYER, organisation=placement.employer_id + 1)
    assert not placements_visible_to(other).exists()


def test_a_township_reads_its_villages_once_the_round_is_published() -> None:
    make_willing_worker()
    make_vacancy()
    town = officer(Duty.TOWNSHIP, division=LI_VILLAGE // 1000 * 1000)
    neighbour = officer(Duty.TOWNSHIP, division=621226_101000)
    make_round(publish=False)
    assert not offers_visible_to(town).exists()
    make_round()
    assert offers_visible_to(town).count() == 1
    assert not offers_visible_to(neighbour).exists()


def test_closed_placements_are_read_only_when_asked_for(placement: Placement) -> None:
    Placement.objects.update(closed_on=placement.starts_on, close_reason="work_ended")
    who = officer(Duty.COUNTY)
    assert not placements_visible_to(who).exists()
    assert placements_visible_to(who, open_only=False).get() == placement


def test_the_round_list_counts_answers() -> None:
    for number in range(3):
        make_willing_worker(name=f"工{number}")
    make_vacancy()
    make_round()
    make_placement(offer=Offer.objects.order_by("pk")[0])
    found = vars(rounds_visible_to(officer(Duty.COUNTY)).get())
    assert (found["waiting"], found["accepted"]) == (2, 1)


def test_fill_is_counted_by_occupation_over_what_was_free_to_the_round() -> None:
    make_willing_worker()
    make_vacancy(draft=make_draft(openings=2))
    make_vacancy(draft=make_draft(title="保安", openings=3, occupation="4-07-05-01", wage=(2000, 2000)))
    made = make_round()
    assert [(one.occupation, one.openings, one.offered, one.share) for one in fill_of(made)] == [
        ("6-05-01-03", 2, 1, 0.5),
        ("4-07-05-01", 3, 0, 0.0),
    ]
    assert offered_by_province(made) == {370000_000000: 1}


def test_who_is_left_over_is_listed_by_rule_or_by_why() -> None:
    for name in ("甲", "乙"):
        make_willing_worker(name=name)
    make_vacancy(draft=make_draft(openings=1))
    made = make_round()
    assert unplaced(round_id=made.pk).count() == 1
    assert unplaced(round_id=made.pk, rule="wanted_by_more").count() == 1
    assert not unplaced(round_id=made.pk, rule="AGE").exists()


def test_who_can_take_part_agreed_wishes_to_go_and_waits_for_nothing(placement: Placement) -> None:
    assert placement.worker_id not in set(willing())
    waiting = make_willing_worker(name="待答复")
    assert willing() == [waiting.pk]
    make_round()
    assert willing() == []

    free = make_willing_worker(name="可参加")
    make_wish(worker=make_worker(name="未同意"))
    make_wish(worker=make_willing_worker(name="不想去"), wants_to_go=False, at=MATCHED_AT)
    assert willing() == [free.pk]
    assert list(wishes_of_willing(division=DANGCHANG)) == []


def willing() -> list[int]:
    """Return who of Li County can take part in a round."""
    return [wish.worker_id for wish in wishes_of_willing(division=LI_COUNTY)]
