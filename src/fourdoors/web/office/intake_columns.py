"""Which column of a file is which: what was guessed is filled in, the officer's word counts."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from fourdoors.engines.sheets import FORMS, Form
from fourdoors.intake.services import ColumnShown, columns_shown, confirm_columns
from fourdoors.kernel.errors import RuleError
from fourdoors.web.desk import for_duties, now, officer_of
from fourdoors.web.faults import DROPPED
from fourdoors.web.office.intake import BRINGERS, batch_of, may_map, read_on
from fourdoors.web.refusals import words_for


class ColumnsForm(forms.Form):
    """One choice for each column of each table; what was guessed is filled in."""

    def __init__(self, data: Any, *, form: Form, tables: Sequence[tuple[str, list[ColumnShown]]]) -> None:
        super().__init__(data)
        self.tables = tables
        kept = [(c.key, c.titles[0] + ("*" if c.required else "")) for c in form.readable if not c.dropped]
        for name, column in self._places():
            if not column.reason:
                label = gettext("Column %(letters)s %(title)s") % {
                    "letters": column.letters,
                    "title": column.title,
                }
                self.fields[name] = forms.ChoiceField(
                    label=label, required=False, initial=column.key, choices=[("", _("not read")), *kept]
                )

    def _places(self) -> Iterator[tuple[str, ColumnShown]]:
        for number, (_sheet, columns) in enumerate(self.tables):
            for column in columns:
                yield f"c{number}-{column.at}", column

    def chosen(self) -> dict[str, dict[int, str]]:
        """Return sheet to number of the column to key."""
        return {
            sheet: {
                column.at: key
                for column in columns
                if (key := self.cleaned_data.get(f"c{number}-{column.at}", ""))
            }
            for number, (sheet, columns) in enumerate(self.tables)
        }

    def shown(self) -> list[tuple[str, list[tuple[ColumnShown, Any, Any]]]]:
        """Return sheet to its columns: each with its choice, or with the reason why it has none."""
        return [
            (
                sheet,
                [
                    (c, None if c.reason else self[f"c{number}-{c.at}"], DROPPED.get(c.reason))
                    for c in columns
                ],
            )
            for number, (sheet, columns) in enumerate(self.tables)
        ]


@require_http_methods(["GET", "POST"])
@for_duties(*BRINGERS)
def import_columns(request: HttpRequest, number: int) -> HttpResponse:
    """Show what each column was taken for, and take the officer's word for it."""
    batch, at = batch_of(request, number), now()
    if not may_map(request, batch):
        return redirect("import_detail", number)
    form = ColumnsForm(request.POST or None, form=FORMS[batch.form], tables=columns_shown(batch))
    if form.is_valid():
        try:
            mapped = confirm_columns(import_id=number, chosen=form.chosen(), at=at, by=officer_of(request))
        except RuleError as refusal:
            form.add_error(None, words_for(refusal))
        else:
            read_on(mapped, at)
            return redirect("import_detail", number)
    context = {
        "title": gettext("What is in which column"),
        "batch": batch,
        "form": form,
        "tables": form.shown(),
        "roads": [
            (reverse("import_list"), gettext("Files brought in")),
            (reverse("import_detail", args=[number]), batch.file_name),
        ],
    }
    return render(request, "office/intake/import_columns.html", context)


urlpatterns = [path("intake/<int:number>/columns/", import_columns, name="import_columns")]
