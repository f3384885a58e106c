"""An employer's own vacancies: posted, confirmed as still open, withdrawn."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fourdoors.accounts.rules import Duty
from fourdoors.kernel.errors import RuleError
from fourdoors.partners.selectors import employers
from fourdoors.recruitment.rules import Source, VacancyState
from fourdoors.recruitment.selectors import vacancies
from fourdoors.recruitment.services import confirm_vacancy, post_vacancy, withdraw_vacancy
from fourdoors.web.desk import for_duties, now, officer_of, page_of
from fourdoors.web.postings import VacancyForm, stated
from fourdoors.web.refusals import words_for

_DEEDS = {"confirm": confirm_vacancy, "withdraw": withdraw_vacancy}
_ALIVE = (VacancyState.UNVERIFIED, VacancyState.OPEN, VacancyState.EXPIRING, VacancyState.EXPIRED)


@require_GET
@for_duties(Duty.EMPLOYER)
def own_vacancy_list(request: HttpRequest) -> HttpResponse:
    """Show the employer's own vacancies; what must be confirmed is marked."""
    page = page_of(request, _own(request))
    values = {"title": gettext("Our vacancies"), "page": page, "rows": [_row(it) for it in page]}
    return render(request, "employer/recruitment/vacancy_list.html", values)


def _own(request: HttpRequest) -> Any:
    return vacancies().filter(employer=officer_of(request).organisation)


def _row(vacancy: Any) -> dict[str, Any]:
    said = stated(vacancy)
    return {"it": vacancy, "alive": said["state"] in _ALIVE, **said}


@require_http_methods(["GET", "POST"])
@for_duties(Duty.EMPLOYER)
def own_vacancy_create(request: HttpRequest) -> HttpResponse:
    """Post a vacancy; an officer verifies it before anybody sees it."""
    employer = get_object_or_404(employers(), pk=officer_of(request).organisation)
    form = VacancyForm(request.POST or None)
    if form.is_valid():
        try:
            post_vacancy(
                employer=employer,
                draft=form.draft(),
                source=Source.EMPLOYER,
                valid_to=form.cleaned_data["valid_to"],
                at=now(),
                by=officer_of(request),
            )
        except RuleError as refusal:
            form.add_error(None, words_for(refusal))
        else:
            messages.success(request, gettext("Posted. An officer verifies it before it is shown."))
            return redirect("own_vacancy_list")
    values = {"form": form, "title": gettext("Post a vacancy"), "back": reverse("own_vacancy_list")}
    return render(request, "office/recruitment/vacancy_form.html", values)


@require_POST
@for_duties(Duty.EMPLOYER)
def own_vacancy_change(request: HttpRequest, number: int, deed: str) -> HttpResponse:
    """Confirm that a vacancy is still open, or withdraw it."""
    if deed not in _DEEDS:
        raise Http404
    vacancy = get_object_or_404(_own(request), pk=number)
    try:
        _DEEDS[deed](vacancy=vacancy, at=now(), by=officer_of(request))  # type: ignore[operator]
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
    else:
        messages.success(request, gettext("Recorded."))
    return redirect("own_vacancy_list")


urlpatterns = [
    path("vacancies/", own_vacancy_list, name="own_vacancy_list"),
    path("vacancies/new/", own_vacancy_create, name="own_vacancy_create"),
    path("vacancies/<int:number>/<slug:deed>/", own_vacancy_change, name="own_vacancy_change"),
]
