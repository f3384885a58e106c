"""Every word that the gate says without a network, in the language of the moment."""

from typing import Any

from django.utils.translation import gettext as _

from fourdoors.travel.rules import Verdict
from fourdoors.web.gate.doors import ANSWERS
from fourdoors.web.refusals import REFUSALS

UNREAD = (
    "pass_malformed", "pass_unknown_key", "pass_forged", "pass_expired", "pass_not_yet",
    "pass_code_mistyped",
)  # fmt: skip


def gate_words() -> dict[str, Any]:
    """Return the words: a tone, a title and what to do for each answer, and the signs of the page."""
    answers = {
        verdict.value: {"tone": tone, "title": _(verdict.en), "todo": str(todo)}
        for verdict, (tone, todo) in ({Verdict.ACCEPTED: ("go", "")} | ANSWERS).items()
    }
    answers |= {
        code: {"tone": "stop", "title": _("Cannot be read"), "todo": str(REFUSALS[code])} for code in UNREAD
    }
    wrong = answers[Verdict.WRONG_TRIP]
    wrong["todo"] = f"{REFUSALS['pass_wrong_trip']} {wrong['todo']}"
    unknown = _("Nobody on the list of this phone has this code. Look the rider up by name.")
    answers["pass_unknown"] = {"tone": "stop", "title": _("Not on the list"), "todo": unknown}
    return {"answers": answers} | _signs() | _stories()


def _signs() -> dict[str, str]:
    return {
        "rider": _("%(name)s · seat %(number)s"),
        "on_line": _("On line"),
        "off_line": _("Works without network"),
        "waiting": _("%(count)s not sent yet: they go by themselves when a network is there."),
        "list": _("List %(version)s, %(hours)s h old"),
        "list_old": _("The list is %(hours)s h old. Boarding goes on; connect to a network when you can."),
        "list_too_old": _("The list is %(hours)s h old. Each rider now needs your word."),
        "ahead": _("The clock of this phone is %(minutes)s minutes ahead; the times are corrected."),
        "behind": _("The clock of this phone is %(minutes)s minutes behind; the times are corrected."),
        "ready": _("Ready: everything needed without a network is on this phone."),
        "call": _("Call"),
    }


def _stories() -> dict[str, str]:
    return {
        "not_kept": _("This scan was not kept"),
        "full": _("The memory of this phone is full. Write the name on paper, delete pictures, scan again."),
        "broken": _("The phone could not keep the scan. Write the name on paper and scan again."),
        "spent": _("This code for a phone was used or is older than 15 minutes. Ask for a new one."),
        "no_network": _("Preparing a phone needs a network once. Connect, and open the code again."),
        "closed": _("The trip is over. Everything about it was removed from this phone."),
        "over_waiting": _("The trip is over. Its list was removed; scans wait for a network."),
        "shut": _("This phone was shut out by the office. Everything about the trip was removed from it."),
    }
