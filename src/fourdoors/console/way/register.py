"""Step 1: a county roster goes in through intake, the rest of the province is loaded."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from fourdoors.accounts.services import record_deed
from fourdoors.console.demo.people import REGISTERED_POOR_SHARE, Home, homes
from fourdoors.console.demo.workbooks import FAULTS, FAULTS_OF_EACH, household_number, roster
from fourdoors.console.progress import Bar
from fourdoors.console.way.journey import Journey, at, must
from fourdoors.console.way.officers import ZHOUQU
from fourdoors.intake.services import ask_for_merge, receive_file, stage_rows
from fourdoors.kernel.divisions import GANSU, LI_COUNTY, divisions_in, range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.terms import HouseholdStatusKind
from fourdoors.register.rules import HouseholdRow, MembershipRow, StatusRow, WorkerRow
from fourdoors.register.selectors import numbers_of
from fourdoors.register.services import (
    load_households,
    load_memberships,
    load_statuses,
    load_workers,
    merge_roster,
)
from fourdoors.store.scope import Scope, scoped

LI_WORKERS = 1_200
ZHOUQU_WORKERS = 60  # on top of the county's share: its subsidy rules of 2020 are computed
ZHOUQU_POOR_SHARE = 0.6
SENT_ON = date(2020, 2, 3)
KNOWN_FROM = date(2013, 12, 31)  # the poverty register was first drawn up at the end of 2013
AT_RISK_FROM = date(2019, 12, 31)
SOURCE = "demonstration"


def register(journey: Journey, bar: Bar) -> Mapping[str, object]:
    """Fill the register: Li County by workbook with forty faults, the other counties in bulk."""
    in_li = min(LI_WORKERS, journey.workers // 10)
    rest = journey.workers - in_li - ZHOUQU_WORKERS
    journey.li_homes = list(
        homes(workers=in_li, seed=journey.seed, villages=_villages(LI_COUNTY), poor_share=1.0)
    )
    poor = REGISTERED_POOR_SHARE * journey.workers - in_li - ZHOUQU_POOR_SHARE * ZHOUQU_WORKERS
    journey.homes = [
        *homes(workers=rest, seed=journey.seed + 1, first=in_li, poor_share=max(0.0, poor / rest)),
        *homes(
            workers=ZHOUQU_WORKERS,
            seed=journey.seed + 4,
            villages=_villages(ZHOUQU),
            first=in_li + rest,
            poor_share=ZHOUQU_POOR_SHARE,
        ),
    ]
    bar.expect(journey.workers)
    with scoped(Scope(territory=range_of(GANSU))):
        load_province(journey, journey.homes)
    bar.advance(journey.workers - in_li)
    found = merge_li(journey)
    bar.advance(in_li)
    return {
        "workers": journey.workers - in_li + found["merged"],
        "households": len(journey.homes),
        "roster": found,
    }


def _villages(county: int) -> np.ndarray[Any, Any]:
    return np.array([d.code for township in divisions_in(county) for d in divisions_in(township.code)])


def load_province(journey: Journey, given: Sequence[Home]) -> None:
    """Load households, workers, memberships and statuses with COPY."""
    numbers = load_households(
        HouseholdRow(home.village, household_number(home), source=SOURCE) for home in given
    )
    journey.household_numbers |= {home.number: number for home, number in zip(given, numbers, strict=True)}
    load_statuses(_statuses(zip(given, numbers, strict=True)))
    people = [
        (home, number, person) for home, number in zip(given, numbers, strict=True) for person in home.members
    ]
    workers = load_workers(
        (
            WorkerRow(
                village=person.village,
                identity=person.identity,
                name=person.name,
                sex=person.sex,
                born_on=person.born_on,
                education=person.education,
                labour_capacity=person.labour_capacity,
                phone=person.phone,
                source=SOURCE,
                grade=Grade.C,
            )
            for _, _, person in people
        ),
        at=at(SENT_ON),
    )
    load_memberships(
        MembershipRow(person.village, household, worker, person.relation, KNOWN_FROM, source=SOURCE)
        for (_, household, person), worker in zip(people, workers, strict=True)
    )
    journey.worker_numbers |= {
        person.number: worker for (_, _, person), worker in zip(people, workers, strict=True)
    }
    record_deed(
        officer=journey.officers["province"], action="register.loaded", at=at(SENT_ON), workers=len(workers)
    )


def _statuses(given: Iterable[tuple[Home, int]]) -> Iterable[StatusRow]:
    for home, number in given:
        if home.registered_poor:
            yield StatusRow(
                home.village, number, HouseholdStatusKind.REGISTERED_POOR, KNOWN_FROM, source=SOURCE
            )
        elif home.at_risk:
            yield StatusRow(home.village, number, HouseholdStatusKind.AT_RISK, AT_RISK_FROM, source=SOURCE)


def merge_li(journey: Journey) -> dict[str, int]:
    """Bring the roster of Li County in as its clerk would, and check that every fault was found."""
    clerk = journey.officers["county"]
    data, wrong = roster(journey.li_homes)
    (journey.papers / "礼县花名册.xlsx").write_bytes(data)
    with scoped(Scope(territory=range_of(LI_COUNTY))):
        batch = receive_file(
            form="national_member_export",
            division=LI_COUNTY,
            data=data,
            name="礼县花名册.xlsx",
            by=clerk,
            at=at(SENT_ON),
        )
        stage_rows(import_id=batch.pk, at=at(SENT_ON, 9, 1))
        ask_for_merge(import_id=batch.pk, by=clerk, at=at(SENT_ON, 9, 20))
        merge_roster(import_id=batch.pk, by=clerk, at=at(SENT_ON, 9, 30))
        numbers = numbers_of([person.identity for home in journey.li_homes for person in home.members])
    for home in journey.li_homes:
        for person in home.members:
            if person.identity in numbers:
                journey.worker_numbers[person.number] = numbers[person.identity]
    rows = sum(len(home.members) for home in journey.li_homes)
    must(wrong == min(rows, len(FAULTS) * FAULTS_OF_EACH), f"{wrong} faults were put in")
    must(len(numbers) == rows - wrong, f"{rows} rows, {wrong} wrong, but {len(numbers)} in the register")
    return {"rows": rows, "wrong": wrong, "merged": len(numbers)}
