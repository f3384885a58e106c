"""Two records of one person: found, looked at by two eyes, merged, and taken apart again."""

from datetime import datetime
from importlib.resources import files
from typing import ClassVar

from django.db import connection, transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import chain_of
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.divisions import Range
from fourdoors.kernel.errors import RuleError
from fourdoors.register.models import DuplicatePair, Worker
from fourdoors.register.rules import DUPLICATE_SHARE, LEAST_PROBABILITY, PairState


class PairDecidedError(RuleError):
    """Somebody decided on this pair already, or nobody did."""

    code: ClassVar[str] = "pair_decided"


class WorkerMergedError(RuleError):
    """One of the two is part of another merge."""

    code: ClassVar[str] = "worker_merged"


@transaction.atomic
def find_duplicates(*, by: Officer, at: datetime, within: Range | None = None) -> int:
    """Compare the records of a territory with each other and keep the pairs that are probably one person.

    Identity numbers are unique in the whole province, so what is left are people who were registered twice
    with a wrong number. Pairs that somebody decided on stay as they are. Measured: see the benchmark.

    Args:
        by: whose territory; the row-level policy lets no other record in.
        at: the moment of the deed.
        within: a part of it.

    Returns:
        How many pairs are new.
    """
    reach = within or by.jurisdiction
    statements = (files("fourdoors.register.services") / "find_duplicates.sql").read_text(encoding="utf-8")
    lo, hi = max(reach.lo, by.lo), min(reach.hi, by.hi)
    values = {
        "lo": lo, "hi": hi, "duplicate_share": DUPLICATE_SHARE, "least_probability": LEAST_PROBABILITY,
    }  # fmt: skip
    before = DuplicatePair.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(statements, {**values, "at": at})
        cursor.execute("DROP TABLE duplicate_people, duplicate_candidates")
    found = DuplicatePair.objects.count() - before
    record_deed(
        officer=by, action="register.duplicates_sought", at=at, county=chain_of(by.lo), found=found,
        lo=lo, hi=hi,
    )  # fmt: skip
    return found


@transaction.atomic
def merge_pair(*, pair: DuplicatePair, keep: int, at: datetime, by: Officer) -> DuplicatePair:
    """Make one person of two records: the other one is shown with the one that is kept, and nowhere else.

    No row is moved or lost, so the merge can be undone whole (``reopen_pair``).

    Args:
        pair: locked first, then both workers.
        keep: the number of the worker who stays in the lists.
        at: the moment of the deed.
        by: the officer who looked at both.

    Raises:
        PairDecidedError: somebody decided already.
        WorkerMergedError: one of the two is part of another merge.
    """
    pair = _open_pair(pair)
    other = pair.second_id if keep == pair.first_id else pair.first_id
    workers = Worker.objects.select_for_update().filter(pk__in=(pair.first_id, pair.second_id)).order_by("pk")
    if any(worker.merged_into_id for worker in workers) or Worker.objects.filter(merged_into=other).exists():
        raise WorkerMergedError
    Worker.objects.filter(pk=other).update(merged_into=keep)
    return _decide(pair, PairState.MERGED, keep, at, by)


@transaction.atomic
def tell_apart(*, pair: DuplicatePair, at: datetime, by: Officer) -> DuplicatePair:
    """Record that two records are of two people; the pair is not proposed again.

    Raises:
        PairDecidedError: somebody decided already.
    """
    return _decide(_open_pair(pair), PairState.DIFFERENT, None, at, by)


@transaction.atomic
def reopen_pair(*, pair: DuplicatePair, at: datetime, by: Officer) -> DuplicatePair:
    """Take a decision back: a merged record stands in the lists again as it was.

    Raises:
        PairDecidedError: nobody decided.
    """
    pair = DuplicatePair.objects.select_for_update().get(pk=pair.pk)
    if pair.state == PairState.OPEN.value:
        raise PairDecidedError
    if pair.kept_id:
        other = pair.second_id if pair.kept_id == pair.first_id else pair.first_id
        Worker.objects.filter(pk=other, merged_into=pair.kept_id).update(merged_into=None)
    return _decide(pair, PairState.OPEN, None, at, by)


def _open_pair(pair: DuplicatePair) -> DuplicatePair:
    pair = DuplicatePair.objects.select_for_update().get(pk=pair.pk)
    if pair.state != PairState.OPEN.value:
        raise PairDecidedError
    return pair


def _decide(
    pair: DuplicatePair, state: PairState, kept: int | None, at: datetime, by: Officer
) -> DuplicatePair:
    pair.state, pair.kept_id, pair.decided_at, pair.decided_by = state.value, kept, at, by
    pair.save(update_fields=["state", "kept", "decided_at", "decided_by"])
    record_deed(
        officer=by, action=f"register.pair_{state.value}", at=at, county=chain_of(by.lo), object_id=pair.pk,
        first=pair.first_id, second=pair.second_id, kept=kept,
    )  # fmt: skip
    return pair
