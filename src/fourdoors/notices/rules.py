"""What is said to workers, by which way, and when not: nobody is woken."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, timezone
from typing import Any, Protocol

from fourdoors.kernel.terms import Term

QUIET_FROM = time(21, 0)  # our own limit, both in China Standard Time
QUIET_TO = time(7, 0)
_CHINA = timezone(timedelta(hours=8))


class Kind(Term):
    """What a message is about; its words are made from the kind and the values."""

    OFFER = "offer", "An offer of work", "岗位推荐"
    TRIP = "trip", "Your trip", "出行安排"
    TRIP_CHANGED = "trip_changed", "Your trip has changed", "行程变更"
    ARRIVED = "arrived", "Arrived at work", "已到岗"
    FOLLOW_UP = "follow_up", "Are you well?", "稳岗回访"
    SUBSIDY = "subsidy", "Your subsidy", "补贴进度"
    PAID = "paid", "Money was paid", "补贴已发放"
    RECORD = "record", "Your record was changed", "档案变更"


class Way(Term):
    """How a message reaches a person."""

    SMS = "sms", "SMS", "短信"
    VOICE = "voice", "Voice call", "语音电话"
    PAPER = "paper", "Paper, by the village", "纸质，由村干部送达"

    @property
    def needs_phone(self) -> bool:
        """Tell whether it needs a number to call."""
        return self is not Way.PAPER


@dataclass(frozen=True)
class Message:
    """What an adapter is given to hand on."""

    number: int  # of the notice: handing it on twice can be seen
    kind: Kind
    way: Way
    address: str  # a phone, or blank where the way is paper
    language: str
    values: dict[str, Any] = field(default_factory=dict)


class Adapter(Protocol):
    """A way out of the house: an SMS gateway, a voice service, a printer."""

    def send(self, message: Message) -> bool:
        """Hand a message on and tell whether it was taken."""
        ...


def not_before(at: datetime) -> datetime:
    """Return the first moment from ``at`` on that is not in the quiet hours, 21:00 to 07:00 in China.

    >>> late = datetime(2020, 3, 1, 21, 0, tzinfo=_CHINA)
    >>> not_before(late).isoformat(), not_before(late - timedelta(minutes=1)).isoformat()
    ('2020-03-02T07:00:00+08:00', '2020-03-01T20:59:00+08:00')
    """
    here = at.astimezone(_CHINA)
    if QUIET_TO <= here.time() < QUIET_FROM:
        return here
    day = here.date() + timedelta(days=here.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_TO, _CHINA)
