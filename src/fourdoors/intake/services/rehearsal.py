"""What a merge would do, before anybody decides: it is done, looked at, and undone."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from fourdoors.intake.models import Import, StagedRow
from fourdoors.intake.rules import FORECAST, Outcome
from fourdoors.intake.services.merging import ask_for_merge

Merge = Callable[..., object]  # (*, import_id, at, by): the service of the step that merges the form


class _UndoneError(Exception):
    """Ends a rehearsal."""


@transaction.atomic
def rehearse_merge(*, import_id: int, merge: Merge, at: datetime) -> Import:
    """Find out what the register says of the rows of a checked import, without writing to it.

    The merge itself runs inside a savepoint that is rolled back: whoever is registered elsewhere, out for
    work already, or unknown gets the same note now that the merge would give. No deed is recorded of it.

    Args:
        import_id: an import that is checked, or in review.
        merge: the service that merges its form.
        at: the moment of the deed.

    Returns:
        The import, where it stood; its counts say what would become of the rows (``would_new`` and so on).

    Raises:
        NotNowError: it is not checked.
    """
    faulty = set(_faulty(import_id).values_list("pk", flat=True))
    try:
        with transaction.atomic():
            ask_for_merge(import_id=import_id, at=at)
            merge(import_id=import_id, at=at, by=None)
            counts = Import.objects.get(pk=import_id).counts
            found = dict(_faulty(import_id).exclude(pk__in=faulty).values_list("pk", "faults"))
            raise _UndoneError
    except _UndoneError:
        return _noted(import_id, found, counts)


def _faulty(import_id: int) -> QuerySet[StagedRow]:
    return StagedRow.objects.filter(batch=import_id, outcome=Outcome.FAULTY.value)


def _noted(import_id: int, found: dict[int, list[dict[str, object]]], counts: dict[str, int]) -> Import:
    rows = [StagedRow(pk=pk, faults=faults, outcome=Outcome.FAULTY.value) for pk, faults in found.items()]
    StagedRow.objects.bulk_update(rows, ["faults", "outcome"], batch_size=1000)
    batch = Import.objects.defer("file_cipher").get(pk=import_id)
    before = batch.counts
    forecast = {f"would_{name}": counts[name] for name in FORECAST}
    batch.counts = {
        **before, "ready": before["ready"] - len(rows), "faulty": counts["faulty"], "notes": counts["notes"],
        **forecast,
    }  # fmt: skip
    batch.save(update_fields=["counts"])
    return batch
