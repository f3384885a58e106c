"""Reads of spells, pay, visits and arrears."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import TERRITORIAL, Duty
from fourdoors.employment.models import ArrearsCase, FollowUp, IncomeRecord, Spell, TravelCost
from fourdoors.employment.rules import EARLY_RETURN_DAYS, ORDINARY_ENDS, Stretch
from fourdoors.kernel.divisions import Range, range_of
from fourdoors.kernel.terms import Channel
from fourdoors.register.models import Worker


@dataclass(frozen=True)
class SpellFilters:
    """What a list of spells is narrowed by; blank narrows nothing.

    Attributes:
        channel: kernel.terms.Channel.
        place: 12-digit division of work, with all that it holds.
        village: 12-digit division of the home, with all that it holds.
        grade: evidence grade.
        state: ``open``; ``ended``; ``early``: came back early; ``gone``: open, but a visit found nobody.
        workers: numbers of the people who were looked for, as the register found them; None: everybody.
    """

    channel: str = ""
    place: int | None = None
    village: int | None = None
    grade: str = ""
    state: str = ""
    workers: Sequence[int] | None = None


_EARLY = timedelta(days=EARLY_RETURN_DAYS)
_STATES = {
    "open": Q(ended_on=None),
    "ended": Q(ended_on__isnull=False),
    "early": ~Q(end_reason__in=[reason.value for reason in ORDINARY_ENDS])
    & (Q(ended_on__lt=F("arrived_on") + _EARLY) | Q(arrived_on=None, ended_on__lt=F("left_on") + _EARLY)),
    "gone": Q(ended_on=None, pk__in=FollowUp.objects.filter(still_there=False).values("spell_id")),
}


@dataclass(frozen=True)
class RetentionPoint:
    """How many of the spells that began long enough ago were still going after ``days`` days."""

    days: int
    begun: int
    still_there: int

    @property
    def share(self) -> float | None:
        """The share in [0, 1]; None where no spell is old enough."""
        return self.still_there / self.begun if self.begun else None


def spells_of(worker: Worker) -> QuerySet[Spell]:
    """Return the spells of a worker, the newest first."""
    return Spell.objects.filter(worker=worker).select_related("employer", "trip").order_by("-left_on")


def placements_at_work(placements: Collection[int]) -> set[int]:
    """Return which of these placements have become a spell of work, within the scope that is set."""
    found = Spell.objects.filter(placement__in=placements).values_list("placement", flat=True)
    return {number for number in found if number}


def spells_visible_to(officer: Officer, filters: SpellFilters | None = None) -> QuerySet[Spell]:
    """Return the spells an officer may see, the newest first.

    Territorial duties see their home villages with the worker's name; a station sees open spells at its
    destination and an employer its own people, both without the register.
    """
    found = _in_reach(officer).order_by("-left_on", "-pk")
    return _narrowed(found, filters or SpellFilters())


def _in_reach(officer: Officer) -> QuerySet[Spell]:
    lo, hi = officer.lo, officer.hi
    match Duty(officer.duty):
        case duty if duty in TERRITORIAL:
            return Spell.objects.select_related("worker", "employer").filter(village__gte=lo, village__lt=hi)
        case Duty.STATION:
            return Spell.objects.filter(place__gte=lo, place__lt=hi, ended_on=None)
        case Duty.EMPLOYER:
            return Spell.objects.filter(employer_id=officer.organisation or 0)
        case _:
            return Spell.objects.none()


def _narrowed(found: QuerySet[Spell], filters: SpellFilters) -> QuerySet[Spell]:
    equal = {"channel": filters.channel, "grade": filters.grade}
    found = found.filter(**{name: value for name, value in equal.items() if value})
    for name, code in (("place", filters.place), ("village", filters.village)):
        if code:
            inside = range_of(code)
            found = found.filter(**{f"{name}__gte": inside.lo, f"{name}__lt": inside.hi})
    if filters.workers is not None:
        found = found.filter(Q(worker__in=filters.workers) | Q(worker__merged_into__in=filters.workers))
    state = _STATES.get(filters.state)
    return found if state is None else found.filter(state)


def out_on(day: date) -> QuerySet[Spell]:
    """Return the spells that were going on ``day`` (在外人数): one a person, for spells never overlap."""
    return Spell.objects.filter(Q(ended_on=None) | Q(ended_on__gt=day), left_on__lte=day)


_DELIVERED_BY = {
    "province": F("place") / 10**10 * 10**10,
    "city": F("place") / 10**8 * 10**8,
    "agreement": F("placement__vacancy__agreement"),
    "employer": F("employer"),
}


def organised_persons(
    *, by: Literal["province", "city", "agreement", "employer"], from_on: date, to_on: date
) -> dict[int, int]:
    """Return how many persons were in organised work within days, both inside, each person once a key.

    Args:
        by: counted by province or prefecture of work, by agreement of the vacancy, or by employer.
        from_on: first day.
        to_on: last day.
    """
    organised = Spell.objects.filter(Q(ended_on=None) | Q(ended_on__gt=from_on), left_on__lte=to_on)
    rows = organised.filter(channel=Channel.ORGANISED.value).annotate(key=_DELIVERED_BY[by])
    counted = rows.exclude(key=None).values_list("key").annotate(persons=Count("worker", distinct=True))
    return dict(counted.order_by())


def retention(spells: QuerySet[Spell], *, day_counts: Sequence[int], on: date) -> list[RetentionPoint]:
    """Return, for each count of days, how many spells begun at least so long before ``on`` still went on.

    Counted from the day of arrival, or of leaving home where nobody recorded the arrival. One query.
    """
    wanted: dict[str, Any] = {}
    for days in day_counts:
        pause = timedelta(days=days)
        old_enough = Q(arrived_on__lte=on - pause) | Q(arrived_on=None, left_on__lte=on - pause)
        lasted = (
            Q(ended_on=None)
            | Q(ended_on__gt=F("arrived_on") + pause)
            | Q(arrived_on=None, ended_on__gt=F("left_on") + pause)
        )
        wanted[f"begun_{days}"] = Count("pk", filter=old_enough)
        wanted[f"there_{days}"] = Count("pk", filter=old_enough & lasted)
    found = spells.order_by().aggregate(**wanted)
    return [RetentionPoint(d, found[f"begun_{d}"], found[f"there_{d}"]) for d in day_counts]


def stretches_of(worker: Worker) -> list[Stretch]:
    """Return the worker's spells as ``rules.is_stable`` wants them."""
    return [
        Stretch(
            spell.arrived_on or spell.left_on,
            spell.ended_on,
            spell.employer_id or spell.employer_name or None,
        )
        for spell in Spell.objects.filter(worker=worker)
    ]


