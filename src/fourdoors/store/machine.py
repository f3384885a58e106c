"""What this machine allows: the account, the folders, the disk and the memory of the embedded server."""

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fourdoors.store.refusals import (
    AccountUnknownError,
    HomeClosedError,
    HomeOfAnotherError,
    HomeUnwritableError,
    MountMissingError,
    NoDiskError,
)

MB = 1 << 20
GB = 1 << 30
_UNPRIVILEGED = ("fourdoors", "postgres", "nobody")  # root's child runs as the first that exists
_DISKS = tuple(map(Path, ("/mnt", "/media", "/run/media", "/Volumes")))  # where people mount disks


@dataclass(frozen=True)
class Account:
    """The account under which PostgreSQL runs: ours, or for root an unprivileged one."""

    name: str
    uid: int
    gid: int
    is_dropped_to: bool

    @property
    def as_child(self) -> dict[str, Any]:
        """Return what ``subprocess`` needs to start a child under it."""
        if not self.is_dropped_to:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a path of the home to the account."""
        if self.is_dropped_to:
            os.chown(path, self.uid, self.gid)

    def may_enter(self, folder: Path) -> bool:
        """Tell whether the account may pass through a folder (its x bit)."""
        stat = folder.stat()
        shift = 6 if stat.st_uid == self.uid else 3 if stat.st_gid == self.gid else 0
        return bool(stat.st_mode >> shift & 1)


def account_for(uid: int) -> Account:
    """Return the account that runs PostgreSQL for the user of that number.

    Raises:
        AccountUnknownError: the number has no line in the list of accounts (a container started with
            ``--user 1234``): initdb and peer sign-in both need a name.
    """
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    if uid == 0:
        found = next((names[name] for name in _UNPRIVILEGED if name in names), None)
    else:
        found = next((entry for entry in names.values() if entry.pw_uid == uid), None) or _looked_up(uid)
    if found is None:
        raise AccountUnknownError(uid=uid)
    return Account(found.pw_name, found.pw_uid, found.pw_gid, is_dropped_to=uid == 0)


def _looked_up(uid: int) -> pwd.struct_passwd | None:
    """Ask for one account: a directory service does not list them all."""
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None


def make_folder(home: Path) -> None:
    """Make the folder of all data, touching nothing above it.

    Raises:
        MountMissingError: it belongs to a disk that is not mounted.
        HomeUnwritableError: it cannot be made.
    """
    if disk := missing_mount(home.absolute()):
        raise MountMissingError(home=home, disk=disk)
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HomeUnwritableError(home=home, reason=error.strerror) from error


def make_server_home(home: Path, account: Account) -> None:
    """Make the folder of the embedded server, which the account must be able to reach.

    Raises:
        MountMissingError: it belongs to a disk that is not mounted.
        HomeClosedError: a folder above it is closed to the account.
        HomeUnwritableError: it cannot be made, or is not ours.
    """
    refuse_closed(home.parent, account)
    make_folder(home)
    try:
        home.chmod(0o711 if account.is_dropped_to else 0o700)
    except OSError as error:
        raise HomeUnwritableError(home=home, reason=error.strerror) from error
    refuse_closed(home, account)


def refuse_closed(folder: Path, account: Account) -> None:
    """Refuse a folder that the account cannot reach; we never open one ourselves."""
    for step in reversed([folder, *folder.parents]):
        if not step.exists():
            return
        if not account.may_enter(step):
            raise HomeClosedError(folder=step, account=account.name)


def missing_mount(home: Path, fstab: Path = Path("/etc/fstab")) -> Path | None:
    """Return the mount point above ``home`` where a disk should be and is not.

    Two signs: the machine's list of disks names the folder and nothing is mounted there; or the folder
    would have to be made right under ``/mnt`` or its like.
    """
    lines = fstab.read_text(errors="replace").splitlines() if fstab.exists() else []
    listed = {Path(line.split()[1]) for line in lines if len(line.split()) > 1 and not line.startswith("#")}
    for above in home.parents:
        if above in listed and not above.is_mount():
            return above
        if above.parent in _DISKS and not above.exists():
            return above
    return None


def refuse_small_disk(home: Path, needed_bytes: int) -> None:
    """Refuse to start on a disk that is nearly full: PostgreSQL stops hard when its log has no room."""
    free = shutil.disk_usage(home).free
    if free < needed_bytes:
        raise NoDiskError(home=home, free_mb=free // MB, needed_mb=needed_bytes // MB)


def refuse_foreign_data(data: Path, account: Account) -> None:
    """Refuse data that belong to another account: PostgreSQL would, in words nobody understands."""
    uid = data.stat().st_uid
    if uid != account.uid:
        entry = _looked_up(uid)
        raise HomeOfAnotherError(data=data, owner=entry.pw_name if entry else str(uid), account=account.name)


def memory_bytes(membership: Path = Path("/proc/self/cgroup"), groups: Path = Path("/sys/fs/cgroup")) -> int:
    """Return the memory this process may use: the machine's, or less where a control group says so."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    lines = membership.read_text().splitlines() if membership.exists() else []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers:  # version 2: one tree
            limits += _limits(groups, path, "memory.max")
        elif "memory" in controllers.split(","):  # version 1: a tree for memory
            limits += _limits(groups / "memory", path, "memory.limit_in_bytes")
    return min(limits)


def _limits(tree: Path, path: str, name: str) -> list[int]:
    """Read the limit of a group and of every group above it; inside a container only the top shows."""
    group = tree / path.lstrip("/")
    files = [folder / name for folder in (group, *group.parents) if folder.is_relative_to(tree)]
    texts = [file.read_text().strip() for file in files if file.exists()]
    return [int(text) for text in texts if text.isdigit()]


def server_settings(memory: int, *, shared_memory: int) -> dict[str, str]:
    """Return PostgreSQL's settings for a machine that runs the application beside it.

    Args:
        memory: bytes that this machine has for everything.
        shared_memory: bytes of ``/dev/shm``; a container often has 64 MB, too few for parallel queries.
    """

    def part(share: int, low: int, high: int) -> str:
        return f"{min(max(memory // share, low), high) // MB}MB"

    settings = {
        "shared_buffers": part(8, 64 * MB, 4 * GB),
        "effective_cache_size": part(2, 256 * MB, 64 * GB),
        "work_mem": part(512, 4 * MB, 64 * MB),
        "maintenance_work_mem": part(32, 64 * MB, GB),
        "max_wal_size": part(4, 2 * GB, 4 * GB),
    }
    if shared_memory < GB // 2:
        settings["dynamic_shared_memory_type"] = "mmap"
    return settings


def shared_memory_bytes(folder: Path = Path("/dev/shm")) -> int:  # noqa: S108 (its size is asked, nothing is written)
    """Return the size of the machine's shared memory; a machine without the folder needs no care."""
    return shutil.disk_usage(folder).total if folder.exists() else GB
