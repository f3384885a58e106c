"""A worker's offers, opened by the personal link: why this post, yes, no, and the way out; no account."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from fourdoors.kernel.errors import RuleError
from fourdoors.placements.selectors import offers_beside, offers_of
from fourdoors.placements.services import accept_offer, decline_offer
from fourdoors.register.rules import HowGiven
from fourdoors.travel.services import withdraw_from_move
from fourdoors.web import words
from fourdoors.web.desk import for_everybody, now, today
from fourdoors.web.matching import DeclineForm, asked_in, fill_again, price_of, reasons_of, shown
from fourdoors.web.refusals import words_for
from fourdoors.web.worker.mine import tabs_of, worker_of


@never_cache
@require_GET
@for_everybody
def my_offers(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a worker every offer of a published round, with its reasons and the ways to answer."""
    worker = worker_of(secret)
    context = {
        "title": gettext("Work offered to you"),
        "place": words.whole_place(worker.village),
        "secret": secret,
        "offers": [_card(one) for one in offers_of(worker)],
        "tabs": tabs_of(worker, secret, here="my_offers"),
    }
    return render(request, "worker/placements/my_offers.html", context)


def _card(offer: Any) -> dict[str, Any]:
    return {
        **shown(offer, on=today()),
        **asked_in(offer),
        "reasons": reasons_of(offer),
        "price": price_of(offer),
    }


@never_cache
@require_POST
@for_everybody
def my_answer(request: HttpRequest, secret: str, number: int, answer: str) -> HttpResponse:
    """Take a worker's own yes, no, or way out."""
    worker = worker_of(secret)
    if answer not in _ANSWERS:
        raise Http404
    offer = get_object_or_404(offers_of(worker), pk=number)
    try:
        messages.success(request, _ANSWERS[answer](request, offer))
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
    return redirect(f"{reverse('my_offers', args=[secret])}#offer-{number}")


def _accept(request: HttpRequest, offer: Any) -> str:
    others = offers_beside(offer)
    accept_offer(offer=offer, how=HowGiven.SELF, at=now())
    for one in others:
        fill_again(one, at=now())
    return gettext("Your yes is recorded; the employer answers by name. You can take it back at any time.")


def _decline(request: HttpRequest, offer: Any) -> str:
    form = DeclineForm({"how": HowGiven.SELF.value, "words": request.POST.get("words", "")[:200]})
    form.is_valid()
    decline_offer(offer=offer, at=now(), **form.answer())
    fill_again(offer, at=now())
    return gettext("Your no is recorded. Nothing else follows from it.")


def _withdraw(request: HttpRequest, offer: Any) -> str:
    withdraw_from_move(offer=offer, at=now())
    fill_again(offer, at=now())
    return gettext("It is taken back. Nothing else follows from it.")


_ANSWERS = {"accept": _accept, "decline": _decline, "withdraw": _withdraw}

urlpatterns = [
    path("<str:secret>/offers/", my_offers, name="my_offers"),
    path("<str:secret>/offers/<int:number>/<slug:answer>/", my_answer, name="my_answer"),
]
