"""One cell: from what was typed to what is stored, or the fault that says why not."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from fourdoors.engines.sheets import Column, Kind
from fourdoors.intake.rules.faults import Code, Fault
from fourdoors.kernel.credit_codes import is_credit_code, normalised_credit_code
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.identity import (
    is_mobile_phone,
    masked_phone,
    normalised_identity,
    normalised_phone,
    read_identity,
)
from fourdoors.kernel.money import fen_of_yuan_text
from fourdoors.kernel.terms import (
    Channel,
    ChannelOfJob,
    Education,
    LabourCapacity,
    RelationToHead,
    Sex,
    Term,
)

TERMS: dict[str, type[Term]] = {
    "sex": Sex,
    "education": Education,
    "labour_capacity": LabourCapacity,
    "relation": RelationToHead,
    "channel_of_job": ChannelOfJob,
    "channel": Channel,
}
_OPEN_EDUCATION = frozenset({"不限", "无", "无要求", "学历不限"})  # what a job list writes for "any"
_YES_NO = {"是": "yes", "有": "yes", "√": "yes", "Y": "yes", "否": "no", "无": "no", "×": "no", "N": "no"}
_DAY = re.compile(r"([0-9]{4})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})日?( [0-9:]+)?", re.ASCII)
_TIGHT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_NUMBER = re.compile(r"([0-9]{1,9})(\.0*)?(个月|月|人|名)?", re.ASCII)
_DISABILITY_LENGTH = 20  # a disability card's number is the identity number, kind and degree
_IDENTITY_LENGTH = 18


def read_cell(column: Column, text: str, on: date) -> str | Fault:
    """Return the cell as it is stored: a word's code, a day as ISO, money in fen, else the tidy text."""
    return _READERS.get(column.kind, _as_it_is)(column, text, on)


def day_of(text: str) -> date | None:
    """Read a day as cadres type it, or None: no month alone, no "early March".

    >>> day_of("2020.3.1") == day_of("20200301") == day_of("2020年3月1日") == date(2020, 3, 1)
    True
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _DAY.fullmatch(plain) or _TIGHT_DAY.fullmatch(plain)
    try:
        return date(*map(int, found.groups()[:3])) if found else None
    except ValueError:
        return None


def _as_it_is(column: Column, text: str, on: date) -> str | Fault:
    return unicodedata.normalize("NFC", text)


def _identity(column: Column, text: str, on: date) -> str | Fault:
    number = normalised_identity(text)
    if len(number) == _DISABILITY_LENGTH:
        number = number[:_IDENTITY_LENGTH]
    try:
        return read_identity(number, on=on).number
    except RuleError as refusal:
        return Fault(column.key, refusal.code, _plain(refusal.values))


def _code(column: Column, text: str, on: date) -> str | Fault:
    if "phone" in column.key:
        return _phone(column, text)
    if column.key == "credit_code":
        code = normalised_credit_code(text)
        return code if is_credit_code(code) else Fault(column.key, Code.CREDIT_CODE_FORM, {"text": text[:30]})
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _phone(column: Column, text: str) -> str | Fault:
    """Take a mobile number, or a landline with its area code; a household's several are cut to the first."""
    first = re.split(r"[/、,，;；]", text.strip())[0]
    phone = normalised_phone(first)
    if is_mobile_phone(phone) or re.fullmatch(r"0[0-9]{9,11}", phone):
        return phone
    return Fault(column.key, Code.PHONE_FORM, {"text": masked_phone(phone)})


def _integer(column: Column, text: str, on: date) -> str | Fault:
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return str(int(found[1])) if found else Fault(column.key, Code.NOT_A_NUMBER, {"text": text[:30]})


def _money(column: Column, text: str, on: date) -> str | Fault:
    try:
        return str(fen_of_yuan_text(text))
    except RuleError as refusal:
        return Fault(column.key, refusal.code, _plain(refusal.values))


def _date(column: Column, text: str, on: date) -> str | Fault:
    day = day_of(text)
    return day.isoformat() if day else Fault(column.key, Code.NOT_A_DAY, {"text": text[:30]})


def _enum(column: Column, text: str, on: date) -> str | Fault:
    if column.key in TERMS:
        term = TERMS[column.key].read(text)
        if term is not None:
            return term.value
        if column.key == "education" and text.strip() in _OPEN_EDUCATION:
            return ""
    elif (answer := _YES_NO.get(text.strip().upper())) is not None:
        return answer
    words = {"text": text[:30], "choices": "、".join(column.choices[:8])}
    return Fault(column.key, Code.NOT_IN_LIST, {**words})


def _plain(values: dict[str, object]) -> dict[str, str | int]:
    return {name: value if isinstance(value, int) else str(value)[:60] for name, value in values.items()}


_READERS: dict[Kind, Callable[[Column, str, date], str | Fault]] = {
    Kind.IDENTITY: _identity,
    Kind.CODE: _code,
    Kind.INTEGER: _integer,
    Kind.MONEY: _money,
    Kind.DATE: _date,
    Kind.ENUM: _enum,
}
