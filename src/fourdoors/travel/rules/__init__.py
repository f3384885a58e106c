"""Tasks and deadlines, dated rules of coaches and health; the four doors are in ``doors`` and ``gate``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from fourdoors.kernel.divisions import Level, ancestor_of
from fourdoors.kernel.terms import Term
from fourdoors.travel.rules.doors import (
    AT_HOME,
    OPEN_STATES,
    PASSING,
    SHOWN_AFAR,
    Absence,
    Door,
    ScanFacts,
    ScanLine,
    TripState,
    Verdict,
    absence_of,
    first_passings,
    missing,
    next_door,
    verdict_of,
)
from fourdoors.travel.rules.gate import (
    BLANKS,
    LIST_OLD_HOURS,
    LIST_TOO_OLD_HOURS,
    AnsweredFor,
    Carried,
    GateAnswer,
    ListAge,
    Rider,
    answer_at_gate,
    list_age,
    true_moment,
)

__all__ = [
    "AT_HOME",
    "BLANKS",
    "CHECK_DAYS",
    "CHINA",
    "LIST_OLD_HOURS",
    "LIST_TOO_OLD_HOURS",
    "OPEN_STATES",
    "PASSING",
    "PASS_DAYS_AFTER_ARRIVAL",
    "SHOWN_AFAR",
    "Absence",
    "AnsweredFor",
    "Carried",
    "CarrierRow",
    "Department",
    "Door",
    "DriverHours",
    "DriverRow",
    "GateAnswer",
    "GiveUpReason",
    "ListAge",
    "LoadRule",
    "Rider",
    "ScanFacts",
    "ScanLine",
    "Side",
    "TaskKind",
    "TaskRule",
    "TripState",
    "VehicleRow",
    "Verdict",
    "absence_of",
    "answer_at_gate",
    "driver_hours_for",
    "first_passings",
    "health_deleted_on",
    "list_age",
    "load_rule_for",
    "load_rules",
    "missing",
    "next_door",
    "task_rules_on",
    "true_moment",
    "verdict_of",
]

CHINA = timezone(timedelta(hours=8))
PASS_DAYS_AFTER_ARRIVAL = 5  # a pass ends so many days after the planned arrival: late coaches, late papers
CHECK_DAYS = 3  # a check counts for a departure at most three days later (clinic form of February 2020)


class GiveUpReason(Term):
    """Why a seat became free. None of them has an effect on the person."""

    WITHDRAWN = "withdrawn", "Does not want to go", "本人不去了"
    NO_SHOW = "no_show", "Did not come", "未到"
    POSTPONED = "postponed", "Travels another day", "改期出行"  # after a referral too: nobody else learns why
    CANCELLED = "cancelled", "The trip was cancelled", "车次取消"


class Side(Term):
    """Who signs a handover (交接单)."""

    SENDER = "sender", "Handed over by", "移交人"
    CARRIER = "carrier", "Carried by", "承运人"
    RECEIVER = "receiver", "Received by", "接收人"


class Department(Term):
    """The four departments of a trip (四部门)."""

    HUMAN_RESOURCES = "human_resources", "Human resources", "人社"
    HEALTH = "health", "Health", "卫健"
    TRANSPORT = "transport", "Transport", "交通运输"
    POLICE = "police", "Police", "公安"


class TaskKind(Term):
    """What is to be done before departure."""

    RIDERS_CONFIRMED = "riders_confirmed", "Identity, post and own wish confirmed", "身份、岗位、意愿三确认"
    RECEIVER_TOLD = "receiver_told", "Employer and destination have the list", "与用工单位、输入地对接"
    PASSES_ISSUED = "passes_issued", "Passes issued", "乘车凭证已发放"
    RIDERS_CHECKED = "riders_checked", "Every rider's health checked, free", "乘车人员免费健康检查"
    CHARTER_FILED = "charter_filed", "Charter filed", "包车备案"
    CREW_CHECKED = "crew_checked", "Drivers, insurance and coach checked", "驾驶员、保险、车况核查"
    COACH_CLEANED = "coach_cleaned", "Coach cleaned and disinfected", "车辆清洁消毒"
    ROUTE_AGREED = "route_agreed", "Route and times agreed", "线路和时间报备"
    ESCORT_READY = "escort_ready", "Escort arranged, where needed", "护送安排（按需）"


@dataclass(frozen=True)
class TaskRule:
    """A task of a department, and the days of departure on which it is asked."""

    department: Department
    kind: TaskKind
    hours_before: int
    mandatory: bool
    from_on: date
    to_on: date | None
    source: str

    def due_at(self, departs_at: datetime) -> datetime:
        """Return its deadline."""
        return departs_at - timedelta(hours=self.hours_before)


def task_rules_on(departs_on: date) -> tuple[TaskRule, ...]:
    """Return the tasks of a departure on that day; before the first rule they are those of its first day."""
    first = min(rule.from_on for rule in _task_rules())
    on = max(departs_on, first)
    return tuple(rule for rule in _task_rules() if _holds(rule.from_on, rule.to_on, on))


@cache
def _task_rules() -> tuple[TaskRule, ...]:
    return tuple(
        TaskRule(
            Department(line["department"]),
            TaskKind(line["kind"]),
            line["hours"],
            line["mandatory"],
            line["from"],
            line.get("to"),
            line["source"],
        )
        for line in _lines("task_rules")
    )


class CarrierRow(NamedTuple):
    """One carrier for ``load_carriers``."""

    name: str
    credit_code: str


class VehicleRow(NamedTuple):
    """One coach for ``load_vehicles``."""

    carrier_id: int
    plate: str
    seats: int


class DriverRow(NamedTuple):
    """One driver for ``load_drivers``."""

    carrier_id: int
    name: str
    licence_tail: str


@dataclass(frozen=True)
class LoadRule:
    """How full a coach may be, as its dated line says (核载、限载)."""

    from_on: date
    to_on: date | None  # first day on which it no longer holds
    seat_share: float
    isolation_rows: int
    source: str
    between_cities: bool = False
    risk_zones: bool = False

    def holds(self, *, departs_on: date, home: int, place: int, risk_zone: bool) -> bool:
        """Tell whether it holds for a trip."""
        crosses = ancestor_of(home, Level.PREFECTURE) != ancestor_of(place, Level.PREFECTURE)
        in_its_place = (crosses or not self.between_cities) and (risk_zone or not self.risk_zones)
        return in_its_place and _holds(self.from_on, self.to_on, departs_on)


def load_rule_for(*, departs_on: date, home: int, place: int, risk_zone: bool) -> LoadRule:
    """Return the load rule of a trip: of those that hold, the one that lets fewest people aboard.

    Args:
        departs_on: the day the coach leaves.
        home: 12-digit county that sends.
        place: 12-digit division of the factory.
        risk_zone: either end is an area of medium or high risk on that day.

    Raises:
        LookupError: no rule holds; the day lies before the first law.
    """
    holding = [
        rule
        for rule in load_rules()
        if rule.holds(departs_on=departs_on, home=home, place=place, risk_zone=risk_zone)
    ]
    if not holding:
        raise LookupError(f"no load rule on {departs_on}")
    return min(holding, key=lambda rule: (rule.seat_share, -rule.isolation_rows))


@cache
def load_rules() -> tuple[LoadRule, ...]:
    """Return every load rule, the oldest first."""
    rules = (
        LoadRule(
            line["from"],
            line.get("to"),
            line["seat_share"],
            line["isolation_rows"],
            line["source"],
            line.get("between_cities", False),
            line.get("risk_zones", False),
        )
        for line in _lines("load_rules")
    )
    return tuple(sorted(rules, key=lambda rule: rule.from_on))


@dataclass(frozen=True)
class DriverHours:
    """How long a driver may drive, as its dated line says; minutes, and hours of the day."""

    day_minutes: int
    night_minutes: int
    rest_minutes: int
    minutes_in_24_hours: int
    minutes_in_7_days: int
    parked_from_hour: int
    parked_to_hour: int
    source: str


def driver_hours_for(*, departs_on: date, feeder_km: float | None = None) -> DriverHours:
    """Return the hours of drivers of a departure; before the first rule they are those of its first day.

    Args:
        departs_on: the day the coach leaves.
        feeder_km: one way of a feeder to a station or an airport; a short one may drive in the parked hours.
    """
    lines = sorted(_lines("driver_rules"), key=lambda line: line["from"])
    line = [line for line in lines if line["from"] <= departs_on or line is lines[0]][-1]
    is_free = feeder_km is not None and feeder_km <= line["parked_free_km"]
    return DriverHours(
        day_minutes=line["day_minutes"],
        night_minutes=line["night_minutes"],
        rest_minutes=line["rest_minutes"],
        minutes_in_24_hours=line["minutes_in_24_hours"],
        minutes_in_7_days=line["minutes_in_7_days"] or 7 * line["minutes_in_24_hours"],
        parked_from_hour=line["parked_from_hour"],
        parked_to_hour=line["parked_from_hour"] if is_free else line["parked_to_hour"],
        source=line["source"],
    )


def health_deleted_on(checked_on: date) -> date:
    """Return the day on which the answer of a check is deleted.

    >>> health_deleted_on(date(2020, 3, 1))
    datetime.date(2020, 3, 15)
    """
    lines = sorted(_lines("health_rules"), key=lambda line: line["from"])
    held = [line for line in lines if line["from"] <= checked_on] or lines[:1]
    return checked_on + timedelta(days=int(held[-1]["days"]))


def _holds(from_on: date, to_on: date | None, on: date) -> bool:
    return from_on <= on and (to_on is None or on < to_on)


@cache
def _lines(folder: str) -> tuple[Mapping[str, Any], ...]:
    found = (files("fourdoors.travel") / folder).iterdir()
    texts = [path.read_text("utf-8") for path in sorted(found, key=lambda path: path.name)]
    return tuple(line for text in texts for line in yaml.safe_load(text))
