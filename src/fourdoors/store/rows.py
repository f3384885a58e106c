"""What every table of persons shares: the home village and county that the policies and shards look at."""

from django.db import models


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
