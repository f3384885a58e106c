"""A list of travellers (包车花名册), planned in a spreadsheet: rows become seats of planned trips."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.engines.sheets import FORMS
from fourdoors.intake.models import Import
from fourdoors.intake.rules import Fault, Outcome
from fourdoors.intake.services import MergeRow, RowOutcome, begin_merge, finish_merge, rows_to_merge
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.register.models import Worker
from fourdoors.store.scope import standing_in
from fourdoors.store.vault import vault
from fourdoors.travel.models import Seat, Trip
from fourdoors.travel.services.boarding import change_seat, placement_for, take_seat
from fourdoors.travel.services.errors import (
    CoachFullError,
    RiderNameError,
    RiderUnknownError,
    SeatNotForUseError,
    SeatTakenError,
    TripUnknownError,
    WrongStateError,
)

_COLUMNS = {
    TripUnknownError.code: "trip_number",
    WrongStateError.code: "trip_number",
    CoachFullError.code: "trip_number",
    RiderNameError.code: "name",
    SeatNotForUseError.code: "seat",
    SeatTakenError.code: "seat",
}


@dataclass(frozen=True)
class _Known:
    trips: Mapping[str, Trip]
    workers: Mapping[bytes, Worker]
    by: Officer | None
    at: datetime


@transaction.atomic
def merge_manifest(*, import_id: int, at: datetime, by: Officer | None = None) -> Import:
    """Merge the sound rows of a list of travellers: each takes a seat of the planned trip that it names.

    Only who has an open placement with the employer of the trip, for its day and place, with a live consent
    to this move, gets a seat; a list is no consent. Who rides already stays, on the seat that the row names.
    Nobody leaves a coach because a list does not name them.

    Args:
        import_id: an import of this form whose merging was asked for.
        at: the moment of the deed.
        by: the county officer who answers for it.

    Returns:
        The import, merged, with its counts: new, changed, unchanged, faulty.

    Raises:
        NotNowError: nobody asked for its merging, or it is merged already.
    """
    batch = begin_merge(import_id=import_id, form=FORMS["p2p_manifest_person"].key)
    rows = list(rows_to_merge(batch))
    known = _look_up(rows, batch, by or batch.uploaded_by, at)
    outcomes = [_outcome(row, known) for row in _named_first(rows)]
    return finish_merge(batch=batch, outcomes=outcomes, at=at, by=by)


def _look_up(rows: Sequence[MergeRow], batch: Import, by: Officer | None, at: datetime) -> _Known:
    """Return trips and people; people of the place that the file speaks for only."""
    here = range_of(batch.division)
    hashes = [vault().hash("identity", row.cells["identity"]) for row in rows]
    people = Worker.objects.filter(identity_hash__in=hashes, village__gte=here.lo, village__lt=here.hi)
    trips = Trip.objects.filter(number__in={row.cells["trip_number"] for row in rows})
    trips = trips.select_related("employer").order_by("pk")
    return _Known(
        {trip.number: trip for trip in trips if range_of(trip.home).covers(here) or trip.home in here},
        {bytes(one.identity_hash): one for one in people.select_related("merged_into")},
        by,
        at,
    )


def _named_first(rows: Sequence[MergeRow]) -> list[MergeRow]:
    """Return rows that name a seat before those that leave it open: an open one takes what is left."""
    return sorted(rows, key=lambda row: (not row.cells.get("seat"), row.sheet, row.number))


def _outcome(row: MergeRow, known: _Known) -> RowOutcome:
    try:
        with transaction.atomic():
            return _seated(row, known)
    except RuleError as refusal:
        values = {name: it if isinstance(it, int) else str(it)[:60] for name, it in refusal.values.items()}
        fault = Fault(_COLUMNS.get(refusal.code, "identity"), refusal.code, values)
        return RowOutcome(row.pk, Outcome.FAULTY, fault=fault)


def _seated(row: MergeRow, known: _Known) -> RowOutcome:
    cells = row.cells
    trip = known.trips.get(cells["trip_number"])
    worker = known.workers.get(vault().hash("identity", cells["identity"]))
    if trip is None:
        raise TripUnknownError(trip=cells["trip_number"])
    if worker is None:
        raise RiderUnknownError
    worker = worker.merged_into or worker
    if worker.name != cells["name"]:
        raise RiderNameError
    number = int(cells["seat"]) if cells.get("seat") else None
    with standing_in(range_of(trip.home)):  # seats of all townships of the county are looked at
        held = Seat.objects.select_related("trip").filter(trip=trip, worker=worker, given_up_at=None).first()
        if held is None:
            placement = placement_for(trip=trip, worker=worker)
            taken = take_seat(trip=trip, placement=placement, number=number, by=known.by, at=known.at)
            return RowOutcome(row.pk, Outcome.NEW, taken.pk)
        if number in (None, held.number):
            return RowOutcome(row.pk, Outcome.UNCHANGED, held.pk)
        change_seat(seat=held, number=number or 0, by=known.by, at=known.at)
        return RowOutcome(row.pk, Outcome.CHANGED, held.pk)
