"""Pages of workers and households: the list, one person, a wish, a consent, the worker's card."""

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.engines.sheets import Column, write_workbook
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.periods import full_years
from fourdoors.kernel.terms import Education, RelationToHead, Sex
from fourdoors.register.rules import EXPORT_ROWS, WHOLE_IDENTITY_DUTIES, ProposalState
from fourdoors.register.selectors import (
    first_numbers,
    for_a_list,
    identity_numbers,
    listed,
    merged_into,
    pair_of,
    worker_as_of,
    worker_file,
    workers_visible_to,
)
from fourdoors.register.services import (
    give_consent,
    look_at_worker,
    make_worker_link,
    open_identity,
    record_export,
    record_wish,
    register_worker,
    withdraw_consent,
)
from fourdoors.web import words
from fourdoors.web.codes import code_picture
from fourdoors.web.desk import for_duties, now, officer_of, page_of, today
from fourdoors.web.office.changes import shown
from fourdoors.web.office.register_forms import (
    ConsentForm,
    DayForm,
    FilterForm,
    WishForm,
    WorkerForm,
)
from fourdoors.web.person import (
    FactLine,
    consents_of,
    facts_of,
    facts_of_record,
    known_words,
    looks_at,
    masked_number,
    more_facts_then,
    status_words,
    what_the_worker_sees,
    wish_of,
)
from fourdoors.web.person_way import whole_way_of
from fourdoors.web.refusals import words_for

CADRES = (Duty.COUNTY, Duty.TOWNSHIP)  # who writes down what a worker says
LOOKS_SHOWN = 10
MOST_LISTED = 1_000  # people of a list: nobody turns more pages, and counting a province takes seconds
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@for_duties(*TERRITORIAL)
def worker_list(request: HttpRequest) -> HttpResponse:
    """Show the workers of the officer's territory, narrowed by the filter."""
    officer, on = officer_of(request), today()
    form = FilterForm(request.GET, officer=officer)
    numbers = first_numbers(officer=officer, on=on, sought=form.sought(), most=MOST_LISTED + 1)
    page = page_of(request, numbers[:MOST_LISTED])
    context = {
        "title": gettext("Workers"),
        "form": form,
        "page": page,
        "is_capped": len(numbers) > MOST_LISTED,
        "rows": [_row(worker, on) for worker in listed(list(page), on=on)],
        "officer": officer,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "may_open": officer.duty in WHOLE_IDENTITY_DUTIES,
        "may_write": officer.duty in CADRES,
    }
    return render(request, "office/register/worker_list.html", context)


def _row(worker: Any, on: date) -> dict[str, Any]:
    membership = next(iter(worker.memberships.all()), None)
    statuses = membership.household.statuses.all() if membership else []
    return {
        "pk": worker.pk,
        "name": worker.name,
        "sex": words.term(Sex(worker.sex)),
        "age": full_years(worker.born_on, on),
        "village": worker.village,
        "household": membership.household.number if membership else "",
        "statuses": [status_words(status.kind) for status in statuses],
        "education": words.term(Education(worker.education)) if worker.education else "",
        "phone": masked_number(worker.phone_tail, 11),
        "wants": {True: gettext("Wishes to go"), False: gettext("Wishes to stay")}.get(worker.wants, ""),
        "goes": worker.wants,
    }


