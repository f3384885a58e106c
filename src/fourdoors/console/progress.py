"""What a long task shows: a bar while it runs where somebody looks, one summary line when it is done."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

T = TypeVar("T")


class Bar:
    """The bar of one step: ``over`` counts along, ``advance`` counts by hand."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def expect(self, total: int) -> None:
        """Say how much there is to do."""
        self._progress.update(self._task, total=total, completed=0)

    def advance(self, count: int = 1) -> None:
        """Say that some of it is done."""
        self._progress.advance(self._task, count)

    def over(self, things: Iterable[T], total: int) -> Iterator[T]:
        """Yield the things one by one and count them."""
        self.expect(total)
        for thing in things:
            yield thing
            self.advance()


@contextmanager
def step(title: str) -> Iterator[tuple[Bar, dict[str, object]]]:
    """Show a bar for a block and one line after it: title, seconds, and what the block put into the dict."""
    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    done: dict[str, object] = {}
    begun = time.perf_counter()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield Bar(progress, progress.add_task(title, total=None)), done
    done["seconds"] = round(time.perf_counter() - begun, 2)
    words = ", ".join(f"{name} {_short(value)}" for name, value in done.items() if name != "seconds")
    console.print(f"✓ {title:<24} {done['seconds']:>6} s  {words}", highlight=False, soft_wrap=True)


def _short(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, dict):
        return " ".join(f"{name}:{_short(part)}" for name, part in value.items())
    return str(value)
