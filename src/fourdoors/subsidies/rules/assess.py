"""What a rule gives one worker, line by line; facts in, money and reasons out.

The order of the lines is the order of the questions: class, place, window, months, further conditions,
evidence, amount, cap, payer. Every condition is asked, so that a refusal names all that is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple, assert_never

from fourdoors.employment.rules import run_months_of
from fourdoors.kernel.divisions import Ring, destination_ring, range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.periods import Window, full_years
from fourdoors.subsidies.rules.computable import (
    PolicyNotComputableError,
    missing_of,
)
from fourdoors.subsidies.rules.facts import Heads, IncomeFact, Situation, SpellFact
from fourdoors.subsidies.rules.shapes import (
    ByRing,
    Fixed,
    Frequency,
    Kind,
    Months,
    Part,
    PctOfIncome,
    PctOfTicket,
    PerHead,
    Policy,
    Reach,
    Row,
    SpellAmount,
    Where,
)

Value = int | str | None
ONCE = "once"
_ONE_DAY = timedelta(days=1)
_AWAY = {
    Where.ANYWHERE: frozenset(Ring),
    Where.OUT_OF_COUNTY: frozenset(Ring) - {Ring.IN_TOWNSHIP, Ring.IN_COUNTY},
    Where.OUT_OF_PREFECTURE: frozenset({Ring.IN_PROVINCE, Ring.NEIGHBOUR_PROVINCE, Ring.OUT_OF_PROVINCE}),
    Where.OUT_OF_PROVINCE: frozenset({Ring.NEIGHBOUR_PROVINCE, Ring.OUT_OF_PROVINCE}),
}
_REACHES = {
    Reach.IN_CITY_OTHER_COUNTY: frozenset({Ring.IN_CITY}),
    Reach.IN_PROVINCE_OTHER_CITY: frozenset({Ring.IN_PROVINCE}),
    Reach.IN_PROVINCE: frozenset(Ring) - _AWAY[Where.OUT_OF_PROVINCE],
    Reach.OUT_OF_PROVINCE: _AWAY[Where.OUT_OF_PROVINCE],
}


@dataclass(frozen=True)
class Line:
    """One line of the explanation: a code and its numbers; the words are the face's.

    Attributes:
        code: What was asked or counted.
        holds: False where a condition is not met.
        values: Numbers, codes and ISO days.
    """

    code: str
    holds: bool = True
    values: dict[str, Value] = field(default_factory=dict)


class Evidence(NamedTuple):
    """A record that was used: its table, its number, its grade."""

    table: str
    number: int
    grade: str


@dataclass(frozen=True)
class Assessment:
    """What a rule gives one worker in one period, and why.

    Attributes:
        fen: What is due; 0 where nothing is.
        payer: Who pays it, by code.
        spell: The spell it rests on, where it is one.
        broker: Who is paid, where it is a broker.
        lines: The explanation, in order.
        evidence: The records used.
    """

    fen: int = 0
    payer: str = ""
    spell: int | None = None
    broker: int | None = None
    lines: tuple[Line, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @property
    def is_granted(self) -> bool:
        """Tell whether anything is due."""
        return self.fen > 0

    @property
    def reasons(self) -> tuple[str, ...]:
        """The codes of what does not hold."""
        return tuple(line.code for line in self.lines if not line.holds)


def period_of(policy: Policy, year: int) -> str:
    """Return the name of the period in which a person is paid once by a rule."""
    return ONCE if policy.frequency is Frequency.ONCE else str(year)


def span_of(policy: Policy, period: str) -> Window | None:
    """Return the days whose facts count for a period; None where the rule is not in force then."""
    if period == ONCE:
        return policy.in_force
    first = max(date(int(period), 1, 1), policy.in_force.start)
    last = min(date(int(period), 12, 31), policy.in_force.end or date.max)
    return Window(first, last) if first <= last else None


def assess_situation(
    policy: Policy, situation: Situation, *, period: str, on: date, heads: Heads
) -> Assessment:
    """Say what ``policy`` gives a worker in a period, as known on ``on``.

    Of several spells that qualify the one that gives most counts, the earlier one where two give the same;
    where a share of income is paid, all that qualify count together. Nothing depends on the order of facts.

    Args:
        policy: a rule that is computable (``missing_of`` names nothing).
        situation: what is held of the worker.
        period: ``once`` or a year.
        on: the day of asking: later facts are not known yet.
        heads: persons in each movement, for rules that ask.
    """
    span = span_of(policy, period)
    in_force = span is not None and span.start <= on
    if not in_force or span is None or not _is_at_home(policy, situation):
        return Assessment(lines=(Line("in_force", False, {"division": policy.division}),))  # noqa: FBT003
    asked = [_asked(policy, situation, spell, span, on, heads) for spell in _sorted(situation)]
    asked = [one for one in asked if one.spell.left_on <= on]
    if not asked:
        return Assessment(lines=(Line("spell", holds=False),))
    fit = [one for one in asked if one.holds]
    if not fit:
        nearest = min(asked, key=lambda one: (one.failures, -one.spell.left_on.toordinal(), one.spell.number))
        return Assessment(spell=nearest.spell.number, lines=nearest.lines)
    if isinstance(policy.parts[0].amount, PctOfIncome):
        return _of_income(policy, situation, fit, span)
    results = [_of_spell(policy, situation, one) for one in fit]
    return min(results, key=lambda result: (-result.fen, len(result.reasons), _rank(result, fit)))


def _is_at_home(policy: Policy, situation: Situation) -> bool:
    return policy.division is not None and situation.home in range_of(policy.division)


def _sorted(situation: Situation) -> list[SpellFact]:
    return sorted(situation.spells, key=lambda spell: (spell.left_on, spell.number))


def _rank(result: Assessment, fit: list["_Asked"]) -> int:
    return next(rank for rank, one in enumerate(fit) if one.spell.number == result.spell)


@dataclass(frozen=True)
class _Asked:
    """The conditions of a rule, asked of one spell."""

    spell: SpellFact
    part: Part | None
    lines: tuple[Line, ...]

    @property
    def failures(self) -> int:
        return sum(not line.holds for line in self.lines)

    @property
    def holds(self) -> bool:
        return not self.failures and self.part is not None


def _asked(
    policy: Policy, situation: Situation, spell: SpellFact, span: Window, on: date, heads: Heads
) -> _Asked:
    part = _part_for(policy, spell, span)
    lines = (
        _class_line(policy, situation, spell),
        _place_line(policy, situation, spell),
        _window_line(policy, spell, part, span),
        *_month_lines(policy, situation, spell, on),
        *_further_lines(policy, situation, spell, heads),
        *_grade_lines(policy, spell),
    )
    return _Asked(spell, part, lines)


def _part_for(policy: Policy, spell: SpellFact, span: Window) -> Part | None:
    for part in policy.parts:
        if isinstance(part.amount, PctOfIncome):
            worked = Window(spell.left_on, spell.ended_on - _ONE_DAY if spell.ended_on else None)
            if worked.overlaps(part.window or span):
                return part
        elif spell.left_on in (part.window or span):
            return part
    return None


def _class_line(policy: Policy, situation: Situation, spell: SpellFact) -> Line:
    held = situation.classes_on(spell.left_on)
    if "any" in policy.classes:
        return Line("class", values={"class": "any"})
    name = next((name for name in policy.classes if name in held), None)
    values: dict[str, Value] = {"class": name or "/".join(policy.classes), "on": spell.left_on.isoformat()}
    return Line("class", name is not None, values)


def _place_line(policy: Policy, situation: Situation, spell: SpellFact) -> Line:
    ring = destination_ring(situation.home, spell.place)
    values: dict[str, Value] = {"place": spell.place, "ring": ring.value, "where": policy.where.value}
    return Line("place", ring in _AWAY[policy.where], values)


def _window_line(policy: Policy, spell: SpellFact, part: Part | None, span: Window) -> Line:
    windows = [part.window for part in policy.parts if part.window] or [span]
    counted = (part.window if part else None) or Window(windows[0].start, windows[-1].end)
    values: dict[str, Value] = {
        "left_on": spell.left_on.isoformat(),
        "from": counted.start.isoformat(),
        "to": counted.end.isoformat() if counted.end else None,
    }
    return Line("window", part is not None, values)


def _month_lines(policy: Policy, situation: Situation, spell: SpellFact, on: date) -> Iterator[Line]:
    needed = policy.conditions.min_months
    if not needed:
        return
    stretches = [one.stretch for one in situation.spells]
    contract = policy.conditions.months is Months.CONTRACT
    months = run_months_of(spell.stretch, stretches, on=on, same_employer=contract)
    yield Line("months", months >= needed, {"months": months, "needed": needed})
    if contract:
        yield Line("contract", spell.contract_signed is True)


def _further_lines(policy: Policy, situation: Situation, spell: SpellFact, heads: Heads) -> Iterator[Line]:
    conditions = policy.conditions
    if conditions.min_age is not None:
        age = full_years(situation.born_on, spell.left_on)
        yield Line("age", age >= conditions.min_age, {"age": age, "needed": conditions.min_age})
    if "contract" in conditions.needs and conditions.months is not Months.CONTRACT:
        yield Line("contract", spell.contract_signed is True)
    if "social_insurance" in conditions.needs:
        yield Line("insurance", spell.insured is True)
    if "carried_by_organised_trip" in conditions.excludes:
        yield Line("not_carried", not spell.carried)
    if isinstance(policy.parts[0].amount, PerHead):
        yield Line("broker", spell.broker is not None)
    if conditions.min_heads:
        moved = heads.get(spell.movement, 0) if spell.movement else 0
        yield Line("heads", moved >= conditions.min_heads, {"heads": moved, "needed": conditions.min_heads})


def _grade_lines(policy: Policy, spell: SpellFact) -> Iterator[Line]:
    weakest = policy.conditions.min_grade
    if weakest is not Grade.D:
        yield Line("proof", spell.grade <= weakest, {"grade": spell.grade.value, "needed": weakest.value})


def _of_spell(policy: Policy, situation: Situation, asked: _Asked) -> Assessment:
    part, spell = asked.part, asked.spell
    assert part is not None  # noqa: S101 (only spells that fit come here)
    amount = part.amount
    if not isinstance(amount, SpellAmount):
        raise PolicyNotComputableError(key=policy.key, missing=", ".join(missing_of(policy)))
    used = [Evidence("spell", spell.number, spell.grade.value)]
    match amount:
        case Fixed(fen) | PerHead(fen):
            counted: tuple[int, tuple[Line, ...]] = fen, (Line("fixed", values={"fen": fen}),)
        case ByRing(rows):
            counted = _by_ring(rows, situation, spell)
        case PctOfTicket(percent, kind):
            tickets = [t for t in spell.tickets if t.kind == kind and t.grade <= policy.conditions.min_grade]
            used += [Evidence("ticket", t.number, t.grade.value) for t in tickets]
            counted = _percent("ticket", sum(t.fen for t in tickets), percent)
        case _:
            assert_never(amount)
    return _settled(policy, situation, asked, counted, used)


def _by_ring(rows: tuple[Row, ...], situation: Situation, spell: SpellFact) -> tuple[int, tuple[Line, ...]]:
    row = _row_for(rows, situation.home, spell.place)
    ring = destination_ring(situation.home, spell.place)
    values: dict[str, Value] = {"fen": row.fen if row else 0, "place": spell.place, "ring": ring.value}
    return (row.fen if row else 0), (Line("ring", row is not None, values),)


def _percent(base: str, base_fen: int, percent: int) -> tuple[int, tuple[Line, ...]]:
    """Take a share, down to the fen."""
    fen = base_fen * percent // 100
    lines = (
        Line(base, fen > 0, {"fen": base_fen}),
        Line("percent", values={"base_fen": base_fen, "percent": percent, "fen": fen}),
    )
    return fen, lines if fen else lines[:1]


def _of_income(policy: Policy, situation: Situation, fit: list[_Asked], span: Window) -> Assessment:
    part = policy.parts[0]
    assert isinstance(part.amount, PctOfIncome)  # noqa: S101 (the caller looked)
    months = [pay for one in fit for pay in one.spell.incomes if _lies_in(pay, span)]
    weakest = policy.conditions.min_grade
    proven = sorted((pay for pay in months if pay.grade <= weakest), key=lambda pay: pay.number)
    fen, lines = _percent("income", sum(pay.fen for pay in proven), part.amount.percent)
    first = Line(
        "income",
        lines[0].holds,
        {**lines[0].values, "months": len(proven), "measured_fen": sum(p.fen for p in proven if p.measured)},
    )
    unproven = [pay.fen for pay in months if pay.grade > weakest]
    aside: dict[str, Value] = {"fen": sum(unproven), "months": len(unproven), "needed": weakest.value}
    used = [Evidence("spell", one.spell.number, one.spell.grade.value) for one in fit]
    used += [Evidence("income", pay.number, pay.grade.value) for pay in proven]
    counted = fen, (first, *([Line("left_out", values=aside)] if unproven else []), *lines[1:])
    return _settled(policy, situation, fit[0], counted, used)


def _lies_in(pay: IncomeFact, span: Window) -> bool:
    return pay.month in span or (pay.month.year, pay.month.month) == (span.start.year, span.start.month)


def _settled(
    policy: Policy,
    situation: Situation,
    asked: _Asked,
    counted: tuple[int, tuple[Line, ...]],
    used: list[Evidence],
) -> Assessment:
    fen, lines = counted
    spell = asked.spell
    cap = _row_for(policy.caps, situation.home, spell.place)
    capped = fen if cap is None else min(fen, cap.fen)
    if cap is not None:
        values: dict[str, Value] = {"cap_fen": cap.fen, "fen_before": fen, "fen": capped}
        lines = (*lines, Line("cap", values=values))
    payer, status = _payer(policy, situation, spell.left_on)
    return Assessment(
        fen=capped,
        payer=payer,
        spell=spell.number,
        broker=spell.broker if isinstance(policy.parts[0].amount, PerHead) else None,
        lines=(*asked.lines, *lines, Line("payer", values={"payer": payer})),
        evidence=tuple(used + status),
    )


def _payer(policy: Policy, situation: Situation, day: date) -> tuple[str, list[Evidence]]:
    """Return who pays for a class, and the status that says so."""
    held = situation.classes_on(day)
    wanted = [name for name, _ in policy.payer] + list(policy.classes)
    proof = next((held[name] for name in wanted if name in held), None)
    payers = dict(policy.payer)
    payer = payers.get(proof.kind if proof else "", payers.get("default", ""))
    return payer, [Evidence("status", proof.number, proof.grade.value)] if proof else []


def _row_for(rows: tuple[Row, ...], home: int, place: int) -> Row | None:
    return next((row for row in rows if _fits(row, home, place)), None)


def _fits(row: Row, home: int, place: int) -> bool:
    if row.places:
        return any(place in range_of(code) for code in row.places)
    return row.reach is None or destination_ring(home, place) in _REACHES[row.reach]


class OverCeiling(NamedTuple):
    """A row of a rule that pays more than a ceiling allows."""

    row: Row
    ceiling_fen: int


def over_ceiling(policy: Policy, ceiling: Policy) -> list[OverCeiling]:
    """Return the rows of a table by destination that lie above a ceiling of a higher office.

    A row by named places is compared with the ceiling outside the province: provinces are named there.
    """
    rows = [row for part in policy.parts if isinstance(part.amount, ByRing) for row in part.amount.rows]
    limits = {row.reach: row.fen for row in ceiling.caps if row.reach}
    found = []
    for row in rows if ceiling.kind is Kind.CEILING else []:
        outside = row.reach in (None, Reach.OUT_OF_PROVINCE)
        limit = limits.get(Reach.OUT_OF_PROVINCE if outside else Reach.IN_PROVINCE)
        if limit is not None and row.fen > limit:
            found.append(OverCeiling(row, limit))
    return found
