"""One cell: from what was typed to what is stored, or the fault that says why not."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

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
from fourdoors.kernel.money import fen_of_yuan_text, yuan_text
from fourdoors.kernel.periods import Month
from fourdoors.kernel.terms import (
    NOT_STATED,
    Channel,
    ChannelOfJob,
    Education,
    LabourCapacity,
    PaymentResult,
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
    "result": PaymentResult,
}
# What a row may say to be unknown, as a filled form of ours does; the merge asks for it where it needs it.
_MAY_BE_UNKNOWN = {"work_monitor_out": frozenset({"employer_name", "industry", "monthly_income"})}
_OPEN_EDUCATION = frozenset({"不限", "无", "无要求", "学历不限"})  # what a job list writes for "any"
_YES_NO = {"是": "yes", "有": "yes", "√": "yes", "Y": "yes", "否": "no", "无": "no", "×": "no", "N": "no"}
_WRITTEN = {"yes": "是", "no": "否"}
_DAY = re.compile(r"([0-9]{4})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})日?( [0-9:]+)?", re.ASCII)
_TIGHT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_SERIAL = re.compile(r"[1-7][0-9]{4}", re.ASCII)  # days since 30 December 1899: a date whose format was lost
_SERIAL_BEGINS = date(1899, 12, 30)
_VAGUE_DAY = re.compile(r"(?:([0-9]{4})[-./年])?([0-9]{1,2})(月份?)?(.{0,3})", re.ASCII)
_OCTOBER_OR_NOT = re.compile(r"[0-9]{4}\.1", re.ASCII)  # 2020.10 typed as a number is stored like this
_PARTS_OF_A_MONTH = {"": 1, "初": 1, "上旬": 1, "中": 11, "中旬": 11, "下旬": 21}  # 旬: ten days
_ENDS_OF_A_MONTH = frozenset({"底", "末"})
_NUMBER = re.compile(r"([0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3})+)(\.0*)?(个月|月|人|名)?", re.ASCII)
_WAN = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,4})?)万(人|名)?", re.ASCII)
_DISABILITY_LENGTH = 20  # a disability card's number is the identity number, kind and degree
_IDENTITY_LENGTH = 18
_LONG_NUMBER = re.compile(r"([0-9]{3})[0-9]{4,}([0-9][0-9Xx])", re.ASCII)
_SAMPLE_LENGTH = 24


def masked_sample(text: str) -> str:
    """Return a cell that helps to tell what its column holds, and no more: long numbers are masked.

    >>> masked_sample("991101199003074527"), masked_sample("13893901234"), masked_sample("马秀英")
    ('991***27', '138***34', '马秀英')
    """
    return _LONG_NUMBER.sub(r"\1***\2", unicodedata.normalize("NFKC", text))[:_SAMPLE_LENGTH]


def read_cell(column: Column, text: str, on: date) -> str | Fault:
    """Return the cell as it is stored: a word's code, a day as ISO, money in fen, else the tidy text."""
    return _READERS.get(column.kind, _as_it_is)(column, text, on)


def written_cell(column: Column, stored: str) -> str:
    """Return a stored cell as its form writes it: the inverse of ``read_cell`` for people to look at.

    Raises:
        ValueError: the cell holds no code of the column's list.
    """
    if not stored:
        return ""
    if column.kind is Kind.MONEY:
        return yuan_text(int(stored))
    if column.kind is Kind.ENUM:
        return TERMS[column.key](stored).zh if column.key in TERMS else _WRITTEN.get(stored, stored)
    return stored


