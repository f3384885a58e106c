"""The eight characters under the QR code, for a door without a camera."""

import unicodedata

from fourdoors.engines.passes.errors import MistypedCodeError

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31, a prime; without 0 1 I L O, which are read for one another
_LENGTH = 8
_BASE = len(ALPHABET)


def short_code(pass_id: bytes) -> str:
    """Return the short code of a pass, like ``K7QF-29MA``.

    Seven characters come from the id, the eighth makes the sum of place x value divisible by 31: one wrong
    character, or two that changed places, never give another code. Two passes may share a code (one chance in
    27 billion for a pair): it is looked up among the passes of one trip.

    >>> short_code(bytes(8))
    '2222-2222'
    """
    left = int.from_bytes(pass_id, "big")
    digits = []
    for _ in range(_LENGTH - 1):
        left, digit = divmod(left, _BASE)
        digits.append(digit)
    check = -_sum(digits) * pow(_LENGTH, -1, _BASE) % _BASE
    return _written([*digits, check])


def read_short_code(text: str) -> str:
    """Return the code as it is printed, from whatever was typed: small letters, spaces, full width, no dash.

    Raises:
        MistypedCodeError: not eight characters of the alphabet, or the check does not hold.

    >>> read_short_code(" 2222 2222")
    '2222-2222'
    """
    typed = unicodedata.normalize("NFKC", text[:64]).upper()
    digits = [ALPHABET.find(character) for character in typed if character not in " -\t\r\n"]
    if len(digits) != _LENGTH or min(digits) < 0 or _sum(digits) % _BASE:
        raise MistypedCodeError()
    return _written(digits)


def _sum(digits: list[int]) -> int:
    return sum(place * digit for place, digit in enumerate(digits, start=1))


def _written(digits: list[int]) -> str:
    characters = "".join(ALPHABET[digit] for digit in digits)
    return f"{characters[:4]}-{characters[4:]}"
