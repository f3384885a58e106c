"""Workers whom a program delivers: checked and merged at once, by the rules of a roster."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.engines.sheets.forms import NATIONAL_MEMBER_EXPORT
from fourdoors.intake.models import Import
from fourdoors.intake.services import receive_rows
from fourdoors.register.models import Proposal
from fourdoors.register.rules import ProposalState
from fourdoors.register.services.merging import merge_roster


@dataclass(frozen=True)
class Brought:
    """What became of a delivery.

    Attributes:
        batch: its import, merged.
        is_known: the same request came before; nothing was written.
        waiting: number of a worker to the facts of this delivery that wait for a second officer.
    """

    batch: Import
    is_known: bool
    waiting: dict[int, list[str]]


@transaction.atomic
def bring_workers(
    *,
    division: int,
    rows: Sequence[Mapping[str, object]],
    request_key: str,
    at: datetime,
    by: Officer,
    token: int | None = None,
) -> Brought:
    """Bring workers in that a program delivers, by the rules of a roster: ``receive_rows``, ``merge_roster``.

    Args:
        division: 12-digit code that the rows speak for.
        rows: key of the column of the national member export to text.
        request_key: what the program calls this request.
        at: the moment of the deed.
        by: the officer in whose name the program sends.
        token: number of the program's token.

    Raises:
        OutsideTerritoryError, DeliveryRowsError, DeliveryTextError, RequestKeyUsedError: as ``receive_rows``.
    """
    received = receive_rows(
        form=NATIONAL_MEMBER_EXPORT.key, division=division, rows=rows, request_key=request_key, at=at, by=by,
        token=token,
    )  # fmt: skip
    batch = received.batch
    if not received.is_known:
        batch = merge_roster(import_id=batch.pk, at=at, by=by)
    return Brought(batch, received.is_known, _waiting(batch))


def _waiting(batch: Import) -> dict[int, list[str]]:
    waits = Proposal.objects.filter(source=f"import:{batch.pk}", state=ProposalState.OPEN.value)
    found: dict[int, list[str]] = defaultdict(list)
    for worker, fact in waits.exclude(worker=None).order_by("pk").values_list("worker", "fact"):
        found[worker].append(fact)
    return found
