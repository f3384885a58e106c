"""A payment list as the bank sent it back (回盘): of each line, paid or returned.

The list itself stays frozen; what the bank said stands beside it. A handful of statements whatever the number
of rows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from django.db import transaction
from django.utils import timezone

from fourdoors.accounts.models import Officer
from fourdoors.engines.sheets import FORMS
from fourdoors.intake.models import Import
from fourdoors.intake.rules import Fault, Outcome
from fourdoors.intake.services import MergeRow, RowOutcome, begin_merge, finish_merge, rows_to_merge
from fourdoors.kernel.money import FEN_PER_YUAN
from fourdoors.kernel.terms import PaymentResult
from fourdoors.store.copying import copy_upsert
from fourdoors.store.vault import vault
from fourdoors.subsidies.models import Payment, PaymentAnswer, Policy
from fourdoors.subsidies.rules import BatchState
from fourdoors.subsidies.selectors import rule_of
from fourdoors.subsidies.services.batches import BatchError

_COLUMNS = ("payment_id", "village", "county", "result", "on", "words", "source")
_Key = tuple[bytes, str, str]  # hash of the person, key of the policy, period


class PaymentUnknownError(BatchError):
    """No payment list has this person for this subsidy and period."""

    code: ClassVar[str] = "payment_unknown"


class PaymentListOpenError(BatchError):
    """The list was never released, so nothing of it can have been paid."""

    code: ClassVar[str] = "payment_list_open"


class PaymentAmountError(BatchError):
    """The bank names another amount than the list."""

    code: ClassVar[str] = "payment_amount"


class PaymentDayError(BatchError):
    """The day lies before the release of the list."""

    code: ClassVar[str] = "payment_day"


class PaymentDoneError(BatchError):
    """What was paid once is paid: it is neither paid again nor taken back by a file."""

    code: ClassVar[str] = "payment_done"


class OwnReleaseError(BatchError):
    """Whoever released a list does not say what came of it."""

    code: ClassVar[str] = "own_release"


_PLACES = {
    PaymentUnknownError.code: "identity",
    PaymentListOpenError.code: "result",
    PaymentAmountError.code: "amount",
    PaymentDayError.code: "paid_on",
    PaymentDoneError.code: "result",
    OwnReleaseError.code: "result",
}


@dataclass
class _Merge:
    """What the lists say, who brings the answer, and what will be written."""

    source: str
    by: Officer | None
    payments: Mapping[_Key, Payment]
    keys: Mapping[str, tuple[str, ...]]  # title of a subsidy to the keys of its policies
    answers: dict[int, PaymentAnswer]  # grows with each row that is taken
    fresh: dict[int, PaymentAnswer] = field(default_factory=dict)


@transaction.atomic
def merge_payment_return(*, import_id: int, at: datetime, by: Officer | None = None) -> Import:
    """Merge the sound rows of a payment list that came back from the bank.

    A row counts for a payment of a released list of the same person, subsidy, period and amount, and for no
    other. A payment that came back may be paid later; one that was paid stays paid. The list does not change.

    Args:
        import_id: an import of this form whose merging was asked for.
        at: the moment of the deed.
        by: the officer who answers for it; not the one who released the list.

    Returns:
        The import, merged, with its counts: new, changed, unchanged, faulty.

    Raises:
        NotNowError: nobody asked for its merging, or it is merged already.
    """
    batch = begin_merge(import_id=import_id, form=FORMS["payment_list"].key)
    rows = list(rows_to_merge(batch))
    merge = _look_up(rows, f"import:{batch.pk}", by or batch.uploaded_by)
    outcomes = [_outcome(row, merge) for row in rows]
    rows_said = ([getattr(one, name) for name in _COLUMNS] for one in merge.fresh.values())
    copy_upsert(table=PaymentAnswer._meta.db_table, columns=_COLUMNS, rows=rows_said, key=["payment_id"])
    return finish_merge(batch=batch, outcomes=outcomes, at=at, by=by)


def _look_up(rows: Iterable[MergeRow], source: str, by: Officer | None) -> _Merge:
    hashes = {vault().hash("identity", row.cells["identity"]) for row in rows}
    found = list(Payment.objects.filter(identity_hash__in=hashes).select_related("batch__policy"))
    keys: dict[str, tuple[str, ...]] = {}
    for policy in Policy.objects.filter(pk__in={one.batch.policy_id for one in found}):
        for title in (rule_of(policy).title.zh, policy.key):
            keys[title] = tuple({*keys.get(title, ()), policy.key})
    return _Merge(
        source=source,
        by=by,
        payments={(bytes(one.identity_hash), one.policy_key, one.period): one for one in found},
        keys=keys,
        answers={one.payment_id: one for one in PaymentAnswer.objects.filter(payment__in=found)},
    )


def _outcome(row: MergeRow, merge: _Merge) -> RowOutcome:
    try:
        payment = _payment(row, merge)
        return RowOutcome(row.pk, _answered(row, payment, merge), payment.pk)
    except BatchError as refusal:
        values = {name: str(value) for name, value in refusal.values.items()}
        fault = Fault(_PLACES[refusal.code], refusal.code, {**values})
        return RowOutcome(row.pk, Outcome.FAULTY, fault=fault)


def _payment(row: MergeRow, merge: _Merge) -> Payment:
    """Return the payment that a row is about.

    Raises:
        BatchError: there is none, or the row does not agree with its list.
    """
    cells, person = row.cells, vault().hash("identity", row.cells["identity"])
    known = [
        merge.payments[person, key, cells["period"]]
        for key in merge.keys.get(cells["policy"], ())
        if (person, key, cells["period"]) in merge.payments
    ]
    if len(known) != 1:
        raise PaymentUnknownError
    (payment,) = known
    held = payment.batch
    if held.state != BatchState.RELEASED or held.released_at is None:
        raise PaymentListOpenError(number=held.number)
    if merge.by is not None and held.released_by_id == merge.by.pk:
        raise OwnReleaseError(number=held.number)
    if payment.fen != int(cells["amount"]):
        said = int(cells["amount"]) / FEN_PER_YUAN
        raise PaymentAmountError(listed=f"{payment.fen / FEN_PER_YUAN:.2f}", said=f"{said:.2f}")
    released_on = timezone.localdate(held.released_at)
    if cells.get("paid_on") and date.fromisoformat(cells["paid_on"]) < released_on:
        raise PaymentDayError(released=released_on)
    return payment


def _answered(row: MergeRow, payment: Payment, merge: _Merge) -> Outcome:
    cells, held = row.cells, merge.answers.get(payment.pk)
    result, words = cells["result"], cells.get("returned_why", "")[:120]
    if held is not None and held.result == PaymentResult.PAID:
        if result != PaymentResult.PAID:
            raise PaymentDoneError
        return Outcome.UNCHANGED
    if held is not None and (held.result, held.words) == (result, words):
        return Outcome.UNCHANGED
    merge.answers[payment.pk] = merge.fresh[payment.pk] = PaymentAnswer(
        payment=payment,
        village=payment.village,
        county=payment.county,
        result=result,
        on=date.fromisoformat(cells["paid_on"]) if cells.get("paid_on") else None,
        words=words,
        source=merge.source,
    )
    return Outcome.NEW if held is None else Outcome.CHANGED
