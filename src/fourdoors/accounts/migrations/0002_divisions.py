"""The table of divisions, from the kernel's file; and a trail that only grows."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from fourdoors.kernel.divisions import all_divisions


def load(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """COPY every division in, parents first."""
    columns = "code, name, name_pinyin, level, parent_id, lon, lat"
    with schema_editor.connection.cursor() as cursor:
        with cursor.copy(f"COPY accounts_division ({columns}) FROM STDIN") as copy:
            for one in sorted(all_divisions(), key=lambda division: division.level):
                copy.write_row((one.code, one.name, one.name_pinyin, one.level, one.parent, one.lon, one.lat))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunPython(load, migrations.RunPython.noop),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE ON accounts_deed FROM fourdoors_app",
            "GRANT UPDATE, DELETE ON accounts_deed TO fourdoors_app",
        ),
    ]
