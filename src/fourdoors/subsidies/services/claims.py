"""Policies loaded, and claims made from evidence that is held already (免申即享)."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import ClassVar

from django.db import transaction
from django.utils import timezone

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.divisions import county_of, range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.register.models import Worker
from fourdoors.subsidies import rules
from fourdoors.subsidies.models import Claim, Policy
from fourdoors.subsidies.rules import Assessment, ClaimState, Situation, read_policy
from fourdoors.subsidies.selectors import (
    assess_all,
    companions_of,
    merged_records,
    passbooks_of,
    rule_of,
    situations_in,
    situations_of,
)


class PolicyError(RuleError):
    """A policy by which no claim can be made here and now."""


class PolicyElsewhereError(PolicyError):
    """The rule is in force elsewhere."""

    code: ClassVar[str] = "policy_elsewhere"


class PolicyOverError(PolicyError):
    """The rule was not in force in that period."""

    code: ClassVar[str] = "policy_over"


class NotGrantedError(PolicyError):
    """The rule gives this worker nothing on what is held: the first condition that fails is named."""

    code: ClassVar[str] = "application_not_granted"


@dataclass(frozen=True)
class Making:
    """What came of making claims.

    Attributes:
        asked: Persons the rule was asked of.
        made: New claims.
        held: Persons granted who have a live claim of the period already.
        fen: What the new claims come to.
        reasons: How often each condition failed.
    """

    asked: int
    made: int
    held: int
    fen: int
    reasons: dict[str, int]


def shipped_policies() -> Iterator[str]:
    """Yield the text of every policy file of the house, by name."""
    folder = files("fourdoors.subsidies") / "policies"
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".yaml"):
            yield path.read_text()


@transaction.atomic
def load_policies(*, at: datetime, by: Officer | None = None) -> list[Policy]:
    """Load the policy files; a file that changed becomes a new version, the old one stays for its claims.

    Returns:
        The version of each file, in the order of keys. A second load writes nothing.

    Raises:
        PolicyUnsoundError: a file does not say what it should; nothing is loaded.
    """
    loaded = []
    for text in shipped_policies():
        rule, version = read_policy(text), hashlib.sha256(text.encode()).hexdigest()
        policy, made = Policy.objects.get_or_create(
            key=rule.key,
            version=version,
            defaults={"yaml": text, "division": rule.division or 0, "loaded_at": at},
        )
        if made:
            record_deed(
                officer=by, action="subsidies.policy_loaded", at=at, object_id=policy.pk, key=rule.key,
                version=version,
            )  # fmt: skip
        loaded.append(policy)
    return loaded


def assess(*, worker: Worker, policy: Policy, period: str, on: date) -> Assessment:
    """Say what a policy gives one worker in a period, as known on ``on``, with its explanation.

    Where the rule asks how many moved together, the companions are looked at too.
    """
    situations = situations_of(companions_of(worker.pk))
    answers = assess_all(rule_of(policy), situations, period=period, on=on)
    return answers.get(worker.pk, Assessment(lines=(rules.Line("spell", holds=False),)))


@transaction.atomic
def make_claims(*, policy: Policy, division: int, period: str, by: Officer | None, at: datetime) -> Making:
    """Make a claim for everybody of a division whom a policy pays, from evidence already held.

    Nobody has to apply. A person has at most one live claim a policy and period, held by the database. The
    policy is locked: run twice, or at two desks at once, it makes each claim once.

    Args:
        policy: the version that the claims pin.
        division: 12-digit home division inside the policy's own.
        period: ``once`` or a year.
        by: the officer who makes them; may review none of them.
        at: the moment: evidence dated later is not looked at.

    Raises:
        PolicyNotComputableError: it needs what we do not have.
        PolicyElsewhereError: it is not in force in that division.
        PolicyOverError: it was not in force in that period.
    """
    rule = rule_of(policy)
    _look_at(rule, division, period)
    list(Policy.objects.select_for_update().filter(key=policy.key).order_by("pk"))
    answers = _answers(rule, division, period, timezone.localdate(at))
    granted = {worker: answer for worker, (_, answer) in answers.items() if answer.is_granted}
    joined = merged_records(granted)
    live = Claim.objects.filter(worker__in=[*granted, *joined], policy_key=rule.key, period=period)
    live = live.exclude(state=ClaimState.REFUSED.value)
    held = {joined.get(worker, worker) for worker in live.values_list("worker_id", flat=True)}
    accounts = passbooks_of(granted.keys() - held, on=timezone.localdate(at))
    claims = [
        _claim(policy, answers[worker][0], answer, period, accounts.get(worker), by, at)
        for worker, answer in sorted(granted.items())
        if worker not in held
    ]
    Claim.objects.bulk_create(claims, batch_size=1000)
    failed = Counter(code for _, answer in answers.values() for code in answer.reasons)
    making = Making(
        asked=len(answers),
        made=len(claims),
        held=len(held),
        fen=sum(claim.fen for claim in claims),
        reasons=dict(failed.most_common()),
    )
    record_deed(
        officer=by, action="subsidies.claims_made", at=at, county=county_of(division), object_id=policy.pk,
        key=rule.key, version=policy.version, division=division, period=period, made=making.made,
        fen=making.fen,
    )  # fmt: skip
    return making


@transaction.atomic
def claim_for(*, worker: Worker, policy: Policy, period: str, by: Officer | None, at: datetime) -> Claim:
    """Make the claim of one worker who asked for it, by the same rule as ``make_claims``.

    The policy is locked; a live claim of the period is for the caller to find first, and the database holds
    that there is one.

    Raises:
        PolicyNotComputableError, PolicyElsewhereError, PolicyOverError: as ``make_claims``.
        NotGrantedError: the rule gives nothing on what is held.
    """
    rule = rule_of(policy)
    _look_at(rule, worker.village, period)
    list(Policy.objects.select_for_update().filter(key=policy.key).order_by("pk"))
    on = timezone.localdate(at)
    situations = {one.worker: one for one in situations_of(companions_of(worker.pk))}
    answer = assess(worker=worker, policy=policy, period=period, on=on)
    if not answer.is_granted:
        failed = next((line for line in answer.lines if not line.holds), rules.Line("spell", holds=False))
        raise NotGrantedError(reason=failed.code, **failed.values)
    account = passbooks_of([worker.pk], on=on).get(worker.pk)
    claim = _claim(policy, situations[worker.pk], answer, period, account, by, at)
    claim.save()
    record_deed(
        officer=by, action="subsidies.claim_applied", at=at, county=claim.county, object_id=claim.pk,
        key=policy.key, version=policy.version, period=period, fen=claim.fen,
    )  # fmt: skip
    return claim


def _look_at(rule: rules.Policy, division: int, period: str) -> None:
    rules.refuse_if_not_computable(rule)
    if rule.division is None or not range_of(rule.division).covers(range_of(division)):
        raise PolicyElsewhereError(key=rule.key, division=division)
    if rules.span_of(rule, period) is None:
        raise PolicyOverError(key=rule.key, period=period)


def _answers(
    rule: rules.Policy, division: int, period: str, on: date
) -> dict[int, tuple[Situation, Assessment]]:
    situations = situations_in(division)
    answers = assess_all(rule, situations, period=period, on=on)
    return {situation.worker: (situation, answers[situation.worker]) for situation in situations}


def _claim(
    policy: Policy,
    situation: Situation,
    answer: Assessment,
    period: str,
    passbook: int | None,
    by: Officer | None,
    at: datetime,
) -> Claim:
    return Claim(
        village=situation.home,
        county=county_of(situation.home),
        policy=policy,
        policy_key=policy.key,
        worker_id=situation.worker,
        spell_id=answer.spell,
        broker_id=answer.broker,
        passbook_id=None if answer.broker else passbook,
        period=period,
        fen=answer.fen,
        payer=answer.payer,
        trace=[asdict(line) for line in answer.lines],
        evidence=[item._asdict() for item in answer.evidence],
        state=ClaimState.MADE.value,
        made_by=by,
        made_at=at,
    )
