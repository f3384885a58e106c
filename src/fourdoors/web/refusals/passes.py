"""Refusals of a pass at a door."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "pass_malformed": _("This is not one of our passes, or it is damaged. Try the short code under it."),
    "pass_unknown_key": _("This device does not know who issued the pass. Update its keys on line."),
    "pass_forged": _(
        "The signature does not fit: the pass may be forged. Look the person up in the manifest."
    ),
    "pass_expired": _("The pass ended at %(expires_at)s."),
    "pass_not_yet": _("The pass is not good before %(not_before_at)s."),
    "pass_wrong_trip": _("The pass is for trip %(trip)s, seat %(seat)s; this is trip %(here)s."),
    "pass_code_mistyped": _("This is not a short code: one character is wrong or missing. Type it again."),
    "trust_malformed": _("The list of keys is not ours or is damaged. The phone keeps the one it has."),
    "trust_older": _("The list of keys is older than the one on this phone, which is kept."),
}
