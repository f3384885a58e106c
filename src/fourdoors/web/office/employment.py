"""Pages of spells, income, follow-up, arrears."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.employment.rules import FOLLOW_UP_DAYS, Law, law_of_arrears
from fourdoors.employment.selectors import (
    RetentionPoint,
    SpellFilters,
    arrears_of,
    arrears_visible_to,
    follow_ups_due,
    follow_ups_of,
    follow_ups_visible_to,
    income_mix,
    incomes_of,
    out_on,
    retention,
    spells_visible_to,
    travel_costs_of,
)
from fourdoors.employment.services import (
    end_spell,
    record_follow_up,
    record_income,
    report_arrears,
    settle_arrears,
)
from fourdoors.engines.pictures import retention_curve
from fourdoors.kernel.divisions import Level, all_divisions
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.money import fen_of_yuan_text
from fourdoors.kernel.periods import Month
from fourdoors.kernel.terms import Channel, EndReason
from fourdoors.register.rules import Sought
from fourdoors.register.selectors import first_numbers
from fourdoors.web import words
from fourdoors.web.desk import done, for_duties, now, officer_of, page_of, today
from fourdoors.web.refusals import words_for

READERS = (*TERRITORIAL, Duty.STATION)
DESKS = (Duty.PROVINCE, Duty.PREFECTURE, Duty.COUNTY, Duty.TOWNSHIP)
MOST_FOUND = 1_000  # people of one search: a longer list is asked for by more of the name
_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class YuanField(forms.CharField):
    """An amount as people type it, in fen."""

    def clean(self, value: Any) -> int:
        try:
            return fen_of_yuan_text(super().clean(value))
        except RuleError as refusal:
            raise forms.ValidationError(words_for(refusal)) from refusal


class EndForm(forms.Form):
    ended_on = forms.DateField(label=gettext_lazy("First day no longer at work"), widget=_DAY)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason, in the worker's own words"),
        choices=[(one.value, gettext_lazy(one.en)) for one in EndReason],
        help_text=gettext_lazy("It is kept to mend what went wrong. Nothing follows from it for the worker."),
    )


class IncomeForm(forms.Form):
    month = forms.DateField(
        label=gettext_lazy("Month"), input_formats=["%Y-%m", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )  # fmt: skip
    fen = YuanField(label=gettext_lazy("Gross pay, yuan"))
    source = forms.CharField(label=gettext_lazy("What says so"), max_length=60)
    grade = forms.ChoiceField(
        label=gettext_lazy("Evidence"),
        choices=[(one.value, gettext_lazy(one.en)) for one in Grade],
        initial=Grade.B.value,
    )


class ArrearsForm(forms.Form):
    fen_owed = YuanField(label=gettext_lazy("Wages owed, yuan"))


class SettleForm(forms.Form):
    fen_recovered = YuanField(label=gettext_lazy("Recovered, yuan"))


class VisitForm(forms.Form):
    still_there = forms.TypedChoiceField(
        label=gettext_lazy("Is the worker still there?"), coerce=lambda text: text == "yes",
        choices=[("yes", gettext_lazy("Still at work there")), ("no", gettext_lazy("No longer there"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    paid = forms.TypedChoiceField(
        label=gettext_lazy("Are wages paid on time?"), required=False, empty_value=None,
        coerce={"yes": True, "no": False}.get,
        choices=[
            ("yes", gettext_lazy("Paid on time")),
            ("no", gettext_lazy("Not paid on time")),
            ("", gettext_lazy("Nobody could say")),
        ],
        widget=forms.RadioSelect, initial="",
    )  # fmt: skip
    trouble = forms.CharField(
        label=gettext_lazy("Trouble, if any"), required=False, max_length=200, widget=forms.Textarea,
        help_text=gettext_lazy("In plain words. Nothing about health."),
    )  # fmt: skip


def _people(request: HttpRequest) -> list[int] | None:
    """Find whom the ledger is asked for, by the register's own search; None where nobody is named."""
    asked, officer = request.GET.get("q", "").strip()[:40], officer_of(request)
    if not asked or officer.duty not in TERRITORIAL:
        return None
    return first_numbers(officer=officer, on=today(), sought=Sought(words=asked), most=MOST_FOUND + 1)


def _filters(request: HttpRequest, workers: list[int] | None = None) -> SpellFilters:
    asked = request.GET
    place = asked.get("place", "")
    return SpellFilters(
        channel=asked.get("channel", "") if asked.get("channel") in list(Channel) else "",
        place=int(place) if place.isdigit() and len(place) == 12 else None,
        grade=asked.get("grade", "") if asked.get("grade") in list(Grade) else "",
        state=asked.get("state", ""),
        workers=None if workers is None else workers[:MOST_FOUND],
    )


