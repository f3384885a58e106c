"""Workers delivered by four programs at once: ``python -m benchmarks.deliveries [--quick] [--record]``."""

import argparse
import http.client
import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.figures import Figure, tell, write_page
from benchmarks.processes import Command, free_port, fresh_home
from benchmarks.rosters import COLUMNS, people
from benchmarks.visitors import is_answering, percentile

TITLE = "Benchmark: workers that programs deliver"
ABOUT = (
    "`make bench-deliveries`. An invented province is generated in a fresh home and served; four programs of"
    " one county send new people, each as soon as its last request was answered: checked, merged and answered"
    " row by row before the answer goes out. Every row must be accepted."
    " What the fields say: [README](README.md)."
)
ADDRESS = "/api/workers/deliveries/"
PROGRAMS = 4
MOST_SECONDS, PERSONS_PER_SECOND = 1.0, 2_000
FIRST = 3_000_000  # number of the first person: nobody of the generated province
OFFICER = "county"
Row = dict[str, str]


class Size(NamedTuple):
    """How large a run is."""

    workers: int  # in the register before
    requests: int  # of each program
    rows: int  # of a request


FULL, QUICK = Size(200_000, 30, 500), Size(2_000, 3, 100)


def main() -> None:
    """Print a line a figure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.deliveries", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: does it work?")
    parser.add_argument("--workers", type=int, help="people in the register before")
    parser.add_argument("--requests", type=int, help="requests of each program")
    parser.add_argument("--record", action="store_true", help="append to docs/benchmarks/deliveries.jsonl")
    options = parser.parse_args()
    size = QUICK if options.quick else FULL
    size = Size(options.workers or size.workers, options.requests or size.requests, size.rows)
    with fresh_home() as home:
        with Command("demo", "generate", "--workers", str(size.workers), home=home, watched=False) as command:
            if command.wait() != 0:
                sys.exit("the province was not made; it says above why")
        for figure in the_deliveries(home, size):
            tell(figure, record="deliveries" if options.record else "")
    if options.record:
        write_page("deliveries", title=TITLE, about=ABOUT)


def the_deliveries(home: Path, size: Size) -> Iterator[Figure]:
    """Serve the province and let the programs send; yield p50, p95 and persons a second (L2)."""
    port = free_port()
    with Command("serve", "--demonstration", "--port", str(port), home=home, watched=False) as command:
        while not is_answering(port):
            if not command.is_running:
                sys.exit("the site did not start; it says above why")
            time.sleep(0.1)
        token = _token(home)
        _all_sent(port, token, size._replace(requests=2), FIRST - 10_000)  # both processes read their tables
        spent, seconds = _all_sent(port, token, size, FIRST)
    persons = PROGRAMS * size.requests * size.rows
    of = (
        f"{persons:,} new persons of one county from {PROGRAMS} programs, {size.rows} a request,"
        f" beside {size.workers:,}"
    )
    yield Figure("L2.p50", f"{of}, p50 of a request", round(percentile(spent, 0.5), 3), "s")
    yield Figure("L2.p95", f"{of}, p95 of a request", round(percentile(spent, 0.95), 3), "s", MOST_SECONDS)
    bar = round(persons / PERSONS_PER_SECOND, 1)
    what = f"{of}; the bar is {PERSONS_PER_SECOND:,} a second"
    yield Figure("L2.seconds", what, round(seconds, 1), "s", bar)
    yield Figure("L2.rate", of, round(persons / seconds), "persons/s")


def _token(home: Path) -> str:
    with Command("token", "make", OFFICER, "--name", "benchmark", home=home, watched=False) as command:
        if command.wait() != 0:
            sys.exit("no token was made; it says above why")
        return command.lines[-1].strip()


def _rows(first: int, count: int) -> list[Row]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in people(first, count)]


def _all_sent(port: int, token: str, size: Size, first: int) -> tuple[list[float], float]:
    """Let every program send its requests one after the other; return the seconds of each and of all."""
    work = [
        [_rows(first + (program * size.requests + at) * size.rows, size.rows) for at in range(size.requests)]
        for program in range(PROGRAMS)
    ]
    spent, faults, barrier = list[float](), list[str](), threading.Barrier(PROGRAMS + 1)

    def run(program: int) -> None:
        barrier.wait()
        for at, rows in enumerate(work[program]):
            begun = time.perf_counter()
            said = _send(port, token, rows, f"{first}-{program}-{at}")
            spent.append(time.perf_counter() - begun)
            if said.get("accepted") != len(rows):
                faults.append(str(said)[:400])

    threads = [threading.Thread(target=run, args=(program,)) for program in range(PROGRAMS)]
    for thread in threads:
        thread.start()
    barrier.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    if faults or len(spent) != PROGRAMS * size.requests:
        sys.exit(f"{len(faults)} deliveries were not accepted whole: {faults[:1]}")
    return spent, seconds


def _send(port: int, token: str, rows: Sequence[Row], key: str) -> dict[str, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Authorization": f"Bearer {token}", "Idempotency-Key": key, "Content-Type": "application/json",
    }  # fmt: skip
    connection.request("POST", ADDRESS, json.dumps({"rows": rows}).encode(), headers)
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    if answer.status != 200:
        sys.exit(f"{answer.status}: {said[:400].decode()}")
    return dict(json.loads(said))


if __name__ == "__main__":
    main()
