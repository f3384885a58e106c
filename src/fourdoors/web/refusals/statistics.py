"""Refusals of statistics."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "period_ahead": _(
        "The period ends on %(to_on)s and today is %(today)s: what is still to come cannot be frozen."
        " Choose an earlier last day."
    ),
    "period_empty": _(
        "The period ends on %(to_on)s, before it begins on %(from_on)s. Choose a later last day."
    ),
    "release_already_signed": _("Release %(number)s is signed already. Nothing was changed."),
    "release_number_taken": _("Release %(number)s exists already. Give a correction a number of its own."),
    "release_not_signed": _(
        "Nobody has signed release %(number)s yet: it is not for the public. A second officer signs it."
    ),
    "release_own": _("You froze release %(number)s yourself: another officer has to sign it."),
}
