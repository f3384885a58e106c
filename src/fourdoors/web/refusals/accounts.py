"""Refusals of accounts."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "link_spent": _("This link has been used or is too old."),
}
