"""Who must sit in the same coach: a village if it fits, a family always."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from fourdoors.engines.routing.problem import Rider


@dataclass(frozen=True)
class Group:
    """Riders of one village who ride in one coach."""

    village: int
    riders: tuple[Rider, ...]

    def __len__(self) -> int:
        return len(self.riders)


def groups_of(riders: Iterable[Rider], *, most: int) -> list[Group]:
    """Return one group for each village, or several where it has more than ``most`` people."""
    if most < 1:
        return []
    ordered = sorted(riders, key=lambda rider: (rider.village, rider.key))
    return [
        group
        for village, people in groupby(ordered, key=lambda rider: rider.village)
        for group in split(Group(village, tuple(people)), most=most)
    ]


def split(group: Group, *, most: int) -> list[Group]:
    """Cut a group into as few parts of at most ``most`` people as first-fit finds, families whole."""
    if len(group) <= most:
        return [group]
    parts: list[list[Rider]] = []
    for family in sorted(families(group, most=most), key=len, reverse=True):
        for part in parts:
            if len(part) + len(family) <= most:
                part.extend(family)
                break
        else:
            parts.append(list(family))
    return [Group(group.village, tuple(part)) for part in parts]


def families(group: Group, *, most: int) -> Iterator[tuple[Rider, ...]]:
    """Yield the families of a group; one larger than a coach is cut, for it cannot be otherwise."""
    of: dict[object, list[Rider]] = {}
    for rider in group.riders:
        name = ("alone", rider.key) if rider.household is None else ("house", rider.household)
        of.setdefault(name, []).append(rider)
    for family in of.values():
        for start in range(0, len(family), most):
            yield tuple(family[start : start + most])
