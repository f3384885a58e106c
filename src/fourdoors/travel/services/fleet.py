"""Carriers, their coaches and drivers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.credit_codes import is_credit_code
from fourdoors.store.copying import copy_rows, reserve_ids
from fourdoors.travel.models import Carrier, Driver, Vehicle
from fourdoors.travel.rules import CarrierRow, DriverRow, VehicleRow
from fourdoors.travel.services.errors import CarrierCodeError, CoachSeatsError, FleetKnownError

SEATS = range(6, 100)  # what the planner lays out


@transaction.atomic
def register_carrier(*, name: str, credit_code: str, at: datetime, by: Officer | None) -> Carrier:
    """Register a carrier (承运企业).

    Raises:
        CarrierCodeError: the unified social credit code (GB 32100) does not check.
        FleetKnownError: a carrier of that code is there.
    """
    if not is_credit_code(credit_code):
        raise CarrierCodeError(credit_code=credit_code)
    carrier, made = Carrier.objects.get_or_create(credit_code=credit_code, defaults={"name": name})
    if not made:
        raise FleetKnownError(name=credit_code)
    record_deed(officer=by, action="travel.carrier_registered", at=at, object_id=carrier.pk)
    return carrier


@transaction.atomic
def register_vehicle(
    *, carrier: Carrier, plate: str, seats: int, at: datetime, by: Officer | None
) -> Vehicle:
    """Register a coach with the seats it is approved for (核载), drivers not counted.

    Raises:
        CoachSeatsError: not 6 to 99 seats.
        FleetKnownError: a coach of that plate is there.
    """
    if seats not in SEATS:
        raise CoachSeatsError(seats=seats)
    vehicle, made = Vehicle.objects.get_or_create(plate=plate, defaults={"carrier": carrier, "seats": seats})
    if not made:
        raise FleetKnownError(name=plate)
    record_deed(officer=by, action="travel.vehicle_registered", at=at, object_id=vehicle.pk, seats=seats)
    return vehicle


@transaction.atomic
def register_driver(
    *, carrier: Carrier, name: str, licence_tail: str, at: datetime, by: Officer | None
) -> Driver:
    """Register a driver by name and the last four characters of the licence.

    Raises:
        FleetKnownError: the carrier has a driver of that name and licence.
    """
    driver, made = Driver.objects.get_or_create(carrier=carrier, name=name, licence_tail=licence_tail)
    if not made:
        raise FleetKnownError(name=name)
    record_deed(officer=by, action="travel.driver_registered", at=at, object_id=driver.pk)
    return driver


@transaction.atomic
def load_carriers(rows: Sequence[CarrierRow]) -> list[int]:
    """Insert carriers and return their numbers in the order given."""
    return _load(Carrier, rows)


@transaction.atomic
def load_vehicles(rows: Sequence[VehicleRow]) -> list[int]:
    """Insert coaches and return their numbers in the order given."""
    return _load(Vehicle, rows)


@transaction.atomic
def load_drivers(rows: Sequence[DriverRow]) -> list[int]:
    """Insert drivers and return their numbers in the order given."""
    return _load(Driver, rows)


def _load(
    model: type[Any], rows: Sequence[CarrierRow] | Sequence[VehicleRow] | Sequence[DriverRow]
) -> list[int]:
    table = model._meta.db_table
    numbers = reserve_ids(table=table, count=len(rows))
    if rows:
        values = ((number, *row) for number, row in zip(numbers, rows, strict=True))
        copy_rows(table=table, columns=("id", *rows[0]._fields), rows=values)
    return numbers
