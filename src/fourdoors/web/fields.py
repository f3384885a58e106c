"""Fields that several forms share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fourdoors.kernel.divisions import Level, find_by_names, find_division, level_of
from fourdoors.web.words import whole_place


class PlaceField(forms.CharField):
    """A division typed as names from the province down (``山东 青岛 胶州``), or as its 12-digit code.

    ``deepest`` is the finest level that is taken.
    """

    def __init__(self, *, deepest: Level = Level.VILLAGE, **options: Any) -> None:
        options.setdefault("help_text", _("Names from the province down, with spaces: 山东 青岛 胶州."))
        options.setdefault("max_length", 60)
        super().__init__(**options)
        self.deepest = deepest

    def clean(self, value: Any) -> Any:
        """Return the 12-digit code, or None where nothing was typed."""
        typed = super().clean(value)
        if not typed:
            return None
        code = int(typed) if typed.isdecimal() and len(typed) == 12 else find_by_names(typed.split())
        if code is None or find_division(code) is None:
            raise ValidationError(
                _("No place, or more than one, is called “%(typed)s”. Write the province before it."),
                params={"typed": typed},
            )
        if level_of(code) > self.deepest:
            raise ValidationError(
                _("%(place)s is too small a place here."), params={"place": whole_place(code)}
            )
        return code

    def prepare_value(self, value: Any) -> Any:
        """Show a code as its names."""
        return whole_place(value) if isinstance(value, int) else value
