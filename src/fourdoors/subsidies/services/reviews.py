"""Claims approved or refused, by another officer than the one who made them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.db import transaction
from django.db.models import QuerySet
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
    claims = _locked(Claim.objects.filter(pk=claim.pk))
    (claim,), (refusal,) = claims, _hindrances(claims, by, at)
    if refusal is not None:
        raise refusal
    _approve([claim], by, at)
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
    claims = _locked(Claim.objects.filter(notice=notice, state=ClaimState.ON_NOTICE.value))
    refusals = _hindrances(claims, by, at)
    sound = [claim for claim, refusal in zip(claims, refusals, strict=True) if refusal is None]
    left = Counter(refusal.code for refusal in refusals if refusal is not None)
    _approve(sound, by, at)
    record_deed(
        officer=by, action="subsidies.notice_reviewed", at=at, county=notice.division // 1_000_000,
        object_id=notice.pk, approved=len(sound), left=dict(left),
    )  # fmt: skip
    return Review(len(sound), dict(left))


def _locked(claims: QuerySet[Claim]) -> list[Claim]:
    """Lock claims in one order, without the long columns: the notice's list would come with every claim."""
    locked = claims.select_for_update(of=("self",)).select_related("notice", "broker").order_by("pk")
    return list(locked.defer("notice__masked", "trace", "evidence"))


def _hindrances(claims: list[Claim], by: Officer, at: datetime) -> list[ReviewError | None]:
    """Return what keeps each claim from being approved, if anything; accounts added since are taken."""
    on = timezone.localdate(at)
    objected = set(
        Objection.objects.filter(claim__in=claims, answered_at=None).values_list("claim_id", flat=True)
    )
    without = [claim for claim in claims if claim.passbook_id is None and claim.broker_id is None]
    accounts = passbooks_of([claim.worker_id for claim in without], on=on) if without else {}
    for claim in without:
        claim.passbook_id = accounts.get(claim.worker_id)
    return [_hindrance(claim, by, on, objected) for claim in claims]


def _hindrance(claim: Claim, by: Officer, on: date, objected: set[int]) -> ReviewError | None:
    has_account = claim.broker.account_cipher if claim.broker else claim.passbook_id
    to_on = claim.notice.to_on if claim.notice else date.min
    hindrances: list[tuple[object, ReviewError]] = [
        (claim.state != ClaimState.ON_NOTICE or claim.notice is None, ClaimNotHereError(state=claim.state)),
        (on <= to_on, NoticeRunningError(to_on=to_on)),
        (claim.made_by_id == by.pk, OwnClaimError(claim=claim.pk)),
        (claim.pk in objected, ObjectionOpenError(claim=claim.pk)),
        (not has_account, AccountMissingError(claim=claim.pk)),
    ]
    return next((refusal for hinders, refusal in hindrances if hinders), None)


def _approve(claims: list[Claim], by: Officer, at: datetime) -> None:
    """Write the approval of all of them at once; the account first, where it came later."""
    numbers = [claim.pk for claim in claims]
    for claim in claims:
        claim.state, claim.reviewed_by, claim.reviewed_at = ClaimState.APPROVED.value, by, at
    later = Claim.objects.filter(pk__in=numbers, passbook=None, broker=None).values_list("pk", flat=True)
    added = set(later)
    Claim.objects.bulk_update([claim for claim in claims if claim.pk in added], ["passbook"], batch_size=500)
    Claim.objects.filter(pk__in=numbers).update(
        state=ClaimState.APPROVED.value, reviewed_by=by, reviewed_at=at
    )


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
