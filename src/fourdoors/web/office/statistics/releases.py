"""Releases: freeze, sign by a second officer, check the hash, look at what is inside."""

from datetime import date
from itertools import chain, count
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.accounts.selectors import deeds
from fourdoors.kernel.errors import RuleError
from fourdoors.statistics.rules import all_measures
from fourdoors.statistics.selectors import (
    last_counting,
    release_of,
    release_values,
    releases,
)
from fourdoors.statistics.services import freeze_release, hash_again, record_check, sign_release
from fourdoors.web.desk import for_duties, now, officer_of, page_of
from fourdoors.web.figures import big, said
from fourdoors.web.refusals import words_for

SEES_DRAFTS = (Duty.PROVINCE, Duty.AUDITOR)


class FreezeForm(forms.Form):
    number = forms.SlugField(
        label=_("Number"), max_length=30, help_text=_("As printed on the bulletin, for example 2020-10.")
    )
    from_on = forms.DateField(
        label=_("First day counted"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    to_on = forms.DateField(label=_("Last day counted"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))


@require_GET
@for_duties(*TERRITORIAL)
def release_list(request: HttpRequest) -> HttpResponse:
    """Show releases, the newest first; drafts to the province and the auditor alone."""
    officer = officer_of(request)
    found = releases(signed_only=officer.duty not in SEES_DRAFTS)
    context = {
        "title": gettext("Releases"),
        "page": page_of(request, found),
        "may_freeze": officer.duty == Duty.PROVINCE,
    }
    return render(request, "office/statistics/release_list.html", context)


@require_http_methods(["GET", "POST"])
@for_duties(Duty.PROVINCE)
def release_create(request: HttpRequest) -> HttpResponse:
    """Freeze the figures of a period."""
    form = FreezeForm(request.POST or None, initial=_period_counted())
    if form.is_valid():
        try:
            release = freeze_release(
                **form.cleaned_data, by=officer_of(request), at=now(), invented=settings.DEMONSTRATION
            )
        except RuleError as refusal:
            form.add_error(None, words_for(refusal))
        else:
            messages.success(request, gettext("Frozen. A second officer of the province signs it now."))
            return redirect("release_detail", release.number)
    context = {"title": gettext("Freeze figures"), "form": form}
    return render(request, "office/statistics/release_form.html", context)


def _period_counted() -> dict[str, Any]:
    counting = last_counting()
    if counting is None:
        return {}
    return {"number": _free_number(counting.to_on), "from_on": counting.from_on, "to_on": counting.to_on}


def _free_number(to_on: date) -> str:
    """Return the month of the last day, with -2, -3 and so on where that number is taken."""
    month = f"{to_on:%Y-%m}"
    taken = {release.number for release in releases()}
    numbers = chain([month], (f"{month}-{again}" for again in count(2)))
    return next(number for number in numbers if number not in taken)


@require_GET
@for_duties(*TERRITORIAL)
def release_detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show one release: who answers for it, its hash, every figure of the officer's own division."""
    officer, release = officer_of(request), _release(request, number)
    values = release_values(release=release, division=officer.lo)
    rows = [
        {
            "title": said(measure.title),
            "value": big(values[name]),
            "mix": values[name].mix,
            "href": f"{reverse('figure_detail', args=[name, officer.lo])}?release={release.number}",
        }
        for name, measure in all_measures().items()
    ]
    context = {
        "title": gettext("Release %(number)s") % {"number": release.number},
        "release": release,
        "rows": rows,
        "may_sign": officer.duty == Duty.PROVINCE
        and release.signed_at is None
        and release.frozen_by_id != officer.pk,
        "may_check": officer.duty in SEES_DRAFTS,
        "deeds": deeds(action="statistics.", object_id=release.pk)[:5] if officer.duty in SEES_DRAFTS else [],
    }
    return render(request, "office/statistics/release_detail.html", context)


def _release(request: HttpRequest, number: str) -> Any:
    release = release_of(number)
    if release is None or (release.signed_at is None and officer_of(request).duty not in SEES_DRAFTS):
        raise Http404
    return release


@require_POST
@for_duties(Duty.PROVINCE)
def release_sign(request: HttpRequest, number: str) -> HttpResponse:
    """Sign a release that somebody else froze."""
    try:
        sign_release(release=_release(request, number), by=officer_of(request), at=now())
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
    else:
        messages.success(request, gettext("Signed. The bulletin is public now."))
    return redirect("release_detail", number)


@require_POST
@for_duties(*SEES_DRAFTS)
def release_check(request: HttpRequest, number: str) -> HttpResponse:
    """Compute the hash of a release anew and say whether it holds."""
    release = _release(request, number)
    found = hash_again(release=release)
    holds = found == release.hash
    record_check(release=release, by=officer_of(request), at=now(), holds=holds)
    if holds:
        messages.success(request, gettext("The hash holds: no row, figure or definition was changed."))
    else:
        messages.error(
            request,
            gettext(
                "The hash does not hold: a row, a figure or a definition was changed. Now it is %(hash)s."
            )
            % {"hash": found},
        )
    return redirect("release_detail", number)


urlpatterns = [
    path("releases/", release_list, name="release_list"),
    path("releases/new/", release_create, name="release_create"),
    path("releases/<slug:number>/", release_detail, name="release_detail"),
    path("releases/<slug:number>/sign/", release_sign, name="release_sign"),
    path("releases/<slug:number>/check/", release_check, name="release_check"),
]
