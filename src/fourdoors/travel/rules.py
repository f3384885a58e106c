"""The four doors, what a scan is answered, tasks and their deadlines, dated rules of coaches and health."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import IntEnum
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from fourdoors.kernel.divisions import Level, ancestor_of
from fourdoors.kernel.terms import Term

CHINA = timezone(timedelta(hours=8))
PASS_DAYS_AFTER_ARRIVAL = 5  # a pass ends so many days after the planned arrival: late coaches, late papers
CHECK_DAYS = 3  # a check counts for a departure at most three days later (clinic form of February 2020)


class Door(IntEnum):
    """A point of the way at which a pass is scanned (四门)."""

    LEAVE_HOME = 1  # 出家门
    BOARD = 2  # 上车门
    ALIGHT = 3  # 下车门
    ENTER_FACTORY = 4  # 进厂门

    @property
    def en(self) -> str:
        """The msgid of its name."""
        return ("Leave home", "Board", "Alight", "Enter the factory")[self - 1]


AT_HOME = frozenset({Door.LEAVE_HOME, Door.BOARD})  # before the coach leaves; the others after


def next_door(passed: Collection[Door]) -> Door | None:
    """Return the first door that is not passed yet, or None at the end of the way.

    >>> next_door({Door.LEAVE_HOME})
    <Door.BOARD: 2>
    """
    return min(set(Door) - set(passed), default=None)


class TripState(Term):
    """How far a trip is."""

    PLANNED = "planned", "Planned", "已计划"
    APPROVED = "approved", "Approved", "已批准"
    DEPARTED = "departed", "On the way", "在途"
    CLOSED = "closed", "Handed over", "已交接"
    CANCELLED = "cancelled", "Cancelled", "已取消"


OPEN_STATES = (TripState.PLANNED, TripState.APPROVED, TripState.DEPARTED)
SHOWN_AFAR = (TripState.APPROVED, TripState.DEPARTED, TripState.CLOSED)  # to the employer and the station


class GiveUpReason(Term):
    """Why a seat became free. None of them has an effect on the person."""

    WITHDRAWN = "withdrawn", "Does not want to go", "本人不去了"
    NO_SHOW = "no_show", "Did not come", "未到"
    POSTPONED = "postponed", "Travels another day", "改期出行"  # after a referral too: nobody else learns why
    CANCELLED = "cancelled", "The trip was cancelled", "车次取消"


class Verdict(Term):
    """What a door answers."""

    ACCEPTED = "accepted", "Recorded", "已记录"
    OUT_OF_ORDER = "out_of_order", "Recorded, another door was missed", "已记录，有门漏扫"
    ALREADY = "already", "Scanned before", "已扫过"
    WRONG_TRIP = "wrong_trip", "Another coach", "不是这趟车"
    GIVEN_UP = "given_up", "Does not travel", "不再乘车"
    REVOKED = "revoked", "Replaced by a newer pass", "此码已作废"
    CLOSED = "closed", "The trip is closed", "本趟已结束"
    NOT_APPROVED = "not_approved", "The trip is not approved", "本趟尚未批准"
    NOT_DEPARTED = "not_departed", "The coach has not left", "尚未发车"
    HAS_LEFT = "has_left", "The coach has left", "已发车"

    @property
    def passes(self) -> bool:
        """Tell whether the person has passed the door by it."""
        return self in PASSING


PASSING = (Verdict.ACCEPTED, Verdict.OUT_OF_ORDER)


@dataclass(frozen=True, kw_only=True)
class ScanFacts:
    """All that the answer of a door depends on.

    Attributes:
        door: where the pass is shown.
        passed: doors that this person has passed on this trip.
        state: of the trip at whose door it is shown.
        right_trip: the pass is for this trip.
        seat_held: the seat was not given up and the consent to the move is not withdrawn.
        pass_live: the pass was not replaced by a newer one.
        after_departure: the scan was made after the coach had left.
    """

    door: Door
    passed: frozenset[Door]
    state: TripState
    right_trip: bool = True
    seat_held: bool = True
    pass_live: bool = True
    after_departure: bool = False


def verdict_of(facts: ScanFacts) -> Verdict:
    """Return what a door answers: of several true reasons the one whose remedy comes first.

    Another coach, then a person who does not travel, then an old pass: these hold whatever the trip does. A
    door passed before stays passed in every state. Only then is the trip asked. A missed door never keeps a
    person outside: the scan counts, and the missing one is named.
    """
    for verdict, holds in (
        (Verdict.WRONG_TRIP, not facts.right_trip),
        (Verdict.GIVEN_UP, not facts.seat_held),
        (Verdict.REVOKED, not facts.pass_live),
        (Verdict.ALREADY, facts.door in facts.passed),
        (Verdict.CLOSED, facts.state in (TripState.CLOSED, TripState.CANCELLED)),
        (Verdict.NOT_APPROVED, facts.state is TripState.PLANNED),
        (Verdict.HAS_LEFT, facts.door in AT_HOME and facts.after_departure),
        (Verdict.NOT_DEPARTED, facts.door not in AT_HOME and facts.state is not TripState.DEPARTED),
        (Verdict.OUT_OF_ORDER, facts.passed != frozenset(range(1, facts.door))),
    ):
        if holds:
            return verdict
    return Verdict.ACCEPTED


def missing(expected: Iterable[int], passed: Collection[int]) -> list[int]:
    """Return who is expected at a door and has not passed it, in order.

    >>> missing([3, 1, 2], {2})
    [1, 3]
    """
    return sorted(set(expected) - set(passed))


class Absence(Term):
    """What a handover says of a rider who did not enter the factory, by the last door that was passed."""

    STAYED_HOME = "stayed_home", "Did not leave home", "未出家门"
    NOT_BOARDED = "not_boarded", "Left home, did not board", "出家门后未上车"
    NOT_ALIGHTED = "not_alighted", "Boarded, did not alight", "上车后未见下车"
    NOT_ENTERED = "not_entered", "Alighted, did not enter", "下车后未进厂"


def absence_of(passed: Collection[Door]) -> Absence | None:
    """Return what is missing of a rider; None for one who entered the factory.

    >>> absence_of({Door.LEAVE_HOME, Door.BOARD})
    <Absence.NOT_ALIGHTED: 'not_alighted'>
    """
    last = max(passed, default=0)
    return None if last == Door.ENTER_FACTORY else list(Absence)[last]


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
