"""Forms filled in from what is known: asked for here, made in the queue, taken by who asked."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.intake.rules import ACCOUNT_FORMS, EXPORT_FORMS, ExportState
from fourdoors.intake.selectors import exports_of
from fourdoors.intake.services import ask_for_export, exports_folder, name_of_file, progress_of, take_export
from fourdoors.kernel.errors import RuleError
from fourdoors.register.rules import WHOLE_IDENTITY_DUTIES
from fourdoors.store.queue import defer
from fourdoors.web import words
from fourdoors.web.desk import for_duties, now, officer_of, page_of, today
from fourdoors.web.office.intake import XLSX
from fourdoors.web.office.intake_subjects import Offer, offer_of, subject_words
from fourdoors.web.office.intake_words import PAPER_WORDS
from fourdoors.web.office.register_forms import places_below
from fourdoors.web.refusals import words_for, words_for_failed

STATES = {
    ExportState.ASKED: (_("being made"), ""),
    ExportState.MADE: (_("ready"), "good"),
    ExportState.FAILED: (_("broke off, ask for it again"), "bad"),
    ExportState.GONE: (pgettext_lazy("file", "taken away after a day"), "off"),
}


class ExportForm(forms.Form):
    """Which form, of which place, about what; the last depends on the two before it."""

    form = forms.ChoiceField(label=_("Which form"))
    division = forms.TypedChoiceField(label=_("For which place"), coerce=int)
    about = forms.ChoiceField(required=False)

    def __init__(self, data: Any = None, *, officer: Any, said: Any = None) -> None:
        """Take ``said`` for form and place where nothing was sent yet: the page asks what they offer."""
        super().__init__(data)
        said = said or data or {}
        places = [(officer.lo, words.place(officer.lo)), *places_below(officer, None)]
        papers = [(key, PAPER_WORDS[key]) for key in EXPORT_FORMS if _may_ask(officer, key)]
        for name, choices in (("form", papers), ("division", places)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101
            field.choices = choices
        key = said.get("form") if said.get("form") in dict(papers) else papers[0][0]
        here = {str(code): code for code, _words in places}
        self._ask_about(offer_of(str(key), here.get(str(said.get("division")), officer.lo), on=today()))

    def _ask_about(self, offer: Offer) -> None:
        if not offer.label:
            del self.fields["about"]
            return
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.label, field.choices, field.required = offer.label, offer.choices, offer.required
        field.initial = offer.initial
        if not offer.choices:
            field.help_text = _("There is none in this place.")

    def clean(self) -> dict[str, Any]:
        """Return what was said; where nothing was chosen, what is usual."""
        said = super().clean() or {}
        if "about" in self.fields and "about" in said:
            said["about"] = said["about"] or self.fields["about"].initial or ""
        return {**said, "about": said.get("about", "")}


def _may_ask(officer: Any, form: str) -> bool:
    """Tell whether a form is offered: account numbers to the county office only."""
    return form not in ACCOUNT_FORMS or officer.duty == Duty.COUNTY


@require_http_methods(["GET", "POST"])
@for_duties(*TERRITORIAL)
def export_list(request: HttpRequest) -> HttpResponse:
    """Show what this officer had filled in, and take another wish."""
    officer = officer_of(request)
    form = ExportForm(request.POST or None, officer=officer)
    if form.is_valid() and _asked(request, form):
        return redirect("export_list")
    page = page_of(request, exports_of(officer), size=20)
    context = {
        "title": gettext("Forms filled in"),
        "form": form,
        "whole": officer.duty in WHOLE_IDENTITY_DUTIES,
        "page": page,
        "roads": [(reverse("import_list"), gettext("Files brought in"))],
        **_shown(page),
    }
    return render(request, "office/intake/export_list.html", context)


def _asked(request: HttpRequest, form: ExportForm) -> bool:
    officer, at, said = officer_of(request), now(), form.cleaned_data
    try:
        export = ask_for_export(
            form=said["form"], division=said["division"], about=said["about"], at=at, by=officer,
            whole_identities=officer.duty in WHOLE_IDENTITY_DUTIES,
        )  # fmt: skip
    except RuleError as refusal:
        form.add_error(None, words_for(refusal))
        return False
    defer(
        "intake.export", export_id=export.pk, division=export.division, on=today().isoformat(),
        at=at.isoformat(),
    )  # fmt: skip
    return True


def _shown(page: Any) -> dict[str, Any]:
    rows = [_row(export) for export in page]
    return {"rows": rows, "working": any(row["working"] for row in rows)}


def _row(export: Any) -> dict[str, Any]:
    state = ExportState(export.state)
    said, tone = STATES[state]
    working = state is ExportState.ASKED
    return {
        "pk": export.pk,
        "form": PAPER_WORDS[export.form],
        "about": subject_words(export.form, export.about),
        "division": export.division,
        "at": export.asked_at,
        "rows": progress_of(export=export, folder=exports_folder()) if working else export.rows,
        "sheets": export.sheets,
        "state": said,
        "failed": words_for_failed(export.failed_code) if state is ExportState.FAILED else "",
        "tone": tone,
        "working": working,
        "ready": state is ExportState.MADE,
    }


@require_GET
@for_duties(*TERRITORIAL)
def export_state(request: HttpRequest) -> HttpResponse:
    """Answer the page that waits: how far the forms are."""
    page = page_of(request, exports_of(officer_of(request)), size=20)
    return render(request, "office/intake/export_state.html", _shown(page))


@require_GET
@for_duties(*TERRITORIAL)
def export_subject(request: HttpRequest) -> HttpResponse:
    """Answer the page that asks what the chosen form may be about."""
    form = ExportForm(officer=officer_of(request), said=request.GET)
    return render(request, "office/intake/export_subject.html", {"form": form})


@require_POST
@for_duties(*TERRITORIAL)
def export_file(request: HttpRequest, number: int) -> HttpResponseBase:
    """Hand the workbook out to who asked for it; that it left is written down."""
    officer = officer_of(request)
    export = get_object_or_404(exports_of(officer), pk=number)
    try:
        file = take_export(export=export, folder=exports_folder(), at=now(), by=officer)
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
        return redirect("export_list")
    return FileResponse(file.open("rb"), as_attachment=True, filename=name_of_file(export), content_type=XLSX)


urlpatterns = [
    path("intake/exports/", export_list, name="export_list"),
    path("intake/exports/state/", export_state, name="export_state"),
    path("intake/exports/subject/", export_subject, name="export_subject"),
    path("intake/exports/<int:number>/file/", export_file, name="export_file"),
]
