"""Consent, given and withdrawn: a worker's yes for one purpose, and the way back in one step."""

from datetime import datetime
from typing import ClassVar

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.errors import RuleError
from fourdoors.register.models import Consent, Worker
from fourdoors.register.rules import HowGiven, Purpose


class MoveNotNamedError(RuleError):
    """Consent to a move names the move; any other consent names none."""

    code: ClassVar[str] = "move_not_named"


class ProxyNamelessError(RuleError):
    """Whoever speaks for a worker gives a name; nobody else's name is kept."""

    code: ClassVar[str] = "proxy_nameless"


@transaction.atomic
def give_consent(
    *,
    worker: Worker,
    purpose: Purpose,
    how: HowGiven,
    at: datetime,
    by: Officer | None = None,
    move: str = "",
    proxy_name: str = "",
) -> Consent:
    """Record a worker's consent; where it is given already, return that one and write nothing.

    The worker is locked first: two desks that record the same yes make one row.

    Args:
        worker: who agrees.
        purpose: to what; a move is agreed to one by one.
        how: by which way the yes came.
        at: the moment it was given.
        by: the officer who records it; None for the worker's own deed.
        move: names the move ("offer:123") where the purpose is a move, else blank.
        proxy_name: who spoke for the worker where ``how`` is a proxy, else blank.

    Raises:
        MoveNotNamedError: a move without its name, or a name where there is no move.
        ProxyNamelessError: a proxy without a name, or a name without a proxy.
    """
    if (purpose is Purpose.MOVE) != bool(move):
        raise MoveNotNamedError(purpose=purpose.value)
    if (how is HowGiven.PROXY) != bool(proxy_name):
        raise ProxyNamelessError(how=how.value)
    worker = Worker.objects.select_for_update().get(pk=worker.pk)
    consent, made = Consent.objects.get_or_create(
        worker=worker,
        purpose=purpose.value,
        move=move,
        withdrawn_at=None,
        defaults={
            "village": worker.village,
            "county": worker.county,
            "how": how.value,
            "proxy_name": proxy_name,
            "recorded_by": by,
            "given_at": at,
        },
    )
    if made:
        record_deed(
            officer=by, action="register.consent_given", at=at, county=worker.county, object_id=worker.pk,
            purpose=purpose.value, move=move, how=how.value,
        )  # fmt: skip
    return consent


@transaction.atomic
def withdraw_consent(*, consent: Consent, at: datetime, by: Officer | None = None) -> None:
    """Take a consent back, at once and without a reason; a second time changes nothing.

    Nothing else is written but the deed: a withdrawal has no consequence anywhere. Steps that need a
    consent look for an open one at the moment of their own deed.
    """
    if not Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=at):
        return
    record_deed(
        officer=by, action="register.consent_withdrawn", at=at, county=consent.county,
        object_id=consent.worker_id, purpose=consent.purpose, move=consent.move,
    )  # fmt: skip
