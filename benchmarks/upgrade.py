"""An upgrade of a full register, killed on its way: ``python -m benchmarks.upgrade [--quick] [--record]``."""

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from psycopg import sql

from benchmarks.figures import Figure, tell, write_page
from benchmarks.killer import owner_of
from benchmarks.processes import Command, fresh_home

TITLE = "Benchmark: an upgrade"
ABOUT = (
    "`make bench-upgrade`. Nothing is released yet, so there is no older database: the version after is made"
    " by three migrations of the benchmark's own (`benchmarks/nextversion`: a column of every worker in one"
    " transaction, another one filled batch by batch, an index beside the work), the version before by going"
    " back over the last migrations of this one. Each is done once undisturbed, then killed with SIGKILL at"
    " random moments and begun again; the workers are compared by hash, every other table by its rows."
    " What the fields say: [README](README.md)."
)
LAST = ("placements", "subsidies", "training", "travel", "statistics")  # with migrations after their policies
KEPT = """
SELECT count(*), sum(hashtextextended((to_jsonb(w) - 'next_whole' - 'next_filled')::text, 0)::numeric)
FROM register_worker w
"""
TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
AND relname !~ '^(django|nextversion)_' AND relname <> 'auth_permission' ORDER BY 1
"""
DONE = """
SELECT count(*) FILTER (WHERE next_whole IS DISTINCT FROM upper(name_pinyin)
                           OR next_filled IS DISTINCT FROM lower(name_pinyin)),
       (SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass('worker_next') AND indisvalid)
FROM register_worker
"""
_MIGRATE = ("migrate", "--database", "owner", "--verbosity", "0")
NEXT = "benchmarks.nextversion.settings"


class Size(NamedTuple):
    """How large a run is."""

    workers: int
    moments: int  # at which each upgrade is killed


FULL, QUICK = Size(1_000_000, 6), Size(5_000, 2)


def main() -> None:
    """Print a line a figure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.upgrade", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: does it work?")
    parser.add_argument("--workers", type=int, help="workers of the register")
    parser.add_argument("--moments", type=int, help="how often each upgrade is killed")
    parser.add_argument("--record", action="store_true", help="append to docs/benchmarks/upgrade.jsonl")
    options = parser.parse_args()
    size = QUICK if options.quick else FULL
    size = Size(options.workers or size.workers, options.moments or size.moments)
    with fresh_home() as home:
        _run(home, "db", "start")
        try:
            for figure in the_upgrades(home, size):
                tell(figure, record="upgrade" if options.record else "")
        finally:
            _run(home, "db", "stop", "--now")
    if options.record:
        write_page("upgrade", title=TITLE, about=ABOUT)


def the_upgrades(home: Path, size: Size) -> Iterator[Figure]:
    """Fill a register; go to the version after, and from the version before; yield what it took."""
    _run(home, "demo", "generate", "--workers", str(size.workers))
    what = f"{size.workers:,} workers, to the version after"
    after = Upgrade(home, NEXT, [("nextversion", "zero")])
    yield from _figures("next", what, after, size.moments)
    after.go_back()
    what = f"{size.workers:,} workers, over the last migrations of each step"
    yield from _figures("last", what, Upgrade(home, "", [(app, "0002") for app in LAST]), size.moments)


class Upgrade(NamedTuple):
    """One way that is gone forward and back."""

    home: Path
    settings: str  # of the version that is gone to; blank for this one
    back: list[tuple[str, str]]  # app and migration that it goes back to

    def go_back(self) -> None:
        """Take away what the upgrade made."""
        for app, target in self.back:
            _run(self.home, *_MIGRATE, app, target, settings=self.settings)

    def go(self, killed_after: float | None = None) -> float:
        """Upgrade, or begin to; return the seconds."""
        begun = time.perf_counter()
        with _command(self.home, *_MIGRATE, settings=self.settings) as command:
            if killed_after is not None:
                command.pause(killed_after)
                command.kill()
            elif command.wait() != 0:
                sys.exit("the upgrade stopped; it says above why")
        return time.perf_counter() - begun

    def has_lost(self, before: dict[str, Any]) -> bool:
        """Tell whether a row differs, or the upgrade is not whole."""
        now = _contents(self.home)
        differs = [name for name in {**before, **now} if before.get(name) != now.get(name)]
        if differs:
            sys.stderr.write(f"differs: {differs}\n")
            return True
        with owner_of(self.home) as owner:
            return bool(self.settings) and owner.execute(DONE).fetchone() != (0, 1)


def _figures(name: str, what: str, upgrade: Upgrade, moments: int) -> Iterator[Figure]:
    draw, rest = random.Random(3), list[float]()  # noqa: S311 (no secret)
    before = _contents(upgrade.home)
    if not upgrade.settings:
        upgrade.go_back()  # it is there already
    whole = upgrade.go()
    differing = int(upgrade.has_lost(before))
    for number in range(moments):
        upgrade.go_back()
        moment = draw.uniform(0, whole)
        upgrade.go(killed_after=moment)
        rest.append(upgrade.go())
        differing += upgrade.has_lost(before)
        told = f"{name} {number + 1}: killed at {moment:.1f} s of {whole:.1f}, then {rest[-1]:.1f} s\n"
        sys.stderr.write(told)
    id_ = f"L7.upgrade_{name}"
    yield Figure(id_, f"seconds of an upgrade that nobody kills, {what}", round(whole, 1), "s")
    told = f"most seconds of the run after a kill, {what}"
    yield Figure(f"{id_}_rest", told, round(max(rest), 1), "s")
    told = f"upgrades, {moments} of them killed, after which a count or hash differs, {what}"
    yield Figure(f"{id_}_differing", told, differing, "", 0)


def _run(home: Path, *words: str, settings: str = "") -> None:
    with _command(home, *words, settings=settings) as command:
        if command.wait() != 0:
            sys.exit(f"{' '.join(words)} stopped; it says above why")


def _command(home: Path, *words: str, settings: str) -> Command:
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    if settings:
        os.environ["DJANGO_SETTINGS_MODULE"] = settings
    return Command(*words, home=home, watched=False)


def _contents(home: Path) -> dict[str, Any]:
    """Return rows and hash of the workers, rows of every other table."""
    with owner_of(home) as owner:
        found = {"workers": owner.execute(KEPT).fetchone()}
        for (name,) in owner.execute(TABLES).fetchall():
            counts = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))
            found[name] = owner.execute(counts).fetchone()
        return found


if __name__ == "__main__":
    main()
