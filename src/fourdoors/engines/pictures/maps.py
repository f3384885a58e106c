"""Maps: the counties of Gansu in classes of colour, and lines from one place to the provinces."""

import gzip
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from fourdoors.engines.pictures.breaks import colour_of
from fourdoors.engines.pictures.ink import CARD, GREEN, INK, NOTHING, SAND, dot, frame, mark, number
from fourdoors.engines.pictures.names import Name, placed, written

_MARGIN = 60  # tenths of a unit
_LARGEST = 820.0  # units
_DESK, _PHONE = 13.5, 23.0  # size of names, units
Link = Callable[[int], str]


@dataclass(frozen=True)
class View:
    """The part of the paper that is shown, in tenths of a unit, and how much it is enlarged."""

    left: float
    top: float
    width: float
    height: float

    @property
    def zoom(self) -> float:
        """Units of the picture for a tenth on the paper: the longer side fills the picture."""
        return _LARGEST / max(self.width, self.height * 1.12)

    def at(self, point: Sequence[float]) -> tuple[float, float]:
        """Return a point of the paper in units of the picture."""
        return (point[0] - self.left) * self.zoom, (point[1] - self.top) * self.zoom


def county_map(
    areas: Iterable[int],
    values: Mapping[int, float],
    *,
    classes: Sequence[float],
    labels: Mapping[int, str],
    names: Mapping[int, str],
    title: str,
    desc: str = "",
    link: Link | None = None,
) -> str:
    """Draw counties of Gansu in classes of colour; the picture is as large as the counties given.

    Jiayuguan, a city without counties, is drawn whole under 620201000000; the Shandan horse farm and two
    nature reserves belong to no county and are drawn without a value when all counties are shown.
    A page gives the same numbers as a table beside the map: the links are left out of the tab order.

    Args:
        areas: 12-digit county codes; ``counties()`` are all of them.
        values: a number for each county; a county without one is drawn as unknown.
        classes: rising limits, at most five (``nice_breaks``).
        labels: words written on the map, by county or prefecture code.
        names: what a pointer resting on a county is told, the value with its unit included.
        title: what the map shows.
        desc: the finding in one sentence.
        link: the address of a county's page.
    """
    shown = [code for code in areas if code in counties()]
    drawn, view = _outlines("gansu"), _view_of(shown)
    paths = (_area(code, values.get(code), classes, names.get(code, ""), link) for code in shown)
    whole = len(shown) == len(counties())
    others = "".join(drawn["others"]) if whole else ""
    body = [
        _layer(view, mark("path", d=others, fill=NOTHING) if others else "", stroke=CARD, width=0.8),
        _layer(view, "".join(paths), kind="cty", stroke=CARD, width=0.8),
        _layer(view, mark("path", d=drawn["rims"]), stroke=CARD, width=1.8) if whole else "",
        *_labels(labels, view, shown),
    ]
    return frame(*_size(view), body, title=title, desc=desc, links=link is not None)


def flow_map(
    origin: int, flows: Mapping[int, float], *, labels: Mapping[int, str], title: str, desc: str = ""
) -> str:
    """Draw lines from a county (or Gansu) to provinces, the thicker the more people.

    The map of the country is always drawn with the lines that belong to it, the sea boundary among them.

    Args:
        origin: 12-digit code of a county of Gansu, or of Gansu.
        flows: people by 12-digit province code; those that stay in Gansu are left out of the drawing.
        labels: words beside the end of a line, by province code.
        title: what the map shows.
        desc: the finding in one sentence.
    """
    china = _outlines("china")
    view = View(-_MARGIN, -_MARGIN, china["width"] + 2 * _MARGIN, china["height"] + 2 * _MARGIN)
    gansu = china["areas"]["620000000000"]
    start = view.at(china["counties"].get(str(origin), gansu["at"]))
    ends = {code: view.at(china["areas"][str(code)]["at"]) for code in flows if str(code) in china["areas"]}
    ends.pop(620000000000, None)
    most = max((flows[code] for code in ends), default=0)
    rising = sorted(ends, key=flows.__getitem__)
    lines = "".join(_curve(start, ends[code], 1.5 + 9 * flows[code] / most) for code in rising)
    said = [Name(labels[code], x + 8, y - 10) for code, (x, y) in sorted(ends.items()) if code in labels]
    land = "".join(mark("path", d=area["d"]) for area in china["areas"].values())
    x, y = start
    body = [
        _layer(view, land, fill=SAND, stroke="#c9c1ab", width=0.7),
        _layer(view, mark("path", d=gansu["d"]), fill="#cfe0d4", stroke=GREEN, width=0.9),
        _layer(view, mark("path", d=china["lines"]), stroke="#8d856f", width=1.2),
        mark("g", lines, fill="none", stroke=GREEN, stroke_opacity=".6", stroke_linecap="round"),
        *(dot(*end, 4) for end in ends.values()),
        mark("circle", cx=x, cy=y, r=6, fill="#e9b949", stroke=INK, stroke_width=1.5),
        *_both_sizes(said, view),
    ]
    return frame(*_size(view), body, title=title, desc=desc)


