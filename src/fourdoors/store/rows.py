"""What every table of persons shares: the home village and county that the policies and shards look at."""

from typing import Any

from django.apps import apps
from django.db import connection, models


class PersonRow(models.Model):
    """A row about one person, or one household.

    ``village`` is the 12-digit code of the home village (or of the lowest division known, filled up with
    zeros); ``county`` repeats its first six digits as a plain column, the key by which tables can be split.
    Each such table needs a ``ScopePolicy`` in a migration; a test fails when one has none.
    """

    village = models.BigIntegerField()
    county = models.IntegerField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(county=models.F("village") / 1_000_000),
                name="%(app_label)s_%(class)s_county",
            )
        ]


def follow_home(*, model: type[models.Model], number: int, village: int) -> None:
    """Give every row about one person the village that the person has moved to, inside the same county.

    A row is about the person where it names the person, or names such a row (the health check of a seat).
    What may only be added to, never changed, stays where it was written.
    """
    kinds = [kind for kind in apps.get_models() if issubclass(kind, PersonRow) and _may_change(kind)]
    named = [kind for kind in kinds if "worker" in _owners(kind) and _owners(kind)["worker"] is model]
    for kind in named:
        _move(kind, "worker", number, village)
    for kind in kinds:
        for name, owner in _owners(kind).items():
            if kind not in named and owner in named:
                _move(kind, f"{name}__worker", number, village)


def _move(kind: Any, about: str, number: int, village: int) -> None:
    kind._default_manager.filter(**{about: number}).update(village=village)


def _owners(kind: type[models.Model]) -> dict[str, Any]:
    return {field.name: field.related_model for field in kind._meta.concrete_fields if field.is_relation}


def _may_change(kind: type[models.Model]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'UPDATE')", [kind._meta.db_table])
        return bool((cursor.fetchone() or (False,))[0])
