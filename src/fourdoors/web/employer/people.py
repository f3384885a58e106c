"""An employer's people: who said yes and is waited for by name, and who comes on which day."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fourdoors.accounts.rules import Duty
from fourdoors.employment.selectors import placements_at_work
from fourdoors.kernel.errors import RuleError
from fourdoors.placements.selectors import offers_to, placements_visible_to
from fourdoors.placements.services import answer_as_employer
from fourdoors.training.selectors import lacking_certificate
from fourdoors.web.desk import for_duties, now, officer_of, page_of
from fourdoors.web.matching import fill_again
from fourdoors.web.refusals import words_for


@require_GET
@for_duties(Duty.EMPLOYER)
def joining_list(request: HttpRequest) -> HttpResponse:
    """Show who waits for an answer, and the people placed here by first day; nothing of the register."""
    coming = list(placements_visible_to(officer_of(request))[:500])
    numbers = [placement.pk for placement in coming]
    context = {
        "title": gettext("Joining us"),
        "waiting": page_of(request, _waiting(request)),
        "coming": coming,
        "lacking": lacking_certificate(numbers),
        "at_work": placements_at_work(numbers),
    }
    return render(request, "employer/placements/joining_list.html", context)


def _waiting(request: HttpRequest) -> Any:
    return offers_to(officer_of(request).organisation or 0).order_by("answered_at", "pk")


@require_POST
@for_duties(Duty.EMPLOYER)
def joining_answer(request: HttpRequest, number: int) -> HttpResponse:
    """Take a person, or not, by name."""
    said = request.POST.get("takes", "")
    if said not in ("yes", "no"):
        raise Http404
    offer = get_object_or_404(_waiting(request), pk=number)
    try:
        answer_as_employer(offer=offer, takes=said == "yes", at=now(), by=officer_of(request))
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
    else:
        if said == "no":
            fill_again(offer, at=now())
        taken, not_taken = gettext("%(name)s is taken."), gettext("%(name)s is not taken.")
        messages.success(request, (taken if said == "yes" else not_taken) % {"name": offer.shown_name})
    return redirect("joining_list")


urlpatterns = [
    path("joining/", joining_list, name="joining_list"),
    path("joining/<int:number>/answer/", joining_answer, name="joining_answer"),
]