@for_duties(*READERS)
def spell_list(request: HttpRequest) -> HttpResponse:
    officer, people = officer_of(request), _people(request)
    filters = _filters(request, people)
    spells = spells_visible_to(officer, filters)
    everything = spells_visible_to(officer)
    out = out_on(today()).filter(pk__in=everything.order_by().values("pk"))
    organised = out.filter(channel=Channel.ORGANISED.value).count()
    away = out.count()
    figures = [
        {"label": _("Away at work today"), "value": f"{away:,}", "unit": _("people")},
        {
            "label": _("Organised share"),
            "value": words.percent(organised / away) if away else "—",
            "note": _("with a trip, order, agreement or roster as proof"),
        },
        _todo(spells_visible_to(officer, SpellFilters(state="gone")).count(), "gone", _("Gone, by a visit")),
        _todo(spells_visible_to(officer, SpellFilters(state="early")).count(), "early", _("Back early")),
    ]
    context = {
        "title": _("Ledger of work away from home"),
        "figures": figures,
        "page": page_of(request, spells),
        "filters": filters,
        "named": officer.duty != Duty.STATION,
        "asked": request.GET.get("q", ""),
        "most": MOST_FOUND if people and len(people) > MOST_FOUND else 0,
        "choices": _choices(),
        "narrowed": bool(request.GET.keys() - {"page"}),
    }
    return render(request, "office/employment/spell_list.html", context)


def _todo(count: int, state: str, label: str) -> dict[str, Any]:
    shown = {"label": label, "value": f"{count:,}", "unit": _("people"), "todo": count > 0}
    return shown | ({"href": f"?state={state}", "note": _("show them")} if count else {})


def _choices() -> dict[str, list[tuple[str, str]]]:
    provinces = [division for division in all_divisions() if division.level is Level.PROVINCE]
    return {
        "channel": [(one.value, _(one.en)) for one in Channel],
        "grade": [(one.value, f"{one.value} · {_(one.en)}") for one in Grade],
        "place": [(str(one.code), words.short_place(one.code)) for one in provinces],
        "state": [
            ("open", _("Going on")),
            ("ended", _("Over")),
            ("early", _("Back early")),
            ("gone", _("Gone, by a visit")),
        ],
    }


@for_duties(*TERRITORIAL)
def spell_detail(request: HttpRequest, spell_id: int) -> HttpResponse:
    spell = get_object_or_404(spells_visible_to(officer_of(request)), pk=spell_id)
    return _show(request, spell)


def _show(request: HttpRequest, spell: Any, **forms_with_faults: forms.Form) -> HttpResponse:
    asked: dict[str, Any] = {
        "end_form": EndForm(initial={"ended_on": today()}),
        "income_form": IncomeForm(),
        "arrears_form": ArrearsForm(),
    }
    context = {
        "title": _("Spell of work"),
        "spell": spell,
        "reason": _(EndReason(spell.end_reason).en) if spell.end_reason else "",
        "channel": _(Channel(spell.channel).en),
        "source": _source(spell.source),
        "person_shown": officer_of(request).duty in TERRITORIAL,
        "incomes": incomes_of(spell),
        "tickets": travel_costs_of(spell),
        "visits": [_visit_event(visit) for visit in follow_ups_of(spell)],
        "arrears": arrears_of(spell),
        "may_write": officer_of(request).duty in DESKS,
        **asked,
        **forms_with_faults,
    }
    status = 422 if forms_with_faults else 200
    return render(request, "office/employment/spell_detail.html", context, status=status)


def _source(source: str) -> str:
    """Say where a spell is known from: the fourth door of a trip by its words, anything else as it stands."""
    door, slash, trip = source.partition("/")
    return _("fourth door, trip %(trip)s") % {"trip": trip} if slash and door == "door_4" else source


def _end(*, spell: Any, reason: str, **values: Any) -> None:
    end_spell(spell=spell, reason=EndReason(reason), **values)


def _record_pay(*, spell: Any, month: Any, grade: str, **values: Any) -> None:
    measured = Grade(grade) <= Grade.B
    record_income(spell=spell, month=Month.of(month), grade=Grade(grade), measured=measured, **values)


def _status(form: forms.Form) -> int:
    return 422 if form.errors else 200


def _visit_event(visit: Any) -> dict[str, Any]:
    title = _("Visit of day %(day)d") % {"day": visit.day}
    if visit.done_at:
        found = _("still there") if visit.still_there else _("no longer there")
        return {"at": visit.done_at, "title": f"{title}: {found}", "note": visit.trouble,
                "tone": "" if visit.still_there else "bad"}  # fmt: skip
    if visit.closed_on:
        return {"on": visit.closed_on, "title": title, "note": _("closed: the work ended before")}
    return {"on": visit.due_on, "title": title, "note": _("due"), "tone": "next"}


@require_POST
@for_duties(*DESKS)
def spell_end(request: HttpRequest, spell_id: int) -> HttpResponse:
    officer = officer_of(request)
    spell = get_object_or_404(spells_visible_to(officer), pk=spell_id)
    form = EndForm(request.POST)
    if done(form, partial(_end, spell=spell, at=now(), by=officer)):
        messages.success(request, _("The spell of work is ended and its visits are closed."))
        return redirect("spell_detail", spell.pk)
    return _show(request, spell, end_form=form)


