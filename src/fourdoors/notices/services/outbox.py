"""The outbox: messages wait here, sealed, until their hour; the address goes when they are handed on."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db import transaction

from fourdoors.accounts.services import record_deed
from fourdoors.kernel.divisions import county_of
from fourdoors.kernel.errors import RuleError
from fourdoors.notices.models import Notice
from fourdoors.notices.rules import Adapter, Kind, Message, Way, not_before
from fourdoors.store.vault import vault


class AddressMissingError(RuleError):
    """A call or an SMS needs a phone; without one, paper is the way."""

    code: ClassVar[str] = "address_missing"


@transaction.atomic
def put_in_outbox(
    *,
    worker_id: int,
    village: int,
    kind: Kind,
    way: Way,
    at: datetime,
    address: str = "",
    values: Mapping[str, Any] | None = None,
    language: str = "zh-hans",
) -> Notice:
    """Put a message to a worker in the outbox; it leaves after the quiet hours.

    Whoever calls has asked ``register.selectors.phone_if_agreed``: without consent to be called there is
    no phone here, and the message goes on paper.

    Args:
        worker_id: number of the worker.
        village: the worker's home village, for the scope.
        kind: what it is about.
        way: how it is to reach the worker.
        at: the moment of the deed.
        address: the phone; sealed at once, gone when the message was handed on.
        values: numbers and codes for the words, never a name or an identity number.
        language: of the words.

    Raises:
        AddressMissingError: the way needs a phone and none is given.
    """
    if way.needs_phone and not address:
        raise AddressMissingError(way=way.value)
    notice = Notice.objects.create(
        worker_id=worker_id,
        village=village,
        county=county_of(village),
        kind=kind.value,
        way=way.value,
        values=dict(values or {}),
        address_cipher=vault().seal("phone", address) if address else None,
        language=language,
        not_before_at=not_before(at),
        made_at=at,
    )
    record_deed(
        officer=None, action="notices.put", at=at, county=notice.county, object_id=worker_id,
        kind=kind.value, way=way.value,
    )  # fmt: skip
    return notice


@transaction.atomic
def send_due(*, adapter: Adapter, at: datetime, limit: int = 500) -> dict[str, int]:
    """Hand on the messages that are due, the oldest first, and return how many were taken and how many not.

    Rows are locked and those of another sender passed over: two senders never hand on the same message.
    The address goes with the message, taken or not.

    Args:
        adapter: the way out.
        at: the moment; messages whose hour has come by then are due.
        limit: how many at most.
    """
    due = Notice.objects.select_for_update(skip_locked=True).filter(
        sent_at=None, failed_at=None, not_before_at__lte=at
    )
    counts: Counter[str] = Counter(sent=0, failed=0)
    for notice in due.order_by("not_before_at", "pk")[:limit]:
        taken = adapter.send(_message(notice))
        counts["sent" if taken else "failed"] += 1
        notice.sent_at, notice.failed_at = (at, None) if taken else (None, at)
        notice.address_cipher = None
        notice.save(update_fields=["sent_at", "failed_at", "address_cipher"])
    if any(counts.values()):
        record_deed(officer=None, action="notices.sent", at=at, **counts)
    return dict(counts)


def _message(notice: Notice) -> Message:
    sealed = notice.address_cipher
    return Message(
        number=notice.pk,
        kind=Kind(notice.kind),
        way=Way(notice.way),
        address=vault().open("phone", sealed) if sealed else "",
        language=notice.language,
        values=notice.values,
    )
