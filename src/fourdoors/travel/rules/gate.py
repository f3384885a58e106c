"""What a phone at a door answers without a network; ``static/gate/verdict.js`` says the same."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from fourdoors.engines.passes.errors import PassError, WrongTripError
from fourdoors.engines.passes.keys import VerifyingKey
from fourdoors.engines.passes.short_code import read_short_code
from fourdoors.engines.passes.token import PREFIX, read_pass
from fourdoors.kernel.terms import Term
from fourdoors.travel.rules.doors import Door, ScanFacts, TripState, Verdict, verdict_of

LIST_OLD_HOURS = 24  # from then on the phone says how old its list is, and lets people board
LIST_TOO_OLD_HOURS = 72  # from then on somebody has to answer for each rider, with a reason
BLANKS = " \t\r\n"


class ListAge(StrEnum):
    """How old the list of keys and revoked passes is that a phone carries."""

    FRESH = "fresh"
    OLD = "old"
    TOO_OLD = "too_old"


class AnsweredFor(Term):
    """Why a leader lets a rider in though the list on the phone is too old."""

    KNOWN = "known", "I know this rider", "本人认识"
    CARD = "card", "I saw the identity card", "已看身份证"
    PAPER = "paper", "The name is on the paper list", "纸质名单上有"


@dataclass(frozen=True)
class Rider:
    """What a phone needs of a rider to answer: the live pass and the seat."""

    pass_id: bytes
    seat: str


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What a phone carries of its trip.

    Attributes:
        trip: number of the trip.
        leg: number of the part of the way.
        state: of the trip, when it was asked last.
        departed_at: when the coach left, where that is known.
        state_certain: the state was asked at this moment.
        ends_at: the moment from which no short code is good any more.
        codes: every live short code of the trip.
        gone: passes of riders who gave their seat up.
        keys: the keys of the signed list.
        revoked: the revoked passes of the signed list.
        list_made_at: when the signed list was made.
    """

    trip: int
    leg: int
    state: TripState
    departed_at: datetime | None
    ends_at: datetime
    list_made_at: datetime
    state_certain: bool = False
    codes: Mapping[str, Rider] = field(default_factory=dict)
    gone: Collection[bytes] = ()
    keys: Collection[VerifyingKey] = ()
    revoked: Collection[bytes] = ()


@dataclass(frozen=True)
class GateAnswer:
    """The answer of a phone.

    Attributes:
        code: a verdict, or the code of the refusal where the text names no rider of the trip.
        rider: whose pass it is; None where it is nobody's of this trip.
        list_age: of the list that was used.
    """

    code: str
    rider: Rider | None
    list_age: ListAge


def true_moment(*, device_at: datetime, ahead_seconds: int, list_made_at: datetime) -> datetime:
    """Return when a scan was made, from a clock that may be wrong.

    The difference to the server's clock is taken away. It is never before the signed list was made: that
    list is there, so the moment has passed.

    Args:
        device_at: by the device's clock.
        ahead_seconds: how far that clock is ahead of the server's; negative where it is behind.
        list_made_at: of the newest list that the device holds.
    """
    return max(device_at - timedelta(seconds=ahead_seconds), list_made_at)


def list_age(*, list_made_at: datetime, at: datetime) -> ListAge:
    """Return how old a list is: from 24 hours a warning, from 72 hours on it lets nobody in by itself.

    Why grace and not a wall: a list that nobody renewed once put the verifiers of a whole country out of
    order (green-pass-overview, issue 8, TRUST_LIST_EXPIRED).
    """
    hours = (at - list_made_at) / timedelta(hours=1)
    if hours >= LIST_TOO_OLD_HOURS:
        return ListAge.TOO_OLD
    return ListAge.OLD if hours >= LIST_OLD_HOURS else ListAge.FRESH


def answer_at_gate(
    *,
    text: str,
    door: Door,
    at: datetime,
    carried: Carried,
    passed: Mapping[str, frozenset[Door]],
    answered_for: bool = False,
) -> GateAnswer:
    """Answer a code at a door from what the phone carries.

    Args:
        text: what the camera read or the leader typed.
        door: which one.
        at: the true moment.
        carried: what the phone knows of its trip.
        passed: by seat, the doors passed as far as the phone knows.
        answered_for: the leader answers for this rider though the list is too old.
    """
    age = list_age(list_made_at=carried.list_made_at, at=at)
    try:
        rider, leg = _read(text.strip(BLANKS), at, carried)
    except WrongTripError:
        return GateAnswer(Verdict.WRONG_TRIP, None, age)
    except PassError as refusal:
        return GateAnswer(refusal.code, None, age)
    if rider is None:
        return GateAnswer("pass_unknown", None, age)
    verdict = verdict_of(
        ScanFacts(
            door=door,
            passed=passed.get(rider.seat, frozenset()),
            state=carried.state,
            right_leg=leg == carried.leg,
            seat_held=rider.pass_id not in carried.gone,
            pass_live=rider.pass_id not in carried.revoked,
            after_departure=carried.departed_at is not None and at > carried.departed_at,
            state_certain=carried.state_certain,
            list_holds=age is not ListAge.TOO_OLD or answered_for,
        )
    )
    return GateAnswer(verdict, rider, age)


def _read(text: str, at: datetime, carried: Carried) -> tuple[Rider | None, int]:
    if text.startswith(PREFIX):
        claims = read_pass(text, keys=carried.keys, trip=carried.trip, at=at)
        return Rider(claims.pass_id, claims.seat), claims.leg
    code = read_short_code(text)
    return (carried.codes.get(code) if at < carried.ends_at else None), carried.leg
