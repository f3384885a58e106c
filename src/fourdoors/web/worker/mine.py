"""A worker's own page, opened by a personal link and no account: what is held, consents, who looked."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from fourdoors.kernel.divisions import range_of
from fourdoors.register.rules import HowGiven, Purpose
from fourdoors.register.selectors import worker_by_number, worker_file
from fourdoors.register.services import give_consent, withdraw_consent, worker_by_link
from fourdoors.store.scope import Scope, set_scope
from fourdoors.web import words
from fourdoors.web.desk import for_everybody, now, today
from fourdoors.web.matching import offered_to
from fourdoors.web.person import what_the_worker_sees
from fourdoors.web.person_way import whole_way_of


def worker_of(secret: str) -> Any:
    """Return the worker whose link this is, with the scope set to the home village; 404 for any other.

    Pages of later steps that a worker opens by the same link begin with it, and show this worker only.
    """
    link = worker_by_link(secret)
    if link is None:
        raise Http404
    set_scope(Scope(territory=range_of(link.village)))
    return worker_by_number(link.worker_id)


@never_cache
@require_GET
@for_everybody
def my_page(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a worker everything that the register holds about the worker."""
    worker = worker_of(secret)
    file = worker_file(worker)
    context = {
        "title": worker.name,
        "place": words.whole_place(worker.village),
        "secret": secret,
        **what_the_worker_sees(file),
        "events": whole_way_of(file, on=today(), links=False),
        "offers": [one for one in offered_to(worker) if one["live"]],
        "tabs": tabs_of(worker, secret, here="my_page"),
    }
    return render(request, "worker/register/my_page.html", context)


def tabs_of(worker: Any, secret: str, *, here: str) -> list[dict[str, Any]]:
    """Return the tabs of a worker's own pages; ``here`` names the page itself."""
    mine = (("my_offers", "荐", gettext("Offered to me")), ("my_page", "我", gettext("Mine")))
    find = {
        "href": reverse("village_jobs", args=[worker.village]),
        "sign": "找",
        "words": gettext("Find work"),
    }
    own = [
        {"href": reverse(name, args=[secret]), "sign": sign, "words": label, "current": name == here}
        for name, sign, label in mine
    ]
    return [find, *own]


@never_cache
@require_POST
@for_everybody
def my_consent(request: HttpRequest, secret: str, purpose: str) -> HttpResponse:
    """Let a worker agree, by the own hand."""
    worker = worker_of(secret)
    if purpose not in (Purpose.MATCHING.value, Purpose.CONTACT.value):
        raise Http404
    give_consent(worker=worker, purpose=Purpose(purpose), how=HowGiven.SELF, at=now())
    messages.success(request, gettext("Thank you. You can take it back here at any time."))
    return redirect("my_page", secret)


@never_cache
@require_POST
@for_everybody
def my_withdrawal(request: HttpRequest, secret: str, consent: int) -> HttpResponse:
    """Let a worker take a consent back, in one step and without a reason."""
    worker = worker_of(secret)
    found = next((it for it in worker_file(worker).consents if it.pk == consent), None)
    if found is None:
        raise Http404
    withdraw_consent(consent=found, at=now())
    messages.success(request, gettext("It is taken back. Nothing else follows from it."))
    return redirect("my_page", secret)


urlpatterns = [
    path("<str:secret>/", my_page, name="my_page"),
    path("<str:secret>/consents/<slug:purpose>/", my_consent, name="my_consent"),
    path("<str:secret>/consents/<int:consent>/withdraw/", my_withdrawal, name="my_withdrawal"),
]
