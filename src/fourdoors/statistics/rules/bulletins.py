"""The bulletin: sentences of both languages filled with figures, tables, and what is left out."""

import re
from calendar import month_name
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from fourdoors.statistics.rules.measures import Measure, Words, all_measures, sentence_of

_FIGURE = re.compile(r"\{([^}]+)\}")
_MIX = re.compile(r"([ABCD](?:\+[ABCD])*) of (\w+)")
Mixes = Mapping[str, Mapping[str, float]]  # measure -> evidence grade -> share in [0, 1]


@dataclass(frozen=True)
class Figure:
    """A number inside a sentence, with the measure that explains it."""

    words: str
    measure: str


Part = str | Figure
Paragraph = list[Part]


@dataclass(frozen=True)
class Section:
    """A heading and its paragraphs."""

    heading: str
    paragraphs: list[Paragraph]


@dataclass(frozen=True)
class Table:
    """Rows of words under their columns.

    Attributes:
        caption: what the table shows.
        columns: their headings; the first is of the name of the row.
        measures: name of the measure of each further column, or of each row where the columns have none.
        keys: of each row: the code of a division, or 0.
        rows: words, the name first.
        total: the last row is the sum.
    """

    caption: str
    columns: list[str]
    measures: list[str]
    keys: list[int]
    rows: list[list[str]]
    total: bool = False


@dataclass(frozen=True)
class Place:
    """A row of the table by place.

    Attributes:
        code: 12-digit division.
        name: in the reader's language.
        values: by measure; None where hidden, or where there is nothing to divide by.
        hidden: the measures that are kept back.
    """

    code: int
    name: str
    values: Mapping[str, Decimal | None]
    hidden: frozenset[str] = frozenset()


@cache
def bulletin_words() -> dict[str, Any]:
    """Return the words of the bulletin in both languages."""
    text = (files("fourdoors.statistics") / "bulletins" / "monthly.yaml").read_text()
    words: dict[str, Any] = yaml.safe_load(text)
    return words


def said_in(language: str, *keys: str, **values: object) -> str:
    """Return words of the bulletin by their place in the file, with their values filled in."""
    found: Any = bulletin_words()
    for key in keys:
        found = found[key]
    text = Words(**found).to(language)
    return text.format(**values) if values else text


def day_words(on: date, language: str) -> str:
    """Return a day in full: 2020年10月31日, or 31 October 2020."""
    if language.startswith("en"):
        return f"{on.day} {month_name[on.month]} {on.year}"
    return f"{on.year}年{on.month}月{on.day}日"


def period_words(from_on: date, to_on: date, language: str) -> str:
    """Return a period of whole months of one year in words, any other by its days.

    >>> period_words(date(2020, 1, 1), date(2020, 10, 31), "zh")
    '2020年1—10月'
    >>> period_words(date(2020, 1, 1), date(2020, 10, 31), "en")
    'January to October 2020'
    """
    english = language.startswith("en")
    whole = from_on.day == 1 and (to_on + timedelta(days=1)).day == 1 and from_on.year == to_on.year
    if not whole:
        first, last = day_words(from_on, language), day_words(to_on, language)
        return f"{first} to {last}" if english else f"{first}至{last}"
    if from_on.month == to_on.month:
        return f"{month_name[to_on.month]} {to_on.year}" if english else f"{to_on.year}年{to_on.month}月"
    if english:
        return f"{month_name[from_on.month]} to {month_name[to_on.month]} {to_on.year}"
    return f"{to_on.year}年{from_on.month}—{to_on.month}月"


def compose(
    *, to_on: date, values: Mapping[str, Decimal | None], mixes: Mixes, language: str
) -> list[Section]:
    """Write the sections of the bulletin.

    Args:
        to_on: last day counted.
        values: figures of the province by measure: persons, fen or shares; None is hidden or not counted.
        mixes: evidence behind them.
        language: ``en``, or anything else for Chinese.

    Returns:
        Sections with something to say. A sentence is left out where one of its figures is None or nothing.
    """
    told: list[Section] = []
    for section in bulletin_words()["sections"]:
        paragraphs = [
            _joined(said, language)
            for paragraph in section["paragraphs"]
            if (said := [parts for one in paragraph if (parts := _said(one, to_on, values, mixes, language))])
        ]
        if paragraphs:
            heading = Words(**section["heading"]).to(language)
            told.append(Section(_numbered(len(told), heading, language), paragraphs))
    return told


