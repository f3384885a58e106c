"""Row-level policies of every table that holds persons."""

from django.db import migrations

from fourdoors.store.scope import ScopePolicy


class Migration(migrations.Migration):
    dependencies = [("placements", "0001_initial")]

    operations = [
        ScopePolicy("Offer", employer="employer_id"),
        ScopePolicy("Unplaced"),
        ScopePolicy("Change"),
        ScopePolicy("Override"),
        ScopePolicy("Placement", destination="place", destination_while="closed_on IS NULL", employer="employer_id"),
    ]
