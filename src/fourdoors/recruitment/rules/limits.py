"""What may be asked of a person: every limit by sex or age names the article that allows it, or is refused.

The articles, grounds and local rules are data in ``recruitment/limits``: dated, with their source. A rule
that is not there does not exist: what no article allows is refused with the article that forbids it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

import yaml

from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.terms import Education, Sex
from fourdoors.recruitment.rules.words import LIMITS, RequirementKind


class LimitError(RuleError):
    """A limit that no article allows. The values name the article that forbids it, in both languages."""


class SexLimitUnfoundedError(LimitError):
    """Limited to one sex without one of the three grounds of Decree 619."""

    code: ClassVar[str] = "sex_limit_unfounded"


class AgeLimitUnfoundedError(LimitError):
    """A lowest age other than 16 or 18, or a highest one that no dated rule of the place allows."""

    code: ClassVar[str] = "age_limit_unfounded"


class WordsUnlawfulError(LimitError):
    """The text asks for an ethnicity, a family state, a sex or an age."""

    code: ClassVar[str] = "words_unlawful"


class RequirementUnreadError(RuleError):
    """The value of a requirement is not one that can be compared."""

    code: ClassVar[str] = "requirement_unread"


@dataclass(frozen=True)
class Asked:
    """A requirement as the employer asks it.

    Attributes:
        kind: what is asked.
        value: ``female`` or ``male``; full years, or ``59,49`` for men and women; a code of schooling; the
            CSCO code of the occupation that a certificate is of; months of experience; else words.
        ground: the employer's own words for a limit; they must name a ground that the law knows.
    """

    kind: RequirementKind
    value: str
    ground: str = ""


@dataclass(frozen=True)
class Work:
    """What a limit is judged by: the place, the trade and the day."""

    place: int | None
    occupation: str
    on: date


@dataclass(frozen=True)
class LocalAge:
    """A dated rule of a place that bars people of an age and more from a trade (DOMAIN f10).

    ``men`` and ``women`` are full years: who has them is barred.
    """

    code: str
    men: int
    women: int

    def bars(self, *, sex: Sex, age_years: int) -> bool:
        """Tell whether a person of that sex and age is barred."""
        return age_years >= (self.men if sex is Sex.MALE else self.women)


def legal_basis_of(asked: Asked, work: Work) -> str:
    """Return the code of the article that a requirement rests on; blank where it needs none.

    Raises:
        SexLimitUnfoundedError: no ground of Decree 619 is named, or it does not fit the trade.
        AgeLimitUnfoundedError: no article and no local rule allows that age.
        RequirementUnreadError: the value cannot be read.

    Source:
        Labour Law articles 12, 13, 15, 58, 64; Employment Promotion Law articles 26 to 28; Special Rules on
        the Labour Protection of Female Employees (State Council Decree 619, 28 April 2012), annex, item 1.

    >>> work = Work(place=370200000000, occupation="6-05-01-03", on=date(2020, 3, 1))
    >>> legal_basis_of(Asked(RequirementKind.AGE_MIN, "16"), work)
    'labour_law_15'
    """
    match asked.kind:
        case RequirementKind.SEX:
            return _basis_of_sex(asked, work)
        case RequirementKind.AGE_MIN:
            return _basis_of_youngest(asked)
        case RequirementKind.AGE_MAX:
            return _basis_of_oldest(asked, work)
        case RequirementKind.EDUCATION if asked.value not in set(Education):
            raise RequirementUnreadError(value=asked.value)
        case RequirementKind.EXPERIENCE if not asked.value.isdecimal():
            raise RequirementUnreadError(value=asked.value)
        case _:
            return ""


def _basis_of_sex(asked: Asked, work: Work) -> str:
    if asked.value not in set(Sex):
        raise RequirementUnreadError(value=asked.value)
    for ground in _data("sex"):
        named = any(word in asked.ground for word in (*ground["words"], ground["zh"], ground["code"]))
        if named and ground["leaves"] == asked.value and _fits(work.occupation, ground["occupations"]):
            return str(ground["code"])
    sex = Sex(asked.value)
    law = "employment_promotion_27" if sex is Sex.MALE else "labour_law_12"
    raise SexLimitUnfoundedError(sex_zh=sex.zh, sex_en=sex.en.lower(), **_article(law))


def _basis_of_youngest(asked: Asked) -> str:
    years = _years(asked.value)[0]
    if basis := _data("ages")["minimum"].get(years):
        return str(basis)
    raise AgeLimitUnfoundedError(years=years, **_article("employment_promotion_26"))


def _basis_of_oldest(asked: Asked, work: Work) -> str:
    men, women = _years(asked.value)
    for rule in _local_rules(work):
        barred = rule["barred_from"]
        named = not rule["words"] or any(word in asked.ground for word in rule["words"])
        if named and men >= barred["male"] - 1 and women >= barred["female"] - 1:
            return str(rule["code"])
    raise AgeLimitUnfoundedError(years=min(men, women), **_article("employment_promotion_26"))


def oldest_allowed(value: str, *, sex: Sex) -> int:
    """Return the full years that an ``age_max`` still takes for that sex.

    >>> oldest_allowed("59,49", sex=Sex.FEMALE), oldest_allowed("60", sex=Sex.MALE)
    (49, 60)
    """
    men, women = _years(value)
    return men if sex is Sex.MALE else women


def local_age_of(work: Work) -> LocalAge | None:
    """Return the rule of the place that bars people by age from this trade on this day, or None.

    It holds whether or not the employer asks for it: whoever is barred is warned before travel.
    """
    for rule in _local_rules(work):
        if not rule["words"]:
            return LocalAge(rule["code"], rule["barred_from"]["male"], rule["barred_from"]["female"])
    return None


def refuse_unlawful_words(texts: Iterable[str], *, founded: Iterable[RequirementKind] = ()) -> None:
    """Refuse a post whose words ask for what the law forbids to ask for.

    Args:
        texts: title, duties and requirements in words.
        founded: requirements that stand on their own article; their words may stay.

    Raises:
        WordsUnlawfulError: names the words and the article.
    """
    kinds = set(founded)
    for text in texts:
        for rule in _data("words"):
            found = re.search(rule["pattern"], text)
            if found and rule.get("unless") not in kinds:
                raise WordsUnlawfulError(words=found[0], **_article(rule["law"]))


def judged(asked: Sequence[Asked], work: Work, *, texts: Iterable[str] = ()) -> list[tuple[Asked, str]]:
    """Return every requirement with its legal basis; the first that has none is refused.

    Raises:
        LimitError: a limit, or the words, have no basis.
        RequirementUnreadError: a value cannot be read.
    """
    founded = [(one, legal_basis_of(one, work)) for one in asked]
    others = [one.value for one in asked if one.kind not in LIMITS]
    refuse_unlawful_words([*texts, *others], founded={one.kind for one, basis in founded if basis})
    return founded


@dataclass(frozen=True)
class Citation:
    """How an article, a ground or a local rule is cited, in both languages."""

    zh: str
    en: str


def cited(code: str) -> Citation:
    """Return the citation of a legal basis; a code that is not known is cited as it is written."""
    if law := _data("laws").get(code):
        return Citation(f"{law['zh']}（{law['about_zh']}）", f"{law['en']} ({law['about_en']})")
    for ground in _data("sex"):
        if ground["code"] == code:
            law = _data("laws")[ground["law"]]
            return Citation(f"{law['zh']}（{ground['zh']}）", f"{law['en']} ({ground['en']})")
    for rule in _data("ages")["local"]:
        if rule["code"] == code:
            return Citation(rule["zh"], rule["en"])
    return Citation(code, code)


def grounds_of_sex() -> list[tuple[str, Citation]]:
    """Return the grounds that a form may offer, by code."""
    return [(ground["code"], Citation(ground["zh"], ground["en"])) for ground in _data("sex")]


def _local_rules(work: Work) -> list[dict[str, Any]]:
    """Return the rules of the place in force for the trade, the narrower ones last."""
    rules = [
        rule
        for rule in _data("ages")["local"]
        if work.place is not None
        and work.place in range_of(rule["place"])
        and rule["from"] <= work.on
        and _fits(work.occupation, rule["occupations"])
    ]
    return sorted(rules, key=lambda rule: bool(rule["words"]))


def _fits(occupation: str, beginnings: Sequence[str]) -> bool:
    return not beginnings or any(occupation.startswith(beginning) for beginning in beginnings)


def _years(value: str) -> tuple[int, int]:
    """Return full years for men and for women; one number stands for both."""
    parts = value.split(",")
    if len(parts) > 2 or not all(part.isdecimal() for part in parts):
        raise RequirementUnreadError(value=value)
    return int(parts[0]), int(parts[-1])


def _article(code: str) -> dict[str, str]:
    law = _data("laws")[code]
    return {"article_zh": law["zh"], "article_en": law["en"]}


@cache
def _data(name: str) -> Any:
    return yaml.safe_load((files("fourdoors.recruitment") / "limits" / f"{name}.yaml").read_text("utf-8"))
