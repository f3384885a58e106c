"""Reads of officers, divisions and the trail of deeds."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from fourdoors.accounts.models import Deed, DeedChain, Division, MachineToken, Officer
from fourdoors.accounts.rules import Duty, deed_hash, secret_hash
from fourdoors.kernel.divisions import Level, level_of
from fourdoors.store.scope import NOTHING, Scope


def scope_of(officer: Officer | None) -> Scope:
    """Return what an officer may see; nobody sees nothing."""
    if officer is None:
        return NOTHING
    match Duty(officer.duty):
        case Duty.EMPLOYER:
            return Scope(employer=officer.organisation)
        case Duty.TRAINER:
            return Scope(trainer=officer.organisation)
        case Duty.CARRIER:
            return Scope(carrier=officer.organisation)
        case Duty.STATION:
            return Scope(destination=officer.jurisdiction)
        case _:
            return Scope(territory=officer.jurisdiction)


def officer_by_id(number: int) -> Officer:
    """Return the officer that a task was given by number."""
    return Officer.objects.get(pk=number)


def officers() -> QuerySet[Officer]:
    """Return every officer who may sign in, in the order of appointment."""
    return Officer.objects.filter(is_active=True).order_by("pk")


def officer_called(username: str) -> Officer | None:
    """Return the officer who signs in under a name, or None: for commands."""
    return Officer.objects.filter(username=username, is_active=True).first()


def token_shown(secret: str, *, at: datetime.datetime) -> MachineToken | None:
    """Return the token whose secret a program shows, while it and its officer are in office; else None."""
    alive = MachineToken.objects.filter(ends_at__gt=at, officer__is_active=True)
    return alive.select_related("officer").filter(secret_hash=secret_hash(secret)).first()


def tokens() -> QuerySet[MachineToken]:
    """Return every token there ever was, in the order in which they were made."""
    return MachineToken.objects.select_related("officer").order_by("pk")


def children_of(code: int) -> QuerySet[Division]:
    """Return the divisions directly below one, by code."""
    return Division.objects.filter(parent_id=code).order_by("code")


def deeds(*, action: str = "", object_id: int | None = None) -> QuerySet[Deed]:
    """Return deeds, the newest first, of one action or object where one is named."""
    found = Deed.objects.select_related("officer").order_by("-at", "-number")
    if action:
        found = found.filter(action__startswith=action)
    return found if object_id is None else found.filter(object_id=object_id)


@dataclass(frozen=True)
class DeedsSought:
    """What a list of deeds is narrowed by; blank narrows nothing.

    Attributes:
        action: the beginning of an action, ``statistics.`` or ``statistics.signed``.
        officer: part of a name, or a whole user name.
        on: day of the deed, in China Standard Time.
        object_id: number of the row that it is about.
    """

    action: str = ""
    officer: str = ""
    on: datetime.date | None = None
    object_id: int | None = None


def deeds_visible_to(officer: Officer, sought: DeedsSought) -> QuerySet[Deed]:
    """Return deeds of an officer's counties, the newest first; those of the province only to who holds it."""
    found = deeds(action=sought.action, object_id=sought.object_id)
    reach = officer.jurisdiction
    own = Q(chain__gte=-(-reach.lo // _COUNTY), chain__lt=-(-reach.hi // _COUNTY))
    if level_of(reach.lo) is Level.PROVINCE:
        own |= Q(chain=0)
    if sought.officer:
        named = Q(officer__full_name__icontains=sought.officer) | Q(officer__username=sought.officer)
        found = found.filter(named)
    if sought.on:
        found = found.filter(at__date=sought.on)
    return found.filter(own)


_COUNTY = 1_000_000


@dataclass(frozen=True)
class Break:
    """A place where a chain of deeds does not hold."""

    chain: int
    number: int
    fault: str  # "missing", "changed", "cut short", "head changed"


def heads_of_the_trail() -> list[DeedChain]:
    """Return the head of every chain: printed and kept elsewhere, they show a rewritten database."""
    return list(DeedChain.objects.order_by("chain"))


def breaks_in_the_trail() -> Iterator[Break]:
    """Walk every chain from its first deed to its head and name each deed that does not fit.

    A changed row shows by its own hash, a removed or inserted one by its number or the hash before it, rows
    taken from the end by the head. Reads rows in blocks: memory stays flat however long the trail is.
    """
    for head in DeedChain.objects.order_by("chain"):
        number, previous = 0, ""
        for deed in Deed.objects.filter(chain=head.chain).order_by("number").iterator(5000):
            if deed.number != number + 1:
                yield Break(head.chain, number + 1, "missing")
            elif deed.previous_hash != previous or deed_hash(deed) != deed.hash:
                yield Break(head.chain, deed.number, "changed")
            number, previous = deed.number, deed.hash
        if number < head.number:
            yield Break(head.chain, number + 1, "cut short")
        elif (number, previous) != (head.number, head.head_hash):
            yield Break(head.chain, number, "head changed")
