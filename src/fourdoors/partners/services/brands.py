"""Accredited bases, labour brands with a standard, and licensed brokers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.divisions import county_of
from fourdoors.kernel.errors import RuleError
from fourdoors.partners.models import Agreement, Base, Brand, BrandMember, Broker, Employer
from fourdoors.partners.rules import BrandMemberRow, StandardPoint, missing_points
from fourdoors.partners.services.agreements import EndBeforeStartError
from fourdoors.register.models import Certificate, Skill, Worker
from fourdoors.store.copying import copy_rows
from fourdoors.store.vault import vault


class BaseKnownError(RuleError):
    """A base of this name carries a plaque already."""

    code: ClassVar[str] = "base_known"


class BrandKnownError(RuleError):
    """A brand of this name is registered already."""

    code: ClassVar[str] = "brand_known"


class StandardUnsoundError(RuleError):
    """A point of the standard lacks its kind, its occupation or its words in either language."""

    code: ClassVar[str] = "standard_unsound"


class StandardNotHeldError(RuleError):
    """The worker does not hold what the brand's standard asks for."""

    code: ClassVar[str] = "standard_not_held"


class BrokerKnownError(RuleError):
    """A broker of this licence is registered already."""

    code: ClassVar[str] = "broker_known"


@transaction.atomic
def accredit_base(  # noqa: PLR0913 (the fields of a base)
    *,
    name: str,
    place: int,
    capacity_persons: int,
    plaque_on: date,
    expires_on: date,
    at: datetime,
    by: Officer | None,
    employer: Employer | None = None,
    agreement: Agreement | None = None,
) -> Base:
    """Give a domestic-service base its plaque (授牌).

    Args:
        name: one name, one plaque.
        place: 12-digit division where it stands.
        capacity_persons: how many it takes at a time.
        plaque_on: first day.
        expires_on: last day.
        at: the moment of the deed.
        by: who gives it.
        employer: the company behind it.
        agreement: the agreement it rests on.

    Raises:
        EndBeforeStartError: it ends before it begins.
        BaseKnownError: the name is taken.
    """
    if expires_on < plaque_on:
        raise EndBeforeStartError(from_on=plaque_on, to_on=expires_on)
    base, made = Base.objects.get_or_create(
        name=name,
        defaults={
            "place": place, "capacity_persons": capacity_persons, "plaque_on": plaque_on,
            "expires_on": expires_on, "employer": employer, "agreement": agreement,
        },
    )  # fmt: skip
    if not made:
        raise BaseKnownError(name=name)
    record_deed(
        officer=by, action="partners.base_accredited", at=at, object_id=base.pk, capacity=capacity_persons
    )
    return base


@transaction.atomic
def register_brand(
    *,
    name: str,
    name_en: str,
    owner: str,
    occupation: str,
    standard: Sequence[Mapping[str, object]],
    at: datetime,
    by: Officer | None,
    registered_on: date | None = None,
) -> Brand:
    """Register a labour brand (劳务品牌) with the standard that every member must hold.

    Args:
        name: the brand in Chinese.
        name_en: the brand for readers of English.
        owner: who answers for it.
        occupation: its trade, a CSCO code.
        standard: points, each with ``kind`` (certificate or skill), ``occupation``, perhaps ``level``,
            and the words ``zh`` and ``en``; ``rules.StandardPoint``.
        at: the moment of the deed.
        by: who enters it.
        registered_on: day of its trade mark, where it has one.

    Raises:
        StandardUnsoundError: a point cannot be checked.
        BrandKnownError: the name is taken.
    """
    for number, point in enumerate(standard, start=1):
        try:
            StandardPoint.read(point)
        except (KeyError, ValueError) as fault:
            raise StandardUnsoundError(name=name, number=number) from fault
    brand, made = Brand.objects.get_or_create(
        name=name,
        defaults={
            "name_en": name_en, "owner": owner, "occupation": occupation, "standard": list(standard),
            "registered_on": registered_on,
        },
    )  # fmt: skip
    if not made:
        raise BrandKnownError(name=name)
    record_deed(
        officer=by, action="partners.brand_registered", at=at, object_id=brand.pk, points=len(standard)
    )
    return brand


@transaction.atomic
def admit_brand_member(
    *, brand: Brand, worker: Worker, joined_on: date, at: datetime, by: Officer | None
) -> BrandMember:
    """Let a worker carry a brand's name; a member is returned as it is.

    The worker is locked first, so that two desks make one member. What the standard asks for must be in
    the register on this day: a brand is worth what its members can do.

    Raises:
        StandardNotHeldError: certificate or skill is missing.
    """
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker.pk)
    if missing := missing_points(
        [StandardPoint.read(point) for point in brand.standard],
        certificates=list(
            Certificate.objects.filter(worker=worker, issued_on__lte=joined_on).values_list(
                "occupation", "level"
            )
        ),
        skills=list(Skill.objects.filter(worker=worker).values_list("occupation", flat=True)),
    ):
        raise StandardNotHeldError(
            brand=brand, worker=worker, missing_zh=missing[0].zh, missing_en=missing[0].en
        )
    member, made = BrandMember.objects.get_or_create(
        brand=brand,
        worker=worker,
        left_on=None,
        defaults={"joined_on": joined_on, "village": worker.village, "county": worker.county},
    )
    if made:
        record_deed(
            officer=by, action="partners.member_admitted", at=at, county=worker.county,
            object_id=member.pk, brand=brand.pk,
        )  # fmt: skip
    return member


def load_brand_members(rows: Iterable[BrandMemberRow]) -> int:
    """Insert members as they are: whoever calls has seen that they hold the standard."""
    values = ((*row, county_of(row.village)) for row in rows)
    return copy_rows(
        table=BrandMember._meta.db_table, columns=(*BrandMemberRow._fields, "county"), rows=values
    )


@transaction.atomic
def register_broker(
    *,
    name: str,
    licence_number: str,
    home: int,
    licensed_to_on: date,
    at: datetime,
    by: Officer | None,
    bank: str = "",
    account: str = "",
) -> Broker:
    """Register a licensed labour broker or agency (劳务经纪人). A worker never pays one anything.

    Args:
        name: person or firm.
        licence_number: number of the licence.
        home: 12-digit division.
        licensed_to_on: last day of the licence.
        at: the moment of the deed.
        by: who enters it.
        bank: where a reward goes.
        account: its number, sealed on the way in.

    Raises:
        BrokerKnownError: the licence is taken.
    """
    sealed = vault().seal("account", account) if account else None
    broker, made = Broker.objects.get_or_create(
        licence_number=licence_number,
        defaults={
            "name": name, "home": home, "licensed_to_on": licensed_to_on, "bank": bank,
            "account_cipher": sealed, "account_tail": account[-4:],
        },
    )  # fmt: skip
    if not made:
        raise BrokerKnownError(licence_number=licence_number)
    record_deed(officer=by, action="partners.broker_registered", at=at, object_id=broker.pk)
    return broker
