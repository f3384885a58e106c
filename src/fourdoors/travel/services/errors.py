"""Why a deed of travel is refused.

TravelError
├── NotYourDutyError         travel_not_your_duty     another duty does this
├── WrongStateError          trip_wrong_state         the trip is not that far, or further
├── the fleet
│   ├── FleetKnownError      fleet_known
│   ├── CarrierCodeError     carrier_code
│   └── CoachSeatsError      coach_seats
├── planning
│   ├── NobodyToCarryError   nobody_to_carry
│   ├── NoCoachError         no_coach_free
│   ├── TooFewDriversError   too_few_drivers
│   ├── TooLateToArriveError too_late_to_arrive
│   ├── PlaceUnknownError    place_unknown
│   ├── RoadsBrokenError     roads_broken             the source of travel times does not answer
│   ├── RoadsIncompleteError roads_incomplete         ... or knows no way
│   └── PlanFaultyError      plan_faulty              the second look found a breach
├── before departure
│   ├── TasksOpenError       tasks_open
│   ├── TaskDoneError        task_done
│   ├── RidersUncheckedError riders_unchecked
│   ├── CheckTooEarlyError   check_too_early
│   └── ConsentWithdrawnError consent_withdrawn
├── SeatGivenUpError         seat_given_up
├── a list of travellers
│   ├── TripUnknownError     manifest_trip_unknown
│   ├── RiderUnknownError    manifest_rider_unknown
│   ├── RiderNameError       manifest_rider_name
│   ├── NoPlacementError     manifest_no_placement    a list is no consent
│   ├── CertificateAwaitedError manifest_certificate
│   ├── OtherTripError       manifest_other_trip
│   ├── CoachFullError       manifest_coach_full
│   ├── SeatNotForUseError   manifest_seat_not_for_use
│   └── SeatTakenError       manifest_seat_taken
├── doors
│   ├── NoPassError          no_pass
│   ├── PassUnknownError     pass_unknown
│   ├── ScanNumberReusedError scan_number_reused
│   └── DeviceInviteSpentError device_invite_spent
└── HandoverSignedError      handover_signed
"""

from typing import ClassVar

from fourdoors.kernel.errors import RuleError


class TravelError(RuleError):
    """A deed of travel that cannot be done."""


class NotYourDutyError(TravelError):
    """Only another duty, or another office, may do this."""

    code: ClassVar[str] = "travel_not_your_duty"


class WrongStateError(TravelError):
    """The trip is in a state in which this cannot be done."""

    code: ClassVar[str] = "trip_wrong_state"


class FleetKnownError(TravelError):
    """A carrier, coach or driver of that code is there already."""

    code: ClassVar[str] = "fleet_known"


class CarrierCodeError(TravelError):
    """The credit code of the carrier does not check."""

    code: ClassVar[str] = "carrier_code"


class CoachSeatsError(TravelError):
    """A coach has 6 to 99 seats."""

    code: ClassVar[str] = "coach_seats"


class NobodyToCarryError(TravelError):
    """No open placement of this employer and day waits for a seat."""

    code: ClassVar[str] = "nobody_to_carry"


class NoCoachError(TravelError):
    """The carrier has no coach free on these days."""

    code: ClassVar[str] = "no_coach_free"


class TooFewDriversError(TravelError):
    """The hours of drivers need more drivers than the carrier has free."""

    code: ClassVar[str] = "too_few_drivers"


class TooLateToArriveError(TravelError):
    """From now on no coach can be at the factory in time."""

    code: ClassVar[str] = "too_late_to_arrive"


class PlaceUnknownError(TravelError):
    """The reference table has no position for a place."""

    code: ClassVar[str] = "place_unknown"


class RoadsBrokenError(TravelError):
    """The source of travel times does not answer, or cannot be read; no other is used instead."""

    code: ClassVar[str] = "roads_broken"


class RoadsIncompleteError(TravelError):
    """The source of travel times knows no way between two places."""

    code: ClassVar[str] = "roads_incomplete"


class PlanFaultyError(TravelError):
    """The second look at the plan found a breach of a rule; nothing was written."""

    code: ClassVar[str] = "plan_faulty"


class TasksOpenError(TravelError):
    """Departments have tasks that must be done before the trip leaves."""

    code: ClassVar[str] = "tasks_open"


class TaskDoneError(TravelError):
    """The task is done already."""

    code: ClassVar[str] = "task_done"


class RidersUncheckedError(TravelError):
    """Riders have no check of health yet."""

    code: ClassVar[str] = "riders_unchecked"


class CheckTooEarlyError(TravelError):
    """A check counts only for a departure a few days later."""

    code: ClassVar[str] = "check_too_early"


class ConsentWithdrawnError(TravelError):
    """A rider withdrew at this very moment."""

    code: ClassVar[str] = "consent_withdrawn"


class SeatGivenUpError(TravelError):
    """The seat was given up."""

    code: ClassVar[str] = "seat_given_up"


class NoPassError(TravelError):
    """The rider has no pass."""

    code: ClassVar[str] = "no_pass"


class PassUnknownError(TravelError):
    """No pass of this trip has that code."""

    code: ClassVar[str] = "pass_unknown"


class ScanNumberReusedError(TravelError):
    """The device gave the number of this scan to another one."""

    code: ClassVar[str] = "scan_number_reused"


class DeviceInviteSpentError(TravelError):
    """The code for a phone was used, is too old or is none of ours."""

    code: ClassVar[str] = "device_invite_spent"


class HandoverSignedError(TravelError):
    """This side has signed the handover already."""

    code: ClassVar[str] = "handover_signed"


class TripUnknownError(TravelError):
    """No trip of this county has this number."""

    code: ClassVar[str] = "manifest_trip_unknown"


class RiderUnknownError(TravelError):
    """The person is not in the register of the place that the list speaks for."""

    code: ClassVar[str] = "manifest_rider_unknown"


class RiderNameError(TravelError):
    """Name and number are of two people."""

    code: ClassVar[str] = "manifest_rider_name"


class NoPlacementError(TravelError):
    """No open placement with a live consent brings the person to this factory that day."""

    code: ClassVar[str] = "manifest_no_placement"


class CertificateAwaitedError(TravelError):
    """The placement waits for a certificate."""

    code: ClassVar[str] = "manifest_certificate"


class OtherTripError(TravelError):
    """The person has a seat on another trip."""

    code: ClassVar[str] = "manifest_other_trip"


class CoachFullError(TravelError):
    """The load rule of the day permits nobody more."""

    code: ClassVar[str] = "manifest_coach_full"


class SeatNotForUseError(TravelError):
    """The coach has no such seat, or it is kept free for isolation."""

    code: ClassVar[str] = "manifest_seat_not_for_use"


class SeatTakenError(TravelError):
    """Somebody else has the seat."""

    code: ClassVar[str] = "manifest_seat_taken"
