"""The words of every refusal: one file a step, one sentence for each code of ``RuleError``."""

import importlib
import pkgutil

from django.utils.functional import Promise

from fourdoors.kernel.errors import RuleError

Words = dict[str, str | Promise]


def _all() -> Words:
    words: Words = {}
    for module in pkgutil.iter_modules(__path__):
        words |= importlib.import_module(f"{__name__}.{module.name}").REFUSALS
    return words


REFUSALS: Words = _all()


def words_for(refusal: RuleError) -> str:
    """Return the sentence that the person at the desk reads."""
    return str(REFUSALS[refusal.code]) % refusal.values
