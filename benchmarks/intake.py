"""Intake at size: ``python -m benchmarks.intake [--quick] [--record]``."""

import argparse
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.exports_killed import the_export_kills
from benchmarks.figures import Figure, tell, write_page
from benchmarks.importing import the_peer
from benchmarks.killer import GOES_ON_SECONDS, Killer, owner_of, victims
from benchmarks.processes import Command, bytes_of_family, fresh_home
from benchmarks.rosters import COLUMNS, LI_COUNTY, people, workbook

TITLE = "Benchmark: intake"
ABOUT = (
    "`make bench-intake`. Rosters of invented people, 20 columns, are received, checked, rehearsed and merged"
    " in a fresh home: all of them new, then the same again in another order, then half of them new."
    " A smaller one goes through django-import-export as well, into a table of its own. Then the"
    " worker or the database is killed at random moments of such an import, and what the register holds is"
    " compared with a run that nobody disturbed; then the same with an export of those rows, byte by byte."
    " What the fields say: [README](README.md)."
)
FORM = "national_member_export"
STATE = "SELECT state FROM intake_import"
PEER_ROWS = 10_000
MOST_SECONDS, MOST_MEGABYTES, MOST_SHARE = 120, 500, 0.35
SEEN = """
SELECT count(*), md5(string_agg(line, '|' ORDER BY line)) FROM (
SELECT concat_ws(',', encode(w.identity_hash, 'hex'), w.name, w.village, w.education, w.labour_capacity,
    w.phone_tail, h.number, m.relation, s.kind) AS line
FROM register_worker w JOIN register_membership m ON m.worker_id = w.id JOIN register_household h
ON h.id = m.household_id LEFT JOIN register_householdstatus s ON s.household_id = h.id) held
"""


class Size(NamedTuple):
    """How large a run is."""

    rows: int
    moments: int


FULL, QUICK = Size(100_000, 20), Size(2_000, 2)


def main() -> None:
    """Print a line a figure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intake", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: does it work?")
    parser.add_argument("--rows", type=int, help="rows of each roster")
    parser.add_argument("--moments", type=int, help="how often something is killed")
    parser.add_argument("--record", action="store_true", help="append to docs/benchmarks/intake.jsonl")
    parser.add_argument("--bring", type=Path, help=argparse.SUPPRESS)  # the child that does one import
    options = parser.parse_args()
    if options.bring:
        bring(options.bring)
        return
    size = QUICK if options.quick else FULL
    moments = size.moments if options.moments is None else options.moments
    size = Size(options.rows or size.rows, moments)
    with fresh_home() as home, running(home):
        for figures in (
            the_rosters(home, size.rows), beside_a_peer(home, size.rows), the_trail(home, size.rows),
            the_kills(home, size), the_export_kills(home, size.moments),
        ):  # fmt: skip
            for figure in figures:
                tell(figure, record="intake" if options.record else "")
    if options.record:
        write_page("intake", title=TITLE, about=ABOUT)


class running:  # noqa: N801 (used as a word: with running(home))
    """Keep a prepared database for the length of a block."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __enter__(self) -> None:
        """Start it and make its tables."""
        _run(self.home, "db", "start")
        _run(self.home, "migrate", "--database", "owner", "--verbosity", "0")

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        _run(self.home, "db", "stop", "--now")


def _run(home: Path, *words: str) -> None:
    with Command(*words, home=home) as command:
        if command.wait() != 0:
            sys.exit(f"{words[0]} stopped; it says above why")


# --- X1 and raw COPY ---


