"""Changes by one officer or by two: nothing changes before the second, and only what still stands."""

from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from fourdoors.accounts.models import Deed, Officer
from fourdoors.accounts.rules import Duty
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.identity import invented_phone
from fourdoors.kernel.terms import HouseholdStatusKind, RelationToHead
from fourdoors.register.models import (
    Consent,
    Household,
    HouseholdStatus,
    Membership,
    Proposal,
    TwoPersonFact,
    Worker,
    WorkerEvent,
)
from fourdoors.register.rules import Fact, ProposalState
from fourdoors.register.selectors import two_person_facts
from fourdoors.register.services import (
    GroundMovedError,
    HouseholdElsewhereError,
    MembershipOverlapsError,
    NothingChangesError,
    ProposalDecidedError,
    ReasonMissingError,
    SecondPersonError,
    TwoPersonFactSetError,
    approve_change,
    ask_for_two,
    ask_no_longer,
    change_status,
    change_worker,
    make_worker_link,
    merge_roster,
    move_worker,
    reject_change,
    split_household,
    worker_by_link,
)
from fourdoors.store.scope import Scope, set_scope
from fourdoors.store.vault import vault
from tests.makers.accounts import GANSU, LI_COUNTY, LI_VILLAGE, make_officer
from tests.makers.employment import make_spell
from tests.makers.intake import make_asked_import, roster_row, workbook
from tests.makers.register import (
    SPRING,
    make_consent,
    make_household,
    make_membership,
    make_status,
    make_worker,
)

pytestmark = pytest.mark.django_db

DAY = date(2020, 3, 1)
OTHER_VILLAGE = LI_COUNTY + 101_200
_titles = count(1)


@pytest.fixture(autouse=True)
def _see_gansu(db: None) -> None:
    set_scope(Scope(territory=range_of(GANSU)))


def officers() -> tuple[Officer, Officer]:
    return make_officer(), make_officer(username="zhang", full_name="张股长")


def ask(*facts: Fact, from_on: date = DAY, to_on: date | None = None) -> None:
    province = make_officer(username="province", duty=Duty.PROVINCE, division=GANSU)
    for fact in facts:
        ask_for_two(
            fact=fact, from_on=from_on, to_on=to_on, document="甘人社〔2020〕1号", at=SPRING, by=province
        )


def change(
    worker: Worker, by: Officer, to: str = "senior_middle", fact: Fact = Fact.EDUCATION, **more: Any
) -> Any:
    given: dict[str, Any] = {"source": "毕业证", "grade": Grade.B, "at": SPRING, "by": by} | more
    return change_worker(worker=worker, fact=fact, to=to, **given)


def move(worker: Worker, number: str, by: Officer, on: date = DAY, **more: Any) -> Any:
    given: dict[str, Any] = {
        "relation": RelationToHead.SPOUSE,
        "source": "户口簿",
        "grade": Grade.B,
        "at": SPRING,
    } | more
    return move_worker(worker=worker, number=number, from_on=on, by=by, **given)


def household_of(worker: Worker, on: date | None = None) -> list[str]:
    found = Membership.objects.filter(worker=worker, to_on=None)
    return list(found.values_list("household__number", flat=True))


def test_one_officer_is_enough_where_nothing_else_is_asked_for() -> None:
    worker, (clerk, _) = make_worker(), officers()

    assert change(worker, clerk) is None
    worker.refresh_from_db()
    assert (worker.education, worker.source, worker.grade) == ("senior_middle", "毕业证", "B")
    event = WorkerEvent.objects.get(pgh_obj=worker.pk, pgh_label="update")
    assert event.pgh_context == {"officer": clerk.pk, "at": SPRING.isoformat()}
    assert Deed.objects.get(action="register.fact_changed").values["fact"] == "education"
    assert not Proposal.objects.exists()


def test_nothing_changes_before_the_second_officer() -> None:
    worker, (clerk, second) = make_worker(), officers()
    ask(Fact.EDUCATION)

    proposal = change(worker, clerk)
    worker.refresh_from_db()
    assert worker.education == "junior_middle"
    assert not WorkerEvent.objects.filter(pgh_label="update").exists()
    assert (proposal.from_text, proposal.to_text, proposal.grade) == ("junior_middle", "senior_middle", "B")

    approve_change(proposal=proposal, at=SPRING + timedelta(hours=1), by=second)
    worker.refresh_from_db()
    proposal.refresh_from_db()
    assert (worker.education, worker.source) == ("senior_middle", "毕业证")
    assert (proposal.state, proposal.decided_by) == (ProposalState.APPROVED.value, second)
    assert Deed.objects.filter(action="register.change_approved", officer=second).count() == 1


