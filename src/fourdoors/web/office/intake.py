"""Pages of spreadsheets that come in: upload, what was found, merge or refuse, the same workbook back."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.engines.sheets import Receipt
from fourdoors.intake.rules import COUNTS, FORECAST, MERGEABLE_FORMS, Fault, Outcome, State
from fourdoors.intake.selectors import (
    FaultGroup,
    faults_by_code,
    imports_visible_to,
    months_of,
    rows_with_faults,
    title_of,
)
from fourdoors.intake.services import (
    annotated_workbook,
    ask_for_merge,
    close_review,
    open_review,
    receive_file,
    refuse_import,
)
from fourdoors.kernel.errors import RuleError
from fourdoors.register.rules import ProposalState
from fourdoors.register.selectors import proposals_visible_to
from fourdoors.store.queue import defer
from fourdoors.web import words
from fourdoors.web.desk import for_duties, now, officer_of, page_of
from fourdoors.web.faults import DROPPED, words_of
from fourdoors.web.office.intake_words import (
    COUNT_WORDS,
    FORM_WORDS,
    PAPER_WORDS,
    SEVERITY_TONES,
    SEVERITY_WORDS,
    STATE_TONES,
    STATE_WORDS,
    UNREAD_WORDS,
)
from fourdoors.web.office.register_forms import places_below
from fourdoors.web.refusals import words_for, words_for_failed

BRINGERS = (Duty.PROVINCE, Duty.PREFECTURE, Duty.COUNTY, Duty.TOWNSHIP)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORKING = (State.MAPPED, State.MERGING)  # the page asks again every two seconds
DECIDABLE = (State.RECEIVED, State.CHECKED, State.IN_REVIEW, State.FAILED)
MAPPABLE = DECIDABLE
MENDABLE = (State.CHECKED, State.IN_REVIEW)
GIVEN_BACK = (State.IN_REVIEW, State.FAILED)

_PLACES = {
    State.RECEIVED: 1, State.MAPPED: 1, State.CHECKED: 2, State.IN_REVIEW: 2, State.FAILED: 2,
    State.MERGING: 3,
}  # fmt: skip


class UploadForm(forms.Form):
    form = forms.ChoiceField(
        label=_("Which form"),
        choices=[*((key, FORM_WORDS[key]) for key in MERGEABLE_FORMS), *UNREAD_WORDS.items()],
    )
    division = forms.TypedChoiceField(label=_("For which place"), coerce=int)
    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel or CSV, as it is. Nothing is written before you have seen what was found."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, officer: Any) -> None:
        super().__init__(data, files)
        field = self.fields["division"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101
        field.choices = [(officer.lo, words.place(officer.lo)), *places_below(officer, None)]


@require_http_methods(["GET", "POST"])
@for_duties(*TERRITORIAL)
def import_list(request: HttpRequest) -> HttpResponse:
    """Show what came in, and take a file."""
    officer = officer_of(request)
    may_bring = officer.duty in BRINGERS
    form = UploadForm(request.POST or None, request.FILES or None, officer=officer) if may_bring else None
    if form is not None and form.is_valid() and (number := _received(request, form)):
        return redirect("import_detail", number)
    page = page_of(request, imports_visible_to(officer=officer), size=20)
    context = {
        "title": gettext("Files brought in"),
        "form": form,
        "page": page,
        "rows": [_shown(batch) for batch in page],
        "papers": PAPER_WORDS.items(),
        "may_change_forms": officer.duty == Duty.COUNTY,
    }
    return render(request, "office/intake/import_list.html", context)


def _received(request: HttpRequest, form: UploadForm) -> int | None:
    said, at = form.cleaned_data, now()
    try:
        batch = receive_file(
            form=said["form"], division=said["division"], data=said["file"].read(), name=said["file"].name,
            at=at, by=officer_of(request),
        )  # fmt: skip
    except RuleError as refusal:
        form.add_error("file", words_for(refusal))
        return None
    read_on(batch, at)
    return int(batch.pk)


def read_on(batch: Any, at: datetime) -> None:
    """Let the queue read the rows, where the columns are known."""
    if batch.state == State.MAPPED:
        defer("intake.stage", import_id=batch.pk, division=batch.division, at=at.isoformat())


def _shown(batch: Any) -> dict[str, Any]:
    state = State(batch.state)
    return {
        "pk": batch.pk,
        "file": batch.file_name,
        "form": FORM_WORDS[batch.form],
        "division": batch.division,
        "at": batch.uploaded_at,
        "by": batch.uploaded_by,
        "state": STATE_WORDS[state],
        "tone": STATE_TONES.get(state, ""),
        "counts": batch.counts,
    }


@require_GET
@for_duties(*TERRITORIAL)
def import_detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show what was found in a file, rows with faults first."""
    batch = batch_of(request, number)
    column, _sign, code = request.GET.get("kind", "").partition(":")
    page = page_of(request, rows_with_faults(batch, column=column, code=code), size=50)
    context = {
        **_progress(batch),
        "title": batch.file_name,
        "batch": batch,
        "shown": _shown(batch),
        "figures": _figures(batch),
        "dropped": _dropped(batch),
        "groups": [_group(batch, it) for it in faults_by_code(batch)],
        "kind": request.GET.get("kind", ""),
        "page": page,
        "rows": [_row(batch, row) for row in page],
        "may_decide": _is_mine(request, batch) and batch.state in DECIDABLE,
        "may_map": may_map(request, batch),
        "may_mend": may_mend(request, batch),
        "may_take": officer_of(request).duty in BRINGERS and batch.state == State.CHECKED,
        "failed": batch.state == State.FAILED and words_for_failed(batch.counts.get("failed_code", "")),
        "is_held": batch.reviewed_by and batch.state in GIVEN_BACK,
        "may_bring": officer_of(request).duty in BRINGERS,
        "ready": batch.counts.get("ready", 0),
        "forecast": _forecast(batch),
        "proposed": _proposed(request, batch),
        "months": [(f"{on:%Y-%m}", rows) for on, rows in months_of(batch)],
        "roads": [(reverse("import_list"), gettext("Files brought in"))],
    }
    return render(request, "office/intake/import_detail.html", context)


