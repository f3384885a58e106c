"""Row-level policies of every table that holds persons."""

from django.db import migrations

from fourdoors.store.scope import ScopePolicy


class Migration(migrations.Migration):
    dependencies = [("employment", "0001_initial"), ("pghistory", "0007_auto_20250421_0444")]

    operations = [
        ScopePolicy("Spell", destination="place", destination_while="ended_on IS NULL", employer="employer_id"),
        ScopePolicy("IncomeRecord", employer="employer_id"),
        ScopePolicy("IncomeRecordEvent", employer="employer_id", append_only=True),
        ScopePolicy("TravelCost"),
        ScopePolicy("FollowUp", destination="place"),
        ScopePolicy("ArrearsCase", destination="place"),
    ]
