"""A copy of the database in two files: what pg_dump writes, and a manifest that says what must be in it.

    FILE         the database, in PostgreSQL's custom format; ``pg_restore`` reads it without us
    FILE.json    rows per table at the same instant, checksum, versions, numbers of the keys it needs

The keys themselves are never in it: a stolen backup opens no identity number. Keep them apart.
"""

import contextlib
import datetime
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO

from psycopg import sql

from fourdoors.store.binaries import major_of
from fourdoors.store.cluster import Connection, grant_to_application
from fourdoors.store.refusals import (
    BackupUnreadableError,
    CountsDifferError,
    DatabaseNotEmptyError,
    ToolFailedError,
)
from fourdoors.store.tools import command, connect, find_tool
from fourdoors.store.vault import vault

_BLOCK = 1 << 20
# A database of its own schema and nothing else: default rights go with the schema, so that a table whose
# rows may not be changed does not get that right back from them.
_EMPTY = """
BEGIN;
SET lock_timeout = '20s';
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
COMMENT ON SCHEMA public IS 'standard public schema';
"""
_CHECK = """
DO $check$ DECLARE found bigint := (SELECT count(*) FROM {table}); BEGIN
    IF found <> {rows} THEN RAISE EXCEPTION 'counts differ: % % %', {name}, found, {rows}; END IF;
END $check$;
"""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, as it was counted in the very snapshot that was copied."""

    made_at: str
    fourdoors: str
    server_major: int
    tool_major: int
    database: str
    keys: list[str]
    tables: dict[str, int]
    size_bytes: int
    sha256: str

    @property
    def rows(self) -> int:
        """Return the rows of all tables."""
        return sum(self.tables.values())


def back_up(file: Path, *, at: datetime.datetime) -> Manifest:
    """Write the database to ``file`` and its manifest beside it; whole, or not at all.

    Raises:
        ToolMissingError: no pg_dump that is new enough for the server.
        ToolFailedError: pg_dump stopped with an error.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with connect("owner") as owner, _half_of(file) as half:
        major = owner.info.server_version // 10000
        tool = find_tool("pg_dump", major=major)
        owner.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = owner.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None  # noqa: S101 (a SELECT of one value)
        tables = counts(owner)
        _run(*command(tool, "owner", "--format=custom", f"--snapshot={row[0]}", f"--file={half}"))
        manifest = Manifest(
            made_at=at.isoformat(timespec="seconds"),
            fourdoors=version("fourdoors"),
            server_major=major,
            tool_major=major_of(tool),
            database=owner.info.dbname,
            keys=sorted(vault().ring.cipher),
            tables=tables,
            size_bytes=half.stat().st_size,
            sha256=_digest(half),
        )
        _publish(half, file, manifest)
    return manifest


def restore(file: Path, *, may_replace: bool) -> Manifest:
    """Put a backup into the database, in one transaction that ends only when every count is right.

    Args:
        file: as ``back_up`` wrote it, with its manifest beside it.
        may_replace: whether tables that are there may be taken away.

    Raises:
        BackupUnreadableError: the file or its manifest is missing, altered or cut short.
        DatabaseNotEmptyError: the database holds tables and ``may_replace`` is not given.
        CountsDifferError: a table would come back with another number of rows; nothing is changed.
        ToolFailedError: a program stopped with an error; nothing is changed.
    """
    manifest = read_manifest(file)
    with connect("owner") as owner:
        major = owner.info.server_version // 10000
        there = len(table_names(owner))
        if there and not may_replace:
            raise DatabaseNotEmptyError(database=owner.info.dbname, tables=there)
    _play(file, manifest, server_major=major)
    with connect("owner") as owner:
        grant_to_application(owner)
    return manifest


def read_manifest(file: Path) -> Manifest:
    """Read the manifest of a backup and hold the file against it."""
    try:
        manifest = Manifest(**json.loads(_manifest_of(file).read_text()))
        size = file.stat().st_size
    except (OSError, ValueError, TypeError) as error:
        raise BackupUnreadableError(file=file, reason=str(error)) from error
    if size != manifest.size_bytes or _digest(file) != manifest.sha256:
        raise BackupUnreadableError(file=file, reason="sha256")
    return manifest


def keys_missing(manifest: Manifest) -> list[str]:
    """Return the numbers of the keys that a backup needs and this installation does not have."""
    return sorted(set(manifest.keys) - set(vault().ring.cipher))


