"""One person on a page, for an officer and for the person: masks, words of the timeline, of sources."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fourdoors.accounts.rules import Duty
from fourdoors.accounts.selectors import deeds
from fourdoors.kernel.occupations import find_occupation
from fourdoors.kernel.terms import (
    CannotLeaveReason,
    Education,
    HouseholdStatusKind,
    LabourCapacity,
    Sex,
    Term,
)
from fourdoors.register.rules import Fact, HowGiven, ProposalState, Purpose
from fourdoors.register.selectors import Entry, Known, WorkerAsOf, WorkerFile
from fourdoors.register.services.facts import SCHOOL_WORDS
from fourdoors.web import words

_TERMS = {Fact.EDUCATION: Education, Fact.CAPACITY: LabourCapacity, Fact.STATUS: HouseholdStatusKind}
LOOKS = ("register.looked_at", "register.identity_opened")
LOOKS_OF_A_WORKER = 20
IDENTITY_CHARACTERS = 18
PHONE_DIGITS = 11

HAPPENED = {
    "registered": _("Entered in the register"),
    "changed": _("Record changed: %(columns)s"),
    "joined": _("Belongs to household %(household)s"),
    "left": _("Left household %(household)s"),
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
COLUMNS = {
    "name": _("Name"),
    "sex": _("Sex"),
    "born_on": _("Born"),
    "village": _("Home"),
    "phone_hash": _("Mobile phone"),
    "education": _("Education"),
    "labour_capacity": _("Capacity to work"),
    "at_school": _("At school"),
    "merged_into_id": _("Shown with another record"),
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
    if "columns" in values:
        values["columns"] = "、".join(str(COLUMNS[name]) for name in values["columns"])
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


class FactLine(NamedTuple):
    """One fact as a page shows it: what is held, how well it is proved, since when and from where."""

    label: str
    value: str
    grade: str = ""
    note: str = ""


def facts_of(file: WorkerFile) -> list[FactLine]:
    """Return what is held about a person, masked as a page shows it, each with source and grade."""
    return facts_of_record(file.worker, file.membership, file.known)


def facts_of_record(worker: Any, membership: Any, known: Mapping[str, Known]) -> list[FactLine]:
    """Return the same of a record as it was on some day."""
    facts = [
        _column(gettext("Identity number"), masked_number(worker.identity_tail), known.get("sex")),
        _column(gettext("Sex"), _term(Sex, worker.sex), known.get("sex")),
        _column(gettext("Born"), words.day(worker.born_on), known.get("born_on")),
        _column(gettext("Home"), words.whole_place(worker.village), known.get("village")),
        *_home(membership),
        _column(gettext("Mobile phone"), masked_number(worker.phone_tail, 11), known.get("phone_hash")),
        _column(gettext("Education"), _term(Education, worker.education), known.get("education")),
        _column(
            gettext("Capacity to work"), _term(LabourCapacity, worker.labour_capacity),
            known.get("labour_capacity"),
        ),
        _column(gettext("At school"), gettext("yes") if worker.at_school else "", known.get("at_school")),
    ]  # fmt: skip
    return [fact for fact in facts if fact.value]


def _column(label: str, value: str, known: Known | None) -> FactLine:
    return (
        FactLine(label, value, known.grade, known_words(known.on, known.source))
        if known
        else FactLine(label, value)
    )


def _home(membership: Any) -> Iterator[FactLine]:
    if membership:
        note = known_words(membership.from_on, membership.source)
        yield FactLine(gettext("Household number"), membership.household.number, membership.grade, note)


def known_words(on: date, source: str) -> str:
    """Return since when and from where a fact is known."""
    return gettext("since %(day)s, %(source)s") % {"day": words.day(on), "source": source_words(source)}


def more_facts_then(then: WorkerAsOf) -> list[FactLine]:
    """Return what else was known of a person on a day: wish, consents, skills, certificates, account."""
    facts = [FactLine(line.label, line.value, line.grade, line.note) for line in wish_lines(then.wish)[:1]]
    facts += [
        FactLine(gettext("Consent"), words.term(Purpose(it.purpose)), "", words.term(HowGiven(it.how)))
        for it in then.consents
    ]
    facts += [
        FactLine(gettext("Skill"), it.words, it.grade, known_words(it.known_on, it.source))
        for it in then.skills
    ]
    facts += [
        FactLine(gettext("Certificate"), it.title, it.grade, known_words(it.issued_on, it.source))
        for it in then.certificates
    ]
    if account := then.passbook:
        value = f"{account.bank} {masked_number(account.account_tail, 8)}"
        note = known_words(account.from_on, account.source)
        facts.append(FactLine(gettext("Account for payments"), value, account.grade, note))
    return facts


def looks_at(worker: Any, *, most: int) -> Any:
    """Return the newest deeds of looking at a worker's record, or at the whole identity number."""
    return deeds(action="register.", object_id=worker.pk).filter(action__in=LOOKS)[:most]


