"""Payment lists: added up, released once by another officer, and who sees them."""

import io
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from python_calamine import CalamineWorkbook

from fourdoors.accounts.models import Deed
from fourdoors.accounts.rules import Duty
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.identity import invented_identity
from fourdoors.kernel.terms import Sex
from fourdoors.store.scope import Scope, set_scope
from fourdoors.store.vault import vault
from fourdoors.subsidies.models import Claim, Payment, PaymentBatch
from fourdoors.subsidies.rules import BatchState, ClaimState
from fourdoors.subsidies.selectors import (
    batches_visible_to,
    claim_counts,
    claims_visible_to,
    notices_visible_to,
)
from fourdoors.subsidies.services import (
    BatchClosedError,
    BatchUntrueError,
    NothingToPayError,
    OwnBatchError,
    assess,
    make_batch,
    make_claims,
    open_notice,
    payment_list,
    release_batch,
    review_claims,
    withdraw_batch,
)
from tests.makers.accounts import LI_COUNTY, make_officer
from tests.makers.employment import make_income, make_spell
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
    make_maker,
    make_passbook,
    make_policy,
    make_poor_worker,
    make_station,
)

pytestmark = pytest.mark.django_db


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
