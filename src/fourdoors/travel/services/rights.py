"""Who may do what to a trip: the duty, and that the trip is this officer's own."""

from collections.abc import Collection

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import ORGANISATIONAL, Duty
from fourdoors.kernel.divisions import Level, ancestor_of
from fourdoors.travel.models import Trip
from fourdoors.travel.rules import Department
from fourdoors.travel.services.errors import NotYourDutyError

DUTY_OF = {
    Department.HUMAN_RESOURCES: Duty.COUNTY,
    Department.HEALTH: Duty.HEALTH,
    Department.TRANSPORT: Duty.TRANSPORT,
    Department.POLICE: Duty.POLICE,
}
AT_DOORS = frozenset({Duty.COUNTY, Duty.TOWNSHIP, Duty.CARRIER, Duty.STATION, Duty.EMPLOYER})


def need(by: Officer | None, duties: Collection[Duty], *, home: int) -> None:
    """Refuse anybody but an officer of these duties whose territory holds ``home``.

    None is the machine itself (the console's round), which no page can be.

    Raises:
        NotYourDutyError: another duty, or another territory.
    """
    if by is not None and (by.duty not in duties or home not in by.jurisdiction):
        raise NotYourDutyError(duty=by.duty)


def need_of_trip(by: Officer | None, duties: Collection[Duty], trip: Trip) -> None:
    """Refuse anybody but an officer of these duties to whom the trip belongs.

    Raises:
        NotYourDutyError: another duty, another county, carrier, employer or destination.
    """
    if by is not None and (by.duty not in duties or not _is_own(by, trip)):
        raise NotYourDutyError(duty=by.duty)


def _is_own(officer: Officer, trip: Trip) -> bool:
    duty = Duty(officer.duty)
    if duty in ORGANISATIONAL:
        own = {Duty.CARRIER: trip.carrier_id, Duty.EMPLOYER: trip.employer_id}
        return officer.organisation == own.get(duty)
    if duty is Duty.STATION:
        return trip.place in officer.jurisdiction
    if duty is Duty.TOWNSHIP:
        return ancestor_of(officer.lo, Level.COUNTY) == trip.home
    return trip.home in officer.jurisdiction
