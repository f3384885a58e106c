"""A round: who takes part, what is kept, who may publish."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fourdoors.accounts.models import Deed
from fourdoors.kernel.divisions import GANSU, Level, ancestor_of, range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.occupations import all_occupations
from fourdoors.kernel.terms import LabourCapacity
from fourdoors.placements.models import Offer, Placement, Round, Unplaced
from fourdoors.placements.rules import OfferState, Policy, RoundState
from fourdoors.placements.selectors import offers_of, unplaced_by_rule
from fourdoors.placements.services import (
    NobodyToMatchError,
    OwnRoundError,
    RoundNotReadyError,
    RoundTooLargeError,
    accept_offer,
    answer_as_employer,
    publish_round,
    run_round,
)
from fourdoors.placements.services.problems import minor_group
from fourdoors.recruitment.rules import ApplicationChannel, Asked, RequirementKind
from fourdoors.recruitment.services import apply, withdraw_application
from fourdoors.register.models import Worker
from fourdoors.register.rules import HowGiven
from fourdoors.register.services import add_certificate, withdraw_consent
from fourdoors.store.scope import Scope, set_scope
from tests.makers.accounts import LI_COUNTY, LI_VILLAGE, make_officer
from tests.makers.placements import MATCHED_AT, STARTS_ON, make_placed_worker, make_round, make_willing_worker
from tests.makers.recruitment import make_draft, make_vacancy
from tests.makers.register import (
    make_consent,
    make_household,
    make_membership,
    make_status,
    make_wish,
    make_worker,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _province() -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def test_who_agreed_and_wishes_is_offered_what_is_open() -> None:
    worker, vacancy = make_willing_worker(), make_vacancy()

    made = make_round(publish=False)

    offer = Offer.objects.get()
    assert (offer.worker, offer.vacancy, offer.state) == (worker, vacancy, OfferState.MADE)
    assert (made.offered, made.report["gap"], len(made.answer_hash)) == (1, 0, 64)
    assert Deed.objects.filter(action="placements.round_run", object_id=made.pk).exists()


def test_nobody_is_matched_without_consent_or_against_the_newest_wish() -> None:
    make_vacancy()
    make_wish(worker=make_worker(name="未同意"))
    unwilling = make_willing_worker(name="不想去")
    make_wish(worker=unwilling, wants_to_go=False, at=MATCHED_AT)
    withdrawn = make_worker(name="已撤回")
    make_wish(worker=withdrawn)
    withdraw_consent(consent=make_consent(worker=withdrawn), at=MATCHED_AT)

    with pytest.raises(NobodyToMatchError) as refusal:
        make_round()

    assert refusal.value.values == {"workers": 0, "vacancies": 1}
    assert not Round.objects.exists()
    assert not Offer.objects.exists()


def test_a_vacancy_that_nobody_verified_is_not_offered() -> None:
    make_willing_worker()
    make_vacancy(verified=False)
    with pytest.raises(NobodyToMatchError):
        make_round()


def test_points_add_up_to_the_score_in_at_most_four_facts() -> None:
    make_willing_worker()
    make_vacancy()
    make_round()
    offer = Offer.objects.get()
    assert 1 <= len(offer.reasons["facts"]) <= 4
    assert sum(points for _, points in offer.reasons["facts"]) == offer.points == offer.reasons["score"]


def test_the_last_opening_goes_to_the_registered_poor() -> None:
    household = make_household()
    make_status(household=household)
    poor = make_willing_worker(name="贫困户")
    make_membership(worker=poor, household=household)
    other = make_willing_worker(name="一般户")
    make_vacancy(draft=make_draft(openings=1))

    made = make_round()

    assert Offer.objects.get().worker == poor
    assert Unplaced.objects.get().worker == other
    assert Unplaced.objects.get().reasons["why"] == "wanted_by_more"
    assert made.report["most_placeable_first_tier"] == made.report["placed_by_tier"]["registered_poor"] == 1


def test_every_one_left_out_is_told_which_rule_cost_most() -> None:
    minor = make_willing_worker(name="未满十六", born_on=STARTS_ON.replace(year=2004) + timedelta(days=1))
    make_vacancy()
    make_round()
    assert Unplaced.objects.get().worker == minor
    assert unplaced_by_rule(round_id=Round.objects.get().pk) == [("AGE", 1)]


def test_who_is_sixteen_on_the_first_day_may_be_offered_work() -> None:
    make_willing_worker(born_on=STARTS_ON.replace(year=2004))
    make_vacancy()
    make_round()
    assert Offer.objects.count() == 1


def test_an_offer_keeps_its_terms_when_the_vacancy_changes() -> None:
    make_willing_worker()
    vacancy = make_vacancy()
    make_round()
    vacancy.wage_low_yuan = vacancy.wage_high_yuan = 1000
    vacancy.save()
    assert Offer.objects.get().terms["wage_low_yuan"] == 4200
    assert Offer.objects.get().terms["fee_yuan"] == 0


def test_a_lost_labour_capacity_is_offered_nothing() -> None:
    worker = make_worker(labour_capacity=LabourCapacity.LOST.value)
    make_wish(worker=worker)
    make_consent(worker=worker)
    make_vacancy()
    make_round()
    assert not Offer.objects.exists()
    assert Unplaced.objects.get().reasons["rules"][0][0] == "CAPACITY"


def test_who_lacks_a_certificate_is_offered_the_post_and_trained_to_order() -> None:
    make_willing_worker()
    make_vacancy(draft=make_draft(requirements=(Asked(RequirementKind.CERTIFICATE, "6-05-01-03"),)))
    make_round()
    assert Offer.objects.count() == 1


def hold_certificate(worker: Worker, occupation: str) -> None:
    add_certificate(
        worker=worker,
        occupation=occupation,
        title="职业资格证书",
        number=f"T{worker.pk}",
        level=5,
        issued_on=date(2019, 5, 1),
        issuer="示范职业学校",
        grade=Grade.A,
        at=MATCHED_AT,
    )


def test_without_training_to_order_only_holders_of_the_certificate_are_offered_the_post() -> None:
    holder, _ = make_willing_worker(name="有证"), make_willing_worker(name="无证")
    hold_certificate(holder, "6-05-01-03")
    make_vacancy(draft=make_draft(requirements=(Asked(RequirementKind.CERTIFICATE, "6-05-01-03"),)))
    make_round(policy=Policy(train_to_order=False))
    assert Offer.objects.get().worker == holder
    assert Unplaced.objects.get().reasons["rules"][0][0] == "CERTIFICATE"


def test_a_certificate_past_the_sixty_third_kind_is_never_passed_over_in_silence() -> None:
    """The engine holds 64 bits: the kinds asked for least share one, which nobody has."""
    common = sorted({minor_group(it.code) for it in all_occupations() if it.code.count("-") == 3})[:63]
    rare = "6-05-01-03"
    assert minor_group(rare) not in common
    for group in [*common, *common]:
        code = f"{group}-01"
        make_vacancy(draft=make_draft(requirements=(Asked(RequirementKind.CERTIFICATE, code),)))
    last = make_vacancy(draft=make_draft(requirements=(Asked(RequirementKind.CERTIFICATE, rare),)))
    holder = make_willing_worker(name="有证")
    hold_certificate(holder, f"{common[-1]}-01")
    make_willing_worker(name="无证")
    make_round(policy=Policy(train_to_order=False))
    offer = Offer.objects.get()
    assert offer.worker == holder
    assert offer.vacancy != last


def test_who_holds_one_of_the_rare_certificates_is_not_sent_to_a_post_that_asks_for_another() -> None:
    groups = sorted({minor_group(it.code) for it in all_occupations() if it.code.count("-") == 3})
    *common, first, second = groups[:65]
    for group in [*common, *common, first, second]:
        make_vacancy(draft=make_draft(requirements=(Asked(RequirementKind.CERTIFICATE, f"{group}-01"),)))
    hold_certificate(make_willing_worker(), f"{first}-01")
    make_round(policy=Policy(train_to_order=False))
    assert not Offer.objects.exists()


def test_an_offer_is_seen_by_nobody_before_the_round_is_published() -> None:
    worker = make_willing_worker()
    make_vacancy()
    made = make_round(publish=False)
    assert not offers_of(worker).exists()
    publish_round(round_id=made.pk, by=make_officer(username="publisher"), at=MATCHED_AT)
    assert offers_of(worker).count() == 1


def test_who_ran_a_round_cannot_publish_it() -> None:
    make_willing_worker()
    make_vacancy()
    made = make_round(publish=False)
    with pytest.raises(OwnRoundError):
        publish_round(round_id=made.pk, by=make_officer(username="runner"), at=MATCHED_AT)
    assert Round.objects.get().state == RoundState.READY


def test_a_round_is_published_once() -> None:
    make_willing_worker()
    make_vacancy()
    made = make_round()
    with pytest.raises(RoundNotReadyError):
        publish_round(round_id=made.pk, by=make_officer(username="third"), at=MATCHED_AT)


def test_more_pairs_than_a_round_holds_are_refused_and_nothing_is_written() -> None:
    make_willing_worker(name="甲")
    make_willing_worker(name="乙")
    make_vacancy()
    by = make_officer(username="runner")
    run = partial(run_round, division=LI_COUNTY, starts_on=STARTS_ON, by=by, at=MATCHED_AT)
    with pytest.raises(RoundTooLargeError) as refusal:
        run(most_pairs=1)
    assert refusal.value.values == {"workers": 2, "vacancies": 1}
    assert not Round.objects.exists()
    run(most_pairs=2)
    assert Offer.objects.count() == 2


def test_a_round_beyond_the_exact_solver_is_planned_by_the_auction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fourdoors.engines.matching.backends.MOST_PAIRS", 1)
    make_willing_worker(name="甲")
    make_willing_worker(name="乙")
    make_vacancy()
    made = make_round()
    assert made.engine == "auction-1"
    assert made.report["placed_by_tier"]["other"] == made.offered == Offer.objects.count() == 2


def test_a_round_of_a_township_leaves_the_others_of_the_county_alone() -> None:
    here = ancestor_of(make_willing_worker(name="本乡").village, Level.TOWNSHIP)
    elsewhere = make_worker(name="外乡", village=LI_VILLAGE + 1000)
    make_wish(worker=elsewhere)
    make_consent(worker=elsewhere)
    make_vacancy()
    own = make_round(division=here, publish=False)
    assert [offer.worker.name for offer in Offer.objects.all()] == ["本乡"]
    make_round(division=here + 1000, publish=False)
    assert Round.objects.get(pk=own.pk).state == RoundState.READY
    assert Offer.objects.count() == 2
    make_round(publish=False)
    assert Round.objects.get(pk=own.pk).state == RoundState.SET_ASIDE


def test_a_round_of_a_township_sets_the_county_s_unpublished_one_aside() -> None:
    here = ancestor_of(make_willing_worker().village, Level.TOWNSHIP)
    make_vacancy()
    county = make_round(publish=False)
    township = make_round(division=here, publish=False)
    county.refresh_from_db()
    assert (county.state, township.state) == (RoundState.SET_ASIDE, RoundState.READY)
    assert Offer.objects.get(state=OfferState.MADE).round == township


def test_the_days_to_answer_begin_when_the_round_is_published() -> None:
    make_willing_worker()
    make_vacancy()
    made = make_round(publish=False)
    before = Offer.objects.get().expires_on
    by, at = make_officer(username="publisher"), MATCHED_AT + timedelta(days=2)
    publish_round(round_id=made.pk, by=by, at=at)
    assert Offer.objects.get().expires_on == before + timedelta(days=2)


def test_work_that_began_already_begins_for_the_worker_on_the_day_of_the_round() -> None:
    make_willing_worker()
    early = make_vacancy()
    early.starts_on = STARTS_ON - timedelta(days=9)
    early.save()
    make_round(publish=False)
    assert Offer.objects.get().terms["starts_on"] == STARTS_ON.isoformat()
    early.starts_on = STARTS_ON + timedelta(days=9)
    early.save()
    make_round(publish=False)
    assert Offer.objects.get(state=OfferState.MADE).terms["starts_on"] == early.starts_on.isoformat()


def test_who_holds_a_placement_is_not_matched_again() -> None:
    make_vacancy()
    make_placed_worker()
    with pytest.raises(NobodyToMatchError) as refusal:
        make_round()
    assert refusal.value.values["workers"] == 0


def test_a_person_whom_the_employer_did_not_take_is_not_offered_the_same_post_again() -> None:
    make_willing_worker()
    make_vacancy()
    make_round()
    offer = accept_offer(offer=Offer.objects.get(), how=HowGiven.SELF, at=MATCHED_AT)
    answer_as_employer(offer=offer, takes=False, at=MATCHED_AT, by=make_officer())
    again = make_round(publish=False)
    assert (again.workers, again.offered) == (1, 0)


@pytest.mark.parametrize("withdrawn", [False, True])
def test_an_application_counts_until_it_is_taken_back(withdrawn: bool) -> None:  # noqa: FBT001
    worker, vacancy, by = make_willing_worker(), make_vacancy(), make_officer()
    application = apply(
        vacancy=vacancy, worker=worker, channel=ApplicationChannel.PROXY, at=MATCHED_AT, by=by
    )
    if withdrawn:
        withdraw_application(application=application, at=MATCHED_AT, by=by)
    make_round(publish=False)
    assert (["applied", 200] in Offer.objects.get().reasons["facts"]) is not withdrawn


def test_a_new_round_sets_the_unpublished_one_aside() -> None:
    make_willing_worker()
    make_vacancy()
    first = make_round(publish=False)
    make_vacancy(draft=make_draft(title="电子装配工"))
    make_round(publish=False)
    first.refresh_from_db()
    assert first.state == RoundState.SET_ASIDE


def test_a_round_set_aside_holds_no_opening_and_no_worker() -> None:
    worker = make_willing_worker()
    make_vacancy(draft=make_draft(openings=1))
    first = make_round(publish=False)
    second = make_round(publish=False)
    assert Offer.objects.get(round=first).state == OfferState.OBSOLETE
    assert Offer.objects.get(round=second).worker == worker


def test_an_offer_that_nobody_answered_in_time_holds_no_opening() -> None:
    worker = make_willing_worker()
    make_vacancy(draft=make_draft(openings=1))
    first = make_round()
    by, day = make_officer(username="runner"), MATCHED_AT + timedelta(days=3)
    second = run_round(division=LI_COUNTY, starts_on=STARTS_ON, by=by, at=day)
    assert Offer.objects.get(round=first).state == OfferState.EXPIRED
    assert Offer.objects.get(round=second).worker == worker


@pytest.mark.parametrize("accept", [True, False])
def test_who_still_holds_an_offer_is_not_matched_again(accept: bool) -> None:  # noqa: FBT001
    make_willing_worker()
    make_vacancy()
    make_round()
    if accept:
        accept_offer(offer=Offer.objects.get(), how=HowGiven.SELF, at=MATCHED_AT)
    with pytest.raises(NobodyToMatchError) as refusal:
        make_round()
    assert refusal.value.values["workers"] == 0


def test_the_least_pay_that_was_asked_for_is_kept_with_the_reasons() -> None:
    worker = make_willing_worker()
    wish = make_wish(worker=worker, at=MATCHED_AT)
    wish.wage_floor_yuan = 3300
    wish.save()
    make_vacancy()
    make_round()
    reasons = Offer.objects.get().reasons
    assert reasons["floor_yuan"] == 3300
    assert ["wage", (4200 - 3300) // 10] in reasons["facts"]


def test_the_same_rows_and_seed_give_the_same_plan() -> None:
    for number in range(6):
        make_willing_worker(name=f"工{number}")
    make_vacancy(draft=make_draft(openings=3))
    first = make_round(publish=False)
    Offer.objects.all().delete()
    Unplaced.objects.all().delete()
    second = make_round(publish=False)
    assert first.answer_hash == second.answer_hash


def test_the_number_of_queries_does_not_grow_with_the_people() -> None:
    make_vacancy()
    make_willing_worker()
    make_round(publish=False)  # each round after it sets one aside
    with CaptureQueriesContext(connection) as few:
        make_round(publish=False)
    for number in range(12):
        make_willing_worker(name=f"工{number}")
    with CaptureQueriesContext(connection) as many:
        make_round(publish=False)
    assert len(many) <= len(few) <= 110


def test_openings_that_a_sibling_county_holds_are_not_offered_twice() -> None:
    make_willing_worker()
    make_vacancy(draft=make_draft(openings=1))
    make_round()
    make_willing_worker(name="第二人")
    with pytest.raises(NobodyToMatchError):
        run_round(
            division=LI_COUNTY, starts_on=STARTS_ON, by=make_officer(), at=MATCHED_AT + timedelta(hours=1)
        )
    assert not Placement.objects.exists()


def test_a_person_of_two_records_is_matched_by_the_one_that_is_kept() -> None:
    kept, other = make_willing_worker(), make_willing_worker()
    Worker.objects.filter(pk=other.pk).update(merged_into=kept)
    make_vacancy(draft=make_draft(openings=2))
    make_round()
    assert [offer.worker for offer in Offer.objects.all()] == [kept]
    assert not Unplaced.objects.exists()
