"""An employer's own people at work, and the diary of their pay."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fourdoors.accounts.rules import Duty
from fourdoors.employment.selectors import SpellFilters, incomes_of, paid_to, spells_visible_to
from fourdoors.employment.services import record_income
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.periods import Month
from fourdoors.web.desk import done, for_duties, now, officer_of, page_of
from fourdoors.web.office.employment import YuanField

_OPEN = SpellFilters(state="open")


class PayForm(forms.Form):
    month = forms.DateField(
        label=gettext_lazy("Month"), input_formats=["%Y-%m", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )  # fmt: skip
    fen = YuanField(label=gettext_lazy("Gross pay, yuan"), help_text=gettext_lazy("As the payroll says."))


@for_duties(Duty.EMPLOYER)
def own_people_list(request: HttpRequest) -> HttpResponse:
    page = page_of(request, paid_to(spells_visible_to(officer_of(request), _OPEN)))
    return render(request, "employer/employment/spell_list.html", {"title": _("Our people"), "page": page})


@for_duties(Duty.EMPLOYER)
def own_pay_record(request: HttpRequest, spell_id: int) -> HttpResponse:
    """Record a month of pay from the payroll: evidence of grade B."""
    officer = officer_of(request)
    spell = get_object_or_404(spells_visible_to(officer, _OPEN), pk=spell_id)
    form = PayForm(request.POST or None)
    if done(form, partial(_record, spell=spell, at=now(), by=officer)):
        messages.success(request, _("The month of pay is recorded."))
        return redirect("own_pay_record", spell.pk)
    context = {
        "title": spell.shown_name or _("Pay diary"),
        "spell": spell,
        "incomes": incomes_of(spell),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "employer/employment/pay_record.html", context, status=status)


def _record(*, month: Any, **values: Any) -> None:
    record_income(month=Month.of(month), measured=True, source="employer payroll", grade=Grade.B, **values)


urlpatterns = [
    path("people/", own_people_list, name="own_people_list"),
    path("people/<int:spell_id>/", own_pay_record, name="own_pay_record"),
]
