"""Row-level policies of every table that holds persons."""

from django.db import migrations

from fourdoors.store.scope import ScopePolicy


class Migration(migrations.Migration):
    dependencies = [("travel", "0001_initial")]

    operations = [
        ScopePolicy("Seat", destination="place", destination_while="given_up_at IS NULL", employer="employer_id", carrier="carrier_id", trip="trip_id"),
        ScopePolicy("HealthCheck"),
        ScopePolicy("Pass", trip="trip_id"),
        ScopePolicy("Passage", trip="trip_id", append_only=True),
    ]
