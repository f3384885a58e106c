"""The register at its true size: ``python -m benchmarks.register [--quick] [--record]``."""

import argparse
import contextlib
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from benchmarks.figures import Figure, tell, write_page
from benchmarks.processes import Command, free_port, fresh_home
from benchmarks.visitors import LOOKS_SECONDS, Visitor, is_answering, percentile

TITLE = "Benchmark: the register"
ABOUT = (
    "`make bench-register`. An invented province is generated in a fresh home and served; at 20 windows two"
    " officers, a county's and the province's, open pages of different people, each a second or so"
    " after the last. Then the whole is backed up, taken away and restored, each table compared."
    " What the fields say: [README](README.md)."
)
USERS = 20
PAGE_SECONDS, SEARCH_SECONDS = 0.5, 0.3  # p95 (L1)
COPY_SECONDS = 1800  # of the full province (L7)
_CONTENTS = """\\set QUIET on
\\pset format unaligned
\\pset tuples_only on
SELECT format(
    'SELECT %L, count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM %I t', relname, relname
) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname \\gexec
"""


class Size(NamedTuple):
    """How large a run is."""

    workers: int
    times: int  # how often each of the users opens a page


FULL, QUICK = Size(5_260_000, 25), Size(20_000, 3)
COUNTY, PROVINCE = "county", "province"  # user names of officers of the demonstration


@dataclass(frozen=True)
class Known:
    """A worker that is looked for."""

    pk: int
    household: int
    household_number: str
    name: str
    letters: str
    initials: str
    phone_tail: str
    identity: str


class Page(NamedTuple):
    """One kind of page, who opens it, and where it is for one worker."""

    name: str
    officer: str
    address: Callable[[Known], str]
    seconds: float


def _search(officer: str, name: str, words: Callable[[Known], str]) -> Page:
    def address(one: Known) -> str:
        return f"/workers/?q={quote(words(one))}"

    return Page(f"search_{name}_{officer}", officer, address, SEARCH_SECONDS)


PAGES = (
    Page("list_county", COUNTY, lambda one: f"/workers/?page={one.pk % 200 + 1}", PAGE_SECONDS),
    Page("list_province", PROVINCE, lambda one: f"/workers/?page={one.pk % 200 + 1}", PAGE_SECONDS),
    Page(
        "list_poor_women_county",
        COUNTY,
        lambda _: "/workers/?status=registered_poor&sex=female",
        PAGE_SECONDS,
    ),
    Page("list_wishing_county", COUNTY, lambda _: "/workers/?wants=yes&age=25-34", PAGE_SECONDS),
    Page("person", COUNTY, lambda one: f"/workers/{one.pk}/", PAGE_SECONDS),
    Page("household", COUNTY, lambda one: f"/households/{one.household}/", PAGE_SECONDS),
    *(
        _search(officer, name, words)
        for officer in (COUNTY, PROVINCE)
        for name, words in (
            ("identity", lambda one: one.identity),
            ("name", lambda one: one.name),
            ("surname", lambda one: one.name[:1]),
            ("pinyin", lambda one: one.letters),
            ("initials", lambda one: one.initials),
            ("phone_tail", lambda one: one.phone_tail),
            ("household", lambda one: one.household_number),
        )
    ),
    _search(COUNTY, "given_name", lambda one: one.name[1:]),
)


