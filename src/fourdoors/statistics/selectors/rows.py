"""The last step of the drill: the rows behind a figure, and what each of them is."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Case, When

from fourdoors.employment.models import IncomeRecord, Spell
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.identity import masked_name
from fourdoors.kernel.terms import RelationToHead
from fourdoors.partners.models import Base, Station
from fourdoors.register.models import Membership, Worker
from fourdoors.statistics.models import FrozenRow, Release
from fourdoors.statistics.rules import all_measures
from fourdoors.subsidies.models import Payment

PAGE_ROWS = 50


@dataclass(frozen=True)
class Thing:
    """What a row is about: the table and number of the page that shows it, and its words.

    ``words`` is a masked name, a number of a household, or the name of a station; blank where a place is
    meant, whose code ``key`` then is.
    """

    table: str
    key: int
    words: str = ""


@dataclass(frozen=True)
class Row:
    """One row behind a figure, as it was counted."""

    village: int
    object_id: int
    value: Decimal
    grade: str
    thing: Thing | None  # None where the scope that is set does not show it, or it is no longer there


def rows_behind(
    *, measure: str, division: int, from_on: date, to_on: date, first: int = 0, most: int = PAGE_ROWS
) -> list[Row]:
    """Return live rows of a measure in one division, by village and object.

    The query runs anew on the ledger: where it was changed after the last counting, rows and figure differ.

    Args:
        measure: not a ratio; a ratio is looked at through its parts.
        division: a county or less; larger ones are reached through their children.
        from_on: first day counted.
        to_on: last day counted.
        first: rows left out before.
        most: rows returned.
    """
    here = range_of(division)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT village, object_id, value, grade FROM ({all_measures()[measure].sql}) AS counted"
            " WHERE village >= %(lo)s AND village < %(hi)s ORDER BY village, object_id"
            " LIMIT %(most)s OFFSET %(first)s",
            {"from_on": from_on, "to_on": to_on, "lo": here.lo, "hi": here.hi, "most": most, "first": first},
        )
        found = cursor.fetchall()
    return _with_things(all_measures()[measure].table, found)


def frozen_rows(
    *, release: Release, measure: str, division: int, first: int = 0, most: int = PAGE_ROWS
) -> list[Row]:
    """Return rows behind a figure of a release within the scope that is set, by village and object."""
    here = range_of(division)
    rows = (
        FrozenRow.objects.filter(release=release, measure=measure)
        .filter(village__gte=here.lo, village__lt=here.hi)
        .order_by("village", "object_id")
        .values_list("village", "object_id", "value", "grade")
    )
    return _with_things(all_measures()[measure].table, rows[first : first + most])


def _with_things(table: str, found: Iterable[tuple[int, int, Decimal, str]]) -> list[Row]:
    rows = list(found)
    things = _THINGS[table]({row[1] for row in rows})
    return [Row(*row, things.get(row[1])) for row in rows]


def _workers(numbers: Collection[int]) -> dict[int, Thing]:
    names = Worker.objects.filter(pk__in=numbers).values_list("pk", "name")
    return {pk: Thing("worker", pk, masked_name(name)) for pk, name in names}


def _spells(numbers: Collection[int]) -> dict[int, Thing]:
    names = Spell.objects.filter(pk__in=numbers).values_list("pk", "worker__name")
    return {pk: Thing("spell", pk, masked_name(name)) for pk, name in names}


def _incomes(numbers: Collection[int]) -> dict[int, Thing]:
    rows = IncomeRecord.objects.filter(pk__in=numbers).values_list("pk", "spell", "worker__name", "month")
    return {
        pk: Thing("spell", spell, f"{masked_name(name)} {month:%Y-%m}") for pk, spell, name, month in rows
    }


def _payments(numbers: Collection[int]) -> dict[int, Thing]:
    rows = Payment.objects.filter(pk__in=numbers).values_list("pk", "claim", "claim__worker__name")
    return {pk: Thing("claim", claim, masked_name(name)) for pk, claim, name in rows}


def _households(numbers: Collection[int]) -> dict[int, Thing]:
    """Lead to the head of the household, or to any of its workers: a household has no page of its own."""
    rows = Membership.objects.filter(household__in=numbers, to_on=None).annotate(
        is_head=Case(When(relation=RelationToHead.HEAD.value, then=1), default=0)
    )
    found = rows.order_by("is_head").values_list("household", "worker", "household__number")
    return {pk: Thing("worker", worker, number) for pk, worker, number in found}


def _stations(numbers: Collection[int]) -> dict[int, Thing]:
    rows = Station.objects.filter(pk__in=numbers).values_list("pk", "name")
    return {pk: Thing("station", pk, name) for pk, name in rows}


def _bases(numbers: Collection[int]) -> dict[int, Thing]:
    rows = Base.objects.filter(pk__in=numbers).values_list("pk", "name")
    return {pk: Thing("base", pk, name) for pk, name in rows}


def _provinces(codes: Collection[int]) -> dict[int, Thing]:
    return {code: Thing("province", code) for code in codes}


_THINGS: dict[str, Callable[[Collection[int]], dict[int, Thing]]] = {
    "worker": _workers,
    "spell": _spells,
    "income": _incomes,
    "payment": _payments,
    "household": _households,
    "station": _stations,
    "base": _bases,
    "province": _provinces,
}