def test_the_first_officer_and_other_duties_do_not_decide() -> None:
    worker, (clerk, _) = make_worker(), officers()
    ask(Fact.EDUCATION)
    proposal = change(worker, clerk)
    cadre = make_officer(username="pan", duty=Duty.TOWNSHIP, division=LI_COUNTY + 100_000)

    for officer in (clerk, cadre):
        with pytest.raises(SecondPersonError):
            approve_change(proposal=proposal, at=SPRING, by=officer)
        with pytest.raises(SecondPersonError):
            reject_change(proposal=proposal, reason="不符", at=SPRING, by=officer)
    worker.refresh_from_db()
    assert worker.education == "junior_middle"
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.update(decided_by=clerk)


def test_who_rejects_says_why_and_nothing_changes() -> None:
    worker, (clerk, second) = make_worker(), officers()
    ask(Fact.EDUCATION)
    proposal = change(worker, clerk)

    with pytest.raises(ReasonMissingError):
        reject_change(proposal=proposal, reason=" ", at=SPRING, by=second)
    reject_change(proposal=proposal, reason="证书不符", at=SPRING, by=second)
    proposal.refresh_from_db()
    worker.refresh_from_db()
    assert (proposal.state, proposal.reason, worker.education) == ("rejected", "证书不符", "junior_middle")
    with pytest.raises(ProposalDecidedError):
        approve_change(proposal=proposal, at=SPRING, by=second)


def test_of_two_proposals_for_one_fact_the_second_has_lost_its_ground() -> None:
    worker, (clerk, second) = make_worker(), officers()
    ask(Fact.EDUCATION)
    one, other = change(worker, clerk, "senior_middle"), change(worker, clerk, "primary")

    approve_change(proposal=one, at=SPRING, by=second)
    with pytest.raises(GroundMovedError):
        approve_change(proposal=other, at=SPRING, by=second)
    worker.refresh_from_db()
    other.refresh_from_db()
    assert (worker.education, other.state) == ("senior_middle", "open")
    reject_change(proposal=other, reason="已按高中登记", at=SPRING, by=second)


def test_a_phone_is_sealed_in_the_proposal_and_compared_by_its_hash() -> None:
    worker, (clerk, second) = make_worker(phone=invented_phone(1234)), officers()
    ask(Fact.PHONE)
    typed = f"{invented_phone(991234)[:3]} {invented_phone(991234)[3:]}"
    proposal = change(worker, clerk, typed, Fact.PHONE)

    assert proposal.from_text == proposal.to_text == "1234"
    assert invented_phone(991234).encode() not in bytes(proposal.phone_cipher)
    approve_change(proposal=proposal, at=SPRING, by=second)
    worker.refresh_from_db()
    assert vault().open("phone", worker.phone_cipher or b"") == invented_phone(991234)
    with pytest.raises(NothingChangesError):
        change(worker, clerk, typed, Fact.PHONE)


def test_a_new_name_is_found_by_its_new_letters_and_at_school_is_a_yes_or_no() -> None:
    worker, (clerk, _) = make_worker(name="马小兰"), officers()

    change(worker, clerk, "马晓岚", Fact.NAME)
    change(worker, clerk, "yes", Fact.SCHOOL)
    worker.refresh_from_db()
    assert (worker.name, worker.name_letters, worker.at_school) == ("马晓岚", "maxiaolan", True)
    with pytest.raises(NothingChangesError):
        change(worker, clerk, "yes", Fact.SCHOOL)


def test_a_province_asks_from_a_day_to_a_day_and_other_facts_stay_free() -> None:
    ask(Fact.EDUCATION, from_on=DAY, to_on=date(2020, 6, 1))

    assert two_person_facts(village=LI_VILLAGE, on=date(2020, 2, 29)) == frozenset()
    assert two_person_facts(village=LI_VILLAGE, on=DAY) == {"education"}
    assert two_person_facts(village=LI_VILLAGE, on=date(2020, 6, 1)) == frozenset()
    assert two_person_facts(village=370281_001001, on=DAY) == frozenset()
    province = Officer.objects.get(username="province")
    with pytest.raises(TwoPersonFactSetError):
        ask_for_two(fact=Fact.EDUCATION, from_on=date(2020, 5, 31), document="x", at=SPRING, by=province)
    ask_for_two(fact=Fact.EDUCATION, from_on=date(2020, 6, 1), document="x", at=SPRING, by=province)
    rule = TwoPersonFact.objects.get(to_on=None)
    ask_no_longer(rule=rule, to_on=date(2020, 7, 1), at=SPRING, by=province)
    assert two_person_facts(village=LI_VILLAGE, on=date(2020, 7, 1)) == frozenset()


