"""What a filled form may be about: the months, years, trips, classes and payment lists to choose from."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fourdoors.intake.rules import ACCOUNT_FORMS, EXPORT_SUBJECTS, Subject
from fourdoors.kernel.divisions import Range, range_of
from fourdoors.kernel.periods import Month
from fourdoors.subsidies.selectors import lists_to_print
from fourdoors.training.selectors import classes_in
from fourdoors.travel.selectors import trips_to_print

_MONTHS, _YEARS, _THINGS = 36, 8, 500  # offered at once, the newest first; older things go with "all of them"
_OF_RIDERS = frozenset({"p2p_manifest_person", "health_followup"})  # lists of people, not of coaches
Choice = tuple[str, Any]

LABELS = {
    Subject.ALL: "",
    Subject.MONTH: _("Which month"),
    Subject.YEAR: _("Which year"),
    Subject.TRIP: _("Which trip"),
    Subject.CLASS: _("Which class"),
    Subject.PAYMENT_LIST: _("Which payment list"),
}


class Offer(NamedTuple):
    """What one form of one place may be about.

    Attributes:
        label: the question; blank where the form is of all that is known.
        choices: value and words.
        initial: what is taken unless somebody chooses.
        required: nothing cannot be meant.
    """

    label: Any
    choices: list[Choice]
    initial: str
    required: bool


def offer_of(form: str, division: int, *, on: date) -> Offer:
    """Return what a form of a place may be about on a day."""
    subject = EXPORT_SUBJECTS[form]
    choices = list(_CHOICES[subject](form, range_of(division), on))
    required = form in ACCOUNT_FORMS
    if subject in (Subject.TRIP, Subject.CLASS):
        choices.insert(0, ("", gettext("All of them")))
    usual = {Subject.MONTH: str(Month.of(on) + -1), Subject.YEAR: str(on.year)}
    return Offer(LABELS[subject], choices, usual.get(subject, ""), required)


def subject_words(form: str, about: str) -> str:
    """Return what an export was about, in one word; blank for all that was known."""
    return gettext("of %(about)s") % {"about": about} if about and form in EXPORT_SUBJECTS else ""


def _nothing(form: str, home: Range, on: date) -> Iterator[Choice]:
    return iter(())


def _months(form: str, home: Range, on: date) -> Iterator[Choice]:
    yield from ((str(month), str(month)) for month in (Month.of(on) + -back for back in range(_MONTHS)))


def _years(form: str, home: Range, on: date) -> Iterator[Choice]:
    yield from ((str(year), str(year)) for year in range(on.year, on.year - _YEARS, -1))


def _trips(form: str, home: Range, on: date) -> Iterator[Choice]:
    for trip in trips_to_print(home, riders=form in _OF_RIDERS)[:_THINGS]:
        yield trip.number, f"{trip.number} · {trip.report_on} · {trip.employer.name}"


def _classes(form: str, home: Range, on: date) -> Iterator[Choice]:
    for one in classes_in(home)[:_THINGS]:
        yield one.code, f"{one.code} · {one.starts_on} · {one.order.title}"


def _lists(form: str, home: Range, on: date) -> Iterator[Choice]:
    for one in lists_to_print(home)[:_THINGS]:
        yield (
            one.number,
            gettext("%(number)s · %(persons)d persons")
            % {
                "number": one.number,
                "persons": one.persons,
            },
        )


_CHOICES: dict[Subject, Callable[[str, Range, date], Iterator[Choice]]] = {
    Subject.ALL: _nothing,
    Subject.MONTH: _months,
    Subject.YEAR: _years,
    Subject.TRIP: _trips,
    Subject.CLASS: _classes,
    Subject.PAYMENT_LIST: _lists,
}
