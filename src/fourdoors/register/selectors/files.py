"""Everything the register knows of one worker or one household, by time, with source and grade."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.db.models import Q, QuerySet

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import TERRITORIAL
from fourdoors.register.models import (
    Certificate,
    Consent,
    Household,
    HouseholdStatus,
    Membership,
    Passbook,
    Proposal,
    Skill,
    Wish,
    Worker,
    WorkerEvent,
)
from fourdoors.register.selectors.proposals import proposals_of, proposals_of_household

_CHINA = datetime.timezone(datetime.timedelta(hours=8))  # China Standard Time
_COLUMNS = (
    "name", "sex", "born_on", "village", "phone_hash", "education", "labour_capacity", "at_school",
    "merged_into_id",
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """Since which day, from where and how well one fact is known."""

    on: datetime.date
    source: str
    grade: str


@dataclass(frozen=True)
class Entry:
    """One thing that happened to a worker's record; the face has the words for ``kind`` and ``values``."""

    kind: str
    day: datetime.date
    moment: datetime.datetime | None = None
    grade: str = ""
    source: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class WorkerFile:
    """Everything the register knows of one worker, and the same as a timeline, the newest first."""

    worker: Worker
    records: list[Worker]  # the worker, and the records that were merged into this one
    membership: Membership | None
    members: list[Membership]
    statuses: list[HouseholdStatus]
    wish: Wish | None
    consents: list[Consent]
    timeline: list[Entry]
    known: dict[str, Known]  # by column of the record
    proposals: list[Proposal]


def worker_file(worker: Worker) -> WorkerFile:
    """Return everything the register knows of a worker, in a fixed number of queries."""
    memberships = list(worker.memberships.select_related("household").order_by("from_on"))
    membership = next((it for it in memberships if it.to_on is None), None)
    household = membership.household if membership else None
    members = Membership.objects.filter(household=household, to_on=None, worker__merged_into=None)
    records = [worker, *worker.merged.order_by("pk")]
    wishes = list(
        Wish.objects.filter(worker__in=records)
        .select_related("collected_by")
        .order_by("-collected_at", "-pk")
    )
    consents = list(
        Consent.objects.filter(worker__in=records).select_related("recorded_by").order_by("-given_at")
    )
    statuses = list(household.statuses.order_by("-from_on")) if household else []
    history = {record.pk: _history_of(record) for record in records}
    entries = [
        *(entry for record in records for entry in _happened_to(record, history[record.pk])),
        *_belonged(memberships), *_said(wishes), *_agreed(consents), *_recognised(statuses),
    ]  # fmt: skip
    return WorkerFile(
        worker=worker,
        records=records,
        membership=membership,
        members=list(members.select_related("worker")) if household else [],
        statuses=statuses,
        wish=wishes[0] if wishes else None,
        consents=consents,
        timeline=sorted(entries, key=_when, reverse=True),
        known=_known(history[worker.pk]),
        proposals=proposals_of(worker, household),
    )


@dataclass(frozen=True)
class WorkerAsOf:
    """Everything the register knew of a worker at the end of a day."""

    record: WorkerEvent | None  # None: not in the register yet
    known: dict[str, Known]
    membership: Membership | None
    members: list[Membership]
    statuses: list[HouseholdStatus]
    wish: Wish | None
    consents: list[Consent]
    skills: list[Skill]
    certificates: list[Certificate]
    passbook: Passbook | None


def worker_as_of(worker: Worker, *, on: datetime.date) -> WorkerAsOf:
    """Return what was known of a worker at the end of a day, in a fixed number of queries."""
    events = [event for event in _history_of(worker) if _event_day(event) <= on]
    end = datetime.datetime.combine(on + datetime.timedelta(days=1), datetime.time(), _CHINA)
    memberships = worker.memberships.select_related("household").order_by("-from_on")
    membership = next((it for it in memberships if _holds(it, on)), None)
    home = household_file(membership.household, on=on) if membership else None
    open_then = Q(withdrawn_at=None) | Q(withdrawn_at__gte=end)
    return WorkerAsOf(
        record=events[-1] if events else None,
        known=_known(events),
        membership=membership,
        members=home.members if home else [],
        statuses=home.statuses if home else [],
        wish=worker.wishes.filter(collected_at__lt=end).order_by("-collected_at", "-pk").first(),
        consents=list(worker.consents.filter(open_then, given_at__lt=end).order_by("-given_at")),
        skills=list(worker.skills.filter(known_on__lte=on).order_by("known_on", "pk")),
        certificates=list(worker.certificates.filter(issued_on__lte=on).order_by("issued_on")),
        passbook=worker.passbooks.filter(from_on__lte=on).order_by("-from_on", "-pk").first(),
    )


def _history_of(worker: Worker) -> list[WorkerEvent]:
    kept = WorkerEvent.objects.filter(pgh_obj=worker.pk, pgh_label__in=("insert", "update"))
    return list(kept.order_by("pgh_id"))


