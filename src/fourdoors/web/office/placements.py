"""Rounds of matching: ask for one, watch it, look at its proof, publish it as the second officer."""

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
from fourdoors.accounts.selectors import children_of
from fourdoors.kernel.errors import RuleError
from fourdoors.placements.rules import UNDER_WAY, Dial, Phase, Policy, RoundState
from fourdoors.placements.selectors import (
    expected_seconds,
    rounds_visible_to,
    unplaced,
    unplaced_by_rule,
    wishes_of_willing,
)
from fourdoors.placements.services import ask_for_round, cancel_round, publish_round, set_aside_round
from fourdoors.recruitment.selectors import open_vacancies
from fourdoors.store.queue import defer
from fourdoors.web import words
from fourdoors.web.desk import done, for_duties, now, officer_of, page_of, today
from fourdoors.web.matching import RULES, why_not
from fourdoors.web.office.round_report import report_of
from fourdoors.web.office.what_ifs import what_if_detail
from fourdoors.web.postings import choices_of
from fourdoors.web.refusals import words_for, words_of_code

READERS = (Duty.PROVINCE, Duty.PREFECTURE, Duty.COUNTY, Duty.AUDITOR)
TONES = {
    RoundState.READY: "look",
    RoundState.PUBLISHED: "good",
    RoundState.FAILED: "bad",
}
PLANNED = (RoundState.READY, RoundState.PUBLISHED, RoundState.SET_ASIDE)
_DEEDS = {"publish": publish_round, "set-aside": set_aside_round, "cancel": cancel_round}
_SAID = {
    "publish": _("Published. The workers can answer now."),
    "set-aside": _("Set aside. Nobody saw it."),
    "cancel": _("Cancelled. Nothing of it is kept."),
}