def _numbered(at: int, heading: str, language: str) -> str:
    """Count the sections that are told: 一、总体情况, or 1. Overview."""
    numeral = said_in(language, "numerals").split()[at]
    return f"{numeral} {heading}" if language.startswith("en") else f"{numeral}{heading}"


def _joined(sentences: Sequence[list[Part]], language: str) -> Paragraph:
    space = [" "] if language.startswith("en") else []
    joined: Paragraph = list(sentences[0])
    for sentence in sentences[1:]:
        joined += [*space, *sentence]
    return joined


def _said(
    sentence: Mapping[str, str],
    to_on: date,
    values: Mapping[str, Decimal | None],
    mixes: Mixes,
    language: str,
) -> list[Part]:
    parts: list[Part] = []
    for at, piece in enumerate(_FIGURE.split(Words(**sentence).to(language))):
        if at % 2 == 0:
            parts.append(piece)
        elif piece == "last_day":
            parts.append(day_words(to_on, language))
        else:
            figure = _figure(piece, values, mixes, language)
            if figure is None:
                return []
            parts.append(figure)
    return [part for part in parts if part]


def _figure(piece: str, values: Mapping[str, Decimal | None], mixes: Mixes, language: str) -> Figure | None:
    if found := _MIX.fullmatch(piece):
        grades, name = found[1].split("+"), found[2]
        if not mixes.get(name):
            return None
        share = sum((Decimal(str(mixes[name].get(grade, 0))) for grade in grades), Decimal(0))
        return Figure(f"{(share * 100).quantize(Decimal(1), ROUND_HALF_UP)}%", name)
    value = values.get(piece)
    return Figure(sentence_of(all_measures()[piece], value, language), piece) if value else None


def figures_of(sentence: str) -> set[str]:
    """Return what a sentence of the bulletin asks for."""
    return set(_FIGURE.findall(sentence))


def place_table(places: Sequence[Place], whole: Place, *, language: str) -> Table:
    """Return the table by place, the whole of it as the last row; a hidden value is three dots."""
    measures = [all_measures()[name] for name in bulletin_words()["tables"]["places"]["measures"]]
    last = replace(whole, name=said_in(language, "tables", "places", "whole"))
    rows = [
        [place.name, *(_bare(measure, place, language) for measure in measures)] for place in (*places, last)
    ]
    return Table(
        caption=said_in(language, "tables", "places", "caption"),
        columns=[
            said_in(language, "tables", "places", "place"),
            *(said_in(language, "tables", "places", "measures", one.name) for one in measures),
        ],
        measures=[one.name for one in measures],
        keys=[place.code for place in (*places, last)],
        rows=rows,
        total=True,
    )


def _bare(measure: Measure, place: Place, language: str) -> str:
    """Return a number whose unit stands in the heading of its column."""
    said = _told(measure, place, language)
    return said if measure.is_share else said.removesuffix(measure.unit.to(language)).strip()


def reported_table(whole: Place, *, language: str) -> Table:
    """Return this release beside what the press reported in 2020, said to be no figures of ours."""
    rows, names = [], []
    for measure, reported in _reported():
        there = sentence_of(measure, reported, language)
        rows.append([measure.title.to(language), _told(measure, whole, language), there])
        names.append(measure.name)
    columns = [said_in(language, "tables", "reported", key) for key in ("measure", "here", "there")]
    caption = said_in(language, "tables", "reported", "caption")
    return Table(caption=caption, columns=columns, measures=names, keys=[0] * len(rows), rows=rows)


def _told(measure: Measure, place: Place, language: str) -> str:
    if measure.name in place.hidden:
        return said_in(language, "hidden")
    return sentence_of(measure, place.values.get(measure.name), language)


def _reported() -> Iterator[tuple[Measure, Decimal]]:
    for measure in all_measures().values():
        if measure.reported is not None:
            yield measure, measure.reported * (100 if measure.is_money else 1)


def measures_in(sections: Iterable[Section]) -> list[str]:
    """Return the measures that the sections name, each once, in the order of reading."""
    parts = (part for section in sections for paragraph in section.paragraphs for part in paragraph)
    return list(dict.fromkeys(part.measure for part in parts if isinstance(part, Figure)))
