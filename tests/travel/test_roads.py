"""Travel times from a table or a routing engine: one source, or a refusal."""

import json
import socket
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from fourdoors.engines.routing.times import GreatCircle, Matrix, Place
from fourdoors.travel.services import RoadsBrokenError, RoadsIncompleteError, travel_times
from fourdoors.travel.services import roads as roads_module

HERE = Place(code=621226_000000, lon_degrees=105.18, lat_degrees=34.19)
THERE = Place(code=621226_100000, lon_degrees=105.30, lat_degrees=34.20)
PLACES = (HERE, THERE)
Answer = Callable[[str, Any], tuple[int, object]]


class Engine:
    """A server that answers as a test says, and keeps what it was asked."""

    def __init__(self, answer: Answer) -> None:
        asked = self.asked = []  # type: list[tuple[str, Any]]

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.reply(None)

            def do_POST(self) -> None:
                self.reply(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

            def reply(self, question: Any) -> None:
                asked.append((self.path, question))
                status, body = answer(self.path, question)
                text = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *words: object) -> None:
                """Stay silent."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = Thread(target=self.server.serve_forever)

    def __enter__(self) -> "Engine":
        self.thread.start()
        return self

    def __exit__(self, *why: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


def osrm(durations: object, distances: object) -> Answer:
    return lambda path, question: (200, {"code": "Ok", "durations": durations, "distances": distances})


def test_without_a_source_they_are_estimates() -> None:
    assert travel_times(PLACES, source="") == GreatCircle()


def test_osrm_is_asked_once_for_all_ways() -> None:
    with Engine(osrm([[0, 600], [630, 0]], [[0, 9000], [9100, 0]])) as engine:
        times = travel_times(PLACES, source=f"osrm+{engine.address}")
    assert (times.minutes(HERE, THERE), times.minutes(THERE, HERE)) == (10, 11)
    assert times.road_km(THERE, HERE) == 9.1
    assert times.minutes(HERE, HERE) == 0
    assert [path for path, _ in engine.asked] == [
        "/table/v1/driving/105.180000,34.190000;105.300000,34.200000?annotations=duration,distance"
    ]


def test_valhalla_is_asked_for_coaches() -> None:
    cells = [[{"time": 0, "distance": 0}, {"time": 601, "distance": 9}], [{"time": 60, "distance": 1}] * 2]
    with Engine(lambda path, question: (200, {"sources_to_targets": cells})) as engine:
        times = travel_times(PLACES, source=f"valhalla+{engine.address}/roads")
    assert (times.minutes(HERE, THERE), times.road_km(HERE, THERE)) == (11, 9)
    ((path, question),) = engine.asked
    assert path == "/roads/sources_to_targets"
    assert (question["costing"], len(question["sources"]), len(question["targets"])) == ("bus", 2, 2)


def test_a_way_that_an_engine_does_not_know_is_named() -> None:
    with (
        Engine(osrm([[0, None], [60, 0]], [[0, None], [9, 0]])) as engine,
        pytest.raises(RoadsIncompleteError) as refusal,
    ):
        travel_times(PLACES, source=f"osrm+{engine.address}")
    assert refusal.value.values["here"] == HERE.code
    assert refusal.value.values["ways"] == 1


@pytest.mark.parametrize(
    "answer",
    [
        lambda path, question: (500, {}),
        lambda path, question: (200, b"<html>"),
        lambda path, question: (200, {"code": "NoSegment", "message": "no road"}),
        lambda path, question: (200, {"code": "Ok"}),
        osrm([[0, 1]], [[0, 1]]),
        osrm([[0, -60], [60, 0]], [[0, 1], [1, 0]]),
        osrm("none", None),
    ],
)
def test_an_engine_that_answers_nonsense_is_refused(answer: Answer) -> None:
    with Engine(answer) as engine, pytest.raises(RoadsBrokenError) as refusal:
        travel_times(PLACES, source=f"osrm+{engine.address}")
    assert refusal.value.values["why"]


@pytest.fixture
def deaf() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:  # takes calls and never answers
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_an_engine_that_is_silent_is_given_up(deaf: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roads_module, "TIMEOUT_SECONDS", 0.2)
    with pytest.raises(RoadsBrokenError, match="TimeoutError"):
        travel_times(PLACES, source=f"valhalla+{deaf}")


@pytest.mark.parametrize("source", ["osrm+http://127.0.0.1:1", "osrm+ftp://127.0.0.1", "/nowhere/roads.csv"])
def test_a_source_that_is_not_there_is_never_replaced(source: str) -> None:
    with pytest.raises(RoadsBrokenError):
        travel_times(PLACES, source=source)


def test_a_table_is_used_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "roads.csv"
    path.write_text(f"from,to,minutes,km\n{HERE.code},{THERE.code},12.5,9\n{THERE.code},{HERE.code},13,9\n")
    times = travel_times(PLACES, source=str(path))
    assert isinstance(times, Matrix)
    assert times.minutes(HERE, THERE) == 13
    path.write_text(f"from,to,minutes,km\n{HERE.code},{THERE.code},12.5,9\n")
    with pytest.raises(RoadsIncompleteError):
        travel_times(PLACES, source=str(path))
    path.write_text("from,to\n")
    with pytest.raises(RoadsBrokenError, match="line 1"):
        travel_times(PLACES, source=str(path))
