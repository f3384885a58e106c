"""Payment lists (发放清册): made by one officer, released by another, then closed for good."""

import hashlib
import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.engines.sheets import FORMS, write_workbook
from fourdoors.kernel.divisions import Level, Range, ancestor_of, county_of, find_division, range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.terms import PaymentResult, RelationToHead
from fourdoors.register.models import Membership, Worker
from fourdoors.store.copying import reserve_ids
from fourdoors.store.vault import Vault, vault
from fourdoors.subsidies.models import Claim, Payment, PaymentAnswer, PaymentBatch, Policy
from fourdoors.subsidies.rules import BatchState, ClaimState, RefusalReason
from fourdoors.subsidies.selectors import merged_records, rule_of


class BatchError(RuleError):
    """A payment list that cannot be made, released or changed."""


class NothingToPayError(BatchError):
    """No approved claim waits for payment."""

    code: ClassVar[str] = "nothing_to_pay"


class BatchClosedError(BatchError):
    """The list was released or withdrawn."""

    code: ClassVar[str] = "batch_closed"


class OwnBatchError(BatchError):
    """Whoever made a list does not release it."""

    code: ClassVar[str] = "own_batch"


class BatchUntrueError(BatchError):
    """The list does not hold what it held when it was made."""

    code: ClassVar[str] = "batch_untrue"


@transaction.atomic
def make_batch(*, policy: Policy, division: int, by: Officer, at: datetime) -> PaymentBatch:
    """Put the approved claims of a policy and division on a payment list.

    A person, policy and period can stand on one list only, in whatever county: the database holds it, for
    two desks of two counties too. Whoever stands on another list is left out and the claim refused; a list
    on which nobody is left is withdrawn at once. The claim of a record that was merged away is refused, and
    so is one of a person whose other record is on a list: the person is paid by the kept record, once.

    Raises:
        NothingToPayError: no approved claim waits.
    """
    home = range_of(division)
    claims = list(
        Claim.objects.select_for_update(of=("self",))
        .filter(
            policy_key=policy.key, state=ClaimState.APPROVED.value, village__gte=home.lo, village__lt=home.hi
        )
        .select_related("worker")
        .order_by("worker__identity_hash", "period")  # the order in which two desks take the same locks
    )
    if not claims:
        raise NothingToPayError(key=policy.key)
    batch = _new_batch(policy, division, by, at)
    merged = {claim.pk for claim in claims if claim.worker.merged_into_id}
    listed = _listed_by_another_record(policy.key, claims)
    payments = [_payment(batch, claim) for claim in claims if claim.pk not in merged | listed]
    Payment.objects.bulk_create(payments, ignore_conflicts=True, batch_size=1000)
    taken = set(Payment.objects.filter(batch=batch).values_list("claim_id", flat=True))
    twice = {claim.pk for claim in claims} - taken - merged
    Claim.objects.filter(pk__in=taken).update(state=ClaimState.IN_BATCH.value)
    for refused, reason in ((twice, RefusalReason.PAID_ELSEWHERE), (merged, RefusalReason.MERGED)):
        Claim.objects.filter(pk__in=refused).update(
            state=ClaimState.REFUSED.value, refusal={"code": reason.value}
        )
    _seal(batch)
    record_deed(
        officer=by, action="subsidies.batch_made", at=at, county=county_of(division), object_id=batch.pk,
        key=policy.key, persons=batch.persons, total_fen=batch.total_fen, paid_elsewhere=len(twice),
        merged=len(merged), list_hash=batch.list_hash,
    )  # fmt: skip
    return batch


def _listed_by_another_record(key: str, claims: list[Claim]) -> set[int]:
    """Return the claims of people who stood in the register twice and are on a list by the other record."""
    joined = merged_records(claim.worker_id for claim in claims)
    states = [ClaimState.IN_BATCH.value, ClaimState.PAID.value]
    others = Claim.objects.filter(worker__in=joined, policy_key=key, state__in=states)
    paid = {(joined[worker], period) for worker, period in others.values_list("worker_id", "period")}
    return {claim.pk for claim in claims if (claim.worker_id, claim.period) in paid}


def _new_batch(policy: Policy, division: int, by: Officer, at: datetime) -> PaymentBatch:
    (number,) = reserve_ids(table=PaymentBatch._meta.db_table, count=1)
    return PaymentBatch.objects.create(
        pk=number,
        number=f"{county_of(division)}-{timezone.localdate(at):%Y%m%d}-{number}",
        division=division,
        policy=policy,
        state=BatchState.MADE.value,
        made_by=by,
        made_at=at,
    )


