"""Pages of changes: written down by one officer, decided by a second one where the province says so."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.kernel.divisions import Level, ancestor_of
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.evidence import Grade
from fourdoors.register.rules import DECIDING_DUTIES, Fact, ProposalState
from fourdoors.register.selectors import (
    household_file,
    households_visible_to,
    proposals_visible_to,
    two_person_rules,
    workers_visible_to,
)
from fourdoors.register.services import (
    NothingChangesError,
    approve_change,
    ask_for_two,
    ask_no_longer,
    change_status,
    change_worker,
    move_worker,
    reject_change,
    split_household,
)
from fourdoors.register.services.facts import SCHOOL_WORDS
from fourdoors.web import words
from fourdoors.web.desk import done, for_duties, now, officer_of, page_of, today
from fourdoors.web.office.change_forms import EndForm, MoveForm, RecordForm, RuleForm, SplitForm, StatusForm
from fourdoors.web.person import change_value, source_words
from fourdoors.web.refusals import words_for

CADRES = (Duty.COUNTY, Duty.TOWNSHIP)


def shown(proposal: Any) -> dict[str, Any]:
    """Return a proposal as a page shows it."""
    fact = Fact(proposal.fact)
    return {
        "pk": proposal.pk,
        "fact": words.term(fact),
        "was": change_value(fact, proposal.from_text),
        "will": change_value(fact, proposal.to_text),
        "from_on": proposal.from_on,
        "grade": proposal.grade,
        "source": source_words(proposal.source),
        "by": proposal.proposed_by,
        "at": proposal.proposed_at,
        "state": words.term(ProposalState(proposal.state)),
        "is_open": proposal.state == ProposalState.OPEN.value,
        "decided_by": proposal.decided_by,
        "decided_at": proposal.decided_at,
        "reason": proposal.reason,
        "worker": proposal.worker,
        "household": proposal.household,
    }


def _tell(request: HttpRequest, found: Sequence[Any]) -> None:
    """Say what happened to each change: done, or waiting."""
    waiting = sum(proposal is not None for proposal in found)
    if waiting:
        messages.success(
            request, gettext("%(count)d changes wait for a second officer.") % {"count": waiting}
        )
    if len(found) > waiting:
        messages.success(
            request, gettext("%(count)d changes are written down.") % {"count": len(found) - waiting}
        )


@require_http_methods(["GET", "POST"])
@for_duties(*CADRES)
def worker_change(request: HttpRequest, number: int) -> HttpResponse:
    """Change what is known of a worker."""
    officer = officer_of(request)
    worker = get_object_or_404(workers_visible_to(officer=officer), pk=number)
    known = {name: getattr(worker, name) for name in ("name", "education", "labour_capacity")}
    form = RecordForm(
        request.POST or None, initial=known | {"at_school": SCHOOL_WORDS[worker.at_school], "grade": "B"}
    )

    def deed(source: str, grade: Grade, **_said: Any) -> None:
        changed = form.changed()
        if not changed:
            raise NothingChangesError
        with transaction.atomic():  # all of them or none
            found = [
                change_worker(
                    worker=worker, fact=fact, to=to, source=source, grade=grade, at=now(), by=officer
                )
                for fact, to in changed.items()
            ]
        _tell(request, found)

    if done(form, deed):
        return redirect("worker_detail", worker.pk)
    return _form_page(
        request, form, gettext("Change what is known of %(name)s") % {"name": worker.name}, worker
    )


@require_http_methods(["GET", "POST"])
@for_duties(*CADRES)
def worker_move(request: HttpRequest, number: int) -> HttpResponse:
    """Put a worker into a household, into another one, or into none."""
    officer = officer_of(request)
    worker = get_object_or_404(workers_visible_to(officer=officer), pk=number)
    form = MoveForm(request.POST or None)

    def deed(**said: Any) -> None:
        _tell(request, [move_worker(worker=worker, at=now(), by=officer, **said)])

    if done(form, deed):
        return redirect("worker_detail", worker.pk)
    return _form_page(request, form, gettext("Household of %(name)s") % {"name": worker.name}, worker)


def _form_page(request: HttpRequest, form: Any, title: str, worker: Any) -> HttpResponse:
    roads = [
        (reverse("worker_list"), gettext("Workers")),
        (reverse("worker_detail", args=[worker.pk]), worker.name),
    ]
    context = {"title": title, "form": form, "roads": roads, "back": roads[-1][0]}
    return render(request, "office/register/change_create.html", context)


@require_http_methods(["GET", "POST"])
@for_duties(*CADRES)
def household_status(request: HttpRequest, number: int) -> HttpResponse:
    """Recognise a household as something, or end that."""
    officer = officer_of(request)
    household = get_object_or_404(households_visible_to(officer), pk=number)
    form = StatusForm(request.POST or None)

    def deed(**said: Any) -> None:
        _tell(request, [change_status(household=household, at=now(), by=officer, **said)])

    if done(form, deed):
        return redirect("household_detail", household.pk)
    return _household_page(request, form, household, gettext("Status of household %(number)s"))


@require_http_methods(["GET", "POST"])
@for_duties(*CADRES)
def household_split(request: HttpRequest, number: int) -> HttpResponse:
    """Let members leave together into a household of their own."""
    officer = officer_of(request)
    household = get_object_or_404(households_visible_to(officer), pk=number)
    members = {it.worker_id: it.worker for it in household_file(household, on=today()).members}
    form = SplitForm(request.POST or None, members=[(pk, worker.name) for pk, worker in members.items()])

    def deed(leaving: list[int], **said: Any) -> None:
        workers = [members[pk] for pk in leaving]
        waiting = split_household(workers=workers, at=now(), by=officer, **said)
        _tell(request, [*waiting, *([None] * (len(workers) - len(waiting)))])

    if done(form, deed):
        return redirect("household_detail", household.pk)
    return _household_page(request, form, household, gettext("Split household %(number)s"))


def _household_page(request: HttpRequest, form: Any, household: Any, title: str) -> HttpResponse:
    back = reverse("household_detail", args=[household.pk])
    roads = [(reverse("worker_list"), gettext("Workers")), (back, household.number)]
    context = {"title": title % {"number": household.number}, "form": form, "roads": roads, "back": back}
    return render(request, "office/register/change_create.html", context)


@require_GET
@for_duties(*TERRITORIAL)
def change_list(request: HttpRequest) -> HttpResponse:
    """Show the proposals of one state, the newest first."""
    officer = officer_of(request)
    named = request.GET.get("state", "")
    state = ProposalState(named) if named in list(ProposalState) else ProposalState.OPEN
    number = request.GET.get("import", "")
    source = f"import:{number}" if number.isdecimal() else ""
    page = page_of(request, proposals_visible_to(officer, state=state, source=source), size=20)
    context = {
        "title": gettext("Changes that need a second officer"),
        "page": page,
        "rows": [shown(it) | {"may_decide": _may_decide(it, officer)} for it in page],
        "number": number if source else "",
        "tabs": [
            {"value": it.value, "words": words.term(it), "current": it is state} for it in ProposalState
        ],
        "roads": [(reverse("worker_list"), gettext("Workers"))],
    }
    return render(request, "office/register/change_list.html", context)


def _may_decide(proposal: Any, officer: Any) -> bool:
    return officer.duty in DECIDING_DUTIES and proposal.proposed_by_id != officer.pk


@require_POST
@for_duties(*DECIDING_DUTIES)
def change_decide(request: HttpRequest, number: int) -> HttpResponse:
    """Approve or reject a proposal, as the second officer."""
    officer = officer_of(request)
    proposal = get_object_or_404(proposals_visible_to(officer), pk=number)
    try:
        if request.POST.get("verdict") == "approve":
            approve_change(proposal=proposal, at=now(), by=officer)
            messages.success(request, gettext("The change is approved and written down."))
        else:
            reason = request.POST.get("reason", "")[:200]
            reject_change(proposal=proposal, reason=reason, at=now(), by=officer)
            messages.success(request, gettext("The change is rejected; nothing was written."))
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
    return redirect("change_list")


@require_http_methods(["GET", "POST"])
@for_duties(*TERRITORIAL)
def change_rules(request: HttpRequest) -> HttpResponse:
    """Show which facts need a second officer in this province; the province's officer decides on it."""
    officer = officer_of(request)
    sets = officer.duty == Duty.PROVINCE
    if request.method == "POST" and not sets:
        raise Http404
    form = RuleForm(request.POST or None)

    def deed(**said: Any) -> None:
        ask_for_two(at=now(), by=officer, **said)

    if sets and done(form, deed):
        messages.success(request, gettext("It is decided."))
        return redirect("change_rules")
    rules = two_person_rules(ancestor_of(officer.lo, Level.PROVINCE))
    context = {
        "title": gettext("Facts that need a second officer"),
        "form": form if sets else None,
        "end": EndForm() if sets else None,
        "rules": [{"rule": it, "fact": words.term(Fact(it.fact))} for it in rules],
        "roads": [(reverse("worker_list"), gettext("Workers")), (reverse("change_list"), gettext("Changes"))],
    }
    return render(request, "office/register/change_rules.html", context)