def counties() -> list[int]:
    """Return the codes of the 87 areas that can be drawn."""
    return [int(code) for code in _outlines("gansu")["areas"]]


def provinces() -> list[int]:
    """Return the codes of the provinces that lines can reach."""
    return [int(code) for code in _outlines("china")["areas"]]


def _area(code: int, value: float | None, classes: Sequence[float], name: str, link: Link | None) -> str:
    said = mark("title", escape(name)) if name else ""
    outline = _outlines("gansu")["areas"][str(code)]["d"]
    path = mark("path", said, fill=colour_of(value, classes), d=outline)
    return mark("a", path, href=escape(link(code)), tabindex="-1") if link else path


def _layer(view: View, body: str, *, kind: str = "", fill: str = "none", stroke: str, width: float) -> str:
    """Lay paths of the paper into the picture; the width of their rim is in units of the picture."""
    shift = f"scale({view.zoom:.5g}) translate({number(-view.left)} {number(-view.top)})"
    named = {"class": kind} if kind else {}
    rim = {"stroke": stroke, "stroke_width": f"{width / view.zoom:.3g}", "stroke_linejoin": "round"}
    return mark("g", body, **named, transform=shift, fill=fill, **rim) if body else ""


def _labels(labels: Mapping[int, str], view: View, shown: Sequence[int]) -> list[str]:
    areas = _outlines("gansu")["areas"]
    names = []
    for code, words in labels.items():
        inside = [areas[str(one)]["at"] for one in shown if _holds(code, one)]
        if inside:
            middle = [sum(axis) / len(inside) for axis in zip(*inside, strict=True)]
            names.append(Name(words, *view.at(middle)))
    return _both_sizes(names, view)


def _both_sizes(names: list[Name], view: View) -> list[str]:
    """Write the names for a desk, and larger, hidden until the style sheet asks, for a phone."""
    width, height = _size(view)
    return [
        written(placed(names, size=size, width=width, height=height), size=size, kind=kind, hidden=hidden)
        for size, kind, hidden in ((_DESK, "names", False), (_PHONE, "names big", True))
    ]


def _holds(code: int, county: int) -> bool:
    return code == county or (code % 10**8 == 0 and county // 10**8 == code // 10**8)


def _curve(start: tuple[float, float], end: tuple[float, float], width: float) -> str:
    (x0, y0), (x1, y1) = start, end
    bow = 0.16 * math.copysign(1, x1 - x0)
    cx, cy = (x0 + x1) / 2 + bow * (y1 - y0), (y0 + y1) / 2 - bow * (x1 - x0)
    where = " ".join(number(n) for n in (cx, cy, x1, y1))
    return mark("path", d=f"M{number(x0)} {number(y0)}Q{where}", stroke_width=width)


def _size(view: View) -> tuple[float, float]:
    return view.width * view.zoom, view.height * view.zoom


def _view_of(codes: Iterable[int]) -> View:
    boxes = [_box(code) for code in codes] or [_box(code) for code in counties()]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    edge = _MARGIN * (right - left) / _outlines("gansu")["width"]
    return View(left - edge, top - edge, right - left + 2 * edge, bottom - top + 2 * edge)


@cache
def _box(code: int) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom of a county on the paper by walking its outline."""
    xs, ys, x, y = [], [], 0.0, 0.0
    for start in _outlines("gansu")["areas"][str(code)]["d"].split("M")[1:]:
        first, _, rest = start.partition("l")
        x, y = map(float, first.split())
        xs.append(x)
        ys.append(y)
        steps = [float(step) for step in re.findall(r"-?[0-9]+", rest)]
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + dx, y + dy
            xs.append(x)
            ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)


@cache
def _outlines(name: str) -> dict[str, Any]:
    packed = (files("fourdoors.engines.pictures") / "data" / "outlines.json.gz").read_bytes()
    maps: dict[str, dict[str, Any]] = json.loads(gzip.decompress(packed))
    return maps[name]
