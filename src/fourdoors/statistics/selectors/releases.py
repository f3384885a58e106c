"""Releases: figures as they were frozen, for officers within their scope."""

from decimal import Decimal

from django.db.models import Count, QuerySet

from fourdoors.accounts.models import Division, Officer
from fourdoors.kernel.divisions import Level, level_of, range_of
from fourdoors.statistics.models import Figure, FrozenRow, Release
from fourdoors.statistics.rules import all_measures
from fourdoors.statistics.selectors.live import children
from fourdoors.statistics.selectors.values import Graded, Value, counted, value_of


def releases(*, signed_only: bool = False) -> QuerySet[Release]:
    """Return releases, the newest first."""
    found = Release.objects.select_related("frozen_by", "signed_by").order_by("-to_on", "-frozen_at")
    return found.exclude(signed_at=None) if signed_only else found


def releases_to_sign(officer: Officer) -> QuerySet[Release]:
    """Return the frozen releases that wait for this officer's name: somebody else froze them."""
    return releases().filter(signed_at=None).exclude(frozen_by=officer)


def release_of(number: str) -> Release | None:
    """Return the release of a number."""
    return releases().filter(number=number).first()


def release_values(*, release: Release, division: int) -> dict[str, Value]:
    """Return every figure of a release for one division, by name of measure, in one query."""
    graded = _graded(Figure.objects.filter(release=release, village=division)).get(division, {})
    return {name: value_of(measure, division, graded) for name, measure in all_measures().items()}


def release_children(
    *, release: Release, measures: list[str], division: int
) -> list[tuple[Division, dict[str, Value]]]:
    """Return figures of a release for the divisions directly below one, in two queries.

    Rows known no finer than ``division`` itself are not among them.
    """
    below = list(children(division)) if level_of(division) < Level.VILLAGE else []
    found = Figure.objects.filter(
        release=release, measure__in=counted(measures), village__in=[one.code for one in below]
    )
    graded, known = _graded(found), all_measures()
    return [
        (one, {name: value_of(known[name], one.code, graded.get(one.code, {})) for name in measures})
        for one in below
    ]


def release_counties(*, release: Release, measure: str, division: int) -> dict[int, Value]:
    """Return one figure of a release for every county in a division, in one query: for a map."""
    here = range_of(division)
    found = Figure.objects.filter(
        release=release, measure__in=counted([measure]), level=Level.COUNTY,
        village__gte=here.lo, village__lt=here.hi,
    )  # fmt: skip
    known = all_measures()[measure]
    return {code: value_of(known, code, sums) for code, sums in _graded(found).items()}


def _graded(figures: QuerySet[Figure]) -> dict[int, Graded]:
    graded: dict[int, dict[str, dict[str, tuple[Decimal, int]]]] = {}
    for figure in figures:
        rows = [figure.rows] + [0] * len(figure.mix)  # their sum is what is asked for, never one grade's
        graded.setdefault(figure.village, {})[figure.measure] = {
            grade: (Decimal(str(value)), count)
            for (grade, value), count in zip(sorted(figure.mix.items()), rows, strict=False)
        }
    return dict(graded)


def frozen_counts(*, release: Release) -> dict[str, int]:
    """Return how many rows each measure of a release was made of."""
    rows = FrozenRow.objects.filter(release=release).values("measure").annotate(count=Count("id"))
    return {row["measure"]: row["count"] for row in rows}
