"""Employers of every kind, what was looked at there, and public-welfare posts that are never overspent."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import ClassVar

from django.db import transaction
from django.db.models import F

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.kernel.credit_codes import is_credit_code, normalised_credit_code
from fourdoors.kernel.divisions import county_of
from fourdoors.kernel.errors import RuleError
from fourdoors.partners.models import Employer, EmployerCheck, PostBudget, PublicPost
from fourdoors.partners.rules import FOREIGN_PREFIX, CheckKind, EmployerRow, PublicPostRow
from fourdoors.partners.services.agreements import EndBeforeStartError
from fourdoors.register.models import Membership, Worker
from fourdoors.store.copying import copy_rows, reserve_ids


class CreditCodeWrongError(RuleError):
    """The unified social credit code has a wrong form or check character."""

    code: ClassVar[str] = "credit_code_wrong"


class BudgetBelowTakenError(RuleError):
    """More posts are taken than the new number allows."""

    code: ClassVar[str] = "budget_below_taken"


class BudgetSpentError(RuleError):
    """Every post of the year is taken."""

    code: ClassVar[str] = "budget_spent"


class NoHouseholdError(RuleError):
    """A public-welfare post is given to a household; this worker belongs to none."""

    code: ClassVar[str] = "no_household"


class HouseholdHasPostError(RuleError):
    """The household holds a public-welfare post already: one a household."""

    code: ClassVar[str] = "household_has_post"


@transaction.atomic
def register_employer(*, row: EmployerRow, at: datetime, by: Officer | None) -> Employer:
    """Enter an employer, or return the known one of that credit code as it is.

    Args:
        row: what is known of it; the code may be typed with spaces or full-width digits. A unit abroad
            has none and carries ``X-`` and a number of its own.
        at: the moment of the deed.
        by: who enters it; None where a file did.

    Raises:
        CreditCodeWrongError: form or check character is wrong (GB 32100-2015).
    """
    row = row._replace(credit_code=checked_code(row.credit_code))
    values = row._asdict()
    employer, made = Employer.objects.get_or_create(credit_code=values.pop("credit_code"), defaults=values)
    if made:
        record_deed(
            officer=by, action="partners.employer_registered", at=at, object_id=employer.pk, kind=row.kind
        )
    return employer


def checked_code(text: str) -> str:
    """Return a credit code in its one form, or the number of a unit abroad as it is.

    Raises:
        CreditCodeWrongError: it is neither.
    """
    code = normalised_credit_code(text)
    if not is_credit_code(code) and not (code.startswith(FOREIGN_PREFIX) and len(code) <= 18):
        raise CreditCodeWrongError(code=text)
    return code


@transaction.atomic
def load_employers(rows: Iterable[EmployerRow]) -> list[int]:
    """Insert employers that are not there yet and return their numbers in the order given."""
    values = [tuple(row) for row in rows]
    table = Employer._meta.db_table
    numbers = reserve_ids(table=table, count=len(values))
    numbered = ((number, *row) for number, row in zip(numbers, values, strict=True))
    copy_rows(table=table, columns=("id", *EmployerRow._fields), rows=numbered)
    return numbers


@transaction.atomic
def check_employer(
    *,
    employer: Employer,
    kind: CheckKind,
    passed: bool,
    checked_on: date,
    at: datetime,
    by: Officer,
    note: str = "",
) -> EmployerCheck:
    """Record a look at an employer (核验); the newest of a kind counts."""
    check = EmployerCheck.objects.create(
        employer=employer, kind=kind.value, passed=passed, checked_on=checked_on, note=note, checked_by=by
    )
    record_deed(
        officer=by, action="partners.employer_checked", at=at, object_id=employer.pk,
        kind=kind.value, passed=passed,
    )  # fmt: skip
    return check


@transaction.atomic
def set_post_budget(
    *,
    employer: Employer,
    year: int,
    posts: int,
    fen_per_month: int,
    payer: str,
    at: datetime,
    by: Officer | None,
) -> PostBudget:
    """Set how many public-welfare posts there are in a year, and what one pays a month in fen.

    Raises:
        BudgetBelowTakenError: more are taken already.
    """
    budget = PostBudget.objects.select_for_update().filter(employer=employer, year=year).first()
    budget = budget or PostBudget(employer=employer, year=year)
    if posts < budget.posts_taken:
        raise BudgetBelowTakenError(posts=posts, posts_taken=budget.posts_taken)
    budget.posts, budget.fen_per_month, budget.payer = posts, fen_per_month, payer
    budget.save()
    record_deed(officer=by, action="partners.budget_set", at=at, object_id=budget.pk, year=year, posts=posts)
    return budget


@transaction.atomic
def take_post(
    *, budget: PostBudget, worker: Worker, taken_on: date, at: datetime, by: Officer | None
) -> PublicPost:
    """Give one post of a budget to a worker's household; never one more than there are.

    A household holds one post at a time, by a unique index. One update both looks and takes, so two desks
    cannot take the last post; it comes last, because every desk of the employer waits for that row.

    Args:
        budget: the employer's posts of a year.
        worker: who will do the work.
        taken_on: first day.
        at: the moment of the deed.
        by: who gives it.

    Raises:
        NoHouseholdError: the worker belongs to no household.
        HouseholdHasPostError: somebody of the household holds a post.
        BudgetSpentError: none is left.

    Source:
        Gansu, rules for 30,000 rural public-welfare posts, 2020 (gansudaily.com.cn, 30 March 2020): at most
        one post a household.
    """
    post, made = PublicPost.objects.get_or_create(
        household_id=_household_of(worker),
        freed_on=None,
        defaults={
            "budget": budget, "worker": worker, "taken_on": taken_on, "village": worker.village,
            "county": worker.county,
        },
    )  # fmt: skip
    if not made:
        raise HouseholdHasPostError(worker=worker)
    left = PostBudget.objects.filter(pk=budget.pk, posts_taken__lt=F("posts"))
    if not left.update(posts_taken=F("posts_taken") + 1):
        raise BudgetSpentError(year=budget.year)
    record_deed(
        officer=by, action="partners.post_taken", at=at, county=worker.county, object_id=post.pk,
        budget=budget.pk,
    )  # fmt: skip
    return post


def _household_of(worker: Worker) -> int:
    found = Membership.objects.filter(worker=worker, to_on=None).values_list("household_id", flat=True)
    if not found:
        raise NoHouseholdError(worker=worker)
    return found[0]


@transaction.atomic
def free_post(*, post: PublicPost, freed_on: date, at: datetime, by: Officer | None) -> None:
    """Give a post back; a second time changes nothing.

    Raises:
        EndBeforeStartError: before it was taken.
    """
    if freed_on < post.taken_on:
        raise EndBeforeStartError(from_on=post.taken_on, to_on=freed_on)
    if not PublicPost.objects.filter(pk=post.pk, freed_on=None).update(freed_on=freed_on):
        return
    PostBudget.objects.filter(pk=post.budget_id).update(posts_taken=F("posts_taken") - 1)
    record_deed(officer=by, action="partners.post_freed", at=at, county=post.county, object_id=post.pk)


@transaction.atomic
def load_public_posts(rows: Iterable[PublicPostRow]) -> int:
    """Insert holders of posts and count them against their budgets; the database refuses one too many."""
    given = [(*row, county_of(row.village)) for row in rows]
    taken = copy_rows(table=PublicPost._meta.db_table, columns=(*PublicPostRow._fields, "county"), rows=given)
    for budget in {row[1] for row in given}:
        count = sum(row[1] == budget for row in given)
        PostBudget.objects.filter(pk=budget).update(posts_taken=F("posts_taken") + count)
    return taken
