"""Jobs for everybody, without an account: search, one job, a village's page, applying and taking back."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from fourdoors.kernel.divisions import Level, Range, find_division, parent_of
from fourdoors.kernel.errors import RuleError
from fourdoors.recruitment.rules import Work, local_age_of
from fourdoors.recruitment.selectors import (
    Sought,
    applications,
    applied_from,
    narrowed,
    open_vacancies,
    vacancies_for_village,
    with_requirements,
)
from fourdoors.recruitment.services import apply_from_village, withdraw_application
from fourdoors.store.scope import Scope, set_scope
from fourdoors.web import words
from fourdoors.web.desk import for_everybody, now, page_of, today
from fourdoors.web.postings import asked_of, basis_of, given, tags
from fourdoors.web.refusals import words_for

JOBS_A_PAGE = 12
_SALT = "recruitment.application"
_PARTS = ("board", "near", "wage")  # what the chips switch


class SearchForm(forms.Form):
    q = forms.CharField(max_length=60, required=False)
    board = forms.BooleanField(required=False)
    near = forms.BooleanField(required=False)
    wage = forms.IntegerField(min_value=0, max_value=100_000, required=False)


class ApplyForm(forms.Form):
    """A name, a phone, and a field that people do not see: who fills it in is a machine."""

    name = forms.CharField(label=_("Your name"), max_length=40)
    phone = forms.CharField(
        label=_("Mobile phone"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=_("The employment office calls you about this post and nothing else."),
    )
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )

    @property
    def is_machine(self) -> bool:
        return bool(self.data.get("website"))


@dataclass(frozen=True)
class Job:
    """A vacancy as the list shows it."""

    vacancy: Any
    href: str
    city: str
    good: str
    tags: list[str]
    reason: str
    applied: int | None


@require_GET
@for_everybody
def job_list(request: HttpRequest) -> HttpResponse:
    """Search every open vacancy."""
    form = _search(request)
    page = page_of(
        request, with_requirements(narrowed(open_vacancies(on=today()), _sought(form))), size=JOBS_A_PAGE
    )
    jobs = [_job(it, reverse("job_detail", args=[it.pk])) for it in page]
    return _list(request, page, jobs, form, {"place": gettext("Every province")})


@require_GET
@for_everybody
def village_jobs(request: HttpRequest, village: int) -> HttpResponse:
    """Show the jobs that fit a village, as its poster's code opens them."""
    _enter_village(village)
    form = _search(request)
    near = bool(form.cleaned_data.get("near"))
    found = narrowed(vacancies_for_village(village, on=today(), near=near), _sought(form))
    page = page_of(request, with_requirements(found), size=JOBS_A_PAGE)
    applied = applied_from(village, [it.pk for it in page])
    jobs = [_job(it, reverse("village_job", args=[village, it.pk]), applied.get(it.pk)) for it in page]
    return _list(request, page, jobs, form, {"place": _of_village(village), "village": village})


def _list(
    request: HttpRequest, page: Page[Any], jobs: list[Job], form: SearchForm, more: dict[str, Any]
) -> HttpResponse:
    count = page.paginator.count
    title = ngettext("%(count)d post today", "%(count)d posts today", count) % {"count": count}
    chips = _chips(request, village="village" in more)
    kept = [(part, request.GET[part]) for part in _PARTS if request.GET.get(part)]
    values = {"kept": kept, "page": page, "jobs": jobs, "form": form, "chips": chips, "title": title, **more}
    return render(request, "open/recruitment/vacancy_list.html", values)