def _payment(batch: PaymentBatch, claim: Claim) -> Payment:
    return Payment(
        village=claim.village,
        county=claim.county,
        batch=batch,
        claim=claim,
        policy_key=claim.policy_key,
        identity_hash=bytes(claim.worker.identity_hash),
        period=claim.period,
        fen=claim.fen,
    )


def _seal(batch: PaymentBatch) -> None:
    payments = Payment.objects.filter(batch=batch)
    batch.persons, batch.list_hash = payments.count(), list_hash(batch)
    batch.total_fen = payments.aggregate(total=Sum("fen"))["total"] or 0
    batch.state = (BatchState.MADE if batch.persons else BatchState.WITHDRAWN).value
    batch.save(update_fields=["persons", "total_fen", "list_hash", "state"])


def list_hash(batch: PaymentBatch) -> str:
    """Return the SHA-256 of a list: who is paid what for which claim, in the order of claims."""
    rows = Payment.objects.filter(batch=batch).order_by("claim_id")
    content = [
        [row.claim_id, bytes(row.identity_hash).hex(), row.policy_key, row.period, row.fen] for row in rows
    ]
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


@transaction.atomic
def release_batch(*, batch: PaymentBatch, by: Officer, at: datetime) -> PaymentBatch:
    """Release a payment list (复核发放), once, by another officer; from then on nothing in it changes.

    The list is locked first: of fifty who press the button at the same moment one releases it.

    Raises:
        BatchClosedError: it was released or withdrawn.
        OwnBatchError: ``by`` made it.
        BatchUntrueError: it does not hold what it held when it was made.
    """
    batch = PaymentBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.state != BatchState.MADE:
        raise BatchClosedError(number=batch.number)
    if batch.made_by_id == by.pk:
        raise OwnBatchError(number=batch.number)
    if list_hash(batch) != batch.list_hash:
        raise BatchUntrueError(number=batch.number)
    claims = Claim.objects.filter(pk__in=Payment.objects.filter(batch=batch).values("claim_id"))
    claims.update(state=ClaimState.PAID.value)
    batch.state, batch.released_by, batch.released_at = BatchState.RELEASED.value, by, at
    batch.save(update_fields=["state", "released_by", "released_at"])
    record_deed(
        officer=by, action="subsidies.batch_released", at=at, county=county_of(batch.division),
        object_id=batch.pk, persons=batch.persons, total_fen=batch.total_fen, list_hash=batch.list_hash,
    )  # fmt: skip
    return batch


@transaction.atomic
def withdraw_batch(*, batch: PaymentBatch, by: Officer, at: datetime) -> PaymentBatch:
    """Withdraw a list that was not released; its claims wait for another one.

    Raises:
        BatchClosedError: it was released or withdrawn.
    """
    batch = PaymentBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.state != BatchState.MADE:
        raise BatchClosedError(number=batch.number)
    payments = Payment.objects.filter(batch=batch)
    Claim.objects.filter(pk__in=payments.values("claim_id")).update(state=ClaimState.APPROVED.value)
    payments.delete()
    batch.state = BatchState.WITHDRAWN.value
    batch.save(update_fields=["state"])
    record_deed(
        officer=by, action="subsidies.batch_withdrawn", at=at, county=county_of(batch.division),
        object_id=batch.pk,
    )  # fmt: skip
    return batch


@transaction.atomic
def payment_list(*, batch: PaymentBatch, by: Officer, at: datetime) -> bytes:
    """Return a payment list as the bank takes it: the 18 columns, as an xlsx workbook.

    Here and in ``payment_rows`` account numbers are opened, nowhere else; that it was done, and by whom, is
    a deed. The payee may be the head of the household, or a broker.

    Raises:
        BatchClosedError: the list is withdrawn.
    """
    batch = PaymentBatch.objects.select_related("policy").get(pk=batch.pk)
    if batch.state == BatchState.WITHDRAWN:
        raise BatchClosedError(number=batch.number)
    form, out = FORMS["payment_list"], io.BytesIO()
    write_workbook(
        out,
        sheet=batch.number,
        columns=form.columns,
        rows=_rows(batch, rule_of(batch.policy).title.zh),
        title=f"{form.title} {batch.number}",
        watermark=f"{by} {timezone.localtime(at):%Y-%m-%d %H:%M}",
    )
    _record_opened(batch, by, at)
    return out.getvalue()


