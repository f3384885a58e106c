"""An offer and its reasons in plain words, why a round found nothing, and the forms of an answer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fourdoors.kernel.divisions import county_of
from fourdoors.kernel.terms import Term
from fourdoors.placements.rules import LIVE, OfferState
from fourdoors.placements.selectors import offers_of
from fourdoors.recruitment.rules import PayBasis, RequirementKind
from fourdoors.register.rules import HowGiven
from fourdoors.store.queue import defer
from fourdoors.web import words
from fourdoors.web.desk import today
from fourdoors.web.postings import asked_of, choices_of, given

TONES = {
    OfferState.MADE: "look",
    OfferState.ACCEPTED: "good",
    OfferState.PLACED: "good",
    OfferState.NOT_TAKEN: "bad",
}
TIERS: dict[str, Promise] = {
    "registered_poor": _("Registered poor"),
    "at_risk": _("At risk"),
    "other": _("All others"),
}
WEIGHTS: dict[str, Promise] = {
    "applied": _("The worker asked for this very post"),
    "wage": _("Pay above the least that was asked for"),
    "occupation": _("The work that was wished for"),
    "skill": _("A skill that helps"),
    "destination": _("The province wished most"),
    "near_home": _("Near home, for who asks for it"),
    "companions": _("People of the village work there"),
    "lodging": _("A bed is given"),
    "lot": _("The lot, so that no order of rows decides"),
}
# What a rule is called in a list, and what it means for one person.
RULES: dict[str, Promise] = {
    "CONSENT": _("No consent to be matched"),
    "DECLINED": _("One side said no to it before, or the county keeps this pair apart"),
    "AGE": _("Age"),
    "SEX": _("Sex, where the law limits it"),
    "CAPACITY": _("Capacity to work"),
    "EDUCATION": _("Schooling"),
    "CERTIFICATE": _("A certificate is missing"),
    "DESTINATION": _("Outside the provinces that were wished for"),
    "COUNTY": _("Cannot leave the county"),
    "WAGE": _("Pay below what was asked for"),
    "DAY": _("Begins before the worker can"),
    "no_consent": _("No consent to be matched"),
    "nothing_fits": _("Nothing that is open fits"),
    "wanted_by_more": _("More people could take it than there are openings"),
    "nobody_left": _("Everybody who agreed has an offer"),
}
_NEAR_KILOMETRES = {100: 50, 60: 100, 30: 200}  # share of the weight -> ring, as the engine draws them


@dataclass(frozen=True)
class Reason:
    """One fact that speaks for an offer."""

    said: str
    points: int


def reasons_of(offer: Any) -> list[Reason]:
    """Return at most four facts, most points first; their points add up to those of the offer."""
    weights = offer.round.policy["weights"] if offer.round else {}
    return [
        Reason(_sentence(term, points, weights.get(term, 0), offer), points)
        for term, points in offer.reasons["facts"]
    ]


FREED: dict[str, Promise] = {
    OfferState.DECLINED: _("the person to whom it was offered first said no"),
    OfferState.EXPIRED: _("the person to whom it was offered first did not answer"),
    OfferState.NOT_TAKEN: _("the employer did not take the person to whom it was offered first"),
    OfferState.WITHDRAWN: _("the person to whom it was offered first took the consent back"),
    OfferState.OBSOLETE: _("the person to whom it was offered first took another post"),
}


def freed_words(offer: Any) -> str:
    """Return why an offer came after the round: whose answer freed the place, without a name."""
    state = offer.reasons.get("freed", "")
    if not state:
        return ""
    return gettext("The place became free: %(why)s. You are next by tier and points.") % {"why": FREED[state]}


def fill_again(offer: Any, *, at: Any) -> None:
    """Let the queue offer the place of an offer that ended to the next person of its round."""
    defer(
        "placements.refill", offer_id=offer.pk, county=county_of(offer.village) * 10**6, at=at.isoformat()
    )  # fmt: skip


def _sentence(term: str, points: int, weight: int, offer: Any) -> str:
    share = round(100 * points / weight) if weight else 0
    match term:
        case "wage":
            return _of_pay(offer)
        case "occupation":
            return _of_wish(share)
        case "near_home":
            return gettext("Within %(kilometres)d km of home") % {
                "kilometres": _NEAR_KILOMETRES.get(share, 200)
            }
    return str(_PLAIN.get(term, term))


_PLAIN: dict[str, Promise] = {
    "applied": _("This very post was asked for"),
    "skill": _("A skill or certificate at hand helps in this work"),
    "destination": _("In the province wished most"),
    "companions": _("People of the same village work for this employer"),
    "lodging": _("A bed is given"),
    "lot": _("Drawn by lot among equals"),
    "rest": _("Smaller reasons together"),
}


def _of_pay(offer: Any) -> str:
    floor = offer.reasons.get("floor_yuan", 0)
    if not floor:
        return gettext("Pay; no least pay was asked for")
    return gettext("Pays %(yuan)s yuan a month more than was asked for") % {
        "yuan": f"{offer.terms['wage_low_yuan'] - floor:,}"
    }


def _of_wish(share: int) -> str:
    if share >= 100:
        return gettext("The work wished for most")
    return gettext("The work wished for second") if share >= 75 else gettext("The work wished for third")


def price_of(offer: Any) -> str:
    """Return in words how much the post is sought after: what one more opening would give."""
    return worth_of(offer.reasons.get("tier"), offer.reasons.get("price", 0))


def worth_of(tier: str | None, points: int) -> str:
    """Return in words what one more opening of a post would give."""
    if tier:
        return gettext(
            "Sought after: one more opening here would give one more person a place (%(tier)s)."
        ) % {"tier": TIERS.get(tier, tier)}
    if points:
        return gettext(
            "Wanted by others too: one more opening here would add %(points)d points to the whole plan."
        ) % {"points": points}
    return gettext("Not scarce: one more opening here would change nothing for anybody.")


def why_not(reasons: Any) -> list[str]:
    """Return in plain words why a round found nothing for one person, the dearest rule first."""
    if reasons["why"] == "wanted_by_more":
        return [_wanted_by_more(reasons)]
    if not reasons["rules"]:
        return [str(RULES[reasons["why"]])]
    return [
        gettext("%(rule)s: %(touched)d of the open posts, %(alone)d for this reason alone")
        % {"rule": RULES[rule], "touched": touched, "alone": alone}
        for rule, alone, touched in reasons["rules"]
    ]


def _wanted_by_more(reasons: Any) -> str:
    return gettext(
        "%(possible)d posts were possible. The best of them, %(title)s, has %(openings)d openings, and "
        "%(people)d people could take it; the tiers and the points decided."
    ) % {
        "possible": reasons["possible"],
        "title": reasons.get("title", "—"),
        "openings": reasons.get("openings", 0),
        "people": reasons.get("could_take", 0),
    }


def why_free(line: Any) -> str:
    """Return in words which rule keeps those who are left over from a vacancy that stayed open."""
    if not line["rules"]:
        return str(RULES[line["why"]])
    rule, alone, touched = line["rules"][0]
    return gettext("%(rule)s: %(touched)d kept out, %(alone)d of them for this reason alone") % {
        "rule": RULES[rule],
        "touched": touched,
        "alone": alone,
    }


def state_of(offer: Any, *, on: date) -> OfferState:
    """Return where an offer stands on a day: past its last day it can no longer be answered."""
    state = OfferState(offer.state)
    return OfferState.EXPIRED if state is OfferState.MADE and offer.expires_on <= on else state


def shown(offer: Any, *, on: date) -> dict[str, Any]:
    """Return what every page shows of an offer: its terms as offered, and where it stands."""
    state, terms = state_of(offer, on=on), offer.terms
    return {
        "it": offer,
        "pk": offer.pk,
        "name": offer.shown_name,
        "terms": terms,
        "promised": list(_promised(terms)),
        "starts_on": date.fromisoformat(terms["starts_on"]),
        "place": words.work_place(offer.place) if offer.place else "",
        "state": state,
        "tone": TONES.get(state, "off"),
        "open": state is OfferState.MADE and bool(offer.round is None or offer.round.published_at),
        "waits_for_employer": state is OfferState.ACCEPTED,
        "live": state in LIVE,
        "freed": freed_words(offer),
    }


def asked_in(offer: Any) -> dict[str, Any]:
    """Return what the post asks, and whether a certificate is among it: such a post begins with a class."""
    asked = asked_of(offer.vacancy)
    certificates = offer.vacancy.requirements.filter(kind=RequirementKind.CERTIFICATE.value).exists()
    return {"asked": [one["said"] for one in asked], "certificate_asked": certificates}


def offered_to(worker: Any) -> list[dict[str, Any]]:
    """Return what was offered to a worker, the newest first, within the scope that is set."""
    return [shown(one, on=today()) for one in offers_of(worker)]


def _promised(terms: Any) -> Iterator[str]:
    if both := given(SimpleNamespace(**terms)):
        yield both
    if terms["pay_basis"] != PayBasis.MONTHLY:
        yield words.term(PayBasis(terms["pay_basis"]))
    if terms["hours_per_week"]:
        yield gettext("%(hours)d hours a week") % {"hours": terms["hours_per_week"]}
    if terms["insurance"]:
        yield terms["insurance"]


class AcceptForm(forms.Form):
    how = forms.ChoiceField(label=_("How the answer came"), choices=choices_of(HowGiven))
    proxy_name = forms.CharField(
        label=_("Name of the relative"), max_length=40, required=False,
        help_text=_("Only where a relative speaks for the worker."),
    )  # fmt: skip

    def answer(self) -> dict[str, Any]:
        """Return how the yes came."""
        return {
            "how": HowGiven(self.cleaned_data["how"]),
            "proxy_name": self.cleaned_data["proxy_name"].strip(),
        }


class DeclineForm(forms.Form):
    how = forms.ChoiceField(label=_("How the answer came"), choices=choices_of(HowGiven))
    words = forms.CharField(
        label=_("What the worker wishes to say"), max_length=200, required=False,
        help_text=_("Nobody has to give a reason, and the answer has no effect on anything else."),
    )  # fmt: skip

    def answer(self) -> dict[str, Any]:
        """Return how the no came."""
        return {"how": HowGiven(self.cleaned_data["how"]), "words": self.cleaned_data["words"].strip()}


def chips(request: HttpRequest, states: Iterable[Term], counted: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the states as links above a list, each with its count; other parts of the address stay."""
    current = request.GET.get("state", "")
    parts: list[tuple[str, str]] = [("", gettext("All"))]
    parts += [(one.value, words.term(one)) for one in states if counted.get(one) or one == current]
    return [
        {
            "href": _with_state(request, state),
            "label": label,
            "count": counted.get(state, 0) if state else sum(counted.values()),
            "current": state == current,
        }
        for state, label in parts
    ]


def _with_state(request: HttpRequest, state: str) -> str:
    query = request.GET.copy()
    for name in ("page", "state"):
        query.pop(name, None)
    if state:
        query["state"] = state
    return f"?{query.urlencode()}"
