"""Small cells: hidden, and not to be worked out by any adding and subtracting."""

import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourdoors.engines.indicators.disclosure import LEAST, Sum, hidden_cells, recoverable

Table = tuple[dict[Any, int], list[Sum]]


def two_way(inside: list[list[int]]) -> Table:
    """A table with margins and a grand total."""
    rows, columns = range(len(inside)), range(len(inside[0]))
    cells: dict[Any, int] = {(row, column): inside[row][column] for row in rows for column in columns}
    cells |= {(row, "all"): sum(inside[row]) for row in rows}
    cells |= {("all", column): sum(line[column] for line in inside) for column in columns}
    cells["all", "all"] = sum(map(sum, inside))
    sums = [Sum((row, "all"), tuple((row, column) for column in columns)) for row in rows]
    sums += [Sum(("all", column), tuple((row, column) for row in rows)) for column in columns]
    sums.append(Sum(("all", "all"), tuple((row, "all") for row in rows)))
    sums.append(Sum(("all", "all"), tuple(("all", column) for column in columns)))
    return cells, sums


def divisions(leaves: list[list[list[int]]]) -> Table:
    """A province of prefectures, counties and townships."""
    cells: dict[Any, int] = {}
    sums = []
    for prefecture, counties in enumerate(leaves):
        for county, townships in enumerate(counties):
            below = [(prefecture, county, number) for number in range(len(townships))]
            cells |= dict(zip(below, townships, strict=True))
            cells[prefecture, county] = sum(townships)
            sums.append(Sum((prefecture, county), tuple(below)))
        own = [(prefecture, county) for county in range(len(counties))]
        cells[prefecture,] = sum(cells[county] for county in own)
        sums.append(Sum((prefecture,), tuple(own)))
    every = [(prefecture,) for prefecture in range(len(leaves))]
    cells[()] = sum(cells[prefecture] for prefecture in every)
    sums.append(Sum((), tuple(every)))
    return cells, sums


def draw_table(seed: int) -> Table:
    draw = random.Random(seed)  # noqa: S311

    def people() -> int:
        return draw.choice((0, draw.randint(1, 9), draw.randint(1, 30), draw.randint(10, 500)))

    if draw.random() < 0.5:
        columns = draw.randint(2, 6)
        return two_way([[people() for _ in range(columns)] for _ in range(draw.randint(2, 7))])
    return divisions(
        [
            [[people() for _ in range(draw.randint(1, 5))] for _ in range(draw.randint(1, 4))]
            for _ in range(draw.randint(1, 4))
        ]
    )


def told_exactly(sums: list[Sum], hidden: frozenset[Any]) -> set[Any]:
    """The hidden cells whose value follows from the sums by adding and subtracting: exact elimination."""
    order = sorted(hidden, key=repr)
    rows = []
    for entry in sums:
        row = [Fraction(sum(part == cell for part in entry.parts) - (entry.total == cell)) for cell in order]
        if any(row):
            rows.append(row)
    solved: list[list[Fraction]] = []
    for column in range(len(order)):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        rows = [[a - row[column] * b for a, b in zip(row, pivot, strict=True)] for row in rows]
        solved = [[a - row[column] * b for a, b in zip(row, pivot, strict=True)] for row in solved]
        solved.append(pivot)
    return {order[next(i for i, v in enumerate(row) if v)] for row in solved if sum(map(bool, row)) == 1}


@settings(deadline=None, max_examples=150)
@given(seed=st.integers(0, 2**32))
def test_no_small_number_is_shown_or_follows_from_what_is_shown(seed: int) -> None:
    cells, sums = draw_table(seed)

    hidden = hidden_cells(cells, sums)

    assert all(cells[cell] == 0 or cells[cell] >= LEAST for cell in cells.keys() - hidden)
    assert not {cell for cell in told_exactly(sums, hidden) if cells[cell] < LEAST}
    assert not recoverable(cells, sums, hidden)


def test_a_thousand_random_differencing_attacks_find_nothing() -> None:
    draw = random.Random(20201111)  # noqa: S311
    attacks = 0
    while attacks < 1000:
        cells, sums = draw_table(draw.randrange(2**32))
        hidden = hidden_cells(cells, sums)
        for _ in range(20):
            weights = [draw.choice((-1, 0, 1)) for _ in sums]
            left: dict[Any, int] = {}
            found = 0
            for weight, entry in zip(weights, sums, strict=True):
                for cell, sign in [(part, 1) for part in entry.parts] + [(entry.total, -1)]:
                    if cell in hidden:
                        left[cell] = left.get(cell, 0) + weight * sign
                    else:
                        found -= weight * sign * cells[cell]
            unknown = {cell: times for cell, times in left.items() if times}
            if len(unknown) == 1:
                ((cell, times),) = unknown.items()
                assert found == times * cells[cell]
                assert cells[cell] >= LEAST, f"{cell} = {cells[cell]} was worked out"
            attacks += 1


