"""Roles, the database and who may do what in it: the embedded server's, or those of DATABASE_URL."""

from typing import Any

import psycopg

from fourdoors.store.refusals import (
    RoleMissingError,
    RoleTooStrongError,
    ServerTooOldError,
    ServerUnreachableError,
)

ADMIN = "fourdoors_admin"  # superuser of the embedded server: makes roles and databases, no more
OWNER = "fourdoors_owner"  # owns the tables: migrations
APP = "fourdoors_app"  # NOBYPASSRLS: everything else
DATABASE = "fourdoors"
OLDEST_MAJOR = 15  # our SQL is written for it

Connection = psycopg.Connection[tuple[Any, ...]]


def bootstrap(socket: str, database: str = DATABASE) -> None:
    """Make the embedded server's roles, its database and the application's rights. Safe to repeat."""
    with psycopg.connect(host=socket, user=ADMIN, dbname="postgres", autocommit=True) as admin:
        _alone(admin)
        prepare_cluster(admin, database)
    with psycopg.connect(host=socket, user=OWNER, dbname=database, autocommit=True) as owner:
        grant_to_application(owner)


def _alone(connection: Connection) -> None:
    """Let one process prepare at a time; the connection's end lets the next one in."""
    connection.execute("SELECT pg_advisory_lock(hashtext('fourdoors.cluster'))")


def prepare_cluster(admin: Connection, database: str) -> None:
    """Create the two roles and the database, unless they are there."""
    for role, rights in {OWNER: "CREATEDB", APP: "NOCREATEDB"}.items():
        if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname=%s", [role]).fetchone():
            admin.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS {rights}")
    if not admin.execute("SELECT 1 FROM pg_database WHERE datname=%s", [database]).fetchone():
        admin.execute(f'CREATE DATABASE "{database}" OWNER {OWNER}')


def grant_to_application(owner: Connection) -> None:
    """Let the application read and write rows of the tables that migrations make from now on.

    Never of the tables that are there: a migration may have taken rights away (append-only tables).
    """
    _alone(owner)
    owner.execute(f"GRANT USAGE ON SCHEMA public TO {APP}")
    for what, rights in {
        "TABLES": "SELECT, INSERT, UPDATE, DELETE",
        "SEQUENCES": "USAGE, SELECT",
    }.items():
        owner.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON {what} TO {APP}")


def prepare_real_server(*, app: dict[str, Any], owner: dict[str, Any]) -> None:
    """Look a real server over and give the application its rights, before the first migration.

    Args:
        app: psycopg's parameters of the application's login.
        owner: psycopg's parameters of the owner's login.

    Raises:
        ServerUnreachableError: it does not answer, or refuses a login.
        ServerTooOldError: it is older than PostgreSQL 15.
        RoleMissingError: there is no role ``fourdoors_app``, or the login may not step down to it.
        RoleTooStrongError: the application's login would see past the policies.
    """
    with _connect(owner) as connection:
        major = connection.info.server_version // 10000
        if major < OLDEST_MAJOR:
            raise ServerTooOldError(major=major, oldest=OLDEST_MAJOR)
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname=%s", [APP]).fetchone():
            raise RoleMissingError(role=APP, login=connection.info.user)
        grant_to_application(connection)
        owner_name = connection.info.user
    with _connect(app) as connection:
        _refuse_strong(connection, owner_name)


def _connect(parameters: dict[str, Any]) -> Connection:
    try:
        return psycopg.connect(**parameters, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        if "role" in str(error) and APP in str(error):  # -c role=fourdoors_app was not allowed
            raise RoleMissingError(role=APP, login=parameters.get("user", "")) from error
        raise ServerUnreachableError(
            host=parameters.get("host", ""), database=parameters.get("dbname", ""), reason=str(error).strip()
        ) from error


def _refuse_strong(app: Connection, owner_name: str) -> None:
    """A superuser, a BYPASSRLS role and whoever has the owner's rights pass through every policy."""
    found = app.execute(
        "SELECT rolsuper OR rolbypassrls OR pg_has_role(rolname, %s, 'USAGE')"
        " FROM pg_roles WHERE rolname = current_user",
        [owner_name],
    ).fetchone()
    if found is None or found[0]:
        raise RoleTooStrongError(login=app.info.user, role=APP)


def empty_database(owner: Any) -> None:
    """Take every table away, as the owner: for a demonstration that is made anew, never for real data."""
    owner.execute("DROP SCHEMA public CASCADE")
    owner.execute("CREATE SCHEMA public")
    grant_to_application(owner)
