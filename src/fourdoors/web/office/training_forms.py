"""Forms of the training desk: an order, a provider, a class, the results of a class."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fourdoors.kernel.occupations import find_occupation
from fourdoors.partners.selectors import employer_of_code
from fourdoors.training.selectors import providers
from fourdoors.web.fields import PlaceField

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class OrderForm(forms.Form):
    credit_code = forms.CharField(label=_("Credit code of the employer"), max_length=30)
    title = forms.CharField(label=_("Title of the course"), max_length=80)
    occupation = forms.CharField(
        label=_("Occupation of the certificate"), max_length=16,
        help_text=_("Code of the national book of occupations, like 6-05-01-03."),
    )  # fmt: skip
    headcount = forms.IntegerField(label=_("People to be trained"), min_value=1, max_value=5000)
    hours = forms.IntegerField(label=_("Hours of teaching"), min_value=1, max_value=2000, initial=40)
    needed_on = forms.DateField(
        label=_("Ready on"), widget=DAY, help_text=_("The day on which they must be ready.")
    )
    vacancy = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_credit_code(self) -> Any:
        """Return the employer of the code."""
        employer = employer_of_code(self.cleaned_data["credit_code"].strip().upper())
        if employer is None:
            raise forms.ValidationError(_("No employer has this code. Enter the employer first."))
        return employer

    def clean_occupation(self) -> str:
        """Refuse what the book of occupations does not know."""
        code = str(self.cleaned_data["occupation"]).strip()
        if find_occupation(code) is None:
            raise forms.ValidationError(_("The book of occupations does not know this code."))
        return code


class ProviderForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    credit_code = forms.CharField(label=_("Unified social credit code"), max_length=18)
    place = PlaceField(label=_("Place"))


class ClassForm(forms.Form):
    provider: Any = forms.ModelChoiceField(label=_("Training provider"), queryset=None)
    code = forms.CharField(label=_("Code of the class"), max_length=30)
    place_words = forms.CharField(label=_("Where it is held"), max_length=120)
    starts_on = forms.DateField(label=_("First day of class"), widget=DAY)
    ends_on = forms.DateField(label=_("Last day of class"), widget=DAY)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["provider"]
        field.queryset = providers()


class ResultsForm(forms.Form):
    """Marks in theory and practice of each trainee, 0 to 100."""

    issuer = forms.CharField(label=_("Named on the certificate as issuer"), max_length=120)
    on = forms.DateField(label=_("Day of issue"), widget=DAY)

    def __init__(self, *args: Any, trainees: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.trainees = trainees
        for one in trainees:
            for part, words in (("theory", gettext("Theory")), ("practice", gettext("Practice"))):
                label = f"{words}: {one.shown_name}"
                widget = forms.NumberInput(attrs={"aria-label": label})
                self.fields[f"{part}_{one.pk}"] = forms.IntegerField(
                    label=label, min_value=0, max_value=100, widget=widget
                )

    def rows(self) -> list[dict[str, Any]]:
        """Return each trainee with the two fields."""
        return [
            {"it": one, "theory": self[f"theory_{one.pk}"], "practice": self[f"practice_{one.pk}"]}
            for one in self.trainees
        ]

    def results(self) -> dict[int, tuple[int, int]]:
        """Return the marks by enrolment number."""
        said = self.cleaned_data
        return {one.pk: (said[f"theory_{one.pk}"], said[f"practice_{one.pk}"]) for one in self.trainees}
