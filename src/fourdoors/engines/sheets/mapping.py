"""A foreign file read by a mapping: which column feeds which key, and how, as data without code.

The language of a mapping file is small on purpose; ``docs/algorithms/mappings.md`` shows it whole. A cell
has exactly one source (``from``, ``constant``, ``join``, ``template``, ``times``, ``rate``, ``cases``,
``fault``), then at most one conversion (``date``, ``values``), then at most one check (``between``,
``required``).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import yaml

from fourdoors.engines.sheets.columns import HEADER_ROWS, Row, plain_title
from fourdoors.engines.sheets.errors import MappingMisfitError, MappingUnsoundError
from fourdoors.engines.sheets.forms import FORMS
from fourdoors.engines.sheets.workbook import Line, Sheet

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_SOURCES = ("from", "constant", "join", "template", "times", "rate", "rate_as_of", "cases", "fault")
_WORDS = {*_SOURCES, "when", "with", "date", "values", "between", "required", "round"}
_TOP = {"name", "title", "origin", "target", "rates", "reasons", "refuse", "cells", "ordered"}

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rate:
    """A number that turns one unit into another, with its day and its source."""

    value: Fraction
    as_of: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row, or one cell of it, cannot be taken.

    Attributes:
        key: The key of the cell, blank where it is the row.
        code: ``blank``, ``no_number``, ``no_date``, ``unknown_value``, ``out_of_range``, ``out_of_order``,
            or a code that the mapping explains under ``reasons``.
        text: What stood there.
    """

    key: str
    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class MappedRow(Row):
    """A row of the foreign file in our keys, with what is wrong with it."""

    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """A mapping file that has been read and found sound.

    Attributes:
        name: Its name, kept as the source of every row.
        title: For people.
        origin: Where such files come from and under which terms.
        target: Key of the form it feeds.
        rates: By name.
        reasons: Code to words by language (``en``, ``zh``), for the codes of its own.
        refuse: Pairs of a condition and the code of the reason.
        cells: Key to rule.
        ordered: Pairs of keys of dates, the first not after the second.
    """

    name: str
    title: str
    origin: str
    target: str
    rates: Mapping[str, Rate]
    reasons: Mapping[str, Mapping[str, str]]
    refuse: tuple[tuple[Mapping[str, Any], str], ...]
    cells: Mapping[str, Mapping[str, Any]]
    ordered: tuple[tuple[str, str], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the titles of the foreign columns that it looks at."""
        found: dict[str, None] = {}
        for condition, _code in self.refuse:
            found |= dict.fromkeys(condition)
        for rule in self.cells.values():
            found |= dict.fromkeys(_columns_of(rule, self.rates))
        return tuple(found)


def mapping_from_yaml(text: str) -> SheetMapping:
    """Read a mapping file.

    Raises:
        MappingUnsoundError: It is no YAML, or something in it is not said as it should be; ``place``
            names where.
    """
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as fault:
        raise MappingUnsoundError(name="", place=str(getattr(fault, "problem_mark", "")).strip()) from fault
    if not isinstance(data, dict) or set(data) - _TOP or not {"name", "target", "cells"} <= set(data):
        raise MappingUnsoundError(name="", place="name, target, cells")
    try:
        return _sound(data)
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as fault:
        raise MappingUnsoundError(name=str(data["name"]), place=str(fault)) from fault


def rows_through(mapping: SheetMapping, sheet: Sheet) -> Iterator[MappedRow]:
    """Yield the rows of a foreign sheet in our keys, each with what is wrong with it.

    The header is the first of five rows that names every column of the mapping. A row that the
    mapping refuses carries that reason alone.

    Raises:
        MappingMisfitError: No row names every column; ``missing`` lists what is absent.
    """
    at, places = _header(mapping, sheet)
    for number, line in enumerate(sheet.rows[at:], start=at + 1):
        if line:
            cells = {title: line[place] if place < len(line) else "" for title, place in places.items()}
            yield _mapped(mapping, number, cells)


def _header(mapping: SheetMapping, sheet: Sheet) -> tuple[int, dict[str, int]]:
    wanted = {plain_title(title): title for title in mapping.columns}
    missing: Sequence[str] = list(wanted.values())
    for at, line in enumerate(sheet.rows[:HEADER_ROWS], start=1):
        places = _places(line, wanted)
        absent = [title for title in wanted.values() if title not in places]
        if not absent:
            return at, places
        missing = min(missing, absent, key=len)
    raise MappingMisfitError(name=sheet.name, mapping=mapping.name, missing=", ".join(missing))


def _places(line: Line, wanted: Mapping[str, str]) -> dict[str, int]:
    titles = {plain_title(title): place for place, title in reversed(list(enumerate(line)))}
    return {title: titles[plain] for plain, title in wanted.items() if plain in titles}


def _mapped(mapping: SheetMapping, number: int, source: Cells) -> MappedRow:
    cells: dict[str, str] = {}
    faults: list[Fault] = []
    for key, rule in mapping.cells.items():
        try:
            cells[key] = _text(rule, source, mapping.rates)
        except _FaultError as fault:
            cells[key] = ""
            faults.append(Fault(key, fault.code, fault.text))
    for first, second in mapping.ordered:
        if cells[first] and cells[second] and cells[first] > cells[second]:
            faults.append(Fault(second, "out_of_order", f"{cells[first]} > {cells[second]}"))
    refused = [Fault("", code) for condition, code in mapping.refuse if _holds(condition, source)]
    return MappedRow(number, cells, tuple(refused[:1] or faults))


class _FaultError(Exception):
    """A cell cannot be made; caught where the row is put together."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code)
        self.code, self.text = code, text


def _text(rule: Mapping[str, Any], source: Cells, rates: Mapping[str, Rate]) -> str:
    """Return the text that a rule makes of a row: its source, its conversion, its check."""
    if "cases" in rule:
        fitting = next((case for case in rule["cases"] if _holds(case.get("when", {}), source)), None)
        if fitting is None:
            raise _FaultError("unknown_value")
        return _text(fitting, source, rates)
    if "fault" in rule:
        raise _FaultError(rule["fault"])
    text = _converted(rule, _sourced(rule, source, rates))
    if rule.get("required") and not text:
        raise _FaultError("blank")
    if "between" in rule and text and not _is_between(text, rule["between"]):
        raise _FaultError("out_of_range", text)
    return text


def _sourced(rule: Mapping[str, Any], source: Cells, rates: Mapping[str, Rate]) -> str:
    if "times" in rule:
        return _product(rule, source, rates)
    if "join" in rule:
        return rule.get("with", ", ").join(source[title] for title in rule["join"] if source[title])  # type: ignore[no-any-return]
    if "template" in rule:
        return _PLACEHOLDER.sub(lambda found: source[found[1]], rule["template"])
    if "rate" in rule:
        return _number_text(rates[rule["rate"]].value, None)
    if "rate_as_of" in rule:
        return str(rates[rule["rate_as_of"]].as_of or "")
    return source[rule["from"]] if "from" in rule else str(rule["constant"])


def _converted(rule: Mapping[str, Any], text: str) -> str:
    if "values" in rule:
        if text not in rule["values"]:
            raise _FaultError("unknown_value", text)
        return str(rule["values"][text])
    if "date" in rule and text:
        try:
            return datetime.strptime(text, rule["date"]).date().isoformat()  # noqa: DTZ007  # a day
        except ValueError as fault:
            raise _FaultError("no_date", text) from fault
    return text


def _product(rule: Mapping[str, Any], source: Cells, rates: Mapping[str, Rate]) -> str:
    product = Fraction(1)
    for factor in rule["times"]:
        if factor in rates:
            product *= rates[factor].value
        elif isinstance(factor, str) and factor in source:
            product *= _number(source[factor])
        else:
            product *= Fraction(str(factor))
    return _number_text(product, rule.get("round"))


def _number(text: str) -> Fraction:
    try:
        return Fraction(text.replace(",", "").replace("$", "").strip())
    except (ValueError, ZeroDivisionError) as fault:
        raise _FaultError("no_number" if text else "blank", text) from fault


def _number_text(number: Fraction, decimals: int | None) -> str:
    """Return the number with so many decimals, half up; None: as many as it needs, at most ten."""
    scale = 10 ** (10 if decimals is None else decimals)
    whole, rest = divmod((2 * number * scale + 1) // 2, scale)
    tail = f"{rest:0{len(str(scale)) - 1}d}" if scale > 1 else ""
    tail = tail.rstrip("0") if decimals is None else tail
    return f"{whole}.{tail}" if tail else str(whole)


def _is_between(text: str, bounds: Sequence[Any]) -> bool:
    low, high = (Fraction(str(bound)) for bound in bounds)
    try:
        return low <= _number(text) <= high
    except _FaultError:
        return False


def _holds(condition: Mapping[str, Any], source: Cells) -> bool:
    """Tell whether every column of the condition is as it says."""
    return all(_fits(wanted, source[title]) for title, wanted in condition.items())


def _fits(wanted: Any, text: str) -> bool:
    if isinstance(wanted, Mapping):
        if "not" in wanted:
            return not _fits(wanted["not"], text)
        if "between" in wanted:
            return _is_between(text, wanted["between"])
        return bool(wanted["blank"]) == (not text)
    return text in wanted if isinstance(wanted, list) else text == wanted


def _sound(data: Mapping[str, Any]) -> SheetMapping:
    rates = {
        name: Rate(Fraction(str(rate["value"])), rate.get("as_of"), rate.get("source", ""))
        for name, rate in data.get("rates", {}).items()
    }
    known = {column.key for column in FORMS[data["target"]].readable if not column.dropped}
    for key, rule in data["cells"].items():
        if key not in known:
            raise ValueError(f"cells.{key}")
        _check_rule(rule, f"cells.{key}", rates)
    refuse = tuple(
        (_checked_condition(line["when"], "refuse"), line["code"]) for line in data.get("refuse", ())
    )
    ordered = tuple((first, second) for first, second in data.get("ordered", ()))
    for key in (key for pair in ordered for key in pair if key not in data["cells"]):
        raise ValueError(f"ordered.{key}")
    mapping = SheetMapping(
        name=data["name"],
        title=data.get("title", ""),
        origin=data.get("origin", ""),
        target=data["target"],
        rates=rates,
        reasons=data.get("reasons", {}),
        refuse=refuse,
        cells=data["cells"],
        ordered=ordered,
    )
    for code in _own_codes(mapping):
        if not {"en", "zh"} <= set(mapping.reasons.get(code, ())):
            raise ValueError(f"reasons.{code}")
    return mapping


def _own_codes(mapping: SheetMapping) -> set[str]:
    rules = list(mapping.cells.values())
    cases = [case for rule in rules for case in rule.get("cases", ())]
    return {code for _, code in mapping.refuse} | {rule["fault"] for rule in rules + cases if "fault" in rule}


def _check_rule(rule: Any, place: str, rates: Mapping[str, Rate]) -> None:
    if not isinstance(rule, dict) or set(rule) - _WORDS or sum(word in rule for word in _SOURCES) != 1:
        raise ValueError(place)
    if "between" in rule:
        _bounds(rule["between"], place)
    for name in (rule.get("rate"), rule.get("rate_as_of")):
        if name and name not in rates:
            raise ValueError(f"{place}.{name}")
    _checked_condition(rule.get("when", {}), place)
    for number, case in enumerate(rule.get("cases", ()), start=1):
        _check_rule(case, f"{place}.cases.{number}", rates)


def _checked_condition(condition: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(condition, dict):
        raise TypeError(place)
    for title, wanted in condition.items():
        if isinstance(wanted, dict) and (len(wanted) != 1 or set(wanted) - {"not", "between", "blank"}):
            raise ValueError(f"{place}.{title}")
        if isinstance(wanted, dict) and "between" in wanted:
            _bounds(wanted["between"], f"{place}.{title}")
    return condition


def _bounds(bounds: Any, place: str) -> None:
    if not isinstance(bounds, list) or len(bounds) != 2:
        raise ValueError(place)
    if Fraction(str(bounds[0])) > Fraction(str(bounds[1])):
        raise ValueError(place)


def _columns_of(rule: Mapping[str, Any], rates: Mapping[str, Rate]) -> Iterator[str]:
    yield from rule.get("when", {})
    yield from filter(None, (rule.get("from"),))
    yield from rule.get("join", ())
    yield from _PLACEHOLDER.findall(rule.get("template", ""))
    yield from (
        f for f in rule.get("times", ()) if isinstance(f, str) and f not in rates and not _is_number(f)
    )
    for case in rule.get("cases", ()):
        yield from _columns_of(case, rates)


def _is_number(text: str) -> bool:
    try:
        return Fraction(text) is not None
    except ValueError:
        return False
