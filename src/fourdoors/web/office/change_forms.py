"""Forms of changes: what is known of a person or a household, and on what evidence."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.identity import is_mobile_phone, normalised_phone
from fourdoors.kernel.terms import Education, HouseholdStatusKind, LabourCapacity, RelationToHead
from fourdoors.register.rules import Fact
from fourdoors.register.services.facts import SCHOOL_WORDS
from fourdoors.web.office.register_forms import choices_of

_DAY = forms.DateInput({"type": "date"}, "%Y-%m-%d")


class EvidenceForm(forms.Form):
    """What every change is known from; its fields stand after those of the change."""

    source = forms.CharField(
        label=_("What says so"), max_length=60, help_text=_("The paper, or who said it.")
    )
    grade = forms.TypedChoiceField(
        label=_("Evidence"),
        coerce=Grade,
        choices=[(it.value, _(it.en)) for it in Grade],
        initial=Grade.B.value,
    )

    def __init__(self, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        evidence = ("source", "grade")
        self.order_fields([*(name for name in self.fields if name not in evidence), *evidence])


class RecordForm(EvidenceForm):
    """The columns of a worker's record; what is left as it is does not change."""

    name = forms.CharField(label=_("Name"), max_length=40)
    phone = forms.CharField(
        label=_("New mobile phone"), max_length=20, required=False, help_text=_("Blank: it stays as it is.")
    )
    education = forms.ChoiceField(label=_("Education"), required=False, choices=choices_of(Education, "—"))
    labour_capacity = forms.ChoiceField(
        label=_("Capacity to work"), required=False, choices=choices_of(LabourCapacity, "—")
    )
    at_school = forms.ChoiceField(
        label=_("At school"), choices=[(SCHOOL_WORDS[False], _("no")), (SCHOOL_WORDS[True], _("yes"))]
    )

    def clean_phone(self) -> str:
        """Return the digits of a mobile number; nothing where none was typed."""
        number = normalised_phone(self.cleaned_data["phone"])
        if number and not is_mobile_phone(number):
            raise forms.ValidationError(_("A mobile number has 11 digits and begins with 1. Type it again."))
        return number

    def changed(self) -> dict[Fact, str]:
        """Return what differs from what is known."""
        said = self.cleaned_data
        facts = (Fact.NAME, Fact.EDUCATION, Fact.CAPACITY, Fact.SCHOOL)
        found = {fact: said[fact.value] for fact in facts if said[fact.value] != self.initial[fact.value]}
        return found | ({Fact.PHONE: said["phone"]} if said["phone"] else {})


class MoveForm(EvidenceForm):
    """Into a household, out of one, or from one into another."""

    number = forms.CharField(
        label=_("Household number"), max_length=32, required=False,
        help_text=_("A number that is new makes the household. Blank: the worker leaves and joins none."),
    )  # fmt: skip
    relation = forms.TypedChoiceField(
        label=_("Relation to the head"), coerce=RelationToHead, choices=choices_of(RelationToHead)
    )
    from_on = forms.DateField(label=_("Takes effect on"), widget=_DAY)


class SplitForm(EvidenceForm):
    """Who leaves a household together, into one of their own."""

    leaving = forms.TypedMultipleChoiceField(
        label=_("Who leaves"), coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text=_("The first of them becomes the head of the new household."),
    )  # fmt: skip
    number = forms.CharField(label=_("Number of the new household"), max_length=32)
    from_on = forms.DateField(label=_("Takes effect on"), widget=_DAY)

    def __init__(self, data: Any = None, *, members: list[tuple[int, str]]) -> None:
        super().__init__(data)
        field = self.fields["leaving"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101
        field.choices = members


class StatusForm(EvidenceForm):
    """What a household is recognised as, or no longer."""

    kind = forms.TypedChoiceField(
        label=_("Status of the household"),
        coerce=HouseholdStatusKind,
        choices=choices_of(HouseholdStatusKind),
    )
    ends = forms.TypedChoiceField(
        label=_("What happens"), coerce=lambda text: text == "ends", widget=forms.RadioSelect,
        choices=[("begins", _("It is recognised from this day on")), ("ends", _("It ends on this day"))],
    )  # fmt: skip
    from_on = forms.DateField(label=_("Takes effect on"), widget=_DAY)


class RuleForm(forms.Form):
    """A fact that two officers must agree on."""

    fact = forms.TypedChoiceField(label=_("Fact"), coerce=Fact, choices=choices_of(Fact))
    from_on = forms.DateField(label=_("Takes effect on"), widget=_DAY)
    document = forms.CharField(label=_("What says so"), max_length=80)


class EndForm(forms.Form):
    """The first day on which one officer is enough again."""

    to_on = forms.DateField(label=_("One officer is enough from"), widget=_DAY)
