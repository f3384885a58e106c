"""What a round, an offer and a placement can be, and how rows become the arrays of the engine."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any, Self

from fourdoors.engines.matching.problem import Capacity, Weights
from fourdoors.engines.matching.problem import Sex as MatchingSex
from fourdoors.kernel.terms import Education, HouseholdStatusKind, LabourCapacity, Sex, Term

OFFER_DAYS = 3  # an offer that nobody answers ends by itself, without any effect
ENGINE = "exact-1"  # OR-Tools minimum-cost flow; a release of another engine gets another name
ENGINES = {"min-cost-flow": ENGINE, "auction": "auction-1"}  # by Answer.method
MOST_ROUND_PAIRS = 400_000_000  # reasons and fairness look at each pair, some minutes for so many
TIERS = ("registered_poor", "at_risk", "other")
MOST_REGIONS = 64
AGE_BANDS = (30, 40, 50)  # full years on the first day of work: under 30, 30 to 39, 40 to 49, 50 and over


class RoundState(Term):
    """What became of a round: asked for, worked on by the queue, then decided on by a second officer."""

    ASKED = "asked", "Waits for the queue", "排队中"
    RUNNING = "running", "Being matched", "匹配中"
    READY = "ready", "Ready to publish", "待发布"
    PUBLISHED = "published", "Published", "已发布"
    SET_ASIDE = "set_aside", "Set aside", "已作废"
    CANCELLED = "cancelled", "Cancelled", "已取消"
    FAILED = "failed", "Came to nothing", "未完成"
    TRIED = "tried", "Tried out, nothing kept", "已试算，未保留"


UNDER_WAY = frozenset({RoundState.ASKED, RoundState.RUNNING})
MOST_ATTEMPTS = 3  # a round whose worker was killed so often is not begun again
_NEXT: Mapping[RoundState, frozenset[RoundState]] = {
    RoundState.ASKED: frozenset({RoundState.RUNNING, RoundState.CANCELLED, RoundState.FAILED}),
    RoundState.RUNNING: frozenset(
        {RoundState.RUNNING, RoundState.READY, RoundState.TRIED, RoundState.CANCELLED, RoundState.FAILED}
    ),
    RoundState.READY: frozenset({RoundState.PUBLISHED, RoundState.SET_ASIDE}),
}


def may_become(state: RoundState, then: RoundState) -> bool:
    """Tell whether a round may pass from one state to another; running again is a worker that was killed.

    >>> may_become(RoundState.RUNNING, RoundState.CANCELLED), may_become(RoundState.READY, RoundState.FAILED)
    (True, False)
    """
    return then in _NEXT.get(state, frozenset())


class Phase(Term):
    """What the queue does with a round that runs."""

    READING = "reading", "Reading wishes and posts", "读取意愿和岗位"
    PLANNING = "planning", "Making the plan", "计算方案"
    CHECKING = "checking", "Checking the plan by second code", "由独立代码复核方案"
    KEEPING = "keeping", "Keeping offers and reasons", "保存推荐和理由"


class OfferState(Term):
    """What became of an offer; every end is as good as another."""

    MADE = "made", "Offered", "已推荐"
    ACCEPTED = "accepted", "Accepted by the worker", "本人同意"
    DECLINED = "declined", "Declined", "本人不去"
    EXPIRED = "expired", "Not answered", "未答复"
    OBSOLETE = "obsolete", "Another offer was taken", "已选其他岗位"
    NOT_TAKEN = "not_taken", "Not taken by the employer", "用工单位未接收"
    PLACED = "placed", "Placed", "已对接"
    WITHDRAWN = "withdrawn", "Consent withdrawn", "已撤回同意"


ANSWERABLE = frozenset({OfferState.MADE})
LIVE = frozenset({OfferState.MADE, OfferState.ACCEPTED, OfferState.PLACED})
FREES_A_PLACE = frozenset(OfferState) - LIVE


@dataclass(frozen=True)
class Question:
    """What a what-if asks: more openings of a vacancy, or of an occupation in a province, or another policy.

    Attributes:
        more: openings on top, 1 to 100,000; 0 where another policy is asked about.
        vacancy: that gets them; 0 for the most sought after of the occupation and the province.
        occupation: CSCO code.
        province: 12-digit code.
        dial: another policy; blank for that of the round.
    """

    more: int = 0
    vacancy: int = 0
    occupation: str = ""
    province: int = 0
    dial: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the question for keeping."""
        return asdict(self)


