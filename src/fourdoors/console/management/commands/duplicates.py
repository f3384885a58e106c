"""``fourdoors duplicates``: compare the records of a whole territory, as large as a province."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fourdoors.accounts.selectors import officer_called, scope_of
from fourdoors.console.progress import step
from fourdoors.console.words import say
from fourdoors.kernel.divisions import find_division, range_of
from fourdoors.register.services import find_duplicates
from fourdoors.store.scope import scoped


def _(text: str) -> str:
    return text


NO_DIVISION = _("No division has the code %(code)d.")
NOBODY = _("Nobody signs in as %(username)s.")


class Command(BaseCommand):
    """``fourdoors duplicates``."""

    help = "Find records that are probably of one person / 查找疑似重复."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take who asks, and where."""
        parser.add_argument("--by", required=True, metavar="USERNAME", help="whose territory is searched")
        parser.add_argument("--division", type=int, help="12-digit code of a part of it")

    def handle(self, *args: Any, by: str, division: int | None, **options: Any) -> None:
        """Find them and print how many pairs are new; they are looked at on the page of duplicates."""
        officer = officer_called(by)
        if officer is None:
            raise CommandError(say(NOBODY, username=by))
        if division and find_division(division) is None:
            raise CommandError(say(NO_DIVISION, code=division))
        with step("查重 duplicates") as (_bar, done), scoped(scope_of(officer)):
            within = range_of(division) if division else None
            done["found"] = find_duplicates(by=officer, at=timezone.now(), within=within)
        self.stdout.write(str(done["found"]))
