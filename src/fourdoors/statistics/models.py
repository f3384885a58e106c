"""Counted cells, and releases of published figures (统计、通报)."""

from django.db import models

from fourdoors.accounts.models import Officer
from fourdoors.store.rows import PersonRow


class Cell(PersonRow):
    """A measure of one division by evidence grade, as counted last: what the live pages read.

    Rows of ``Level.VILLAGE`` are as counted (``village`` is the lowest division known); those of a higher
    level are their sums, so that no page adds up a province.
    """

    level = models.SmallIntegerField()  # kernel.divisions.Level
    measure = models.CharField(max_length=60)  # name of the SQL file
    grade = models.CharField(max_length=1)
    value = models.DecimalField(max_digits=20, decimal_places=2)
    rows = models.BigIntegerField()

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(fields=["level", "measure", "village", "grade"], name="cell_once"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.village} {self.grade}"


class TrendPoint(PersonRow):
    """A measure of one county from 1 January to the end of a month."""

    measure = models.CharField(max_length=60)
    month = models.DateField()  # its first day
    value = models.DecimalField(max_digits=20, decimal_places=2)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(fields=["measure", "county", "month"], name="trend_once"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.county} {self.month}"


class Share(PersonRow):
    """How the transferred persons of one county divide: by destination, sex, age band, industry ..."""

    breakdown = models.CharField(max_length=40)  # name of the SQL file
    key = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=20, decimal_places=2)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(fields=["breakdown", "county", "key"], name="share_once"),
        ]

    def __str__(self) -> str:
        return f"{self.breakdown} {self.county} {self.key}"


class Counting(models.Model):
    """When the live figures were counted, and for which days. One row."""

    from_on = models.DateField()
    to_on = models.DateField()
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"counted at {self.counted_at}"


class Release(models.Model):
    """A frozen set of figures with a hash (发布): later changes of the ledger do not touch it."""

    number = models.CharField(max_length=30, unique=True)
    from_on = models.DateField()
    to_on = models.DateField()  # last day counted
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    signed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    hash = models.CharField(max_length=64)  # SHA-256 over definitions, figures and rows
    invented = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(signed_by=None) | ~models.Q(signed_by=models.F("frozen_by")),
                name="release_signed_by_another",
            )
        ]

    def __str__(self) -> str:
        return self.number


class FrozenRow(PersonRow):
    """One row behind a figure of a release, as it was counted. Rows are only ever added."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="rows")
    measure = models.CharField(max_length=60)
    object_id = models.BigIntegerField()  # in the table that the measure names
    value = models.DecimalField(max_digits=20, decimal_places=2)
    grade = models.CharField(max_length=1)

    class Meta(PersonRow.Meta):
        constraints = [*PersonRow.Meta.constraints]
        indexes = [models.Index(fields=["release", "measure", "village"], name="frozen_village")]

    def __str__(self) -> str:
        return f"{self.measure} {self.object_id}"


class Figure(PersonRow):
    """One measure of one division in a release, with the mix of evidence behind it.

    ``village`` is the division's code (a village, or a larger one filled up with zeros): small divisions are
    protected by the policy, larger ones are shown in public through ``statistics.selectors`` alone.
    """

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="figures")
    measure = models.CharField(max_length=60)  # name of the SQL file
    level = models.SmallIntegerField()  # kernel.divisions.Level
    value = models.DecimalField(max_digits=20, decimal_places=4)
    rows = models.BigIntegerField()
    mix = models.JSONField(default=dict)  # grade -> value
    definition_hash = models.CharField(max_length=64)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(fields=["release", "measure", "village"], name="figure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.village}"


class Publication(models.Model):
    """What everybody may read of a signed release: counties and above, small numbers hidden.

    Made once, by the deed of signing; it holds no row about a person and no number of fewer than ten people,
    so it has no scope.
    """

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="publication")
    figures = models.JSONField()  # measure -> 12-digit division -> value; null is hidden, absent is nothing
    mix = models.JSONField()  # measure -> evidence grade -> share in [0, 1], of the whole province
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"publication of {self.release_id}"
