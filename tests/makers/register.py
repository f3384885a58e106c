"""Makers of households, workers and what is known of them. Everybody here is invented."""

from datetime import UTC, date, datetime
from itertools import count

from fourdoors.kernel.divisions import county_of
from fourdoors.kernel.identity import invented_identity, invented_phone
from fourdoors.kernel.terms import HouseholdStatusKind, RelationToHead, Sex
from fourdoors.register.models import Consent, Household, HouseholdStatus, Membership, Wish, Worker
from fourdoors.register.rules import HouseholdRow, HowGiven, MembershipRow, Purpose, StatusRow, WorkerRow
from fourdoors.register.services import load_households, load_memberships, load_statuses, load_workers
from tests.makers.accounts import LI_VILLAGE

SPRING = datetime(2020, 3, 1, 1, 0, tzinfo=UTC)  # 1 March 2020, 09:00 in China
_sequence = count(1)


def make_worker(
    *,
    name: str = "马小兰",
    village: int = LI_VILLAGE,
    born_on: date = date(1990, 5, 1),
    sex: Sex = Sex.FEMALE,
    education: str = "junior_middle",
    labour_capacity: str = "ordinary",
    phone: str | None = None,
    identity: str = "",
) -> Worker:
    """Make a worker; each call another person."""
    number = next(_sequence)
    row = WorkerRow(
        village=village,
        identity=identity or invented_identity(sequence=number, born_on=born_on, sex=sex),
        name=name,
        sex=sex.value,
        born_on=born_on,
        education=education,
        labour_capacity=labour_capacity,
        phone=invented_phone(number) if phone is None else phone,
    )
    return Worker.objects.get(pk=load_workers([row], at=SPRING)[0])


def make_household(*, number: str = "", village: int = LI_VILLAGE) -> Household:
    """Make a household."""
    row = HouseholdRow(village=village, number=number or f"6212260{next(_sequence):09d}")
    return Household.objects.get(pk=load_households([row])[0])


def make_status(
    *,
    household: Household,
    kind: HouseholdStatusKind = HouseholdStatusKind.REGISTERED_POOR,
    from_on: date = date(2014, 1, 1),
    to_on: date | None = None,
) -> HouseholdStatus:
    """Give a household a status."""
    load_statuses([StatusRow(household.village, household.pk, kind.value, from_on, to_on)])
    return HouseholdStatus.objects.get(household=household, kind=kind.value, from_on=from_on)


def make_membership(
    *,
    worker: Worker,
    household: Household,
    relation: RelationToHead = RelationToHead.HEAD,
    from_on: date = date(2014, 1, 1),
    to_on: date | None = None,
) -> Membership:
    """Put a worker into a household."""
    load_memberships([MembershipRow(worker.village, household.pk, worker.pk, relation.value, from_on, to_on)])
    return Membership.objects.get(worker=worker, household=household, from_on=from_on)


def make_wish(*, worker: Worker, wants_to_go: bool = True, at: datetime = SPRING) -> Wish:
    """Record a wish."""
    return Wish.objects.create(
        worker=worker,
        village=worker.village,
        county=county_of(worker.village),
        wants_to_go=wants_to_go,
        collected_at=at,
        source="office",
        grade="D",
    )


def make_consent(
    *, worker: Worker, purpose: Purpose = Purpose.MATCHING, move: str = "", at: datetime = SPRING
) -> Consent:
    """Record a consent by the worker's own hand."""
    return Consent.objects.create(
        worker=worker,
        village=worker.village,
        county=county_of(worker.village),
        purpose=purpose.value,
        move=move,
        how=HowGiven.SELF.value,
        given_at=at,
    )
