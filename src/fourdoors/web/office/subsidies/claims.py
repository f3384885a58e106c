"""The queue of claims, and one claim with its explanation, its evidence and its decision."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.kernel.errors import RuleError
from fourdoors.subsidies.rules import ClaimState, RefusalReason
from fourdoors.subsidies.selectors import (
    answers_to,
    claim_counts,
    claims_visible_to,
    objections_to,
    policies,
    rule_of,
)
from fourdoors.subsidies.services import (
    answer_objection,
    raise_objection,
    refuse_claim,
    review_claim,
)
from fourdoors.web import explain, words
from fourdoors.web.desk import done, for_duties, now, officer_of, page_of
from fourdoors.web.refusals import words_for

TONES = {"approved": "good", "paid": "good", "on_notice": "look", "in_batch": "look", "refused": "bad"}


class RefuseForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why it is refused"),
        choices=[(one.value, gettext_lazy(one.en)) for one in RefusalReason],
    )


class ObjectionForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("What is said against the claim"), widget=forms.Textarea, max_length=500,
        help_text=gettext_lazy("Who said it is not kept."),
    )  # fmt: skip


@for_duties(*TERRITORIAL)
def claim_list(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    state, key = request.GET.get("state", ""), request.GET.get("policy", "")
    counts = claim_counts(claims_visible_to(officer, key=key))
    context = {
        "title": _("Subsidy claims"),
        "page": page_of(request, claims_visible_to(officer, state=state, key=key)),
        "states": [
            {"code": one.value, "label": _(one.en), "count": counts[one.value][0]} for one in ClaimState
        ],
        "figures": _figures(counts),
        "state": state,
        "key": key,
        "policies": [(one.key, explain.title_of(rule_of(one))) for one in policies()],
        "words": {one.value: _(one.en) for one in ClaimState},
        "tones": TONES,
        "titles": {one.key: explain.title_of(rule_of(one)) for one in policies()},
    }
    return render(request, "office/subsidies/claim_list.html", context)


def _figures(counts: dict[str, tuple[int, int]]) -> list[dict[str, Any]]:
    def shown(label: str, *states: ClaimState, todo: bool = False) -> dict[str, Any]:
        count = sum(counts[state.value][0] for state in states)
        amount = sum(counts[state.value][1] for state in states)
        figure = {"label": label, "value": f"{count:,}", "unit": _("claims"), "note": words.fen(amount)}
        return figure | {"todo": todo and count > 0}

    return [
        shown(_("Released for payment"), ClaimState.PAID),
        shown(_("Wait for a public notice"), ClaimState.MADE, todo=True),
        shown(_("On public notice"), ClaimState.ON_NOTICE),
        shown(_("Wait for a payment list"), ClaimState.APPROVED, todo=True),
    ]


@for_duties(*TERRITORIAL)
def claim_detail(request: HttpRequest, claim_id: int) -> HttpResponse:
    claim = get_object_or_404(claims_visible_to(officer_of(request)), pk=claim_id)
    return _show(request, claim)


def _show(request: HttpRequest, claim: Any, **faulty: forms.Form) -> HttpResponse:
    officer, rule = officer_of(request), rule_of(claim.policy)
    context: dict[str, Any] = {
        "title": explain.title_of(rule),
        "claim": claim,
        "state": _(ClaimState(claim.state).en),
        "tone": TONES.get(claim.state, ""),
        "lines": explain.explained(claim.trace),
        "payer": explain.named(claim.payer),
        "period": explain.period_words(claim.period),
        "refusal": _refusal(claim),
        "objections": objections_to(claim),
        "answer": answers_to([claim]).get(claim.pk),
        "may_decide": officer.duty == Duty.COUNTY,
        "may_refuse": officer.duty == Duty.COUNTY and claim.state in ("made", "on_notice", "approved"),
        "is_maker": claim.made_by_id == officer.pk,
        "refuse_form": RefuseForm(),
        "objection_form": ObjectionForm(),
        **faulty,
    }
    status = 422 if faulty else 200
    return render(request, "office/subsidies/claim_detail.html", context, status=status)


def _refusal(claim: Any) -> dict[str, str] | None:
    code = claim.refusal.get("code", "")
    if not code:
        return None
    return {"why": _(RefusalReason(code).en), "mend": str(explain.REFUSALS[code])}


@require_POST
@for_duties(Duty.COUNTY)
def claim_approve(request: HttpRequest, claim_id: int) -> HttpResponse:
    officer = officer_of(request)
    claim = get_object_or_404(claims_visible_to(officer), pk=claim_id)
    try:
        review_claim(claim=claim, by=officer, at=now())
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
    else:
        messages.success(request, _("The claim is approved and waits for a payment list."))
    return redirect("claim_detail", claim.pk)


@require_POST
@for_duties(Duty.COUNTY)
def claim_refuse(request: HttpRequest, claim_id: int) -> HttpResponse:
    officer = officer_of(request)
    claim = get_object_or_404(claims_visible_to(officer), pk=claim_id)
    form = RefuseForm(request.POST)
    if done(form, partial(_refuse, claim=claim, by=officer, at=now())):
        messages.success(request, _("The claim is refused, with its reason."))
        return redirect("claim_detail", claim.pk)
    return _show(request, claim, refuse_form=form)


def _refuse(*, reason: str, **values: Any) -> None:
    refuse_claim(reason=RefusalReason(reason), **values)


@require_POST
@for_duties(Duty.COUNTY, Duty.TOWNSHIP)
def objection_raise(request: HttpRequest, claim_id: int) -> HttpResponse:
    officer = officer_of(request)
    claim = get_object_or_404(claims_visible_to(officer), pk=claim_id)
    form = ObjectionForm(request.POST)
    if done(form, partial(raise_objection, claim=claim, by=officer, at=now())):
        messages.success(request, _("The objection is written down and waits for an answer."))
        return redirect("claim_detail", claim.pk)
    return _show(request, claim, objection_form=form)


@require_POST
@for_duties(Duty.COUNTY)
def objection_answer(request: HttpRequest, claim_id: int, objection_id: int) -> HttpResponse:
    officer = officer_of(request)
    claim = get_object_or_404(claims_visible_to(officer), pk=claim_id)
    objection = get_object_or_404(objections_to(claim), pk=objection_id)
    try:
        upheld = request.POST.get("upheld") == "yes"
        answer_objection(objection=objection, upheld=upheld, by=officer, at=now())
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
    else:
        messages.success(request, _("The objection is answered."))
    return redirect("claim_detail", claim.pk)


urlpatterns = [
    path("subsidies/", claim_list, name="claim_list"),
    path("subsidies/claims/<int:claim_id>/", claim_detail, name="claim_detail"),
    path("subsidies/claims/<int:claim_id>/approve/", claim_approve, name="claim_approve"),
    path("subsidies/claims/<int:claim_id>/refuse/", claim_refuse, name="claim_refuse"),
    path("subsidies/claims/<int:claim_id>/objection/", objection_raise, name="objection_raise"),
    path(
        "subsidies/claims/<int:claim_id>/objection/<int:objection_id>/", objection_answer,
        name="objection_answer",
    ),
]  # fmt: skip
