"""``fourdoors policies``: which rules of the field are computable, and what the others wait for."""

from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.utils import timezone

from fourdoors.subsidies.rules import Kind, Policy, missing_of, read_policy
from fourdoors.subsidies.services import load_policies, shipped_policies


class Command(BaseCommand):
    """``fourdoors policies``."""

    help = "List the policy rules, computable or not and why; load puts new versions into the database."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the verb."""
        parser.add_argument("verb", nargs="?", choices=["list", "load"], default="list")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        """Print one line a rule and a sum."""
        if verb == "load":
            loaded = load_policies(at=timezone.now())
            self.stdout.write(f"{len(loaded)} policies in their newest version / 已载入政策 {len(loaded)} 项")
            return
        rules = sorted(
            map(read_policy, shipped_policies()), key=lambda rule: (bool(missing_of(rule)), rule.key)
        )
        for rule in rules:
            self.stdout.write(f"{rule.key:32}{_word(rule):12}{rule.title.zh} / {rule.title.en}")
            for missing in missing_of(rule):
                self.stdout.write(f"{'':32}  missing {missing}")
        computable = sum(not missing_of(rule) for rule in rules)
        records = sum(len(rule.records) for rule in rules)
        self.stdout.write(
            f"{len(rules)} rules from {records} records, {computable} computable / 可计算 {computable} 项"
        )


def _order(rule: Policy) -> tuple[bool, str]:
    return bool(missing_of(rule)), rule.key


def _word(rule: Policy) -> str:
    if missing_of(rule):
        return "parsed"
    return "check" if rule.kind is Kind.CEILING else "computable"
