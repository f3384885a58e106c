"""Where the planner's ways come from: one source that the settings name, never silently another."""

import http.client
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fourdoors.engines.routing.tables import TableError, read_matrix
from fourdoors.engines.routing.times import (
    GreatCircle,
    Leg,
    Matrix,
    Place,
    TravelTimes,
    WayMissingError,
)
from fourdoors.travel.services.errors import RoadsBrokenError, RoadsIncompleteError

TIMEOUT_SECONDS = 20
MOST_BYTES = 64 * 2**20


def travel_times(places: Sequence[Place], *, source: str) -> TravelTimes:
    """Return the ways between some places from one source.

    Args:
        places: all that a plan goes through.
        source: empty: estimates from the great circle; a path: a table (from, to, minutes, km);
            ``osrm+http://host:5000`` or ``valhalla+http://host:8002``: a routing engine, asked once.

    Raises:
        RoadsBrokenError: the source does not answer in time or cannot be read. Nothing else is used instead.
        RoadsIncompleteError: it knows no way between two of the places.
    """
    if not source:
        return GreatCircle()
    try:
        return _matrix(places, source).complete_for(places)
    except WayMissingError as refused:
        here, there = refused.missing[0]
        raise RoadsIncompleteError(
            source=refused.source, ways=len(refused.missing), here=here, there=there
        ) from None
    except TableError as refused:
        raise RoadsBrokenError(source=source, why=str(refused)) from None
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError) as broken:
        raise RoadsBrokenError(source=source, why=f"{type(broken).__name__}: {broken}"[:200]) from None


def _matrix(places: Sequence[Place], source: str) -> Matrix:
    engine, mark, address = source.partition("+")
    if mark and engine in ENGINES:
        return Matrix(dict(_legs(places, *ENGINES[engine](places, address))), source)
    return read_matrix(Path(source).read_text("utf-8"), source=source, places=places)


Cells = list[list[float | None]]


def _legs(places: Sequence[Place], minutes: Cells, kilometres: Cells) -> list[tuple[tuple[int, int], Leg]]:
    """Return the ways that have an answer; those without one are missing, and are refused as such."""
    found = []
    for here, minutes_from, km_from in zip(places, minutes, kilometres, strict=True):
        for there, took, km in zip(places, minutes_from, km_from, strict=True):
            if took is not None and km is not None and here.code != there.code:
                if not (took >= 0 and km >= 0):
                    raise ValueError(f"{here.code} to {there.code}: {took} min, {km} km")
                found.append(((here.code, there.code), Leg(took, km)))
    return found


def _ask_osrm(places: Sequence[Place], address: str) -> tuple[Cells, Cells]:
    points = ";".join(f"{place.lon_degrees:.6f},{place.lat_degrees:.6f}" for place in places)
    answer = _asked(address, f"/table/v1/driving/{points}?annotations=duration,distance")
    if answer["code"] != "Ok":
        raise ValueError(str(answer.get("message", answer["code"])))
    return _scaled(answer["durations"], 60), _scaled(answer["distances"], 1000)


def _scaled(cells: Cells, by: float) -> Cells:
    return [[None if cell is None else cell / by for cell in row] for row in cells]


def _ask_valhalla(places: Sequence[Place], address: str) -> tuple[Cells, Cells]:
    points = [{"lat": place.lat_degrees, "lon": place.lon_degrees} for place in places]
    question = {"sources": points, "targets": points, "costing": "bus", "units": "kilometers"}
    rows = _asked(address, "/sources_to_targets", question)["sources_to_targets"]
    return _scaled([[cell["time"] for cell in row] for row in rows], 60), [
        [cell["distance"] for cell in row] for row in rows
    ]


ENGINES = {"osrm": _ask_osrm, "valhalla": _ask_valhalla}


def _asked(address: str, path: str, question: object = None) -> Any:
    parts = urlsplit(address)
    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    link = kinds[parts.scheme](parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    try:
        body = None if question is None else json.dumps(question)
        link.request(
            "GET" if body is None else "POST",
            parts.path.rstrip("/") + path,
            body=body,
            headers={"Content-Type": "application/json"},
        )
        answer = link.getresponse()
        text = answer.read(MOST_BYTES + 1)
        if answer.status != http.client.OK or len(text) > MOST_BYTES:
            raise ValueError(f"HTTP {answer.status}, {len(text)} bytes")
        return json.loads(text)
    finally:
        link.close()
