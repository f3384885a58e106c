"""Money in fen (分, a hundredth of a yuan) as int; words and decimals only at the edge."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from typing import ClassVar

from fourdoors.kernel.errors import RuleError

FEN_PER_YUAN = 100
_WAN = 10_000
_YI = 100_000_000
_AMOUNT = re.compile(r"(?P<number>[0-9]+(\.[0-9]+)?|\.[0-9]+)(?P<wan>万)?", re.ASCII)
_NOISE = re.compile(r"[\s,，¥￥]|CNY|RMB|元整?$")


class MoneyFormError(RuleError):
    """A text that is no amount of yuan, or one finer than a fen."""

    code: ClassVar[str] = "money_form"


def fen_of_yuan_text(text: str) -> int:
    """Read an amount of yuan as people type it, and return it in fen.

    Thousands commas, ¥, 元 and 万 are understood; a sign is not: nothing here is ever negative.

    Raises:
        MoneyFormError: not an amount, or more than two decimals of a yuan.

    >>> fen_of_yuan_text("3,256.5")
    325650
    >>> fen_of_yuan_text("1.2万元")
    1200000
    """
    found = _AMOUNT.fullmatch(_NOISE.sub("", unicodedata.normalize("NFKC", text).strip().upper()))
    if not found:
        raise MoneyFormError(text=text)
    fen = Decimal(found["number"]) * FEN_PER_YUAN * (_WAN if found["wan"] else 1)
    if fen != int(fen):
        raise MoneyFormError(text=text)
    return int(fen)


def yuan_text(fen: int) -> str:
    """Return fen as yuan with two decimals and thousands commas.

    >>> yuan_text(325650), yuan_text(-5)
    ('3,256.50', '-0.05')
    """
    yuan, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"


def in_wan(n: int) -> str:
    """Return a count or an amount in 万 (ten thousand) or 亿 (hundred million), as Chinese readers expect.

    At most two decimals, rounded half up; the unit of what is counted stands beside it on the page.

    >>> in_wan(1_899_000), in_wan(35_370_000_000), in_wan(9_999)
    ('189.9万', '353.7亿', '9,999')
    """
    if abs(n) < _WAN:
        return f"{n:,}"
    # 99,999,999 is 10,000.00万 when rounded: say 1亿
    unit, word = (_YI, "亿") if abs(n) >= _YI - _WAN // 200 else (_WAN, "万")
    return _short(n, unit, "0.01") + word


def in_millions(n: int) -> str:
    """Return a count or an amount in millions or billions, as English readers expect.

    >>> in_millions(1_899_000), in_millions(113_000_000_000), in_millions(999_999)
    ('1.899 million', '113 billion', '999,999')
    """
    if abs(n) < 10**6:
        return f"{n:,}"
    unit, word = (10**9, "billion") if abs(n) >= 10**9 - 500 else (10**6, "million")
    return f"{_short(n, unit, '0.001')} {word}"


def _short(n: int, unit: int, step: str) -> str:
    rounded = (Decimal(n) / unit).quantize(Decimal(step), ROUND_HALF_UP)
    return f"{rounded.normalize():,f}"
