"""The bulletin as a paper."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate

from fourdoors.engines.papers import print_paper
from fourdoors.engines.pictures import counties, county_map, for_paper, legend_of, nice_breaks
from fourdoors.kernel.divisions import GANSU, divisions_in
from fourdoors.kernel.money import in_millions, in_wan
from fourdoors.statistics.models import Release
from fourdoors.statistics.rules import (
    Figure,
    Paragraph,
    Table,
    all_measures,
    bulletin_words,
    day_words,
    said_in,
    sentence_of,
)
from fourdoors.statistics.selectors.public import (
    Bulletin,
    Published,
    bulletin,
    name_of,
    published,
    short_name_of,
)
from fourdoors.statistics.services.errors import NotSignedError

LANGUAGES = ("zh", "en")


def bulletin_paper(*, release: Release, language: str, site: str = "") -> bytes:
    """Print the bulletin of a signed release as PDF; the same release gives the same bytes.

    Args:
        release: signed; only what everybody may read is printed.
        language: ``zh`` or ``en``.
        site: address of the site, to which the notes point (``https://example.org``); blank: to none.

    Raises:
        NotSignedError: nobody has signed it.
    """
    figures = published(release.number)
    if figures is None or release.signed_at is None:
        raise NotSignedError(number=release.number)
    made = bulletin(figures, language=language)
    drawn, legend = _map(figures, language)
    values = {
        "title": made.title,
        "issuer": made.issuer,
        "number": said_in(language, "number", number=release.number),
        "released_on": day_words(localdate(release.signed_at), language),
        "release_hash": release.hash,
        "demonstration": release.invented,
        "sections": _sections(made, legend, language),
        "notes": _notes(language, site),
    }
    return print_paper("bulletin", values, language=language, at=release.signed_at, pictures={"map": drawn})


def _sections(made: Bulletin, legend: list[dict[str, str]], language: str) -> list[dict[str, Any]]:
    sections: list[dict[str, Any]] = [
        {"heading": one.heading, "paragraphs": [_parts(paragraph) for paragraph in one.paragraphs]}
        for one in made.sections
    ]
    picture = {"name": "map", "caption": said_in(language, "map", "caption"), "width": 88, "legend": legend}
    tables = [_table(made.places), _table(made.reported)]
    sections.append({"heading": said_in(language, "annex"), "pictures": [picture], "tables": tables})
    return sections


def _parts(paragraph: Paragraph) -> list[str | dict[str, str]]:
    return [
        {"figure": part.words, "note": part.measure} if isinstance(part, Figure) else part
        for part in paragraph
    ]


def _table(table: Table) -> dict[str, Any]:
    return {
        "caption": table.caption,
        "columns": table.columns,
        "rows": table.rows,
        "total": table.total,
    }


def _notes(language: str, site: str) -> dict[str, dict[str, str]]:
    """Return the definition of every measure, with the address of its page where the site is known."""
    return {
        name: {
            "words": said_in(
                language, "note", title=one.title.to(language), definition=one.definition.to(language)
            ),
            "address": f"{site.rstrip('/')}/definitions/#{name}" if site else "",
        }
        for name, one in all_measures().items()
    }


def _map(figures: Published, language: str) -> tuple[bytes, list[dict[str, str]]]:
    """Draw the counties; a hidden one looks as one of which nothing is known."""
    measure = all_measures()[bulletin_words()["map"]["measure"]]
    values = _known(figures.counties(measure.name))
    classes = nice_breaks(values.values())
    english = language.startswith("en")
    drawn = county_map(
        counties(),
        values,
        classes=classes,
        labels={one.code: short_name_of(one.code, language) for one in divisions_in(GANSU)},
        names={code: name_of(code, language) for code in values},
        title=said_in(language, "map", "caption"),
        desc=sentence_of(measure, figures.value(measure.name, GANSU), language),
    )
    legend = legend_of(
        classes,
        say=lambda limit: in_millions(round(limit)) if english else in_wan(round(limit)),
        under=said_in(language, "map", "under"),
        over=said_in(language, "map", "over"),
        nothing=said_in(language, "map", "nothing") if len(values) < len(counties()) else "",
    )
    return for_paper(drawn), [{"colour": step.colour, "words": step.words} for step in legend]


def _known(values: Mapping[int, Decimal | None]) -> dict[int, float]:
    return {code: float(value) for code, value in values.items() if value is not None}
