"""Read every file of the corpus that must be refused, with little memory; prints title and answer.

Run as a process of its own: the limit cannot be lifted again.
"""

import resource
from pathlib import Path

from fourdoors.engines.sheets import SheetError, read_workbook
from fourdoors.engines.sheets.guards import MEGABYTE
from tests.engines.sheets.corpus import CASES

ROOM_BYTES = 200 * MEGABYTE


def main() -> None:
    """Make each file, hold the memory down, read it, say what came of it."""
    for title, case in CASES.items():
        if not isinstance(case.answer, str) or case.name == "大.csv":  # that one is refused by its size alone
            continue
        data = case.make()
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        room = pages * resource.getpagesize() + ROOM_BYTES
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (room, hard))
        try:
            read_workbook(data, name=case.name)
        except (SheetError, MemoryError) as refusal:
            print(f"{title}\t{getattr(refusal, 'code', 'memory')}")  # noqa: T201
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


if __name__ == "__main__":
    main()
