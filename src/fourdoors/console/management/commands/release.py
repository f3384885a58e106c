"""``fourdoors release``: count, freeze, sign, print the bulletin, check the hash."""

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fourdoors.accounts.selectors import officer_called
from fourdoors.console.progress import step
from fourdoors.console.words import say
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.statistics.rules import all_breakdowns, all_measures
from fourdoors.statistics.selectors import release_of
from fourdoors.statistics.services import (
    LANGUAGES,
    bulletin_paper,
    count_figures,
    freeze_release,
    hash_again,
    sign_release,
)
from fourdoors.store.scope import Scope, scoped


def _(text: str) -> str:
    return text


WORDS = {
    "period_empty": _(
        "The period ends on %(to_on)s, before it begins on %(from_on)s. Choose a later last day."
    ),
    "release_already_signed": _("Release %(number)s is signed already. Nothing was changed."),
    "release_not_signed": _(
        "Nobody has signed release %(number)s yet: it is not for the public. A second officer signs it."
    ),
    "release_number_taken": _("Release %(number)s exists already. Give a correction a number of its own."),
    "release_own": _("You froze release %(number)s yourself: another officer has to sign it."),
}
NO_RELEASE = _("There is no release %(number)s.")
NO_OFFICER = _("Nobody is called %(username)s here.")
CHANGED = _("Release %(number)s does not hold: it was signed as %(signed)s and hashes to %(found)s now.")


class Command(BaseCommand):
    """``fourdoors release``."""

    help = "Count the figures, freeze them under a hash, sign them, print the bulletin, check the hash."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the verb and what it needs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        _period(verbs.add_parser("count", help="count every measure anew for the live pages"))
        freeze = _numbered(verbs.add_parser("freeze", help="copy rows and figures and hash them"))
        _period(freeze)
        freeze.add_argument("--by", required=True, help="user name of who answers for it")
        sign = _numbered(verbs.add_parser("sign", help="make it public, by a second officer"))
        sign.add_argument("--by", required=True, help="user name of the second officer")
        bulletin = _numbered(verbs.add_parser("bulletin", help="print the bulletin in Chinese and English"))
        bulletin.add_argument("--out", type=Path, default=Path(), help="folder of the papers")
        bulletin.add_argument("--site", default="", help="address that the notes point to")
        _numbered(verbs.add_parser("verify", help="compute the hash anew"))

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        """Do one of the five; one summary line, exit code 1 on a refusal or a hash that does not hold."""
        do: Callable[[dict[str, Any]], str] = getattr(self, f"_{verb}")
        try:
            with scoped(Scope(territory=range_of(GANSU))):
                self.stdout.write(do(options))
        except RuleError as refusal:
            raise CommandError(say(WORDS[refusal.code], **refusal.values)) from refusal

    def _count(self, options: dict[str, Any]) -> str:
        from_on, to_on = _days(options)
        with step("count") as (bar, done):
            bar.expect(len(all_measures()) + len(all_breakdowns()))
            done["cells"] = count_figures(
                from_on=from_on, to_on=to_on, at=timezone.localtime(), tick=bar.advance
            )
        return f"counted {from_on} to {to_on}: {done['cells']} cells"

    def _freeze(self, options: dict[str, Any]) -> str:
        from_on, to_on = _days(options)
        with step("freeze") as (bar, done):
            bar.expect(len(all_measures()))
            release = freeze_release(
                number=options["number"],
                from_on=from_on,
                to_on=to_on,
                by=_officer(options["by"]),
                at=timezone.localtime(),
                invented=settings.DEMONSTRATION,
                tick=bar.advance,
            )
            done["hash"] = release.hash[:12]
        return f"release {release.number} frozen: {release.hash}"

    def _sign(self, options: dict[str, Any]) -> str:
        release = sign_release(
            release=_release(options["number"]), by=_officer(options["by"]), at=timezone.localtime()
        )
        return f"release {release.number} signed by {options['by']}: {release.hash}"

    def _bulletin(self, options: dict[str, Any]) -> str:
        release, folder = _release(options["number"]), options["out"]
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for language in LANGUAGES:
            path = folder / f"bulletin-{release.number}-{language}.pdf"
            path.write_bytes(bulletin_paper(release=release, language=language, site=options["site"]))
            written.append(str(path))
        return f"release {release.number}: {' '.join(written)}"

    def _verify(self, options: dict[str, Any]) -> str:
        release = _release(options["number"])
        found = hash_again(release=release)
        if found != release.hash:
            message = say(CHANGED, number=release.number, signed=release.hash, found=found)
            raise CommandError(message)
        return f"release {release.number} holds: {found}"


def _numbered(parser: ArgumentParser) -> ArgumentParser:
    parser.add_argument("number", help="as printed on the bulletin, 2020-10")
    return parser


def _period(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--from", dest="from_on", type=date.fromisoformat, help="first day; 1 January if left out"
    )
    parser.add_argument("--to", dest="to_on", type=date.fromisoformat, help="last day; yesterday if left out")


def _days(options: dict[str, Any]) -> tuple[date, date]:
    to_on: date = options["to_on"] or timezone.localdate() - timedelta(days=1)
    return options["from_on"] or date(to_on.year, 1, 1), to_on


def _release(number: str) -> Any:
    release = release_of(number)
    if release is None:
        raise CommandError(say(NO_RELEASE, number=number))
    return release


def _officer(username: str) -> Any:
    officer = officer_called(username)
    if officer is None:
        raise CommandError(say(NO_OFFICER, username=username))
    return officer