def incomes_of(spell: Spell) -> QuerySet[IncomeRecord]:
    """Return the months of pay of a spell, in order."""
    return IncomeRecord.objects.filter(spell=spell).order_by("month")


def paid_to(spells: QuerySet[Spell]) -> QuerySet[Spell]:
    """Add to each spell, as ``paid_to``, the last month of which pay is recorded."""
    return spells.annotate(paid_to=Max("incomes__month"))


def travel_costs_of(spell: Spell) -> QuerySet[TravelCost]:
    """Return the tickets of a spell."""
    return TravelCost.objects.filter(spell=spell).order_by("travelled_on", "kind")


def income_mix(spells: QuerySet[Spell]) -> dict[str, int]:
    """Return the fen earned in these spells by evidence grade."""
    rows = (
        IncomeRecord.objects.filter(spell__in=spells.order_by())
        .values("grade")
        .annotate(fen=Sum("fen"))
        .values_list("grade", "fen")
    )
    return {str(grade): int(fen) for grade, fen in rows}


def follow_ups_of(spell: Spell) -> QuerySet[FollowUp]:
    """Return the visits of a spell, in order."""
    return FollowUp.objects.filter(spell=spell).order_by("day")


def arrears_of(spell: Spell) -> QuerySet[ArrearsCase]:
    """Return the cases of unpaid wages of a spell, the newest first."""
    return ArrearsCase.objects.filter(spell=spell).order_by("-reported_at")


def follow_ups_due(on: date) -> QuerySet[FollowUp]:
    """Return the visits that are due on ``on`` or were due before, the longest waiting first.

    Rows stand for themselves: a station reads them without the register.
    """
    return FollowUp.objects.filter(due_on__lte=on, done_at=None, closed_on=None).order_by("due_on", "pk")


def follow_ups_visible_to(officer: Officer) -> QuerySet[FollowUp]:
    """Return the visits of an officer: a station's destination, or a home territory."""
    where = _where(officer)
    return FollowUp.objects.filter(**where) if where else FollowUp.objects.none()


def arrears_visible_to(officer: Officer) -> QuerySet[ArrearsCase]:
    """Return the cases of unpaid wages an officer may see: open ones first, the most urgent on top."""
    where = _where(officer)
    found = ArrearsCase.objects.filter(**where) if where else ArrearsCase.objects.none()
    return found.order_by(F("settled_at").asc(nulls_first=True), "due_on", "pk")


def _where(officer: Officer) -> dict[str, int]:
    reach: Range = officer.jurisdiction
    column = "place" if officer.duty == Duty.STATION else "village"
    if officer.duty != Duty.STATION and officer.duty not in TERRITORIAL:
        return {}
    return {f"{column}__gte": reach.lo, f"{column}__lt": reach.hi}
