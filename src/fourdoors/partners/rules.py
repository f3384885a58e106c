"""Who the partners are, what an agreement is worth on a day, and what a brand's member must hold."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from fourdoors.kernel.periods import Window
from fourdoors.kernel.terms import Term

EXPIRY_WARNING_DAYS = 60  # our own: two months are enough to sign anew
FOREIGN_PREFIX = "X-"  # of units abroad, which no credit code was issued to


class Strategy(Term):
    """What Gansu wants of a destination (稳东拓西)."""

    HOLD_EAST = "hold_east", "Hold the east", "稳东"
    GROW_WEST = "grow_west", "Grow the west", "拓西"
    OTHER = "other", "Other provinces", "其他省份"


class EmployerKind(Term):
    """What kind of unit employs (用工单位类型)."""

    ENTERPRISE = "enterprise", "Enterprise", "企业", "公司", "工厂", "民营企业", "国有企业", "有限责任公司"
    WORKSHOP = "workshop", "Village workshop", "帮扶车间", "扶贫车间", "就业帮扶车间", "乡村就业工厂"
    PUBLIC_WELFARE = "public_welfare", "Public-welfare job", "公益岗位", "公益性岗位", "乡村公益性岗位"
    COOPERATIVE = "cooperative", "Cooperative", "合作社", "农民专业合作社"
    DOMESTIC_SERVICE = "domestic_service", "Domestic service", "家政服务", "家政公司", "家政", "家政服务企业"
    FARM = "farm", "Farm", "农场", "种植基地", "养殖场"


class CheckKind(Term):
    """What was looked at (核验方式)."""

    PAPERS = "papers", "Licence and papers", "证照核验"
    VISIT = "visit", "Visit to the place", "实地核验"
    WAGES = "wages", "Wages paid", "工资支付核验"


class MissionKind(Term):
    """How two governments met (劳务对接方式)."""

    MISSION = "mission", "Mission", "考察对接"
    SYMPOSIUM = "symposium", "Symposium", "座谈会"
    MATCHING_EVENT = "matching_event", "Matching event", "劳务对接活动"


class AgreementState(Term):
    """What an agreement is on a day."""

    COMING = "coming", "Not yet in force", "未生效"
    IN_FORCE = "in_force", "In force", "有效"
    EXPIRING = "expiring", "Expires soon", "即将到期"
    EXPIRED = "expired", "Expired", "已到期"


def state_on(day: date, *, from_on: date, to_on: date) -> AgreementState:
    """Return what an agreement, or a base's plaque, is on ``day``; both ends hold.

    >>> state_on(date(2020, 11, 2), from_on=date(2020, 1, 1), to_on=date(2020, 12, 31))
    <AgreementState.EXPIRING: 'expiring'>
    """
    if day < from_on:
        return AgreementState.COMING
    if day > to_on:
        return AgreementState.EXPIRED
    warned_on = to_on - timedelta(days=EXPIRY_WARNING_DAYS)
    return AgreementState.EXPIRING if day >= warned_on else AgreementState.IN_FORCE


def quota_left(quota_persons: int | None, delivered: int) -> int | None:
    """Return how many persons an agreement still takes; None where it names no number.

    >>> quota_left(300, 320), quota_left(None, 5)
    (0, None)
    """
    return None if quota_persons is None else max(0, quota_persons - delivered)


class StandardKind(StrEnum):
    """How a point of a brand's standard is proved."""

    CERTIFICATE = "certificate"  # 职业技能等级证书
    SKILL = "skill"  # a skill in the register


@dataclass(frozen=True)
class StandardPoint:
    """One thing that a member of a brand must hold.

    Attributes:
        kind: how it is proved.
        occupation: beginning of the CSCO code that it must be in (``4-10-01`` takes the whole group).
        level: lowest level of a certificate, 5 (初级) to 1 (高级技师); None: any.
        zh: the words of the standard in Chinese.
        en: the words in English.
    """

    kind: StandardKind
    occupation: str
    level: int | None
    zh: str
    en: str

    @classmethod
    def read(cls, stored: Mapping[str, object]) -> "StandardPoint":
        """Read a point as a brand stores it.

        Raises:
            ValueError: the kind is unknown, or words or occupation are missing.
        """
        level = stored.get("level")
        words = {name: str(stored.get(name) or "") for name in ("occupation", "zh", "en")}
        if not all(words.values()) or not (level is None or level in range(1, 6)):
            raise ValueError(f"{stored} is no point of a standard")
        return cls(StandardKind(str(stored["kind"])), level=level, **words)  # type: ignore[arg-type]

    def is_held(self, certificates: Iterable[tuple[str, int | None]], skills: Iterable[str]) -> bool:
        """Tell whether certificates (occupation, level) and skills (occupations) prove this point."""
        if self.kind is StandardKind.SKILL:
            return any(skill.startswith(self.occupation) for skill in skills)
        return any(
            occupation.startswith(self.occupation) and (self.level is None or _reaches(level, self.level))
            for occupation, level in certificates
        )


def _reaches(level: int | None, wanted: int) -> bool:
    return level is not None and level <= wanted  # 1 is the highest


def missing_points(
    standard: Sequence[StandardPoint],
    *,
    certificates: Collection[tuple[str, int | None]],
    skills: Collection[str],
) -> list[StandardPoint]:
    """Return the points of a brand's standard that a worker does not hold."""
    return [point for point in standard if not point.is_held(certificates, skills)]


class PromiseKind(Term):
    """Where a number was promised; it is compared with what came of it."""

    LETTER = "letter", "Posts offered in replies", "复函提供岗位"
    AGREEMENT = "agreement", "Quota of the agreement", "协议名额"
    TARGET = "target", "Target of the plan", "计划目标"
    MISSION = "mission", "Posts promised at the meeting", "对接承诺岗位"
    BASE = "base", "Capacity of the base", "基地容量"


@dataclass(frozen=True)
class Promise:
    """A promised number: persons, or posts that take one person each.

    Attributes:
        kind: where it was promised.
        key: what deliveries are counted by: a province's code, or the number of the row.
        label: name or number of the paper.
        province: 12-digit code of the destination, None where there is none.
        promised: persons or posts; None where the paper names no number.
        window: the days in which deliveries count; both ends inside.
    """

    kind: PromiseKind
    key: int
    label: str
    province: int | None
    promised: int | None
    window: Window


@dataclass(frozen=True)
class Delivery:
    """A promise beside what came of it."""

    promise: Promise
    delivered: int

    @property
    def share(self) -> float | None:
        """Delivered of promised, above 1 where more came; None where no number was promised."""
        return self.delivered / self.promise.promised if self.promise.promised else None


def joined(promises: Iterable[Promise], delivered: Mapping[int, int]) -> list[Delivery]:
    """Put promises beside the persons delivered by key; a key without a number has delivered none."""
    return [Delivery(promise, delivered.get(promise.key, 0)) for promise in promises]


class EmployerRow(NamedTuple):
    """One employer for ``load_employers``."""

    credit_code: str
    name: str
    kind: str  # EmployerKind
    place: int | None = None
    industry: str = ""
    place_words: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    recognised_on: date | None = None
    invented: bool = False


class BrandMemberRow(NamedTuple):
    """One member for ``load_brand_members``."""

    village: int
    brand_id: int
    worker_id: int
    joined_on: date


class PublicPostRow(NamedTuple):
    """One holder for ``load_public_posts``."""

    village: int
    budget_id: int
    worker_id: int
    household_id: int
    taken_on: date
