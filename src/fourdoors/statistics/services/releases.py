"""Freezing, signing and checking releases: every published figure passes through here."""

import hashlib
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.timezone import localdate

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.divisions import WIDTHS
from fourdoors.statistics.models import Release
from fourdoors.statistics.rules import Measure, MeasureKind, all_measures
from fourdoors.statistics.services.counting import Tick, whole_tables
from fourdoors.statistics.services.errors import (
    AlreadySignedError,
    EmptyPeriodError,
    OwnReleaseError,
    PeriodAheadError,
    ReleaseNumberTakenError,
)
from fourdoors.statistics.services.publishing import publish

# A figure of every level is made of rows by one grouping: the code of the division filled up with zeros.


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
        PeriodAheadError: ``to_on`` lies after the day of ``at``.
        ReleaseNumberTakenError: the number was used before.
    """
    if to_on < from_on:
        raise EmptyPeriodError(from_on=from_on, to_on=to_on)
    if to_on > localdate(at):
        raise PeriodAheadError(to_on=to_on, today=localdate(at))
    if Release.objects.filter(number=number).exists():
        raise ReleaseNumberTakenError(number=number)
    release = Release.objects.create(
        number=number, from_on=from_on, to_on=to_on, frozen_at=at, frozen_by=by, hash="", invented=invented
    )
    digest = hashlib.sha256(f"{number} {from_on} {to_on} {invented}".encode())
    for measure in all_measures().values():
        if measure.kind is not MeasureKind.RATIO:
            with whole_tables():
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
    for level, width in WIDTHS.items():
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
    """Put a second officer's name under a release: from now on it is public, with small numbers hidden.

    Args:
        release: frozen.
        by: somebody else than who froze it, with the scope of the whole province.
        at: the moment of the signature.

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
    publish(release, at=at)
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


def record_check(*, release: Release, by: Officer, at: datetime, holds: bool) -> None:
    """Write to the trail that the hash of a release was computed anew, and whether it held."""
    record_deed(
        officer=by,
        action="statistics.checked",
        at=at,
        object_id=release.pk,
        number=release.number,
        holds=holds,
    )
