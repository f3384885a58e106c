"""Applications for a travel subsidy (一次性交通补助申请表): asked of the same rules as everybody's claim.

What a worker applies for is paid by evidence, not by the form: the rule says the amount. The ticket that the
form names is put beside the work as the worker's word; the account stays the one that the register knows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.db import transaction
from django.utils import timezone

from fourdoors.accounts.models import Officer
from fourdoors.employment.models import Spell, TravelCost
from fourdoors.employment.rules import TicketKind
from fourdoors.employment.services import record_travel_cost
from fourdoors.engines.sheets import FORMS
from fourdoors.intake.models import Import
from fourdoors.intake.rules import Code, Fault, Outcome
from fourdoors.intake.rules.places import place_of_words
from fourdoors.intake.services import MergeRow, RowOutcome, begin_merge, finish_merge, rows_to_merge
from fourdoors.kernel.divisions import range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.evidence import Grade
from fourdoors.kernel.money import yuan_text
from fourdoors.register.models import Passbook, Worker
from fourdoors.store.vault import vault
from fourdoors.subsidies import rules
from fourdoors.subsidies.models import Claim, Policy
from fourdoors.subsidies.selectors import TRAVEL_KEYS, policies, rule_of
from fourdoors.subsidies.services.claims import NotGrantedError, PolicyError, claim_for


class ApplicantUnknownError(PolicyError):
    """The person is not in the register of the place, or under another name."""

    code: ClassVar[str] = "application_worker_unknown"


class SubsidyUnknownError(PolicyError):
    """No travel subsidy of this name is in force there, or more than one and the row names none."""

    code: ClassVar[str] = "application_subsidy_unknown"


class WorkNotKnownError(PolicyError):
    """No work at this place is known that the application could be about."""

    code: ClassVar[str] = "application_work_unknown"


_COLUMNS = {
    SubsidyUnknownError.code: "policy",
    WorkNotKnownError.code: "workplace",
    NotGrantedError.code: "claimed",
    "income_better_proven": "ticket",
}


@dataclass(frozen=True)
class _Known:
    rules: Sequence[tuple[Policy, rules.Policy]]
    workers: Mapping[bytes, Worker]
    source: str
    by: Officer | None
    at: datetime

    @property
    def on(self) -> date:
        return timezone.localdate(self.at)


@transaction.atomic
def merge_applications(*, import_id: int, at: datetime, by: Officer | None = None) -> Import:
    """Merge the sound rows of applications for a travel subsidy: each makes the claim that its rule grants.

    A claim that stands already is unchanged. Amount and account of the form are compared, never taken over:
    another amount, an account that is not the known one, and none known are told as notes.

    Args:
        import_id: an import of this form whose merging was asked for.
        at: the moment of the deed.
        by: the officer who answers for it; may review none of these claims.

    Returns:
        The import, merged, with its counts: new, unchanged, faulty (nothing is granted: with the reason).

    Raises:
        NotNowError: nobody asked for its merging, or it is merged already.
    """
    batch = begin_merge(import_id=import_id, form=FORMS["travel_subsidy_form"].key)
    rows = list(rows_to_merge(batch))
    hashes = [vault().hash("identity", row.cells["identity"]) for row in rows]
    people = Worker.objects.filter(identity_hash__in=hashes).select_related("merged_into")
    travel = [(policy, rule_of(policy)) for policy in policies() if policy.key.endswith(TRAVEL_KEYS)]
    known = _Known(
        [(policy, rule) for policy, rule in travel if rule.kind is rules.Kind.GRANT and rule.division],
        {bytes(one.identity_hash): one for one in people},
        f"import:{batch.pk}", by or batch.uploaded_by, at,
    )  # fmt: skip
    outcomes = [_outcome(row, known) for row in rows]
    return finish_merge(batch=batch, outcomes=outcomes, at=at, by=by)


def _outcome(row: MergeRow, known: _Known) -> RowOutcome:
    try:
        with transaction.atomic():
            return _claimed(row, known)
    except RuleError as refusal:
        values = {name: it if isinstance(it, int) else str(it)[:60] for name, it in refusal.values.items()}
        fault = Fault(_COLUMNS.get(refusal.code, "identity"), refusal.code, values)
        return RowOutcome(row.pk, Outcome.FAULTY, fault=fault)


def _claimed(row: MergeRow, known: _Known) -> RowOutcome:
    worker = known.workers.get(vault().hash("identity", row.cells["identity"]))
    if worker is None or worker.name != row.cells["name"]:
        raise ApplicantUnknownError
    worker = worker.merged_into or worker
    spell = _work(row.cells, worker, known.on)
    policy, rule = _subsidy(row.cells, worker, spell, known)
    period = rules.period_of(rule, spell.left_on.year)
    before = Claim.objects.filter(worker=worker, policy_key=policy.key, period=period)
    live = before.exclude(state=rules.ClaimState.REFUSED.value).first()
    if live is not None:
        return RowOutcome(row.pk, Outcome.UNCHANGED, live.pk, _note(row.cells, live))
    _record_ticket(row.cells, spell, known)
    claim = claim_for(worker=worker, policy=policy, period=period, by=known.by, at=known.at)
    return RowOutcome(row.pk, Outcome.NEW, claim.pk, _note(row.cells, claim))


def _work(cells: Mapping[str, str], worker: Worker, on: date) -> Spell:
    """Return the newest work of the worker at the place that the row names; any where it names none."""
    spells = Spell.objects.filter(worker=worker, left_on__lte=on).order_by("-left_on")
    if words := cells.get("workplace"):
        code = place_of_words(words)
        place = range_of(code) if code else None
        found = [one for one in spells if place and _meets(place.lo, place.hi, one.place)]
    else:
        found = list(spells)
    if not found:
        raise WorkNotKnownError(place=cells.get("workplace", ""))
    return found[0]


def _meets(lo: int, hi: int, held: int) -> bool:
    return lo <= held < hi or lo in range_of(held)


def _subsidy(
    cells: Mapping[str, str], worker: Worker, spell: Spell, known: _Known
) -> tuple[Policy, rules.Policy]:
    """Return the one travel subsidy of the worker's home that the row names, or that was in force then."""
    named = cells.get("policy", "")
    here = [
        (policy, rule)
        for policy, rule in known.rules
        if rule.division and worker.village in range_of(rule.division)
        and (named in (rule.title.zh, policy.key) if named else spell.left_on in rule.in_force)
    ]  # fmt: skip
    if len(here) != 1:
        raise SubsidyUnknownError(subsidy=named)
    return here[0]


