"""A vacancy in words, and the form by which one is posted: the same at every desk."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fourdoors.kernel.divisions import Level
from fourdoors.kernel.occupations import find_occupation, propose_occupations
from fourdoors.kernel.terms import Education, Sex, Term
from fourdoors.recruitment.rules import (
    Asked,
    PayBasis,
    RequirementKind,
    VacancyDraft,
    VacancyState,
    cited,
    grounds_of_sex,
    skills_asked,
    state_on,
)
from fourdoors.web import words
from fourdoors.web.desk import today
from fourdoors.web.fields import PlaceField

TONES = {
    VacancyState.UNVERIFIED: "look",
    VacancyState.OPEN: "good",
    VacancyState.EXPIRING: "look",
    VacancyState.EXPIRED: "off",
    VacancyState.FULL: "",
    VacancyState.WITHDRAWN: "off",
}
PUBLIC = frozenset({VacancyState.OPEN, VacancyState.EXPIRING})  # everybody can read it
NO_OCCUPATION = "none"  # none of the proposals: chosen, not forgotten
_SHOWN_AS_TAGS = (RequirementKind.AGE_MIN, RequirementKind.CERTIFICATE, RequirementKind.OTHER)


def stated(vacancy: Any) -> dict[str, Any]:
    """Return the state of a vacancy today, with its colour."""
    state = state_on(
        today(),
        expires_on=vacancy.expires_on,
        verified=vacancy.verified_at is not None,
        filled=vacancy.filled_at is not None,
        withdrawn=vacancy.withdrawn_at is not None,
        ends_on=vacancy.ends_on,
    )
    return {"state": state, "tone": TONES[state], "public": state in PUBLIC}


def given(vacancy: Any) -> str:
    """Return what is given beside the wage, as one tag."""
    if vacancy.board and vacancy.lodging:
        return gettext("Board and lodging")
    return gettext("Lodging given") if vacancy.lodging else gettext("Meals given") if vacancy.board else ""


def tags(vacancy: Any) -> Iterator[str]:
    """Return what else a list says of a vacancy."""
    if vacancy.pay_basis != PayBasis.MONTHLY:
        yield words.term(PayBasis(vacancy.pay_basis))
    if vacancy.insurance:
        yield vacancy.insurance
    for requirement in vacancy.requirements.all():
        if requirement.kind in _SHOWN_AS_TAGS:
            yield said(requirement)


def asked_of(vacancy: Any) -> list[dict[str, str]]:
    """Return every requirement in words, with the article that it rests on."""
    return [
        {"said": said(it), "basis": basis_of(it.legal_basis) if it.legal_basis else ""}
        for it in vacancy.requirements.all()
    ]


def basis_of(code: str) -> str:
    """Return the citation of a legal basis in the reader's language."""
    citation = cited(code)
    return citation.zh if words.in_chinese() else citation.en


def said(requirement: Any) -> str:
    """Return a requirement as a person says it."""
    value: str = requirement.value
    kind = RequirementKind(requirement.kind)
    if kind is RequirementKind.SEX:
        return words.term(Sex(value))
    if kind is RequirementKind.AGE_MAX:
        men, _comma, women = value.partition(",")
        ages = {"men": men, "women": women or men}
        return gettext("Men up to %(men)s, women up to %(women)s years of age") % ages
    trade = find_occupation(value) if kind is RequirementKind.CERTIFICATE else None
    sentences = {
        RequirementKind.AGE_MIN: gettext("From %(value)s years of age"),
        RequirementKind.EDUCATION: gettext("Schooling: %(value)s"),
        RequirementKind.CERTIFICATE: gettext("Certificate: %(value)s"),
        RequirementKind.EXPERIENCE: gettext("Experience: %(value)s months"),
    }
    schooling = words.term(Education(value)) if kind is RequirementKind.EDUCATION else ""
    return sentences.get(kind, "%(value)s") % {"value": schooling or (trade.name if trade else value)}


def choices_of(terms: type[Term], *, blank: Any = None) -> Any:
    """Return the members of a term as choices in the reader's language, read when a form is shown."""

    def choices() -> list[tuple[str, str]]:
        first = [("", str(blank))] if blank is not None else []
        return first + [(it.value, words.term(it)) for it in terms]

    return choices


def _grounds() -> list[tuple[str, str]]:
    named = [(code, basis_of(code)) for code, _citation in grounds_of_sex()]
    return [("", gettext("Open to women and men")), *named]


