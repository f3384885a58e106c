"""PostgreSQL's own programs (psql, pg_dump, pg_restore), pointed at the database of an alias."""

import os
import shutil
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections
from psycopg.conninfo import make_conninfo

from fourdoors.store.binaries import find_binaries, major_of, system_binaries
from fourdoors.store.cluster import Connection
from fourdoors.store.refusals import PostgresNotFoundError, ServerUnreachableError, ToolMissingError


def parameters(alias: str) -> dict[str, Any]:
    """Return libpq's parameters for one of the two logins: ``default`` or ``owner``."""
    at = connections[alias].settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return {**{word: str(at[name]) for word, name in names.items() if at.get(name)}, **at["OPTIONS"]}


def connect(alias: str) -> Connection:
    """Open a connection of its own, outside Django's: for snapshots, and for a look at the server.

    Raises:
        ServerUnreachableError: nothing answers, or the login is refused.
    """
    where = parameters(alias)
    try:
        return psycopg.connect(**where, connect_timeout=10, autocommit=True)
    except psycopg.OperationalError as error:
        raise ServerUnreachableError(
            host=where.get("host", ""), database=where["dbname"], reason=str(error).strip()
        ) from error


def find_tool(name: str, *, major: int) -> Path:
    """Return a program that is new enough for a server.

    The wheel's come first, but they speak no TLS: for a server of DATABASE_URL the machine's own do.

    Raises:
        ToolMissingError: none is of that major version or newer.
    """
    for program in _programs(name):
        if program.exists() and major_of(program) >= major:
            return program
    raise ToolMissingError(name=name, major=major)


def _programs(name: str) -> list[Path]:
    try:
        ours = [find_binaries()[0] / "bin" / name]
    except PostgresNotFoundError:
        ours = []
    system = [folder / "bin" / name for folder in system_binaries()]
    system += [Path(found)] if (found := shutil.which(name)) else []
    return system + ours if os.environ.get("DATABASE_URL") else ours + system


def command(program: Path, alias: str, *arguments: str | Path) -> tuple[list[str | Path], dict[str, str]]:
    """Return a command line and its environment; the password is not for every process list to see."""
    where = parameters(alias)
    password = where.pop("password", None)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    if password:
        environment["PGPASSWORD"] = password
    return [program, *arguments, f"--dbname={make_conninfo(**where)}"], environment
