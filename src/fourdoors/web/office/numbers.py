"""A pasted list of identity numbers, answered line by line."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from fourdoors.accounts.rules import TERRITORIAL
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.identity import masked_identity
from fourdoors.register.rules import read_pasted
from fourdoors.register.selectors import PastedAnswer
from fourdoors.register.services import look_up_numbers
from fourdoors.web.desk import for_duties, now, officer_of, today
from fourdoors.web.office.register_forms import NumbersForm
from fourdoors.web.refusals import words_for


@require_http_methods(["GET", "POST"])
@for_duties(*TERRITORIAL)
def worker_numbers(request: HttpRequest) -> HttpResponse:
    """Answer a pasted list of identity numbers line by line."""
    form, rows = NumbersForm(request.POST or None), []
    if form.is_valid():
        pasted = read_pasted(form.cleaned_data["numbers"], on=today())
        try:
            rows = [_answer(it) for it in look_up_numbers(pasted=pasted, by=officer_of(request), at=now())]
        except RuleError as refusal:
            form.add_error("numbers", words_for(refusal))
    context = {
        "title": gettext("Look up a list of numbers"),
        "form": form,
        "rows": rows,
        "found": sum(row["worker"] is not None for row in rows),
        "broken": sum(row["fault"] != "" for row in rows),
        "missing": sum(row["worker"] is None and not row["fault"] for row in rows),
        "roads": [(reverse("worker_list"), gettext("Workers"))],
    }
    return render(request, "office/register/worker_numbers.html", context)


def _answer(answer: PastedAnswer) -> dict[str, Any]:
    fault = answer.pasted.fault
    return {
        "line": answer.pasted.line,
        "number": masked_identity(answer.pasted.number),
        "fault": words_for(fault) if fault else "",
        "worker": answer.worker,
        "first_line": answer.first_line,
    }


urlpatterns = [path("workers/numbers/", worker_numbers, name="worker_numbers")]
