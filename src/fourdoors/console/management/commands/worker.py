"""``fourdoors worker``: work the queue until Ctrl-C."""

import signal
import time
from functools import partial
from typing import Any

from django.core.management import BaseCommand, CommandParser

from fourdoors.console.children import must_run, start_queue, still_running, stop

STOP_SECONDS = 600.0  # a merge that has begun may end in peace; a second Ctrl-C cuts it off
COMES_UP_SECONDS = 5.0


class Command(BaseCommand):
    """``fourdoors worker``."""

    help = "Work the task queue (serve starts one by itself)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many tasks may run side by side."""
        parser.add_argument("--concurrency", type=int, default=2)

    def handle(self, *args: Any, concurrency: int, **options: Any) -> None:
        """Keep the queue's own worker running, whatever happens to it or the database; stop it in order."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        begin = partial(start_queue, concurrency)
        child, begun = begin(), time.monotonic()
        try:
            while True:
                if time.monotonic() - begun < COMES_UP_SECONDS and (child.poll() or 0) > 0:
                    must_run([child])  # it never came up: that is not mended by another try
                child = still_running(child, begin)
                time.sleep(0.5)
        except KeyboardInterrupt:
            pass
        finally:
            stop([child], seconds=STOP_SECONDS)
