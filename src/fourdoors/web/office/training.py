"""Training: orders, classes, attendance, results; a trainer sees the provider's own classes."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.engines.sheets import FORMS
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.occupations import find_occupation
from fourdoors.kernel.periods import full_years
from fourdoors.kernel.terms import Education, Sex
from fourdoors.recruitment.selectors import vacancies
from fourdoors.training.rules import ClassState, Mark, certificate_number, class_days
from fourdoors.training.selectors import (
    attendance_of,
    awards_visible_to,
    classes_visible_to,
    orders,
    roster,
    waiting_for_class,
    waiting_groups,
)
from fourdoors.training.services import (
    close_class,
    enrol,
    leave_class,
    mark_attendance,
    open_class,
    order_course,
    record_export,
    register_provider,
)
from fourdoors.web import words
from fourdoors.web.desk import done, for_duties, now, officer_of, page_of, today
from fourdoors.web.office.training_forms import ClassForm, OrderForm, ProviderForm, ResultsForm
from fourdoors.web.refusals import words_for
from fourdoors.web.workbooks import handed_out

READERS = (*TERRITORIAL, Duty.TRAINER)
TEACHERS = (Duty.COUNTY, Duty.TRAINER)
TONES = {ClassState.OPEN: "look", ClassState.RUNNING: "good", ClassState.CLOSED: "off"}


@require_GET
@for_duties(*READERS)
def class_list(request: HttpRequest) -> HttpResponse:
    """Show the classes of the territory, or a provider's own."""
    page = page_of(request, classes_visible_to(officer_of(request)))
    context = {
        "title": gettext("Training"),
        "page": page,
        "rows": [{"it": one, **_state(one)} for one in page],
        **_tabs(request),
    }
    return render(request, "office/training/class_list.html", context)


def _state(course: Any) -> dict[str, Any]:
    state = ClassState(course.state)
    return {"state": state, "tone": TONES[state]}


def _tabs(request: HttpRequest) -> dict[str, Any]:
    duty = officer_of(request).duty
    return {"is_office": duty in TERRITORIAL, "may_order": duty == Duty.COUNTY}


@require_GET
@for_duties(*TERRITORIAL)
def order_list(request: HttpRequest) -> HttpResponse:
    """Show what employers ordered."""
    context = {"title": gettext("Orders"), "page": page_of(request, orders()), **_tabs(request)}
    return render(request, "office/training/order_list.html", context)


@require_GET
@for_duties(*TERRITORIAL)
def waiting_list(request: HttpRequest) -> HttpResponse:
    """Show who was placed and waits for a class, by vacancy."""
    rows = [{"it": one, "trade": trade_of(one.occupation)} for one in waiting_groups()]
    context = {"title": gettext("Waiting for a class"), "rows": rows, **_tabs(request)}
    return render(request, "office/training/waiting_list.html", context)


def trade_of(code: str) -> str:
    """Return the name of an occupation, or its code."""
    known = find_occupation(code)
    return known.name if known else code


@require_GET
@for_duties(*READERS)
def award_list(request: HttpRequest) -> HttpResponse:
    """Show the certificates earned, the newest first."""
    page = page_of(request, awards_visible_to(officer_of(request)))
    rows = [{"it": one, "number": _number(one.enrolment)} for one in page]
    context = {"title": gettext("Certificates"), "page": page, "rows": rows, **_tabs(request)}
    return render(request, "office/training/award_list.html", context)


def _number(enrolment: Any) -> str:
    return certificate_number(class_code=enrolment.course_class.code, enrolment=enrolment.pk)


@require_http_methods(["GET", "POST"])
@for_duties(Duty.COUNTY)
def order_create(request: HttpRequest) -> HttpResponse:
    """Take an employer's order; coming from who waits, it is filled in already."""
    form = OrderForm(request.POST or None, initial=_asked_for(request))
    made: list[Any] = []
    if done(form, lambda **said: made.append(_order(request, **said))):
        messages.success(request, gettext("The order is taken. Open a class for it."))
        return redirect("class_create", made[0].pk)
    return _form_page(request, form, gettext("New order"), gettext("Take the order"), "order_list")


