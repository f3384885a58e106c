"""What is nobody's fault in the program: no room left, or the database gone. However deep it lies."""

import errno
from collections.abc import Iterator

import psycopg

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})  # disk, quota, largest file of the account
_DISK_FULL = "53100"  # these and the next: PostgreSQL, appendix A, error codes
_GONE = frozenset({"57P01", "57P02", "57P03", "57P05"})  # shut down, crashed, not up yet, idle too long
_CONNECTION = "08"  # class of connection exceptions


def is_disk_full(fault: BaseException) -> bool:
    """Tell whether something failed because nothing more can be written.

    >>> is_disk_full(OSError(errno.ENOSPC, "No space left on device"))
    True
    >>> is_disk_full(OSError(errno.ENOENT, "No such file or directory"))
    False
    """
    return any(
        one.errno in _NO_ROOM if isinstance(one, OSError) else getattr(one, "sqlstate", None) == _DISK_FULL
        for one in _under(fault)
    )


def is_database_gone(fault: BaseException) -> bool:
    """Tell whether something failed because the server was killed, stopped, or not to be reached.

    >>> is_database_gone(psycopg.errors.AdminShutdown())
    True
    >>> is_database_gone(psycopg.errors.DiskFull())
    False
    """
    return any(_is_gone(one.sqlstate) for one in _under(fault) if isinstance(one, psycopg.OperationalError))


def _is_gone(state: str | None) -> bool:
    return state is None or state in _GONE or state.startswith(_CONNECTION)


def _under(fault: BaseException) -> Iterator[BaseException]:
    """Yield a fault, what caused it, and what a library carries in it as a value."""
    seen, below = set[int](), [fault]
    while below:
        one = below.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        under = (one.__cause__, one.__context__, *one.args)
        below += [it for it in under if isinstance(it, BaseException)]
