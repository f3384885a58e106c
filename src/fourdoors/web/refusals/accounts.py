"""Refusals of accounts."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "duty_without_place": _("An officer with the duty %(duty)s needs a territory or an organisation."),
    "link_spent": _("This link has been used or is too old."),
}
