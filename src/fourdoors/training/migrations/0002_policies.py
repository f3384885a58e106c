"""Row-level policies of every table that holds persons."""

from django.db import migrations

from fourdoors.store.scope import ScopePolicy


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial")]

    operations = [
        ScopePolicy("Enrolment", trainer="provider_id"),
        ScopePolicy("Attendance", trainer="provider_id"),
        ScopePolicy("CertificateAwarded", trainer="provider_id"),
    ]
