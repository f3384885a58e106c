"""The keys of the sealed fields: a new one, everything sealed anew with it, the old ones forgotten."""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.errors import RuleError
from fourdoors.store.sealing import fields_of_other_keys, reseal_blocks, sealed_columns
from fourdoors.store.vault import add_key, retire_keys


class KeysInUseError(RuleError):
    """Fields are still sealed with a key that was to be forgotten."""

    code: ClassVar[str] = "keys_in_use"


def rotate_keys(*, at: datetime, by: Officer | None = None, told: Callable[[int], None] | None = None) -> int:
    """Make a new key and seal every sealed column of the house with it; return how many fields changed.

    Every block commits alone and older keys still open their fields, so the house stays open meanwhile and
    a run that was broken off is simply done again. Passes are made until one finds nothing: a process that
    read the old ring a moment ago may still have sealed with it.

    Args:
        at: the moment of the deed.
        by: who answers for it.
        told: called with the number of fields of each block, for a bar.
    """
    key, total, passes = add_key(), 0, 0
    while fields := sum(_pass(told)):
        total, passes = total + fields, passes + 1
    record_deed(officer=by, action="register.keys_rotated", at=at, key=key, fields=total, passes=passes)
    return total


def _pass(told: Callable[[int], None] | None) -> list[int]:
    counts = []
    for where in sealed_columns():
        for count in reseal_blocks(where):
            counts.append(count)
            if told:
                told(count)
    return counts


def forget_old_keys(*, at: datetime, by: Officer | None = None) -> int:
    """Forget every key but the current one and return how many; backups sealed with them open no more.

    Raises:
        KeysInUseError: fields are still sealed with one of them.
    """
    if fields := fields_of_other_keys():
        raise KeysInUseError(fields=fields)
    count = retire_keys()
    record_deed(officer=by, action="register.keys_forgotten", at=at, keys=count)
    return count
