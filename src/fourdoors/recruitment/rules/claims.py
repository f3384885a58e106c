"""What a job list says of sex, age, schooling and board, read into requirements that can be judged."""

import re
from functools import cache

from fourdoors.kernel.occupations import all_occupations
from fourdoors.kernel.terms import Education, Sex
from fourdoors.recruitment.rules.limits import Asked, RequirementUnreadError
from fourdoors.recruitment.rules.words import RequirementKind

_NONE = frozenset(
    {"", "不限", "无", "无要求", "均可", "男女不限", "男女均可", "不限年龄", "不限学历", "none", "n/a"}
)
_SEX = re.compile(r"男|女|(?<![a-z])(?:fe)?male(?![a-z])", re.IGNORECASE)
_TO = re.compile(r"([0-9]{2})(?:周?岁)?(?:[-—–~～至到]+)([0-9]{2})(?:周?岁)?")
_UP_TO = re.compile(r"([0-9]{2})(?:周?岁)?(?:以下|以内|及以下)")
_FROM = re.compile(r"(?:年满|满)?([0-9]{2})(?:周?岁)?(?:以上|及以上|起)")
_CERTIFICATE = re.compile(
    r"(?:持|有|具备)?(?:[初中高]级)?(.{2,12}?)(?:[初中高]级|[一二三四五]级)?(?:职业)?(?:技能)?(?:等级|资格|上岗)?(?:证书?|certificate)"
)
_OCCUPATION_LEVEL = 4  # of the occupation book: an occupation, not a class
_MONTHS = re.compile(r"([0-9]+)\s*(?:个?月|months?)", re.IGNORECASE)
_YEARS = re.compile(r"([0-9]+)\s*(?:年|years?)", re.IGNORECASE)


def sex_asked(text: str) -> list[Asked]:
    """Read a claim like ``限男：矿山井下作业``; what follows the word is the ground.

    >>> sex_asked("男（矿山井下作业）")[0].value, sex_asked("男女不限")
    ('male', [])
    """
    named = {Sex.FEMALE if word in ("女", "female") else Sex.MALE for word in _SEX.findall(text.lower())}
    if text.strip().lower() in _NONE or len(named) != 1:
        return []
    return [Asked(RequirementKind.SEX, named.pop().value, ground=text)]


def ages_asked(text: str) -> list[Asked]:
    """Read a claim like ``18-55周岁``, ``60岁以下``, ``男18-59，女18-49``: lowest age, highest ages.

    Raises:
        RequirementUnreadError: there are words, and none that can be read.

    >>> [(one.kind.value, one.value) for one in ages_asked("男18-59岁，女18-49岁")]
    [('age_min', '18'), ('age_max', '59,49')]
    """
    if text.strip().lower() in _NONE:
        return []
    lowest = _first_number(_TO.findall(text)) or _first_number(_FROM.findall(text))
    highest = _highest(text)
    if not lowest and not highest:
        raise RequirementUnreadError(value=text)
    asked = [Asked(RequirementKind.AGE_MIN, lowest, ground=text)] if lowest else []
    return asked + ([Asked(RequirementKind.AGE_MAX, highest, ground=text)] if highest else [])


def _first_number(found: list[tuple[str, str]] | list[str]) -> str:
    if not found:
        return ""
    return found[0] if isinstance(found[0], str) else found[0][0]


def _highest(text: str) -> str:
    men, women = (_up_to(part) for part in _by_sex(text))
    return men if men == women else f"{men or women},{women or men}"


def _by_sex(text: str) -> tuple[str, str]:
    """Return what is said of men and what of women; both hear what is said without a sex."""
    man, woman = text.find("男"), text.find("女")
    if man < 0 or woman < 0 or "男女" in text:
        return text, text
    return (text[man:woman], text[woman:]) if man < woman else (text[man:], text[woman:man])


def _up_to(text: str) -> str:
    found = _TO.search(text)
    if found:
        return found[2]
    found = _UP_TO.search(text)
    return found[1] if found else ""


def schooling_asked(text: str) -> list[Asked]:
    """Read the schooling that is asked for; words that no list knows stay words.

    >>> schooling_asked("初中及以上")[0].value, schooling_asked("不限")
    ('junior_middle', [])
    """
    plain = re.sub(r"(及|或|含)?以上(学历|文化)?|学历|文化程度|毕业", "", text.strip())
    if plain.lower() in _NONE or text.strip().lower() in _NONE:
        return []
    education = Education.read(plain) or Education.read(text)
    if education:
        return [Asked(RequirementKind.EDUCATION, education.value)]
    return [Asked(RequirementKind.OTHER, text.strip()[:60])]


def skills_asked(text: str) -> list[Asked]:
    """Read skills and certificates: the certificate of an occupation, months of experience, else words.

    >>> [(one.kind.value, one.value) for one in skills_asked("家政服务员证；1年经验；健康证")]
    [('certificate', '4-10-01-06'), ('experience', '12'), ('other', '健康证')]
    """
    parts = [part.strip() for part in re.split(r"[;；、，,。]", text)]
    return [_skill(part) for part in parts if part.lower() not in _NONE]


def _skill(part: str) -> Asked:
    if re.search(r"经验|工龄|experience", part, re.IGNORECASE):
        if found := _MONTHS.search(part):
            return Asked(RequirementKind.EXPERIENCE, found[1])
        if found := _YEARS.search(part):
            return Asked(RequirementKind.EXPERIENCE, str(12 * int(found[1])))
    if code := certificate_code(part):
        return Asked(RequirementKind.CERTIFICATE, code)
    return Asked(RequirementKind.OTHER, part[:60])


def certificate_code(text: str) -> str:
    """Return the occupation whose certificate the words name, as a CSCO code; blank where they name none.

    A certificate is compared by its occupation, so one that belongs to no occupation (a health certificate,
    a driving licence) stays words.

    >>> certificate_code("家政服务员职业技能等级证书"), certificate_code("健康证")
    ('4-10-01-06', '')
    """
    found = _CERTIFICATE.fullmatch(re.sub(r"\s", "", text))
    return _occupations().get(found[1], "") if found else ""


@cache
def _occupations() -> dict[str, str]:
    """Return the codes of the occupations by name and by the names that advertisements use."""
    book = [it for it in all_occupations() if it.level == _OCCUPATION_LEVEL]
    by_alias = {alias: it.code for it in reversed(book) for alias in it.aliases}
    return by_alias | {it.name: it.code for it in book}


def board_and_lodging(text: str) -> tuple[bool, bool]:
    """Read what is given beside the wage: board (包吃), lodging (包住).

    >>> board_and_lodging("包吃住"), board_and_lodging("不包吃，包住"), board_and_lodging("食宿自理")
    ((True, True), (False, True), (False, False))
    """
    plain = re.sub(r"\s", "", text)
    if "自理" in plain:
        return False, False
    both = bool(re.search(r"(?<!不)(包|提供|免费|管|供)(食宿|吃住)|食宿(全包|免费)", plain))
    board = both or bool(re.search(r"(?<!不)(包|提供|免费|管|供)(吃|餐|工作餐|三餐|两餐|伙食|午餐)", plain))
    lodging = both or bool(re.search(r"(?<!不)(包|提供|免费|管|供)(住|宿)", plain))
    return board, lodging
