"""Step 6: placements of one employer and day become coaches; four departments, passes, doors, handover."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from fourdoors.accounts.rules import Duty
from fourdoors.accounts.services import appoint_officer
from fourdoors.console.demo.work import MARK
from fourdoors.console.progress import Bar
from fourdoors.console.way.journey import Journey, at, must
from fourdoors.employment.services import enter_factory
from fourdoors.kernel.credit_codes import invented_credit_code
from fourdoors.kernel.divisions import LI_COUNTY, range_of
from fourdoors.store.scope import Scope, scoped
from fourdoors.travel.rules import Department, Door, DriverRow, GiveUpReason, Side, VehicleRow
from fourdoors.travel.selectors import door_counts, leg_of, manifest, planning_employers, tasks_of
from fourdoors.travel.services import (
    approve_trip,
    complete_task,
    depart,
    give_up_seat,
    issue_passes,
    load_drivers,
    load_vehicles,
    make_pass_key,
    open_handover,
    pass_door,
    plan_trips,
    record_health,
    register_carrier,
    sign_handover,
)

PLANNED_ON = date(2020, 2, 27)
COACHES, DRIVERS = 30, 75
OFFICER_OF = {
    Department.HUMAN_RESOURCES: "county",
    Department.HEALTH: "health",
    Department.TRANSPORT: "transport",
    Department.POLICE: "police",
}


def travel(journey: Journey, bar: Bar) -> Mapping[str, object]:
    """Plan, check, board, drive, arrive, hand over; one fever and one no-show among all."""
    county = journey.officers["county"]
    _fleet(journey)
    counts = {"trips": 0, "riders": 0, "referred": 0, "no_show": 0, "scans": 0, "arrived": 0}
    with scoped(Scope(territory=range_of(LI_COUNTY))):
        make_pass_key(at=at(PLANNED_ON), by=county)
        employers = [one for one in planning_employers(county, on=PLANNED_ON) if one[0].place != LI_COUNTY]
        bar.expect(len(employers))
        for employer, report_on, _ in employers:
            planned = plan_trips(
                home=LI_COUNTY,
                employer=employer,
                report_on=report_on,
                carrier=journey.officers["_carrier"],
                by=county,
                at=at(PLANNED_ON, 10),
            )
            must(not planned.without_seat, f"{len(planned.without_seat)} people found no seat")
            for trip in planned.trips:
                _drive(journey, trip, counts)
                journey.trips.append(trip)
            bar.advance()
    must(counts["trips"], "no trip was planned")
    must(
        counts["arrived"] + counts["referred"] + counts["no_show"] == counts["riders"],
        f"somebody is lost: {counts}",
    )
    return counts


def _fleet(journey: Journey) -> None:
    """Register one carrier with coaches and drivers, and its leader."""
    carrier = register_carrier(
        name=f"陇南顺达客运有限公司{MARK}",
        credit_code=invented_credit_code(811),
        at=at(PLANNED_ON),
        by=journey.officers["transport"],
    )
    load_vehicles([VehicleRow(carrier.pk, f"甘K演{number:03d}", 45) for number in range(1, COACHES + 1)])
    load_drivers(
        [DriverRow(carrier.pk, f"驾驶员{number:02d}", f"{number:04d}") for number in range(1, DRIVERS + 1)]
    )
    journey.officers["_carrier"] = carrier
    journey.officers["leader"] = appoint_officer(
        username="leader", full_name=f"领队 王秀兰{MARK}", duty=Duty.CARRIER, organisation=carrier.pk
    )


def _drive(journey: Journey, trip: Any, counts: dict[str, int]) -> None:
    leg = leg_of(trip)
    counts["trips"] += 1
    counts["riders"] += len(manifest(trip))
    counts["referred"] += make_ready(journey, trip, on=PLANNED_ON, fever=counts["referred"] == 0)
    if counts["no_show"] == 0:
        late = leg.departs_at - timedelta(minutes=5)
        line = manifest(trip)[-1]
        give_up_seat(seat=line.seat, reason=GiveUpReason.NO_SHOW, by=journey.officers["county"], at=late)
        counts["no_show"] += 1
    counts["scans"] += set_off(journey, trip)
    counts["scans"] += pass_all(journey, trip, Door.ALIGHT, leg.arrives_at)
    counts["scans"] += pass_all(journey, trip, Door.ENTER_FACTORY, leg.arrives_at + timedelta(minutes=20))
    expected, passed = door_counts(trip)
    must(passed[Door.ENTER_FACTORY] == expected, f"{trip}: {passed} of {expected}")
    counts["arrived"] += expected
    _hand_over(journey, trip, leg.arrives_at + timedelta(hours=1))


def make_ready(journey: Journey, trip: Any, *, on: date, fever: bool = False) -> int:
    """Approve a trip, check its riders, issue passes, do the tasks; return how many were sent to a doctor."""
    county, leg = journey.officers["county"], leg_of(trip)
    approve_trip(trip=trip, by=county, at=at(on, 11), leader=journey.officers["leader"])
    before = leg.departs_at - timedelta(hours=20)
    referred = 0
    for number, line in enumerate(manifest(trip)):
        fit = not (fever and number == 3)  # one fever on the whole way
        record_health(seat=line.seat, fit=fit, by=journey.officers["health"], at=before)
        referred += not fit
    issue_passes(trip=trip, by=county, at=before + timedelta(hours=1))
    for task in tasks_of(trip).filter(done_at=None):
        officer = journey.officers[OFFICER_OF[Department(task.department)]]
        complete_task(task=task, by=officer, at=before + timedelta(hours=2))
    return referred


def set_off(journey: Journey, trip: Any) -> int:
    """Take everybody through the first two doors, and the coach departs; return the scans."""
    departs_at = leg_of(trip).departs_at
    scans = pass_all(journey, trip, Door.LEAVE_HOME, departs_at - timedelta(hours=2))
    scans += pass_all(journey, trip, Door.BOARD, departs_at - timedelta(minutes=30))
    depart(trip=trip, by=journey.officers["county"], at=departs_at)
    return scans


def pass_all(journey: Journey, trip: Any, door: Door, moment: datetime, *, late: int = 0) -> int:
    """Scan the riders of a trip at a door, one every nine seconds, but for the last few; return how many."""
    leader, lines = journey.officers["leader"], manifest(trip)
    lines = lines[: len(lines) - late]
    for number, line in enumerate(lines):
        scanned_at = moment + timedelta(seconds=9 * number)
        values = {
            "seat": line.seat,
            "device": f"gate-{trip.pk}",
            "device_sequence": 1000 * int(door) + number,
            "device_at": scanned_at,
            "scanned_by": leader,
            "at": scanned_at,
        }
        if door is Door.ENTER_FACTORY:
            enter_factory(**values)
        else:
            pass_door(door=door, **values)
    return len(lines)


def _hand_over(journey: Journey, trip: Any, moment: datetime) -> None:
    receiver = journey.officers[f"employer{trip.employer_id}"]
    handover = open_handover(trip=trip, by=journey.officers["county"], at=moment)
    for side, officer in (
        (Side.SENDER, journey.officers["county"]),
        (Side.CARRIER, journey.officers["leader"]),
        (Side.RECEIVER, receiver),
    ):
        handover = sign_handover(handover=handover, side=side, by=officer, at=moment)
    must(handover.present_persons == handover.expected_persons, f"{trip}: people are missing at the gate")