def test_a_worker_without_a_household_joins_one_later_and_leaves_it_again() -> None:
    worker, (clerk, _) = make_worker(), officers()

    assert move(worker, "6212269000001", clerk) is None
    membership = Membership.objects.get()
    assert (membership.relation, membership.from_on, membership.source, membership.grade) == (
        "spouse", DAY, "户口簿", "B",
    )  # fmt: skip
    with pytest.raises(NothingChangesError):
        move(worker, "6212269000001", clerk)
    move(worker, "", clerk, on=DAY + timedelta(days=9))
    assert household_of(worker) == []
    membership.refresh_from_db()
    assert membership.to_on == DAY + timedelta(days=9)


def test_nobody_is_in_two_households_on_one_day() -> None:
    worker, (clerk, _) = make_worker(), officers()
    make_membership(
        worker=worker, household=make_household(), from_on=date(2014, 1, 1), to_on=date(2020, 4, 1)
    )
    with pytest.raises(MembershipOverlapsError):
        move(worker, "6212269000001", clerk, on=date(2020, 3, 31))
    assert Membership.objects.count() == 1
    move(worker, "6212269000001", clerk, on=date(2020, 4, 1))
    assert household_of(worker) == ["6212269000001"]
    with pytest.raises(IntegrityError), transaction.atomic():
        make_membership(worker=worker, household=make_household(), from_on=DAY, to_on=date(2020, 3, 2))


def test_a_household_in_another_village_takes_the_worker_along_with_all_that_is_recorded() -> None:
    worker, (clerk, _) = make_worker(), officers()
    make_membership(worker=worker, household=make_household(), from_on=date(2014, 1, 1))
    make_consent(worker=worker)
    spell = make_spell(worker=worker)
    make_household(number="6212269000002", village=OTHER_VILLAGE)
    secret = make_worker_link(worker=worker, at=SPRING)

    move(worker, "6212269000002", clerk)
    worker.refresh_from_db()
    link = worker_by_link(secret)
    assert link
    assert link.village == OTHER_VILLAGE
    spell.refresh_from_db()
    assert worker.village == spell.village == OTHER_VILLAGE
    assert Consent.objects.get().village == OTHER_VILLAGE
    assert household_of(worker) == ["6212269000002"]
    assert Household.objects.filter(village=LI_VILLAGE).count() == 1


