"""The words of forms, states, counts and reasons on the pages of intake."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fourdoors.intake.rules import Severity, State

FORM_WORDS = {
    "national_member_export": _("Household roster (national member export)"),
    "transfer_ledger": _("Ledger of people working away"),
    "job_list": _("Job list"),
    "work_monitor_out": _("Monthly work monitoring"),
    "household_wage_quarterly": _("Household income by quarter"),
    "payment_list": _("Payment list as the bank sent it back"),
    "training_roster": _("Class roster"),
    "training_results": _("Results of a class"),
    "yiliang_person": _("County register of household members"),
    "p2p_manifest_person": _("Coach sheet: the travellers"),
    "travel_subsidy_form": _("Application for a travel subsidy"),
}
# Papers that come back as files, and are not read: whoever looks for them here is told why.
UNREAD_WORDS = {
    "health_followup": _("Check before departure, without health answers"),
    "p2p_manifest_vehicle": _("Coach sheet: the vehicle"),
    "p2p_handover": _("Coach sheet: the handover"),
    "training_certificates": _("Certificates of a class"),
    "class_application": _("Application to open a class"),
}
PAPER_WORDS = FORM_WORDS | UNREAD_WORDS | {"payment_list": _("Payment list")}
STATE_WORDS = {
    State.RECEIVED: _("its columns wait for you"),
    State.MAPPED: _("being read"),
    State.CHECKED: _("waits for a decision"),
    State.IN_REVIEW: _("in review"),
    State.MERGING: _("being merged"),
    State.MERGED: _("merged"),
    State.REFUSED: pgettext_lazy("intake", "refused"),
    State.FAILED: _("broke off, nothing was written"),
}
STATE_TONES = {
    State.MERGED: "good",
    State.REFUSED: "off",
    State.FAILED: "bad",
    State.CHECKED: "look",
    State.IN_REVIEW: "look",
    State.RECEIVED: "look",
}
COUNT_WORDS = {
    "rows": _("Rows"),
    "ready": _("Ready to merge"),
    "new": _("New"),
    "changed": _("Changed"),
    "unchanged": _("Unchanged"),
    "left_out": _("Left out: under 16"),
    "faulty": _("Stay out"),
    "notes": _("Notes"),
}
SEVERITY_WORDS = {
    Severity.STOP: _("to correct"),
    Severity.EXPLAIN: _("to correct or explain"),
    Severity.NOTE: _("for your notice"),
}
SEVERITY_TONES = {Severity.STOP: "bad", Severity.EXPLAIN: "look", Severity.NOTE: "off"}