def main() -> None:
    """Print a line a figure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.register", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: does it work?")
    parser.add_argument("--workers", type=int, help="another size")
    parser.add_argument("--times", type=int, help="how often each user opens a page")
    parser.add_argument("--only", default="", help="pages whose name begins so: search_name")
    parser.add_argument(
        "--home", type=Path, help="a home that holds a generated province: it is not made anew"
    )
    parser.add_argument(
        "--record", action="store_true", help="append to docs/benchmarks/register.jsonl, make the page"
    )
    options = parser.parse_args()
    size = QUICK if options.quick else FULL
    size = Size(options.workers or size.workers, options.times or size.times)
    record = "register" if options.record else ""
    pages = [page for page in PAGES if page.name.startswith(options.only)]
    if options.home:
        _tell(the_pages(options.home, size, pages), record)
    else:
        with fresh_home() as home:
            _tell(the_province(home, size), record)
            _tell(the_pages(home, size, pages), record)
            if not options.only:
                _tell(the_copy(home, size), record)
    if options.record:
        write_page("register", title=TITLE, about=ABOUT)


def _tell(figures: Iterator[Figure], record: str) -> None:
    for figure in figures:
        tell(figure, record=record)


def the_province(home: Path, size: Size) -> Iterator[Figure]:
    """Generate the province; yield seconds, disk, memory."""
    with Command("demo", "generate", "--workers", str(size.workers), home=home) as command:
        while command.is_running:
            minutes, megabytes = command.seconds / 60, _bytes_in(home) >> 20
            _say(f"generating {size.workers:,} workers: {minutes:.0f} min, {megabytes:,} MB")
            command.pause(60)
        if command.wait() != 0:
            sys.exit("the province was not made; it says above why")
        report = json.loads(command.lines[-1])
        of = f"{size.workers:,} workers"
        yield Figure("register.generate.seconds", f"generating {of}", round(command.seconds, 1), "s")
        yield Figure("register.generate.rate", f"generating {of}", report["workers_per_second"], "workers/s")
        yield Figure("register.generate.disk", f"database of {of}", report["database_mb"], "MB")
        what = f"peak memory of generating {of}, PostgreSQL included"
        yield Figure("register.generate.memory", what, round(command.peak_bytes / 2**20), "MB")


def _say(words: str) -> None:
    sys.stderr.write(f"… {words}\n")


def _bytes_in(home: Path) -> int:
    total = 0
    for path in home.rglob("*"):
        with contextlib.suppress(OSError):  # PostgreSQL has taken it away meanwhile
            total += path.stat().st_size
    return total


def the_pages(home: Path, size: Size, pages: Sequence[Page]) -> Iterator[Figure]:
    """Serve the province; yield p50 and p95 of every kind of page."""
    port = free_port()
    with Command("serve", "--demonstration", "--port", str(port), home=home, watched=False) as command:
        while not is_answering(port):
            if not command.is_running:
                sys.exit("the site did not start; it says above why")
            time.sleep(0.1)
        visitors = _enter(command, port)
        people = _people(home)
        for place, page in enumerate(pages, 1):
            _say(f"page {place} of {len(pages)}: {page.name}")
            for one in people[:4]:  # both server processes have read their modules and templates
                visitors[page.officer].again().get(page.address(one))
            spent = _visit(visitors[page.officer], page, people, size.times)
            of = f"{size.workers:,} workers, {len(spent)} answers to {USERS} users"
            what = f"{page.name.replace('_', ' ')} at {of}"
            name = f"register.{page.name}"
            yield Figure(f"{name}.p50", f"{what}, p50", round(percentile(spent, 0.5), 3), "s")
            yield Figure(f"{name}.p95", f"{what}, p95", round(percentile(spent, 0.95), 3), "s", page.seconds)


def the_copy(home: Path, size: Size) -> Iterator[Figure]:
    """Back the province up, take every table away and restore it; yield seconds, size, what differs (L7)."""
    of, file = f"{size.workers:,} workers", home / "province.backup"
    _say("what every table holds, before")
    before = _contents(home)
    _say("backup")
    saving = _seconds("db", "backup", str(file), home=home)
    yield Figure("register.backup.seconds", f"backup of {of}", saving, "s", COPY_SECONDS)
    yield Figure("register.backup.size", f"backup of {of}", round(file.stat().st_size / 2**20), "MB")
    _say("restore")
    restoring = _seconds("db", "restore", "--replace", str(file), home=home)
    yield Figure("register.restore.seconds", f"restore of {of}", restoring, "s", COPY_SECONDS)
    _say("what every table holds, after")
    after = _contents(home)
    differing = len(before.items() ^ after.items())
    what = f"tables of {len(before)} whose rows or their hashes differ after backup and restore of {of}"
    yield Figure("register.restore.differing", what, differing, "tables", 0)


def _seconds(*words: str, home: Path) -> float:
    with Command(*words, home=home, watched=False) as command:
        if command.wait() != 0:
            sys.exit(f"{' '.join(words)} failed; it says above why")
        return round(command.seconds, 1)


def _contents(home: Path) -> dict[str, str]:
    """Return for every table how many rows it holds and the sum of their hashes, as its owner sees them."""
    asked = subprocess.run(
        [sys.executable, "-m", "fourdoors.conf.main", "db", "shell", "--owner"],
        input=_CONTENTS, capture_output=True, text=True, check=True,
        env={**os.environ, "FOURDOORS_HOME": str(home)},
    )  # fmt: skip
    found = (line.partition("|") for line in asked.stdout.splitlines() if "|" in line)
    return {table: rows for table, _, rows in found}


def _enter(command: Command, port: int) -> dict[str, Visitor]:
    while command.is_running and not any("Ctrl-C" in line for line in command.lines):
        time.sleep(0.1)
    visitors = {}
    for line in command.lines:
        found = re.match(r"\s*(\w+)\s.*?(\S*/enter/\S+)", line)
        if found and found[1] in (COUNTY, PROVINCE):
            visitors[found[1]] = Visitor(port)
            visitors[found[1]].enter(found[2])
    return visitors


def _visit(visitor: Visitor, page: Page, people: Sequence[Known], times: int) -> list[float]:
    """Let every user open the page of other people, ``times`` each; return all times."""
    spent: list[float] = []
    faults: list[str] = []
    barrier = threading.Barrier(USERS)

    def visit(user: int) -> None:
        one, draw = visitor.again(), random.Random(user)  # noqa: S311 (no secret)
        barrier.wait()
        for _ in range(times):
            time.sleep(draw.uniform(*LOOKS_SECONDS))
            address = page.address(draw.choice(people))
            begun = time.perf_counter()
            status, _ = one.get(address)
            spent.append(time.perf_counter() - begun)
            if status != 200:
                faults.append(f"{address}: {status}")
        one.close()

    threads = [threading.Thread(target=visit, args=(user,)) for user in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        sys.exit(f"{len(faults)} answers were no page, {faults[0]}")
    return spent


def _people(home: Path, count: int = 300) -> list[Known]:
    """Choose people of the county whose officer looks, on the database of the server that runs now."""
    os.environ.update(FOURDOORS_HOME=str(home), DJANGO_SETTINGS_MODULE="fourdoors.conf.settings")
    import django  # noqa: PLC0415 (the settings read the socket of the server)

    django.setup()
    from fourdoors.accounts.models import Officer  # noqa: PLC0415
    from fourdoors.accounts.selectors import scope_of  # noqa: PLC0415
    from fourdoors.register.models import Membership  # noqa: PLC0415
    from fourdoors.store.scope import scoped  # noqa: PLC0415
    from fourdoors.store.vault import vault  # noqa: PLC0415

    with scoped(scope_of(Officer.objects.get(username=COUNTY))):
        found = list(
            Membership.objects.filter(to_on=None).select_related("worker", "household").order_by("pk")
        )
    chosen = random.Random(1).sample(found, min(count, len(found)))  # noqa: S311 (no secret)
    return [
        Known(
            it.worker.pk, it.household.pk, it.household.number, it.worker.name, it.worker.name_letters,
            it.worker.name_initials, it.worker.phone_tail,
            vault().open("identity", it.worker.identity_cipher),
        )
        for it in chosen
    ]  # fmt: skip


if __name__ == "__main__":
    main()
