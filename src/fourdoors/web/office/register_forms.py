"""Forms of the register's desk: the filter of the list, a new worker, a wish, a consent."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fourdoors.kernel.divisions import (
    Level,
    Range,
    all_divisions,
    divisions_in,
    level_of,
)
from fourdoors.kernel.identity import IdentityError, is_mobile_phone, normalised_phone, read_identity
from fourdoors.kernel.occupations import propose_occupations
from fourdoors.kernel.terms import (
    CannotLeaveReason,
    Education,
    HouseholdStatusKind,
    LabourCapacity,
    RelationToHead,
    Sex,
    Term,
)
from fourdoors.register.rules import HowGiven, Purpose, Sought, WishTerms
from fourdoors.web import words
from fourdoors.web.desk import today
from fourdoors.web.refusals import words_for

AGES = {"16-24": (16, 24), "25-34": (25, 34), "35-44": (35, 44), "45-54": (45, 54), "55+": (55, None)}
MOST_WAGE_YUAN = 100_000
Choices = list[tuple[Any, Any]]


def choices_of(terms: type[Term], blank: Any = None) -> Choices:
    """Return the choices of a term in the reader's words, with a blank one first where it is named."""
    first: Choices = [] if blank is None else [("", blank)]
    return [*first, *((term.value, _(term.en)) for term in terms)]


def places_below(officer: Any, chosen: int | None) -> Choices:
    """Return the divisions an officer may choose: those below the own one, and below the chosen one."""
    rows: Choices = []
    for below in divisions_in(officer.lo) if level_of(officer.lo) < Level.VILLAGE else ():
        rows.append((below.code, words.place(below.code)))
        if chosen and chosen in Range(below.code, below.code + _width(below.code)):
            rows += [(inner.code, f"— {words.place(inner.code)}") for inner in divisions_in(below.code)]
    return rows


def _width(code: int) -> int:
    return {Level.PREFECTURE: 10**8, Level.COUNTY: 10**6, Level.TOWNSHIP: 10**3}.get(level_of(code), 1)


