"""Pairs of records that may be of one person."""

from django.db.models import QuerySet

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import TERRITORIAL
from fourdoors.register.models import DuplicatePair, Worker
from fourdoors.register.rules import PairState


def pairs_visible_to(officer: Officer, *, state: PairState | None = None) -> QuerySet[DuplicatePair]:
    """Return the pairs of which an officer sees both records, the surest first."""
    if officer.duty not in TERRITORIAL:
        return DuplicatePair.objects.none()
    found = DuplicatePair.objects.filter(village__gte=officer.lo, village__lt=officer.hi)
    found = found.select_related("first", "second", "decided_by").order_by("-probability", "-bits", "pk")
    return found.filter(state=state.value) if state else found


def merged_into(number: int) -> int | None:
    """Return the number of the worker that a merged record is shown with, within the scope that is set."""
    return Worker.objects.filter(pk=number).values_list("merged_into", flat=True).first()


def pair_of(worker: Worker) -> DuplicatePair | None:
    """Return the merge that a kept worker is the result of, the newest where there are several."""
    return DuplicatePair.objects.filter(kept=worker.pk).order_by("-decided_at").first()
