"""Exports under which the worker or the database is killed: a part of ``benchmarks.intake``."""

import hashlib
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure
from benchmarks.killer import GOES_ON_SECONDS, Killer, owner_of, victims
from benchmarks.processes import Command
from benchmarks.rosters import LI_COUNTY

FORM = "national_member_export"


def the_export_kills(home: Path, moments: int) -> Iterator[Figure]:
    """Export what the register holds, kill something on the way; yield files that differ, and the waits.

    Args:
        home: a prepared one, its register filled, its settings read by this process.
        moments: how often something is killed.
    """
    if not moments:
        return
    draw, waits, differing, left = random.Random(2), list[float](), 0, 0  # noqa: S311 (no secret)
    export = _asked()
    state = f"SELECT state FROM intake_export WHERE id = {export.pk}"  # noqa: S608
    with Command("worker", home=home) as queue:
        expected, spent, _ = _one(home, export, Killer(home, queue, state))
        while len(waits) < moments:
            victim, moment = victims(len(waits)), draw.uniform(0, spent)
            killer = Killer(home, queue, state, victim, moment)
            seen, _, waited = _one(home, export, killer)
            if killer.victim:
                continue  # it was done before its moment came: another one
            differing += seen != expected
            left += len(list((home / "exports").iterdir())) - 1
            waits.append(waited)
            sys.stderr.write(
                f"{len(waits)}: {victim} at {moment:.1f} s of {spent:.1f}, on after {waited:.1f} s\n"
            )
    of = f"{moments} kills in exports of {_rows(home):,} rows"
    yield Figure(
        "X2.exports_differing", f"files that differ from the undisturbed run, {of}", differing, "", 0
    )
    yield Figure("X2.exports_left", f"files beside it that a kill left, {of}", left, "", 0)
    what = f"longest time from a kill until the export goes on or is done, {of}"
    yield Figure("X2.exports_go_on", what, round(max(waits), 1), "s", GOES_ON_SECONDS)


def _asked() -> Any:
    from django.utils import timezone  # noqa: PLC0415 (settings first)

    from fourdoors.accounts.rules import Duty  # noqa: PLC0415
    from fourdoors.accounts.services import appoint_officer  # noqa: PLC0415
    from fourdoors.intake.services import ask_for_export  # noqa: PLC0415
    from fourdoors.kernel.divisions import range_of  # noqa: PLC0415
    from fourdoors.store.scope import Scope, scoped  # noqa: PLC0415

    home = range_of(LI_COUNTY)
    with scoped(Scope(territory=home)):
        by = appoint_officer(username="bench", full_name="bench", duty=Duty.COUNTY, jurisdiction=home)
        return ask_for_export(
            form=FORM, division=LI_COUNTY, whole_identities=True, at=timezone.localtime(), by=by
        )


def _one(home: Path, export: Any, killer: Killer) -> tuple[str, float, float]:
    """Let the queue make the file; kill something on the way.

    Returns:
        The hash of the file; the seconds it took; those between the kill and the next try.
    """
    from django.db import connections  # noqa: PLC0415

    from fourdoors.store.queue import defer  # noqa: PLC0415

    with owner_of(home) as owner:
        owner.execute("UPDATE intake_export SET state = 'asked'")
    file = home / "exports" / f"{export.pk}.xlsx"
    file.unlink(missing_ok=True)
    connections.close_all()
    defer(
        "intake.export", export_id=export.pk, division=LI_COUNTY, on="2020-05-02",
        at=export.asked_at.isoformat(),
    )  # fmt: skip
    connections.close_all()
    spent, waited = killer.until("made")
    return hashlib.sha256(file.read_bytes()).hexdigest(), spent, waited


def _rows(home: Path) -> int:
    with owner_of(home) as owner:
        found = owner.execute("SELECT rows FROM intake_export").fetchone()
    return int(found[0]) if found else 0
