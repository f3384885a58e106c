"""Releases of published figures (统计、通报)."""

from django.db import models

from fourdoors.accounts.models import Officer


class Release(models.Model):
    """A frozen set of figures with a hash (发布): later changes of the ledger do not touch it."""

    number = models.CharField(max_length=30, unique=True)
    from_on = models.DateField()
    to_on = models.DateField()  # last day counted
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    signed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    hash = models.CharField(max_length=64)
    invented = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.number


class Figure(models.Model):
    """One measure of one division in a release, with the mix of evidence behind it."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="figures")
    measure = models.CharField(max_length=60)  # name of the SQL file
    division = models.BigIntegerField()  # province, prefecture, county, township or village
    value = models.DecimalField(max_digits=20, decimal_places=4)
    mix = models.JSONField(default=dict)  # grade -> share of the value
    definition_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "measure", "division"], name="figure_once")]
        indexes = [models.Index(fields=["measure", "division"], name="figure_division")]

    def __str__(self) -> str:
        return f"{self.measure} {self.division}"
