"""Step 5: the domestic-service order becomes a class, with attendance, marks and certificates."""

from collections.abc import Mapping
from datetime import date, timedelta

from fourdoors.accounts.rules import Duty
from fourdoors.accounts.selectors import scope_of
from fourdoors.accounts.services import appoint_officer
from fourdoors.console.demo.work import MARK
from fourdoors.console.progress import Bar
from fourdoors.console.way.journey import Journey, at, must
from fourdoors.kernel.credit_codes import invented_credit_code
from fourdoors.kernel.divisions import GANSU, LI_COUNTY, range_of
from fourdoors.partners.selectors import brands
from fourdoors.partners.services import admit_brand_member
from fourdoors.store.scope import Scope, scoped, set_scope
from fourdoors.training.rules import Mark, class_days
from fourdoors.training.selectors import may_travel, roster, waiting_for_class
from fourdoors.training.services import (
    close_class,
    enrol,
    mark_attendance,
    open_class,
    order_course,
    register_provider,
)

ORDERED_ON = date(2020, 2, 22)
FIRST_DAY, LAST_DAY, NEEDED_ON = date(2020, 2, 24), date(2020, 2, 28), date(2020, 3, 1)


def train(journey: Journey, bar: Bar) -> Mapping[str, object]:
    """Order, teach, examine; the placements that waited for a certificate wait no longer."""
    clerk = journey.officers["county"]
    waiting = list(waiting_for_class())
    must(waiting, "nobody waits for a class")
    days = class_days(FIRST_DAY, LAST_DAY)
    bar.expect(len(days) + 2)
    provider = register_provider(
        name=f"礼县巧手职业培训学校{MARK}",
        credit_code=invented_credit_code(801),
        place=LI_COUNTY,
        at=at(ORDERED_ON),
        by=clerk,
    )
    trainer = appoint_officer(
        username="trainer", full_name=f"巧手学校 石老师{MARK}", duty=Duty.TRAINER, organisation=provider.pk
    )
    journey.officers["trainer"] = trainer
    order = order_course(
        employer=waiting[0].employer,
        vacancy=waiting[0].vacancy,
        occupation=waiting[0].certificate_needed,
        title="家政服务员",
        headcount=len(waiting),
        hours=40,
        needed_on=NEEDED_ON,
        at=at(ORDERED_ON),
        by=clerk,
    )
    course = open_class(
        order=order,
        provider=provider,
        code="LX-JZ-2020-01",
        division=LI_COUNTY,
        place_words="礼县职教中心",
        starts_on=FIRST_DAY,
        ends_on=LAST_DAY,
        at=at(ORDERED_ON, 10),
        by=clerk,
    )
    enrol(course_class=course, placements=waiting, at=at(ORDERED_ON, 11), by=clerk)
    bar.advance()
    with scoped(scope_of(trainer)):
        trainees = list(roster(course))
        for number, day in enumerate(days):
            marks = {
                one.pk: Mark.EXCUSED if (place + number) % 11 == 0 else Mark.PRESENT
                for place, one in enumerate(trainees)
            }
            mark_attendance(course_class=course, on=day, marks=marks, at=at(day, 17), by=trainer)
            bar.advance()
        awarded = close_class(
            course_class=course,
            results={one.pk: (62 + place % 30, 65 + place % 25) for place, one in enumerate(trainees)},
            issuer=f"礼县人社局{MARK}",
            on=LAST_DAY,
            at=at(LAST_DAY, 18),
            by=trainer,
        )
    set_scope(Scope(territory=range_of(GANSU)))
    certified = [one for one in awarded if one.certificate_id]
    must(certified, "nobody earned the certificate")
    ready = {one.enrolment.worker_id for one in certified}
    must(all(may_travel(one) for one in waiting if one.worker_id in ready), "a certified worker still waits")
    brand = brands().get(name__startswith="礼贤大嫂")
    for one in certified:
        admit_brand_member(
            brand=brand,
            worker=one.enrolment.worker,
            joined_on=LAST_DAY + timedelta(days=1),
            at=at(LAST_DAY + timedelta(days=1)),
            by=clerk,
        )
    bar.advance()
    return {
        "classes": 1,
        "trainees": len(trainees),
        "certificates": len(certified),
        "brand_members": len(certified),
    }
