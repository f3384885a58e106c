"""The way out: a form of the field filled in from what a step knows, made in the queue."""

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import TERRITORIAL, Duty, chain_of
from fourdoors.accounts.services import record_deed
from fourdoors.engines.sheets import FORMS, write_workbook
from fourdoors.engines.sheets.writer import SHEET_ROWS, Closing
from fourdoors.intake.models import Export
from fourdoors.intake.rules import (
    ACCOUNT_FORMS,
    EXPORT_FORMS,
    EXPORT_KEPT_HOURS,
    EXPORT_SUBJECTS,
    ExportState,
    Subject,
    may_be_about,
)
from fourdoors.intake.selectors import form_of
from fourdoors.intake.services.files import FormUnknownError, OutsideTerritoryError
from fourdoors.kernel.divisions import names_of
from fourdoors.kernel.errors import RuleError

_FOR_WORK = "仅限本单位工作使用"
_INVENTED = "演示：人员、岗位和数字全部是虚构的"
_ABOUT = {
    Subject.MONTH: "月份", Subject.YEAR: "年度", Subject.TRIP: "趟次", Subject.CLASS: "班级代码",
    Subject.PAYMENT_LIST: "清册编号",
}  # fmt: skip
_NO_NAME = re.compile(r"[^0-9A-Za-z-]")  # left out of the name of a file
_TELL_EACH = 2_000  # rows between two words about how far it is
Records = Iterable[Mapping[str, str | int | date | None]]
Manifest = Callable[[Export, int, int], tuple[str, list[tuple[str, str]]]]


class ExportGoneError(RuleError):
    """The file was never made, or was taken away after its hours."""

    code: ClassVar[str] = "export_gone"


class ExportAboutError(RuleError):
    """The form is not of such a thing, or of a month or year that has not come."""

    code: ClassVar[str] = "export_about"


class AccountsClosedError(RuleError):
    """Account numbers are for the county office that pays."""

    code: ClassVar[str] = "accounts_closed"


@transaction.atomic
def ask_for_export(
    *, form: str, division: int, whole_identities: bool, at: datetime, by: Officer, about: str = ""
) -> Export:
    """Ask for a form to be filled in; the queue does it.

    Args:
        form: one of ``EXPORT_FORMS``.
        division: 12-digit code inside the officer's territory.
        whole_identities: whole identity numbers; the face asks who may have them.
        at: the moment of the deed.
        by: who asks, and who alone may take the file.
        about: a month (``2020-09``), a year, or the number of a trip, class or payment list, as
            ``EXPORT_SUBJECTS`` says of the form; blank: the month that was over last, this year, all of them.

    Raises:
        FormUnknownError: nothing fills such a form in.
        ExportAboutError: it cannot be about that.
        AccountsClosedError: it holds account numbers, and ``by`` is no county office.
        OutsideTerritoryError: the division is not the officer's, or the duty reads no register.
    """
    if form not in EXPORT_FORMS:
        raise FormUnknownError(form=form)
    if by.duty not in TERRITORIAL or division not in by.jurisdiction:
        raise OutsideTerritoryError(division=division)
    if form in ACCOUNT_FORMS and not (by.duty == Duty.COUNTY and whole_identities):
        raise AccountsClosedError
    if not may_be_about(form, about, on=timezone.localdate(at)):
        raise ExportAboutError(about=about)
    export = Export.objects.create(
        form=form, division=division, about=about, whole_identities=whole_identities,
        state=ExportState.ASKED.value,
        asked_by=by, asked_at=at,
    )  # fmt: skip
    record_deed(
        officer=by, action="intake.export_asked", at=at, county=chain_of(division), object_id=export.pk,
        form=form, division=division, about=about, whole=whole_identities,
    )  # fmt: skip
    return export