def table_names(connection: Connection) -> list[str]:
    """Return the tables of the application's schema that hold rows themselves."""
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        " ORDER BY relname"
    )
    return [name for (name,) in found.fetchall()]


def counts(owner: Connection) -> dict[str, int]:
    """Count the rows of every table, as the owner sees them: policies hide nothing from it."""
    counted = {}
    for name in table_names(owner):
        row = owner.execute(
            sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", name))
        ).fetchone()
        counted[name] = int(row[0]) if row else 0
    return counted


def _play(file: Path, manifest: Manifest, *, server_major: int) -> None:
    """Let pg_restore write the script and psql run it, between our own beginning and our own end.

    Without our end there is no COMMIT: whatever dies on the way, the database is as before.
    """
    newest = max(server_major, manifest.tool_major)
    reader, player = find_tool("pg_restore", major=newest), find_tool("psql", major=newest)
    line, environment = command(player, "owner", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")
    with tempfile.TemporaryFile() as said, _without_default_rights(reader, file) as contents:
        script: list[str | Path] = [reader, "--no-owner", f"--use-list={contents}", "--file=-", file]
        with (
            subprocess.Popen(script, stdout=subprocess.PIPE, stderr=said) as reading,
            subprocess.Popen(
                line, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
            ) as playing,
        ):
            assert reading.stdout is not None  # noqa: S101 (asked for)
            assert playing.stdin is not None  # noqa: S101 (asked for)
            with contextlib.suppress(BrokenPipeError):  # psql has stopped, and says why
                playing.stdin.write(_EMPTY.encode())
                _copy_script(reading.stdout, playing.stdin, server_major)
                if reading.wait() == 0:
                    playing.stdin.write(_ending(manifest).encode())
                playing.stdin.close()
            reading.stdout.close()
        if reading.returncode or playing.returncode:
            said.seek(0)
            _refuse(said.read().decode(errors="replace"))


def _copy_script(script: IO[bytes], into: IO[bytes], server_major: int) -> None:
    head = script.read(_BLOCK)
    if server_major < 17:  # a parameter that older servers do not know
        head = head.replace(b"SET transaction_timeout = 0;\n", b"", 1)
    into.write(head)
    shutil.copyfileobj(script, into, _BLOCK)


def _ending(manifest: Manifest) -> str:
    checks = [
        sql.SQL(_CHECK)
        .format(table=sql.Identifier("public", name), rows=sql.Literal(rows), name=sql.Literal(name))
        .as_string()
        for name, rows in manifest.tables.items()
    ]
    return "\n".join([*checks, "COMMIT;\n"])


def _refuse(said: str) -> None:
    if found := re.search(r"counts differ: (\S+) (\d+) (\d+)", said):
        raise CountsDifferError(table=found[1], found=int(found[2]), written=int(found[3]))
    raise ToolFailedError(name="pg_restore", said=said[-1500:].strip())


@contextlib.contextmanager
def _without_default_rights(reader: Path, file: Path) -> Iterator[str]:
    """Write the list of contents without the default rights: they name the old owner, and we set our own."""
    listed = subprocess.run([reader, "--list", file], capture_output=True, text=True, check=False)
    if listed.returncode:
        raise BackupUnreadableError(file=file, reason=listed.stderr.strip())
    with tempfile.NamedTemporaryFile("w", prefix="fd-") as contents:
        contents.writelines(
            line for line in listed.stdout.splitlines(keepends=True) if " DEFAULT ACL " not in line
        )
        contents.flush()
        yield contents.name


def _run(line: list[str | Path], environment: dict[str, str]) -> None:
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ToolFailedError(name=Path(line[0]).name, said=done.stderr[-1500:].strip())


@contextlib.contextmanager
def _half_of(file: Path) -> Iterator[Path]:
    """Name a private file beside ``file`` that is gone if the work does not end well."""
    half = file.with_name(f".{file.name}.half")
    half.touch(mode=0o600)
    try:
        yield half
    finally:
        half.unlink(missing_ok=True)


def _publish(half: Path, file: Path, manifest: Manifest) -> None:
    """Put both files in place; in between an old manifest must not vouch for the new file."""
    with half.open("rb") as written:
        os.fsync(written.fileno())
    target = _manifest_of(file)
    target.unlink(missing_ok=True)
    half.replace(file)
    with _half_of(target) as note:
        note.write_text(json.dumps(asdict(manifest), indent=1) + "\n")
        note.replace(target)


def _manifest_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
