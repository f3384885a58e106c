"""Reads of cooperation: partners, employers, and every promised number with the days it stands for."""

from datetime import date

from django.db.models import Q, QuerySet, Sum

from fourdoors.kernel.divisions import Level, Range, ancestor_of, range_of
from fourdoors.kernel.periods import Window
from fourdoors.partners.models import (
    ActionPlan,
    Agreement,
    Base,
    Brand,
    BrandMember,
    Broker,
    Employer,
    EmployerCheck,
    Letter,
    Mission,
    PartnerProvince,
    PlanTarget,
    PostBudget,
    PublicPost,
    Station,
)
from fourdoors.partners.rules import CheckKind, EmployerKind, Promise, PromiseKind


def partner_provinces() -> QuerySet[PartnerProvince]:
    """Return the partner provinces by code."""
    return PartnerProvince.objects.order_by("code")


def letters() -> QuerySet[Letter]:
    """Return letters with their province, the newest first."""
    return Letter.objects.select_related("province").order_by("-sent_on", "number")


def stations(*, open_on: date | None = None) -> QuerySet[Station]:
    """Return stations by place; those open on a day where one is given."""
    found = Station.objects.order_by("place", "name")
    if open_on is None:
        return found
    return found.filter(Q(closed_on=None) | Q(closed_on__gt=open_on), opened_on__lte=open_on)


def agreements() -> QuerySet[Agreement]:
    """Return agreements with both sides, the one that ends first on top."""
    return Agreement.objects.select_related("province", "employer").order_by("to_on", "number")


def agreements_for(village: int, *, on: date) -> QuerySet[Agreement]:
    """Return the agreements in force on a day that Gansu, or the village's prefecture or county, signed."""
    homes = [ancestor_of(village, level) for level in (Level.PROVINCE, Level.PREFECTURE, Level.COUNTY)]
    return agreements().filter(home__in=homes, from_on__lte=on, to_on__gte=on)


def agreed_places(village: int, *, on: date) -> list[Range]:
    """Return the ranges of the provinces and of the employers' counties that agreements lead to."""
    places = {
        place
        for province, employer in agreements_for(village, on=on).values_list("province_id", "employer__place")
        for place in (province, employer)
        if place
    }
    return [range_of(ancestor_of(place, Level.COUNTY)) for place in sorted(places)]


def missions() -> QuerySet[Mission]:
    """Return missions, the newest first."""
    return Mission.objects.select_related("province").order_by("-on", "title")


def bases() -> QuerySet[Base]:
    """Return accredited bases, the one whose plaque ends first on top."""
    return Base.objects.select_related("employer", "agreement").order_by("expires_on", "name")


def brands() -> QuerySet[Brand]:
    """Return the brands by name."""
    return Brand.objects.order_by("name")


def members_of(brand: Brand) -> QuerySet[BrandMember]:
    """Return a brand's present members within the scope that is set."""
    return BrandMember.objects.filter(brand=brand, left_on=None).select_related("worker").order_by("id")


def plans() -> QuerySet[ActionPlan]:
    """Return the plans, the newest first."""
    return ActionPlan.objects.order_by("-from_year", "title")


def targets(*, year: int) -> QuerySet[PlanTarget]:
    """Return what the plans want in a year, by destination."""
    found = PlanTarget.objects.filter(year=year).select_related("plan", "province")
    return found.order_by("province", "plan")


def brokers() -> QuerySet[Broker]:
    """Return the licensed brokers, the licence that ends first on top."""
    return Broker.objects.order_by("licensed_to_on", "name")


def employers(*, kind: EmployerKind | None = None, words: str = "") -> QuerySet[Employer]:
    """Return employers by name, of one kind or with words in name or credit code where given."""
    found = Employer.objects.order_by("name", "id")
    if kind is not None:
        found = found.filter(kind=kind.value)
    return found.filter(Q(name__icontains=words) | Q(credit_code=words.upper())) if words else found


def employer_of_code(credit_code: str) -> Employer | None:
    """Return the employer of a credit code, or None."""
    return Employer.objects.filter(credit_code=credit_code).first()