def make_export(
    *,
    export: Export,
    records: Records,
    folder: Path,
    watermark: str,
    manifest: Manifest,
    at: datetime,
    sheet_rows: int = SHEET_ROWS,
) -> Export:
    """Write the workbook row by row, and say how many rows it holds: in the file, here and in the trail.

    The number is counted once, while the rows are written, and told three times. What a sheet cannot hold
    goes to the next. A file that breaks off leaves nothing; where the process is killed, the next try, or
    ``fail_export``, takes away what it left. Done again, the same rows are the same bytes.

    Args:
        export: one that was asked for; where several may make it, as ``begin_export`` returned it.
        records: rows by column key, read to the end; text that looks like a formula stays text.
        folder: where the files lie, private to the account.
        watermark: who takes it out, when, of what.
        manifest: returns the name and the lines of the last sheet, given the export, rows and sheets.
        at: the moment of the deed.
        sheet_rows: rows of a sheet, header included.
    """
    desk, said = _desk(folder, export), 0
    _clear(desk)  # of a try that was killed
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    desk.mkdir(mode=0o700)
    part = desk / "part"

    def closing(rows: int, sheets: int) -> tuple[str, list[tuple[str, str]]]:
        nonlocal said
        said = sheets
        return manifest(export, rows, sheets)

    try:
        written = _write(
            part, export, _told(records, _progress(folder, export)), watermark, closing, sheet_rows
        )
        digest = hashlib.sha256()
        with part.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
        part.replace(_path(folder, export))
    finally:
        if isinstance(records, Generator):
            records.close()  # and its cursor, while the transaction stands
        _clear(desk)
    return _made(export, written, said, digest.hexdigest(), at)


def _write(
    part: Path, export: Export, records: Records, watermark: str, closing: Closing, sheet_rows: int
) -> int:
    form = form_of(export.form, export.division)
    with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600), "w+b") as out:
        rows = write_workbook(
            out, sheet=form.title, columns=form.filled, rows=records, title=form.title,
            watermark=watermark, sheet_rows=sheet_rows, closing=closing, scratch=part.parent,
            created=export.asked_at,
        )  # fmt: skip
        out.flush()
        os.fsync(out.fileno())  # before anybody is told that it is there
    return rows


@transaction.atomic
def _made(export: Export, rows: int, sheets: int, digest: str, at: datetime) -> Export:
    export.rows, export.sheets, export.file_hash = rows, sheets, digest
    export.state, export.made_at = ExportState.MADE.value, at
    export.save(update_fields=["rows", "sheets", "file_hash", "state", "made_at"])
    record_deed(
        officer=export.asked_by, action="intake.export_made", at=at, county=chain_of(export.division),
        object_id=export.pk, form=export.form, about=export.about, rows=rows, sheets=sheets, hash=digest,
        whole=export.whole_identities,
    )  # fmt: skip
    return export


def _told(records: Records, progress: Path) -> Iterator[Mapping[str, str | int | date | None]]:
    """Pass the rows on, and write down now and then how many there were; no transaction waits for it."""
    for number, record in enumerate(records, start=1):
        if number % _TELL_EACH == 0:
            progress.write_text(str(number), encoding="ascii")
        yield record


def progress_of(*, export: Export, folder: Path) -> int:
    """Return how many rows of an export that is being made are written so far."""
    with suppress(OSError, ValueError):
        return int(_progress(folder, export).read_text(encoding="ascii"))
    return 0


def begin_export(*, export_id: int) -> Export | None:
    """Lock an export and return it; None where it was made, or given up, meanwhile.

    Call it first, inside the transaction of the making: a worker that was taken for dead, but lives, and the
    one that took over from it do not write the same file at once.
    """
    export = Export.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=export_id)
    return export if export.state == ExportState.ASKED else None


@transaction.atomic
def fail_export(*, export_id: int, folder: Path, at: datetime, code: str = "") -> None:
    """Say that an export broke off: there is no file, nor a part of one.

    Args:
        export_id: an export that is being made; any other is left alone.
        folder: where the files lie.
        at: the moment of the deed.
        code: of the refusal that stopped it, blank where the program failed.
    """
    export = begin_export(export_id=export_id)
    if export is None:
        return
    _clear(_desk(folder, export))
    _path(folder, export).unlink(missing_ok=True)  # it was whole, but never said to be made
    export.state, export.failed_code = ExportState.FAILED.value, code
    export.save(update_fields=["state", "failed_code"])
    record_deed(
        officer=None, action="intake.export_failed", at=at, county=chain_of(export.division),
        object_id=export.pk, code=code,
    )  # fmt: skip


