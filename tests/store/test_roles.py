"""Who we are in the database, and what belongs to whom."""

import pytest
from django.core.management import call_command
from django.db import connection

pytestmark = pytest.mark.django_db


def fetch(query: str) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return tuple(cursor.fetchone())


def test_we_are_the_application_and_policies_hold_for_us() -> None:
    assert fetch(
        "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ) == ("fourdoors_app", False, False)


def test_every_table_belongs_to_the_owner() -> None:
    assert fetch(
        "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner <> 'fourdoors_owner'"
    ) == (0,)


def test_the_application_cannot_make_or_change_a_table() -> None:
    assert fetch(
        "SELECT has_schema_privilege('public', 'CREATE'),"
        " has_database_privilege(current_database(), 'CREATE')"
    ) == (False, False)


def test_migrations_match_models() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
