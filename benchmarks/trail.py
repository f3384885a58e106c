"""The trail of deeds at size: ``python -m benchmarks.trail [--quick] [--record]``."""

import argparse
import json
import os
import random
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from benchmarks.figures import Figure, tell, write_page
from benchmarks.processes import Command, fresh_home

TITLE = "Benchmark: the trail of deeds"
ABOUT = (
    "`make bench-trail`. A trail of deeds in the chains of 86 counties is verified; then deeds drawn at"
    " random are changed, deleted, inserted and put into another order by the owner of the tables,"
    " one chain each, and it is verified again."
    " What the fields say: [README](README.md)."
)
FULL, QUICK = 1_000_000, 10_000
COUNTIES = 86
MOST_SECONDS = 60
TAMPERED = {
    "changed": "UPDATE accounts_deed SET values = '{{}}' WHERE chain = {chain} AND number = {number}",
    "deleted": "DELETE FROM accounts_deed WHERE chain = {chain} AND number = {number}",
    "inserted": "INSERT INTO accounts_deed (chain, number, at, action, values, previous_hash, hash)"
    " SELECT chain, (SELECT max(number) + 1 FROM accounts_deed WHERE chain = {chain}),"
    " at, action, values, previous_hash, hash"
    " FROM accounts_deed WHERE chain = {chain} AND number = {number}",
    "reordered": "UPDATE accounts_deed SET number = -number"
    " WHERE chain = {chain} AND number IN ({number}, {number} + 1);"
    " UPDATE accounts_deed SET number = 2 * {number} + 1 + number WHERE chain = {chain} AND number < 0",
}
EACH = 20  # deeds of each kind, every one in a chain of its own


def main() -> None:
    """Print a line a figure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trail", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: does it work?")
    parser.add_argument("--record", action="store_true", help="append to docs/benchmarks/trail.jsonl")
    options = parser.parse_args()
    with fresh_home() as home:
        for figure in the_trail(home, QUICK if options.quick else FULL):
            tell(figure, record="trail" if options.record else "")
    if options.record:
        write_page("trail", title=TITLE, about=ABOUT)


def the_trail(home: Path, deeds: int) -> Iterator[Figure]:
    """Write a trail, verify it, spoil it, verify it again; yield seconds and what was not found."""
    _run(home, "db", "start")
    try:
        _run(home, "migrate", "--database", "owner", "--verbosity", "0")
        _write(home, deeds)
        seconds, found = _verified(home)
        if found:
            sys.exit(f"a sound trail was found broken: {found[0]}")
        yield Figure("U1.seconds", f"verifying {deeds:,} deeds", round(seconds, 1), "s", MOST_SECONDS)
        chains = _spoil(home)
        _, found = _verified(home)
        missed = [kind for kind, chain in chains if not any(f"chain {chain} deed" in line for line in found)]
        of = f"of {len(chains)} chains with a deed changed, deleted, inserted or reordered among {deeds:,}"
        yield Figure("U1.missed", f"not found, {of}", len(missed), "", 0)
    finally:
        _run(home, "db", "stop", "--now")


def _run(home: Path, *words: str) -> None:
    with Command(*words, home=home) as command:
        if command.wait() != 0:
            sys.exit(f"{words[0]} stopped; it says above why")


def _verified(home: Path) -> tuple[float, list[str]]:
    """Run the command; return its seconds and the breaks it names."""
    with Command("audit", "verify", home=home) as command:
        command.wait()
        return command.seconds, [line for line in command.lines if re.match(r"chain \d+ deed", line)]


def _owner(home: Path) -> psycopg.Connection[tuple[object, ...]]:
    socket = (home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[4]
    return psycopg.connect(host=socket, user="fourdoors_owner", dbname="fourdoors", autocommit=True)


def _write(home: Path, deeds: int) -> None:
    """Write chains as ``record_deed`` would have, one after the other."""
    os.environ.update(FOURDOORS_HOME=str(home), DJANGO_SETTINGS_MODULE="fourdoors.conf.settings")
    import django  # noqa: PLC0415 (the settings read the socket of the server)

    django.setup()
    from fourdoors.accounts.models import Deed  # noqa: PLC0415
    from fourdoors.accounts.rules import deed_hash  # noqa: PLC0415

    begun, heads = datetime(2020, 1, 1, tzinfo=UTC), []
    names = "chain, number, at, action, object_id, values, previous_hash, hash"
    with _owner(home) as owner:
        with owner.cursor().copy(f"COPY accounts_deed ({names}) FROM STDIN") as copy:
            for chain in range(620_000, 620_000 + COUNTIES):
                previous = ""
                for number in range(1, deeds // COUNTIES + 1):
                    deed = Deed(
                        chain=chain, number=number, at=begun + timedelta(seconds=number), object_id=number,
                        action="placements.placed", values={"rows": number}, previous_hash=previous,
                    )  # fmt: skip
                    said = deed_hash(deed)
                    copy.write_row(
                        (chain, number, deed.at, deed.action, number, json.dumps(deed.values), previous, said)
                    )
                    previous = said
                heads.append((chain, deeds // COUNTIES, previous))
        with owner.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO accounts_deedchain (chain, number, head_hash) VALUES (%s, %s, %s)", heads
            )


def _spoil(home: Path) -> list[tuple[str, int]]:
    """Spoil one deed of each of many chains; return kind and chain."""
    draw, chains = random.Random(1), list(range(620_000, 620_000 + COUNTIES))  # noqa: S311 (no secret)
    draw.shuffle(chains)
    kinds = [kind for kind in TAMPERED for _ in range(EACH)]
    spoiled = list(zip(kinds, chains, strict=False))
    with _owner(home) as owner:
        count = owner.execute("SELECT min(number) FROM accounts_deedchain").fetchone()
        most = int(str((count or (2,))[0]))
        for kind, chain in spoiled:
            number = draw.randint(1, most - 1)
            for statement in TAMPERED[kind].format(chain=chain, number=number).split(";"):
                owner.execute(statement.encode())
    return spoiled


if __name__ == "__main__":
    main()