@require_POST
@for_duties(*DESKS)
def income_record(request: HttpRequest, spell_id: int) -> HttpResponse:
    officer = officer_of(request)
    spell = get_object_or_404(spells_visible_to(officer), pk=spell_id)
    form = IncomeForm(request.POST)
    if done(form, partial(_record_pay, spell=spell, at=now(), by=officer)):
        messages.success(request, _("The month of pay is recorded."))
        return redirect("spell_detail", spell.pk)
    return _show(request, spell, income_form=form)


@require_POST
@for_duties(*DESKS)
def arrears_report(request: HttpRequest, spell_id: int) -> HttpResponse:
    officer = officer_of(request)
    spell = get_object_or_404(spells_visible_to(officer), pk=spell_id)
    form = ArrearsForm(request.POST)
    if done(form, partial(report_arrears, spell=spell, at=now(), by=officer)):
        messages.success(request, _("The case is opened; its deadline runs from today."))
        return redirect("arrears_list")
    return _show(request, spell, arrears_form=form)


@for_duties(*READERS)
def retention_page(request: HttpRequest) -> HttpResponse:
    spells = spells_visible_to(officer_of(request), _filters(request))
    curve = retention(spells, day_counts=range(0, FOLLOW_UP_DAYS[-1] + 1, 6), on=today())
    asked = retention(spells, day_counts=FOLLOW_UP_DAYS, on=today())
    context = {
        "title": _("Steady in work"),
        "points": asked,
        "chart": _chart(curve, asked),
        "mix": income_mix(spells),
        "filters": _filters(request),
        "choices": _choices(),
    }
    return render(request, "office/employment/retention.html", context)


def _chart(curve: list[RetentionPoint], asked: list[RetentionPoint]) -> str:
    points = {point.days: point.share for point in (*curve, *asked) if point.share is not None}
    if not points:
        return ""
    marks = {days: _("%(days)d days") % {"days": days} for days in FOLLOW_UP_DAYS}
    return retention_curve(
        points, marks=marks, title=_("Share still in the same work"), say=partial(words.percent, digits=0)
    )


@for_duties(*READERS)
def follow_up_list(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    mine = follow_ups_visible_to(officer)
    due = follow_ups_due(today()).filter(pk__in=mine.values("pk"))
    context = {"title": _("Visits due"), "page": page_of(request, due), "today": today()}
    return render(request, "office/employment/follow_up_list.html", context)


@for_duties(*DESKS, Duty.STATION)
def follow_up_record(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    officer = officer_of(request)
    visit = get_object_or_404(follow_ups_visible_to(officer), pk=follow_up_id)
    form = VisitForm(request.POST or None)
    if done(form, partial(record_follow_up, follow_up=visit, at=now(), by=officer)):
        messages.success(request, _("The visit is recorded."))
        return redirect("follow_up_list")
    context = {"title": visit.shown_name or _("Visit"), "visit": visit, "form": form}
    return render(request, "office/employment/follow_up_record.html", context, status=_status(form))


@for_duties(*READERS)
def arrears_list(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    cases = arrears_visible_to(officer)
    context = {
        "title": _("Wages owed"),
        "page": page_of(request, cases),
        "today": today(),
        "law": _(law_of_arrears(today()).en),
        "deadline_law": _(Law.DECREE_423.en),
        "may_write": officer.duty in DESKS,
    }
    return render(request, "office/employment/arrears_list.html", context)


@for_duties(*DESKS)
def arrears_settle(request: HttpRequest, case_id: int) -> HttpResponse:
    officer = officer_of(request)
    case = get_object_or_404(arrears_visible_to(officer), pk=case_id)
    form = SettleForm(request.POST or None)
    if done(form, partial(settle_arrears, case=case, at=now(), by=officer)):
        messages.success(request, _("The case is closed."))
        return redirect("arrears_list")
    context = {"title": _("Close a case of wages owed"), "case": case, "form": form}
    return render(request, "office/employment/arrears_settle.html", context, status=_status(form))


urlpatterns = [
    path("employment/", spell_list, name="spell_list"),
    path("employment/retention/", retention_page, name="retention"),
    path("employment/<int:spell_id>/", spell_detail, name="spell_detail"),
    path("employment/<int:spell_id>/end/", spell_end, name="spell_end"),
    path("employment/<int:spell_id>/income/", income_record, name="income_record"),
    path("employment/<int:spell_id>/arrears/", arrears_report, name="arrears_report"),
    path("follow-ups/", follow_up_list, name="follow_up_list"),
    path("follow-ups/<int:follow_up_id>/", follow_up_record, name="follow_up_record"),
    path("arrears/", arrears_list, name="arrears_list"),
    path("arrears/<int:case_id>/", arrears_settle, name="arrears_settle"),
]