def test_a_cadre_moves_nobody_into_a_village_out_of_sight() -> None:
    worker = make_worker()
    make_household(number="6212269000002", village=OTHER_VILLAGE)
    cadre = make_officer(username="pan", duty=Duty.TOWNSHIP, division=LI_VILLAGE // 1000 * 1000)
    set_scope(Scope(territory=cadre.jurisdiction))

    with pytest.raises(HouseholdElsewhereError):
        move(worker, "6212269000002", cadre)
    assert not Membership.objects.exists()


def test_a_household_is_split_and_the_first_who_leaves_is_the_new_head() -> None:
    old, (clerk, _) = make_household(), officers()
    father, son, wife = make_worker(name="父"), make_worker(name="子"), make_worker(name="媳")
    for person in (father, son, wife):
        make_membership(worker=person, household=old)

    waiting = split_household(
        workers=[son, wife],
        number="6212269000003",
        from_on=DAY,
        source="分户申请",
        grade=Grade.B,
        at=SPRING,
        by=clerk,
    )
    assert waiting == []
    new = Membership.objects.filter(household__number="6212269000003").order_by("pk")
    assert [(it.worker, it.relation) for it in new] == [(son, "head"), (wife, "other")]
    assert household_of(father) == [old.number]
    assert Membership.objects.filter(household=old, to_on=DAY).count() == 2


def test_a_move_waits_for_the_second_officer_too_and_its_ground_is_the_household() -> None:
    worker, (clerk, second) = make_worker(), officers()
    ask(Fact.HOUSEHOLD)
    here, there = move(worker, "6212269000001", clerk), move(worker, "6212269000002", clerk)

    assert household_of(worker) == []
    approve_change(proposal=there, at=SPRING, by=second)
    assert household_of(worker) == ["6212269000002"]
    with pytest.raises(GroundMovedError):
        approve_change(proposal=here, at=SPRING, by=second)


def test_a_status_begins_and_ends_by_two_officers() -> None:
    household, (clerk, second) = make_household(), officers()
    ask(Fact.STATUS)
    poor = HouseholdStatusKind.REGISTERED_POOR
    given: dict[str, Any] = {
        "household": household, "kind": poor, "source": "认定表", "grade": Grade.B, "at": SPRING, "by": clerk,
    }  # fmt: skip

    with pytest.raises(NothingChangesError):
        change_status(ends=True, from_on=DAY, **given)
    begin = change_status(ends=False, from_on=date(2019, 1, 1), **given)
    again = change_status(ends=False, from_on=date(2019, 6, 1), **given)
    assert begin
    assert again
    assert not HouseholdStatus.objects.exists()
    approve_change(proposal=begin, at=SPRING, by=second)
    with pytest.raises(GroundMovedError):
        approve_change(proposal=again, at=SPRING, by=second)
    end = change_status(ends=True, from_on=DAY, **given)
    assert end
    approve_change(proposal=end, at=SPRING, by=second)
    status = HouseholdStatus.objects.get()
    assert (status.from_on, status.to_on, status.source) == (date(2019, 1, 1), DAY, "认定表")


def merge(by: Officer, *rows: dict[str, str]) -> dict[str, int]:
    batch = make_asked_import(data=workbook(rows, title=f"花名册 {next(_titles)}"))
    counts: dict[str, int] = merge_roster(import_id=batch.pk, at=SPRING, by=by).counts
    return counts


def test_a_roster_proposes_what_needs_two_and_changes_the_rest() -> None:
    clerk, second = officers()
    merge(clerk, roster_row(1, education="小学", relation="户主"))
    ask(Fact.EDUCATION, Fact.PHONE, Fact.HOUSEHOLD, Fact.STATUS)
    told = roster_row(
        1, education="初中", phone=invented_phone(900), relation="户主", labour_capacity="技能劳动力",
        household_number="6212260000999",
    )  # fmt: skip

    assert merge(clerk, told)["changed"] == 1  # the capacity to work; the rest waits
    assert merge(clerk, told)["changed"] == 0  # nothing is proposed twice
    assert Deed.objects.get(action="register.changes_proposed").values == {"proposals": 3}
    worker = Worker.objects.get()
    assert (worker.education, worker.labour_capacity) == ("primary", "skilled")
    assert worker.phone_tail != "0900"
    waiting = {it.fact: it for it in Proposal.objects.filter(worker=worker)}
    assert waiting.keys() == {"education", "phone", "household"}
    assert Proposal.objects.count() == 3  # the status of a household that is new is no change
    for proposal in waiting.values():
        assert proposal.source.startswith("import:")
        with pytest.raises(SecondPersonError):
            approve_change(proposal=proposal, at=SPRING, by=clerk)
        approve_change(proposal=proposal, at=SPRING, by=second)
    worker.refresh_from_db()
    assert (worker.education, worker.phone_tail) == ("junior_middle", "0900")
    assert household_of(worker) == ["6212260000999"]


def test_a_roster_proposes_the_status_of_a_household_that_is_known() -> None:
    clerk, second = officers()
    household = make_household(number=roster_row(1)["household_number"], village=621226_100001)
    ask(Fact.STATUS)

    merge(clerk, roster_row(1))
    merge(clerk, roster_row(1))
    assert not HouseholdStatus.objects.exists()
    proposal = Proposal.objects.get()
    assert (proposal.household, proposal.fact, proposal.to_text) == (household, "status", "registered_poor")
    approve_change(proposal=proposal, at=SPRING, by=second)
    assert HouseholdStatus.objects.get().household == household


def test_a_status_that_holds_is_not_recognised_again() -> None:
    household, (clerk, _) = make_household(), officers()
    make_status(household=household)
    with pytest.raises(NothingChangesError):
        change_status(
            household=household, kind=HouseholdStatusKind.REGISTERED_POOR, ends=False, from_on=DAY,
            source="x", grade=Grade.B, at=SPRING, by=clerk,
        )  # fmt: skip
