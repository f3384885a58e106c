"""Many rows at once, in blocks of any size: for the demonstration and for a province's first load."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import models, transaction

from fourdoors.employment.models import IncomeRecord, Spell, TravelCost
from fourdoors.employment.rules import IncomeRow, SpellRow, TravelCostRow
from fourdoors.kernel.divisions import county_of
from fourdoors.store.copying import copy_rows, reserve_ids


@transaction.atomic
def load_spells(rows: Sequence[SpellRow]) -> list[int]:
    """Insert spells and return their numbers in the order given; an overlap refuses them all.

    Visits are not scheduled: ``schedule_follow_ups`` does that for the spells that want them.
    """
    table = Spell._meta.db_table
    numbers = reserve_ids(table=table, count=len(rows))
    values = ((number, *row, county_of(row.village)) for number, row in zip(numbers, rows, strict=True))
    copy_rows(table=table, columns=("id", *SpellRow._fields, "county"), rows=values)
    return numbers


def load_incomes(rows: Iterable[IncomeRow]) -> int:
    """Insert months of pay; one record a spell and month."""
    return _load(IncomeRecord, IncomeRow._fields, rows)


def load_travel_costs(rows: Iterable[TravelCostRow]) -> int:
    """Insert tickets; one a spell and direction."""
    return _load(TravelCost, TravelCostRow._fields, rows)


def _load(model: type[models.Model], names: Sequence[str], rows: Iterable[NamedTuple]) -> int:
    values = ((*row, county_of(row[0])) for row in rows)
    return copy_rows(table=model._meta.db_table, columns=(*names, "county"), rows=values)