def _order(request: HttpRequest, *, credit_code: Any, vacancy: int | None, **said: Any) -> Any:
    post = vacancies().filter(pk=vacancy, employer=credit_code).first() if vacancy else None
    return order_course(employer=credit_code, vacancy=post, at=now(), by=officer_of(request), **said)


def _asked_for(request: HttpRequest) -> dict[str, Any]:
    asked = request.GET.get("vacancy", "")
    group = next((one for one in waiting_groups() if str(one.vacancy.pk) == asked), None)
    if group is None:
        return {}
    return {
        "credit_code": group.vacancy.employer.credit_code,
        "title": trade_of(group.occupation),
        "occupation": group.occupation,
        "headcount": group.people,
        "needed_on": max(group.needed_on - timedelta(days=1), today()),
        "vacancy": group.vacancy.pk,
    }


def _form_page(request: HttpRequest, form: Any, title: str, action: str, back: str) -> HttpResponse:
    context = {
        "title": title,
        "form": form,
        "action": action,
        "back": reverse(back),
        "roads": [(reverse("class_list"), gettext("Training"))],
    }
    status = 422 if form.errors else 200
    return render(request, "office/training/training_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_duties(Duty.COUNTY)
def provider_create(request: HttpRequest) -> HttpResponse:
    """Register a training provider."""
    form = ProviderForm(request.POST or None)
    if done(form, partial(register_provider, at=now(), by=officer_of(request))):
        messages.success(request, gettext("The provider is registered."))
        return redirect("order_list")
    return _form_page(request, form, gettext("New training provider"), gettext("Register"), "order_list")


@require_http_methods(["GET", "POST"])
@for_duties(Duty.COUNTY)
def class_create(request: HttpRequest, number: int) -> HttpResponse:
    """Open a class for an order."""
    order, officer = get_object_or_404(orders(), pk=number), officer_of(request)
    form, made = ClassForm(request.POST or None, initial={"ends_on": order.needed_on}), []
    deed = partial(open_class, order=order, division=officer.lo, at=now(), by=officer)
    if done(form, lambda **said: made.append(deed(**said))):
        messages.success(request, gettext("The class is open. Enrol those who wait."))
        return redirect("class_enrol", made[0].pk)
    title = gettext("New class: %(title)s") % {"title": order.title}
    return _form_page(request, form, title, gettext("Open the class"), "order_list")


def _class(request: HttpRequest, number: int) -> Any:
    return get_object_or_404(classes_visible_to(officer_of(request)), pk=number)


@require_GET
@for_duties(*READERS)
def class_detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show a class: roster, attendance by day, results."""
    course = _class(request, number)
    days = class_days(course.starts_on, course.ends_on)
    is_open = course.state != ClassState.CLOSED
    context = {
        "title": course.order.title,
        "course": course,
        **_state(course),
        **_tabs(request),
        "trade": trade_of(course.order.occupation),
        "days": [{"on": day, "href": _day_href(request, course, day)} for day in days],
        "rows": list(_grid(course, days)),
        "signs": [{"sign": mark.aliases[0], "words": words.term(mark)} for mark in Mark],
        "may_teach": is_open and officer_of(request).duty in TEACHERS,
        "may_enrol": is_open and officer_of(request).duty == Duty.COUNTY,
        "free": course.order.headcount - course.trainees,
        "roads": [(reverse("class_list"), gettext("Training"))],
    }
    return render(request, "office/training/class_detail.html", context)


def _day_href(request: HttpRequest, course: Any, day: date) -> str:
    may_mark = course.state != ClassState.CLOSED and officer_of(request).duty in TEACHERS and day <= today()
    return reverse("class_day", args=[course.pk, day.isoformat()]) if may_mark else ""


def _grid(course: Any, days: list[date]) -> Iterator[dict[str, Any]]:
    known = attendance_of(course)
    for one in roster(course):
        marks = [known.get((one.pk, day.isoformat())) for day in days]
        award = getattr(one, "award", None)
        yield {
            "it": one,
            "marks": [_sign(mark) for mark in marks],
            "award": award,
            "number": _number(one) if award and award.certificate_id else "",
        }


def _sign(mark: str | None) -> dict[str, str]:
    return {"sign": Mark(mark).aliases[0], "words": words.term(Mark(mark))} if mark else {}


@require_http_methods(["GET", "POST"])
@for_duties(Duty.COUNTY)
def class_enrol(request: HttpRequest, number: int) -> HttpResponse:
    """Choose who of those that wait sits in this class."""
    course, officer = _class(request, number), officer_of(request)
    waiting = list(waiting_for_class(course.order.occupation))
    if request.method == "POST":
        chosen = {int(pk) for pk in request.POST.getlist("placement") if pk.isascii() and pk.isdigit()}
        placements = [one for one in waiting if one.pk in chosen]
        if not placements:
            messages.error(request, gettext("Tick at least one person."))
        elif _did(request, partial(enrol, course_class=course, placements=placements, at=now(), by=officer)):
            messages.success(request, gettext("%(people)d enrolled.") % {"people": len(placements)})
            return redirect("class_detail", number)
    free = course.order.headcount - course.trainees
    context = {
        "title": gettext("Enrol: %(title)s") % {"title": course.order.title},
        "course": course,
        "rows": [{"it": one, "chosen": place < free} for place, one in enumerate(waiting)],
        "free": free,
        "roads": _roads(course),
    }
    return render(request, "office/training/class_enrol.html", context)


def _did(request: HttpRequest, deed: Any) -> bool:
    try:
        deed()
    except RuleError as refusal:
        messages.error(request, words_for(refusal))
        return False
    return True


def _roads(course: Any) -> list[tuple[str, str]]:
    return [
        (reverse("class_list"), gettext("Training")),
        (reverse("class_detail", args=[course.pk]), course.code),
    ]


@require_POST
@for_duties(*TEACHERS)
def class_leave(request: HttpRequest, number: int, enrolment: int) -> HttpResponse:
    """Let a trainee leave; nothing else follows from it."""
    found = get_object_or_404(roster(_class(request, number)).select_related("course_class"), pk=enrolment)
    leave_class(enrolment=found, at=now(), by=officer_of(request))
    messages.success(request, gettext("%(name)s has left the class.") % {"name": found.shown_name})
    return redirect("class_detail", number)


@require_http_methods(["GET", "POST"])
@for_duties(*TEACHERS)
def class_day(request: HttpRequest, number: int, day: str) -> HttpResponse:
    """Mark one day: everybody present with one press, or each as it was."""
    course, on = _class(request, number), _day(day)
    trainees = [one for one in roster(course) if one.left_at is None]
    if request.method == "POST":
        marks = {one.pk: _marked(request, one.pk) for one in trainees}
        deed = partial(mark_attendance, course_class=course, on=on, marks=marks)
        if _did(request, partial(deed, at=now(), by=officer_of(request))):
            messages.success(request, gettext("%(day)s is recorded.") % {"day": words.day(on)})
            return redirect("class_detail", number)
    known = attendance_of(course)
    context = {
        "title": gettext("Attendance on %(day)s") % {"day": words.day(on)},
        "course": course,
        "rows": [{"it": one, "mark": known.get((one.pk, on.isoformat()), "present")} for one in trainees],
        "choices": [(mark.value, words.term(mark)) for mark in Mark],
        "roads": _roads(course),
    }
    return render(request, "office/training/class_day.html", context)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise Http404 from fault


def _marked(request: HttpRequest, number: int) -> Mark:
    said = request.POST.get(f"mark-{number}", "")
    return Mark(said) if "all" not in request.POST and said in list(Mark) else Mark.PRESENT


@require_http_methods(["GET", "POST"])
@for_duties(*TEACHERS)
def class_close(request: HttpRequest, number: int) -> HttpResponse:
    """Enter the results and close the class; who attended and passed gets a certificate."""
    course, officer = _class(request, number), officer_of(request)
    trainees = [one for one in roster(course) if one.left_at is None]
    initial = {"issuer": course.provider.name, "on": today()}
    form = ResultsForm(request.POST or None, trainees=trainees, initial=initial)
    deed = partial(close_class, course_class=course, at=now(), by=officer)
    if done(form, lambda *, issuer, on, **_marks: deed(results=form.results(), issuer=issuer, on=on)):
        messages.success(request, gettext("The class is closed and its certificates are written."))
        return redirect("class_detail", number)
    context = {
        "title": gettext("Results: %(title)s") % {"title": course.order.title},
        "course": course,
        "form": form,
        "days": len(class_days(course.starts_on, course.ends_on)),
        "roads": _roads(course),
    }
    status = 422 if form.errors else 200
    return render(request, "office/training/class_close.html", context, status=status)


@require_POST
@for_duties(*READERS)
def roster_export(request: HttpRequest, number: int) -> HttpResponse:
    """Give the roster of a class in the form of the field (班级学员花名册); numbers stay masked."""
    course, officer = _class(request, number), officer_of(request)
    found = roster(course).filter(left_at=None)
    if officer.duty in TERRITORIAL:
        found = found.select_related("worker")
    count = found.count()
    record_export(course_class=course, rows=count, by=officer, at=now())
    return handed_out(
        request,
        name=f"roster-{course.pk}",
        title=gettext("Roster of class %(code)s") % {"code": course.code},
        columns=[one for one in FORMS["training_roster"].columns if one.key not in _NOT_OURS],
        rows=_roster_rows(course, found, whole=officer.duty in TERRITORIAL),
        count=count,
    )


_NOT_OURS = ("phone", "hukou_kind")  # a phone needs the worker's consent to be called; the other is not kept


def _roster_rows(course: Any, found: Any, *, whole: bool) -> Iterator[dict[str, Any]]:
    for serial, one in enumerate(found, start=1):
        row = {
            "serial": str(serial),
            "name": one.shown_name,
            "identity": f"{'*' * 15}{one.identity_tail}",
            "promised_employer": course.order.employer.name,
        }
        yield row | (_of_the_register(one.worker, course.starts_on) if whole else {})


def _of_the_register(worker: Any, on: date) -> dict[str, Any]:
    return {
        "sex": Sex(worker.sex).zh,
        "education": Education(worker.education).zh if worker.education else "",
        "age": full_years(worker.born_on, on),
        "registered_place": words.whole_place(worker.village),
    }


urlpatterns = [
    path("training/", class_list, name="class_list"),
    path("training/orders/", order_list, name="order_list"),
    path("training/orders/new/", order_create, name="order_create"),
    path("training/orders/<int:number>/class/", class_create, name="class_create"),
    path("training/providers/new/", provider_create, name="provider_create"),
    path("training/waiting/", waiting_list, name="waiting_list"),
    path("training/certificates/", award_list, name="award_list"),
    path("training/classes/<int:number>/", class_detail, name="class_detail"),
    path("training/classes/<int:number>/enrol/", class_enrol, name="class_enrol"),
    path("training/classes/<int:number>/leave/<int:enrolment>/", class_leave, name="class_leave"),
    path("training/classes/<int:number>/days/<str:day>/", class_day, name="class_day"),
    path("training/classes/<int:number>/close/", class_close, name="class_close"),
    path("training/classes/<int:number>/roster/", roster_export, name="roster_export"),
]