def the_rosters(home: Path, rows: int) -> Iterator[Figure]:
    """Bring three rosters in; yield seconds and memory, and the seconds of a raw COPY of the same cells."""
    known, other = list(people(0, rows)), list(people(rows, rows // 2))
    for name, cells in (
        ("new", known), ("same", known[::-1]), ("half", [*known[: rows - rows // 2], *other]),
    ):  # fmt: skip
        seconds, megabytes = _brought(home, cells)
        of = f"{rows:,} x {len(COLUMNS)} roster, {name}: received, checked, rehearsed, merged; peer: raw COPY"
        peer = round(_copied(home, cells), 2)
        yield Figure(f"X1.{name}.seconds", of, round(seconds, 1), "s", MOST_SECONDS, "COPY", peer)
        what = f"peak memory of the process that does it, {name}, PostgreSQL aside"
        yield Figure(f"X1.{name}.memory", what, megabytes, "MB", MOST_MEGABYTES)


def _brought(home: Path, cells: Sequence[tuple[str, ...]]) -> tuple[float, int]:
    """Bring a roster in with a process of its own; return its seconds and the most it held."""
    path = home / "roster.xlsx"
    path.write_bytes(workbook(iter(cells)))
    line = [sys.executable, "-m", "benchmarks.intake", "--bring", str(path)]
    child = subprocess.Popen(line, env=os.environ | {"FOURDOORS_HOME": str(home)}, stdout=subprocess.PIPE)
    held, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.2):
            held.append(bytes_of_family(child.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    said, _ = child.communicate()
    over.set()
    watcher.join()
    if child.returncode:
        sys.exit("the import stopped; it says above why")
    sys.stderr.write(said.decode())
    return float(json.loads(said)["seconds"]), round(max(held) / 2**20)


def bring(path: Path) -> None:
    """Bring one roster in, as the queue's tasks do, and print how long each step took."""
    _set_up()
    from django.utils import timezone  # noqa: PLC0415 (settings first)

    from fourdoors.console import tasks  # noqa: PLC0415
    from fourdoors.intake.services import ask_for_merge  # noqa: PLC0415

    at = timezone.localtime().isoformat()
    steps: dict[str, float] = {}

    def step(name: str, deed: Callable[[], Any]) -> Any:
        begun = time.perf_counter()
        done = deed()
        steps[name] = round(time.perf_counter() - begun, 1)
        return done

    batch = step("receive", lambda: _received(path.read_bytes()))
    step("check", lambda: tasks.stage(batch.pk, batch.division, at))
    _scoped(lambda: ask_for_merge(import_id=batch.pk, at=timezone.localtime()))
    step("merge", lambda: tasks.merge(batch.pk, batch.division, FORM, None, at))
    batch = _scoped(lambda: type(batch).objects.get(pk=batch.pk))
    said = {"seconds": sum(steps.values()), **steps, "state": batch.state, **batch.counts}
    sys.stdout.write(json.dumps(said) + "\n")
    if batch.state != "merged":
        sys.exit("it was not merged")


def _set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "fourdoors.conf.settings"
    import django  # noqa: PLC0415 (the settings read the socket of the server)

    django.setup()


def _scoped(deed: Callable[[], Any]) -> Any:
    from fourdoors.kernel.divisions import range_of  # noqa: PLC0415
    from fourdoors.store.scope import Scope, scoped  # noqa: PLC0415

    with scoped(Scope(territory=range_of(LI_COUNTY))):
        return deed()


def _received(data: bytes) -> Any:
    from django.utils import timezone  # noqa: PLC0415

    from fourdoors.intake.services import receive_file  # noqa: PLC0415

    at = timezone.localtime()
    return _scoped(lambda: receive_file(form=FORM, division=LI_COUNTY, data=data, name="roster.xlsx", at=at))


def _copied(home: Path, cells: Sequence[tuple[str, ...]]) -> float:
    """Return the seconds in which PostgreSQL takes the same cells as text, and does nothing else."""
    with owner_of(home) as owner:
        owner.execute(f"CREATE TABLE raw ({', '.join(f'{name} text' for name in COLUMNS)})")
        begun = time.perf_counter()
        with owner.cursor().copy("COPY raw FROM STDIN") as copy:
            for row in cells:
                copy.write_row(row)
        seconds = time.perf_counter() - begun
        owner.execute("DROP TABLE raw")
    return seconds


def beside_a_peer(home: Path, rows: int) -> Iterator[Figure]:
    """Bring people nobody knows in by ourselves and by django-import-export."""
    with owner_of(home) as owner:
        cells = list(people(2 * rows, min(rows, PEER_ROWS)))
        yield from the_peer(
            home, cells, ours=lambda rows: _brought(home, rows)[0],
            execute=lambda statement: owner.execute(statement.encode()),
        )  # fmt: skip


# --- U3 ---


def the_trail(home: Path, rows: int) -> Iterator[Figure]:
    """Bring the same new people in with and without the row history; yield how much longer it takes."""
    cells, spent = list(people(2 * rows, rows)), {}
    for name in ("DISABLE", "ENABLE"):  # without first: what is warm by then is warm for the one with it
        _emptied(home)
        _triggers(home, name)
        spent[name], _ = _brought(home, cells)
    share = spent["ENABLE"] / spent["DISABLE"] - 1
    what = f"{rows:,} new rows with the row history over without it, less 1 (the deeds are four rows)"
    yield Figure("U3", what, round(share, 3), "", MOST_SHARE)


def _triggers(home: Path, how: str) -> None:
    with owner_of(home) as owner:
        tables = owner.execute("SELECT tablename FROM pg_tables WHERE tablename ~ '^register_'").fetchall()
        for (table,) in tables:
            owner.execute(f"ALTER TABLE {table} {how} TRIGGER USER")


def _emptied(home: Path) -> None:
    with owner_of(home) as owner:
        found = owner.execute("SELECT tablename FROM pg_tables WHERE tablename ~ '^(register|intake)_'")
        names = ", ".join(name for (name,) in found.fetchall())
        owner.execute(f"TRUNCATE {names}, procrastinate_jobs CASCADE")


# --- X2 ---


def the_kills(home: Path, size: Size) -> Iterator[Figure]:
    """Kill a worker or the database at random moments; yield what differs and how long nothing went on."""
    if not size.moments:
        return
    os.environ["FOURDOORS_HOME"] = str(home)
    _set_up()
    data = workbook(people(0, size.rows))
    draw, waits, differing = random.Random(1), list[float](), 0  # noqa: S311 (no secret)
    with Command("worker", home=home) as queue:
        expected, spent, _ = _one(home, data, Killer(home, queue, STATE))
        while len(waits) < size.moments:
            victim = victims(len(waits))
            moment = draw.uniform(0, sum(spent))
            killer = Killer(home, queue, STATE, victim, moment)
            seen, _, waited = _one(home, data, killer)
            if killer.victim:
                continue  # it was done before its moment came: another one
            differing += seen != expected
            waits.append(waited)
            told = f"{len(waits)}: {victim} at {moment:.1f} s of {sum(spent):.1f}, on after {waited:.1f} s\n"
            sys.stderr.write(told)
    of = f"{size.moments} kills in imports of {size.rows:,} rows"
    yield Figure("X2.differing", f"registers that differ from the undisturbed run, {of}", differing, "", 0)
    what = f"longest time from a kill until the import goes on or is done, {of}"
    yield Figure("X2.goes_on", what, round(max(waits), 1), "s", GOES_ON_SECONDS)


def _one(home: Path, data: bytes, killer: Killer) -> tuple[tuple[Any, ...], list[float], float]:
    """Let the queue bring a roster in; kill something on the way.

    Returns:
        What the register holds then; the seconds of each task; those between the kill and the next try.
    """
    from django.db import connections  # noqa: PLC0415

    connections.close_all()
    _emptied(home)
    spent, waited = list[float](), 0.0
    for task, state in (("intake.stage", "checked"), ("intake.merge", "merged")):
        _asked(task, data)
        seconds, idle = killer.until(state, sum(spent))
        spent.append(seconds)
        waited += idle
    with owner_of(home) as owner:
        owner.execute("ANALYZE")  # what was just filled has no statistics yet
        seen = owner.execute(SEEN).fetchone()
    return seen or (), spent, waited


def _asked(task: str, data: bytes) -> None:
    """Do what the pages do: receive the file, or decide that it is merged."""
    from django.db import connections  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from fourdoors.intake.models import Import  # noqa: PLC0415
    from fourdoors.intake.services import ask_for_merge  # noqa: PLC0415
    from fourdoors.store.queue import defer  # noqa: PLC0415

    connections.close_all()
    at = timezone.localtime()
    if task == "intake.stage":
        batch, more = _received(data), {}
    else:
        batch = _scoped(lambda: ask_for_merge(import_id=Import.objects.get().pk, at=at))
        more = {"form": FORM, "officer_id": None}
    defer(task, import_id=batch.pk, division=batch.division, at=at.isoformat(), **more)
    connections.close_all()


if __name__ == "__main__":
    main()
