"""What everybody may read: the publication of a signed release, and the bulletin made of it."""

from dataclasses import dataclass
from decimal import Decimal

from fourdoors.kernel.divisions import GANSU, Level, divisions_in, find_division, level_of, plain_name
from fourdoors.statistics.models import Publication, Release
from fourdoors.statistics.rules import (
    Mixes,
    Place,
    Section,
    Table,
    all_measures,
    compose,
    period_words,
    place_table,
    reported_table,
    said_in,
)


@dataclass(frozen=True)
class Published:
    """The published figures of one release."""

    release: Release
    figures: dict[str, dict[str, int | None]]
    mixes: Mixes

    def value(self, measure: str, division: int) -> Decimal | None:
        """Return persons, fen or a share; None where it is hidden, or where there is nothing to divide by."""
        parts = all_measures()[measure].parts
        if parts:
            above, below = (self.value(part, division) for part in parts)
            return above / below if above is not None and below else None
        found = self.figures.get(measure, {}).get(str(division), 0)
        return None if found is None else Decimal(found)

    def is_hidden(self, measure: str, division: int) -> bool:
        """Tell whether a number is kept back because too few people are behind it."""
        names = all_measures()[measure].parts or (measure,)
        return any(self.figures.get(name, {}).get(str(division), 0) is None for name in names)

    def values(self, division: int) -> dict[str, Decimal | None]:
        """Return every figure of one division."""
        return {name: self.value(name, division) for name in all_measures()}

    def counties(self, measure: str) -> dict[int, Decimal | None]:
        """Return one figure of every county that has any."""
        names = all_measures()[measure].parts or (measure,)
        codes = {int(code) for name in names for code in self.figures.get(name, {})}
        return {code: self.value(measure, code) for code in sorted(codes) if level_of(code) is Level.COUNTY}


def published(number: str = "") -> Published | None:
    """Return the published figures of a release, or of the latest signed one; None where there is none."""
    found = Publication.objects.select_related("release__frozen_by", "release__signed_by")
    found = found.filter(release__number=number) if number else found
    latest = found.order_by("-release__to_on", "-release__signed_at").first()
    return Published(latest.release, latest.figures, latest.mix) if latest else None


def published_numbers() -> list[str]:
    """Return the numbers of the releases that everybody may read, the newest first."""
    found = Publication.objects.order_by("-release__to_on", "-release__signed_at")
    return list(found.values_list("release__number", flat=True))


@dataclass(frozen=True)
class Bulletin:
    """A bulletin in one language: words and figures, without a page or a paper."""

    title: str
    issuer: str
    sections: list[Section]
    places: Table
    reported: Table


def bulletin(figures: Published, *, language: str) -> Bulletin:
    """Write the bulletin of a release out of its published figures."""
    release, whole = figures.release, _place(figures, GANSU, language)
    places = [_place(figures, one.code, language) for one in divisions_in(GANSU)]
    period = period_words(release.from_on, release.to_on, language)
    return Bulletin(
        title=said_in(language, "title", period=period),
        issuer=said_in(language, "issuer"),
        sections=compose(to_on=release.to_on, values=whole.values, mixes=figures.mixes, language=language),
        places=place_table(places, whole, language=language),
        reported=reported_table(whole, language=language),
    )


def _place(figures: Published, code: int, language: str) -> Place:
    hidden = frozenset(name for name in all_measures() if figures.is_hidden(name, code))
    return Place(code, name_of(code, language), figures.values(code), hidden)


def name_of(division: int, language: str) -> str:
    """Return the name of a division in a language."""
    found = find_division(division)
    if found is None:
        return str(division)
    return found.name_pinyin if language.startswith("en") else found.name


def short_name_of(division: int, language: str) -> str:
    """Return the name of a division without its kind word, for a map."""
    found = find_division(division)
    if found is None:
        return str(division)
    if language.startswith("en"):
        return found.name_pinyin.split(" ")[0]
    return plain_name(found.name, found.level)
