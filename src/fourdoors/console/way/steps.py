"""The whole way, step by step, and what each step leaves behind."""

import json
import sys
from collections.abc import Callable
from typing import Any

from fourdoors.console.progress import Bar, step
from fourdoors.console.way.journey import Journey
from fourdoors.console.way.officers import appoint_officers
from fourdoors.console.way.partners import partners
from fourdoors.console.way.register import register
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.store.scope import Scope, scoped

Step = Callable[[Journey, Bar], dict[str, object]]
STEPS: tuple[tuple[str, str, Step], ...] = (
    ("register", "1 登记 register", register),
    ("partners", "2 协作 partners", partners),
)


def walk(journey: Journey) -> dict[str, Any]:
    """Go the whole way and return, by step, counts and seconds; at the end the hash of the release.

    Raises:
        StepFailedError: a step did not do what it says; what came before it stays.
    """
    report: dict[str, Any] = {}
    with scoped(Scope(territory=range_of(GANSU))):
        journey.officers = appoint_officers()
    for name, title, take in STEPS:
        with step(title) as (bar, done), scoped(Scope(territory=range_of(GANSU))):
            done |= take(journey, bar)
        report[name] = done
    report["release_hash"] = journey.release_hash
    sys.stderr.flush()
    json.dumps(report, default=str)
    return report
