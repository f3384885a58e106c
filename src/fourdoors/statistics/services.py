"""Counting, freezing and signing: every published figure passes through here."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import ClassVar

from django.db import connection, transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.periods import Month, months_touched
from fourdoors.statistics.models import Cell, Counting, Release, Share, TrendPoint
from fourdoors.statistics.rules import Measure, MeasureKind, all_breakdowns, all_measures

# A figure of every level is made of rows by one grouping: the code of the division filled up with zeros.
_LEVELS = {1: 10**10, 2: 10**8, 3: 10**6, 4: 10**3, 5: 1}
Tick = Callable[[], None]


class ReleaseError(RuleError):
    """A release that must not be made or signed."""


class EmptyPeriodError(ReleaseError):
    """The period ends before it begins."""

    code: ClassVar[str] = "period_empty"


class ReleaseNumberTakenError(ReleaseError):
    """A release of this number was frozen before; a correction gets a number of its own."""

    code: ClassVar[str] = "release_number_taken"


class AlreadySignedError(ReleaseError):
    """The release carries a signature."""

    code: ClassVar[str] = "release_already_signed"


class OwnReleaseError(ReleaseError):
    """Whoever froze a release cannot sign it."""

    code: ClassVar[str] = "release_own"


@transaction.atomic
def count_figures(*, from_on: date, to_on: date, at: datetime, tick: Tick = lambda: None) -> int:
    """Count every measure anew for the live pages, in one transaction, and return the number of cells.

    Readers see the old figures until it is done. The scope that is set decides what is counted: the
    province for the nightly count.

    Args:
        from_on: first day counted.
        to_on: last day counted.
        at: the moment shown beside the figures.
        tick: called after each measure and breakdown.

    Raises:
        EmptyPeriodError: ``to_on`` lies before ``from_on``.
    """
    if to_on < from_on:
        raise EmptyPeriodError(from_on=from_on, to_on=to_on)
    days = {"from_on": from_on, "to_on": to_on}
    for table in (Cell, TrendPoint, Share):
        table.objects.all().delete()
    for measure in all_measures().values():
        if measure.kind is not MeasureKind.RATIO:
            _count_cells(measure, days)
        tick()
    for name, sql in all_breakdowns().items():
        _count_shares(name, sql, days)
        tick()
    Counting.objects.all().delete()
    Counting.objects.create(from_on=from_on, to_on=to_on, counted_at=at)
    return Cell.objects.count()


def _count_cells(measure: Measure, days: dict[str, date]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO statistics_cell (measure, village, county, grade, value, rows)"
            " SELECT %(measure)s, village, village / 1000000, grade, sum(value), count(*)"
            f" FROM ({measure.sql}) AS counted GROUP BY village, grade",
            {**days, "measure": measure.name},
        )
    if measure.trend:
        for month in months_touched(days["from_on"], days["to_on"]):
            _count_month(measure, month, days)


def _count_month(measure: Measure, month: Month, days: dict[str, date]) -> None:
    first = date(month.year, month.month, 1)
    last = min(first + timedelta(days=month.days - 1), days["to_on"])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO statistics_trendpoint (measure, village, county, month, value)"
            " SELECT %(measure)s, village / 1000000 * 1000000, village / 1000000, %(month)s, sum(value)"
            f" FROM ({measure.sql}) AS counted GROUP BY village / 1000000",
            {"measure": measure.name, "month": first, "from_on": days["from_on"], "to_on": last},
        )


def _count_shares(name: str, sql: str, days: dict[str, date]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO statistics_share (breakdown, village, county, key, value)"
            " SELECT %(name)s, village / 1000000 * 1000000, village / 1000000, key, sum(value)"
            f" FROM ({sql}) AS counted GROUP BY village / 1000000, key",
            {**days, "name": name},
        )


@transaction.atomic
def freeze_release(
    *,
    number: str,
    from_on: date,
    to_on: date,
    by: Officer,
    at: datetime,
    invented: bool = False,
    tick: Tick = lambda: None,
) -> Release:
    """Freeze every measure: copy the rows, add them up for every division, and hash the whole.

    Later changes of the ledger touch neither the rows nor the figures of a release. The hash covers the
    definitions, every figure and every row; moments and numbers of the database are not in it, so that
    the same ledger gives the same hash.

    Args:
        number: as printed on the bulletin, "2020-10".
        from_on: first day counted.
        to_on: last day counted.
        by: who freezes it; somebody else signs.
        at: the moment of freezing.
        invented: marks the release of a demonstration on every page and paper.
        tick: called after each measure.

    Raises:
        EmptyPeriodError: ``to_on`` lies before ``from_on``.
        ReleaseNumberTakenError: the number was used before.
    """
    if to_on < from_on:
        raise EmptyPeriodError(from_on=from_on, to_on=to_on)
    if Release.objects.filter(number=number).exists():
        raise ReleaseNumberTakenError(number=number)
    release = Release.objects.create(
        number=number, from_on=from_on, to_on=to_on, frozen_at=at, frozen_by=by, hash="", invented=invented
    )
    digest = hashlib.sha256(f"{number} {from_on} {to_on} {invented}".encode())
    for measure in all_measures().values():
        if measure.kind is not MeasureKind.RATIO:
            _freeze_rows(release, measure)
            _add_up(release, measure)
        digest.update(measure.definition_hash.encode())
        digest.update(_digest_of(release, measure).encode())
        tick()
    release.hash = digest.hexdigest()
    release.save(update_fields=["hash"])
    record_deed(
        officer=by, action="statistics.frozen", at=at, object_id=release.pk, number=number, hash=release.hash
    )
    return release


def _freeze_rows(release: Release, measure: Measure) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO statistics_frozenrow (release_id, measure, village, county, object_id, value, grade)"
            " SELECT %(release)s, %(measure)s, village, village / 1000000, object_id, value, grade"
            f" FROM ({measure.sql}) AS counted ORDER BY village, object_id",
            {
                "release": release.pk,
                "measure": measure.name,
                "from_on": release.from_on,
                "to_on": release.to_on,
            },
        )


def _add_up(release: Release, measure: Measure) -> None:
    """Write a figure for each division of each level that has rows; a row of the province stays there."""
    for level, width in _LEVELS.items():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO statistics_figure"
                " (release_id, measure, level, village, county, value, rows, mix, definition_hash)"
                " SELECT %(release)s, %(measure)s, %(level)s, code, code / 1000000,"
                "   sum(value), sum(rows), jsonb_object_agg(grade, value), %(definition)s"
                " FROM (SELECT village / %(width)s * %(width)s AS code, grade, sum(value) AS value,"
                "         count(*) AS rows"
                "       FROM statistics_frozenrow WHERE release_id = %(release)s AND measure = %(measure)s"
                "       GROUP BY 1, 2) AS graded"
                " GROUP BY code ON CONFLICT (release_id, measure, village) DO NOTHING",
                {
                    "release": release.pk,
                    "measure": measure.name,
                    "level": level,
                    "width": width,
                    "definition": measure.definition_hash,
                },
            )


def _digest_of(release: Release, measure: Measure) -> str:
    """Return the digests of a measure's rows, county by county, and of its figures."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT county, encode(sha256(convert_to(string_agg("
            "  concat_ws(',', village, object_id, value, grade), ';'"
            "  ORDER BY village, object_id, value, grade), 'UTF8')), 'hex')"
            " FROM statistics_frozenrow WHERE release_id = %s AND measure = %s"
            " GROUP BY county ORDER BY county",
            [release.pk, measure.name],
        )
        rows = "".join(f"{county}:{digest};" for county, digest in cursor.fetchall())
        cursor.execute(
            "SELECT encode(sha256(convert_to(string_agg(concat_ws(',', village, value, rows), ';'"
            "  ORDER BY village), 'UTF8')), 'hex')"
            " FROM statistics_figure WHERE release_id = %s AND measure = %s",
            [release.pk, measure.name],
        )
        return f"{rows}{cursor.fetchone()}"