@transaction.atomic
def take_export(*, export: Export, folder: Path, at: datetime, by: Officer) -> Path:
    """Return where the file lies, and record that it leaves the house.

    Raises:
        ExportGoneError: it was never made, or taken away after its hours.
    """
    path = _path(folder, export)
    if export.state != ExportState.MADE or not path.exists():
        raise ExportGoneError(hours=EXPORT_KEPT_HOURS)
    record_deed(
        officer=by, action="intake.export_taken", at=at, county=chain_of(export.division),
        object_id=export.pk, form=export.form, rows=export.rows,
    )  # fmt: skip
    return path


@transaction.atomic
def forget_exports(*, folder: Path, at: datetime) -> int:
    """Take away the files of exports that were made some hours ago, and return how many.

    The clock of the machine counts: a demonstration plays on another day, but its files lie here today.
    """
    until = (at - timedelta(hours=EXPORT_KEPT_HOURS)).timestamp()
    for left in folder.glob("*"):  # also what a killed process left
        if left.stat().st_mtime <= until:
            _clear(left)
    made = Export.objects.filter(state=ExportState.MADE.value)
    old = [export.pk for export in made if not _path(folder, export).exists()]
    count = Export.objects.filter(pk__in=old).update(state=ExportState.GONE.value)
    if count:
        record_deed(officer=None, action="intake.exports_forgotten", at=at, files=count)
    return count


def _path(folder: Path, export: Export) -> Path:
    return folder / f"{export.pk}.xlsx"


def _desk(folder: Path, export: Export) -> Path:
    """Return the folder in which a file is made: whatever is written meanwhile lies in it."""
    return folder / f"{export.pk}.desk"


def _progress(folder: Path, export: Export) -> Path:
    return _desk(folder, export) / "progress"


def _clear(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def exports_folder() -> Path:
    """Return where the files of exports lie, beside the database."""
    return Path(settings.HOME) / "exports"


def watermark_of(export: Export) -> str:
    """Return what stands on every page of an export: who took out what, when, and whether it is invented."""
    where = "".join(names_of(export.division).values())
    said = [
        f"{export.asked_by}",
        f"{timezone.localtime(export.asked_at):%Y-%m-%d %H:%M}",
        f"{where}",
        *([f"{export.about}"] if export.about else []),
        _FOR_WORK,
    ]
    return " · ".join([*said, _INVENTED] if settings.DEMONSTRATION else said)


def manifest_of(export: Export, rows: int, sheets: int) -> tuple[str, list[tuple[str, str]]]:
    """Return the last sheet of an export: what it is, of whom, and how many rows it holds."""
    form = FORMS[export.form]
    identities = "完整" if export.whole_identities else "仅显示末位"
    about = [(_ABOUT[EXPORT_SUBJECTS[export.form]], export.about)] if export.about else []
    lines = [
        ("表格", form.title), ("范围", "".join(names_of(export.division).values())),
        *about, ("行数", f"{rows}"),
        ("工作表数", f"{sheets}"), ("身份证号", identities), ("导出人", f"{export.asked_by}"),
        ("导出时间", f"{timezone.localtime(export.asked_at):%Y-%m-%d %H:%M}"), ("导出编号", f"{export.pk}"),
    ]  # fmt: skip
    return "导出清单", [*lines, ("说明", _INVENTED)] if settings.DEMONSTRATION else lines


def name_of_file(export: Export) -> str:
    """Return the name under which a file is handed out."""
    made_on = timezone.localdate(export.made_at or export.asked_at)
    about = _NO_NAME.sub("", export.about)
    return "-".join(filter(None, (export.form, f"{export.division}", about, f"{made_on:%Y%m%d}"))) + ".xlsx"
