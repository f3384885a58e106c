"""What the machine allows: memory for the server, and who may pass through a folder."""

import os
from pathlib import Path

import pytest

from fourdoors.store.machine import (
    GB,
    MB,
    Account,
    account_for,
    memory_bytes,
    server_settings,
    shared_memory_bytes,
)


@pytest.mark.parametrize(
    ("memory", "buffers", "cache", "work", "maintenance", "wal"),
    [
        (512 * MB, "64MB", "256MB", "4MB", "64MB", "2048MB"),  # the least of everything
        (4 * GB, "512MB", "2048MB", "8MB", "128MB", "2048MB"),
        (24 * GB, "3072MB", "12288MB", "48MB", "768MB", "4096MB"),
        (
            512 * GB,
            "4096MB",
            "65536MB",
            "64MB",
            "1024MB",
            "4096MB",
        ),  # the most: the application lives here too
    ],
)
def test_the_servers_memory_follows_the_machines(
    memory: int, buffers: str, cache: str, work: str, maintenance: str, wal: str
) -> None:
    assert server_settings(memory, shared_memory=GB) == {
        "shared_buffers": buffers,
        "effective_cache_size": cache,
        "work_mem": work,
        "maintenance_work_mem": maintenance,
        "max_wal_size": wal,
    }


def test_a_container_with_little_shared_memory_gets_files_instead() -> None:
    assert server_settings(4 * GB, shared_memory=64 * MB)["dynamic_shared_memory_type"] == "mmap"
    assert shared_memory_bytes(Path("/no/such/folder")) == GB


def group(tree: Path, name: str, limit: str) -> None:
    tree.mkdir(parents=True, exist_ok=True)
    (tree / name).write_text(f"{limit}\n")


def test_a_limit_of_the_group_or_of_any_group_above_it_counts(tmp_path: Path) -> None:
    membership = tmp_path / "membership"
    membership.write_text("0::/box/inner\n")
    machine = memory_bytes(membership, tmp_path / "tree")
    assert machine == os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")

    group(tmp_path / "tree" / "box" / "inner", "memory.max", "max")
    assert memory_bytes(membership, tmp_path / "tree") == machine
    group(tmp_path / "tree" / "box", "memory.max", str(300 * MB))
    assert memory_bytes(membership, tmp_path / "tree") == 300 * MB
    group(tmp_path / "tree" / "box" / "inner", "memory.max", str(200 * MB))
    assert memory_bytes(membership, tmp_path / "tree") == 200 * MB


def test_the_older_kind_of_groups_is_read_too(tmp_path: Path) -> None:
    membership = tmp_path / "membership"
    membership.write_text("9:cpu,cpuacct:/other\n8:memory:/box\n")
    group(
        tmp_path / "tree" / "memory", "memory.limit_in_bytes", str(700 * MB)
    )  # a container sees the top only
    group(tmp_path / "tree" / "cpu,cpuacct" / "other", "memory.limit_in_bytes", str(1 * MB))
    assert memory_bytes(membership, tmp_path / "tree") == 700 * MB


@pytest.mark.parametrize(
    ("mode", "uid", "gid", "may"),
    [
        (0o711, 1, 1, True),  # everybody
        (0o710, 1, 1, False),
        (0o700, 0, 0, True),  # the owner
        (0o617, 0, 0, False),  # the owner without its own bit, whatever others may
        (0o710, 1, 0, True),  # the group
        (0o701, 1, 0, False),
    ],
)
def test_who_may_pass_through_a_folder(tmp_path: Path, mode: int, uid: int, gid: int, *, may: bool) -> None:
    """``uid`` and ``gid`` are told from the folder's own: 0 is the same, 1 another."""
    stat = tmp_path.stat()
    account = Account("x", stat.st_uid + uid, stat.st_gid + gid, is_dropped_to=True)
    tmp_path.chmod(mode)
    assert account.may_enter(tmp_path) is may
    tmp_path.chmod(0o700)


def test_root_runs_postgresql_under_an_unprivileged_account_and_a_user_under_its_own() -> None:
    assert account_for(0).uid != 0
    assert account_for(0).as_child["extra_groups"] == []
    ours = account_for(os.geteuid())
    assert ours.is_dropped_to is (os.geteuid() == 0)
    if os.geteuid():
        assert ours.uid == os.geteuid()
        assert ours.as_child == {}
