"""Classes of a map: round limits that part the areas about evenly."""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fourdoors.engines.pictures.ink import NOTHING, RAMP

_ROUND = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True)
class Step:
    """One line of a legend."""

    colour: str
    words: str


def nice_breaks(values: Iterable[float], steps: int = 6) -> list[float]:
    """Return at most ``steps - 1`` rising round limits that part the values about evenly.

    Values at or below nothing are passed over: they belong to the first class anyway.

    >>> nice_breaks([900, 2400, 5100, 8000, 13000, 21000])
    [2500, 5000, 8000, 12000, 20000]
    """
    known = sorted(value for value in values if value > 0)
    limits: list[float] = []
    for step in range(1, steps):
        if not known:
            break
        limit = _round(known[min(len(known) * step // steps, len(known) - 1)])
        if not limits or limit > limits[-1]:
            limits.append(limit)
    return limits


def _round(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    nearest = min(_ROUND, key=lambda mark: abs(mark - value / power)) * power
    return int(nearest) if nearest >= 1 and nearest == int(nearest) else round(nearest, 10)


def colour_of(value: float | None, breaks: Sequence[float]) -> str:
    """Return the colour of a value: a limit belongs to the class above it; None has a colour of its own."""
    return NOTHING if value is None else _ramp(len(breaks) + 1)[bisect_right(breaks, value)]


def legend_of(
    breaks: Sequence[float], *, say: Callable[[float], str], under: str, over: str, nothing: str = ""
) -> list[Step]:
    """Return the lines of a legend.

    Args:
        breaks: the limits of the classes.
        say: writes a limit in the reader's language.
        under: words of the lowest class, with ``{}`` for its limit.
        over: words of the highest class, with ``{}`` for its limit.
        nothing: words for areas of which nothing is known; empty when there are none.
    """
    if not breaks:
        return [Step(NOTHING, nothing)] if nothing else []
    said = [say(limit) for limit in breaks]
    between = [f"{low}–{high}" for low, high in pairwise(said)]
    lines = [under.format(said[0]), *between, over.format(said[-1])]
    steps = [Step(colour, words) for colour, words in zip(_ramp(len(lines)), lines, strict=True)]
    return steps + ([Step(NOTHING, nothing)] if nothing else [])


def _ramp(classes: int) -> list[str]:
    if classes > len(RAMP):
        message = f"a map has at most {len(RAMP)} classes, not {classes}"
        raise ValueError(message)
    if classes == 1:
        return [RAMP[2]]
    return [RAMP[round(step * (len(RAMP) - 1) / (classes - 1))] for step in range(classes)]