class FilterForm(forms.Form):
    """What the list is narrowed to; a value that is none narrows nothing."""

    q = forms.CharField(label=_("Name, phone or number"), required=False, max_length=40)
    division = forms.TypedChoiceField(label=_("Place"), required=False, coerce=int, empty_value=None)
    status = forms.ChoiceField(
        label=_("Household"), required=False, choices=choices_of(HouseholdStatusKind, _("All"))
    )
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=choices_of(Sex, _("All")))
    age = forms.ChoiceField(
        label=_("Age"), required=False, choices=[("", _("All")), *((band, band) for band in AGES)]
    )
    education = forms.ChoiceField(
        label=_("Education"), required=False, choices=choices_of(Education, _("All"))
    )
    wants = forms.ChoiceField(
        label=_("Wish"),
        required=False,
        choices=[("", _("All")), ("yes", _("Wishes to go")), ("no", _("Wishes to stay"))],
    )

    def __init__(self, data: Any, *, officer: Any) -> None:
        super().__init__(data)
        text = str(data.get("division", ""))
        chosen = int(text) if re.fullmatch(r"[0-9]{12}", text) else None
        field = self.fields["division"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101
        field.choices = [("", _("All")), *places_below(officer, chosen)]

    def sought(self) -> Sought:
        """Return what the list shows."""
        self.is_valid()
        said = self.cleaned_data
        youngest, oldest = AGES.get(said.get("age", ""), (None, None))
        return Sought(
            words=said.get("q", ""),
            division=said.get("division"),
            status=said.get("status", ""),
            sex=said.get("sex", ""),
            age_from=youngest,
            age_to=oldest,
            education=said.get("education", ""),
            wants_to_go={"yes": True, "no": False}.get(said.get("wants", "")),
        )


class DayForm(forms.Form):
    """The day on which a page is read."""

    on = forms.DateField(label=_("As of"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))


class NumbersForm(forms.Form):
    """Identity numbers out of a spreadsheet or a message."""

    numbers = forms.CharField(
        label=_("Identity numbers"),
        help_text=_("One a line, at most 500; what follows a comma or a tab is passed over."),
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off", "spellcheck": "false"}),
    )


class WorkerForm(forms.Form):
    """A new worker; day of birth and sex come from the identity number."""

    name = forms.CharField(label=_("Name"), max_length=40, help_text=_("As on the identity card."))
    identity = forms.CharField(
        label=_("Identity number"),
        max_length=30,
        help_text=_("18 characters; day of birth and sex are read from it."),
    )
    village = forms.TypedChoiceField(label=_("Village"), coerce=int)
    household_number = forms.CharField(
        label=_("Household number"),
        max_length=32,
        required=False,
        help_text=_("Of the national register, where the household has one."),
    )
    relation = forms.ChoiceField(label=_("Relation to the head"), choices=choices_of(RelationToHead))
    phone = forms.CharField(label=_("Mobile phone"), max_length=20, required=False)
    education = forms.ChoiceField(label=_("Education"), required=False, choices=choices_of(Education, "—"))
    labour_capacity = forms.ChoiceField(
        label=_("Capacity to work"), required=False, choices=choices_of(LabourCapacity, "—")
    )

    def __init__(self, data: Any = None, *, officer: Any) -> None:
        super().__init__(data)
        field = self.fields["village"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101
        field.choices = [("", _("Choose a village")), *villages_of(officer)]

    def clean_identity(self) -> str:
        """Return the number as it was typed, once it is one: the other fields' faults show beside its own."""
        number: str = self.cleaned_data["identity"]
        try:
            read_identity(number, on=today())
        except IdentityError as refusal:
            raise forms.ValidationError(words_for(refusal)) from refusal
        return number

    def clean_phone(self) -> str:
        """Return the digits of a mobile number; nothing where none was typed."""
        number = normalised_phone(self.cleaned_data["phone"])
        if number and not is_mobile_phone(number):
            raise forms.ValidationError(_("A mobile number has 11 digits and begins with 1. Type it again."))
        return number

    def clean_relation(self) -> RelationToHead:
        """Return the word of the field."""
        return RelationToHead(self.cleaned_data["relation"])


def villages_of(officer: Any) -> Choices:
    """Return the villages of an officer by township, as groups of one select."""
    townships = (
        [officer.lo]
        if level_of(officer.lo) >= Level.TOWNSHIP
        else [township.code for township in divisions_in(officer.lo)]
    )
    return [
        (words.place(code), [(village.code, words.place(village.code)) for village in divisions_in(code)])
        for code in townships
    ]


class WishForm(forms.Form):
    """What a worker wants, written down by a cadre."""

    wants_to_go = forms.ChoiceField(
        label=_("Does the worker wish to go away for work?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Wishes to go")), ("no", _("Wishes to stay"))],
        help_text=_("Both are equally good answers; nothing follows from staying."),
    )
    first_place = forms.TypedChoiceField(
        label=_("Where to, best"), required=False, coerce=int, empty_value=None
    )
    second_place = forms.TypedChoiceField(
        label=_("Where to, second"), required=False, coerce=int, empty_value=None
    )
    work = forms.CharField(
        label=_("Kind of work"),
        max_length=60,
        required=False,
        help_text=_("In the worker's own words; commas between several."),
    )
    wage_floor_yuan = forms.IntegerField(
        label=_("At least so many yuan a month"), required=False, min_value=0, max_value=MOST_WAGE_YUAN
    )
    earliest_on = forms.DateField(
        label=_("From which day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    cannot_leave_reason = forms.ChoiceField(
        label=_("What keeps the worker at home"),
        required=False,
        choices=choices_of(CannotLeaveReason, "—"),
        help_text=_("Only to find work nearby."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        provinces = [("", _("Anywhere")), *((code, words.place(code)) for code in _provinces())]
        for name in ("first_place", "second_place"):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)  # noqa: S101
            field.choices = provinces

    def terms(self) -> WishTerms:
        """Return the wish; each kind of work becomes the occupation of the book that is likeliest meant."""
        said = self.cleaned_data
        kinds = [part for part in re.split(r"[,，、;；]", said["work"]) if part.strip()]
        proposed = [found[0].code for kind in kinds if (found := propose_occupations(kind, most=1))]
        places = [place for place in (said["first_place"], said["second_place"]) if place]
        return WishTerms(
            wants_to_go=said["wants_to_go"] == "yes",
            destinations=tuple(dict.fromkeys(places)),
            occupations=tuple(dict.fromkeys(proposed)),
            wage_floor_yuan=said["wage_floor_yuan"],
            earliest_on=said["earliest_on"],
            cannot_leave_reason=said["cannot_leave_reason"],
        )


def _provinces() -> list[int]:
    return [division.code for division in all_divisions() if division.level is Level.PROVINCE]


class ConsentForm(forms.Form):
    """A yes that a cadre records: on paper, by SMS, or by a relative who gives a name."""

    purpose = forms.ChoiceField(
        label=_("To what"),
        choices=[(purpose.value, _(purpose.en)) for purpose in (Purpose.MATCHING, Purpose.CONTACT)],
    )
    how = forms.ChoiceField(
        label=_("How it was given"),
        choices=[(how.value, _(how.en)) for how in (HowGiven.PAPER, HowGiven.PROXY, HowGiven.SMS)],
    )
    proxy_name = forms.CharField(
        label=_("Name of the relative"), max_length=40, required=False, help_text=_("Only where one speaks.")
    )

    def given(self) -> dict[str, Any]:
        """Return the arguments of the deed."""
        said = self.cleaned_data
        return {
            "purpose": Purpose(said["purpose"]),
            "how": HowGiven(said["how"]),
            "proxy_name": said["proxy_name"].strip(),
        }
