"""Step 4: wishes and consents of Li County, one round, offers answered by workers and employers."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import numpy as np

from fourdoors.accounts.rules import Duty
from fourdoors.accounts.selectors import scope_of
from fourdoors.accounts.services import appoint_officer
from fourdoors.console.progress import Bar
from fourdoors.console.way.journey import Journey, at, must
from fourdoors.console.way.partners import BEIJING, FUJIAN, SHANDONG, TIANJIN
from fourdoors.kernel.divisions import LI_COUNTY, range_of
from fourdoors.kernel.terms import CannotLeaveReason, RelationToHead
from fourdoors.placements.selectors import offers, offers_to, placements
from fourdoors.placements.services import (
    accept_offer,
    answer_as_employer,
    decline_offer,
    expire_offers,
    publish_round,
    run_round,
)
from fourdoors.register.rules import ConsentRow, HowGiven, Purpose, WishRow
from fourdoors.register.services import load_consents, load_wishes
from fourdoors.store.scope import Scope, scoped, set_scope

ASKED_ON = date(2020, 2, 16)
MATCHED_ON = date(2020, 2, 20)
ANSWERED_ON = date(2020, 2, 21)
STARTS_ON = date(2020, 3, 2)
ASKED_SHARE = 0.32  # of the roster: wishes collected from house to house
STAYS_SHARE = 0.18  # of those asked: someone at home needs them
DECLINES, SILENT = 0.08, 0.04


def place(journey: Journey, bar: Bar) -> Mapping[str, object]:
    """Collect wishes and consents, match, publish, answer."""
    bar.expect(4)
    li = Scope(territory=range_of(LI_COUNTY))
    with scoped(li):
        asked = _ask(journey)
        bar.advance()
        made = run_round(
            division=LI_COUNTY,
            starts_on=STARTS_ON,
            by=journey.officers["county"],
            at=at(MATCHED_ON),
            seed=journey.seed,
        )
        made = publish_round(round_id=made.pk, by=journey.officers["county2"], at=at(MATCHED_ON, 16))
        bar.advance()
        answers = _answer(journey, made.pk)
        bar.advance()
    taken = take_people(journey, at(ANSWERED_ON, 15))
    bar.advance()
    must(made.report["gap"] == 0, f"the plan is not proved best: gap {made.report['gap']}")
    poor = "registered_poor"
    must(
        made.report["placed_by_tier"][poor] == made.report["most_placeable_first_tier"],
        "fewer registered poor were offered work than could be",
    )
    must(taken == answers["accepted"], f"{taken} placed of {answers['accepted']} accepted")
    return {
        "asked": asked,
        "matched": made.workers,
        "offered": made.offered,
        **answers,
        "placed": taken,
        "plan": made.answer_hash[:12],
    }


def _ask(journey: Journey) -> int:
    draw = np.random.default_rng(journey.seed + 7)
    east = [SHANDONG, TIANJIN, FUJIAN, BEIJING]
    wishes, consents, asked = [], [], 0
    cadre = journey.officers["township"].pk
    for home in journey.li_homes:
        if draw.random() > ASKED_SHARE:
            continue
        stays = draw.random() < STAYS_SHARE
        couple = [p for p in home.members if p.relation in (RelationToHead.HEAD, RelationToHead.SPOUSE)]
        for person in home.members:
            worker = journey.worker_numbers.get(person.number)
            if worker is None:
                continue
            asked += 1
            places = (
                [LI_COUNTY] if stays else [east[i] for i in draw.permutation(4)[: int(draw.integers(1, 4))]]
            )
            wishes.append(
                WishRow(
                    village=person.village,
                    worker_id=worker,
                    wants_to_go=bool(draw.random() < 0.93),
                    collected_at=at(ASKED_ON, 10),
                    source="demonstration",
                    destinations=[] if draw.random() < 0.35 else places,
                    occupations=[],
                    wage_floor_yuan=int(draw.integers(20, 42)) * 100,
                    earliest_on=date(2020, 2, 24),
                    with_workers=[
                        journey.worker_numbers[p.number]
                        for p in couple
                        if len(couple) == 2
                        and p.number != person.number
                        and p.number in journey.worker_numbers
                    ],
                    cannot_leave_reason=CannotLeaveReason.CARE_OF_CHILDREN if stays else "",
                    collected_by_id=cadre,
                )
            )
            proxy = draw.random() < 0.2
            consents.append(
                ConsentRow(
                    village=person.village,
                    worker_id=worker,
                    purpose=Purpose.MATCHING,
                    how=HowGiven.PROXY if proxy else HowGiven.PAPER,
                    proxy_name=home.members[0].name if proxy else "",
                    given_at=at(ASKED_ON, 10),
                    recorded_by_id=cadre,
                )
            )
            consents.append(consents[-1]._replace(purpose=Purpose.CONTACT))
    load_wishes(wishes)
    load_consents(consents)
    return asked


def _answer(journey: Journey, round_id: int) -> dict[str, int]:
    draw = np.random.default_rng(journey.seed + 8)
    accepted = declined = 0
    for offer in list(offers(round_id=round_id)):
        mood = draw.random()
        if mood < SILENT:
            continue
        if mood < SILENT + DECLINES:
            decline_offer(offer=offer, how=HowGiven.SELF, at=at(ANSWERED_ON, 9))
            declined += 1
            continue
        proxy = draw.random() < 0.25
        accept_offer(
            offer=offer,
            how=HowGiven.PROXY if proxy else HowGiven.SMS,
            proxy_name="家属" if proxy else "",
            at=at(ANSWERED_ON, 10),
            by=journey.officers["township"] if proxy else None,
        )
        accepted += 1
    silent = expire_offers(on=date(2020, 2, 24), at=at(date(2020, 2, 24), 0))
    return {"accepted": accepted, "declined": declined, "expired": silent}


def take_people(journey: Journey, moment: datetime) -> int:
    """Let each employer accept its people by name, under the employer's own scope; return who is placed."""
    waiting: dict[int, Any] = {offer.employer_id: offer.employer for offer in offers(states=["accepted"])}
    for number, employer in sorted(waiting.items()):
        if f"employer{number}" not in journey.officers:
            journey.officers[f"employer{number}"] = appoint_officer(
                username=f"employer{number}",
                full_name=employer.name,
                duty=Duty.EMPLOYER,
                organisation=number,
            )
        officer = journey.officers[f"employer{number}"]
        with scoped(scope_of(officer)):
            for offer in list(offers_to(number)):
                answer_as_employer(offer=offer, takes=True, at=moment, by=officer)
    set_scope(Scope(territory=range_of(620000_000000)))
    return placements().count()
