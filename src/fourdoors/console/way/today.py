"""What the demonstration's day finds: coaches on the road, live vacancies, people asked anew."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np

from fourdoors.console.demo.people import Home
from fourdoors.console.way.journey import CHINA, Journey, at, must
from fourdoors.console.way.partners import SHANDONG, TIANJIN
from fourdoors.console.way.placements import take_people
from fourdoors.console.way.recruitment import bulk, unit_for, vacancy_of
from fourdoors.console.way.travel import make_ready, pass_all, set_off
from fourdoors.kernel.divisions import LI_COUNTY, range_of
from fourdoors.placements.selectors import offers, placements
from fourdoors.placements.services import accept_offer, publish_round, run_round
from fourdoors.recruitment.services import load_vacancies
from fourdoors.register.rules import ConsentRow, HowGiven, Purpose, WishRow
from fourdoors.register.selectors import open_consents
from fourdoors.register.services import load_consents, load_wishes
from fourdoors.store.scope import Scope, scoped
from fourdoors.travel.rules import Door
from fourdoors.travel.selectors import leg_of, manifest, planning_employers
from fourdoors.travel.services import plan_trips

TODAY = date(2020, 11, 2)
AUTUMN_ASKED_ON = date(2020, 10, 20)
AUTUMN_MATCHED_ON = date(2020, 10, 22)
AUTUMN_PLANNED_ON = date(2020, 10, 28)
AUTUMN_STARTS_ON = date(2020, 11, 3)  # the coaches are on the road all of the day before
AUTUMN_OPENINGS = 24
LATE_FOR_THE_COACH = 2
CONFIRMED_ON = date(2020, 10, 30)
AUTUMN_SHARE, ASKED_SHARE = 0.08, 0.1  # of the households of Li County that nobody was asked in before


def lay_out(journey: Journey) -> dict[str, object]:
    """Send the autumn's coaches off, then load what waits for the next round; return the counts."""
    draw = np.random.default_rng(journey.seed + 12)
    luck = {home.number: draw.random() for home in journey.li_homes}
    li = Scope(territory=range_of(LI_COUNTY))
    with scoped(li):
        _ask(journey, lambda home: luck[home.number] < AUTUMN_SHARE, AUTUMN_ASKED_ON, draw)
    sent = _send_off(journey, draw)
    load_vacancies(bulk(journey, CONFIRMED_ON))
    with scoped(li):
        asked = _ask(
            journey, lambda home: 0 <= luck[home.number] - AUTUMN_SHARE < ASKED_SHARE, CONFIRMED_ON, draw
        )
    return {**sent, "asked": asked}


def _ask(journey: Journey, wanted: Callable[[Home], bool], on: date, draw: np.random.Generator) -> int:
    """Load wishes and consents of the homes that are wanted, as a cadre wrote them down on a day."""
    busy = set(placements(open_only=False).values_list("worker", flat=True))
    wishes = [
        WishRow(
            village=person.village,
            worker_id=worker,
            wants_to_go=True,
            collected_at=at(on, 10),
            source="demonstration",
            wage_floor_yuan=int(draw.integers(22, 40)) * 100,
            collected_by_id=journey.officers["township"].pk,
        )
        for home in journey.li_homes
        if wanted(home)
        for person in home.members
        if (worker := journey.worker_numbers.get(person.number)) and worker not in busy
    ]
    agreed = set(open_consents(purpose=Purpose.MATCHING).values_list("worker", flat=True))
    load_wishes(wishes)
    load_consents(
        ConsentRow(
            village=one.village,
            worker_id=one.worker_id,
            purpose=Purpose.MATCHING,
            how=HowGiven.PAPER,
            given_at=at(on, 10),
            recorded_by_id=journey.officers["township"].pk,
        )
        for one in wishes
        if one.worker_id not in agreed
    )
    return len(wishes)


def _send_off(journey: Journey, draw: np.random.Generator) -> dict[str, object]:
    """Match and place a first group in autumn; return how many people, and how many coaches carry them.

    All are on the road, but for the smallest: it is still at the county seat, and two of its riders are late.
    """
    units = [unit_for(journey, SHANDONG, "缝纫工"), unit_for(journey, TIANJIN, "缝纫工")]
    load_vacancies(
        vacancy_of(journey, unit, openings=AUTUMN_OPENINGS, draw=draw, on=AUTUMN_ASKED_ON) for unit in units
    )
    county = journey.officers["county"]
    with scoped(Scope(territory=range_of(LI_COUNTY))):
        made = run_round(
            division=LI_COUNTY,
            starts_on=AUTUMN_STARTS_ON,
            by=county,
            at=at(AUTUMN_MATCHED_ON),
            seed=journey.seed,
        )
        publish_round(round_id=made.pk, by=journey.officers["county2"], at=at(AUTUMN_MATCHED_ON, 16))
        accepted = list(offers(round_id=made.pk))
        for offer in accepted:
            accept_offer(offer=offer, how=HowGiven.SMS, at=at(AUTUMN_MATCHED_ON, 18))
    take_people(journey, at(AUTUMN_MATCHED_ON, 19))
    trips: list[Any] = []
    with scoped(Scope(territory=range_of(LI_COUNTY))):
        for employer, report_on, _ in planning_employers(county, on=AUTUMN_PLANNED_ON):
            planned = plan_trips(
                home=LI_COUNTY,
                employer=employer,
                report_on=report_on,
                carrier=journey.officers["_carrier"],
                by=county,
                at=at(AUTUMN_PLANNED_ON, 10),
            )
            trips += planned.trips
        for trip in trips:
            make_ready(journey, trip, on=AUTUMN_PLANNED_ON)
            must(leg_of(trip).departs_at.astimezone(CHINA).date() == TODAY, f"{trip} leaves on another day")
        *leaving, boarding = sorted(trips, key=lambda trip: -len(manifest(trip)))
        for trip in leaving:
            set_off(journey, trip)
        home_at = leg_of(boarding).departs_at - timedelta(hours=2)
        pass_all(journey, boarding, Door.LEAVE_HOME, home_at, late=LATE_FOR_THE_COACH)
    must(leaving, "no coach is on the road on the demonstration's day")
    return {"placed": len(accepted), "coaches": len(trips)}
