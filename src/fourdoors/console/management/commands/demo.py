"""``fourdoors demo``: the register of an invented province at any size, to try the house at its true size."""

import json
import resource
import sys
import time
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from fourdoors.console.demo.filling import Counts, fill_county, fill_employers
from fourdoors.console.demo.marker import WHOLE, make_room, marker
from fourdoors.console.demo.province import MOST_WORKERS, draw_county, workers_by_county
from fourdoors.console.progress import step
from fourdoors.console.way.officers import appoint_officers
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.store.bulk import bare_tables, database_bytes, tidy_tables
from fourdoors.store.scope import Scope, scoped

LEAST_WORKERS = 1_000


class Command(BaseCommand):
    """``fourdoors demo``."""

    help = "Fill the register with an invented province of any size / 生成任意规模的演示台账."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size and the seed."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        generate = verbs.add_parser("generate", help="households, workers, wishes, consents, spells")
        generate.add_argument("--workers", type=int, default=200_000, help="the whole province: 5260000")
        generate.add_argument("--seed", type=int, default=2020, help="the same seed makes the same people")

        generate.add_argument(
            "--twice", type=float, default=0.0, help="share of workers registered a second time with slips"
        )

    def handle(self, *args: Any, verb: str, workers: int, seed: int, twice: float, **options: Any) -> None:
        """Make the province county by county, print one JSON line: rows, seconds, disk, memory.

        An earlier demonstration in this home is made anew; other data is never touched.
        """
        if not LEAST_WORKERS <= workers <= MOST_WORKERS:
            message = f"--workers {workers}: {LEAST_WORKERS}..{MOST_WORKERS}"
            raise CommandError(message)
        begun = time.perf_counter()
        make_room()
        with bare_tables("register", "employment"):
            counts = self._fill(workers, seed, twice)
            indexing = time.perf_counter()
        indexing = time.perf_counter() - indexing
        with step("整理 vacuum, analyze"):
            tidy_tables()
        marker().write_text(WHOLE)
        seconds = time.perf_counter() - begun
        report = {
            **counts.rows,
            "seconds": round(seconds, 1),
            "seconds_of_indexes": round(indexing, 1),
            "workers_per_second": round(workers / seconds),
            "database_mb": round(database_bytes() / 2**20),
            "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _RSS_OF_MB),
        }
        self.stdout.write(json.dumps(report))

    def _fill(self, workers: int, seed: int, twice: float) -> Counts:
        counts, first = Counts(), 0
        with step("生成 generate") as (bar, done):
            bar.expect(workers)
            with scoped(Scope(territory=range_of(GANSU))):
                officers = appoint_officers()
            employers = fill_employers(seed=seed)
            for code, count in workers_by_county(workers).items():
                county = draw_county(code=code, workers=count, first=first, seed=seed)
                fill_county(
                    county=county,
                    employers=employers,
                    by=officers["province"],
                    seed=seed,
                    counts=counts,
                    twice=twice,
                )
                first += count + count % 2  # a county begins with an even number: see ``County.identity``
                bar.advance(count)
            done.update(counts.rows)
        return counts


_RSS_OF_MB = 2**20 if sys.platform == "darwin" else 2**10  # bytes there, kilobytes elsewhere
