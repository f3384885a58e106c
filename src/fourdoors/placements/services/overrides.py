"""An officer's word on one pair: held together, or kept apart, in every round until it is undone.

Neither buys anything else: a lock holds only while the worker agrees to be matched, the vacancy has an
opening and every hard rule is kept; an exclusion is about this one pair, every other vacancy stays open.
"""

from datetime import datetime
from typing import ClassVar

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.errors import RuleError
from fourdoors.placements.models import Override
from fourdoors.placements.rules import OverrideKind
from fourdoors.recruitment.models import Vacancy
from fourdoors.register.models import Consent, Worker
from fourdoors.register.rules import HowGiven, Purpose
from fourdoors.register.services import ProxyNamelessError


class OverrideError(RuleError):
    """A word on a pair that cannot be taken."""


class WorkerLockedError(OverrideError):
    """The worker is held together with another vacancy."""

    code: ClassVar[str] = "worker_locked"


class PairOverriddenError(OverrideError):
    """This very pair is held together, or kept apart, already."""

    code: ClassVar[str] = "pair_overridden"


class OverrideReasonMissingError(OverrideError):
    """Nobody is kept apart from a vacancy without a reason that can be read later."""

    code: ClassVar[str] = "override_reason_missing"


class NotMatchableError(OverrideError):
    """The worker has not agreed to be matched, or took it back."""

    code: ClassVar[str] = "not_matchable"


@transaction.atomic
def lock_pair(
    *,
    worker: Worker,
    vacancy: Vacancy,
    how: HowGiven,
    by: Officer,
    at: datetime,
    reason: str = "",
    proxy_name: str = "",
) -> Override:
    """Hold a worker and a vacancy together: the worker said yes to it, and an officer answers for it.

    The worker is locked first: two officers cannot hold the same person at the same moment.

    Args:
        worker: who agreed to be matched, and to this vacancy.
        vacancy: any vacancy; whether it is open is looked at in each round.
        how: by which way the worker's yes came.
        by: the officer.
        at: the moment.
        reason: what the officer wishes to add.
        proxy_name: who said yes for the worker, where a relative did.

    Raises:
        NotMatchableError: no live consent to be matched.
        ProxyNamelessError: a relative without a name.
        WorkerLockedError: held together with another vacancy.
        PairOverriddenError: this pair is held together or kept apart already.
    """
    Worker.objects.select_for_update().get(pk=worker.pk)
    if not Consent.objects.filter(worker=worker, purpose=Purpose.MATCHING, withdrawn_at=None).exists():
        raise NotMatchableError(worker=worker.name)
    if how is HowGiven.PROXY and not proxy_name:
        raise ProxyNamelessError(how=how.value)
    live = Override.objects.filter(worker=worker, undone_at=None)
    for other in live.filter(kind=OverrideKind.LOCK).exclude(vacancy=vacancy).select_related("vacancy"):
        raise WorkerLockedError(worker=worker.name, vacancy=other.vacancy.title)
    made = _made(OverrideKind.LOCK, worker, vacancy, reason, by, at)
    made.agreed_how, made.proxy_name = how.value, proxy_name
    made.save(update_fields=["agreed_how", "proxy_name"])
    return made


@transaction.atomic
def exclude_pair(*, worker: Worker, vacancy: Vacancy, reason: str, by: Officer, at: datetime) -> Override:
    """Keep a worker and a vacancy apart. Every other vacancy stays open to the worker.

    Raises:
        OverrideReasonMissingError: no reason.
        PairOverriddenError: this pair is held together or kept apart already.
    """
    if not reason.strip():
        raise OverrideReasonMissingError
    Worker.objects.select_for_update().get(pk=worker.pk)
    return _made(OverrideKind.EXCLUDE, worker, vacancy, reason, by, at)


def _made(
    kind: OverrideKind, worker: Worker, vacancy: Vacancy, reason: str, by: Officer, at: datetime
) -> Override:
    if Override.objects.filter(worker=worker, vacancy=vacancy, undone_at=None).exists():
        raise PairOverriddenError(worker=worker.name, vacancy=vacancy.title)
    made = Override.objects.create(
        village=worker.village,
        county=worker.county,
        kind=kind,
        worker=worker,
        vacancy=vacancy,
        reason=reason.strip(),
        made_by=by,
        made_at=at,
    )
    _record(made, f"placements.pair_{'locked' if kind is OverrideKind.LOCK else 'excluded'}", by, at)
    return made


@transaction.atomic
def undo_override(*, override: Override, by: Officer, at: datetime) -> None:
    """Take an officer's word back; a second time changes nothing."""
    override = Override.objects.select_for_update().get(pk=override.pk)
    if override.undone_at is None:
        override.undone_by, override.undone_at = by, at
        override.save(update_fields=["undone_by", "undone_at"])
        _record(override, "placements.override_undone", by, at)


def _record(override: Override, action: str, by: Officer, at: datetime) -> None:
    record_deed(officer=by, action=action, at=at, county=override.county, object_id=override.pk)