class VacancyForm(forms.Form):
    """What a vacancy says. Limits by sex and age are offered only as the law knows them."""

    title = forms.CharField(label=_("Name of the post"), max_length=120)
    occupation = forms.ChoiceField(
        label=_("Occupation"),
        widget=forms.RadioSelect,
        required=False,
        help_text=_("Proposed from the name of the post; a person chooses."),
    )
    openings = forms.IntegerField(label=_("Openings"), min_value=1, max_value=100_000)
    wage_low_yuan = forms.IntegerField(label=_("Lowest pay of a month, yuan"), min_value=1, max_value=100_000)
    wage_high_yuan = forms.IntegerField(
        label=_("Highest pay of a month, yuan"), min_value=1, max_value=100_000
    )
    pay_basis = forms.ChoiceField(label=_("Pay is counted"), choices=choices_of(PayBasis))
    place = PlaceField(label=_("Place of work"), deepest=Level.TOWNSHIP)
    place_words = forms.CharField(label=_("Address"), max_length=160, required=False)
    starts_on = forms.DateField(
        label=_("First day of work"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    board = forms.BooleanField(label=_("Meals are given"), required=False)
    lodging = forms.BooleanField(label=_("Lodging is given"), required=False)
    insurance = forms.CharField(label=_("Insurance"), max_length=60, required=False)
    duties = forms.CharField(
        label=_("What is to be done"), widget=forms.Textarea, max_length=2000, required=False
    )
    education = forms.ChoiceField(
        label=_("Schooling"), choices=choices_of(Education, blank=_("None is asked")), required=False
    )
    certificate = forms.CharField(
        label=_("Certificate"), max_length=60, required=False, help_text=_("Such as 家政服务员证书.")
    )
    experience = forms.IntegerField(
        label=_("Experience in months"), min_value=0, max_value=240, required=False
    )
    youngest = forms.ChoiceField(
        label=_("Lowest age"), choices=[("16", "16"), ("18", "18")],
        help_text=_("16 by Labour Law article 15; 18 by articles 58 and 64."),
    )  # fmt: skip
    oldest = forms.CharField(
        label=_("Highest age"),
        max_length=5,
        required=False,
        help_text=_(
            "Only where a dated rule of the place bars people from the trade: 59, or 59,49 for men and women."
        ),
    )
    sex_ground = forms.ChoiceField(label=_("Limited to one sex"), choices=_grounds, required=False)
    other = forms.CharField(label=_("Other requirement"), max_length=60, required=False)
    report_words = forms.CharField(label=_("How to report for work"), max_length=120, required=False)
    valid_to = forms.DateField(
        label=_("Open until"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("It is shown for 14 days at most, and for another 14 each time you confirm it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offered = occupations_for(self.data.get("title", ""), self.data.get("occupation", ""))
        cast("forms.ChoiceField", self.fields["occupation"]).choices = self.offered

    def clean(self) -> dict[str, Any]:
        """Let a person choose the occupation once the name of the post is known."""
        cleaned = super().clean() or {}
        if cleaned.get("title") and "occupation" not in self.data and len(self.offered) > 1:
            self.add_error("occupation", _("Choose the occupation that fits, or none of them."))
        return cleaned

    def draft(self) -> VacancyDraft:
        """Return what was typed as a draft."""
        typed = self.cleaned_data
        same = ("title", "openings", "wage_low_yuan", "wage_high_yuan", "place", "place_words", "starts_on",
                "board", "lodging", "insurance", "duties", "report_words")  # fmt: skip
        occupation = typed["occupation"]
        return VacancyDraft(
            **{name: typed[name] for name in same},
            occupation="" if occupation == NO_OCCUPATION else occupation,
            pay_basis=PayBasis(typed["pay_basis"]),
            requirements=tuple(_asked(typed)),
        )


def _asked(typed: dict[str, Any]) -> Iterator[Asked]:
    if typed["sex_ground"]:
        yield Asked(RequirementKind.SEX, Sex.MALE.value, ground=typed["sex_ground"])
    yield Asked(RequirementKind.AGE_MIN, typed["youngest"])
    if typed["oldest"]:
        yield Asked(RequirementKind.AGE_MAX, typed["oldest"].replace("，", ","), ground=typed["duties"])
    if typed["education"]:
        yield Asked(RequirementKind.EDUCATION, typed["education"])
    if typed["experience"]:
        yield Asked(RequirementKind.EXPERIENCE, str(typed["experience"]))
    yield from skills_asked(typed["certificate"])
    if typed["other"]:
        yield Asked(RequirementKind.OTHER, typed["other"])


def occupations_for(title: str, chosen: str = "") -> list[tuple[str, str]]:
    """Return the occupations that a title may mean, and none; what is chosen already stays on the list."""
    found = (
        [(it.code, f"{it.name} ({it.code})") for it in propose_occupations(title)] if title.strip() else []
    )
    known = find_occupation(chosen) if chosen else None
    if known and chosen not in dict(found):
        found.append((known.code, f"{known.name} ({known.code})"))
    return [*found, (NO_OCCUPATION, gettext("None of these"))]
