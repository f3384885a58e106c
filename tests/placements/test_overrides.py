"""Pairs held together or kept apart: what they do in a round, and what they never buy."""

from datetime import timedelta

import pytest

from fourdoors.accounts.models import Deed, Officer
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.placements.models import Offer, Override, Unplaced
from fourdoors.placements.rules import Dial, OfferState, OverrideKind, Policy
from fourdoors.placements.services import (
    NotMatchableError,
    OverrideReasonMissingError,
    PairOverriddenError,
    WorkerLockedError,
    exclude_pair,
    lock_pair,
    undo_override,
)
from fourdoors.recruitment.models import Vacancy
from fourdoors.recruitment.rules import Asked, RequirementKind
from fourdoors.register.models import Consent, Wish, Worker
from fourdoors.register.rules import HowGiven
from fourdoors.register.services import ProxyNamelessError, withdraw_consent
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import make_officer
from tests.makers.placements import MATCHED_AT, STARTS_ON, make_round, make_willing_worker
from tests.makers.recruitment import make_draft, make_vacancy
from tests.makers.register import make_household, make_membership, make_status, make_worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _province() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def officer() -> Officer:
    return make_officer(username="holder")


def lock(worker: Worker, vacancy: Vacancy, how: HowGiven = HowGiven.PAPER) -> Override:
    return lock_pair(worker=worker, vacancy=vacancy, how=how, by=officer(), at=MATCHED_AT)


def exclude(worker: Worker, vacancy: Vacancy, reason: str = "同村纠纷，本人要求") -> Override:
    return exclude_pair(worker=worker, vacancy=vacancy, reason=reason, by=officer(), at=MATCHED_AT)


def offered() -> dict[str, str]:
    live = Offer.objects.filter(state=OfferState.MADE).select_related("vacancy")
    return {offer.shown_name: offer.vacancy.title for offer in live}


def poor(name: str) -> Worker:
    worker, household = make_willing_worker(name=name), make_household(number=f"H{name}")
    make_status(household=household)
    make_membership(worker=worker, household=household)
    return worker


def two_posts() -> tuple[Vacancy, Vacancy]:
    good = make_vacancy(draft=make_draft(title="好岗", wage=(6000, 7000), openings=1))
    return good, make_vacancy(draft=make_draft(title="次岗", wage=(3000, 3500), openings=1))


@pytest.mark.parametrize("dial", list(Dial))
def test_a_pair_held_together_comes_before_points_in_every_round_until_it_is_undone(dial: Dial) -> None:
    first, second = make_willing_worker(name="甲"), make_willing_worker(name="乙")
    Wish.objects.filter(worker=second).update(wage_floor_yuan=3000)
    _good, plain = two_posts()
    override = lock(first, plain)
    policy = Policy(dial=dial)
    for _ in range(2):
        made = make_round(publish=False, policy=policy)
        assert offered() == {"甲": "次岗", "乙": "好岗"}
        assert (made.report["locks"], made.report["gap"]) == ({"kept": 1, "not_kept": []}, 0)
    undo_override(override=override, by=officer(), at=MATCHED_AT)
    assert make_round(publish=False, policy=policy).report["locks"] == {"kept": 0, "not_kept": []}


def test_the_value_of_a_round_with_a_held_pair_is_that_of_all_its_offers() -> None:
    lock(poor("甲"), two_posts()[1])
    make_willing_worker(name="乙")
    held = make_round(publish=False)
    points = sum(Offer.objects.filter(round=held).values_list("points", flat=True))
    assert (held.offered, held.bound) == (2, held.value)
    assert held.value is not None
    assert held.value > points
    assert held.report["placed_by_tier"] == {"registered_poor": 1, "at_risk": 0, "other": 1}
    assert held.report["most_placeable_first_tier"] == 1


def test_a_lock_never_buys_a_breach_of_a_rule() -> None:
    minor = make_willing_worker(name="未满", born_on=STARTS_ON.replace(year=2004) + timedelta(days=1))
    vacancy = make_vacancy()
    override = lock(minor, vacancy)
    made = make_round(publish=False)
    assert offered() == {}
    assert made.report["locks"] == {"kept": 0, "not_kept": [[override.pk, "AGE"]]}


@pytest.mark.parametrize(("openings", "kept"), [(1, 1), (2, 2)])
def test_locks_beyond_the_openings_are_not_kept_and_the_oldest_word_comes_first(
    openings: int, kept: int
) -> None:
    vacancy = make_vacancy(draft=make_draft(openings=openings))
    second, first = make_willing_worker(name="后说"), make_willing_worker(name="先说")
    lock(first, vacancy)
    late = lock(second, vacancy)
    made = make_round(publish=False)
    assert "先说" in offered()
    assert made.report["locks"]["kept"] == kept
    assert made.report["locks"]["not_kept"] == ([[late.pk, "full"]] if openings == 1 else [])