def _event_moment(event: WorkerEvent) -> datetime.datetime:
    """Return when a record changed: the moment of the deed where it was named, else that of the database."""
    if event.pgh_label == "insert":
        moment: datetime.datetime = event.registered_at
        return moment
    said = (event.pgh_context or {}).get("at")
    return datetime.datetime.fromisoformat(said) if said else event.pgh_created_at


def _event_day(event: WorkerEvent) -> datetime.date:
    return _day(_event_moment(event))


def _known(events: list[WorkerEvent]) -> dict[str, Known]:
    """Return of each column where the value came from that it has after the last of the events."""
    known: dict[str, Known] = {}
    before: WorkerEvent | None = None
    for event in events:
        for name in _COLUMNS:
            if before is None or getattr(before, name) != getattr(event, name):
                known[name] = Known(_event_day(event), event.source, event.grade)
        before = event
    return known


def _when(entry: Entry) -> tuple[datetime.date, datetime.datetime]:
    return entry.day, entry.moment or datetime.datetime.min.replace(tzinfo=datetime.UTC)


def _happened_to(worker: Worker, history: list[WorkerEvent]) -> Iterator[Entry]:
    first = history[0] if history else worker
    yield Entry("registered", _day(worker.registered_at), worker.registered_at, first.grade, first.source)
    for skill in worker.skills.order_by("pk"):
        yield Entry("skill", skill.known_on, None, skill.grade, skill.source, {"words": skill.words})
    for paper in worker.certificates.order_by("issued_on"):
        said = {"title": paper.title, "issuer": paper.issuer, "number": paper.number}
        yield Entry("certificate", paper.issued_on, None, paper.grade, paper.source, said)
    for account in worker.passbooks.order_by("from_on"):
        said = {"bank": account.bank, "tail": account.account_tail}
        yield Entry("passbook", account.from_on, None, account.grade, account.source, said)
    for before, event in pairwise(history):
        changed = [name for name in _COLUMNS if getattr(before, name) != getattr(event, name)]
        if changed:
            moment = _event_moment(event)
            yield Entry("changed", _day(moment), moment, event.grade, event.source, {"columns": changed})


def _belonged(memberships: list[Membership]) -> Iterator[Entry]:
    for membership in memberships:
        said = {"household": membership.household.number}
        yield Entry("joined", membership.from_on, None, membership.grade, membership.source, said)
        if membership.to_on:
            yield Entry("left", membership.to_on, None, membership.grade, membership.source, said)


def _said(wishes: list[Wish]) -> Iterator[Entry]:
    for wish in wishes:
        kind = "wish_to_go" if wish.wants_to_go else "wish_to_stay"
        said = {"officer": str(wish.collected_by or "")}
        yield Entry(kind, _day(wish.collected_at), wish.collected_at, wish.grade, wish.source, said)


def _agreed(consents: list[Consent]) -> Iterator[Entry]:
    for consent in consents:
        said = {"purpose": consent.purpose, "how": consent.how, "move": consent.move}
        yield Entry("consent_given", _day(consent.given_at), consent.given_at, values=said)
        if consent.withdrawn_at:
            yield Entry("consent_withdrawn", _day(consent.withdrawn_at), consent.withdrawn_at, values=said)


def _recognised(statuses: list[HouseholdStatus]) -> Iterator[Entry]:
    for status in statuses:
        said = {"status": status.kind}
        yield Entry("status_began", status.from_on, grade=status.grade, source=status.source, values=said)
        if status.to_on:
            yield Entry("status_ended", status.to_on, grade=status.grade, source=status.source, values=said)


def _day(moment: datetime.datetime) -> datetime.date:
    return moment.astimezone(_CHINA).date()


@dataclass(frozen=True)
class HouseholdFile:
    """A household as it was on a day, and all that was recorded of it, the newest first."""

    household: Household
    members: list[Membership]
    statuses: list[HouseholdStatus]
    all_members: list[Membership]
    all_statuses: list[HouseholdStatus]
    proposals: list[Proposal]


def households_visible_to(officer: Officer) -> QuerySet[Household]:
    """Return the households of an officer's territory; none for duties that read no register."""
    if officer.duty not in TERRITORIAL:
        return Household.objects.none()
    return Household.objects.filter(village__gte=officer.lo, village__lt=officer.hi)


def household_file(household: Household, *, on: datetime.date) -> HouseholdFile:
    """Return what is known of a household; members and statuses those of the day, in three queries."""
    people = household.memberships.filter(worker__merged_into=None).select_related("worker")
    members = list(people.order_by("-from_on", "pk"))
    statuses = list(household.statuses.order_by("-from_on", "pk"))
    return HouseholdFile(
        household=household,
        members=[it for it in members if _holds(it, on)],
        statuses=[it for it in statuses if _holds(it, on)],
        all_members=members,
        all_statuses=statuses,
        proposals=proposals_of_household(household),
    )


def _holds(row: Membership | HouseholdStatus, on: datetime.date) -> bool:
    return row.from_on <= on and (row.to_on is None or row.to_on > on)
