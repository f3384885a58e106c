"""Measure how often the proposed occupations hit the labels of real titles; prints one JSON line.

Usage: ``python scripts/occupation_hits.py PATH [even|odd]`` with a CSV of ``job_name,expected_code``.
``even`` and ``odd`` take every other row. The even rows are those that were looked at while the words
were chosen; the odd ones were kept for the judgement.

Hits: the same code (``top1``, ``top5``), the same minor group (小类, X-XX-XX), the same sub-major group
(中类, X-XX). Rows without a code are left out.
"""

import csv
import json
import sys
import time
from collections import Counter
from pathlib import Path

from fourdoors.kernel.occupations import propose_occupations

GROUPS = {"code": 10, "minor": 7, "sub_major": 4}  # how many characters of X-XX-XX-XX must agree


def main(path: Path, part: str = "all") -> None:
    """Print the shares of titles that hit."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows = rows[{"all": 0, "even": 0, "odd": 1}[part] :: 1 if part == "all" else 2]
    labelled = [(row["job_name"], row["expected_code"]) for row in rows if row["expected_code"]]
    propose_occupations("保安")  # the first call counts the book
    started, hits = time.perf_counter(), Counter[str]()
    for title, expected in labelled:
        codes = [proposal.code for proposal in propose_occupations(title)]
        for group, length in GROUPS.items():
            hits[f"top1_{group}"] += expected[:length] in [code[:length] for code in codes[:1]]
            hits[f"top5_{group}"] += expected[:length] in [code[:length] for code in codes]
    spent = time.perf_counter() - started
    shares = {name: round(times / len(labelled), 4) for name, times in sorted(hits.items())}
    each = round(1000 * spent / len(labelled), 3)
    line = {"what": "occupation_hits", "part": part, "titles": len(labelled), **shares, "ms_each": each}
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
