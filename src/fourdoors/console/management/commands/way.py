"""``fourdoors way``: the demonstration province and the whole way, from a roster to a bulletin."""

import json
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command

from fourdoors.console.way.journey import Journey, StepFailedError
from fourdoors.console.way.steps import walk


class Command(BaseCommand):
    """``fourdoors way``."""

    help = "Make the demonstration province and go the whole way / 生成演示省并走完全流程."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size and the seed."""
        parser.add_argument("--workers", type=int, default=20_000, help="invented workers (default 20,000)")
        parser.add_argument("--seed", type=int, default=2020)
        parser.add_argument("--fresh", action="store_true", help="empty the demonstration database first")

    def handle(self, *args: Any, workers: int, seed: int, fresh: bool, **options: Any) -> None:
        """Go the way, print one JSON line; exit code 1 where a step did not do what it says."""
        if workers < LEAST_WORKERS:
            message = (
                f"--workers {workers}: the way needs at least {LEAST_WORKERS} / 至少需要 {LEAST_WORKERS} 人"
            )
            raise CommandError(message)
        begun = time.perf_counter()
        call_command("migrate", database="owner", verbosity=0)
        papers = Path(settings.HOME) / "papers"
        papers.mkdir(parents=True, exist_ok=True)
        journey = Journey(workers=workers, seed=seed, papers=papers)
        try:
            report = walk(journey)
        except StepFailedError as failure:
            message = f"the way stopped / 流程中断: {failure}"
            raise CommandError(message) from failure
        report["seconds"] = round(time.perf_counter() - begun, 1)
        self.stdout.write(json.dumps(report, ensure_ascii=False, default=str))


LEAST_WORKERS = 2_000
