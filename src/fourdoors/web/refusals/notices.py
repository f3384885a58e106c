"""Refusals of the outbox."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "address_missing": _("There is no phone to reach this worker by. Choose paper."),
}
