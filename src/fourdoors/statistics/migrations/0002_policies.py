"""Row-level policies of every table that counts persons by village."""

from django.db import migrations

from fourdoors.store.scope import ScopePolicy


class Migration(migrations.Migration):
    dependencies = [("statistics", "0001_initial")]

    operations = [
        ScopePolicy("Cell"),
        ScopePolicy("TrendPoint"),
        ScopePolicy("Share"),
        ScopePolicy("FrozenRow", append_only=True),
        ScopePolicy("Figure", append_only=True),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE ON statistics_publication FROM fourdoors_app",
            "GRANT UPDATE, DELETE ON statistics_publication TO fourdoors_app",
        ),
    ]
