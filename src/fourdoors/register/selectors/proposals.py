"""Changes that wait for a second officer, and the facts for which a province wants one."""

import datetime

from django.db.models import Q, QuerySet

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import TERRITORIAL
from fourdoors.kernel.divisions import Level, ancestor_of
from fourdoors.register.models import Household, Proposal, TwoPersonFact, Worker
from fourdoors.register.rules import ProposalState


def two_person_facts(*, village: int, on: datetime.date) -> frozenset[str]:
    """Return the facts that two officers must agree on in the province of a village, on a day."""
    rules = two_person_rules(ancestor_of(village, Level.PROVINCE))
    return frozenset(
        rules.filter(Q(to_on=None) | Q(to_on__gt=on), from_on__lte=on).values_list("fact", flat=True)
    )


def two_person_rules(province: int) -> QuerySet[TwoPersonFact]:
    """Return all that a province ever decided on second officers, the newest first."""
    return (
        TwoPersonFact.objects.filter(division=province).select_related("set_by").order_by("-from_on", "fact")
    )


def proposals_visible_to(
    officer: Officer, *, state: ProposalState | None = None, source: str = ""
) -> QuerySet[Proposal]:
    """Return the proposals of an officer's territory, the newest first; of one state or source."""
    if officer.duty not in TERRITORIAL:
        return Proposal.objects.none()
    found = Proposal.objects.filter(village__gte=officer.lo, village__lt=officer.hi)
    if state:
        found = found.filter(state=state.value)
    if source:
        found = found.filter(source=source)
    return _with_names(found).order_by("-proposed_at", "-pk")


def proposals_of(worker: Worker, household: Household | None = None) -> list[Proposal]:
    """Return the proposals about a worker, and about the own household, the newest first."""
    about = Q(worker=worker) | (Q(household=household) if household else Q())
    return list(_with_names(Proposal.objects.filter(about)).order_by("-proposed_at", "-pk"))


def proposals_of_household(household: Household) -> list[Proposal]:
    """Return the proposals about a household's status, the newest first."""
    return list(_with_names(Proposal.objects.filter(household=household)).order_by("-proposed_at", "-pk"))


def _with_names(found: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return found.select_related("worker", "household", "proposed_by", "decided_by")
