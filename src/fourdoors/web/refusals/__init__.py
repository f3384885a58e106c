"""The words of every refusal: one file a step, one sentence for each code of ``RuleError``."""

import importlib
import pkgutil

from django.utils.functional import Promise
from django.utils.translation import gettext

from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.terms import Term

Words = dict[str, str | Promise]


def _all() -> Words:
    words: Words = {}
    for module in pkgutil.iter_modules(__path__):
        words |= importlib.import_module(f"{__name__}.{module.name}").REFUSALS
    return words


REFUSALS: Words = _all()


def words_for(refusal: RuleError) -> str:
    """Return the sentence that the person at the desk reads."""
    return str(REFUSALS[refusal.code]) % {name: _said(value) for name, value in refusal.values.items()}


def _said(value: object) -> object:
    """Say a term of the field, or several, in the reader's language."""
    if isinstance(value, Term):
        return gettext(value.en)
    if isinstance(value, list):
        return gettext(", ").join(str(_said(item)) for item in value)
    return value
