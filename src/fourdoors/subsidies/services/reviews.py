"""Claims approved or refused, by another officer than the one who made them."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import transaction
from django.utils import timezone

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.errors import RuleError
from fourdoors.subsidies.models import Claim, NoticePeriod, Objection
from fourdoors.subsidies.rules import ClaimState, RefusalReason
from fourdoors.subsidies.selectors import passbooks_of


class ReviewError(RuleError):
    """A claim that cannot be approved or refused now."""


class ClaimNotHereError(ReviewError):
    """The claim stands elsewhere on its way (value: ``state``)."""

    code: ClassVar[str] = "claim_not_here"


class NoticeRunningError(ReviewError):
    """The last day of the notice has not passed."""

    code: ClassVar[str] = "notice_running"


class OwnClaimError(ReviewError):
    """Whoever made a claim does not review it."""

    code: ClassVar[str] = "own_claim"


class ObjectionOpenError(ReviewError):
    """An objection waits for an answer."""

    code: ClassVar[str] = "objection_open"


class AccountMissingError(ReviewError):
    """No account is known to which the money could go."""

    code: ClassVar[str] = "account_missing"


@dataclass(frozen=True)
class Review:
    """What came of reviewing a whole notice.

    Attributes:
        approved: Claims approved.
        left: How many were left, by the code of the refusal.
    """

    approved: int
    left: dict[str, int]


@transaction.atomic
def review_claim(*, claim: Claim, by: Officer, at: datetime) -> Claim:
    """Approve a claim whose notice is over (审核通过); an account added since it was made is taken now.

    Raises:
        ClaimNotHereError: it was not on notice, or was decided.
        NoticeRunningError: its last day has not passed.
        OwnClaimError: ``by`` made it.
        ObjectionOpenError: an objection waits for an answer.
        AccountMissingError: there is no account to pay to.
    """
    claim = Claim.objects.select_for_update(of=("self",)).select_related("notice", "broker").get(pk=claim.pk)
    _approve(claim, by, at)
    record_deed(
        officer=by, action="subsidies.claim_approved", at=at, county=claim.county, object_id=claim.pk,
        fen=claim.fen,
    )  # fmt: skip
    return claim


@transaction.atomic
def review_claims(*, notice: NoticePeriod, by: Officer, at: datetime) -> Review:
    """Approve all claims of a notice that can be, and count by reason those that cannot.

    Raises:
        NoticeRunningError: its last day has not passed.
    """
    if timezone.localdate(at) <= notice.to_on:
        raise NoticeRunningError(to_on=notice.to_on)
    claims = (
        Claim.objects.select_for_update(of=("self",))
        .filter(notice=notice, state=ClaimState.ON_NOTICE.value)
        .select_related("notice", "broker")
        .order_by("pk")
    )
    approved, left = 0, Counter[str]()
    for claim in claims:
        try:
            _approve(claim, by, at)
        except ReviewError as refusal:
            left[refusal.code] += 1
        else:
            approved += 1
    record_deed(
        officer=by, action="subsidies.notice_reviewed", at=at, county=notice.division // 1_000_000,
        object_id=notice.pk, approved=approved, left=dict(left),
    )  # fmt: skip
    return Review(approved, dict(left))


def _approve(claim: Claim, by: Officer, at: datetime) -> None:
    if claim.state != ClaimState.ON_NOTICE or claim.notice is None:
        raise ClaimNotHereError(state=claim.state)
    if timezone.localdate(at) <= claim.notice.to_on:
        raise NoticeRunningError(to_on=claim.notice.to_on)
    if claim.made_by_id == by.pk:
        raise OwnClaimError(claim=claim.pk)
    if Objection.objects.filter(claim=claim, answered_at=None).exists():
        raise ObjectionOpenError(claim=claim.pk)
    _find_account(claim, at)
    claim.state, claim.reviewed_by, claim.reviewed_at = ClaimState.APPROVED.value, by, at
    claim.save(update_fields=["state", "reviewed_by", "reviewed_at", "passbook"])


def _find_account(claim: Claim, at: datetime) -> None:
    if claim.broker is not None:
        if not claim.broker.account_cipher:
            raise AccountMissingError(claim=claim.pk)
        return
    if claim.passbook_id is None:
        found = passbooks_of([claim.worker_id], on=timezone.localdate(at))
        if claim.worker_id not in found:
            raise AccountMissingError(claim=claim.pk)
        claim.passbook_id = found[claim.worker_id]


_REFUSABLE = frozenset({ClaimState.MADE, ClaimState.ON_NOTICE, ClaimState.APPROVED})


@transaction.atomic
def refuse_claim(*, claim: Claim, reason: RefusalReason, by: Officer | None, at: datetime) -> Claim:
    """Refuse a claim that is not on a payment list yet; the reason says how it can be mended.

    A refused claim does not stand in the way of a new one: once the fault is mended it is made again.

    Raises:
        ClaimNotHereError: it is on a list, paid, or refused.
    """
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    if claim.state not in _REFUSABLE:
        raise ClaimNotHereError(state=claim.state)
    claim.state, claim.refusal = ClaimState.REFUSED.value, {"code": reason.value}
    claim.save(update_fields=["state", "refusal"])
    record_deed(
        officer=by, action="subsidies.claim_refused", at=at, county=claim.county, object_id=claim.pk,
        reason=reason.value,
    )  # fmt: skip
    return claim
