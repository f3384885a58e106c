"""Notices that run, and payment lists: made by one officer, released by another."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.engines.papers import print_paper
from fourdoors.kernel.errors import RuleError
from fourdoors.subsidies.rules import BatchState
from fourdoors.subsidies.selectors import (
    answer_counts,
    approved_keys,
    batches_visible_to,
    current_policy,
    notices_visible_to,
    payments_of,
    public_notice,
    rule_of,
)
from fourdoors.subsidies.services import (
    make_batch,
    payment_list,
    release_batch,
    review_claims,
    withdraw_batch,
)
from fourdoors.web import explain, words
from fourdoors.web.desk import for_duties, now, officer_of, page_of, today
from fourdoors.web.office.subsidies.policies import division_for
from fourdoors.web.refusals import words_for

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@for_duties(*TERRITORIAL)
def notice_list(request: HttpRequest) -> HttpResponse:
    page = page_of(request, notices_visible_to(officer_of(request)))
    for notice in page:
        notice.title = explain.title_of(rule_of(notice.policy))
    context = {
        "title": _("Public notices"),
        "page": page,
        "today": today(),
        "may_decide": officer_of(request).duty == Duty.COUNTY,
    }
    return render(request, "office/subsidies/notice_list.html", context)


@for_duties(*TERRITORIAL)
def notice_paper(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Print a running notice for the board in the village; one that is over has no list any more."""
    found = get_object_or_404(notices_visible_to(officer_of(request)), pk=notice_id)
    notice = public_notice(found.pk, on=today())
    if notice is None:
        raise Http404
    values = {
        "title": explain.title_of(rule_of(notice.policy)),
        "lead": words.whole_place(notice.division),
        "columns": [_("Name"), _("Identity number"), _("Home"), _("Amount")],
        "rows": [[row["name"], row["identity"], row["home"], words.fen(row["fen"])] for row in notice.masked],
        "from": words.day(notice.from_on),
        "until": words.day(notice.to_on),
        "objections": _("township labour station, county labour office"),
        "issuer": words.whole_place(notice.division),
        "posted_on": words.day(notice.from_on),
        "demonstration": settings.DEMONSTRATION,
    }
    body = print_paper("notice", values, language=get_language() or "", at=now())
    name = f'inline; filename="notice-{notice.pk}.pdf"'
    return HttpResponse(body, content_type="application/pdf", headers={"Content-Disposition": name})


@require_POST
@for_duties(Duty.COUNTY)
def notice_review(request: HttpRequest, notice_id: int) -> HttpResponse:
    officer = officer_of(request)
    notice = get_object_or_404(notices_visible_to(officer), pk=notice_id)
    try:
        found = review_claims(notice=notice, by=officer, at=now())
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
        return redirect("notice_list")
    left = sum(found.left.values())
    said = _("%(approved)d claims are approved, %(left)d need a closer look.")
    messages.success(request, said % {"approved": found.approved, "left": left})
    return redirect("claim_list")


@for_duties(*TERRITORIAL)
def batch_list(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    page = page_of(request, batches_visible_to(officer))
    for batch in page:
        batch.title = explain.title_of(rule_of(batch.policy))
        batch.state_words = _(BatchState(batch.state).en)
    waiting = [(key, _title(key), count) for key, count in approved_keys(officer)]
    context = {
        "title": _("Payment lists"),
        "page": page,
        "waiting": waiting,
        "may_make": officer.duty == Duty.COUNTY,
    }
    return render(request, "office/subsidies/batch_list.html", context)


def _title(key: str) -> str:
    policy = current_policy(key)
    return explain.title_of(rule_of(policy)) if policy else key


@require_POST
@for_duties(Duty.COUNTY)
def batch_make(request: HttpRequest) -> HttpResponse:
    officer, policy = officer_of(request), current_policy(request.POST.get("policy", ""))
    division = division_for(rule_of(policy), officer.jurisdiction) if policy else None
    if policy is None or division is None:
        raise Http404
    try:
        batch = make_batch(policy=policy, division=division, by=officer, at=now())
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
        return redirect("batch_list")
    messages.success(request, _("The list is made. Somebody else releases it."))
    return redirect("batch_detail", batch.pk)


@for_duties(*TERRITORIAL)
def batch_detail(request: HttpRequest, batch_id: int) -> HttpResponse:
    officer = officer_of(request)
    batch = get_object_or_404(batches_visible_to(officer), pk=batch_id)
    context = {
        "title": batch.number,
        "batch": batch,
        "policy_title": explain.title_of(rule_of(batch.policy)),
        "state": _(BatchState(batch.state).en),
        "page": page_of(request, payments_of(batch)),
        "answers": _answers(batch),
        "is_open": batch.state == BatchState.MADE,
        "is_maker": batch.made_by_id == officer.pk,
        "may_decide": officer.duty == Duty.COUNTY,
    }
    return render(request, "office/subsidies/batch_detail.html", context)


def _answers(batch: Any) -> str:
    """Return what the bank said of a released list, in one line; blank before."""
    if batch.state != BatchState.RELEASED:
        return ""
    return _("Paid: %(paid)s, returned: %(returned)s, no answer yet: %(open)s") % answer_counts(batch)


def _decide(request: HttpRequest, batch_id: int, deed: Callable[..., Any], said: str) -> HttpResponse:
    officer = officer_of(request)
    batch = get_object_or_404(batches_visible_to(officer), pk=batch_id)
    try:
        deed(batch=batch, by=officer, at=now())
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
    else:
        messages.success(request, said)
    return redirect("batch_detail", batch.pk)


@require_POST
@for_duties(Duty.COUNTY)
def batch_release(request: HttpRequest, batch_id: int) -> HttpResponse:
    return _decide(request, batch_id, release_batch, _("The payment list is released and closed for good."))


@require_POST
@for_duties(Duty.COUNTY)
def batch_withdraw(request: HttpRequest, batch_id: int) -> HttpResponse:
    return _decide(request, batch_id, withdraw_batch, _("The payment list is withdrawn."))


@never_cache
@require_POST
@for_duties(Duty.COUNTY)
def batch_download(request: HttpRequest, batch_id: int) -> HttpResponse:
    officer = officer_of(request)
    batch = get_object_or_404(batches_visible_to(officer), pk=batch_id)
    try:
        data = payment_list(batch=batch, by=officer, at=now())
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
        return redirect("batch_detail", batch.pk)
    name = f'attachment; filename="{batch.number}.xlsx"'
    return HttpResponse(data, content_type=XLSX, headers={"Content-Disposition": name})


urlpatterns = [
    path("subsidies/notices/", notice_list, name="notice_list"),
    path("subsidies/notices/<int:notice_id>/paper/", notice_paper, name="notice_paper"),
    path("subsidies/notices/<int:notice_id>/review/", notice_review, name="notice_review"),
    path("subsidies/lists/", batch_list, name="batch_list"),
    path("subsidies/lists/make/", batch_make, name="batch_make"),
    path("subsidies/lists/<int:batch_id>/", batch_detail, name="batch_detail"),
    path("subsidies/lists/<int:batch_id>/release/", batch_release, name="batch_release"),
    path("subsidies/lists/<int:batch_id>/withdraw/", batch_withdraw, name="batch_withdraw"),
    path("subsidies/lists/<int:batch_id>/xlsx/", batch_download, name="batch_download"),
]
