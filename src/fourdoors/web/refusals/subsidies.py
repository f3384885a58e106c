"""Refusals of subsidies."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "policy_unsound": _("The policy file %(key)s does not say what it should at “%(place)s”."),
}
