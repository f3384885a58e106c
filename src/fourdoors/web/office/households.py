"""Pages of households: what one is and was, by day."""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from fourdoors.accounts.rules import TERRITORIAL
from fourdoors.kernel.terms import RelationToHead
from fourdoors.register.rules import ProposalState
from fourdoors.register.selectors import household_file, households_visible_to
from fourdoors.web import words
from fourdoors.web.desk import for_duties, officer_of, today
from fourdoors.web.office.changes import CADRES, shown
from fourdoors.web.office.register_forms import DayForm
from fourdoors.web.person import source_words, status_words


@require_GET
@for_duties(*TERRITORIAL)
def household_detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show one household as it was on a day, and all that was ever recorded of it."""
    household = get_object_or_404(households_visible_to(officer_of(request)), pk=number)
    form = DayForm({"on": request.GET.get("on") or today()})
    on: datetime.date = form.cleaned_data["on"] if form.is_valid() else today()
    file = household_file(household, on=on)
    context = {
        "title": gettext("Household %(number)s") % {"number": household.number},
        "household": household,
        "form": form,
        "on": on,
        "members": [_member(it) for it in file.members],
        "statuses": [status_words(it.kind) for it in file.statuses],
        "all_members": [_member(it) for it in file.all_members],
        "all_statuses": [_status(it) for it in file.all_statuses],
        "proposals": [shown(it) for it in file.proposals if it.state == ProposalState.OPEN.value],
        "may_write": officer_of(request).duty in CADRES,
        "roads": [(reverse("worker_list"), gettext("Workers"))],
    }
    return render(request, "office/register/household_detail.html", context)


def _member(membership: Any) -> dict[str, Any]:
    return {
        "pk": membership.worker_id,
        "name": membership.worker.name,
        "relation": words.term(RelationToHead(membership.relation)),
        "from_on": membership.from_on,
        "to_on": membership.to_on,
        "grade": membership.grade,
        "source": source_words(membership.source),
    }


def _status(status: Any) -> dict[str, Any]:
    return {
        "words": status_words(status.kind),
        "from_on": status.from_on,
        "to_on": status.to_on,
        "grade": status.grade,
        "source": source_words(status.source),
    }


urlpatterns = [path("households/<int:number>/", household_detail, name="household_detail")]
