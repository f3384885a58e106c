"""The trail of deeds: who did what and when, and whether the chain of hashes holds."""

import json
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fourdoors.accounts.rules import Duty
from fourdoors.accounts.selectors import DeedsSought, deeds_visible_to, heads_of_the_trail
from fourdoors.accounts.services import check_trail
from fourdoors.web import words
from fourdoors.web.desk import for_duties, now, officer_of, page_of

AUDITORS = (Duty.AUDITOR, Duty.PROVINCE)
# The first word of an action is the room it was done in.
ROOMS: dict[str, Promise] = {
    "accounts": _("Accounts"),
    "intake": _("Files"),
    "notices": _("Notices"),
    "register": _("Workers"),
    "partners": _("Cooperation"),
    "recruitment": _("Vacancies"),
    "placements": _("Matching"),
    "training": _("Training"),
    "travel": _("Point to point"),
    "employment": _("Work and pay"),
    "subsidies": _("Subsidies"),
    "statistics": _("Releases"),
}
FAULTS: dict[str, Promise] = {
    "missing": _("a deed is missing"),
    "changed": _("the deed was changed"),
    "cut short": _("deeds were taken from the end"),
    "head changed": _("the head of the chain was changed"),
}


class DeedFilter(forms.Form):
    action = forms.CharField(label=_("Action"), max_length=60, required=False)
    officer = forms.CharField(label=_("Officer"), max_length=40, required=False)
    on = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    object = forms.IntegerField(required=False, widget=forms.HiddenInput)


@require_GET
@for_duties(*AUDITORS)
def deed_list(request: HttpRequest) -> HttpResponse:
    """Show the deeds of the officer's counties, narrowed by action, officer and day."""
    form = DeedFilter(request.GET)
    sought = form.cleaned_data if form.is_valid() else {}
    found = deeds_visible_to(
        officer_of(request),
        DeedsSought(
            action=sought.get("action", ""),
            officer=sought.get("officer", ""),
            on=sought.get("on"),
            object_id=sought.get("object"),
        ),
    )
    page = page_of(request, found)
    context = {
        "title": gettext("Trail of deeds"),
        "form": form,
        "page": page,
        "rows": [_row(deed) for deed in page],
        "rooms": [{"name": f"{name}.", "label": label} for name, label in ROOMS.items()],
        "filtered": any(request.GET.values()),
    }
    return render(request, "office/audit/deed_list.html", context)


def _row(deed: Any) -> dict[str, Any]:
    return {
        "at": deed.at,
        "officer": deed.officer,
        "room": ROOMS.get(deed.action.partition(".")[0], ""),
        "action": deed.action,
        "place": words.place(deed.chain * 1_000_000) if deed.chain else gettext("The province"),
        "number": f"{deed.chain}/{deed.number}",
        "values": json.dumps(deed.values, ensure_ascii=False, sort_keys=True) if deed.values else "",
        "hash": deed.hash,
    }


@require_POST
@for_duties(*AUDITORS)
def trail_check(request: HttpRequest) -> HttpResponse:
    """Walk the trail from the first deed to the last and name what does not hold."""
    breaks = check_trail(by=officer_of(request), at=now())
    heads = heads_of_the_trail()
    context = {
        "title": gettext("Check of the trail"),
        "breaks": [{"chain": one.chain, "number": one.number, "fault": FAULTS[one.fault]} for one in breaks],
        "chains": len(heads),
        "deeds": sum(head.number for head in heads),
        "heads": heads,
        "at": now(),
    }
    return render(request, "office/audit/trail_check.html", context)


urlpatterns = [
    path("audit/", deed_list, name="deed_list"),
    path("audit/check/", trail_check, name="trail_check"),
]
