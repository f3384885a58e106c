"""Pairs that the county holds together or keeps apart: the list, one more, and the way back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fourdoors.accounts.rules import Duty
from fourdoors.placements.rules import OverrideKind
from fourdoors.placements.selectors import overrides_visible_to
from fourdoors.placements.services import exclude_pair, lock_pair, undo_override
from fourdoors.recruitment.selectors import open_vacancies
from fourdoors.register.rules import HowGiven
from fourdoors.register.selectors import workers_visible_to
from fourdoors.web import words
from fourdoors.web.desk import done, for_duties, now, officer_of, page_of, today
from fourdoors.web.postings import choices_of

READERS = (Duty.PROVINCE, Duty.PREFECTURE, Duty.COUNTY, Duty.AUDITOR)
TONES = {OverrideKind.LOCK: "good", OverrideKind.EXCLUDE: "look"}


class OverrideForm(forms.Form):
    vacancy = forms.TypedChoiceField(label=_("Post"), coerce=int)
    kind = forms.ChoiceField(
        label=_("What is decided"), choices=choices_of(OverrideKind), widget=forms.RadioSelect,
        help_text=_("It is about this one pair alone, in every round, until you undo it."),
    )  # fmt: skip
    how = forms.ChoiceField(
        label=_("How the worker said yes to this post"), choices=choices_of(HowGiven, blank=""),
        required=False,
        help_text=_("Needed to hold a pair together. The worker still says yes or no to the offer itself."),
    )  # fmt: skip
    proxy_name = forms.CharField(
        label=_("Name of the relative"), max_length=40, required=False,
        help_text=_("Only where a relative speaks for the worker."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False,
        help_text=_("Needed to keep a pair apart. It is never a punishment: every other post stays open."),
    )  # fmt: skip

    def __init__(self, data: Any, *, chosen: str) -> None:
        super().__init__(data, initial={"vacancy": chosen})
        field = self.fields["vacancy"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101
        field.choices = [
            (one.pk, f"{one.title} · {one.employer} · {words.work_place(one.place or 0)}")
            for one in open_vacancies(on=today()).exclude(place=None)
        ]

    def clean(self) -> dict[str, Any]:
        """Ask how the yes came where a pair is held together."""
        said = super().clean() or self.cleaned_data
        if said.get("kind") == OverrideKind.LOCK and not said.get("how"):
            self.add_error("how", _("Say how the worker said yes. Without it nothing is held together."))
        return said


@require_GET
@for_duties(*READERS)
def override_list(request: HttpRequest) -> HttpResponse:
    """Show the pairs that are held together or kept apart, and those that were."""
    undone = request.GET.get("undone") == "1"
    page = page_of(request, overrides_visible_to(officer_of(request), undone=undone))
    context = {
        "title": gettext("Pairs held together or kept apart"),
        "page": page,
        "rows": [_row(one) for one in page],
        "undone": undone,
        "may_write": officer_of(request).duty == Duty.COUNTY,
        "roads": [(reverse("round_list"), gettext("Matching"))],
    }
    return render(request, "office/placements/override_list.html", context)


def _row(one: Any) -> dict[str, Any]:
    kind = OverrideKind(one.kind)
    how = words.term(HowGiven(one.agreed_how)) if one.agreed_how else ""
    return {"it": one, "kind": words.term(kind), "tone": TONES[kind], "how": how}


@require_http_methods(["GET", "POST"])
@for_duties(Duty.COUNTY)
def override_create(request: HttpRequest, number: int) -> HttpResponse:
    """Hold a worker and a post together, or keep them apart."""
    officer = officer_of(request)
    worker = get_object_or_404(workers_visible_to(officer=officer), pk=number)
    form = OverrideForm(request.POST or None, chosen=request.GET.get("vacancy", ""))
    if done(form, lambda **said: _decide(worker, officer, said)):
        messages.success(request, gettext("Recorded. It holds in every round until it is undone."))
        return redirect("override_list")
    context = {
        "title": gettext("Hold together or keep apart"),
        "worker": worker,
        "form": form,
        "roads": [
            (reverse("round_list"), gettext("Matching")),
            (reverse("override_list"), gettext("Pairs held together or kept apart")),
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "office/placements/override_create.html", context, status=status)


def _decide(worker: Any, officer: Any, said: dict[str, Any]) -> None:
    vacancy = open_vacancies(on=today()).get(pk=said["vacancy"])
    pair = {"worker": worker, "vacancy": vacancy, "by": officer, "at": now(), "reason": said["reason"]}
    if said["kind"] == OverrideKind.LOCK:
        lock_pair(**pair, how=HowGiven(said["how"]), proxy_name=said["proxy_name"].strip())
    else:
        exclude_pair(**pair)


@require_POST
@for_duties(Duty.COUNTY)
def override_undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take the word on a pair back."""
    found = overrides_visible_to(officer_of(request)).filter(pk=number).first()
    if found is None:
        raise Http404
    undo_override(override=found, by=officer_of(request), at=now())
    messages.success(request, gettext("Undone. The next round looks at this pair like at any other."))
    return redirect("override_list")


urlpatterns = [
    path("rounds/pairs/", override_list, name="override_list"),
    path("rounds/pairs/new/<int:number>/", override_create, name="override_create"),
    path("rounds/pairs/<int:number>/undo/", override_undo, name="override_undo"),
]
