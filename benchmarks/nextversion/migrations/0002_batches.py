"""The other column, batch by batch: each is kept."""

import os

from django.db import migrations

from fourdoors.store.upgrading import BATCH_ROWS, FillInBatches

FILL = """
UPDATE register_worker SET next_filled = lower(name_pinyin)
WHERE id IN (SELECT id FROM register_worker WHERE next_filled IS NULL ORDER BY id LIMIT %s)
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("nextversion", "0001_whole")]

    operations = [FillInBatches(FILL, int(os.environ.get("NEXTVERSION_BATCH", BATCH_ROWS)))]
