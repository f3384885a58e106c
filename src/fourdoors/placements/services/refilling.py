"""A place that became free goes to the next person of the same round, at once."""

from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction

from fourdoors.accounts.services import record_deed
from fourdoors.engines.matching.eligibility import Eligibility
from fourdoors.engines.matching.explain import point_facts
from fourdoors.engines.matching.utility import Utility
from fourdoors.kernel.divisions import county_of
from fourdoors.placements.models import Line, Offer, Round, Unplaced
from fourdoors.placements.rules import FREES_A_PLACE, OfferState, Policy, RoundState, offer_expires_on
from fourdoors.placements.services.asking import ANY_COUNTY, wait_for
from fourdoors.placements.services.keeping import terms_of
from fourdoors.placements.services.problems import Rows, gather


@transaction.atomic
def fill_freed_place(*, offer_id: int, at: datetime) -> Offer | None:
    """Offer the place of an offer that ended to the next person; return the new offer, None where nobody is.

    The next is whoever the round found nothing for, still agrees and wishes to go, was offered nothing in
    this round, and may take this vacancy: a pair held together first, then the earlier tier, then more
    points. Everybody pays the same price for the place, so the round's prices do not change that order. The
    county and all keeping of plans are locked: a place is filled once, and never while a round reads it.

    Args:
        offer_id: of an offer of a published round; one that lives, or whose place is filled, is left alone.
        at: the moment; the days to answer begin with it.
    """
    ended = Offer.objects.select_related("round").get(pk=offer_id)
    wait_for(ended.county)
    wait_for(ANY_COUNTY)
    ended = Offer.objects.select_for_update(of=("self",)).select_related("round").get(pk=offer_id)
    if ended.round is None or not _frees(ended):
        return None
    rows = _next_in_line(ended.round, ended.vacancy_id, at)
    row = _first(rows)
    if row is None:
        return None
    made = _offered(ended, rows, row, at)
    record_deed(
        officer=None,
        action="placements.place_filled_again",
        at=at,
        county=county_of(ended.round.division),
        object_id=made.pk,
        replaces=ended.pk,
    )
    return made


def _frees(ended: Offer) -> bool:
    published = ended.round is not None and ended.round.state == RoundState.PUBLISHED
    return published and ended.state in FREES_A_PLACE and not Offer.objects.filter(replaces=ended).exists()


def _next_in_line(found: Round, vacancy: int, at: datetime) -> Rows:
    """Read those the round left over and the one vacancy; empty where it is full or closed by now."""
    served = Offer.objects.filter(round=found).values("worker")
    left = Unplaced.objects.filter(round=found).exclude(worker__in=served).values("worker")
    return gather(
        division=found.division,
        starts_on=found.starts_on,
        on=at.date(),
        seed=found.seed,
        policy=Policy.of(found.policy),
        among=left,
        vacancy=vacancy,
    )


def _first(rows: Rows) -> int | None:
    if not rows.workers or not rows.vacancies:
        return None
    problem, everybody = rows.problem, np.arange(len(rows.workers))
    possible = np.flatnonzero(Eligibility(problem).reasons(everybody)[:, 0] == 0)
    held = {word.worker for word in rows.held_together if word.vacancy == rows.vacancies[0].pk}
    points = Utility(problem).block(everybody)[:, 0]
    ranked = sorted(
        possible.tolist(),
        key=lambda row: (rows.workers[row].pk not in held, int(problem.workers.tier[row]), -int(points[row])),
    )
    return ranked[0] if ranked else None


def _offered(ended: Offer, rows: Rows, row: int, at: datetime) -> Offer:
    person, vacancy = rows.workers[row], rows.vacancies[0]
    assert ended.round is not None  # noqa: S101 (the caller has looked)
    points = Utility(rows.problem).terms(np.array([row]), np.array([0]))[0]
    line = Line.objects.filter(round=ended.round, vacancy=vacancy).first()
    why: dict[str, Any] = {
        "score": int(points.sum()),
        "facts": [[fact.term, fact.points] for fact in point_facts(points)],
        "tier": (line.tier if line else "") or None,
        "price": line.points if line else 0,
        "floor_yuan": person.wage_floor_yuan or 0,
        "freed": ended.state,
    }
    return Offer.objects.create(
        village=person.village,
        county=person.county,
        round=ended.round,
        worker_id=person.pk,
        vacancy=vacancy,
        employer_id=vacancy.employer_id,
        place=vacancy.place,
        shown_name=person.name,
        identity_tail=person.identity_tail,
        terms=terms_of(vacancy, ended.round.starts_on),
        points=why["score"],
        reasons=why,
        state=OfferState.MADE,
        expires_on=offer_expires_on(at.date()),
        replaces=ended,
    )