@require_GET
@for_everybody
def job_detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show one open vacancy; applying needs a village, whose page the poster opens."""
    vacancy = get_object_or_404(with_requirements(open_vacancies(on=today())), pk=number)
    return render(request, "open/recruitment/vacancy_detail.html", _details(vacancy))


@never_cache
@require_http_methods(["GET", "POST"])
@for_everybody
def village_job(request: HttpRequest, village: int, number: int) -> HttpResponse:
    """Show one vacancy to a village, and take a name and a phone."""
    _enter_village(village)
    vacancy = get_object_or_404(with_requirements(open_vacancies(on=today())), pk=number)
    form = ApplyForm(request.POST or None)
    if form.is_valid():
        if form.is_machine:
            return redirect("village_jobs", village)
        try:
            application = apply_from_village(
                vacancy=vacancy,
                village=village,
                name=form.cleaned_data["name"],
                phone=form.cleaned_data["phone"],
                at=now(),
            )
        except RuleError as refusal:
            form.add_error(None, words_for(refusal))
        else:
            return redirect("applied", village, signing.dumps(application.pk, salt=_SALT))
    applied = applied_from(village, [vacancy.pk]).get(vacancy.pk)
    values = {"form": form, "village": village, "place": _of_village(village), "applied": applied}
    return render(request, "open/recruitment/vacancy_detail.html", _details(vacancy) | values)


@never_cache
@require_http_methods(["GET", "POST"])
@for_everybody
def applied(request: HttpRequest, village: int, token: str) -> HttpResponse:
    """Say that the application is in; one press takes it back and erases name and phone."""
    _enter_village(village)
    try:
        number = signing.loads(token, salt=_SALT)
    except signing.BadSignature as wrong:
        raise Http404 from wrong
    application = get_object_or_404(applications(open_only=False), pk=number)
    if request.method == "POST":
        withdraw_application(application=application, at=now(), by=None)
        return redirect(request.get_full_path())
    values = {
        "application": application,
        "village": village,
        "place": _of_village(village),
        "title": gettext("Taken back") if application.withdrawn_at else gettext("You have applied"),
    }
    return render(request, "open/recruitment/application_detail.html", values)


def _enter_village(village: int) -> None:
    """Limit this request to one village: its counts may be read, no row of anybody else can be."""
    division = find_division(village)
    if division is None or division.level is not Level.VILLAGE:
        raise Http404
    set_scope(Scope(territory=Range(village, village + 1)))


def _of_village(village: int) -> str:
    township = parent_of(village)
    names = [words.place(township), words.place(village)] if township else [words.place(village)]
    return " ".join(names) if words.in_chinese() else ", ".join(reversed(names))


def _search(request: HttpRequest) -> SearchForm:
    form = SearchForm(request.GET)
    form.is_valid()
    return form


def _sought(form: SearchForm) -> Sought:
    said = form.cleaned_data
    return Sought(
        words=said.get("q") or "",
        board=bool(said.get("board")),
        lodging=bool(said.get("board")),
        wage_from_yuan=said.get("wage"),
    )


def _chips(request: HttpRequest, *, village: bool) -> list[dict[str, Any]]:
    """Return the switches above the list; each is a link, so that they work without a script."""
    offered: list[tuple[str, str, str | Promise]] = [
        ("board", "on", _("Board and lodging")),
        ("wage", "5000", _("From 5,000 yuan")),
    ]
    if village:
        offered.insert(0, ("near", "on", _("Near home")))
    everything = {"href": "?", "label": _("Fits this village") if village else _("All posts")}
    chips = [{**everything, "current": not any(request.GET.get(part) for part in _PARTS)}]
    for name, value, label in offered:
        query = request.GET.copy()
        query.pop("page", None)
        on = bool(query.pop(name, None))
        if not on:
            query[name] = value
        chips.append({"href": f"?{query.urlencode()}", "label": label, "current": on})
    return chips


def _job(vacancy: Any, href: str, applied: int | None = None) -> Job:
    return Job(
        vacancy=vacancy,
        href=href,
        city=words.work_place(vacancy.place) if vacancy.place else vacancy.place_words,
        good=given(vacancy),
        tags=list(tags(vacancy)),
        reason=_reason(vacancy),
        applied=applied,
    )


def _reason(vacancy: Any) -> str:
    if getattr(vacancy, "is_wished", False):
        return gettext("Asked for in this village")
    if getattr(vacancy, "is_agreed", False):
        return gettext("By labour agreement")
    return gettext("Near home") if getattr(vacancy, "is_near", False) else ""


def _details(vacancy: Any) -> dict[str, Any]:
    return {
        "job": _job(vacancy, ""),
        "title": vacancy.title,
        "place": gettext("Every province"),
        "asked": asked_of(vacancy),
        "barred": _barred(vacancy),
        "verified_where": _verified_where(vacancy),
    }


def _barred(vacancy: Any) -> dict[str, Any] | None:
    """Return the rule of the place that bars people by age, whether or not the employer asks for it."""
    rule = local_age_of(Work(vacancy.place, vacancy.occupation, vacancy.starts_on or today()))
    return None if rule is None else {"men": rule.men, "women": rule.women, "basis": basis_of(rule.code)}


def _verified_where(vacancy: Any) -> str:
    officer = vacancy.verified_by
    return words.place(officer.lo) if officer and find_division(officer.lo) else ""


urlpatterns = [
    path("jobs/", job_list, name="job_list"),
    path("jobs/<int:number>/", job_detail, name="job_detail"),
    path("v/<int:village>/", village_jobs, name="village_jobs"),
    path("v/<int:village>/applied/<str:token>/", applied, name="applied"),
    path("v/<int:village>/<int:number>/", village_job, name="village_job"),
]