def batch_of(request: HttpRequest, number: int) -> Any:
    """Return an import of the officer's territory, or answer that there is none."""
    return get_object_or_404(imports_visible_to(officer=officer_of(request)), pk=number)


def _forecast(batch: Any) -> list[tuple[Any, int]]:
    """Return what would become of the sound rows, while nobody has decided."""
    waits = batch.state in MENDABLE
    return [
        (COUNT_WORDS[name], batch.counts[f"would_{name}"])
        for name in FORECAST
        if waits and f"would_{name}" in batch.counts
    ]


def _proposed(request: HttpRequest, batch: Any) -> dict[str, int]:
    """Return how many rows of a merged file became changes for a second officer, and how many still wait."""
    found = proposals_visible_to(officer_of(request), source=f"import:{batch.pk}").order_by()
    return {
        "rows": found.values("worker", "household").distinct().count(),
        "changes": found.count(),
        "open": found.filter(state=ProposalState.OPEN.value).count(),
    }


def _group(batch: Any, group: FaultGroup) -> dict[str, Any]:
    severity = group.example.severity
    return {
        "kind": f"{group.column}:{group.code}",
        "column": title_of(batch.form, group.column),
        "words": words_of(group.example),
        "count": group.count,
        "tone": SEVERITY_TONES[severity],
        "severity": SEVERITY_WORDS[severity],
    }


def may_map(request: HttpRequest, batch: Any) -> bool:
    """Tell whether this officer may say which column of the file is which."""
    by_titles = not batch.mapping.get("file")
    return _is_mine(request, batch) and batch.state in MAPPABLE and by_titles


def may_mend(request: HttpRequest, batch: Any) -> bool:
    """Tell whether this officer may correct cells and explain findings."""
    return _is_mine(request, batch) and batch.state in MENDABLE


def _is_mine(request: HttpRequest, batch: Any) -> bool:
    """Tell whether an officer brings files in, and no other has this one in review."""
    officer = officer_of(request)
    return officer.duty in BRINGERS and batch.reviewed_by_id in (None, officer.pk)


def _row(batch: Any, row: Any) -> dict[str, Any]:
    faults = [Fault(**stored) for stored in row.faults]
    return {
        "pk": row.pk,
        "sheet": row.sheet,
        "number": row.number,
        "name": row.cells.get("name", "") or row.cells.get("title", ""),
        "stays_out": row.outcome == Outcome.FAULTY.value,
        "faults": [(title_of(batch.form, fault.column), words_of(fault)) for fault in faults],
    }


