"""Row-level policies of every table that holds persons."""

from django.db import migrations

from fourdoors.store.scope import ScopePolicy


class Migration(migrations.Migration):
    dependencies = [("employment", "0001_initial")]

    operations = [
        ScopePolicy("Spell", destination="place", destination_while="ended_on IS NULL", employer="employer_id"),
        ScopePolicy("IncomeRecord"),
        ScopePolicy("FollowUp", destination="place"),
        ScopePolicy("ArrearsCase", destination="place"),
    ]
