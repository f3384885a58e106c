"""Probable duplicates at size: ``python -m benchmarks.duplicates [--quick] [--record]``."""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure, tell, write_page
from benchmarks.processes import Command, fresh_home

TITLE = "Benchmark: probable duplicates"
ABOUT = (
    "`make bench-duplicates`. An invented province in which two workers of a hundred are drawn to be"
    " registered a second time, with slips in name, birthday, village and phone; every record is compared"
    " with all others."
    " What the fields say: [README](README.md)."
)
FULL, QUICK = 1_000_000, 20_000
MOST_SECONDS = 15 * 60
MOST_MISSED, MOST_WRONG = 0.05, 0.02


def main() -> None:
    """Print a line a figure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.duplicates", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: does it work?")
    parser.add_argument(
        "--record", action="store_true", help="append to docs/benchmarks/duplicates.jsonl, make the page"
    )
    options = parser.parse_args()
    with fresh_home() as home:
        for figure in the_duplicates(home, QUICK if options.quick else FULL):
            tell(figure, record="duplicates" if options.record else "")
    if options.record:
        write_page("duplicates", title=TITLE, about=ABOUT)


def the_duplicates(home: Path, workers: int) -> Iterator[Figure]:
    """Generate workers of whom some stand twice, with slips; find them; yield seconds, recall, precision."""
    _run("demo", "generate", "--workers", str(workers), "--twice", "0.02", home=home)
    with Command("db", "start", home=home) as start:
        start.wait()
    try:
        seconds = _run("duplicates", "--by", "province", home=home)
        found, planted = _pairs(home)
    finally:
        with Command("db", "stop", home=home) as stop:
            stop.wait()
    of = f"{workers:,} workers against each other, {len(planted):,} of them twice with slips"
    right = len(found & planted)
    yield Figure("duplicates.seconds", of, round(seconds, 1), "s", MOST_SECONDS)
    yield Figure(
        "duplicates.missed", f"1 - recall, {of}", round(1 - right / len(planted), 4), "", MOST_MISSED
    )
    yield Figure("duplicates.wrong", f"1 - precision, {of}", round(1 - right / len(found), 4), "", MOST_WRONG)


def _run(*words: str, home: Path) -> float:
    """Run a command to its end and return its seconds."""
    with Command(*words, home=home) as command:
        if command.wait() != 0:
            sys.exit(f"{words[0]} stopped; it says above why")
        return command.seconds


def _pairs(home: Path) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Return the pairs that were found and those that were planted: a copy's source names the first."""
    os.environ.update(FOURDOORS_HOME=str(home), DJANGO_SETTINGS_MODULE="fourdoors.conf.settings")
    import django  # noqa: PLC0415 (the settings read the socket of the server)

    django.setup()
    from django.db import connections  # noqa: PLC0415

    from fourdoors.kernel.divisions import GANSU, range_of  # noqa: PLC0415
    from fourdoors.register.models import DuplicatePair, Worker  # noqa: PLC0415
    from fourdoors.store.scope import Scope, scoped  # noqa: PLC0415

    with scoped(Scope(territory=range_of(GANSU))):
        found = set(DuplicatePair.objects.values_list("first", "second"))
        copies = Worker.objects.filter(source__startswith="demonstration:").values_list("source", "pk")
        planted = {(int(source.partition(":")[2]), number) for source, number in copies}
    connections.close_all()
    return found, planted


if __name__ == "__main__":
    main()
