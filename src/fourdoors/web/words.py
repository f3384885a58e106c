"""Days, numbers and places as a reader of the page's language expects them."""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone, translation
from django.utils.translation import gettext

from fourdoors.kernel.divisions import Level, find_division, path_of, plain_name
from fourdoors.kernel.money import in_millions, in_wan, yuan_text
from fourdoors.kernel.terms import Term

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_KIND = re.compile(r" (City|Prefecture|([A-Z][a-z]+ )*Autonomous (Prefecture|County)|County|District)$")


def in_chinese() -> bool:
    """Tell whether the reader reads Chinese."""
    return (translation.get_language() or "").startswith("zh")


def day(on: date) -> str:
    """Return a day in full: 2020年3月1日, or 1 March 2020."""
    if in_chinese():
        return f"{on.year}年{on.month}月{on.day}日"
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def short_day(on: date) -> str:
    """Return a day of a year that is known: 3月1日, or 1 Mar."""
    return f"{on.month}月{on.day}日" if in_chinese() else f"{on.day} {MONTHS[on.month - 1][:3]}"


def month(on: date) -> str:
    """Return the month of a day: 2020年3月, or March 2020."""
    return f"{on.year}年{on.month}月" if in_chinese() else f"{MONTHS[on.month - 1]} {on.year}"


def short_month(number: int) -> str:
    """Return a month of a year that is known: 3月, or Mar."""
    return f"{number}月" if in_chinese() else MONTHS[number - 1][:3]


def moment(at: datetime) -> str:
    """Return a moment in China Standard Time: 2020年3月1日 06:30, or 1 March 2020, 06:30."""
    local = timezone.localtime(at)
    return f"{day(local)}{' ' if in_chinese() else ', '}{local:%H:%M}"


def percent(share: float, digits: int = 1) -> str:
    """Return a share in [0, 1] as a percentage, rounded half up: 93.4%."""
    step = Decimal(1).scaleb(-digits)
    return f"{(Decimal(str(share)) * 100).quantize(step, ROUND_HALF_UP)}%"


def large(number: int) -> str:
    """Return a count or an amount shortened: 189.9万, or 1.899 million."""
    return in_wan(number) if in_chinese() else in_millions(number)


def parted(text: str) -> tuple[str, str]:
    """Part a shortened number from its unit, for the big type: ``("189.9", "万")``."""
    number = text.rstrip("万亿milonb ")
    return number, text[len(number) :].strip()


def yuan(amount_yuan: int) -> str:
    """Return whole yuan: 4,200 元, or 4,200 yuan."""
    return f"{amount_yuan:,} 元" if in_chinese() else f"{amount_yuan:,} yuan"


def large_yuan(amount_yuan: int) -> str:
    """Return whole yuan shortened: 353.7亿元, or 35.37 billion yuan."""
    return f"{large(amount_yuan)}{'元' if in_chinese() else ' yuan'}"


def fen(amount_fen: int) -> str:
    """Return fen as yuan with two decimals: 3,256.50 元, or 3,256.50 yuan."""
    return f"{yuan_text(amount_fen)} {'元' if in_chinese() else 'yuan'}"


def place(code: int) -> str:
    """Return the name of a division: 礼县, or Li County; its code where it is not known."""
    found = find_division(code)
    return str(code) if found is None else found.name if in_chinese() else found.name_pinyin


def short_place(code: int) -> str:
    """Return a division without its kind word, for maps and charts: 临夏, or Linxia."""
    found = find_division(code)
    if found is None:
        return str(code)
    return plain_name(found.name, found.level) if in_chinese() else _KIND.sub("", found.name_pinyin)


def whole_place(code: int) -> str:
    """Return a division with all that holds it, the province left out where it has a prefecture below.

    陇南市礼县盐官镇, or Yanguan Town, Li County, Longnan City.
    """
    steps = [step for step in path_of(code) if step.level > Level.PROVINCE or step.code == code]
    if in_chinese():
        return "".join(step.name for step in steps) or str(code)
    return ", ".join(step.name_pinyin for step in reversed(steps)) or str(code)


_COLLECTIVE = frozenset({"Urban Districts", "Counties", "Directly Governed Counties"})  # no place of its own


def work_place(code: int) -> str:
    """Return city and county of a place of work: 青岛 胶州, or Jiaozhou, Qingdao; Beijing is its own city."""
    steps = [step for step in path_of(code) if step.name_pinyin not in _COLLECTIVE][-2:]
    if not in_chinese():
        return ", ".join(short_place(step.code) for step in reversed(steps))
    names = [short_place(step.code) for step in steps]
    return " ".join(
        name if len(name) > 1 else place(step.code) for name, step in zip(names, steps, strict=True)
    )


def term(word: Term) -> str:
    """Return a word of the field in the reader's language."""
    return gettext(word.en)
