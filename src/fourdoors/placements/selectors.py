"""Reads of rounds, offers and placements."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, DurationField, ExpressionWrapper, F, Q, QuerySet, When
from django.db.models.functions import Now

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.kernel.divisions import Range, range_of
from fourdoors.placements.models import Change, Line, Offer, Override, Placement, Round, Unplaced
from fourdoors.placements.rules import TIERS, OfferState, RoundState
from fourdoors.recruitment.models import Vacancy
from fourdoors.register.models import Consent, Wish, Worker
from fourdoors.register.rules import Purpose


def wishes_of_willing(*, division: int) -> QuerySet[Wish]:
    """Return the newest wish of everybody of a division who can take part in a round.

    That is who agreed to be matched, wishes to go by the newest word, holds no open placement, and has no
    offer that waits for an answer of theirs or of the employer; a person of two records by the one kept.
    """
    here = range_of(division)
    inside = Q(village__gte=here.lo, village__lt=here.hi)
    agreed = Consent.objects.filter(inside, purpose=Purpose.MATCHING, withdrawn_at=None)
    placed = Placement.objects.filter(inside, closed_on=None)
    asked = Offer.objects.filter(inside, state__in=[OfferState.MADE, OfferState.ACCEPTED])
    newest = (
        Wish.objects.filter(inside, worker__in=agreed.values("worker"))
        .order_by("worker", "-collected_at", "-pk")
        .distinct("worker")
    )
    return (
        Wish.objects.filter(pk__in=newest.values("pk"), wants_to_go=True, worker__merged_into=None)
        .exclude(worker__in=placed.values("worker"))
        .exclude(worker__in=asked.values("worker"))
    )


def rounds_in(jurisdiction: Range) -> QuerySet[Round]:
    """Return the rounds of divisions inside a range, the newest first."""
    found = Round.objects.filter(division__gte=jurisdiction.lo, division__lt=jurisdiction.hi)
    return found.select_related("run_by", "published_by").order_by("-run_at", "-pk")


def what_ifs_visible_to(officer: Officer) -> QuerySet[Round]:
    """Return the what-ifs of an officer's territory, the newest first."""
    return _visible_to(officer).exclude(question={})


def rounds_visible_to(officer: Officer, *, what_ifs: bool = False) -> QuerySet[Round]:
    """Return the rounds of an officer's territory with the offers that workers have yet to answer.

    Args:
        officer: who asks.
        what_ifs: with the what-ifs, which are no real rounds.
    """
    found = _visible_to(officer)
    return found if what_ifs else found.filter(question={})


def _visible_to(officer: Officer) -> QuerySet[Round]:
    found = rounds_in(officer.jurisdiction) if officer.duty in TERRITORIAL else Round.objects.none()
    waiting = Count("offers", filter=Q(offers__state=OfferState.MADE))
    accepted = Count("offers", filter=Q(offers__state__in=[OfferState.ACCEPTED, OfferState.PLACED]))
    running = ExpressionWrapper(Now() - F("begun_at"), output_field=DurationField())
    return found.annotate(waiting=waiting, accepted=accepted, running=running)


def expected_seconds(found: Round) -> tuple[float, int] | None:
    """Return how long a round that runs is likely to last in all, and the round from which that is judged.

    The newest round of this machine that was worked on to its end took so many seconds for so many pairs of
    worker and vacancy; this one has so many. None where there is none to judge from, or its people are not
    read yet: a guess would not be honest.
    """
    pairs = found.workers * found.vacancies
    ended = [RoundState.READY, RoundState.PUBLISHED, RoundState.SET_ASIDE]
    known = Round.objects.filter(state__in=ended, workers__gt=0, vacancies__gt=0).exclude(seconds={})
    judge = known.order_by("-phase_at", "-pk").first()
    if not pairs or judge is None:
        return None
    return sum(judge.seconds.values()) * pairs / (judge.workers * judge.vacancies), judge.pk


@dataclass(frozen=True)
class Filled:
    """How many openings of one occupation a round could offer, and how many it did."""

    occupation: str
    openings: int
    offered: int

    @property
    def share(self) -> float:
        """The share in [0, 1]."""
        return self.offered / self.openings if self.openings else 0.0


