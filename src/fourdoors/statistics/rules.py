"""What a published number is: a named measure with its definition, unit, source and one SQL file."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml


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


@dataclass(frozen=True)
class Measure:
    """One named number.

    Attributes:
        name: of the SQL file, and the anchor in docs/numbers.md.
        title, unit, definition: in both languages; an amount of money is counted in fen and named in yuan.
        source: where the definition comes from.
        reported: what the report of 11 November 2020 says, in the unit; None where it says nothing.
        kind: how it adds up.
        table: what a row is (``worker``, ``spell``, ``letter`` ...), for the last step of the drill.
        parts: numerator and denominator of a ratio.
        trend: counted to the end of every month too.
        sql: rows as ``village, object_id, value, grade``, for ``%(from_on)s`` to ``%(to_on)s`` inclusive.
    """

    name: str
    title: Words
    unit: Words
    definition: Words
    source: str
    reported: Decimal | None
    kind: MeasureKind
    table: str
    parts: tuple[str, str] | None
    trend: bool
    sql: str

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
        source=head["source"],
        reported=Decimal(str(head["reported"])) if "reported" in head else None,
        kind=kind,
        table=head.get("table", ""),
        parts=parts,
        trend=head.get("trend", False),
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
