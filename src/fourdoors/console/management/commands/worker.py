"""``fourdoors worker``: work the queue until Ctrl-C."""

from typing import Any

from django.core.management import BaseCommand, CommandParser, call_command


class Command(BaseCommand):
    """``fourdoors worker``."""

    help = "Work the task queue (serve starts one by itself)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many tasks may run side by side."""
        parser.add_argument("--concurrency", type=int, default=2)

    def handle(self, *args: Any, concurrency: int, **options: Any) -> None:
        """Hand over to the queue's own worker."""
        call_command("procrastinate", "worker", "--concurrency", str(concurrency))
