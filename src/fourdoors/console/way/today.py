"""What waits on the desks on the day the demonstration plays on: live vacancies, people asked anew."""

from datetime import date

import numpy as np

from fourdoors.console.way.journey import Journey, at
from fourdoors.console.way.recruitment import bulk
from fourdoors.kernel.divisions import LI_COUNTY, range_of
from fourdoors.placements.selectors import placements
from fourdoors.recruitment.services import load_vacancies
from fourdoors.register.rules import ConsentRow, HowGiven, Purpose, WishRow
from fourdoors.register.selectors import open_consents
from fourdoors.register.services import load_consents, load_wishes
from fourdoors.store.scope import Scope, scoped

CONFIRMED_ON = date(2020, 10, 30)
ASKED_SHARE = 0.1  # of the households of Li County that nobody was asked in before


def lay_out(journey: Journey) -> int:
    """Load the autumn's vacancies, and wishes with consents for the next round; return how many people."""
    load_vacancies(bulk(journey, CONFIRMED_ON))
    draw = np.random.default_rng(journey.seed + 12)
    asked: list[WishRow] = []
    with scoped(Scope(territory=range_of(LI_COUNTY))):
        busy = set(placements(open_only=False).values_list("worker", flat=True))
        for home in journey.li_homes:
            if draw.random() > ASKED_SHARE:
                continue
            asked += [
                WishRow(
                    village=person.village,
                    worker_id=worker,
                    wants_to_go=True,
                    collected_at=at(CONFIRMED_ON, 10),
                    wage_floor_yuan=int(draw.integers(22, 40)) * 100,
                    collected_by_id=journey.officers["township"].pk,
                )
                for person in home.members
                if (worker := journey.worker_numbers.get(person.number)) and worker not in busy
            ]
        agreed = set(open_consents(purpose=Purpose.MATCHING).values_list("worker", flat=True))
        load_wishes(asked)
        load_consents(
            ConsentRow(
                village=one.village,
                worker_id=one.worker_id,
                purpose=Purpose.MATCHING,
                how=HowGiven.PAPER,
                given_at=at(CONFIRMED_ON, 10),
                recorded_by_id=journey.officers["township"].pk,
            )
            for one in asked
            if one.worker_id not in agreed
        )
    return len(asked)
