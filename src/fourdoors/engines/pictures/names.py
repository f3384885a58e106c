"""Names on a map: none covers another; a name pushed off its place keeps a line to it."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from fourdoors.engines.pictures.ink import CARD, INK, mark, number, width_of

_TURNS = 24
_GAP = 2.0


@dataclass(frozen=True)
class Name:
    """Words that belong to a point."""

    words: str
    x: float
    y: float


@dataclass(frozen=True)
class Placed:
    """A name with the middle of its box."""

    name: Name
    x: float
    y: float
    width: float
    height: float

    def covers(self, other: "Placed") -> bool:
        """Tell whether the two boxes touch."""
        return (
            abs(self.x - other.x) < (self.width + other.width) / 2 + _GAP
            and abs(self.y - other.y) < (self.height + other.height) / 2 + _GAP
        )

    @property
    def shift(self) -> float:
        """How far the name stands from its point."""
        return math.hypot(self.x - self.name.x, self.y - self.name.y)


def placed(names: Sequence[Name], *, size: float, width: float, height: float) -> list[Placed]:
    """Give every name a box inside the picture that no other box touches.

    The name with most neighbours chooses first and stays on its point; the others take the nearest free
    place on growing circles. Points of other names count as taken too, so that a line reaches its own.
    """
    crowd = {name: sum(math.hypot(name.x - o.x, name.y - o.y) < 6 * size for o in names) for name in names}
    taken: list[Placed] = []
    for name in sorted(names, key=lambda one: (-crowd[one], one.x, one.y)):
        free = (
            box
            for box in _boxes(name, size)
            if _inside(box, width, height) and not any(box.covers(other) for other in taken)
        )
        taken.append(next(free, next(_boxes(name, size))))
    return taken


def _boxes(name: Name, size: float) -> Iterator[Placed]:
    wide, high = width_of(name.words, size), size * 1.15
    yield Placed(name, name.x, name.y, wide, high)
    for ring in (size * step / 4 for step in range(2, 41)):
        for turn in (math.tau * step / _TURNS for step in range(_TURNS)):
            x, y = name.x + ring * math.cos(turn), name.y + ring * math.sin(turn) * 0.8
            yield Placed(name, x, y, wide, high)


def _inside(box: Placed, width: float, height: float) -> bool:
    return (
        box.width / 2 <= box.x <= width - box.width / 2 and box.height / 2 <= box.y <= height - box.height / 2
    )


def written(names: Iterable[Placed], *, size: float, kind: str, hidden: bool = False) -> str:
    """Write placed names: dark on a light rim, with a line home where they were pushed far."""
    style: dict[str, float | str] = {"class": kind, "aria_hidden": "true"}
    if hidden:
        style["display"] = "none"
    style |= {"font_size": size, "font_weight": 600, "text_anchor": "middle", "fill": INK, "stroke": CARD}
    style |= {"stroke_width": size / 4, "stroke_linejoin": "round", "paint_order": "stroke"}
    body = "".join(part for box in names for part in _written(box, size))
    return mark("g", body, **style) if body else ""


def _written(box: Placed, size: float) -> Iterator[str]:
    if box.shift > 1.3 * size:
        away_x, away_y = box.name.x - box.x, box.name.y - box.y
        edge = max(abs(away_x) * 2 / box.width, abs(away_y) * 2 / box.height)
        line = f"M{number(box.name.x)} {number(box.name.y)}L{number(box.x + away_x / edge)}"
        yield mark("path", d=f"{line} {number(box.y + away_y / edge)}", stroke=INK, stroke_width=1)
    yield mark("text", escape(box.name.words), x=box.x, y=box.y + size * 0.36)