def test_without_consent_nobody_is_held_and_a_consent_taken_back_ends_it_by_itself() -> None:
    vacancy = make_vacancy(draft=make_draft(openings=2))
    with pytest.raises(NotMatchableError):
        lock(make_worker(name="未同意"), vacancy)
    worker = make_willing_worker(name="甲")
    make_willing_worker(name="乙")
    override = lock(worker, vacancy)
    withdraw_consent(consent=Consent.objects.get(worker=worker), at=MATCHED_AT)
    made = make_round(publish=False)
    assert offered() == {"乙": "缝纫工"}
    assert made.report["locks"]["not_kept"] == [[override.pk, "takes_no_part"]]


def test_a_lock_on_a_post_that_is_full_or_gone_is_not_kept() -> None:
    worker, vacancy = make_willing_worker(), make_vacancy()
    make_vacancy(draft=make_draft(title="另一岗"))
    override = lock(worker, vacancy)
    Vacancy.objects.filter(pk=vacancy.pk).update(withdrawn_at=MATCHED_AT)
    made = make_round(publish=False)
    assert made.report["locks"]["not_kept"] == [[override.pk, "not_open"]]
    assert offered() == {"马小兰": "另一岗"}


def test_a_pair_kept_apart_is_not_offered_and_every_other_post_stays_open() -> None:
    worker = make_willing_worker(name="甲")
    Wish.objects.filter(worker=worker).update(wage_floor_yuan=3000)  # else the lot decides between the two
    good, _plain = two_posts()
    override = exclude(worker, good)
    make_round(publish=False)
    assert offered() == {"甲": "次岗"}
    undo_override(override=override, by=officer(), at=MATCHED_AT)
    make_round(publish=False)
    assert offered() == {"甲": "好岗"}


def test_who_is_kept_apart_from_the_only_post_is_told_the_rule() -> None:
    exclude(make_willing_worker(), make_vacancy())
    make_round(publish=False)
    assert Unplaced.objects.get().reasons["rules"][0][0] == "DECLINED"


def test_words_on_a_pair_are_checked_before_anything_is_written() -> None:
    worker, vacancy, other = make_willing_worker(), make_vacancy(), make_vacancy(draft=make_draft(title="乙"))
    with pytest.raises(OverrideReasonMissingError):
        exclude(worker, vacancy, "  ")
    with pytest.raises(ProxyNamelessError):
        lock(worker, vacancy, HowGiven.PROXY)
    assert not Override.objects.exists()
    lock(worker, vacancy)
    for twice in (lock, exclude):
        with pytest.raises(PairOverriddenError):
            twice(worker, vacancy)
    with pytest.raises(WorkerLockedError) as refusal:
        lock(worker, other)
    assert refusal.value.values == {"worker": "马小兰", "vacancy": "缝纫工"}
    exclude(worker, other)
    assert Override.objects.count() == 2


def test_each_word_and_its_end_are_deeds_and_undoing_twice_changes_nothing() -> None:
    override = exclude(make_willing_worker(), make_vacancy())
    undo_override(override=override, by=officer(), at=MATCHED_AT)
    undo_override(override=override, by=make_officer(), at=MATCHED_AT + timedelta(days=1))
    override.refresh_from_db()
    assert (override.undone_by, override.undone_at, override.kind) == (
        officer(),
        MATCHED_AT,
        OverrideKind.EXCLUDE,
    )
    deeds = Deed.objects.filter(object_id=override.pk, action__startswith="placements.").order_by("pk")
    assert [deed.action for deed in deeds] == ["placements.pair_excluded", "placements.override_undone"]


def test_the_poorest_planned_by_themselves_get_the_better_post_and_others_what_is_left() -> None:
    """Placement first gives both a place; own wish first gives the poor one the good post, the other none."""
    first = poor("贫困户")
    make_willing_worker(name="一般户")
    Wish.objects.filter(worker=first).update(wage_floor_yuan=3000)
    Wish.objects.exclude(worker=first).update(wage_floor_yuan=5000)
    two_posts()
    make_round(publish=False)
    assert offered() == {"贫困户": "次岗", "一般户": "好岗"}
    made = make_round(publish=False, policy=Policy(dial=Dial.OWN_FIRST))
    assert offered() == {"贫困户": "好岗"}
    assert (made.report["gap"], made.report["plans"][0]["plan"]) == (0, "own_first")
    assert [plan["placed"] for plan in made.report["plans"]] == [1, 2, 1]


def test_the_rules_bind_a_round_of_every_policy() -> None:
    make_willing_worker(born_on=STARTS_ON.replace(year=2003))
    make_vacancy(draft=make_draft(requirements=(Asked(RequirementKind.AGE_MIN, "18"),)))
    make_round(publish=False, policy=Policy(dial=Dial.OWN_FIRST))
    assert offered() == {}
