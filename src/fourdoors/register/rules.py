"""Consents, wishes and searches in the words of the field, and the rows that the bulk loaders take."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from fourdoors.accounts.rules import Duty
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.identity import IdentityError, read_identity
from fourdoors.kernel.terms import Term

EXPORT_ROWS = 20_000  # of one workbook; a longer list is narrowed first
DUPLICATE_SHARE = 0.01  # expected: workers registered twice; the weights of two records are read against it
LEAST_PROBABILITY = 0.9  # of a pair that is shown
PASTED_NUMBERS = 500  # of one look-up: a village's list, not a county's
DECIDING_DUTIES = frozenset({Duty.COUNTY})  # the second officer of a change, never the one who proposed it
WHOLE_IDENTITY_DUTIES = frozenset({Duty.COUNTY})  # who fills in forms that ask for the whole number
_AFTER_NUMBER = re.compile(r"[\t,;，；]")
MINIMUM_AGE_YEARS = 16  # Labour Law of the People's Republic of China, article 15


class Purpose(Term):
    """What a worker agrees to, each apart from the others."""

    MATCHING = "matching", "May be matched to vacancies", "同意参加岗位匹配"
    MOVE = "move", "Agrees to this move", "同意本次输转"
    CONTACT = "contact", "May be called or written to", "同意电话、短信联系"


class Fact(Term):
    """What of a person may change; the first five are columns of a worker."""

    NAME = "name", "Name", "姓名"
    PHONE = "phone", "Mobile phone", "手机号码"
    EDUCATION = "education", "Education", "文化程度"
    CAPACITY = "labour_capacity", "Capacity to work", "劳动能力"
    SCHOOL = "at_school", "At school", "在校就读"
    HOUSEHOLD = "household", "Household", "家庭"
    STATUS = "status", "Status of the household", "户身份认定"


class ProposalState(Term):
    """What became of a proposed change."""

    OPEN = "open", "Waits for a second officer", "待复核"
    APPROVED = "approved", "Approved", "已批准"
    REJECTED = "rejected", "Rejected", "未通过"


class HowGiven(Term):
    """How a consent reached the register."""

    SELF = "self", "By the worker", "本人操作"
    PROXY = "proxy", "By a relative", "亲属代办"
    PAPER = "paper", "Signed on paper", "纸质签字"
    SMS = "sms", "By SMS", "短信回复"


class PairState(Term):
    """What was decided on two records that may be of one person."""

    OPEN = "open", "To be looked at", "待核查"
    MERGED = "merged", "One person", "同一人，已合并"
    DIFFERENT = "different", "Two people", "不是同一人"


@dataclass(frozen=True)
class WishTerms:
    """What a worker wants (务工意愿).

    Attributes:
        wants_to_go: away from home for work, at all.
        destinations: 12-digit codes, the best first; none means anywhere.
        occupations: CSCO codes, the best first; none means any.
        wage_floor_yuan: the least pay a month before tax; None where nothing was said.
        earliest_on: the first day that suits.
        with_workers: numbers of the workers to go with (夫妻、同伴).
        cannot_leave_reason: kernel.terms.CannotLeaveReason, or blank: to offer work nearby, never to press.
    """

    wants_to_go: bool
    destinations: tuple[int, ...] = ()
    occupations: tuple[str, ...] = ()
    wage_floor_yuan: int | None = None
    earliest_on: date | None = None
    with_workers: tuple[int, ...] = ()
    cannot_leave_reason: str = ""


@dataclass(frozen=True)
class Sought:
    """Which workers a list shows; a blank leaves that side open.

    Attributes:
        words: name, pinyin, initials, last four digits or the whole of a phone, a household number, or a
            whole identity number.
        division: 12-digit code of a township or village (or any other division).
        status: kernel.terms.HouseholdStatusKind of the household on the day of the list.
        sex: kernel.terms.Sex.
        age_from: least full years of age.
        age_to: greatest full years of age.
        education: kernel.terms.Education.
        wants_to_go: what the newest wish says; None asks nothing.
    """

    words: str = ""
    division: int | None = None
    status: str = ""
    sex: str = ""
    age_from: int | None = None
    age_to: int | None = None
    education: str = ""
    wants_to_go: bool | None = None


@dataclass(frozen=True)
class Pasted:
    """One line of a pasted list of identity numbers: the number, or why it is none.

    Attributes:
        line: its place in the list, from 1; empty lines count and are left out.
        number: normalised and checked; blank where it is none.
        fault: why it is none.
    """

    line: int
    number: str = ""
    fault: IdentityError | None = None


def read_pasted(text: str, *, on: date) -> list[Pasted]:
    """Read a pasted list, one number a line; what follows a tab or comma (a name, a phone) is passed over.

    Args:
        text: as pasted out of a spreadsheet or a message.
        on: the day of reading; a later day of birth is refused.

    >>> [line.number for line in read_pasted("11010519491231002x，马小兰", on=date.max)]
    ['11010519491231002X']
    """
    cells = (_AFTER_NUMBER.split(line.strip())[0] for line in text.splitlines())
    return [_pasted(place, typed, on) for place, typed in enumerate(cells, 1) if typed.strip()]


def _pasted(place: int, typed: str, on: date) -> Pasted:
    try:
        return Pasted(place, read_identity(typed, on=on).number)
    except IdentityError as fault:
        return Pasted(place, fault=fault)


class HouseholdRow(NamedTuple):
    """One household for ``load_households``."""

    village: int
    number: str
    address: str = ""
    source: str = "office"
    grade: str = Grade.D


class StatusRow(NamedTuple):
    """One dated status for ``load_statuses``."""

    village: int
    household_id: int
    kind: str  # kernel.terms.HouseholdStatusKind
    from_on: date
    to_on: date | None = None
    source: str = "office"
    grade: str = Grade.B


class WorkerRow(NamedTuple):
    """One worker for ``load_workers``; identity number and phone as they are, sealed on the way in."""

    village: int
    identity: str  # 18 characters, normalised and checked
    name: str
    sex: str  # kernel.terms.Sex
    born_on: date
    education: str = ""
    labour_capacity: str = ""
    at_school: bool = False
    phone: str = ""  # normalised, or blank
    source: str = "office"
    grade: str = Grade.D


class MembershipRow(NamedTuple):
    """One membership for ``load_memberships``."""

    village: int
    household_id: int
    worker_id: int
    relation: str  # kernel.terms.RelationToHead
    from_on: date
    to_on: date | None = None
    source: str = "office"
    grade: str = Grade.D


class SkillRow(NamedTuple):
    """One skill for ``load_skills``."""

    village: int
    worker_id: int
    words: str
    known_on: date
    occupation: str = ""  # CSCO-2022
    source: str = "office"
    grade: str = Grade.D


class WishRow(NamedTuple):
    """One wish for ``load_wishes``."""

    village: int
    worker_id: int
    wants_to_go: bool
    collected_at: datetime
    destinations: list[int] = []
    occupations: list[str] = []
    wage_floor_yuan: int | None = None
    earliest_on: date | None = None
    with_workers: list[int] = []
    cannot_leave_reason: str = ""  # kernel.terms.CannotLeaveReason
    collected_by_id: int | None = None
    source: str = "office"
    grade: str = Grade.D


class ConsentRow(NamedTuple):
    """One consent for ``load_consents``."""

    village: int
    worker_id: int
    purpose: str
    how: str
    given_at: datetime
    move: str = ""
    proxy_name: str = ""
    recorded_by_id: int | None = None
    withdrawn_at: datetime | None = None


class CertificateRow(NamedTuple):
    """One certificate for ``load_certificates``."""

    village: int
    worker_id: int
    title: str
    number: str
    issuer: str
    issued_on: date
    occupation: str = ""
    level: int | None = None
    source: str = "office"
    grade: str = Grade.B


class PassbookRow(NamedTuple):
    """One account for ``load_passbooks``; the number is sealed on the way in."""

    village: int
    worker_id: int
    holder_name: str
    holder_relation: str
    bank: str
    account: str
    from_on: date
    source: str = "office"
    grade: str = Grade.B


class OtherIncomeRow(NamedTuple):
    """One year of a household's other income for ``load_other_incomes``."""

    village: int
    household_id: int
    year: int
    fen: int
    source: str = "office"
    grade: str = Grade.C
