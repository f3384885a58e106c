"""What a published number is: a named measure with its definition, unit, source and one SQL file."""

import hashlib
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml

from fourdoors.kernel.money import in_millions, in_wan


class MeasureKind(StrEnum):
    """How a measure adds up."""

    COUNT = "count"  # every row is one
    SUM = "sum"  # rows carry an amount
    RATIO = "ratio"  # one measure divided by another; never added up


@dataclass(frozen=True)
class Words:
    """The same in both languages."""

    zh: str
    en: str

    def to(self, language: str) -> str:
        """Return the words for a reader of a language; every one but English is given Chinese."""
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True)
class Measure:
    """One named number.

    Attributes:
        name: of the SQL file, and the anchor in docs/numbers.md.
        title, unit, definition: in both languages; an amount of money is counted in fen and named in yuan.
        source: where the definition comes from, in both languages.
        reported: what the report of 11 November 2020 says, in the unit; None where it says nothing.
        kind: how it adds up.
        table: what a row is (``worker``, ``spell``, ``letter`` ...), for the last step of the drill.
        parts: numerator and denominator of a ratio.
        within: the measure that counts all the same people and others, where to be among the others tells
            something of a household; blank elsewhere.
        trend: counted to the end of every month too.
        province_only: a deed of the province itself, never divided among its places.
        sql: rows as ``village, object_id, value, grade``, for ``%(from_on)s`` to ``%(to_on)s`` inclusive.
    """

    name: str
    title: Words
    unit: Words
    definition: Words
    source: Words
    reported: Decimal | None
    kind: MeasureKind
    table: str
    parts: tuple[str, str] | None
    within: str
    trend: bool
    province_only: bool
    sql: str

    @property
    def is_money(self) -> bool:
        """Tell whether values are fen."""
        return self.unit.en == "yuan"

    @property
    def is_share(self) -> bool:
        """Tell whether values are shares in [0, 1]."""
        return self.unit.en == "%"

    @property
    def definition_hash(self) -> str:
        """Return the SHA-256 of definition and SQL: a release pins what its figures meant."""
        return hashlib.sha256(f"{self.definition.zh}\n{self.definition.en}\n{self.sql}".encode()).hexdigest()


def read_measure(name: str, text: str) -> Measure:
    """Read one file: a YAML head in SQL comments, then the query.

    Raises:
        ValueError: the head lacks something, or a ratio has a query, or another kind has none.
    """
    lines = text.splitlines()
    head = yaml.safe_load("\n".join(line.removeprefix("--")[1:] for line in lines if line.startswith("--")))
    sql = "\n".join(line for line in lines if not line.startswith("--")).strip().rstrip(";")
    kind = MeasureKind(head["kind"])
    parts = tuple(head["parts"]) if kind is MeasureKind.RATIO else None
    if bool(sql) is (kind is MeasureKind.RATIO):
        message = f"{name}: a ratio is made of two measures, every other kind of one query"
        raise ValueError(message)
    return Measure(
        name=name,
        title=Words(**head["title"]),
        unit=Words(**head["unit"]),
        definition=Words(**head["definition"]),
        source=Words(**head["source"]),
        reported=Decimal(str(head["reported"])) if "reported" in head else None,
        kind=kind,
        table=head.get("table", ""),
        parts=parts,
        within=head.get("within", ""),
        trend=head.get("trend", False),
        province_only=head.get("level") == "province",
        sql=sql,
    )


@cache
def all_measures() -> dict[str, Measure]:
    """Return every measure by name, in the order in which pages list them."""
    folder = files("fourdoors.statistics") / "measures"
    found = {
        path.name.removesuffix(".sql"): path.read_text()
        for path in folder.iterdir()
        if path.name.endswith(".sql")
    }
    order = yaml.safe_load((folder / "order.yaml").read_text())
    missing = set(found) ^ set(order)
    if missing:
        message = f"order.yaml and the folder differ: {sorted(missing)}"
        raise ValueError(message)
    return {name: read_measure(name, found[name]) for name in order}


@cache
def all_breakdowns() -> dict[str, str]:
    """Return every breakdown by name: rows as ``village, key, value``."""
    folder = files("fourdoors.statistics") / "breakdowns"
    return {
        path.name.removesuffix(".sql"): path.read_text().strip().rstrip(";")
        for path in sorted(folder.iterdir(), key=lambda path: path.name)
        if path.name.endswith(".sql")
    }


def shown(measure: Measure, value: Decimal | None, language: str) -> tuple[str, str]:
    """Return number and unit as a reader expects them: 万 and 亿 in Chinese, million and billion in English.

    Args:
        measure: says what the value counts.
        value: persons, fen or a share; None is a dash.
        language: ``en``, or anything else for Chinese.

    >>> persons = all_measures()["transferred_persons"]
    >>> shown(persons, Decimal(5_260_000), "zh"), shown(persons, Decimal(5_260_000), "en")
    (('526', '万人'), ('5.26', 'million persons'))
    """
    if value is None:
        return "–", ""
    if measure.is_share:
        return f"{(value * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}", "%"
    whole = int((value / 100 if measure.is_money else value).quantize(Decimal(1), ROUND_HALF_UP))
    english = language.startswith("en")
    number, scale = _PARTS.fullmatch(in_millions(whole) if english else in_wan(whole)).groups()  # type: ignore[union-attr]
    unit = measure.unit.to(language)
    if not english:
        return number, scale + unit
    return number, f"{scale} {unit.removesuffix('s') if number == '1' and not scale else unit}".strip()


_PARTS = re.compile(r"(-?[0-9.,]+) ?(.*)")


def sentence_of(measure: Measure, value: Decimal | None, language: str) -> str:
    """Return number and unit in one piece: ``526万人``, ``73.5%``, ``5.26 million persons``."""
    number, unit = shown(measure, value, language)
    space = " " if language.startswith("en") and unit not in ("", "%") else ""
    return f"{number}{space}{unit}"
