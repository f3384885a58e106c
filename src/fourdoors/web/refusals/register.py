"""Refusals of the register."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "certificate_known": _(
        "%(issuer)s gave the number %(number)s to somebody else. Read it again from the paper."
    ),
    "status_overlaps": _(
        "The household has this status already on some days from %(from_on)s on. End the earlier one first."
    ),
    "too_many_numbers": _(
        "%(lines)d numbers; at most %(limit)d are looked up at once. Paste a shorter list."
    ),
    "under_working_age": _(
        "%(name)s is under %(minimum_age)d. Only people who may work are registered; nothing was written."
    ),
    "whole_identity": _("Whole identity numbers are for county officers only."),
    "worker_elsewhere": _(
        "This identity number is registered in another place. Ask that office to hand %(name)s over."
    ),
    "worker_known": _("This identity number is registered already, as %(name)s."),
    "ground_moved": _("What is known changed meanwhile, so this change has lost its ground. Reject it."),
    "household_elsewhere": _(
        "Household %(number)s lives in a village that you do not answer for. Ask the county office."
    ),
    "membership_overlaps": _(
        "The worker belongs to a household after %(from_on)s already. Choose a later day."
    ),
    "nothing_changes": _("It is known so already; nothing was written."),
    "proposal_decided": _("Somebody decided on this change already. Look at it again."),
    "reason_missing": _("Say why it is rejected."),
    "second_person": _("Another officer of the county decides, not the one who wrote it."),
    "two_person_fact_set": _("This is decided already for some of these days. End the earlier one first."),
    "keys_in_use": _("%(fields)d fields are still sealed with older keys. Rotate once more first."),
    "list_too_long": _("%(rows)d people; at most %(limit)d go into one workbook. Narrow the list first."),
    "move_not_named": _("A consent to move names one move, and only such a consent does."),
    "pair_decided": _("Somebody decided on this pair already. Look at it again."),
    "worker_merged": _("One of the two records is part of another merge. Take that one back first."),
    "proxy_nameless": _(
        "Write the name of the relative who speaks for the worker; otherwise choose another way."
    ),
}