@require_POST
@for_duties(*TERRITORIAL)
def worker_export(request: HttpRequest) -> HttpResponse:
    """Give the filtered list as a workbook; how long it was is written to the trail."""
    officer, on, whole = officer_of(request), today(), request.POST.get("identities") == "whole"
    form = FilterForm(request.GET, officer=officer)
    found = workers_visible_to(officer=officer, on=on, sought=form.sought())
    count = found.order_by()[: EXPORT_ROWS + 1].count()
    try:
        record_export(by=officer, at=now(), rows=count, whole_identities=whole)
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
        return redirect(f"{reverse('worker_list')}?{request.GET.urlencode()}")
    out = io.BytesIO()
    mark = gettext("Taken out by %(officer)s, %(at)s: %(count)d people. For this office's work only.")
    write_workbook(
        out,
        sheet=gettext("Workers"),
        columns=_columns(),
        rows=_records(found, on, whole),
        title=gettext("Workers"),
        watermark=mark % {"officer": officer, "at": words.moment(now()), "count": count},
    )
    answer = HttpResponse(out.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="workers-{on:%Y%m%d}.xlsx"'
    return answer


def _columns() -> list[Column]:
    titles = {
        "township": gettext("Township"),
        "village": gettext("Village"),
        "household": gettext("Household number"),
        "statuses": gettext("Household"),
        "name": gettext("Name"),
        "sex": gettext("Sex"),
        "age": gettext("Age"),
        "identity": gettext("Identity number"),
        "phone": gettext("Mobile phone"),
        "education": gettext("Education"),
        "wants": gettext("Wish"),
    }
    return [Column(key, (title,)) for key, title in titles.items()]


def _records(found: Any, on: date, whole: bool) -> Iterator[dict[str, Any]]:  # noqa: FBT001 (not a deed)
    open_numbers = identity_numbers(found) if whole else {}
    for worker in for_a_list(found, on=on):
        row = _row(worker, on)
        yield {
            **row,
            "age": str(row["age"]),
            "township": words.place(worker.village // 1000 * 1000),
            "village": words.place(worker.village),
            "statuses": "、".join(row["statuses"]),
            "identity": open_numbers.get(worker.pk) or masked_number(worker.identity_tail),
        }


@require_GET
@for_duties(*TERRITORIAL)
def worker_detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show one person; that somebody looked is itself written to the trail."""
    officer = officer_of(request)
    if kept := merged_into(number):
        return redirect("worker_detail", kept)
    worker = _worker(request, number)
    page = render(request, "office/register/worker_detail.html", _details(request, worker))
    look_at_worker(worker=worker, by=officer, at=now())  # last: until the answer it holds the county's trail
    return page


def _worker(request: HttpRequest, number: int) -> Any:
    return get_object_or_404(workers_visible_to(officer=officer_of(request)), pk=number)


def _details(request: HttpRequest, worker: Any, consent: ConsentForm | None = None) -> dict[str, Any]:
    file, duty = worker_file(worker), officer_of(request).duty
    day = DayForm({"on": request.GET.get("on") or today()})
    on = day.cleaned_data["on"] if day.is_valid() and request.GET.get("on") else None
    as_of = worker_as_of(worker, on=on) if on else None
    return {
        "title": worker.name,
        "worker": worker,
        "facts": facts_of(file),
        "events": whole_way_of(file, on=today(), links=True),
        "statuses": [status_words(it.kind) for it in file.statuses if it.to_on is None or it.to_on > today()],
        "members": _members(file.members),
        "day": day,
        "on": on,
        "as_of": as_of,
        "facts_then": _facts_then(as_of),
        "members_then": _members(as_of.members) if as_of else [],
        "statuses_then": [status_words(it.kind) for it in as_of.statuses] if as_of else [],
        "merged": pair_of(worker) if len(file.records) > 1 else None,
        "household": file.membership.household if file.membership else None,
        "wish": wish_of(file),
        "consents": consents_of(file),
        "consent_form": consent or ConsentForm(),
        "looks": looks_at(worker, most=LOOKS_SHOWN),
        "proposals": [shown(it) for it in file.proposals if it.state == ProposalState.OPEN.value],
        "may_open": duty in WHOLE_IDENTITY_DUTIES,
        "may_write": duty in CADRES,
        "roads": [(reverse("worker_list"), gettext("Workers"))],
    }


def _members(memberships: Any) -> list[dict[str, Any]]:
    return [
        {
            "pk": it.worker_id,
            "name": it.worker.name,
            "relation": words.term(RelationToHead(it.relation)),
            "grade": it.grade,
            "note": known_words(it.from_on, it.source),
        }
        for it in memberships
    ]


def _facts_then(then: Any) -> list[FactLine]:
    if then is None or then.record is None:
        return []
    return [*facts_of_record(then.record, then.membership, then.known), *more_facts_then(then)]


@require_GET
@for_duties(*TERRITORIAL)
def worker_seen(request: HttpRequest, number: int) -> HttpResponse:
    """Show a worker's own page as the worker sees it, without its buttons; it is a look like any other."""
    worker = _worker(request, number)
    file = worker_file(worker)
    context = {
        **what_the_worker_sees(file),
        "title": gettext("What %(name)s sees") % {"name": worker.name},
        "events": whole_way_of(file, on=today(), links=False),
        "roads": _roads_to(worker),
    }
    page = render(request, "office/register/worker_seen.html", context)
    look_at_worker(worker=worker, by=officer_of(request), at=now())
    return page


@require_http_methods(["GET", "POST"])
@for_duties(*CADRES)
def worker_create(request: HttpRequest) -> HttpResponse:
    """Register one worker."""
    officer = officer_of(request)
    form = WorkerForm(request.POST or None, officer=officer)
    if form.is_valid():
        try:
            worker = register_worker(at=now(), by=officer, **form.cleaned_data)
        except RuleError as refusal:
            form.add_error(None, words_for(refusal))
        else:
            messages.success(request, gettext("%(name)s is registered.") % {"name": worker.name})
            return redirect("worker_detail", worker.pk)
    context = {
        "title": gettext("Register a worker"),
        "form": form,
        "roads": [(reverse("worker_list"), gettext("Workers"))],
    }
    return render(request, "office/register/worker_create.html", context)


@require_http_methods(["GET", "POST"])
@for_duties(*CADRES)
def worker_wish(request: HttpRequest, number: int) -> HttpResponse:
    """Write down what a worker wants."""
    worker = _worker(request, number)
    form = WishForm(request.POST or None)
    if form.is_valid():
        record_wish(worker=worker, terms=form.terms(), at=now(), by=officer_of(request))
        messages.success(request, gettext("The wish is written down."))
        return redirect("worker_detail", worker.pk)
    context = {
        "title": gettext("Wish of %(name)s") % {"name": worker.name},
        "worker": worker,
        "form": form,
        "roads": _roads_to(worker),
    }
    return render(request, "office/register/wish_create.html", context)


def _roads_to(worker: Any) -> list[tuple[str, str]]:
    return [
        (reverse("worker_list"), gettext("Workers")),
        (reverse("worker_detail", args=[worker.pk]), worker.name),
    ]


@require_POST
@for_duties(*CADRES)
def consent_create(request: HttpRequest, number: int) -> HttpResponse:
    """Record a consent that came on paper, by a relative or by SMS."""
    worker, form = _worker(request, number), ConsentForm(request.POST)
    if form.is_valid():
        try:
            give_consent(worker=worker, at=now(), by=officer_of(request), **form.given())
        except RuleError as refusal:
            form.add_error(None, words_for(refusal))
        else:
            messages.success(request, gettext("The consent is recorded."))
            return redirect("worker_detail", worker.pk)
    return render(request, "office/register/worker_detail.html", _details(request, worker, form))


@require_POST
@for_duties(*CADRES)
def consent_withdraw(request: HttpRequest, number: int, consent: int) -> HttpResponse:
    """Take a consent back for a worker who asked for it."""
    worker = _worker(request, number)
    found = next((it for it in worker_file(worker).consents if it.pk == consent), None)
    if found is None:
        raise Http404
    withdraw_consent(consent=found, at=now(), by=officer_of(request))
    messages.success(request, gettext("The consent is withdrawn. Nothing else follows from it."))
    return redirect("worker_detail", worker.pk)


@require_POST
@for_duties(*WHOLE_IDENTITY_DUTIES)
def worker_identity(request: HttpRequest, number: int) -> HttpResponse:
    """Show the whole identity number once; who had it opened is written to the trail."""
    worker = _worker(request, number)
    opened = open_identity(worker=worker, by=officer_of(request), at=now())
    if request.headers.get("HX-Request"):
        return render(request, "office/register/worker_identity.html", {"opened": opened})
    return render(
        request, "office/register/worker_detail.html", {**_details(request, worker), "opened": opened}
    )


@require_POST
@for_duties(*CADRES)
def worker_card(request: HttpRequest, number: int) -> HttpResponse:
    """Make the worker's own link and show it once, as a code to print; an older card ends."""
    worker = _worker(request, number)
    secret = make_worker_link(worker=worker, at=now(), by=officer_of(request))
    address = request.build_absolute_uri(reverse("my_page", args=[secret]))
    context = {
        "title": gettext("Card of %(name)s") % {"name": worker.name},
        "worker": worker,
        "address": address,
        "code": code_picture(address, label=gettext("Code of the own page")),
        "roads": _roads_to(worker),
    }
    return render(request, "office/register/worker_card.html", context)


urlpatterns = [
    path("workers/", worker_list, name="worker_list"),
    path("workers/export/", worker_export, name="worker_export"),
    path("workers/new/", worker_create, name="worker_create"),
    path("workers/<int:number>/", worker_detail, name="worker_detail"),
    path("workers/<int:number>/seen/", worker_seen, name="worker_seen"),
    path("workers/<int:number>/wish/", worker_wish, name="worker_wish"),
    path("workers/<int:number>/consents/", consent_create, name="consent_create"),
    path("workers/<int:number>/consents/<int:consent>/withdraw/", consent_withdraw, name="consent_withdraw"),
    path("workers/<int:number>/identity/", worker_identity, name="worker_identity"),
    path("workers/<int:number>/card/", worker_card, name="worker_card"),
]