def what_the_worker_sees(file: WorkerFile) -> dict[str, Any]:
    """Return what a worker's own page shows of the register, for it and for the officer's view of it."""
    return {
        "facts": facts_of(file),
        "waiting": waiting_of(file),
        "wish": wish_of(file),
        "consents": consents_of(file),
        "missing": [(purpose.value, words.term(purpose)) for purpose in missing_consents(file)],
        "looks": [
            {
                "at": deed.at,
                "who": deed.officer,
                "duty": duty_words(deed.officer.duty) if deed.officer else "",
                "opened": deed.action == "register.identity_opened",
            }
            for deed in looks_at(file.worker, most=LOOKS_OF_A_WORKER)
        ],
    }


def waiting_of(file: WorkerFile) -> list[FactLine]:
    """Return the changes about a person that wait for a second officer: from what to what, and from where."""
    return [
        FactLine(
            words.term(fact),
            f"{change_value(fact, one.from_text)} → {change_value(fact, one.to_text)}",
            one.grade,
            f"{words.day(localdate(one.proposed_at))} · {source_words(one.source)}",
        )
        for one in file.proposals
        if one.state == ProposalState.OPEN.value and (fact := Fact(one.fact))
    ]


def change_value(fact: Fact, text: str) -> str:
    """Return what a proposal has as the old or the new value, as a page shows it; a phone masked."""
    if not text:
        return "—"
    if fact is Fact.PHONE:
        return masked_number(text, PHONE_DIGITS)
    if fact is Fact.SCHOOL:
        return gettext("yes") if text == SCHOOL_WORDS[True] else gettext("no")
    return words.term(_TERMS[fact](text)) if fact in _TERMS else text


def wish_of(file: WorkerFile) -> list[FactLine]:
    """Return the wish that counts; nothing where none was said."""
    return wish_lines(file.wish)


def wish_lines(wish: Any) -> list[FactLine]:
    """Return a wish line by line, the first with its source and grade."""
    if wish is None:
        return []
    work = (occupation.name for code in wish.occupations if (occupation := find_occupation(code)))
    note = known_words(localdate(wish.collected_at), wish.source)
    goes = gettext("Wishes to go") if wish.wants_to_go else gettext("Wishes to stay")
    facts = [
        FactLine(gettext("Wish"), goes, wish.grade, note),
        FactLine(gettext("Where to"), "、".join(words.place(code) for code in wish.destinations)),
        FactLine(gettext("Kind of work"), "、".join(work)),
        FactLine(gettext("Least pay"), words.yuan(wish.wage_floor_yuan) if wish.wage_floor_yuan else ""),
        FactLine(gettext("From which day"), words.day(wish.earliest_on) if wish.earliest_on else ""),
        FactLine(gettext("Keeps at home"), _term(CannotLeaveReason, wish.cannot_leave_reason)),
        FactLine(gettext("Said on"), words.moment(wish.collected_at)),
    ]
    return [fact for fact in facts if fact.value]


def _term(terms: type[Term], code: str) -> str:
    return words.term(terms(code)) if code else ""