@require_POST
@for_duties(Duty.PROVINCE)
def change_rule_end(request: HttpRequest, number: int) -> HttpResponse:
    """Let one officer be enough again from a day on."""
    officer, form = officer_of(request), EndForm(request.POST)
    rule = get_object_or_404(two_person_rules(ancestor_of(officer.lo, Level.PROVINCE)), pk=number, to_on=None)
    if form.is_valid() and form.cleaned_data["to_on"] > rule.from_on:
        ask_no_longer(rule=rule, to_on=form.cleaned_data["to_on"], at=now(), by=officer)
        messages.success(request, gettext("It is decided."))
    else:
        messages.error(request, gettext("Choose a day after the first one."))
    return redirect("change_rules")


urlpatterns = [
    path("workers/<int:number>/change/", worker_change, name="worker_change"),
    path("workers/<int:number>/household/", worker_move, name="worker_move"),
    path("households/<int:number>/status/", household_status, name="household_status"),
    path("households/<int:number>/split/", household_split, name="household_split"),
    path("changes/", change_list, name="change_list"),
    path("changes/<int:number>/", change_decide, name="change_decide"),
    path("changes/rules/", change_rules, name="change_rules"),
    path("changes/rules/<int:number>/end/", change_rule_end, name="change_rule_end"),
]
