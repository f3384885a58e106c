"""Lists of people as workbooks: who took one out stands on every page of it."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from fourdoors.engines.sheets import Column, Kind, write_workbook
from fourdoors.web import words
from fourdoors.web.desk import now, officer_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = Mapping[str, str | int | date | None]
PERSON = (  # the first columns of a list of people, as the field writes them
    Column("township", ("乡镇",)),
    Column("village", ("村",)),
    Column("name", ("姓名",)),
    Column("tail", ("身份证尾号",), kind=Kind.CODE),
)


def handed_out(
    request: HttpRequest, *, name: str, title: str, columns: Sequence[Column], rows: Iterable[Row], count: int
) -> HttpResponse:
    """Return a workbook for this officer; the caller has recorded the deed.

    Args:
        request: of the officer who takes it out.
        name: of the file, without its ending.
        title: above the table.
        columns: in order.
        rows: by column key.
        count: people on the list, as the deed says.
    """
    mark = gettext("Taken out by %(officer)s, %(at)s: %(count)d people. For this office's work only.")
    said = {"officer": officer_of(request), "at": words.moment(now()), "count": count}
    out = io.BytesIO()
    write_workbook(out, sheet=title, columns=columns, rows=rows, title=title, watermark=mark % said)
    disposition = f'attachment; filename="{name}.xlsx"'
    return HttpResponse(out.getvalue(), content_type=XLSX, headers={"Content-Disposition": disposition})


def person_of(it: Any) -> dict[str, str]:
    """Return the first columns of an offer or a placement."""
    return {
        "township": words.place(it.village // 1000 * 1000),
        "village": words.place(it.village),
        "name": it.shown_name,
        "tail": it.identity_tail,
    }
