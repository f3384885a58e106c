"""Makers of rounds, offers and placements: each stands on real deeds."""

from datetime import UTC, date, datetime

from fourdoors.placements.models import Offer, Placement, Round
from fourdoors.placements.rules import Policy
from fourdoors.placements.services import accept_offer, answer_as_employer, publish_round, run_round
from fourdoors.register.models import Worker
from fourdoors.register.rules import HowGiven
from tests.makers.accounts import LI_COUNTY, make_officer
from tests.makers.register import make_consent, make_wish, make_worker

MATCHED_AT = datetime(2020, 3, 3, 1, 0, tzinfo=UTC)
STARTS_ON = date(2020, 3, 9)


def make_willing_worker(*, name: str = "马小兰", born_on: date = date(1990, 5, 1)) -> Worker:
    """Make a worker who wants to go and agreed to be matched."""
    worker = make_worker(name=name, born_on=born_on)
    make_wish(worker=worker)
    make_consent(worker=worker)
    return worker


def make_round(
    *,
    publish: bool = True,
    division: int = LI_COUNTY,
    starts_on: date = STARTS_ON,
    policy: Policy | None = None,
) -> Round:
    """Match Li County, and publish."""
    made = run_round(
        division=division,
        starts_on=starts_on,
        by=make_officer(username="runner"),
        at=MATCHED_AT,
        policy=policy or Policy(),
    )
    if not publish:
        return made
    return publish_round(round_id=made.pk, by=make_officer(username="publisher"), at=MATCHED_AT)


def make_placement(*, offer: Offer) -> Placement:
    """Let the worker and the employer say yes to an offer."""
    accepted = accept_offer(offer=offer, how=HowGiven.SELF, at=MATCHED_AT)
    placement = answer_as_employer(offer=accepted, takes=True, at=MATCHED_AT, by=make_officer())
    assert placement is not None
    return placement


def make_placed_worker(*, name: str = "马小兰") -> Placement:
    """Take a new worker all the way to a placement in what is open; the caller made the vacancy."""
    worker = make_willing_worker(name=name)
    return make_placement(offer=Offer.objects.get(round=make_round(), worker=worker))