def failed_checks(employer_id: int) -> list[CheckKind]:
    """Return the kinds of check of which an employer's newest was not passed."""
    newest = EmployerCheck.objects.filter(employer=employer_id).order_by("kind", "-checked_on", "-id")
    return [CheckKind(it.kind) for it in newest.distinct("kind") if not it.passed]


def budgets(*, year: int, within: Range | None = None) -> QuerySet[PostBudget]:
    """Return the budgets of public-welfare posts of a year, of employers in a range where one is given."""
    found = PostBudget.objects.filter(year=year).select_related("employer").order_by("employer__place", "id")
    return (
        found
        if within is None
        else found.filter(employer__place__gte=within.lo, employer__place__lt=within.hi)
    )


def posts_left(budget: PostBudget) -> int:
    """Return how many posts of a budget are free at this moment."""
    now = PostBudget.objects.get(pk=budget.pk)
    return now.posts - now.posts_taken


def posts_held(*, year: int) -> QuerySet[PublicPost]:
    """Return who holds a public-welfare post of a year, within the scope that is set."""
    found = PublicPost.objects.filter(budget__year=year, freed_on=None)
    return found.select_related("budget__employer", "worker").order_by("id")


def has_public_post(household_id: int) -> bool:
    """Tell whether somebody of a household holds a public-welfare post."""
    return PublicPost.objects.filter(household_id=household_id, freed_on=None).exists()


def promises(*, year: int) -> list[Promise]:
    """Return every number that was promised for a year, each with the days in which deliveries count.

    Letters, targets and missions are counted by province (``key`` is its code), agreements and bases by
    their own number. What was delivered is known to later steps: the page joins both with
    ``rules.joined``.
    """
    calendar = Window(date(year, 1, 1), date(year, 12, 31))
    return [
        *_letters_promised(calendar),
        *_agreements_promised(calendar),
        *_targets_promised(calendar),
        *_missions_promised(calendar),
        *_bases_promised(calendar),
    ]


def posts_offered(*, year: int) -> int:
    """Return how many posts the replies of a year offer together."""
    found = Letter.objects.filter(sent_on__year=year).aggregate(posts=Sum("posts_offered"))
    return found["posts"] or 0


def _letters_promised(year: Window) -> list[Promise]:
    return [
        Promise(
            PromiseKind.LETTER, it.province_id, it.number, it.province_id, it.posts_offered,
            Window(it.sent_on, year.end),
        )
        for it in letters().filter(sent_on__range=(year.start, year.end))
    ]  # fmt: skip


def _agreements_promised(year: Window) -> list[Promise]:
    return [
        Promise(
            PromiseKind.AGREEMENT, it.pk, it.number, _destination(it), it.quota_persons,
            Window(it.from_on, it.to_on),
        )
        for it in agreements().filter(from_on__lte=year.end, to_on__gte=year.start)
    ]  # fmt: skip


def _destination(agreement: Agreement) -> int | None:
    place = agreement.province_id or (agreement.employer.place if agreement.employer else None)
    return ancestor_of(place, Level.PROVINCE) if place else None


def _targets_promised(year: Window) -> list[Promise]:
    return [
        Promise(PromiseKind.TARGET, it.province_id, it.plan.title, it.province_id, it.persons, year)
        for it in targets(year=year.start.year)
    ]


def _missions_promised(year: Window) -> list[Promise]:
    return [
        Promise(
            PromiseKind.MISSION, it.province_id, it.title, it.province_id, it.posts_promised or None,
            Window(it.on, year.end),
        )
        for it in missions().filter(on__range=(year.start, year.end))
    ]  # fmt: skip


def _bases_promised(year: Window) -> list[Promise]:
    return [
        Promise(
            PromiseKind.BASE, it.pk, it.name, ancestor_of(it.place, Level.PROVINCE), it.capacity_persons,
            Window(it.plaque_on, it.expires_on),
        )
        for it in bases().filter(plaque_on__lte=year.end, expires_on__gte=year.start)
    ]  # fmt: skip
