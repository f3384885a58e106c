"""Compiling: numba where it may keep what it made, and where it may not."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def compiled(**options: Any) -> Callable[[F], F]:
    """Return numba's decorator, kept on disk where a folder can be written, without the lock of Python.

    Compiled code counts no references (``_nrt``): it makes no array, and what it reads outlives it. Counting
    those of every array at every call takes twenty times as long as the work itself.

    Numba keeps beside the source, or in ``NUMBA_CACHE_DIR``, which the caller of the engine may set before
    it is imported. In a package that cannot be written, without such a folder, each process compiles anew.
    """
    options = {"nogil": True, "_nrt": False} | options

    def decorate(function: F) -> F:
        try:
            made: Any = njit(cache=True, **options)(function)
        except RuntimeError:  # no place to keep it
            made = njit(**options)(function)
        return cast(F, made)

    return decorate
