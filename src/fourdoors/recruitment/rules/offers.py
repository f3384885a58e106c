"""A row of a job list, or of a foreign file that a mapping turned into one, read into an offer."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, ClassVar

from fourdoors.kernel.divisions import Division, Level, Range, all_divisions, plain_name, range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.occupations import propose_occupations
from fourdoors.partners.rules import FOREIGN_PREFIX, EmployerKind
from fourdoors.recruitment.rules.claims import (
    ages_asked,
    board_and_lodging,
    schooling_asked,
    sex_asked,
    skills_asked,
)
from fourdoors.recruitment.rules.drafts import VacancyDraft, WageMissingError
from fourdoors.recruitment.rules.limits import Asked
from fourdoors.recruitment.rules.pay import yuan_per_month
from fourdoors.recruitment.rules.words import PayBasis, Source

_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(万|千|k)?")
_TIMES = {"万": 10_000, "千": 1_000, "k": 1_000, "": 1}
_LEAST_OF_A_MONTH = 500  # yuan: less than this is no pay of a month, whatever the column is called
_HOME = "CN"
_LONGEST_NAME = 16  # 孟连傣族拉祜族佤族自治县 and a few to spare

Cells = Mapping[str, str]


class WageUnreadError(RuleError):
    """The words of the pay hold no number that can be the pay of a month."""

    code: ClassVar[str] = "wage_unread"


@dataclass(frozen=True)
class Offer:
    """What one row says.

    Attributes:
        draft: the vacancy.
        credit_code: of the employer: as given, or made for a unit abroad; blank where nobody wrote one.
        employer_name: as written.
        employer_kind: as far as the words of the industry tell.
        industry: as written.
        contact_name: whom to ask for at the employer.
        contact_phone: how.
        source: ``Source``, or the name of the mapping.
        source_row: what makes the row the same when the list comes again.
        valid_to: last day that the list gives, where it does.
    """

    draft: VacancyDraft
    credit_code: str
    employer_name: str
    employer_kind: EmployerKind
    industry: str
    contact_name: str
    contact_phone: str
    source: str
    source_row: str
    valid_to: date | None


def read_offer(cells: Cells) -> Offer:
    """Read the cells of a job list as intake keeps them: days as ISO, whole fen, codes of words.

    Raises:
        WageUnreadError: no pay of a month can be read.
        RequirementUnreadError: an age cannot be read.
        HoursMissingError: pay by the hour without hours.
    """
    country = cells.get("country") or _HOME
    low, high = _wages(cells)
    board, lodging = board_and_lodging(cells.get("board_lodging", ""))
    draft = VacancyDraft(
        title=cells["title"].strip()[:120],
        openings=int(cells["openings"]),
        wage_low_yuan=low,
        wage_high_yuan=high,
        pay_basis=PayBasis.read(cells.get("pay_basis", "")) or PayBasis.MONTHLY,
        occupation=_occupation(cells),
        occupation_system=cells.get("occupation_system") or "CSCO",
        wage_given=_as_given(cells),
        hours_per_week=float(cells["hours_per_week"]) if cells.get("hours_per_week") else None,
        board=board,
        lodging=lodging,
        insurance=cells.get("insurance", "")[:60],
        duties=cells.get("duties", ""),
        country=country,
        place=place_named(cells.get("place_words", "")) if country == _HOME else None,
        place_words=cells.get("place_words", "")[:160],
        starts_on=_day(cells, "starts_on"),
        ends_on=_day(cells, "ends_on"),
        report_words=cells.get("report_words", "")[:120],
        requirements=tuple(_asked(cells)),
    )
    source = Source.read(cells.get("source", ""))
    return Offer(
        draft=draft,
        credit_code=cells.get("credit_code") or _abroad(country, cells["employer_name"]),
        employer_name=cells["employer_name"].strip()[:120],
        employer_kind=EmployerKind.read(cells.get("industry", "")) or EmployerKind.ENTERPRISE,
        industry=cells.get("industry", "")[:40],
        contact_name=cells.get("contact", "")[:40],
        contact_phone=cells.get("phone", "")[:30],
        source=source.value if source else (cells.get("source") or Source.JOB_LIST.value)[:40],
        source_row=(cells.get("source_row") or _row_key(cells))[:60],
        valid_to=_day(cells, "expires_on"),
    )


def _day(cells: Cells, key: str) -> date | None:
    return date.fromisoformat(cells[key]) if cells.get(key) else None


def _abroad(country: str, name: str) -> str:
    """Return a number for a unit abroad, made from its name: the same name is the same unit."""
    return "" if country == _HOME else f"{FOREIGN_PREFIX}{country}-{_digest(country, name)[:12]}"


def _row_key(cells: Cells) -> str:
    """Return what names a post that has no number: who offers what, and where."""
    who = cells.get("credit_code") or cells["employer_name"]
    return "row:" + _digest(who, cells["title"], cells.get("place_words", ""))[:32]


def _digest(*parts: str) -> str:
    plain = "|".join(re.sub(r"\W+", "", unicodedata.normalize("NFKC", part)).casefold() for part in parts)
    return hashlib.sha256(plain.encode()).hexdigest()


def _occupation(cells: Cells) -> str:
    """Return the code that is given, else the likeliest one for the words: a person confirms it later."""
    if code := cells.get("occupation_code"):
        return code
    return _proposed(cells.get("occupation_words") or cells["title"])


@lru_cache(maxsize=4096)
def _proposed(title: str) -> str:
    found = propose_occupations(title, most=1)
    return found[0].code if found else ""


def _wages(cells: Cells) -> tuple[int, int]:
    if cells.get("wage_low_yuan") and cells.get("wage_high_yuan"):
        return int(cells["wage_low_yuan"]), int(cells["wage_high_yuan"])
    basis = PayBasis.read(cells.get("pay_basis", "")) or PayBasis.MONTHLY
    hours = float(cells["hours_per_week"]) if cells.get("hours_per_week") else None
    if cells.get("wage"):
        return wages_named(cells["wage"], basis=basis, hours_per_week=hours)
    if cells.get("base_wage"):
        return wages_named(str(Decimal(cells["base_wage"]) / 100), basis=basis, hours_per_week=hours)
    raise WageMissingError(title=cells["title"])


def wages_named(
    text: str, *, basis: PayBasis = PayBasis.MONTHLY, hours_per_week: float | None = None
) -> tuple[int, int]:
    """Read the words of a pay column as the lowest and the highest yuan of a month.

    An amount too small for a month is taken for what the basis says: an hour, a day.

    Raises:
        WageUnreadError: there is no number, or none that can be the pay of a month.
        HoursMissingError: by the hour, and no hours given.

    >>> wages_named("4,200-5,500元/月"), wages_named("5k~7k"), wages_named("0.6万以上")
    ((4200, 5500), (5000, 7000), (6000, 6000))
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace(",", "")
    found = _AMOUNT.findall(plain)[:2]
    if not found:
        raise WageUnreadError(text=text[:30])
    unit = next((unit for _, unit in reversed(found) if unit), "")  # 5-7k: the unit stands behind both
    amounts = sorted(Decimal(number) * _TIMES[own or unit] for number, own in found)
    if amounts[-1] >= _LEAST_OF_A_MONTH:
        basis = PayBasis.MONTHLY
    if basis in (PayBasis.MONTHLY, PayBasis.PIECE) and amounts[0] < _LEAST_OF_A_MONTH:
        raise WageUnreadError(text=text[:30])
    low, high = (
        yuan_per_month(it, basis=basis, hours_per_week=hours_per_week) for it in (amounts[0], amounts[-1])
    )
    return low, high


