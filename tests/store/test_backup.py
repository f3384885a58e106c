"""A copy of the database: written whole, brought back whole, or refused with everything as before."""

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from fourdoors.store.backup import Manifest, back_up, keys_missing, read_manifest, restore
from fourdoors.store.cluster import ADMIN, APP, OWNER, grant_to_application
from fourdoors.store.refusals import (
    BackupUnreadableError,
    CountsDifferError,
    DatabaseNotEmptyError,
    ToolFailedError,
)
from fourdoors.store.vault import vault

NOON = datetime.datetime(2020, 3, 2, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
EMPTY = "fourdoors_empty"
_RIGHTS = """
SELECT table_name, grantee, string_agg(privilege_type, ' ' ORDER BY privilege_type)
FROM information_schema.table_privileges WHERE table_schema = 'public' AND grantee <> %s
GROUP BY 1, 2 ORDER BY 1, 2
"""
_POLICIES = "SELECT tablename, policyname, qual FROM pg_policies ORDER BY 1, 2"
_DEFAULT_RIGHTS = "SELECT defaclobjtype::text, defaclacl::text FROM pg_default_acl ORDER BY 1"


def connect(name: str, user: str = OWNER) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=connections["owner"].settings_dict["HOST"], dbname=name, user=user, autocommit=True
    )


def seen(name: str, query: str, *values: object) -> list[tuple[object, ...]]:
    with connect(name) as owner:
        return owner.execute(query, values).fetchall()


