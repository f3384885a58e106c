"""Agreements with quotas and an end, and plans with a target for each year and destination."""

from datetime import date, datetime
from typing import ClassVar

from django.db import transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.errors import RuleError
from fourdoors.partners.models import ActionPlan, Agreement, Employer, PartnerProvince, PlanTarget


class AgreementKnownError(RuleError):
    """An agreement of this number was signed already."""

    code: ClassVar[str] = "agreement_known"


class AgreementPartyError(RuleError):
    """An agreement has another side: a province, an employer, or both."""

    code: ClassVar[str] = "agreement_party"


class EndBeforeStartError(RuleError):
    """The last day lies before the first."""

    code: ClassVar[str] = "end_before_start"


class TargetOutsidePlanError(RuleError):
    """A target's year lies outside the years of its plan."""

    code: ClassVar[str] = "target_outside_plan"


@transaction.atomic
def sign_agreement(  # noqa: PLR0913 (the fields of an agreement)
    *,
    number: str,
    title: str,
    home: int,
    from_on: date,
    to_on: date,
    at: datetime,
    by: Officer | None,
    province: PartnerProvince | None = None,
    employer: Employer | None = None,
    sector: str = "",
    quota_persons: int | None = None,
) -> Agreement:
    """Enter a signed agreement (劳务协议).

    Args:
        number: number of the paper.
        title: its title.
        home: 12-digit division of Gansu that signed.
        from_on: first day on which it holds.
        to_on: last day on which it holds.
        at: the moment of the deed.
        by: who enters it.
        province: the other side, a province.
        employer: the other side, an employer; may stand beside a province.
        sector: trade, in words.
        quota_persons: how many persons it takes; None where it names no number.

    Raises:
        AgreementPartyError: neither province nor employer.
        EndBeforeStartError: it ends before it begins.
        AgreementKnownError: the number is taken.
    """
    if province is None and employer is None:
        raise AgreementPartyError(number=number)
    if to_on < from_on:
        raise EndBeforeStartError(from_on=from_on, to_on=to_on)
    agreement, made = Agreement.objects.get_or_create(
        number=number,
        defaults={
            "title": title, "home": home, "from_on": from_on, "to_on": to_on, "province": province,
            "employer": employer, "sector": sector, "quota_persons": quota_persons,
        },
    )  # fmt: skip
    if not made:
        raise AgreementKnownError(number=number)
    record_deed(
        officer=by, action="partners.agreement_signed", at=at, object_id=agreement.pk, quota=quota_persons
    )
    return agreement


@transaction.atomic
def make_action_plan(
    *, title: str, from_year: int, to_year: int, at: datetime, by: Officer | None
) -> ActionPlan:
    """Enter a plan over years (三年行动计划), or return the one of that title.

    Raises:
        EndBeforeStartError: the last year lies before the first.
    """
    if to_year < from_year:
        raise EndBeforeStartError(from_on=from_year, to_on=to_year)
    plan, made = ActionPlan.objects.get_or_create(
        title=title, defaults={"from_year": from_year, "to_year": to_year}
    )
    if made:
        record_deed(officer=by, action="partners.plan_made", at=at, object_id=plan.pk)
    return plan


@transaction.atomic
def set_target(
    *,
    plan: ActionPlan,
    year: int,
    province: PartnerProvince,
    persons: int,
    at: datetime,
    by: Officer | None,
) -> PlanTarget:
    """Set what a plan wants in one year for one destination; setting it again changes it.

    A target is for those who plan. It never stands beside a person's name, and nothing compares
    villages by it.

    Raises:
        TargetOutsidePlanError: the plan does not cover the year.
    """
    if not plan.from_year <= year <= plan.to_year:
        raise TargetOutsidePlanError(year=year, from_year=plan.from_year, to_year=plan.to_year)
    target, _ = PlanTarget.objects.update_or_create(
        plan=plan, year=year, province=province, defaults={"persons": persons}
    )
    record_deed(
        officer=by, action="partners.target_set", at=at, object_id=target.pk, year=year, persons=persons
    )
    return target
