"""Whether this home holds a demonstration, and whether it was finished: a file says so, not the database."""

import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from fourdoors.accounts.selectors import officers
from fourdoors.store.cluster import empty_database

HALF, WHOLE = "half", "whole"


def marker() -> Path:
    """Return the file; settings read it at the next start, so that the banner never goes missing."""
    return Path(settings.HOME) / "demonstration"


def is_whole() -> bool:
    """Tell whether a demonstration was made to its end here."""
    return marker().exists() and marker().read_text().strip() == WHOLE


def make_room() -> None:
    """Prepare an empty database for a demonstration: what a broken-off one left is taken away.

    Raises:
        CommandError: the database holds something that is no demonstration.
    """
    call_command("migrate", database="owner", verbosity=0)
    if marker().exists():
        with connections["owner"].cursor() as cursor:
            empty_database(cursor)
        connections.close_all()
        call_command("migrate", database="owner", verbosity=0)
    elif officers().exists():
        message = (
            "this database holds data that is no demonstration; give another home in FOURDOORS_HOME / "
            "此数据库存有非演示数据，请用 FOURDOORS_HOME 另指定目录"
        )
        raise CommandError(message)
    marker().write_text(HALF)


def demonstration_moment() -> datetime.datetime:
    """Return now on the day that the demonstration plays on."""
    moment = timezone.localtime()
    day = datetime.date.fromisoformat(settings.DEMONSTRATION_DAY_SETTING)
    return datetime.datetime.combine(day, moment.time(), moment.tzinfo)