def tables_of(name: str) -> int:
    (row,) = seen(name, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    return int(str(row[0]))


@pytest.fixture(scope="module")
def source(django_db_setup: None) -> str:
    """The migrated test database; what is committed in it is reference data."""
    return str(connections["owner"].settings_dict["NAME"])


@pytest.fixture(scope="module")
def made(source: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    file = tmp_path_factory.mktemp("backup") / "of today.dump"
    return file, back_up(file, at=NOON)


@pytest.fixture
def file(made: tuple[Path, Manifest], tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    copy = tmp_path / "copy.dump"
    copy.write_bytes(made[0].read_bytes())
    copy.with_name("copy.dump.json").write_text(made[0].with_name("of today.dump.json").read_text())
    return copy


@pytest.fixture
def empty(source: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty database in its place, prepared as ``fourdoors`` prepares one."""
    with connect("postgres", ADMIN) as admin:
        admin.execute(f"CREATE DATABASE {EMPTY} OWNER {OWNER}")
    with connect(EMPTY) as owner:
        grant_to_application(owner)
    monkeypatch.setitem(connections["owner"].settings_dict, "NAME", EMPTY)
    yield EMPTY
    with connect("postgres", ADMIN) as admin:
        admin.execute(f"DROP DATABASE {EMPTY} WITH (FORCE)")


def respell(file: Path, **changed: object) -> None:
    """Change what the manifest says."""
    manifest = file.with_name(f"{file.name}.json")
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | changed))


def test_a_backup_is_two_private_files_and_counts_every_table(
    made: tuple[Path, Manifest], source: str
) -> None:
    file, manifest = made
    assert sorted(path.name for path in file.parent.iterdir()) == ["of today.dump", "of today.dump.json"]
    assert {path.stat().st_mode & 0o777 for path in file.parent.iterdir()} == {0o600}
    assert manifest.made_at == "2020-03-02T12:00:00+08:00"
    assert len(manifest.tables) == tables_of(source)
    (migrations,) = seen(source, "SELECT count(*) FROM django_migrations")
    assert manifest.tables["django_migrations"] == migrations[0]
    assert manifest.rows >= manifest.tables["django_migrations"] > 0
    assert read_manifest(file) == manifest


def test_an_empty_database_gets_rows_policies_and_rights_back(
    file: Path, made: tuple[Path, Manifest], source: str, empty: str
) -> None:
    assert restore(file, may_replace=False) == made[1]
    for query in (_POLICIES, _DEFAULT_RIGHTS, "SELECT app, name FROM django_migrations ORDER BY 1, 2"):
        assert seen(empty, query) == seen(source, query) != []
    rights = seen(empty, _RIGHTS, OWNER)
    tests_only = [
        (table, who, what.replace(" TRUNCATE", "")) for table, who, what in rights if isinstance(what, str)
    ]
    expected = seen(source, _RIGHTS, OWNER)
    assert tests_only == [
        (t, who, what.replace(" TRUNCATE", "")) for t, who, what in expected if isinstance(what, str)
    ]
    assert any("DELETE" not in str(what) for _, _, what in rights)  # append-only tables stay append-only


def test_a_database_that_holds_tables_is_left_alone_unless_it_may_be_replaced(
    file: Path, made: tuple[Path, Manifest], empty: str
) -> None:
    with connect(empty) as owner:
        owner.execute("CREATE TABLE mine (number int); INSERT INTO mine VALUES (7)")
    with pytest.raises(DatabaseNotEmptyError) as refusal:
        restore(file, may_replace=False)
    assert refusal.value.values == {"database": empty, "tables": 1}
    assert seen(empty, "SELECT number FROM mine") == [(7,)]

    restore(file, may_replace=True)
    assert tables_of(empty) == len(made[1].tables)
    restore(file, may_replace=True)  # and once more over itself
    assert tables_of(empty) == len(made[1].tables)


def test_a_table_with_another_number_of_rows_takes_everything_back(file: Path, empty: str) -> None:
    with connect(empty) as owner:
        owner.execute("CREATE TABLE mine (number int); INSERT INTO mine VALUES (7)")
    tables = read_manifest(file).tables
    respell(file, tables=tables | {"django_migrations": tables["django_migrations"] + 1})
    with pytest.raises(CountsDifferError) as refusal:
        restore(file, may_replace=True)
    assert refusal.value.values == {
        "table": "django_migrations",
        "found": tables["django_migrations"],
        "written": tables["django_migrations"] + 1,
    }
    assert seen(empty, "SELECT number FROM mine") == [(7,)]
    assert tables_of(empty) == 1


def test_a_row_that_is_not_there_any_more_is_noticed_in_every_table(file: Path, empty: str) -> None:
    respell(file, tables=read_manifest(file).tables | {"no_such_table": 0})
    with pytest.raises(ToolFailedError, match="tool_failed"):
        restore(file, may_replace=False)
    assert tables_of(empty) == 0


@pytest.mark.parametrize("place", [0, 100, -1])
def test_an_altered_file_is_refused(file: Path, empty: str, place: int) -> None:
    spoiled = bytearray(file.read_bytes())
    spoiled[place] ^= 1
    file.write_bytes(spoiled)
    with pytest.raises(BackupUnreadableError):
        restore(file, may_replace=True)
    assert tables_of(empty) == 0


def test_a_file_cut_short_is_refused(file: Path, empty: str) -> None:
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(BackupUnreadableError):
        restore(file, may_replace=True)
    assert tables_of(empty) == 0


def test_an_archive_that_breaks_half_way_takes_everything_back(file: Path, empty: str) -> None:
    """Even where somebody has made the manifest fit the damaged file."""
    with connect(empty) as owner:
        owner.execute("CREATE TABLE mine (number int)")
    cut = file.read_bytes()[:-1000]  # the list of contents is whole, the last rows are not
    file.write_bytes(cut)
    respell(file, sha256=hashlib.sha256(cut).hexdigest(), size_bytes=len(cut))
    with pytest.raises(ToolFailedError):
        restore(file, may_replace=True)
    assert tables_of(empty) == 1


@pytest.mark.parametrize("text", [None, "", "[]", '{"rows": 1}'])
def test_a_backup_without_its_manifest_is_refused(file: Path, empty: str, text: str | None) -> None:
    manifest = file.with_name("copy.dump.json")
    manifest.unlink()
    if text is not None:
        manifest.write_text(text)
    with pytest.raises(BackupUnreadableError):
        restore(file, may_replace=True)
    assert tables_of(empty) == 0


@pytest.mark.usefixtures("source")
def test_a_login_that_does_not_see_every_row_cannot_make_a_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connections["owner"].settings_dict, "USER", APP)
    with pytest.raises(ToolFailedError, match="row-level security"):
        back_up(tmp_path / "x.dump", at=NOON)
    assert list(tmp_path.iterdir()) == []


def test_the_keys_that_a_backup_needs_are_named(made: tuple[Path, Manifest]) -> None:
    assert made[1].keys == list(vault().ring.cipher)
    assert keys_missing(made[1]) == []
    assert keys_missing(dataclasses.replace(made[1], keys=["0000000a"])) == ["0000000a"]
