"""A counted value with the evidence behind it, and how ratios are made of two of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from fourdoors.statistics.rules import Measure, MeasureKind, all_measures

Graded = Mapping[str, Mapping[str, tuple[Decimal, int]]]  # measure -> grade -> value and number of rows


@dataclass(frozen=True)
class Value:
    """A measure of one division.

    Attributes:
        measure: the named number.
        division: 12-digit code.
        value: in the measure's unit of counting: persons, fen, or a share in [0, 1]; None: nothing counted.
        rows: how many rows are behind it; of a ratio, behind its denominator.
        mix: evidence grade -> share in [0, 1] of the value; of a ratio, of its numerator.
    """

    measure: Measure
    division: int
    value: Decimal | None
    rows: int = 0
    mix: dict[str, float] = field(default_factory=dict)


def counted(measures: Iterable[str]) -> set[str]:
    """Return the measures that are counted themselves, to make the wanted ones of."""
    known = all_measures()
    return {part for name in measures for part in (known[name].parts or (name,))}


def value_of(measure: Measure, division: int, graded: Graded) -> Value:
    """Return a measure out of its graded sums; a ratio without a denominator has no value."""
    if measure.kind is MeasureKind.RATIO:
        assert measure.parts  # noqa: S101 (read_measure has seen to it)
        above, below = (value_of(all_measures()[part], division, graded) for part in measure.parts)
        share = above.value / below.value if above.value is not None and below.value else None
        return Value(measure, division, share, below.rows, above.mix)
    grades = graded.get(measure.name, {})
    total = sum((value for value, _ in grades.values()), Decimal(0))
    mix = {grade: float(value / total) for grade, (value, _) in sorted(grades.items())} if total else {}
    return Value(measure, division, total, sum(count for _, count in grades.values()), mix)
