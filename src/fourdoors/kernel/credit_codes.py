"""Unified social credit codes (统一社会信用代码) of organisations."""

import re
import unicodedata

INVENTED_DIVISION = "99"  # third and fourth character; GB/T 2260 gives no province this code

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z, which are misread
_FORM = re.compile(f"[{_ALPHABET}]{{18}}")
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714, the nine characters of the organisation itself


def normalised_credit_code(text: str) -> str:
    """Return the code half-width, in capitals, without spaces.

    >>> normalised_credit_code(" ９1350100m000100y43")
    '91350100M000100Y43'
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def is_credit_code(text: str) -> bool:
    """Tell whether ``text`` has the form and the check character of a unified social credit code.

    Args:
        text: 18 characters in capitals, no spaces.

    Source:
        GB 32100-2015, check character MOD 31 with weights 3^i.

    >>> is_credit_code("91350100M000100Y43")
    True
    >>> is_credit_code("91350100M000100Y44")
    False
    """
    return bool(_FORM.fullmatch(text)) and text[-1] == _check_character(text[:17])


def is_invented_credit_code(code: str) -> bool:
    """Tell whether a code was made up by ``invented_credit_code``: it belongs to no organisation.

    >>> is_invented_credit_code(invented_credit_code(1))
    True
    """
    return code[2:4] == INVENTED_DIVISION


def invented_credit_code(sequence: int) -> str:
    """Make the code of an invented enterprise; its division begins with 99, which nobody was given.

    Args:
        sequence: 0 to 99,999,999; one for each invented organisation.

    >>> invented_credit_code(1)
    '919900000000000192'
    """
    if not 0 <= sequence < 10**8:
        raise ValueError(f"sequence {sequence} is not in 0..99999999")
    digits = f"{sequence:08d}"
    total = sum(weight * int(digit) for weight, digit in zip(_BODY_WEIGHTS, digits, strict=True))
    body = f"91{INVENTED_DIVISION}0000{digits}{'0123456789X'[-total % 11]}"
    return body + _check_character(body)


def _check_character(body: str) -> str:
    total = sum(weight * _ALPHABET.index(sign) for weight, sign in zip(_WEIGHTS, body, strict=True))
    return _ALPHABET[-total % 31]
