"""The public notice (公示): a masked list, so many days, and what somebody says against it."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.divisions import Level, ancestor_of, county_of, path_of, range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.kernel.identity import masked_identity, masked_name, masked_phone
from fourdoors.store.vault import Vault, vault
from fourdoors.subsidies.models import Claim, NoticePeriod, Objection, Policy
from fourdoors.subsidies.rules import ClaimState, RefusalReason
from fourdoors.subsidies.selectors import rule_of

# A payee of such a name is a firm and no person: it is named in full.
FIRM_WORDS = ("公司", "服务部", "中心", "合作社", "事务所")


class NoticeError(RuleError):
    """A notice, or what is said against it, that cannot be written so."""


class NothingToShowError(NoticeError):
    """No claim waits for a notice."""

    code: ClassVar[str] = "nothing_to_show"


class NoticeOverError(NoticeError):
    """The claim is not on a notice, or its last day has passed."""

    code: ClassVar[str] = "notice_over"


class ObjectionAnsweredError(NoticeError):
    """The objection was answered."""

    code: ClassVar[str] = "objection_answered"


@transaction.atomic
def open_notice(*, policy: Policy, division: int, by: Officer | None, at: datetime) -> NoticePeriod:
    """Put every claim of a policy that waits in a division on public notice.

    The list holds what neighbours need to object and no more: a masked name, number and phone, the home down
    to the township, the amount. It is read for as many days as the paper says; the day it is put up does not
    count (Civil Code, article 201).

    Raises:
        NothingToShowError: no claim waits.
    """
    home = range_of(division)
    claims = list(
        Claim.objects.select_for_update(of=("self",))
        .filter(policy_key=policy.key, state=ClaimState.MADE.value, village__gte=home.lo, village__lt=home.hi)
        .select_related("worker", "broker")
        .order_by("village", "pk")
    )
    if not claims:
        raise NothingToShowError(key=policy.key)
    from_on = timezone.localdate(at)
    notice = NoticePeriod.objects.create(
        division=division,
        policy=policy,
        from_on=from_on,
        to_on=from_on + timedelta(days=rule_of(policy).notice_days),
        opened_by=by,
        masked=_masked(claims),
    )
    Claim.objects.filter(pk__in=[claim.pk for claim in claims]).update(
        state=ClaimState.ON_NOTICE.value, notice=notice
    )
    record_deed(
        officer=by, action="subsidies.notice_opened", at=at, county=county_of(division),
        object_id=notice.pk, key=policy.key, claims=len(claims), to_on=notice.to_on,
    )  # fmt: skip
    return notice


def _masked(claims: list[Claim]) -> list[dict[str, Any]]:
    seals = vault()
    townships = {claim.village: _township(claim.village) for claim in claims}
    return [
        {
            "line": line,
            "name": masked_name(claim.worker.name),
            "identity": masked_identity(seals.open("identity", claim.worker.identity_cipher)),
            "phone": _phone(claim, seals),
            "home": townships[claim.village],
            "payee": _payee(claim),
            "fen": claim.fen,
        }
        for line, claim in enumerate(claims, start=1)
    ]


def _payee(claim: Claim) -> str:
    """Return who is paid beside the worker: a firm is named in full, a person is masked."""
    name = claim.broker.name if claim.broker else ""
    return name if any(word in name for word in FIRM_WORDS) else masked_name(name)


def _phone(claim: Claim, seals: Vault) -> str:
    cipher = claim.worker.phone_cipher
    return masked_phone(seals.open("phone", cipher)) if cipher else ""


def _township(village: int) -> str:
    return "".join(division.name for division in path_of(ancestor_of(village, Level.TOWNSHIP))[2:])


@transaction.atomic
def end_notices(*, on: date) -> int:
    """Empty the lists of notices whose last day has passed, and return how many; harmless twice."""
    return NoticePeriod.objects.filter(to_on__lt=on).exclude(masked=[]).update(masked=[])


@transaction.atomic
def raise_objection(*, claim: Claim, words: str, at: datetime, by: Officer | None) -> Objection:
    """Write down what somebody says against a claim (提出异议); who said it is not kept.

    Raises:
        NoticeOverError: the claim is not on notice, or its last day has passed.
    """
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    last_on = claim.notice.to_on if claim.notice else None
    if claim.state != ClaimState.ON_NOTICE or last_on is None or timezone.localdate(at) > last_on:
        raise NoticeOverError(claim=claim.pk)
    objection = Objection.objects.create(
        village=claim.village, county=claim.county, claim=claim, words=words.strip(), raised_at=at
    )
    record_deed(
        officer=by, action="subsidies.objection_raised", at=at, county=claim.county, object_id=objection.pk,
        claim=claim.pk,
    )  # fmt: skip
    return objection


@transaction.atomic
def answer_objection(*, objection: Objection, upheld: bool, at: datetime, by: Officer | None) -> Objection:
    """Answer an objection; one that is upheld refuses the claim.

    Raises:
        ObjectionAnsweredError: it was answered.
    """
    objection = Objection.objects.select_for_update().get(pk=objection.pk)
    if objection.answered_at:
        raise ObjectionAnsweredError(objection=objection.pk)
    objection.answered_at, objection.upheld = at, upheld
    objection.save(update_fields=["answered_at", "upheld"])
    if upheld:
        Claim.objects.filter(pk=objection.claim_id, state=ClaimState.ON_NOTICE.value).update(
            state=ClaimState.REFUSED.value,
            refusal={"code": RefusalReason.OBJECTION_UPHELD.value, "objection": objection.pk},
        )
    record_deed(
        officer=by, action="subsidies.objection_answered", at=at, county=objection.county,
        object_id=objection.pk, claim=objection.claim_id, upheld=upheld,
    )  # fmt: skip
    return objection
