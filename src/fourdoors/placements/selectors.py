"""Reads of rounds, offers and placements."""

from collections import Counter
from datetime import date

from django.db.models import Count, QuerySet

from fourdoors.kernel.divisions import Range
from fourdoors.placements.models import Offer, Placement, Round, Unplaced
from fourdoors.placements.rules import OfferState, RoundState
from fourdoors.recruitment.models import Vacancy
from fourdoors.register.models import Worker


def rounds_in(jurisdiction: Range) -> QuerySet[Round]:
    """Return the rounds of divisions inside a range, the newest first."""
    found = Round.objects.filter(division__gte=jurisdiction.lo, division__lt=jurisdiction.hi)
    return found.select_related("run_by", "published_by").order_by("-run_at", "-pk")


def offers(*, round_id: int | None = None, states: list[str] | None = None) -> QuerySet[Offer]:
    """Return offers within the scope that is set, by village and name."""
    found = Offer.objects.select_related("vacancy", "employer", "round").order_by(
        "village", "shown_name", "pk"
    )
    if round_id is not None:
        found = found.filter(round=round_id)
    return found.filter(state__in=states) if states else found


def offers_of(worker: Worker) -> QuerySet[Offer]:
    """Return the published offers of a worker, the newest first."""
    return offers().filter(worker=worker, round__published_at__isnull=False).order_by("-pk")


def offers_to(employer: int, *, jurisdiction: Range | None = None) -> QuerySet[Offer]:
    """Return the offers that workers accepted and the employer has to answer by name."""
    return offers(states=["accepted"]).filter(employer=employer)


def unplaced(*, round_id: int) -> QuerySet[Unplaced]:
    """Return those for whom a round found nothing, with the reasons."""
    return Unplaced.objects.filter(round=round_id).select_related("worker").order_by("village", "pk")


def unplaced_by_rule(*, round_id: int) -> list[tuple[str, int]]:
    """Return how many workers each rule cost most, the dearest rule first."""
    counted: Counter[str] = Counter()
    for reasons in Unplaced.objects.filter(round=round_id).values_list("reasons", flat=True):
        counted[reasons["rules"][0][0] if reasons["rules"] else reasons["why"]] += 1
    return counted.most_common()


def placements(*, open_only: bool = True) -> QuerySet[Placement]:
    """Return placements within the scope that is set, by first day and name."""
    found = Placement.objects.select_related("vacancy", "employer", "offer").order_by(
        "starts_on", "shown_name"
    )
    return found.filter(closed_on=None) if open_only else found


def placements_of(worker: Worker) -> QuerySet[Placement]:
    """Return the placements of a worker, the newest first."""
    return placements(open_only=False).filter(worker=worker).order_by("-placed_at")


def placed_by_province() -> dict[int, int]:
    """Return open and closed placements by province of work, within the scope that is set."""
    rows = Placement.objects.exclude(place=None).values("place").annotate(count=Count("pk"))
    counted: Counter[int] = Counter()
    for row in rows:
        counted[int(row["place"] or 0) // 10**10 * 10**10] += row["count"]
    return dict(counted)


def vacancy_offers(vacancy: Vacancy) -> QuerySet[Offer]:
    """Return the offers of one vacancy within the scope that is set."""
    return offers().filter(vacancy=vacancy)


def rounds_to_publish(jurisdiction: Range) -> QuerySet[Round]:
    """Return the rounds that wait to be published, the newest first."""
    return rounds_in(jurisdiction).filter(state=RoundState.READY.value)


def offers_to_answer(*, on: date) -> QuerySet[Offer]:
    """Return the published offers that no worker has answered yet, within the scope that is set."""
    published = offers(states=[OfferState.MADE.value]).filter(round__published_at__isnull=False)
    return published.filter(expires_on__gte=on)
