"""A table, and a column that every worker has at once: one transaction."""

from django.db import migrations, models

ADD = """
ALTER TABLE register_worker ADD COLUMN next_whole text, ADD COLUMN next_filled text;
UPDATE register_worker SET next_whole = upper(name_pinyin);
"""
TAKE_AWAY = "ALTER TABLE register_worker DROP COLUMN next_whole, DROP COLUMN next_filled"


class Migration(migrations.Migration):
    dependencies = [("register", "0002_policies")]

    operations = [
        migrations.CreateModel(
            "Note",
            fields=[("id", models.BigAutoField(primary_key=True)), ("county", models.IntegerField(db_index=True))],
        ),
        migrations.CreateModel(
            "Worker",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("village", models.BigIntegerField()),
                ("next_whole", models.TextField(null=True)),
            ],
            options={"managed": False, "db_table": "register_worker"},
        ),
        migrations.RunSQL(ADD, TAKE_AWAY),
    ]