class OverrideKind(Term):
    """What an officer said of one pair of worker and vacancy, for every round until it is undone."""

    LOCK = "lock", "Held together", "锁定"
    EXCLUDE = "exclude", "Kept apart", "排除"


class ChangeKind(Term):
    """What became of a person since the round before."""

    NEW = "new", "New in this round", "本批新参加"
    OFFERED = "offered", "Offered work now, not before", "上批未推荐，本批推荐"
    MOVED = "moved", "Another post than before", "岗位变化"
    LOST = "lost", "Offered work before, not now", "上批推荐，本批未推荐"
    GONE = "gone", "No longer in the round", "不再参加"


class ChangeWhy(Term):
    """Why: the first of these that holds."""

    OVERRIDE = "override", "The county holds or keeps apart this pair", "本县锁定或排除了该组合"
    SAID_NO = "said_no", "One side said no to the earlier post", "一方不接受原岗位"
    WISH = "wish", "The wish was changed", "务工意愿有变"
    CLOSED = "closed", "The earlier post is full or closed", "原岗位已满或已关闭"
    NEW_VACANCY = "new_vacancy", "The post is new", "新增岗位"
    CONTESTED = "contested", "Others come first at the earlier post", "原岗位竞争，他人排在前面"
    FREED = "freed", "Openings became free", "有名额空出"
    PLAN = "plan", "The plan as a whole is better so", "整体方案更优"
    NEWCOMER = "newcomer", "Agreed or wished since then", "此后同意参加或登记意愿"
    WITHDRAWN = "withdrawn", "Consent to be matched taken back", "已撤回匹配同意"
    STAYS = "stays", "Does not wish to go any more", "不再有外出意愿"
    PLACED = "placed", "Holds a placement", "已对接就业"
    WAITING = "waiting", "Holds an offer that waits for an answer", "持有待答复的推荐"
    ELSEWHERE = "elsewhere", "The record was joined or moved", "档案已合并或迁出"


@dataclass(frozen=True)
class Before:
    """What is known of one person who was in the round before and is in this one.

    Attributes:
        was: vacancy then, None for nothing.
        now: vacancy now, None for nothing.
        overridden: the county holds one of the two pairs together, or keeps it apart.
        said_no: worker or employer said no to ``was``.
        wish_changed: the newest wish is younger than the round before.
        still_open: ``was`` has openings for this round.
        is_new: ``now`` was verified after the round before.
        is_full: this plan fills ``was``.
    """

    was: int | None
    now: int | None
    overridden: bool = False
    said_no: bool = False
    wish_changed: bool = False
    still_open: bool = True
    is_new: bool = False
    is_full: bool = False


def change_of(one: Before) -> tuple[ChangeKind, ChangeWhy] | None:
    """Return what changed for a person and why, None where the vacancy is the same.

    >>> change_of(Before(was=7, now=7)), change_of(Before(was=7, now=8, is_full=True))[1].value
    (None, 'contested')
    """
    if one.was == one.now:
        return None
    kind = ChangeKind.OFFERED if one.was is None else ChangeKind.LOST if one.now is None else ChangeKind.MOVED
    why = ChangeWhy.FREED if one.was is None else ChangeWhy.PLAN
    holds = {
        ChangeWhy.OVERRIDE: one.overridden,
        ChangeWhy.SAID_NO: one.said_no,
        ChangeWhy.WISH: one.wish_changed,
        ChangeWhy.CLOSED: one.was is not None and not one.still_open,
        ChangeWhy.NEW_VACANCY: one.now is not None and one.is_new,
        ChangeWhy.CONTESTED: one.was is not None and one.is_full,
    }
    return kind, next((reason for reason, true in holds.items() if true), why)


class CloseReason(Term):
    """Why a placement ended before, or with, the work."""

    WITHDRAWN = "withdrawn", "Consent withdrawn", "已撤回同意"
    EMPLOYER_STOPPED = "employer_stopped", "Employer stopped work", "企业停产或裁员"
    WORK_ENDED = "work_ended", "Work ended", "务工结束"


class Dial(Term):
    """What comes first: as many places as can be, or the wishes of the poorest tier."""

    PLACEMENT_FIRST = "placement_first", "As many places as can be", "就业人数优先"
    OWN_FIRST = "own_first", "The wishes of the registered poor", "建档立卡劳动力意愿优先"