class RoundForm(forms.Form):
    starts_on = forms.DateField(
        label=_("First day of work"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Ages and the days from which people can go are counted for this day."),
    )  # fmt: skip
    division = forms.TypedChoiceField(
        label=_("For whom"), coerce=int,
        help_text=_("A large county is matched township by township."),
    )  # fmt: skip
    dial = forms.ChoiceField(
        label=_("What comes first"), choices=choices_of(Dial), initial=Dial.PLACEMENT_FIRST.value,
        help_text=_("The page of the round shows what the other choice would have done."),
    )  # fmt: skip
    seed = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31, initial=0)

    def __init__(self, data: Any, *, county: int) -> None:
        super().__init__(
            data,
            initial={"starts_on": today(), "seed": 0, "division": county, "dial": Dial.PLACEMENT_FIRST.value},
        )
        field = self.fields["division"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101
        below = [(one.code, words.place(one.code)) for one in children_of(county)]
        field.choices = [(county, gettext("The whole county")), *below]

    def clean_starts_on(self) -> Any:
        """Refuse a day that is gone."""
        starts_on = self.cleaned_data["starts_on"]
        if starts_on < today():
            raise forms.ValidationError(_("This day is over. Choose today or a later one."))
        return starts_on


@require_GET
@for_duties(*READERS)
def round_list(request: HttpRequest) -> HttpResponse:
    """Show the rounds of the territory, the newest first."""
    page = page_of(request, rounds_visible_to(officer_of(request)))
    context = {
        "title": gettext("Matching"),
        "page": page,
        "rows": [{"it": one, **_state(one)} for one in page],
        "may_run": officer_of(request).duty == Duty.COUNTY,
    }
    return render(request, "office/placements/round_list.html", context)


def _state(found: Any) -> dict[str, Any]:
    state = RoundState(found.state)
    return {"state": state, "tone": TONES.get(state, "off")}


@require_http_methods(["GET", "POST"])
@for_duties(Duty.COUNTY)
def round_create(request: HttpRequest) -> HttpResponse:
    """Ask that the willing workers of the county, or of one township, are matched; the queue does it."""
    officer, at, made = officer_of(request), now(), []
    form = RoundForm(request.POST or None, county=officer.lo)
    if done(
        form,
        lambda dial, **asked: made.append(
            ask_for_round(**asked, policy=Policy(dial=Dial(dial)), by=officer, at=at)
        ),
    ):
        defer("placements.round", round_id=made[0].pk, county=officer.lo, at=at.isoformat())
        return redirect("round_detail", made[0].pk)
    context = {
        "title": gettext("New round"),
        "form": form,
        "willing": wishes_of_willing(division=officer.lo).count(),
        "vacancies": open_vacancies(on=today()).exclude(place=None).count(),
        "roads": [(reverse("round_list"), gettext("Matching"))],
    }
    status = 422 if form.errors else 200
    return render(request, "office/placements/round_create.html", context, status=status)


def _round(request: HttpRequest, number: int, *, what_ifs: bool = False) -> Any:
    return get_object_or_404(rounds_visible_to(officer_of(request), what_ifs=what_ifs), pk=number)


@require_GET
@for_duties(*READERS)
def round_detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show a round: where people would go, what decided, that it is proved, and who is left over."""
    found = _round(request, number, what_ifs=True)
    if found.state == RoundState.TRIED:
        return what_if_detail(request, found)
    if RoundState(found.state) not in PLANNED:
        return render(request, "office/placements/round_working.html", _standing(request, found))
    context = {
        "title": gettext("Round %(number)d") % {"number": found.pk},
        "round": found,
        **_state(found),
        **report_of(found),
        "own": found.run_by_id == officer_of(request).pk,
        "may_publish": officer_of(request).duty == Duty.COUNTY and found.state == RoundState.READY,
        "roads": [(reverse("round_list"), gettext("Matching"))],
    }
    return render(request, "office/placements/round_detail.html", context)


def _standing(request: HttpRequest, found: Any) -> dict[str, Any]:
    """Return how the queue stands with a round that has no plan: how far it is, or why it came to nothing."""
    working = RoundState(found.state) in UNDER_WAY
    return {
        "title": gettext("Round %(number)d") % {"number": found.pk},
        "round": found,
        **_state(found),
        "working": working,
        "steps": _phases(found),
        "expected": _expected(found) if working else "",
        "why": _why_nothing(found) if found.state == RoundState.FAILED else "",
        "may_cancel": working and officer_of(request).duty == Duty.COUNTY,
        "may_run": officer_of(request).duty == Duty.COUNTY,
        "roads": [(reverse("round_list"), gettext("Matching"))],
    }


def _phases(found: Any) -> list[dict[str, Any]]:
    names = list(Phase)
    at = names.index(Phase(found.phase)) if found.phase else -1
    return [
        {
            "label": words.term(one),
            "state": "done" if place < at else "current" if place == at else "",
            "seconds": found.seconds.get(one),
        }
        for place, one in enumerate(names)
    ]


def _expected(found: Any) -> str:
    known = expected_seconds(found)
    if known is None or found.running is None:
        return (
            gettext("How long it will take is not known: no round was matched here before.")
            if found.begun_at
            else ""
        )
    left, judge = known[0] - found.running.total_seconds(), known[1]
    if left < 0:
        return gettext("It takes longer than round %(number)d did.") % {"number": judge}
    return gettext("About %(seconds)d seconds more, judged by round %(number)d.") % {
        "seconds": left + 1,
        "number": judge,
    }


def _why_nothing(found: Any) -> str:
    if not found.failure:
        return gettext("The program failed. Nothing was written; tell the provider.")
    return words_of_code(found.failure["code"], found.failure["values"])


@require_GET
@for_duties(*READERS)
def round_state(request: HttpRequest, number: int) -> HttpResponse:
    """Answer the page that waits: how far the round is, or load yourself again."""
    found = _round(request, number, what_ifs=True)
    answer = render(request, "office/placements/round_state.html", _standing(request, found))
    if RoundState(found.state) not in UNDER_WAY:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@for_duties(Duty.COUNTY)
def round_change(request: HttpRequest, number: int, deed: str) -> HttpResponse:
    """Publish a round as the second officer, set it aside, or cancel what is under way."""
    found = _round(request, number, what_ifs=deed == "cancel")
    if deed not in _DEEDS:
        raise Http404
    try:
        _DEEDS[deed](round_id=found.pk, by=officer_of(request), at=now())
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
    else:
        messages.success(request, str(_SAID[deed]))
    return redirect("round_detail", found.pk)


@require_GET
@for_duties(*READERS)
def unplaced_list(request: HttpRequest, number: int) -> HttpResponse:
    """Show for whom a round found nothing, and why, in plain words."""
    found = _round(request, number)
    by_rule = unplaced_by_rule(round_id=found.pk)
    rule = request.GET.get("rule", "")
    rule = rule if rule in dict(by_rule) else ""
    page = page_of(request, unplaced(round_id=found.pk, rule=rule))
    everybody = {"href": "?", "label": gettext("All"), "count": sum(people for _rule, people in by_rule)}
    links = [{"href": f"?rule={one}", "label": RULES[one], "count": n, "rule": one} for one, n in by_rule]
    context = {
        "title": gettext("Nothing found"),
        "page": page,
        "rows": [{"it": one, "why": why_not(one.reasons)} for one in page],
        "chips": [{**one, "current": one.get("rule", "") == rule} for one in (everybody, *links)],
        "roads": [
            (reverse("round_list"), gettext("Matching")),
            (
                reverse("round_detail", args=[found.pk]),
                gettext("Round %(number)d") % {"number": found.pk},
            ),
        ],
    }
    return render(request, "office/placements/unplaced_list.html", context)


urlpatterns = [
    path("rounds/", round_list, name="round_list"),
    path("rounds/new/", round_create, name="round_create"),
    path("rounds/<int:number>/", round_detail, name="round_detail"),
    path("rounds/<int:number>/state/", round_state, name="round_state"),
    path("rounds/<int:number>/unplaced/", unplaced_list, name="unplaced_list"),
    path("rounds/<int:number>/<slug:deed>/", round_change, name="round_change"),
]
