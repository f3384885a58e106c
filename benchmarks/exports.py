"""Filled forms at the edges of a sheet, and of a million rows: ``python -m benchmarks.exports [--quick]``."""

import argparse
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, tell, write_page
from benchmarks.rosters import COLUMNS, people
from fourdoors.engines.sheets import FORMS, write_workbook

TITLE = "Benchmark: filled forms"
ABOUT = (
    "`make bench-exports`. A workbook is written row by row, each size in a process of its own: rows of the"
    " national member export, as the queue writes them, without the database. The rows of the file are"
    " counted anew, in its bytes. What the fields say: [README](README.md)."
)
EDGES = (29_999, 30_000, 65_536, 1_048_576, 1_048_577)  # where others have lost rows
MILLION, QUICK = 1_000_000, 20_000
TOP_ROWS = 3  # title, watermark, titles of the columns
_ROW = re.compile(rb"<row ")


def main() -> None:
    """Write each size in a process of its own, count what is in the file, and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="small sizes")
    parser.add_argument("--record", action="store_true", help="keep the figures in docs/benchmarks")
    parser.add_argument("--write", type=int, help="rows of one file: what a process of its own does")
    parser.add_argument("--few", action="store_true", help="two columns only")
    options = parser.parse_args()
    if options.write is not None:
        _write(options.write, few=options.few)
        return
    record = "exports" if options.record else ""
    for rows in EDGES[:2] if options.quick else EDGES:
        lost, _, _ = _measured(rows, "--few")
        tell(Figure(f"X3-{rows}", f"rows lost of {rows:,}", lost, "rows", bar=0), record=record)
    rows = QUICK if options.quick else MILLION
    lost, seconds, megabytes = _measured(rows)
    tell(Figure("X3-wide", f"rows lost of {rows:,} x {len(COLUMNS)}", lost, "rows", bar=0), record=record)
    tell(Figure("export-seconds", f"{rows:,} x {len(COLUMNS)} written", seconds, "s"), record=record)
    tell(
        Figure("export-memory", f"most memory for {rows:,} x {len(COLUMNS)}", megabytes, "MB"), record=record
    )
    if record:
        write_page(record, title=TITLE, about=ABOUT)


def _measured(rows: int, *words: str) -> tuple[int, float, float]:
    """Return rows lost, seconds, and the most memory of the process that wrote."""
    command = [sys.executable, "-m", "benchmarks.exports", "--write", str(rows), *words]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    told, found, seconds, megabytes = int(said[0]), int(said[1]), float(said[2]), float(said[3])
    return max(abs(rows - told), abs(rows - found)), seconds, megabytes


def _write(rows: int, *, few: bool) -> None:
    form = FORMS["national_member_export"]
    columns = [column for column in form.kept if not few or column.key in ("name", "identity")]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        records = list(islice(_records(), 1_000))
        begun = time.perf_counter()
        with path.open("w+b") as out:
            told = write_workbook(
                out, sheet=form.title, columns=columns, rows=islice(cycle(records), rows), title=form.title,
                watermark="benchmark",
            )  # fmt: skip
        seconds = time.perf_counter() - begun
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(f"{told} {_rows_in(path)} {seconds:.1f} {megabytes:.0f}\n")


def _records() -> Iterator[dict[str, Any]]:
    return (dict(zip(COLUMNS, row, strict=True)) for row in people(0, 1_000))


def _rows_in(path: Path) -> int:
    """Count the rows below the titles of every sheet with the table, in the bytes of the file."""
    count = 0
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/sheet"):
                rows = _count(package, name)
                count += rows - TOP_ROWS if rows > TOP_ROWS else 0
        return count


def _count(package: zipfile.ZipFile, name: str) -> int:
    found, rest = 0, b""
    with package.open(name) as part:
        while block := part.read(1 << 20):
            text = rest + block
            found += len(_ROW.findall(text))
            rest = text[-4:]
    return found


if __name__ == "__main__":
    main()
