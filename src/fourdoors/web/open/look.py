"""The style guide: every part of a page with sample words. Open in a demonstration only."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import pgettext, pgettext_lazy

from fourdoors.web import words
from fourdoors.web.desk import for_everybody


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
        "figures": _figures(),
        "steps": _steps(),
        "events": _events(),
        "form": SampleForm({"name": "马小兰", "leaves_on": "soon", "way": "self"}),
        "page": Paginator(range(1284), 50).get_page(4),
        "mix": {"A": 812, "B": 241, "C": 160, "D": 71},
        "prefectures": _prefectures(),
        "tabs": _tabs(),
    }


def _figures() -> list[dict[str, Any]]:
    return [
        {
            "label": pgettext("look", "Workers transferred"),
            "value": "526.0" if words.in_chinese() else "5.26",
            "unit": pgettext("look", "million people"),
            "note": pgettext("look", "110,000 more than a year ago"),
            "tone": "up",
        },
        {
            "label": pgettext("look", "Labour income"),
            "value": "1,130" if words.in_chinese() else "113",
            "unit": pgettext("look", "billion yuan"),
            "note": pgettext("look", "21,500 yuan a head"),
        },
        {
            "label": pgettext("look", "From registered-poor households"),
            "value": "189.9" if words.in_chinese() else "1.899",
            "unit": pgettext("look", "million people"),
            "note": pgettext("look", "36.1% of all"),
        },
        {
            "label": pgettext("look", "Taken door to door"),
            "value": "109,612",
            "unit": pgettext("look", "people"),
            "note": pgettext("look", "all four doors: 98.7%"),
        },
        {
            "label": pgettext("look", "To do today"),
            "value": "3",
            "unit": pgettext("look", "matters"),
            "note": pgettext("look", "2 trips not handed over"),
            "href": "#table",
            "todo": True,
        },
    ]


def _steps() -> list[dict[str, str]]:
    return [
        {"label": pgettext("look", "Upload"), "state": "done"},
        {"label": pgettext("look", "Check"), "state": "done"},
        {"label": pgettext("look", "Review"), "state": "current"},
        {"label": pgettext("look", "Merge"), "state": ""},
    ]


def _events() -> list[dict[str, Any]]:
    return [
        {"on": date(2020, 6, 1), "title": pgettext("look", "Follow-up due: 90 days"), "tone": "next"},
        {
            "on": date(2020, 3, 2),
            "title": pgettext("look", "Entered the factory"),
            "grade": "A",
            "note": pgettext("look", "Door 4, scanned 17:40"),
            "tone": "now",
        },
        {
            "on": date(2020, 2, 20),
            "title": pgettext("look", "Consent to this move"),
            "grade": "C",
            "note": pgettext("look", "Given by telephone to the village cadre"),
        },
        {
            "on": date(2020, 2, 18),
            "title": pgettext("look", "An offer was declined"),
            "note": pgettext("look", "Declining has no consequence"),
        },
    ]


def _prefectures() -> list[dict[str, Any]]:
    rows = [
        (pgettext("look", "Tianshui"), 784_000, 1.01),
        (pgettext("look", "Dingxi"), 752_000, 0.96),
        (pgettext("look", "Longnan"), 718_000, 0.96),
        (pgettext("look", "Gannan"), 94_000, 0.91),
    ]
    return [{"name": name, "workers": n, "share": n / 784_000, "target": target} for name, n, target in rows]


def _tabs() -> list[dict[str, Any]]:
    said = [
        ("找", pgettext("look", "Find work")),
        ("车", pgettext("look", "My trip")),
        ("补", pgettext("look", "Subsidies")),
        ("我", pgettext("look", "Mine")),
    ]
    return [
        {"href": f"#{number}", "sign": sign, "words": label, "current": number == 0}
        for number, (sign, label) in enumerate(said)
    ]


urlpatterns: list[URLPattern] = [
    path("look/", look, name="look"),
    path("look/phone/", look, {"face": "phone"}, name="look_phone"),
    path("look/gate/", look, {"face": "gate"}, name="look_gate"),
    path("look/document/", look, {"face": "document"}, name="look_document"),
]
