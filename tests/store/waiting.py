"""Waiting for something that another process does: on a condition, with an end."""

import time
from collections.abc import Callable


def until(true: Callable[[], bool], seconds: float = 20, *, say: Callable[[], object] = lambda: "") -> None:
    """Return as soon as a condition holds; fail, and say what was seen, when it does not in time."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, say()
        time.sleep(0.02)
