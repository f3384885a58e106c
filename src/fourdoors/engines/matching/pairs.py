"""Is this pair in the list? For blocks and for single pairs alike."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


class PairSet:
    """A set of (left, right) numbers that answers for whole arrays at once."""

    def __init__(self, pairs: NDArray[np.int64]) -> None:
        self._left, left = np.unique(pairs[:, 0], return_inverse=True)
        self._right, right = np.unique(pairs[:, 1], return_inverse=True)
        self._codes = np.unique(left * len(self._right) + right)

    def holds(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell for each pair of the broadcast arrays whether the set holds it."""
        if not len(self._codes):
            return np.zeros(np.broadcast_shapes(left.shape, right.shape), bool)
        left_row, left_known = _rank(self._left, left)
        right_row, right_known = _rank(self._right, right)
        _, found = _rank(self._codes, left_row * len(self._right) + right_row)
        return found & left_known & right_known


def _rank(names: NDArray[np.int64], wanted: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    row = np.minimum(np.searchsorted(names, wanted), len(names) - 1)
    return row, names[row] == wanted
