"""The desk of job fairs: announced, signed in at, closed with what came of them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.kernel.divisions import Level
from fourdoors.kernel.errors import RuleError
from fourdoors.recruitment.rules import EventKind, VisitOutcome
from fourdoors.recruitment.selectors import (
    campaigns,
    events,
    open_vacancies,
    outcomes_of,
    visits_to,
)
from fourdoors.recruitment.services import close_event, open_event, record_visit_outcome, sign_in_visit
from fourdoors.register.rules import Sought
from fourdoors.register.selectors import workers_visible_to
from fourdoors.web import words
from fourdoors.web.desk import for_duties, now, officer_of, page_of, today
from fourdoors.web.fields import PlaceField
from fourdoors.web.postings import choices_of
from fourdoors.web.refusals import words_for

WRITERS = (Duty.PROVINCE, Duty.PREFECTURE, Duty.COUNTY, Duty.TOWNSHIP)
_FEW = 10


class EventForm(forms.Form):
    title = forms.CharField(label=_("Title of the fair"), max_length=120)
    kind = forms.ChoiceField(label=_("How it is held"), choices=choices_of(EventKind))
    on = forms.DateField(label=_("Day of the fair"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    division = PlaceField(label=_("County or township"), deepest=Level.VILLAGE)
    place_words = forms.CharField(label=_("Hall or address"), max_length=160, required=False)
    campaign = forms.ModelChoiceField(label=_("Campaign"), queryset=campaigns(), required=False)
    numbers = forms.CharField(
        label=_("Numbers of the posts offered"),
        max_length=2000,
        required=False,
        help_text=_("Post numbers with spaces between them."),
    )

    def clean_numbers(self) -> list[Any]:
        """Return the open vacancies of the numbers."""
        typed = self.cleaned_data["numbers"].replace("，", " ").replace(",", " ").split()
        found = {
            str(it.pk): it
            for it in open_vacancies(on=today()).filter(pk__in=[n for n in typed if n.isdecimal()][:200])
        }
        if unknown := [number for number in typed if number not in found]:
            raise forms.ValidationError(
                _("Not an open post: %(numbers)s."), params={"numbers": " ".join(unknown[:9])}
            )
        return list(found.values())


class SignInForm(forms.Form):
    who = forms.CharField(
        label=_("Name, identity number or phone"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@require_GET
@for_duties(*TERRITORIAL)
def event_list(request: HttpRequest) -> HttpResponse:
    """Show fairs, the newest first."""
    page = page_of(request, events())
    values = {
        "title": gettext("Job fairs"),
        "page": page,
        "rows": [{"it": it, "kind": EventKind(it.kind)} for it in page],
        "may_write": officer_of(request).duty in WRITERS,
    }
    return render(request, "office/recruitment/event_list.html", values)


@require_http_methods(["GET", "POST"])
@for_duties(*WRITERS)
def event_create(request: HttpRequest) -> HttpResponse:
    """Announce a fair with the posts that are offered there."""
    form = EventForm(request.POST or None)
    if form.is_valid():
        typed = form.cleaned_data
        event = open_event(
            title=typed["title"], kind=EventKind(typed["kind"]), on=typed["on"], division=typed["division"],
            place_words=typed["place_words"], campaign=typed["campaign"], vacancies=typed["numbers"],
            at=now(), by=officer_of(request),
        )  # fmt: skip
        return redirect("event_detail", event.pk)
    values = {"form": form, "title": gettext("Announce a fair"), "back": reverse("event_list")}
    return render(request, "office/partners/partner_form.html", values)


@require_GET
@for_duties(*TERRITORIAL)
def event_detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show a fair: its posts, who of the territory came, and a search to sign somebody in."""
    event = get_object_or_404(events(), pk=number)
    officer = officer_of(request)
    form = SignInForm(request.GET if "who" in request.GET else None)
    found = []
    if form.is_valid():
        sought = Sought(words=form.cleaned_data["who"])
        found = list(workers_visible_to(officer=officer, sought=sought)[:_FEW])
    counts = outcomes_of(event)
    values = {
        "title": event.title,
        "event": event,
        "kind": EventKind(event.kind),
        "form": form,
        "found": found,
        "posts": event.vacancies.select_related("employer").order_by("pk"),
        "page": page_of(request, visits_to(event)),
        "outcomes": list(VisitOutcome),
        "figures": _figures(counts),
        "may_write": officer.duty in WRITERS and not event.closed_at,
    }
    return render(request, "office/recruitment/event_detail.html", values)


def _figures(counts: dict[str, int]) -> list[dict[str, Any]]:
    came = {"label": gettext("Signed in"), "value": sum(counts.values()), "unit": gettext("persons")}
    by_outcome = [
        {"label": words.term(it), "value": counts.get(it.value, 0), "unit": gettext("persons")}
        for it in VisitOutcome
    ]
    return [came, *by_outcome]


@require_POST
@for_duties(*WRITERS)
def visit_sign_in(request: HttpRequest, number: int, worker: int) -> HttpResponse:
    """Sign a worker of the territory in."""
    event = get_object_or_404(events(), pk=number)
    found = get_object_or_404(workers_visible_to(officer=officer_of(request)), pk=worker)
    return _done(
        request, number, lambda: sign_in_visit(event=event, worker=found, at=now(), by=officer_of(request))
    )


@require_POST
@for_duties(*WRITERS)
def visit_outcome(request: HttpRequest, number: int, visit: int) -> HttpResponse:
    """Note what came of a visit."""
    event = get_object_or_404(events(), pk=number)
    found = get_object_or_404(visits_to(event), pk=visit)
    said = request.POST.get("outcome", "")
    chosen = (
        event.vacancies.filter(pk=int(post)).first()
        if (post := request.POST.get("post", "")).isdecimal()
        else None
    )
    if said not in {it.value for it in VisitOutcome}:
        return redirect("event_detail", number)
    return _done(
        request,
        number,
        lambda: record_visit_outcome(
            visit=found, outcome=VisitOutcome(said), vacancy=chosen, at=now(), by=officer_of(request)
        ),
    )


@require_POST
@for_duties(*WRITERS)
def event_close(request: HttpRequest, number: int) -> HttpResponse:
    """Close a fair with a sentence on what came of it."""
    event = get_object_or_404(events(), pk=number)
    outcome = request.POST.get("outcome", "").replace("\x00", "").strip()[:2000]
    return _done(
        request, number, lambda: close_event(event=event, outcome=outcome, at=now(), by=officer_of(request))
    )


def _done(request: HttpRequest, number: int, deed: Any) -> HttpResponse:
    try:
        deed()
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
    else:
        messages.success(request, gettext("Recorded."))
    return redirect("event_detail", number)


urlpatterns = [
    path("fairs/", event_list, name="event_list"),
    path("fairs/new/", event_create, name="event_create"),
    path("fairs/<int:number>/", event_detail, name="event_detail"),
    path("fairs/<int:number>/close/", event_close, name="event_close"),
    path("fairs/<int:number>/sign-in/<int:worker>/", visit_sign_in, name="visit_sign_in"),
    path("fairs/<int:number>/visits/<int:visit>/", visit_outcome, name="visit_outcome"),
]
