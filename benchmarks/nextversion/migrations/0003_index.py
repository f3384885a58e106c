"""An index, while the table stays in use."""

from django.db import migrations, models

from fourdoors.store.upgrading import BuildIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("nextversion", "0002_batches")]

    operations = [BuildIndex("worker", models.Index(fields=["village", "next_whole"], name="worker_next"))]
