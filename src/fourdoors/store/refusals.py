"""The refusals of the store: each with a code and its values; ``conf.refusals`` has the words.

    StoreError
    ├── VaultError
    │   ├── KeysUnreadableError     the ring of keys is not what it should be
    │   ├── KeysOpenToOthersError   the file of keys can be read by others
    │   ├── KeysInEnvironmentError  keys that come from the environment cannot be changed here
    │   ├── KeyMissingError         sealed with a key that is not in the ring
    │   └── SealBrokenError         altered, of another kind, or sealed with other keys

They are not ``RuleError``: no rule of the field is broken, and whoever keeps the machine mends them.
"""

from typing import ClassVar


class StoreError(Exception):
    """The store cannot do what was asked, and the keeper of the machine can mend it."""

    code: ClassVar[str]

    def __init__(self, **values: object) -> None:
        super().__init__(self.code, values)
        self.values = values


class VaultError(StoreError):
    """A refusal that has to do with keys or sealed fields."""


class KeysUnreadableError(VaultError):
    """The ring of keys is missing a part or is no JSON."""

    code: ClassVar[str] = "keys_unreadable"


class KeysOpenToOthersError(VaultError):
    """The file of keys can be read by other accounts of the machine."""

    code: ClassVar[str] = "keys_open_to_others"


class KeysInEnvironmentError(VaultError):
    """Keys that come from the environment are changed where the environment is made."""

    code: ClassVar[str] = "keys_in_environment"


class KeyMissingError(VaultError):
    """A field was sealed with a key that this ring does not hold."""

    code: ClassVar[str] = "key_missing"


class SealBrokenError(VaultError):
    """A sealed field was altered, is of another kind, or was sealed with other keys."""

    code: ClassVar[str] = "seal_broken"