def _record_ticket(cells: Mapping[str, str], spell: Spell, known: _Known) -> None:
    """Put the ticket beside the work: the worker's word where the form is signed, else a cadre's."""
    fen = int(cells.get("ticket") or 0)
    held = TravelCost.objects.filter(spell=spell, kind=TicketKind.ONE_WAY.value).first()
    if not fen or (held is not None and held.fen == fen):
        return
    signed = cells.get("signature") or cells.get("promise")
    record_travel_cost(
        spell=spell, kind=TicketKind.ONE_WAY, fen=fen, travelled_on=spell.left_on, source=known.source,
        grade=Grade.C if signed else Grade.D, at=known.at, by=known.by,
    )  # fmt: skip


def _note(cells: Mapping[str, str], claim: Claim) -> Fault | None:
    """Return what differs from the form, the account before the amount; None where nothing does."""
    book = Passbook.objects.filter(pk=claim.passbook_id).first() if claim.passbook_id else None
    if book is None:
        return Fault("account", Code.APPLICATION_NO_ACCOUNT)
    if cells["account"][-4:] != book.account_tail:
        return Fault("account", Code.APPLICATION_OTHER_ACCOUNT, {"tail": book.account_tail})
    if cells.get("claimed") and int(cells["claimed"]) != claim.fen:
        said = {"said": yuan_text(int(cells["claimed"])), "due": yuan_text(claim.fen)}
        return Fault("claimed", Code.APPLICATION_OTHER_AMOUNT, {**said})
    return None
