"""One person on a page, for an officer and for the person: masks, words of the timeline, of sources."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fourdoors.accounts.rules import Duty
from fourdoors.kernel.occupations import find_occupation
from fourdoors.kernel.terms import (
    CannotLeaveReason,
    Education,
    HouseholdStatusKind,
    LabourCapacity,
    Sex,
    Term,
)
from fourdoors.register.rules import HowGiven, Purpose
from fourdoors.register.selectors import Entry, WorkerFile
from fourdoors.web import words

IDENTITY_CHARACTERS = 18
PHONE_DIGITS = 11

HAPPENED = {
    "registered": _("Entered in the register"),
    "changed": _("Record changed"),
    "skill": _("Skill: %(words)s"),
    "certificate": _("Certificate: %(title)s"),
    "passbook": _("Account for payments: %(bank)s, ending in %(tail)s"),
    "wish_to_go": _("Wishes to go away for work"),
    "wish_to_stay": _("Wishes to stay at home"),
    "consent_given": _("Consent given: %(purpose)s"),
    "consent_withdrawn": _("Consent withdrawn: %(purpose)s"),
    "status_began": _("Recognised as %(status)s"),
    "status_ended": _("No longer %(status)s"),
}
DUTIES = {
    Duty.PROVINCE: _("provincial office"),
    Duty.PREFECTURE: _("prefecture office"),
    Duty.COUNTY: _("county office"),
    Duty.TOWNSHIP: _("township or village cadre"),
    Duty.STATION: _("labour-service station"),
    Duty.AUDITOR: _("auditor"),
}


def masked_number(tail: str, characters: int = IDENTITY_CHARACTERS) -> str:
    """Return a number of which only the tail is kept open."""
    return "*" * (characters - len(tail)) + tail if tail else ""


def source_words(source: str) -> str:
    """Return where a fact is known from."""
    kind, _colon, number = source.partition(":")
    if kind == "import" and number:
        return gettext("imported roster no. %(number)s") % {"number": number}
    known = {
        "office": gettext("written down by an office"),
        "worker": gettext("said by the worker"),
        "demonstration": gettext("invented for the demonstration"),
    }
    return known.get(kind, source)


def status_words(kind: str) -> str:
    """Return the words of a household status."""
    return words.term(HouseholdStatusKind(kind))


def duty_words(duty: str) -> str:
    """Return the words of a duty, as a worker reads them."""
    return str(DUTIES.get(Duty(duty), duty))


def events_of(file: WorkerFile) -> list[dict[str, Any]]:
    """Return the timeline of a person as the page shows it."""
    return [_event(entry) for entry in file.timeline]


def _event(entry: Entry) -> dict[str, Any]:
    values = dict(entry.values)
    if "purpose" in values:
        values["purpose"] = words.term(Purpose(values["purpose"]))
    if "status" in values:
        values["status"] = status_words(values["status"])
    return {
        "on": None if entry.moment else entry.day,
        "at": entry.moment,
        "title": str(HAPPENED[entry.kind]) % values,
        "note": " · ".join(_notes(entry)),
        "grade": entry.grade,
        "tone": "bad" if entry.kind == "consent_withdrawn" else "",
    }


def _notes(entry: Entry) -> Iterator[str]:
    if "how" in entry.values:
        yield words.term(HowGiven(entry.values["how"]))
    if "number" in entry.values:
        yield f"{entry.values['issuer']} {entry.values['number']}"
    if entry.values.get("officer"):
        yield gettext("written down by %(officer)s") % {"officer": entry.values["officer"]}
    if entry.source:
        yield source_words(entry.source)


def consents_of(file: WorkerFile) -> list[dict[str, Any]]:
    """Return the consents of a person, the open ones first, with their words."""
    shown = [
        {
            "pk": consent.pk,
            "words": words.term(Purpose(consent.purpose)),
            "how": words.term(HowGiven(consent.how)),
            "proxy": consent.proxy_name,
            "given_at": consent.given_at,
            "withdrawn_at": consent.withdrawn_at,
            "purpose": consent.purpose,
        }
        for consent in file.consents
    ]
    return sorted(shown, key=lambda consent: consent["withdrawn_at"] is not None)


def missing_consents(file: WorkerFile) -> list[Purpose]:
    """Return the purposes, moves apart, for which there is no open consent."""
    given = {consent.purpose for consent in file.consents if consent.withdrawn_at is None}
    return [purpose for purpose in (Purpose.MATCHING, Purpose.CONTACT) if purpose.value not in given]


def facts_of(file: WorkerFile) -> list[tuple[str, str]]:
    """Return what is held about a person, label and value, masked as a page shows it."""
    return facts_of_record(file.worker, file.membership)


def facts_of_record(worker: Any, membership: Any) -> list[tuple[str, str]]:
    """Return the same of a record as it was on some day."""
    household = membership.household.number if membership else ""
    facts = [
        (gettext("Identity number"), masked_number(worker.identity_tail)),
        (gettext("Sex"), _term(Sex, worker.sex)),
        (gettext("Born"), words.day(worker.born_on)),
        (gettext("Home"), words.whole_place(worker.village)),
        (gettext("Household number"), household),
        (gettext("Mobile phone"), masked_number(worker.phone_tail, 11)),
        (gettext("Education"), _term(Education, worker.education)),
        (gettext("Capacity to work"), _term(LabourCapacity, worker.labour_capacity)),
        (gettext("Known from"), source_words(worker.source)),
    ]
    return [(label, value) for label, value in facts if value]


def wish_of(file: WorkerFile) -> list[tuple[str, str]]:
    """Return the wish that counts, label and value; nothing where none was said."""
    wish = file.wish
    if wish is None:
        return []
    work = (occupation.name for code in wish.occupations if (occupation := find_occupation(code)))
    facts = [
        (gettext("Wish"), gettext("Wishes to go") if wish.wants_to_go else gettext("Wishes to stay")),
        (gettext("Where to"), "、".join(words.place(code) for code in wish.destinations)),
        (gettext("Kind of work"), "、".join(work)),
        (gettext("Least pay"), words.yuan(wish.wage_floor_yuan) if wish.wage_floor_yuan else ""),
        (gettext("From which day"), words.day(wish.earliest_on) if wish.earliest_on else ""),
        (gettext("Keeps at home"), _term(CannotLeaveReason, wish.cannot_leave_reason)),
        (gettext("Said on"), words.moment(wish.collected_at)),
    ]
    return [(label, value) for label, value in facts if value]


def _term(terms: type[Term], code: str) -> str:
    return words.term(terms(code)) if code else ""
