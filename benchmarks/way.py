"""The whole way and its pages: ``python -m benchmarks.way [--quick] [--record]`` (``make bench-way``)."""

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.figures import Figure, tell, write_page
from benchmarks.processes import Command, free_port, fresh_home
from benchmarks.visitors import Visitor, is_answering, percentile, seconds_of, weight

TITLE = "Benchmark: the whole way"
ABOUT = (
    "`make bench-way`. The way is gone in a fresh home with everything installed; a cold machine installs"
    " first. What the fields say: [README](README.md)."
)
USERS = 20
FIRST_PAGE_SECONDS, SECOND_START_SECONDS = 120, 10
PAGE_SECONDS = 0.5  # p95 (L1)
PAGE_QUERIES = 30  # L6
DESK_BYTES, PHONE_BYTES = 80_000, 40_000


class Size(NamedTuple):
    """How large a run is."""

    workers: int
    times: int  # how often each of the users opens a page


FULL, QUICK = Size(20_000, 25), Size(2_000, 2)


class Page(NamedTuple):
    """One of the six main pages, and how it is found by clicking."""

    name: str
    officer: str  # user name; "" for anybody
    roads: tuple[str, ...]  # where to begin, then a pattern of the link to follow on each page
    bytes_at_most: int


class Found(NamedTuple):
    """A page, who looks at it, and where it is."""

    page: Page
    visitor: Visitor
    address: str


PAGES = (
    Page("dashboard", "province", ("/",), DESK_BYTES),
    Page("county list", "county", ("/workers/",), DESK_BYTES),
    Page("person", "county", ("/workers/", r"/workers/\d+/"), DESK_BYTES),
    Page("job", "", ("/jobs/", r"/jobs/\d+/"), PHONE_BYTES),
    Page("gate", "leader", ("/gate/", r"/gate/\d+/\d+/"), PHONE_BYTES),
    Page("bulletin", "", ("/open/", r"/bulletin/[\w-]+/"), DESK_BYTES),
)


def main() -> None:
    """Print a line a figure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.way", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: does it work?")
    parser.add_argument(
        "--record", action="store_true", help="append to docs/benchmarks/way.jsonl, make the page"
    )
    options = parser.parse_args()
    size = QUICK if options.quick else FULL
    for figures in (the_way(size), the_site(size)):
        for figure in figures:
            tell(figure, record="way" if options.record else "")
    if options.record:
        write_page("way", title=TITLE, about=ABOUT)


def the_way(size: Size) -> Iterator[Figure]:
    """Go the way once; yield seconds and peak memory of each step and of all."""
    with fresh_home() as home, Command("way", "--workers", str(size.workers), home=home) as command:
        if command.wait() != 0:
            sys.exit("the way stopped; it says above why")
        report = json.loads(command.lines[-1])
        steps = [name for name, part in report.items() if isinstance(part, dict) and "seconds" in part]
        of = f"at {size.workers:,} workers"
        yield Figure("way.seconds", f"the whole way {of}", round(command.seconds, 1), "s")
        yield Figure("way.memory", f"peak memory of the whole way {of}", _mb(command.peak_bytes), "MB")
        for name, (_, peak) in zip(steps, command.steps, strict=True):
            yield Figure(f"way.{name}.seconds", f"step {name} {of}", report[name]["seconds"], "s")
            yield Figure(f"way.{name}.memory", f"peak memory of step {name} {of}", _mb(peak), "MB")


def the_site(size: Size) -> Iterator[Figure]:
    """Serve a demonstration from nothing, then once more; then look at its pages."""
    with fresh_home() as home:
        port = free_port()
        words = ("serve", "--demonstration", "--workers", str(size.workers), "--port", str(port))
        with Command(*words, home=home) as command:
            seconds = _until_answering(command, port)
        what = f"first page from a fresh home, {size.workers:,} workers, packages installed"
        yield Figure("way.first_page", what, seconds, "s", FIRST_PAGE_SECONDS)
        with Command(*words, home=home) as command:
            seconds = _until_answering(command, port)
            yield Figure(
                "way.second_start", "first page of a second start", seconds, "s", SECOND_START_SECONDS
            )
            found = list(_found(port, _links(command)))
            yield from _pages(found, size)
            yield from _queries(home, found)


def _until_answering(command: Command, port: int) -> float:
    while not is_answering(port):
        if not command.is_running:
            sys.exit("the site did not start; it says above why")
        time.sleep(0.1)
    return round(command.seconds, 1)


def _links(command: Command) -> dict[str, str]:
    """Return the one-time links that the server printed, by user name."""
    while command.is_running and not any("Ctrl-C" in line for line in command.lines):
        time.sleep(0.1)
    rows = [re.split(r"\s+", line.strip()) for line in command.lines if "/enter/" in line]
    return {row[0]: next(word for word in row if "/enter/" in word) for row in rows}


def _pages(found: Sequence[Found], size: Size) -> Iterator[Figure]:
    for page, visitor, address in found:
        name = page.name.replace(" ", "_")
        what = f"{page.name} page ({address}), packed, with style sheet and script"
        yield Figure(f"way.{name}.weight", what, weight(visitor, address), "bytes", page.bytes_at_most)
        spent = seconds_of(visitor, address, users=USERS, times=size.times)
        what = f"{page.name} page, p95 of {len(spent)} answers to {USERS} users who look at each for a second"
        yield Figure(f"way.{name}.p95", what, round(percentile(spent, 0.95), 3), "s", PAGE_SECONDS)


def _found(port: int, links: dict[str, str]) -> Iterator[Found]:
    """Find each page by clicking from where one begins."""
    visitors: dict[str, Visitor] = {}
    for page in PAGES:
        if page.officer not in visitors:
            visitors[page.officer] = Visitor(port)
            if page.officer:
                visitors[page.officer].enter(links[page.officer])
        visitor, (address, *roads) = visitors[page.officer], page.roads
        for road in roads:
            status, text = visitor.get(address)
            link = re.search(rf'href="({road})"', text.decode())
            if link is None:
                sys.stderr.write(f"{address} ({status}) has no link like {road}: measured itself\n")
                break
            address = link[1]
        yield Found(page, visitor, address)


def _queries(home: Path, found: Sequence[Found]) -> Iterator[Figure]:
    """Open each page once more in this process, on the same database, and count what it asks."""
    os.environ.update(FOURDOORS_HOME=str(home), DJANGO_SETTINGS_MODULE="fourdoors.conf.settings")
    import django  # noqa: PLC0415 (the settings read the socket of the server that runs now)

    django.setup()
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from fourdoors.accounts.models import Officer  # noqa: PLC0415

    for page, _, address in found:
        client = Client(SERVER_NAME="127.0.0.1")
        if page.officer:
            officer = Officer.objects.get(username=page.officer)
            client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            if client.get(address).status_code != 200:
                sys.exit(f"{address} is no page in this process")
        name = page.name.replace(" ", "_")
        yield Figure(f"L6.{name}", f"queries of the {page.name} page", len(asked), "queries", PAGE_QUERIES)
    connection.close()


def _mb(count: int) -> float:
    return round(count / 2**20)


if __name__ == "__main__":
    main()
