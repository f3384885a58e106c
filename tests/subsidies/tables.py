"""The officer-readable tables of ``tests/policies/``: a situation in, an amount or reasons out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from fourdoors.kernel.evidence import Grade
from fourdoors.subsidies.rules import (
    IncomeFact,
    Policy,
    Situation,
    SpellFact,
    StatusFact,
    TicketFact,
    read_policy,
)

TABLES = Path(__file__).parents[1] / "policies"


@cache
def policy_of(key: str) -> Policy:
    """Read one of the policies that we ship."""
    return read_policy((files("fourdoors.subsidies") / "policies" / f"{key}.yaml").read_text())


@dataclass(frozen=True)
class Case:
    """One row of a table."""

    name: str
    policy: Policy
    period: str
    on: date
    situation: Situation
    heads: int
    gives_fen: int
    refused: tuple[str, ...]
    payer: str | None
    lines: tuple[str, ...]


def cases() -> Iterator[Case]:
    """Yield every case of every table."""
    for path in sorted(TABLES.glob("*.yaml")):
        table = yaml.safe_load(path.read_text())
        for row in table["cases"]:
            yield _case(table, {**{k: v for k, v in table.items() if k != "cases"}, **row})


def _case(table: Mapping[str, Any], row: Mapping[str, Any]) -> Case:
    assert ("gives" in row) != ("refused" in row), row["name"]
    return Case(
        name=f"{table['policy']}: {row['name']}",
        policy=policy_of(table["policy"]),
        period=str(row["period"]),
        on=row["asked_on"],
        situation=Situation(
            worker=1,
            home=row["home"],
            born_on=row.get("born_on", date(1988, 4, 9)),
            statuses=_statuses(row),
            spells=tuple(_spell(number, spell) for number, spell in enumerate(row["spells"], start=1)),
        ),
        heads=row.get("heads", 0),
        gives_fen=_fen(row.get("gives", 0)),
        refused=tuple(row.get("refused", ())),
        payer=row.get("payer"),
        lines=tuple(row.get("lines", ())),
    )


def _statuses(row: Mapping[str, Any]) -> tuple[StatusFact, ...]:
    kind = row.get("class")
    return (StatusFact(1, kind, date(2014, 1, 1), None, Grade.B),) if kind else ()


def _spell(number: int, said: Mapping[str, Any]) -> SpellFact:
    proven = [(month, yuan, Grade.B) for month, yuan in said.get("incomes", {}).items()]
    spoken = [(month, yuan, Grade.D) for month, yuan in said.get("said", {}).items()]
    return SpellFact(
        number=number,
        place=said["place"],
        left_on=said["left_on"],
        from_on=said["left_on"],
        ended_on=said.get("ended_on"),
        carried=said.get("carried", False),
        employer=said.get("employer", 7),
        grade=Grade(said.get("grade", "B")),
        contract_signed=said.get("contract"),
        broker=said.get("broker"),
        incomes=tuple(
            IncomeFact(
                100 * number + n, date.fromisoformat(f"{month}-01"), _fen(yuan), grade <= Grade.B, grade
            )
            for n, (month, yuan, grade) in enumerate(proven + spoken)
        ),
        tickets=(TicketFact(number, "one_way", _fen(said["ticket"]), Grade.B),) if "ticket" in said else (),
    )


def _fen(yuan: object) -> int:
    return int((Decimal(str(yuan)) * 100).to_integral_exact())