@transaction.atomic
def sign_release(*, release: Release, by: Officer, at: datetime) -> Release:
    """Put a second officer's name under a release: from now on it is public.

    Raises:
        AlreadySignedError: it was signed before.
        OwnReleaseError: ``by`` froze it.
    """
    release = Release.objects.select_for_update().get(pk=release.pk)
    if release.signed_at:
        raise AlreadySignedError(number=release.number)
    if release.frozen_by_id == by.pk:
        raise OwnReleaseError(number=release.number)
    release.signed_by, release.signed_at = by, at
    release.save(update_fields=["signed_by", "signed_at"])
    record_deed(
        officer=by,
        action="statistics.signed",
        at=at,
        object_id=release.pk,
        number=release.number,
        hash=release.hash,
    )
    return release


def hash_again(*, release: Release) -> str:
    """Compute the hash of a release anew from its frozen rows and today's definitions.

    It differs from ``release.hash`` where a row, a figure or a definition was changed. Needs the scope of
    the whole province.
    """
    digest = hashlib.sha256(f"{release.number} {release.from_on} {release.to_on} {release.invented}".encode())
    for measure in all_measures().values():
        digest.update(measure.definition_hash.encode())
        digest.update(_digest_of(release, measure).encode())
    return digest.hexdigest()