def _as_given(cells: Cells) -> dict[str, Any]:
    """Return the pay as the source gave it, with the rate that turned it into yuan."""
    if not cells.get("currency"):
        words = cells.get("wage") or cells.get("base_wage", "")
        return {"words": words} if words else {}
    names = {"amount": "wage_amount", "currency": "currency", "unit": "wage_unit", "rate": "exchange_rate",
             "rate_on": "exchange_as_of"}  # fmt: skip
    return {name: cells.get(key, "") for name, key in names.items()}


def _asked(cells: Cells) -> list[Asked]:
    return [
        *sex_asked(cells.get("sex_claim", "")),
        *ages_asked(cells.get("age_claim", "")),
        *schooling_asked(cells.get("education", "")),
        *skills_asked(cells.get("skills", "")),
    ]


@lru_cache(maxsize=4096)
def place_named(text: str) -> int | None:
    """Return the division that an address begins with, county at the finest; None where none is named.

    Levels may be left out and kind words too; a name that two places of a level share names none.

    >>> place_named("山东省青岛市胶州市阜安工业园"), place_named("北京朝阳区望京")
    (370281000000, 110105000000)
    """
    rest = re.sub(r"[\s,，、]+", "", unicodedata.normalize("NFKC", text))
    within, code = Range(0, 10**12), None
    while step := _next_step(rest, within):
        code, length = step
        rest, within = rest[length:], range_of(code)
    return code


def _next_step(text: str, within: Range) -> tuple[int, int] | None:
    """Return the division inside a range that a text begins with, and how many letters name it."""
    for length in range(min(_LONGEST_NAME, len(text)), 1, -1):
        inside = [it for it in _named().get(text[:length], ()) if it.code in within and it.code != within.lo]
        highest = [it for it in inside if it.level == min(other.level for other in inside)]
        if inside:
            return (highest[0].code, length) if len(highest) == 1 else None
    return None


@cache
def _named() -> dict[str, list[Division]]:
    """Return the divisions down to counties by name, with and without the kind word."""
    names: dict[str, list[Division]] = {}
    for division in all_divisions():
        if division.level <= Level.COUNTY:
            for name in {division.name, plain_name(division.name, division.level)}:
                names.setdefault(name, []).append(division)
    return names
