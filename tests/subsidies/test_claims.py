"""Claims: made from what is held, once, where the rule holds; and what a rule would cost."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from fourdoors.accounts.models import Deed
from fourdoors.employment.services import record_income
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.periods import Month
from fourdoors.subsidies.models import Claim, Policy
from fourdoors.subsidies.rules import PolicyNotComputableError, RefusalReason
from fourdoors.subsidies.selectors import (
    claims_of,
    current_policy,
    dry_run,
    policies,
    rule_of,
)
from fourdoors.subsidies.services import (
    PolicyElsewhereError,
    PolicyOverError,
    assess,
    load_policies,
    make_claims,
    open_notice,
    refuse_claim,
)
from tests.makers.accounts import LI_COUNTY
from tests.makers.employment import make_spell
from tests.makers.register import make_worker
from tests.makers.subsidies import (
    MADE_AT,
    REVIEWED_AT,
    REWARD,
    ZHOUQU,
    make_broker,
    make_checker,
    make_claim,
    make_earner,
    make_maker,
    make_policy,
    make_poor_worker,
)

pytestmark = pytest.mark.django_db


def test_policies_are_loaded_once_and_a_changed_file_would_be_a_new_version() -> None:
    first, second = load_policies(at=MADE_AT), load_policies(at=REVIEWED_AT)
    assert [policy.pk for policy in first] == [policy.pk for policy in second]
    assert Policy.objects.count() == len(first) == 25
    Policy.objects.create(
        key=REWARD, version="f" * 64, yaml=make_policy().yaml, division=ZHOUQU, loaded_at=REVIEWED_AT
    )
    newest = current_policy(REWARD)
    assert newest is not None
    assert newest.version == "f" * 64
    assert policies().count() == 25


def test_a_claim_is_made_from_what_is_held_and_says_every_line() -> None:
    worker = make_poor_worker()
    claim = make_claim(worker=worker)

    assert (claim.fen, claim.period, claim.state) == (325_608, "once", "made")
    lines = {line["code"]: line["values"] for line in claim.trace}
    assert lines["percent"] == {"base_fen": 5_426_800, "percent": 6, "fen": 325_608}
    assert lines["cap"]["cap_fen"] == 500_000
    assert {(item["table"], item["grade"]) for item in claim.evidence} == {
        ("spell", "A"),
        ("income", "B"),
        ("status", "B"),
    }
    assert claim.passbook is not None
    assert Deed.objects.get(action="subsidies.claims_made").values["fen"] == 325_608
    assert list(claims_of(worker)) == [claim]


def test_a_second_making_makes_nothing_twice() -> None:
    claim = make_claim()
    making = make_claims(policy=claim.policy, division=ZHOUQU, period="once", by=make_maker(), at=REVIEWED_AT)
    assert (making.made, making.held, making.fen) == (0, 1, 0)
    assert Claim.objects.count() == 1


def test_the_database_itself_holds_one_live_claim() -> None:
    claim = make_claim()
    claim.pk = None
    with pytest.raises(IntegrityError, match="one_live_claim"), transaction.atomic():
        claim.save(force_insert=True)


def test_a_refused_claim_may_be_made_again_once_it_is_mended() -> None:
    claim = make_claim()
    refuse_claim(claim=claim, reason=RefusalReason.PROOF_MISSING, by=make_checker(), at=REVIEWED_AT)
    make_claims(policy=claim.policy, division=ZHOUQU, period="once", by=make_maker(), at=REVIEWED_AT)
    assert sorted(Claim.objects.values_list("state", flat=True)) == ["made", "refused"]


def test_evidence_that_comes_later_changes_the_next_answer_and_not_the_claim() -> None:
    worker = make_poor_worker()
    spell = make_earner(worker=worker)
    claim = make_claim(worker=worker)
    record_income(
        spell=spell, month=Month(2020, 5), fen=1_000_000, measured=True, source="bank",
        grade=Grade.A, at=REVIEWED_AT, by=None,
    )  # fmt: skip
    again = assess(worker=worker, policy=claim.policy, period="once", on=date(2020, 12, 31))
    claim.refresh_from_db()
    assert (claim.fen, again.fen) == (325_608, 385_608)


def test_a_policy_is_asked_only_where_when_and_if_it_can_be() -> None:
    make_policy()

    def ask(key: str, division: int, period: str) -> None:
        policy = current_policy(key)
        assert policy is not None
        make_claims(policy=policy, division=division, period=period, by=make_maker(), at=MADE_AT)

    with pytest.raises(PolicyElsewhereError):
        ask(REWARD, LI_COUNTY, "once")
    with pytest.raises(PolicyNotComputableError):
        ask("gansu-2019-startup", ZHOUQU, "once")
    with pytest.raises(PolicyNotComputableError):
        ask("gansu-ceiling-travel", ZHOUQU, "2024")
    with pytest.raises(PolicyOverError):
        ask("gansu-2019-broker", ZHOUQU, "2018")
    assert not Claim.objects.exists()


def test_a_rule_that_is_not_computable_gives_nobody_an_answer_nor_a_cost() -> None:
    make_policy()
    policy = current_policy("gansu-2019-startup")
    assert policy is not None

    with pytest.raises(PolicyNotComputableError):
        assess(worker=make_worker(), policy=policy, period="once", on=MADE_AT.date())
    with pytest.raises(PolicyNotComputableError):
        dry_run(rule_of(policy), division=ZHOUQU, period="once", on=MADE_AT.date())


def test_five_in_one_movement_earn_their_broker_a_hundred_yuan_each() -> None:
    broker = make_broker()
    workers = [make_poor_worker() for _ in range(5)]
    for worker in workers:
        make_spell(worker=worker, left_on=date(2020, 3, 2), broker=broker)
    policy = make_policy("zhouqu-2020-broker")

    assert assess(worker=workers[0], policy=policy, period="once", on=date(2020, 9, 1)).fen == 10_000
    making = make_claims(policy=policy, division=ZHOUQU, period="once", by=make_maker(), at=MADE_AT)

    assert (making.made, making.fen) == (5, 50_000)
    claims = Claim.objects.filter(policy_key=policy.key)
    assert {claim.broker_id for claim in claims} == {broker.pk}
    assert {claim.passbook_id for claim in claims} == {None}


@pytest.mark.parametrize(
    ("name", "shown"), [("舟曲县顺达劳务服务部（演示）", "舟曲县顺达劳务服务部（演示）"), ("马建国", "马*国")]
)
def test_a_notice_names_a_firm_in_full_and_masks_a_person(name: str, shown: str) -> None:
    broker = make_broker(name=name)
    for _ in range(5):
        make_spell(worker=make_poor_worker(), left_on=date(2020, 3, 2), broker=broker)
    policy = make_policy("zhouqu-2020-broker")
    make_claims(policy=policy, division=ZHOUQU, period="once", by=make_maker(), at=MADE_AT)
    notice = open_notice(policy=policy, division=ZHOUQU, by=make_maker(), at=MADE_AT)
    assert {row["payee"] for row in notice.masked} == {shown}


def test_four_earn_their_broker_nothing() -> None:
    broker = make_broker()
    for _ in range(4):
        make_spell(worker=make_poor_worker(), left_on=date(2020, 3, 2), broker=broker)
    policy = make_policy("zhouqu-2020-broker")
    making = make_claims(policy=policy, division=ZHOUQU, period="once", by=make_maker(), at=MADE_AT)
    assert making.made == 0
    assert making.reasons == {"heads": 4}


def test_a_dry_run_says_the_cost_and_writes_nothing() -> None:
    make_earner(worker=make_poor_worker())
    make_earner(worker=make_poor_worker(), fen=100_000_00)
    make_spell(worker=make_poor_worker())
    found = dry_run(rule_of(make_policy()), division=ZHOUQU, period="once", on=date(2020, 12, 31))
    assert (found.asked, found.granted, found.fen) == (3, 2, 325_608 + 500_000)
    assert found.payers == {"county_integrated_poverty_fund": found.fen}
    assert found.reasons == {"income": 1}
    assert not Claim.objects.exists()
