"""The recruitment desk: vacancies, their verification, the list as a workbook, and the village poster."""

import io
from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.engines.papers import print_paper, qr_svg
from fourdoors.engines.sheets import FORMS, Column, Kind, template, write_workbook
from fourdoors.kernel.divisions import Level, Range, level_of, parent_of
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.occupations import find_occupation
from fourdoors.partners.selectors import employer_of_code
from fourdoors.recruitment.rules import Answer, PayBasis, Source, VacancyState
from fourdoors.recruitment.selectors import (
    Sought,
    applications,
    narrowed,
    vacancies,
    vacancies_for_village,
    vacancies_in,
    with_requirements,
)
from fourdoors.recruitment.services import (
    answer_application,
    confirm_vacancy,
    post_vacancy,
    show_phone,
    verify_vacancy,
    withdraw_vacancy,
)
from fourdoors.store.scope import Scope, set_scope
from fourdoors.web import words
from fourdoors.web.desk import for_duties, now, officer_of, page_of, today
from fourdoors.web.fields import PlaceField
from fourdoors.web.postings import VacancyForm, asked_of, choices_of, given, occupations_for, stated
from fourdoors.web.refusals import words_for

READERS = (*TERRITORIAL, Duty.STATION)
WRITERS = (Duty.PROVINCE, Duty.PREFECTURE, Duty.COUNTY, Duty.STATION)
POSTER_DUTIES = (Duty.PROVINCE, Duty.PREFECTURE, Duty.COUNTY, Duty.TOWNSHIP)
POSTER_JOBS = 4
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DEEDS = {"verify": verify_vacancy, "confirm": confirm_vacancy, "withdraw": withdraw_vacancy}
_SAID = {
    "verify": _("Verified: everybody can read it now, and the next round counts it."),
    "confirm": _("Confirmed: it stays open until the day below."),
    "withdraw": _("Withdrawn: nobody is offered it any more."),
}


class ListForm(forms.Form):
    words = forms.CharField(max_length=60, required=False)
    state = forms.ChoiceField(
        choices=[("", ""), *[(it.value, it.value) for it in VacancyState]], required=False
    )


class OfficeVacancyForm(VacancyForm):
    credit_code = forms.CharField(label=_("Credit code of the employer"), max_length=30)
    source = forms.ChoiceField(label=_("Where the vacancy came from"), choices=choices_of(Source))
    field_order = ("credit_code", "source")

    def clean_credit_code(self) -> Any:
        """Return the employer of the code."""
        employer = employer_of_code(self.cleaned_data["credit_code"].strip().upper())
        if employer is None:
            raise forms.ValidationError(_("No employer has this code. Enter the employer first."))
        return employer


class PosterForm(forms.Form):
    village = PlaceField(
        label=_("Village of the poster"),
        help_text=_("Names from the county or province down, with spaces: 礼县 盐官镇 新山村."),
    )
    telephone = forms.CharField(label=_("Telephone on the poster"), max_length=30)
    liaison = forms.CharField(
        label=_("Who takes applications in the village"), max_length=30, initial=_("the village office")
    )


@require_GET
@for_duties(*READERS)
def vacancy_list(request: HttpRequest) -> HttpResponse:
    """Show vacancies, the newest confirmation first, narrowed by words and state."""
    found, form = _found(request)
    page = page_of(request, found)
    values = {
        "title": gettext("Vacancies"),
        "page": page,
        "rows": [{"it": it, **stated(it)} for it in page],
        "states": list(VacancyState),
        "sought": form.cleaned_data,
        "waiting": vacancies_in(VacancyState.UNVERIFIED, on=today()).count(),
        "may_write": officer_of(request).duty in WRITERS,
        "may_print": officer_of(request).duty in POSTER_DUTIES,
    }
    return render(request, "office/recruitment/vacancy_list.html", values)


def _found(request: HttpRequest) -> tuple[Any, ListForm]:
    form = ListForm(request.GET)
    form.is_valid()
    state = form.cleaned_data.get("state")
    found = vacancies_in(VacancyState(state), on=today()) if state else vacancies()
    return narrowed(found, Sought(words=form.cleaned_data.get("words") or "")), form


@require_GET
@for_duties(*READERS)
def vacancy_detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show a vacancy with its articles, and who of the officer's territory applied."""
    vacancy = get_object_or_404(with_requirements(vacancies()), pk=number)
    officer = officer_of(request)
    trade = find_occupation(vacancy.occupation) if vacancy.occupation_system == "CSCO" else None
    values = {
        "title": vacancy.title,
        "vacancy": vacancy,
        "trade": trade.name if trade else vacancy.occupation,
        "given": given(vacancy),
        "asked": asked_of(vacancy),
        "source": Source.read(vacancy.source),
        "basis": PayBasis(vacancy.pay_basis),
        "applications": applications(vacancy=vacancy)[:100] if officer.duty in TERRITORIAL else [],
        "answers": list(Answer),
        "may_write": officer.duty in WRITERS,
        "may_call": officer.duty in POSTER_DUTIES,
        **stated(vacancy),
    }
    return render(request, "office/recruitment/vacancy_detail.html", values)


