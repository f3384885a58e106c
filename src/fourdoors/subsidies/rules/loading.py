"""From the text of a policy file to its shapes; anything unknown is refused with its place."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar, TypeVar

import yaml

from fourdoors.kernel.divisions import level_of
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.money import FEN_PER_YUAN
from fourdoors.kernel.periods import Window
from fourdoors.subsidies.rules.shapes import (
    SHAPES,
    Amount,
    Base,
    ByCertificateLevel,
    ByHouseholdIncome,
    ByRing,
    Conditions,
    Fixed,
    Frequency,
    Kind,
    Months,
    Part,
    Payee,
    PctOfFreight,
    PctOfIncome,
    PctOfTicket,
    PerCoach,
    PerDay,
    PerHead,
    PerHeadByBatch,
    PerHeadByMonths,
    PerMonth,
    Policy,
    Reach,
    RouteStep,
    Row,
    Source,
    UpTo,
    UpToPctOfPay,
    Where,
    Words,
)

_E = TypeVar("_E", bound=StrEnum)
_KEYS = frozenset(
    {
        "key", "records", "title", "kind", "division", "place_words", "document", "sources", "in_force",
        "payee", "classes", "where", "parts", "caps", "conditions", "frequency", "evidence", "route",
        "payer", "conflicts_with", "note",
    }
)  # fmt: skip
_CONDITIONS = frozenset(
    {"min_months", "months", "min_age", "min_heads", "needs", "excludes", "max_per_household", "min_grade"}
)


class PolicyUnsoundError(RuleError):
    """A policy file does not say what it should (values: ``key``, ``place``)."""

    code: ClassVar[str] = "policy_unsound"


@lru_cache(maxsize=256)
def read_policy(text: str) -> Policy:
    """Read a policy file.

    Amounts are written in whole yuan and held in fen; days as ISO dates; every list may be left out.

    Raises:
        PolicyUnsoundError: a key is unknown, missing or of the wrong kind; ``place`` names it.
    """
    data = yaml.safe_load(text)
    if not isinstance(data, dict) or not isinstance(data.get("key"), str):
        raise PolicyUnsoundError(key="?", place="key")
    file = _File(data["key"], data)
    file.only(data, _KEYS, "")
    return Policy(
        key=data["key"],
        records=file.codes("records"),
        title=file.words("title"),
        kind=file.choice("kind", Kind, Kind.GRANT),
        division=file.division(),
        place_words=str(data.get("place_words") or ""),
        document=file.words("document"),
        sources=file.sources(),
        in_force=file.window(data.get("in_force"), "in_force"),
        payee=file.choice("payee", Payee, Payee.WORKER),
        classes=file.codes("classes") or ("any",),
        where=file.choice("where", Where, Where.ANYWHERE),
        parts=file.parts(),
        caps=file.rows(data.get("caps", []), "caps"),
        conditions=file.conditions(),
        frequency=file.choice("frequency", Frequency, Frequency.ONCE),
        evidence=file.codes("evidence"),
        route=file.route(),
        payer=file.payer(),
        conflicts_with=file.codes("conflicts_with"),
        note=file.words("note") if "note" in data else None,
    )


class _File:
    """One file being read: knows its key, so that every refusal names the place."""

    def __init__(self, key: str, data: Mapping[str, Any]) -> None:
        self.key, self.data = key, data

    def refuse(self, place: str) -> PolicyUnsoundError:
        return PolicyUnsoundError(key=self.key, place=place)

    def only(self, data: Mapping[str, Any], known: frozenset[str] | set[str], place: str) -> None:
        if not isinstance(data, dict):
            raise self.refuse(place)
        for name in data:
            if name not in known:
                raise self.refuse(f"{place}.{name}".lstrip("."))

    def choice(self, name: str, kind: type[_E], usual: _E) -> _E:
        return self.one_of(kind, self.data.get(name, usual), name)

    def one_of(self, kind: type[_E], value: object, place: str) -> _E:
        try:
            return kind(str(value))
        except ValueError:
            raise self.refuse(place) from None

    def codes(self, name: str) -> tuple[str, ...]:
        found = self.data.get(name, [])
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            raise self.refuse(name)
        return tuple(found)

    def words(self, name: str) -> Words:
        said = self.data.get(name)
        if not isinstance(said, dict) or not said.get("zh") or not said.get("en"):
            raise self.refuse(name)
        return Words(zh=str(said["zh"]), en=str(said["en"]))

    def division(self) -> int | None:
        code = self.data.get("division")
        if code is None:
            return None
        try:
            level_of(int(code))
        except (TypeError, ValueError):
            raise self.refuse("division") from None
        return int(code)

    def sources(self) -> tuple[Source, ...]:
        found = self.data.get("sources")
        if not isinstance(found, list) or not found:
            raise self.refuse("sources")
        for number, source in enumerate(found):
            self.only(source, {"mark", "address"}, f"sources[{number}]")
        return tuple(Source(str(s["mark"]), str(s.get("address") or "")) for s in found)

    def window(self, said: object, place: str) -> Window:
        if not isinstance(said, dict):
            raise self.refuse(place)
        self.only(said, {"from", "to"}, place)
        first, last = said.get("from"), said.get("to")
        if not isinstance(first, date) or not isinstance(last, date | None):
            raise self.refuse(place)
        if last is not None and last < first:
            raise self.refuse(place)
        return Window(first, last)

    def whole(self, value: object, place: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.refuse(place)
        return value

    def fen(self, value: object, place: str) -> int:
        return self.whole(value, place) * FEN_PER_YUAN

    def steps(self, said: object, place: str) -> tuple[tuple[int, int], ...]:
        if not isinstance(said, dict) or not said:
            raise self.refuse(place)
        pairs = [(self.whole(at, place), self.fen(yuan, place)) for at, yuan in said.items()]
        return tuple(sorted(pairs))

    def rows(self, said: object, place: str) -> tuple[Row, ...]:
        if not isinstance(said, list):
            raise self.refuse(place)
        return tuple(self.row(row, f"{place}[{number}]") for number, row in enumerate(said))

    def row(self, said: Any, place: str) -> Row:
        self.only(said, {"reach", "places", "yuan"}, place)
        reach = self.one_of(Reach, said["reach"], place) if "reach" in said else None
        places = tuple(self.whole(code, place) for code in said.get("places", []))
        return Row(fen=self.fen(said.get("yuan"), place), reach=reach, places=places)

    def parts(self) -> tuple[Part, ...]:
        found = self.data.get("parts", [])
        if not isinstance(found, list):
            raise self.refuse("parts")
        return tuple(self.part(part, f"parts[{number}]") for number, part in enumerate(found))

    def part(self, said: Any, place: str) -> Part:
        self.only(said, {"window", "amount"}, place)
        window = self.window(said["window"], f"{place}.window") if said.get("window") else None
        return Part(amount=self.amount(said.get("amount"), f"{place}.amount"), window=window)

    def amount(self, said: Any, place: str) -> Amount:
        shape = SHAPES.get(str(said.get("shape"))) if isinstance(said, dict) else None
        if shape is None:
            raise self.refuse(place)
        fields, read = _READERS[shape]
        self.only(said, {"shape", *fields}, place)
        try:
            return read(self, said, place)
        except KeyError as missing:
            raise self.refuse(f"{place}.{missing.args[0]}") from None

    def conditions(self) -> Conditions:
        said = self.data.get("conditions", {})
        self.only(said, _CONDITIONS, "conditions")
        nested = _File(self.key, said)
        most = said.get("max_per_household")
        return Conditions(
            min_months=self.whole(said.get("min_months", 0), "conditions.min_months"),
            months=nested.choice("months", Months, Months.CONTINUOUS),
            min_age=said.get("min_age"),
            min_heads=self.whole(said.get("min_heads", 0), "conditions.min_heads"),
            needs=nested.codes("needs"),
            excludes=nested.codes("excludes"),
            min_grade=nested.choice("min_grade", Grade, Grade.D),
            max_per_household=most if most is None else self.whole(most, "conditions.max_per_household"),
        )

    def route(self) -> tuple[RouteStep, ...]:
        found = self.data.get("route", [])
        if not isinstance(found, list):
            raise self.refuse("route")
        for number, step in enumerate(found):
            self.only(step, {"step", "notice_days"}, f"route[{number}]")
        return tuple(RouteStep(str(s.get("step")), s.get("notice_days")) for s in found)

    def payer(self) -> tuple[tuple[str, str], ...]:
        said = self.data.get("payer", {})
        if not isinstance(said, dict):
            raise self.refuse("payer")
        return tuple((str(name), str(payer)) for name, payer in said.items())


_Reader = Callable[[_File, Mapping[str, Any], str], Amount]
_READERS: dict[type[Amount], tuple[tuple[str, ...], _Reader]] = {
    Fixed: (("yuan",), lambda f, s, p: Fixed(f.fen(s["yuan"], p))),
    PctOfTicket: (
        ("percent", "ticket"),
        lambda f, s, p: PctOfTicket(f.whole(s["percent"], p), str(s["ticket"])),
    ),
    PctOfIncome: (
        ("percent", "base"),
        lambda f, s, p: PctOfIncome(f.whole(s["percent"], p), f.one_of(Base, s["base"], p)),
    ),
    ByRing: (("rows",), lambda f, s, p: ByRing(f.rows(s["rows"], p))),
    PerHead: (("yuan",), lambda f, s, p: PerHead(f.fen(s["yuan"], p))),
    PerHeadByMonths: (("steps",), lambda f, s, p: PerHeadByMonths(f.steps(s["steps"], p))),
    PerHeadByBatch: (("steps",), lambda f, s, p: PerHeadByBatch(f.steps(s["steps"], p))),
    PerMonth: (
        ("yuan", "max_months"),
        lambda f, s, p: PerMonth(f.fen(s["yuan"], p), s.get("max_months")),
    ),
    PerDay: (("yuan",), lambda f, s, p: PerDay(f.fen(s["yuan"], p))),
    ByCertificateLevel: (("steps",), lambda f, s, p: ByCertificateLevel(f.steps(s["steps"], p))),
    ByHouseholdIncome: (
        ("steps",),
        lambda f, s, p: ByHouseholdIncome(
            tuple((at * FEN_PER_YUAN, fen) for at, fen in f.steps(s["steps"], p))
        ),
    ),
    PctOfFreight: (("percent",), lambda f, s, p: PctOfFreight(f.whole(s["percent"], p))),
    PerCoach: (
        ("low_yuan", "high_yuan"),
        lambda f, s, p: PerCoach(f.fen(s["low_yuan"], p), f.fen(s["high_yuan"], p)),
    ),
    UpTo: (("yuan",), lambda f, s, p: UpTo(f.fen(s["yuan"], p))),
    UpToPctOfPay: (("percent",), lambda f, s, p: UpToPctOfPay(f.whole(s["percent"], p))),
}
