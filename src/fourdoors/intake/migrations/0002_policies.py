"""Row-level policies of every table that holds persons."""

from django.db import migrations

from fourdoors.store.scope import ScopePolicy


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]

    operations = [
        ScopePolicy("Import", territory="division"),
        ScopePolicy("StagedRow", territory="division"),
        ScopePolicy("Exemption", territory="division"),
        ScopePolicy("Amendment", territory="division"),
        ScopePolicy("Export", territory="division"),
    ]
