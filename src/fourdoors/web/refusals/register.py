"""Refusals of the register."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "move_not_named": _("A consent to move names one move, and only such a consent does."),
    "proxy_nameless": _(
        "Write the name of the relative who speaks for the worker; otherwise choose another way."
    ),
}
