"""A person who stood in the register twice: asked once, claims once, is paid once."""

import pytest

from fourdoors.register.models import Worker
from fourdoors.subsidies.models import Claim, Payment
from fourdoors.subsidies.rules import ClaimState
from fourdoors.subsidies.selectors import merged_records, situations_in, situations_of
from fourdoors.subsidies.services import make_batch, make_claims, release_batch
from tests.makers.subsidies import (
    MADE_AT,
    REVIEWED_AT,
    ZHOUQU,
    approve_all,
    make_checker,
    make_claim,
    make_earner,
    make_maker,
    make_policy,
    make_poor_worker,
)

pytestmark = pytest.mark.django_db


def two_records() -> tuple[Worker, Worker]:
    """Return one person's two records, each with work that the reward pays."""
    kept, other = make_poor_worker(name="杨大成"), make_poor_worker(name="杨大城")
    for record in (kept, other):
        make_earner(worker=record)
    return kept, other


def join(kept: Worker, other: Worker) -> None:
    """Merge a record into the kept one, as an officer decides."""
    Worker.objects.filter(pk=other.pk).update(merged_into=kept)


def claim_again() -> None:
    """Let the policy make claims for whoever has none."""
    make_claims(policy=make_policy(), division=ZHOUQU, period="once", by=make_maker(), at=MADE_AT)


def states() -> dict[int, list[str]]:
    """Return the states of every record's claims, the oldest first."""
    found: dict[int, list[str]] = {}
    for worker, state in Claim.objects.order_by("pk").values_list("worker_id", "state"):
        found.setdefault(worker, []).append(state)
    return found


def test_a_person_is_asked_once_with_the_spells_of_both_records() -> None:
    kept, other = two_records()
    assert [len(one.spells) for one in situations_in(ZHOUQU)] == [1, 1]
    join(kept, other)
    (person,) = situations_in(ZHOUQU)
    assert (person.worker, len(person.spells)) == (kept.pk, 2)
    assert situations_of([kept.pk]) == [person]
    assert situations_of([other.pk]) == []
    assert merged_records([kept.pk, other.pk]) == {other.pk: kept.pk}


def test_a_person_of_two_records_has_one_claim() -> None:
    kept, other = two_records()
    join(kept, other)
    claim_again()
    assert states() == {kept.pk: ["made"]}


def test_the_claim_that_the_other_record_made_before_is_the_persons() -> None:
    kept = make_poor_worker(name="杨大成")
    other = make_poor_worker(name="杨大城")
    make_claim(worker=other)
    join(kept, other)
    claim_again()
    assert states() == {other.pk: ["made"]}


def test_of_two_claims_made_before_the_merge_only_the_kept_records_is_paid() -> None:
    kept, other = two_records()
    claim_again()
    approve_all()
    join(kept, other)
    batch = make_batch(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=REVIEWED_AT)

    assert batch.persons == 1
    assert states() == {kept.pk: ["in_batch"], other.pk: ["refused"]}
    assert Claim.objects.get(worker=other).refusal == {"code": "merged"}
    assert bytes(Payment.objects.get().identity_hash) == bytes(kept.identity_hash)


def test_who_was_paid_by_the_other_record_is_not_paid_again() -> None:
    kept, other = make_poor_worker(name="杨大成"), make_poor_worker(name="杨大城")
    make_claim(worker=other)
    approve_all()
    paid = make_batch(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=REVIEWED_AT)
    release_batch(batch=paid, by=make_checker(), at=REVIEWED_AT)
    make_claim(worker=kept)
    approve_all()
    join(kept, other)
    again = make_batch(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=REVIEWED_AT)

    assert again.persons == 0
    assert states() == {other.pk: [ClaimState.PAID], kept.pk: [ClaimState.REFUSED]}
    assert Claim.objects.get(worker=kept).refusal == {"code": "paid_elsewhere"}
    assert Payment.objects.count() == 1


def test_who_was_paid_by_the_other_record_makes_no_claim_either() -> None:
    kept, other = make_poor_worker(name="杨大成"), make_poor_worker(name="杨大城")
    make_claim(worker=other)
    approve_all()
    paid = make_batch(policy=make_policy(), division=ZHOUQU, by=make_maker(), at=REVIEWED_AT)
    release_batch(batch=paid, by=make_checker(), at=REVIEWED_AT)
    join(kept, other)
    make_earner(worker=kept)
    claim_again()
    assert states() == {other.pk: [ClaimState.PAID]}
