"""The arrays of a county into the tables of the register and of the spells, in one transaction a county."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.random import Generator

from fourdoors.accounts.services import record_deed
from fourdoors.console.demo.province import Array, County, pick
from fourdoors.console.demo.typos import register_twice
from fourdoors.console.demo.work import (
    COUNTED_TO,
    ENDINGS,
    GRADES,
    IN_PROVINCE_SHARE,
    LEAVING,
    MONTHS,
    ORGANISED_SHARE,
    OUTSIDE,
    WORKING_SHARE,
    Unit,
    employer_rows,
    units,
)
from fourdoors.employment.rules import SpellRow
from fourdoors.employment.services import load_spells
from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.identity import invented_phone
from fourdoors.kernel.terms import CannotLeaveReason, Channel, HouseholdStatusKind
from fourdoors.partners.services import load_employers
from fourdoors.register.rules import (
    ConsentRow,
    HouseholdRow,
    HowGiven,
    MembershipRow,
    Purpose,
    StatusRow,
    WishRow,
    WorkerRow,
)
from fourdoors.register.services import (
    load_consents,
    load_households,
    load_memberships,
    load_statuses,
    load_wishes,
    load_workers,
)
from fourdoors.store.scope import Scope, scoped

Employers = dict[int, list[tuple[int, Unit]]]  # by province of work, with the number in the database

SOURCE = "demonstration"
KNOWN_FROM = date(2013, 12, 31)  # the poverty register was first drawn up at the end of 2013
AT_RISK_FROM = date(2019, 12, 31)
ENTERED_AT = datetime.datetime(2020, 2, 3, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
ASKED_SHARE = 0.6  # invented: workers whose wish was written down
GOING_SHARE = 0.85  # invented: of those, who wish to go
KEEPS_AT_HOME = CannotLeaveReason.CARE_OF_CHILDREN.value
AGREED_SHARE = 0.5  # invented: of those, who agreed to be matched
ORGANISED_MORE_POOR = 0.04  # see ORGANISED_SHARE


@dataclass
class Counts:
    """How many rows were made."""

    rows: dict[str, int] = field(default_factory=dict)

    def add(self, **counts: int) -> None:
        """Add to the counts by name."""
        for name, count in counts.items():
            self.rows[name] = self.rows.get(name, 0) + count


def fill_employers(*, seed: int) -> Employers:
    """Load the invented employers."""
    made = units(seed=seed)
    with scoped(Scope(territory=range_of(GANSU))):
        numbers = load_employers(employer_rows(made))
    found: Employers = {}
    for number, unit in zip(numbers, made, strict=True):
        found.setdefault(unit.province, []).append((number, unit))
    return found


def fill_county(
    *, county: County, employers: Employers, by: Any, seed: int, counts: Counts, twice: float = 0.0
) -> None:
    """Load one county: households, statuses, workers, memberships, wishes, consents, spells."""
    with scoped(Scope(territory=range_of(county.code * 1_000_000))):
        households = load_households(
            HouseholdRow(village, county.household_number(place), source=SOURCE)
            for place, village in enumerate(county.villages.tolist())
        )
        statuses = load_statuses(_statuses(county, households))
        workers = load_workers(_workers(county), at=ENTERED_AT)
        home = county.household.tolist()
        villages = county.villages[county.household].tolist()
        load_memberships(
            MembershipRow(village, households[place], worker, relation, KNOWN_FROM, source=SOURCE)
            for village, place, worker, relation in zip(
                villages, home, workers, county.relations, strict=True
            )
        )
        draw = np.random.default_rng((seed, county.code, 1))
        asked = np.flatnonzero(draw.random(len(workers)) < ASKED_SHARE)
        going = draw.random(len(asked)) < GOING_SHARE
        wishes = load_wishes(_wishes(draw, asked, going, villages, workers))
        agreed = asked[going & (draw.random(len(asked)) < AGREED_SHARE)].tolist()
        consents = load_consents(
            ConsentRow(villages[i], workers[i], Purpose.MATCHING.value, HowGiven.PAPER.value, ENTERED_AT)
            for i in agreed
        )
        spells = len(load_spells(_spells(draw, county, villages, workers, employers)))
        again = register_twice(county=county, share=twice, seed=seed, at=ENTERED_AT) if twice else 0
        record_deed(
            officer=by, action="register.loaded", at=ENTERED_AT, county=county.code, workers=len(workers)
        )
    counts.add(
        households=len(households), statuses=statuses, workers=len(workers), memberships=len(workers),
        wishes=wishes, consents=consents, spells=spells, registered_twice=again,
    )  # fmt: skip


def _statuses(county: County, households: Sequence[int]) -> Iterator[StatusRow]:
    kinds = (
        (county.poor, HouseholdStatusKind.REGISTERED_POOR, KNOWN_FROM),
        (county.at_risk, HouseholdStatusKind.AT_RISK, AT_RISK_FROM),
    )
    for mask, kind, from_on in kinds:
        for place in np.flatnonzero(mask).tolist():
            village = int(county.villages[place])
            yield StatusRow(village, households[place], kind.value, from_on, source=SOURCE)


def _workers(county: County) -> Iterator[WorkerRow]:
    villages = county.villages[county.household].tolist()
    for place, village in enumerate(villages):
        yield WorkerRow(
            village=village,
            identity=county.identity(place),
            name=county.names[place],
            sex=county.sexes[place].value,
            born_on=county.births[place],
            education=county.educations[place],
            labour_capacity=county.capacities[place],
            phone=invented_phone(county.first + place),
            source=SOURCE,
            grade=Grade.C.value,
        )


def _wishes(
    draw: Generator, asked: Array, going: Array, villages: Sequence[int], workers: Sequence[int]
) -> Iterator[WishRow]:
    places = pick(draw, [place for place, _ in OUTSIDE], [share for _, share in OUTSIDE], len(asked))
    floors = draw.integers(30, 50, len(asked)) * 100  # invented: 3,000 to 4,900 yuan a month
    for i, goes, place, floor in zip(
        asked.tolist(), going.tolist(), places.tolist(), floors.tolist(), strict=True
    ):
        yield WishRow(
            villages[i], workers[i], goes, ENTERED_AT, destinations=[place] if goes else [],
            wage_floor_yuan=floor if goes else None, cannot_leave_reason="" if goes else KEEPS_AT_HOME,
            source=SOURCE, grade=Grade.C.value,
        )  # fmt: skip


def _spells(
    draw: Generator, county: County, villages: Sequence[int], workers: Sequence[int], employers: Employers
) -> list[SpellRow]:
    """Draw at most one spell a worker between January and October 2020, as ``work.works`` does one by one."""
    away = np.flatnonzero(draw.random(len(workers)) < WORKING_SHARE)
    count = len(away)
    outside = pick(draw, [place for place, _ in OUTSIDE], [share for _, share in OUTSIDE], count)
    provinces = np.where(draw.random(count) < IN_PROVINCE_SHARE, GANSU, outside).tolist()
    organised = (
        draw.random(count) < ORGANISED_SHARE + ORGANISED_MORE_POOR * county.poor[county.household[away]]
    )
    units, near = draw.random(count).tolist(), draw.random(count).tolist()
    grades = pick(draw, [grade.value for grade, _ in GRADES], [share for _, share in GRADES], count).tolist()
    endings = draw.integers(len(ENDINGS), size=count).tolist()
    rows = []
    for k, (i, (left, ended)) in enumerate(zip(away.tolist(), _times(draw, count), strict=True)):
        here = employers[provinces[k]]
        number, unit = here[int(units[k] * len(here))]
        rows.append(
            SpellRow(
                village=villages[i],
                worker_id=workers[i],
                channel=(Channel.ORGANISED if organised[k] else Channel.SELF_ARRANGED).value,
                place=_near_home(near[k], villages[i]) if provinces[k] == GANSU else unit.place,
                left_on=left,
                source=SOURCE,
                grade=grades[k],
                arrived_on=left + datetime.timedelta(days=1),
                ended_on=ended,
                end_reason=ENDINGS[endings[k]].value if ended else "",
                employer_id=number,
                employer_name=unit.name,
                post=unit.post,
                occupation=unit.occupation,
                industry=unit.industry,
                contract_signed=True,
            )
        )
    return rows


def _times(draw: Generator, count: int) -> Iterator[tuple[date, date | None]]:
    months = pick(draw, [month for month, _ in LEAVING], [share for _, share in LEAVING], count).tolist()
    days = draw.integers(1, 29, count).tolist()
    lasting = pick(draw, [month for month, _ in MONTHS], [share for _, share in MONTHS], count).tolist()
    for month, day, length in zip(months, days, lasting, strict=True):
        left = date(2020, month, day)
        ended = left + datetime.timedelta(days=30 * length)
        yield left, ended if ended <= COUNTED_TO else None


def _near_home(near: float, village: int) -> int:
    """Inside the province: own township, own county, own city, or Lanzhou; as ``work`` shares them out."""
    if near < 0.25:
        return village // 1_000 * 1_000
    if near < 0.55:
        return village // 1_000_000 * 1_000_000
    return village // 100_000_000 * 100_000_000 if near < 0.75 else 620102_000000