# Tiers that are planned together, one after the other: who comes later takes what is left.
ORDERS: Mapping[Dial, tuple[tuple[int, ...], ...]] = {
    Dial.PLACEMENT_FIRST: ((0, 1, 2),),
    Dial.OWN_FIRST: ((0,), (1, 2)),
}


@dataclass(frozen=True)
class Policy:
    """What a round wants: printed beside its result.

    Attributes:
        weights: most points of each soft term.
        train_to_order: who lacks a certificate may be offered the post and waits for a class.
        dial: what comes first.
    """

    weights: Weights = field(default_factory=Weights)
    train_to_order: bool = True
    dial: Dial = Dial.PLACEMENT_FIRST

    def as_json(self) -> dict[str, object]:
        """Return the policy for keeping."""
        return {
            "weights": asdict(self.weights),
            "train_to_order": self.train_to_order,
            "tiers": list(TIERS),
            "dial": self.dial.value,
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Return the policy that was kept."""
        weights = Weights(**kept["weights"])
        return cls(weights=weights, train_to_order=kept["train_to_order"], dial=Dial(kept["dial"]))


def offer_expires_on(made_on: date) -> date:
    """Return the first day on which an offer made on ``made_on`` can no longer be answered."""
    return made_on + timedelta(days=OFFER_DAYS)


def tier_of(statuses: Iterable[str]) -> int:
    """Return the place of a worker in ``TIERS`` by what the household was recognised as.

    >>> tier_of(["monitored"]), tier_of([]), tier_of(["registered_poor", "relocated"])
    (1, 2, 0)
    """
    held = set(statuses)
    if HouseholdStatusKind.REGISTERED_POOR in held:
        return 0
    return 1 if held & {HouseholdStatusKind.AT_RISK, HouseholdStatusKind.MONITORED} else 2


_CAPACITY: Mapping[str, Capacity] = {
    LabourCapacity.SKILLED: Capacity.SKILLED,
    LabourCapacity.ORDINARY: Capacity.ORDINARY,
    LabourCapacity.WEAK: Capacity.HALF,
    LabourCapacity.LOST: Capacity.NONE,
    LabourCapacity.NONE: Capacity.NONE,
}


def capacity_code(labour_capacity: str) -> int:
    """Return the engine's code; nothing recorded counts as ordinary, so that nobody is left out by a gap."""
    return int(_CAPACITY.get(labour_capacity, Capacity.ORDINARY))


def sex_code(sex: str) -> int:
    """Return the engine's code of a sex, ``ANY`` for none."""
    return int({Sex.MALE: MatchingSex.MALE, Sex.FEMALE: MatchingSex.FEMALE}.get(sex, MatchingSex.ANY))  # type: ignore[call-overload]


def education_code(education: str) -> int:
    """Return 0 for nothing recorded or illiterate, then 1 for primary school and upwards."""
    return Education(education).rank if education else 0


def age_limits(value: str) -> tuple[int, int]:
    """Return the highest age of men and of women, written as one number or as ``59,49``.

    >>> age_limits("55"), age_limits("59,49")
    ((55, 55), (59, 49))
    """
    men, _, women = value.partition(",")
    return int(men), int(women or men)


def certificate_occupation(asked: str, occupation: str) -> str:
    """Return the occupation that a certificate asked for is about.

    A job list often says it in words; then it is a certificate of the vacancy's own occupation. Blank where
    neither is known: the words stay with the vacancy, and nobody is made to wait for a class.

    >>> certificate_occupation("4-10-01-06", ""), certificate_occupation("家政服务员证书", "4-10-01-06")
    ('4-10-01-06', '4-10-01-06')
    """
    return asked if asked[:1].isdigit() else occupation


class Regions:
    """Provinces of work as bits, in the order in which they turn up; at most 64."""

    def __init__(self, places: Iterable[int]) -> None:
        self._bits = {code: bit for bit, code in enumerate(sorted({_province(place) for place in places}))}

    def bit_of(self, place: int) -> int:
        """Return the bit of a place's province, -1 where no vacancy lies there."""
        return self._bits.get(_province(place), -1)

    def mask_of(self, places: Iterable[int]) -> int:
        """Return the bits of the provinces wished; no wish means every one."""
        wished = list(places)
        if not wished:
            return (1 << MOST_REGIONS) - 1
        return sum({1 << bit for place in wished if (bit := self.bit_of(place)) >= 0})


def _province(place: int) -> int:
    return place // 10**10
