"""``fourdoors keys``: change the keys of the sealed fields."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fourdoors.console.progress import step
from fourdoors.console.words import say, words_for
from fourdoors.register.services import KeysInUseError, forget_old_keys, rotate_keys
from fourdoors.store.refusals import StoreError


def _(text: str) -> str:
    return text


ROTATED = _("%(fields)d fields are sealed with the new key. Older keys still open old backups.")
FORGOTTEN = _("%(keys)d old keys are forgotten; backups sealed with them open no more.")
IN_USE = _("%(fields)d fields are still sealed with older keys. First: fourdoors keys rotate")


class Command(BaseCommand):
    """``fourdoors keys``."""

    help = (
        "Change the keys of the sealed fields: rotate seals everything anew, forget takes the old keys away."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the verb."""
        parser.add_argument("verb", choices=["rotate", "forget"])

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        """Do it and say how many fields it touched; exit code 1 when it is refused."""
        try:
            self.stdout.write(_rotate() if verb == "rotate" else _forget())
        except KeysInUseError as refusal:
            raise CommandError(say(IN_USE, **refusal.values)) from refusal
        except StoreError as refusal:
            raise CommandError(words_for(refusal)) from refusal


def _rotate() -> str:
    with step("keys") as (bar, done):
        done["fields"] = fields = rotate_keys(at=timezone.localtime(), told=bar.advance)
    return say(ROTATED, fields=fields)


def _forget() -> str:
    return say(FORGOTTEN, keys=forget_old_keys(at=timezone.localtime()))
