"""Claims from evidence held, the notice, the review, the list: what is written and what is refused."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from python_calamine import CalamineWorkbook

from fourdoors.accounts.models import Deed
from fourdoors.accounts.rules import Duty
from fourdoors.employment.services import record_income
from fourdoors.kernel.divisions import find_division, range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.identity import invented_identity
from fourdoors.kernel.periods import Month
from fourdoors.kernel.terms import Sex
from fourdoors.store.scope import Scope, set_scope
from fourdoors.store.vault import vault
from fourdoors.subsidies.models import Claim, NoticePeriod, Payment, PaymentBatch, Policy
from fourdoors.subsidies.rules import BatchState, ClaimState, PolicyNotComputableError, RefusalReason
from fourdoors.subsidies.selectors import (
    batches_visible_to,
    claim_counts,
    claims_of,
    claims_visible_to,
    current_policy,
    dry_run,
    notices_visible_to,
    policies,
    public_notice,
    rule_of,
)
from fourdoors.subsidies.services import (
    AccountMissingError,
    BatchClosedError,
    BatchUntrueError,
    ClaimNotHereError,
    NothingToPayError,
    NothingToShowError,
    NoticeOverError,
    NoticeRunningError,
    ObjectionAnsweredError,
    ObjectionOpenError,
    OwnBatchError,
    OwnClaimError,
    PolicyElsewhereError,
    PolicyOverError,
    answer_objection,
    assess,
    end_notices,
    load_policies,
    make_batch,
    make_claims,
    open_notice,
    payment_list,
    raise_objection,
    refuse_claim,
    release_batch,
    review_claim,
    review_claims,
    withdraw_batch,
)
from tests.makers.accounts import LI_COUNTY, make_officer
from tests.makers.employment import make_income, make_spell
from tests.makers.register import make_worker
from tests.makers.subsidies import (
    ACCOUNT,
    MADE_AT,
    REVIEWED_AT,
    REWARD,
    ZHOUQU,
    approve_all,
    make_broker,
    make_checker,
    make_claim,
    make_earner,
    make_maker,
    make_passbook,
    make_policy,
    make_poor_worker,
    make_station,
)

pytestmark = pytest.mark.django_db

HOME = "舟曲县" + find_division(623023_100000).name  # type: ignore[union-attr]
NOTICE_EVE = datetime(2020, 9, 6, 15, 59, tzinfo=UTC)  # 23:59 in China on the last day


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


def test_the_notice_is_masked_and_readable_for_its_days_only() -> None:
    make_claim(worker=make_poor_worker(name="杨大成"))
    notice = open_notice(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=MADE_AT)

    assert (notice.from_on, notice.to_on) == (date(2020, 9, 1), date(2020, 9, 6))
    (row,) = notice.masked
    assert row["name"] == "杨*成"
    assert row["identity"].startswith("99*************")
    assert row["phone"][3:7] == "****"
    assert row["home"] == HOME
    assert row["fen"] == 325_608
    assert public_notice(notice.pk, on=date(2020, 8, 31)) is None
    assert public_notice(notice.pk, on=date(2020, 9, 6)) == notice
    assert public_notice(notice.pk, on=date(2020, 9, 7)) is None


def test_a_notice_that_is_over_keeps_no_list() -> None:
    make_claim()
    open_notice(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=MADE_AT)
    assert end_notices(on=date(2020, 9, 6)) == 0
    assert end_notices(on=date(2020, 9, 7)) == 1
    assert end_notices(on=date(2020, 9, 7)) == 0
    assert NoticePeriod.objects.get().masked == []


def test_nothing_waiting_is_no_notice() -> None:
    with pytest.raises(NothingToShowError):
        open_notice(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=MADE_AT)


def on_notice() -> Claim:
    claim = make_claim()
    open_notice(policy=claim.policy, division=ZHOUQU, by=make_maker(), at=MADE_AT)
    claim.refresh_from_db()
    return claim


def test_a_claim_is_approved_by_another_officer_on_the_day_after_the_notice() -> None:
    claim = on_notice()
    with pytest.raises(NoticeRunningError):
        review_claim(claim=claim, by=make_checker(), at=NOTICE_EVE)
    with pytest.raises(OwnClaimError):
        review_claim(claim=claim, by=make_maker(), at=REVIEWED_AT)
    assert Claim.objects.get().state == ClaimState.ON_NOTICE

    review_claim(claim=claim, by=make_checker(), at=NOTICE_EVE + timedelta(minutes=1))

    assert Claim.objects.get().state == ClaimState.APPROVED
    with pytest.raises(ClaimNotHereError):
        review_claim(claim=claim, by=make_checker(), at=REVIEWED_AT)


def test_a_claim_that_was_never_on_notice_is_not_approved() -> None:
    claim = make_claim()
    with pytest.raises(ClaimNotHereError):
        review_claim(claim=claim, by=make_checker(), at=REVIEWED_AT)


def test_an_open_objection_holds_a_claim_back_and_an_upheld_one_refuses_it() -> None:
    claim = on_notice()
    objection = raise_objection(claim=claim, words="二月份他在村里", at=MADE_AT, by=make_checker())
    with pytest.raises(ObjectionOpenError):
        review_claim(claim=claim, by=make_checker(), at=REVIEWED_AT)

    answer_objection(objection=objection, upheld=True, at=REVIEWED_AT, by=make_checker())

    claim.refresh_from_db()
    assert claim.state == ClaimState.REFUSED
    assert claim.refusal["code"] == "objection_upheld"
    with pytest.raises(ObjectionAnsweredError):
        answer_objection(objection=objection, upheld=False, at=REVIEWED_AT, by=make_checker())
    assert "村里" not in str(list(Deed.objects.values_list("values", flat=True)))


def test_an_objection_that_is_not_upheld_changes_nothing() -> None:
    claim = on_notice()
    objection = raise_objection(claim=claim, words="听说", at=NOTICE_EVE, by=None)
    answer_objection(objection=objection, upheld=False, at=REVIEWED_AT, by=make_checker())
    review_claim(claim=claim, by=make_checker(), at=REVIEWED_AT)
    assert Claim.objects.get().state == ClaimState.APPROVED


def test_an_objection_comes_while_the_notice_runs() -> None:
    claim = on_notice()
    with pytest.raises(NoticeOverError):
        raise_objection(claim=claim, words="晚了", at=REVIEWED_AT, by=None)


def test_money_needs_an_account_and_one_added_later_is_taken() -> None:
    worker = make_poor_worker(passbook=False)
    make_claim(worker=worker)
    notice = open_notice(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=MADE_AT)
    with pytest.raises(AccountMissingError):
        review_claim(claim=Claim.objects.get(), by=make_checker(), at=REVIEWED_AT)
    assert review_claims(notice=notice, by=make_checker(), at=REVIEWED_AT).left == {"account_missing": 1}

    make_passbook(worker=worker, holder_name="杨老汉")
    assert review_claims(notice=notice, by=make_checker(), at=REVIEWED_AT).approved == 1
    assert Claim.objects.get().passbook is not None


def test_a_whole_notice_is_reviewed_after_its_last_day() -> None:
    on_notice()
    with pytest.raises(NoticeRunningError):
        review_claims(notice=NoticePeriod.objects.get(), by=make_checker(), at=NOTICE_EVE)


def approved_batch() -> PaymentBatch:
    make_claim()
    make_claim(worker=make_poor_worker(name="王小花"))
    approve_all()
    return make_batch(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=REVIEWED_AT)


def test_a_list_adds_up_and_its_hash_says_what_it_holds() -> None:
    batch = approved_batch()
    assert (batch.persons, batch.total_fen) == (2, 2 * 325_608)
    assert batch.total_fen == sum(Payment.objects.values_list("fen", flat=True))
    assert len(batch.list_hash) == 64
    assert set(Claim.objects.values_list("state", flat=True)) == {"in_batch"}
    with pytest.raises(NothingToPayError):
        make_batch(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=REVIEWED_AT)


def test_a_list_is_released_once_by_another_officer_and_then_frozen() -> None:
    batch = approved_batch()
    with pytest.raises(OwnBatchError):
        release_batch(batch=batch, by=make_maker(), at=REVIEWED_AT)
    release_batch(batch=batch, by=make_checker(), at=REVIEWED_AT)
    with pytest.raises(BatchClosedError):
        release_batch(batch=batch, by=make_checker(), at=REVIEWED_AT)
    with pytest.raises(BatchClosedError):
        withdraw_batch(batch=batch, by=make_checker(), at=REVIEWED_AT)
    assert set(Claim.objects.values_list("state", flat=True)) == {"paid"}
    for change in (
        lambda: Payment.objects.update(fen=1),
        lambda: Payment.objects.all().delete(),
        lambda: PaymentBatch.objects.update(total_fen=1),
        lambda: PaymentBatch.objects.update(state="made"),
    ):
        with pytest.raises(IntegrityError, match="released"), transaction.atomic():
            change()
    assert Deed.objects.filter(action="subsidies.batch_released").count() == 1


def test_nothing_is_added_to_a_released_list() -> None:
    batch = approved_batch()
    release_batch(batch=batch, by=make_checker(), at=REVIEWED_AT)
    payment = Payment.objects.filter(batch=batch)[0]
    claim = make_claim(worker=make_poor_worker(name="后来"))
    payment.pk, payment.claim, payment.identity_hash = None, claim, claim.worker.identity_hash
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        payment.save(force_insert=True)


def test_a_list_that_was_changed_behind_our_back_is_not_released() -> None:
    batch = approved_batch()
    Payment.objects.filter(batch=batch).update(fen=999_999)
    with pytest.raises(BatchUntrueError):
        release_batch(batch=batch, by=make_checker(), at=REVIEWED_AT)
    assert PaymentBatch.objects.get().state == BatchState.MADE


def test_a_withdrawn_list_gives_its_claims_back() -> None:
    batch = approved_batch()
    withdraw_batch(batch=batch, by=make_maker(), at=REVIEWED_AT)
    assert set(Claim.objects.values_list("state", flat=True)) == {"approved"}
    assert not Payment.objects.exists()
    again = make_batch(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=REVIEWED_AT)
    assert again.persons == 2
    with pytest.raises(BatchClosedError):
        payment_list(batch=batch, by=make_maker(), at=REVIEWED_AT)


def test_who_stands_on_another_list_is_left_out_and_told() -> None:
    batch = approved_batch()
    release_batch(batch=batch, by=make_checker(), at=REVIEWED_AT)
    claim = Claim.objects.order_by("pk")[0]
    Claim.objects.filter(pk=claim.pk).update(state="refused")  # as if its history had been lost
    make_claims(policy=claim.policy, division=ZHOUQU, period="once", by=make_maker(), at=MADE_AT)
    approve_all()

    second = make_batch(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=REVIEWED_AT)

    assert (second.persons, second.state) == (0, BatchState.WITHDRAWN.value)
    twice = Claim.objects.get(worker=claim.worker, refusal__code="paid_elsewhere")
    assert twice.state == ClaimState.REFUSED
    assert Payment.objects.count() == 2


def test_the_payment_list_has_18_columns_and_opens_the_accounts() -> None:
    worker = make_poor_worker(name="王小花", passbook=False)
    make_passbook(worker=worker, holder_name="王老汉")
    make_claim(worker=worker)
    approve_all()
    batch = make_batch(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=REVIEWED_AT)
    seen = Deed.objects.filter(action="subsidies.payment_list_opened")
    assert not seen.exists()

    data = payment_list(batch=batch, by=make_checker(), at=REVIEWED_AT)

    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    titles = next(row for row in rows if "收款人姓名" in row)
    assert len([title for title in titles if title]) == 18
    paid = dict(zip(titles, rows[rows.index(titles) + 1], strict=True))
    assert paid["收款人姓名"] == "王老汉"
    assert paid["补贴对象姓名"] == "王小花"
    assert paid["一折通账号"] == ACCOUNT
    assert paid["补贴金额(元)"] == 3256.08
    assert seen.get().officer == make_checker()
    assert ACCOUNT not in str(seen.get().values)


def test_a_broker_is_paid_to_the_brokers_account() -> None:
    broker = make_broker(account=False)
    for _ in range(5):
        make_spell(worker=make_poor_worker(), left_on=date(2020, 3, 2), broker=broker)
    key = "zhouqu-2020-broker"
    make_claims(policy=make_policy(key), division=ZHOUQU, period="once", by=make_maker(), at=MADE_AT)
    notice = open_notice(policy=make_policy(key), division=ZHOUQU, by=make_maker(), at=MADE_AT)
    assert notice.masked[0]["payee"].startswith("舟*")
    assert review_claims(notice=notice, by=make_checker(), at=REVIEWED_AT).left == {"account_missing": 5}
    broker.account_cipher = vault().seal("account", "6228480000009876543")
    broker.save()
    assert review_claims(notice=notice, by=make_checker(), at=REVIEWED_AT).approved == 5
    batch = make_batch(policy=make_policy(key), division=ZHOUQU, by=make_maker(), at=REVIEWED_AT)
    data = payment_list(batch=batch, by=make_checker(), at=REVIEWED_AT)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert sum("6228480000009876543" in row for row in rows) == 5


def test_claims_are_seen_by_their_county_and_by_nobody_else() -> None:
    claim = make_claim()
    owner, colleague = make_maker(), make_checker()
    stranger = make_officer(username="li", division=LI_COUNTY)
    assert claims_visible_to(owner).get() == claim
    assert claims_visible_to(colleague, state="made", key=REWARD).get() == claim
    assert not claims_visible_to(owner, state="paid").exists()
    assert not claims_visible_to(stranger).exists()
    assert not claims_visible_to(make_station()).exists()
    assert claim_counts(claims_visible_to(owner))["made"] == (1, 325_608)
    assert claim_counts(claims_visible_to(owner))["paid"] == (0, 0)
    set_scope(Scope(territory=range_of(LI_COUNTY)))
    assert not Claim.objects.exists()


def test_notices_and_lists_are_seen_by_their_county() -> None:
    approved_batch()
    stranger = make_officer(username="li", division=LI_COUNTY)
    assert batches_visible_to(make_checker()).count() == 1
    assert notices_visible_to(make_checker()).get().claims_held == 2  # type: ignore[attr-defined]
    for outsider in (stranger, make_station(), make_officer(username="h", duty=Duty.HEALTH)):
        assert not batches_visible_to(outsider).exists()
        assert not notices_visible_to(outsider).exists()


def test_one_person_in_two_counties_is_paid_once() -> None:
    """The same identity number, claimed in another county under the same rule: the database says no."""
    batch = approved_batch()
    first = Payment.objects.filter(batch=batch)[0]
    claim = make_claim(worker=make_poor_worker(name="别县"))
    twice = Payment(
        village=claim.village, county=claim.county, batch=batch, claim=claim, policy_key=first.policy_key,
        identity_hash=bytes(first.identity_hash), period=first.period, fen=1,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="never_paid_twice"), transaction.atomic():
        twice.save()


def test_pay_that_only_a_cadre_vouches_for_is_asked_for_and_not_paid() -> None:
    worker = make_poor_worker()
    spell = make_spell(worker=worker, left_on=date(2020, 2, 20))
    make_income(spell=spell, fen=900_000, grade=Grade.D)
    answer = assess(worker=worker, policy=make_policy(), period="once", on=date(2020, 12, 31))
    assert answer.reasons == ("income",)
    assert "left_out" in {line.code for line in answer.lines}


def test_invented_people_are_known_by_their_number() -> None:
    number = invented_identity(sequence=4_000_000, born_on=date(1980, 1, 1), sex=Sex.FEMALE)
    assert make_poor_worker(identity=number).identity_tail == number[-3:]
