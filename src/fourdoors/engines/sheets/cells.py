"""One cell: from whatever a program stored to the text that a person means."""

import datetime
import re

CellSource = str | float | bool | datetime.date | datetime.time | datetime.timedelta | None

_QUOTED = re.compile(r'="(.*)"', re.DOTALL)
_BLANKS = "\ufeff\u200b\u200e\u200f\u2060\xa0\u3000 \t\r\n\x0b\x0c"
_EXACT = 10**15  # a double keeps 15 digits of any whole number; of the 16th, 17th and 18th it invents some

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def tidy(text: str) -> str:
    r"""Return the text without blanks around it and without the dress that keeps digits whole.

    >>> tidy('\u3000="620102199001010018"\t')
    '620102199001010018'
    >>> tidy("'0931")
    '0931'
    """
    text = text.strip(_BLANKS)
    if quoted := _QUOTED.fullmatch(text):
        text = quoted[1].replace('""', '"').strip(_BLANKS)
    return text[1:] if text[:1] == "'" and text[1:2].isdigit() else text


def narrow(text: str) -> str:
    """Return the text with full-width digits, letters and brackets made half-width.

    >>> narrow("（６２０１０２Ｘ）")
    '(620102X)'
    """
    return text.translate(_NARROW)


def as_text(value: CellSource) -> str:
    """Return the text of a stored value.

    Whole numbers below 10**15 keep every digit. A longer one has lost its last digits when it
    was typed as a number: it comes as scientific text, so that the check of identity numbers
    names it broken and nobody guesses.

    >>> as_text(3200.0), as_text(3200.5), as_text(620102199001011234.0)
    ('3200', '3200.5', '6.20102199001011E+17')
    """
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | int):
        return _digits(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ", timespec="seconds").removesuffix(" 00:00:00")
    return "" if value is None else str(value)


def _digits(value: float) -> str:
    if value == int(value) and abs(value) < _EXACT:
        return str(int(value))
    return f"{value:.15G}" if abs(value) < _EXACT else _scientific(value)


def _scientific(value: float) -> str:
    mantissa, exponent = f"{value:.14E}".split("E")
    return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"