def day_of(text: str) -> date | None:
    """Read a day as cadres type it, or None: no month alone, no "early March" (see ``assumed_day``).

    A whole number of five digits is a date that lost its format: days as spreadsheets count them.

    >>> day_of("2020.3.1") == day_of("20200301") == day_of("2020年3月1日") == date(2020, 3, 1)
    True
    >>> day_of("43891")
    datetime.date(2020, 3, 1)
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if _SERIAL.fullmatch(plain):
        return _SERIAL_BEGINS + timedelta(days=int(plain))
    found = _DAY.fullmatch(plain) or _TIGHT_DAY.fullmatch(plain)
    try:
        return date(*map(int, found.groups()[:3])) if found else None
    except ValueError:
        return None


def assumed_day(text: str, *, on: date) -> date | None:
    """Read what names a month, or a part of it, as its first day; 月底 as its last. None where it is neither.

    A day without its year is the latest one that is not after ``on``. ``2020.1`` is nothing: typed as a
    number, October is stored like that too.

    >>> assumed_day("3月初", on=date(2020, 5, 1)), assumed_day("2019年12月底", on=date(2020, 5, 1))
    (datetime.date(2020, 3, 1), datetime.date(2019, 12, 31))
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    found = _VAGUE_DAY.fullmatch(plain)
    if not found or not (found[1] or found[3]) or _OCTOBER_OR_NOT.fullmatch(plain):
        return None
    month, part = int(found[2]), found[4]
    try:
        if found[1]:
            return _in_month(int(found[1]), month, part)
        day = _in_month(on.year, month, part)
        return _in_month(on.year - 1, month, part) if day > on else day
    except (KeyError, ValueError):
        return None


def _in_month(year: int, month: int, part: str) -> date:
    if part in _ENDS_OF_A_MONTH:
        return Month(year, month).last_on
    day = part.rstrip("日号")
    return date(year, month, int(day) if day.isdigit() else _PARTS_OF_A_MONTH[part])


def _as_it_is(column: Column, text: str, on: date) -> str | Fault:
    return unicodedata.normalize("NFC", text)


def stated(form: str, raw: Mapping[str, str]) -> Mapping[str, str]:
    """Return the cells of a row without those that say of themselves that they are not known yet (未填报)."""
    unknown = _MAY_BE_UNKNOWN.get(form, frozenset())
    return {key: text for key, text in raw.items() if key not in unknown or text.strip() != NOT_STATED}


def _identity(column: Column, text: str, on: date) -> str | Fault:
    if "****" in text:
        return Fault(column.key, Code.MASKED)
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
    if "****" in text:
        return Fault(column.key, Code.MASKED)
    first = re.split(r"[/、,，;；]", text.strip())[0]
    phone = normalised_phone(first)
    if is_mobile_phone(phone) or re.fullmatch(r"0[0-9]{9,11}", phone):
        return phone
    return Fault(column.key, Code.PHONE_FORM, {"text": masked_phone(phone)})


def _integer(column: Column, text: str, on: date) -> str | Fault:
    plain = unicodedata.normalize("NFKC", text).strip()
    if wan := _WAN.fullmatch(plain):
        return str(int(Decimal(wan[1]) * 10_000))
    found = _NUMBER.fullmatch(plain)
    return (
        str(int(found[1].replace(",", "")))
        if found
        else Fault(column.key, Code.NOT_A_NUMBER, {"text": text[:30]})
    )


def _money(column: Column, text: str, on: date) -> str | Fault:
    try:
        return str(fen_of_yuan_text(text))
    except RuleError as refusal:
        return Fault(column.key, refusal.code, _plain(refusal.values))


def _date(column: Column, text: str, on: date) -> str | Fault:
    if day := day_of(text):
        return day.isoformat()
    if day := assumed_day(text, on=on):
        is_birth = column.key == "born_on"  # 出生年月: the identity number knows the day
        return day.isoformat()[:7] if is_birth else day.isoformat()
    return Fault(column.key, Code.NOT_A_DAY, {"text": text[:30]})


def _enum(column: Column, text: str, on: date) -> str | Fault:
    if column.key in TERMS:
        if (value := _word(column.key, text)) is not None:
            return value
        if column.key == "education" and text.strip() in _OPEN_EDUCATION:
            return ""
    elif (answer := _YES_NO.get(text.strip().upper())) is not None:
        return answer
    elif text.strip() in column.choices:
        return text.strip()
    words = {"text": text[:30], "choices": "、".join(column.choices[:8])}
    return Fault(column.key, Code.NOT_IN_LIST, {**words})


@lru_cache(maxsize=1 << 12)
def _word(key: str, text: str) -> str | None:
    """Return the code of a word of a list; a column repeats a few words very often."""
    term = TERMS[key].read(text)
    return None if term is None else term.value


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