@transaction.atomic
def payment_rows(
    home: Range, on: date, *, whole: bool, of: str, by: Officer, at: datetime
) -> Iterator[dict[str, Any]]:
    """Return the rows of a payment list for the queue that fills forms in, with what the bank said so far.

    Account numbers are opened, as ``payment_list`` does; that it was done, and by whom, is a deed.

    Args:
        home: only a list of this place.
        on: not looked at: a list is closed when it is made.
        whole: numbers are opened; a masked list would pay nobody.
        of: the number of the list.
        by: who asked, and alone may take the file.
        at: the moment of the deed.

    Raises:
        BatchClosedError: there is no such list here, it is withdrawn, or ``whole`` is not granted.
    """
    held = PaymentBatch.objects.select_related("policy").exclude(state=BatchState.WITHDRAWN.value)
    batch = held.filter(number=of, division__gte=home.lo, division__lt=home.hi).first()
    if batch is None or not whole:
        raise BatchClosedError(number=of)
    _record_opened(batch, by, at)
    return _rows(batch, rule_of(batch.policy).title.zh)


def _record_opened(batch: PaymentBatch, by: Officer, at: datetime) -> None:
    record_deed(
        officer=by, action="subsidies.payment_list_opened", at=at, county=county_of(batch.division),
        object_id=batch.pk, persons=batch.persons, released=batch.state == BatchState.RELEASED,
    )  # fmt: skip


def _rows(batch: PaymentBatch, title: str) -> Iterator[dict[str, Any]]:
    payments = list(
        Payment.objects.filter(batch=batch)
        .select_related("claim__worker", "claim__passbook", "claim__broker", "answer")
        .order_by("village", "claim_id")
    )
    heads, seals = _heads([payment.claim.worker_id for payment in payments]), vault()
    for payment in payments:
        yield {
            **_subject(payment, heads.get(payment.claim.worker_id), seals),
            **_payee(payment, heads.get(payment.claim.worker_id), seals),
            "policy": title,
            "period": payment.period,
            "amount": payment.fen,
            "remarks": f"{payment.claim_id}",
            **_answer(getattr(payment, "answer", None)),
        }


def _answer(said: PaymentAnswer | None) -> dict[str, Any]:
    """Return what the bank said of a payment, as its columns of the list print it; nothing before."""
    if said is None:
        return {}
    return {"result": PaymentResult(said.result).zh, "paid_on": said.on, "returned_why": said.words}


def _heads(workers: list[int]) -> dict[int, Worker]:
    """Return the head of each worker's household."""
    homes = dict(
        Membership.objects.filter(worker__in=workers, to_on=None).values_list("worker_id", "household_id")
    )
    heads = Membership.objects.filter(
        household__in=set(homes.values()), relation=RelationToHead.HEAD.value, to_on=None
    ).select_related("worker")
    by_home = {head.household_id: head.worker for head in heads}
    return {worker: by_home[home] for worker, home in homes.items() if home in by_home}


def _subject(payment: Payment, head: Worker | None, seals: Vault) -> dict[str, Any]:
    worker = payment.claim.worker
    phone = seals.open("phone", worker.phone_cipher) if worker.phone_cipher else ""
    return {
        "township": _name_of(ancestor_of(payment.village, Level.TOWNSHIP)),
        "village": _name_of(payment.village),
        "head_name": head.name if head else "",
        "head_identity": seals.open("identity", head.identity_cipher) if head else "",
        "name": worker.name,
        "identity": seals.open("identity", worker.identity_cipher),
        "phone": phone,
    }


def _payee(payment: Payment, head: Worker | None, seals: Vault) -> dict[str, Any]:
    """Return who is paid and where to: the holder of the account, whoever that is."""
    broker, book = payment.claim.broker, payment.claim.passbook
    if broker is not None:
        account = seals.open("account", broker.account_cipher) if broker.account_cipher else ""
        return {
            "payee_name": broker.name,
            "payee_relation": "劳务经纪人",
            "bank": broker.bank,
            "account": account,
        }
    if book is None:
        return {}
    person = next((p for p in (payment.claim.worker, head) if p and p.name == book.holder_name), None)
    relation = RelationToHead(book.holder_relation).zh if book.holder_relation in set(RelationToHead) else ""
    return {
        "payee_name": book.holder_name,
        "payee_identity": seals.open("identity", person.identity_cipher) if person else "",
        "payee_relation": relation or book.holder_relation,
        "bank": book.bank,
        "account": seals.open("account", book.account_cipher),
    }


def _name_of(code: int) -> str:
    division = find_division(code)
    return division.name if division else ""
