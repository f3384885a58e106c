"""One line a figure: printed, recorded, and made into a page."""

import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "benchmarks"


@dataclass(frozen=True)
class Figure:
    """What was measured, and what was asked for.

    Attributes:
        id: the quality item it answers to, or a name of its own.
        what: in words, with its size.
        value: the figure.
        unit: of value, bar and peer_value.
        bar: what it may be at most; None where nothing is asked.
        peer: another program on the same input in the same run.
        peer_value: its figure.
    """

    id: str
    what: str
    value: float
    unit: str
    bar: float | None = None
    peer: str | None = None
    peer_value: float | None = None

    def line(self) -> dict[str, object]:
        """Return the figure with whether it holds, and where it was measured."""
        holds = None if self.bar is None else self.value <= self.bar
        return {**asdict(self), "holds": holds, "machine": machine(), "commit": commit()}


@cache
def machine() -> str:
    """Return processors, memory, system and Python in a few words."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores {platform.machine()}, {gigabytes:.0f} GB, "
        f"{platform.system()}, Python {platform.python_version()}"
    )


@cache
def commit() -> str:
    """Return the commit of this clone, with a ``+`` where files differ from it."""

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", "-C", str(ROOT), *words],
            capture_output=True, text=True, check=False,
        ).stdout.strip()  # fmt: skip

    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain") else "")


def tell(figure: Figure, *, record: str = "") -> None:
    """Print a figure, and keep it in ``docs/benchmarks/RECORD.jsonl`` where one is named."""
    line = json.dumps(figure.line(), ensure_ascii=False)
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    if record:
        with (FOLDER / f"{record}.jsonl").open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


def write_page(name: str, *, title: str, about: str) -> None:
    """Make ``docs/benchmarks/NAME.md`` out of all lines recorded: the newest run of each machine first."""
    path = FOLDER / f"{name}.jsonl"
    lines = (
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    )
    runs: dict[tuple[str, str], list[dict[str, object]]] = {}
    for line in lines:
        runs.setdefault((line["commit"], line["machine"]), []).append(line)
    parts = [f"# {title}\n\n{about}\n"]
    parts += [_run(*run, figures) for run, figures in reversed(runs.items())] or [
        "\nNothing is recorded yet.\n"
    ]
    (FOLDER / f"{name}.md").write_text("".join(parts), encoding="utf-8")


def _run(commit: str, machine: str, figures: list[dict[str, object]]) -> str:
    rows = "".join(
        f"| {one['id']} | {one['what']} | {_number(one['value'])} {one['unit']} | {_number(one['bar'])} "
        f"| {_word(one['holds'])} | {one['peer'] or ''} {_number(one['peer_value'])} |\n"
        for one in {one["id"]: one for one in figures}.values()  # the last of a run that was repeated
    )
    head = "| id | what | value | bar | holds | peer |\n|---|---|---|---|---|---|\n"
    return f"\n## {commit} on {machine}\n\n{head}{rows}"


def _number(value: object) -> str:
    return "" if value is None else f"{value:,}"


def _word(holds: object) -> str:
    return {True: "yes", False: "**no**", None: ""}[holds if isinstance(holds, bool) else None]