def fill_of(found: Round) -> list[Filled]:
    """Return by occupation what a round filled of the openings that were free to it, the most first."""
    offered = Counter(dict(_counted(found, "vacancy__occupation")))
    free: Mapping[int, int] = {line["vacancy"]: line["free"] for line in found.report["unfilled"]}
    left: Counter[str] = Counter()
    for number, occupation in Vacancy.objects.filter(pk__in=free).values_list("pk", "occupation"):
        left[occupation] += free[number]
    filled = [Filled(one, offered[one] + left[one], offered[one]) for one in {*offered, *left}]
    return sorted(filled, key=lambda one: (-one.offered, -one.openings, one.occupation))


def offered_by_province(found: Round) -> dict[int, int]:
    """Return how many people of a round were offered work in which province, by 12-digit code."""
    counted: Counter[int] = Counter()
    for place, offered in _counted(found, "place"):
        counted[(place or 0) // 10**10 * 10**10] += offered
    return dict(counted.most_common())


def _counted(found: Round, column: str) -> list[tuple[Any, int]]:
    rows = Offer.objects.filter(round=found).order_by().values(column).annotate(offered=Count("pk"))
    return [(row[column], row["offered"]) for row in rows]


def vacancies_called(numbers: Collection[int]) -> dict[int, Vacancy]:
    """Return vacancies by number, with their employers."""
    return Vacancy.objects.select_related("employer").in_bulk(list(numbers))


def offers(*, round_id: int | None = None, states: list[str] | None = None) -> QuerySet[Offer]:
    """Return offers within the scope that is set, by village and name."""
    found = Offer.objects.select_related("vacancy", "employer", "round").order_by(
        "village", "shown_name", "pk"
    )
    if round_id is not None:
        found = found.filter(round=round_id)
    return found.filter(state__in=states) if states else found


def offers_visible_to(officer: Officer) -> QuerySet[Offer]:
    """Return the offers of an officer's own villages, by village and name.

    A township sees them once the round is published: before, they are a plan that may still be set aside.
    """
    if officer.duty not in TERRITORIAL:
        return Offer.objects.none()
    found = offers().filter(village__gte=officer.lo, village__lt=officer.hi)
    return found.filter(round__published_at__isnull=False) if officer.duty == Duty.TOWNSHIP else found


def counted_states(found: QuerySet[Offer]) -> dict[str, int]:
    """Return how many of these offers stand where."""
    rows = found.order_by().values("state").annotate(count=Count("pk"))
    return {row["state"]: row["count"] for row in rows}


def offers_of(worker: Worker) -> QuerySet[Offer]:
    """Return the published offers of a worker, the newest first."""
    return offers().filter(worker=worker, round__published_at__isnull=False).order_by("-pk")


def offers_beside(offer: Offer) -> list[Offer]:
    """Return the other offers of a worker that a yes to this one ends."""
    return list(offers(states=[OfferState.MADE.value]).filter(worker=offer.worker_id).exclude(pk=offer.pk))


def offers_to(employer: int, *, jurisdiction: Range | None = None) -> QuerySet[Offer]:
    """Return the offers that workers accepted and the employer has to answer by name."""
    return offers(states=["accepted"]).filter(employer=employer)


def unplaced(*, round_id: int, rule: str = "") -> QuerySet[Unplaced]:
    """Return those for whom a round found nothing, with the reasons; where named, by the rule or the why."""
    served = Offer.objects.filter(round=round_id).values("worker")  # by a place that became free since
    found = Unplaced.objects.filter(round=round_id).exclude(worker__in=served)
    found = found.select_related("worker").order_by("village", "pk")
    if not rule:
        return found
    return found.filter(Q(reasons__rules__0__0=rule) | Q(reasons__rules=[], reasons__why=rule))


def unplaced_by_rule(*, round_id: int) -> list[tuple[str, int]]:
    """Return how many workers each rule cost most, the dearest rule first."""
    counted: Counter[str] = Counter()
    for reasons in unplaced(round_id=round_id).order_by().values_list("reasons", flat=True):
        counted[reasons["rules"][0][0] if reasons["rules"] else reasons["why"]] += 1
    return counted.most_common()


def placements(*, open_only: bool = True) -> QuerySet[Placement]:
    """Return placements within the scope that is set, by first day and name."""
    found = Placement.objects.select_related("vacancy", "employer", "offer").order_by(
        "starts_on", "shown_name"
    )
    return found.filter(closed_on=None) if open_only else found


def placements_visible_to(officer: Officer, *, open_only: bool = True) -> QuerySet[Placement]:
    """Return the placements of an officer's own villages, or of an employer's own people, by first day."""
    found = placements(open_only=open_only)
    if officer.duty == Duty.EMPLOYER:
        return found.filter(employer=officer.organisation)
    if officer.duty not in TERRITORIAL:
        return Placement.objects.none()
    return found.select_related("consent").filter(village__gte=officer.lo, village__lt=officer.hi)


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


def changes_of(*, round_id: int, kind: str = "") -> QuerySet[Change]:
    """Return what became of people since the round before, by village and person."""
    found = Change.objects.filter(round=round_id).select_related("worker", "was", "now")
    found = found.order_by("village", "worker__name", "pk")
    return found.filter(kind=kind) if kind else found


def counted_changes(*, round_id: int) -> list[tuple[str, str, int]]:
    """Return kind, reason and number of people, the most first."""
    rows = Change.objects.filter(round=round_id).order_by().values("kind", "why").annotate(count=Count("pk"))
    return sorted(((row["kind"], row["why"], row["count"]) for row in rows), key=lambda one: -one[2])


def lines_of(*, round_id: int) -> QuerySet[Line]:
    """Return the vacancies of a round, those first where one more opening is worth most."""
    found = Line.objects.filter(round=round_id).select_related("vacancy", "vacancy__employer")
    worth = Case(*(When(tier=tier, then=place) for place, tier in enumerate(TIERS)), default=len(TIERS))
    return found.order_by(worth, "-points", "-offered", "vacancy")


def candidates_of(*, round_id: int, vacancy_id: int) -> QuerySet[Offer]:
    """Return whom a round offered one vacancy, most points first."""
    found = offers(round_id=round_id).filter(vacancy=vacancy_id)
    return found.select_related("vacancy", "employer", "round").order_by("-points", "pk")


def wanted_by(*, round_id: int, vacancy_id: int) -> QuerySet[Unplaced]:
    """Return for whom a round found nothing, and this vacancy would have been the best, by village."""
    return unplaced(round_id=round_id).filter(reasons__best=vacancy_id)


def contested_pair(*, round_id: int) -> tuple[Offer, Unplaced] | None:
    """Return who was offered a post, and somebody who got nothing.

    That somebody is, where there is one, a person whom the very post would have suited best (the post where
    one more opening is worth most); else anybody for whom nothing fitted. None where either is missing.
    """
    wanted = unplaced(round_id=round_id).filter(reasons__why="wanted_by_more")
    others = {one.reasons["best"]: one for one in wanted.order_by("-pk")}
    for line in lines_of(round_id=round_id).filter(vacancy__in=others):
        for offer in candidates_of(round_id=round_id, vacancy_id=line.vacancy_id)[:1]:
            return offer, others[line.vacancy_id]
    first, left = (
        offers(round_id=round_id).order_by("-points", "pk").first(),
        unplaced(round_id=round_id).first(),
    )
    return (first, left) if first and left else None


def overrides_visible_to(officer: Officer, *, undone: bool = False) -> QuerySet[Override]:
    """Return the pairs of an officer's villages that are held together or kept apart, the newest first."""
    if officer.duty not in TERRITORIAL - {Duty.TOWNSHIP}:
        return Override.objects.none()
    found = Override.objects.filter(
        village__gte=officer.lo, village__lt=officer.hi, undone_at__isnull=not undone
    )
    found = found.select_related("worker", "vacancy", "vacancy__employer", "made_by", "undone_by")
    return found.order_by("-made_at", "-pk")


def rounds_to_publish(jurisdiction: Range) -> QuerySet[Round]:
    """Return the rounds that wait to be published, the newest first."""
    return rounds_in(jurisdiction).filter(state=RoundState.READY.value)


def offers_past(*, on: date) -> list[tuple[int, int]]:
    """Return number and county of the published offers whose day to answer is over, within the scope."""
    past = Offer.objects.filter(state=OfferState.MADE, expires_on__lte=on, round__published_at__isnull=False)
    return list(past.order_by("pk").values_list("pk", "county"))


def offers_to_answer(*, on: date) -> QuerySet[Offer]:
    """Return the published offers that no worker has answered yet, within the scope that is set."""
    published = offers(states=[OfferState.MADE.value]).filter(round__published_at__isnull=False)
    return published.filter(expires_on__gte=on)
