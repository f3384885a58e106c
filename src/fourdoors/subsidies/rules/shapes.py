"""What a policy rule is made of: the shapes that the dated files in ``policies/`` are read into.

A shape says only what the paper says. Whether we can compute it from what we hold is another question,
answered by ``computable.missing_of``.
"""

from dataclasses import dataclass
from enum import StrEnum

from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.periods import Window


class Kind(StrEnum):
    """What a paper does."""

    GRANT = "grant"  # pays somebody
    CEILING = "ceiling"  # limits what others may pay
    STATUS = "status"  # recognises something, pays nothing


class Payee(StrEnum):
    """Who is paid."""

    WORKER = "worker"
    BROKER = "broker"  # 劳务经纪人、劳务中介
    AGENCY = "agency"
    WORKSHOP = "workshop"
    EMPLOYER = "employer"
    TRAINER = "trainer"
    CARRIER = "carrier"


class Where(StrEnum):
    """How far from home the work must be."""

    ANYWHERE = "anywhere"
    OUT_OF_COUNTY = "out_of_county"
    OUT_OF_PREFECTURE = "out_of_prefecture"
    OUT_OF_PROVINCE = "out_of_province"


class Reach(StrEnum):
    """A row of a table by destination."""

    IN_CITY_OTHER_COUNTY = "in_city_other_county"
    IN_PROVINCE_OTHER_CITY = "in_province_other_city"
    IN_PROVINCE = "in_province"  # anywhere in the home province
    OUT_OF_PROVINCE = "out_of_province"


class Frequency(StrEnum):
    """How often one person may be paid by one rule."""

    ONCE = "once"
    YEARLY = "yearly"
    MONTHLY = "monthly"


class Months(StrEnum):
    """Which months a minimum counts."""

    CONTINUOUS = "continuous"  # one run of work, any employer
    CONTRACT = "contract"  # one employer, under a signed contract


class Base(StrEnum):
    """What a percentage of income is taken of."""

    LABOUR_INCOME = "labour_income"  # 年劳务收入
    WAGE = "wage"  # 年工资


@dataclass(frozen=True)
class Row:
    """A row of a table by destination: named provinces or cities, or a reach, and its amount.

    The first row that fits counts.
    """

    fen: int
    reach: Reach | None = None
    places: tuple[int, ...] = ()


@dataclass(frozen=True)
class Fixed:
    """One amount."""

    fen: int


@dataclass(frozen=True)
class PctOfTicket:
    """A share of what the ticket cost."""

    percent: int
    ticket: str  # employment.rules.TicketKind


@dataclass(frozen=True)
class PctOfIncome:
    """A share of what was earned in the period."""

    percent: int
    base: Base


@dataclass(frozen=True)
class ByRing:
    """A table by destination."""

    rows: tuple[Row, ...]


@dataclass(frozen=True)
class PerHead:
    """An amount for each person moved, placed or employed."""

    fen: int


@dataclass(frozen=True)
class PerHeadByMonths:
    """An amount a head that grows with the months on post."""

    steps: tuple[tuple[int, int], ...]  # months, fen


@dataclass(frozen=True)
class PerHeadByBatch:
    """An amount a head that depends on how many came together."""

    steps: tuple[tuple[int, int], ...]  # persons at least, fen


@dataclass(frozen=True)
class PerMonth:
    """An amount a month, for so many months at most."""

    fen: int
    max_months: int | None = None


@dataclass(frozen=True)
class PerDay:
    """An amount a day."""

    fen: int


@dataclass(frozen=True)
class ByCertificateLevel:
    """An amount for each level of certificate, 5 (lowest) to 1."""

    steps: tuple[tuple[int, int], ...]  # level, fen


@dataclass(frozen=True)
class ByHouseholdIncome:
    """An amount by last year's income a head in the household."""

    steps: tuple[tuple[int, int], ...]  # fen of income at least, fen


@dataclass(frozen=True)
class PctOfFreight:
    """A share of what freight cost."""

    percent: int


@dataclass(frozen=True)
class PerCoach:
    """An amount a coach, between two bounds that the county fills in."""

    low_fen: int
    high_fen: int


@dataclass(frozen=True)
class UpTo:
    """At most an amount; the county sets it."""

    fen: int


@dataclass(frozen=True)
class UpToPctOfPay:
    """At most a share of pay; the county sets it."""

    percent: int


