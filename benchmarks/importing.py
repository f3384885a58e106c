"""One roster through django-import-export and through our own intake; called by ``benchmarks.intake``."""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure
from benchmarks.rosters import COLUMNS, workbook

PEER = f"django-import-export {version('django-import-export')}"
TABLE = "peer_person"
_TABLE = f"""
DROP TABLE IF EXISTS {TABLE};
CREATE TABLE {TABLE} ({", ".join(f"{name} text NOT NULL" for name in COLUMNS)}, PRIMARY KEY (identity))
"""
# how the second resource is told to hurry, as its documentation advises for many rows
QUICK_OPTIONS = {"use_bulk": True, "skip_diff": True, "skip_html_diff": True, "force_init_instance": True}

Rows = list[tuple[str, ...]]
Ours = Callable[[Rows], float]  # seconds of our own intake
Execute = Callable[[str], object]  # a statement of the tables' owner


def main() -> None:
    """Import one workbook into the table, in a process of its own, and print the seconds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--bulk", action="store_true")
    options = parser.parse_args()
    sys.stdout.write(f"{_imported(options.file.read_bytes(), bulk=options.bulk):.2f}\n")


def the_peer(home: Path, rows: Rows, *, ours: Ours, execute: Execute) -> Iterator[Figure]:
    """Bring the same new rows in by both; yield seconds of each and how many times as long the peer takes.

    The peer has one table of its own with the same columns, the identity number as its key: no check, no
    household, no history, nothing sealed. Plain, it does what its own pages do: a dry run to be confirmed,
    then the import. In bulk it writes once, told to hurry in every way that its documentation names.
    """
    path = home / "peer.xlsx"
    path.write_bytes(workbook(iter(rows)))
    spent = round(ours(rows), 2)
    of = f"{len(rows):,} x {len(COLUMNS)} roster, new"
    for name, does, words in (
        ("plain", "dry run and import into one table", []),
        ("bulk", "rows written into one table at once, nothing looked at", ["--bulk"]),
    ):
        execute(_TABLE)
        theirs = _seconds(home, path, *words)
        what = f"{of}: received, checked, rehearsed, merged; peer: {does}"
        yield Figure(f"peer.{name}.seconds", what, spent, "s", None, PEER, theirs)
        what = f"{of}: seconds of the peer ({does}) over ours"
        yield Figure(f"peer.{name}.ratio", what, round(theirs / spent, 2), "", None, PEER, 1)
        execute(f"DROP TABLE {TABLE}")


def _seconds(home: Path, path: Path, *words: str) -> float:
    line = [sys.executable, "-m", "benchmarks.importing", str(path), *words]
    environment = os.environ | {"FOURDOORS_HOME": str(home)}
    said = subprocess.run(line, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return float(said.stdout)


def _imported(data: bytes, *, bulk: bool) -> float:
    os.environ["DJANGO_SETTINGS_MODULE"] = "fourdoors.conf.settings"
    import django  # noqa: PLC0415 (the settings read the socket of the server)

    django.setup()
    from tablib import Dataset  # noqa: PLC0415

    resource = _resource(QUICK_OPTIONS if bulk else {})
    begun = time.perf_counter()
    rows = Dataset().load(data, format="xlsx")
    rows.headers = list(COLUMNS)
    if not bulk:
        resource.import_data(rows, dry_run=True, raise_errors=True, use_transactions=True)
    result = resource.import_data(rows, raise_errors=True, use_transactions=True)
    seconds = time.perf_counter() - begun
    if result.totals["new"] != len(rows):
        sys.exit(f"of {len(rows)} rows it made {result.totals}")
    return seconds


def _resource(options: dict[str, Any]) -> Any:
    """Return a plain resource of a plain model over the table."""
    from django.db import models  # noqa: PLC0415
    from import_export.resources import modelresource_factory  # noqa: PLC0415

    texts = {name: models.TextField(primary_key=name == "identity") for name in COLUMNS}
    meta = type("Meta", (), {"app_label": "intake", "managed": False, "db_table": TABLE})
    model = type("Person", (models.Model,), {"__module__": __name__, "Meta": meta, **texts})
    return modelresource_factory(model, meta_options={"import_id_fields": ["identity"], **options})()


if __name__ == "__main__":
    main()
