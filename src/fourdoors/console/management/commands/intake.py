"""``fourdoors intake``: a workbook in, from the command line."""

from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fourdoors.console.progress import step
from fourdoors.console.tasks import MERGES
from fourdoors.console.words import say
from fourdoors.engines.sheets.mapping import mapping_from_yaml
from fourdoors.intake.rules import COUNTS, MERGEABLE_FORMS, State
from fourdoors.intake.selectors import faults_by_code, import_by_id
from fourdoors.intake.services import ask_for_merge, receive_file, stage_rows
from fourdoors.kernel.divisions import GANSU, find_division, range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.store.scope import Scope, scoped


def _(text: str) -> str:
    return text


REFUSED = _("The file was refused (%(code)s): %(values)s. Nothing was written.")
WORDS = {
    "already_brought_in": _(
        "This file was already brought in on %(on)s (number %(number)d). Nothing changed."
    ),
    "header_incomplete": _(
        "The header of %(name)s lacks: %(missing)s. Add these columns and send it again; nothing changed."
    ),
    "header_unknown": _(
        "None of the first ten rows of %(name)s has the columns of “%(form)s”. Did you choose the right form?"
    ),
}
NO_MAPPING = _('There is no file and no mapping of ours called "%(named)s". Ours: %(ours)s.')
NO_FORM = _("Say which form it is: --form NAME, or --mapping FILE.")
NO_DIVISION = _("No division has the code %(code)d.")
COLUMNS_OPEN = _(
    "The columns of %(name)s are not certain. "
    "Confirm them on the page of import %(number)d; its rows are not read yet."
)
NO_MERGE = _("Nothing merges the form %(form)s yet; the rows stay checked.")


class Command(BaseCommand):
    """``fourdoors intake``."""

    help = "Bring a workbook in: check every row, and merge the sound ones with --merge."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and what it is."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--form", choices=MERGEABLE_FORMS)
        parser.add_argument(
            "--division", type=int, default=GANSU, help="12-digit code, 620000000000 if left out"
        )
        parser.add_argument("--mapping", help="a mapping file, or the name of one of ours: us_h2a_fy2017")
        parser.add_argument("--merge", action="store_true", help="merge the sound rows at once")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, merge where asked, print one summary line; exit code 1 on a refusal."""
        if find_division(options["division"]) is None:
            raise CommandError(say(NO_DIVISION, code=options["division"]))
        scope = Scope(territory=range_of(options["division"]))
        try:
            with scoped(scope):
                pk = _check(options)
            with scoped(scope):
                batch = import_by_id(pk)
            if batch.state == State.RECEIVED:
                raise CommandError(say(COLUMNS_OPEN, name=batch.file_name, number=pk))
            if options["merge"]:
                with scoped(scope):
                    _merge(pk)
            with scoped(scope):
                self._tell(pk)
        except (RuleError, OSError) as refusal:
            raise CommandError(_words(refusal)) from refusal

    def _tell(self, pk: int) -> None:
        batch = import_by_id(pk)
        counts = " ".join(f"{name}={batch.counts[name]}" for name in COUNTS if name in batch.counts)
        faults = " ".join(f"{it.column}:{it.code}={it.count}" for it in faults_by_code(batch))
        self.stdout.write(
            f"import {pk} {batch.form} {batch.state}: {counts}{' | ' if faults else ''}{faults}"
        )


def _check(options: dict[str, Any]) -> int:
    path: Path = options["file"]
    mapping = _mapping(options["mapping"]) if options["mapping"] else ""
    form = mapping_from_yaml(mapping).target if mapping else options["form"]
    if not form:
        raise CommandError(say(NO_FORM))
    with step(path.name) as (_bar, done):
        at = _now()
        batch = receive_file(
            form=form, division=options["division"], data=path.read_bytes(), name=path.name, at=at,
            mapping=mapping,
        )  # fmt: skip
        if batch.state == State.MAPPED:
            done.update(stage_rows(import_id=batch.pk, at=at).counts)
    return batch.pk


def _now() -> datetime:
    """Return the moment of the deed: on the demonstration's own day, as its pages have it."""
    moment = timezone.localtime()
    on = settings.DEMONSTRATION_DAY
    return datetime.combine(on, moment.time(), moment.tzinfo) if on else moment


def _mapping(named: str) -> str:
    """Return the text of a mapping: a file, or one that comes with the program by its name."""
    ours = {Path(it.name).stem: it for it in (files("fourdoors.intake") / "mappings").iterdir()}
    found = Path(named) if Path(named).is_file() else ours.get(named)
    if found is None:
        raise CommandError(say(NO_MAPPING, named=named, ours=", ".join(sorted(ours))))
    return found.read_text(encoding="utf-8")


def _merge(pk: int) -> None:
    batch = import_by_id(pk)
    if batch.form not in MERGES:
        raise CommandError(say(NO_MERGE, form=batch.form))
    with step("merge") as (_bar, done):
        at = _now()
        ask_for_merge(import_id=pk, at=at)
        MERGES[batch.form](import_id=pk, at=at, by=None)
        done.update(import_by_id(pk).counts)


def _words(refusal: RuleError | OSError) -> str:
    if isinstance(refusal, OSError):
        return str(refusal)
    if refusal.code in WORDS:
        return say(WORDS[refusal.code], **refusal.values)
    values = ", ".join(f"{name}={value}" for name, value in refusal.values.items())
    return say(REFUSED, code=refusal.code, values=values)
