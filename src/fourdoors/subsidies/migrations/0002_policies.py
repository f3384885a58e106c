"""Row-level policies of every table that holds persons."""

from django.db import migrations

from fourdoors.store.scope import ScopePolicy


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0001_initial")]

    operations = [
        ScopePolicy("Claim"),
        ScopePolicy("Objection"),
        ScopePolicy("Payment"),
        ScopePolicy("PaymentAnswer"),
    ]