def _dropped(batch: Any) -> list[tuple[Any, str]]:
    """Return the reasons why columns were not read, each with their titles."""
    titles: dict[str, list[str]] = {}
    for column in batch.dropped:
        titles.setdefault(column["reason"], []).append(column["title"])
    return [(DROPPED[reason], "、".join(dict.fromkeys(found))) for reason, found in titles.items()]


def _figures(batch: Any) -> list[dict[str, Any]]:
    decided = batch.state == State.MERGED.value
    shown = [name for name in COUNTS if name in batch.counts and not (decided and name == "ready")]
    return [
        {
            "label": COUNT_WORDS[name],
            "value": f"{batch.counts[name]:,}",
            "todo": name == "faulty" and batch.counts[name] > 0,
        }
        for name in shown
    ]


def _progress(batch: Any) -> dict[str, Any]:
    """Return what the part of the page that asks again is made of."""
    state = State(batch.state)
    at = _PLACES.get(state, 4)
    names = (gettext("Upload"), gettext("Check"), gettext("Decide"), gettext("Merge"))
    steps = [
        {"label": name, "state": "done" if place < at else "current" if place == at else ""}
        for place, name in enumerate(names)
    ]
    return {
        "number": batch.pk,
        "working": state in WORKING,
        "steps": [] if state is State.REFUSED else steps,
        "state_words": STATE_WORDS[state],
    }


@require_GET
@for_duties(*TERRITORIAL)
def import_state(request: HttpRequest, number: int) -> HttpResponse:
    """Answer the page that waits: still working, or load yourself again."""
    batch = batch_of(request, number)
    answer = render(request, "office/intake/import_state.html", _progress(batch))
    if batch.state not in WORKING:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@for_duties(*BRINGERS)
def import_merge(request: HttpRequest, number: int) -> HttpResponse:
    """Decide that the sound rows are merged; the queue does it."""
    batch, officer, at = batch_of(request, number), officer_of(request), now()
    try:
        ask_for_merge(import_id=batch.pk, at=at, by=officer)
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
    else:
        defer(
            "intake.merge", import_id=batch.pk, division=batch.division, form=batch.form,
            officer_id=officer.pk, at=at.isoformat(),
        )  # fmt: skip
    return redirect("import_detail", number)


@require_POST
@for_duties(*BRINGERS)
def import_refuse(request: HttpRequest, number: int) -> HttpResponse:
    """Decide that nothing of the file is merged."""
    batch = batch_of(request, number)
    try:
        refuse_import(import_id=batch.pk, at=now(), by=officer_of(request))
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
    return redirect("import_detail", number)


@require_POST
@for_duties(*BRINGERS)
def import_review(request: HttpRequest, number: int) -> HttpResponse:
    """Take a checked file into review, or give it back."""
    batch = batch_of(request, number)
    turn = close_review if "back" in request.POST else open_review
    try:
        turn(import_id=batch.pk, at=now(), by=officer_of(request))
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
    return redirect("import_detail", number)


@require_GET
@for_duties(*TERRITORIAL)
def import_workbook(request: HttpRequest, number: int) -> HttpResponse:
    """Give the same workbook back, with a note beside each wrong cell."""
    batch = batch_of(request, number)
    summary = [(str(COUNT_WORDS[name]), f"{batch.counts[name]:,}") for name in COUNTS if name in batch.counts]
    receipt = Receipt(
        title=gettext("Receipt"), author=gettext("Four Doors"), sheet=gettext("Sheet"), cell=gettext("Cell"),
        message=gettext("What is wrong"),
    )  # fmt: skip
    try:
        data = annotated_workbook(batch=batch, say=words_of, summary=summary, receipt=receipt)
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
        return redirect("import_detail", number)
    answer = HttpResponse(data, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="import-{number}-notes.xlsx"'
    return answer


urlpatterns = [
    path("intake/", import_list, name="import_list"),
    path("intake/<int:number>/", import_detail, name="import_detail"),
    path("intake/<int:number>/state/", import_state, name="import_state"),
    path("intake/<int:number>/merge/", import_merge, name="import_merge"),
    path("intake/<int:number>/refuse/", import_refuse, name="import_refuse"),
    path("intake/<int:number>/review/", import_review, name="import_review"),
    path("intake/<int:number>/workbook/", import_workbook, name="import_workbook"),
]
