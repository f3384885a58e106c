"""Forms by which cooperation is entered: each field is named as the deed names it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fourdoors.kernel.divisions import Level
from fourdoors.partners.rules import CheckKind, EmployerKind, EmployerRow, MissionKind
from fourdoors.partners.selectors import partner_provinces, plans
from fourdoors.partners.services import (
    accredit_base,
    check_employer,
    open_station,
    record_mission,
    record_outcome,
    record_reply,
    register_employer,
    send_letter,
    set_target,
    sign_agreement,
)
from fourdoors.web import words
from fourdoors.web.fields import PlaceField
from fourdoors.web.postings import choices_of

Deed = Callable[..., object]


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))


class ProvinceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A partner province by its name."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Partner province"))
        super().__init__(queryset=partner_provinces(), **options)

    def label_from_instance(self, obj: Any) -> str:
        """Return the name in the reader's language."""
        return words.place(obj.code)


class LetterForm(forms.Form):
    province = ProvinceField()
    number = forms.CharField(label=_("Number of the letter"), max_length=60)
    sent_on = _day(_("Sent on"))
    asks = forms.CharField(label=_("What it asks for"), widget=forms.Textarea, max_length=2000)


class ReplyForm(forms.Form):
    replied_on = _day(_("Replied on"))
    posts_offered = forms.IntegerField(label=_("Posts offered"), min_value=0, required=False)
    reply = forms.CharField(label=_("What the reply says"), widget=forms.Textarea, max_length=2000)


class AgreementForm(forms.Form):
    number = forms.CharField(label=_("Number of the agreement"), max_length=60)
    title = forms.CharField(label=_("Title of the agreement"), max_length=120)
    province = ProvinceField()
    sector = forms.CharField(label=_("Trade"), max_length=40, required=False)
    quota_persons = forms.IntegerField(label=_("Persons it takes"), min_value=1, required=False)
    from_on = _day(_("First day of the agreement"))
    to_on = _day(_("Last day of the agreement"))


class StationForm(forms.Form):
    name = forms.CharField(label=_("Name of the station"), max_length=80)
    place = PlaceField(label=_("Where the station is"), deepest=Level.COUNTY)
    head_name = forms.CharField(label=_("Head of the station"), max_length=40)
    phone = forms.CharField(label=_("Office line"), max_length=20)
    opened_on = _day(_("Opened on"))


class MissionForm(forms.Form):
    province = ProvinceField()
    title = forms.CharField(label=_("Title of the meeting"), max_length=120)
    kind = forms.ChoiceField(label=_("How they met"), choices=choices_of(MissionKind))
    place = PlaceField(label=_("Where they met"), deepest=Level.COUNTY)
    on = _day(_("Day of the meeting"))
    posts_promised = forms.IntegerField(label=_("Posts promised"), min_value=0, initial=0)


class OutcomeForm(forms.Form):
    outcome = forms.CharField(label=_("What came of it"), widget=forms.Textarea, max_length=2000)
    posts_promised = forms.IntegerField(label=_("Posts promised"), min_value=0)


class BaseForm(forms.Form):
    name = forms.CharField(label=_("Name of the base"), max_length=80)
    place = PlaceField(label=_("Where the base is"), deepest=Level.COUNTY)
    capacity_persons = forms.IntegerField(label=_("Persons at a time"), min_value=1)
    plaque_on = _day(_("Plaque given on"))
    expires_on = _day(_("Plaque holds until"))


class TargetForm(forms.Form):
    plan = forms.ModelChoiceField(label=_("Action plan"), queryset=plans())
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    province = ProvinceField()
    persons = forms.IntegerField(label=_("Persons wanted"), min_value=0)


class EmployerForm(forms.Form):
    credit_code = forms.CharField(label=_("Unified social credit code"), max_length=30)
    name = forms.CharField(label=_("Name of the employer"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind of employer"), choices=choices_of(EmployerKind))
    industry = forms.CharField(label=_("Industry"), max_length=40, required=False)
    place = PlaceField(label=_("Where the employer is"), deepest=Level.TOWNSHIP)
    contact_name = forms.CharField(label=_("Whom to ask for"), max_length=40, required=False)
    contact_phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)


class CheckForm(forms.Form):
    kind = forms.ChoiceField(label=_("What was looked at"), choices=choices_of(CheckKind))
    checked_on = _day(_("Looked at on"))
    passed = forms.BooleanField(label=_("Found in order"), required=False)
    note = forms.CharField(label=_("Note on the check"), max_length=200, required=False)


@dataclass(frozen=True)
class Entry:
    """A kind of paper: its form, the deed, where the reader goes afterwards."""

    form: type[forms.Form]
    deed: Deed
    title: Promise
    back: str


def _sign(*, by: Any, **given: Any) -> object:
    return sign_agreement(home=by.lo, by=by, **given)


def _open(*, by: Any, **given: Any) -> object:
    return open_station(home=by.lo, by=by, **given)


def _mission(*, kind: str, **given: Any) -> object:
    return record_mission(kind=MissionKind(kind), **given)


def _check(*, kind: str, **given: Any) -> object:
    return check_employer(kind=CheckKind(kind), **given)


def _register(*, at: Any, by: Any, **given: Any) -> object:
    return register_employer(row=EmployerRow(**given), at=at, by=by)


ENTRIES: Mapping[str, Entry] = {
    "letter": Entry(LetterForm, send_letter, _("Enter a letter"), "letter_list"),
    "agreement": Entry(AgreementForm, _sign, _("Enter an agreement"), "agreement_list"),
    "station": Entry(StationForm, _open, _("Open a station"), "station_list"),
    "mission": Entry(MissionForm, _mission, _("Enter a meeting"), "mission_list"),
    "base": Entry(BaseForm, accredit_base, _("Give a plaque"), "base_list"),
    "target": Entry(TargetForm, set_target, _("Set a target"), "plan_list"),
    "employer": Entry(EmployerForm, _register, _("Enter an employer"), "employer_list"),
}
# What is added to a row that is there: the deed takes the row by its own name.
ADDITIONS: Mapping[str, Entry] = {
    "letter": Entry(ReplyForm, record_reply, _("Enter the reply"), "letter_list"),
    "mission": Entry(OutcomeForm, record_outcome, _("Enter what came of it"), "mission_list"),
    "employer": Entry(CheckForm, _check, _("Enter a check"), "employer_list"),
}
