"""The whole way, step by step, and what each step leaves behind."""

from collections.abc import Callable, Mapping
from typing import Any

from fourdoors.console.progress import Bar, step
from fourdoors.console.way.employment import employ
from fourdoors.console.way.journey import Journey
from fourdoors.console.way.officers import appoint_officers
from fourdoors.console.way.partners import partners
from fourdoors.console.way.placements import place
from fourdoors.console.way.recruitment import recruitment
from fourdoors.console.way.register import register
from fourdoors.console.way.statistics import count
from fourdoors.console.way.subsidies import subsidise
from fourdoors.console.way.today import lay_out
from fourdoors.console.way.training import train
from fourdoors.console.way.travel import travel
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.store.scope import Scope, scoped

Step = Callable[[Journey, Bar], Mapping[str, object]]
STEPS: tuple[tuple[str, str, Step], ...] = (
    ("register", "1 登记 register", register),
    ("partners", "2 协作 partners", partners),
    ("recruitment", "3 招聘 recruitment", recruitment),
    ("placements", "4 对接 placements", place),
    ("training", "5 培训 training", train),
    ("travel", "6 四门 travel", travel),
    ("employment", "7 稳岗 employment", employ),
    ("subsidies", "8 补贴 subsidies", subsidise),
    ("statistics", "9 统计 statistics", count),
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
            done.update(take(journey, bar))
        report[name] = done
    with scoped(Scope(territory=range_of(GANSU))):
        report["today"] = lay_out(journey)
    report["release_hash"] = journey.release_hash
    return report
