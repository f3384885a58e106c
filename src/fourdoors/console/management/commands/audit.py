"""``fourdoors audit verify``: does the trail of deeds hold?"""

from typing import Any

from django.core.management import BaseCommand, CommandParser

from fourdoors.accounts.selectors import breaks_in_the_trail, heads_of_the_trail


class Command(BaseCommand):
    """``fourdoors audit``."""

    help = "Check the trail of deeds: verify names each break, heads prints what to keep."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the verb."""
        parser.add_argument("verb", choices=["verify", "heads"])

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        """Print what was found; exit code 1 when a chain does not hold."""
        if verb == "heads":
            for head in heads_of_the_trail():
                self.stdout.write(f"{head.chain}\t{head.number}\t{head.head_hash}")
            return
        found = 0
        for broken in breaks_in_the_trail():
            found += 1
            self.stdout.write(f"chain {broken.chain} deed {broken.number}: {broken.fault}")
        chains, count = len(heads_of_the_trail()), sum(head.number for head in heads_of_the_trail())
        if found:
            self.stderr.write(f"{found} breaks in {count} deeds of {chains} chains / 留痕链有 {found} 处断裂")
            raise SystemExit(1)
        self.stdout.write(f"{count} deeds in {chains} chains hold / {chains} 条留痕链共 {count} 条记录完整")
