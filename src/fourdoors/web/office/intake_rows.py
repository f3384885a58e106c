"""One row of a file that came in: correct a cell, or explain a finding and sign it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from fourdoors.engines.sheets import FORMS
from fourdoors.intake.rules import Fault, Severity
from fourdoors.intake.rules.cells import masked_sample
from fourdoors.intake.selectors import cells_shown, rows_with_faults, title_of
from fourdoors.intake.services import amend_cells, ask_for_reading, explain_finding
from fourdoors.kernel.errors import RuleError
from fourdoors.web.desk import for_duties, now, officer_of
from fourdoors.web.faults import words_of
from fourdoors.web.office.intake import BRINGERS, batch_of, may_mend, read_on
from fourdoors.web.refusals import words_for


class MendForm(forms.Form):
    column = forms.ChoiceField(label=_("Column"))
    text = forms.CharField(
        label=_("Should say"),
        required=False,
        max_length=200,
        help_text=_("Left empty, the cell is emptied."),
    )
    alike = forms.BooleanField(label=_("The same in every row where the same was found"), required=False)

    def __init__(self, data: Any = None, *, batch: Any, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial)
        field = self.fields["column"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(c.key, c.titles[0]) for c in FORMS[batch.form].readable if not c.dropped]


class ExplainForm(forms.Form):
    column = forms.CharField(widget=forms.HiddenInput)
    code = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why this is right all the same"),
        max_length=200,
        help_text=_("Your name is put to it. The county is not asked again about this person."),
    )


@require_http_methods(["GET", "POST"])
@for_duties(*BRINGERS)
def import_row(request: HttpRequest, number: int, row_id: int) -> HttpResponse:
    """Show a row with everything that is wrong with it, and take a correction."""
    batch = batch_of(request, number)
    row = get_object_or_404(rows_with_faults(batch), pk=row_id)
    form = MendForm(request.POST or None, batch=batch, initial=_first_wrong(row))
    if form.is_valid() and _amended(request, batch, row_id, form):
        return redirect("import_detail", number)
    return render(request, "office/intake/import_row.html", _shown(request, batch, row, form))


def _first_wrong(row: Any) -> dict[str, str]:
    """Fill in the first wrong cell as it was typed, where that is known."""
    first = row.faults[0]
    return {"column": first["column"], "text": str(first["values"].get("text", ""))}


def _amended(request: HttpRequest, batch: Any, row_id: int, form: MendForm) -> bool:
    said, at = form.cleaned_data, now()
    try:
        cells = amend_cells(import_id=batch.pk, row_id=row_id, at=at, by=officer_of(request), **said)
        _read_anew(batch, at)
    except RuleError as refusal:
        form.add_error(None, words_for(refusal))
        return False
    text = ngettext("%(cells)d cell was corrected.", "%(cells)d cells were corrected.", cells)
    messages.success(request, text % {"cells": cells})
    return True


def _read_anew(batch: Any, at: Any) -> None:
    """Let the queue read all rows with what was mended: a row may hang on another."""
    ask_for_reading(import_id=batch.pk)
    batch.refresh_from_db(fields=["state"])
    read_on(batch, at)


def _shown(request: HttpRequest, batch: Any, row: Any, form: MendForm) -> dict[str, Any]:
    faults = [Fault(**stored) for stored in row.faults]
    return {
        "title": gettext("Row %(number)d") % {"number": row.number},
        "batch": batch,
        "row": row,
        "form": form,
        "cells": [
            (title_of(batch.form, key), masked_sample(text) if is_private else text)
            for key, text, is_private in cells_shown(row)
        ],
        "faults": [
            (title_of(batch.form, fault.column), words_of(fault), _explanation(fault)) for fault in faults
        ],
        "may_mend": may_mend(request, batch),
        "roads": [
            (reverse("import_list"), gettext("Files brought in")),
            (reverse("import_detail", args=[batch.pk]), batch.file_name),
        ],
    }


def _explanation(fault: Fault) -> ExplainForm | None:
    """Return the form that explains a finding away, where that may be."""
    if fault.severity is not Severity.EXPLAIN:
        return None
    said = {"column": fault.column, "code": fault.code}
    return ExplainForm(initial=said, auto_id=f"id_{fault.code}_%s")


@require_POST
@for_duties(*BRINGERS)
def import_explain(request: HttpRequest, number: int) -> HttpResponse:
    """Explain a finding: of the row that is given, or of every row that has it."""
    batch, at = batch_of(request, number), now()
    form = ExplainForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Write why the row is right all the same."))
        return redirect("import_detail", number)
    row = request.POST.get("row", "")
    try:
        rows = explain_finding(
            import_id=batch.pk, row_id=int(row) if row.isdecimal() else None, at=at, by=officer_of(request),
            **form.cleaned_data,
        )  # fmt: skip
        _read_anew(batch, at)
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
    else:
        text = ngettext("%(rows)d row was explained.", "%(rows)d rows were explained.", rows)
        messages.success(request, text % {"rows": rows})
    return redirect("import_detail", number)


urlpatterns = [
    path("intake/<int:number>/rows/<int:row_id>/", import_row, name="import_row"),
    path("intake/<int:number>/explain/", import_explain, name="import_explain"),
]
