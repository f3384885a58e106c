"""Two periods side by side: who entered, who left, who changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    """The difference of two periods; entered, left and changed together explain the whole of it."""

    before: int
    after: int
    entered: dict[Any, int]  # key -> value after
    left: dict[Any, int]  # key -> value before
    changed: dict[Any, tuple[int, int]]  # key -> before, after
    unchanged: int  # keys

    @property
    def by_entered(self) -> int:
        """What those who entered added."""
        return sum(self.entered.values())

    @property
    def by_left(self) -> int:
        """What those who left took away; zero or below when values are not below zero."""
        return -sum(self.left.values())

    @property
    def by_changed(self) -> int:
        """What those who stayed added."""
        return sum(after - before for before, after in self.changed.values())


def compare(before: Mapping[Any, int], after: Mapping[Any, int]) -> Change:
    """Compare two periods row by row.

    Args:
        before: value of each row in the first period: 1 for a count, fen for money.
        after: the same of the second; keys as before.

    Returns:
        The difference, in parts that add up: ``after - before == by_entered + by_left + by_changed``.

    >>> compare({"a": 1, "b": 5}, {"b": 7, "c": 2}).by_changed
    2
    """
    stayed = [key for key in before if key in after]
    changed = {key: (before[key], after[key]) for key in stayed if before[key] != after[key]}
    return Change(
        before=sum(before.values()),
        after=sum(after.values()),
        entered={key: value for key, value in after.items() if key not in before},
        left={key: value for key, value in before.items() if key not in after},
        changed=changed,
        unchanged=len(stayed) - len(changed),
    )
