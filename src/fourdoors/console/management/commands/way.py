"""``fourdoors way``: the demonstration province and the whole way, from a roster to a bulletin."""

import json
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from fourdoors.console.demo.marker import WHOLE, make_room, marker
from fourdoors.console.way.journey import Journey, StepFailedError
from fourdoors.console.way.steps import walk

LEAST_WORKERS = 2_000


class Command(BaseCommand):
    """``fourdoors way``."""

    help = "Make the demonstration province and go the whole way / 生成演示省并走完全流程."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size and the seed."""
        parser.add_argument("--workers", type=int, default=20_000, help="invented workers (default 20,000)")
        parser.add_argument("--seed", type=int, default=2020, help="the same seed makes the same province")

    def handle(self, *args: Any, workers: int, seed: int, **options: Any) -> None:
        """Go the way, print one JSON line; exit code 1 where a step did not do what it says.

        An earlier demonstration in this home is made anew; other data is never touched.
        """
        if workers < LEAST_WORKERS:
            message = f"--workers {workers}: at least {LEAST_WORKERS} / 至少需要 {LEAST_WORKERS} 人"
            raise CommandError(message)
        begun = time.perf_counter()
        make_room()
        papers = Path(settings.HOME) / "papers"
        papers.mkdir(parents=True, exist_ok=True)
        try:
            report = walk(Journey(workers=workers, seed=seed, papers=papers))
        except StepFailedError as failure:
            message = f"the way stopped / 流程中断: {failure}"
            raise CommandError(message) from failure
        marker().write_text(WHOLE)
        report["seconds"] = round(time.perf_counter() - begun, 1)
        self.stdout.write(json.dumps(report, ensure_ascii=False, default=str))
