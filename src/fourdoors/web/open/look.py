"""The style guide: every part of a page with sample words. Open in a demonstration only."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import pgettext, pgettext_lazy

from fourdoors.web.desk import for_everybody
from fourdoors.web.open import samples


class SampleForm(forms.Form):
    name = forms.CharField(
        label=pgettext_lazy("look", "Name"), help_text=pgettext_lazy("look", "As on the identity card.")
    )
    leaves_on = forms.DateField(label=pgettext_lazy("look", "Day of departure"))
    way = forms.ChoiceField(
        label=pgettext_lazy("look", "How the wish was given"),
        widget=forms.RadioSelect,
        choices=[
            ("self", pgettext_lazy("look", "by the worker")),
            ("proxy", pgettext_lazy("look", "by a proxy, with consent")),
        ],
    )
    agreed = forms.BooleanField(label=pgettext_lazy("look", "The worker agrees to this move"), required=False)
    note = forms.CharField(label=pgettext_lazy("look", "Note"), widget=forms.Textarea, required=False)


@for_everybody
def look(request: HttpRequest, face: str = "office") -> HttpResponse:
    """Show the parts as an office page, a worker's phone, a gate or a document."""
    if not (settings.DEBUG or settings.DEMONSTRATION):
        raise Http404
    if face == "office":
        messages.success(request, pgettext("look", "The roster was merged: 1,284 rows in, 40 refused."))
    return render(request, f"open/look/{face}.html", {"title": pgettext("look", "Style guide"), **_samples()})


def _samples() -> dict[str, Any]:
    return {
        "form": SampleForm({"name": "马小兰", "leaves_on": "soon", "way": "self"}),
        "page": Paginator(range(1284), 50).get_page(4),
        "mix": {"A": 812, "B": 241, "C": 160, "D": 71},
        **samples.words_of_parts(),
        **samples.pictures_of_parts(),
    }


urlpatterns: list[URLPattern] = [
    path("look/", look, name="look"),
    path("look/phone/", look, {"face": "phone"}, name="look_phone"),
    path("look/gate/", look, {"face": "gate"}, name="look_gate"),
    path("look/document/", look, {"face": "document"}, name="look_document"),
]
