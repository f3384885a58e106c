"""Empty forms; and a county's own: take a template out, edit it in Excel, send it back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.engines.sheets import FORMS, template
from fourdoors.intake.selectors import county_forms, form_of
from fourdoors.intake.services import drop_county_form, keep_county_form
from fourdoors.kernel.errors import RuleError
from fourdoors.web.desk import for_duties, now, officer_of
from fourdoors.web.office.intake import XLSX
from fourdoors.web.office.intake_words import PAPER_WORDS
from fourdoors.web.refusals import words_for


class TemplateForm(forms.Form):
    form = forms.ChoiceField(label=_("Which form"), choices=list(PAPER_WORDS.items()))
    file = forms.FileField(
        label=_("File"), help_text=_("An Excel file made from the template; do not take its hidden row away.")
    )


@require_http_methods(["GET", "POST"])
@for_duties(Duty.COUNTY)
def county_form_list(request: HttpRequest) -> HttpResponse:
    """Show which forms the county has of its own, and take an edited template."""
    form = TemplateForm(request.POST or None, request.FILES or None)
    if form.is_valid() and _kept(request, form):
        return redirect("county_form_list")
    own = county_forms(officer_of(request).lo)
    context = {
        "title": gettext("Forms of this county"),
        "form": form,
        "rows": [{"key": key, "form": label, "own": own.get(key)} for key, label in PAPER_WORDS.items()],
        "roads": [(reverse("import_list"), gettext("Files brought in"))],
    }
    return render(request, "office/intake/county_form_list.html", context)


def _kept(request: HttpRequest, form: TemplateForm) -> bool:
    said: dict[str, Any] = form.cleaned_data
    try:
        kept = keep_county_form(
            form=said["form"], data=said["file"].read(), name=said["file"].name, at=now(),
            by=officer_of(request),
        )  # fmt: skip
    except RuleError as refusal:
        form.add_error("file", words_for(refusal))
        return False
    text = gettext("Kept. The form has %(columns)d columns now.") % {"columns": len(kept.columns)}
    if kept.ignored:
        text += gettext("Not known and left out: %(titles)s.") % {"titles": "、".join(kept.ignored)}
    messages.success(request, text)
    return True


@require_GET
@for_duties(Duty.COUNTY)
def county_form_template(request: HttpRequest, form: str) -> HttpResponse:
    """Give the county's version of a form as a template that may be edited."""
    if form not in FORMS:
        raise Http404
    data = template(form_of(form, officer_of(request).lo), may_be_edited=True)
    answer = HttpResponse(data, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{form}-template.xlsx"'
    return answer


@require_POST
@for_duties(Duty.COUNTY)
def county_form_drop(request: HttpRequest, form: str) -> HttpResponse:
    """Go back to the form of the field."""
    if drop_county_form(form=form, at=now(), by=officer_of(request)):
        messages.success(request, gettext("The form of the field is in use again."))
    return redirect("county_form_list")


@require_GET
@for_duties(*TERRITORIAL)
def import_paper(request: HttpRequest, form: str) -> HttpResponse:
    """Give a form empty, with its lists of words and how to fill it in."""
    if form not in FORMS:
        raise Http404
    answer = HttpResponse(template(form_of(form, officer_of(request).lo)), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{form}.xlsx"'
    return answer


urlpatterns = [
    path("intake/forms/<slug:form>/", import_paper, name="import_paper"),
    path("intake/county-forms/", county_form_list, name="county_form_list"),
    path("intake/county-forms/<slug:form>/", county_form_template, name="county_form_template"),
    path("intake/county-forms/<slug:form>/drop/", county_form_drop, name="county_form_drop"),
]