@require_POST
@for_duties(*WRITERS)
def vacancy_change(request: HttpRequest, number: int, deed: str) -> HttpResponse:
    """Verify, confirm or withdraw a vacancy."""
    if deed not in _DEEDS:
        raise Http404
    vacancy = get_object_or_404(vacancies(), pk=number)
    try:
        _DEEDS[deed](vacancy=vacancy, at=now(), by=officer_of(request))
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
    else:
        messages.success(request, _SAID[deed])
    return redirect("vacancy_detail", number)


@require_http_methods(["GET", "POST"])
@for_duties(*WRITERS)
def vacancy_create(request: HttpRequest) -> HttpResponse:
    """Post a vacancy for an employer that is registered."""
    form = OfficeVacancyForm(request.POST or None)
    if form.is_valid():
        try:
            vacancy = post_vacancy(
                employer=form.cleaned_data["credit_code"],
                draft=form.draft(),
                source=Source(form.cleaned_data["source"]),
                valid_to=form.cleaned_data["valid_to"],
                at=now(),
                by=officer_of(request),
            )
        except RuleError as refusal:
            form.add_error(None, words_for(refusal))
        else:
            return redirect("vacancy_detail", vacancy.pk)
    values = {"form": form, "title": gettext("Post a vacancy"), "back": reverse("vacancy_list")}
    return render(request, "office/recruitment/vacancy_form.html", values)


@require_GET
@for_duties(*WRITERS, Duty.EMPLOYER)
def occupation_choose(request: HttpRequest) -> HttpResponse:
    """Propose occupations for a name of a post: a part of the form, fetched while it is typed."""
    title = request.GET.get("title", "").replace("\x00", "")[:120]
    offered = occupations_for(title)
    return render(request, "office/recruitment/occupation_choose.html", {"offered": offered})


@require_POST
@for_duties(*POSTER_DUTIES)
def application_answer(request: HttpRequest, number: int) -> HttpResponse:
    """Show the phone that somebody left, or note what came of the call."""
    application = get_object_or_404(applications(), pk=number)
    officer, said = officer_of(request), request.POST.get("answer", "")
    if said in {it.value for it in Answer}:
        answer_application(application=application, answer=Answer(said), at=now(), by=officer)
        messages.success(request, gettext("Recorded."))
    else:
        phone = show_phone(application=application, at=now(), by=officer)
        messages.info(
            request, gettext("Call %(name)s: %(phone)s") % {"name": application.name, "phone": phone}
        )
    return redirect("vacancy_detail", application.vacancy_id)


_EXPORT = tuple(
    Column(key, (title,), kind=kind)
    for key, title, kind in (
        ("number", "岗位号", Kind.INTEGER),
        ("employer", "企业名称", Kind.TEXT),
        ("credit_code", "统一社会信用代码", Kind.CODE),
        ("title", "岗位", Kind.TEXT),
        ("openings", "招聘人数", Kind.INTEGER),
        ("low", "最低月薪", Kind.INTEGER),
        ("high", "最高月薪", Kind.INTEGER),
        ("given", "食宿", Kind.TEXT),
        ("place", "工作地址", Kind.TEXT),
        ("starts_on", "上岗日期", Kind.DATE),
        ("asked", "要求及法律依据", Kind.TEXT),
        ("state", "状态", Kind.TEXT),
        ("expires_on", "有效期至", Kind.DATE),
        ("verified_by", "核验人", Kind.TEXT),
    )
)


@require_GET
@for_duties(*READERS)
def vacancy_export(request: HttpRequest) -> HttpResponse:
    """Return the list as a workbook, as it is narrowed on the page; it names who took it out."""
    found, _form = _found(request)
    officer = officer_of(request)
    mark = gettext("Taken out by %(name)s on %(day)s") % {"name": officer, "day": words.day(today())}
    out = io.BytesIO()
    write_workbook(
        out,
        sheet=gettext("Vacancies"),
        columns=_EXPORT,
        rows=_records(with_requirements(found).select_related("employer", "verified_by")),
        watermark=mark,
    )
    return _workbook(out.getvalue(), "vacancies.xlsx")


def _records(found: Any) -> Iterator[dict[str, Any]]:
    for it in found.iterator(chunk_size=1000):
        asked = [f"{one['said']} {one['basis']}".strip() for one in asked_of(it)]
        yield {
            "number": it.pk, "employer": it.employer.name, "credit_code": it.employer.credit_code,
            "title": it.title, "openings": it.openings, "low": it.wage_low_yuan, "high": it.wage_high_yuan,
            "given": given(it), "place": words.work_place(it.place) if it.place else it.place_words,
            "starts_on": it.starts_on, "asked": "；".join(asked), "state": words.term(stated(it)["state"]),
            "expires_on": it.expires_on, "verified_by": str(it.verified_by or ""),
        }  # fmt: skip


