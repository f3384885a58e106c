"""Policies: which are computable, what one would cost before it is signed, and the claims it makes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.subsidies.rules import (
    Kind,
    Policy,
    missing_of,
    over_ceiling,
    period_of,
    shape_of,
    span_of,
)
from fourdoors.subsidies.selectors import current_policy, dry_run, policies, rule_of
from fourdoors.subsidies.services import make_claims, open_notice
from fourdoors.web import explain, words
from fourdoors.web.desk import for_duties, now, officer_of, today
from fourdoors.web.refusals import words_for


@for_duties(*TERRITORIAL)
def policy_list(request: HttpRequest) -> HttpResponse:
    rows = [_row(rule_of(one)) for one in policies()]
    rows.sort(key=lambda row: (bool(row["missing"]), row["place"], row["key"]))
    context = {
        "title": _("Policy rules"),
        "rows": rows,
        "computable": sum(not row["missing"] for row in rows),
    }
    return render(request, "office/subsidies/policy_list.html", context)


def _row(rule: Policy) -> dict[str, Any]:
    return {
        "key": rule.key,
        "title": explain.title_of(rule),
        "place": words.whole_place(rule.division) if rule.division else rule.place_words,
        "from_on": rule.in_force.start,
        "missing": [explain.missing_words(code) for code in missing_of(rule)],
        "is_ceiling": rule.kind is Kind.CEILING,
    }


@for_duties(*TERRITORIAL)
def policy_detail(request: HttpRequest, key: str) -> HttpResponse:
    policy = current_policy(key)
    if policy is None:
        raise Http404
    officer, rule = officer_of(request), rule_of(policy)
    division = division_for(rule, officer.jurisdiction)
    period = _period(rule, request.GET.get("period", ""))
    may_count = not missing_of(rule) and rule.kind is Kind.GRANT and division is not None
    context = {
        "title": explain.title_of(rule),
        "rule": rule,
        "policy": policy,
        "row": _row(rule),
        "classes": [explain.named_class(one) for one in rule.classes],
        "payee": explain.named(rule.payee.value),
        "payers": [
            (explain.named_class(one), explain.named(payer)) for one, payer in rule.payer if one != "default"
        ],
        "other_payer": explain.named(dict(rule.payer)["default"]) if "default" in dict(rule.payer) else "",
        "shapes": [shape_of(part.amount) for part in rule.parts],
        "document": explain.said(rule.document),
        "note": explain.said(rule.note) if rule.note else "",
        "period_words": explain.period_words(period),
        "periods": _periods(rule),
        "period": period,
        "division": division,
        "cost": _cost(rule, division, period) if may_count else None,
        "over": _over(rule),
        "may_make": may_count and officer.duty == Duty.COUNTY,
    }
    return render(request, "office/subsidies/policy_detail.html", context)


def _payers(rule: Policy) -> list[tuple[str, str]]:
    """Return class and payer; the payer of everybody else stands last."""
    return [
        (_("all others") if one == "default" else explain.named_class(one), explain.named(payer))
        for one, payer in rule.payer
    ]


def division_for(rule: Policy, own: Any) -> int | None:
    """Return where an officer may use a rule: its place, or the officer's own inside it; None elsewhere."""
    if rule.division is None:
        return None
    theirs = range_of(rule.division)
    if own.covers(theirs):
        return rule.division
    return int(own.lo) if theirs.covers(own) else None


def _periods(rule: Policy) -> list[str]:
    years = range(rule.in_force.start.year, min(today(), rule.in_force.end or today()).year + 1)
    return list(dict.fromkeys(period_of(rule, year) for year in reversed(years)))


def _period(rule: Policy, asked: str) -> str:
    known = _periods(rule) or [period_of(rule, rule.in_force.start.year)]
    return asked if asked in known else known[0]


def _cost(rule: Policy, division: int | None, period: str) -> dict[str, Any] | None:
    if division is None or span_of(rule, period) is None:
        return None
    found = dry_run(rule, division=division, period=period, on=today())
    return {
        "figures": [
            {"label": _("Would be paid"), "value": words.fen(found.fen), "unit": ""},
            {"label": _("Persons paid"), "value": f"{found.granted:,}", "unit": _("people")},
            {"label": _("Persons asked about"), "value": f"{found.asked:,}", "unit": _("people")},
        ],
        "reasons": [(_why(code), count) for code, count in found.reasons.items()],
        "payers": [(explain.named(payer), amount) for payer, amount in found.payers.items()],
    }


def _why(code: str) -> str:
    return {
        "class": _("household class"),
        "place": _("place of work"),
        "window": _("days of the window"),
        "months": _("months of work"),
        "contract": _("signed contract"),
        "insurance": _("social insurance"),
        "age": _("age"),
        "not_carried": _("carried by an organised trip"),
        "broker": _("broker recorded"),
        "heads": _("persons in one movement"),
        "proof": _("proof of the work"),
        "ticket": _("ticket held"),
        "income": _("proven pay held"),
        "spell": _("work known"),
        "ring": _("amount for the place"),
        "in_force": _("rule in force"),
    }[code]


def _over(rule: Policy) -> list[str]:
    """Return the rows of a table that lie above the ceiling of the province."""
    ceilings = [one for one in map(rule_of, policies()) if one.kind is Kind.CEILING]
    return [
        _("%(amount)s lies above %(title)s: %(limit)s") % {
            "amount": words.fen(over.row.fen), "title": explain.title_of(ceiling),
            "limit": words.fen(over.ceiling_fen),
        }
        for ceiling in ceilings
        if rule.division and ceiling.division and rule.division in range_of(ceiling.division)
        for over in over_ceiling(rule, ceiling)
    ]  # fmt: skip


@require_POST
@for_duties(Duty.COUNTY)
def claims_make(request: HttpRequest, key: str) -> HttpResponse:
    officer, policy = officer_of(request), current_policy(key)
    division = division_for(rule_of(policy), officer.jurisdiction) if policy else None
    if policy is None or division is None:
        raise Http404
    period = _period(rule_of(policy), request.POST.get("period", ""))
    try:
        made = make_claims(policy=policy, division=division, period=period, by=officer, at=now())
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
        return redirect("policy_detail", key)
    said = _("Claims made: %(count)d, %(amount)s in all.")
    messages.success(request, said % {"count": made.made, "amount": words.fen(made.fen)})
    return redirect("claim_list")


@require_POST
@for_duties(Duty.COUNTY)
def notice_open(request: HttpRequest, key: str) -> HttpResponse:
    officer, policy = officer_of(request), current_policy(key)
    division = division_for(rule_of(policy), officer.jurisdiction) if policy else None
    if policy is None or division is None:
        raise Http404
    try:
        open_notice(policy=policy, division=division, by=officer, at=now())
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
        return redirect("policy_detail", key)
    messages.success(request, _("The public notice is up."))
    return redirect("notice_list")


urlpatterns = [
    path("subsidies/policies/", policy_list, name="policy_list"),
    path("subsidies/policies/<slug:key>/", policy_detail, name="policy_detail"),
    path("subsidies/policies/<slug:key>/claims/", claims_make, name="claims_make"),
    path("subsidies/policies/<slug:key>/notice/", notice_open, name="notice_open"),
]
