"""What if there were more openings, or another policy: asked, looked into by the queue, nothing kept."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from fourdoors.accounts.rules import Duty
from fourdoors.kernel.occupations import find_occupation
from fourdoors.placements.rules import Dial, Question, RoundState
from fourdoors.placements.selectors import vacancies_called, what_ifs_visible_to
from fourdoors.placements.services import ask_what_if
from fourdoors.recruitment.selectors import open_vacancies
from fourdoors.register.selectors import workers_visible_to
from fourdoors.store.queue import defer
from fourdoors.web import words
from fourdoors.web.desk import done, for_duties, now, officer_of, page_of, today
from fourdoors.web.matching import TIERS
from fourdoors.web.postings import choices_of

READERS = (Duty.PROVINCE, Duty.PREFECTURE, Duty.COUNTY, Duty.AUDITOR)
NAMED = 50  # people named on the page; all of them are counted


class WhatIfForm(forms.Form):
    about = forms.ChoiceField(
        label=_("What if"),
        help_text=_("More openings of one post or of one kind of work, or another policy."),
    )
    more = forms.IntegerField(
        label=_("How many more openings"), min_value=0, max_value=100_000, initial=50,
        help_text=_("0 where another policy is asked about."),
    )  # fmt: skip
    dial = forms.ChoiceField(label=_("What comes first"), choices=choices_of(Dial))
    starts_on = forms.DateField(
        label=_("First day of work"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, initial={"starts_on": today(), "more": 50, "dial": Dial.PLACEMENT_FIRST.value})
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", gettext("The policy below, openings as they are")), *_kinds(), *_posts()]
        field.required = False

    def clean(self) -> dict[str, Any]:
        """Ask for a number of openings where a post or a kind of work is named, and the other way round."""
        said = super().clean() or self.cleaned_data
        if bool(said.get("about")) != bool(said.get("more")):
            self.add_error("more", _("Name a post and a number from 1 on, or neither."))
        return said

    def question(self) -> Question:
        """Return what is asked."""
        said = self.cleaned_data
        kind, _sign, rest = said["about"].partition(":")
        occupation, _sign, province = rest.partition("@")
        return Question(
            more=said["more"],
            vacancy=int(rest) if kind == "post" else 0,
            occupation=occupation if kind == "kind" else "",
            province=int(province) if kind == "kind" else 0,
            dial=said["dial"],
        )


def _open() -> list[Any]:
    return list(open_vacancies(on=today()).exclude(place=None))


def _kinds() -> list[tuple[str, str]]:
    found = {(one.occupation, (one.place or 0) // 10**10 * 10**10) for one in _open() if one.occupation}
    named = [(f"kind:{code}@{place}", f"{_trade(code)} · {words.place(place)}") for code, place in found]
    return sorted(named, key=lambda one: one[1])


def _posts() -> list[tuple[str, str]]:
    return [(f"post:{one.pk}", f"{one.title} · {one.employer}") for one in _open()]


def _trade(code: str) -> str:
    known = find_occupation(code)
    return known.name if known else code


@require_http_methods(["GET", "POST"])
@for_duties(*READERS)
def what_if_list(request: HttpRequest) -> HttpResponse:
    """Show what was asked, and ask one more question."""
    officer, at, made = officer_of(request), now(), []
    may_ask = officer.duty == Duty.COUNTY
    form = WhatIfForm(request.POST or None)
    if may_ask and done(form, lambda starts_on, **_said: made.append(
        ask_what_if(division=officer.lo, starts_on=starts_on, question=form.question(), by=officer, at=at)
    )):  # fmt: skip
        defer("placements.round", round_id=made[0].pk, county=officer.lo, at=at.isoformat())
        return redirect("round_detail", made[0].pk)
    page = page_of(request, what_ifs_visible_to(officer))
    context = {
        "title": gettext("What if"),
        "form": form,
        "may_ask": may_ask,
        "page": page,
        "rows": [{"it": one, "asked": asked_words(one), "state": RoundState(one.state)} for one in page],
        "roads": [(reverse("round_list"), gettext("Matching"))],
    }
    status = 422 if form.errors else 200
    return render(request, "office/placements/what_if_list.html", context, status=status)


def asked_words(found: Any) -> str:
    """Return a question in the reader's words."""
    asked = Question(**found.question)
    policy = words.term(Dial(asked.dial))
    if not asked.more:
        return gettext("Policy: %(policy)s") % {"policy": policy}
    if asked.vacancy:
        post = vacancies_called([asked.vacancy])[asked.vacancy].title
    else:
        post = f"{_trade(asked.occupation)} · {words.place(asked.province)}"
    return gettext("%(more)d more openings: %(post)s. Policy: %(policy)s") % {
        "more": asked.more, "post": post, "policy": policy,
    }  # fmt: skip


def what_if_detail(request: HttpRequest, found: Any) -> HttpResponse:
    """Show what would be different: counts to everybody, names to who may see the people."""
    report = found.report
    named = workers_visible_to(officer=officer_of(request))
    chosen = vacancies_called([report["vacancy"]]).get(report["vacancy"]) if report["vacancy"] else None
    context = {
        "title": gettext("What if"),
        "round": found,
        "asked": asked_words(found),
        "chosen": chosen,
        "rows": _rows(report),
        "gain": named.filter(pk__in=report["gain"])[:NAMED],
        "lose": named.filter(pk__in=report["lose"])[:NAMED],
        "gains": len(report["gain"]),
        "loses": len(report["lose"]),
        "moved": report["moved"],
        "roads": [
            (reverse("round_list"), gettext("Matching")),
            (reverse("what_if_list"), gettext("What if")),
        ],
    }
    return render(request, "office/placements/what_if_detail.html", context)


def _rows(report: Any) -> list[dict[str, Any]]:
    before, after = report["before"], report["after"]
    pairs = [(gettext("Offered work"), before["placed"], after["placed"])]
    pairs += [(str(label), before["by_tier"][tier], after["by_tier"][tier]) for tier, label in TIERS.items()]
    pairs += [(gettext("Points of all posts together"), before["points"], after["points"])]
    return [{"label": label, "before": old, "after": new, "more": new - old} for label, old, new in pairs]


urlpatterns = [path("rounds/what-if/", what_if_list, name="what_if_list")]
