"""The words of every refusal: one file a step, one sentence for each code of ``RuleError``."""

import importlib
import pkgutil
from collections.abc import Mapping
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.periods import Month
from fourdoors.kernel.terms import Term
from fourdoors.web import words

Words = dict[str, str | Promise]


def _all() -> Words:
    found: Words = {}
    for module in pkgutil.iter_modules(__path__):
        found |= importlib.import_module(f"{__name__}.{module.name}").REFUSALS
    return found


REFUSALS: Words = _all()


def words_for(refusal: RuleError) -> str:
    """Return the sentence that the person at the desk reads."""
    return words_of_code(refusal.code, refusal.values)


def words_of_code(code: str, values: Mapping[str, object]) -> str:
    """Return the sentence of a refusal that was kept by its code and values."""
    return str(REFUSALS[code]) % {name: _said(value) for name, value in values.items()}


_BROKE_OFF = _(
    "It broke off before its end; nothing was written. Do it again; if it breaks off again, tell whoever "
    "keeps the machine."
)


def words_for_failed(code: str) -> str:
    """Return why something that the queue does broke off, and what to do.

    Args:
        code: as its record keeps it. The values of the refusal are not kept: one whose sentence needs them,
            and a fault of the program, are said in general.
    """
    said = str(REFUSALS.get(code, _BROKE_OFF))
    return str(_BROKE_OFF) if "%(" in said else said


def _said(value: object) -> object:
    """Say a term of the field, a day or several of them in the reader's language."""
    match value:
        case Term():
            return gettext(value.en)
        case list():
            return _joined([str(_said(item)) for item in value])
        case datetime():
            return words.moment(value)
        case date():
            return words.day(value)
        case Month():
            return words.month(value.first_on)
    return value


def _joined(items: list[str]) -> str:
    """Join by commas, or by semicolons where an item holds a comma of its own."""
    comma = gettext(", ")
    return (gettext("; ") if any(comma in item for item in items) else comma).join(items)
