"""Each refusal of the embedded server, in the very situation that it is for."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fourdoors.console.words import REFUSALS, say, words_for
from fourdoors.store import refusals
from fourdoors.store.binaries import find_binaries, system_binaries
from fourdoors.store.embedded import Server
from fourdoors.store.machine import MB, account_for, missing_mount
from fourdoors.store.refusals import (
    AccountUnknownError,
    HomeClosedError,
    HomeOfAnotherError,
    HomeUnwritableError,
    MountMissingError,
    NoDiskError,
    OtherMajorError,
    PostgresFailedError,
    PostgresNotFoundError,
    SocketPathTooLongError,
    StoreError,
)

NOBODYS_NUMBER = 543_217_654
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture
def above() -> Iterator[Path]:
    """A folder that root's unprivileged child can reach: pytest's own are closed to it."""
    with tempfile.TemporaryDirectory(prefix="fd-home-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def refused(home: Path, *, first_start_bytes: int = 0) -> StoreError:
    """Start, see it refused, see that nothing runs and nothing is held, return the refusal."""
    server = Server(home, for_tests=True, first_start_bytes=first_start_bytes)
    with pytest.raises(StoreError) as refusal:
        server.start()
    assert words_for(refusal.value)
    note = home / "socket"
    assert not note.exists()
    assert not (home / "data" / "postmaster.pid").exists()
    return refusal.value


def test_a_disk_without_room_is_refused_before_a_cluster_is_made(above: Path) -> None:
    free = shutil.disk_usage(above).free
    refusal = refused(above / "postgres", first_start_bytes=free + 1000 * MB)
    assert isinstance(refusal, NoDiskError)
    assert not (above / "postgres" / "data").exists()


def test_data_of_another_account_are_refused(above: Path) -> None:
    home = above / "postgres"
    home.mkdir()
    (home / "data").symlink_to("/usr")  # root's: neither an ordinary user's nor those of root's child
    refusal = refused(home)
    assert isinstance(refusal, HomeOfAnotherError)
    assert refusal.values["owner"] == "root"


def test_data_of_another_major_version_are_refused_and_left_alone(above: Path) -> None:
    home = above / "postgres"
    with Server(home, for_tests=True).running():
        pass
    (home / "data" / "PG_VERSION").write_text("13\n")
    refusal = refused(home)
    assert isinstance(refusal, OtherMajorError)
    assert refusal.values["found"] == "13"
    assert (home / "data" / "PG_VERSION").read_text() == "13\n"


def test_a_user_number_without_an_account_is_refused() -> None:
    with pytest.raises(AccountUnknownError) as refusal:
        account_for(NOBODYS_NUMBER)
    assert str(NOBODYS_NUMBER) in words_for(refusal.value)


def test_a_process_under_such_a_number_is_refused(above: Path) -> None:
    """Root becomes that number; an ordinary user cannot, and looks it up (the test above)."""
    if os.geteuid() == 0:
        code = (
            "import os, sys; from pathlib import Path; from fourdoors.store.embedded import Server;"
            "from fourdoors.store.refusals import AccountUnknownError;"
            f"os.setgroups([]); os.setgid({NOBODYS_NUMBER}); os.setuid({NOBODYS_NUMBER})\n"
            "try: Server(Path(sys.argv[1])).start()\n"
            "except AccountUnknownError: print('refused')"
        )
        said = subprocess.run(
            [sys.executable, "-c", code, above / "postgres"], capture_output=True, text=True, check=False
        )
        assert said.stdout == "refused\n", said.stderr
    assert not (above / "postgres").exists()


def test_a_closed_folder_above_is_refused_by_name_and_stays_closed(above: Path) -> None:
    closed = above / "closed"
    closed.mkdir()
    closed.chmod(0o600)
    refusal = refused_without_home(closed / "postgres")
    assert isinstance(refusal, HomeClosedError)
    assert refusal.values["folder"] == closed
    assert closed.stat().st_mode & 0o777 == 0o600
    closed.chmod(0o700)
    assert not list(closed.iterdir())


def refused_without_home(home: Path) -> StoreError:
    with pytest.raises(StoreError) as refusal:
        Server(home, for_tests=True).start()
    return refusal.value


def test_a_place_where_nothing_can_be_made_is_refused() -> None:
    refusal = refused_without_home(Path("/proc/fourdoors/postgres"))
    assert isinstance(refusal, HomeUnwritableError)
    assert str(refusal.values["reason"]) in words_for(refusal)


def test_a_disk_that_is_not_mounted_is_refused_and_nothing_is_written_in_its_place() -> None:
    home = Path("/mnt/fourdoors-no-such-disk/data/postgres")
    refusal = refused_without_home(home)
    assert isinstance(refusal, MountMissingError)
    assert refusal.values["disk"] == Path("/mnt/fourdoors-no-such-disk")
    assert not home.parents[1].exists()


def test_a_disk_on_the_machines_list_must_be_mounted(above: Path) -> None:
    fstab = above / "fstab"
    fstab.write_text(f"# disks\nUUID=1  {above}/disk  ext4  defaults 0 2\n/dev/x none swap sw 0 0\n")
    (above / "disk").mkdir()
    assert missing_mount(above / "disk" / "home", fstab) == above / "disk"
    assert missing_mount(above / "other" / "home", fstab) is None
    fstab.write_text("/dev/x / ext4 defaults 0 1\n")  # the root is always mounted
    assert missing_mount(above / "disk" / "home", fstab) is None
    assert missing_mount(above / "disk" / "home", above / "no-list") is None


def test_a_socket_path_that_is_too_long_is_refused(above: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = above / ("a" * 90)
    folder.mkdir(mode=0o711)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    refusal = refused(above / "postgres")
    assert isinstance(refusal, SocketPathTooLongError)
    assert refusal.values["limit"] in {103, 107}
    assert not list(folder.iterdir())


def test_a_server_that_will_not_start_is_refused_with_the_end_of_its_log(above: Path) -> None:
    home = above / "postgres"
    with Server(home, for_tests=True).running():
        pass
    (home / "data" / "postgresql.auto.conf").write_text("no_such_setting = 1\n")
    refusal = refused(home)
    assert isinstance(refusal, PostgresFailedError)
    assert "no_such_setting" in words_for(refusal)


def test_without_any_binaries_it_says_so(monkeypatch: pytest.MonkeyPatch, above: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert system_binaries(above) == []
    with pytest.raises(PostgresNotFoundError):
        find_binaries(system=above)


def leaves(error: type[StoreError]) -> Iterator[type[StoreError]]:
    for child in error.__subclasses__():
        yield from leaves(child)
        if "code" in vars(child):
            yield child


def test_every_refusal_has_words_in_both_languages_and_its_line_in_the_tree(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    codes = {error.code for error in leaves(StoreError)}
    assert codes == set(REFUSALS)
    assert all(error.__name__ in (refusals.__doc__ or "") for error in leaves(StoreError))
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    for english in REFUSALS.values():
        chinese = say(english)
        assert chinese != english, english
        assert set(PLACEHOLDER.findall(chinese)) == set(PLACEHOLDER.findall(english))
