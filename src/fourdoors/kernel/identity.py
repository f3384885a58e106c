"""Resident identity numbers and mobile numbers: read, checked, masked, and invented where nobody is meant."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.terms import Sex

INVENTED_PREFIX = "99"  # GB/T 2260 gives no province this code: such a number belongs to nobody
INVENTED_PHONE_PREFIX = "100"  # see invented_phone
PROVINCE_PREFIXES = frozenset(
    # GB/T 2260, first two digits; 81-83 as on residence permits (State Council, in force 1 September 2018)
    map(str, (*range(11, 16), 21, 22, 23, *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66),
              71, 81, 82, 83))
)  # fmt: skip

_FORM = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
_OLD_FORM = re.compile(r"[1-9][0-9]{14}", re.ASCII)
_BROKEN = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]{1,2}|[0-9]{15,18}\.0*", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_NOISE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff'\"=`]+")
_MOBILE = re.compile(r"1[3-9][0-9]{9}|100[0-9]{8}", re.ASCII)
_ORDERS_PER_DAY_AND_SEX = 500  # three digits, odd for men and even for women


class IdentityError(RuleError):
    """A text that is no identity number; the values carry it masked, never whole."""


class IdentityFormError(IdentityError):
    """The text is not 17 digits and a digit or X."""

    code: ClassVar[str] = "identity_form"


class IdentityBrokenError(IdentityError):
    """A spreadsheet took the number for a quantity and lost its last three digits."""

    code: ClassVar[str] = "identity_broken"


class IdentityOldFormError(IdentityError):
    """The 15-digit number of the first-generation card."""

    code: ClassVar[str] = "identity_old_form"


class IdentityDivisionError(IdentityError):
    """The first two digits name no province."""

    code: ClassVar[str] = "identity_division"


class IdentityBirthDayError(IdentityError):
    """Digits 7 to 14 are no day, or a day that has not come yet."""

    code: ClassVar[str] = "identity_birth_day"


class IdentityCheckCharacterError(IdentityError):
    """The last character does not fit the 17 before it: one of them is mistyped."""

    code: ClassVar[str] = "identity_check_character"


@dataclass(frozen=True)
class Identity:
    """What an identity number (身份证号) says of its holder."""

    number: str
    born_on: date
    sex: Sex


def normalised_identity(text: str) -> str:
    """Return the text as it should have been typed: half-width, without spaces, X large.

    Quotation marks and the sign of ``="..."`` go too: cadres type them so that a spreadsheet
    keeps the number as text.

    >>> normalised_identity(' １１０１０５ 19491231 002x ')
    '11010519491231002X'
    >>> normalised_identity('="11010519491231002X"')
    '11010519491231002X'
    """
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()


def is_identity_number(text: str) -> bool:
    """Tell whether ``text`` has the form and the check character of an identity number.

    Args:
        text: 18 characters, the last one a digit or a capital ``X``; no spaces.

    Returns:
        True where the check character fits. Nothing is said of whether the number was ever
        issued, nor of whether its date of birth is a real day: ``read_identity`` looks further.

    Source:
        GB 11643-1999, check character by ISO 7064 MOD 11-2.

    >>> is_identity_number("11010519491231002X")
    True
    """
    return bool(_FORM.fullmatch(text)) and text[-1] == _check_character(text[:17])


def read_identity(text: str, *, on: date | None = None) -> Identity:
    """Read number, day of birth and sex out of whatever a cell holds.

    Args:
        text: as typed; ``normalised_identity`` is applied first.
        on: the day of reading; a later day of birth is refused. None leaves the future unchecked.

    Returns:
        The identity. Day and sex are those of the number, which is not always what a roster says.

    Raises:
        IdentityBrokenError: written like 6.21226E+17, or the last three digits are 000 and do not fit.
        IdentityOldFormError: 15 digits; ``eighteen_digits_of`` shows the number of today's card.
        IdentityFormError: any other length or character.
        IdentityDivisionError: the first two digits are neither a province nor the invented 99.
        IdentityBirthDayError: no such day, or a day after ``on``.
        IdentityCheckCharacterError: the last character does not fit.

    Source:
        GB 11643-1999: six digits of division, eight of birth, three of order (odd for men), and a
        check character.

    >>> read_identity("11010519491231002X").sex
    <Sex.FEMALE: 'female'>
    """
    number = normalised_identity(text)
    _refuse_wrong_form(number)
    if number[:2] not in PROVINCE_PREFIXES and number[:2] != INVENTED_PREFIX:
        raise IdentityDivisionError(number=masked_identity(number), prefix=number[:2])
    born_on = _birth_day(number, on)
    if not is_identity_number(number):
        refusal = IdentityBrokenError if number.endswith("000") else IdentityCheckCharacterError
        raise refusal(number=masked_identity(number))
    return Identity(number=number, born_on=born_on, sex=Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def eighteen_digits_of(old: str) -> str | None:
    """Return the 18-digit number that continues a 15-digit one, or None where there is none.

    The old number lacks the century (always 19) and the check character. First-generation cards
    ended on 1 January 2013, yet old rosters still carry their numbers.

    Source:
        GB 11643-1999; Resident Identity Card Law as amended on 29 October 2011, article 23.

    >>> eighteen_digits_of("110105491231002")
    '11010519491231002X'
    """
    if not _OLD_FORM.fullmatch(old):
        return None
    body = f"{old[:6]}19{old[6:]}"
    return body + _check_character(body)


def is_invented(number: str) -> bool:
    """Tell whether a number was made up by ``invented_identity``: it belongs to nobody.

    >>> is_invented(invented_identity(sequence=1, born_on=date(1990, 5, 1), sex=Sex.FEMALE))
    True
    """
    return number.startswith(INVENTED_PREFIX)


def invented_identity(*, sequence: int, born_on: date, sex: Sex) -> str:
    """Make the number of an invented person; the same arguments give the same number.

    It begins with 99, which no province was ever given, so it can be nobody's; everything else,
    the check character too, is as in a real one.

    Args:
        sequence: 0 to 4,999,999; two people of one birth day and sex need different ones.
        born_on: day of birth.
        sex: woman or man.

    >>> invented_identity(sequence=0, born_on=date(1990, 5, 1), sex=Sex.MALE)
    '990000199005010014'
    """
    block, order = divmod(sequence, _ORDERS_PER_DAY_AND_SEX)
    if not 0 <= block <= 9_999:
        raise ValueError(f"sequence {sequence} is not in 0..4999999")
    body = f"{INVENTED_PREFIX}{block:04d}{born_on:%Y%m%d}{2 * order + (sex is Sex.MALE):03d}"
    return body + _check_character(body)


def masked_identity(number: str) -> str:
    """Return the number as a public notice may show it: first two and last three characters.

    Source:
        Yong'an (Fujian) notice format of 4 January 2023: ``35*************123``.

    >>> masked_identity("11010519491231002X")
    '11*************02X'
    """
    return _masked(number, first=2, last=3)


def normalised_phone(text: str) -> str:
    """Return the digits of a Chinese telephone number without country code, spaces and dashes.

    >>> normalised_phone("＋86 138-9390-1234")
    '13893901234'
    >>> normalised_phone("13893901234.0")
    '13893901234'
    """
    plain = re.sub(r"\.0*$", "", unicodedata.normalize("NFKC", text).strip())
    digits = re.sub(r"[^0-9]", "", plain)
    return re.sub(r"^(00)?86(?=1[0-9]{10}$)", "", digits)


def is_mobile_phone(text: str) -> bool:
    """Tell whether ``text`` is an 11-digit mobile number (13 to 19), or an invented one.

    Source:
        Numbering plan of the telecommunications network (2017 edition), Ministry of Industry and
        Information Technology.

    >>> is_mobile_phone("13893901234"), is_mobile_phone("12893901234")
    (True, False)
    """
    return bool(_MOBILE.fullmatch(text))


def is_invented_phone(number: str) -> bool:
    """Tell whether a number was made up by ``invented_phone``: nobody may dial it.

    >>> is_invented_phone(invented_phone(7))
    True
    """
    return number.startswith(INVENTED_PHONE_PREFIX) and len(number) == 11


def invented_phone(sequence: int) -> str:
    """Make a telephone number that can never ring.

    Personal mobile numbers begin with 13 to 19; 100 is the beginning of the short service numbers
    (10000, 10010, 10086), so eleven digits after it were never given to a person.

    Args:
        sequence: 0 to 99,999,999; one for each invented person.

    >>> invented_phone(42)
    '10000000042'
    """
    if not 0 <= sequence < 10**8:
        raise ValueError(f"sequence {sequence} is not in 0..99999999")
    return f"{INVENTED_PHONE_PREFIX}{sequence:08d}"


def masked_phone(number: str) -> str:
    """Return the number as a public notice may show it.

    Source:
        Yong'an (Fujian) notice format of 4 January 2023: ``138****1234``.

    >>> masked_phone("13893901234")
    '138****1234'
    """
    return _masked(number, first=3, last=4)


def masked_name(name: str) -> str:
    """Return a person's name as a public notice may show it: the inner characters hidden.

    >>> masked_name("马小兰"), masked_name("马兰")
    ('马*兰', '马*')
    """
    if len(name) <= 2:
        return name[:1] + "*" * (len(name) - 1)
    return _masked(name, first=1, last=1)


def _masked(text: str, *, first: int, last: int) -> str:
    if len(text) <= first + last:
        return "*" * len(text)
    return text[:first] + "*" * (len(text) - first - last) + text[-last:]


def _check_character(body: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def _refuse_wrong_form(number: str) -> None:
    if _BROKEN.fullmatch(number):
        raise IdentityBrokenError(number=number if "E" in number else masked_identity(number))
    if _OLD_FORM.fullmatch(number):
        raise IdentityOldFormError(number=masked_identity(number))
    if not _FORM.fullmatch(number):
        raise IdentityFormError(number=masked_identity(number), characters=len(number))


def _birth_day(number: str, on: date | None) -> date:
    digits = number[6:14]
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise IdentityBirthDayError(number=masked_identity(number), digits=digits) from None
    if on is not None and born_on > on:
        raise IdentityBirthDayError(number=masked_identity(number), digits=digits)
    return born_on
