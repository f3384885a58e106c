"""Checked columns: what a table of arrays promises, said once beside each column."""

from dataclasses import dataclass, fields
from typing import Any, Self, get_type_hints

import numpy as np
from numpy.typing import ArrayLike, NDArray

DAY = "datetime64[D]"


@dataclass(frozen=True, slots=True)
class Promise:
    """What a column holds: its type, its range with both ends, its width if a row has several values."""

    dtype: str
    low: int | None = None
    high: int | None = None
    width: int | None = None
    unique: bool = False


def checked(name: str, values: ArrayLike, promise: Promise) -> NDArray[Any]:
    """Return ``values`` as a read-only array that keeps its promise.

    Raises:
        ValueError: wrong shape, a value that the type cannot hold, or one out of range; it names the column.
    """
    given = np.asarray(values, DAY if promise.dtype == DAY else None)  # takes a list of dates too
    if given.size == 0 and given.ndim == 1:
        given = given.reshape((0,) if promise.width is None else (0, promise.width))
    if not given.ndim or given.shape[1:] != (() if promise.width is None else (promise.width,)):
        raise ValueError(f"{name}: shape {given.shape} is not a column of width {promise.width or 1}")
    _check_range(name, given, promise)
    kept = given.astype(promise.dtype)
    if promise.unique and np.unique(kept).size != kept.size:
        raise ValueError(f"{name}: a key occurs twice")
    kept.setflags(write=False)
    return kept


def _check_range(name: str, given: NDArray[Any], promise: Promise) -> None:
    kind = np.dtype(promise.dtype).kind
    fits = {"i": "iu", "u": "iu", "b": "b", "f": "fiu", "M": "M"}[kind]
    if given.size and given.dtype.kind not in fits:
        raise ValueError(f"{name}: {given.dtype} cannot be read as {promise.dtype}")
    if kind == "M" and np.isnat(given).any():
        raise ValueError(f"{name}: a day is missing")
    if kind not in "iuf" or not given.size:
        return
    low, high = promise.low, promise.high
    if kind in "iu":
        low = np.iinfo(promise.dtype).min if low is None else low
        high = np.iinfo(promise.dtype).max if high is None else high
    outside = [
        value
        for value in (np.fmin.reduce(given, axis=None), np.fmax.reduce(given, axis=None))
        if _is_outside(value, low, high)
    ]
    if outside:
        raise ValueError(f"{name}: {outside[0]} is outside {low}..{high}")


def _is_outside(value: Any, low: int | None, high: int | None) -> bool:
    return (low is not None and value < low) or (high is not None and value > high)


@dataclass(frozen=True)
class Table:
    """Columns of one length; a subclass annotates each with its :class:`Promise`."""

    def __post_init__(self) -> None:
        lengths = {}
        for column, hint in get_type_hints(type(self), include_extras=True).items():
            name = f"{type(self).__name__}.{column}"
            kept = checked(name, getattr(self, column), hint.__metadata__[0])
            object.__setattr__(self, column, kept)
            lengths[name] = len(kept)
        if len(set(lengths.values())) > 1:
            first = next(iter(lengths))
            odd = next(name for name in lengths if lengths[name] != lengths[first])
            raise ValueError(f"{odd}: {lengths[odd]} rows, but {first} has {lengths[first]}")

    @classmethod
    def of(cls, **columns: ArrayLike) -> Self:
        """Make the table from lists or arrays of any fitting type; each is checked and copied.

        Raises:
            ValueError: a column breaks its promise; it is named.
        """
        return cls(**columns)

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def at(self, index: Any) -> Self:
        """Return the same table with every column indexed: ``table.at(np.s_[0:500, None])`` for a block."""
        view = object.__new__(type(self))
        for item in fields(self):
            object.__setattr__(view, item.name, getattr(self, item.name)[index])
        return view
