"""Everything the register knows of one worker or one household, by time, with source and grade."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import TERRITORIAL
from fourdoors.register.models import (
    Consent,
    Household,
    HouseholdStatus,
    Membership,
    Wish,
    Worker,
    WorkerEvent,
)


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


def worker_file(worker: Worker) -> WorkerFile:
    """Return everything the register knows of a worker, in a fixed number of queries."""
    membership = worker.memberships.select_related("household").filter(to_on=None).first()
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
    entries = [
        *(entry for record in records for entry in _happened_to(record)), *_said(wishes),
        *_agreed(consents), *_recognised(statuses),
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
    )


@dataclass(frozen=True)
class WorkerAsOf:
    """A worker's record as it was at the end of a day, the household of that day and its statuses."""

    record: WorkerEvent | None  # None: not in the register yet
    membership: Membership | None
    statuses: list[HouseholdStatus]


def worker_as_of(worker: Worker, *, on: datetime.date) -> WorkerAsOf:
    """Return what a worker's record said at the end of a day, from its history, in three queries."""
    entered = Q(pgh_label="insert", registered_at__date__lte=on)
    changed = Q(pgh_label="update", pgh_created_at__date__lte=on)
    record = WorkerEvent.objects.filter(entered | changed, pgh_obj=worker.pk).order_by("-pgh_id").first()
    memberships = worker.memberships.select_related("household").order_by("-from_on")
    membership = next((it for it in memberships if _holds(it, on)), None)
    statuses = membership.household.statuses.order_by("kind") if membership else []
    return WorkerAsOf(record, membership, [it for it in statuses if _holds(it, on)])


def _when(entry: Entry) -> tuple[datetime.date, datetime.datetime]:
    return entry.day, entry.moment or datetime.datetime.min.replace(tzinfo=datetime.UTC)


def _happened_to(worker: Worker) -> Iterator[Entry]:
    yield Entry("registered", _day(worker.registered_at), worker.registered_at, worker.grade, worker.source)
    for skill in worker.skills.order_by("pk"):
        yield Entry(
            "skill", _day(worker.registered_at), None, skill.grade, skill.source, {"words": skill.words}
        )
    for paper in worker.certificates.order_by("issued_on"):
        said = {"title": paper.title, "issuer": paper.issuer, "number": paper.number}
        yield Entry("certificate", paper.issued_on, grade=paper.grade, values=said)
    for account in worker.passbooks.order_by("from_on"):
        yield Entry("passbook", account.from_on, values={"bank": account.bank, "tail": account.account_tail})
    for event in WorkerEvent.objects.filter(pgh_obj=worker.pk, pgh_label="update").order_by("pgh_id"):
        yield Entry("changed", _day(event.pgh_created_at), event.pgh_created_at, event.grade, event.source)


def _said(wishes: list[Wish]) -> Iterator[Entry]:
    for wish in wishes:
        kind = "wish_to_go" if wish.wants_to_go else "wish_to_stay"
        yield Entry(
            kind, _day(wish.collected_at), wish.collected_at, values={"officer": str(wish.collected_by or "")}
        )


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
    return moment.astimezone(datetime.timezone(datetime.timedelta(hours=8))).date()  # China Standard Time


@dataclass(frozen=True)
class HouseholdFile:
    """A household as it was on a day, and all that was recorded of it, the newest first."""

    household: Household
    members: list[Membership]
    statuses: list[HouseholdStatus]
    all_members: list[Membership]
    all_statuses: list[HouseholdStatus]


def households_visible_to(officer: Officer) -> QuerySet[Household]:
    """Return the households of an officer's territory; none for duties that read no register."""
    if officer.duty not in TERRITORIAL:
        return Household.objects.none()
    return Household.objects.filter(village__gte=officer.lo, village__lt=officer.hi)


def household_file(household: Household, *, on: datetime.date) -> HouseholdFile:
    """Return what is known of a household; members and statuses those of the day, in two queries."""
    people = household.memberships.filter(worker__merged_into=None).select_related("worker")
    members = list(people.order_by("-from_on", "pk"))
    statuses = list(household.statuses.order_by("-from_on", "pk"))
    return HouseholdFile(
        household=household,
        members=[it for it in members if _holds(it, on)],
        statuses=[it for it in statuses if _holds(it, on)],
        all_members=members,
        all_statuses=statuses,
    )


def _holds(row: Membership | HouseholdStatus, on: datetime.date) -> bool:
    return row.from_on <= on and (row.to_on is None or row.to_on > on)
