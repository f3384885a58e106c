"""The four doors as four arches: how many have come through each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fourdoors.engines.pictures.ink import CARD, GREEN, INK, frame, mark, number, text, width_of

_WIDTH, _GAP, _HEIGHT, _SHOULDER = 440.0, 9.0, 92.0, 48.0
_FOOT = _HEIGHT - 3
_FILLS = (CARD, "#e5efe8", "#d4e5da")


@dataclass(frozen=True)
class Arch:
    """One door: its words and how many have passed, as written."""

    words: str
    count: str


def arches(doors: Sequence[Arch], *, title: str, desc: str = "") -> str:
    """Draw the doors in the order of the way, the last in gold: the factory.

    Args:
        doors: four arches; fewer are drawn wider.
        title: what the picture shows.
        desc: the finding in one sentence.
    """
    wide = (_WIDTH - _GAP * (len(doors) - 1) - 4) / max(len(doors), 1)
    body: list[str] = []
    for at, door in enumerate(doors):
        gold = at == len(doors) - 1
        fill, stroke = ("#e9b949", "#c99520") if gold else (_FILLS[min(at, 2)], GREEN)
        x = 2 + at * (wide + _GAP)
        body += _stone(x, wide, fill, stroke)
        body += _inscription(door, x + wide / 2, wide - 8)
    return frame(_WIDTH, _HEIGHT, body, title=title, desc=desc)


def _stone(x: float, wide: float, fill: str, stroke: str) -> Iterator[str]:
    left, right, foot = number(x), number(x + wide), number(_FOOT)
    bow = f"M{left} {foot}V{_SHOULDER}C{left} -13 {right} -13 {right} {_SHOULDER}V{foot}z"
    yield mark("path", d=bow, fill=fill, stroke=stroke, stroke_width=2, stroke_linejoin="round")
    yield mark("path", d=f"M{number(x - 1)} {foot}h{number(wide + 2)}", stroke=stroke, stroke_width=4)


def _inscription(door: Arch, middle: float, room: float) -> Iterator[str]:
    for words, y, size, bold in ((door.words, 42.0, 15.0, False), (door.count, 72.0, 24.0, True)):
        fits = size * min(1.0, room / max(width_of(words, size), 1))
        yield text(middle, y, words, size=fits, fill=INK, anchor="middle", bold=bold)
