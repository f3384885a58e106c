"""Compiling: numba where it may keep what it made, and where it may not."""

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def compiled(**options: Any) -> Callable[[F], F]:
    """Return numba's decorator, kept on disk where a folder can be written, without the lock of Python.

    Numba keeps beside the source, or in ``NUMBA_CACHE_DIR``, which the caller of the engine may set before
    it is imported. In a package that cannot be written, and without such a folder, each process compiles anew.
    """

    def decorate(function: F) -> F:
        try:
            made: F = njit(cache=True, nogil=True, **options)(function)
        except RuntimeError:  # no place to keep it
            made = njit(nogil=True, **options)(function)
        return made

    return decorate
