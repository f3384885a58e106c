"""Small numbers in public tables: hidden, with so many others that nobody can work them out."""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ortools.linear_solver import pywraplp

LEAST = 10  # people; cells under ten are not shown in public tables (DOMAIN e5)
_SLACK = 1e-6  # of the linear programs

Cell = Hashable
Cells = Mapping[Any, int]


@dataclass(frozen=True)
class Sum:
    """What everybody can add up in the public tables: the total is the sum of its parts."""

    total: Cell
    parts: tuple[Cell, ...]


def hidden_cells(cells: Cells, sums: Sequence[Sum], *, least: int = LEAST) -> frozenset[Any]:
    """Return the cells that must not be shown.

    First every cell above zero and under ``least``; then, because totals are shown, so many others that

    - no sum has exactly one hidden cell,
    - what is hidden in a sum whose total is shown is at least ``least`` together, and
    - whoever combines all sums that are shown in any way, and knows that no cell is below zero, still
      cannot say of a small cell that it is under ``least`` (a linear program each, :func:`recoverable`).

    The last contains the other two, which save linear programs. Among those that would help, parts are
    hidden before totals, and small ones before large ones. Zeros stay.

    Args:
        cells: people in each cell of all tables that are published together.
        sums: every relation between them; margins of two-way tables and levels of divisions alike.
        least: the smallest number of people that may be shown.

    Raises:
        ValueError: a sum that does not add up, a cell below zero, or one that is not there; it is named.
    """
    _check(cells, sums)
    hidden = {cell for cell, people in cells.items() if 0 < people < least}
    safe: set[_Component] = set()
    while True:
        more = _helper_of_thin_sum(cells, sums, hidden, least) or _helper_of_recoverable(
            cells, sums, hidden, least, safe
        )
        if more is None:
            return frozenset(hidden)
        hidden.add(more)


def recoverable(
    cells: Cells, sums: Sequence[Sum], hidden: Collection[Any], *, least: int = LEAST
) -> frozenset[Any]:
    """Return the small hidden cells of which the public could still tell that they are under ``least``.

    This is the attacker with everything: all shown cells, all sums, no cell below zero. A small cell is safe
    when its largest possible value is ``least`` or more.
    """
    groups = _components(sums, set(hidden))
    return frozenset(cell for group in groups for cell in _open_cells(cells, group, least))


def _check(cells: Cells, sums: Sequence[Sum]) -> None:
    below = [cell for cell, people in cells.items() if people < 0]
    if below:
        raise ValueError(f"cells: {below[0]!r} is below zero")
    for entry in sums:
        missing = [cell for cell in (entry.total, *entry.parts) if cell not in cells]
        if missing:
            raise ValueError(f"sums: {missing[0]!r} is no cell")
        if cells[entry.total] != sum(cells[part] for part in entry.parts):
            raise ValueError(f"sums: {entry.total!r} is not the sum of its parts")


def _helper_of_thin_sum(cells: Cells, sums: Sequence[Sum], hidden: set[Any], least: int) -> Cell | None:
    """Return a cell to hide for the first sum that gives too much away, or None."""
    for entry in sums:
        parts = [part for part in entry.parts if part in hidden]
        if entry.total in hidden:
            is_thin = not parts
        else:
            is_thin = bool(parts) and (len(parts) == 1 or sum(cells[part] for part in parts) < least)
        if is_thin:
            helper = _smallest_shown(cells, [entry], hidden)
            if helper is not None:
                return helper
    return None


def _helper_of_recoverable(
    cells: Cells, sums: Sequence[Sum], hidden: set[Any], least: int, safe: set["_Component"]
) -> Cell | None:
    """Return a cell to hide for the first component that gives a small cell away; keep the ``safe`` ones."""
    for group in _components(sums, hidden):
        if group not in safe and any(True for _ in _open_cells(cells, group, least)):
            helper = _smallest_shown(cells, group.sums, hidden)
            if helper is not None:
                return helper
        safe.add(group)
    return None


def _smallest_shown(cells: Cells, sums: Sequence[Sum], hidden: set[Any]) -> Cell | None:
    totals = {entry.total for entry in sums}
    shown: dict[Any, None] = {}  # a set that keeps the order of the caller
    for entry in sums:
        shown |= dict.fromkeys(c for c in (*entry.parts, entry.total) if c not in hidden and cells[c])
    return min(shown, key=lambda cell: (cell in totals, cells[cell]), default=None)


@dataclass(frozen=True)
class _Component:
    """Hidden cells that sums tie together, and these sums."""

    cells: frozenset[Any]
    sums: tuple[Sum, ...]


def _components(sums: Sequence[Sum], hidden: set[Any]) -> Iterator[_Component]:
    groups: list[tuple[set[Any], list[Sum]]] = []
    for entry in sums:
        tied = {cell for cell in (entry.total, *entry.parts) if cell in hidden}
        if not tied:
            continue
        members = [entry]
        apart = []
        for cells, others in groups:
            if cells & tied:
                tied |= cells
                members = [*others, *members]
            else:
                apart.append((cells, others))
        groups = [*apart, (tied, members)]
    for cells, members in groups:
        yield _Component(frozenset(cells), tuple(members))


def _open_cells(cells: Cells, group: _Component, least: int) -> Iterator[Any]:
    """Yield the small cells that cannot be ``least`` whatever the hidden cells are.

    One linear program for the component; a solution in which other small cells are large enough speaks for
    them too.
    """
    solver, value = _program(cells, group)
    waiting = [cell for cell in value if 0 < cells[cell] < least]
    while waiting:
        cell = waiting[0]
        solver.Maximize(value[cell])
        status = solver.Solve()
        if status != pywraplp.Solver.OPTIMAL:
            raise ArithmeticError(f"the linear program of {cell!r} ended with {status}")
        if value[cell].solution_value() < least - _SLACK:
            yield cell
        waiting = [other for other in waiting[1:] if value[other].solution_value() < least - _SLACK]


def _program(cells: Cells, group: _Component) -> tuple[Any, dict[Any, Any]]:
    """Return all that the shown cells and the sums leave possible, and the unknown of each hidden cell."""
    solver = pywraplp.Solver.CreateSolver("GLOP")
    most = 1e6 + sum(cells.values())  # stands for "no limit"
    value = {name: solver.NumVar(0.0, most, "") for name in sorted(group.cells, key=repr)}
    for entry in group.sums:
        signed = [*((part, 1) for part in entry.parts), (entry.total, -1)]
        unknown = [(name, sign) for name, sign in signed if name in value]
        known = sum(sign * cells[name] for name, sign in signed if name not in value)
        solver.Add(sum(sign * value[name] for name, sign in unknown) == -known)
    return solver, value
