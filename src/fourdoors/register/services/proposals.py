"""A change by one officer, or by two where the province says so: proposed, approved or rejected."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.divisions import Level, ancestor_of
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.identity import normalised_phone
from fourdoors.kernel.terms import HouseholdStatusKind, RelationToHead
from fourdoors.register.models import Household, Proposal, TwoPersonFact, Worker
from fourdoors.register.rules import DECIDING_DUTIES, Fact, ProposalState
from fourdoors.register.selectors import two_person_facts
from fourdoors.register.services.facts import apply, household_number_of, standing, text_of
from fourdoors.register.services.loading import sealed_phone
from fourdoors.store.vault import vault


class NothingChangesError(RuleError):
    """What was written is what is known already."""

    code: ClassVar[str] = "nothing_changes"


class GroundMovedError(RuleError):
    """The fact changed meanwhile: the proposal begins from what is no longer known."""

    code: ClassVar[str] = "ground_moved"


class ProposalDecidedError(RuleError):
    """Somebody decided on this proposal already."""

    code: ClassVar[str] = "proposal_decided"


class SecondPersonError(RuleError):
    """The second officer is another one than the first, and of a duty that decides."""

    code: ClassVar[str] = "second_person"


class ReasonMissingError(RuleError):
    """Who rejects says why."""

    code: ClassVar[str] = "reason_missing"


class TwoPersonFactSetError(RuleError):
    """The province has decided on this fact for some of these days already."""

    code: ClassVar[str] = "two_person_fact_set"


@transaction.atomic
def change_worker(
    *, worker: Worker, fact: Fact, to: str, source: str, grade: Grade, at: datetime, by: Officer
) -> Proposal | None:
    """Change one column of a worker's record, or propose it where the province wants a second officer.

    Args:
        worker: locked first.
        fact: name, phone, education, capacity to work, at school.
        to: the new value; a phone as typed.
        source: where it is known from.
        grade: how well it is proved.
        at: the moment of the deed.
        by: who answers for it.

    Returns:
        The proposal that waits, or None where the change is done.

    Raises:
        NothingChangesError: it is known so already.
    """
    worker = Worker.objects.select_for_update().get(pk=worker.pk)
    known = {"from_text": text_of(worker, fact), "to_text": to.strip()}
    given = known | (_phones(worker, to) if fact is Fact.PHONE else {})
    change = Proposal(worker=worker, fact=fact.value, **given)
    return _change(change, worker, source, grade, at, by)


def _phones(worker: Worker, to: str) -> dict[str, Any]:
    hashed, sealed, tail = sealed_phone(normalised_phone(to), vault())
    return {"from_hash": worker.phone_hash, "to_hash": hashed, "phone_cipher": sealed, "to_text": tail}


@transaction.atomic
def move_worker(
    *,
    worker: Worker,
    number: str,
    relation: RelationToHead,
    from_on: date,
    source: str,
    grade: Grade,
    at: datetime,
    by: Officer,
) -> Proposal | None:
    """Put a worker into a household from a day on: the first one, another one, or (blank) none.

    A household in another village of the county takes the worker along, with everything that is recorded.

    Args:
        worker: locked first.
        number: of the household; one that is new makes it; blank: the worker leaves and joins none.
        relation: to the head of that household.
        from_on: first day.
        source: where it is known from.
        grade: how well it is proved.
        at: the moment of the deed.
        by: who answers for it.

    Returns:
        The proposal that waits, or None where the change is done.

    Raises:
        NothingChangesError: the worker belongs to it already.
        MembershipOverlapsError: the worker belongs to a household on a later day already.
        HouseholdElsewhereError: the household lives where this officer does not see it.
    """
    worker = Worker.objects.select_for_update().get(pk=worker.pk)
    change = Proposal(
        worker=worker, fact=Fact.HOUSEHOLD.value, from_text=household_number_of(worker),
        to_text=number.strip(), relation=relation.value if number.strip() else "", from_on=from_on,
    )  # fmt: skip
    return _change(change, worker, source, grade, at, by)


@transaction.atomic
def split_household(
    *,
    workers: Collection[Worker],
    number: str,
    from_on: date,
    source: str,
    grade: Grade,
    at: datetime,
    by: Officer,
) -> list[Proposal]:
    """Let members leave together into a household of their own; the first of them is its head.

    Returns:
        The proposals that wait; none where all have moved.

    Raises:
        As ``move_worker``; then nobody has moved.
    """
    found = []
    for place, worker in enumerate(workers):
        relation = RelationToHead.HEAD if place == 0 else RelationToHead.OTHER
        found.append(
            move_worker(
                worker=worker, number=number, relation=relation, from_on=from_on, source=source, grade=grade,
                at=at, by=by,
            )
        )  # fmt: skip
    return [proposal for proposal in found if proposal]


@transaction.atomic
def change_status(
    *,
    household: Household,
    kind: HouseholdStatusKind,
    ends: bool,
    from_on: date,
    source: str,
    grade: Grade,
    at: datetime,
    by: Officer,
) -> Proposal | None:
    """Recognise a household as something from a day on, or end that.

    Args:
        household: locked first.
        kind: one of the five statuses.
        ends: the status ends on ``from_on`` instead of beginning.
        from_on: first day on which it holds, or no longer does.
        source: the document or list.
        grade: how well it is proved.
        at: the moment of the deed.
        by: who answers for it.

    Returns:
        The proposal that waits, or None where the change is done.

    Raises:
        NothingChangesError: it holds on these days already; or there is none to end.
    """
    household = Household.objects.select_for_update().get(pk=household.pk)
    change = Proposal(
        household=household, fact=Fact.STATUS.value, from_on=from_on,
        **({"from_text": kind.value} if ends else {"to_text": kind.value}),
    )  # fmt: skip
    if not standing(change):
        raise NothingChangesError
    return _change(change, household, source, grade, at, by)


def _change(
    change: Proposal, whose: Worker | Household, source: str, grade: Grade, at: datetime, by: Officer
) -> Proposal | None:
    if change.from_text == change.to_text and bytes(change.from_hash or b"") == bytes(change.to_hash or b""):
        raise NothingChangesError
    change.village, change.county = whose.village, whose.county
    change.source, change.grade, change.proposed_by, change.proposed_at = source, grade.value, by, at
    if change.fact not in two_person_facts(village=whose.village, on=at.date()):
        apply(change, at=at, by=by)
        _record("register.fact_changed", change, whose, at, by)
        return None
    change.state = ProposalState.OPEN.value
    change.save()
    _record("register.change_proposed", change, whose, at, by)
    return change


def _record(action: str, change: Proposal, whose: Worker | Household, at: datetime, by: Officer) -> None:
    record_deed(
        officer=by, action=action, at=at, county=whose.county, object_id=whose.pk, fact=change.fact,
        proposal=change.pk, grade=change.grade,
    )  # fmt: skip


@transaction.atomic
def approve_change(*, proposal: Proposal, at: datetime, by: Officer) -> Proposal:
    """Let a proposed change happen, as the second officer.

    Raises:
        ProposalDecidedError: somebody decided already.
        SecondPersonError: the same officer as the first, or a duty that does not decide.
        GroundMovedError: the fact changed meanwhile; nothing happens, and it can only be rejected.
    """
    proposal = _to_decide(proposal, by)
    if not standing(proposal):
        raise GroundMovedError
    apply(proposal, at=at, by=by)
    return _decide(proposal, ProposalState.APPROVED, "", at, by)


@transaction.atomic
def reject_change(*, proposal: Proposal, reason: str, at: datetime, by: Officer) -> Proposal:
    """Let a proposed change not happen, and say why.

    Raises:
        ReasonMissingError: nothing was said.
        ProposalDecidedError: somebody decided already.
        SecondPersonError: the same officer as the first, or a duty that does not decide.
    """
    if not reason.strip():
        raise ReasonMissingError
    return _decide(_to_decide(proposal, by), ProposalState.REJECTED, reason.strip(), at, by)


def _to_decide(proposal: Proposal, by: Officer) -> Proposal:
    """Lock the proposal, then whom it is about, as the deed that would change the same fact does."""
    found = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if found.state != ProposalState.OPEN.value:
        raise ProposalDecidedError
    if by.duty not in DECIDING_DUTIES or by.pk == found.proposed_by_id:
        raise SecondPersonError
    if found.worker_id:
        found.worker = Worker.objects.select_for_update().get(pk=found.worker_id)
    else:
        found.household = Household.objects.select_for_update(of=("self",)).get(proposals=found)
    return found


def _decide(proposal: Proposal, state: ProposalState, reason: str, at: datetime, by: Officer) -> Proposal:
    proposal.state, proposal.reason, proposal.decided_at, proposal.decided_by = state.value, reason, at, by
    proposal.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    whose = proposal.worker or proposal.household
    assert whose  # noqa: S101 (it is about one of the two)
    _record(f"register.change_{state.value}", proposal, whose, at, by)
    return proposal


@transaction.atomic
def ask_for_two(
    *, fact: Fact, from_on: date, document: str, at: datetime, by: Officer, to_on: date | None = None
) -> TwoPersonFact:
    """Let a fact need two officers in a province from a day on.

    Args:
        fact: which.
        from_on: first day.
        document: what says so.
        at: the moment of the deed.
        by: an officer of the province.
        to_on: first day on which one officer is enough again.

    Raises:
        TwoPersonFactSetError: it is set for some of these days already.
    """
    province = ancestor_of(by.lo, Level.PROVINCE)
    same = TwoPersonFact.objects.filter(division=province, fact=fact.value).exclude(to_on__lte=from_on)
    if (same.filter(from_on__lt=to_on) if to_on else same).exists():
        raise TwoPersonFactSetError
    rule = TwoPersonFact.objects.create(
        division=province, fact=fact.value, from_on=from_on, to_on=to_on, document=document, set_by=by
    )
    record_deed(
        officer=by, action="register.two_asked_for", at=at, object_id=rule.pk, fact=fact.value,
        from_on=from_on.isoformat(),
    )  # fmt: skip
    return rule


@transaction.atomic
def ask_no_longer(*, rule: TwoPersonFact, to_on: date, at: datetime, by: Officer) -> None:
    """Let one officer be enough again from a day on; proposals that wait still wait for the second."""
    TwoPersonFact.objects.filter(pk=rule.pk).update(to_on=to_on)
    record_deed(
        officer=by, action="register.two_no_longer", at=at, object_id=rule.pk, fact=rule.fact,
        to_on=to_on.isoformat(),
    )  # fmt: skip