def consistent(cells: dict[Any, int], sums: list[Sum], leaves: list[Any]) -> Iterator[dict[Any, int]]:
    """Every way to fill the hidden leaves of a two-way table that fits all that is shown."""
    ranges = [range(min(cells[row, "all"], cells["all", column]) + 1) for row, column in leaves]
    for values in product(*ranges):
        filled = cells | dict(zip(leaves, values, strict=True))
        if all(filled[entry.total] == sum(filled[part] for part in entry.parts) for entry in sums):
            yield filled


@settings(deadline=None, max_examples=100)
@given(inside=st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2), min_size=2, max_size=2))
def test_whoever_tries_every_possible_table_cannot_say_that_a_cell_is_small(inside: list[list[int]]) -> None:
    cells, sums = two_way(inside)
    hidden = hidden_cells(cells, sums, least=4)
    leaves = [cell for cell in hidden if "all" not in cell]
    if len(leaves) < len(hidden):
        return  # a hidden margin gives no end to the trying; the other tests hold these tables

    tables = list(consistent(cells, sums, leaves))

    for cell in leaves:
        assert cells[cell] >= 4 or max(table[cell] for table in tables) >= 4


def test_one_small_cell_takes_a_neighbour_with_it() -> None:
    cells = {"A": 3, "B": 40, "C": 25, "D": 90, "all": 158}

    assert hidden_cells(cells, [Sum("all", ("A", "B", "C", "D"))]) == {"A", "C"}


def test_two_small_cells_whose_sum_is_small_take_a_third() -> None:
    cells = {"A": 3, "B": 4, "C": 25, "D": 90, "all": 122}

    assert hidden_cells(cells, [Sum("all", ("A", "B", "C", "D"))]) == {"A", "B", "C"}


def test_two_small_cells_of_ten_together_need_no_third() -> None:
    cells = {"A": 5, "B": 5, "C": 25, "all": 35}

    assert hidden_cells(cells, [Sum("all", ("A", "B", "C"))]) == {"A", "B"}


def test_tables_that_are_small_as_a_whole_are_hidden_as_a_whole() -> None:
    cells, sums = divisions([[[1, 0, 3]], [[2]]])

    hidden = hidden_cells(cells, sums)

    assert hidden == {cell for cell, people in cells.items() if people}
    assert not recoverable(cells, sums, hidden)


def test_zero_and_ten_are_shown() -> None:
    cells = {"A": 0, "B": 10, "all": 10}
    assert hidden_cells(cells, [Sum("all", ("A", "B"))]) == frozenset()


def test_a_hidden_county_hides_enough_of_its_townships() -> None:
    cells, sums = divisions([[[4], [30, 60], [80]]])

    hidden = hidden_cells(cells, sums)

    assert (0, 0) in hidden
    assert {(0, 2), (0, 2, 0)} <= hidden  # its neighbour, and the only township that would tell it
    assert () not in hidden


def test_the_example_of_the_docs() -> None:
    cells, sums = two_way([[3, 40], [25, 60], [90, 95]])

    assert hidden_cells(cells, sums) == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_two_small_cells_alone_in_their_rows_are_told_by_the_margins() -> None:
    cells, sums = two_way([[3, 50, 60], [70, 4, 80], [90, 95, 99]])

    hidden = hidden_cells(cells, sums)

    assert recoverable(cells, sums, {(0, 0), (1, 1)}) == {(0, 0), (1, 1)}
    assert {(0, 0), (1, 1)} < hidden
    assert not recoverable(cells, sums, hidden)


def test_nobody_is_told_that_a_cell_is_small_by_what_cannot_be_below_zero() -> None:
    cells, sums = two_way([[3, 2, 100], [2, 9, 100], [100, 100, 100]])
    least_square = {
        (0, 0),
        (0, 1),
        (1, 0),
        (1, 1),
    }  # no exact value follows, yet none of three can be above five

    assert not {cell for cell in told_exactly(sums, frozenset(least_square)) if cells[cell] < LEAST}
    assert recoverable(cells, sums, least_square) >= {(0, 0), (0, 1), (1, 0)}
    assert not recoverable(cells, sums, hidden_cells(cells, sums))


@pytest.mark.parametrize(
    ("cells", "sums", "name"),
    [
        ({"A": -1}, [], "'A' is below zero"),
        ({"A": 1, "all": 2}, [Sum("all", ("A",))], "'all' is not the sum"),
        ({"A": 1}, [Sum("all", ("A",))], "'all' is no cell"),
    ],
)
def test_tables_that_do_not_add_up_are_refused(cells: dict[Any, int], sums: list[Sum], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        hidden_cells(cells, sums)


def test_the_same_tables_hide_the_same_cells() -> None:
    cells, sums = draw_table(5)
    assert hidden_cells(cells, sums) == hidden_cells(dict(cells), list(sums))
