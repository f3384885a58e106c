"""A county's own version of a form: the template comes back with other titles in another order."""

import re
from datetime import datetime
from typing import ClassVar

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import Duty, chain_of
from fourdoors.accounts.services import record_deed
from fourdoors.engines.sheets import FORMS, Form, Header, find_header, read_workbook
from fourdoors.engines.sheets.columns import plain_title
from fourdoors.engines.sheets.forms import NEVER_KEPT
from fourdoors.intake.models import CountyForm
from fourdoors.intake.services.columns import HeaderIncompleteError, HeaderUnknownError
from fourdoors.intake.services.files import FormUnknownError, OutsideTerritoryError
from fourdoors.kernel.errors import RuleError

# Whatever a column is said to be: nobody is asked this on a form of ours (see ``NEVER_KEPT``).
_FORBIDDEN = re.compile(
    "民族|族别|宗教|信仰|信教|政治面貌|党员|入党|健康|身体状况|患病|疾病|病史|残疾|体温|血压"
)
_NEVER = {plain_title(title) for column in NEVER_KEPT for title in column.titles}
TITLE_CHARACTERS = 60


class TemplateColumnForbiddenError(RuleError):
    """The template asks for what must not be stored."""

    code: ClassVar[str] = "template_column_forbidden"


class TemplateTitleTakenError(RuleError):
    """A title stands twice, or is the name of another column of the form."""

    code: ClassVar[str] = "template_title_taken"


@transaction.atomic
def keep_county_form(*, form: str, data: bytes, name: str, at: datetime, by: Officer) -> CountyForm:
    """Keep an edited template as the county's version of a form; an earlier one gives way.

    Columns are known by the hidden row of marks, else by their titles. A column that stands for none of ours
    is left out and reported. What must not be stored is refused, under whatever title or mark.

    Args:
        form: key of ``engines.sheets.FORMS``.
        data: the workbook; rows below its titles are not looked at.
        name: of the file.
        at: the moment of the deed.
        by: an officer of the county.

    Raises:
        FormUnknownError: no such form.
        OutsideTerritoryError: not an officer of a county.
        SheetError: the file cannot be read.
        HeaderUnknownError: no sheet has columns of this form.
        HeaderIncompleteError: columns without which no row means anything are absent.
        TemplateColumnForbiddenError: it asks for ethnicity, religion, politics or health.
        TemplateTitleTakenError: two columns under one title.
    """
    if form not in FORMS:
        raise FormUnknownError(form=form)
    if by.duty != Duty.COUNTY:
        raise OutsideTerritoryError(division=by.lo)
    header = _header(FORMS[form], data, name)
    columns = [[key, header.titles[at][:TITLE_CHARACTERS].strip()] for at, key in sorted(header.keys.items())]
    ignored = [header.titles[at] for at in sorted({*header.unknown, *header.repeated})]
    _refuse_taken(FORMS[form], columns)
    kept, _ = CountyForm.objects.update_or_create(
        division=by.lo, form=form,
        defaults={"columns": columns, "ignored": ignored, "kept_by": by, "kept_at": at},
    )  # fmt: skip
    record_deed(
        officer=by, action="intake.form_kept", at=at, county=chain_of(by.lo), object_id=kept.pk, form=form,
        columns=len(columns), ignored=len(ignored),
    )  # fmt: skip
    return kept


def _header(form: Form, data: bytes, name: str) -> Header:
    book = read_workbook(data, name=name)
    shown = (sheet for sheet in book.sheets if not sheet.hidden)
    header = next(filter(None, (find_header(sheet, form.readable) for sheet in shown)), None)
    if header is None:
        raise HeaderUnknownError(name=name, form=form.title)
    ours = {plain_title(title) for column in form.kept for title in column.titles}
    forbidden = [
        title
        for at, title in sorted(header.titles.items())
        if at in header.dropped or (_is_forbidden(title) and plain_title(title) not in ours)
    ]
    if forbidden:
        raise TemplateColumnForbiddenError(titles="、".join(forbidden))
    if header.missing:
        titles = {column.key: column.titles[0] for column in form.readable}
        raise HeaderIncompleteError(name=name, missing="、".join(titles[key] for key in header.missing))
    return header


def _is_forbidden(title: str) -> bool:
    plain = plain_title(title)
    return plain in _NEVER or _FORBIDDEN.search(plain) is not None


def _refuse_taken(form: Form, columns: list[list[str]]) -> None:
    others = {
        plain_title(title): column.key for column in form.readable for title in (*column.titles, column.key)
    }
    seen: set[str] = set()
    for key, title in columns:
        plain = plain_title(title)
        if plain in seen or others.get(plain, key) != key:
            raise TemplateTitleTakenError(title=title)
        seen.add(plain)


@transaction.atomic
def drop_county_form(*, form: str, at: datetime, by: Officer) -> bool:
    """Go back to the form of the field; tell whether there was anything to take away."""
    gone, _ = CountyForm.objects.filter(division=by.lo, form=form).delete()
    if gone:
        record_deed(
            officer=by, action="intake.form_dropped", at=at, county=chain_of(by.lo), form=form
        )  # fmt: skip
    return gone > 0
