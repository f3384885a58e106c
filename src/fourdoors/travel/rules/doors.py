"""The four doors and what a scan is answered: facts in, verdict out; ``verdict.js`` says the same."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

from fourdoors.kernel.terms import Term


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


class Verdict(Term):
    """What a door answers."""

    ACCEPTED = "accepted", "Recorded", "已记录"
    OUT_OF_ORDER = "out_of_order", "Recorded, another door was missed", "已记录，有门漏扫"
    ALREADY = "already", "Scanned before", "已扫过"
    WRONG_TRIP = "wrong_trip", "Another coach", "不是这趟车"
    WRONG_LEG = "wrong_leg", "Another part of the way", "不是这一程"
    GIVEN_UP = "given_up", "Does not travel", "不再乘车"
    REVOKED = "revoked", "Replaced by a newer pass", "此码已作废"
    CLOSED = "closed", "The trip is closed", "本趟已结束"
    NOT_APPROVED = "not_approved", "The trip is not approved", "本趟尚未批准"
    NOT_DEPARTED = "not_departed", "The coach has not left", "尚未发车"
    HAS_LEFT = "has_left", "The coach has left", "已发车"
    LIST_TOO_OLD = "list_too_old", "The list on this phone is too old", "本机名单过旧"

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
        right_leg: the pass is for this part of the way.
        seat_held: the seat was not given up and the consent to the move is not withdrawn.
        pass_live: the pass was not replaced by a newer one.
        after_departure: the scan was made after the coach had left.
        state_certain: the state was asked at this moment; a phone without a network only remembers it.
        list_holds: the list of keys and revoked passes is young enough, or somebody answers for it.
    """

    door: Door
    passed: frozenset[Door]
    state: TripState
    right_trip: bool = True
    right_leg: bool = True
    seat_held: bool = True
    pass_live: bool = True
    after_departure: bool = False
    state_certain: bool = True
    list_holds: bool = True


def verdict_of(facts: ScanFacts) -> Verdict:
    """Return what a door answers: of several true reasons the one whose remedy comes first.

    Another coach, then a person who does not travel, then an old pass: these hold whatever the trip does. A
    door passed before stays passed in every state. Only then is the trip asked, and what is only remembered
    of it keeps nobody outside. A missed door never does: the scan counts, and the missing one is named.
    """
    asked = facts.state_certain
    for verdict, holds in (
        (Verdict.WRONG_TRIP, not facts.right_trip),
        (Verdict.WRONG_LEG, not facts.right_leg),
        (Verdict.GIVEN_UP, not facts.seat_held),
        (Verdict.REVOKED, not facts.pass_live),
        (Verdict.ALREADY, facts.door in facts.passed),
        (Verdict.CLOSED, facts.state in (TripState.CLOSED, TripState.CANCELLED)),
        (Verdict.NOT_APPROVED, asked and facts.state is TripState.PLANNED),
        (Verdict.HAS_LEFT, facts.door in AT_HOME and facts.after_departure),
        (Verdict.NOT_DEPARTED, asked and _is_too_early(facts)),
        (Verdict.LIST_TOO_OLD, not facts.list_holds),
        (Verdict.OUT_OF_ORDER, facts.passed != frozenset(range(1, facts.door))),
    ):
        if holds:
            return verdict
    return Verdict.ACCEPTED


def _is_too_early(facts: ScanFacts) -> bool:
    return facts.door not in AT_HOME and facts.state is not TripState.DEPARTED


class ScanLine(NamedTuple):
    """One row of a door as far as it decides who was first."""

    seat: int
    door: int
    made_at: datetime
    device: str
    sequence: int
    verdict: str


def first_passings(lines: Iterable[ScanLine]) -> dict[tuple[int, int], ScanLine]:
    """Return, for each seat and door that is passed, the scan that counts: the first one that was made.

    Which of two scans arrived first is chance; the earlier moment counts, then the name of the device, then
    its number. A scan that was answered ``already`` came later by chance only and may be the first. Whatever
    the order of arrival, the same rows give the same answer.
    """
    first: dict[tuple[int, int], ScanLine] = {}
    for line in sorted(lines, key=lambda line: (line.made_at, line.device, line.sequence)):
        if line.verdict in (*PASSING, Verdict.ALREADY):
            first.setdefault((line.seat, line.door), line)
    return first


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