@require_GET
@for_duties(*READERS)
def job_list_template(request: HttpRequest) -> HttpResponse:
    """Return the empty job list for employers and stations to fill in."""
    return _workbook(template(FORMS["job_list"]), "job_list.xlsx")


def _workbook(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=_XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_GET
@for_duties(*POSTER_DUTIES)
def poster_choose(request: HttpRequest) -> HttpResponse:
    """Choose the village of a poster and what stands at its foot."""
    form = PosterForm(request.GET or None)
    if form.is_valid() and _is_own_village(request, form.cleaned_data["village"]):
        query = request.GET.copy()
        query.pop("village", None)
        return redirect(f"{reverse('poster', args=[form.cleaned_data['village']])}?{query.urlencode()}")
    if form.is_valid():
        form.add_error("village", _("Choose a village of your own territory."))
    values = {"form": form, "title": gettext("Village poster"), "back": reverse("vacancy_list")}
    return render(request, "office/recruitment/poster_choose.html", values)


def _is_own_village(request: HttpRequest, village: int) -> bool:
    return level_of(village) is Level.VILLAGE and village in officer_of(request).jurisdiction


@require_GET
@for_duties(*POSTER_DUTIES)
def poster(request: HttpRequest, village: int) -> HttpResponse:
    """Print the A3 poster of a village: a code that opens its page, a telephone that answers."""
    if not 10**11 <= village < 10**12 or not _is_own_village(request, village):
        raise Http404
    if not request.GET.get("telephone"):
        return redirect(f"{reverse('poster_choose')}?village={village}")
    set_scope(Scope(territory=Range(village, village + 1)))
    jobs = list(with_requirements(vacancies_for_village(village, on=today()))[:POSTER_JOBS])
    pictures = codes_of(request, village, [it.pk for it in jobs])
    values = {
        "village": _of_village(village),
        "week": words.day(today()),
        "telephone": request.GET["telephone"][:30],
        "liaison": request.GET.get("liaison", "")[:30] or gettext("the village office"),
        "text_example": gettext("%(number)s and your name") % {"number": jobs[0].pk if jobs else 1},
        "jobs": [_on_poster(it) for it in jobs],
        "demonstration": settings.DEMONSTRATION,
    }
    paper = print_paper("poster", values, language=get_language() or "zh-hans", at=now(), pictures=pictures)
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="poster_{village}.pdf"'},
    )


def codes_of(request: HttpRequest, village: int, numbers: list[int]) -> dict[str, bytes]:
    """Return the codes of a poster by picture: one a post, and ``all`` for the village's page."""
    codes = {f"job{number}": _code(request, "village_job", village, number) for number in numbers}
    return {**codes, "all": _code(request, "village_jobs", village)}


def _code(request: HttpRequest, name: str, *numbers: int) -> bytes:
    return qr_svg(request.build_absolute_uri(reverse(name, args=numbers)), error="q")


def _of_village(village: int) -> str:
    township = parent_of(village)
    return " ".join(words.place(code) for code in (township, village) if code)


def _on_poster(vacancy: Any) -> dict[str, Any]:
    low, high = vacancy.wage_low_yuan, vacancy.wage_high_yuan
    return {
        "title": vacancy.title,
        "place": words.work_place(vacancy.place) if vacancy.place else vacancy.place_words,
        "pay": f"{low}–{high}" if high != low else str(low),
        "terms": given(vacancy),
        "employer": vacancy.employer.name,
        "openings": vacancy.openings,
        "need": " · ".join(one["said"] for one in asked_of(vacancy)) or gettext("nothing is asked"),
        "number": vacancy.pk,
        "picture": f"job{vacancy.pk}",
    }


urlpatterns = [
    path("vacancies/", vacancy_list, name="vacancy_list"),
    path("vacancies/new/", vacancy_create, name="vacancy_create"),
    path("vacancies/occupations/", occupation_choose, name="occupation_choose"),
    path("vacancies/export.xlsx", vacancy_export, name="vacancy_export"),
    path("vacancies/job_list.xlsx", job_list_template, name="job_list_template"),
    path("vacancies/poster/", poster_choose, name="poster_choose"),
    path("vacancies/poster/<int:village>.pdf", poster, name="poster"),
    path("vacancies/<int:number>/", vacancy_detail, name="vacancy_detail"),
    path("vacancies/<int:number>/<slug:deed>/", vacancy_change, name="vacancy_change"),
    path("vacancies/applications/<int:number>/", application_answer, name="application_answer"),
]
