"""Makers of orders and classes."""

from datetime import UTC, date, datetime

from fourdoors.accounts.models import Officer
from fourdoors.kernel.credit_codes import invented_credit_code
from fourdoors.placements.models import Placement
from fourdoors.recruitment.models import Vacancy
from fourdoors.training.models import CourseClass, CourseOrder, Provider
from fourdoors.training.services import open_class, order_course, register_provider
from tests.makers.accounts import LI_COUNTY, make_officer

ORDERED_AT = datetime(2020, 3, 4, 1, 0, tzinfo=UTC)
FIRST_DAY, LAST_DAY, NEEDED_ON = date(2020, 3, 9), date(2020, 3, 13), date(2020, 3, 16)


def make_provider(*, sequence: int = 900, name: str = "礼县职业技能培训学校（演示）") -> Provider:
    """Make a provider; each sequence another one."""
    return register_provider(
        name=name, credit_code=invented_credit_code(sequence), place=LI_COUNTY, at=ORDERED_AT
    )


def make_order(*, vacancy: Vacancy, headcount: int = 30) -> CourseOrder:
    """Make an order for sewing."""
    return order_course(
        employer=vacancy.employer,
        vacancy=vacancy,
        occupation="6-05-01-03",
        title="缝纫工",
        headcount=headcount,
        hours=40,
        needed_on=NEEDED_ON,
        at=ORDERED_AT,
        by=make_officer(),
    )


def make_class(
    *, placement: Placement, headcount: int = 30, provider: Provider | None = None, by: Officer | None = None
) -> CourseClass:
    """Open a class for the vacancy of a placement."""
    return open_class(
        order=make_order(vacancy=placement.vacancy, headcount=headcount),
        provider=provider or make_provider(),
        code="LX2020-01",
        division=LI_COUNTY,
        place_words="礼县职教中心",
        starts_on=FIRST_DAY,
        ends_on=LAST_DAY,
        at=ORDERED_AT,
        by=by or make_officer(),
    )
