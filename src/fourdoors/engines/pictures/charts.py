"""Charts: lines over time, bars, parts of a whole, who is still in work, and a line the size of a word."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from fourdoors.engines.pictures.ink import (
    CARD,
    GREEN,
    GRID,
    INK,
    OCHRE,
    PARTS,
    dot,
    frame,
    mark,
    number,
    text,
    width_of,
)

_WIDE, _TALL, _SIZE = 440.0, 190.0, 13.0
_NONE: Mapping[int, str] = MappingProxyType({})
Say = Callable[[float], str]
Kind = Literal["main", "before", "second", "third"]


@dataclass(frozen=True)
class Line:
    """One line: a value for each mark of the axis, None where nothing is known yet."""

    name: str
    values: Sequence[float | None]
    kind: Kind = "main"


@dataclass(frozen=True)
class _Pen:
    colour: str
    width: float
    ink: str  # of the words beside the line
    dash: str = ""


_PENS: dict[Kind, _Pen] = {
    "main": _Pen(GREEN, 3, GREEN),
    "before": _Pen("#8d856f", 2, "#625b49", "4 4"),
    "second": _Pen(OCHRE, 2.5, OCHRE),
    "third": _Pen("#b98a1d", 2.5, "#7a5a08"),
}


@dataclass(frozen=True)
class _Plot:
    """Paper with two axes: x counts columns from 0, y from 0 to ``top``."""

    columns: float
    top: float
    left: float
    right: float = _WIDE - 14
    upper: float = 26.0
    lower: float = _TALL - 26

    def x(self, at: float) -> float:
        return self.left + at * (self.right - self.left) / self.columns

    def y(self, value: float) -> float:
        return self.lower - value * (self.lower - self.upper) / self.top

    def levels(self, say: Say) -> Iterator[str]:
        """Draw up to four level lines with their numbers; a number is not written twice."""
        step = round_step(self.top / 3)
        levels = [step * at for at in range(int(self.top / step * 1.0001) + 1)]
        for said, level in {say(level): level for level in reversed(levels)}.items():
            y = self.y(level)
            yield mark("path", d=f"M{number(self.left)} {number(y)}H{number(self.right)}", stroke=GRID)
            yield text(self.left - 6, y + 4.5, said, anchor="end")

    def under(self, walk: str, first: float, last: float) -> str:
        """Shade what lies under a line."""
        foot = number(self.lower)
        outline = f"{walk}L{number(last)} {foot}L{number(first)} {foot}z"
        return mark("path", d=outline, fill=GREEN, fill_opacity=".09")


def plain(value: float) -> str:
    """Write a number with thousands commas, without a unit."""
    return f"{value:,.0f}"


def line_chart(
    lines: Sequence[Line],
    *,
    marks: Sequence[str],
    title: str,
    desc: str = "",
    say: Say = plain,
    notes: Mapping[int, str] = _NONE,
) -> str:
    """Draw lines over time; the first is the story, its end is marked with its value.

    Args:
        lines: each with a value for each mark.
        marks: words of the axis, oldest first; every few are written so that none touch.
        title: what the chart shows.
        desc: the finding in one sentence.
        say: writes a value, for the axis and the end of the first line.
        notes: a word at the foot of a mark, by its number: why a value is odd.
    """
    known = [value for line in lines for value in line.values if value is not None]
    plot = _plot(len(marks) - 1, max(known, default=0), say)
    body = [*plot.levels(say), *_axis(plot, marks)]
    for line in lines[:0:-1]:
        body += _other_line(plot, line)
    for line in lines[:1]:
        body += _first_line(plot, line, say)
    for at, words in notes.items():
        body.append(text(plot.x(at), plot.lower - 6, words, fill=OCHRE, anchor="middle"))
    return frame(_WIDE, _TALL, body, title=title, desc=desc)


def retention_curve(
    points: Mapping[int, float], *, marks: Mapping[int, str], title: str, desc: str = "", say: Say
) -> str:
    """Draw the share still in work by days since the first day, as stairs, from the whole down.

    Args:
        points: share in [0, 1] by day; day 0 is taken as the whole.
        marks: words of the days that are asked about (7, 30, 90, 180), by day.
        title: what the chart shows.
        desc: the finding in one sentence.
        say: writes a share.
    """
    plot = _Plot(columns=max(*points, *marks, 1), top=1.0, left=_room([say(1.0)]))
    known = sorted({0: 1.0, **points}.items())
    stairs = "".join(f"H{number(plot.x(day))}V{number(plot.y(share))}" for day, share in known[1:])
    walk = f"M{number(plot.x(0))} {number(plot.y(1))}{stairs}"
    body = [*plot.levels(say), plot.under(walk, plot.x(0), plot.x(known[-1][0])), _stroke(walk, "main")]
    for day, words in marks.items():
        x, side = plot.x(day), "end" if day == plot.columns else "middle"
        body.append(text(x, _TALL - 8, words, anchor=side))
        if day in points:
            y = plot.y(points[day])
            body += [
                dot(x, y, 4.5),
                text(x, y + 20, say(points[day]), fill=GREEN, anchor=side, bold=True),
            ]
    return frame(_WIDE, _TALL, body, title=title, desc=desc)


def bar_chart(
    bars: Sequence[tuple[str, float]],
    *,
    title: str,
    desc: str = "",
    say: Say = plain,
    before: Sequence[float] = (),
) -> str:
    """Draw lying bars, each with its words on the left and its value at its end.

    Args:
        bars: words and value, in the order to draw.
        title: what the chart shows.
        desc: the finding in one sentence.
        say: writes a value.
        before: a value for each bar to compare with (a target, last year): drawn as a short upright line.
    """
    left = _room([words for words, _ in bars])
    room = _WIDE - left - _room([say(value) for _, value in bars])
    most = max([value for _, value in bars] + list(before), default=0) or 1
    body: list[str] = []
    for row, (words, value) in enumerate(bars):
        y, wide = 6.0 + row * 28, max(0.0, value) / most * room
        body.append(text(left - 8, y + 14.5, words, fill=INK, anchor="end"))
        body.append(mark("rect", x=left, y=y, width=wide, height=20, rx=3, fill="#b9d3c4"))
        if row < len(before):
            beside = before[row] / most * room
            body.append(mark("path", d=f"M{number(left + beside)} {y - 2}v24", stroke=OCHRE, stroke_width=2))
            wide = max(wide, beside)
        body.append(text(left + wide + 6, y + 14.5, say(value), fill=INK, bold=True))
    return frame(_WIDE, max(1, len(bars)) * 28 + 8, body, title=title, desc=desc)


def stacked_bar(
    rows: Sequence[tuple[str, Sequence[float]]],
    *,
    parts: Sequence[str],
    title: str,
    desc: str = "",
    say: Say,
) -> str:
    """Draw bars of equal length, parted by share; the parts are named once, below.

    Args:
        rows: words of a bar and the size of each of its parts; empty words for a single bar.
        parts: words of the parts, at most six.
        title: what the chart shows.
        desc: the finding in one sentence.
        say: writes a share in [0, 1]; written where it fits.
    """
    named = [words for words, _ in rows if words]
    left = _room(named) if named else 0.0
    body: list[str] = []
    for row, (words, sizes) in enumerate(rows):
        y = 6.0 + row * 32
        if words:
            body.append(text(left - 8, y + 16, words, fill=INK, anchor="end"))
        body += _stack(sizes, y, left, say)
    x, y = 0.0, len(rows) * 32.0 + 12
    for colour, words in zip(PARTS, parts, strict=False):
        wide = 36 + width_of(words, _SIZE)
        if x + wide > _WIDE + 16:
            x, y = 0.0, y + 22
        body.append(mark("rect", x=x, y=y, width=14, height=14, rx=3, fill=colour))
        body.append(text(x + 20, y + 12, words))
        x += wide
    return frame(_WIDE, y + 22, body, title=title, desc=desc)


def small_sparkline(values: Sequence[float]) -> str:
    """Draw a line the size of a word, for a cell of a table that holds the number itself."""
    if len(values) < 2:
        return ""
    low, spread = min(values), (max(values) - min(values)) or 1
    points = [
        (2 + at * 92 / (len(values) - 1), 22 - (value - low) / spread * 18) for at, value in enumerate(values)
    ]
    x, y = points[-1]
    line = mark("path", d=_walk(points), fill="none", stroke=GREEN, stroke_width=2)
    end = mark("circle", cx=x, cy=y, r=3, fill=GREEN)
    return f'<svg class="spark" viewBox="0 0 100 26" aria-hidden="true">{line}{end}</svg>'


def round_step(least: float) -> float:
    """Return the least of 1, 2, 2.5, 5 times a power of ten that is not under ``least``.

    >>> round_step(190), round_step(0.3), round_step(2.1)
    (200.0, 0.5, 2.5)
    """
    power = 10.0 ** math.floor(math.log10(least)) if least > 0 else 1.0
    return next(power * leap for leap in (1, 2, 2.5, 5, 10) if power * leap >= least * 0.9999)


def _plot(columns: int, most: float, say: Say) -> _Plot:
    top = most * 1.04 if most > 0 else 1.0
    step = round_step(top / 3)
    return _Plot(columns=max(columns, 1), top=top, left=_room([say(step * level) for level in range(4)]))


def _room(words: Sequence[str]) -> float:
    return 10 + max((width_of(one, _SIZE) for one in words), default=0.0)


def _axis(plot: _Plot, marks: Sequence[str]) -> Iterator[str]:
    widest = max((width_of(words, _SIZE) for words in marks), default=1) + 14
    every = max(1, math.ceil(widest * len(marks) / (plot.right - plot.left)))
    for at in range(0, len(marks), every):
        x, half = plot.x(at), width_of(marks[at], _SIZE) / 2
        end = x + half > _WIDE
        yield text(_WIDE if end else x, _TALL - 8, marks[at], anchor="end" if end else "middle")


def _points(plot: _Plot, line: Line) -> list[tuple[float, float]]:
    return [(plot.x(at), plot.y(value)) for at, value in enumerate(line.values) if value is not None]


def _walk(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def _stroke(walk: str, kind: Kind) -> str:
    pen = _PENS[kind]
    style: dict[str, Any] = {"stroke": pen.colour, "stroke_width": pen.width}
    if pen.dash:
        style["stroke_dasharray"] = pen.dash
    return mark("path", d=walk, fill="none", stroke_linejoin="round", **style)


def _first_line(plot: _Plot, line: Line, say: Say) -> Iterator[str]:
    if points := _points(plot, line):
        (x0, _), (x, y) = points[0], points[-1]
        last = next(value for value in reversed(line.values) if value is not None)
        right = x > _WIDE / 2
        yield plot.under(_walk(points), x0, x)
        yield _stroke(_walk(points), line.kind)
        yield dot(x, y, 5)
        yield text(
            x + (6 if right else -4),
            y - 11,
            say(last),
            size=15,
            fill=GREEN,
            anchor="end" if right else "start",
            bold=True,
        )


def _other_line(plot: _Plot, line: Line) -> Iterator[str]:
    if points := _points(plot, line):
        x, y = points[len(points) // 3]
        yield _stroke(_walk(points), line.kind)
        yield text(x - 6, y - 6, line.name, fill=_PENS[line.kind].ink, anchor="end" if x > 90 else "start")


def _stack(sizes: Sequence[float], y: float, left: float, say: Say) -> Iterator[str]:
    total, x = sum(sizes), left
    for colour, size in zip(PARTS, sizes, strict=False):
        if size <= 0:
            continue
        wide, said = size / total * (_WIDE - left), say(size / total)
        yield mark("rect", x=x, y=y, width=wide, height=22, fill=colour)
        if width_of(said, 12) + 8 < wide:
            ink = CARD if colour in (PARTS[0], PARTS[3]) else INK
            yield text(x + wide / 2, y + 15.5, said, size=12, fill=ink, anchor="middle", bold=True)
        x += wide