SpellAmount = Fixed | PctOfTicket | ByRing | PerHead  # one spell decides it
ComputedAmount = SpellAmount | PctOfIncome
Amount = (
    ComputedAmount
    | PerHeadByMonths
    | PerHeadByBatch
    | PerMonth
    | PerDay
    | ByCertificateLevel
    | ByHouseholdIncome
    | PctOfFreight
    | PerCoach
    | UpTo
    | UpToPctOfPay
)


@dataclass(frozen=True)
class Words:
    """One thing said in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Source:
    """Where a rule was read: its mark in the list of sources and an address."""

    mark: str
    address: str


@dataclass(frozen=True)
class Part:
    """One amount, for those who left home within its days; no window: whenever."""

    amount: Amount
    window: Window | None = None


@dataclass(frozen=True)
class RouteStep:
    """A step of the way a claim goes; where it is a public notice, with its days."""

    step: str
    notice_days: int | None = None


@dataclass(frozen=True)
class Conditions:
    """What must hold besides class, place and window.

    Attributes:
        min_months: Full months of work at least.
        months: Which months these are.
        min_age: Full years on the day of leaving.
        min_heads: Persons of the classes in one movement at least (brokers).
        needs: Further things, by code.
        excludes: What shuts somebody out, by code.
        max_per_household: At most so many at a time in one household.
        min_grade: The weakest evidence it is paid on, as its list of proofs asks.
    """

    min_months: int = 0
    months: Months = Months.CONTINUOUS
    min_age: int | None = None
    min_heads: int = 0
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    max_per_household: int | None = None
    min_grade: Grade = Grade.D


@dataclass(frozen=True)
class Policy:
    """One rule of one paper, as its file says it. Money is in fen.

    Attributes:
        key: Its name for ever; payments are unique by it.
        records: The records of the field notes that it answers for.
        title: In both languages.
        kind: Whether it pays, limits or recognises.
        division: 12-digit division in which it is in force; None where none is known.
        place_words: The place as the source names it, where no division fits.
        document: The paper it was read from.
        sources: Where that paper was read.
        in_force: Its days; the last one open where the paper names none.
        payee: Who is paid.
        classes: Household classes, or ``any``.
        where: How far away the work must be.
        parts: Amounts, each with its window.
        caps: The most it pays, by destination; the first row that fits counts.
        conditions: What else must hold.
        frequency: How often one person is paid.
        evidence: What proves it, by code.
        route: The way of a claim.
        payer: Who pays, by class; ``default`` for all others.
        conflicts_with: Keys of papers that say otherwise about the same thing.
        note: What is unsure, or how a doubtful word was read, if anything.
    """

    key: str
    records: tuple[str, ...]
    title: Words
    kind: Kind
    division: int | None
    place_words: str
    document: Words
    sources: tuple[Source, ...]
    in_force: Window
    payee: Payee
    classes: tuple[str, ...]
    where: Where
    parts: tuple[Part, ...]
    caps: tuple[Row, ...]
    conditions: Conditions
    frequency: Frequency
    evidence: tuple[str, ...]
    route: tuple[RouteStep, ...]
    payer: tuple[tuple[str, str], ...]
    conflicts_with: tuple[str, ...]
    note: Words | None

    @property
    def notice_days(self) -> int:
        """The days of its public notice; the usual five where the paper names none."""
        said = [step.notice_days for step in self.route if step.notice_days]
        return max(said, default=USUAL_NOTICE_DAYS)


USUAL_NOTICE_DAYS = 5  # 公示五天: the shorter of the two usual periods (five, seven)
SHAPES: dict[str, type[Amount]] = {
    "fixed": Fixed,
    "pct_of_ticket": PctOfTicket,
    "pct_of_income": PctOfIncome,
    "by_ring": ByRing,
    "per_head": PerHead,
    "per_head_by_months": PerHeadByMonths,
    "per_head_by_batch": PerHeadByBatch,
    "per_month": PerMonth,
    "per_day": PerDay,
    "by_certificate_level": ByCertificateLevel,
    "by_household_income": ByHouseholdIncome,
    "pct_of_freight": PctOfFreight,
    "per_coach": PerCoach,
    "up_to": UpTo,
    "up_to_pct_of_pay": UpToPctOfPay,
}
_NAMES = {shape: name for name, shape in SHAPES.items()}


def shape_of(amount: Amount) -> str:
    """Return the name of an amount's shape, as the files write it."""
    return _NAMES[type(amount)]
