"""``fourdoors appoint``: make an officer and print a one-time link; how the first one gets in."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fourdoors.accounts.rules import ORGANISATIONAL, Duty
from fourdoors.accounts.services import appoint_officer, make_link
from fourdoors.kernel.divisions import find_division, range_of


class Command(BaseCommand):
    """``fourdoors appoint``."""

    help = "Make an officer and print a one-time sign-in link / 任命人员并生成一次性登录链接."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take who, which duty and where."""
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="full name, as receipts show it")
        parser.add_argument("--duty", required=True, choices=[duty.value for duty in Duty])
        parser.add_argument("--division", type=int, help="12-digit code of the territory or destination")
        parser.add_argument("--organisation", type=int, help="number of the employer, provider or carrier")

    def handle(self, *args: Any, username: str, name: str, duty: str, **options: Any) -> None:
        """Appoint, and print a link that works once within twelve hours."""
        division = options["division"]
        if Duty(duty) not in ORGANISATIONAL and (division is None or find_division(division) is None):
            message = f"--division {division}: no such division / 无此行政区划代码"
            raise CommandError(message)
        officer = appoint_officer(
            username=username,
            full_name=name,
            duty=Duty(duty),
            jurisdiction=range_of(division) if division else None,
            organisation=options["organisation"],
        )
        self.stdout.write(f"/enter/{make_link(officer=officer, at=timezone.now())}")
