"""The papers of a coach (包车登记、花名册、交接单), filled in from trips; never with health answers."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from fourdoors.kernel.divisions import Range, names_of
from fourdoors.kernel.terms import Sex
from fourdoors.register.selectors import identity_shown
from fourdoors.travel.models import Handover, Leg, Seat, Trip


def _of(trip: str) -> dict[str, str]:
    return {"trip__number": trip} if trip else {}


def _legs(home: Range, of: str) -> QuerySet[Leg]:
    found = Leg.objects.filter(trip__home__gte=home.lo, trip__home__lt=home.hi, **_of(of))
    found = found.select_related("trip__employer", "trip__carrier", "vehicle", "leader")
    return found.prefetch_related("drivers").order_by("trip__report_on", "trip", "number")


def trips_to_print(home: Range, *, riders: bool) -> QuerySet[Trip]:
    """Return the trips whose papers a place can print, the newest first.

    Args:
        home: who prints.
        riders: the list of travellers: any trip with people of this place; else the place's own coaches.
    """
    here = Seat.objects.filter(
        trip=OuterRef("pk"), village__gte=home.lo, village__lt=home.hi, given_up_at=None
    )
    found = Trip.objects.filter(Exists(here)) if riders else Trip.objects.filter(_sent_by(home))
    return found.select_related("employer").order_by("-report_on", "-pk")


def _sent_by(home: Range) -> Q:
    return Q(home__gte=home.lo, home__lt=home.hi)


def vehicle_rows(home: Range, on: date, *, whole: bool, of: str = "") -> Iterator[dict[str, Any]]:
    """Yield the coaches (包车登记表) that a place sends, or that of trip ``of``, with drivers and riders."""
    legs = list(_legs(home, of))
    riders = Counter(Seat.objects.filter(leg__in=legs, given_up_at=None).values_list("leg", flat=True))
    for leg in legs:
        drivers = [driver.name for driver in leg.drivers.all()] + ["", ""]
        yield {
            "plate": leg.vehicle.plate, "seats": leg.vehicle.seats, "riders": riders[leg.pk],
            "carrier": leg.trip.carrier.name, "driver_1": drivers[0], "driver_2": drivers[1],
            "leader": str(leg.leader or ""), "from_words": "".join(names_of(leg.trip.home).values()),
            "leaves_on": timezone.localdate(leg.departs_at),
            "to_words": "".join(names_of(leg.trip.place).values()), "employer_name": leg.trip.employer.name,
            "arrives": f"{timezone.localtime(leg.arrives_at):%Y-%m-%d %H:%M}",
        }  # fmt: skip


def clinic_rows(home: Range, on: date, *, whole: bool, of: str = "") -> Iterator[dict[str, Any]]:
    """Yield whom the clinic sees before departure (健康状况随访记录表): of a place, or of trip ``of`` only.

    Who they are and where they go, nothing else: what the clinic finds stays on its paper, and whether
    somebody was seen already is not told either.
    """
    for row, seat in _riders(home, of, whole=whole):
        yield row | {"workplace": "".join(names_of(seat.place).values())}


def rider_rows(home: Range, on: date, *, whole: bool, of: str = "") -> Iterator[dict[str, Any]]:
    """Yield the travellers (包车花名册) of a place, coach by coach, or of trip ``of`` only.

    No telephone and no health answer stand in it.
    """
    for serial, (row, seat) in enumerate(_riders(home, of, whole=whole), start=1):
        trip = seat.trip
        yield row | {
            "serial": str(serial), "seat": seat.number, "trip_number": trip.number,
            "employer_name": trip.employer.name, "post": seat.placement.vacancy.title,
            "employer_phone": trip.employer.contact_phone,
        }  # fmt: skip


def _riders(home: Range, of: str, *, whole: bool) -> Iterator[tuple[dict[str, Any], Seat]]:
    seats = Seat.objects.filter(village__gte=home.lo, village__lt=home.hi, given_up_at=None, **_of(of))
    seats = seats.select_related("worker", "trip__employer", "placement__vacancy")
    for seat in seats.order_by("trip__report_on", "trip", "number", "pk").iterator(chunk_size=2000):
        worker = seat.worker
        row = {
            "name": worker.name, "sex": Sex(worker.sex).zh,
            "identity": identity_shown(worker.identity_cipher, worker.identity_tail, whole=whole),
            "home_words": "".join(names_of(seat.village).values()),
        }  # fmt: skip
        yield row, seat


def handover_rows(home: Range, on: date, *, whole: bool, of: str = "") -> Iterator[dict[str, Any]]:
    """Yield the handovers (交接单) of the coaches that a place sent, or that of trip ``of``."""
    found = Handover.objects.filter(trip__home__gte=home.lo, trip__home__lt=home.hi, **_of(of))
    found = found.select_related("trip__employer", "trip__carrier", "sent_by", "received_by")
    for it in found.order_by("trip__report_on", "trip"):
        yield {
            "expected": it.expected_persons, "present": it.present_persons,
            "unusual": str(len(it.exceptions) or ""), "handed_by": str(it.sent_by or ""),
            "carrier": it.trip.carrier.name, "employer_name": it.trip.employer.name,
            "received_by": str(it.received_by or ""),
            "handed_on": timezone.localdate(it.received_at) if it.received_at else None,
        }  # fmt: skip
