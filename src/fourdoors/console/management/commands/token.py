"""``fourdoors token``: what a program shows that asks or sends in an officer's name."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fourdoors.accounts.selectors import officer_called, tokens
from fourdoors.accounts.services import end_token, make_token
from fourdoors.console.words import say


def _(text: str) -> str:
    return text


NOBODY = _("No officer signs in as %(name)s.")
NO_TOKEN = _("No token %(number)s opens anything.")
ENDED = _("Token %(number)s opens nothing more.")


class Command(BaseCommand):
    """``fourdoors token``."""

    help = "Make, list and end the tokens of programs that ask or send in an officer's name."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the verb, and whose token or which."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        make = verbs.add_parser("make")
        make.add_argument("username", help="the officer in whose name")
        make.add_argument("--name", required=True, help="which program, where it runs")
        make.add_argument("--days", type=int, default=365, help="how long it opens anything")
        verbs.add_parser("end").add_argument("number", type=int)
        verbs.add_parser("list")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        """Do it; a new secret is printed once and is nowhere else."""
        at = timezone.localtime()
        if verb == "make":
            self._make(options["username"], options["name"], options["days"])
        elif verb == "list":
            for one in tokens():
                state = f"{timezone.localtime(one.ends_at):%Y-%m-%d %H:%M}"
                self.stdout.write(f"{one.pk}\t{one.officer.username}\t{one.name}\t{state}")
        elif end_token(number=options["number"], at=at):
            self.stdout.write(say(ENDED, number=options["number"]))
        else:
            raise CommandError(say(NO_TOKEN, number=options["number"]))

    def _make(self, username: str, name: str, days: int) -> None:
        officer = officer_called(username)
        if officer is None:
            raise CommandError(say(NOBODY, name=username))
        self.stdout.write(make_token(officer=officer, name=name, at=timezone.localtime(), days=days))
