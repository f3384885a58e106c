"""``fourdoors db``: start, stop, look at, open, copy and bring back the database."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.utils import timezone

from fourdoors.console.words import say
from fourdoors.store.backup import Manifest, back_up, keys_missing, restore
from fourdoors.store.home import Supervisor, has_visitors, ready_postmaster, supervisor_of
from fourdoors.store.refusals import (
    HomeBusyError,
    HomeInUseError,
    NotOursError,
    NotRunningError,
    StoreError,
)
from fourdoors.store.tools import command, connect, find_tool

_KEEPER = "fourdoors db start"
_STOP_SECONDS = 150.0


def _(text: str) -> str:
    return text


STARTED = _("The database runs, and stays until: fourdoors db stop")
RUNS_ALREADY = _("The database runs already (process %(pid)d, %(label)s).")
STOPPED = _("The database is stopped.")
STOPPED_ALREADY = _("The database does not run.")
STATUS = {
    "server": _("Server"),
    "where": _("Where"),
    "keeper": _("Kept by"),
    "size": _("Size"),
    "uptime": _("Up since"),
    "roles": _("Roles"),
    "tables": _("Tables"),
}
BACKED_UP = _("Written: %(file)s (%(size)s), %(rows)d rows in %(tables)d tables, sha256 %(sha256)s")
KEYS_APART = _(
    "The keys of the sealed fields are not in it. Keep them apart from it: %(keys)s, numbers %(numbers)s"
)
RESTORED = _("Restored: %(rows)d rows in %(tables)d tables, every table counted and right.")
KEYS_MISSING = _(
    "Identity numbers and phones in it were sealed with keys that are not here (%(numbers)s): put the "
    "keys.json back that belongs to this backup."
)


class Command(BaseCommand):
    """``fourdoors db``."""

    help = "Start, stop, look at, open, back up and restore the database."

    def add_arguments(self, parser: Any) -> None:
        """Take one deed and what belongs to it."""
        deeds = parser.add_subparsers(
            dest="deed", required=True, metavar="start|stop|status|shell|backup|restore"
        )
        deeds.add_parser("start", help="run the embedded database until db stop")
        stop = deeds.add_parser("stop", help="stop it")
        stop.add_argument("--now", action="store_true", help="cut off the commands that still work with it")
        deeds.add_parser("status", help="version, size, socket, uptime, roles")
        shell = deeds.add_parser("shell", help="psql, as the application (row-level policies hold)")
        shell.add_argument("--owner", action="store_true", help="as the owner of the tables: sees every row")
        for name, words in {"backup": "write FILE and FILE.json", "restore": "bring FILE back"}.items():
            copy = deeds.add_parser(name, help=words)
            copy.add_argument("file", type=Path)
        copy.add_argument("--replace", action="store_true", help="take away all tables that are there first")

    def handle(self, *args: Any, deed: str, **options: Any) -> None:
        """Do it, and say in a line or two what was done."""
        getattr(self, f"_{deed}")(**options)

    def _tell(self, text: str, **values: object) -> None:
        self.stdout.write(say(text, **values))

    def _start(self, **options: Any) -> None:
        _refuse_real_server()
        home = _home()
        if keeper := supervisor_of(home):
            self._tell(RUNS_ALREADY, **keeper._asdict())
            return
        with tempfile.TemporaryFile() as said:
            kept = subprocess.Popen(
                [sys.executable, "-m", "fourdoors.conf.main", "db", "keep"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
                cwd="/",
                start_new_session=True,  # it outlives this terminal
            )
            assert kept.stdout is not None  # noqa: S101 (asked for)
            with kept.stdout as told:
                ready = told.readline() == b"ready\n"
            if not ready:
                said.seek(0)
                self.stderr.write(said.read().decode(errors="replace").rstrip())
                sys.exit(kept.wait() or 1)
        self._tell(STARTED)

    def _stop(self, *, now: bool, **options: Any) -> None:
        _refuse_real_server()
        home = _home()
        keeper = supervisor_of(home)
        if keeper is None:
            self._tell(STOPPED_ALREADY)
            return
        if keeper.label != _KEEPER:
            raise NotOursError(keeper=f"{keeper.label} ({keeper.pid})")
        if has_visitors(home) and not now:
            raise HomeInUseError(home=home)
        _end(keeper, home, is_urgent=now)
        self._tell(STOPPED)

    def _status(self, **options: Any) -> None:
        keeper = None if os.environ.get("DATABASE_URL") else supervisor_of(_home())
        if not os.environ.get("DATABASE_URL") and not ready_postmaster(_home() / "data"):
            raise NotRunningError(home=_home())
        facts = _facts()
        if keeper:
            facts["keeper"] = f"{keeper.label} ({keeper.pid})"
        width = max(len(say(words)) for words in STATUS.values())
        for name, words in STATUS.items():
            if name in facts:
                self.stdout.write(f"{say(words):<{width}}  {facts[name]}")

    def _shell(self, *, owner: bool, **options: Any) -> None:
        alias = "owner" if owner else "default"
        with connect(alias) as connection:
            major = connection.info.server_version // 10000
        line, environment = command(find_tool("psql", major=major), alias)
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is psql's
        try:
            done = subprocess.run(line, env=environment, check=False)
        finally:
            signal.signal(signal.SIGINT, before)
        sys.exit(done.returncode)

    def _backup(self, *, file: Path, **options: Any) -> None:
        manifest = back_up(file.absolute(), at=timezone.localtime())
        self._tell(
            BACKED_UP,
            file=file,
            size=_readable(manifest.size_bytes),
            rows=manifest.rows,
            tables=len(manifest.tables),
            sha256=manifest.sha256[:16],
        )
        where = "FOURDOORS_KEYS" if os.environ.get("FOURDOORS_KEYS") else Path(settings.HOME) / "keys.json"
        self._tell(KEYS_APART, keys=where, numbers=" ".join(manifest.keys))

    def _restore(self, *, file: Path, replace: bool, **options: Any) -> None:
        manifest = restore(file.absolute(), may_replace=replace)
        self._tell(RESTORED, rows=manifest.rows, tables=len(manifest.tables))
        self._warn_of_keys(manifest)

    def _warn_of_keys(self, manifest: Manifest) -> None:
        if missing := keys_missing(manifest):
            self._tell(KEYS_MISSING, numbers=" ".join(missing))


def _home() -> Path:
    return Path(settings.HOME) / "postgres"


def _refuse_real_server() -> None:
    if os.environ.get("DATABASE_URL"):
        raise NotOursError(keeper="DATABASE_URL")


def _end(keeper: Supervisor, home: Path, *, is_urgent: bool) -> None:
    """Ask the keeper to stop, once for its own sake and once more for those who still visit."""
    end = time.monotonic() + _STOP_SECONDS
    os.kill(keeper.pid, signal.SIGTERM)
    while supervisor_of(home) == keeper:
        if time.monotonic() > end:
            raise HomeBusyError(home=home, holder=keeper.pid, seconds=round(_STOP_SECONDS))
        time.sleep(0.2)
        if is_urgent and has_visitors(home):
            with contextlib.suppress(ProcessLookupError):
                os.kill(keeper.pid, signal.SIGTERM)
            is_urgent = False


def _facts() -> dict[str, str]:
    with connect("owner") as owner:
        row = owner.execute(
            "SELECT current_setting('server_version'), pg_postmaster_start_time(),"
            " pg_database_size(current_database()), count(*) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchone()
        assert row is not None  # noqa: S101 (count(*) always answers)
        names, info = [owner.info.user], owner.info
        where = f"{info.host} {info.dbname}"
    with contextlib.suppress(StoreError), connect("default") as app:
        names += [name for (name,) in app.execute("SELECT current_user").fetchall()]
    started = timezone.localtime(row[1])
    return {
        "server": f"PostgreSQL {row[0]}",
        "where": where,
        "size": _readable(row[2]),
        "uptime": f"{started:%Y-%m-%d %H:%M} ({_length(timezone.now() - started)})",
        "roles": ", ".join(names),
        "tables": str(row[3]),
    }


def _length(span: Any) -> str:
    hours, seconds = divmod(int(span.total_seconds()), 3600)
    return f"{hours}:{seconds // 60:02}:{seconds % 60:02}"


def _readable(size: int) -> str:
    """Return bytes as people say them."""
    for unit in ("B", "kB", "MB"):
        if size < 1024:
            return f"{size} {unit}"
        size //= 1024
    return f"{size} GB"
