"""Pages of probable duplicates: pairs to look at, two records side by side, merged and taken apart again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.kernel.errors import RuleError
from fourdoors.register.rules import PairState
from fourdoors.register.selectors import pairs_visible_to, worker_file
from fourdoors.register.services import (
    find_duplicates,
    look_at_worker,
    merge_pair,
    reopen_pair,
    tell_apart,
)
from fourdoors.web import words
from fourdoors.web.desk import for_duties, now, officer_of, page_of
from fourdoors.web.person import facts_of
from fourdoors.web.refusals import words_for

DECIDES = (Duty.COUNTY, Duty.TOWNSHIP, Duty.PREFECTURE, Duty.PROVINCE)
SEEKS = (Duty.COUNTY, Duty.TOWNSHIP)  # while the page waits; more is ``fourdoors duplicates``
ASPECTS = {"name": _("Name"), "birth": _("Born"), "place": _("Village"), "phone": _("Mobile phone")}
SAYS = {
    "same": _("same"),
    "sound": _("sounds the same"),
    "near": _("nearly the same"),
    "township": _("same township"),
    "county": _("same county"),
    "family": _("shared by a household"),
    "unknown": _("one is not known"),
    "other": _("different"),
}


@require_GET
@for_duties(*TERRITORIAL)
def pair_list(request: HttpRequest) -> HttpResponse:
    """Show the pairs of one state, the surest first."""
    officer = officer_of(request)
    named = request.GET.get("state", "")
    state = PairState(named) if named in list(PairState) else PairState.OPEN
    page = page_of(request, pairs_visible_to(officer, state=state))
    context = {
        "title": gettext("Probable duplicates"),
        "page": page,
        "rows": [{"pair": pair, "says": _says(pair)} for pair in page],
        "tabs": [{"value": it.value, "words": words.term(it), "current": it is state} for it in PairState],
        "may_seek": officer.duty in SEEKS,
        "roads": [(reverse("worker_list"), gettext("Workers"))],
    }
    return render(request, "office/register/pair_list.html", context)


def _says(pair: Any) -> list[tuple[str, str, bool]]:
    """Return what the two say: aspect, words, whether it speaks for one person."""
    return [
        (str(label), str(SAYS[pair.says[name]]), pair.says[name] not in ("other", "unknown"))
        for name, label in ASPECTS.items()
    ]


@require_POST
@for_duties(*SEEKS)
def pair_seek(request: HttpRequest) -> HttpResponse:
    """Compare the records of the officer's territory with each other."""
    found = find_duplicates(by=officer_of(request), at=now())
    messages.success(request, gettext("%(found)d new pairs were found.") % {"found": found})
    return redirect("pair_list")


@require_GET
@for_duties(*TERRITORIAL)
def pair_detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show two records side by side; that somebody looked at both is written to the trail."""
    officer = officer_of(request)
    pair = get_object_or_404(pairs_visible_to(officer), pk=number)
    sides = [
        {fact.label: fact.value for fact in facts_of(worker_file(worker))}
        for worker in (pair.first, pair.second)
    ]
    labels = list(dict.fromkeys([*sides[0], *sides[1]]))
    rows = [(label, sides[0].get(label, ""), sides[1].get(label, "")) for label in labels]
    context = {
        "title": gettext("One person or two?"),
        "pair": pair,
        "state": words.term(PairState(pair.state)),
        "is_open": pair.state == PairState.OPEN,
        "percent": pair.probability,
        "says": _says(pair),
        "rows": [(label, first, second, first == second) for label, first, second in rows],
        "may_decide": officer.duty in DECIDES,
        "roads": [
            (reverse("worker_list"), gettext("Workers")),
            (reverse("pair_list"), gettext("Probable duplicates")),
        ],
    }
    answer = render(request, "office/register/pair_detail.html", context)
    for worker in (pair.first, pair.second):
        look_at_worker(worker=worker, by=officer, at=now())
    return answer


@require_POST
@for_duties(*DECIDES)
def pair_decide(request: HttpRequest, number: int) -> HttpResponse:
    """Merge, tell apart, or take a decision back."""
    officer = officer_of(request)
    pair = get_object_or_404(pairs_visible_to(officer), pk=number)
    choice = request.POST.get("choice", "")
    try:
        if choice in ("first", "second"):
            keep = pair.first_id if choice == "first" else pair.second_id
            merge_pair(pair=pair, keep=keep, at=now(), by=officer)
        elif choice == "different":
            tell_apart(pair=pair, at=now(), by=officer)
        elif choice == "reopen":
            reopen_pair(pair=pair, at=now(), by=officer)
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
    else:
        messages.success(request, gettext("Done, and written to the trail."))
    return redirect("pair_detail", number)


urlpatterns = [
    path("duplicates/", pair_list, name="pair_list"),
    path("duplicates/seek/", pair_seek, name="pair_seek"),
    path("duplicates/<int:number>/", pair_detail, name="pair_detail"),
    path("duplicates/<int:number>/decide/", pair_decide, name="pair_decide"),
]
